//! `analysis/NN-T.peaks`: the outline of a take, kept so that it need not be made again to be drawn.
//!
//! Whatever is wrong with the file, it is passed over: the recording is the truth, and the outline is made in moments.

use std::io;
use std::path::Path;
use std::time::SystemTime;

use super::analyses;
use super::files::{self, Links};
use super::manifest::Recorded;
use crate::speech::peaks::MOST_PEAKS;
use crate::speech::{Peak, Peaks};

/// How the file begins.
const MAGIC: &[u8; 16] = b"greenroom peaks\n";

/// The version of the form, and of how an outline is made.
const SCHEMA: u32 = 1;

/// What is before the peaks, without the name of the recording: how the file begins, the version, the sum of what
/// follows, the rate, the frames of a stretch, all frames, and the length of the name.
const HEADER: usize = 44;

/// Where the sum stands, and what it is of.
const SUM: std::ops::Range<usize> = 20..24;

/// The longest name of a recording that is kept, in bytes.
const LONGEST_NAME: usize = 1_024;

/// The most bytes of such a file.
const LARGEST: u64 = (HEADER + LONGEST_NAME + 4 * (MOST_PEAKS + 1)) as u64;

/// The file of a take: `turn` counts from 0, `take` from 1.
fn name(turn: usize, take: u32) -> String {
    format!("{:02}-{take}.peaks", turn + 1)
}

/// The outline of a take that was kept; `None` where none was, or that of another recording than one of `frames` frames
/// at `rate_hz`, or where the recording has changed since.
pub fn read(session: &Path, turn: usize, take: &Recorded<'_>, rate_hz: u32, frames: u64) -> Option<Peaks> {
    let path = analyses::folder(session)?.join(name(turn, take.number));
    let bytes = files::read(&path, LARGEST, Links::Refuse).ok()?;
    let peaks = decode(&bytes, &take.parts.first()?.file)?;
    let fits = peaks.rate_hz == rate_hz && peaks.frames == frames;
    let is_fresh = analyses::changed(&path).is_none_or(|kept| analyses::is_unchanged_since(session, take, kept));
    (fits && is_fresh).then_some(peaks)
}

/// Keeps the outline of a take, whose first file is called `file`.
///
/// It is not synced: what a power cut takes of it is made again.
///
/// # Errors
/// Where it cannot be written; nothing is lost by that.
pub fn write(session: &Path, turn: usize, take: u32, file: &str, peaks: &Peaks) -> io::Result<()> {
    let bytes = encode(file, peaks).ok_or(io::ErrorKind::InvalidInput)?;
    analyses::put(session, &name(turn, take), &[&bytes])
}

/// Whether a file that is written now would count: of a recording from the future none does, and it would be written
/// for nothing each time.
pub fn would_count(session: &Path, take: &Recorded<'_>) -> bool {
    analyses::is_unchanged_since(session, take, SystemTime::now())
}

/// How many stretches there are of so many frames.
fn stretches(frames: u64, slice: u32) -> Option<usize> {
    let count = if slice == 0 { None } else { usize::try_from(frames.div_ceil(slice.into())).ok() };
    count.filter(|count| *count <= MOST_PEAKS + 1)
}

/// The bytes of a file; `None` for an outline that is none.
fn encode(file: &str, peaks: &Peaks) -> Option<Vec<u8>> {
    let Peaks { rate_hz, frames, slice, peaks } = peaks;
    if stretches(*frames, *slice) != Some(peaks.len()) || file.len() > LONGEST_NAME {
        return None;
    }
    let mut bytes = Vec::with_capacity(HEADER + file.len() + 4 * peaks.len());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&SCHEMA.to_le_bytes());
    bytes.extend_from_slice(&[0; 4]);
    bytes.extend_from_slice(&rate_hz.to_le_bytes());
    bytes.extend_from_slice(&slice.to_le_bytes());
    bytes.extend_from_slice(&frames.to_le_bytes());
    bytes.extend_from_slice(&(file.len() as u32).to_le_bytes());
    bytes.extend_from_slice(file.as_bytes());
    for Peak { low, high } in peaks {
        bytes.extend_from_slice(&low.to_le_bytes());
        bytes.extend_from_slice(&high.to_le_bytes());
    }
    let sum = crc32fast::hash(&bytes[SUM.end..]);
    bytes[SUM].copy_from_slice(&sum.to_le_bytes());
    Some(bytes)
}

/// The outline in the bytes of a file, where it is that of the recording `file`; whatever the bytes are.
fn decode(bytes: &[u8], file: &str) -> Option<Peaks> {
    let four = |at: usize| bytes.get(at..)?.first_chunk::<4>().copied().map(u32::from_le_bytes);
    if bytes.get(..MAGIC.len())? != MAGIC || four(MAGIC.len())? != SCHEMA {
        return None;
    }
    if four(SUM.start)? != crc32fast::hash(bytes.get(SUM.end..)?) {
        return None;
    }
    let (rate_hz, slice) = (four(24)?, four(28)?);
    let frames = u64::from_le_bytes(*bytes.get(32..)?.first_chunk()?);
    let begins = HEADER.checked_add(usize::try_from(four(40)?).ok()?)?;
    if bytes.get(HEADER..begins)? != file.as_bytes() || rate_hz == 0 {
        return None;
    }
    let (values, rest) = bytes.get(begins..)?.as_chunks::<4>();
    if stretches(frames, slice)? != values.len() || !rest.is_empty() {
        return None;
    }
    let peak = |&[a, b, c, d]: &[u8; 4]| Peak { low: i16::from_le_bytes([a, b]), high: i16::from_le_bytes([c, d]) };
    let peaks: Vec<Peak> = values.iter().map(peak).collect();
    peaks.iter().all(|peak| peak.low <= peak.high).then_some(Peaks { rate_hz, frames, slice, peaks })
}

#[cfg(test)]
#[path = "peaks_file_tests.rs"]
mod tests;
