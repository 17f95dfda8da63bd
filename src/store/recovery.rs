//! What a session did, as far as its folder tells: the manifest, and after a crash the journal and the takes.

use std::io;
use std::path::Path;

use super::catalogue::stamp;
use super::event::Happening;
use super::files::{self, Links};
use super::journal::{self, read_journal};
use super::manifest::{Manifest, ManifestTake, ManifestTurn, SCHEMA};
use super::session::{MANIFEST, SessionError, SessionFolder, check_folder, is_running};
use super::take_name::{MOST_TURNS, TakeName, file_name_part};
use super::wav_size;
use crate::interview::Text;

/// The largest manifest that is read, in bytes.
const LARGEST: u64 = 16 << 20;

/// How a take ended that nobody ended.
const INTERRUPTED: &str = "interrupted";

/// Reads what a session planned and did.
///
/// Where it was cut short, or its manifest is missing or broken, the journal and the takes on the disk complete it; the
/// files are left as they are.
///
/// # Errors
/// [`SessionError::Nothing`] where the folder holds no session, [`SessionError::Newer`] where a newer greenroom made it,
/// and others where its manifest cannot be used and nothing else tells what it should say.
pub fn load(path: &Path) -> Result<Recovered, SessionError> {
    look(path).map(Recovered::from)
}

/// Reads what a session planned and did, and changes nothing.
///
/// # Errors
/// Those of [`load`].
pub fn look(path: &Path) -> Result<Manifest, SessionError> {
    check_folder(path)?;
    recover(path, is_running(path))
}

/// What a session planned and did, and what had to be put in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Recovered {
    /// What is known of it.
    pub manifest: Manifest,
    /// What is wrong, a sentence each; empty where all is well.
    pub findings: Vec<String>,
    /// What was done about it, a sentence each; empty where nothing was.
    pub repaired: Vec<String>,
}

impl From<Manifest> for Recovered {
    /// A session in which nothing is wrong.
    fn from(manifest: Manifest) -> Recovered {
        Recovered { manifest, findings: Vec::new(), repaired: Vec::new() }
    }
}

/// Reads a session as [`load`] does and writes down what was found: the manifest, and the sizes in the headers of
/// takes that were cut short.
///
/// # Errors
/// Those of [`load`], and where it cannot be written.
pub fn repair(folder: &SessionFolder) -> Result<Recovered, SessionError> {
    let manifest = recover(folder.path(), false)?;
    for take in manifest.turns.iter().flat_map(|turn| &turn.takes) {
        let path = folder.path().join(&take.file);
        match wav_size::correct(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(SessionError::writing(&path, error)),
            _ => {}
        }
    }
    folder.save(&manifest)?;
    Ok(manifest.into())
}

fn recover(path: &Path, running: bool) -> Result<Manifest, SessionError> {
    let mut manifest = complete(path, running)?;
    // The folder may have been renamed, and it is by its name that a session is found.
    if let Some(name) = path.file_name() {
        manifest.session = Text::clean(&name.to_string_lossy()).to_string();
    }
    Ok(manifest)
}

fn complete(path: &Path, running: bool) -> Result<Manifest, SessionError> {
    let read = read_manifest(path);
    if let Ok(manifest) = &read
        && (running || manifest.outcome != "in-progress")
    {
        return read;
    }
    if let Err(SessionError::Newer { .. }) = &read {
        return read;
    }
    let journal = read_journal(&path.join(journal::NAME)).entries;
    let planned = || {
        journal.iter().rev().find_map(|entry| match &entry.what {
            Happening::Planned(plan) => plan.as_ref().clone().checked().ok(),
            _ => None,
        })
    };
    let mut manifest = match read {
        Ok(manifest) => manifest,
        Err(error) => match planned() {
            Some(plan) => plan,
            None => return from_takes(path).ok_or(error),
        },
    };
    for entry in &journal {
        if !matches!(entry.what, Happening::Planned(_)) {
            manifest.apply(entry.frame, &entry.what);
        }
    }
    if !running {
        settle(path, &mut manifest);
        if manifest.outcome == "in-progress" {
            manifest.outcome = INTERRUPTED.to_owned();
        }
    }
    Ok(manifest)
}

#[derive(serde::Deserialize)]
struct Version {
    schema: u32,
}

fn read_manifest(folder: &Path) -> Result<Manifest, SessionError> {
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
    let read: Result<Manifest, _> = serde_json::from_slice(&bytes);
    read.map_err(|error| error.to_string())
        .and_then(Manifest::checked)
        .map_err(|reason| SessionError::Broken { path, reason })
}

