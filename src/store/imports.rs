//! Where imported banks are kept: the bank, what the last import made of its file, and what the bank was before.
//!
//! Nothing is overwritten: a bank that is replaced stays beside it as a numbered copy, and a bank that no import made is
//! never replaced. It knows files and banks, not what they were imported from.

use std::io;
use std::path::{Path, PathBuf};

use super::bank_file::parse_bank;
use super::files::{self, Links};
use super::flaw::FileFlaws;
use super::home::Home;
use super::sheet::read_text;
use crate::interview::text;
use crate::interview::{Bank, Format};

/// How the names of files on their way begin.
const STAGED: &str = ".staged-";
/// How many copies are read for the ids that were given before.
const READ_COPIES: usize = 20;
/// How the first line of an imported bank begins; the name of its file follows.
pub const ORIGIN: &str = "Imported from ";

/// Why an import is not kept.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read.
    #[error("{} cannot be read: {reason}", text::path(path))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
    /// It is a folder.
    #[error("{} is a folder: name a file in it", text::path(path))]
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// There is a bank of this id that no import made.
    #[error(
        "{} is there and was not made by an import: give another id with --id, or move that file away",
        text::path(path)
    )]
    NotImported {
        /// The bank.
        path: PathBuf,
    },
    /// The bank that is there has mistakes, so nobody can tell what a person changed in it.
    #[error("the bank that is there has mistakes; mend them, or give another id with --id\n{0}")]
    Flawed(FileFlaws),
    /// The folder of the banks cannot be written.
    #[error("{} cannot be written: {reason}; make it writable, or name another home with --home", text::path(path))]
    Unwritable {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
}

/// Reads a file that is to be imported.
///
/// # Errors
/// Where it is none, or larger than `most` bytes.
pub fn source(path: &Path, most: u64) -> Result<Vec<u8>, ImportError> {
    if path.is_dir() {
        return Err(ImportError::Folder { path: path.to_owned() });
    }
    files::read(path, most, Links::Follow).map_err(|reason| ImportError::Unreadable { path: path.to_owned(), reason })
}

/// A bank that an earlier import made.
pub struct Imported {
    /// The bank as it stands.
    pub now: Bank,
    /// Its text.
    pub text: String,
    /// What the last import made of its file.
    pub written: Bank,
    /// The name of that file.
    pub origin: String,
    /// What the bank was before, the newest first.
    pub before: Vec<Bank>,
}

/// The file of a bank with this id.
pub fn path(home: &Home, id: &str) -> PathBuf {
    home.questions().join(format!("{id}.toml"))
}

/// What the last import made of its file, beside the bank.
fn record(id: &str) -> String {
    format!(".{id}.imported.toml")
}

/// The imported bank with this id, where there is one.
///
/// # Errors
/// Where a bank is there that no import made, or one that cannot be read.
pub fn find(home: &Home, id: &str, formats: &[Format]) -> Result<Option<Imported>, ImportError> {
    let path = path(home, id);
    if path.symlink_metadata().is_err() {
        return Ok(None);
    }
    let (record, folder) = (record(id), home.questions());
    let read = |path: &Path| {
        let text = read_text(path)?;
        let bank = parse_bank(&text::path(path).to_string(), &text, formats)?;
        Ok((text, bank))
    };
    // A link leads to a file that is somebody else's to write.
    let is_file = path.symlink_metadata().is_ok_and(|there| there.is_file());
    let Ok((record_text, written)) = read(&folder.join(record)) else {
        return Err(ImportError::NotImported { path });
    };
    if !is_file {
        return Err(ImportError::NotImported { path });
    }
    let (text, now) = read(&path).map_err(ImportError::Flawed)?;
    let origin = record_text
        .lines()
        .next()
        .and_then(|line| line.strip_prefix("# ")?.strip_prefix(ORIGIN))
        .unwrap_or_default()
        .to_owned();
    let last = copies(&folder, id).into_iter().rev().take(READ_COPIES);
    let before = last.filter_map(|name| read(&folder.join(name)).ok()).map(|(_, bank)| bank).collect();
    Ok(Some(Imported { now, text, written, origin, before }))
}

/// The names of the copies of a bank, the oldest first.
fn copies(folder: &Path, id: &str) -> Vec<String> {
    let start = format!(".{id}.toml.");
    let number = |name: &str| name.strip_prefix(&start)?.parse::<u32>().ok();
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut copies: Vec<(u32, String)> = entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter_map(|name| Some((number(&name)?, name)))
        .collect();
    copies.sort_unstable();
    copies.into_iter().map(|(_, name)| name).collect()
}

