//! Writes down what a session does: the journal, the ends of takes, the manifest, in the order that makes them safe.
//!
//! Runs in a thread of its own, and waits for the disk: a sync that takes a second delays no question, no cue, no key
//! and no sample. Knows the files; what happens comes to it by way of [`super::tape::Tape`].

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};
use std::time::Duration;

use anyhow::{Context, Result};

use super::prompt_files::PromptFiles;
use crate::audio::take::{TakeError, TakeSummary, TakeWriter};
use crate::interview::{Frame, Frames, TakeEnd};
use crate::ports::Clip;
use crate::store::event::{Happening, TakePart};
use crate::store::journal::Journal;
use crate::store::manifest::Manifest;
use crate::store::session::{SessionError, SessionFolder};

/// What is to be written down.
pub enum Entry {
    /// Something happened.
    Note(Happening),
    /// The prompt of a turn began to be heard, or to be read.
    Asked { turn: usize, voice: String, clip: Option<Arc<Clip>> },
    /// A take began in this file, or could not begin.
    Opened { turn: usize, take: u32, file: String, failure: Option<TakeError> },
    /// So much longer can be recorded before the disk is full.
    Room(Duration),
    /// The take, where there is one, ends: its writer has all that was heard.
    Close(Option<Closing>, TakeEnd),
    /// The session ends.
    Finish { outcome: &'static str },
}

/// A take that has all its samples, and is not closed yet.
pub struct Closing {
    /// Who has them.
    pub writer: TakeWriter,
    /// Its turn, from 0.
    pub turn: usize,
    /// Its number, from 1.
    pub take: u32,
}

/// The outcome of a session that something other than its end or its candidate ended.
const INTERRUPTED: &str = "interrupted";

/// What became of it.
pub enum Report {
    /// A take is on the disk.
    Kept(Kept),
    /// There was no take to be closed.
    NoTake,
    /// So much longer can be recorded before the disk is full.
    Room(Duration),
    /// Something could not be kept; all before it is on the disk.
    Failed(anyhow::Error),
}

/// A take that was kept.
pub struct Kept {
    /// Its file, or the first of them, relative to the session's folder.
    pub file: String,
    /// Its length.
    pub frames: Frames,
}

/// The files of a session while it runs.
pub struct Scribe {
    folder: Arc<SessionFolder>,
    manifest: Manifest,
    journal: Journal,
    prompts: PromptFiles,
    /// Something could not be kept.
    failed: bool,
}

/// What a scribe leaves behind.
pub struct Written {
    /// What is known of the session.
    pub manifest: Manifest,
    /// Why the end of it could not be written, where that is so.
    pub finished: Result<()>,
}

impl Scribe {
    /// Takes over a folder; `first` is written before anything else happens.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn begin(folder: Arc<SessionFolder>, manifest: Manifest, first: Happening) -> Result<Scribe> {
        let journal = folder.journal()?;
        let mut scribe = Scribe { folder, manifest, journal, prompts: PromptFiles::start(), failed: false };
        scribe.record(Frame(0), first)?;
        scribe.save()?;
        Ok(scribe)
    }

    /// What is known of the session.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Writes down what it is told until the session ends, or breaks off; `reports` ends when all is written.
    pub fn work(mut self, entries: &Receiver<(Frame, Entry)>, reports: Sender<Report>) -> Written {
        let mut now = Frame(0);
        for (at, entry) in entries {
            now = at;
            let done = match entry {
                Entry::Finish { outcome } => {
                    let finished = self.finish(now, outcome);
                    return Written { manifest: self.manifest, finished };
                }
                entry => self.perform(now, entry),
            };
            match done {
                Ok(Some(report)) => drop(reports.send(report)),
                Ok(None) => {}
                Err(failure) => {
                    self.failed = true;
                    drop(reports.send(Report::Failed(failure)));
                }
            }
        }
        // Nobody told that it ends: the program is breaking off.
        let finished = self.finish(now, INTERRUPTED);
        Written { manifest: self.manifest, finished }
    }

