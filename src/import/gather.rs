//! An outline as it grows, row by row: what tables, JSON and flashcards have in common.

use std::collections::HashMap;

use super::keys;
use super::{Heading, Item, Outline, Remark, html};

/// Remarks beyond so many of a kind say what the others said.
const REMARKS: usize = 200;

/// More questions than this are not taken: nobody practises them, and they would not fit into memory as they do into
/// a file.
pub(super) const MOST: usize = 20_000;

/// The most characters of a text that a remark repeats.
const SHOWN: usize = 60;
/// The most names that a remark lists.
const MOST_NAMES: usize = 8;
/// No name of a character is longer that anybody writes.
const LONGEST_ENTITY: usize = 12;

/// The outline so far.
#[derive(Debug, Default)]
pub(super) struct Gather {
    pub(super) outline: Outline,
    sections: HashMap<String, usize>,
    more_unsure: usize,
    more_left_out: usize,
    /// The line of the first question that was one too many.
    full: Option<usize>,
}

impl Gather {
    /// The place of the section called `title`, which is a new one where there is none yet; `None` without a title.
    pub(super) fn section(&mut self, title: &str, line: usize) -> Option<usize> {
        let title = keys::one_line(title);
        if title.is_empty() {
            return None;
        }
        let sections = &mut self.outline.sections;
        Some(*self.sections.entry(title.to_lowercase()).or_insert_with(|| {
            sections.push(Heading { line, title, id: None });
            sections.len() - 1
        }))
    }

    /// Takes a question, unless there are too many.
    pub(super) fn item(&mut self, item: Item) {
        match self.outline.items.len() {
            MOST => self.full(item.line),
            _ => self.outline.items.push(item),
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.full.is_some()
    }

    /// There are more questions than can be taken, from `line` on.
    pub(super) fn full(&mut self, line: usize) {
        self.full.get_or_insert(line);
    }

    pub(super) fn unsure(&mut self, line: usize, text: impl Into<String>) {
        if self.outline.unsure.len() < REMARKS {
            self.outline.unsure.push(Remark { line, text: text.into() });
        } else {
            self.more_unsure += 1;
        }
    }

    pub(super) fn left_out(&mut self, line: usize, text: impl Into<String>) {
        if self.outline.left_out.len() < REMARKS {
            self.outline.left_out.push(Remark { line, text: text.into() });
        } else {
            self.more_left_out += 1;
        }
    }

    /// Keeps of questions with the same words one: the first, or the one with the longer answer; and tells the others.
    fn once(&mut self) {
        let mut firsts: HashMap<String, usize> = HashMap::new();
        let mut kept: Vec<Item> = Vec::with_capacity(self.outline.items.len());
        let long = |item: &Item| item.answer.as_ref().map_or(0, String::len);
        for mut item in std::mem::take(&mut self.outline.items) {
            let place = *firsts.entry(folded(&item.prompt)).or_insert(kept.len());
            let Some(there) = kept.get_mut(place) else {
                kept.push(item);
                continue;
            };
            if long(&item) > long(there) {
                std::mem::swap(there, &mut item);
            }
            let other = match &item.answer {
                Some(answer) if there.answer.as_ref() != Some(answer) => ", with another answer",
                _ => "",
            };
            let text =
                format!("asked again{other}, and taken once, from line {}: {}", there.line, shown(&there.prompt));
            self.left_out(item.line, text);
        }
        self.outline.items = kept;
    }

    /// The outline, without the sections that hold nothing.
    pub(super) fn finish(mut self) -> Outline {
        self.once();
        let mut used = vec![false; self.outline.sections.len()];
        for at in self.outline.items.iter().filter_map(|item| item.section) {
            used[at] = true;
        }
        let places: Vec<usize> =
            used.iter().scan(0, |next, used| Some(std::mem::replace(next, *next + usize::from(*used)))).collect();
        let mut at = 0;
        self.outline.sections.retain(|_| {
            at += 1;
            used[at - 1]
        });
        for item in &mut self.outline.items {
            item.section = item.section.map(|at| places[at]);
        }
        if let Some(line) = self.full {
            let text = format!("there are more than {MOST} questions: what begins here was left out");
            self.outline.left_out.push(Remark { line, text });
        }
        for (remarks, more) in
            [(&mut self.outline.unsure, self.more_unsure), (&mut self.outline.left_out, self.more_left_out)]
        {
            remarks.sort_by_key(|remark| remark.line);
            if let (Some(last), true) = (remarks.last(), more > 0) {
                let text = format!("{more} more remarks of this kind follow");
                remarks.push(Remark { line: last.line, text });
            }
        }
        self.outline
    }
}

/// A prompt as it is compared: in small letters, without what stands between its words.
fn folded(prompt: &str) -> String {
    let words = prompt.split(|c: char| !c.is_alphanumeric() && !"+#".contains(c)).filter(|word| !word.is_empty());
    let folded: String = words.flat_map(|word| word.chars().flat_map(char::to_lowercase).chain([' '])).collect();
    if folded.is_empty() { prompt.to_owned() } else { folded }
}

/// The beginning of a text, as a remark repeats it.
fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("“{}…”", &text[..end]),
        None => format!("“{text}”"),
    }
}

/// Names as they are listed in a remark.
pub(super) fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(MOST_NAMES).map(|name| self::shown(name)).collect();
    match (shown.split_last(), names.len() - shown.len()) {
        (None, _) => String::new(),
        (_, more @ 1..) => format!("{} and {more} more", shown.join(", ")),
        (Some((last, [])), _) => last.clone(),
        (Some((last, before)), _) => format!("{} and {last}", before.join(", ")),
    }
}

/// The words of a field in one line; a field that is HTML without its tags.
pub(super) fn plain(text: &str) -> String {
    const TAGS: [&str; 9] = ["</p>", "</li>", "</div>", "</ul>", "<br>", "<br/>", "<br />", "</strong>", "&nbsp;"];
    if text.contains(['<', '&']) && TAGS.iter().any(|tag| text.contains(tag)) {
        html::words(text)
    } else if has_entity(text) {
        // What looks like a tag here is none: "List<String> &amp; more".
        html::words(&text.replace('<', "&lt;"))
    } else {
        keys::one_line(text)
    }
}

/// Whether a character is written by its name or its number, as in `&quot;` and `&#39;`.
fn has_entity(text: &str) -> bool {
    text.match_indices('&').any(|(at, _)| {
        let rest = &text[at + 1..];
        let end = rest.bytes().take(LONGEST_ENTITY).position(|byte| byte == b';').unwrap_or(0);
        let name = rest.get(..end).unwrap_or_default();
        let number = name.strip_prefix('#').unwrap_or(name);
        name.len() >= 2 && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Like [`plain`]; `None` where nothing is left.
pub(super) fn some(text: &str) -> Option<String> {
    Some(plain(text)).filter(|text| !text.is_empty())
}

/// A prompt: a field without the number before its question.
pub(super) fn prompt(text: &str) -> String {
    keys::without_number(&plain(text)).to_owned()
}
