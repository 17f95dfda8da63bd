//! Plain text as blocks: which lines belong together, which are headings by their looks, which are page furniture.
//!
//! It joins what was wrapped and knows nothing of questions but how their numbers look.

use std::collections::HashSet;

use super::block::{Block, Kind};
use super::mail::{self, Mail};
use super::outline::Remark;
use super::recognise::asks::{Asks, asks, is_whole};
use super::recognise::furniture::{PAGE, furniture, is_page_number};
use super::recognise::{mark, title};

/// The blocks of a plain text.
pub fn blocks(text: &str) -> Vec<Block> {
    read(text).0
}

/// The blocks of a plain text, and the lines of it that are in none of them.
pub fn read(text: &str) -> (Vec<Block>, Vec<Remark>) {
    let (lines, left_out, subject) = lines(text);
    let signs = signs(&lines);
    let wrap = Wrap::of(&lines);
    let broken = broken_words(&lines);
    let base = base_indent(&lines);
    let mut blocks: Vec<Block> = subject.into_iter().collect();
    let mut at = 0;
    while at < lines.len() {
        let line = &lines[at];
        if line.text.is_empty() || is_rule(line.text) {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        // What asks ends where its question mark stands; whether it does need not be read again for each line.
        while lines.get(end).is_some_and(|next| wrap.joins(&lines, at, end - 1, next)) {
            end += 1;
        }
        let mut text = String::new();
        for line in &lines[at..end] {
            push(&mut text, line.text, &broken);
        }
        let underlined = end == at + 1 && lines.get(end).is_some_and(|next| is_underline(next.text, line.text));
        blocks.extend(block(line, text, base, underlined, &signs));
        at = end + usize::from(underlined);
    }
    (blocks, left_out)
}

/// A line that is not empty, or an empty one that parts others.
struct Line<'t> {
    number: usize,
    indent: usize,
    text: &'t str,
    /// How many columns it takes, its indent with it.
    columns: usize,
    /// Whether it is one of a list whose items are lettered.
    lettered: bool,
}

/// The lines, without page numbers, which part no paragraphs, and without what a mail puts around them; and the
/// subject of a mail, as a heading.
fn lines(text: &str) -> (Vec<Line<'_>>, Vec<Remark>, Option<Block>) {
    let mut raw: Vec<&str> = text.split('\n').collect();
    let mail = Mail::of(&raw);
    for line in &mut raw {
        *line = mail.bare(line);
    }
    let subject = mail.subject.map(|at| (at, mail::subject(raw[at]))).filter(|(_, text)| !text.is_empty());
    let subject = subject.map(|(at, text)| Block {
        line: at + 1,
        kind: Kind::Heading(1),
        text: text.to_owned(),
        bold: false,
        folded: false,
    });
    let is_blank = |at: Option<&&str>| at.is_none_or(|line| line.trim_matches(is_space).is_empty());
    let mut lines = Vec::with_capacity(raw.len());
    let mut left_out = Vec::new();
    for (at, line) in raw.iter().enumerate() {
        let text = line.trim_matches(is_space);
        if at < mail.head || at >= mail.signature {
            if !text.is_empty() && Some(at) != mail.subject {
                let what = if at < mail.head { MAIL_HEAD } else { SIGNATURE };
                left_out.push(Remark { line: at + 1, text: what.to_owned() });
            }
            continue;
        }
        let lone = at == 0 || is_blank(raw.get(at - 1)) || raw[at - 1].ends_with('\u{c}') || line.starts_with('\u{c}');
        let bare = text.bytes().all(|byte| byte.is_ascii_digit());
        if !text.is_empty() && is_page_number(text) && (!bare || lone && is_blank(raw.get(at + 1))) {
            left_out.push(Remark { line: at + 1, text: PAGE.to_owned() });
            // The empty lines around it are those of the page, not of a paragraph.
            if page_breaks_a_sentence(&lines, &raw[at + 1..]) {
                while lines.last().is_some_and(|line: &Line| line.text.is_empty()) {
                    lines.pop();
                }
            }
            continue;
        }
        let indent = line.chars().take_while(|c| is_space(*c)).map(|c| if c == '\t' { 4 } else { 1 }).sum();
        if text.is_empty() && left_out.last().is_some_and(|remark| remark.line == at) && ends_open(&lines) {
            continue;
        }
        lines.push(Line { number: at + 1, indent, text, columns: indent + text.chars().count(), lettered: false });
    }
    letter(&mut lines);
    (lines, left_out, subject)
}

