//! A take on its way to the disk: one thread owns the WAV file, so that the session never waits for a disk.
//!
//! Every block is with the system within moments of arriving, so that the end of the program costs none of it; each
//! quarter of a second the header is made to name what is there, so that any player opens the file; each second the
//! data is synced, so that a power cut costs little more than that second.
//! The sync has a thread of its own, because it may take long just when the disk is busy.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, SyncSender, TrySendError};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::private_file;
use super::take_file::{Fault, TakeFile};
use crate::interview::{Frames, SampleRate};
use crate::speech::Level;

/// How much of a take the header may be behind, in audio and in wall time: a quarter of the second that may be lost.
const NAME_EVERY: Duration = Duration::from_millis(250);

/// How long written audio may wait for its sync, in wall time.
const SYNC_EVERY: Duration = Duration::from_secs(1);

/// How far the disk may be behind before the session has to wait for it.
const FAR_BEHIND: Duration = Duration::from_secs(8);

/// Why a take does not go on.
#[derive(Debug, Clone, thiserror::Error)]
pub enum TakeError {
    /// Something stands in its place; nothing is ever overwritten.
    #[error("{} exists already and is not overwritten", path.display())]
    Exists {
        /// Where.
        path: PathBuf,
    },
    /// The folder may not be written to.
    #[error("no permission to write {}: check who owns the folder", path.display())]
    PermissionDenied {
        /// Where.
        path: PathBuf,
    },
    /// The disk, or the share of it that the user may fill, is full.
    #[error("the disk is full: {}; make room and resume", what_is_kept(path, *kept))]
    DiskFull {
        /// Where.
        path: PathBuf,
        /// How much is kept.
        kept: Frames,
    },
    /// The system lets no file of this user, or on this disk, grow further.
    #[error(
        "the file is as large as this system lets it be: {}; raise the limit (`ulimit -f` shows it) or keep \
             recordings on another disk with --home",
        what_is_kept(path, *kept)
    )]
    FileLimit {
        /// Where.
        path: PathBuf,
        /// How much is kept.
        kept: Frames,
    },
    /// A WAV file cannot hold more than 4 GiB.
    #[error("{} is as long as a WAV file can be; the answer up to that moment is kept", path.display())]
    TooLong {
        /// Where.
        path: PathBuf,
        /// How much is kept.
        kept: Frames,
    },
    /// The system failed in another way.
    #[error("{} cannot be written: {source}{}", path.display(), if kept.0 > 0 { "; the answer up to that moment is kept" } else { "" })]
    Io {
        /// Where.
        path: PathBuf,
        /// How much is kept.
        kept: Frames,
        /// What the system said.
        source: Arc<io::Error>,
    },
}

/// Says truly what is left of an answer that could not be written on.
fn what_is_kept(path: &Path, kept: Frames) -> String {
    match kept {
        Frames(0) => format!("nothing of the answer could be written to {}", path.display()),
        _ => format!("the answer up to that moment is kept in {}", path.display()),
    }
}

impl TakeError {
    /// How much of the take is on the disk.
    pub fn kept(&self) -> Frames {
        match self {
            TakeError::Exists { .. } | TakeError::PermissionDenied { .. } => Frames(0),
            TakeError::DiskFull { kept, .. }
            | TakeError::FileLimit { kept, .. }
            | TakeError::TooLong { kept, .. }
            | TakeError::Io { kept, .. } => *kept,
        }
    }

    fn new(path: &Path, kept: Frames, fault: Fault) -> TakeError {
        let path = path.to_path_buf();
        let error = match fault {
            Fault::TooLong => return TakeError::TooLong { path, kept },
            Fault::Io(error) => error,
        };
        match error.kind() {
            io::ErrorKind::AlreadyExists => TakeError::Exists { path },
            io::ErrorKind::PermissionDenied if kept == Frames(0) => TakeError::PermissionDenied { path },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => TakeError::DiskFull { path, kept },
            io::ErrorKind::FileTooLarge => TakeError::FileLimit { path, kept },
            _ => TakeError::Io { path, kept, source: Arc::new(error) },
        }
    }
}

/// What a closed take holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TakeSummary {
    /// How long it is.
    pub frames: Frames,
    /// How many of the frames are silence in the place of lost ones.
    pub dropped: u64,
    /// How loud it is.
    pub level: Level,
}

