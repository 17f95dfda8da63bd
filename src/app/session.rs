//! The one loop that joins engine, ports and files.
//!
//! It owns no rule of the interview and no time but the frames that the microphone delivered.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use super::ahead::Questions;
use super::asking::{Asking, News};
use super::beside::Beside;
use super::keeper::{Keeper, outcome_word};
use super::prompter::{Prompter, Spoken};
use super::reel::Reel;
use super::refusal::refusal;
use super::scribe::Report;
use super::signals;
use super::split::{self, Stage};
use super::teller::{Change, Teller};
use super::underway::Underway;
use crate::audio::pace::Pace;
use crate::interview::events::TurnRules;
use crate::interview::panel::Led;
use crate::interview::{Command, Cue, Engine, Event, Frame, Frames, Outcome, Phase, SampleRate, Text, Turn};
use crate::ports::{Capture, Clip, Heard, Playback};
use crate::store::event::Happening;
use crate::store::manifest::{Manifest, ManifestTurn};
use crate::tui::keys::{Key, Keys};
use crate::tui::screen::{Line, Screen};

/// How long the loop waits for frames before it looks at keys and screen again.
const PATIENCE: Duration = Duration::from_millis(20);

/// What happens when a played-back candidate has said all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenSaid {
    /// Silence until the limit; without one, the answer ends.
    Wait,
    /// The candidate presses Enter.
    Done,
}

/// What a session is made of.
pub struct Parts<'a> {
    /// The turns, in their order.
    pub turns: Vec<Turn>,
    /// Their rules.
    pub rules: Vec<TurnRules>,
    /// The titles of their sections.
    pub sections: Vec<String>,
    /// What is asked from.
    pub title: Text,
    /// The panel, where one asks.
    pub panel: Option<PanelParts>,
    /// The recording of the whole session, where one was asked for.
    pub reel: Option<Reel>,
    /// The microphone.
    pub capture: Box<dyn Capture>,
    /// The speaker.
    pub playback: Box<dyn Playback>,
    /// The prompts.
    pub prompter: Prompter,
    /// The files.
    pub keeper: Keeper,
    /// Where it is shown.
    pub screen: Box<dyn Screen + 'a>,
    /// Who presses keys.
    pub keys: Keys,
    /// How time passes.
    pub pace: Pace,
    /// What happens when a played-back candidate has said all.
    pub when_said: WhenSaid,
    /// What the speaker plays while a take is recorded, one clip a take: the candidate of a demonstration.
    pub candidate: Vec<Arc<Clip>>,
}

/// What the session of a panel is made of besides.
pub struct PanelParts {
    /// Who leads, and what was asked before.
    pub led: Led,
    /// The sections of the bank, by id, with their titles.
    pub sections: Vec<(String, String)>,
}

impl PanelParts {
    fn section(&self, id: &str) -> String {
        let title = self.sections.iter().find(|(section, _)| section == id).map(|(_, title)| title.clone());
        title.unwrap_or_else(|| id.to_owned())
    }
}

/// How a session ended.
pub struct Ending {
    /// What is known of it.
    pub manifest: Manifest,
    /// Whether the system, or the end of the input, ended it.
    pub interrupted: bool,
    /// What could not be kept; all before it is on the disk.
    pub failure: Option<anyhow::Error>,
}

/// Runs a session from its start to its end.
pub fn run(parts: Parts<'_>) -> Ending {
    let rate = parts.capture.rate();
    let mut engine = match &parts.panel {
        Some(panel) => Engine::led(panel.led.clone(), parts.rules.clone()),
        None => Engine::new(parts.rules.clone()),
    };
    let mut capture = parts.capture;
    let mut keys = parts.keys;
    let mut stage = Loop {
        asking: Asking::new(parts.playback, parts.prompter, parts.pace, rate),
        questions: Questions::of(&parts.turns, |turn| parts.rules[turn].over),
        saying: Saying::Question(0),
        panel: parts.panel,
        beside: Beside::new(rate, parts.reel),
        measured: None,
        teller: Teller::new(parts.screen, parts.turns, parts.sections, rate),
        keeper: parts.keeper,
        pace: parts.pace,
        rate,
        candidate: parts.candidate,
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
        stage.teller.show(&engine, now, reading);
    }
    stage.close(now, interrupted)
}

