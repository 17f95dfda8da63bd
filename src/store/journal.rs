//! `journal.jsonl`: the append-only truth of a session, one event a line, each with its number and checksum.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;
use serde_json::value::RawValue;

use super::event::Happening;
use super::files::{self, Links};
use super::session::SessionError;
use crate::interview::Frame;
use crate::interview::text::escaped;

/// The name of the file in its session's folder.
pub const NAME: &str = "journal.jsonl";

/// The most that is read of a journal, in bytes: a session of a day writes a hundredth of it.
const LARGEST: u64 = 64 << 20;

/// How much of the end of a journal is looked at for its last line, in bytes.
const LAST: u64 = 64 << 10;

/// The most lines that are read.
const MOST_LINES: usize = 200_000;

/// The highest number of a line: the largest that every JSON reader has exactly.
const HIGHEST: u64 = 1 << 53;

/// How many numbers must be left for the lines of a session that goes on.
const TO_COME: u64 = 1_000_000;

/// What follows a line's number: `,"xxxxxxxx"]`.
const CLOSING: usize = 12;

/// A journal that is being written.
#[derive(Debug)]
pub struct Journal {
    file: File,
    path: PathBuf,
    /// The number of the next line.
    next: u64,
    /// The last line has no end: the next one starts on a line of its own.
    torn: bool,
    /// A sync failed: nobody knows what of the file is on the disk, and no later sync can be trusted to say so.
    doubtful: bool,
}

impl Journal {
    /// Opens the journal of a session's folder at its end; the lines that are there keep their numbers.
    ///
    /// # Errors
    /// Where it cannot be made, read or written.
    pub fn open(folder: &Path) -> Result<Journal, SessionError> {
        let next = read_journal(&folder.join(NAME)).next();
        Journal::open_at(folder, next)
    }

    /// As [`Journal::open`], told the number of the next line.
    pub(super) fn open_at(folder: &Path, next: u64) -> Result<Journal, SessionError> {
        let path = folder.join(NAME);
        let opened = || {
            let mut file = files::open_to_write(&path)?;
            let mut last = [b'\n'];
            if file.metadata()?.len() > 0 {
                file.seek(SeekFrom::End(-1))?;
                file.read_exact(&mut last)?;
            }
            files::sync_folder(folder)?;
            Ok((file, last != *b"\n"))
        };
        match opened() {
            Ok((file, torn)) => Ok(Journal { file, path, next, torn, doubtful: false }),
            Err(reason) => Err(SessionError::writing(&path, reason)),
        }
    }

    /// Appends an event and waits until it is on the disk.
    ///
    /// # Errors
    /// Where it could not be written; what was written before is whole, and so will be what is written next.
    /// Once it could not be synced, every later line is written but not vouched for, and fails too.
    pub fn append(&mut self, frame: Frame, what: &Happening) -> Result<(), SessionError> {
        let failed = |reason| SessionError::writing(&self.path, reason);
        let mut line = if self.torn { "\n".to_owned() } else { String::new() };
        line += &written(frame, what, self.next).map_err(|error| failed(error.into()))?;
        let before = self.file.metadata().map_err(failed)?.len();
        if let Err(reason) = self.file.write_all(line.as_bytes()) {
            // Half a line is taken back; where that fails too, the next one starts on a line of its own.
            if self.file.set_len(before).is_err() {
                self.torn = true;
                self.next += 1;
            }
            return Err(failed(reason));
        }
        self.torn = false;
        self.next += 1;
        let synced = self.file.sync_data();
        if synced.is_err() || self.doubtful {
            self.doubtful = true;
            let why = synced.err().unwrap_or_else(|| io::Error::other("an earlier sync failed"));
            return Err(SessionError::writing(&self.path, why));
        }
        Ok(())
    }
}

/// A line of the journal, with its end.
///
/// # Errors
/// None in practice: every event can be written as JSON.
pub fn written(frame: Frame, what: &Happening, seq: u64) -> serde_json::Result<String> {
    let mut line = escaped(&format!("[{},{},{},{seq}", frame.0, Value::from(what.name()), what.detail()?));
    let sum = crc32fast::hash(line.as_bytes());
    line += &format!(",\"{sum:08x}\"]\n");
    Ok(line)
}

/// A line that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The frame of the session's clock.
    pub frame: Frame,
    /// The number of the line.
    pub seq: u64,
    /// What happened.
    pub what: Happening,
}

/// What is wrong with a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Damage {
    /// Lines that are torn, garbled or no events.
    pub damaged: usize,
    /// Lines with a number that was there before.
    pub duplicate: usize,
    /// Numbers that no line has, though a higher one is there.
    pub missing: u64,
}

