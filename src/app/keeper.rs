//! Keeps what a session leaves behind: the journal, the manifest, the takes.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::audio::take::{TakeError, TakeSummary, TakeWriter};
use crate::audio::wav;
use crate::interview::{Frame, Outcome, SampleRate, TakeEnd};
use crate::ports::Clip;
use crate::store::journal::Journal;
use crate::store::manifest::{Manifest, ManifestTake};
use crate::store::session::SessionFolder;

/// The word for the end of a take, in files.
pub fn end_word(end: TakeEnd) -> &'static str {
    match end {
        TakeEnd::Done => "done",
        TakeEnd::TimeUp => "time-up",
        TakeEnd::Silence => "silence",
        TakeEnd::Retake => "retake",
        TakeEnd::Skip => "skip",
        TakeEnd::CaptureLost => "capture-lost",
        TakeEnd::Quit => "quit",
    }
}

/// The word for the end of a take that could not be written on.
fn failure_word(error: &TakeError) -> &'static str {
    match error {
        TakeError::DiskFull { .. } | TakeError::FileLimit { .. } => "disk-full",
        TakeError::Exists { .. }
        | TakeError::PermissionDenied { .. }
        | TakeError::DiskFailed { .. }
        | TakeError::Io { .. } => "interrupted",
    }
}

struct OpenTake {
    writer: TakeWriter,
    turn: usize,
    take: u32,
    file: String,
    started: Frame,
}

/// A take that was kept.
pub struct Kept {
    /// Its file, relative to the session's folder.
    pub file: String,
    /// What it holds.
    pub summary: TakeSummary,
}

/// The files of a session while it runs.
pub struct Keeper {
    folder: SessionFolder,
    manifest: Manifest,
    journal: Journal,
    rate: SampleRate,
    open: Option<OpenTake>,
    prompts: PromptFiles,
}

/// Writes the prompts' files beside the session, so that no disk delays it.
struct PromptFiles {
    send: Option<mpsc::Sender<(PathBuf, Arc<Clip>)>>,
    writer: Option<thread::JoinHandle<Option<anyhow::Error>>>,
}

/// Writes a prompt beside its place and moves it there when it is whole: a file that is cut short would be taken for it.
fn keep_prompt(path: &Path, clip: &Clip) -> Result<()> {
    let part = path.with_extension("part");
    // What a crash left behind is nothing that anybody said.
    let _ = fs::remove_file(&part);
    wav::write(&part, clip)?;
    Ok(fs::rename(&part, path)?)
}

impl PromptFiles {
    fn start() -> PromptFiles {
        let (send, jobs) = mpsc::channel::<(PathBuf, Arc<Clip>)>();
        let writer = thread::spawn(move || {
            let mut failed = None;
            for (path, clip) in jobs {
                // A repeated question and a resumed session have the file already.
                if !path.exists() {
                    failed = keep_prompt(&path, &clip).err().or(failed);
                }
            }
            failed
        });
        PromptFiles { send: Some(send), writer: Some(writer) }
    }

    fn keep(&self, path: PathBuf, clip: Arc<Clip>) {
        if let Some(send) = &self.send {
            let _ = send.send((path, clip));
        }
    }

    /// Waits until all are written.
    fn finish(&mut self) -> Result<()> {
        self.send = None;
        let failed = self.writer.take().and_then(|writer| writer.join().ok().flatten());
        failed.map_or(Ok(()), Err)
    }
}

impl Keeper {
    /// Begins a session: what is planned is on disk before anything is asked.
    ///
    /// # Errors
    /// Where the folder cannot be written.
    pub fn begin(folder: SessionFolder, manifest: Manifest) -> Result<Keeper> {
        let keeper = Keeper::over(folder, manifest)?;
        let plan = serde_json::to_value(&keeper.manifest).context("the plan cannot be written down")?;
        keeper.started("planned", plan)
    }

    /// Goes on with a session.
    ///
    /// # Errors
    /// Where the folder cannot be written.
    pub fn go_on(folder: SessionFolder, mut manifest: Manifest) -> Result<Keeper> {
        manifest.outcome = "in-progress".to_owned();
        manifest.ended = None;
        let keeper = Keeper::over(folder, manifest)?;
        let detail = json!({ "voice": keeper.manifest.voice, "rate": keeper.rate.0 });
        keeper.started("resumed", detail)
    }

    fn over(folder: SessionFolder, manifest: Manifest) -> Result<Keeper> {
        let journal = folder.journal()?;
        let rate = SampleRate(manifest.rate);
        Ok(Keeper { folder, manifest, journal, rate, open: None, prompts: PromptFiles::start() })
    }

    fn started(mut self, event: &str, detail: Value) -> Result<Keeper> {
        self.journal.append(Frame(0), event, detail)?;
        self.folder.save(&self.manifest)?;
        Ok(self)
    }

    /// The session's name.
    pub fn name(&self) -> &str {
        self.folder.name()
    }

