//! A session that a moderator leads, as its engine keeps it: what was asked and said, and the panel's own clock.

use super::moderator::{Answer, Ask, Moderator, Remark};
use crate::interview::events::{TakeEnd, TurnRules};
use crate::interview::text::Text;
use crate::interview::time::{Frame, Frames, SampleRate};

/// What an engine keeps of a session that is led.
#[derive(Debug, Clone)]
pub struct Led {
    moderator: Moderator,
    rate: SampleRate,
    /// What was asked, one a turn.
    asks: Vec<Ask>,
    remarks: Vec<Remark>,
    /// How the last answer went.
    answer: Option<Answer>,
    /// Something was heard in the answer that runs, or ran last.
    spoke: bool,
    /// What was spent before, where the session goes on.
    before: Frames,
    /// Time that is nobody's fault and does not count.
    excused: Frames,
    excused_since: Option<Frame>,
    /// When what is being said began.
    speaking_since: Option<Frame>,
    /// Not even once the session goes on, but only when the lost answer is given again.
    owes_answer: bool,
}

impl Led {
    /// A session that has spent `before` of its length and asked `asks`.
    pub fn new(moderator: Moderator, rate: SampleRate, asks: Vec<Ask>, before: Frames) -> Led {
        Led {
            moderator,
            rate,
            asks,
            remarks: Vec::new(),
            answer: None,
            spoke: false,
            before,
            excused: Frames(0),
            excused_since: None,
            speaking_since: None,
            owes_answer: false,
        }
    }

    /// The same, where the last answer was given before the session was interrupted: it may still be followed up.
    pub fn recalling(self, answer: Option<Answer>) -> Led {
        Led { answer, ..self }
    }

    /// Who leads.
    pub fn moderator(&self) -> &Moderator {
        &self.moderator
    }

    /// What was asked in a turn.
    pub fn ask(&self, turn: usize) -> Option<&Ask> {
        self.asks.get(turn)
    }

    /// What was said among the questions.
    pub fn remark(&self, remark: usize) -> Option<&Remark> {
        self.remarks.get(remark)
    }

    /// What a panelist is.
    pub fn role(&self, panelist: usize) -> &str {
        self.moderator.panel().panelists[panelist].role.as_str()
    }

    /// How many remarks there were.
    pub fn remarks(&self) -> usize {
        self.remarks.len()
    }

    /// The panel's time at `now`.
    pub fn clock(&self, now: Frame) -> Frames {
        let open = self.excused_since.map_or(Frames(0), |since| now.since(since));
        Frames((self.before.0 + now.0).saturating_sub(self.excused.0 + open.0))
    }

    /// What is left of the session's length at `now`.
    pub fn left(&self, now: Frame) -> Frames {
        Frames(self.rate.frames(self.moderator.length()).0.saturating_sub(self.clock(now).0))
    }

    /// Something is being said from `now` on, or nothing is.
    pub fn speak(&mut self, now: Option<Frame>) {
        self.speaking_since = now;
    }

    /// Time does not count while the session is held, and neither does what has to be said again afterwards.
    pub fn hold(&mut self, now: Frame) {
        self.excused_since.get_or_insert(self.speaking_since.unwrap_or(now));
    }

    /// The microphone has lost an answer that began at `from`: until it is given again, time does not count.
    pub fn lose(&mut self, from: Frame) {
        self.excused_since.get_or_insert(from);
        self.owes_answer = true;
    }

    /// The session is held no more.
    pub fn release(&mut self, now: Frame) {
        if !self.owes_answer {
            self.count(now);
        }
    }

    /// Time counts from `now` on, whatever was before.
    pub fn count(&mut self, now: Frame) {
        self.owes_answer = false;
        if let Some(since) = self.excused_since.take() {
            self.excused += now.since(since);
        }
    }

    /// Lets the moderator say what comes next; gives the rules of the turn that was put, and `None` at the end.
    pub fn next(&mut self, now: Frame) -> Option<TurnRules> {
        let clock = self.rate.duration(self.clock(now));
        let step = self.moderator.next(clock, self.answer.take());
        self.remarks.extend(step.remarks);
        let ask = step.ask?;
        let rules = TurnRules::fresh(&ask.timing, self.rate);
        self.asks.push(ask);
        Some(rules)
    }

