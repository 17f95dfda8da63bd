//! The session as a state machine: events in, commands out.
//!
//! The engine has no clock, no randomness and no files, and it cannot fail.
//! The one who drives it tells it the frame at which an event happened and splits what is captured at
//! [`Engine::deadline`], so that every transition falls on its frame, whatever the size of the blocks.

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
    /// The pause after the take.
    pub gap: Frames,
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
            gap: rate.frames(timing.gap),
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
    Gap(Frames),
}

/// Where the session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Not begun.
    Ready,
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
        /// When the session goes on by itself.
        until: Frame,
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

/// The state machine of a session.
#[derive(Debug, Clone)]
pub struct Engine {
    turns: Vec<TurnRules>,
    phase: Phase,
}

impl Engine {
    /// An engine that is ready to start on the first turn that is not over.
    pub fn new(turns: Vec<TurnRules>) -> Engine {
        Engine { turns, phase: Phase::Ready }
    }

    /// Where the session stands.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// What is left of the rules of a turn: its retakes and takes as they stand now.
    pub fn rules(&self, turn: usize) -> Option<&TurnRules> {
        self.turns.get(turn)
    }

    /// The last turn that is asked, where there is one.
    pub fn last_turn(&self) -> Option<usize> {
        self.turns.iter().rposition(|turn| !turn.over)
    }

    /// Whether the candidate may answer the current question once more.
    pub fn may_retake(&self) -> bool {
        match self.phase {
            Phase::Answering { turn, .. } | Phase::Between { turn, .. } => self.turns[turn].retakes != Some(0),
            _ => false,
        }
    }

    /// The next frame at which something happens by itself.
    pub fn deadline(&self) -> Option<Frame> {
        match self.phase {
            Phase::Preparing { until, .. } => until,
            Phase::Answering { warn, until, .. } => match (warn, until) {
                (Some(warn), Some(until)) => Some(warn.min(until)),
                (warn, until) => warn.or(until),
            },
            Phase::Between { until, .. } => Some(until),
            Phase::Ready | Phase::Prompting { .. } | Phase::Held { .. } | Phase::Finished(_) => None,
        }
    }

    /// Takes what happened at `now`, after every deadline up to `now` has fired.
    pub fn step(&mut self, now: Frame, event: Event) -> Vec<Command> {
        let mut out = self.tick(now);
        self.take(now, event, &mut out);
        out.append(&mut self.tick(now));
        out
    }

    /// Fires every deadline up to `now`, each at its own frame.
    pub fn tick(&mut self, now: Frame) -> Vec<Command> {
        let mut out = Vec::new();
        while let Some(due) = self.deadline().filter(|due| *due <= now) {
            self.expire(due, &mut out);
        }
        out
    }

    fn expire(&mut self, due: Frame, out: &mut Vec<Command>) {
        match self.phase {
            Phase::Preparing { turn, .. } => self.answer(due, turn, out),
            Phase::Answering { until: Some(until), .. } if until <= due => {
                out.push(Command::Cue(Cue::TimeUp));
                self.close(due, TakeEnd::TimeUp, out);
            }
            Phase::Answering { turn, take, from, until, .. } => {
                out.push(Command::Cue(Cue::Warning));
                self.phase = Phase::Answering { turn, take, from, warn: None, until };
            }
            Phase::Between { turn, .. } => self.end_turn(turn, false, out),
            Phase::Ready | Phase::Prompting { .. } | Phase::Held { .. } | Phase::Finished(_) => {}
        }
    }

