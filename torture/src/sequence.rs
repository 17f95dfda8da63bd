//! The known sound: each pair of samples tells its own place, so that lost, repeated and foreign samples are seen.
//!
//! No sample is zero, so that a hole or a gap of silence is neither. The places are told apart for ten hours.

/// Two numbers without a common factor: a pair of remainders names a place among `EVEN * ODD` pairs.
const EVEN: u64 = 30_011;
const ODD: u64 = 29_989;

/// So many samples in a row must agree before a place is believed.
const ENOUGH: usize = 4;

/// Frames a second of everything that is fed.
pub const RATE: u64 = 48_000;

/// The sample at a place.
pub fn sample(place: u64) -> i16 {
    let pair = place / 2;
    if place.is_multiple_of(2) { (pair % EVEN) as i16 + 1 } else { -1 - (pair % ODD) as i16 }
}

/// The bytes of the samples from one place to another.
pub fn bytes(from: u64, to: u64) -> Vec<u8> {
    (from..to).flat_map(|place| sample(place).to_le_bytes()).collect()
}

/// The place of the first of two neighbours, if they are two.
fn place(first: i16, second: i16) -> Option<u64> {
    let (even, odd, first_is_odd) = match (first, second) {
        (1.., ..=-1) => (first, second, false),
        (..=-1, 1..) => (second, first, true),
        _ => return None,
    };
    let (even, odd) = (even as u64 - 1, u64::from(odd.unsigned_abs()) - 1);
    if even >= EVEN || odd >= ODD {
        return None;
    }
    // The pair of the even sample is one further on where the odd one comes first.
    let even = if first_is_odd { (even + EVEN - 1) % EVEN } else { even };
    let steps = (odd + ODD - even % ODD) % ODD * inverse() % ODD;
    Some((even + EVEN * steps) * 2 + u64::from(first_is_odd))
}

/// What `EVEN` has to be taken times to leave one of `ODD`.
fn inverse() -> u64 {
    let (mut power, mut square, mut exponent) = (1, EVEN % ODD, ODD - 2);
    while exponent > 0 {
        if exponent % 2 == 1 {
            power = power * square % ODD;
        }
        (square, exponent) = (square * square % ODD, exponent / 2);
    }
    power
}

/// A stretch of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// The known sound, from a place on.
    Known {
        /// Where in the recording.
        at: u64,
        /// From which place of the known sound.
        from: u64,
        /// How long.
        frames: u64,
    },
    /// Zeros.
    Silence {
        /// Where in the recording.
        at: u64,
        /// How long.
        frames: u64,
    },
    /// Anything else.
    Foreign {
        /// Where in the recording.
        at: u64,
        /// How long.
        frames: u64,
    },
}

/// Takes a recording apart.
pub fn pieces(samples: &[i16]) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    let mut at = 0;
    while at < samples.len() {
        let rest = &samples[at..];
        let here = at as u64;
        let zeros = rest.iter().take_while(|&&sample| sample == 0).count();
        let (piece, length) = if zeros > 0 {
            (Piece::Silence { at: here, frames: zeros as u64 }, zeros)
        } else if let Some((from, length)) = known(rest) {
            (Piece::Known { at: here, from, frames: length as u64 }, length)
        } else {
            match found.last_mut() {
                Some(Piece::Foreign { frames, .. }) => {
                    *frames += 1;
                    at += 1;
                    continue;
                }
                _ => (Piece::Foreign { at: here, frames: 1 }, 1),
            }
        };
        found.push(piece);
        at += length;
    }
    found
}

/// The place and the length of the known sound at the beginning of this.
fn known(samples: &[i16]) -> Option<(u64, usize)> {
    let from = place(*samples.first()?, *samples.get(1)?)?;
    let length = samples.iter().zip(from..).take_while(|(heard, place)| **heard == sample(*place)).count();
    (length >= ENOUGH.min(samples.len())).then_some((from, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_of_ten_hours_is_told_by_two_samples() {
        for start in [0, 1, 59_978, 60_021, 1_000_000_007, 10 * 3_600 * RATE - 10] {
            for here in start..start + 9 {
                assert_eq!(place(sample(here), sample(here + 1)), Some(here));
                assert_ne!(sample(here), 0);
            }
        }
    }

    #[test]
    fn a_loss_a_hole_and_a_stranger_are_told_apart() {
        let mut recording: Vec<i16> = (100..200).map(sample).collect();
        recording.extend([0; 5]);
        recording.extend((230..240).map(sample));
        recording.extend([77, 77, 77]);
        recording.extend((240..250).map(sample));
        let expected = [
            Piece::Known { at: 0, from: 100, frames: 100 },
            Piece::Silence { at: 100, frames: 5 },
            Piece::Known { at: 105, from: 230, frames: 10 },
            Piece::Foreign { at: 115, frames: 3 },
            Piece::Known { at: 118, from: 240, frames: 10 },
        ];
        assert_eq!(pieces(&recording), expected);
    }

    #[test]
    fn a_repeated_block_is_no_unbroken_piece() {
        let recording: Vec<i16> = (0..50).chain(40..60).map(sample).collect();
        assert_eq!(pieces(&recording).len(), 2);
    }
}
