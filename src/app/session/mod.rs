//! The one loop that joins engine, ports and files.
//!
//! It owns no rule of the interview and no time but the frames that the microphone delivered.

mod looking_back;
mod parts;
mod perform;

pub use looking_back::Rating;
pub use parts::{Ending, PanelParts, Parts, WhenSaid};

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use looking_back::LookingBack;

use crate::app::ahead::Questions;
use crate::app::asking::Asking;
use crate::app::beside::Beside;
use crate::app::ear::Ear;
use crate::app::keeper::{Keeper, outcome_word};
use crate::app::refusal::refusal;
use crate::app::scribe::Report;
use crate::app::signals;
use crate::app::split::{self, Stage};
use crate::app::sure::Sure;
use crate::app::teller::{Change, Teller};
use crate::app::underway::Underway;
use crate::audio::pace::Pace;
use crate::interview::events::Then;
use crate::interview::{Command, Engine, Event, Frame, Frames, Outcome, Phase, SampleRate, Text};
use crate::ports::{Capture, Clip, Heard};
use crate::store::event::Happening;
use crate::tui::keys::Key;
use crate::tui::screen::Line;

/// How long the loop waits for frames before it looks at keys and screen again.
const PATIENCE: Duration = Duration::from_millis(20);

/// Runs a session from its start to its end.
pub fn run(parts: Parts<'_>) -> Ending {
    let rate = parts.capture.rate();
    let mut engine = match &parts.panel {
        Some(panel) => Engine::led(panel.led.clone(), parts.rules.clone()),
        None => Engine::new(parts.rules.clone()),
    };
    let mut capture = parts.capture;
    let mut keys = parts.keys;
    let looking = parts.rating.map(|rating| LookingBack::begin(rating, parts.keeper.path().to_owned()));
    let mut stage = Loop {
        looking,
        asking: Asking::new(parts.playback, parts.prompter, parts.pace, rate),
        questions: Questions::of(&parts.turns, |turn| parts.rules[turn].over),
        saying: Saying::Question(0),
        remarks: 0,
        panel: parts.panel,
        beside: Beside::new(rate, parts.reel),
        ear: Ear::begin(parts.keeper.path().to_owned(), rate, parts.pace),
        measured: None,
        teller: Teller::new(parts.screen, parts.coach, parts.turns, parts.sections, rate),
        keeper: parts.keeper,
        pace: parts.pace,
        rate,
        candidate: parts.candidate,
        sure: parts.sure.then(Sure::default),
        block: Vec::new(),
        lost: false,
        underway: Underway::default(),
        edges: Vec::new(),
        outcome: None,
        failure: None,
    };
    let mut now = Frame(0);
    let mut interrupted = false;
    stage.open(&engine, &parts.title, &capture.name());
    stage.step(&mut engine, now, Event::Start);
    while stage.outcome.is_none() {
        if stage.failure.is_some() {
            interrupted = true;
            stage.step(&mut engine, now, Event::Quit);
            continue;
        }
        if signals::asked() && !interrupted {
            interrupted = true;
            stage.wish(&mut engine, now, Event::Quit);
        }
        stage.hear_of_files();
        while let Some(key) = keys.pressed() {
            match key {
                Key::Interrupt => signals::ask(),
                key => stage.press(&mut engine, now, key),
            }
        }
        stage.tell_edges(capture.as_mut());
        if let Some(event) = stage.underway.due(engine.phase(), now, || capture.is_behind()) {
            stage.step(&mut engine, now, event);
        }
        stage.reached(&mut engine, now);
        stage.look_back(now);
        if stage.outcome.is_some() {
            break;
        }
        stage.tell_edges(capture.as_mut());
        let heard = stage.listen(&engine, now, capture.as_mut());
        split::pass(&mut engine, &mut now, stage.block.len(), &mut stage);
        stage.tell_edges(capture.as_mut());
        if stage.outcome.is_none() {
            interrupted |= stage.take_in(&mut engine, now, heard, parts.when_said);
        }
        let reading = stage.asking.reading(now);
        stage.teller.sure(stage.sure.as_ref().and_then(|sure| sure.asking(now, stage.rate)));
        stage.teller.show(&engine, now, reading);
    }
    stage.close(now, interrupted)
}

