//! The header of a take: what it says, whether that can be, and how it is written anew.
//!
//! It never reads the sound, however long the file is.

use std::io::{self, Read};
use std::path::Path;

use super::files::{self, Links};

/// Bytes before the first sample of a take.
pub(super) const HEADER: u64 = 44;

/// Where the samples of a file that another program wrote must have begun, in bytes.
const FARTHEST: u64 = 64 << 10;

/// What a header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Head {
    /// It is as greenroom writes it.
    Ours {
        /// Frames a second.
        rate: u32,
        /// Frames that it names.
        said: u64,
        /// Whether every byte of it is right for that.
        exact: bool,
    },
    /// A mono 16-bit file whose samples begin elsewhere: another program has saved it.
    Saved {
        /// Frames a second.
        rate: u32,
        /// Frames that it names.
        said: u64,
        /// Where the samples begin, in bytes.
        start: u64,
    },
    /// A WAV file that is no take.
    Foreign {
        /// Samples a frame.
        channels: u16,
        /// Bits a sample.
        bits: u16,
    },
    /// There is none, or it contradicts itself.
    Destroyed,
}

/// What is where a take should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing.
    Missing,
    /// Something that is no file, in two words.
    Other(&'static str),
    /// A file that cannot be read, for this reason.
    Unreadable(String),
    /// A file.
    File {
        /// In bytes.
        length: u64,
        /// Its header.
        head: Head,
    },
}

/// Looks at what is where a take should be.
pub(super) fn probe(path: &Path) -> Found {
    match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Found::Missing,
        Err(error) => return Found::Unreadable(error.to_string()),
        Ok(there) if there.is_symlink() => return Found::Other("a link"),
        Ok(there) if there.is_dir() => return Found::Other("a folder"),
        Ok(there) if !there.is_file() => return Found::Other("no file"),
        Ok(_) => {}
    }
    let looked = || {
        let mut file = files::open_regular(path, Links::Refuse)?;
        let length = file.metadata()?.len();
        let mut bytes = Vec::new();
        (&mut file).take(HEADER).read_to_end(&mut bytes)?;
        let mut head = read(&bytes);
        if head == Head::Destroyed {
            file.take(FARTHEST - HEADER).read_to_end(&mut bytes)?;
            head = read(&bytes);
        }
        Ok(Found::File { length, head })
    };
    looked().unwrap_or_else(|error: io::Error| Found::Unreadable(error.to_string()))
}

/// Reads the beginning of a file.
pub(super) fn read(bytes: &[u8]) -> Head {
    chunks(bytes).unwrap_or(Head::Destroyed)
}

fn chunks(bytes: &[u8]) -> Option<Head> {
    let four = |at: usize| bytes.get(at..)?.first_chunk::<4>();
    let word = |at: usize| Some(u32::from_le_bytes(*four(at)?));
    let half = |at: usize| Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
    if four(0)? != b"RIFF" || four(8)? != b"WAVE" {
        return None;
    }
    let (mut at, mut format) = (12, None);
    loop {
        let (name, body) = (four(at)?, at.checked_add(8)?);
        let size = word(body - 4)?;
        if name == b"data" {
            let (channels, rate, bits) = format?;
            let said = u64::from(size) / 2;
            return Some(match (channels, bits) {
                (1, 16) if body as u64 == HEADER => {
                    let exact = bytes.get(..HEADER as usize) == Some(header(rate, said).as_slice());
                    Head::Ours { rate, said, exact }
                }
                (1, 16) => Head::Saved { rate, said, start: body as u64 },
                _ => Head::Foreign { channels, bits },
            });
        }
        if name == b"fmt " {
            let (channels, rate, bits) = (half(body + 2)?, word(body + 4)?, half(body + 14)?);
            let frame = u32::from(channels) * u32::from(bits.div_ceil(8));
            // One garbled byte makes these disagree.
            let known = matches!(half(body)?, 1 | 0xFFFE) || bits != 16;
            let agrees =
                known && u32::from(half(body + 12)?) == frame && Some(word(body + 8)?) == rate.checked_mul(frame);
            format = Some((channels, rate, bits)).filter(|_| agrees && rate > 0 && frame > 0);
            format?;
        }
        let size = usize::try_from(size).ok()?;
        at = body.checked_add(size)?.checked_add(size % 2)?;
    }
}

/// The header of a take of so many frames, as its writer makes it.
pub(super) fn header(rate: u32, frames: u64) -> [u8; HEADER as usize] {
    let data = u32::try_from(frames.saturating_mul(2)).unwrap_or(u32::MAX - 36);
    let mut bytes = *b"RIFF    WAVEfmt                     data    ";
    let mut put = |at: usize, value: &[u8]| bytes[at..at + value.len()].copy_from_slice(value);
    put(4, &data.saturating_add(36).to_le_bytes());
    put(16, &16_u32.to_le_bytes());
    put(20, &[1, 0, 1, 0]);
    put(24, &rate.to_le_bytes());
    put(28, &rate.saturating_mul(2).to_le_bytes());
    put(32, &[2, 0, 16, 0]);
    put(40, &data.to_le_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_is_what_other_programs_write() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("take.wav");
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: 44_100,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(&path, spec).unwrap();
        (0..7).for_each(|sample| writer.write_sample(sample).unwrap());
        writer.finalize().unwrap();
        assert_eq!(std::fs::read(&path).unwrap()[..44], header(44_100, 7));
        assert_eq!(probe(&path), Found::File { length: 58, head: Head::Ours { rate: 44_100, said: 7, exact: true } });
    }

    #[test]
    fn a_garbled_byte_is_seen_wherever_it_is() {
        let good = header(48_000, 10);
        for at in (4..8).chain(40..44) {
            let mut bytes = good;
            bytes[at] ^= 0x41;
            assert!(matches!(read(&bytes), Head::Ours { exact: false, .. }), "{at}");
        }
        for at in (0..44).filter(|at| !(4..8).contains(at) && !(40..44).contains(at)) {
            let mut bytes = good;
            bytes[at] ^= 0x41;
            assert_eq!(read(&bytes), Head::Destroyed, "{at}");
        }
        for end in 0..44 {
            assert_eq!(read(&good[..end]), Head::Destroyed, "{end}");
        }
    }

    #[test]
    fn what_another_program_saved_is_known_to_be() {
        let mut bytes = header(48_000, 10).to_vec();
        bytes.splice(12..12, *b"JUNK\x03\0\0\0odd\0");
        assert_eq!(read(&bytes), Head::Saved { rate: 48_000, said: 10, start: 56 });
        let mut stereo = header(48_000, 10);
        stereo[22] = 2;
        stereo[32] = 4;
        stereo[28..32].copy_from_slice(&192_000_u32.to_le_bytes());
        assert_eq!(read(&stereo), Head::Foreign { channels: 2, bits: 16 });
    }
}
