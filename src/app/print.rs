//! Standard output and standard error: the one door through which lines reach them outside of a live screen.
//!
//! Everything passes through the sanitiser here. The output may be a pipe whose reader has left, or a full disk.

use std::fmt::Display;
use std::io::{self, ErrorKind, IsTerminal, Write};

use anyhow::{Context, Result};
use serde::Serialize;

use crate::interview::text::{escaped, printable};

/// Whoever read the output has seen enough: nothing is wrong, and nothing is left to do.
#[derive(Debug, thiserror::Error)]
#[error("nobody reads the output any more")]
pub struct ReaderLeft;

/// Prints a line.
///
/// # Errors
/// [`ReaderLeft`], or what the system says where the line cannot be written.
pub fn line(line: impl Display) -> Result<()> {
    text(&format!("{line}\n"))
}

/// Prints a text that has its line ends in it.
///
/// # Errors
/// As [`line`].
pub fn text(text: &str) -> Result<()> {
    out(printable(text).as_bytes())
}

fn out(text: &[u8]) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(ReaderLeft.into()),
        written => written.context("standard output cannot be written"),
    }
}

/// Prints a JSON document, which says all of what it says: what could steer a terminal is escaped, not dropped.
///
/// # Errors
/// As [`line`].
pub fn json(value: &impl Serialize) -> Result<()> {
    out(escaped(&(serde_json::to_string_pretty(value)? + "\n")).as_bytes())
}

/// Prints a JSON document on one line, as it comes: it may be longer than the memory likes.
///
/// # Errors
/// As [`line`].
pub fn json_line(value: &impl Serialize) -> Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 15, io::stdout().lock());
    let written = value
        .serialize(&mut serde_json::Serializer::with_formatter(&mut out, Escaping))
        .map_err(io::Error::from)
        .and_then(|()| out.write_all(b"\n"))
        .and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(ReaderLeft.into()),
        written => written.context("standard output cannot be written"),
    }
}

/// Writes JSON in which what could steer a terminal is escaped.
struct Escaping;

impl serde_json::ser::Formatter for Escaping {
    fn write_string_fragment<W: Write + ?Sized>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        writer.write_all(escaped(fragment).as_bytes())
    }
}

/// Tells people something on the side, if they are still there.
pub fn aside(text: impl Display) {
    say(&format!("{text}\n"));
}

/// Whether lines are printed on a terminal.
pub fn is_shown() -> bool {
    io::stdout().is_terminal()
}

/// Whether what is told on the side is told on a terminal.
pub fn is_seen() -> bool {
    io::stderr().is_terminal()
}

/// Shows on the side, in one place, how far something is; at 100 percent it is gone.
pub fn progress(percent: u32) {
    let mut out = io::stderr();
    let _ = if percent < 100 { write!(out, "\r{percent:>3} %") } else { write!(out, "\r     \r") };
    let _ = out.flush();
}

/// Asks people something on the side; the cursor stays behind the question.
pub fn ask(question: &str) {
    say(question);
}

fn say(text: &str) {
    let _ = io::stderr().write_all(printable(text).as_bytes());
}
