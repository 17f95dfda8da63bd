//! How a microphone made of files keeps time.
//!
//! Knows a monotonic clock and a rate, nothing of what is delivered.

use std::time::{Duration, Instant};

use crate::interview::{Frames, SampleRate};

/// How fast frames come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// As from a device: every 20 ms the frames of 20 ms, without drift.
    RealTime,
    /// As fast as they are asked for.
    Fast,
}

/// The time from one block to the next in real time: that of common devices.
pub(super) const TICK: Duration = Duration::from_millis(20);

/// The longest block that is given at once, so that a caller who asks without limit gets one that fits the memory.
const LONGEST_BLOCK: Duration = Duration::from_secs(1);

/// Says how many frames are due.
///
/// The clock starts with the first question. Frames that were due and not asked for stay due.
#[derive(Debug)]
pub struct Metronome {
    pace: Pace,
    rate: SampleRate,
    start: Option<Instant>,
    given: u64,
}

impl Metronome {
    /// A clock that stands still until it is asked.
    pub fn new(pace: Pace, rate: SampleRate) -> Metronome {
        Metronome { pace, rate, start: None, given: 0 }
    }

    /// Waits until frames are due, no longer than `patience`, and says how many may be delivered now: at most `most`,
    /// none where the patience ended first. What is granted counts as delivered.
    pub fn wait(&mut self, most: usize, patience: Duration) -> usize {
        let longest = self.rate.frames(LONGEST_BLOCK).0.max(1) as usize;
        if self.pace == Pace::Fast || most == 0 {
            return most.min(longest);
        }
        let called = Instant::now();
        let start = *self.start.get_or_insert(called);
        loop {
            let elapsed = start.elapsed();
            let ticks = elapsed.as_nanos() / TICK.as_nanos();
            let due = self.due_after(ticks).saturating_sub(self.given);
            if due > 0 {
                let granted = due.min(self.longest_tick()).min(most as u64);
                self.given += granted;
                return granted as usize;
            }
            let next = TICK * (ticks as u32).saturating_add(1);
            let left = patience.saturating_sub(called.elapsed());
            if left.is_zero() {
                return 0;
            }
            std::thread::sleep(next.saturating_sub(elapsed).min(left));
        }
    }

    /// Forgets what is due beyond `bank`: a source that stood still goes on at its own speed and does not catch up.
    pub(super) fn forgive(&mut self, bank: Duration) {
        if let Some(start) = self.start {
            let behind = start.elapsed().saturating_sub(self.rate.duration(Frames(self.given)));
            self.start = Some(start + behind.saturating_sub(bank));
        }
    }

    /// The frames of a tick where they are not a whole number: now this many, now one less.
    fn longest_tick(&self) -> u64 {
        (TICK.as_millis() * u128::from(self.rate.0)).div_ceil(1_000).max(1) as u64
    }

    fn due_after(&self, ticks: u128) -> u64 {
        (ticks * TICK.as_millis() * u128::from(self.rate.0) / 1_000) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(20);

    #[test]
    fn fast_gives_what_is_asked_for_and_at_most_a_second() {
        let mut metronome = Metronome::new(Pace::Fast, SampleRate(8_000));
        for (asked, given) in [(0, 0), (1, 1), (8_000, 8_000), (8_001, 8_000), (usize::MAX, 8_000)] {
            assert_eq!(metronome.wait(asked, Duration::ZERO), given);
        }
    }

    #[test]
    fn real_time_neither_hurries_nor_drifts() {
        // 11,025 Hz has 220.5 frames in 20 ms: a clock that counts blocks would lose half a frame in each.
        let mut metronome = Metronome::new(Pace::RealTime, SampleRate(11_025));
        let start = Instant::now();
        let mut frames = 0;
        for _ in 0..20 {
            let granted = metronome.wait(usize::MAX, LONG);
            // After a pause of the machine the last block of those that catch up is shorter.
            assert!((1..=221).contains(&granted), "{granted}");
            frames += granted as u64;
            assert!(SampleRate(11_025).frames(start.elapsed()).0 >= frames);
        }
        assert!(frames >= 4_400, "{frames}");
        assert_eq!(metronome.start.map(|start| start.elapsed() >= Duration::from_millis(399)), Some(true));
    }

    #[test]
    fn what_was_not_fetched_stays_due() {
        let mut metronome = Metronome::new(Pace::RealTime, SampleRate(8_000));
        assert_eq!(metronome.wait(1, LONG), 1);
        assert_eq!(metronome.wait(usize::MAX, Duration::ZERO), 159, "the rest of the 20 ms, without waiting");
    }

    #[test]
    fn patience_ends_before_the_block_comes() {
        let mut metronome = Metronome::new(Pace::RealTime, SampleRate(8_000));
        assert_eq!(metronome.wait(1_000, Duration::ZERO), 0);
        assert_eq!(metronome.wait(0, LONG), 0, "nothing asked for, nothing waited for");
    }

    #[test]
    fn a_source_that_stood_still_catches_up_no_more_than_its_bank() {
        let mut metronome = Metronome::new(Pace::RealTime, SampleRate(8_000));
        metronome.start = Instant::now().checked_sub(Duration::from_secs(10));
        if metronome.start.is_none() {
            return; // The machine has been up for less than ten seconds.
        }
        metronome.forgive(Duration::from_millis(200));
        let mut at_once = 0;
        loop {
            match metronome.wait(usize::MAX, Duration::ZERO) {
                0 => break,
                granted => at_once += granted,
            }
        }
        assert!((1_600..8_000).contains(&at_once), "{at_once}");
    }
}
