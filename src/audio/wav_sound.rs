//! The sound of a WAV file piece by piece, at full precision, for whoever measures it.
//!
//! Holds one piece and never the whole.

use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use super::wav::{self, WavError};
use super::wav_header::{self, Encoding, Header};

/// About how many bytes are read at once.
const PIECE: usize = 1 << 16;

/// A WAV file that is being read.
#[derive(Debug)]
pub struct WavSound {
    path: PathBuf,
    file: File,
    header: Header,
    /// Bytes of sound that are still to be read.
    left: u64,
    bytes: Vec<u8>,
    samples: Vec<f32>,
}

impl WavSound {
    /// Opens a file: 8, 16, 24 and 32-bit integers and 32 and 64-bit floating point at 4 to 384 kHz. Of a file that a crash
    /// left with false sizes, the sound that is there is read; a file without sound has none.
    ///
    /// # Errors
    /// [`WavError`], which names the file.
    pub fn open(path: &Path) -> Result<WavSound, WavError> {
        WavSound::open_at(path, &wav_header::RATES)
    }

    /// Opens a file of any rate that is played, 1 to 768 kHz; as [`WavSound::open`] does else.
    ///
    /// # Errors
    /// [`WavError`], which names the file.
    pub fn open_played(path: &Path) -> Result<WavSound, WavError> {
        WavSound::open_at(path, &wav_header::PLAYED)
    }

    fn open_at(path: &Path, rates: &RangeInclusive<u32>) -> Result<WavSound, WavError> {
        let (mut file, header) = wav::open_at(path, rates)?;
        let frame = header.encoding.bytes() * header.channels;
        file.seek(SeekFrom::Start(header.start)).map_err(|source| WavError::Io { path: path.into(), source })?;
        Ok(WavSound {
            path: path.into(),
            file,
            header,
            left: header.frames.saturating_mul(frame as u64),
            bytes: vec![0; (PIECE / frame).max(1) * frame],
            samples: Vec::new(),
        })
    }

    /// Frames a second.
    pub fn rate(&self) -> u32 {
        self.header.rate
    }

    /// Samples a frame; at least one.
    pub fn channels(&self) -> usize {
        self.header.channels
    }

    /// How many frames it has.
    pub fn frames(&self) -> u64 {
        self.header.frames
    }

    /// The next samples, some tens of thousands, full scale being 1, the channels of each frame one after the other; `None` at the end. A file
    /// that was cut since it was opened ends where it was cut.
    ///
    /// # Errors
    /// [`WavError::Io`] where it cannot be read.
    pub fn piece(&mut self) -> Result<Option<&[f32]>, WavError> {
        let wanted = self.left.min(self.bytes.len() as u64) as usize;
        let failed = |source: io::Error| WavError::Io { path: self.path.clone(), source };
        let got = wav::read_up_to(&mut self.file, &mut self.bytes[..wanted]).map_err(failed)?;
        self.left = if got < wanted { 0 } else { self.left - got as u64 };
        let frame = self.header.encoding.bytes() * self.header.channels;
        let whole = got - got % frame;
        if whole == 0 {
            return Ok(None);
        }
        self.samples.clear();
        decode(&self.bytes[..whole], self.header.encoding, &mut self.samples);
        Ok(Some(&self.samples))
    }
}

/// Appends the samples that `bytes` are, full scale being 1.
pub(super) fn decode(bytes: &[u8], encoding: Encoding, samples: &mut Vec<f32>) {
    const FULL: f32 = 2_147_483_648.0;
    match encoding {
        Encoding::U8 => samples.extend(bytes.iter().map(|&byte| (f32::from(byte) - 128.0) / 128.0)),
        Encoding::I16 => by(bytes, samples, |b: [u8; 2]| f32::from(i16::from_le_bytes(b)) / 32_768.0),
        Encoding::I24 => by(bytes, samples, |[a, b, c]: [u8; 3]| i32::from_le_bytes([0, a, b, c]) as f32 / FULL),
        Encoding::I24In4 => by(bytes, samples, |[a, b, c, _]: [u8; 4]| i32::from_le_bytes([0, a, b, c]) as f32 / FULL),
        Encoding::I32 => by(bytes, samples, |b: [u8; 4]| i32::from_le_bytes(b) as f32 / FULL),
        Encoding::F32 => by(bytes, samples, f32::from_le_bytes),
        Encoding::F64 => by(bytes, samples, |b: [u8; 8]| f64::from_le_bytes(b) as f32),
    }
}

fn by<const N: usize>(bytes: &[u8], samples: &mut Vec<f32>, value: impl Fn([u8; N]) -> f32) {
    let (whole, _) = bytes.as_chunks::<N>();
    samples.extend(whole.iter().map(|&bytes| value(bytes)));
}

#[cfg(test)]
#[path = "wav_sound_tests.rs"]
mod tests;