    fn perform(&mut self, now: Frame, entry: Entry) -> Result<Option<Report>> {
        match entry {
            Entry::Note(happening) => self.record(now, happening)?,
            Entry::Asked { turn, voice, clip } => self.asked(now, turn, voice, clip)?,
            Entry::Opened { turn, take, file, failure } => self.opened(now, turn, take, file, failure)?,
            Entry::Room(left) => {
                self.record(now, Happening::LowSpace { left_s: left.as_secs() })?;
                return Ok(Some(Report::Room(left)));
            }
            Entry::Close(None, _) => return Ok(Some(Report::NoTake)),
            Entry::Close(Some(closing), end) => return self.close(now, closing, end).map(Some),
            Entry::Finish { .. } => {}
        }
        Ok(None)
    }

    /// Writes to the journal what happened, and then believes it.
    fn record(&mut self, now: Frame, happening: Happening) -> Result<(), SessionError> {
        let written = self.journal.append(now, &happening);
        if let Err(SessionError::DiskFull { .. }) = written {
            self.folder.give_up_reserve();
            self.journal.append(now, &happening)?;
        } else {
            written?;
        }
        self.manifest.apply(now, &happening);
        Ok(())
    }

    fn save(&self) -> Result<(), SessionError> {
        match self.folder.save(&self.manifest) {
            Err(SessionError::DiskFull { .. }) => {
                self.folder.give_up_reserve();
                self.folder.save(&self.manifest)
            }
            saved => saved,
        }
    }

    fn asked(&mut self, now: Frame, turn: usize, voice: String, clip: Option<Arc<Clip>>) -> Result<()> {
        let file = clip.map(|clip| {
            let (path, file) = self.folder.prompt_path(turn);
            self.prompts.keep(path, clip);
            file
        });
        Ok(self.record(now, Happening::Speak { turn, voice, file })?)
    }

    fn opened(&mut self, now: Frame, turn: usize, take: u32, file: String, failure: Option<TakeError>) -> Result<()> {
        // Where there are too many, the session ends before more is said than it can name.
        self.manifest.room_for_take(turn)?;
        let noted = self.record(now, Happening::OpenTake { turn, take, file, rate: self.manifest.rate });
        let Some(failure) = failure else { return Ok(noted?) };
        // Nothing was said in it, and nothing is to be looked for.
        let closed = closed(turn, take, failure_word(&failure), Vec::new(), 0, None);
        let _ = self.record(now, closed);
        Err(failure.into())
    }

    fn close(&mut self, now: Frame, closing: Closing, end: TakeEnd) -> Result<Report> {
        let summary = closing.writer.close();
        let word = summary.failure.as_ref().map_or(end_word(end), failure_word);
        if let Some(TakeError::DiskFull { .. }) = &summary.failure {
            self.folder.give_up_reserve();
        }
        let files = files(&summary);
        let kept =
            Kept { file: files.first().map(|part| part.file.clone()).unwrap_or_default(), frames: summary.frames() };
        let peak = summary.level.peak().0;
        let peak = peak.is_finite().then_some(peak);
        let closed = closed(closing.turn, closing.take, word, files, summary.dropped, peak);
        let noted = self.record(now, closed).and_then(|()| self.save());
        // The take's own failure is what the candidate must hear of first.
        if let Some(failure) = summary.failure {
            return Err(failure.into());
        }
        noted?;
        Ok(Report::Kept(kept))
    }

    fn finish(&mut self, now: Frame, outcome: &str) -> Result<()> {
        // The loop may have chosen its word before there was news of a failure.
        let outcome = if self.failed { INTERRUPTED } else { outcome }.to_owned();
        let prompts = self.prompts.finish();
        let ended = super::rehearse::now_word();
        let noted = self.record(now, Happening::Finish { outcome, ended: Some(ended) });
        let saved = self.save();
        self.folder.give_up_reserve();
        noted?;
        saved?;
        prompts.context("a spoken question could not be kept")
    }
}

fn closed(turn: usize, take: u32, end: &str, files: Vec<TakePart>, dropped: u64, peak_db: Option<f32>) -> Happening {
    Happening::CloseTake { turn, take, end: end.to_owned(), dropped, peak_db, files }
}

/// The files of a take, as the manifest names them.
fn files(summary: &TakeSummary) -> Vec<TakePart> {
    let name = |path: &PathBuf| path.file_name().map(|name| format!("takes/{}", name.to_string_lossy()));
    let part = |part: &crate::audio::take::Part| name(&part.path).map(|file| TakePart { file, frames: part.frames.0 });
    summary.parts.iter().filter_map(part).collect()
}

/// The word for the end of a take, in files.
fn end_word(end: TakeEnd) -> &'static str {
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
        _ => "disk-failed",
    }
}