/// What is being said.
#[derive(Debug, Clone, Copy)]
enum Saying {
    /// The question of this turn.
    Question(usize),
    /// This remark.
    Remark(usize),
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
    panel: Option<PanelParts>,
    beside: Beside,
    /// What was measured of an answer that has ended, and is not told yet.
    measured: Option<Event>,
    teller: Teller<'a>,
    keeper: Keeper,
    pace: Pace,
    rate: SampleRate,
    candidate: Vec<Arc<Clip>>,
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
        let kept = self.keeper.hear(now, samples, self.lost);
        self.hold_on_to(kept);
    }

    fn act(&mut self, engine: &Engine, commands: Vec<Command>, now: Frame) {
        for command in commands {
            let done = self.carry_out(engine, command, now);
            self.hold_on_to(done);
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
            self.teller.attribute(asks.map(|ask| Some(led.role(ask.panelist).to_owned())).collect());
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
        let event = match key {
            Key::Done => Event::Done,
            Key::Retake => Event::Retake,
            Key::Repeat => Event::Repeat,
            Key::Pause => Event::Pause,
            Key::Skip => Event::Skip,
            Key::Quit => Event::Quit,
            Key::Help => return self.teller.say(Line::Keys),
            // An interrupt is asked for elsewhere, and ends the session from there.
            Key::Interrupt | Key::Resized => return,
        };
        match refusal(engine, now, event, self.rate) {
            Some("") => {}
            Some(why) => self.teller.say(Line::Notice(why)),
            None => self.wish(engine, now, event),
        }
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
        if let Some(trouble) = self.beside.trouble() {
            self.teller.say(Line::Notice(trouble));
        }
    }

    fn take_report(&mut self, report: Report) {
        match report {
            Report::Failed(failure) => self.hold_on_to(Err(failure)),
            report => self.teller.report(&report),
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
                // Without a pause after the last answer, that was the end.
                if self.outcome.is_some() {
                    return false;
                }
                if matches!(engine.phase(), Phase::Between { turn, .. } if engine.is_last(turn)) {
                    self.step(engine, now, Event::Done);
                } else {
                    self.teller.say(Line::Notice(&reason));
                    self.step(engine, now, Event::Quit);
                    return true;
                }
            }
        }
        false
    }

    fn carry_out(&mut self, engine: &Engine, command: Command, now: Frame) -> Result<()> {
        match command {
            Command::Speak { turn } => {
                self.teller.put(turn, engine.panel().map(|led| self.rate.duration(led.left(now))));
                self.say(engine, Saying::Question(turn), self.questions.get(turn), now);
                Ok(())
            }
            Command::Put { turn } => self.put(engine, turn, now),
            Command::Remark { remark } => {
                let Some((led, line)) = engine.panel().and_then(|led| Some((led, led.remark(remark)?))) else {
                    return Ok(());
                };
                self.teller.remark(led.role(line.panelist), &line.text);
                let what = Spoken { speaker: line.panelist, text: line.text.clone() };
                self.say(engine, Saying::Remark(remark), what, now);
                Ok(())
            }
            Command::Hush => {
                self.beside.stop();
                self.asking.hush();
                Ok(())
            }
            Command::Cue(sound) => {
                if let (Cue::Warning, Phase::Answering { until: Some(until), .. }) = (sound, engine.phase()) {
                    self.teller.say(Line::Warning(self.rate.duration(until.since(now))));
                }
                self.beside.play(&crate::audio::cue::sound(sound));
                self.asking.cue(sound);
                Ok(())
            }
            Command::OpenTake { turn, take } => {
                if let Some(clip) = self.candidate.get(turn) {
                    self.asking.answer(clip);
                }
                self.edges.push(Edge::Opened(turn));
                self.beside.open(turn + 1, take);
                self.foresee(engine, now);
                self.keeper.open_take(now, turn, take)
            }
            Command::CloseTake { end, .. } => {
                self.edges.push(Edge::Closed);
                self.measured = Some(Event::Measured { silence: self.beside.close() });
                if !self.candidate.is_empty() {
                    self.asking.stop();
                }
                self.teller.closing(end, engine.may_retake());
                for report in self.keeper.close_take(now, end)? {
                    self.take_report(report);
                }
                Ok(())
            }
            Command::EndTurn { turn, skipped } => {
                if skipped {
                    self.teller.skipped();
                }
                self.keeper.note(now, Happening::EndTurn { turn, skipped })
            }
            Command::Finish(outcome) => {
                self.outcome = Some(outcome);
                Ok(())
            }
        }
    }

    /// Takes in what became of a prompt; what the engine must know is given back.
    fn take_news(&mut self, engine: &Engine, news: News, now: Frame) -> Option<Event> {
        match news {
            News::Begun { voice, clip, .. } => {
                if let Some(clip) = &clip {
                    self.beside.play(clip);
                }
                let noted = self.note_begun(engine, voice, clip, now);
                self.hold_on_to(noted);
                None
            }
            News::Notice(notice) => {
                self.teller.say(Line::Notice(&notice));
                None
            }
            News::Ended(event) => Some(event),
        }
    }

    /// Begins to say something, and has rendered what may follow it.
    fn say(&mut self, engine: &Engine, saying: Saying, what: Spoken, now: Frame) {
        self.saying = saying;
        for news in self.asking.say(what, now) {
            self.take_news(engine, news, now);
        }
        self.foresee(engine, now);
    }

    fn foresee(&mut self, engine: &Engine, now: Frame) {
        let soon = self.questions.soon(engine, now);
        if !soon.is_empty() {
            self.asking.foresee(&soon);
        }
    }

    /// Takes in a turn that the panel has put.
    fn put(&mut self, engine: &Engine, turn: usize, now: Frame) -> Result<()> {
        let Some((led, ask)) = engine.panel().and_then(|led| Some((led, led.ask(turn)?))) else { return Ok(()) };
        let section = self.panel.as_ref().map(|panel| panel.section(&ask.section)).unwrap_or_default();
        let put = Turn {
            question: ask.question.clone(),
            section: ask.section.clone(),
            prompt: ask.prompt.clone(),
            timing: ask.timing,
        };
        self.questions.add(Spoken { speaker: ask.panelist, text: ask.prompt.clone() });
        self.teller.add(put, section, led.role(ask.panelist).to_owned());
        let panelist = &led.moderator().panel().panelists[ask.panelist].id;
        let clock_s = self.rate.duration(led.clock(now)).as_secs_f64();
        let entry = Box::new(ManifestTurn::put(ask, panelist, clock_s));
        self.keeper.note(now, Happening::Put { turn, entry })
    }

    /// Notes what has begun to be heard, or to be read.
    fn note_begun(&mut self, engine: &Engine, voice: String, clip: Option<Arc<Clip>>, now: Frame) -> Result<()> {
        let led = engine.panel();
        match self.saying {
            Saying::Question(turn) => {
                let who = led.and_then(|led| Some(led.role(led.ask(turn)?.panelist)));
                self.beside.ask(turn + 1, who, self.questions.get(turn).text.as_str());
                self.keeper.asked(now, turn, voice, clip)
            }
            Saying::Remark(remark) => match led.and_then(|led| Some((led, led.remark(remark)?))) {
                Some((led, line)) => {
                    let panelist = led.moderator().panel().panelists[line.panelist].id.clone();
                    let text = line.text.to_string();
                    self.keeper.note(now, Happening::Remark { panelist, voice, text })
                }
                None => Ok(()),
            },
        }
    }

    fn close(mut self, now: Frame, interrupted: bool) -> Ending {
        let heard = self.asking.finish().map_err(anyhow::Error::msg);
        self.hold_on_to(heard);
        let outcome = match self.failure {
            Some(_) => "interrupted",
            None => outcome_word(self.outcome.unwrap_or(Outcome::Quit), interrupted),
        };
        let Loop { keeper, mut teller, mut failure, beside, .. } = self;
        if let Err(error) = beside.finish() {
            // The answers have files of their own.
            teller.say(Line::Notice(&format!("{error:#}; your answers are saved all the same.")));
        }
        let (manifest, finished) = keeper.finish(now, outcome, |report| match report {
            None => teller.say(Line::Notice("The disk is slow: what you said is being saved.")),
            Some(Report::Failed(error)) => failure = failure.take().or(Some(error)),
            Some(report) => teller.report(&report),
        });
        teller.close();
        Ending { manifest, interrupted, failure: failure.or(finished.err()) }
    }
}
