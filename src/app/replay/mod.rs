//! `greenroom replay`: the question, then the answer; on the whole screen of a terminal, or in sentences.

mod compare;
mod comparing;
mod index;
mod items;
mod lines;
mod listening;
mod measured;
mod review;
mod saying;
mod screen;
mod show;
mod wish;
mod wishes;
mod words;

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

pub use items::{chosen, take_of};

use self::items::{Chosen, Item, Session, Sound};
use self::lines::Typed;
use self::listening::{Listening, Start};
use self::screen::Shown;
use super::cli::Replay;
use super::deck::{Deck, Recording};
use super::ends::{Choice, Input, Output};
use super::failure::Usage;
use super::library::Library;
use super::{behind, conduct, mended, print, signals};
use crate::audio::pace::Pace;
use crate::interview::{SampleRate, text};
use crate::store::config::Config;
use crate::store::session::SessionError;
use crate::store::{catalogue, recovery};
use crate::tui::canvas::Canvas;
use crate::tui::keys::Keys;
use crate::tui::replay::keys::{Press, press};
use crate::tui::terminal::RawTerminal;
use crate::voice::VoiceSettings;

/// How a replay is shown, and what can be pressed or typed meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// The whole screen.
    Screen,
    /// Sentences; typed lines are commands.
    Typed,
    /// Sentences, and nobody is there.
    Alone,
}

/// Runs the command.
///
/// # Errors
/// Where there is no such session, question, take or file, or it cannot be played.
pub fn run(options: &Replay, home: Option<&Path>) -> Result<()> {
    let shape = match (io::stdin().is_terminal(), options.plain, print::is_seen()) {
        (true, false, true) => Shape::Screen,
        (true, _, _) if print::is_shown() => Shape::Typed,
        _ => Shape::Alone,
    };
    if let Some(file) = file(options) {
        return of_file(options, file, home, shape);
    }
    // What is recorded can be heard, whatever is wrong with the files beside it.
    let (library, wrong) = Library::examine(home)?;
    wrong.iter().for_each(print::aside);
    let path = catalogue::find(&library.home, &options.session).map_err(|error| no_such(&options.session, error))?;
    let manifest = mended::told(recovery::load(&path)?);
    let session = Session::of(path, manifest, &library.banks);
    let which = Chosen { question: options.question.clone(), take: options.take, answers_only: options.answers_only };
    let mut items = items::items(&session, &which)?;
    if items.is_empty() && options.session == "latest" {
        items = newest_with_answers(&library, &which)?;
    }
    if items.is_empty() {
        bail!("{} has no answer to listen to yet: go on with `greenroom resume {0}`", session.manifest.session);
    }
    if options.compare {
        items = compared(items, &library);
    }
    let start = start(options, items, shape, Some(&library), &library.config);
    listen(options, start, &library.config, Some(&library), which, shape)
}

/// What can be listened to of the newest session that has any of it: one that has just begun has none.
fn newest_with_answers(library: &Library, which: &Chosen) -> Result<Vec<Item>> {
    for path in catalogue::folders(&library.home)? {
        let Ok(manifest) = recovery::look(&path) else { continue };
        let session = Session::of(path, manifest, &library.banks);
        // Where it has no such question, another may have it.
        let items = items::items(&session, which).unwrap_or_default();
        if !items.is_empty() {
            print::aside(format!("The newest session has no answer yet: this is {}.", session.manifest.session));
            return Ok(items);
        }
    }
    Ok(Vec::new())
}

/// Why there is no such session; what looks like a file was meant as one.
fn no_such(named: &str, error: SessionError) -> anyhow::Error {
    let path = Path::new(named);
    let looks = named.contains(['/', '\\']) || path.extension().is_some_and(|end| end.eq_ignore_ascii_case("wav"));
    match path.symlink_metadata() {
        _ if !looks => error.into(),
        Ok(data) if data.is_dir() => {
            Usage(format!("{} is a folder: name a session, or a WAV file", text::path(path))).into()
        }
        Ok(_) => Usage(format!("{} is no regular file: nothing can be played from it", text::path(path))).into(),
        Err(_) => Usage(format!("there is no file {}, and no session is called so", text::path(path))).into(),
    }
}

