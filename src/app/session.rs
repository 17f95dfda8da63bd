//! The one loop that joins engine, ports and files.
//!
//! It owns no rule of the interview and no time but the frames that the microphone delivered.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use serde_json::json;

use super::keeper::{Keeper, outcome_word};
use super::prompter::Prompter;
use super::signals;
use super::split::{self, Stage};
use crate::audio::cue;
use crate::audio::pace::Pace;
use crate::interview::engine::TurnRules;
use crate::interview::{Command, Cue, Engine, Event, Frame, Frames, Outcome, Phase, SampleRate, TakeEnd, Text, Turn};
use crate::ports::{Capture, Clip, Heard, Playback, Playing, Speech, Utterance};
use crate::speech::{Db, Level};
use crate::store::manifest::Manifest;
use crate::tui::keys::{Key, Keys};
use crate::tui::screen::{Line, Screen};
use crate::tui::view::{Stand, View};

/// How long the loop waits for frames before it looks at keys and screen again.
const PATIENCE: Duration = Duration::from_millis(20);

/// How long a prompt may take to render where nothing else can go on meanwhile.
const RENDERING: Duration = Duration::from_secs(90);

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

/// How a session ended.
pub struct Ending {
    /// What is known of it.
    pub manifest: Manifest,
    /// Whether the system, or the end of the input, ended it.
    pub interrupted: bool,
}

/// Runs a session from its start to its end.
///
/// # Errors
/// Where something could not be kept; everything that could is on disk, and the session can be resumed.
pub fn run(parts: Parts<'_>) -> Result<Ending> {
    let rate = parts.capture.rate();
    let mut engine = Engine::new(parts.rules.clone());
    let mut capture = parts.capture;
    let mut keys = parts.keys;
    let mut stage = Loop {
        turns: parts.turns,
        sections: parts.sections,
        playback: parts.playback,
        prompter: parts.prompter,
        keeper: parts.keeper,
        screen: parts.screen,
        pace: parts.pace,
        rate,
        candidate: parts.candidate,
        takes_opened: 0,
        block: Vec::new(),
        dropped: 0,
        speaking: Speaking::Nothing,
        asked: None,
        stand: Stand::Over,
        voice_noticed: false,
        level: Level::default(),
        shown_level: None,
        edges: Edges::default(),
        outcome: None,
        failure: None,
    };
    let mut now = Frame(0);
    let mut interrupted = false;
    stage.open(&parts.title, &capture.name());
    stage.step(&mut engine, now, Event::Start);
    while stage.outcome.is_none() {
        if (signals::asked() && !interrupted) || stage.failure.is_some() {
            interrupted = true;
            stage.step(&mut engine, now, Event::Quit);
            continue;
        }
        while let Some(key) = keys.pressed() {
            interrupted |= key == Key::Interrupt;
            stage.press(&mut engine, now, key);
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
        stage.show(&engine, now);
    }
    stage.close(now, interrupted)
}

/// What sounds.
enum Speaking {
    Nothing,
    /// The prompt of this turn is not rendered yet.
    Waiting(usize),
    /// The speaker plays it.
    Clip,
    /// The system speaks; the prompter holds the speech of this turn.
    Live(usize),
    /// The candidate reads until this frame; whether the voice was to speak and could not.
    Reading {
        until: Frame,
        failed: bool,
    },
}

/// Takes that opened and closed since the microphone was told.
#[derive(Default)]
struct Edges {
    opened: u32,
    closed: u32,
}

struct Loop<'a> {
    turns: Vec<Turn>,
    sections: Vec<String>,
    playback: Box<dyn Playback>,
    prompter: Prompter,
    keeper: Keeper,
    screen: Box<dyn Screen + 'a>,
    pace: Pace,
    rate: SampleRate,
    candidate: Vec<Arc<Clip>>,
    takes_opened: usize,
    block: Vec<i16>,
    dropped: u64,
    speaking: Speaking,
    asked: Option<usize>,
    stand: Stand,
    voice_noticed: bool,
    level: Level,
    shown_level: Option<(Db, bool)>,
    edges: Edges,
    outcome: Option<Outcome>,
    failure: Option<anyhow::Error>,
}