/// The letter before a line, and the sign behind it: `c.`, `c)`
fn letter_of(text: &str) -> Option<(u8, u8)> {
    match text.as_bytes() {
        [letter, sign @ (b'.' | b')'), b' ' | b'\t', ..] if letter.is_ascii_alphabetic() => Some((*letter, *sign)),
        _ => None,
    }
}

/// Finds the lists whose items are lettered: near each of them stands one with the letter before or after.
fn letter(lines: &mut [Line]) {
    let mut last: Option<(usize, (u8, u8))> = None;
    let mut between = 0;
    for at in 0..lines.len() {
        let text = lines[at].text;
        let Some(found) = letter_of(text) else {
            between += usize::from(!text.is_empty());
            // A question between them makes headings of them, or numerals.
            if between > NEAR_LETTERS || text.ends_with('?') || mark::mark(text).is_some() {
                last = None;
            }
            continue;
        };
        if let Some((before, _)) = last.filter(|(_, before)| (before.0 + 1, before.1) == found) {
            lines[before].lettered = true;
            lines[at].lettered = true;
        }
        last = (!text.ends_with('?')).then_some((at, found));
        between = 0;
    }
}

/// Whether the last line goes on: it ends in no punctuation.
fn ends_open(lines: &[Line]) -> bool {
    lines.last().is_some_and(|line| !line.text.is_empty() && !ends_sentence(line.text) && line.columns >= 40)
}

/// Whether a sentence goes on after a page number.
fn page_breaks_a_sentence(lines: &[Line], after: &[&str]) -> bool {
    let before = lines.iter().rev().find(|line| !line.text.is_empty());
    let next = after.iter().take(8).map(|line| line.trim_matches(is_space)).find(|line| !line.is_empty());
    before.is_some_and(|line| !ends_sentence(line.text))
        && next.is_some_and(|next| next.starts_with(char::is_lowercase))
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{ad}')
}

/// Adds a line to a text; white space of every kind becomes single spaces.
fn push(out: &mut String, line: &str, broken: &Broken) {
    for (place, word) in line.split(|c: char| c.is_whitespace()).filter(|word| !word.is_empty()).enumerate() {
        let joint = if place == 0 { broken.joint(out, word) } else { Joint::Space };
        match joint {
            _ if out.is_empty() => {}
            Joint::Space => out.push(' '),
            Joint::Hyphen => {}
            Joint::None => {
                out.pop();
            }
        }
        out.extend(word.chars().filter(|c| !is_space(*c) && !c.is_control()));
    }
}

/// What stands between the last word of a line and the first of the next.
enum Joint {
    Space,
    /// The hyphen that is there.
    Hyphen,
    /// Nothing: the hyphen was put there by whoever wrapped the text.
    None,
}

/// The words that a hyphen at the end of a line might have broken, and those of them that are whole elsewhere.
struct Broken<'t> {
    whole: HashSet<&'t str>,
}

/// Finds the words that are whole in one place and broken in another.
fn broken_words<'t>(lines: &[Line<'t>]) -> Broken<'t> {
    let mut whole = HashSet::new();
    if lines.iter().any(|line| ends_in_hyphen(line.text)) {
        let words = lines.iter().flat_map(|line| line.text.split(|c: char| !c.is_alphanumeric()));
        whole.extend(words.filter(|word| word.len() >= LONG_WORD));
    }
    Broken { whole }
}

/// Shorter words are no sign that a hyphen was put into them.
const LONG_WORD: usize = 5;

