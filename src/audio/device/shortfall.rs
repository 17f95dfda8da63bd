//! Notices frames that were lost without a word, by the clock.
//!
//! A stream that is late catches up; one that lost frames stays behind for good. Pure arithmetic: the times and counts
//! come from elsewhere.

use crate::interview::SampleRate;

/// How long the least lateness is looked for.
const WINDOW_US: u64 = 3_000_000;
/// How much more behind than before means a loss: a server that changes its own delay moves a stream by less.
const LOSS_MS: i64 = 150;

/// Compares a count of frames with the clock.
#[derive(Debug)]
pub(super) struct Shortfall {
    rate: i64,
    window_began_us: Option<u64>,
    least: i64,
    before: Option<i64>,
}

impl Shortfall {
    pub(super) fn new(rate: SampleRate) -> Shortfall {
        Shortfall { rate: i64::from(rate.0), window_began_us: None, least: i64::MAX, before: None }
    }

    /// Adds that `frames` had come at `now_us`; returns how many milliseconds were lost, when that is known.
    pub(super) fn add(&mut self, now_us: u64, frames: u64) -> Option<u64> {
        let behind = (now_us as i64).saturating_mul(self.rate) / 1_000_000 - frames as i64;
        let began = *self.window_began_us.get_or_insert(now_us);
        self.least = self.least.min(behind);
        if now_us.saturating_sub(began) < WINDOW_US {
            return None;
        }
        let (least, before) = (self.least, self.before);
        (self.before, self.least, self.window_began_us) = (Some(least), i64::MAX, Some(now_us));
        let lost_ms = (least - before?) * 1_000 / self.rate.max(1);
        (lost_ms >= LOSS_MS).then_some(lost_ms as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks of a tenth of a second at 48 kHz, each with its lateness in milliseconds; those that are told of.
    fn told(blocks: impl Iterator<Item = (u64, u64)>) -> Vec<u64> {
        let mut shortfall = Shortfall::new(SampleRate(48_000));
        let mut frames = 0;
        blocks
            .enumerate()
            .filter_map(|(n, (late_ms, lost))| {
                frames += 4_800 - lost;
                shortfall.add((n as u64 + 1) * 100_000 + late_ms * 1_000, frames)
            })
            .collect()
    }

    #[test]
    fn a_stream_that_is_late_and_catches_up_lost_nothing() {
        assert_eq!(told((0..600).map(|n| (if n % 40 > 20 { 700 } else { n % 7 }, 0))), [0; 0]);
    }

    #[test]
    fn a_loss_is_told_of_once_with_its_length() {
        let lost = told((0..600).map(|n| (n % 7, if (300..302).contains(&n) { 4_800 } else { 0 })));
        assert_eq!(lost.len(), 1);
        assert!((190..=210).contains(&lost[0]), "{lost:?}");
    }

    #[test]
    fn a_clock_that_is_a_little_off_loses_nothing() {
        assert_eq!(told((0..36_000).map(|n| (n / 100, 0))), [0; 0], "100 ppm for an hour");
    }
}
