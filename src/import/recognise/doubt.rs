//! What is not certain of the questions that were chosen, as it is told to whoever imports them.

use std::collections::HashSet;

use super::asks::Asks;
use super::choice::{Choice, Way, asked_inline};
use super::mark::Style;
use super::piece::Piece;
use crate::import::outline::Remark;

/// What is not certain of the choice.
pub(super) fn remarks(pieces: &[Piece], way: Way, choice: &mut Choice) {
    let chosen = || pieces.iter().zip(&choice.is_question).filter(|(_, is)| **is).map(|(piece, _)| piece);
    let held: HashSet<u32> = chosen().filter_map(|piece| piece.mark).map(|mark| mark.number).collect();
    // A row that begins again with 1 is another row, unless there is no number twice.
    let once = held.len() == chosen().filter(|piece| piece.mark.is_some()).count();
    let mut unsure = Vec::new();
    let mut last: Option<u32> = None;
    for piece in chosen() {
        let labelled = piece.mark.is_some_and(|mark| mark.style == Style::Label);
        if piece.asks == Asks::No && !asked_inline(piece) && !labelled {
            let why = match way {
                Way::Headings(_) => "its heading",
                _ if piece.mark.is_none() => "its place among questions",
                _ => "its number",
            };
            let text = format!("taken for a question by {why} alone: {}", shown(&piece.text));
            unsure.push(Remark { line: piece.line, text });
        }
        if let (Way::Numbers | Way::Labels, Some(mark)) = (way, piece.mark.filter(|mark| mark.number > 0)) {
            let number = mark.number;
            if let Some(before) =
                last.filter(|last| number > last + 1 && !(last + 1..number).all(|one| held.contains(&one)))
            {
                let missing = if number == before + 2 {
                    format!("question {} is missing", before + 1)
                } else {
                    format!("questions {} to {} are missing", before + 1, number - 1)
                };
                unsure.push(Remark { line: piece.line, text: format!("{missing} before {number}") });
            }
            if let Some(before) = last.filter(|last| (number > 1 || once) && number < *last) {
                let text = format!("the numbers are in no order here: {number} comes after {before}");
                unsure.push(Remark { line: piece.line, text });
            }
            last = Some(number);
        }
    }
    choice.unsure.append(&mut unsure);
}

/// The most characters of a text that a remark repeats.
const SHOWN: usize = 60;

/// A text as a remark repeats it.
pub(super) fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("“{}…”", &text[..end]),
        None => format!("“{text}”"),
    }
}
