//! Keys that cannot be obeyed now, and what the candidate is told of it.

use std::time::Duration;

use crate::interview::{Engine, Event, Frame, HeldBy, Phase, SampleRate};

/// Enter begins an answer, and ends it: pressed again within this time, it was pressed twice by mistake.
pub const TWICE: Duration = Duration::from_millis(700);

/// Why a wish is not obeyed; the reason is empty where nothing is to be said.
pub fn refusal(engine: &Engine, now: Frame, wish: Event, rate: SampleRate) -> Option<&'static str> {
    match (engine.phase(), wish) {
        (Phase::Answering { from, .. }, Event::Done) if now.since(from) < rate.frames(TWICE) => Some(""),
        (Phase::Held { by: HeldBy::Candidate, .. }, Event::Skip | Event::Repeat | Event::Retake) => {
            Some("Paused: press p to go on first.")
        }
        (Phase::Held { .. }, Event::Skip | Event::Repeat | Event::Retake) => {
            Some("The microphone is not there: this goes on when it is back.")
        }
        (Phase::Between { .. }, Event::Repeat) => Some("The question is answered; press Enter for the next one."),
        (Phase::Answering { .. }, Event::Pause) if !engine.may_retake() => {
            Some("An answer is not paused: finish it, then press p.")
        }
        (Phase::Answering { .. }, Event::Pause) => Some("An answer is not paused: finish it, or press r for another."),
        (Phase::Answering { .. }, Event::Repeat) => Some("The question is above; it is not spoken into your answer."),
        (Phase::Answering { .. } | Phase::Between { .. }, Event::Retake) if !engine.may_retake() => {
            Some("No retake is left for this question.")
        }
        (Phase::Prompting { .. } | Phase::Preparing { .. }, Event::Retake) => {
            Some("There is no answer yet that could be taken again.")
        }
        (Phase::Talking { .. }, Event::Repeat) => Some("The question comes next; press Enter to go on."),
        (Phase::Talking { .. }, Event::Retake) => Some("A panel gives no retakes."),
        (_, Event::Repeat) if !engine.may_repeat(now) => {
            Some("There is no time left to say it again: the question is above.")
        }
        _ => None,
    }
}
