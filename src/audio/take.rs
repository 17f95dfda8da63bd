//! A take on its way to the disk: threads of its own have its files, so that the session never waits for a disk.
//!
//! Every block is with the system within moments of arriving, so that the end of the program costs none of it.
//! Each half second what is there is synced, and then the header is made to name it: so any player opens the file, and
//! after a power cut the header names no sample that is not on the disk.
//! A take that is longer than a file may be goes on in the next one.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::take_clerk::{self, Clerk};
pub use super::take_error::TakeError;
use super::take_file::{Disk, Fault, HEADER, Header, RealDisk};
use super::take_sync::{Book, Syncer};
use crate::interview::{Frames, SampleRate};
use crate::speech::Level;

/// The longest file, in bytes: every program reads a WAV file of 1 GiB, and few one that nears the 4 GiB of its sizes.
const LONGEST_FILE: u64 = 1 << 30;

/// How far the disk may be behind before the session has to wait for it.
const FAR_BEHIND: Duration = Duration::from_secs(8);

/// What a closed take holds.
#[derive(Debug, Clone)]
pub struct TakeSummary {
    /// Its files, in their order: what is kept, with a failure and without.
    pub parts: Vec<Part>,
    /// How many of the frames that were handed over are silence in the place of lost ones.
    pub dropped: u64,
    /// How loud it is.
    pub level: Level,
    /// Why the take stopped before it was closed, or could not be closed.
    pub failure: Option<TakeError>,
}

impl TakeSummary {
    /// How much of the take is kept, in all its files.
    pub fn frames(&self) -> Frames {
        Frames(self.parts.iter().map(|part| part.frames.0).sum())
    }
}

/// A file of a take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Where it is.
    pub path: PathBuf,
    /// How many frames are on the disk and named by its header.
    pub frames: Frames,
}

/// Writes one take.
///
/// Dropped without [`TakeWriter::close`], the take is completed all the same, but nobody learns whether that worked.
#[derive(Debug)]
pub struct TakeWriter {
    desk: Arc<Desk>,
    book: Arc<Book>,
    threads: Option<Threads>,
    /// What the threads left behind, once they have ended.
    level: Level,
    failure: Option<TakeError>,
    far_behind: usize,
    dropped: u64,
}

#[derive(Debug)]
struct Threads {
    clerk: JoinHandle<Level>,
    syncer: JoinHandle<()>,
}

impl TakeWriter {
    /// Begins a take in a new file that only its owner may read; its header is valid on return.
    ///
    /// Waits for no sync: the file and its name are brought to the disk while samples are handed over already.
    /// Where the take becomes longer than a file may be, it goes on in files beside it: `NAME.2.wav`, `NAME.3.wav`.
    ///
    /// # Errors
    /// [`TakeError`]; then nothing is left behind, and what stood there is untouched.
    pub fn open(path: &Path, rate: SampleRate) -> Result<TakeWriter, TakeError> {
        TakeWriter::on(RealDisk, path, rate, Frames((LONGEST_FILE - HEADER) / 2))
    }

    /// Begins a take on a disk; its files have at most `most` frames each.
    pub(super) fn on<D: Disk>(disk: D, path: &Path, rate: SampleRate, most: Frames) -> Result<TakeWriter, TakeError> {
        let failed = |fault| TakeError::new(path, Frames(0), fault);
        let header = Header::new(rate).map_err(|error| failed(Fault::Write(error)))?;
        let (take, naming) = take_clerk::begin(&disk, path, &header).map_err(|error| failed(Fault::Write(error)))?;
        let start = || {
            let (desk, book) = (Arc::new(Desk::default()), Arc::new(Book::default()));
            book.begin(path.to_path_buf());
            let (files, handles) = mpsc::channel();
            // The other end is here.
            let _ = files.send(naming);
            let syncer = Syncer { book: book.clone(), disk: disk.clone(), header: header.clone(), files: handles };
            let clerk = Clerk {
                desk: desk.clone(),
                book: book.clone(),
                disk: disk.clone(),
                header,
                files,
                first: path.to_path_buf(),
                take,
                most,
            };
            let thread = |name: &str| thread::Builder::new().name(name.into());
            let syncer = thread("take-sync").spawn(move || syncer.work()).map_err(Fault::Write)?;
            let clerk = thread("take").spawn(move || clerk.work()).map_err(|error| {
                book.end();
                Fault::Write(error)
            })?;
            Ok((desk, book, Threads { clerk, syncer }))
        };
        let (desk, book, threads) = start().map_err(|fault| {
            let _ = disk.remove(path);
            failed(fault)
        })?;
        let far_behind = rate.frames(FAR_BEHIND).0 as usize;
        let (level, threads) = (Level::default(), Some(threads));
        Ok(TakeWriter { desk, book, threads, level, failure: None, far_behind, dropped: 0 })
    }