impl Stage for Loop<'_> {
    fn deadline(&self, now: Frame) -> Option<Frame> {
        match self.speaking {
            Speaking::Clip => self.playback.remaining().map(|left| now + left),
            Speaking::Reading { until, .. } => Some(until),
            Speaking::Nothing | Speaking::Waiting(_) | Speaking::Live(_) => None,
        }
    }

    fn hear(&mut self, piece: std::ops::Range<usize>, _: Frame) {
        self.playback.advance(Frames(piece.len() as u64));
        let samples = &self.block[piece];
        self.level.add(samples);
        let dropped = std::mem::take(&mut self.dropped);
        let kept = self.keeper.hear(samples, dropped);
        self.hold_on_to(kept);
    }

    fn act(&mut self, engine: &Engine, commands: Vec<Command>, now: Frame) {
        for command in commands {
            let done = self.carry_out(engine, command, now);
            self.hold_on_to(done);
        }
        self.announce(engine, now);
    }

    fn reached(&mut self, engine: &mut Engine, now: Frame) {
        if let Speaking::Waiting(turn) = self.speaking {
            self.begin_prompt(turn, now, Duration::ZERO);
        }
        if let Some(event) = self.prompt_ended(now) {
            self.speaking = Speaking::Nothing;
            self.step(engine, now, event);
        }
    }
}

