//! `journal.jsonl`: the append-only truth of a session, one event a line.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::files::{self, Links};
use super::session::SessionError;
use crate::interview::Frame;

/// The name of the file in its session's folder.
pub const NAME: &str = "journal.jsonl";

/// The most that is read of a journal, in bytes: a session of a day writes a hundredth of it.
const LARGEST: u64 = 64 << 20;

/// A journal that is being written.
#[derive(Debug)]
pub struct Journal {
    file: File,
    path: PathBuf,
    /// The last line has no end: the next one starts on a line of its own.
    torn: bool,
}

impl Journal {
    /// Opens the journal of a folder at its end.
    pub(super) fn open(folder: &Path) -> Result<Journal, SessionError> {
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
            Ok((file, torn)) => Ok(Journal { file, path, torn }),
            Err(reason) => Err(SessionError::writing(&path, reason)),
        }
    }

    /// Appends an event and waits until it is on the disk.
    ///
    /// # Errors
    /// Where it could not be written; what was written before is whole, and so will be what is written next.
    pub fn append(&mut self, frame: Frame, event: &str, detail: Value) -> Result<(), SessionError> {
        let mut line = String::new();
        if self.torn {
            line.push('\n');
        }
        line += &Value::from(vec![Value::from(frame.0), Value::from(event), detail]).to_string();
        line.push('\n');
        self.torn = true;
        let written = self.file.write_all(line.as_bytes()).and_then(|()| {
            self.torn = false;
            self.file.sync_data()
        });
        written.map_err(|reason| SessionError::writing(&self.path, reason))
    }
}

/// What was read of a journal.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct JournalRead {
    /// The events in their order: the frame, the name and what belongs to it.
    pub entries: Vec<(u64, String, Value)>,
    /// How many lines are no events; they were passed over.
    pub skipped: usize,
    /// Why nothing could be read, where the file is there.
    pub trouble: Option<String>,
}

/// Reads a journal as far as it can be read; one that is not there is empty.
pub fn read_journal(path: &Path) -> JournalRead {
    let trouble = |reason: std::io::Error| JournalRead { trouble: Some(reason.to_string()), ..JournalRead::default() };
    let file = match files::open_regular(path, Links::Refuse) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return JournalRead::default(),
        Err(error) => return trouble(error),
        Ok(file) => file,
    };
    let mut bytes = Vec::new();
    match file.take(LARGEST).read_to_end(&mut bytes) {
        Err(error) => trouble(error),
        Ok(_) => parse(&bytes),
    }
}

fn parse(bytes: &[u8]) -> JournalRead {
    let mut read = JournalRead::default();
    for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()) {
        match serde_json::from_slice(line) {
            Ok(entry) => read.entries.push(entry),
            Err(_) => read.skipped += 1,
        }
    }
    read
}