impl Damage {
    /// Whether all is well.
    pub fn is_none(&self) -> bool {
        *self == Damage::default()
    }
}

/// What was read of a journal.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct JournalRead {
    /// The events, by the numbers of their lines.
    pub entries: Vec<Entry>,
    /// What is wrong with the lines.
    pub damage: Damage,
    /// What of it came after the last line that has a whole manifest.
    pub recent: Damage,
    /// Why nothing, or not all, could be read, where the file is there.
    pub trouble: Option<String>,
    /// Whether there is such a file.
    pub exists: bool,
}

impl JournalRead {
    /// The number of the next line.
    pub fn next(&self) -> u64 {
        self.entries.last().map_or(0, |entry| entry.seq + 1)
    }
}

/// Reads a journal as far as it can be read; one that is not there is empty.
pub fn read_journal(path: &Path) -> JournalRead {
    let trouble =
        |reason: io::Error| JournalRead { trouble: Some(reason.to_string()), exists: true, ..JournalRead::default() };
    let file = match files::open_regular(path, Links::Refuse) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return JournalRead::default(),
        Err(error) => return trouble(error),
        Ok(file) => file,
    };
    let mut bytes = Vec::new();
    match file.take(LARGEST + 1).read_to_end(&mut bytes) {
        Err(error) => trouble(error),
        Ok(_) => parse(&bytes),
    }
}

/// The last line of a journal, where it is whole and not very long; the others are not looked at.
pub(super) fn last(path: &Path) -> Option<Entry> {
    let mut file = files::open_regular(path, Links::Refuse).ok()?;
    let length = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(LAST))).ok()?;
    let mut bytes = Vec::new();
    file.take(LAST).read_to_end(&mut bytes).ok()?;
    let lines = bytes.strip_suffix(b"\n")?;
    // A line that begins before what was read has the wrong checksum.
    parse_line(lines.rsplit(|byte| *byte == b'\n').next()?)
}

/// Reads the lines of a journal, whatever these bytes are.
pub fn parse(bytes: &[u8]) -> JournalRead {
    let too_long = || Some(format!("it is longer than {} MiB or {MOST_LINES} lines", LARGEST >> 20));
    let mut read = JournalRead { exists: true, ..JournalRead::default() };
    if bytes.len() as u64 > LARGEST {
        read.trouble = too_long();
    }
    let bytes = &bytes[..bytes.len().min(LARGEST as usize)];
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let mut seen = HashSet::new();
    // The highest number of a line with a whole manifest.
    let mut whole = None;
    for (number, line) in lines.enumerate() {
        if number >= MOST_LINES {
            read.trouble = too_long();
            break;
        }
        match parse_line(line) {
            None => {
                read.damage.damaged += 1;
                read.recent.damaged += 1;
            }
            Some(entry) if !seen.insert(entry.seq) => {
                read.damage.duplicate += 1;
                read.recent.duplicate += 1;
            }
            Some(entry) => {
                let has_all = matches!(entry.what, Happening::Planned(_) | Happening::Repaired { .. });
                if has_all && whole.is_none_or(|whole| whole < entry.seq) {
                    whole = Some(entry.seq);
                    read.recent = Damage::default();
                }
                read.entries.push(entry);
            }
        }
    }
    read.entries.sort_by_key(|entry| entry.seq);
    if read.entries.last().is_some_and(|entry| entry.seq > HIGHEST - TO_COME) {
        // A line with the next number would not be read.
        read.trouble = Some("its lines have the highest numbers that there are".to_owned());
    }
    let mut expected = 0;
    for entry in &read.entries {
        let missing = entry.seq - expected;
        read.damage.missing += missing;
        if whole.is_none_or(|whole| whole < entry.seq) {
            read.recent.missing += missing;
        }
        expected = entry.seq + 1;
    }
    read
}

/// Reads a line; `None` where its checksum or its form is wrong.
pub(super) fn parse_line(line: &[u8]) -> Option<Entry> {
    let (sealed, closing) = line.split_at_checked(line.len().checked_sub(CLOSING)?)?;
    let sum = closing.strip_prefix(b",\"")?.strip_suffix(b"\"]")?;
    let written = std::str::from_utf8(sum).ok()?;
    if written != format!("{:08x}", crc32fast::hash(sealed)) {
        return None;
    }
    let closed = [sealed, b"]"].concat();
    // What belongs to the event is not taken apart before it is known what it should be.
    let (frame, name, detail, seq): (u64, String, &RawValue, u64) = serde_json::from_slice(&closed).ok()?;
    let what = Happening::read(&name, detail.get()).filter(|_| seq < HIGHEST)?;
    Some(Entry { frame: Frame(frame), seq, what })
}