/// The file that is meant, where the argument is one: a session is a folder. The newest session stays that.
fn file(options: &Replay) -> Option<PathBuf> {
    let path = PathBuf::from(&options.session);
    (options.session != "latest" && path.is_file()).then_some(path)
}

/// Plays a file that belongs to no session.
fn of_file(options: &Replay, file: PathBuf, home: Option<&Path>, shape: Shape) -> Result<()> {
    let wrong = match () {
        () if options.question.is_some() => Some("a file has no questions"),
        () if options.take.is_some() => Some("a file has no takes"),
        () if options.compare => Some("a file has nothing to be compared with"),
        () => None,
    };
    if let Some(wrong) = wrong {
        bail!(Usage(format!("{} is a file, and {wrong}: leave that out", text::path(&file))));
    }
    // Told before anything is drawn.
    Recording::open(std::slice::from_ref(&file))?;
    // Which speaker is usual, the settings say, where there are any.
    let config = Library::examine(home).map(|(library, _)| library.config).unwrap_or_default();
    let name = text::path(&file).to_string();
    let item = Item {
        session: String::new(),
        heading: name.clone(),
        what: String::new(),
        text: String::new(),
        sound: Sound::Files(vec![file]),
        answer: None,
    };
    let start = start(options, vec![item], shape, None, &config);
    listen(options, start, &config, None, Chosen::default(), shape)
}

/// The answers with the first and the newest take of each question instead.
fn compared(items: Vec<Item>, library: &Library) -> Vec<Item> {
    let both = |item: Item| match &item.answer {
        None => vec![item],
        Some(answer) => {
            let takes = compare::takes(&library.home, answer);
            if takes.is_empty() { vec![item] } else { (0..takes.len()).map(|at| compare::item(&takes, at)).collect() }
        }
    };
    items.into_iter().flat_map(both).collect()
}

fn start(options: &Replay, items: Vec<Item>, shape: Shape, library: Option<&Library>, config: &Config) -> Start {
    Start {
        items,
        home: library.map(|library| library.home.clone()),
        // Its sound is played as a recording is: a voice that the system speaks with by itself is of no use.
        voice: VoiceSettings { name: config.voice.clone(), command: config.voice_command.clone(), rendered: true },
        skips: options.skip_silence,
        attended: shape != Shape::Alone,
        lasts: shape == Shape::Screen,
        compares: options.compare,
    }
}

fn listen(
    options: &Replay,
    start: Start,
    config: &Config,
    library: Option<&Library>,
    which: Chosen,
    shape: Shape,
) -> Result<()> {
    let output = Output::parse(options.output.as_deref().or(config.output.as_deref()));
    if options.fast && matches!(output, Output::Device(_)) {
        bail!(Usage("--fast needs an output without a device: give --output wav:PATH or none".to_owned()));
    }
    let pace = if options.fast { Pace::Fast } else { Pace::RealTime };
    let host = options.host.clone().or(config.host.clone());
    let choice = Choice { input: Input::Device(None), output, host, pace };
    let (playback, silent) = choice.open_playback(SampleRate::STANDARD)?;
    if let Some(silent) = silent {
        bail!("{silent} Give --output wav:PATH to write what would be heard to a file.");
    }
    signals::watch();
    let deck = Deck::new(playback, pace, options.speed);
    match shape {
        Shape::Screen => {
            let raw = RawTerminal::enter()?;
            let mut keys = Keys::of_terminal(|key| heard(press(key)));
            let canvas = Canvas::full(io::stderr(), conduct::theme());
            let listening = Listening::begin(deck, start)?;
            let (said, went) = Shown::new(listening, library, which).run(&mut keys, &canvas);
            drop(canvas);
            drop(keys);
            drop(raw);
            said.iter().for_each(print::aside);
            went
        }
        Shape::Typed => {
            let keys = Keys::of_typed(lines::typed, Typed::Gone, signals::ask);
            lines::run(Listening::begin(deck, start)?, Some(keys))
        }
        Shape::Alone => lines::run(Listening::begin(deck, start)?, None),
    }
}

/// A wish to leave is one at once: what hangs meanwhile has a limit.
fn heard(key: Option<Press>) -> Option<Press> {
    if key == Some(Press::Interrupt) {
        signals::ask();
    }
    key
}
