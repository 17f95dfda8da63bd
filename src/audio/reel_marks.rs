//! Cue points with labels, as audio editors show them: what they are, and how they come into a file.
//!
//! They stand in the chunks `cue ` and `LIST`/`adtl`/`labl` (Microsoft and IBM, Multimedia Programming Interface and Data
//! Specifications 1.0, 1991), after the sound. The size at the start of the file takes them in last: until then they are
//! bytes behind a complete file.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};

use super::reel_error::ReelError;
use super::take::Part;
use super::take_file::HEADER;
use crate::interview::Text;

/// The longest label, in bytes of UTF-8 without the NUL at its end; the rest is cut off.
pub const LONGEST_LABEL: usize = 500;

/// The most cue points of a recording: far more than a session has questions. What comes after them gets none.
pub const MOST_MARKS: usize = 100_000;

/// The cue points of a recording, in the order of their frames.
#[derive(Debug, Default)]
pub(super) struct Marks(Vec<(u64, String)>);

impl Marks {
    /// Sets one at a frame that is not before that of the last one.
    pub(super) fn add(&mut self, frame: u64, label: &str) {
        if self.0.len() < MOST_MARKS {
            self.0.push((frame, fitting(label)));
        }
    }

    /// How many there are.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Appends to each file the cue points that lie in it; that at the very end lies in the last.
    ///
    /// # Errors
    /// [`ReelError::Marks`] for the first file that cannot have them; it is a complete file without them.
    pub(super) fn write(&self, parts: &[Part]) -> Result<(), ReelError> {
        let (mut left, mut start) = (self.0.as_slice(), 0);
        for (number, part) in parts.iter().enumerate() {
            let end = start + part.frames.0;
            let last = number + 1 == parts.len();
            let (here, later) =
                left.split_at(if last { left.len() } else { left.partition_point(|mark| mark.0 < end) });
            if !here.is_empty() {
                let chunks = chunks(here, start).and_then(|chunks| append(part, &chunks));
                chunks.map_err(|reason| ReelError::marks(&part.path, reason))?;
            }
            (left, start) = (later, end);
        }
        Ok(())
    }
}

/// A label without control and format characters, which ends where a label must.
fn fitting(label: &str) -> String {
    let clean = Text::clean(label);
    let text = clean.as_str();
    if text.len() <= LONGEST_LABEL {
        return text.to_owned();
    }
    let mut end = LONGEST_LABEL - '…'.len_utf8();
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", text[..end].trim_end())
}

/// The chunks of these cue points, in a file whose first frame is `start`.
fn chunks(marks: &[(u64, String)], start: u64) -> io::Result<Vec<u8>> {
    let (mut points, mut labels) = (Vec::new(), b"adtl".to_vec());
    points.extend(number(marks.len())?);
    for (place, (frame, label)) in marks.iter().enumerate() {
        let (id, at) = (number(place + 1)?, number(frame.saturating_sub(start))?);
        // Id, place in the play order, chunk, start of the chunk and of the block, frame in it.
        for field in [id, at, *b"data", [0; 4], [0; 4], at] {
            points.extend(field);
        }
        let text: Vec<u8> = id.into_iter().chain(label.bytes()).chain([0]).collect();
        put(&mut labels, b"labl", &text)?;
    }
    let mut bytes = Vec::new();
    put(&mut bytes, b"cue ", &points)?;
    put(&mut bytes, b"LIST", &labels)?;
    Ok(bytes)
}

/// Puts a chunk behind others; one of odd length is followed by a byte that it does not count.
fn put(bytes: &mut Vec<u8>, name: &[u8; 4], body: &[u8]) -> io::Result<()> {
    bytes.extend(name);
    bytes.extend(number(body.len())?);
    bytes.extend(body);
    bytes.resize(bytes.len().next_multiple_of(2), 0);
    Ok(())
}

fn number(value: impl TryInto<u32>) -> io::Result<[u8; 4]> {
    let too_long = |_| io::Error::new(io::ErrorKind::FileTooLarge, "the numbers in a WAV file have 32 bits");
    value.try_into().map(u32::to_le_bytes).map_err(too_long)
}

/// Appends chunks to a complete file; a kill at any instant leaves it complete, with them or without.
fn append(part: &Part, chunks: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).write(true).open(&part.path)?;
    // Samples have two bytes, and the header an even number: nothing has to fill up the sound.
    let end = HEADER + part.frames.0 * 2;
    if file.metadata()?.len() != end {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the file is not as long as it was left"));
    }
    let outer = number(end - 8 + chunks.len() as u64)?;
    if let Err(error) = write_at(&mut file, end, chunks) {
        // What cannot be cut off lies behind what the sizes tell of, and is passed over.
        let _ = file.set_len(end);
        return Err(error);
    }
    file.sync_data()?;
    write_at(&mut file, 4, &outer)?;
    file.sync_data()
}

fn write_at(file: &mut File, at: u64, bytes: &[u8]) -> io::Result<()> {
    file.seek(SeekFrom::Start(at))?;
    file.write_all(bytes)
}