/// Writes one take.
///
/// Dropped without [`TakeWriter::close`], the file is completed all the same, but nobody learns whether that worked.
#[derive(Debug)]
pub struct TakeWriter {
    desk: Arc<Desk>,
    thread: Option<JoinHandle<Result<(Frames, Level), TakeError>>>,
    path: PathBuf,
    far_behind: usize,
    dropped: u64,
}

impl TakeWriter {
    /// Begins a take in a new file that only its owner may read; its header is valid and on the disk on return.
    ///
    /// # Errors
    /// [`TakeError`]; then nothing is left behind, and what stood there is untouched.
    pub fn open(path: &Path, rate: SampleRate) -> Result<TakeWriter, TakeError> {
        let failed = |error| TakeError::new(path, Frames(0), Fault::Io(error));
        let file = private_file::create(path).map_err(failed)?;
        let desk = Arc::new(Desk::default());
        let begun = file.try_clone().and_then(|syncing| {
            let take = TakeFile::begin(file, rate)?;
            syncing.sync_all()?;
            private_file::sync_folder_of(path)?;
            let clerk = Clerk { desk: Arc::clone(&desk), take, syncing, path: path.to_path_buf(), rate };
            thread::Builder::new().name("take".into()).spawn(move || clerk.work())
        });
        let thread = begun.map_err(|error| {
            let _ = fs::remove_file(path);
            failed(error)
        })?;
        let far_behind = rate.frames(FAR_BEHIND).0 as usize;
        Ok(TakeWriter { desk, thread: Some(thread), path: path.to_path_buf(), far_behind, dropped: 0 })
    }

    /// Hands over a block, `dropped` frames of which are silence in the place of lost ones.
    ///
    /// Waits only where the disk is seconds behind.
    ///
    /// # Errors
    /// What stopped the writing of this or of an earlier block; the block may be lost then, and every later one is.
    pub fn push(&mut self, block: &[i16], dropped: u64) -> Result<(), TakeError> {
        let mut tray = self.desk.tray();
        while tray.samples.len() >= self.far_behind && !tray.left {
            tray = self.desk.wait(tray);
        }
        if tray.left {
            let failure = tray.failure.clone();
            return Err(failure.unwrap_or_else(|| self.vanished()));
        }
        tray.samples.extend_from_slice(block);
        self.dropped += dropped;
        drop(tray);
        self.desk.changed.notify_all();
        Ok(())
    }

    /// Ends the take: on return all of it is written, named by the header and synced.
    ///
    /// # Errors
    /// What went wrong now or before; what could be kept is kept.
    pub fn close(mut self) -> Result<TakeSummary, TakeError> {
        let ended = self.end().unwrap_or_else(|| Err(self.vanished()));
        ended.map(|(frames, level)| TakeSummary { frames, dropped: self.dropped, level })
    }

    fn end(&mut self) -> Option<Result<(Frames, Level), TakeError>> {
        let thread = self.thread.take()?;
        self.desk.tray().closing = true;
        self.desk.changed.notify_all();
        thread.join().ok()
    }

    /// The writing thread panicked; nobody knows how much is there.
    fn vanished(&self) -> TakeError {
        let source = Arc::new(io::Error::other("the writer stopped"));
        TakeError::Io { path: self.path.clone(), kept: Frames(0), source }
    }
}

impl Drop for TakeWriter {
    fn drop(&mut self) {
        let _ = self.end();
    }
}

