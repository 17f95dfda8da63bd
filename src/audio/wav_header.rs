//! Where the sound in a WAV file lies and how it is stored.
//!
//! Finds the chunks itself, because a file that a crash left behind has sizes that no reader accepts, and leaves it to
//! hound to say whether the format is one.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::RangeInclusive;

use hound::SampleFormat;

/// The rates that are measured and kept: from narrow-band telephony to the fastest converters.
pub(super) const RATES: RangeInclusive<u32> = 4_000..=384_000;

/// The rates that are played: whatever somebody may have.
pub(super) const PLAYED: RangeInclusive<u32> = 1_000..=768_000;

/// More chunks than any program writes before the sound; an endless walk through a hostile file ends here.
const MOST_CHUNKS: usize = 10_000;

/// The longest description of a format that is worth reading, in bytes; the known ones have 16, 18 or 40.
const LONGEST_FORMAT: u64 = 4_096;

/// How one sample is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// 8 bits, unsigned.
    U8,
    /// 16 bits.
    I16,
    /// 24 bits in three bytes.
    I24,
    /// 24 bits in the lower three of four bytes.
    I24In4,
    /// 32 bits.
    I32,
    /// 32-bit floating point, full scale 1.
    F32,
    /// 64-bit floating point, full scale 1.
    F64,
}

impl Encoding {
    /// Bytes that a sample takes.
    pub(super) fn bytes(self) -> usize {
        match self {
            Encoding::U8 => 1,
            Encoding::I16 => 2,
            Encoding::I24 => 3,
            Encoding::I24In4 | Encoding::I32 | Encoding::F32 => 4,
            Encoding::F64 => 8,
        }
    }
}

/// What a header says, corrected by what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    /// Frames a second.
    pub rate: u32,
    /// Samples a frame; at least one.
    pub channels: usize,
    /// How a sample is stored.
    pub encoding: Encoding,
    /// Where the sound begins, in bytes from the start of the file.
    pub start: u64,
    /// Whole frames.
    pub frames: u64,
}

/// Why there is no header to be had.
#[derive(Debug)]
pub(super) enum Fault {
    /// It is no WAV file, for this reason.
    NotWav(&'static str),
    /// It is one, but not of a kind that is read here.
    Unsupported(String),
    /// It could not be read.
    Io(io::Error),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Fault {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Fault::NotWav("it ends before the sound begins"),
            _ => Fault::Io(error),
        }
    }
}

/// Reads the header of a file of `length` bytes, whose rate is to be one of `rates`.
pub(super) fn read(file: &mut (impl Read + Seek), length: u64, rates: &RangeInclusive<u32>) -> Result<Header, Fault> {
    let mut riff = [0; 12];
    file.seek(SeekFrom::Start(0))?;
    file.read_exact(&mut riff)?;
    let long = match (&riff[..4], &riff[8..]) {
        (b"RIFF", b"WAVE") => false,
        // The form of EBU Tech 3306: sizes that 32 bits cannot hold are in a chunk of their own, which comes first.
        (b"RF64" | b"BW64", b"WAVE") => true,
        _ => return Err(Fault::NotWav("it does not begin as one")),
    };
    let mut long_data: Option<u64> = None;
    let riff_ends = 8 + u64::from(size(&riff[4..8]));
    let mut format: Option<(u32, usize, Encoding)> = None;
    let mut at = 12;
    for _ in 0..MOST_CHUNKS {
        let mut chunk = [0; 8];
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut chunk)?;
        let (name, declared, start) = (&chunk[..4], u64::from(size(&chunk[4..])), at + 8);
        if name == b"data" {
            let (rate, channels, encoding) = format.ok_or(Fault::NotWav("the sound comes before its format"))?;
            let there = length.saturating_sub(start);
            let declared = match long_data {
                Some(size) if declared == u64::from(u32::MAX) => size,
                _ => declared,
            };
            // A writer that counted past what 32 bits hold began again at 0: the sound goes on to the end.
            let wrapped = !long && there > u64::from(u32::MAX) && (there - declared).is_multiple_of(1 << 32);
            let declared = if wrapped { there } else { declared };
            // A writer that was killed leaves 0 or a placeholder; an honest file without sound may have other chunks
            // behind the empty one, and then its outer size is right.
            let honest = declared == 0 && riff_ends == length;
            let bytes = if (declared == 0 && !honest) || declared > there { there } else { declared };
            let frame = (encoding.bytes() * channels) as u64;
            return Ok(Header { rate, channels, encoding, start, frames: bytes / frame });
        }
        if long && name == b"ds64" && declared >= 16 {
            let mut sizes = [0; 16];
            file.read_exact(&mut sizes)?;
            let [_, _, _, _, _, _, _, _, a, b, c, d, e, f, g, h] = sizes;
            long_data = Some(u64::from_le_bytes([a, b, c, d, e, f, g, h]));
        }
        if name == b"fmt " {
            format = Some(read_format(file, declared, rates)?);
        }
        at = start + declared;
        // A chunk of odd length is followed by a byte of padding, which some programs forget.
        if declared % 2 == 1 {
            let mut padding = [0];
            file.seek(SeekFrom::Start(at))?;
            file.read_exact(&mut padding)?;
            at += u64::from(padding[0] == 0);
        }
    }
    Err(Fault::NotWav("it has no sound"))
}

