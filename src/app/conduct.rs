//! Sets a session up and runs it: what `rehearse`, `resume` and `demo` have in common.

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail};

use super::ahead::Questions;
use super::answers::{self, Answers};
use super::cli::{Display, ScreenName};
use super::coach::Coach;
use super::ends::{Choice, Input};
use super::failure::{Interrupted, Usage};
use super::keeper::Keeper;
use super::prompter::Prompter;
use super::reel::Reel;
use super::session::{self, PanelParts, Parts, Rating, WhenSaid};
use super::{earlier, hint, print, report, signals};
use crate::audio::pace::Pace;
use crate::interview::events::TurnRules;
use crate::interview::panel::OWN_QUESTIONS;
use crate::interview::time::say_clocks;
use crate::interview::{Frames, SampleRate, Text, Turn};
use crate::ports::{Capture, Clip, Playback};
use crate::store::config::Config;
use crate::store::home::Home;
use crate::store::manifest::Manifest;
use crate::tui::keys::{self, Key, Keys};
use crate::tui::live::{Extent, Live};
use crate::tui::plain::{Plain, plural};
use crate::tui::relay::Relay;
use crate::tui::screen::{Line, Screen};
use crate::tui::terminal::RawTerminal;
use crate::tui::theme::Theme;
use crate::voice::Chain;

/// Room for the journal, the manifest and the prompts of a session, in bytes a turn.
const BESIDE_TAKES: u64 = 1024 * 1024;

/// A take without a limit is expected to be no longer than this.
const OPEN_TAKE: Duration = Duration::from_secs(10 * 60);

/// How far in stands what is told of an answer, in the summary.
const INDENT: usize = 4;

/// A session that may begin.
pub struct Setup {
    /// What is asked from.
    pub title: Text,
    /// The turns, in their order.
    pub turns: Vec<Turn>,
    /// The titles of their sections.
    pub sections: Vec<String>,
    /// What is known of each turn from before: takes made, and whether it is over; empty for a new session.
    pub before: Vec<Before>,
    /// The microphone, opened.
    pub capture: Box<dyn Capture>,
    /// The speaker, opened, and what is to be said of it.
    pub playback: (Box<dyn Playback>, Option<String>),
    /// The prompts, in the making.
    pub prompter: Prompter,
    /// How time passes.
    pub pace: Pace,
    /// What happens when a played-back candidate has said all.
    pub when_said: WhenSaid,
    /// The candidate of a demonstration.
    pub candidate: Vec<Arc<Clip>>,
    /// The panel, where one asks.
    pub panel: Option<PanelParts>,
    /// The recording of the whole session, where one was asked for.
    pub reel: Option<Reel>,
    /// What it takes to rate answers between the questions, where that is wanted.
    pub rating: Option<Rating>,
}

impl Setup {
    /// A session without anything to ask yet, between these ends.
    pub fn new(
        title: Text,
        capture: Box<dyn Capture>,
        playback: (Box<dyn Playback>, Option<String>),
        prompter: Prompter,
        pace: Pace,
    ) -> Setup {
        Setup {
            title,
            turns: Vec::new(),
            sections: Vec::new(),
            before: Vec::new(),
            capture,
            playback,
            prompter,
            pace,
            when_said: WhenSaid::Wait,
            candidate: Vec::new(),
            panel: None,
            reel: None,
            rating: None,
        }
    }
}

/// What is known of a turn from before.
#[derive(Debug, Clone, Copy, Default)]
pub struct Before {
    /// How many takes there are.
    pub takes: u32,
    /// How many retakes were spent.
    pub retakes: u32,
    /// Whether it is answered or passed over.
    pub over: bool,
}

/// Who is there: what a session is shown on, and who presses keys.
pub struct Audience {
    live: bool,
    typed: bool,
    json: bool,
    /// Whether anything is drawn: a screen reader reads sentences.
    drawn: bool,
    /// How much of the terminal is drawn on.
    extent: Extent,
    /// Whether sentences were asked for: times are said in words.
    words: bool,
}

