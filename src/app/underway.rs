//! The end of an answer that waits for the sound that was made before it and is still on its way from the microphone.
//!
//! A key is here at once; a frame comes with its block and has waited to be let through. Without this the last
//! syllable before the key would be missing, and after a moment in which the program was suspended far more than that.

use std::time::{Duration, Instant};

use crate::interview::{Event, Frame, Frames, Phase, SampleRate};

/// How long a frame is on its way: a block of a tenth of a second, and the 30 ms for which it is held back.
const ON_THE_WAY: Duration = Duration::from_millis(130);

/// How long is waited where no frames come.
const LONGEST: Duration = Duration::from_millis(400);

/// How long is waited for frames that are known to be there: a session that the system ends has little more.
const LONGEST_BEHIND: Duration = Duration::from_millis(1_500);

/// A wish that waits.
#[derive(Debug, Default)]
pub struct Underway(Option<Wish>);

#[derive(Debug, Clone, Copy)]
struct Wish {
    event: Event,
    /// The take that it ends began here.
    from: Frame,
    made: Instant,
    due: Frame,
    /// Frames that are on their way.
    way: Frames,
}

/// How much a wish weighs that ends an answer; nothing where it ends none.
fn weight(event: Event) -> Option<u8> {
    match event {
        Event::Done => Some(0),
        Event::Retake => Some(1),
        Event::Skip => Some(2),
        Event::Quit => Some(3),
        _ => None,
    }
}

impl Underway {
    /// Whether `event` ends an answer and waits; a wish that waits already gives way to one that weighs more.
    pub fn waits_for(&mut self, phase: Phase, now: Frame, event: Event, rate: SampleRate) -> bool {
        let Phase::Answering { from, .. } = phase else { return false };
        if weight(event).is_none() {
            return false;
        }
        let way = rate.frames(ON_THE_WAY);
        let new = Wish { event, from, made: Instant::now(), due: now + way, way };
        match &mut self.0 {
            Some(earlier) if earlier.from == from => {
                if weight(event) > weight(earlier.event) {
                    earlier.event = event;
                }
            }
            wish => *wish = Some(new),
        }
        true
    }

    /// The wish whose time has come, unless its answer has ended in another way; `is_behind` says whether there are
    /// frames that have yet to be read.
    pub fn due(&mut self, phase: Phase, now: Frame, is_behind: impl FnOnce() -> bool) -> Option<Event> {
        self.due_after(self.0?.made.elapsed(), phase, now, is_behind)
    }

    fn due_after(
        &mut self,
        waited: Duration,
        phase: Phase,
        now: Frame,
        is_behind: impl FnOnce() -> bool,
    ) -> Option<Event> {
        let wish = self.0.as_mut()?;
        let same = matches!(phase, Phase::Answering { from, .. } if from == wish.from);
        if same && waited < LONGEST_BEHIND {
            if is_behind() {
                // Frames of long ago say nothing of those that are on their way.
                wish.due = now + wish.way;
                return None;
            }
            if waited < LONGEST && (now < wish.due || waited < ON_THE_WAY) {
                return None;
            }
        }
        let event = wish.event;
        self.0 = None;
        (same || event == Event::Quit).then_some(event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: SampleRate = SampleRate(1_000);

    fn answering(from: u64) -> Phase {
        Phase::Answering { turn: 0, take: 1, from: Frame(from), warn: None, until: None }
    }

    /// A wish for the end of an answer that began at 5, made at 1,000.
    fn wish(event: Event) -> Underway {
        let mut underway = Underway::default();
        assert!(underway.waits_for(answering(5), Frame(1_000), event, RATE));
        underway
    }

    /// What is due so many ms after the wish, with nothing that has yet to be read.
    fn after(underway: &mut Underway, ms: u64, from: u64, now: u64) -> Option<Event> {
        underway.due_after(Duration::from_millis(ms), answering(from), Frame(now), || false)
    }

    #[test]
    fn every_end_of_an_answer_waits_for_what_is_on_its_way() {
        for event in [Event::Done, Event::Retake, Event::Skip, Event::Quit] {
            let mut underway = wish(event);
            assert_eq!(after(&mut underway, 140, 5, 1_129), None);
            assert_eq!(after(&mut underway, 140, 5, 1_130), Some(event));
            assert_eq!(after(&mut underway, 140, 5, 9_000), None, "once");
        }
    }

    #[test]
    fn frames_of_long_ago_are_not_those_that_are_on_their_way() {
        let mut underway = wish(Event::Done);
        assert_eq!(after(&mut underway, 20, 5, 4_000), None, "what was said just now cannot have come");
        let behind = underway.due_after(Duration::from_millis(140), answering(5), Frame(5_000), || true);
        assert_eq!(behind, None);
        assert_eq!(after(&mut underway, 150, 5, 5_129), None);
        assert_eq!(after(&mut underway, 230, 5, 5_130), Some(Event::Done));
    }

    #[test]
    fn what_is_there_is_waited_for_longer_than_what_never_comes() {
        let mut underway = wish(Event::Quit);
        assert_eq!(after(&mut underway, 399, 5, 1_000), None);
        let (late, too_late) = (LONGEST_BEHIND - Duration::from_millis(1), LONGEST_BEHIND);
        assert_eq!(underway.due_after(late, answering(5), Frame(1_000), || true), None);
        assert_eq!(underway.due_after(too_late, answering(5), Frame(1_000), || true), Some(Event::Quit));
        assert_eq!(after(&mut wish(Event::Quit), 400, 5, 1_000), Some(Event::Quit));
    }

    #[test]
    fn an_answer_that_ends_by_itself_is_not_ended_again() {
        let mut underway = wish(Event::Done);
        assert_eq!(after(&mut underway, 10, 1_100, 1_110), None);
        assert_eq!(after(&mut underway, 400, 1_100, 1_200), None);
    }

    #[test]
    fn the_end_of_the_session_takes_the_place_of_the_end_of_an_answer_and_is_not_forgotten() {
        let mut underway = wish(Event::Done);
        for event in [Event::Quit, Event::Done, Event::Skip] {
            assert!(underway.waits_for(answering(5), Frame(1_100), event, RATE));
        }
        assert_eq!(after(&mut underway, 10, 1_105, 1_106), Some(Event::Quit));
    }

    #[test]
    fn another_take_takes_the_place_of_the_end_of_this_one_and_waits_no_longer() {
        let mut underway = wish(Event::Done);
        assert!(underway.waits_for(answering(5), Frame(1_100), Event::Retake, RATE));
        assert!(underway.waits_for(answering(5), Frame(1_101), Event::Done, RATE));
        assert_eq!(after(&mut underway, 140, 5, 1_130), Some(Event::Retake));
    }

    #[test]
    fn nothing_else_waits() {
        let mut underway = Underway::default();
        assert!(!underway.waits_for(answering(5), Frame(1_000), Event::Pause, RATE));
        assert!(!underway.waits_for(Phase::Ready, Frame(1_000), Event::Quit, RATE));
    }
}
