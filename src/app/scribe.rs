//! Writes down what a session does: the journal, the takes, the manifest, in the order that makes them safe.
//!
//! Runs in a thread of its own: a disk that takes a second for each sync delays no question, no cue and no key.
//! Knows the files; the session tells it what happens through [`super::keeper::Keeper`].

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};
use std::time::Duration;

use anyhow::{Context, Result};

use super::prompt_files::PromptFiles;
use super::room::Room;
use crate::audio::take::{TakeError, TakeSummary, TakeWriter};
use crate::interview::{Frame, Frames, SampleRate, TakeEnd};
use crate::ports::Clip;
use crate::store::event::{Happening, TakePart};
use crate::store::journal::Journal;
use crate::store::manifest::Manifest;
use crate::store::session::{SessionError, SessionFolder};
use crate::store::space;

/// What is to be written down.
pub enum Job {
    /// Something happened.
    Note(Happening),
    /// The prompt of a turn began to be heard, or to be read.
    Asked { turn: usize, voice: String, clip: Option<Arc<Clip>> },
    /// A take begins.
    Open { turn: usize, take: u32 },
    /// This was heard; where it is `lost`, it is silence in the place of frames that were lost.
    Hear { samples: Vec<i16>, lost: bool },
    /// The take ends.
    Close(TakeEnd),
    /// The session ends.
    Finish { outcome: &'static str },
}

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

struct OpenTake {
    writer: TakeWriter,
    turn: usize,
    take: u32,
    heard: u64,
    /// Frames that were lost just now, and where the first of them would have been.
    gap: Option<(u64, u64)>,
}

/// The files of a session while it runs.
pub struct Scribe {
    folder: SessionFolder,
    manifest: Manifest,
    journal: Journal,
    rate: SampleRate,
    open: Option<OpenTake>,
    prompts: PromptFiles,
    room: Room,
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
    pub fn begin(folder: SessionFolder, manifest: Manifest, first: Happening) -> Result<Scribe> {
        let journal = folder.journal()?;
        let rate = SampleRate(manifest.rate);
        let (prompts, room) = (PromptFiles::start(), Room::new(rate));
        let mut scribe = Scribe { folder, manifest, journal, rate, open: None, prompts, room };
        scribe.record(Frame(0), first)?;
        scribe.save()?;
        Ok(scribe)
    }

    /// What is known of the session.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Does what it is told until the session ends, or its loop breaks off; `reports` ends when all is written.
    pub fn work(mut self, jobs: &Receiver<(Frame, Job)>, reports: Sender<Report>) -> Written {
        let mut now = Frame(0);
        for (at, job) in jobs {
            now = at;
            let done = match job {
                Job::Finish { outcome } => {
                    let finished = self.finish(now, outcome);
                    return Written { manifest: self.manifest, finished };
                }
                job => self.perform(now, job),
            };
            match done {
                Ok(Some(report)) => drop(reports.send(report)),
                Ok(None) => {}
                Err(failure) => drop(reports.send(Report::Failed(failure))),
            }
        }
        // Nobody told that it ends: the program is breaking off.
        let finished = self.finish(now, "interrupted");
        Written { manifest: self.manifest, finished }
    }