impl Broken<'_> {
    fn joint(&self, out: &str, word: &str) -> Joint {
        if !ends_in_hyphen(out) || !word.starts_with(char::is_alphanumeric) {
            return Joint::Space;
        }
        // "pre- and postwar"
        if ["and", "or", "to", "und", "oder", "bis", "y", "o", "et", "ou"].contains(&word) {
            return Joint::Space;
        }
        let first = out.trim_end_matches('-').rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let second = word.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        if self.whole.contains(format!("{first}{second}").as_str()) { Joint::None } else { Joint::Hyphen }
    }
}

/// Whether a text ends within a word.
fn ends_in_hyphen(text: &str) -> bool {
    text.strip_suffix(['-', '\u{2010}']).is_some_and(|text| text.ends_with(char::is_alphabetic))
}

/// How far the lines of the outermost list of numbers stand in.
fn base_indent(lines: &[Line]) -> usize {
    let numbered = lines.iter().filter(|line| mark::mark(line.text).is_some());
    numbered.map(|line| line.indent).min().unwrap_or(0)
}

/// Signs that begin the items of lists.
const BULLETS: [char; 16] = ['-', '*', '•', '·', '●', '○', '◦', '▪', '■', '‣', '➢', '➤', '→', '–', '✓', '✔'];

/// The pictures that begin several lines: they are signs of a list.
fn signs(lines: &[Line]) -> HashSet<char> {
    let mut seen = HashSet::new();
    let first = lines.iter().filter(|line| mark::picture(line.text).is_some());
    first.filter_map(|line| line.text.chars().next()).filter(|sign| !seen.insert(*sign)).collect()
}

/// The text behind a bullet.
fn bullet(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(BULLETS)?;
    let behind = rest.trim_start();
    (rest.len() > behind.len() && !behind.is_empty()).then_some(behind)
}

/// A line of signs that parts what is above it from what is below.
fn is_rule(text: &str) -> bool {
    !text.chars().any(char::is_alphanumeric) && !text.contains('?')
}

fn is_underline(line: &str, above: &str) -> bool {
    let sign = line.chars().next().unwrap_or(' ');
    line.len() >= 3
        && "=-~".contains(sign)
        && line.chars().all(|c| c == sign)
        && line.len() * 2 >= above.chars().count()
}

/// The block that a text is which begins on `line`.
fn block(line: &Line, text: String, base: usize, underlined: bool, signs: &HashSet<char>) -> Option<Block> {
    if text.is_empty() {
        return None;
    }
    let pictured = mark::picture(&text).filter(|_| text.starts_with(|sign| signs.contains(&sign)));
    let (kind, text, bold) = if underlined {
        (Kind::Heading(2), text, false)
    } else if let Some(behind) = bullet(&text) {
        (Kind::Item { number: None, depth: u8::from(line.indent > base + 1) }, behind.to_owned(), false)
    } else if let Some(behind) = pictured {
        (Kind::Item { number: None, depth: u8::from(line.indent > base + 1) }, behind.to_owned(), false)
    } else if line.lettered || mark::is_lettered(&text) {
        (Kind::Item { number: None, depth: 1 }, text, false)
    } else if let (Some((mark, _)), true) = (mark::mark(&text), line.indent > base + 1) {
        // Its number stays as it was written.
        (Kind::Item { number: Some(mark.number), depth: 1 }, text, false)
    } else {
        // What little Markdown people write into plain text.
        let starred =
            text.strip_prefix("**").and_then(|inner| inner.strip_suffix("**")).filter(|inner| !inner.contains("**"));
        match starred {
            Some(inner) => (Kind::Paragraph, inner.trim().to_owned(), true),
            None => (Kind::Paragraph, text, false),
        }
    };
    Some(Block { line: line.number, kind, text, bold, folded: false })
}

/// How the lines of a text were wrapped.
struct Wrap {
    /// The longest line that the wrapping allows, where there was one.
    width: Option<usize>,
}

/// So many lines may stand between two items that are lettered.
const NEAR_LETTERS: usize = 3;

