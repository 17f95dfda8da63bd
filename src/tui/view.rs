//! What a screen shows: made from the engine's phase, without timing or rules of its own.

use std::time::Duration;

use crate::interview::events::Stored;
use crate::interview::{Engine, Frame, HeldBy, Outcome, Phase, SampleRate};
use crate::speech::Db;

/// Where the session stands, as a person would say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    /// A panelist says something that nobody answers.
    Talking,
    /// The question is being asked.
    Listening,
    /// The question is read, because nobody asks it aloud.
    Reading,
    /// There is time to think.
    Thinking,
    /// The answer is being recorded.
    Answering,
    /// The answer is saved.
    Saved,
    /// The candidate paused.
    Paused,
    /// The microphone is gone.
    NoMicrophone,
    /// Before the first question or after the last.
    Over,
}

/// What the candidate may say of the answer that is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Asks {
    /// Nothing.
    #[default]
    Nothing,
    /// How it went.
    Rating,
    /// Which of so many points it covered.
    Points(usize),
}

/// A moment of the session.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// Where it stands.
    pub stand: Stand,
    /// Who speaks, asks, or is answered, where that is one of several.
    pub who: Option<String>,
    /// Which turn of the plan, from 0.
    pub turn: Option<usize>,
    /// Which take of the turn, from 1, while answering.
    pub take: Option<u32>,
    /// How long until it goes on by itself.
    pub left: Option<Duration>,
    /// How long the answer has lasted.
    pub said: Option<Duration>,
    /// How long it is until then from the beginning: the longest answer, or the time to think.
    pub limit: Option<Duration>,
    /// What is left when the limit is near.
    pub warning: Option<Duration>,
    /// Whether the limit is near.
    pub warned: bool,
    /// Whether the question may be answered once more.
    pub may_retake: bool,
    /// What may be said of the answer that is saved.
    pub asks: Asks,
    /// Whether no question comes after this one.
    pub last: bool,
    /// What is left of the whole session, where it has a length.
    pub whole: Option<Duration>,
    /// The peak of what was heard last.
    pub peak: Option<Db>,
    /// Whether it was too loud for the recording.
    pub clipped: bool,
    /// What a key that was pressed would cost: it does so when it is pressed again.
    pub sure: Option<&'static str>,
}

impl View {
    /// The view of `engine` at `now`.
    pub fn of(engine: &Engine, now: Frame, rate: SampleRate) -> View {
        let mut view = View {
            stand: Stand::Over,
            who: who(engine).map(str::to_owned),
            turn: None,
            take: None,
            left: None,
            said: None,
            limit: None,
            warning: None,
            warned: false,
            may_retake: engine.may_retake(),
            asks: Asks::Nothing,
            last: false,
            whole: engine.panel().map(|led| rate.duration(led.left(now))),
            peak: None,
            clipped: false,
            sure: None,
        };
        let left = |until: Option<Frame>| until.map(|until| rate.duration(until.since(now)));
        match engine.phase() {
            Phase::Ready | Phase::Finished(Outcome::Finished | Outcome::Quit) => {}
            Phase::Talking { turn, .. } => {
                view.stand = Stand::Talking;
                view.turn = Some(turn);
            }
            Phase::Prompting { turn, .. } => {
                view.stand = Stand::Listening;
                view.turn = Some(turn);
            }
            Phase::Preparing { turn, until } => {
                view.stand = Stand::Thinking;
                view.turn = Some(turn);
                view.left = left(until);
                let prep = engine.rules(turn).and_then(|rules| rules.prep);
                view.limit = prep.map(|prep| rate.duration(prep)).filter(|_| until.is_some());
            }
            Phase::Answering { turn, take, from, warn, until } => {
                view.stand = Stand::Answering;
                view.turn = Some(turn);
                view.take = Some(take);
                view.said = Some(rate.duration(now.since(from)));
                view.left = left(until);
                view.limit = until.map(|until| rate.duration(until.since(from)));
                let warns = engine.rules(turn).and_then(|rules| rules.warn).filter(|warn| warn.0 > 0);
                view.warning = match (warn, until) {
                    (Some(at), Some(until)) => warns.map(|_| rate.duration(until.since(at))),
                    (None, Some(_)) => warns.map(|warn| rate.duration(warn)),
                    (_, None) => None,
                };
                view.warned = warns.is_some() && warn.is_none();
            }
            Phase::Between { turn, until } => {
                view.stand = Stand::Saved;
                view.turn = Some(turn);
                view.left = left(until);
                view.last = engine.is_last(turn);
            }
            Phase::Held { turn, by, then } => {
                view.turn = Some(turn);
                view.stand = match by {
                    HeldBy::Candidate => Stand::Paused,
                    HeldBy::Microphone | HeldBy::Both => Stand::NoMicrophone,
                };
                view.left = match then {
                    Stored::Prep(left) => left.map(|left| rate.duration(left)),
                    Stored::Prompt(_) | Stored::Gap(_) | Stored::Talk { .. } => None,
                };
            }
        }
        view
    }

    /// The same moment where the question is not spoken: it is read, for so much longer.
    pub fn read_for(self, left: Duration) -> View {
        match self.stand {
            Stand::Listening | Stand::Talking => View { stand: Stand::Reading, left: Some(left), ..self },
            _ => self,
        }
    }
}

/// Who speaks, asks, or is answered: the role of one of several.
fn who(engine: &Engine) -> Option<&str> {
    let led = engine.panel().filter(|led| led.moderator().panel().panelists.len() > 1)?;
    let panelist = match engine.phase() {
        Phase::Talking { remark, .. } | Phase::Held { then: Stored::Talk { remark, .. }, .. } => {
            led.remark(remark)?.panelist
        }
        Phase::Prompting { turn, .. }
        | Phase::Preparing { turn, .. }
        | Phase::Answering { turn, .. }
        | Phase::Between { turn, .. }
        | Phase::Held { turn, .. } => led.ask(turn)?.panelist,
        Phase::Ready | Phase::Finished(_) => return None,
    };
    Some(led.role(panelist))
}
