//! `greenroom replay`: the question, then the answer.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::afterwards::Afterwards;
use super::cli::Replay;
use super::ends::{Choice, Input, Output};
use super::failure::Usage;
use super::library::{Library, unknown};
use super::mended;
use super::player::{Answer, Item, Player};
use super::signals;
use crate::audio::pace::Pace;
use crate::interview::SampleRate;
use crate::store::manifest::{Manifest, ManifestTurn, Recorded};
use crate::store::{catalogue, recovery};

/// Runs the command.
///
/// # Errors
/// Where there is no such session, question or take, or it cannot be played.
pub fn run(options: &Replay, home: Option<&Path>) -> Result<()> {
    // What is recorded can be heard, whatever is wrong with the files beside it.
    let (library, wrong) = Library::examine(home)?;
    wrong.iter().for_each(super::print::aside);
    let path = catalogue::find(&library.home, &options.session)?;
    let manifest = mended::told(recovery::load(&path)?);
    let items = items(&manifest, &path, options)?;
    if items.is_empty() {
        bail!("{} has no answer to listen to yet: go on with `greenroom resume {0}`", manifest.session);
    }
    let output = Output::parse(options.output.as_deref().or(library.config.output.as_deref()));
    if options.fast && matches!(output, Output::Device(_)) {
        bail!(Usage("--fast needs an output without a device: give --output wav:PATH or none".to_owned()));
    }
    let pace = if options.fast { Pace::Fast } else { Pace::RealTime };
    let host = options.host.clone().or(library.config.host.clone());
    let choice = Choice { input: Input::Device(None), output, host, pace };
    let (playback, silent) = choice.open_playback(SampleRate::STANDARD)?;
    if let Some(silent) = silent {
        bail!("{silent} Give --output wav:PATH to write what would be heard to a file.");
    }
    signals::watch();
    let keys = io::stdin().is_terminal() && io::stderr().is_terminal() && !options.plain;
    Player::new(playback, pace, options.speed, Afterwards::of(library, path, manifest)).run(&items, keys)
}

/// What is played, in order.
fn items(manifest: &Manifest, folder: &Path, options: &Replay) -> Result<Vec<Item>> {
    let chosen = chosen(manifest, options.question.as_deref())?;
    let mut items = Vec::new();
    for (place, turn) in chosen {
        let last = turn.last_take();
        let take = match take_of(turn, options.take) {
            // Where all are played, those that have no such take are passed over.
            Err(_) if options.question.is_none() => None,
            take => take?,
        };
        let Some(take) = take else { continue };
        let of = heading(manifest, place, turn);
        if !options.answers_only {
            // Where the voice could not be recorded, the question is still to be read.
            let path = turn.prompt_file.as_deref().map(|file| inside(folder, file)).transpose()?;
            items.push(Item { title: of.clone(), text: turn.prompt.clone(), path, answer: None });
        }
        let line = format!("Your answer, take {} of {last}", take.number);
        // A take of several files is rated as one, by the first of them.
        let first = take.parts.first().map(|part| part.file.clone()).unwrap_or_default();
        let answer = Some(Answer { question: turn.question.clone(), take: first });
        for (place, part) in take.parts.iter().enumerate() {
            let text = match take.parts.len() {
                1 => line.clone(),
                parts => format!("{line}, part {} of {parts}", place + 1),
            };
            let path = Some(inside(folder, &part.file)?);
            items.push(Item { title: of.clone(), text, path, answer: answer.clone() });
        }
    }
    Ok(items)
}

/// What stands above a question, and above its answers.
fn heading(manifest: &Manifest, place: usize, turn: &ManifestTurn) -> String {
    let who = manifest.asker(turn).map(|role| format!(", {role}")).unwrap_or_default();
    let after = if turn.follow_up.is_some() { ", follow-up" } else { "" };
    format!("Question {} of {}{who}{after}", place + 1, manifest.turns.len())
}

/// The take of a turn with this number, or the newest.
///
/// # Errors
/// Where there is none with this number.
pub fn take_of(turn: &ManifestTurn, number: Option<u32>) -> Result<Option<Recorded<'_>>> {
    let mut takes = turn.recorded();
    let Some(number) = number else { return Ok(takes.pop()) };
    if let Some(at) = takes.iter().position(|take| take.number == number) {
        return Ok(Some(takes.swap_remove(at)));
    }
    let known: Vec<String> = takes.iter().map(|take| take.number.to_string()).collect();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    bail!(Usage(format!("{} has no take {number}; it has {known}", turn.question)))
}

/// The turns of a session that are meant, with their places from 0: all, or those of a question.
///
/// # Errors
/// Where there is no such question.
pub fn chosen<'m>(manifest: &'m Manifest, question: Option<&str>) -> Result<Vec<(usize, &'m ManifestTurn)>> {
    let turns = manifest.turns.iter().enumerate();
    let Some(wanted) = question else { return Ok(turns.collect()) };
    let place: Option<usize> = wanted.parse().ok();
    let chosen: Vec<_> = turns.filter(|(at, turn)| turn.question == wanted || place == Some(at + 1)).collect();
    if chosen.is_empty() {
        let known: Vec<&str> = manifest.turns.iter().map(|turn| turn.question.as_str()).collect();
        bail!(unknown("question", wanted, &known));
    }
    Ok(chosen)
}

/// A file of the session; a manifest that names one elsewhere is not followed.
fn inside(folder: &Path, file: &str) -> Result<PathBuf> {
    let relative = Path::new(file);
    let plain = relative.components().all(|part| matches!(part, std::path::Component::Normal(_)));
    if !plain {
        bail!("the session names a file outside its folder: {}", crate::interview::Text::clean(file));
    }
    Ok(folder.join(relative))
}