/// What the head of a mail is called.
const MAIL_HEAD: &str = "the head of a mail";
/// What a signature is called.
const SIGNATURE: &str = "a signature";

/// How many lines back the number before this one is looked for.
const NEAR: usize = 200;

/// The widest column at which anybody wraps.
const WIDEST: usize = 130;
/// The narrowest.
const NARROWEST: usize = 36;

impl Wrap {
    /// Finds it by the lines themselves: hardly one is longer than a width, and many would be if the first word of the
    /// next line stood in them.
    fn of(lines: &[Line]) -> Wrap {
        let words = |line: &&Line| line.text.split_whitespace().nth(3).is_some();
        let mut widths: Vec<usize> = lines.iter().filter(words).map(|line| line.columns).collect();
        widths.sort_unstable();
        let Some(common) = widths.get((widths.len().max(1) - 1) * 97 / 100).copied() else {
            return Wrap { width: None };
        };
        if !(NARROWEST..=WIDEST).contains(&common) {
            return Wrap { width: None };
        }
        let width = widths.iter().rev().find(|width| **width <= common + common / 12).copied().unwrap_or(common);
        let (mut full, mut pairs) = (0, 0);
        for pair in lines.windows(2) {
            if pair[0].text.is_empty() || pair[1].text.is_empty() || begins_anew(pair[1].text) {
                continue;
            }
            pairs += 1;
            full += usize::from(
                is_full(&pair[0], &pair[1], width) && !ends_sentence(pair[0].text) && !pair[0].text.ends_with(':'),
            );
        }
        let wrapped = full >= 2 && full * 8 >= pairs || full >= 1 && pairs <= 3;
        Wrap { width: wrapped.then_some(width) }
    }

    /// Whether `next` goes on with what the line `last` ends and the line `first` begins.
    fn joins(&self, lines: &[Line], first: usize, last: usize, next: &Line) -> bool {
        let (start, end) = (&lines[first], &lines[last]);
        if end.text.is_empty() || next.text.is_empty() || is_rule(next.text) {
            return false;
        }
        // A number alone in its line stands before the text below it.
        if first == last && is_lone_mark(start.text) {
            return mark::mark(next.text).is_none() && mark::said(next.text).is_none();
        }
        let goes_on =
            next.text.starts_with(char::is_lowercase) && mark::mark(next.text).is_none() && bullet(next.text).is_none();
        if next.lettered {
            return false;
        }
        // The end of a line is within a word.
        if ends_in_hyphen(end.text) && next.text.starts_with(char::is_alphabetic) && !begins_anew(next.text) {
            return true;
        }
        if !goes_on && begins_anew(next.text) && !self.is_number_by_chance(lines, first, end, next) {
            return false;
        }
        if furniture(next.text).is_some() || furniture(end.text).is_some() {
            return false;
        }
        let ended = ends_sentence(end.text);
        let Some(width) = self.width else {
            return goes_on && !ended && end.columns >= 30;
        };
        if goes_on && !ended {
            return true;
        }
        let full = is_full(end, next, width);
        if !full {
            let ragged = !ended && !end.text.ends_with(':') && end.columns * 10 >= width * 7;
            return ragged && !(first == last && title::is_heading(end.text) && title::is_strong(end.text));
        }
        if !ended {
            return !(first == last && title::names_section(end.text) && title::is_heading(end.text));
        }
        // A sentence that ends where the line does: what comes may be something else.
        let asked = mark::mark(start.text).is_some() || is_whole(start.text);
        if asked && end.text.ends_with('?') || is_whole(next.text) && mark::mark(start.text).is_none() {
            return false;
        }
        if asked && asks(start.text) != Asks::Question {
            return next.text.ends_with('?');
        }
        !(title::is_heading(next.text) && title::is_strong(next.text))
    }