    /// Hands over a block, `dropped` frames of which are silence in the place of lost ones.
    ///
    /// Waits only where the disk is seconds behind, and to learn how much is kept where it has failed.
    ///
    /// # Errors
    /// What stopped the writing of an earlier block; this one and every later one is lost then.
    pub fn push(&mut self, block: &[i16], dropped: u64) -> Result<(), TakeError> {
        let mut tray = self.desk.tray();
        while tray.samples.len() >= self.far_behind && !tray.left {
            tray = self.desk.wait(tray);
        }
        if tray.left {
            drop(tray);
            self.end();
            return self.failure.clone().map_or(Ok(()), Err);
        }
        tray.samples.extend_from_slice(block);
        self.dropped += dropped;
        drop(tray);
        self.desk.changed.notify_all();
        Ok(())
    }

    /// Ends the take: what its parts hold on return is written, synced and named by their headers.
    pub fn close(mut self) -> TakeSummary {
        self.end();
        let page = self.book.page();
        let parts = page.parts.iter().map(|part| Part { path: part.path.clone(), frames: part.named }).collect();
        drop(page);
        TakeSummary { parts, dropped: self.dropped, level: self.level, failure: self.failure.take() }
    }

    /// Ends the threads, and takes in what they leave behind.
    fn end(&mut self) {
        let Some(threads) = self.threads.take() else { return };
        self.desk.close();
        let level = threads.clerk.join();
        let vanished = threads.syncer.join().is_err() || level.is_err();
        self.level = level.unwrap_or_default();
        let mut page = self.book.page();
        let kept = Frames(page.parts.iter().map(|part| part.named.0).sum());
        self.failure = match page.stopped.take() {
            Some((path, fault)) => Some(TakeError::new(&path, kept, fault)),
            None if vanished => {
                let path = page.parts.last().map(|part| part.path.clone()).unwrap_or_default();
                Some(TakeError::Io { path, kept, source: Arc::new(io::Error::other("the writer stopped")) })
            }
            None => None,
        };
    }
}

impl Drop for TakeWriter {
    fn drop(&mut self) {
        self.end();
    }
}

/// Where the session and the thread that writes meet.
#[derive(Debug, Default)]
pub(super) struct Desk {
    tray: Mutex<Tray>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Tray {
    samples: Vec<i16>,
    closing: bool,
    left: bool,
}

impl Desk {
    fn tray(&self) -> MutexGuard<'_, Tray> {
        self.tray.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, tray: MutexGuard<'a, Tray>) -> MutexGuard<'a, Tray> {
        self.changed.wait(tray).unwrap_or_else(PoisonError::into_inner)
    }

    /// Nothing more will be handed over.
    fn close(&self) {
        self.tray().closing = true;
        self.changed.notify_all();
    }

    /// Nothing more will be written.
    pub(super) fn leave(&self) {
        self.tray().left = true;
        self.changed.notify_all();
    }

    /// Takes what lies in the tray in exchange for what is left of `batch`, waiting for something; says whether more
    /// can come. The two change places for ever, so that a long take needs no more memory than a short one.
    pub(super) fn take(&self, batch: &mut Vec<i16>) -> bool {
        batch.clear();
        let idle = |tray: &mut Tray| tray.samples.is_empty() && !tray.closing;
        let mut tray = self.changed.wait_while(self.tray(), idle).unwrap_or_else(PoisonError::into_inner);
        std::mem::swap(batch, &mut tray.samples);
        let more = !tray.closing;
        drop(tray);
        self.changed.notify_all();
        more
    }
}

#[cfg(test)]
#[path = "take_tests.rs"]
mod tests;
