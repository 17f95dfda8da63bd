//! Holds frames back from the moment at which a stream may have been moved to another source until somebody has looked.
//!
//! A server that takes a microphone away may put the recording of the speaker in its place without a word; by the time
//! that is seen, those frames would be in the answer. Knows neither server nor stream: only counts and times.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long frames are held back at most: where nobody can tell, they are let through.
const LONGEST: Duration = Duration::from_secs(1);

/// A gate that stands open until it is shut.
#[derive(Debug, Default)]
pub(super) struct Gate(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Whether the stream's source has been seen: where it cannot be, nobody would open the gate.
    watched: bool,
    shut: Option<Shut>,
    sealed: bool,
}

#[derive(Debug, Clone, Copy)]
struct Shut {
    /// So many frames of the stream go through.
    after: u64,
    /// When it was shut first.
    since: Instant,
    /// When it was shut last.
    last: Instant,
}

impl Gate {
    fn state(&self) -> MutexGuard<'_, State> {
        // Each change is one assignment, so nothing is ever half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shuts the gate behind the first `frames` frames, where somebody watches the stream.
    pub(super) fn shut(&self, frames: u64, now: Instant) {
        let mut state = self.state();
        if state.watched && !state.sealed {
            let Shut { after, since, .. } = state.shut.unwrap_or(Shut { after: frames, since: now, last: now });
            state.shut = Some(Shut { after, since, last: now });
        }
    }

    /// Somebody looked at `at` and saw the stream on a source that is meant.
    pub(super) fn vouch(&self, at: Instant) {
        let mut state = self.state();
        state.watched = true;
        // A look from before the last alarm may have seen what was before it.
        state.shut = state.shut.filter(|shut| shut.last > at);
    }

    /// How many frames of the stream may go through at `now`.
    pub(super) fn lets_through(&self, now: Instant) -> u64 {
        let mut state = self.state();
        let sealed = state.sealed;
        state.shut = state.shut.filter(|shut| sealed || now.saturating_duration_since(shut.since) < LONGEST);
        state.shut.map_or(u64::MAX, |shut| shut.after)
    }

    /// Leaves the gate as it is at `now` for good: the stream is given up.
    pub(super) fn seal(&self, now: Instant) {
        self.lets_through(now);
        self.state().sealed = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watched(now: Instant) -> Gate {
        let gate = Gate::default();
        gate.vouch(now);
        gate
    }

    const MOMENT: Duration = Duration::from_millis(10);

    #[test]
    fn frames_after_an_alarm_wait_for_a_look_from_after_it() {
        let start = Instant::now();
        let gate = watched(start);
        assert_eq!(gate.lets_through(start), u64::MAX);
        gate.shut(100, start + 2 * MOMENT);
        gate.shut(150, start + 4 * MOMENT);
        gate.vouch(start + 3 * MOMENT);
        assert_eq!(gate.lets_through(start + 5 * MOMENT), 100);
        gate.vouch(start + 5 * MOMENT);
        assert_eq!(gate.lets_through(start + 6 * MOMENT), u64::MAX);
    }

    #[test]
    fn nobody_is_waited_for_who_cannot_see_the_stream() {
        let gate = Gate::default();
        gate.shut(100, Instant::now());
        assert_eq!(gate.lets_through(Instant::now()), u64::MAX);
    }

    #[test]
    fn a_look_that_never_comes_is_not_waited_for() {
        let start = Instant::now();
        let gate = watched(start);
        gate.shut(100, start + MOMENT);
        assert_eq!(gate.lets_through(start + LONGEST), 100);
        assert_eq!(gate.lets_through(start + LONGEST + MOMENT), u64::MAX);
    }

    #[test]
    fn a_stream_that_is_given_up_lets_nothing_more_through() {
        let start = Instant::now();
        let gate = watched(start);
        gate.shut(100, start + MOMENT);
        gate.seal(start + 2 * MOMENT);
        assert_eq!(gate.lets_through(start + 2 * LONGEST), 100);
    }
}