    /// What is known of the session.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Writes an event down.
    ///
    /// # Errors
    /// Where the journal cannot be written.
    pub fn note(&mut self, now: Frame, event: &str, detail: Value) -> Result<()> {
        Ok(self.journal.append(now, event, detail)?)
    }

    /// The prompt of a turn begins to sound; `clip` is kept where the voice could be rendered.
    ///
    /// # Errors
    /// Where the journal cannot be written.
    pub fn asked(&mut self, now: Frame, turn: usize, voice: &str, clip: Option<Arc<Clip>>) -> Result<()> {
        let file = clip.map(|clip| {
            let (path, file) = self.folder.prompt_path(turn);
            self.prompts.keep(path, clip);
            file
        });
        let entry = &mut self.manifest.turns[turn];
        if entry.state == "planned" {
            entry.state = "asked".to_owned();
        }
        entry.prompt_file.clone_from(&file);
        self.manifest.voice = voice.to_owned();
        self.note(now, "speak", json!({ "turn": turn, "voice": voice, "file": file }))
    }

    /// Opens a take.
    ///
    /// # Errors
    /// Where its file cannot be made.
    pub fn open_take(&mut self, now: Frame, turn: usize, take: u32) -> Result<()> {
        let question = self.manifest.turns[turn].question.clone();
        let (path, file) = self.folder.take_path(turn, &question, take);
        self.note(now, "open-take", json!({ "turn": turn, "take": take, "file": file, "rate": self.rate.0 }))?;
        let writer = TakeWriter::open(&path, self.rate)?;
        self.open = Some(OpenTake { writer, turn, take, file, started: now });
        Ok(())
    }

    /// Adds what was heard to the open take, if there is one.
    ///
    /// # Errors
    /// Where the take could not be written.
    pub fn hear(&mut self, piece: &[i16], dropped: u64) -> Result<()> {
        match &mut self.open {
            Some(open) => Ok(open.writer.push(piece, dropped)?),
            None => Ok(()),
        }
    }

    /// Closes the open take.
    ///
    /// # Errors
    /// Where the end of the take could not be written; what fitted is kept and noted as such.
    pub fn close_take(&mut self, now: Frame, end: TakeEnd) -> Result<Option<Kept>> {
        let Some(open) = self.open.take() else { return Ok(None) };
        let (turn, take, file) = (open.turn, open.take, open.file);
        let summary = open.writer.close();
        let (frames, dropped, peak) = (summary.frames().0, summary.dropped, summary.level.peak().0);
        let word = summary.failure.as_ref().map_or(end_word(end), failure_word);
        let entry = &mut self.manifest.turns[turn];
        let mut started_frame = open.started.0;
        for (number, part) in summary.parts.iter().enumerate() {
            let last = number + 1 == summary.parts.len();
            let name = part.path.file_name().unwrap_or_default().to_string_lossy();
            entry.takes.push(ManifestTake {
                file: format!("takes/{name}"),
                frames: part.frames.0,
                rate: self.rate.0,
                end: if last { word.to_owned() } else { "rolled-over".to_owned() },
                dropped: if last { dropped } else { 0 },
                started_frame,
                peak_db: peak.is_finite().then_some(peak),
            });
            started_frame += part.frames.0;
        }
        if end.answers() && summary.failure.is_none() {
            entry.state = "answered".to_owned();
        }
        let noted = self
            .journal
            .append(
                now,
                "close-take",
                json!({ "turn": turn, "take": take, "frames": frames, "dropped": dropped, "end": word, "file": file }),
            )
            .and_then(|()| self.folder.save(&self.manifest));
        // The take's own failure is what the candidate must hear of first.
        if let Some(failure) = summary.failure {
            return Err(failure.into());
        }
        noted?;
        Ok(Some(Kept { file, summary }))
    }

    /// A turn is dealt with.
    ///
    /// # Errors
    /// Where the journal cannot be written.
    pub fn end_turn(&mut self, now: Frame, turn: usize, skipped: bool) -> Result<()> {
        if skipped {
            self.manifest.turns[turn].state = "skipped".to_owned();
        }
        self.note(now, "end-turn", json!({ "turn": turn, "skipped": skipped }))
    }

    /// Ends the session.
    ///
    /// # Errors
    /// Where the last of it could not be written.
    pub fn finish(&mut self, now: Frame, outcome: &str) -> Result<()> {
        self.manifest.outcome = outcome.to_owned();
        self.manifest.ended = Some(super::rehearse::now_word());
        let prompts = self.prompts.finish();
        let noted = self.journal.append(now, "finish", json!({ "outcome": outcome }));
        self.folder.save(&self.manifest)?;
        noted?;
        prompts.context("a spoken question could not be kept")
    }
}

/// The word for the outcome of a session, in files.
pub fn outcome_word(outcome: Outcome, interrupted: bool) -> &'static str {
    match (outcome, interrupted) {
        (Outcome::Finished, _) => "finished",
        (Outcome::Quit, true) => "interrupted",
        (Outcome::Quit, false) => "quit",
    }
}
