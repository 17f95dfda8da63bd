//! `greenroom sessions`.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::cli::Sessions;
use super::failure::Usage;
use super::print;
use super::report::{self, SCHEMA};
use crate::interview::time::show_clock;
use crate::interview::{Frames, SampleRate, Text};
use crate::store::home::Home;
use crate::store::manifest::{Manifest, ManifestTake};
use crate::store::session::SessionEntry;
use crate::store::{catalogue, recovery};

/// Runs the command.
///
/// # Errors
/// Where there is no such session, or it cannot be read or deleted.
pub fn run(what: &Sessions, home: Option<&Path>) -> Result<()> {
    let home = Home::find(home)?;
    match what {
        Sessions::List { json } => list(&home, *json),
        Sessions::Show { session, json } => show(&home, session, *json),
        Sessions::Delete { session, yes, json } => delete(&home, session, *yes, *json),
    }
}

fn list(home: &Home, as_json: bool) -> Result<()> {
    let entries = catalogue::list(home)?;
    if as_json {
        let sessions: Vec<Value> = entries.iter().map(entry_json).collect();
        return print::json(&json!({ "schema": SCHEMA, "sessions": sessions }));
    }
    if entries.is_empty() {
        print::line("No session yet: `greenroom rehearse` records the first.")?;
    }
    for entry in &entries {
        match &entry.manifest {
            Ok(manifest) => {
                let answered = manifest.turns.iter().filter(|turn| turn.state == "answered").count();
                let outcome = if entry.running { "running" } else { &manifest.outcome };
                print::line(format_args!(
                    "{:<42} {:>2} of {:>2} answered  {:>7} spoken  {outcome}",
                    entry.name,
                    answered,
                    manifest.turns.len(),
                    show_clock(spoken(manifest))
                ))?;
            }
            Err(error) => print::line(format_args!("{:<42} cannot be read: {error}", entry.name))?,
        }
    }
    Ok(())
}

fn entry_json(entry: &SessionEntry) -> Value {
    match &entry.manifest {
        Ok(manifest) => json!({
            "session": entry.name,
            "kind": manifest.kind,
            "bank": manifest.bank,
            "title": manifest.title,
            "started": manifest.started,
            "outcome": manifest.outcome,
            "running": entry.running,
            "questions": manifest.turns.len(),
            "answered": manifest.turns.iter().filter(|turn| turn.state == "answered").count(),
            "takes": manifest.turns.iter().map(|turn| turn.takes.len()).sum::<usize>(),
            "spoken_s": spoken(manifest).as_secs_f64(),
        }),
        Err(error) => json!({ "session": entry.name, "running": entry.running, "error": error.to_string() }),
    }
}

/// How long all takes of a session are together.
fn spoken(manifest: &Manifest) -> std::time::Duration {
    manifest.turns.iter().flat_map(|turn| &turn.takes).map(length).sum()
}

/// How long a take is.
pub fn length(take: &ManifestTake) -> std::time::Duration {
    SampleRate(take.rate).duration(Frames(take.frames))
}

fn show(home: &Home, which: &str, as_json: bool) -> Result<()> {
    let path = catalogue::find(home, which)?;
    let manifest = recovery::load(&path)?.manifest;
    if as_json {
        print::line(report::json(&manifest)?)?;
        return Ok(());
    }
    print::line(manifest.session)?;
    print::line(format_args!(
        "{}, {}, seed {}; {}",
        manifest.title, manifest.started, manifest.seed, manifest.outcome
    ))?;
    print::line(format_args!("Voice: {}. Microphone: {}.", manifest.voice, manifest.input))?;
    print::line(format_args!("Folder: {}", path.display()))?;
    for (place, turn) in manifest.turns.iter().enumerate() {
        print::line(format_args!("\n{:>2}. {} ({}): {}", place + 1, turn.question, turn.section, turn.state))?;
        print::line(format_args!("    {}", turn.prompt))?;
        for (number, take) in turn.takes.iter().enumerate() {
            let dropped = if take.dropped > 0 { format!(", {} frames lost", take.dropped) } else { String::new() };
            print::line(format_args!(
                "    take {}: {}  {}{dropped}  {}",
                number + 1,
                show_clock(length(take)),
                take.end,
                take.file
            ))?;
        }
    }
    Ok(())
}

fn delete(home: &Home, which: &str, yes: bool, as_json: bool) -> Result<()> {
    let path = catalogue::find(home, which)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if !yes && !confirm(&name, as_json)? {
        if as_json {
            print::aside("Nothing was deleted.");
            return Ok(());
        }
        return print::line("Nothing was deleted.");
    }
    catalogue::delete(home, &name)?;
    if as_json {
        return print::json(&json!({ "schema": SCHEMA, "deleted": name }));
    }
    print::line(format_args!("Deleted {name}."))?;
    Ok(())
}

/// Asks on standard output, or beside it where that is for JSON alone.
fn confirm(name: &str, as_json: bool) -> Result<bool> {
    if !io::stdin().is_terminal() {
        bail!(Usage("there is no terminal to ask in: give --yes to delete without being asked".to_owned()));
    }
    let name = Text::clean(name);
    let question = format!("Delete {name} with all its recordings? They cannot be brought back. [y/N] ");
    if as_json {
        write!(io::stderr(), "{question}")?;
    } else {
        print::text(question.as_bytes())?;
    }
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