/// Makes the manifest agree with the takes that are on the disk.
fn settle(folder: &Path, manifest: &mut Manifest) {
    adopt(folder, manifest);
    for turn in &mut manifest.turns {
        // Opened in the journal and never on the disk: killed in between, and nothing was said in it.
        turn.takes.retain(|take| !take.end.is_empty() || folder.join(&take.file).symlink_metadata().is_ok());
        for take in &mut turn.takes {
            let there = wav_size::measure(&folder.join(&take.file));
            let frames = there.map_or(0, |size| size.frames);
            if take.end.is_empty() || take.frames != frames {
                (take.frames, take.end) = (frames, INTERRUPTED.to_owned());
            }
            if let Some(size) = there {
                take.rate = size.rate;
            }
            take.dropped = take.dropped.min(take.frames);
        }
        let state = match turn.state.as_str() {
            "skipped" => continue,
            _ if turn.is_answered() => "answered",
            "planned" if turn.takes.is_empty() => "planned",
            _ => "asked",
        };
        turn.state = state.to_owned();
    }
}

/// Takes in the files that neither manifest nor journal names, where their names say which turn they are of.
fn adopt(folder: &Path, manifest: &mut Manifest) {
    let rate = manifest.rate;
    for file in take_files(folder) {
        let Some(name) = TakeName::of(&file) else { continue };
        let Some(turn) = manifest.turns.get_mut(name.turn) else { continue };
        let is_its = file_name_part(&turn.question, "question") == name.question;
        if is_its && !turn.takes.iter().any(|take| take.file == file) {
            turn.takes.push(ManifestTake::open(&file, rate, 0));
            turn.takes.sort_by_key(ManifestTake::number);
        }
    }
}

/// The files in takes/ that are named as takes are, sorted.
fn take_files(folder: &Path) -> Vec<String> {
    let takes = folder.join("takes");
    // A link to a folder may lead anywhere.
    if check_folder(&takes).is_err() {
        return Vec::new();
    }
    let entries = std::fs::read_dir(takes).into_iter().flatten().flatten();
    let name = |entry: std::fs::DirEntry| {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        let file = format!("takes/{}", entry.file_name().to_str()?);
        let is_take = TakeName::of(&file).is_some_and(|name| name.turn < MOST_TURNS);
        (is_file && is_take && super::manifest::check_file(&file, "takes").is_ok()).then_some(file)
    };
    let mut files: Vec<String> = entries.filter_map(name).collect();
    files.sort();
    files
}

/// The little that the takes alone tell; nothing of it can be resumed, because nobody knows what was planned.
fn from_takes(folder: &Path) -> Option<Manifest> {
    let files = take_files(folder);
    let last = files.iter().filter_map(|file| TakeName::of(file)).map(|name| name.turn).max()?;
    let name = folder.file_name()?.to_string_lossy().into_owned();
    let unknown = String::new;
    let mut turns: Vec<ManifestTurn> = (0..=last).map(|_| unknown_turn()).collect();
    for file in &files {
        let Some(take) = TakeName::of(file) else { continue };
        let size = wav_size::measure(&folder.join(file));
        let turn = &mut turns[take.turn];
        turn.question = take.question.to_owned();
        turn.state = "answered".to_owned();
        turn.takes.push(ManifestTake {
            frames: size.map_or(0, |size| size.frames),
            end: INTERRUPTED.to_owned(),
            ..ManifestTake::open(file, size.map_or(0, |size| size.rate), 0)
        });
        turn.takes.sort_by_key(ManifestTake::number);
    }
    let rate = turns.iter().flat_map(|turn| &turn.takes).map(|take| take.rate).max().unwrap_or(0);
    let started = stamp(&name);
    let bank = started.and_then(|_| name.split_once("Z-")).map(|(_, bank)| bank.to_owned());
    let manifest = Manifest {
        schema: SCHEMA,
        session: name,
        kind: "rehearse".to_owned(),
        bank: bank.unwrap_or_default(),
        title: unknown(),
        seed: 0,
        order: "listed".to_owned(),
        started: started
            .map(|time| time.and_utc().to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
            .unwrap_or_default(),
        ended: None,
        outcome: INTERRUPTED.to_owned(),
        rate,
        voice: unknown(),
        input: unknown(),
        output: unknown(),
        boot: None,
        turns,
    };
    manifest.checked().ok()
}

/// A turn of which not even the question is known.
fn unknown_turn() -> ManifestTurn {
    ManifestTurn {
        question: String::new(),
        section: String::new(),
        prompt: String::new(),
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
