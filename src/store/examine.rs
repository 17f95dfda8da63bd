//! What a session's folder tells, put together: the manifest, the journal and the takes, none of them trusted alone.
//!
//! It changes nothing on the disk; what is to be done there is part of what it finds.

use std::io;
use std::path::Path;

use super::event::Happening;
use super::files::{self, Links};
use super::journal::{self, Damage, JournalRead, read_journal};
use super::manifest::{Manifest, ManifestTurn, SCHEMA};
use super::session::{LARGEST, MANIFEST, SessionError, check_folder};
use super::settle::{self, INTERRUPTED, Mend, Settled};
use super::unplanned;
use crate::interview::Text;

/// What was found out about a session that no program has.
#[derive(Debug)]
pub(super) struct Examined {
    /// What is known of it.
    pub(super) manifest: Manifest,
    /// What is wrong, a sentence each.
    pub(super) findings: Vec<String>,
    /// What is to be done about it, where there is anything.
    pub(super) work: Option<Work>,
}

/// What is to be done in a folder.
#[derive(Debug)]
pub(super) struct Work {
    /// Names that something has which is in the way.
    pub(super) aside: Vec<&'static str>,
    /// What is to be done to takes.
    pub(super) mends: Vec<Mend>,
    /// The number of the journal's next line.
    pub(super) next: u64,
    /// Whether the journal does not tell what is there.
    pub(super) journal: bool,
    /// Whether the manifest does not.
    pub(super) manifest: bool,
    /// The frame of the last thing that is known to have happened.
    pub(super) frame: crate::interview::Frame,
}

/// Reads the manifest of a folder.
///
/// # Errors
/// Where there is none that can be used.
pub(super) fn read_manifest(folder: &Path) -> Result<Manifest, SessionError> {
    let path = folder.join(MANIFEST);
    let bytes = match files::read(&path, LARGEST, Links::Refuse) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(SessionError::Nothing { path: folder.to_owned() });
        }
        Err(reason) => return Err(SessionError::Unreadable { path, reason }),
    };
    // Looked at by itself first: the rest of a newer form need not be readable.
    if let Ok(Version { schema }) = serde_json::from_slice(&bytes)
        && schema > SCHEMA
    {
        return Err(SessionError::Newer { path, schema });
    }
    Manifest::parse(&bytes).map_err(|reason| SessionError::Broken { path, reason })
}

#[derive(serde::Deserialize)]
struct Version {
    schema: u32,
}

/// The manifest of a session that a program has: as it stands, or as its journal has it.
pub(super) fn running(folder: &Path) -> Result<Manifest, SessionError> {
    let manifest = match read_manifest(folder) {
        Err(newer @ SessionError::Newer { .. }) => return Err(newer),
        read => read.or_else(|error| sum(&read_journal(&folder.join(journal::NAME))).ok_or(error)),
    };
    manifest.map(|manifest| named(manifest, folder))
}

/// Looks at little: whether a session that is over is as it was left. `None` where that must be looked into.
pub(super) fn glance(folder: &Path) -> Option<Manifest> {
    let saved = read_manifest(folder).ok()?;
    let mut settled = saved.clone();
    if saved.outcome == "in-progress" || check_folder(&folder.join("takes")).is_err() {
        return None;
    }
    let Settled { findings, mends } = settle::settle(folder, &mut settled, false);
    let agrees = match journal::last(&folder.join(journal::NAME))?.what {
        Happening::Finish { outcome, ended } => outcome == saved.outcome && ended == saved.ended,
        Happening::Repaired { manifest, .. } => *manifest == saved,
        _ => false,
    };
    (agrees && settled == saved && findings.is_empty() && mends.is_empty()).then(|| named(saved, folder))
}

