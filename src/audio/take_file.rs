//! One file of a take while it grows: what may be lost when the program or the disk fails is decided here.
//!
//! Samples go to the system as they come, without a buffer in between.
//! The header follows them through a handle of its own, and only as far as its caller knows them to be on the disk.
//! Knows no thread and no clock.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Cursor, Seek, SeekFrom, Write};
use std::path::Path;

use hound::WavWriter;

use super::private_file;
use super::wav;
use crate::interview::{Frames, SampleRate};

/// Bytes before the first sample.
pub(super) const HEADER: u64 = 44;

/// How many of its bytes the size counts that stands first in the file.
const COUNTED: u64 = HEADER - 8;

/// How many samples are turned into bytes at once.
const PIECE: usize = 1 << 14;

/// The disk, or something that fails like one.
pub(super) trait Disk: Clone + Send + 'static {
    /// A file on it.
    type File: Medium;
    /// Makes a new file that only its owner may read.
    fn create(&self, path: &Path) -> io::Result<Self::File>;
    /// Opens the file once more: the handle has a position of its own.
    fn again(&self, path: &Path) -> io::Result<Self::File>;
    /// Makes the name of a file outlast a power cut.
    fn sync_name(&self, path: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
}

/// A file, or something that fails like one.
pub(super) trait Medium: Write + Seek + Send + 'static {
    /// Waits until what was written, through whichever handle, is on the disk.
    fn sync(&self) -> io::Result<()>;
    /// Cuts the file off.
    fn cut(&self, length: u64) -> io::Result<()>;
}

/// The disk of this machine.
#[derive(Clone, Copy)]
pub(super) struct RealDisk;

impl Disk for RealDisk {
    type File = File;

    fn create(&self, path: &Path) -> io::Result<File> {
        private_file::create(path)
    }

    fn again(&self, path: &Path) -> io::Result<File> {
        OpenOptions::new().read(true).write(true).open(path)
    }

    fn sync_name(&self, path: &Path) -> io::Result<()> {
        private_file::sync_folder_of(path)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }
}

impl Medium for File {
    fn sync(&self) -> io::Result<()> {
        self.sync_data()
    }

    fn cut(&self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }
}

/// What stopped a take.
#[derive(Debug)]
pub(super) enum Fault {
    /// Something could not be written.
    Write(io::Error),
    /// What was written may not be on the disk.
    Sync(io::Error),
}

impl Fault {
    /// Whether the disk itself is to blame, and not its fullness.
    pub(super) fn is_of_the_disk(&self) -> bool {
        match self {
            Fault::Sync(_) => true,
            // A file system that found itself broken takes no more writes.
            Fault::Write(error) => error.kind() == io::ErrorKind::ReadOnlyFilesystem || is_io_failure(error),
        }
    }

    pub(super) fn into_error(self) -> io::Error {
        match self {
            Fault::Write(error) | Fault::Sync(error) => error,
        }
    }
}

#[cfg(unix)]
fn is_io_failure(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EIO | libc::ENXIO | libc::ENODEV))
}

/// A write fault, a failed check, an error of the device, a device that is gone: as Windows counts them.
#[cfg(not(unix))]
fn is_io_failure(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(23 | 29 | 433 | 1117 | 1167))
}

/// What stands before the samples: it says how many there are.
#[derive(Debug, Clone)]
pub(super) struct Header([u8; HEADER as usize]);

impl Header {
    /// The header of an empty file.
    ///
    /// # Errors
    /// For a rate that no header can hold.
    pub(super) fn new(rate: SampleRate) -> io::Result<Header> {
        let spec = wav::mono_spec(rate.0)
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, format!("{rate} is no rate for a file")))?;
        let mut bytes = Vec::new();
        WavWriter::new(Cursor::new(&mut bytes), spec).and_then(WavWriter::finalize).map_err(wav::io_error)?;
        let bytes = bytes.try_into().map_err(|_| io::Error::other("the header has another length than it should"))?;
        Ok(Header(bytes))
    }

    /// Makes a file say that it has so many frames, in one write: no kill leaves it half said.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn name(&mut self, medium: &mut impl Medium, frames: Frames) -> io::Result<()> {
        let too_long = |_| io::Error::new(io::ErrorKind::FileTooLarge, "the sizes in a header have 32 bits");
        let outer = u32::try_from(frames.0 * 2 + COUNTED).map_err(too_long)?;
        self.0[4..8].copy_from_slice(&outer.to_le_bytes());
        self.0[40..44].copy_from_slice(&(outer - COUNTED as u32).to_le_bytes());
        medium.seek(SeekFrom::Start(0))?;
        medium.write_all(&self.0)
    }
}

/// A file of a take, as far as samples go: only ever longer.
pub(super) struct TakeFile<M: Medium> {
    medium: M,
    written: u64,
    bytes: Vec<u8>,
}

impl<M: Medium> TakeFile<M> {
    /// Begins an empty file with a header that is valid at once.
    pub(super) fn begin(mut medium: M, header: &Header) -> io::Result<TakeFile<M>> {
        medium.write_all(&header.0)?;
        Ok(TakeFile { medium, written: 0, bytes: Vec::with_capacity(PIECE * 2) })
    }

    /// Writes samples through to the system.
    ///
    /// # Errors
    /// What the system says. What reached it before counts as written, and nothing must be written after it.
    pub(super) fn write(&mut self, samples: &[i16]) -> io::Result<()> {
        for piece in samples.chunks(PIECE) {
            self.bytes.clear();
            self.bytes.extend(piece.iter().flat_map(|sample| sample.to_le_bytes()));
            let mut reached = 0;
            while reached < self.bytes.len() {
                match self.medium.write(&self.bytes[reached..]) {
                    Ok(0) => return self.stop(reached, io::ErrorKind::WriteZero.into()),
                    Ok(count) => reached += count,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return self.stop(reached, error),
                }
            }
            self.written += piece.len() as u64;
        }
        Ok(())
    }

    fn stop(&mut self, reached: usize, error: io::Error) -> io::Result<()> {
        self.written += reached as u64 / 2;
        if reached % 2 == 1 {
            // Half a sample is of no use to anybody, and of no harm where it cannot be cut off.
            let _ = self.medium.cut(HEADER + self.written * 2);
        }
        Err(error)
    }

    /// How much was written.
    pub(super) fn written(&self) -> Frames {
        Frames(self.written)
    }
}

#[cfg(test)]
#[path = "take_file_tests.rs"]
mod tests;
