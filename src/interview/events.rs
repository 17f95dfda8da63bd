//! The words between a session's engine and the one who drives it: rules, events, commands, phases.

use super::format::Timing;
use super::time::{Frame, Frames, SampleRate};

/// What the engine needs to know of a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TurnRules {
    /// Silence to think before the take; `None`: until the candidate begins.
    pub prep: Option<Frames>,
    /// The longest take; `None`: until the candidate ends it.
    pub limit: Option<Frames>,
    /// How much is left of the take when the warning sounds.
    pub warn: Option<Frames>,
    /// How many retakes are left; `None`: any number.
    pub retakes: Option<u32>,
    /// The pause after the take; `None`: until the candidate goes on.
    pub gap: Option<Frames>,
    /// How many takes of this turn there are from before.
    pub takes: u32,
    /// Whether the turn was dealt with before and is passed over.
    pub over: bool,
}

impl TurnRules {
    /// The rules of a turn that nobody has answered yet, for a session clock at `rate`.
    pub fn fresh(timing: &Timing, rate: SampleRate) -> TurnRules {
        TurnRules {
            prep: timing.prep.map(|prep| rate.frames(prep)),
            limit: timing.limit.map(|limit| rate.frames(limit)),
            warn: timing.warn.map(|warn| rate.frames(warn)),
            retakes: timing.retakes,
            gap: Some(rate.frames(timing.gap)),
            takes: 0,
            over: false,
        }
    }
}

/// What happened outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The session may begin.
    Start,
    /// The prompt has been spoken.
    PromptEnded,
    /// The prompt could not be spoken; its text is on the screen.
    PromptFailed,
    /// The candidate is ready, or has finished.
    Done,
    /// Nothing more is said in this take.
    Silence,
    /// The candidate wants to answer once more.
    Retake,
    /// The candidate wants to hear the question again.
    Repeat,
    /// The candidate wants to stop for a while.
    Pause,
    /// The candidate wants to go on.
    Resume,
    /// The candidate passes the question over.
    Skip,
    /// The candidate leaves.
    Quit,
    /// The microphone is gone.
    CaptureLost,
    /// The microphone is back.
    CaptureBack,
    /// Something was heard in the answer that may be speech.
    Spoke,
    /// The answer that has ended was listened to.
    Measured {
        /// How much of it was silence, in percent; `None` where that could not be told.
        silence: Option<u32>,
    },
}

/// A short sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cue {
    /// The take begins.
    Begin,
    /// The limit is near.
    Warning,
    /// The limit is reached.
    TimeUp,
}

/// Why a take ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TakeEnd {
    /// The candidate had finished.
    Done,
    /// The limit was reached.
    TimeUp,
    /// Nothing more was said.
    Silence,
    /// The candidate wanted to answer once more.
    Retake,
    /// The candidate passed the question over.
    Skip,
    /// The microphone was lost.
    CaptureLost,
    /// The candidate left.
    Quit,
}

impl TakeEnd {
    /// Whether the take answers its question: the candidate, not an accident, ended it.
    pub fn answers(self) -> bool {
        matches!(self, TakeEnd::Done | TakeEnd::TimeUp | TakeEnd::Silence)
    }
}

/// What is to be done outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// A turn was added to the plan: the panel goes on with it.
    Put {
        /// Which turn of the plan.
        turn: usize,
    },
    /// Speak a remark of a panelist, and say when it has ended.
    Remark {
        /// Which of the remarks of this session.
        remark: usize,
    },
    /// Speak the prompt of the turn, and say when it has ended.
    Speak {
        /// Which turn of the plan.
        turn: usize,
    },
    /// Stop speaking.
    Hush,
    /// Sound the cue.
    Cue(Cue),
    /// Record from this frame on.
    OpenTake {
        /// Which turn of the plan.
        turn: usize,
        /// Which take of the turn, from 1.
        take: u32,
    },
    /// Record no more from this frame on.
    CloseTake {
        /// Which turn of the plan.
        turn: usize,
        /// Which take of the turn, from 1.
        take: u32,
        /// Why.
        end: TakeEnd,
    },
    /// The turn is dealt with.
    EndTurn {
        /// Which turn of the plan.
        turn: usize,
        /// Whether the candidate passed it over.
        skipped: bool,
    },
    /// The session is over.
    Finish(Outcome),
}

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Every turn was dealt with.
    Finished,
    /// The candidate left.
    Quit,
}

/// Who holds the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HeldBy {
    /// The candidate paused it.
    Candidate,
    /// The microphone is gone.
    Microphone,
    /// Both: the microphone went while the candidate paused.
    Both,
}

/// What a held session goes on with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// The prompt from its start, then so much prep time (`None`: without limit).
    Prompt(Option<Frames>),
    /// So much prep time (`None`: without limit).
    Prep(Option<Frames>),
    /// So much of the pause after a take.
    Gap(Option<Frames>),
    /// The remark from its start.
    Talk {
        /// Which of the remarks of this session.
        remark: usize,
        /// What follows the remarks.
        then: Then,
    },
}

/// What follows what panelists say among questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// The question of the turn.
    Ask,
    /// The pause after the take of the turn.
    Gap,
    /// The end of the session.
    End,
}

/// Where the session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Not begun.
    Ready,
    /// A panelist says something that nobody answers.
    Talking {
        /// Which of the remarks of this session.
        remark: usize,
        /// Which turn of the plan it belongs to.
        turn: usize,
        /// What follows the remarks.
        then: Then,
    },
    /// The question is being spoken.
    Prompting {
        /// Which turn of the plan.
        turn: usize,
        /// The prep time that follows; `None`: without limit.
        prep: Option<Frames>,
    },
    /// The candidate thinks.
    Preparing {
        /// Which turn of the plan.
        turn: usize,
        /// When the take begins by itself.
        until: Option<Frame>,
    },
    /// The candidate answers.
    Answering {
        /// Which turn of the plan.
        turn: usize,
        /// Which take of the turn, from 1.
        take: u32,
        /// When the take began.
        from: Frame,
        /// When the warning sounds; `None` once it has.
        warn: Option<Frame>,
        /// When the limit is reached.
        until: Option<Frame>,
    },
    /// The pause after a take.
    Between {
        /// Which turn of the plan.
        turn: usize,
        /// When the session goes on by itself, if it does.
        until: Option<Frame>,
    },
    /// Nothing runs.
    Held {
        /// Which turn of the plan.
        turn: usize,
        /// Who holds it.
        by: HeldBy,
        /// What it goes on with.
        then: Stored,
    },
    /// Over.
    Finished(Outcome),
}
