//! Whole WAV files: any that is common in, mono 16-bit out.
//!
//! For prompts, answers that are played as a microphone, and takes that are listened to.
//! Knows nothing of how a take comes onto the disk while it is being spoken.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use hound::{SampleFormat, WavSpec, WavWriter};

use super::private_file;
use super::wav_header::{self, Encoding, Fault, Header};
use crate::interview::text;
use crate::interview::{Frames, SampleRate};
use crate::ports::Clip;

/// The most bytes of sound that fit under the 32-bit sizes of the format, beside the 36 bytes that are counted with it.
pub(super) const MOST_BYTES: u64 = u32::MAX as u64 - 37;

/// How many bytes are read or written at once.
const PIECE: usize = 1 << 18;

/// Why a WAV file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum WavError {
    /// The file is something else.
    #[error("{} is not a WAV file: {reason}", text::path(path))]
    NotWav {
        /// Which file.
        path: PathBuf,
        /// How that shows.
        reason: String,
    },
    /// The file is a WAV file of a kind that is not read here.
    #[error(
        "{} cannot be read: {reason}; convert it to 16-bit PCM, for example with `sox IN -b 16 OUT.wav`",
        text::path(path)
    )]
    Unsupported {
        /// Which file.
        path: PathBuf,
        /// What is not supported.
        reason: String,
    },
    /// The file is a WAV file without sound.
    #[error("{} has no sound in it", text::path(path))]
    Empty {
        /// Which file.
        path: PathBuf,
    },
    /// The system refused.
    #[error("{}: {source}", text::path(path))]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// How much sound a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Frames a second.
    pub rate: SampleRate,
    /// How many of them.
    pub frames: Frames,
}

/// Says how much sound a file holds without reading the sound.
///
/// # Errors
/// As [`read`].
pub fn measure(path: &Path) -> Result<Extent, WavError> {
    let (_, header) = open_sound(path)?;
    Ok(Extent { rate: SampleRate(header.rate), frames: Frames(header.frames) })
}

/// Reads a WAV file whole, its channels mixed to one.
///
/// 8, 16, 24 and 32-bit integers and 32 and 64-bit floating point are read, at 4 to 384 kHz; 16-bit mono comes out bit for
/// bit. Of a file that a crash left with false sizes, the sound that is there is read.
///
/// # Errors
/// [`WavError`], which names the file.
pub fn read(path: &Path) -> Result<Clip, WavError> {
    let (mut file, header) = open_sound(path)?;
    let samples = decode(&mut file, &header).map_err(|source| WavError::Io { path: path.into(), source })?;
    if samples.is_empty() {
        return Err(WavError::Empty { path: path.into() });
    }
    Ok(Clip { rate: header.rate, samples })
}

/// Writes a clip to a new file that only its owner may read, and syncs it.
///
/// # Errors
/// [`WavError::Io`] of kind `AlreadyExists` where the file exists, and what else the system says: then no file is left;
/// [`WavError::Unsupported`] for a clip with no rate or too long for the format.
pub fn write(path: &Path, clip: &Clip) -> Result<(), WavError> {
    let spec = mono_spec(clip.rate).filter(|_| clip.samples.len() as u64 * 2 <= MOST_BYTES).ok_or_else(|| {
        let reason = format!("{} samples at {} Hz do not fit the format", clip.samples.len(), clip.rate);
        WavError::Unsupported { path: path.into(), reason }
    })?;
    let failed = |source| WavError::Io { path: path.into(), source };
    let file = private_file::create(path).map_err(failed)?;
    let written = write_samples(&file, spec, &clip.samples)
        .and_then(|()| file.sync_all())
        .and_then(|()| private_file::sync_folder_of(path));
    written.map_err(|error| {
        // What is left is a part of a prompt that nobody asks for; it would stand in the way of the next attempt.
        let _ = fs::remove_file(path);
        failed(error)
    })
}

/// The form in which greenroom writes sound: mono, 16-bit. None for a rate that no header can hold.
pub(super) fn mono_spec(rate: u32) -> Option<WavSpec> {
    let spec = WavSpec { channels: 1, sample_rate: rate, bits_per_sample: 16, sample_format: SampleFormat::Int };
    (1..=u32::MAX / 2).contains(&rate).then_some(spec)
}

/// Writes samples through hound in one piece.
///
/// # Errors
/// What the sink says.
pub(super) fn append<W: io::Write + Seek>(writer: &mut WavWriter<W>, samples: &[i16]) -> io::Result<()> {
    let mut block = writer.get_i16_writer(samples.len() as u32);
    for &sample in samples {
        block.write_sample(sample);
    }
    block.flush().map_err(io_error)
}

/// What the system said to hound.
pub(super) fn io_error(error: hound::Error) -> io::Error {
    match error {
        hound::Error::IoError(error) => error,
        other => io::Error::other(other),
    }
}

