//! Keys that would cost something ask once: pressed again within some seconds they do it.
//!
//! Nothing that was recorded is ever lost. What can be lost is the answer that is being given, a retake, or a question.

use std::time::Duration;

use crate::interview::{Event, Frame, Phase, SampleRate};

/// So long a second press means the first.
const PATIENCE: Duration = Duration::from_secs(5);

/// What was asked, and when.
#[derive(Debug, Default)]
pub struct Sure {
    asked: Option<(Event, &'static str, Frame)>,
}

impl Sure {
    /// A key means `wish`: whether it is to be pressed again before it is obeyed.
    pub fn asks(&mut self, phase: Phase, now: Frame, wish: Event, rate: SampleRate) -> bool {
        let before = self.asking(now, rate).and(self.asked.take());
        let Some(cost) = cost(phase, wish) else { return false };
        let again = before.is_some_and(|(asked, said, _)| (asked, said) == (wish, cost));
        self.asked = (!again).then_some((wish, cost, now));
        !again
    }

    /// What is being asked.
    pub fn asking(&self, now: Frame, rate: SampleRate) -> Option<&'static str> {
        self.asked.filter(|(_, _, since)| now.since(*since) < rate.frames(PATIENCE)).map(|(_, cost, _)| cost)
    }

    /// Something else happened: nothing is asked any more.
    pub fn forget(&mut self) {
        self.asked = None;
    }
}

/// What a wish would cost, and what to do about it.
fn cost(phase: Phase, wish: Event) -> Option<&'static str> {
    match (phase, wish) {
        (Phase::Answering { .. }, Event::Quit) => Some("q again: stop here (your answer so far is saved)"),
        (Phase::Answering { .. }, Event::Skip) => Some("k again: leave this question (what you said is kept)"),
        (Phase::Answering { .. }, Event::Retake) => Some("r again: begin anew (what you said is kept)"),
        (Phase::Prompting { .. } | Phase::Preparing { .. }, Event::Skip) => Some("k again: leave this question out"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: SampleRate = SampleRate(1_000);
    const ANSWERING: Phase = Phase::Answering { turn: 0, take: 1, from: Frame(0), warn: None, until: None };
    const THINKING: Phase = Phase::Preparing { turn: 0, until: None };

    #[test]
    fn what_would_cost_something_asks_once() {
        let mut sure = Sure::default();
        for wish in [Event::Quit, Event::Skip, Event::Retake] {
            assert!(sure.asks(ANSWERING, Frame(10), wish, RATE));
            assert!(sure.asking(Frame(20), RATE).is_some());
            assert!(!sure.asks(ANSWERING, Frame(30), wish, RATE), "pressed again it is meant");
            assert_eq!(sure.asking(Frame(40), RATE), None);
        }
    }

    #[test]
    fn another_key_another_phase_and_a_long_time_ask_anew() {
        let mut sure = Sure::default();
        assert!(sure.asks(ANSWERING, Frame(0), Event::Quit, RATE));
        assert!(sure.asks(ANSWERING, Frame(1), Event::Skip, RATE));
        assert!(sure.asks(THINKING, Frame(2), Event::Skip, RATE));
        assert!(sure.asks(THINKING, Frame(5_002), Event::Skip, RATE));
        sure.forget();
        assert!(sure.asks(THINKING, Frame(5_003), Event::Skip, RATE));
        assert!(!sure.asks(ANSWERING, Frame(5_004), Event::Done, RATE));
        assert!(sure.asks(THINKING, Frame(5_005), Event::Skip, RATE), "something was pressed between");
    }

    #[test]
    fn what_costs_nothing_does_not_ask() {
        let mut sure = Sure::default();
        let between = Phase::Between { turn: 0, until: None };
        for (phase, wish) in [
            (ANSWERING, Event::Done),
            (THINKING, Event::Quit),
            (THINKING, Event::Done),
            (between, Event::Quit),
            (between, Event::Skip),
            (between, Event::Retake),
        ] {
            assert!(!sure.asks(phase, Frame(0), wish, RATE), "{phase:?} {wish:?}");
        }
    }
}