    fn take(&mut self, now: Frame, event: Event, out: &mut Vec<Command>) {
        match (self.phase, event) {
            (Phase::Finished(_), _) => {}
            (_, Event::Quit) => self.quit(out),
            (Phase::Ready, Event::Start) => self.next(0, out),
            (Phase::Ready, _) => {}
            (_, Event::CaptureLost) => self.lose(now, out),
            (Phase::Held { turn, by, then }, event) => self.held(now, turn, by, then, event, out),
            (_, Event::Pause) => self.pause(now, out),
            (_, Event::Skip) => self.skip(now, out),
            (Phase::Prompting { turn, prep }, Event::PromptEnded | Event::PromptFailed) => {
                self.prepare(now, turn, prep);
            }
            (Phase::Prompting { turn, prep }, Event::Done) => {
                out.push(Command::Hush);
                self.prepare(now, turn, prep);
            }
            (Phase::Prompting { turn, prep }, Event::Repeat) => self.prompt(turn, prep, out),
            (Phase::Preparing { turn, until }, Event::Repeat) => {
                self.prompt(turn, until.map(|until| until.since(now)), out);
            }
            (Phase::Preparing { turn, .. }, Event::Done) => self.answer(now, turn, out),
            (Phase::Answering { .. }, Event::Done) => self.close(now, TakeEnd::Done, out),
            (Phase::Answering { .. }, Event::Silence) => self.close(now, TakeEnd::Silence, out),
            (Phase::Answering { turn, take, .. }, Event::Retake) if self.spend_retake(turn) => {
                out.push(Command::CloseTake { turn, take, end: TakeEnd::Retake });
                self.prepare(now, turn, self.turns[turn].prep);
            }
            (Phase::Between { turn, .. }, Event::Retake) if self.spend_retake(turn) => {
                self.prepare(now, turn, self.turns[turn].prep);
            }
            (Phase::Between { turn, .. }, Event::Done) => self.end_turn(turn, false, out),
            _ => {}
        }
    }

    fn held(&mut self, now: Frame, turn: usize, by: HeldBy, then: Stored, event: Event, out: &mut Vec<Command>) {
        let by = match (by, event) {
            (HeldBy::Candidate, Event::Resume | Event::Pause | Event::Done)
            | (HeldBy::Microphone, Event::CaptureBack) => return self.go_on(now, turn, then, out),
            (HeldBy::Both, Event::Resume | Event::Pause | Event::Done) | (HeldBy::Microphone, Event::Resume) => {
                HeldBy::Microphone
            }
            (HeldBy::Microphone, Event::Pause) => HeldBy::Both,
            (HeldBy::Both, Event::CaptureBack) => HeldBy::Candidate,
            (by, _) => by,
        };
        self.phase = Phase::Held { turn, by, then };
    }

    fn go_on(&mut self, now: Frame, turn: usize, then: Stored, out: &mut Vec<Command>) {
        match then {
            Stored::Prompt(prep) => self.prompt(turn, prep, out),
            Stored::Prep(left) => self.prepare(now, turn, left),
            Stored::Gap(left) => self.phase = Phase::Between { turn, until: now + left },
        }
    }

    fn hold(&mut self, turn: usize, by: HeldBy, then: Stored) {
        self.phase = Phase::Held { turn, by, then };
    }

    fn pause(&mut self, now: Frame, out: &mut Vec<Command>) {
        if let Some((turn, then)) = self.storable(now, out) {
            self.hold(turn, HeldBy::Candidate, then);
        }
    }

    fn lose(&mut self, now: Frame, out: &mut Vec<Command>) {
        match self.phase {
            Phase::Held { turn, by: HeldBy::Candidate, then } => self.hold(turn, HeldBy::Both, then),
            Phase::Answering { turn, take, .. } => {
                // Not the candidate's doing: the question may be answered from the start, and no retake is spent.
                out.push(Command::CloseTake { turn, take, end: TakeEnd::CaptureLost });
                self.hold(turn, HeldBy::Microphone, Stored::Prep(self.turns[turn].prep));
            }
            _ => {
                if let Some((turn, then)) = self.storable(now, out) {
                    self.hold(turn, HeldBy::Microphone, then);
                }
            }
        }
    }