fn write_samples(file: &File, spec: WavSpec, samples: &[i16]) -> io::Result<()> {
    let mut writer = WavWriter::new(file, spec).map_err(io_error)?;
    for piece in samples.chunks(PIECE / 2) {
        append(&mut writer, piece)?;
    }
    writer.finalize().map_err(io_error)
}

/// Opens a file that may have no sound in it.
///
/// # Errors
/// [`WavError`], which names the file.
pub(super) fn open(path: &Path) -> Result<(File, Header), WavError> {
    open_at(path, &wav_header::RATES)
}

/// Opens a file whose rate is one of `rates`.
///
/// # Errors
/// [`WavError`], which names the file.
pub(super) fn open_at(path: &Path, rates: &RangeInclusive<u32>) -> Result<(File, Header), WavError> {
    let failed = |source| WavError::Io { path: path.into(), source };
    // Looked at before it is opened: opening a named pipe would wait for its other end.
    let metadata = fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() {
        let reason = if metadata.is_dir() { "it is a folder" } else { "it is not a regular file" };
        return Err(WavError::NotWav { path: path.into(), reason: reason.into() });
    }
    let mut file = File::open(path).map_err(failed)?;
    let header = wav_header::read(&mut file, metadata.len(), rates).map_err(|fault| match fault {
        Fault::NotWav(reason) => WavError::NotWav { path: path.into(), reason: reason.into() },
        Fault::Unsupported(reason) => WavError::Unsupported { path: path.into(), reason },
        Fault::Io(source) => failed(source),
    })?;
    Ok((file, header))
}

/// Opens a file that has sound in it.
fn open_sound(path: &Path) -> Result<(File, Header), WavError> {
    let (file, header) = open(path)?;
    if header.frames == 0 {
        return Err(WavError::Empty { path: path.into() });
    }
    Ok((file, header))
}

fn decode(file: &mut File, header: &Header) -> io::Result<Vec<i16>> {
    let frame = header.encoding.bytes() * header.channels;
    let mut samples = Vec::new();
    samples.try_reserve_exact(usize::try_from(header.frames).unwrap_or(usize::MAX))?;
    file.seek(SeekFrom::Start(header.start))?;
    let mut piece = vec![0; (PIECE / frame).max(1) * frame];
    let mut left = header.frames * frame as u64;
    while left > 0 {
        let wanted = left.min(piece.len() as u64) as usize;
        let got = read_up_to(file, &mut piece[..wanted])?;
        mix(&piece[..got - got % frame], header, &mut samples);
        if got < wanted {
            break;
        }
        left -= got as u64;
    }
    Ok(samples)
}

/// Fills the buffer as far as the file goes: it may have been cut since it was measured.
pub(super) fn read_up_to(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

fn mix(bytes: &[u8], header: &Header, samples: &mut Vec<i16>) {
    match (header.encoding, header.channels) {
        (Encoding::I16, 1) => samples.extend(bytes.chunks_exact(2).map(|b| i16::from_le_bytes([b[0], b[1]]))),
        (Encoding::U8, n) => mix_by::<1>(bytes, n, samples, |b| (i32::from(b[0]) - 128) << 24),
        (Encoding::I16, n) => mix_by::<2>(bytes, n, samples, |b| i32::from_le_bytes([0, 0, b[0], b[1]])),
        (Encoding::I24, n) => mix_by::<3>(bytes, n, samples, |b| i32::from_le_bytes([0, b[0], b[1], b[2]])),
        (Encoding::I24In4, n) => mix_by::<4>(bytes, n, samples, |b| i32::from_le_bytes([0, b[0], b[1], b[2]])),
        (Encoding::I32, n) => mix_by::<4>(bytes, n, samples, i32::from_le_bytes),
        // The conversion to an integer saturates, and makes 0 of what is not a number.
        (Encoding::F32, n) => {
            mix_by::<4>(bytes, n, samples, |b| (f64::from(f32::from_le_bytes(b)) * 2_147_483_648.0).round() as i32);
        }
        (Encoding::F64, n) => {
            mix_by::<8>(bytes, n, samples, |b| (f64::from_le_bytes(b) * 2_147_483_648.0).round() as i32);
        }
    }
}

/// Mixes frames of `channels` samples of `N` bytes; `full` makes 32 bits at full scale of a sample.
fn mix_by<const N: usize>(bytes: &[u8], channels: usize, samples: &mut Vec<i16>, full: impl Fn([u8; N]) -> i32) {
    samples.extend(bytes.chunks_exact(N * channels).map(|frame| {
        let mut sum = 0i64;
        for sample in frame.chunks_exact(N) {
            let mut bytes = [0; N];
            bytes.copy_from_slice(sample);
            sum += i64::from(full(bytes));
        }
        let mean = sum.div_euclid(channels as i64);
        ((mean + 0x8000) >> 16).clamp(i64::from(i16::MIN), i64::from(i16::MAX)) as i16
    }));
}

#[cfg(test)]
#[path = "wav_tests.rs"]
mod tests;