/// What is being said.
#[derive(Debug, Clone, Copy)]
enum Saying {
    /// The question of this turn.
    Question(usize),
    /// This remark, perhaps not for the first time.
    Remark { remark: usize, again: bool },
}

/// What happened to a take.
enum Edge {
    /// One of this turn opened.
    Opened(usize),
    /// It is about to be closed.
    Ends,
    Closed,
}

struct Loop<'a> {
    asking: Asking,
    questions: Questions,
    saying: Saying,
    /// How many remarks were told.
    remarks: usize,
    panel: Option<PanelParts>,
    beside: Beside,
    ear: Ear,
    /// What was measured of an answer that has ended, and is not told yet.
    measured: Option<Event>,
    teller: Teller<'a>,
    /// Where answers are rated between the questions.
    looking: Option<LookingBack>,
    keeper: Keeper,
    pace: Pace,
    rate: SampleRate,
    candidate: Vec<Arc<Clip>>,
    /// Where single keys are pressed: those that would cost something ask once.
    sure: Option<Sure>,
    block: Vec<i16>,
    /// The block is silence in the place of lost frames.
    lost: bool,
    underway: Underway,
    /// What the microphone has not been told of yet, in its order.
    edges: Vec<Edge>,
    outcome: Option<Outcome>,
    failure: Option<anyhow::Error>,
}

impl Stage for Loop<'_> {
    fn deadline(&self, now: Frame) -> Option<Frame> {
        self.asking.deadline(now)
    }

    fn hear(&mut self, piece: std::ops::Range<usize>, now: Frame) {
        self.asking.advance(Frames(piece.len() as u64));
        let samples = &self.block[piece];
        self.teller.hear(samples);
        self.beside.hear(samples, self.lost);
        self.ear.hear(samples);
        let kept = self.keeper.hear(now, samples, self.lost);
        self.hold_on_to(kept);
    }

    fn act(&mut self, engine: &Engine, commands: Vec<Command>, now: Frame) {
        for command in commands {
            let done = self.carry_out(engine, command, now);
            self.hold_on_to(done);
        }
        if !matches!(engine.phase(), Phase::Between { .. } | Phase::Held { .. }) {
            self.leave_answer();
        }
        for change in self.teller.announce(engine, now) {
            let noted = match change {
                Change::Held(by) => self.keeper.note(now, Happening::Held { by: by.to_owned() }),
                Change::Released => self.keeper.note(now, Happening::Released),
            };
            self.hold_on_to(noted);
        }
    }

    fn reached(&mut self, engine: &mut Engine, now: Frame) {
        self.tell_measured(engine, now);
        if self.beside.begins_to_speak() {
            self.step(engine, now, Event::Spoke);
        }
        for news in self.asking.look(now) {
            if let Some(event) = self.take_news(engine, news, now) {
                self.step(engine, now, event);
            }
        }
    }
}

