//! `greenroom sessions`.

use std::io::{self, IsTerminal};
use std::path::Path;
use std::time::Duration;

use anyhow::{Result, bail};
use serde::Serialize;
use serde_json::json;

use super::answers::{self, Answers};
use super::cli::Sessions;
use super::failure::Usage;
use super::report::{self, SCHEMA};
use super::{coach, mended, note, print};
use crate::interview::panel::OWN_QUESTIONS;
use crate::interview::text;
use crate::interview::time::show_clock;
use crate::interview::{Frames, SampleRate, Text};
use crate::store::home::Home;
use crate::store::ledger::{self, Listed};
use crate::store::manifest::{ManifestTake, Recorded};
use crate::store::recovery::Recovered;
use crate::store::review::Review;
use crate::store::session::SessionError;
use crate::store::{catalogue, recovery};

/// How far in stands what was measured of a take.
const MEASURED: usize = 6;

/// Runs the command.
///
/// # Errors
/// Where there is no such session, or it cannot be read or deleted.
pub fn run(what: &Sessions, home: Option<&Path>) -> Result<()> {
    let home = Home::find(home)?;
    match what {
        Sessions::List { json } => list(&home, *json),
        Sessions::Show { session, json } => show(&home, session, *json),
        Sessions::Note(options) => note::run(&home, options),
        Sessions::Repair { session, json } => repair(&home, session.as_deref(), *json),
        Sessions::Delete { session, yes, json } => delete(&home, session, *yes, *json),
    }
}

fn list(home: &Home, as_json: bool) -> Result<()> {
    let entries = ledger::list(home)?;
    for entry in &entries {
        mended::tell(&entry.name, &entry.findings, &entry.repaired);
    }
    if as_json {
        let sessions = entries.iter().map(Entry::of).collect();
        return print::json(&Entries { schema: SCHEMA, sessions });
    }
    if entries.is_empty() {
        print::line("No session yet: `greenroom rehearse` records the first.")?;
    }
    // All at once: there may be thousands.
    print::text(&entries.iter().map(|entry| in_a_line(entry) + "\n").collect::<String>())
}

fn in_a_line(entry: &Listed) -> String {
    let name = Text::clean(&entry.name);
    match &entry.head {
        Ok(head) => {
            let (answered, questions, spoken) = (head.answered, head.questions, show_clock(head.spoken));
            let outcome = if entry.running { "running" } else { &head.outcome };
            format!("{name:<42} {answered:>2} of {questions:>2} answered  {spoken:>7} spoken  {outcome}")
        }
        Err(error) => Text::clean(&format!("{:<42} cannot be read: {error}", entry.name)).to_string(),
    }
}

#[derive(Serialize)]
struct Entries<'a> {
    schema: u32,
    sessions: Vec<Entry<'a>>,
}

/// A session in the list for other programs.
#[derive(Serialize)]
#[serde(untagged)]
enum Entry<'a> {
    Read {
        answered: usize,
        bank: &'a str,
        kind: &'a str,
        outcome: &'a str,
        questions: usize,
        running: bool,
        session: &'a str,
        spoken_s: f64,
        started: &'a str,
        takes: usize,
        title: &'a str,
    },
    Unread {
        error: String,
        running: bool,
        session: &'a str,
    },
}

impl Entry<'_> {
    fn of(entry: &Listed) -> Entry<'_> {
        let (session, running) = (entry.name.as_str(), entry.running);
        match &entry.head {
            Ok(head) => Entry::Read {
                answered: head.answered,
                bank: &head.bank,
                kind: &head.kind,
                outcome: &head.outcome,
                questions: head.questions,
                running,
                session,
                spoken_s: head.spoken.as_secs_f64(),
                started: &head.started,
                takes: head.takes,
                title: &head.title,
            },
            Err(error) => Entry::Unread { error: error.to_string(), running, session },
        }
    }
}

/// How long a take is.
pub fn length(take: &ManifestTake) -> Duration {
    SampleRate(take.rate).duration(Frames(take.frames))
}

