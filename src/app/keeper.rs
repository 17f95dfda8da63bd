//! The session's side of its files: hands on what happened and hears, later, what became of it.
//!
//! Never waits for a disk, except where time runs as fast as it can and the disk sets the pace.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};

use super::scribe::{Report, Scribe, Written};
use super::tape::{Job, Tape};
use crate::audio::pace::Pace;
use crate::interview::{Frame, Outcome, TakeEnd};
use crate::ports::Clip;
use crate::store::event::Happening;
use crate::store::manifest::Manifest;
use crate::store::session::SessionFolder;

/// How many jobs may wait in real time, where a block is a tenth of a second at most: a disk may stand still for a
/// minute before the microphone's own buffer has to help.
const WAITING: usize = 600;

/// How many may wait at full speed, where a block may be a second: who is ahead waits for the disk.
const WAITING_FAST: usize = 8;

/// How long a take may take to be kept before the session goes on without having said so.
const SOON: Duration = Duration::from_millis(150);

/// The same at full speed, where nothing but the disk takes time.
const SOON_FAST: Duration = Duration::from_secs(60);

/// How long the end may take to be written before the candidate is told why nothing happens.
const LONG: Duration = Duration::from_secs(1);

/// The files of a session while it runs.
pub struct Keeper {
    jobs: Option<SyncSender<(Frame, Job)>>,
    reports: Receiver<Report>,
    tape: Option<JoinHandle<()>>,
    scribe: Option<JoinHandle<Written>>,
    plan: Manifest,
    path: PathBuf,
    soon: Duration,
    /// What is heard belongs to a take.
    in_take: bool,
}

impl Keeper {
    /// Begins a session: what is planned is on disk before anything is asked.
    ///
    /// # Errors
    /// Where the folder cannot be written.
    pub fn begin(folder: SessionFolder, manifest: Manifest, pace: Pace) -> Result<Keeper> {
        let planned = Happening::Planned(Box::new(manifest.clone()));
        Keeper::start(folder, manifest, planned, pace)
    }

    /// Goes on with a session; `manifest` has the voice, the ends and the rate that it goes on with.
    ///
    /// # Errors
    /// Where the folder cannot be written.
    pub fn go_on(folder: SessionFolder, manifest: Manifest, pace: Pace) -> Result<Keeper> {
        let resumed = Happening::Resumed {
            boot: crate::store::boot::id(),
            voice: manifest.voice.clone(),
            input: manifest.input.clone(),
            output: manifest.output.clone(),
            rate: manifest.rate,
        };
        Keeper::start(folder, manifest, resumed, pace)
    }

    fn start(folder: SessionFolder, manifest: Manifest, first: Happening, pace: Pace) -> Result<Keeper> {
        let path = folder.path().to_owned();
        let folder = Arc::new(folder);
        let scribe = Scribe::begin(Arc::clone(&folder), manifest, first)?;
        let (waiting, soon) = match pace {
            Pace::RealTime => (WAITING, SOON),
            Pace::Fast => (WAITING_FAST, SOON_FAST),
        };
        let plan = scribe.manifest().clone();
        let (jobs, todo) = mpsc::sync_channel(waiting);
        // No samples wait here, and so nothing has to bound it.
        let (write, entries) = mpsc::channel();
        let (tell, reports) = mpsc::channel();
        let tape = Tape::new(folder, &plan, write);
        let start = |name: &str| thread::Builder::new().name(name.into());
        let scribe = start("scribe").spawn(move || scribe.work(&entries, tell)).context("the session cannot begin")?;
        let tape = start("tape").spawn(move || tape.work(&todo)).context("the session cannot begin")?;
        Ok(Keeper {
            jobs: Some(jobs),
            reports,
            tape: Some(tape),
            scribe: Some(scribe),
            plan,
            path,
            soon,
            in_take: false,
        })
    }

    /// What was known of the session when it began.
    pub fn plan(&self) -> &Manifest {
        &self.plan
    }

