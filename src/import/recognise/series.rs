//! Which of the numbered texts of a document are its questions: the row of numbers that holds together over all of it.

use std::collections::HashMap;

use super::asks::Asks;
use super::mark::Style;

/// How numbers of one kind are told from those of another: their style, and what they stand before.
pub type Key = (Style, u8);

/// A numbered text.
#[derive(Debug, Clone, Copy)]
pub struct Numbered {
    /// Its place among all that is in the document.
    pub place: usize,
    /// Its number.
    pub number: u32,
    /// The kind of its number.
    pub key: Key,
    /// Whether it asks something.
    pub asks: Asks,
    /// Whether a heading may stand right before it.
    pub after_heading: bool,
    /// Whether the line before it ends in a colon, as before a list.
    pub after_colon: bool,
    /// Whether it looks like an item of a list, or like a heading of numbers that begin again below it.
    pub listed: bool,
}

/// What stands for and against a number being that of a question. They were found by trying; what counts is that a row
/// that goes on is worth more than one that breaks, so that lists within answers do not take part.
mod worth {
    pub const QUESTION: f64 = 3.0;
    pub const REQUEST: f64 = 2.0;
    /// Something that asks nothing, among questions.
    pub const ODD_ONE: f64 = -0.8;
    /// The same, where it is in a list.
    pub const LISTED: f64 = -2.0;
    /// Something that asks nothing, where hardly anything does.
    pub const PLAIN: f64 = 0.5;
    pub const GOES_ON: f64 = 1.0;
    pub const OTHER_KIND: f64 = -2.0;
    pub const BEGINS_LATE: f64 = -1.0;
    pub const BEGINS_AGAIN: f64 = -6.0;
    pub const BEGINS_AGAIN_BELOW_A_HEADING: f64 = -1.0;
    pub const LEFT_OUT_A_FEW: f64 = -2.0;
    pub const JUMPS: f64 = -8.0;
    pub const LIST: f64 = -2.0;
}

/// How many numbers may be missing in a row that goes on.
const FEW: u32 = 5;

/// The kind of numbers that most questions have, and what share of those numbered so asks something.
pub fn leading(numbered: &[Numbered]) -> Option<(Key, f64)> {
    let mut weights: HashMap<Key, (f64, f64)> = HashMap::new();
    for each in numbered {
        let (asked, all) = weights.entry(each.key).or_default();
        *asked += match each.asks {
            Asks::Question => 1.0,
            Asks::Request => 0.8,
            Asks::No => 0.01,
        };
        *all += 1.0;
    }
    let order = |(key, (asked, _)): &(Key, (f64, f64))| (asked.to_bits(), std::cmp::Reverse((key.0 as u8, key.1)));
    let (key, (asked, all)) = weights.into_iter().max_by_key(order)?;
    Some((key, asked / all))
}