/// Keeps a bank, and what its file alone made of it; gives the copy of what it replaces.
///
/// The copy is on the disk before the bank is replaced, and the bank before the record: whatever is cut short, nothing is
/// lost, and the next import goes on from there.
///
/// # Errors
/// Where the folder cannot be written, or a bank has come there meanwhile.
pub fn keep(
    home: &Home,
    id: &str,
    text: &str,
    record_text: &str,
    replaced: Option<&str>,
) -> Result<Option<PathBuf>, ImportError> {
    let folder = home.questions();
    let failed = |path: PathBuf| move |reason: io::Error| ImportError::Unwritable { path, reason };
    std::fs::create_dir_all(&folder).map_err(failed(folder.clone()))?;
    let name = format!("{id}.toml");
    let whole = path(home, id);
    let stage = |text: &str| files::stage(&folder, STAGED, text.as_bytes());
    let mut copy = None;
    if replaced != Some(text) {
        let staged = stage(text).map_err(failed(whole.clone()))?;
        match replaced {
            Some(before) => {
                let last = copies(&folder, id)
                    .last()
                    .and_then(|name| name.rsplit('.').next()?.parse::<u32>().ok())
                    .unwrap_or(0);
                let aside = format!(".{name}.{}", last.saturating_add(1));
                let path = folder.join(&aside);
                stage(before).and_then(|staged| staged.put(&folder, &aside)).map_err(failed(path.clone()))?;
                staged.replace(&folder, &name).map_err(failed(whole))?;
                copy = Some(path);
            }
            None => match staged.put(&folder, &name) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    return Err(ImportError::NotImported { path: whole });
                }
                put => put.map_err(failed(whole))?,
            },
        }
    }
    let record = record(id);
    let beside = folder.join(&record);
    stage(record_text).and_then(|staged| staged.replace(&folder, &record)).map_err(failed(beside))?;
    Ok(copy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::format_file::formats;
    use crate::store::home::FoundBy;

    fn bank(prompt: &str) -> String {
        format!(
            "# Imported from a.txt\nschema = 1\nid = \"x\"\ntitle = \"X\"\n[[section]]\nid = \"s\"\ntitle = \"S\"\nformat = \"drill\"\n\
             [[question]]\nid = \"q\"\nsection = \"s\"\nprompt = \"{prompt}\"\n"
        )
    }

    fn home() -> (tempfile::TempDir, Home) {
        let folder = tempfile::tempdir().unwrap();
        let home = Home { root: folder.path().join("new"), found: FoundBy::Flag };
        (folder, home)
    }

    #[test]
    fn what_is_replaced_stays_beside_it_under_a_number() {
        let (_folder, home) = home();
        let known = formats(None).unwrap();
        assert!(find(&home, "x", &known).unwrap().is_none());
        assert_eq!(keep(&home, "x", &bank("One?"), &bank("One?"), None).unwrap(), None);
        for (number, (before, now)) in [("One?", "Two?"), ("Two?", "Three?")].into_iter().enumerate() {
            let copy = keep(&home, "x", &bank(now), &bank(now), Some(&bank(before))).unwrap().unwrap();
            assert!(copy.ends_with(format!(".x.toml.{}", number + 1)));
            assert_eq!(std::fs::read_to_string(copy).unwrap(), bank(before));
        }
        let found = find(&home, "x", &known).unwrap().unwrap();
        assert_eq!((found.origin.as_str(), found.text), ("a.txt", bank("Three?")));
        let before: Vec<&str> = found.before.iter().map(|bank| bank.questions[0].prompt.as_str()).collect();
        assert_eq!(before, ["Two?", "One?"]);
    }

    #[test]
    fn a_bank_that_no_import_made_is_not_replaced() {
        let (_folder, home) = home();
        std::fs::create_dir_all(home.questions()).unwrap();
        std::fs::write(path(&home, "x"), bank("Mine?")).unwrap();
        assert!(matches!(find(&home, "x", &formats(None).unwrap()), Err(ImportError::NotImported { .. })));
        assert!(matches!(keep(&home, "x", &bank("One?"), &bank("One?"), None), Err(ImportError::NotImported { .. })));
        assert_eq!(std::fs::read_to_string(path(&home, "x")).unwrap(), bank("Mine?"));
    }
}