impl Audience {
    /// Looks at the terminal. Nobody is waited for, and nobody can keep up, where time runs as fast as it can.
    pub fn of(display: &Display, config: &Config, pace: Pace) -> Audience {
        let typed = io::stdin().is_terminal() && pace == Pace::RealTime;
        let live = typed && io::stderr().is_terminal() && !display.plain;
        let drawn = io::stderr().is_terminal() && !display.plain;
        let full = display.screen.map_or(config.full_screen, |screen| screen == ScreenName::Full);
        let extent = if full { Extent::Full } else { Extent::Inline };
        Audience { live, typed, json: display.json, drawn, extent, words: display.plain }
    }

    /// Whether somebody can press a key.
    pub fn can_press(&self) -> bool {
        self.typed
    }

    /// Prints a line for people.
    pub fn tell(&self, line: &str) {
        // A session that is over is saved, whether or not anybody is there to be told.
        if self.json {
            print::aside(line);
        } else {
            let _ = print::line(line);
        }
    }
}

/// Starts to render the prompts of the turns that are not over.
pub fn prompts(chain: Chain, turns: &[Turn], before: &[Before]) -> Prompter {
    let over = |turn: usize| before.get(turn).is_some_and(|before| before.over);
    let mut prompter = Prompter::start(vec![chain]);
    prompter.foresee(&Questions::of(turns, over).from(0));
    prompter
}

/// Checks that the disk has room for the session, and for a recording of the whole of it where there is a `tape`.
///
/// # Errors
/// Where it has not.
pub fn check_space(home: &Home, turns: &[Turn], rate: SampleRate, tape: bool) -> Result<()> {
    let needed: u64 = turns
        .iter()
        .map(|turn| {
            let longest = rate.frames(turn.timing.limit.unwrap_or(OPEN_TAKE)).0 * 2;
            longest * (1 + u64::from(turn.timing.retakes.unwrap_or(0).min(3))) + BESIDE_TAKES
        })
        .sum();
    check_room(home, if tape { 2 * needed } else { needed })
}

/// Checks that the disk has room for so many bytes of recordings.
///
/// # Errors
/// Where it has not.
pub fn check_room(home: &Home, needed: u64) -> Result<()> {
    Ok(crate::store::space::check(&home.recordings(), needed)?)
}

/// Runs a session and prints what became of it.
///
/// # Errors
/// Where something could not be kept, or the session was interrupted.
pub fn conduct(setup: Setup, keeper: Keeper, audience: &Audience, home: &Home) -> Result<()> {
    signals::watch();
    let rules = rules(&setup, audience);
    let (playback, silent) = setup.playback;
    // Where nobody can press a key, nobody rates.
    let rating = setup.rating.map(|rating| Rating { asks: audience.can_press(), ..rating });
    let raw = if audience.live { Some(RawTerminal::enter()?) } else { None };
    let mut screen: Box<dyn Screen> = match (&raw, audience.json) {
        (Some(_), _) => Box::new(Live::new(audience.extent, theme(), io::stderr(), io::stderr())),
        (None, true) => Box::new(Plain::new(unhurried(io::stderr(), setup.pace), audience.typed)),
        (None, false) => Box::new(Plain::new(unhurried(io::stdout(), setup.pace), audience.typed)),
    };
    if let Some(silent) = silent {
        screen.say(Line::Notice(&silent));
    }
    let keys = match (&raw, audience.typed) {
        // Heard where it is read: the session's loop may be waiting for a disk.
        (Some(_), _) => Keys::of_terminal(|key| heard(keys::of_session(key))),
        (None, true) => Keys::of_lines(signals::ask),
        (None, false) => Keys::none(),
    };
    let coach = match &setup.panel {
        None => Coach::new(earlier::facts(home, None)),
        Some(_) => Coach::silent(),
    };
    let ending = session::run(Parts {
        turns: setup.turns,
        rules,
        sections: setup.sections,
        title: setup.title,
        capture: setup.capture,
        playback,
        prompter: setup.prompter,
        keeper,
        screen,
        coach,
        keys,
        sure: raw.is_some(),
        pace: setup.pace,
        when_said: setup.when_said,
        candidate: setup.candidate,
        rating,
        panel: setup.panel,
        reel: setup.reel,
    });
    drop(raw);
    let answers = Answers::of(home, &home.recordings().join(&ending.manifest.session), &ending.manifest);
    sum_up(&ending.manifest, &answers, audience, home);
    let reported = if audience.json {
        let review = super::note::review(&home.recordings().join(&ending.manifest.session));
        print::json(&report::of(&ending.manifest, &review, &answers))
    } else {
        Ok(())
    };
    match ending.failure {
        Some(failure) => Err(failure.context("the session stopped; what was said up to then is saved")),
        None if ending.interrupted => Err(Interrupted.into()),
        None => reported,
    }
}

