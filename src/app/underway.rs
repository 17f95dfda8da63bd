//! The end of an answer that waits for the sound that was made before it and is still on its way from the microphone.
//!
//! A key is here at once; a frame comes with its block and has waited to be let through. Without this the last
//! syllable before the key would be missing.

use std::time::{Duration, Instant};

use crate::interview::{Event, Frame, Phase, SampleRate};

/// How long a frame is on its way: a block of a tenth of a second, and the 30 ms for which it is held back.
const ON_THE_WAY: Duration = Duration::from_millis(130);

/// How long is waited where no frames come.
const LONGEST: Duration = Duration::from_millis(400);

/// A wish that waits.
#[derive(Debug, Default)]
pub struct Underway(Option<Wish>);

#[derive(Debug, Clone, Copy)]
struct Wish {
    event: Event,
    /// The take that it ends began here.
    from: Frame,
    due: Frame,
    by: Instant,
}

impl Underway {
    /// Whether `event` ends an answer and waits; a wish that waits already gives way only to the end of the session.
    pub fn waits_for(&mut self, phase: Phase, now: Frame, event: Event, rate: SampleRate) -> bool {
        let Phase::Answering { from, .. } = phase else { return false };
        if !matches!(event, Event::Done | Event::Quit) {
            return false;
        }
        let (mut due, mut by) = (now + rate.frames(ON_THE_WAY), Instant::now() + LONGEST);
        if let Some(earlier) = self.0.filter(|earlier| earlier.from == from) {
            (due, by) = (earlier.due, earlier.by);
            if event == Event::Done {
                return true;
            }
        }
        self.0 = Some(Wish { event, from, due, by });
        true
    }

    /// The wish whose time has come, unless its answer has ended in another way.
    pub fn due(&mut self, phase: Phase, now: Frame) -> Option<Event> {
        let wish = self.0?;
        let same = matches!(phase, Phase::Answering { from, .. } if from == wish.from);
        if same && now < wish.due && Instant::now() < wish.by {
            return None;
        }
        self.0 = None;
        (same || wish.event == Event::Quit).then_some(wish.event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: SampleRate = SampleRate(1_000);

    fn answering(from: u64) -> Phase {
        Phase::Answering { turn: 0, take: 1, from: Frame(from), warn: None, until: None }
    }

    #[test]
    fn the_end_of_an_answer_waits_for_what_is_on_its_way() {
        let mut underway = Underway::default();
        assert!(underway.waits_for(answering(5), Frame(1_000), Event::Done, RATE));
        assert_eq!(underway.due(answering(5), Frame(1_129)), None);
        assert_eq!(underway.due(answering(5), Frame(1_130)), Some(Event::Done));
        assert_eq!(underway.due(answering(5), Frame(9_000)), None, "once");
    }

    #[test]
    fn an_answer_that_ends_by_itself_is_not_ended_again() {
        let mut underway = Underway::default();
        underway.waits_for(answering(5), Frame(1_000), Event::Done, RATE);
        assert_eq!(underway.due(answering(1_100), Frame(1_110)), None);
        assert_eq!(underway.due(answering(1_100), Frame(1_200)), None);
    }

    #[test]
    fn the_end_of_the_session_takes_the_place_of_the_end_of_an_answer_and_is_not_forgotten() {
        let mut underway = Underway::default();
        underway.waits_for(answering(5), Frame(1_000), Event::Done, RATE);
        assert!(underway.waits_for(answering(5), Frame(1_100), Event::Quit, RATE));
        assert!(underway.waits_for(answering(5), Frame(1_101), Event::Done, RATE));
        assert_eq!(underway.due(answering(1_105), Frame(1_106)), Some(Event::Quit));
    }

    #[test]
    fn nothing_else_waits() {
        let mut underway = Underway::default();
        assert!(!underway.waits_for(answering(5), Frame(1_000), Event::Retake, RATE));
        assert!(!underway.waits_for(Phase::Ready, Frame(1_000), Event::Quit, RATE));
    }
}
