//! The folder of a session: made, locked, written.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::analyses;
pub use super::catalogue::{SessionEntry, answered, delete, find, list};
use super::files::{self, Links};
use super::home::{Home, HomeError};
use super::journal::Journal;
pub use super::manifest::next_turns;
use super::manifest::{Manifest, ManifestTake, ManifestTurn};
pub use super::recovery::{Recovered, load, look, repair};
use super::reserve::Reserve;
use super::take_name::{HIGHEST, HIGHEST_FOREIGN, TakeName, file_name_part};
use crate::interview::Text;
use crate::interview::text::{self, escaped};

/// The name of the manifest in its session's folder.
pub const MANIFEST: &str = "session.json";

/// The name of the lock in its session's folder.
pub const LOCK: &str = "lock";

/// The largest manifest that is read, and so written, in bytes.
pub(super) const LARGEST: u64 = 16 << 20;

/// How a session's name writes the time of its start.
pub(super) const STAMP: &str = "%Y-%m-%dT%H-%M-%SZ";

/// The most sessions that begin within a second with the same questions.
const MOST_NAMESAKES: u32 = 1_000;

/// Whoever lists sessions holds each lock for an instant, to see whether somebody else does: so a lock is tried for
/// longer than that.
const LOCK_TRIES: u32 = 10;
const LOCK_PAUSE: Duration = Duration::from_millis(20);

/// What can go wrong with a session's folder.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// Another program has it.
    #[error("the session {name} is in use by another greenroom: end that one first")]
    Busy {
        /// Its name.
        name: String,
    },
    /// No session has this name.
    #[error("there is no session `{}`{}: see greenroom sessions list", Text::clean(name), meant(nearest))]
    Unknown {
        /// The name that was asked for.
        name: String,
        /// The names that were probably meant.
        nearest: Vec<String>,
    },
    /// Several sessions have names that begin so.
    #[error("`{}` may be any of {}: write more of the name", Text::clean(name), some(names))]
    Ambiguous {
        /// The beginning that was asked for.
        name: String,
        /// The names that begin so.
        names: Vec<String>,
    },
    /// There is no session at all.
    #[error("there are no sessions in {} yet: make one with greenroom rehearse", text::path(path))]
    NoneYet {
        /// Where they would be.
        path: PathBuf,
    },
    /// The name is no name of a session, wherever it points.
    #[error(
        "`{}` is no name of a session: name it by its folder in recordings/, as greenroom sessions list does, or latest",
        Text::clean(name)
    )]
    BadName {
        /// The name that was asked for.
        name: String,
    },
    /// The folder holds no session.
    #[error("{} holds no session: neither {MANIFEST} nor a journal nor a take", text::path(path))]
    Nothing {
        /// The folder.
        path: PathBuf,
    },
    /// The manifest cannot be used, and nothing else tells what it should say.
    #[error("{} cannot be used: {reason}", text::path(path))]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The session was made by a newer greenroom.
    #[error("{} has the schema {schema}: a newer greenroom wrote it; use that one", text::path(path))]
    Newer {
        /// The manifest.
        path: PathBuf,
        /// The version of its form.
        schema: u32,
    },
    /// The folder of the recordings cannot be looked into.
    #[error("the sessions in {} cannot be listed: {reason}; make it a folder that you may read", text::path(path))]
    Hidden {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
    /// Something could not be read.
    #[error("{} cannot be read: {reason}", text::path(path))]
    Unreadable {
        /// What.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
    /// The disk is full.
    #[error("the disk is full: {} could not be written; make room and go on with greenroom resume", text::path(path))]
    DiskFull {
        /// What could not be written.
        path: PathBuf,
    },
    /// Something could not be written.
    #[error("{} could not be written: {reason}", text::path(path))]
    Unwritable {
        /// What.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
    /// The folder cannot be locked.
    #[error("{} cannot be locked: {reason}; name a home on a local disk with --home", text::path(path))]
    NoLock {
        /// The lock.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
    /// What has the name of the lock can be none.
    #[error("{} is no regular file, and so no lock: move it away and try again", text::path(path))]
    OddLock {
        /// What is there.
        path: PathBuf,
    },
    /// A question has as many takes as a session can keep.
    #[error(
        "`{}` has as many takes as can be kept: answer it in a new session, greenroom rehearse --question {0}",
        Text::clean(question)
    )]
    Full {
        /// The id of the question.
        question: String,
    },
    /// A deleted session is not wholly gone.
    #[error(
        "the session is off the list, but its files are not all gone: {reason}; delete {} by hand",
        text::path(path)
    )]
    Leftover {
        /// Where the rest is.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
    /// There is nowhere to keep sessions.
    #[error(transparent)]
    Home(#[from] HomeError),
}

impl SessionError {
    /// What could not be written, and why.
    pub(super) fn writing(path: &Path, reason: io::Error) -> SessionError {
        let path = path.to_owned();
        match reason.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => SessionError::DiskFull { path },
            _ => SessionError::Unwritable { path, reason },
        }
    }
}

