//! Sessions as the tests of the store make them: planned, recorded, left behind.
#![allow(dead_code, reason = "each test uses some of it")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeZone, Utc};
use greenroom::interview::Frame;
use greenroom::store::event::{Happening, TakePart};
use greenroom::store::home::{FoundBy, Home};
use greenroom::store::manifest::{Manifest, ManifestTake, ManifestTurn};
use greenroom::store::recovery::{self, Recovered};
use greenroom::store::session::{self, SessionError, SessionFolder};

pub struct Rig {
    pub folder: tempfile::TempDir,
    pub home: Home,
}

pub fn rig() -> Rig {
    let folder = tempfile::tempdir().unwrap();
    let home = Home { root: folder.path().join("home"), found: FoundBy::Flag };
    Rig { folder, home }
}

pub fn at(minute: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 21, 9, minute, 5).unwrap()
}

pub fn turn(question: &str) -> ManifestTurn {
    ManifestTurn {
        question: question.to_owned(),
        section: "foundations".to_owned(),
        prompt: format!("What of {question}?"),
        panelist: None,
        follow_up: None,
        clock_s: None,
        prompt_file: None,
        state: "planned".to_owned(),
        prep_s: Some(20.0),
        limit_s: Some(120.0),
        warn_s: Some(30.0),
        retakes: Some(1),
        gap_s: 3.0,
        takes: Vec::new(),
    }
}

pub fn manifest(name: &str, questions: &[&str]) -> Manifest {
    Manifest {
        schema: 1,
        session: name.to_owned(),
        kind: "rehearse".to_owned(),
        bank: "vp-engineering".to_owned(),
        title: "VP of Engineering".to_owned(),
        seed: 7,
        order: "listed".to_owned(),
        started: "2026-11-21T09:30:05Z".to_owned(),
        ended: None,
        outcome: "in-progress".to_owned(),
        rate: 48_000,
        voice: "none".to_owned(),
        input: "wav".to_owned(),
        output: "none".to_owned(),
        boot: None,
        panel: None,
        turns: questions.iter().map(|question| turn(question)).collect(),
    }
}

pub fn take(file: &str, frames: u64, end: &str) -> ManifestTake {
    ManifestTake {
        file: file.to_owned(),
        frames,
        rate: 48_000,
        end: end.to_owned(),
        dropped: 0,
        started_frame: 0,
        peak_db: Some(-12.5),
    }
}

/// A take of which the writer was killed: its header admits fewer frames than are in the file.
pub fn torn_wav(path: &Path, admitted: u32, frames: u32) {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 48_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    (0..frames).for_each(|frame| writer.write_sample((frame % 1000) as i16).unwrap());
    writer.finalize().unwrap();
    let mut bytes = std::fs::read(path).unwrap();
    let at = bytes.windows(4).position(|four| four == b"data").unwrap() + 4;
    bytes[at..at + 4].copy_from_slice(&(admitted * 2).to_le_bytes());
    bytes.push(7); // half a sample
    std::fs::write(path, bytes).unwrap();
}

/// A take as its writer leaves it.
pub fn whole_wav(path: &Path, frames: u32) {
    torn_wav(path, frames, frames);
    std::fs::File::options().write(true).open(path).unwrap().set_len(44 + u64::from(frames) * 2).unwrap();
}

pub fn create(rig: &Rig, minute: u32) -> SessionFolder {
    SessionFolder::create(&rig.home, "vp-engineering", at(minute)).unwrap()
}

/// Does to a session what a running one does: the journal first, then the manifest.
pub fn live(folder: &SessionFolder, planned: Manifest, events: &[(u64, Happening)]) -> Manifest {
    let mut manifest = planned.clone();
    let mut journal = folder.journal().unwrap();
    let first = (0, Happening::Planned(Box::new(planned)));
    for (frame, what) in std::iter::once(&first).chain(events) {
        journal.append(Frame(*frame), what).unwrap();
        manifest.apply(Frame(*frame), what);
    }
    manifest
}

pub fn speak(turn: usize) -> Happening {
    Happening::Speak { turn, voice: "none".to_owned(), file: None }
}

pub fn open_take(turn: usize, take: u32, file: &str) -> Happening {
    Happening::OpenTake { turn, take, file: file.to_owned(), rate: 48_000 }
}

pub fn close_take(turn: usize, take: u32, end: &str, dropped: u64, files: &[(&str, u64)]) -> Happening {
    let files = files.iter().map(|(file, frames)| TakePart { file: (*file).to_owned(), frames: *frames }).collect();
    Happening::CloseTake { turn, take, end: end.to_owned(), dropped, peak_db: Some(-12.3), files }
}

pub fn end_turn(turn: usize, skipped: bool) -> Happening {
    Happening::EndTurn { turn, skipped }
}

pub fn finish() -> Happening {
    Happening::Finish { outcome: "finished".to_owned(), ended: Some("2026-11-21T09:40:00Z".to_owned()) }
}

/// Every file below a folder with its bytes, but for the lock.
pub fn files_of(path: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in path.read_dir().unwrap().flatten() {
        let path = entry.path();
        if entry.file_type().unwrap().is_dir() {
            found.extend(files_of(&path));
        } else if entry.file_name() != session::LOCK {
            // A pipe would be waited for, and giants are not for reading.
            let read = entry.metadata().is_ok_and(|there| there.is_file() && there.len() < 1 << 30);
            let bytes = if read { std::fs::read(&path).unwrap() } else { Vec::new() };
            found.insert(path, bytes);
        }
    }
    found
}

/// Reads a session that no program has.
///
/// A program that another test starts at this moment has, for an instant, what this one has open: the lock too.
pub fn load(path: &Path) -> Result<Recovered, SessionError> {
    while session::is_running(path) {
        std::thread::yield_now();
    }
    session::load(path)
}

/// Looks at all of a session that no program has, as [`load`] does.
pub fn put_in_order(path: &Path) -> Result<Recovered, SessionError> {
    loop {
        match recovery::put_in_order(path) {
            Err(SessionError::Busy { .. }) => std::thread::yield_now(),
            done => return done,
        }
    }
}