fn read_format(
    file: &mut impl Read,
    length: u64,
    rates: &RangeInclusive<u32>,
) -> Result<(u32, usize, Encoding), Fault> {
    if length > LONGEST_FORMAT {
        return Err(Fault::NotWav("the description of its format is broken"));
    }
    let mut format = vec![0; length as usize];
    file.read_exact(&mut format)?;
    if let Some((rate, channels)) = double(&format) {
        return in_range(rate, rates).map(|rate| (rate, channels, Encoding::F64));
    }
    // hound judges the format on a file of its own: this description and no sound.
    let mut small = Vec::with_capacity(28 + format.len());
    small.extend_from_slice(b"RIFF\0\0\0\0WAVEfmt ");
    small.extend_from_slice(&(format.len() as u32).to_le_bytes());
    small.extend_from_slice(&format);
    small.extend_from_slice(b"data\0\0\0\0");
    let spec = match hound::WavReader::new(small.as_slice()) {
        Ok(reader) => reader.spec(),
        Err(hound::Error::Unsupported) => return Err(Fault::Unsupported("its sound is compressed".into())),
        Err(hound::Error::FormatError(reason)) => return Err(Fault::Unsupported(reason.into())),
        Err(_) => return Err(Fault::NotWav("the description of its format is broken")),
    };
    in_range(spec.sample_rate, rates)?;
    // Bytes 12 and 13 are the size of a frame: hound checked that they are there and that they divide.
    let container = u16::from_le_bytes([format[12], format[13]]) / spec.channels;
    let encoding = match (spec.sample_format, container, spec.bits_per_sample) {
        (SampleFormat::Int, 1, 8) => Encoding::U8,
        (SampleFormat::Int, 2, 16) => Encoding::I16,
        (SampleFormat::Int, 3, 24) => Encoding::I24,
        (SampleFormat::Int, 4, 24) => Encoding::I24In4,
        (SampleFormat::Int, 4, 32) => Encoding::I32,
        (SampleFormat::Float, 4, 32) => Encoding::F32,
        (_, container, bits) => {
            return Err(Fault::Unsupported(format!("its samples have {bits} bits in {container} bytes")));
        }
    };
    Ok((spec.sample_rate, usize::from(spec.channels), encoding))
}

fn in_range(rate: u32, rates: &RangeInclusive<u32>) -> Result<u32, Fault> {
    if rates.contains(&rate) {
        return Ok(rate);
    }
    let (lowest, highest) = (rates.start(), rates.end());
    Err(Fault::Unsupported(format!("its rate is {rate} Hz; {lowest} to {highest} Hz can be read")))
}

/// The rate and the channels of a description of 64-bit floating point, which hound does not know.
fn double(format: &[u8]) -> Option<(u32, usize)> {
    let word = |at: usize| format.get(at..at + 2).map(|two| u16::from_le_bytes([two[0], two[1]]));
    let floating = match word(0)? {
        3 => true,
        // The kind is in the first two bytes of the identifier that ends the description.
        0xFFFE => word(24)? == 3,
        _ => false,
    };
    let (channels, frame, bits) = (word(2)?, word(12)?, word(14)?);
    let whole = floating && bits == 64 && channels > 0 && u32::from(frame) == 8 * u32::from(channels);
    whole.then(|| (size(&format[4..8]), usize::from(channels)))
}

fn size(bytes: &[u8]) -> u32 {
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}
