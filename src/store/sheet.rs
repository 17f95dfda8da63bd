//! A TOML file that a person wrote: every value with its place, and a list of what is wrong.

use std::collections::BTreeSet;
use std::path::Path;

use toml::de::DeTable;

use super::files::{self, Links};
use super::flaw::{FileFlaws, Flaw, quote};

/// The largest file that is read, in bytes.
const LARGEST: u64 = 2 << 20;

/// How deep brackets may be nested, and how many dots a key may have.
const DEEPEST: usize = 16;

/// The most flaws that are told of one file.
const MOST_FLAWS: usize = 200;

/// Reads a file of text.
///
/// # Errors
/// Where there is no such file, or it is no regular file, too large, or not UTF-8.
pub(super) fn read_text(path: &Path) -> Result<String, FileFlaws> {
    let file = path.display().to_string();
    let bytes = files::read(path, LARGEST, Links::Follow)
        .map_err(|error| FileFlaws::whole(&file, format!("the file cannot be read: {error}")))?;
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let start = String::from_utf8_lossy(&error.as_bytes()[..good]).into_owned();
        let (line, column) = Lines::of(&start).place(&start, good);
        let message = "not UTF-8: save the file with the encoding UTF-8".to_owned();
        FileFlaws { file, flaws: vec![Flaw { line, column, message }] }
    })
}

/// What is known of a file while it is being read.
pub(super) struct Sheet<'t> {
    text: &'t str,
    lines: Lines,
    found: Vec<Found>,
    /// Lines that are no TOML.
    broken: BTreeSet<usize>,
}

struct Found {
    at: usize,
    message: String,
    /// May be nothing but the consequence of a line that is no TOML.
    follows: bool,
}

impl<'t> Sheet<'t> {
    /// Parses a file; what is no TOML is noted, and the rest of it is still there to be checked.
    pub(super) fn parse(text: &'t str) -> (Sheet<'t>, DeTable<'t>) {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut sheet = Sheet { text, lines: Lines::of(text), found: Vec::new(), broken: BTreeSet::new() };
        // Checked before the parser sees it, so that neither parsing nor dropping can exhaust the stack.
        if text.len() as u64 > LARGEST {
            sheet.no_toml(0, format!("the file is larger than {} MiB", LARGEST >> 20));
            return (sheet, DeTable::new());
        }
        if let Some(at) = too_deep(text) {
            sheet.no_toml(
                at,
                format!("nested too deep: at most {DEEPEST} brackets within each other, or dots in a key"),
            );
            return (sheet, DeTable::new());
        }
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let span = error.span().unwrap_or_default();
            let message = match (error.message(), text.get(span.clone())) {
                ("duplicate key", Some(key)) => format!("the key {} is there twice: drop one", quote(key)),
                (message, _) => message.to_owned(),
            };
            sheet.no_toml(span.start, message);
        }
        (sheet, table.into_inner())
    }

    /// Notes that the text is no TOML here.
    fn no_toml(&mut self, at: usize, message: String) {
        self.broken.insert(self.lines.line(at));
        self.found.push(Found { at, message, follows: false });
    }

    /// Notes that something is wrong at this byte.
    pub(super) fn flaw(&mut self, at: usize, message: impl Into<String>) {
        if !self.broken.contains(&self.lines.line(at)) {
            self.found.push(Found { at, message: message.into(), follows: false });
        }
    }

    /// Notes that something is missing; not told where a line that is no TOML may have held it.
    pub(super) fn lack(&mut self, at: usize, message: impl Into<String>) {
        self.found.push(Found { at, message: message.into(), follows: true });
    }

    /// The line of a byte, from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        self.lines.line(at)
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// Where something is wrong: all of it.
    pub(super) fn close(self, file: &str) -> Result<(), FileFlaws> {
        let Sheet { text, lines, mut found, broken } = self;
        found.retain(|each| !each.follows || broken.is_empty());
        if found.is_empty() {
            return Ok(());
        }
        found.sort_by_key(|each| each.at);
        let more = found.len().saturating_sub(MOST_FLAWS);
        let mut flaws: Vec<Flaw> = found
            .into_iter()
            .take(MOST_FLAWS)
            .map(|Found { at, message, .. }| {
                let (line, column) = lines.place(text, at);
                Flaw { line, column, message }
            })
            .collect();
        if let (1.., Some(last)) = (more, flaws.last_mut()) {
            last.message += &format!(" (and {more} more)");
        }
        Err(FileFlaws { file: file.to_owned(), flaws })
    }
}

/// Where the lines of a text begin.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Lines {
        Lines(std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect())
    }

    /// The line of a byte, from 1.
    fn line(&self, at: usize) -> usize {
        self.0.partition_point(|start| *start <= at)
    }

    /// Line and column of a byte, from 1, the column in characters.
    fn place(&self, text: &str, at: usize) -> (usize, usize) {
        let mut at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let line = self.line(at);
        let before = &text[self.0[line - 1]..at];
        (line, before.chars().count() + 1)
    }
}

/// The first byte that stands too deep, if any.
///
/// Strings and comments are passed over as the parser does, near enough: a broken string ends with its line.
fn too_deep(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut depth, mut dots) = (0, 0_usize, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'#' => at += memchr_line(&bytes[at..]),
            b'"' | b'\'' => {
                at += string_length(&bytes[at..]);
                continue;
            }
            b'[' | b'{' => (depth, dots) = (depth + 1, 0),
            b']' | b'}' => (depth, dots) = (depth.saturating_sub(1), 0),
            b'.' => dots += 1,
            b'=' | b',' | b'\n' => dots = 0,
            _ => {}
        }
        if depth > DEEPEST || dots > DEEPEST {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// The bytes to the last one of this line.
fn memchr_line(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len()).saturating_sub(1)
}

/// The bytes of the string that begins here.
fn string_length(bytes: &[u8]) -> usize {
    let quote = bytes[0];
    let triple = bytes.starts_with(&[quote; 3]);
    let mut at = if triple { 3 } else { 1 };
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' if quote == b'"' => at += 1,
            b'\n' if !triple => return at,
            _ if *byte == quote && !triple => return at + 1,
            _ if *byte == quote && bytes[at..].starts_with(&[quote; 3]) => return at + 3,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}
