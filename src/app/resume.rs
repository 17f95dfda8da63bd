//! `greenroom resume`.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::cli::Resume;
use super::conduct::{self, Audience, Before, Setup};
use super::ends::Choice;
use super::keeper::Keeper;
use super::library::Library;
use super::mended;
use super::reel::Reel;
use super::rehearse::{choose_voice, voice_settings};
use crate::interview::{Text, Turn};
use crate::store::home::Home;
use crate::store::manifest::{Manifest, ManifestTurn, next_turns};
use crate::store::session::SessionFolder;
use crate::store::{catalogue, recovery};

/// Runs the command.
///
/// # Errors
/// Where there is nothing to go on with, the session cannot begin, something could not be kept, or it was interrupted.
pub fn run(options: &Resume, home: Option<&std::path::Path>) -> Result<()> {
    let library = Library::open(home)?;
    let path = find(&library.home, &options.session)?;
    // The lock comes first: what is read afterwards stays so.
    let folder = SessionFolder::open(&path)?;
    let mut manifest = mended::told(recovery::repair(&folder)?);
    if manifest.kind == "demo" {
        bail!("{} is a demonstration: rehearse with `greenroom rehearse`", manifest.session);
    }
    if !manifest.is_open() {
        bail!("every question of {} is answered: listen with `greenroom replay {0}`", manifest.session);
    }
    if manifest.panel.is_some() {
        return super::panel::resume(options, &library, folder, manifest);
    }
    let turns: Vec<Turn> = manifest.turns.iter().map(turn).collect();
    let mut before: Vec<Before> =
        manifest.turns.iter().enumerate().map(|(place, turn)| before(&folder, place, turn)).collect();
    for turn in next_turns(&manifest) {
        before[turn].over = false;
    }
    let open: Vec<Turn> =
        turns.iter().zip(&before).filter(|(_, before)| !before.over).map(|(turn, _)| turn.clone()).collect();
    let choice = Choice::of(&options.sound, &library.config)?;
    let audience = Audience::of(&options.display, &library.config, choice.pace);
    conduct::check_ends(&open, &choice, &audience)?;
    let chain = choose_voice(&voice_settings(&options.sound, &library.config, &choice.output))?;
    manifest.voice = chain.speaking();
    let prompter = conduct::prompts(chain, &turns, &before);
    let capture = choice.open_capture(open.len())?;
    conduct::check_space(&library.home, &open, capture.rate(), options.tape)?;
    let playback = choice.open_playback(capture.rate())?;
    manifest.rate = capture.rate().0;
    manifest.input = capture.name();
    manifest.output = playback.0.name();
    let reel = options.tape.then(|| Reel::begin(folder.path(), capture.rate(), choice.pace)).transpose()?;
    let sections = sections(&library, &manifest, &turns);
    let bank = library.banks.get(&manifest.bank).ok();
    // A schedule lives from ratings: what was asked by one is rated to its end.
    let rates = options.rate || manifest.order == "due";
    let rating = rates.then(|| super::rehearse::rating(&library.home, bank.as_ref(), &turns, None));
    let setup = Setup {
        turns,
        sections,
        before,
        rating,
        reel,
        ..Setup::new(Text::clean(&manifest.title), capture, playback, prompter, choice.pace)
    };
    let keeper = Keeper::go_on(folder, manifest, choice.pace)?;
    conduct::conduct(setup, keeper, &audience, &library.home)
}

fn turn(entry: &ManifestTurn) -> Turn {
    Turn {
        question: entry.question.clone(),
        section: entry.section.clone(),
        prompt: Text::clean(&entry.prompt),
        timing: entry.timing(),
    }
}

fn before(folder: &SessionFolder, place: usize, entry: &ManifestTurn) -> Before {
    // No number is given twice, whoever put a file in its place.
    let takes = folder.last_take(place, entry);
    Before { takes, retakes: entry.retakes_spent(), over: true }
}

/// The folder of a session; `latest` is the newest rehearsal that is not finished, where there is one.
fn find(home: &Home, which: &str) -> Result<PathBuf> {
    let open = |manifest: &Manifest| manifest.kind != "demo" && manifest.is_open();
    if which == "latest" {
        // Which of them is gone on with is seen without changing any.
        let unfinished = |path: &PathBuf| recovery::look(path).is_ok_and(|manifest| open(&manifest));
        if let Some(path) = catalogue::folders(home)?.into_iter().find(unfinished) {
            return Ok(path);
        }
    }
    Ok(catalogue::find(home, which)?)
}

/// The titles of the sections, where the bank is still there.
fn sections(library: &Library, manifest: &Manifest, turns: &[Turn]) -> Vec<String> {
    match library.banks.get(&manifest.bank) {
        Ok(bank) => super::rehearse::section_titles(&bank, turns),
        Err(_) => turns.iter().map(|turn| turn.section.clone()).collect(),
    }
}