    /// What a phase that can be stored leaves to do; speech is stopped.
    fn storable(&self, now: Frame, out: &mut Vec<Command>) -> Option<(usize, Stored)> {
        match self.phase {
            Phase::Prompting { turn, prep } => {
                out.push(Command::Hush);
                Some((turn, Stored::Prompt(prep)))
            }
            Phase::Preparing { turn, until } => Some((turn, Stored::Prep(until.map(|until| until.since(now))))),
            Phase::Between { turn, until } => Some((turn, Stored::Gap(until.since(now)))),
            Phase::Ready | Phase::Answering { .. } | Phase::Held { .. } | Phase::Finished(_) => None,
        }
    }

    fn quit(&mut self, out: &mut Vec<Command>) {
        match self.phase {
            Phase::Answering { turn, take, .. } => out.push(Command::CloseTake { turn, take, end: TakeEnd::Quit }),
            Phase::Prompting { .. } => out.push(Command::Hush),
            // The answer is in: only the pause after it is cut short.
            Phase::Between { turn, .. } => out.push(Command::EndTurn { turn, skipped: false }),
            Phase::Ready | Phase::Preparing { .. } | Phase::Held { .. } | Phase::Finished(_) => {}
        }
        self.finish(Outcome::Quit, out);
    }

    fn skip(&mut self, now: Frame, out: &mut Vec<Command>) {
        match self.phase {
            Phase::Prompting { turn, .. } => {
                out.push(Command::Hush);
                self.end_turn(turn, true, out);
            }
            Phase::Preparing { turn, .. } => self.end_turn(turn, true, out),
            Phase::Answering { turn, .. } => {
                self.close(now, TakeEnd::Skip, out);
                self.end_turn(turn, true, out);
            }
            Phase::Between { turn, .. } => self.end_turn(turn, false, out),
            Phase::Ready | Phase::Held { .. } | Phase::Finished(_) => {}
        }
    }

    fn spend_retake(&mut self, turn: usize) -> bool {
        match &mut self.turns[turn].retakes {
            None => true,
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
        }
    }

    fn prompt(&mut self, turn: usize, prep: Option<Frames>, out: &mut Vec<Command>) {
        out.push(Command::Speak { turn });
        self.phase = Phase::Prompting { turn, prep };
    }

    fn prepare(&mut self, now: Frame, turn: usize, prep: Option<Frames>) {
        self.phase = Phase::Preparing { turn, until: prep.map(|prep| now + prep) };
    }

    fn answer(&mut self, now: Frame, turn: usize, out: &mut Vec<Command>) {
        let rules = &mut self.turns[turn];
        rules.takes += 1;
        let (take, until) = (rules.takes, rules.limit.map(|limit| now + limit));
        let warn = until.zip(rules.warn).map(|(until, warn)| (until - warn).max(now));
        out.push(Command::Cue(Cue::Begin));
        out.push(Command::OpenTake { turn, take });
        self.phase = Phase::Answering { turn, take, from: now, warn, until };
    }

    fn close(&mut self, now: Frame, end: TakeEnd, out: &mut Vec<Command>) {
        if let Phase::Answering { turn, take, .. } = self.phase {
            out.push(Command::CloseTake { turn, take, end });
            self.phase = Phase::Between { turn, until: now + self.turns[turn].gap };
        }
    }

    fn end_turn(&mut self, turn: usize, skipped: bool, out: &mut Vec<Command>) {
        out.push(Command::EndTurn { turn, skipped });
        self.next(turn + 1, out);
    }

    fn next(&mut self, from: usize, out: &mut Vec<Command>) {
        match (from..self.turns.len()).find(|turn| !self.turns[*turn].over) {
            Some(turn) => self.prompt(turn, self.turns[turn].prep, out),
            None => self.finish(Outcome::Finished, out),
        }
    }

    fn finish(&mut self, outcome: Outcome, out: &mut Vec<Command>) {
        out.push(Command::Finish(outcome));
        self.phase = Phase::Finished(outcome);
    }
}