/// Where a session is written to: in real time no terminal may hold it up, and at full speed no line may be missing.
fn unhurried(out: impl Write + Send + 'static, pace: Pace) -> Box<dyn Write + Send> {
    match pace {
        Pace::RealTime => Box::new(Relay::to(out)),
        Pace::Fast => Box::new(out),
    }
}

/// How things look, as the environment wishes.
pub fn theme() -> Theme {
    Theme::new(std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()))
}

/// A wish to leave is one at once.
fn heard(key: Option<Key>) -> Option<Key> {
    if key == Some(Key::Interrupt) {
        signals::ask();
    }
    key
}

/// The rules of the turns; where nobody can press a key, nobody is waited for.
fn rules(setup: &Setup, audience: &Audience) -> Vec<TurnRules> {
    let rate = setup.capture.rate();
    let mut rules: Vec<TurnRules> = setup.turns.iter().map(|turn| TurnRules::fresh(&turn.timing, rate)).collect();
    for (turn, before) in rules.iter_mut().zip(&setup.before) {
        turn.takes = before.takes;
        turn.over = before.over;
        turn.retakes = turn.retakes.map(|retakes| retakes.saturating_sub(before.retakes));
    }
    if setup.rating.is_some() && audience.can_press() {
        // The candidate goes on when the answer is rated.
        rules.iter_mut().for_each(|turn| turn.gap = None);
    }
    if !audience.can_press() {
        for turn in &mut rules {
            turn.prep = Some(turn.prep.unwrap_or(Frames(0)));
        }
    }
    rules
}

/// Checks that every answer can end.
///
/// # Errors
/// Where an answer has no limit and nobody can end it.
pub fn check_ends(turns: &[Turn], choice: &Choice, audience: &Audience) -> Result<()> {
    let endless = turns.iter().any(|turn| turn.timing.limit.is_none());
    if endless && !audience.can_press() && matches!(choice.input, Input::Device(_)) {
        bail!(Usage(
            "an answer without a limit ends with the Enter key, and there is no terminal to press it in: give --limit, \
             or another --format"
                .to_owned()
        ));
    }
    Ok(())
}

/// Shows each answer, the newest take of its question.
fn show_answers(manifest: &Manifest, answers: &Answers, audience: &Audience) {
    for (turn, take) in answers.newest() {
        let asked = &manifest.turns[turn];
        let name = if asked.question == OWN_QUESTIONS { "your own questions" } else { &asked.question };
        audience.tell(&format!("{:>2}. {name}", turn + 1));
        let strip = if audience.drawn { answers.strip(turn, take, INDENT) } else { None };
        for line in strip.into_iter().chain(answers.told(turn, take)) {
            let line = if audience.words { say_clocks(&line) } else { line };
            answers::indented(&line, INDENT, audience.drawn).iter().for_each(|line| audience.tell(line));
        }
    }
    if audience.drawn && !answers.is_empty() {
        audience.tell(&format!("{:INDENT$}{}", "", answers::legend()));
    }
}

fn sum_up(manifest: &Manifest, answers: &Answers, audience: &Audience, home: &Home) {
    let answered = manifest.turns.iter().filter(|turn| turn.state == "answered").count();
    let takes: usize = manifest.turns.iter().map(|turn| turn.recorded().len()).sum();
    audience.tell("");
    audience.tell(&format!(
        "{} of {} answered, {} kept in session {}.",
        answered,
        plural(manifest.turns.len(), "question"),
        plural(takes, "take"),
        manifest.session
    ));
    show_answers(manifest, answers, audience);
    if takes > 0 {
        audience.tell(&format!("Listen again:  {}", hint::again(home, "replay")));
    }
    if manifest.is_open() {
        audience.tell(&format!("Go on with it: {}", hint::again(home, "resume")));
    }
}