fn meant(nearest: &[String]) -> String {
    if nearest.is_empty() { String::new() } else { format!("; did you mean {}?", some(nearest)) }
}

/// The most names that a message lists.
const LISTED: usize = 5;

fn some(names: &[String]) -> String {
    let listed = names[..names.len().min(LISTED)].join(", ");
    match names.len().saturating_sub(LISTED) {
        0 => listed,
        more => format!("{listed} and {more} more"),
    }
}

/// A session's folder, which nobody else has while this value lives.
#[derive(Debug)]
pub struct SessionFolder {
    path: PathBuf,
    name: String,
    reserve: Reserve,
    /// Held by being open: the system lets go of it when the program ends, however it ends.
    _lock: File,
}

impl SessionFolder {
    /// Makes the folder of a session that begins now; `name_part` is the id of its bank.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn create(home: &Home, name_part: &str, now: DateTime<Utc>) -> Result<SessionFolder, SessionError> {
        home.prepare_recordings()?;
        super::catalogue::sweep(&home.recordings());
        let stem = format!("{}-{}", now.format(STAMP), file_name_part(name_part, "session"));
        let (path, name) = claim(&home.recordings(), &stem)?;
        let made = furnish(&path, &name).and_then(|lock| {
            let synced = files::sync_folder(&path).and_then(|()| files::sync_folder(&home.recordings()));
            synced.map_err(|reason| SessionError::writing(&path, reason)).map(|()| lock)
        });
        match made {
            Ok(lock) => Ok(SessionFolder { reserve: Reserve::keep(&path), path, name, _lock: lock }),
            Err(error) => {
                let _ = std::fs::remove_dir_all(&path);
                Err(error)
            }
        }
    }

    /// Takes the folder of a session that was begun before.
    ///
    /// The lock of a program that has died stands in nobody's way.
    ///
    /// # Errors
    /// [`SessionError::Busy`] where another program has it.
    pub fn open(path: &Path) -> Result<SessionFolder, SessionError> {
        check_folder(path)?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let lock = lock(path, &name)?;
        for part in ["prompts", "takes"] {
            let part = path.join(part);
            match files::make_private_folder(&part) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => check_folder(&part)?,
                made => made.map_err(|reason| SessionError::writing(&part, reason))?,
            }
        }
        for folder in [path, &path.join("takes"), &path.join(analyses::FOLDER)] {
            // Nothing in a session folder points elsewhere; what does is left alone.
            if check_folder(folder).is_ok() {
                files::sweep(folder, files::STAGED);
            }
        }
        Ok(SessionFolder { path: path.to_owned(), name, reserve: Reserve::keep(path), _lock: lock })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The name of the session.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file of a take, whole and as the manifest names it; `turn` counts from 0, `take` from 1.
    pub fn take_path(&self, turn: usize, question: &str, take: u32) -> (PathBuf, String) {
        let question = &file_name_part(question, "question");
        let file = TakeName { turn, question, take, part: 1 }.file();
        (self.path.join(&file), file)
    }

    /// The number after which the next take of a turn is numbered: the highest that the manifest or a name in takes/
    /// has, whatever has that name; 0 where none has. Numbers so high that hardly any follow them are passed by.
    ///
    /// What stands there is never written over, also where neither manifest nor journal knows it.
    pub fn last_take(&self, place: usize, turn: &ManifestTurn) -> u32 {
        let question = file_name_part(&turn.question, "question");
        let number = |entry: std::fs::DirEntry| {
            let name = entry.file_name().into_string().ok()?;
            // What is kept beside a recording has its name and more.
            let end = name.find(".wav")? + ".wav".len();
            let file = format!("takes/{}", &name[..end]);
            TakeName::of(&file).filter(|name| name.turn == place && name.question == question).map(|name| name.take)
        };
        let entries = std::fs::read_dir(self.path.join("takes")).into_iter().flatten().flatten();
        let known = turn.takes.iter().filter_map(ManifestTake::number);
        last_of(entries.filter_map(number).chain(known).collect())
    }

    /// The file of a spoken prompt, whole and as the manifest names it; `turn` counts from 0.
    pub fn prompt_path(&self, turn: usize) -> (PathBuf, String) {
        let name = format!("{:02}.wav", turn + 1);
        (self.path.join("prompts").join(&name), format!("prompts/{name}"))
    }

    /// Puts a manifest in the place of the old one: whoever reads, and whenever the program is killed, there is one or
    /// the other, whole.
    ///
    /// # Errors
    /// Where it cannot be written; the old one stays.
    pub fn save(&self, manifest: &Manifest) -> Result<(), SessionError> {
        let text = self.text_of(manifest)?;
        let saved = files::stage(&self.path, files::STAGED, text.as_bytes())
            .and_then(|staged| staged.replace(&self.path, MANIFEST));
        saved.map_err(|reason| SessionError::writing(&self.path.join(MANIFEST), reason))
    }

    /// A manifest as it is written.
    ///
    /// # Errors
    /// Where nobody could read it again.
    pub(super) fn text_of(&self, manifest: &Manifest) -> Result<String, SessionError> {
        let path = self.path.join(MANIFEST);
        let text = serde_json::to_string_pretty(manifest).map(|text| escaped(&(text + "\n")));
        let text = text.map_err(|reason| SessionError::writing(&path, reason.into()))?;
        if text.len() as u64 > LARGEST {
            let reason = format!("it would be larger than {} MiB", LARGEST >> 20);
            return Err(SessionError::Broken { path, reason });
        }
        Ok(text)
    }

    /// Gives up the room that is kept for the last words of the session; says whether there was any.
    pub fn give_up_reserve(&self) -> bool {
        self.reserve.give_up()
    }

    /// Opens the journal at its end.
    ///
    /// # Errors
    /// Where it cannot be made or written.
    pub fn journal(&self) -> Result<Journal, SessionError> {
        Journal::open(&self.path)
    }
}

