//! What can be told of a session whose plan is lost: by the names of its takes and what is left of its journal.
//!
//! Nothing of it can be resumed, because nobody knows what was to be asked.

use std::path::Path;

use super::catalogue::stamp;
use super::event::Happening;
use super::journal::JournalRead;
use super::manifest::{Manifest, ManifestTurn, SCHEMA};
use super::settle::take_files;
use super::take_name::{MOST_TURNS, TakeName};

/// A manifest of what is there; `None` where nothing is. The takes are for the settling to take in.
pub(super) fn manifest(folder: &Path, read: &JournalRead) -> Option<Manifest> {
    let names = take_files(folder);
    let named = names.iter().filter_map(|file| TakeName::of(file)).map(|name| name.turn);
    let told = read.entries.iter().filter_map(|entry| match &entry.what {
        Happening::OpenTake { turn, .. } | Happening::CloseTake { turn, .. } => Some(*turn),
        _ => None,
    });
    let last = named.chain(told).filter(|turn| *turn < MOST_TURNS).max()?;
    let name = folder.file_name()?.to_string_lossy().into_owned();
    let started = stamp(&name);
    let bank = started.and_then(|_| name.split_once("Z-")).map(|(_, bank)| bank.to_owned());
    let mut manifest = Manifest {
        schema: SCHEMA,
        session: name,
        kind: "rehearse".to_owned(),
        bank: bank.unwrap_or_default(),
        title: String::new(),
        seed: 0,
        order: "listed".to_owned(),
        started: started
            .map(|time| time.and_utc().to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
            .unwrap_or_default(),
        ended: None,
        outcome: "in-progress".to_owned(),
        rate: 0,
        voice: String::new(),
        input: String::new(),
        output: String::new(),
        boot: None,
        panel: None,
        turns: (0..=last).map(|_| unknown_turn()).collect(),
    };
    for entry in &read.entries {
        manifest.apply(entry.frame, &entry.what);
    }
    manifest.checked().ok()
}

/// A turn of which not even the question is known: passed over, so that nobody is asked it.
pub(super) fn unknown_turn() -> ManifestTurn {
    ManifestTurn {
        question: String::new(),
        section: String::new(),
        prompt: String::new(),
        panelist: None,
        follow_up: None,
        clock_s: None,
        prompt_file: None,
        state: "skipped".to_owned(),
        prep_s: None,
        limit_s: None,
        warn_s: None,
        retakes: Some(0),
        gap_s: 0.0,
        takes: Vec::new(),
    }
}