    /// Says that the session goes on, or what it begins with where that was not heard.
    pub fn welcome_back(&mut self) {
        let remarks = self.moderator.welcome_back();
        self.remarks.extend(remarks);
    }

    /// Interrupts the answer of a turn; says whether there are words for it.
    pub fn interrupt(&mut self, turn: usize) -> bool {
        let spoke = self.spoke;
        let panelist = self.asks.get(turn).map(|ask| ask.panelist);
        let line = panelist.and_then(|panelist| self.moderator.interrupt(panelist, spoke));
        let is_said = line.is_some();
        self.remarks.extend(line);
        is_said
    }

    /// An answer begins: nothing was said in it yet.
    pub fn opens(&mut self) {
        self.spoke = false;
    }

    /// Something was heard in it.
    pub fn spoke(&mut self) {
        self.spoke = true;
    }

    /// How long the answer of a turn may be that begins at `now`.
    pub fn grant(&self, turn: usize, now: Frame) -> Option<Frames> {
        let ask = self.asks.get(turn)?;
        Some(self.rate.frames(self.moderator.grant(ask, self.rate.duration(self.clock(now)))))
    }

    /// Whether there is time to ask once more.
    pub fn may_repeat(&self, turn: usize, now: Frame) -> bool {
        let clock = self.rate.duration(self.clock(now));
        self.asks.get(turn).is_some_and(|ask| self.moderator.may_repeat(ask, clock))
    }

    /// Notes how an answer went that has ended.
    pub fn answered(&mut self, lasted: Frames, limit: Frames, end: TakeEnd) {
        let (lasted, limit) = (self.rate.duration(lasted), self.rate.duration(limit));
        self.answer = Some(Answer { lasted, limit, end, spoke: self.spoke, silence: None });
    }

    /// Notes how much of it was silence.
    pub fn measured(&mut self, silence: Option<u32>) {
        if let Some(answer) = &mut self.answer {
            answer.silence = silence;
        }
    }
}

/// An answer as it may come: its length in percent of the limit, how it ends, how much of it is silence.
const SUPPOSED: [(u32, TakeEnd, Option<u32>); 4] = [
    (60, TakeEnd::Done, Some(0)),
    (100, TakeEnd::TimeUp, Some(0)),
    (20, TakeEnd::Done, Some(0)),
    (60, TakeEnd::Done, Some(100)),
];

impl Led {
    /// What may be said soon after `now`, the likeliest first, each with who says it: what is left of the remarks after
    /// `remark`, the question of `turn` where it is not asked yet, and what the answers to it may lead to.
    pub fn foresee(&self, now: Frame, remark: Option<usize>, turn: usize, is_asked: bool) -> Vec<(usize, Text)> {
        let mut soon: Vec<(usize, Text)> = Vec::new();
        let mut add = |panelist: usize, text: &Text| {
            if !soon.iter().any(|(who, known)| *who == panelist && known == text) {
                soon.push((panelist, text.clone()));
            }
        };
        let left = self.remarks.iter().skip(remark.map_or(self.remarks.len(), |remark| remark + 1));
        left.for_each(|remark| add(remark.panelist, &remark.text));
        let Some(ask) = self.asks.get(turn) else { return soon };
        if !is_asked {
            add(ask.panelist, &ask.prompt);
        }
        let clock = self.rate.duration(self.clock(now));
        let limit = ask.timing.limit.unwrap_or_default();
        for (percent, end, silence) in SUPPOSED {
            let lasted = limit * percent / 100;
            let mut moderator = self.moderator.clone();
            if end == TakeEnd::TimeUp {
                moderator.interrupt(ask.panelist, true).iter().for_each(|line| add(line.panelist, &line.text));
            }
            let answer = Answer { lasted, limit, end, spoke: true, silence };
            let step = moderator.next(clock + lasted + ask.timing.gap, Some(answer));
            step.remarks.iter().for_each(|line| add(line.panelist, &line.text));
            step.ask.iter().for_each(|ask| add(ask.panelist, &ask.prompt));
        }
        soon
    }
}
