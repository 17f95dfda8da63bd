//! Holds frames back from the moment at which a stream may have been moved to another source until somebody has looked.
//!
//! A server that takes a microphone away may put the recording of the speaker in its place without a word; by the time
//! that is seen, those frames would be in the answer. Knows no server: only counts and times.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::signs::Signs;

/// How old a frame is when it goes through: the news of a move may come a moment after the first frames of another
/// source. Measured on PulseAudio 16: less than a millisecond; the rest is for a busy machine.
const AGE: Duration = Duration::from_millis(30);

/// How long frames are held back at most: where nobody can tell, they are let through.
const LONGEST: Duration = Duration::from_secs(1);

/// A gate that stands open until it is shut.
#[derive(Debug)]
pub(super) struct Gate {
    signs: Arc<Signs>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Whether the stream's source has been seen: where it cannot be, nobody would open the gate.
    watched: bool,
    /// How many frames had come when somebody asked.
    came: VecDeque<(Instant, u64)>,
    /// So many frames may go through by their age.
    aged: u64,
    shut: Option<Shut>,
    /// The stream is given up: what was let through now is all that ever will be.
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
    /// An open gate for the frames that `signs` counts.
    pub(super) fn new(signs: Arc<Signs>) -> Gate {
        Gate { signs, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No change leaves anything half done if it panics.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shuts the gate, where somebody watches the stream.
    pub(super) fn shut(&self, now: Instant) {
        let mut state = self.state();
        if state.watched && !state.sealed {
            let Shut { after, since, .. } = state.shut.unwrap_or(Shut { after: state.aged, since: now, last: now });
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
        let age = |then: Instant| now.saturating_duration_since(then);
        state.shut = state.shut.filter(|shut| sealed || age(shut.since) < LONGEST);
        let came = self.signs.frames();
        if state.came.back().is_none_or(|(_, before)| *before < came) {
            state.came.push_back((now, came));
        }
        while let Some((then, came)) = state.came.front().copied()
            && (age(then) >= AGE || !state.watched)
        {
            state.aged = came;
            state.came.pop_front();
        }
        match state.shut {
            Some(shut) => shut.after,
            None if sealed || !state.watched => u64::MAX,
            None => state.aged,
        }
    }

    /// Leaves the gate open or shut as it is at `now` for good: the stream is given up.
    pub(super) fn seal(&self, now: Instant) {
        self.lets_through(now);
        self.state().sealed = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENT: Duration = Duration::from_millis(10);

    /// A gate that is watched, with frames of which the first hundred are old enough at the time returned.
    fn watched() -> (Gate, Arc<Signs>, Instant) {
        let (signs, start) = (Arc::new(Signs::new()), Instant::now());
        let gate = Gate::new(Arc::clone(&signs));
        gate.vouch(start);
        signs.came(100);
        assert_eq!(gate.lets_through(start), 0);
        signs.came(100);
        assert_eq!(gate.lets_through(start + MOMENT), 0);
        assert_eq!(gate.lets_through(start + AGE), 100);
        (gate, signs, start + AGE)
    }

    #[test]
    fn frames_after_an_alarm_and_just_before_it_wait_for_a_look_from_after_it() {
        let (gate, signs, start) = watched();
        gate.shut(start + 2 * MOMENT);
        signs.came(100);
        gate.shut(start + 4 * MOMENT);
        gate.vouch(start + 3 * MOMENT);
        assert_eq!(gate.lets_through(start + 5 * MOMENT), 100);
        gate.vouch(start + 5 * MOMENT);
        assert_eq!(gate.lets_through(start + 6 * MOMENT), 200);
        assert_eq!(gate.lets_through(start + 5 * MOMENT + AGE), 300);
    }

    #[test]
    fn nobody_is_waited_for_who_cannot_see_the_stream() {
        let gate = Gate::new(Arc::new(Signs::new()));
        gate.shut(Instant::now());
        assert_eq!(gate.lets_through(Instant::now()), u64::MAX);
    }

    #[test]
    fn a_look_that_never_comes_is_not_waited_for() {
        let (gate, signs, start) = watched();
        gate.shut(start);
        signs.came(100);
        assert_eq!(gate.lets_through(start + LONGEST - AGE), 100);
        assert_eq!(gate.lets_through(start + LONGEST), 300);
    }

    #[test]
    fn a_stream_that_is_given_up_on_an_alarm_lets_nothing_more_through() {
        let (gate, signs, start) = watched();
        gate.shut(start);
        gate.seal(start + MOMENT);
        signs.came(100);
        assert_eq!(gate.lets_through(start + 2 * LONGEST), 100);
    }

    #[test]
    fn a_stream_that_dies_by_itself_lets_all_through_that_came() {
        let (gate, _, start) = watched();
        gate.seal(start);
        gate.shut(start + MOMENT);
        assert_eq!(gate.lets_through(start + MOMENT), u64::MAX);
    }
}