impl Loop<'_> {
    fn open(&mut self, title: &Text, input: &str) {
        let manifest = self.keeper.manifest();
        let (voice, seed) = (manifest.voice.clone(), manifest.seed);
        let output = self.playback.name();
        let questions = self.turns.len();
        self.screen.say(Line::Opening { title, questions, seed, voice: &voice, input, output: &output });
    }

    fn step(&mut self, engine: &mut Engine, now: Frame, event: Event) {
        let commands = engine.step(now, event);
        self.act(engine, commands, now);
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
            Key::Quit | Key::Interrupt => Event::Quit,
            Key::Help => return self.screen.say(Line::Keys),
            Key::Resized => return,
        };
        let refused = match (engine.phase(), event) {
            (Phase::Answering { .. }, Event::Pause) => {
                Some("An answer is not paused: finish it, or press r for another.")
            }
            (Phase::Answering { .. }, Event::Repeat) => {
                Some("The question is above; it is not spoken into your answer.")
            }
            (Phase::Answering { .. } | Phase::Between { .. }, Event::Retake) if !engine.may_retake() => {
                Some("No retake is left for this question.")
            }
            (Phase::Prompting { .. } | Phase::Preparing { .. }, Event::Retake) => {
                Some("There is no answer yet that could be taken again.")
            }
            _ => None,
        };
        match refused {
            Some(why) => self.screen.say(Line::Notice(why)),
            None => self.step(engine, now, event),
        }
    }

    /// Tells the microphone which takes opened and closed.
    fn tell_edges(&mut self, capture: &mut dyn Capture) {
        let edges = std::mem::take(&mut self.edges);
        // A take that closed and one that opened between two blocks: it closed first.
        (0..edges.closed).for_each(|_| capture.take_closes());
        (0..edges.opened).for_each(|_| capture.take_opens());
    }

    /// Reads a block; it ends where something is due, so that what is said in a take begins with it.
    fn listen(&mut self, engine: &Engine, now: Frame, capture: &mut dyn Capture) -> Heard {
        let second = u64::from(self.rate.0);
        let block = if self.pace == Pace::Fast { second } else { second / 10 };
        let due = [engine.deadline(), self.deadline(now)].into_iter().flatten().min();
        let most = due.map_or(block, |due| due.since(now).0.clamp(1, block)) as usize;
        self.block.clear();
        let heard = capture.read(&mut self.block, most, PATIENCE);
        if let Heard::Frames { dropped } = heard {
            self.dropped += dropped;
        }
        heard
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
                let noted = self.keeper.note(now, "lost", json!({ "reason": reason }));
                self.hold_on_to(noted);
                self.step(engine, now, Event::CaptureLost);
                self.screen.say(Line::Held(&format!("{reason} What was said is saved. Waiting for the microphone…")));
            }
            Heard::Back(name) => {
                let noted = self.keeper.note(now, "back", json!({ "name": name }));
                self.hold_on_to(noted);
                self.screen.say(Line::Notice(&format!("The microphone is back: {name}.")));
                self.step(engine, now, Event::CaptureBack);
            }
            Heard::Notice(text) => self.screen.say(Line::Notice(&text)),
            Heard::Ended(reason) => {
                self.step(engine, now, Event::Silence);
                let last = (0..self.turns.len()).rfind(|turn| engine.rules(*turn).is_some_and(|rules| !rules.over));
                if matches!(engine.phase(), Phase::Between { turn, .. } if Some(turn) == last) {
                    self.step(engine, now, Event::Done);
                } else {
                    self.screen.say(Line::Notice(&reason));
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
                self.put(turn);
                let patience = if self.pace == Pace::Fast { RENDERING } else { Duration::ZERO };
                self.speaking = Speaking::Waiting(turn);
                self.begin_prompt(turn, now, patience);
                Ok(())
            }
            Command::Hush => {
                self.hush();
                Ok(())
            }
            Command::Cue(sound) => {
                if let (Cue::Warning, Phase::Answering { until: Some(until), .. }) = (sound, engine.phase()) {
                    self.screen.say(Line::Warning(self.rate.duration(until.since(now))));
                }
                // A cue that cannot be heard is on the screen.
                let _ = self.playback.play(cue::sound(sound));
                Ok(())
            }
            Command::OpenTake { turn, take } => {
                if let Some(clip) = self.candidate.get(self.takes_opened) {
                    let _ = self.playback.play(Arc::clone(clip));
                }
                self.takes_opened += 1;
                self.edges.opened += 1;
                self.keeper.open_take(now, turn, take)
            }
            Command::CloseTake { end, .. } => {
                self.edges.closed += 1;
                if !self.candidate.is_empty() {
                    self.playback.stop();
                }
                let Some(kept) = self.keeper.close_take(now, end)? else { return Ok(()) };
                self.screen.say(Line::Saved {
                    why: end_sentence(end),
                    length: self.rate.duration(kept.summary.frames),
                    file: &kept.file,
                    may_retake: engine.may_retake(),
                });
                if kept.summary.dropped > 0 {
                    let lost = self.rate.duration(Frames(kept.summary.dropped));
                    let text = format!(
                        "{} ms of this take were lost between the microphone and greenroom; silence stands in their place.",
                        lost.as_millis()
                    );
                    self.screen.say(Line::Notice(&text));
                }
                Ok(())
            }
            Command::EndTurn { turn, skipped } => {
                if skipped {
                    self.screen.say(Line::Skipped);
                }
                self.keeper.end_turn(now, turn, skipped)
            }
            Command::Finish(outcome) => {
                self.outcome = Some(outcome);
                Ok(())
            }
        }
    }

    /// Puts a question on the screen, once.
    fn put(&mut self, turn: usize) {
        if self.asked == Some(turn) {
            return;
        }
        self.asked = Some(turn);
        let entry = &self.turns[turn];
        self.screen.say(Line::Question {
            place: turn + 1,
            of: self.turns.len(),
            section: &self.sections[turn],
            prompt: &entry.prompt,
            timing: &entry.timing,
        });
    }

    /// Lets the prompt of `turn` sound if it is rendered within `patience`.
    fn begin_prompt(&mut self, turn: usize, now: Frame, patience: Duration) {
        let Some(ready) = self.prompter.get(turn, patience) else { return };
        if let Some(notice) = ready.notice.take() {
            self.screen.say(Line::Notice(&notice));
        }
        let mut failed = None;
        self.speaking = match &mut ready.utterance {
            Utterance::Clip(clip) => match self.playback.play(Arc::clone(clip)) {
                Ok(()) => Speaking::Clip,
                Err(reason) => {
                    failed = Some(reason);
                    Speaking::Nothing
                }
            },
            Utterance::Live(speech) => {
                speech.start();
                Speaking::Live(turn)
            }
            Utterance::Reading(time) => Speaking::Reading { until: now + self.rate.frames(*time), failed: false },
        };
        let voice = ready.voice.clone();
        let clip = match &ready.utterance {
            Utterance::Clip(clip) => Some(Arc::clone(clip)),
            Utterance::Live(_) | Utterance::Reading(_) => None,
        };
        if let Some(reason) = failed {
            self.read_instead(turn, now, &reason);
        }
        let noted = self.keeper.asked(now, turn, &voice, clip);
        self.hold_on_to(noted);
    }

    /// A prompt that is not heard is read.
    fn read_instead(&mut self, turn: usize, now: Frame, reason: &str) {
        if !std::mem::replace(&mut self.voice_noticed, true) {
            self.screen.say(Line::Notice(&format!("{reason} Please read the question.")));
        }
        let time = crate::voice::reading_time(&self.turns[turn].prompt);
        self.speaking = Speaking::Reading { until: now + self.rate.frames(time), failed: true };
    }

    fn live(&mut self, turn: usize) -> Option<&mut Box<dyn Speech>> {
        match &mut self.prompter.get(turn, Duration::ZERO)?.utterance {
            Utterance::Live(speech) => Some(speech),
            Utterance::Clip(_) | Utterance::Reading(_) => None,
        }
    }

    fn prompt_ended(&mut self, now: Frame) -> Option<Event> {
        let state = match self.speaking {
            Speaking::Nothing | Speaking::Waiting(_) => return None,
            Speaking::Reading { until, failed } => {
                let event = if failed { Event::PromptFailed } else { Event::PromptEnded };
                return (until <= now).then_some(event);
            }
            Speaking::Clip => self.playback.state(),
            Speaking::Live(turn) => self.live(turn).map_or(Playing::Idle, |speech| speech.state()),
        };
        let reason = match state {
            Playing::Sounding => return None,
            Playing::Idle => return Some(Event::PromptEnded),
            Playing::Failed(reason) => reason,
        };
        match (&self.speaking, self.asked) {
            (Speaking::Live(turn), _) => {
                // The next voice says the question from its start.
                let turn = *turn;
                self.prompter.render_again(turn);
                self.speaking = Speaking::Waiting(turn);
            }
            (_, Some(turn)) => self.read_instead(turn, now, &reason),
            (_, None) => return Some(Event::PromptFailed),
        }
        None
    }

    fn hush(&mut self) {
        match std::mem::replace(&mut self.speaking, Speaking::Nothing) {
            Speaking::Clip => self.playback.stop(),
            Speaking::Live(turn) => {
                if let Some(speech) = self.live(turn) {
                    speech.stop();
                }
            }
            Speaking::Nothing | Speaking::Waiting(_) | Speaking::Reading { .. } => {}
        }
    }

    /// Says what a change of phase means.
    fn announce(&mut self, engine: &Engine, now: Frame) {
        let view = View::of(engine, now, self.rate);
        let before = std::mem::replace(&mut self.stand, view.stand);
        if before == view.stand {
            return;
        }
        let held = |stand| matches!(stand, Stand::Paused | Stand::NoMicrophone);
        if held(before) && !held(view.stand) && view.stand != Stand::Over {
            self.screen.say(Line::Released);
            let noted = self.keeper.note(now, "released", json!({}));
            self.hold_on_to(noted);
        }
        match view.stand {
            Stand::Thinking => self.screen.say(Line::Think(view.left)),
            Stand::Answering => self.screen.say(Line::Answer(view.limit)),
            Stand::Paused | Stand::NoMicrophone => {
                let by = if view.stand == Stand::Paused { "candidate" } else { "microphone" };
                let noted = self.keeper.note(now, "held", json!({ "by": by }));
                self.hold_on_to(noted);
                if view.stand == Stand::Paused {
                    self.screen.say(Line::Held("Paused. Press p to go on."));
                }
            }
            Stand::Listening | Stand::Reading | Stand::Saved | Stand::Over => {}
        }
    }

    fn show(&mut self, engine: &Engine, now: Frame) {
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
        if let Speaking::Reading { until, .. } = self.speaking {
            view = view.read_for(self.rate.duration(until.since(now)));
        }
        self.screen.show(&view);
    }

    fn close(mut self, now: Frame, interrupted: bool) -> Result<Ending> {
        self.hush();
        self.screen.close();
        let outcome = self.outcome.unwrap_or(Outcome::Quit);
        let finished = self.keeper.finish(now, outcome_word(outcome, interrupted));
        let heard = self.playback.finish();
        if let Some(failure) = self.failure {
            let name = self.keeper.name();
            return Err(failure.context(format!(
                "the session stopped; what was said up to then is saved, go on with `greenroom resume {name}`"
            )));
        }
        finished?;
        heard.map_err(anyhow::Error::msg)?;
        Ok(Ending { manifest: self.keeper.manifest().clone(), interrupted })
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
