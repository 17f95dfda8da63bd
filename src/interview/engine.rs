//! The session as a state machine: events in, commands out.
//!
//! The engine has no clock, no randomness and no files, and it cannot fail.
//! The one who drives it tells it the frame at which an event happened and splits what is captured at
//! [`Engine::deadline`], so that every transition falls on its frame, whatever the size of the blocks.

use super::events::{Command, Cue, Event, HeldBy, Outcome, Phase, Stored, TakeEnd, Then, TurnRules};
use super::panel::Led;
use super::time::{Frame, Frames};

/// The state machine of a session.
#[derive(Debug, Clone)]
pub struct Engine {
    turns: Vec<TurnRules>,
    phase: Phase,
    /// Who decides what comes next, where the turns are not a list.
    led: Option<Led>,
}

impl Engine {
    /// An engine that is ready to start on the first turn that is not over.
    pub fn new(turns: Vec<TurnRules>) -> Engine {
        Engine { turns, phase: Phase::Ready, led: None }
    }

    /// An engine whose turns are put one after the other by a moderator; `turns` are those from before, one for each
    /// question that `led` has asked already.
    pub fn led(led: Led, turns: Vec<TurnRules>) -> Engine {
        Engine { turns, phase: Phase::Ready, led: Some(led) }
    }

    /// The panel's side of the session, where a panel asks.
    pub fn panel(&self) -> Option<&Led> {
        self.led.as_ref()
    }

    /// Where the session stands.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// What is left of the rules of a turn: its retakes and takes as they stand now.
    pub fn rules(&self, turn: usize) -> Option<&TurnRules> {
        self.turns.get(turn)
    }

    /// Whether no turn follows this one.
    pub fn is_last(&self, turn: usize) -> bool {
        self.turns.iter().skip(turn + 1).all(|turn| turn.over)
            && self.led.as_ref().is_none_or(|led| led.moderator().has_asked_all())
    }

