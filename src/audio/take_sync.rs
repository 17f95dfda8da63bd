//! The thread of a take that syncs, and that lets a header name what a sync has put on the disk.
//!
//! A sync may take long just when the disk is busy: whoever writes does not wait for it.
//! One that failed is not tried again, because the system may have let go of what it could not write and call the next
//! one a success.

use std::path::PathBuf;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::take_file::{Disk, Fault, Header, Medium};
use crate::interview::Frames;

/// How long what is written may wait for its sync, in wall time. With the sync itself and the next one, which brings
/// the header to the disk, little more than a second is lost with the power; with the program nothing is.
const SYNC_EVERY: Duration = Duration::from_millis(500);

/// What the thread that writes and the one that syncs know of each other.
#[derive(Debug, Default)]
pub(super) struct Book {
    page: Mutex<Page>,
    turned: Condvar,
}

/// What stands in a [`Book`].
#[derive(Debug, Default)]
pub(super) struct Page {
    /// The files of the take, in their order.
    pub parts: Vec<PartState>,
    /// Nothing more will be written.
    pub ended: bool,
    /// What stopped the take first.
    pub stopped: Option<Stopped>,
}

/// What stopped a take, and at which of its files.
pub(super) type Stopped = (PathBuf, Fault);

/// How far a file of a take has come.
#[derive(Debug, Clone)]
pub(super) struct PartState {
    pub path: PathBuf,
    /// How much of it is with the system.
    pub written: Frames,
    /// How much of it is on the disk and named by its header.
    pub named: Frames,
}

impl Book {
    pub(super) fn page(&self) -> MutexGuard<'_, Page> {
        self.page.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins the next file.
    pub(super) fn begin(&self, path: PathBuf) {
        self.page().parts.push(PartState { path, written: Frames(0), named: Frames(0) });
        self.turned.notify_all();
    }

    /// Notes how much of the newest file is with the system.
    pub(super) fn wrote(&self, written: Frames) {
        if let Some(part) = self.page().parts.last_mut() {
            part.written = written;
        }
    }

    /// Notes what stops the take. What comes after it is a consequence, and no news.
    pub(super) fn stop(&self, stopped: Stopped) {
        self.page().stopped.get_or_insert(stopped);
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.page().stopped.is_some()
    }

    /// Nothing more will be written.
    pub(super) fn end(&self) {
        self.page().ended = true;
        self.turned.notify_all();
    }

    /// Waits until file `part` is complete, no longer than `patience`; says how much of it is written and whether that
    /// is all.
    fn await_end_of(&self, part: usize, patience: Duration) -> (Frames, bool) {
        let complete = |page: &Page| page.ended || page.parts.len() > part + 1;
        let waited = self.turned.wait_timeout_while(self.page(), patience, |page| !complete(page));
        let page = waited.unwrap_or_else(PoisonError::into_inner).0;
        (page.parts[part].written, complete(&page))
    }
}

/// The work of the thread.
pub(super) struct Syncer<D: Disk> {
    pub book: Arc<Book>,
    pub disk: D,
    pub header: Header,
    /// A handle on each file of the take, in their order.
    pub files: Receiver<D::File>,
}

impl<D: Disk> Syncer<D> {
    /// Syncs until the take is over.
    pub(super) fn work(mut self) {
        let mut part = 0;
        while let Ok(file) = self.files.recv() {
            if let Err(fault) = self.keep(part, file) {
                let path = self.book.page().parts[part].path.clone();
                return self.book.stop((path, fault));
            }
            part += 1;
        }
    }

    /// Keeps a file as far as it is written, until it is complete.
    fn keep(&mut self, part: usize, mut file: D::File) -> Result<(), Fault> {
        // A slow first sync leaves what is written meanwhile no longer to wait for the next one.
        let mut synced_at = Instant::now();
        let path = self.book.page().parts[part].path.clone();
        file.sync().and_then(|()| self.disk.sync_name(&path)).map_err(Fault::Sync)?;
        let mut named = Frames(0);
        loop {
            let patience = SYNC_EVERY.saturating_sub(synced_at.elapsed());
            let (written, complete) = self.book.await_end_of(part, patience);
            synced_at = Instant::now();
            if written > named {
                file.sync().map_err(Fault::Sync)?;
                self.header.name(&mut file, written).map_err(Fault::Write)?;
                named = written;
                self.book.page().parts[part].named = named;
            }
            if complete {
                return file.sync().map_err(Fault::Sync);
            }
        }
    }
}