/// Looks at all of it; `boot` is this start of the machine, where it is known.
///
/// # Errors
/// Where there is no session, or nothing of it can be used.
pub(super) fn examine(folder: &Path, boot: Option<&str>) -> Result<Examined, SessionError> {
    let saved = match read_manifest(folder) {
        Err(newer @ SessionError::Newer { .. }) => return Err(newer),
        saved => saved,
    };
    let read = read_journal(&folder.join(journal::NAME));
    let mut findings = Vec::new();
    let mut aside = Vec::new();
    match &saved {
        Ok(_) => {}
        Err(SessionError::Nothing { .. }) => findings.push(format!("{MANIFEST} is missing")),
        Err(error) => {
            findings.push(format!("{MANIFEST} cannot be used: {}", reason(error)));
            aside.push(MANIFEST);
        }
    }
    if let Some(trouble) = &read.trouble {
        findings.push(format!("{} cannot be used: {trouble}", journal::NAME));
        aside.push(journal::NAME);
    } else if !read.exists && saved.is_ok() {
        findings.push(format!("{} is missing", journal::NAME));
    }
    findings.extend(told(&read.recent));

    let mut summed = sum(&read);
    if let (Some(sum), Ok(saved)) = (&summed, &saved)
        && is_strange(sum, saved)
    {
        findings.push(format!("{} is that of another session", journal::NAME));
        aside.push(journal::NAME);
        summed = None;
    }
    let summed = summed.map(|summed| named(summed, folder));
    let saved = saved.map(|saved| named(saved, folder));
    let mut manifest = match (&summed, saved.as_ref()) {
        (Some(sum), Ok(saved)) => completed(sum.clone(), saved, &read, folder),
        (Some(sum), Err(_)) => sum.clone(),
        (None, Ok(saved)) => saved.clone(),
        (None, Err(_)) => match unplanned::manifest(folder, &read) {
            Some(manifest) => manifest,
            None => return Err(saved.err().unwrap_or(SessionError::Nothing { path: folder.to_owned() })),
        },
    };
    let takes = folder.join("takes");
    if takes.symlink_metadata().is_ok() {
        // Recordings that cannot be seen are not noted as lost.
        check_folder(&takes)?;
    }
    let power_cut = matches!((&manifest.boot, boot), (Some(then), Some(now)) if then != now);
    let Settled { findings: of_takes, mends } = settle::settle(folder, &mut manifest, power_cut);
    if manifest.outcome == "in-progress" {
        manifest.outcome = INTERRUPTED.to_owned();
        findings.insert(0, "the session was cut short".to_owned());
    }
    findings.extend(of_takes);
    // The journal is in order by itself where its sum is what is there; the manifest is only to be saved again then.
    let told_by_journal =
        summed.is_some_and(|sum| sum == manifest) && read.recent.is_none() && !aside.contains(&journal::NAME);
    let told_by_manifest = saved.is_ok_and(|saved| saved == manifest);
    let work = (!told_by_journal || !told_by_manifest || !mends.is_empty()).then(|| {
        if findings.is_empty() {
            findings.push(format!("{MANIFEST} and {} did not agree", journal::NAME));
        }
        let next = if aside.contains(&journal::NAME) { 0 } else { read.next() };
        let frame = read.entries.last().map(|entry| entry.frame).unwrap_or_default();
        Work { aside, mends, next, journal: !told_by_journal, manifest: !told_by_manifest, frame }
    });
    Ok(Examined { manifest, findings, work })
}

/// Why a manifest cannot be used, without the path that is told beside it.
fn reason(error: &SessionError) -> String {
    match error {
        SessionError::Broken { reason, .. } => reason.clone(),
        SessionError::Unreadable { reason, .. } => reason.to_string(),
        error => error.to_string(),
    }
}

/// What is wrong with the lines of a journal.
fn told(damage: &Damage) -> Option<String> {
    let Damage { damaged, duplicate, missing } = damage;
    let lines = |count: u64| if count == 1 { "1 line".to_owned() } else { format!("{count} lines") };
    let mut parts = Vec::new();
    for (count, what) in
        [(*damaged as u64, "torn or garbled"), (*duplicate as u64, "there twice"), (*missing, "missing")]
    {
        if count > 0 {
            parts.push(format!("{} {what}", lines(count)));
        }
    }
    (!parts.is_empty()).then(|| format!("{}: {}", journal::NAME, parts.join(", ")))
}