    /// The folder of the session.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn tell(&mut self, now: Frame, job: Job) -> Result<()> {
        let told = self.jobs.as_ref().is_some_and(|jobs| jobs.send((now, job)).is_ok());
        if told { Ok(()) } else { Err(broken()) }
    }

    /// Has an event written down.
    ///
    /// # Errors
    /// Where nothing is written any more; what the disk says comes as a [`Report`].
    pub fn note(&mut self, now: Frame, happening: Happening) -> Result<()> {
        self.tell(now, Job::Note(happening))
    }

    /// The prompt of a turn begins to sound; `clip` is kept where the voice could be rendered.
    ///
    /// # Errors
    /// As [`Keeper::note`].
    pub fn asked(&mut self, now: Frame, turn: usize, voice: String, clip: Option<Arc<Clip>>) -> Result<()> {
        self.tell(now, Job::Asked { turn, voice, clip })
    }

    /// Opens a take.
    ///
    /// # Errors
    /// As [`Keeper::note`].
    pub fn open_take(&mut self, now: Frame, turn: usize, take: u32) -> Result<()> {
        self.in_take = true;
        self.tell(now, Job::Open { turn, take })
    }

    /// Adds what was heard to the open take; where it is `lost`, it is silence in the place of lost frames.
    ///
    /// # Errors
    /// As [`Keeper::note`].
    pub fn hear(&mut self, now: Frame, samples: &[i16], lost: bool) -> Result<()> {
        if self.in_take { self.tell(now, Job::Hear { samples: samples.to_vec(), lost }) } else { Ok(()) }
    }

    /// Closes the open take, and waits a moment for the news of it.
    ///
    /// # Errors
    /// As [`Keeper::note`].
    pub fn close_take(&mut self, now: Frame, end: TakeEnd) -> Result<Vec<Report>> {
        self.in_take = false;
        self.tell(now, Job::Close(end))?;
        let until = Instant::now() + self.soon;
        let mut reports = Vec::new();
        loop {
            let Ok(report) = self.reports.recv_timeout(until.saturating_duration_since(Instant::now())) else {
                return Ok(reports);
            };
            let answer = matches!(report, Report::Kept(_) | Report::NoTake | Report::Failed(_));
            reports.push(report);
            if answer {
                return Ok(reports);
            }
        }
    }

    /// What became of something that was handed on earlier, where there is news.
    pub fn news(&mut self) -> Option<Report> {
        self.reports.try_recv().ok()
    }

    /// Ends the session and waits until all of it is written; `hear` hears what becomes of it meanwhile, and `None`
    /// once where that takes long.
    ///
    /// Gives what is known of the session, and why the end of it could not be written, where that is so.
    pub fn finish(
        mut self,
        now: Frame,
        outcome: &'static str,
        mut hear: impl FnMut(Option<Report>),
    ) -> (Manifest, Result<()>) {
        let told = self.tell(now, Job::Finish { outcome });
        let mut patience = LONG;
        loop {
            match self.reports.recv_timeout(patience) {
                Ok(report) => hear(Some(report)),
                Err(RecvTimeoutError::Timeout) => {
                    hear(None);
                    patience = Duration::MAX;
                }
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        match (self.leave(), told) {
            (Some(written), Ok(())) => (written.manifest, written.finished),
            (Some(written), Err(error)) => (written.manifest, Err(error)),
            (None, _) => (self.plan.clone(), Err(broken())),
        }
    }

    fn leave(&mut self) -> Option<Written> {
        self.jobs = None;
        // Both have the folder, and with it the lock.
        let tape = self.tape.take().is_none_or(|tape| tape.join().is_ok());
        self.scribe.take()?.join().ok().filter(|_| tape)
    }
}

impl Drop for Keeper {
    /// Where the session breaks off, a panic included, the take is closed and what is known is saved all the same.
    fn drop(&mut self) {
        self.leave();
    }
}

fn broken() -> anyhow::Error {
    anyhow!("the session's files are not written any more: what is recorded is found by greenroom sessions repair")
}

/// The word for the outcome of a session, in files.
pub fn outcome_word(outcome: Outcome, interrupted: bool) -> &'static str {
    match (outcome, interrupted) {
        (Outcome::Finished, _) => "finished",
        (Outcome::Quit, true) => "interrupted",
        (Outcome::Quit, false) => "quit",
    }
}
