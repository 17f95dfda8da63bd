//! How long a stream was seen to stand still.
//!
//! Counts only time in which somebody looked: a program that was suspended saw nothing, and finds its streams as it left
//! them.

use std::time::{Duration, Instant};

/// What a look counts for at most that comes late.
const LONGEST_LOOK: Duration = Duration::from_millis(250);

/// Looks at a stream again and again.
#[derive(Debug)]
pub(super) struct Stall {
    looked: Instant,
    callbacks: u64,
    length: Duration,
}

impl Stall {
    /// A stream that runs.
    pub(super) fn new(now: Instant) -> Stall {
        Stall { looked: now, callbacks: 0, length: Duration::ZERO }
    }

    /// Looks at `now`, when the callback had been called so often; says how long the stream has stood still.
    pub(super) fn look(&mut self, now: Instant, callbacks: u64) -> Duration {
        let passed = now.saturating_duration_since(std::mem::replace(&mut self.looked, now));
        let called = std::mem::replace(&mut self.callbacks, callbacks) != callbacks;
        self.length = if called { Duration::ZERO } else { self.length + passed.min(LONGEST_LOOK) };
        self.length
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TICK: Duration = Duration::from_millis(50);

    #[test]
    fn a_stream_that_stands_still_is_seen_to() {
        let start = Instant::now();
        let mut stall = Stall::new(start);
        stall.look(start, 100);
        let lengths: Vec<Duration> = (1..=3).map(|n| stall.look(start + TICK * n, 100)).collect();
        assert_eq!(lengths, [TICK, TICK * 2, TICK * 3]);
        assert_eq!(stall.look(start + TICK * 4, 101), Duration::ZERO);
    }

    #[test]
    fn who_was_suspended_does_not_take_the_stream_for_dead() {
        let start = Instant::now();
        let mut stall = Stall::new(start);
        stall.look(start, 100);
        assert_eq!(stall.look(start + Duration::from_secs(3_600), 100), LONGEST_LOOK);
    }
}
