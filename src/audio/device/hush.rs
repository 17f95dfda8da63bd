//! Tells a microphone that delivers nothing at all from a quiet room.
//!
//! A converter has noise; exact zeros for seconds come from a switch, a missing permission or a muted source.

use crate::interview::SampleRate;

/// How long exact zeros may last, in tenths of a second: told of well before three seconds are over.
const TENTHS: u64 = 20;

/// What the zeros mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hush {
    /// There has been nothing but zeros.
    Always,
    /// There was sound before.
    Now,
}

/// Counts zeros; tells of each meaning once.
#[derive(Debug)]
pub(super) struct Zeros {
    limit: u64,
    run: u64,
    heard: bool,
    told: Option<Hush>,
}

impl Zeros {
    pub(super) fn new(rate: SampleRate) -> Zeros {
        Zeros { limit: u64::from(rate.0) * TENTHS / 10, run: 0, heard: false, told: None }
    }

    /// Adds frames; says once that they have been zeros for too long.
    pub(super) fn add(&mut self, frames: &[i16]) -> Option<Hush> {
        let trailing = frames.iter().rev().take_while(|&&frame| frame == 0).count();
        if trailing == frames.len() {
            self.run += trailing as u64;
        } else {
            self.heard = true;
            self.run = trailing as u64;
        }
        let hush = if self.heard { Hush::Now } else { Hush::Always };
        let tell = self.run >= self.limit && self.told != Some(Hush::Now) && self.told != Some(hush);
        if tell {
            self.told = Some(hush);
        }
        tell.then_some(hush)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_are_told_of_once_and_before_three_seconds_are_over() {
        let mut zeros = Zeros::new(SampleRate(1_000));
        let told: Vec<_> = (0..100).filter(|_| zeros.add(&[0; 100]).is_some()).collect();
        assert_eq!(told, [19]);
    }

    #[test]
    fn a_quiet_room_is_no_digital_silence() {
        let mut zeros = Zeros::new(SampleRate(1_000));
        assert!((0..100).all(|_| zeros.add(&[0, 0, 1, 0, -1, 0, 0, 0, 0, 0]).is_none()));
    }

    #[test]
    fn a_microphone_that_goes_dead_later_is_told_of_too() {
        let mut zeros = Zeros::new(SampleRate(1_000));
        assert_eq!(zeros.add(&[0; 3_000]), Some(Hush::Always));
        assert_eq!(zeros.add(&[5; 10]), None);
        assert_eq!(zeros.add(&[0; 3_000]), Some(Hush::Now));
        zeros.add(&[5; 10]);
        assert_eq!(zeros.add(&[0; 3_000]), None, "once is enough");
    }
}
