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
    let word = |at: usize| Some(u32::from_le_bytes(head.get(at..at.checked_add(4)?)?.try_into().ok()?));
    let half = |at: usize| Some(u16::from_le_bytes(head.get(at..at.checked_add(2)?)?.try_into().ok()?));
    if head.get(..4)? != b"RIFF" || head.get(8..12)? != b"WAVE" {
        return None;
    }
    let (mut at, mut rate) = (12, None);
    loop {
        let (name, size) = (head.get(at..at + 4)?, word(at + 4)?);
        let body = at + 8;
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
