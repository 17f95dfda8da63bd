//! The sessions that there are: listed, found by name, deleted, counted.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDateTime};

use super::home::Home;
use super::journal;
use super::ledger;
use super::manifest::Manifest;
use super::nearest::nearest;
use super::recovery::{Recovered, load, look};
use super::session::{MANIFEST, STAMP, SessionError, SessionFolder, check_folder, is_running};
use crate::interview::schedule::Answered;

/// How the names of folders begin whose session is deleted but whose files are not yet all gone.
const DELETED: &str = ".deleted-";

/// The most names that are offered for one that is not known.
const OFFERED: usize = 3;

/// A session in a list.
#[derive(Debug)]
pub struct SessionEntry {
    /// Its name.
    pub name: String,
    /// Its folder.
    pub path: PathBuf,
    /// What it planned and did.
    pub manifest: Result<Manifest, SessionError>,
    /// What was wrong with it, a sentence each.
    pub findings: Vec<String>,
    /// What was done about that, a sentence each.
    pub repaired: Vec<String>,
    /// Whether a program has it at this moment.
    pub running: bool,
}

/// A folder that may be a session.
struct Candidate {
    name: String,
    path: PathBuf,
    /// When it began, in seconds since 1970.
    began: i64,
    /// Whether there is anything in it.
    holds: bool,
}

/// Every session of a home, the newest first.
///
/// # Errors
/// Where the folder of the recordings is there but cannot be looked into.
pub fn list(home: &Home) -> Result<Vec<SessionEntry>, SessionError> {
    let entry = |Candidate { name, path, .. }| {
        let running = is_running(&path);
        let (manifest, findings, repaired) = match load(&path) {
            Ok(Recovered { manifest, findings, repaired }) => (Ok(manifest), findings, repaired),
            Err(error) => (Err(error), Vec::new(), Vec::new()),
        };
        SessionEntry { name, path, manifest, findings, repaired, running }
    };
    Ok(candidates(&home.recordings())?.into_iter().map(entry).collect())
}

/// The folders of all sessions of a home, the newest first.
///
/// # Errors
/// Those of [`list`].
pub fn folders(home: &Home) -> Result<Vec<PathBuf>, SessionError> {
    Ok(candidates(&home.recordings())?.into_iter().filter(|each| each.holds).map(|each| each.path).collect())
}

/// The folder of a session: `which` is its name, a beginning of it that no other has, or `latest`.
///
/// # Errors
/// Where no session or several are meant, or nobody can look.
pub fn find(home: &Home, which: &str) -> Result<PathBuf, SessionError> {
    let all = candidates(&home.recordings())?;
    if all.is_empty() {
        return Err(SessionError::NoneYet { path: home.recordings() });
    }
    if which == "latest" {
        let latest = all.iter().find(|each| each.holds).or(all.first());
        return latest.map(|each| each.path.clone()).ok_or(SessionError::NoneYet { path: home.recordings() });
    }
    if which.is_empty() || which.starts_with('.') || which.contains(['/', '\\', '\0', ':']) {
        return Err(SessionError::BadName { name: which.to_owned() });
    }
    if let Some(exact) = all.iter().find(|each| each.name == which) {
        return Ok(exact.path.clone());
    }
    let begins: Vec<&Candidate> = all.iter().filter(|each| each.name.starts_with(which)).collect();
    match begins[..] {
        [one] => Ok(one.path.clone()),
        [] => Err(SessionError::Unknown { name: which.to_owned(), nearest: near(which, &all) }),
        _ => {
            let names = begins.iter().map(|each| each.name.clone()).collect();
            Err(SessionError::Ambiguous { name: which.to_owned(), names })
        }
    }
}

/// The names that were probably meant: the nearest, and those of which the name is a part.
fn near(which: &str, all: &[Candidate]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    names.extend(nearest(which, all.iter().map(|each| each.name.as_str())).map(str::to_owned));
    for part in all.iter().filter(|each| each.name.contains(which)) {
        if !names.contains(&part.name) {
            names.push(part.name.clone());
        }
    }
    names.truncate(OFFERED);
    names
}

