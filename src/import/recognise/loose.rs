//! Questions that nothing marks as such but their words: paragraphs and items among others of their kind.
//!
//! What a line is, is judged by those around it: whether a blank line parts each question from the answer before it,
//! and whether nearly all lines of a list ask.

use super::asks::{Asks, ends_asking, is_whole, requests, words_up_to};
use super::furniture::is_around;
use super::piece::Piece;
use crate::import::block::Kind;

/// The most words of a line that asks nothing and is a question among questions.
const MOST_QUIET: usize = 12;
/// The most words of a question without a question mark.
const MOST_OPEN: usize = 15;

/// The paragraphs that are questions; `asking` says of a piece that it asks and is not too long.
pub(super) fn paragraphs(pieces: &[Piece], asking: &dyn Fn(&Piece) -> bool) -> Vec<usize> {
    let plain = |piece: &Piece| {
        piece.kind == Kind::Paragraph
            && piece.label.is_none()
            && piece.furniture.is_none()
            && asking(piece)
            && !is_around(&piece.text)
    };
    let marked = |piece: &Piece| {
        plain(piece)
            && piece.asks == Asks::Question
            && ends_asking(&piece.text)
            && words_up_to(&piece.text, 46) <= 45
            && piece.text.matches(['.', '?']).count() <= 4
    };
    // "Describe a time when …": a request stands for itself where questions do, if it is short.
    let request = |piece: &Piece| plain(piece) && requests(&piece.text) && words_up_to(&piece.text, 31) <= 30;
    let mut found: Vec<usize> =
        (0..pieces.len()).filter(|place| marked(&pieces[*place]) || request(&pieces[*place])).collect();
    if found.is_empty() {
        // What asks somewhere within itself is better than nothing.
        let inner = |piece: &Piece| plain(piece) && piece.asks == Asks::Question && words_up_to(&piece.text, 46) <= 45;
        return (0..pieces.len()).filter(|place| inner(&pieces[*place])).collect();
    }
    if let Some(all) = all_of_a_list(pieces, |piece| piece.kind == Kind::Paragraph && piece.mark.is_none()) {
        return all;
    }
    let begins = |place: usize| place == 0 || pieces[place].line > pieces[place - 1].line + 1;
    let parted = found.iter().filter(|place| begins(**place)).count();
    if parted >= 2 && parted * 5 >= found.len() * 3 {
        // What stands right below a question is its answer, whatever it asks by the way.
        found.retain(|place| begins(*place) || is_whole(&pieces[*place].text));
        let open = |place: &usize| begins(*place) && plain(&pieces[*place]) && is_open(&pieces[*place].text);
        found.extend((0..pieces.len()).filter(open));
        found.sort_unstable();
        found.dedup();
    }
    found
}

/// The items that are questions where `asking` are those that ask: all of the list, if nearly all ask.
pub(super) fn items(pieces: &[Piece], outer: impl Fn(&Piece) -> bool, asking: Vec<usize>) -> Vec<usize> {
    all_of_a_list(pieces, |piece| outer(piece) && piece.label.is_none()).unwrap_or(asking)
}

/// All lines of a list that holds nothing but questions: nearly all of them ask, all are short, and none is a sentence
/// that tells something.
fn all_of_a_list(pieces: &[Piece], is_one: impl Fn(&Piece) -> bool) -> Option<Vec<usize>> {
    let first = pieces.iter().position(|piece| is_one(piece) && piece.asks != Asks::No)?;
    let line = |place: &usize| pieces[*place].furniture.is_none() && is_one(&pieces[*place]);
    let lines: Vec<usize> = (first..pieces.len()).filter(line).collect();
    let asking = lines.iter().filter(|place| pieces[**place].asks != Asks::No).count();
    let among = pieces[first..].iter().filter(|piece| piece.furniture.is_none() && piece.level().is_none()).count();
    let fits = |piece: &Piece| match piece.asks {
        Asks::Question => true,
        Asks::Request => words_up_to(&piece.text, 31) <= 30,
        Asks::No => is_quiet(piece),
    };
    let all = lines.len() >= 3
        && asking < lines.len()
        && asking * 10 >= lines.len() * 7
        && among == lines.len()
        && lines.iter().all(|place| fits(&pieces[*place]));
    all.then_some(lines)
}

/// Whether a line that asks nothing may be a question among others: "Greatest weakness"
fn is_quiet(piece: &Piece) -> bool {
    let text = piece.text.trim_end();
    let first = text.split([' ', '’', '\'']).next().unwrap_or_default();
    (2..=MOST_QUIET).contains(&words_up_to(text, MOST_QUIET + 1))
        && !text.ends_with(['.', ':', ';', ',', '!'])
        && !["I", "We", "My", "Our", "It", "They", "Because", "To", "By"].contains(&first)
        && !is_around(text)
        && !piece.folded
}

/// Whether a line is a question whose question mark was left out: "How do you handle stress"
fn is_open(text: &str) -> bool {
    const SECOND: [&str; 17] = [
        "do",
        "does",
        "did",
        "is",
        "are",
        "was",
        "were",
        "would",
        "will",
        "can",
        "could",
        "should",
        "have",
        "has",
        "your",
        "kind",
        "motivates",
    ];
    let lower = text.to_lowercase();
    let second = lower.split_whitespace().nth(1).unwrap_or_default();
    let about = ["employer", "interviewer", "recruiter", "ask this", "this question"];
    words_up_to(text, MOST_OPEN + 1) <= MOST_OPEN
        && !text.trim_end().ends_with(['.', ':', '!', ',', ';'])
        && SECOND.contains(&second)
        && !about.iter().any(|word| lower.contains(word))
        && super::asks::asks(text) == Asks::Request
}
