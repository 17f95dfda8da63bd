//! The sound of a WAV file from any place on, mixed to one channel, for whoever plays it.
//!
//! Opening reads the header alone; what is held is one page and never the whole.

use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::wav::{self, WavError};
use super::wav_header::{self, Header};
use super::wav_sound::decode;

/// About how many bytes are read at once: a third of a second of 16-bit mono.
const PAGE: usize = 1 << 15;

/// A WAV file that is played.
#[derive(Debug)]
pub struct WavTrack {
    path: PathBuf,
    file: File,
    header: Header,
    frames: u64,
    bytes: Vec<u8>,
    samples: Vec<f32>,
    /// The frames that were read last, mixed, and the first of them.
    page: Vec<f32>,
    first: u64,
}

impl WavTrack {
    /// Opens a file: 8, 16, 24 and 32-bit integers and 32 and 64-bit floating point, any number of channels, at 1 to
    /// 768 kHz. Of a file that a crash left with false sizes, the sound that is there is played; a file without sound
    /// has no frames.
    ///
    /// # Errors
    /// [`WavError`], which names the file.
    pub fn open(path: &Path) -> Result<WavTrack, WavError> {
        let (file, header) = wav::open_at(path, &wav_header::PLAYED)?;
        Ok(WavTrack {
            path: path.into(),
            file,
            header,
            frames: header.frames,
            bytes: Vec::new(),
            samples: Vec::new(),
            page: Vec::new(),
            first: 0,
        })
    }

    /// Frames a second.
    pub fn rate(&self) -> u32 {
        self.header.rate
    }

    /// How many frames it has; fewer than there were where the file is found to have been cut.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// Fills `output` with the frames from `from` on, full scale being 1; behind the last frame is silence.
    ///
    /// # Errors
    /// [`WavError::Io`] where it cannot be read.
    pub fn read(&mut self, from: u64, output: &mut [f32]) -> Result<(), WavError> {
        let mut done = 0;
        while done < output.len() {
            let at = from + done as u64;
            if at >= self.frames {
                output[done..].fill(0.0);
                break;
            }
            if !(self.first..self.first + self.page.len() as u64).contains(&at) {
                let read = self.turn_to(at);
                read.map_err(|source| WavError::Io { path: self.path.clone(), source })?;
                continue;
            }
            let there = &self.page[(at - self.first) as usize..];
            let count = there.len().min(output.len() - done);
            output[done..done + count].copy_from_slice(&there[..count]);
            done += count;
        }
        Ok(())
    }

    /// Reads the page that begins with a frame; where the file does not have it any more, it ends there.
    fn turn_to(&mut self, frame: u64) -> io::Result<()> {
        let size = self.header.encoding.bytes() * self.header.channels;
        let wanted = ((PAGE / size).max(1) as u64).min(self.frames - frame) as usize;
        self.bytes.resize(wanted * size, 0);
        self.page.clear();
        self.file.seek(SeekFrom::Start(self.header.start + frame * size as u64))?;
        let got = wav::read_up_to(&mut self.file, &mut self.bytes)? / size;
        if got < wanted {
            self.frames = frame + got as u64;
        }
        self.samples.clear();
        decode(&self.bytes[..got * size], self.header.encoding, &mut self.samples);
        let share = 1.0 / self.header.channels as f32;
        // Floating point may be beyond full scale, and no number at all.
        let whole = |sample: &f32| if sample.is_nan() { 0.0 } else { sample.clamp(-1.0, 1.0) };
        self.page.extend(self.samples.chunks_exact(self.header.channels).map(|frame| match frame {
            [sample] => whole(sample),
            frame => frame.iter().map(whole).sum::<f32>() * share,
        }));
        self.first = frame;
        Ok(())
    }
}

#[cfg(test)]
#[path = "wav_track_tests.rs"]
mod tests;