/// Deletes a session with all its files.
///
/// Links in it are deleted, not followed.
///
/// # Errors
/// [`SessionError::Busy`] where it is running, and where it cannot be deleted.
pub fn delete(home: &Home, which: &str) -> Result<(), SessionError> {
    let path = find(home, which)?;
    check_folder(&path)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    // A folder that cannot be locked is not in use, unless the lock is what tells so.
    let lock = match SessionFolder::open(&path) {
        Err(busy @ SessionError::Busy { .. }) => return Err(busy),
        lock => lock.ok(),
    };
    if cfg!(windows) {
        // No folder can be renamed there while a file in it is open.
        drop(lock);
    }
    let recordings = home.recordings();
    let away = recordings.join(format!("{DELETED}{}-{name}", std::process::id()));
    std::fs::rename(&path, &away).map_err(|reason| SessionError::writing(&path, reason))?;
    match std::fs::remove_dir_all(&away) {
        Err(reason) if reason.kind() != io::ErrorKind::NotFound => {
            return Err(SessionError::Leftover { path: away, reason });
        }
        _ => {}
    }
    sweep(&recordings);
    Ok(())
}

/// Removes what is left of deletions that were cut short, as far as it can be removed.
pub(super) fn sweep(recordings: &Path) {
    for entry in std::fs::read_dir(recordings).into_iter().flatten().flatten() {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && entry.file_name().to_string_lossy().starts_with(DELETED) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// The answers to each question of a bank in all sessions, as [`ledger::answered`] has them; none, where nobody can look.
pub fn answered(home: &Home, bank: &str) -> HashMap<String, Vec<Answered>> {
    ledger::read(home).map(|all| ledger::answered(&all.digests, bank)).unwrap_or_default()
}

/// When a session began as its manifest says, in seconds since 1970.
pub(super) fn began(manifest: &Manifest) -> Option<i64> {
    DateTime::parse_from_rfc3339(&manifest.started).ok().map(|time| time.timestamp())
}

/// The time that a session's name begins with.
pub(super) fn stamp(name: &str) -> Option<NaiveDateTime> {
    let end = name.find('Z')?;
    NaiveDateTime::parse_from_str(&name[..=end], STAMP).ok()
}

/// The folders that are sessions by their name or by what they hold, the newest first; none where there is no folder.
fn candidates(recordings: &Path) -> Result<Vec<Candidate>, SessionError> {
    let candidate = |name: String| {
        let path = recordings.join(&name);
        let holds = holds(&path);
        let began = match named_began(&name) {
            Some(began) => began,
            None if holds => look(&path).ok().and_then(|manifest| began(&manifest)).unwrap_or(0),
            None => return None,
        };
        Some(Candidate { name, path, began, holds })
    };
    let mut found: Vec<Candidate> = names(recordings)?.into_iter().filter_map(candidate).collect();
    found.sort_by(|one, other| newest_first((one.began, &one.name), (other.began, &other.name)));
    Ok(found)
}

/// The names of the folders that may be sessions, in no order; none where there is no folder.
pub(super) fn names(recordings: &Path) -> Result<Vec<String>, SessionError> {
    let entries = match std::fs::read_dir(recordings) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(reason) => return Err(SessionError::Hidden { path: recordings.to_owned(), reason }),
        Ok(entries) => entries.flatten(),
    };
    let name = |entry: std::fs::DirEntry| {
        let name = entry.file_name().into_string().ok()?;
        // The kind of the entry itself: a link to a folder is none.
        (!name.starts_with('.') && entry.file_type().is_ok_and(|kind| kind.is_dir())).then_some(name)
    };
    Ok(entries.filter_map(name).collect())
}

/// Whether there is anything of a session in a folder.
fn holds(path: &Path) -> bool {
    path.join(MANIFEST).exists()
        || path.join(journal::NAME).exists()
        || path.join("takes").read_dir().is_ok_and(|mut takes| takes.next().is_some())
}

/// Whether a folder is a session by its name or by what it holds.
pub(super) fn is_session(path: &Path, name: &str) -> bool {
    stamp(name).is_some() || holds(path)
}

/// When a session began by its name, in seconds since 1970.
pub(super) fn named_began(name: &str) -> Option<i64> {
    stamp(name).map(|time| time.and_utc().timestamp())
}

/// The order of sessions by when they began and their names. Of those that began in the same second, the one with the
/// higher number is the newer.
pub(super) fn newest_first(one: (i64, &str), other: (i64, &str)) -> Ordering {
    (other.0, other.1.len(), other.1).cmp(&(one.0, one.1.len(), one.1))
}
