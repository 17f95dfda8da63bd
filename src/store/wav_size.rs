//! How much sound a WAV file holds, whatever its header says.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::files::{self, Links};

/// Where the samples must have begun, in bytes: what comes before them in a take is far shorter.
const HEAD: u64 = 64 << 10;

/// The extent of a take: mono, 16-bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WavSize {
    /// Frames a second.
    pub(super) rate: u32,
    /// Whole frames in the file.
    pub(super) frames: u64,
    /// Frames that the header admits.
    said: u64,
    /// Where the size of the samples is written.
    size_at: u64,
}

/// Measures a take; `None` where the file is missing or is no such WAV file.
pub(super) fn measure(path: &Path) -> Option<WavSize> {
    let file = files::open_regular(path, Links::Refuse).ok()?;
    let length = file.metadata().ok()?.len();
    let mut head = Vec::new();
    (&file).take(HEAD).read_to_end(&mut head).ok()?;
    measure_head(&head, length)
}

fn measure_head(head: &[u8], length: u64) -> Option<WavSize> {
    let four = |at: usize| head.get(at..)?.first_chunk::<4>();
    let word = |at: usize| Some(u32::from_le_bytes(*four(at)?));
    let half = |at: usize| Some(u16::from_le_bytes(*head.get(at..)?.first_chunk()?));
    if four(0)? != b"RIFF" || four(8)? != b"WAVE" {
        return None;
    }
    let (mut at, mut rate) = (12, None);
    loop {
        let (name, body) = (four(at)?, at.checked_add(8)?);
        let size = word(body - 4)?;
        if name == b"data" {
            let frames = length.checked_sub(body as u64)? / 2;
            return Some(WavSize { rate: rate?, frames, said: u64::from(size) / 2, size_at: at as u64 + 4 });
        }
        if name == b"fmt " {
            let (channels, bits) = (half(body + 2)?, half(body + 14)?);
            if (channels, bits) != (1, 16) {
                return None;
            }
            rate = Some(word(body + 4)?).filter(|rate| *rate > 0);
        }
        let size = usize::try_from(size).ok()?;
        at = body.checked_add(size)?.checked_add(size % 2)?;
    }
}

/// Makes the header admit every frame that is in the file; the samples are not touched.
pub(super) fn correct(path: &Path) -> io::Result<()> {
    let Some(size) = measure(path).filter(|size| size.said != size.frames) else { return Ok(()) };
    let (Ok(data), Ok(riff)) = (u32::try_from(size.frames * 2), u32::try_from(size.frames * 2 + size.size_at - 4))
    else {
        return Ok(());
    };
    let mut file = files::open_to_correct(path)?;
    for (at, value) in [(size.size_at, data), (4, riff)] {
        file.seek(SeekFrom::Start(at))?;
        file.write_all(&value.to_le_bytes())?;
    }
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wav(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut bytes = b"RIFF\xff\xff\xff\xffWAVE".to_vec();
        for (name, body) in chunks {
            bytes.extend_from_slice(*name);
            bytes.extend_from_slice(&(body.len() as u32).to_le_bytes());
            bytes.extend_from_slice(body);
            bytes.extend(std::iter::repeat_n(0, body.len() % 2));
        }
        bytes
    }

    fn format(channels: u8, bits: u8) -> [u8; 16] {
        // PCM at 48,000 Hz.
        [1, 0, channels, 0, 0x80, 0xbb, 0, 0, 0, 0x77, 1, 0, 2, 0, bits, 0]
    }

    #[test]
    fn the_length_is_that_of_the_file_whatever_the_header_says() {
        let mut bytes = wav(&[(b"JUNK", b"odd"), (b"fmt ", &format(1, 16)), (b"data", &[0; 20])]);
        let size_at = bytes.len() - 24;
        for said in [0_u32, 6, 20, u32::MAX] {
            bytes[size_at..size_at + 4].copy_from_slice(&said.to_le_bytes());
            let size = measure_head(&bytes, bytes.len() as u64).unwrap();
            assert_eq!((size.frames, size.rate), (10, 48_000), "{said}");
        }
        assert_eq!(measure_head(&bytes, bytes.len() as u64 - 1).unwrap().frames, 9, "half a sample is none");
    }

    #[test]
    fn what_is_no_take_is_not_measured() {
        for (channels, bits) in [(2, 16), (1, 24), (0, 16)] {
            let bytes = wav(&[(b"fmt ", &format(channels, bits)), (b"data", &[0; 20])]);
            assert_eq!(measure_head(&bytes, bytes.len() as u64), None);
        }
        let whole = wav(&[(b"fmt ", &format(1, 16)), (b"data", &[0; 20])]);
        for end in 0..44 {
            assert_eq!(measure_head(&whole[..end], end as u64), None, "{end}");
        }
        assert_eq!(measure_head(&wav(&[(b"data", &[0; 20])]), 40), None, "no format");
    }

    #[test]
    fn a_corrected_header_admits_what_is_there_and_the_samples_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("take.wav");
        let good = wav(&[(b"fmt ", &format(1, 16)), (b"data", &[7; 20])]);
        let mut torn = good.clone();
        torn[40..44].fill(0);
        std::fs::write(&path, &torn).unwrap();
        correct(&path).unwrap();
        let mut expected = good;
        expected[4..8].copy_from_slice(&56_u32.to_le_bytes());
        assert_eq!(std::fs::read(&path).unwrap(), expected);
    }
}