/// Where the session and the thread that writes meet.
#[derive(Debug, Default)]
struct Desk {
    tray: Mutex<Tray>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Tray {
    samples: Vec<i16>,
    closing: bool,
    left: bool,
    failure: Option<TakeError>,
}

impl Desk {
    fn tray(&self) -> MutexGuard<'_, Tray> {
        self.tray.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, tray: MutexGuard<'a, Tray>) -> MutexGuard<'a, Tray> {
        self.changed.wait(tray).unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what lies in the tray in exchange for an empty `batch`, waiting no longer than `patience` for something;
    /// says whether more can come.
    fn take(&self, batch: &mut Vec<i16>, patience: Option<Duration>) -> bool {
        let mut tray = self.tray();
        let idle = |tray: &mut Tray| tray.samples.is_empty() && !tray.closing;
        tray = match patience {
            None => self.changed.wait_while(tray, idle).unwrap_or_else(PoisonError::into_inner),
            Some(patience) => {
                self.changed.wait_timeout_while(tray, patience, idle).unwrap_or_else(PoisonError::into_inner).0
            }
        };
        batch.clear();
        std::mem::swap(batch, &mut tray.samples);
        let more = !tray.closing;
        drop(tray);
        self.changed.notify_all();
        more
    }
}

/// The thread that writes.
struct Clerk {
    desk: Arc<Desk>,
    take: TakeFile<File>,
    syncing: File,
    path: PathBuf,
    rate: SampleRate,
}

impl Clerk {
    fn work(mut self) -> Result<(Frames, Level), TakeError> {
        // Whatever ends this thread, a panic too, the session must not wait for it.
        let leaving = Leaving(Arc::clone(&self.desk));
        let result = self.write_all().map_err(|fault| TakeError::new(&self.path, self.take.kept(), fault));
        if let Err(error) = &result {
            leaving.0.tray().failure = Some(error.clone());
        }
        result
    }

    fn write_all(&mut self) -> Result<(Frames, Level), Fault> {
        let syncer = Syncer::start(self.syncing.try_clone().map_err(Fault::Io)?).map_err(Fault::Io)?;
        let written = self.write_until_closed(&syncer);
        let synced = syncer.finish().and(self.syncing.sync_all());
        written?;
        synced.map_err(Fault::Io)?;
        Ok((self.take.kept(), self.take.level()))
    }

    fn write_until_closed(&mut self, syncer: &Syncer) -> Result<(), Fault> {
        let much = self.rate.frames(NAME_EVERY);
        let (mut named_at, mut synced_at) = (Instant::now(), Instant::now());
        let mut unsynced = false;
        let mut batch = Vec::new();
        loop {
            let waiting = self.take.unnamed() > Frames(0) || unsynced;
            let more = self.desk.take(&mut batch, waiting.then_some(NAME_EVERY));
            if !batch.is_empty() {
                self.take.write(&batch)?;
                unsynced = true;
            }
            if !more {
                return self.take.name().map_err(Fault::Io);
            }
            // The sync is asked for before the header goes on, so that the disk does not get sizes before their sound.
            if unsynced && synced_at.elapsed() >= SYNC_EVERY {
                match syncer.ask() {
                    Asked::Will => unsynced = false,
                    Asked::Busy => {}
                    Asked::Failed => return self.take.name().map_err(Fault::Io),
                }
                synced_at = Instant::now();
            }
            let unnamed = self.take.unnamed();
            if unnamed >= much || (unnamed > Frames(0) && named_at.elapsed() >= NAME_EVERY) {
                self.take.name().map_err(Fault::Io)?;
                named_at = Instant::now();
            }
        }
    }
}

struct Leaving(Arc<Desk>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.tray().left = true;
        self.0.changed.notify_all();
    }
}

/// The thread that syncs, so that a busy disk does not hold up what is only to be handed to the system.
struct Syncer {
    requests: SyncSender<()>,
    thread: JoinHandle<io::Result<()>>,
}

impl Syncer {
    fn start(file: File) -> io::Result<Syncer> {
        let (requests, asked) = mpsc::sync_channel(1);
        let sync = move || asked.iter().try_for_each(|()| file.sync_data());
        let thread = thread::Builder::new().name("take-sync".into()).spawn(sync)?;
        Ok(Syncer { requests, thread })
    }

    /// Asks for a sync of all that is written.
    fn ask(&self) -> Asked {
        match self.requests.try_send(()) {
            Ok(()) => Asked::Will,
            Err(TrySendError::Full(())) => Asked::Busy,
            Err(TrySendError::Disconnected(())) => Asked::Failed,
        }
    }

    /// Waits for the last sync; its error is that of the one that failed.
    fn finish(self) -> io::Result<()> {
        drop(self.requests);
        self.thread.join().unwrap_or_else(|_| Err(io::Error::other("the sync stopped")))
    }
}

enum Asked {
    /// It will be done.
    Will,
    /// Another one is waiting already.
    Busy,
    /// An earlier one failed.
    Failed,
}

#[cfg(test)]
#[path = "take_tests.rs"]
mod tests;
