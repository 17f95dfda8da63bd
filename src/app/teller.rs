//! What the candidate is told while a session runs: the lines, and the moment that is shown.
//!
//! Knows no file and no device; what it is told of, it puts into words.

use std::time::Duration;

use super::answers;
use super::coach::{self, Coach};
use super::debrief::Debrief;
use super::ear::Measured;
use super::redraw::Redraw;
use super::scribe::{Kept, Report};
use crate::interview::time::show_duration;
use crate::interview::{Engine, Frame, Panel, SampleRate, TakeEnd, Text, Turn};
use crate::speech::guidance::Kind;
use crate::speech::{Db, Level};
use crate::tui::plain::plural;
use crate::tui::screen::{Line, Screen};
use crate::tui::view::{Asks, Stand, View};

/// The last seconds of an answer.
const LAST: Duration = Duration::from_secs(10);

/// A change that is to be remembered, not only told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The session stands still; `candidate` or `microphone` wanted it.
    Held(&'static str),
    /// It goes on.
    Released,
}

/// Tells the candidate how the session stands.
pub struct Teller<'a> {
    screen: Box<dyn Screen + 'a>,
    turns: Vec<Turn>,
    /// The titles of the turns' sections.
    sections: Vec<String>,
    /// Who asks in each turn, where that is one of several, and whether it follows up the turn before.
    who: Vec<Option<(String, bool)>>,
    rate: SampleRate,
    redraw: Redraw,
    stand: Stand,
    asked: Option<usize>,
    level: Level,
    shown_level: Option<(Db, bool)>,
    /// The turn and the take that is being closed, how it ended, and whether there may be another: said when it is on
    /// the disk.
    closing: Option<((usize, u32), TakeEnd, bool)>,
    /// The turn and the take that opened last, and those that were kept last, with how the take ended.
    open: (usize, u32),
    kept: Option<((usize, u32), TakeEnd)>,
    coach: Coach,
    /// What was measured is not shown yet: the candidate rates the answer first.
    veiled: bool,
    /// What is shown when it is rated.
    unseen: Option<Measured>,
    asks: Asks,
    /// What a key that was pressed would cost, until it is pressed again or too much time has passed.
    sure: Option<&'static str>,
    /// How much was left of the answer when that was last looked at.
    left: Option<Duration>,
}

