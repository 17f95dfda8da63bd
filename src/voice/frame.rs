//! The little packets in which a voice that runs in a process of its own is spoken to over a pipe.
//!
//! A packet is one byte that says what it is, four bytes of length (little-endian), and that many bytes.
//! Knows nothing of voices.

use std::io::{self, Read, Write};

/// The largest packet that is read, in bytes: an hour of speech at 16 kHz.
pub const LARGEST: usize = 128 << 20;

/// Writes one packet and flushes.
///
/// # Errors
/// What the pipe says, or that the packet is larger than [`LARGEST`].
pub fn write(to: &mut impl Write, kind: u8, body: &[u8]) -> io::Result<()> {
    let length = u32::try_from(body.len()).ok().filter(|&length| length as usize <= LARGEST);
    let length = length.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the packet is too large"))?;
    let mut head = [kind, 0, 0, 0, 0];
    head[1..].copy_from_slice(&length.to_le_bytes());
    to.write_all(&head)?;
    to.write_all(body)?;
    to.flush()
}

/// Reads one packet; `None` where the other side closed the pipe between packets.
///
/// Memory grows with what really arrives, not with the length that is announced.
///
/// # Errors
/// What the pipe says; a packet that is announced larger than `largest`, or cut short.
pub fn read(from: &mut impl Read, largest: usize) -> io::Result<Option<(u8, Vec<u8>)>> {
    let mut head = [0u8; 5];
    if from.read(&mut head[..1])? == 0 {
        return Ok(None);
    }
    from.read_exact(&mut head[1..])?;
    let length = u32::from_le_bytes([head[1], head[2], head[3], head[4]]) as usize;
    if length > largest {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a packet larger than was agreed"));
    }
    let mut body = Vec::new();
    from.take(length as u64).read_to_end(&mut body)?;
    if body.len() < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some((head[0], body)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_comes_back_as_it_was_sent() {
        let mut pipe = Vec::new();
        write(&mut pipe, 7, b"hello").unwrap();
        write(&mut pipe, 8, b"").unwrap();
        let mut from = pipe.as_slice();
        assert_eq!(read(&mut from, 100).unwrap(), Some((7, b"hello".to_vec())));
        assert_eq!(read(&mut from, 100).unwrap(), Some((8, Vec::new())));
        assert_eq!(read(&mut from, 100).unwrap(), None);
    }

    #[test]
    fn a_packet_cut_short_or_larger_than_agreed_is_an_error() {
        let mut pipe = Vec::new();
        write(&mut pipe, 1, b"0123456789").unwrap();
        assert!(read(&mut &pipe[..12], 100).is_err());
        assert!(read(&mut &pipe[..3], 100).is_err());
        assert!(read(&mut pipe.as_slice(), 9).is_err());
    }
}
