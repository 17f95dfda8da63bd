//! All sessions of a home, through the cache.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use super::cache::{self, Draft, Kept};
use super::digest::{Digest, Head, Turn};
use super::stamp::Stamp;
use crate::store::catalogue;
use crate::store::home::Home;
use crate::store::recovery::{Recovered, load};
use crate::store::session::{SessionError, is_running};

/// Two look at folders at once where there are so many and more; the disk and the system have no use for a third.
const FEW: usize = 64;

/// A session in a list.
#[derive(Debug)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// What it comes to.
    pub head: Result<Head, SessionError>,
    /// What was wrong with it, a sentence each.
    pub findings: Vec<String>,
    /// What was done about that, a sentence each.
    pub repaired: Vec<String>,
    /// Whether a program has it at this moment.
    pub running: bool,
}

/// A session, and its turns: as they were kept, or as they were read now.
struct Row<'b> {
    listed: Listed,
    turns: Turns<'b>,
    /// The state of the folder, where the session is settled and may be kept.
    stamp: Option<u64>,
}

enum Turns<'b> {
    Kept(Kept<'b>),
    Read(Vec<Turn>),
}

/// Every session of a home in a line, the newest first, as [`catalogue::list`] finds them.
///
/// # Errors
/// Where the folder of the recordings is there but cannot be looked into.
pub fn list(home: &Home) -> Result<Vec<Listed>, SessionError> {
    let recordings = home.recordings();
    let bytes = cache::load(&recordings);
    Ok(gather(&recordings, &bytes)?.into_iter().map(|row| row.listed).collect())
}

/// What all sessions of a home come to.
#[derive(Debug, Default)]
pub struct All {
    /// The sessions that can be read, the newest first.
    pub digests: Vec<Digest>,
    /// What had to be said of sessions.
    pub mended: Vec<Mended>,
    /// How many sessions cannot be read; folders in which nothing was ever recorded are not among them.
    pub unread: usize,
}

/// A session that was not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    /// Its name.
    pub name: String,
    /// What was wrong with it, a sentence each.
    pub findings: Vec<String>,
    /// What was done about that, a sentence each.
    pub repaired: Vec<String>,
}

/// What every session of a home comes to.
///
/// # Errors
/// Those of [`list`].
pub fn read(home: &Home) -> Result<All, SessionError> {
    let recordings = home.recordings();
    let bytes = cache::load(&recordings);
    let mut all = All::default();
    let mut rows = gather(&recordings, &bytes)?;
    for Row { listed: Listed { name, head, findings, repaired, .. }, .. } in &mut rows {
        all.unread += usize::from(matches!(head, Err(error) if !matches!(error, SessionError::Nothing { .. })));
        if !findings.is_empty() || !repaired.is_empty() {
            let (findings, repaired) = (std::mem::take(findings), std::mem::take(repaired));
            all.mended.push(Mended { name: name.clone(), findings, repaired });
        }
    }
    let digest = |row: Row<'_>| {
        let head = row.listed.head.ok()?;
        let turns = match row.turns {
            Turns::Read(turns) => turns,
            Turns::Kept(kept) => match kept.turns() {
                Some(turns) => turns,
                None => return Digest::read(&recordings.join(&head.name), &head.name),
            },
        };
        Some(Digest { head, turns })
    };
    all.digests = in_two(rows, digest);
    Ok(all)
}

/// All sessions, the newest first; the cache is written anew where it does not say what was found.
fn gather<'b>(recordings: &Path, bytes: &'b [u8]) -> Result<Vec<Row<'b>>, SessionError> {
    let kept = cache::index(bytes);
    let names = catalogue::names(recordings)?;
    let now = SystemTime::now();
    let row = |name: String| row(recordings, name, &kept, now);
    let mut rows = in_two(names, row);
    rows.sort_by(|one, other| catalogue::newest_first(one.key(), other.key()));
    let same = |row: &Row<'_>| matches!(row.turns, Turns::Kept(_));
    let keep = rows.iter().filter(|row| row.stamp.is_some()).count();
    if keep != kept.len() || !rows.iter().filter(|row| row.stamp.is_some()).all(same) {
        let mut draft = Draft::default();
        for row in &rows {
            row.keep(&mut draft);
        }
        // Where nothing can be written, all is read once more next time.
        let _ = draft.save(recordings);
    }
    Ok(rows)
}