impl<'a> Teller<'a> {
    /// Begins with nothing told.
    pub fn new(
        screen: Box<dyn Screen + 'a>,
        coach: Coach,
        turns: Vec<Turn>,
        sections: Vec<String>,
        rate: SampleRate,
    ) -> Teller<'a> {
        Teller {
            screen,
            who: vec![None; turns.len()],
            turns,
            sections,
            rate,
            redraw: Redraw::default(),
            stand: Stand::Over,
            asked: None,
            level: Level::default(),
            shown_level: None,
            closing: None,
            open: (0, 0),
            kept: None,
            coach,
            veiled: false,
            unseen: None,
            asks: Asks::Nothing,
            sure: None,
            left: None,
        }
    }

    /// Says a line.
    pub fn say(&mut self, line: Line<'_>) {
        self.screen.say(line);
    }

    /// Says what the session is made of.
    pub fn open(&mut self, title: &Text, panel: Option<&Panel>, seed: u64, voice: &str, input: &str, output: &str) {
        let extent = match panel {
            None => plural(self.turns.len(), "question"),
            Some(panel) => {
                format!("{}, {}", plural(panel.panelists.len(), "interviewer"), show_duration(panel.length))
            }
        };
        let retakes = panel.is_none();
        self.screen.say(Line::Opening { title, extent: &extent, retakes, seed, voice, input, output });
    }

    /// Takes in a further turn, who asks in it, and whether it follows up the turn before.
    pub fn add(&mut self, turn: Turn, section: String, who: (String, bool)) {
        self.turns.push(turn);
        self.sections.push(section);
        self.who.push(Some(who));
    }

    /// Says who asks in the turns that there are.
    pub fn attribute(&mut self, who: Vec<Option<(String, bool)>>) {
        self.who = who;
    }

    /// Says what a panelist says.
    pub fn remark(&mut self, who: &str, text: &Text) {
        self.screen.say(Line::Remark { who, text });
    }

    /// Takes in what was heard.
    pub fn hear(&mut self, samples: &[i16]) {
        self.level.add(samples);
    }

    /// Puts a question on the screen, once.
    pub fn put(&mut self, turn: usize, left: Option<Duration>) {
        if self.asked == Some(turn) {
            return;
        }
        self.asked = Some(turn);
        let entry = &self.turns[turn];
        self.screen.say(Line::Question {
            place: turn + 1,
            of: left.is_none().then_some(self.turns.len()),
            who: self.who[turn].as_ref().map(|(who, _)| who.as_str()),
            follow_up: self.who[turn].as_ref().is_some_and(|(_, follow_up)| *follow_up),
            left,
            section: &self.sections[turn],
            prompt: &entry.prompt,
            timing: &entry.timing,
        });
    }

    /// The take is being closed; that it is kept is said when it is.
    pub fn closing(&mut self, end: TakeEnd, may_retake: bool) {
        self.closing = Some((self.open, end, may_retake));
    }

    /// A question was passed over.
    pub fn skipped(&mut self) {
        // An answer that was cut short has said so itself.
        if self.stand != Stand::Answering {
            self.screen.say(Line::Skipped);
        }
    }

    /// Says what became of the files.
    pub fn report(&mut self, report: &Report) {
        match report {
            Report::Kept(Kept { file, frames }) => {
                let Some((take, end, may_retake)) = self.closing.take() else { return };
                self.kept = Some((take, end));
                let (why, length) = (end_sentence(end), self.rate.duration(*frames));
                self.screen.say(Line::Saved { why, length, file, may_retake });
            }
            Report::Room(left) => {
                let text = format!("The disk has room for {} of recording: make more before it is full.", about(*left));
                self.screen.say(Line::Notice(&text));
            }
            Report::NoTake | Report::Failed(_) => {}
        }
    }

    /// Says what an answer showed about how it was said.
    pub fn measured(&mut self, measured: &Measured) {
        let Some((take, end)) = self.kept else { return };
        if take != (measured.turn, measured.take) {
            return;
        }
        if self.veiled {
            self.unseen = Some(measured.clone());
            return;
        }
        for remark in self.coach.hear(&measured.analysis, end) {
            let text = coach::sentence(&remark, &measured.analysis);
            self.screen.say(Line::Shown { text: &text, keep: remark.kind == Kind::Keep });
        }
    }

    /// Asks how the answer went; what is measured of it waits for that.
    pub fn ask_rating(&mut self) {
        self.veiled = true;
        self.asks = Asks::Rating;
        self.screen.say(Line::Rate);
    }

    /// Whether what was measured of the answer is there to be shown.
    pub fn has_measured(&self) -> bool {
        self.unseen.is_some()
    }

    /// The answer is rated: shows what was measured of it, and then what a strong one covers.
    pub fn unveil(&mut self, debrief: &Debrief) {
        self.veiled = false;
        if let Some(measured) = self.unseen.take() {
            if let Some(text) = answers::in_a_line(&measured.analysis) {
                self.screen.say(Line::Measured(&text));
            }
            self.measured(&measured);
        }
        self.asks = Asks::Points(debrief.points().len());
        if !debrief.points().is_empty() {
            self.screen.say(Line::Points(debrief.points().len()));
        }
        for (place, point) in debrief.points().iter().enumerate() {
            self.screen.say(Line::Point { number: place + 1, text: &point.text, ticked: point.ticked });
        }
        if !debrief.stories().is_empty() {
            self.screen.say(Line::Stories);
        }
        for story in debrief.stories() {
            self.screen.say(Line::Story { key: story.key, title: &story.title });
        }
    }

    /// The answer is left; where it was not rated, what was measured of it is not shown, but remembered.
    pub fn leave_answer(&mut self) {
        self.veiled = false;
        self.asks = Asks::Nothing;
        if let (Some(measured), Some((_, end))) = (self.unseen.take(), self.kept) {
            let _ = self.coach.hear(&measured.analysis, end);
        }
    }

    /// A take has opened.
    pub fn opened(&mut self, turn: usize, take: u32) {
        self.open = (turn, take);
    }

    /// Says what a change of phase means; gives the change where it is to be remembered.
    pub fn announce(&mut self, engine: &Engine, now: Frame) -> Vec<Change> {
        let view = View::of(engine, now, self.rate);
        let before = std::mem::replace(&mut self.stand, view.stand);
        let mut changes = Vec::new();
        if before == view.stand {
            return changes;
        }
        let held = |stand| matches!(stand, Stand::Paused | Stand::NoMicrophone);
        if held(before) && !held(view.stand) && view.stand != Stand::Over {
            self.screen.say(Line::Released);
            changes.push(Change::Released);
        }
        // Once more: what was asked may have scrolled away.
        if let (Stand::Saved, Stand::Thinking | Stand::Answering, Some(turn)) = (before, view.stand, view.turn) {
            self.asked = None;
            self.put(turn, view.whole);
        }
        match view.stand {
            Stand::Thinking => self.screen.say(Line::Think(view.left)),
            Stand::Answering => {
                self.left = view.limit;
                self.screen.say(Line::Answer(view.limit));
            }
            Stand::Paused => {
                changes.push(Change::Held("candidate"));
                self.screen.say(Line::Held("Paused. Press p to go on."));
            }
            Stand::NoMicrophone => changes.push(Change::Held("microphone")),
            Stand::Talking | Stand::Listening | Stand::Reading | Stand::Saved | Stand::Over => {}
        }
        changes
    }

    /// What a key would cost that was pressed once; `None`: nothing is to be asked any more.
    pub fn sure(&mut self, sure: Option<&'static str>) {
        self.sure = sure;
    }

    /// Says when half of an answer's time is over, and when its last seconds begin.
    fn count_down(&mut self, view: &View) {
        let (Stand::Answering, Some(left), Some(limit)) = (view.stand, view.left, view.limit) else { return };
        let before = self.left.replace(left).unwrap_or(limit);
        let passes = |at: Duration| before > at && left <= at;
        let half = limit / 2;
        // Nobody is told the same twice within a few seconds.
        let apart = |one: Duration, other: Duration| one.abs_diff(other) > LAST / 2;
        let warned_at = |at: Duration| view.warning.is_some_and(|warning| !apart(at, warning));
        if passes(half) && half > LAST + LAST / 2 && !warned_at(half) {
            self.screen.say(Line::Half(half));
        }
        if passes(LAST) && limit > 2 * LAST && !warned_at(LAST) {
            self.screen.say(Line::Last(LAST));
        }
    }

    /// Shows the moment; `reading` is how long the candidate is still to read the question.
    pub fn show(&mut self, engine: &Engine, now: Frame, reading: Option<Duration>) {
        // The meter shows a tenth of a second at a time, long enough to be read.
        if self.level.samples() >= u64::from(self.rate.0) / 10 {
            self.shown_level = Some((self.level.peak(), self.level.clipped() > 0));
            self.level = Level::default();
        }
        let mut view = View::of(engine, now, self.rate);
        if let Some((peak, clipped)) = self.shown_level {
            view.peak = Some(peak);
            view.clipped = clipped;
        }
        view.asks = self.asks;
        view.sure = self.sure;
        self.count_down(&view);
        if let Some(left) = reading {
            view = view.read_for(left);
        }
        if self.redraw.is_due() {
            self.screen.show(&view);
        }
    }

    /// Draws the screen anew.
    pub fn redraw(&mut self) {
        self.screen.redraw();
    }

    /// Leaves the screen as it stands.
    pub fn close(mut self) {
        self.screen.close();
    }
}

/// Why a take ended, for the candidate.
fn end_sentence(end: TakeEnd) -> &'static str {
    match end {
        TakeEnd::Done | TakeEnd::Silence => "Done.",
        TakeEnd::TimeUp => "Time is up.",
        TakeEnd::Retake => "Once more.",
        TakeEnd::Skip => "Skipped.",
        TakeEnd::CaptureLost => "The microphone is gone.",
        TakeEnd::Quit => "Stopped.",
    }
}

/// A time in minutes, as one says it.
fn about(left: Duration) -> String {
    match left.as_secs() / 60 {
        0 => "less than a minute".to_owned(),
        1 => "a minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}
