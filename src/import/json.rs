//! JSON and JSON Lines.

use super::Outline;

/// Why a text is no JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {what}")]
pub struct Broken {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong there, as a sentence without a full stop.
    pub what: String,
}

/// What a JSON document holds.
///
/// # Errors
/// The first place where it is no JSON.
pub fn outline(text: &str) -> Result<Outline, Broken> {
    let _ = text;
    Ok(Outline::default())
}

/// What the lines of a JSON Lines file hold. A broken line is told in the outline; the others are taken.
pub fn lines(text: &str) -> Outline {
    let _ = text;
    Outline::default()
}
