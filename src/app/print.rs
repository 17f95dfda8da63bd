//! Standard output, which may be a pipe whose reader has left, or a full disk.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::interview::text::printable;

/// Whoever read the output has seen enough: nothing is wrong, and nothing is left to do.
#[derive(Debug, thiserror::Error)]
#[error("nobody reads the output any more")]
pub struct ReaderLeft;

/// Prints a line.
///
/// # Errors
/// [`ReaderLeft`], or what the system says where the line cannot be written.
pub fn line(line: impl Display) -> Result<()> {
    text(printable(&format!("{line}\n")).as_bytes())
}

/// Prints a text that has its line ends in it.
///
/// # Errors
/// As [`line`].
pub fn text(text: &[u8]) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(ReaderLeft.into()),
        written => written.context("standard output cannot be written"),
    }
}

/// Prints a JSON document.
///
/// # Errors
/// As [`line`].
pub fn json(value: &Value) -> Result<()> {
    text((serde_json::to_string_pretty(value)? + "\n").as_bytes())
}

/// Tells people something on the side, if they are still there.
pub fn aside(text: impl Display) {
    let _ = writeln!(io::stderr(), "{}", printable(&text.to_string()));
}
