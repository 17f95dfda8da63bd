//! The parts of an answer as one text that reads as sentences, when it is shown and when it is spoken.

use super::mark::Style;
use super::piece::Piece;
use crate::import::block::Kind;

/// An answer as it grows.
#[derive(Debug, Default)]
pub(super) struct Answer {
    text: String,
    /// Whether its last part is an item of a list.
    listing: bool,
    /// The number of that item.
    number: u32,
}

impl Answer {
    /// The text so far.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Takes the text out and begins anew.
    pub(super) fn take(&mut self) -> String {
        std::mem::take(self).text
    }

    /// Begins with what stands behind a question in its own line.
    pub(super) fn begin(&mut self, text: &str) {
        *self = Answer { text: text.to_owned(), ..Answer::default() };
    }

    /// Adds what a piece says: items are parted by `;`, and what follows them by `.`, where they end in no sign.
    pub(super) fn add(&mut self, piece: &Piece, part: &str) {
        if part.is_empty() {
            return;
        }
        // A year at the beginning of a line is no number of a list.
        let number = piece.mark.filter(|mark| mark.style != Style::Label).map_or(0, |mark| mark.number);
        let numbered = number == 1 || number > 1 && number == self.number + 1;
        let item = piece.label.is_none() && (matches!(piece.kind, Kind::Item { .. }) || numbered);
        let broken = self.text.strip_suffix('-').is_some_and(|text| text.ends_with(char::is_alphabetic));
        if broken && !item && part.starts_with(char::is_lowercase) {
            self.text.push_str(part);
            return;
        }
        if !self.text.is_empty() {
            let core = self.text.trim_end_matches(['"', '\'', '”', '’', '»', ')', ']', '*', '_']);
            let open = core.ends_with(|c: char| c.is_alphanumeric() || "%€$£+#".contains(c))
                || core.len() < self.text.len()
                    && !core.ends_with(['.', '?', '!', '…', ':', ';', ',', '。', '？', '！']);
            match (self.listing, item) {
                (true, true) if open => self.text.push(';'),
                (true, false) if open && !part.starts_with(char::is_lowercase) => self.text.push('.'),
                (false, true) if open => self.text.push(':'),
                _ => {}
            }
            self.text.push(' ');
        }
        self.text.push_str(part);
        self.listing = item;
        self.number = if item { number } else { 0 };
    }
}
