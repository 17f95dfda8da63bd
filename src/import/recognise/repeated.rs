//! Questions that stand in a document twice: once in its table of contents, and once where they are answered.

use std::collections::HashMap;

use super::doubt::shown;
use super::furniture::CONTENTS;
use crate::import::outline::{Outline, Remark};

/// Leaves of each question the one with the longest answer; sections that are left without any go too.
pub(super) fn told_once(outline: &mut Outline) {
    let mut best: HashMap<String, usize> = HashMap::new();
    let mut drop = vec![false; outline.items.len()];
    let long = |place: usize, outline: &Outline| outline.items[place].answer.as_ref().map_or(0, String::len);
    let mut groups = 0;
    for place in 0..outline.items.len() {
        let key = folded(&outline.items[place].prompt);
        if key.is_empty() {
            continue;
        }
        match best.get(&key).copied() {
            None => {
                best.insert(key, place);
            }
            Some(before) => {
                groups += 1;
                // Without an answer to tell them apart, the later one stands below its own heading.
                let later = long(place, outline) >= long(before, outline);
                drop[if later { before } else { place }] = true;
                if later {
                    best.insert(key, place);
                }
            }
        }
    }
    if groups == 0 {
        return;
    }
    let first_kept = drop.iter().position(|dropped| !dropped).unwrap_or(drop.len());
    let mut place = 0;
    let mut again = Vec::new();
    outline.items.retain(|item| {
        let dropped = drop[place];
        if dropped && place < first_kept && first_kept > 1 {
            outline.left_out.push(Remark { line: item.line, text: CONTENTS.to_owned() });
        } else if dropped {
            let text = format!("asked twice, and taken once: {}", shown(&item.prompt));
            again.push(Remark { line: item.line, text });
        }
        place += 1;
        !dropped
    });
    outline.unsure.append(&mut again);
    let mut used = vec![false; outline.sections.len()];
    for item in &outline.items {
        if let Some(section) = item.section {
            used[section] = true;
        }
    }
    let mut places = Vec::with_capacity(used.len());
    let mut kept = 0;
    for (section, used) in outline.sections.iter().zip(&used) {
        places.push(kept);
        kept += usize::from(*used);
        if !used {
            outline.left_out.push(Remark { line: section.line, text: CONTENTS.to_owned() });
        }
    }
    let mut section = 0;
    outline.sections.retain(|_| {
        section += 1;
        used[section - 1]
    });
    for item in &mut outline.items {
        item.section = item.section.map(|section| places[section]);
    }
}

/// A prompt as it is compared: letters and digits in small letters.
fn folded(prompt: &str) -> String {
    let mut out = String::with_capacity(prompt.len());
    for word in prompt.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        out.extend(word.chars().flat_map(char::to_lowercase));
        out.push(' ');
    }
    out
}