impl Loop<'_> {
    fn open(&mut self, engine: &Engine, title: &Text, input: &str) {
        let plan = self.keeper.plan();
        let panel = engine.panel().map(|led| led.moderator().panel());
        self.teller.open(title, panel, plan.seed, &plan.voice, input, &self.asking.speaker());
        if let Some(led) = engine.panel() {
            let asks = (0..).map_while(|turn| led.ask(turn));
            self.teller.attribute(
                asks.map(|ask| Some((led.role(ask.panelist).to_owned(), ask.follow_up.is_some()))).collect(),
            );
        }
    }

    fn step(&mut self, engine: &mut Engine, now: Frame, event: Event) {
        let commands = engine.step(now, event);
        self.act(engine, commands, now);
        self.tell_measured(engine, now);
    }

    /// Tells the engine how an answer sounded that has just ended: what comes next may depend on it.
    fn tell_measured(&mut self, engine: &mut Engine, now: Frame) {
        if let Some(event) = self.measured.take() {
            let commands = engine.step(now, event);
            self.act(engine, commands, now);
        }
    }

    /// Keeps the first failure: it ends the session.
    fn hold_on_to(&mut self, result: Result<()>) {
        if let (Err(error), None) = (result, &self.failure) {
            self.failure = Some(error);
        }
    }

    fn press(&mut self, engine: &mut Engine, now: Frame, key: Key) {
        if key == Key::Redraw {
            return self.teller.redraw();
        }
        match self.meaning(engine, now, key) {
            Some(event) => {
                let sure = self.sure.as_mut();
                if !sure.is_some_and(|sure| sure.asks(engine.phase(), now, event, self.rate)) {
                    self.wish(engine, now, event);
                }
            }
            None => self.sure.iter_mut().for_each(Sure::forget),
        }
    }

    /// What a key wishes, where that can be; what else it means is done.
    fn meaning(&mut self, engine: &Engine, now: Frame, key: Key) -> Option<Event> {
        let event = match key {
            Key::Done => Event::Done,
            Key::Retake => Event::Retake,
            Key::Repeat => Event::Repeat,
            Key::Pause => Event::Pause,
            Key::Skip => Event::Skip,
            Key::Quit => Event::Quit,
            key if self.mark(key, now) => return None,
            Key::Help | Key::Letter('h') => {
                self.teller.say(Line::Keys { retakes: engine.panel().is_none() });
                return None;
            }
            // Nothing can be chosen now. An interrupt is asked for elsewhere, and ends the session from there.
            Key::Digit(_) | Key::Letter(_) | Key::Back | Key::Interrupt | Key::Redraw => return None,
        };
        match refusal(engine, now, event, self.rate) {
            None => return Some(event),
            Some("") => {}
            Some(why) => self.teller.say(Line::Notice(why)),
        }
        None
    }

    /// Does what was wished for; the end of an answer waits for what was said before the wish.
    fn wish(&mut self, engine: &mut Engine, now: Frame, event: Event) {
        if self.pace == Pace::RealTime && self.underway.waits_for(engine.phase(), now, event, self.rate) {
            self.edges.push(Edge::Ends);
            return;
        }
        self.step(engine, now, event);
    }

    /// Tells the microphone which takes opened, are about to be closed, and closed.
    fn tell_edges(&mut self, capture: &mut dyn Capture) {
        for edge in self.edges.drain(..) {
            match edge {
                Edge::Opened(turn) => capture.take_opens(turn),
                Edge::Ends => capture.take_ends(),
                Edge::Closed => capture.take_closes(),
            }
        }
    }

    /// Reads a block; it ends where something is due, so that what is said in a take begins with it.
    fn listen(&mut self, engine: &Engine, now: Frame, capture: &mut dyn Capture) -> Heard {
        let second = u64::from(self.rate.0);
        let block = if self.pace == Pace::Fast { second } else { second / 10 };
        let due = [engine.deadline(), self.deadline(now)].into_iter().flatten().min();
        let most = due.map_or(block, |due| due.since(now).0.clamp(1, block)) as usize;
        self.block.clear();
        let heard = capture.read(&mut self.block, most, PATIENCE);
        self.lost = matches!(heard, Heard::Frames { dropped } if dropped > 0);
        heard
    }

    /// Takes in what became of the files.
    fn hear_of_files(&mut self) {
        while let Some(report) = self.keeper.news() {
            self.take_report(report);
        }
        while let Some(measured) = self.ear.news() {
            self.teller.measured(&measured);
        }
        if let Some(trouble) = self.beside.trouble() {
            self.teller.say(Line::Notice(trouble));
        }
    }

    fn take_report(&mut self, report: Report) {
        match report {
            Report::Failed(failure) => self.hold_on_to(Err(failure)),
            report => {
                self.teller.report(&report);
                if let Report::Kept(kept) = &report {
                    self.look_back_on(&kept.file);
                }
                if let Report::Kept(kept) = report
                    && let Some(measured) = self.ear.kept(&kept.file)
                {
                    self.teller.measured(&measured);
                }
            }
        }
    }

    /// Takes in what came with the block; returns whether the session must end.
    fn take_in(&mut self, engine: &mut Engine, now: Frame, heard: Heard, when_said: WhenSaid) -> bool {
        match heard {
            Heard::Frames { .. } | Heard::Nothing => {}
            Heard::SaidAll => match (engine.phase(), when_said) {
                (Phase::Answering { .. }, WhenSaid::Done) => self.step(engine, now, Event::Done),
                (Phase::Answering { until: None, .. }, WhenSaid::Wait) => self.step(engine, now, Event::Silence),
                _ => {}
            },
            Heard::Lost(reason) => {
                let noted = self.keeper.note(now, Happening::Lost { reason: reason.clone() });
                self.hold_on_to(noted);
                self.step(engine, now, Event::CaptureLost);
                self.teller.say(Line::Held(&format!("{reason}. Waiting for the microphone; all you said is saved.")));
            }
            Heard::Back(name) => {
                let noted = self.keeper.note(now, Happening::Back { name: name.clone() });
                self.hold_on_to(noted);
                self.teller.say(Line::Notice(&format!("The microphone is back: {name}.")));
                self.step(engine, now, Event::CaptureBack);
            }
            Heard::Notice(text) => self.teller.say(Line::Notice(&text)),
            Heard::Ended(reason) => {
                self.step(engine, now, Event::Silence);
                // Where nothing more is asked, what is left is no more than words and pauses: no frame comes to pass them.
                while let Some(event) = passing(engine) {
                    self.step(engine, now, event);
                }
                if self.outcome.is_none() {
                    self.teller.say(Line::Notice(&reason));
                    self.step(engine, now, Event::Quit);
                    return true;
                }
            }
        }
        false
    }

    fn close(mut self, now: Frame, interrupted: bool) -> Ending {
        let heard = self.asking.finish().map_err(anyhow::Error::msg);
        self.hold_on_to(heard);
        let outcome = match self.failure {
            Some(_) => "interrupted",
            None => outcome_word(self.outcome.unwrap_or(Outcome::Quit), interrupted),
        };
        let Loop { keeper, mut teller, mut failure, beside, mut ear, looking, .. } = self;
        let (manifest, finished) = keeper.finish(now, outcome, |report| match report {
            None => teller.say(Line::Notice("The disk is slow: what you said is being saved.")),
            Some(Report::Failed(error)) => failure = failure.take().or(Some(error)),
            Some(report) => {
                teller.report(&report);
                if let Report::Kept(kept) = report {
                    // It is in its file before the ear is let go.
                    let _ = ear.kept(&kept.file);
                }
            }
        });
        drop(ear);
        for line in looking.map(LookingBack::finish).unwrap_or_default() {
            teller.say(Line::Kept(&line));
        }
        // The answers have files of their own, and come first.
        if let Err(error) = beside.finish() {
            teller.say(Line::Notice(&format!("{error:#}; your answers are saved all the same.")));
        }
        teller.close();
        Ending { manifest, interrupted, failure: failure.or(finished.err()) }
    }
}

/// What passes the moment by where no answer follows it any more.
fn passing(engine: &Engine) -> Option<Event> {
    match engine.phase() {
        Phase::Talking { then: Then::End, .. } => Some(Event::Skip),
        Phase::Talking { turn, then: Then::Gap, .. } if engine.is_last(turn) => Some(Event::Skip),
        Phase::Between { turn, .. } if engine.is_last(turn) => Some(Event::Done),
        _ => None,
    }
}
