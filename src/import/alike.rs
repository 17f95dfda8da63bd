//! Which question of a changed file is which of the file before: by its words, wherever it stands now.

use std::collections::HashMap;

use super::words::{is_small, stem, words};

/// A question as it is compared.
pub struct Asked {
    /// What it is asked by, in letters and digits alone.
    folded: String,
    /// The stems of its words that say something, sorted, each once.
    stems: Vec<String>,
    /// The numbers in it: "the first 30 days" is another question than "the first 90 days".
    numbers: Vec<String>,
}

impl Asked {
    /// Reads a prompt.
    pub fn read(prompt: &str) -> Asked {
        let mut folded = String::new();
        let mut stems = Vec::new();
        let mut numbers = Vec::new();
        for word in words(prompt).take(MOST_WORDS) {
            let lower = word.text.to_lowercase().replace(['\'', '’'], "");
            if lower.bytes().any(|byte| byte.is_ascii_digit()) {
                numbers.push(lower.clone());
            } else if !is_small(&lower) {
                stems.push(stem(&lower).to_owned());
            }
            folded += &lower;
            folded.push(' ');
        }
        if folded.is_empty() {
            folded.extend(prompt.chars().filter(|c| !c.is_whitespace()));
        }
        stems.sort_unstable();
        stems.dedup();
        numbers.sort_unstable();
        Asked { folded, stems, numbers }
    }
}

/// The most words of a prompt.
const MOST_WORDS: usize = 700;
/// What share of two prompts must be the same for both to be one question, worded anew.
const ENOUGH: f64 = 0.78;
/// How many words of a prompt its relatives are looked for by: the rarest.
const RAREST: usize = 12;
/// How many relatives each of them may bring.
const RELATIVES: usize = 200;

/// For each of `new` which of `old` it is, each of those once at most.
///
/// What is word for word the same goes first; then what is nearly so, the nearest first.
pub fn pair(new: &[Asked], old: &[&Asked]) -> Vec<Option<usize>> {
    let mut found = vec![None; new.len()];
    let mut used = vec![false; old.len()];
    let mut by_text: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, asked) in old.iter().enumerate().rev() {
        by_text.entry(&asked.folded).or_default().push(place);
    }
    for (place, asked) in new.iter().enumerate() {
        if let Some(same) = by_text.get_mut(asked.folded.as_str()).and_then(Vec::pop) {
            found[place] = Some(same);
            used[same] = true;
        }
    }
    let mut by_stem: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, asked) in old.iter().enumerate().filter(|(place, _)| !used[*place]) {
        for stem in &asked.stems {
            by_stem.entry(stem).or_default().push(place);
        }
    }
    let mut near: Vec<(f64, usize, usize)> = Vec::new();
    for (place, asked) in new.iter().enumerate().filter(|(place, _)| found[*place].is_none()) {
        let mut rarest: Vec<&Vec<usize>> = asked.stems.iter().filter_map(|stem| by_stem.get(stem.as_str())).collect();
        rarest.sort_by_key(|places| places.len());
        let mut relatives: Vec<usize> =
            rarest.into_iter().take(RAREST).flat_map(|places| places.iter().copied().take(RELATIVES)).collect();
        relatives.sort_unstable();
        relatives.dedup();
        let alike = relatives.into_iter().map(|other| (likeness(asked, old[other]), place, other));
        near.extend(alike.filter(|(likeness, ..)| *likeness >= ENOUGH));
    }
    near.sort_by(|(one, place, other), (two, there, that)| {
        two.total_cmp(one).then(place.abs_diff(*other).cmp(&there.abs_diff(*that))).then(place.cmp(there))
    });
    for (_, place, other) in near {
        if found[place].is_none() && !used[other] {
            found[place] = Some(other);
            used[other] = true;
        }
    }
    found
}

/// What share of both the words are that both have; a slip of the pen makes no other word.
fn likeness(one: &Asked, other: &Asked) -> f64 {
    if one.numbers != other.numbers {
        return 0.0;
    }
    let missing = |from: &Asked, there: &Asked| -> Vec<String> {
        from.stems.iter().filter(|stem| there.stems.binary_search(stem).is_err()).cloned().collect()
    };
    let (left, mut right) = (missing(one, other), missing(other, one));
    let mut same = one.stems.len() - left.len();
    if left.len() <= RAREST && right.len() <= RAREST {
        for word in &left {
            if let Some(at) = right.iter().position(|there| is_slip(word, there)) {
                right.swap_remove(at);
                same += 1;
            }
        }
    }
    let all = one.stems.len() + other.stems.len();
    if same < 2 || all == 0 { 0.0 } else { 2.0 * same as f64 / all as f64 }
}

fn is_slip(one: &str, other: &str) -> bool {
    let (short, long) =
        (one.chars().count().min(other.chars().count()), one.chars().count().max(other.chars().count()));
    (5..=40).contains(&short) && long - short <= 2 && strsim::osa_distance(one, other) <= if short >= 8 { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(new: &[&str], old: &[&str]) -> Vec<Option<usize>> {
        let read = |prompts: &[&str]| prompts.iter().map(|prompt| Asked::read(prompt)).collect::<Vec<_>>();
        pair(&read(new), &read(old).iter().collect::<Vec<_>>())
    }

    #[test]
    fn the_same_words_are_the_same_question_wherever_they_stand() {
        let old = ["Why tea?", "What is your greatest strength?", "Why not coffee?"];
        let new = ["Why not coffee?", "What’s your greatest strength", "Why tea"];
        assert_eq!(pairs(&new, &old), [Some(2), Some(1), Some(0)]);
    }

    #[test]
    fn a_slip_or_a_word_more_makes_no_other_question() {
        let old =
            ["How do you handle conflict between two senior engineers?", "Describe a database migration that you led."];
        let new = [
            "Describe a large database migration that you led.",
            "How do you hanlde a conflict between senior engineers?",
        ];
        assert_eq!(pairs(&new, &old), [Some(1), Some(0)]);
    }

    #[test]
    fn another_question_is_another_question() {
        let old =
            ["How do you handle conflict?", "What would you do in your first 30 days?", "How do you manage time?"];
        let new = ["How do you handle stress?", "What would you do in your first 90 days?", "How do you manage teams?"];
        assert_eq!(pairs(&new, &old), [None, None, None]);
    }

    #[test]
    fn no_old_question_is_taken_twice() {
        let new = ["Why tea?", "Why tea?", "Why tea?"];
        assert_eq!(pairs(&new, &["Why tea?", "Why tea?"]), [Some(0), Some(1), None]);
    }
}
