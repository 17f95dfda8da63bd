//! What can be said of a block by itself.

use super::asks::{Asks, asks};
use super::furniture::{furniture, without_leader};
use super::mark::{self, Label, Mark, Style};
use super::speakers::speakers;
use crate::import::block::{Block, Kind};

/// A block, with what stands before its text taken apart.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// Its line, from 1.
    pub line: usize,
    /// What it is in its form.
    pub kind: Kind,
    /// The number before it.
    pub mark: Option<Mark>,
    /// What it says of itself.
    pub label: Option<Label>,
    /// Its text without number and label.
    pub text: String,
    /// Its text with its number, where it has one: as it stands in an answer.
    pub whole: String,
    /// Whether its text asks something.
    pub asks: Asks,
    /// The kind of furniture that it is.
    pub furniture: Option<&'static str>,
    /// Whether all of it is bold.
    pub bold: bool,
    /// Whether it lies folded away.
    pub folded: bool,
}

impl Piece {
    fn of(block: &Block) -> Piece {
        let raw = block.text.trim().trim_start_matches("**").trim_start();
        let raw = mark::picture(raw).unwrap_or(raw);
        let (mut mark, mut rest) = match mark::mark(raw) {
            Some((mark, rest)) => (Some(mark), rest),
            None => (None, raw),
        };
        let whole = match block.kind {
            Kind::Item { number: Some(number), .. } if mark.is_none() => {
                mark = Some(Mark { style: Style::List, number });
                format!("{number}. {raw}")
            }
            _ => raw.to_owned(),
        };
        // "1. Q: What is it?"
        if let Some((inner, behind)) = mark::mark(rest)
            && inner.style == Style::Label
            && mark.is_none_or(|mark| mark.style != Style::Label)
        {
            let number = if inner.number > 0 { inner.number } else { mark.map_or(0, |mark| mark.number) };
            (mark, rest) = (Some(Mark { style: Style::Label, number }), behind);
        }
        let label = if mark.is_some_and(|mark| mark.style == Style::Label) { None } else { mark::said(raw) };
        if let Some((_, behind)) = label {
            // "A1. Because" is an answer and has no number; neither has "I." before a label.
            (mark, rest) = (None, behind);
        }
        let text = without_leader(rest).trim_matches(['*', ' ']).to_owned();
        let furniture = if mark.is_none() && label.is_none() { furniture(raw) } else { None };
        let asks = asks(&text);
        let label = label.map(|(label, _)| label);
        Piece {
            line: block.line,
            kind: block.kind,
            mark,
            label,
            text,
            whole,
            asks,
            furniture,
            bold: block.bold,
            folded: block.folded,
        }
    }

    /// The level of the heading that it is in its form.
    pub fn level(&self) -> Option<u8> {
        match self.kind {
            Kind::Heading(level) => Some(level),
            _ => None,
        }
    }

    /// What its number stands before, as a number of its own.
    pub fn place(&self) -> u8 {
        match self.kind {
            Kind::Heading(level) => level.min(9),
            Kind::Paragraph => 10,
            Kind::Summary => 11,
            Kind::Link => 12,
            Kind::Item { depth, .. } => 20 + depth.min(20),
        }
    }
}

/// The pieces of a document; a number that stands alone is joined with what it stands before.
pub(super) fn pieces(blocks: &[Block]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::with_capacity(blocks.len());
    for block in blocks {
        let piece = Piece::of(block);
        if piece.text.is_empty() && piece.mark.is_none() && piece.label.is_none() {
            continue;
        }
        match pieces.last_mut() {
            Some(before)
                if before.text.is_empty() && before.mark.is_some() && piece.mark.is_none() && piece.label.is_none() =>
            {
                before.whole = format!("{} {}", before.whole, piece.whole);
                before.text = piece.text;
                before.asks = piece.asks;
            }
            _ => pieces.push(piece),
        }
    }
    without_choices(&mut pieces);
    speakers(&mut pieces);
    pieces.retain(|piece| !piece.text.is_empty() || piece.label.is_some());
    pieces
}

/// "A:" with "B:" behind it is no answer but one of several to choose from.
fn without_choices(pieces: &mut [Piece]) {
    for place in 1..pieces.len() {
        let (before, after) = pieces.split_at_mut(place);
        let first = &mut before[place - 1];
        let second = after[0].whole.as_bytes();
        let lettered = first.label == Some(Label::Answer)
            && first.whole.len() > 2
            && matches!(first.whole.as_bytes()[1], b':' | b'.' | b')');
        if lettered && second.len() > 2 && matches!(second[0], b'B' | b'b') && second[1] == first.whole.as_bytes()[1] {
            first.label = None;
            first.text.clone_from(&first.whole);
        }
    }
}
