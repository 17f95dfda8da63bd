//! Keeps what a session leaves behind: the journal, the manifest, the takes.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread;

use anyhow::{Context, Result};

use crate::audio::take::{TakeError, TakeSummary, TakeWriter};
use crate::audio::wav;
use crate::interview::{Frame, Outcome, SampleRate, TakeEnd};
use crate::ports::Clip;
use crate::store::boot;
use crate::store::event::{Happening, TakePart};
use crate::store::journal::Journal;
use crate::store::manifest::Manifest;
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
        | TakeError::TooLong { .. }
        | TakeError::Io { .. } => "interrupted",
    }
}

struct OpenTake {
    writer: TakeWriter,
    turn: usize,
    take: u32,
    file: String,
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
        let planned = Happening::Planned(Box::new(manifest.clone()));
        Keeper::over(folder, manifest)?.started(planned)
    }

    /// Goes on with a session.
    ///
    /// # Errors
    /// Where the folder cannot be written.
    pub fn go_on(folder: SessionFolder, manifest: Manifest) -> Result<Keeper> {
        let resumed = Happening::Resumed {
            boot: boot::id(),
            voice: manifest.voice.clone(),
            input: manifest.input.clone(),
            output: manifest.output.clone(),
            rate: manifest.rate,
        };
        Keeper::over(folder, manifest)?.started(resumed)
    }

    fn over(folder: SessionFolder, manifest: Manifest) -> Result<Keeper> {
        let journal = folder.journal()?;
        let rate = SampleRate(manifest.rate);
        Ok(Keeper { folder, manifest, journal, rate, open: None, prompts: PromptFiles::start() })
    }

    fn started(mut self, how: Happening) -> Result<Keeper> {
        self.note(Frame(0), how)?;
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
    pub fn note(&mut self, now: Frame, what: Happening) -> Result<()> {
        self.journal.append(now, &what)?;
        self.manifest.apply(now, &what);
        Ok(())
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
        self.note(now, Happening::Speak { turn, voice: voice.to_owned(), file })
    }

    /// Opens a take.
    ///
    /// # Errors
    /// Where its file cannot be made.
    pub fn open_take(&mut self, now: Frame, turn: usize, take: u32) -> Result<()> {
        let question = self.manifest.turns[turn].question.clone();
        let (path, file) = self.folder.take_path(turn, &question, take);
        self.note(now, Happening::OpenTake { turn, take, file: file.clone(), rate: self.rate.0 })?;
        let writer = TakeWriter::open(&path, self.rate)?;
        self.open = Some(OpenTake { writer, turn, take, file });
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
        let (frames, dropped, peak, word) = match &summary {
            Ok(summary) => (summary.frames.0, summary.dropped, summary.level.peak().0, end_word(end)),
            Err(error) => (error.kept().0, 0, f32::NEG_INFINITY, failure_word(error)),
        };
        let closed = Happening::CloseTake {
            turn,
            take,
            end: word.to_owned(),
            dropped,
            peak_db: peak.is_finite().then_some(peak),
            files: vec![TakePart { file: file.clone(), frames }],
        };
        let noted = self.note(now, closed).and_then(|()| Ok(self.folder.save(&self.manifest)?));
        // The take's own failure is what the candidate must hear of first.
        let summary = summary?;
        noted?;
        Ok(Some(Kept { file, summary }))
    }

    /// A turn is dealt with.
    ///
    /// # Errors
    /// Where the journal cannot be written.
    pub fn end_turn(&mut self, now: Frame, turn: usize, skipped: bool) -> Result<()> {
        self.note(now, Happening::EndTurn { turn, skipped })
    }

    /// Ends the session.
    ///
    /// # Errors
    /// Where the last of it could not be written.
    pub fn finish(&mut self, now: Frame, outcome: &str) -> Result<()> {
        let prompts = self.prompts.finish();
        let ended = Some(super::rehearse::now_word());
        let noted = self.note(now, Happening::Finish { outcome: outcome.to_owned(), ended });
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