    /// Whether a line begins with a number because the wrapping would have it so, as in "we had grown to / 40. That …".
    fn is_number_by_chance(&self, lines: &[Line], first: usize, end: &Line, next: &Line) -> bool {
        let Some((found, _)) = mark::mark(next.text) else { return false };
        let Some(width) = self.width else { return false };
        if found.style == mark::Style::Label
            || ends_sentence(end.text)
            || end.text.ends_with(':')
            || !is_full(end, next, width)
        {
            return false;
        }
        // The number that would be next is no chance.
        let near = lines[..=first].iter().rev().take(NEAR);
        let before = near.filter_map(|line| mark::mark(line.text)).next().map_or(0, |(mark, _)| mark.number);
        found.number > before + 1
    }
}

/// Whether the first word of `next` would have found no room in `line`.
fn is_full(line: &Line, next: &Line, width: usize) -> bool {
    let first = next.text.split_whitespace().next().map_or(0, |word| word.chars().count());
    line.columns + 1 + first > width
}

fn is_lone_mark(text: &str) -> bool {
    text.len() <= 16
        && (mark::mark(text).is_some_and(|(_, rest)| rest.is_empty())
            || text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a line begins something of its own.
fn begins_anew(text: &str) -> bool {
    bullet(text).is_some() || mark::mark(text).is_some() || mark::said(text).is_some() || mark::is_lettered(text)
}

/// Whether a line ends as a sentence does.
fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '\'', '”', '’', '»', ')', ']', '*', '_']).ends_with(['.', '?', '!', '。', '？', '…'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        blocks(text).into_iter().map(|block| format!("{} {}", block.line, block.text)).collect()
    }

    #[test]
    fn every_line_of_a_text_that_is_not_wrapped_is_a_block() {
        let long = "I begin with the people who drink it, and ask each of them what they would miss. ".repeat(4);
        let text = format!("Tea\n1. Why tea?\n{long}\n2. Why not coffee?\n{long}\n");
        assert_eq!(blocks(&text).len(), 5);
    }

    #[test]
    fn wrapped_lines_are_one_paragraph() {
        let text = "1. How do you choose a tea for a room full of people\nwhom you have never met before?\nI ask them. Most people know what they like, and the few who do not are\nglad to be asked; then I make two pots, one of them without caffeine, and\nwatch.\nThen I pour.\n2. What next?\nI drink it, slowly, and listen to what the others say about it, because\nthat is why I came.\n";
        assert_eq!(
            texts(text).iter().map(|text| &text[..9]).collect::<Vec<_>>(),
            ["1 1. How ", "3 I ask t", "6 Then I ", "7 2. What", "8 I drink"]
        );
        let with_blanks = "I ask them. Most people know what they like, and the few who do not are\nglad to be asked.\n\nThen I make two pots, one of them without caffeine, and I wait until the\nfirst of them is empty.\n";
        assert_eq!(blocks(with_blanks).len(), 2);
    }

    #[test]
    fn a_page_number_parts_no_sentence() {
        let text = "I ask them. Most people know what they like, and the few who do not are\n\n12\n\nglad to be asked; then I make two pots, one of them without caffeine, and\nwatch.\n";
        let (blocks, left_out) = read(text);
        assert_eq!((blocks.len(), left_out.len(), left_out[0].line), (1, 1, 3));
    }

    #[test]
    fn a_number_alone_stands_before_the_line_below_it() {
        assert_eq!(texts("1.\nWhy tea?\n\nQuestion 2\nWhy not?\n"), ["1 1. Why tea?", "4 Question 2 Why not?"]);
    }

    #[test]
    fn lists_are_known_by_their_signs_and_their_indent() {
        let kinds: Vec<Kind> =
            blocks("1. Why?\n- a\n  * b\n   1. c\na) d\n").into_iter().map(|block| block.kind).collect();
        let item = |number, depth| Kind::Item { number, depth };
        assert_eq!(kinds, [Kind::Paragraph, item(None, 0), item(None, 1), item(Some(1), 1), item(None, 1)]);
    }

    #[test]
    fn an_underlined_line_is_a_heading() {
        let found = blocks("Tea\n===\n\nLeaves\n------\ntext\n");
        assert_eq!(found.iter().filter(|block| block.kind == Kind::Heading(2)).count(), 2);
        assert_eq!(found.len(), 3);
    }
}
