//! The thread of a take that writes: it hands samples to the system as they come, and begins a new file where one is
//! as long as a file may be.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;

use super::take::Desk;
use super::take_file::{Disk, Fault, Header, TakeFile};
use super::take_sync::{Book, Stopped};
use crate::interview::Frames;
use crate::speech::Level;

/// The work of the thread.
pub(super) struct Clerk<D: Disk> {
    pub desk: Arc<Desk>,
    pub book: Arc<Book>,
    pub disk: D,
    pub header: Header,
    /// Where the syncing thread gets a handle on each file.
    pub files: Sender<D::File>,
    /// The file of the take that is named first.
    pub first: PathBuf,
    pub take: TakeFile<D::File>,
    /// How many frames a file may have.
    pub most: Frames,
}

impl<D: Disk> Clerk<D> {
    /// Writes until the take is closed or cannot be written on; says how loud it is.
    pub(super) fn work(mut self) -> Level {
        // Whatever ends this thread, a panic too, nobody must wait for it.
        let _leaving = Leaving(Arc::clone(&self.desk), Arc::clone(&self.book));
        let mut level = Level::default();
        let mut batch = Vec::new();
        loop {
            let more = self.desk.take(&mut batch);
            level.add(&batch);
            if let Err(stopped) = self.write(&batch) {
                self.book.stop(stopped);
                return level;
            }
            if !more || self.book.is_stopped() {
                return level;
            }
        }
    }

    fn write(&mut self, mut samples: &[i16]) -> Result<(), Stopped> {
        while !samples.is_empty() {
            let room = self.most.0.saturating_sub(self.take.written().0);
            if room == 0 {
                self.turn_over()?;
                continue;
            }
            let (fitting, rest) = samples.split_at(samples.len().min(usize::try_from(room).unwrap_or(usize::MAX)));
            let written = self.take.write(fitting);
            self.book.wrote(self.take.written());
            written.map_err(|error| (self.path(), Fault::Write(error)))?;
            samples = rest;
        }
        Ok(())
    }

    /// Begins the next file.
    fn turn_over(&mut self) -> Result<(), Stopped> {
        let number = self.book.page().parts.len() + 1;
        let path = part_path(&self.first, number);
        match begin(&self.disk, &path, &self.header) {
            Ok((take, naming)) => {
                self.take = take;
                self.book.begin(path);
                // Nobody receives it where a sync has failed; then nothing more is written either.
                let _ = self.files.send(naming);
                Ok(())
            }
            Err(error) => Err((path, Fault::Write(error))),
        }
    }

    fn path(&self) -> PathBuf {
        self.book.page().parts.last().map_or_else(|| self.first.clone(), |part| part.path.clone())
    }
}

/// Makes a file and its header; gives it twice, for the samples and for the sizes. Where that fails, none is left.
pub(super) fn begin<D: Disk>(disk: &D, path: &Path, header: &Header) -> io::Result<(TakeFile<D::File>, D::File)> {
    let file = disk.create(path)?;
    let begun = TakeFile::begin(file, header).and_then(|take| Ok((take, disk.again(path)?)));
    begun.inspect_err(|_| {
        let _ = disk.remove(path);
    })
}

/// Where file `number` of a take is, counted from 1.
pub(super) fn part_path(first: &Path, number: usize) -> PathBuf {
    if number == 1 { first.to_path_buf() } else { first.with_extension(format!("{number}.wav")) }
}

struct Leaving(Arc<Desk>, Arc<Book>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.1.end();
        self.0.leave();
    }
}