    fn perform(&mut self, now: Frame, job: Job) -> Result<Option<Report>> {
        match job {
            Job::Note(happening) => self.record(now, happening)?,
            Job::Asked { turn, voice, clip } => self.asked(now, turn, voice, clip)?,
            Job::Open { turn, take } => self.open(now, turn, take)?,
            Job::Hear { samples, lost } => return self.hear(now, &samples, lost),
            Job::Close(end) => return self.close(now, end).map(Some),
            Job::Finish { .. } => {}
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

    fn open(&mut self, now: Frame, turn: usize, take: u32) -> Result<()> {
        let question = self.manifest.turns[turn].question.clone();
        let (path, file) = self.folder.take_path(turn, &question, take);
        self.record(now, Happening::OpenTake { turn, take, file, rate: self.rate.0 })?;
        match TakeWriter::open(&path, self.rate) {
            Ok(writer) => {
                self.open = Some(OpenTake { writer, turn, take, heard: 0, gap: None });
                Ok(())
            }
            Err(error) => {
                // Nothing was said in it, and nothing is to be looked for.
                let closed = self.closed(turn, take, failure_word(&error), Vec::new(), 0, None);
                let _ = self.record(now, closed);
                Err(error.into())
            }
        }
    }

    fn hear(&mut self, now: Frame, samples: &[i16], lost: bool) -> Result<Option<Report>> {
        self.fill_gap(now, lost.then_some(samples.len() as u64))?;
        let Some(open) = &mut self.open else { return Ok(None) };
        open.heard += samples.len() as u64;
        if open.writer.push(samples, if lost { samples.len() as u64 } else { 0 }).is_err() {
            // What stopped the take is told when it is closed.
            return self.close(now, TakeEnd::Quit).map(Some);
        }
        let folder = self.folder.path();
        let left = self.room.spend(samples.len() as u64, || space::free(folder));
        if let Some(left) = left {
            self.record(now, Happening::LowSpace { left_s: left.as_secs() })?;
        }
        Ok(left.map(Report::Room))
    }

    /// Takes in lost frames, or that there are none; a gap is written down when it is over.
    fn fill_gap(&mut self, now: Frame, lost: Option<u64>) -> Result<()> {
        let Some(open) = &mut self.open else { return Ok(()) };
        open.gap = match (open.gap, lost) {
            (Some((at, frames)), Some(more)) => Some((at, frames + more)),
            (None, Some(frames)) => Some((open.heard, frames)),
            (None, None) => None,
            (Some((at, frames)), None) => {
                let (turn, take) = (open.turn, open.take);
                open.gap = None;
                return Ok(self.record(now, Happening::Gap { turn, take, at, frames })?);
            }
        };
        Ok(())
    }

    fn close(&mut self, now: Frame, end: TakeEnd) -> Result<Report> {
        let gap = self.fill_gap(now, None);
        let Some(open) = self.open.take() else { return Ok(Report::NoTake) };
        let summary = open.writer.close();
        let word = summary.failure.as_ref().map_or(end_word(end), failure_word);
        if let Some(TakeError::DiskFull { .. }) = &summary.failure {
            self.folder.give_up_reserve();
        }
        let files = files(&summary);
        let kept =
            Kept { file: files.first().map(|part| part.file.clone()).unwrap_or_default(), frames: summary.frames() };
        let peak = summary.level.peak().0;
        let closed = self.closed(open.turn, open.take, word, files, summary.dropped, peak.is_finite().then_some(peak));
        let noted = self.record(now, closed).and_then(|()| self.save());
        // The take's own failure is what the candidate must hear of first.
        if let Some(failure) = summary.failure {
            return Err(failure.into());
        }
        noted?;
        gap?;
        Ok(Report::Kept(kept))
    }

    fn closed(
        &self,
        turn: usize,
        take: u32,
        end: &str,
        files: Vec<TakePart>,
        dropped: u64,
        peak_db: Option<f32>,
    ) -> Happening {
        Happening::CloseTake { turn, take, end: end.to_owned(), dropped, peak_db, files }
    }

    fn finish(&mut self, now: Frame, outcome: &str) -> Result<()> {
        let closed = self.close(now, TakeEnd::Quit).map(drop);
        let prompts = self.prompts.finish();
        let ended = super::rehearse::now_word();
        let noted = self.record(now, Happening::Finish { outcome: outcome.to_owned(), ended: Some(ended) });
        let saved = self.save();
        self.folder.give_up_reserve();
        closed?;
        noted?;
        saved?;
        prompts.context("a spoken question could not be kept")
    }
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
