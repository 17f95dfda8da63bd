//! The text that Anki exports.

use super::Outline;

/// What an export of Anki holds.
pub fn outline(text: &str) -> Outline {
    let _ = text;
    Outline::default()
}