/// The places of the numbered texts that are questions, in their order.
pub fn row(numbered: &[Numbered]) -> Vec<usize> {
    let Some((key, share)) = leading(numbered) else { return Vec::new() };
    let plain = if share < 0.3 { worth::PLAIN } else { worth::ODD_ONE };
    // What the best row to each text is worth, and which text is before it in that row.
    let mut values: Vec<(f64, Option<usize>)> = Vec::with_capacity(numbered.len());
    let mut ending_in: HashMap<u32, usize> = HashMap::new();
    let mut best: Option<usize> = None;
    for (index, each) in numbered.iter().enumerate() {
        let mut own = match each.asks {
            Asks::Question => worth::QUESTION,
            Asks::Request => worth::REQUEST,
            Asks::No => plain,
        };
        if each.listed && share >= 0.3 {
            own += worth::LISTED;
        }
        if each.key != key {
            own += worth::OTHER_KIND;
        }
        let first = own + if each.number <= 1 { 0.0 } else { worth::BEGINS_LATE };
        let mut value = (first, None);
        let mut consider = |before: usize, joint: f64| {
            let sum = values[before].0 + own + joint;
            if sum > value.0 {
                value = (sum, Some(before));
            }
        };
        if let Some(before) = each.number.checked_sub(1).and_then(|number| ending_in.get(&number)) {
            consider(*before, worth::GOES_ON);
        }
        if let Some(before) = best {
            let last = numbered[before].number;
            let list = if each.after_colon && !each.after_heading { worth::LIST } else { 0.0 };
            let joint = match each.number {
                0 | 1 if each.after_heading => worth::BEGINS_AGAIN_BELOW_A_HEADING,
                0 | 1 => worth::BEGINS_AGAIN + list,
                number if number > last && number - last <= FEW => worth::LEFT_OUT_A_FEW,
                _ => worth::JUMPS,
            };
            consider(before, joint);
        }
        values.push(value);
        let better = |other: &usize| values[*other].0 < value.0;
        if ending_in.get(&each.number).is_none_or(better) {
            ending_in.insert(each.number, index);
        }
        if best.as_ref().is_none_or(better) {
            best = Some(index);
        }
    }
    let mut row = Vec::new();
    let mut at = best;
    while let Some(index) = at {
        row.push(numbered[index].place);
        at = values[index].1;
    }
    row.reverse();
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each text as its number and what follows: `?` asks, `!` requests, `.` neither; `#` before it is a heading.
    fn chosen(texts: &str) -> String {
        let one = |(place, text): (usize, &str)| {
            let after_heading = text.starts_with('#');
            let text = text.trim_start_matches('#');
            let asks = match text.chars().last() {
                Some('?') => Asks::Question,
                Some('!') => Asks::Request,
                _ => Asks::No,
            };
            let number = text[..text.len() - 1].parse().unwrap();
            Numbered { place, number, key: (Style::Dot, 0), asks, after_heading, after_colon: false, listed: false }
        };
        let words: Vec<&str> = texts.split(' ').collect();
        let mut numbered: Vec<Numbered> = words.iter().copied().enumerate().map(one).collect();
        // As they are when nothing stands between them.
        for place in 0..numbered.len() {
            let quiet =
                |place: usize| numbered.get(place).filter(|each| each.asks == Asks::No).map_or(0, |each| each.number);
            let number = quiet(place);
            let goes_on = number > 1 && place > 0 && numbered[place - 1].listed && quiet(place - 1) + 1 == number;
            let one = numbered.get(place + 1).is_some_and(|next| next.number == 1);
            numbered[place].listed = number > 0 && (goes_on || one || number == 1 && quiet(place + 1) == 2);
        }
        row(&numbered).into_iter().map(|place| words[place]).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_list_within_an_answer_takes_no_part() {
        assert_eq!(chosen("1? 1. 2. 3. 2? 1. 2. 3? 4?"), "1? 2? 3? 4?");
        assert_eq!(chosen("1? 1? 2? 3? 2? 3? 4?"), "1? 2? 3? 4?");
        assert_eq!(chosen("1? 2? 1. 2. 3. 4. 3? 4?"), "1? 2? 3? 4?");
    }

    #[test]
    fn a_row_may_begin_again_below_a_heading_and_have_gaps() {
        assert_eq!(chosen("#1? 2? 3? #1? 2? 3!"), "#1? 2? 3? #1? 2? 3!");
        assert_eq!(chosen("1? 2? 3? 1? 2? 3? 4? 5?"), "1? 2? 3? 1? 2? 3? 4? 5?");
        assert_eq!(chosen("11? 12? 14? 15?"), "11? 12? 14? 15?");
        assert_eq!(chosen("1? 2? 3. 4? 5!"), "1? 2? 3. 4? 5!");
        assert_eq!(chosen("1? 2? 3."), "1? 2? 3.");
    }

    #[test]
    fn numbered_headings_are_no_part_of_a_row_that_begins_again_below_them() {
        assert_eq!(chosen("1. #1? 2? 3? 2. #1? 2? 3. #1? 2?"), "#1? 2? 3? #1? 2? #1? 2?");
    }

    #[test]
    fn where_nothing_asks_the_numbers_alone_make_the_row() {
        assert_eq!(chosen("1. 2. 3. 4."), "1. 2. 3. 4.");
    }
}
