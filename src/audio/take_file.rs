//! The file of a take while it grows: what may be lost when the program or the disk fails is decided here.
//!
//! Samples go to the system as they come, without a buffer in between, and the sizes in the header follow them.
//! Knows no thread and no clock; its caller says when to name and when to sync.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};

use hound::WavWriter;

use super::wav;
use crate::interview::{Frames, SampleRate};
use crate::speech::Level;

/// Bytes before the first sample.
const HEADER: u64 = 44;

/// What a take is written to: a file, or something that fails like one.
pub(super) trait Medium: Write + Seek + Sized {
    /// Another handle on the same medium, with the same position.
    fn again(&self) -> io::Result<Self>;
    /// Cuts the medium off, or lengthens it with zeros.
    fn cut(&self, length: u64) -> io::Result<()>;
}

impl Medium for File {
    fn again(&self) -> io::Result<File> {
        self.try_clone()
    }

    fn cut(&self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }
}

/// Why a take does not go on.
#[derive(Debug)]
pub(super) enum Fault {
    /// The medium failed.
    Io(io::Error),
    /// The format holds no more.
    TooLong,
}

/// A WAV file that grows.
pub(super) struct TakeFile<M: Medium> {
    writer: WavWriter<M>,
    handle: M,
    level: Level,
    named: u64,
    most: u64,
}

impl<M: Medium> TakeFile<M> {
    /// Begins an empty medium with a header that is valid at once.
    pub(super) fn begin(medium: M, rate: SampleRate) -> io::Result<TakeFile<M>> {
        let spec = wav::mono_spec(rate.0)
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, format!("{rate} is no rate for a file")))?;
        let handle = medium.again()?;
        let mut writer = WavWriter::new(medium, spec).map_err(wav::io_error)?;
        writer.flush().map_err(wav::io_error)?;
        Ok(TakeFile { writer, handle, level: Level::default(), named: 0, most: wav::MOST_BYTES / 2 })
    }

    /// Writes samples through to the system.
    ///
    /// After an error, what is there of them is kept and named as far as the medium still allows, and the file must
    /// not be written to again.
    pub(super) fn write(&mut self, samples: &[i16]) -> Result<(), Fault> {
        let room = self.most - self.kept().0;
        let fitting = samples.get(..room as usize).unwrap_or(samples);
        if let Err(error) = wav::append(&mut self.writer, fitting) {
            self.salvage(fitting);
            return Err(Fault::Io(error));
        }
        self.level.add(fitting);
        if fitting.len() < samples.len() { Err(Fault::TooLong) } else { Ok(()) }
    }

    /// Makes the header name all that was written.
    pub(super) fn name(&mut self) -> io::Result<()> {
        self.writer.flush().map_err(wav::io_error)?;
        self.named = self.kept().0;
        Ok(())
    }

    /// How much was written that the header does not name yet.
    pub(super) fn unnamed(&self) -> Frames {
        Frames(self.kept().0 - self.named)
    }

    /// How much was written.
    pub(super) fn kept(&self) -> Frames {
        Frames(u64::from(self.writer.len()))
    }

    /// How loud it is.
    pub(super) fn level(&self) -> Level {
        self.level
    }

    /// Keeps the part of a block that reached the medium before it failed.
    ///
    /// hound counts a block only when it is complete, so the part is written once more, over itself: that takes no room.
    fn salvage(&mut self, block: &[i16]) {
        let start = HEADER + self.kept().0 * 2;
        let reached = self.handle.stream_position().unwrap_or(start).saturating_sub(start) / 2;
        let whole = &block[..(reached as usize).min(block.len())];
        let cut = self.handle.cut(start + whole.len() as u64 * 2);
        if cut.and_then(|()| self.handle.seek(SeekFrom::Start(start))).is_ok()
            && wav::append(&mut self.writer, whole).is_ok()
        {
            self.level.add(whole);
        }
        let _ = self.name();
    }
}

#[cfg(test)]
#[path = "take_file_tests.rs"]
mod tests;
