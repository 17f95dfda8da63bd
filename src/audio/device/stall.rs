//! How long a stream was seen to stand still, and whether whoever looks was suspended.
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

/// How late a look is that the whole program was kept from: it looks every 50 ms.
const LATE: Duration = Duration::from_millis(100);
/// How long after that what the program did not survive comes to light.
const AFTERMATH: Duration = Duration::from_secs(2);

/// The times in which the whole program did nothing, as told by a clock that is looked at again and again.
#[derive(Debug)]
pub(super) struct Naps {
    looked: Instant,
    woke: Option<Instant>,
}

impl Naps {
    /// The program is awake.
    pub(super) fn new(now: Instant) -> Naps {
        Naps { looked: now, woke: None }
    }

    /// Looks at the clock. What is known of a stream has to be looked at before it: what a nap did to the stream can be
    /// known before the nap is.
    pub(super) fn look(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(std::mem::replace(&mut self.looked, now));
        if passed >= LATE {
            self.woke = Some(now);
        }
    }

    /// The time since the last look was spent on work, until `now`.
    pub(super) fn worked(&mut self, now: Instant) {
        self.looked = now;
    }

    /// Whether the program woke so lately that what happens now may be due to its nap.
    pub(super) fn are_felt(&self, now: Instant) -> bool {
        self.woke.is_some_and(|woke| now.saturating_duration_since(woke) <= AFTERMATH)
    }

    /// Whether the program woke after this.
    pub(super) fn ended_after(&self, then: Instant) -> bool {
        self.woke.is_some_and(|woke| woke > then)
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

    #[test]
    fn a_late_look_is_a_nap_and_is_felt_for_a_while() {
        let start = Instant::now();
        let mut naps = Naps::new(start);
        naps.look(start + TICK);
        assert!(!naps.are_felt(start + TICK));
        let woke = start + Duration::from_secs(4);
        naps.look(woke);
        naps.look(woke + TICK);
        assert!(naps.are_felt(woke + AFTERMATH) && !naps.are_felt(woke + AFTERMATH + TICK));
        assert!(naps.ended_after(start + TICK) && !naps.ended_after(woke));
    }

    #[test]
    fn work_is_no_nap() {
        let start = Instant::now();
        let mut naps = Naps::new(start);
        naps.worked(start + Duration::from_secs(1));
        naps.look(start + Duration::from_secs(1) + TICK);
        assert!(!naps.are_felt(start + Duration::from_secs(1) + TICK));
    }
}