/// The highest of the numbers that are taken which leaves room for every further take of a turn; 0 where none does.
fn last_of(mut taken: Vec<u32>) -> u32 {
    taken.sort_unstable();
    let mut above = HIGHEST + 1;
    for number in taken.into_iter().rev() {
        if number <= HIGHEST_FOREIGN && above - number > HIGHEST - HIGHEST_FOREIGN {
            return number;
        }
        above = number;
    }
    0
}

/// Makes a folder of this name, or of the first with a number after it that is free.
fn claim(recordings: &Path, stem: &str) -> Result<(PathBuf, String), SessionError> {
    let mut number = 1;
    loop {
        let name = if number == 1 { stem.to_owned() } else { format!("{stem}-{number}") };
        let path = recordings.join(&name);
        match files::make_private_folder(&path) {
            Ok(()) => return Ok((path, name)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < MOST_NAMESAKES => number += 1,
            Err(reason) => return Err(SessionError::writing(&path, reason)),
        }
    }
}

/// Makes what a new folder has in it.
fn furnish(path: &Path, name: &str) -> Result<File, SessionError> {
    for part in ["prompts", "takes"] {
        let part = path.join(part);
        files::make_private_folder(&part).map_err(|reason| SessionError::writing(&part, reason))?;
    }
    lock(path, name)
}

/// Takes the lock of a folder.
fn lock(folder: &Path, name: &str) -> Result<File, SessionError> {
    let path = folder.join(LOCK);
    let no_lock = |reason| SessionError::NoLock { path: path.clone(), reason };
    let file = files::open_to_write(&path).map_err(|reason| match reason.kind() {
        io::ErrorKind::InvalidInput => SessionError::OddLock { path: path.clone() },
        _ => SessionError::writing(&path, reason),
    })?;
    for left in (0..LOCK_TRIES).rev() {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(reason)) => return Err(no_lock(reason)),
            Err(TryLockError::WouldBlock) if left > 0 => std::thread::sleep(LOCK_PAUSE),
            Err(TryLockError::WouldBlock) => {}
        }
    }
    Err(SessionError::Busy { name: Text::clean(name).to_string() })
}

/// Whether a program has this folder.
pub fn is_running(folder: &Path) -> bool {
    let lock = files::open_regular(&folder.join(LOCK), Links::Refuse);
    lock.is_ok_and(|lock| matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

/// Whether it is certain that no program has this folder.
pub fn is_free(folder: &Path) -> bool {
    match files::open_regular(&folder.join(LOCK), Links::Refuse) {
        Ok(lock) => lock.try_lock_shared().is_ok(),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

/// Refuses what is no folder: a link to one might lead anywhere.
pub(super) fn check_folder(path: &Path) -> Result<(), SessionError> {
    match path.symlink_metadata() {
        Ok(there) if there.is_dir() => Ok(()),
        Ok(_) => Err(SessionError::Broken { path: path.to_owned(), reason: "it is not a folder".to_owned() }),
        Err(reason) => Err(SessionError::Unreadable { path: path.to_owned(), reason }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_every_number_there_is_room_for_more_takes() {
        assert_eq!(last_of(vec![]), 0);
        assert_eq!(last_of(vec![2, 7, 1]), 7);
        assert_eq!(last_of(vec![2, HIGHEST]), 2);
        assert_eq!(last_of(vec![2, HIGHEST_FOREIGN, HIGHEST_FOREIGN + 1]), 2);
        assert_eq!(last_of(vec![HIGHEST_FOREIGN]), HIGHEST_FOREIGN);
        assert_eq!(last_of(vec![5, 5]), 5);
    }
}