fn show(home: &Home, which: &str, as_json: bool) -> Result<()> {
    let path = catalogue::find(home, which)?;
    let manifest = mended::told(recovery::load(&path)?);
    let review = note::review(&path);
    if as_json {
        let answers = Answers::of(home, &path, &manifest);
        return print::json(&report::of(&manifest, &review, &answers));
    }
    print::line(&manifest.session)?;
    print::line(format_args!(
        "{}, {}, seed {}; {}",
        manifest.title, manifest.started, manifest.seed, manifest.outcome
    ))?;
    print::line(format_args!("Voice: {}. Microphone: {}.", manifest.voice, manifest.input))?;
    print::line(format_args!("Folder: {}", text::path(&path)))?;
    if let Some(panel) = &manifest.panel {
        let roles: Vec<&str> = panel.panelists.iter().map(|one| one.role.as_str()).collect();
        let length = show_clock(Duration::try_from_secs_f64(panel.length_s).unwrap_or_default());
        print::line(format_args!("Panel: {}, {length}: {}", panel.id, roles.join(", ")))?;
    }
    let answers = Answers::of(home, &path, &manifest);
    let guidance = coach::guidance();
    let seen = print::is_shown();
    for (place, turn) in manifest.turns.iter().enumerate() {
        let about = turn.follow_up.as_ref().map(|id| format!(", follow-up {id}")).unwrap_or_default();
        let section = if turn.section.is_empty() { String::new() } else { format!(" ({})", turn.section) };
        let who = manifest.asker(turn).map(|role| format!(" · {role}")).unwrap_or_default();
        let name = if turn.question == OWN_QUESTIONS { "your own questions" } else { &turn.question };
        print::line(format_args!("\n{:>2}. {name}{about}{section}{who}: {}", place + 1, turn.state))?;
        print::line(format_args!("    {}", turn.prompt))?;
        for take in turn.recorded() {
            let long: Duration = take.parts.iter().map(|part| length(part)).sum();
            let dropped = if take.dropped() > 0 { format!(", {} frames lost", take.dropped()) } else { String::new() };
            let files: Vec<&str> = take.parts.iter().map(|part| part.file.as_str()).collect();
            let rated = files.first().and_then(|first| review.rating(first));
            let mut rated = rated.map(|grade| format!(", rated {}", grade.word())).unwrap_or_default();
            if let Some(story) = files.first().and_then(|first| review.story(first)) {
                rated += &format!(", story {}", Text::clean(story));
            }
            match files.first().map_or(0, |first| review.ticked(first).len()) {
                0 => {}
                1 => rated += ", 1 point covered",
                points => rated += &format!(", {points} points covered"),
            }
            print::line(format_args!(
                "    take {}: {}  {}{dropped}{rated}  {}",
                take.number,
                show_clock(long),
                take.end(),
                files.join(", ")
            ))?;
            let mut lines: Vec<String> = answers.strip(place, take.number, MEASURED).into_iter().collect();
            lines.extend(answers.told(place, take.number));
            if let Some(analysis) = answers.analysis(place, take.number) {
                let remarks = answers.remarks(place, take.number, &guidance);
                lines.extend(remarks.iter().map(|remark| coach::marked(remark, analysis)));
            }
            for line in lines.iter().flat_map(|line| answers::indented(line, MEASURED, seen)) {
                print::line(line)?;
            }
            let mut before = Duration::ZERO;
            for part in &take.parts {
                for note in review.notes_of(&part.file) {
                    let (at, text) = (show_clock(before + note.place()), note.text());
                    // A place may be marked without a word.
                    let text = if text.is_empty() { "marked" } else { text.as_str() };
                    print::line(format_args!("      {at}  {text}"))?;
                }
                before += length(part);
            }
            if let Some(line) = taps(&take, &review) {
                print::line(format_args!("      {line}"))?;
            }
        }
    }
    if !answers.is_empty() {
        print::line(format_args!("\n{}", answers::legend()))?;
    }
    Ok(())
}

/// The most places of filler words that are told in a line.
const MOST_PLACES: usize = 12;

/// How many filler words the person counted in a take, and where; `None` where none.
fn taps(take: &Recorded<'_>, review: &Review) -> Option<String> {
    let mut before = Duration::ZERO;
    let mut places = Vec::new();
    for part in &take.parts {
        places.extend(review.taps_of(&part.file).map(|tap| show_clock(before + tap.place())));
        before += length(part);
    }
    let count = places.len();
    let more = if count > MOST_PLACES { " and later" } else { "" };
    places.truncate(MOST_PLACES);
    let places = places.join(", ");
    match count {
        0 => None,
        1 => Some(format!("1 filler word counted, at {places}")),
        count => Some(format!("{count} filler words counted, at {places}{more}")),
    }
}

/// Repairs one session, or all that need it.
fn repair(home: &Home, which: Option<&str>, as_json: bool) -> Result<()> {
    let (paths, one) = match which {
        Some(which) => (vec![catalogue::find(home, which)?], true),
        None => (catalogue::folders(home)?, false),
    };
    let (mut done, mut failed) = (Vec::new(), 0);
    for path in paths {
        let name = Text::clean(&path.file_name().unwrap_or_default().to_string_lossy()).to_string();
        match recovery::put_in_order(&path) {
            Ok(Recovered { findings, repaired, .. }) => {
                let nothing = findings.is_empty() && repaired.is_empty();
                if !as_json {
                    for line in mended::lines(&name, &findings, &repaired) {
                        print::line(line)?;
                    }
                }
                if one && nothing && !as_json {
                    print::line(format_args!("{name}: nothing was to be done."))?;
                }
                if one || !nothing {
                    done.push(json!({ "session": name, "findings": findings, "repaired": repaired }));
                }
            }
            Err(error) if one => return Err(error.into()),
            Err(error) => {
                // A session that runs is no business of ours.
                failed += usize::from(!matches!(error, SessionError::Busy { .. }));
                if !as_json {
                    print::line(format_args!("{name}: left alone: {error}"))?;
                }
                done.push(json!({ "session": name, "error": error.to_string() }));
            }
        }
    }
    if as_json {
        print::json(&json!({ "schema": SCHEMA, "sessions": done }))?;
    } else if done.is_empty() {
        print::line("Nothing was to be done.")?;
    }
    match failed {
        0 => Ok(()),
        1 => bail!("one session could not be repaired"),
        more => bail!("{more} sessions could not be repaired"),
    }
}

fn delete(home: &Home, which: &str, yes: bool, as_json: bool) -> Result<()> {
    let path = catalogue::find(home, which)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let shown = Text::clean(&name);
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
    print::line(format_args!("Deleted {shown}."))?;
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
        print::ask(&question);
    } else {
        print::text(&question)?;
    }
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