/// A session; `None` where the folder is none.
fn row<'b>(recordings: &Path, name: String, kept: &HashMap<&str, Kept<'b>>, now: SystemTime) -> Option<Row<'b>> {
    let path = recordings.join(&name);
    // Before anything is read: what changes meanwhile is seen the next time.
    let stamp = Stamp::of(&path, now);
    if let Some(kept) = kept.get(name.as_str()).filter(|kept| kept.stamp == stamp.sum && stamp.is_settled)
        && let Some(head) = kept.head(&name)
    {
        let listed = Listed { name, head: Ok(head), findings: Vec::new(), repaired: Vec::new(), running: false };
        return Some(Row { listed, turns: Turns::Kept(*kept), stamp: Some(stamp.sum) });
    }
    if !catalogue::is_session(&path, &name) {
        return None;
    }
    let running = is_running(&path);
    let (digest, findings, repaired) = match load(&path) {
        Ok(Recovered { manifest, findings, repaired }) => (Ok(Digest::of(&path, &name, &manifest)), findings, repaired),
        Err(error) => (Err(error), Vec::new(), Vec::new()),
    };
    let is_over = |head: &Head| head.outcome != "in-progress";
    let (head, turns) = match digest {
        Ok(Digest { head, turns }) => (Ok(head), turns),
        Err(error) => (Err(error), Vec::new()),
    };
    // What has to be said each time is found each time.
    let is_well = !running && findings.is_empty() && repaired.is_empty() && head.as_ref().is_ok_and(is_over);
    let stamp = (is_well && stamp.is_settled).then_some(stamp.sum);
    Some(Row { listed: Listed { name, head, findings, repaired, running }, turns: Turns::Read(turns), stamp })
}

impl Row<'_> {
    /// By what it is sorted.
    fn key(&self) -> (i64, &str) {
        let name = &self.listed.name;
        let said = || self.listed.head.as_ref().ok().and_then(|head| head.began);
        (catalogue::named_began(name).or_else(said).unwrap_or(0), name)
    }

    fn keep(&self, draft: &mut Draft) {
        let (Some(stamp), Ok(head)) = (self.stamp, &self.listed.head) else { return };
        match &self.turns {
            Turns::Kept(kept) => draft.add_kept(&head.name, *kept),
            Turns::Read(turns) => draft.add(stamp, head, turns),
        }
    }
}

impl Digest {
    /// What a session comes to, without the cache; `None` where it cannot be read.
    fn read(path: &Path, name: &str) -> Option<Digest> {
        Some(Digest::of(path, name, &load(path).ok()?.manifest))
    }
}

/// What becomes of things, in their order; the second half beside the first where there are many.
fn in_two<T: Send, U: Send>(mut things: Vec<T>, each: impl Fn(T) -> Option<U> + Sync) -> Vec<U> {
    let rest = if things.len() < FEW { Vec::new() } else { things.split_off(things.len() / 2) };
    let (rest, each) = (Mutex::new(rest), &each);
    let second = || -> Vec<U> {
        let rest = std::mem::take(&mut *rest.lock().unwrap_or_else(PoisonError::into_inner));
        rest.into_iter().filter_map(each).collect()
    };
    std::thread::scope(|scope| {
        let beside = std::thread::Builder::new().spawn_scoped(scope, second);
        let mut found: Vec<U> = things.into_iter().filter_map(each).collect();
        match beside.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(more)) => found.extend(more),
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            // No thread was to be had.
            Err(_) => found.extend(second()),
        }
        found
    })
}