/// The sum of a journal: the last whole manifest in it, and what happened since.
fn sum(read: &JournalRead) -> Option<Manifest> {
    let whole = |what: &Happening| match what {
        Happening::Planned(manifest) | Happening::Repaired { manifest, .. } => manifest.as_ref().clone().checked().ok(),
        _ => None,
    };
    let (at, mut manifest) =
        read.entries.iter().enumerate().rev().find_map(|(at, entry)| Some((at, whole(&entry.what)?)))?;
    for entry in &read.entries[at + 1..] {
        manifest.apply(entry.frame, &entry.what);
    }
    Some(manifest)
}

/// The manifest under the name of its folder, which may have been renamed: it is by that that a session is found.
fn named(mut manifest: Manifest, folder: &Path) -> Manifest {
    if let Some(name) = folder.file_name() {
        manifest.session = Text::clean(&name.to_string_lossy()).to_string();
    }
    manifest
}

/// Whether a journal is that of another session than the manifest, by what both say themselves.
fn is_strange(sum: &Manifest, saved: &Manifest) -> bool {
    let questions = |manifest: &Manifest| manifest.turns.iter().map(|turn| turn.question.clone()).collect::<Vec<_>>();
    sum.session != saved.session && (sum.started != saved.started || questions(sum) != questions(saved))
}

/// The sum of a journal, and what the saved manifest knows beyond it: lines of the journal may be lost.
fn completed(mut sum: Manifest, saved: &Manifest, read: &JournalRead, folder: &Path) -> Manifest {
    // A journal without a flaw is behind its manifest only where its end was cut off: then files tell what is true.
    let flawed = !read.recent.is_none() || read.trouble.is_some();
    let mut left = sum.room();
    for (turn, known) in sum.turns.iter_mut().zip(&saved.turns).filter(|(turn, known)| turn.question == known.question)
    {
        complete_turn(turn, known, flawed, folder, &mut left);
    }
    if sum.grows() {
        // The line of a turn that was put is lost, and not what the saved manifest knows of it.
        let put = sum.turns.len();
        sum.turns.extend(saved.turns.iter().skip(put).cloned());
        let unknown = sum.turns.iter_mut().zip(&saved.turns).filter(|(turn, _)| turn.question.is_empty());
        for (turn, known) in unknown {
            let takes = if turn.takes.is_empty() { known.takes.clone() } else { std::mem::take(&mut turn.takes) };
            *turn = ManifestTurn { takes, ..known.clone() };
        }
    }
    let begins_anew = matches!(
        read.entries.last().map(|entry| &entry.what),
        Some(Happening::Planned(_) | Happening::Resumed { .. } | Happening::Repaired { .. })
    );
    let over = matches!(saved.outcome.as_str(), "finished" | "quit" | "interrupted");
    if sum.outcome == "in-progress" && over && !begins_anew {
        (sum.outcome, sum.ended) = (saved.outcome.clone(), saved.ended.clone());
    }
    sum
}

fn complete_turn(turn: &mut ManifestTurn, known: &ManifestTurn, flawed: bool, folder: &Path, left: &mut usize) {
    let mut grown = false;
    for take in &known.takes {
        let full = *left == 0 || turn.room() == 0;
        match turn.takes.iter_mut().find(|there| there.file == take.file) {
            Some(there) if there.end.is_empty() && !take.end.is_empty() => *there = take.clone(),
            Some(_) => {}
            // What is not taken in stays where it is, and is told of with the files that nothing names.
            None if full => {}
            None if flawed || folder.join(&take.file).symlink_metadata().is_ok() => {
                turn.takes.push(take.clone());
                *left -= 1;
                grown = true;
            }
            None => {}
        }
    }
    if grown {
        settle::in_order(turn);
    }
    let rank = |state: &str| ["planned", "asked", "answered", "skipped"].iter().position(|known| *known == state);
    if rank(&known.state) > rank(&turn.state) && (flawed || grown || known.state == "skipped") {
        turn.state.clone_from(&known.state);
    }
    if turn.prompt_file.is_none() {
        turn.prompt_file.clone_from(&known.prompt_file);
    }
}
