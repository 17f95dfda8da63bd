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
                let granted = due.min(self.due_after(1).max(1)).min(most as u64);
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

    fn due_after(&self, ticks: u128) -> u64 {
        (ticks * TICK.as_millis() * u128::from(self.rate.0) / 1_000) as u64
    }
}
