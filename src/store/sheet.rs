//! A TOML file that a person wrote: every value with its place, and a list of what is wrong.

use std::collections::{BTreeSet, BinaryHeap};
use std::path::Path;

use toml::de::DeTable;

use super::files::{self, Links};
use super::flaw::{FileFlaws, Flaw, quote};
use crate::interview::text;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 2 << 20;

/// How deep brackets may be nested, and how many dots a key may have.
const DEEPEST: usize = 16;

/// How many marks that make TOML of a text a file may have: the parser takes up to 700 bytes for each.
///
/// A bank has one in 15 bytes, and so 140,000 in the largest.
const MOST_MARKS: usize = 250_000;

/// The most flaws that are told of one file.
const MOST_FLAWS: usize = 200;

/// Where so many flaws are known, nobody looks for more.
const ENOUGH: usize = 400;

/// Reads a file of text.
///
/// # Errors
/// Where there is no such file, or it is no regular file, too large, or not UTF-8.
pub(super) fn read_text(path: &Path) -> Result<String, FileFlaws> {
    let file = text::path(path).to_string();
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
    wrong: Found,
    /// What may be nothing but the consequence of a line that is no TOML.
    lacking: Found,
    /// Lines that are no TOML.
    broken: BTreeSet<usize>,
    /// How many flaws were found.
    count: usize,
}

/// Where something is wrong, as the how many-th it was found, and what.
type Place = (usize, usize, String);

/// The first [`MOST_FLAWS`] flaws of a file, and how many there are.
#[derive(Default)]
struct Found {
    kept: BinaryHeap<Place>,
    count: usize,
}

impl Found {
    fn add(&mut self, place: Place) {
        self.kept.push(place);
        self.count += 1;
        if self.kept.len() > MOST_FLAWS {
            self.kept.pop();
        }
    }
}

impl<'t> Sheet<'t> {
    /// Parses a file; what is no TOML is noted, and the rest of it is still there to be checked.
    pub(super) fn parse(text: &'t str) -> (Sheet<'t>, DeTable<'t>) {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let (wrong, lacking) = Default::default();
        let mut sheet = Sheet { text, lines: Lines::of(text), wrong, lacking, broken: BTreeSet::new(), count: 0 };
        // Checked before the parser sees it, so that neither parsing nor dropping can exhaust stack, memory or time.
        let refused = match text.len() as u64 {
            0..=LARGEST => too_much(text),
            _ => Some((0, format!("the file is larger than {} MiB", LARGEST >> 20))),
        };
        if let Some((at, message)) = refused {
            sheet.no_toml(at, message);
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
        self.wrong.add((at, self.count, message));
        self.count += 1;
    }

    /// Notes that something is wrong at this byte.
    pub(super) fn flaw(&mut self, at: usize, message: impl Into<String>) {
        if !self.broken.contains(&self.lines.line(at)) {
            self.wrong.add((at, self.count, message.into()));
            self.count += 1;
        }
    }

    /// Notes that something is missing; not told where a line that is no TOML may have held it.
    pub(super) fn lack(&mut self, at: usize, message: impl Into<String>) {
        self.lacking.add((at, self.count, message.into()));
        self.count += 1;
    }

    /// Whether so much is wrong that nobody need look for more.
    pub(super) fn has_enough(&self) -> bool {
        self.count >= ENOUGH
    }

    /// The line of a byte, from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        self.lines.line(at)
    }

    /// The line and the column of a byte, from 1.
    pub(super) fn spot(&self, at: usize) -> (usize, usize) {
        self.lines.place(self.text, at)
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// Where something is wrong: all of it.
    pub(super) fn close(self, file: &str) -> Result<(), FileFlaws> {
        let at_least = if self.has_enough() { "at least " } else { "" };
        let Sheet { text, lines, wrong, lacking, broken, .. } = self;
        let lacking = if broken.is_empty() { lacking } else { Found::default() };
        if wrong.count + lacking.count == 0 {
            return Ok(());
        }
        let more = (wrong.count + lacking.count).saturating_sub(MOST_FLAWS);
        let mut found: Vec<Place> = wrong.kept.into_iter().chain(lacking.kept).collect();
        found.sort_unstable_by_key(|(at, order, _)| (*at, *order));
        let mut flaws: Vec<Flaw> = found
            .into_iter()
            .take(MOST_FLAWS)
            .map(|(at, _, message)| {
                let (line, column) = lines.place(text, at);
                Flaw { line, column, message }
            })
            .collect();
        if let (1.., Some(last)) = (more, flaws.last_mut()) {
            last.message += &format!(" (and {at_least}{more} more)");
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

/// The first byte that is one too many, if any, and why.
///
/// Strings and comments are passed over as the parser does, near enough: a broken string ends with its line.
fn too_much(text: &str) -> Option<(usize, String)> {
    let bytes = text.as_bytes();
    let (mut at, mut depth, mut dots) = (0, 0_usize, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'#' => at += to_line_end(&bytes[at..]),
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
            let message = format!("nested too deep: at most {DEEPEST} brackets within each other, or dots in a key");
            return Some((at, message));
        }
        at += 1;
    }
    let (at, _) = bytes.iter().enumerate().filter(|(_, byte)| is_mark(**byte)).nth(MOST_MARKS)?;
    Some((at, format!("too much in one file: at most {MOST_MARKS} entries and lines; make it several")))
}

/// How many marks a part of a file has.
pub(super) fn marks(text: &str) -> usize {
    text.bytes().filter(|byte| is_mark(*byte)).count()
}

/// Whether a file of so many bytes, with so many marks in it, is read.
pub(super) fn has_room(bytes: usize, marks: usize) -> bool {
    bytes as u64 <= LARGEST && marks <= MOST_MARKS
}

/// Whether a byte begins or ends something that the parser keeps: an entry, or a complaint of its own.
fn is_mark(byte: u8) -> bool {
    matches!(byte, b'=' | b',' | b'.' | b'[' | b']' | b'{' | b'}' | b'\\' | b'"' | b'\'') || byte < b' ' || byte == 0x7F
}

/// The bytes to the last one of this line.
fn to_line_end(bytes: &[u8]) -> usize {
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