    /// Whether there is time to ask the current question once more.
    pub fn may_repeat(&self, now: Frame) -> bool {
        match (self.phase, &self.led) {
            (Phase::Prompting { turn, .. } | Phase::Preparing { turn, .. }, Some(led)) => led.may_repeat(turn, now),
            _ => true,
        }
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
            Phase::Between { until, .. } => until,
            Phase::Ready
            | Phase::Talking { .. }
            | Phase::Prompting { .. }
            | Phase::Held { .. }
            | Phase::Finished(_) => None,
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
            Phase::Answering { turn, until: Some(until), .. } if until <= due => self.time_up(due, turn, out),
            Phase::Answering { turn, take, from, until, .. } => {
                out.push(Command::Cue(Cue::Warning));
                self.phase = Phase::Answering { turn, take, from, warn: None, until };
            }
            Phase::Between { turn, .. } => self.end_turn(due, turn, false, out),
            Phase::Ready
            | Phase::Talking { .. }
            | Phase::Prompting { .. }
            | Phase::Held { .. }
            | Phase::Finished(_) => {}
        }
    }

    /// The limit is reached: a panelist says so, or a cue.
    fn time_up(&mut self, now: Frame, turn: usize, out: &mut Vec<Command>) {
        let first = self.led.as_ref().map_or(0, Led::remarks);
        if !self.led.as_mut().is_some_and(|led| led.interrupt(turn)) {
            out.push(Command::Cue(Cue::TimeUp));
            return self.close(now, TakeEnd::TimeUp, out);
        }
        self.close(now, TakeEnd::TimeUp, out);
        self.talk(first, turn, Then::Gap, now, out);
    }

    fn take(&mut self, now: Frame, event: Event, out: &mut Vec<Command>) {
        match (self.phase, event) {
            (Phase::Finished(_), _) => {}
            (_, Event::Quit) => self.quit(out),
            (Phase::Answering { .. }, Event::Spoke) => {
                if let Some(led) = &mut self.led {
                    led.spoke();
                }
            }
            (_, Event::Spoke) => {}
            (_, Event::Measured { silence }) => {
                if let Some(led) = &mut self.led {
                    led.measured(silence);
                }
            }
            (Phase::Ready, Event::Start) => self.start(now, out),
            (Phase::Ready, _) => {}
            (_, Event::CaptureLost) => self.lose(now, out),
            (Phase::Held { turn, by, then }, event) => self.held(now, turn, by, then, event, out),
            (_, Event::Pause) => self.pause(now, out),
            (_, Event::Skip) => self.skip(now, out),
            (Phase::Talking { remark, turn, then }, Event::PromptEnded | Event::PromptFailed) => {
                self.talk(remark + 1, turn, then, now, out);
            }
            (Phase::Talking { remark, turn, then }, Event::Done) => {
                out.push(Command::Hush);
                self.talk(remark + 1, turn, then, now, out);
            }
            (Phase::Prompting { turn, prep }, Event::PromptEnded | Event::PromptFailed) => {
                self.prepare(now, turn, prep);
            }
            (Phase::Prompting { turn, prep }, Event::Done) => {
                out.push(Command::Hush);
                self.prepare(now, turn, prep);
            }
            (Phase::Prompting { turn, prep }, Event::Repeat) if self.may_repeat(now) => {
                self.prompt(now, turn, prep, out)
            }
            (Phase::Preparing { turn, until }, Event::Repeat) if self.may_repeat(now) => {
                self.prompt(now, turn, until.map(|until| until.since(now)), out);
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
            (Phase::Between { turn, .. }, Event::Done) => self.end_turn(now, turn, false, out),
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
        if let Some(led) = &mut self.led {
            led.release(now);
        }
        match then {
            Stored::Talk { remark, then } => self.talk(remark, turn, then, now, out),
            Stored::Prompt(prep) => self.prompt(now, turn, prep, out),
            Stored::Prep(left) => self.prepare(now, turn, left),
            Stored::Gap(left) => self.rest(now, turn, left),
        }
    }

    fn hold(&mut self, now: Frame, turn: usize, by: HeldBy, then: Stored) {
        if let Some(led) = &mut self.led {
            led.hold(now);
        }
        self.phase = Phase::Held { turn, by, then };
    }

    fn pause(&mut self, now: Frame, out: &mut Vec<Command>) {
        if let Some((turn, then)) = self.storable(now, out) {
            self.hold(now, turn, HeldBy::Candidate, then);
        }
    }

    fn lose(&mut self, now: Frame, out: &mut Vec<Command>) {
        match self.phase {
            Phase::Held { turn, by: HeldBy::Candidate, then } => self.hold(now, turn, HeldBy::Both, then),
            Phase::Answering { turn, take, from, .. } => {
                if let Some(led) = &mut self.led {
                    led.lose(from);
                }
                // Not the candidate's doing: the question may be answered from the start, and no retake is spent.
                out.push(Command::CloseTake { turn, take, end: TakeEnd::CaptureLost });
                self.hold(now, turn, HeldBy::Microphone, Stored::Prep(self.turns[turn].prep));
            }
            _ => {
                if let Some((turn, then)) = self.storable(now, out) {
                    self.hold(now, turn, HeldBy::Microphone, then);
                }
            }
        }
    }

    /// What a phase that can be stored leaves to do; speech is stopped.
    fn storable(&self, now: Frame, out: &mut Vec<Command>) -> Option<(usize, Stored)> {
        match self.phase {
            Phase::Talking { remark, turn, then } => {
                out.push(Command::Hush);
                Some((turn, Stored::Talk { remark, then }))
            }
            Phase::Prompting { turn, prep } => {
                out.push(Command::Hush);
                Some((turn, Stored::Prompt(prep)))
            }
            Phase::Preparing { turn, until } => Some((turn, Stored::Prep(until.map(|until| until.since(now))))),
            Phase::Between { turn, until } => Some((turn, Stored::Gap(until.map(|until| until.since(now))))),
            Phase::Ready | Phase::Answering { .. } | Phase::Held { .. } | Phase::Finished(_) => None,
        }
    }

    fn quit(&mut self, out: &mut Vec<Command>) {
        match self.phase {
            Phase::Answering { turn, take, .. } => out.push(Command::CloseTake { turn, take, end: TakeEnd::Quit }),
            Phase::Talking { turn, then: Then::Gap, .. } => {
                out.push(Command::Hush);
                out.push(Command::EndTurn { turn, skipped: false });
            }
            Phase::Talking { then: Then::End, .. } => {
                // Nothing is left out but a goodbye.
                out.push(Command::Hush);
                return self.finish(Outcome::Finished, out);
            }
            Phase::Talking { .. } | Phase::Prompting { .. } => out.push(Command::Hush),
            // The answer is in: only the pause after it is cut short.
            Phase::Between { turn, .. } => out.push(Command::EndTurn { turn, skipped: false }),
            Phase::Ready | Phase::Preparing { .. } | Phase::Held { .. } | Phase::Finished(_) => {}
        }
        self.finish(Outcome::Quit, out);
    }

    fn skip(&mut self, now: Frame, out: &mut Vec<Command>) {
        match self.phase {
            Phase::Talking { remark, turn, then } => {
                out.push(Command::Hush);
                self.talk(remark + 1, turn, then, now, out);
            }
            Phase::Prompting { turn, .. } => {
                out.push(Command::Hush);
                self.end_turn(now, turn, true, out);
            }
            Phase::Preparing { turn, .. } => self.end_turn(now, turn, true, out),
            Phase::Answering { turn, .. } => {
                self.close(now, TakeEnd::Skip, out);
                self.end_turn(now, turn, true, out);
            }
            Phase::Between { turn, .. } => self.end_turn(now, turn, false, out),
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

    fn speaks(&mut self, since: Option<Frame>) {
        if let Some(led) = &mut self.led {
            led.speak(since);
        }
    }

    fn prompt(&mut self, now: Frame, turn: usize, prep: Option<Frames>, out: &mut Vec<Command>) {
        self.speaks(Some(now));
        out.push(Command::Speak { turn });
        self.phase = Phase::Prompting { turn, prep };
    }

    fn prepare(&mut self, now: Frame, turn: usize, prep: Option<Frames>) {
        self.speaks(None);
        self.phase = Phase::Preparing { turn, until: prep.map(|prep| now + prep) };
    }

    fn answer(&mut self, now: Frame, turn: usize, out: &mut Vec<Command>) {
        let granted = self.led.as_mut().and_then(|led| {
            led.count(now);
            led.opens();
            led.grant(turn, now)
        });
        let rules = &mut self.turns[turn];
        rules.takes += 1;
        let limit = granted.or(rules.limit);
        let (take, until) = (rules.takes, limit.map(|limit| now + limit));
        // Where there is less time than was planned, the warning would come too early to be one.
        let warn = rules.warn.map(|warn| granted.map_or(warn, |limit| warn.min(Frames(limit.0 / 3))));
        let warn = until.zip(warn).map(|(until, warn)| (until - warn).max(now));
        out.push(Command::Cue(Cue::Begin));
        out.push(Command::OpenTake { turn, take });
        self.phase = Phase::Answering { turn, take, from: now, warn, until };
    }

    fn close(&mut self, now: Frame, end: TakeEnd, out: &mut Vec<Command>) {
        if let Phase::Answering { turn, take, from, until, .. } = self.phase {
            if let (Some(led), Some(until)) = (&mut self.led, until) {
                led.answered(now.since(from), until.since(from), end);
            }
            out.push(Command::CloseTake { turn, take, end });
            self.rest(now, turn, self.turns[turn].gap);
        }
    }

    fn rest(&mut self, now: Frame, turn: usize, gap: Option<Frames>) {
        self.phase = Phase::Between { turn, until: gap.map(|gap| now + gap) };
    }

    fn end_turn(&mut self, now: Frame, turn: usize, skipped: bool, out: &mut Vec<Command>) {
        out.push(Command::EndTurn { turn, skipped });
        if let Some(led) = &mut self.led {
            led.count(now);
        }
        match self.open_turn(turn + 1) {
            Some(turn) => self.prompt(now, turn, self.turns[turn].prep, out),
            None => self.go_further(now, self.remarks(), out),
        }
    }

    fn start(&mut self, now: Frame, out: &mut Vec<Command>) {
        if let Some(led) = self.led.as_mut().filter(|_| !self.turns.is_empty()) {
            led.welcome_back();
        }
        match self.open_turn(0) {
            Some(turn) => self.talk(0, turn, Then::Ask, now, out),
            None => self.go_further(now, 0, out),
        }
    }

    /// The next turn from `from` on that is not dealt with.
    fn open_turn(&self, from: usize) -> Option<usize> {
        (from..self.turns.len()).find(|turn| !self.turns[*turn].over)
    }

    fn remarks(&self) -> usize {
        self.led.as_ref().map_or(0, Led::remarks)
    }

    /// Goes on after the last turn that there is: a moderator may put another. Remarks from `first` on are said first.
    fn go_further(&mut self, now: Frame, first: usize, out: &mut Vec<Command>) {
        match self.led.as_mut().and_then(|led| led.next(now)) {
            Some(rules) => {
                let turn = self.turns.len();
                self.turns.push(rules);
                out.push(Command::Put { turn });
                self.talk(first, turn, Then::Ask, now, out);
            }
            None => self.talk(first, self.turns.len().saturating_sub(1), Then::End, now, out),
        }
    }

    /// Says the remarks from `remark` on, then goes on.
    fn talk(&mut self, remark: usize, turn: usize, then: Then, now: Frame, out: &mut Vec<Command>) {
        if remark < self.remarks() {
            self.speaks(Some(now));
            out.push(Command::Remark { remark });
            self.phase = Phase::Talking { remark, turn, then };
        } else {
            self.after_talk(turn, then, now, out);
        }
    }

    fn after_talk(&mut self, turn: usize, then: Then, now: Frame, out: &mut Vec<Command>) {
        match then {
            Then::Ask => self.prompt(now, turn, self.turns[turn].prep, out),
            Then::Gap => {
                self.speaks(None);
                self.rest(now, turn, self.turns[turn].gap);
            }
            Then::End => self.finish(Outcome::Finished, out),
        }
    }

    fn finish(&mut self, outcome: Outcome, out: &mut Vec<Command>) {
        out.push(Command::Finish(outcome));
        self.phase = Phase::Finished(outcome);
    }
}
