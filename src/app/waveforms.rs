//! The outlines of recordings, made beside whoever draws them: what was kept is read, and what was not is made from the
//! recording, and can be drawn as it comes.
//!
//! Each is made on a thread of its own, which ends when nobody wants the outline any more.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::audio::wav::WavError;
use crate::audio::wav_sound::WavSound;
use crate::ports::Clip;
use crate::speech::{Peaks, PeaksBuilder};
use crate::store::manifest::{ManifestTake, Recorded};
use crate::store::peaks_file;
use crate::store::session::is_free;

/// How often something is told of an outline that is being made.
const NEWS: Duration = Duration::from_millis(100);

/// How far an outline is.
#[derive(Debug, Clone, PartialEq)]
pub enum Progress {
    /// So much of the recording is known, from 0 to 1.
    Partly(f64),
    /// All of it is.
    Whole,
    /// It cannot be known, for this reason: a sentence without its full stop.
    Failed(String),
}

/// The outline of a recording, as far as it is known. Nothing here waits but [`Outline::wait`].
#[derive(Debug)]
pub struct Outline {
    desk: Arc<Desk>,
    /// Of the news, how many were told.
    told: u64,
}

/// Where whoever makes an outline and whoever draws it meet.
#[derive(Debug)]
struct Desk {
    known: Mutex<Known>,
    turned: Condvar,
}

#[derive(Debug)]
struct Known {
    peaks: Option<Arc<Peaks>>,
    progress: Progress,
    news: u64,
}

/// A take whose outline may be kept.
struct Take {
    session: PathBuf,
    turn: usize,
    number: u32,
    parts: Vec<ManifestTake>,
}

impl Outline {
    /// Begins with that of a take of a session, `turn` from 0: what was kept, or what is made now and then kept.
    pub fn of_take(session: &Path, turn: usize, take: &Recorded<'_>) -> Outline {
        let files = take.parts.iter().map(|part| session.join(&part.file)).collect();
        let parts = take.parts.iter().map(|part| (*part).clone()).collect();
        Outline::begin(files, Some(Take { session: session.to_owned(), turn, number: take.number, parts }))
    }

    /// Begins with that of WAV files of which each goes on with the one before; it is kept nowhere.
    pub fn of_files(files: &[PathBuf]) -> Outline {
        Outline::begin(files.to_vec(), None)
    }

    /// Begins with that of a sound that is in no file.
    pub fn of_clip(clip: Arc<Clip>) -> Outline {
        Outline::working(move |desk| {
            let mut builder = PeaksBuilder::new(clip.rate, 1);
            builder.add_i16(&clip.samples);
            desk.tell(Some(builder.finish()), Progress::Whole);
        })
    }

    fn begin(files: Vec<PathBuf>, take: Option<Take>) -> Outline {
        Outline::working(move |desk| {
            let began = Instant::now();
            if let Err(error) = make(desk, &files, take.as_ref(), || began.elapsed()) {
                desk.tell(None, Progress::Failed(error.to_string()));
            }
        })
    }

    /// Has a thread work on it.
    fn working(work: impl FnOnce(&Arc<Desk>) + Send + 'static) -> Outline {
        let known = Known { peaks: None, progress: Progress::Partly(0.0), news: 0 };
        let desk = Arc::new(Desk { known: Mutex::new(known), turned: Condvar::new() });
        let maker = Arc::clone(&desk);
        if let Err(error) = thread::Builder::new().name("outline".into()).spawn(move || work(&maker)) {
            desk.tell(None, Progress::Failed(format!("the recording cannot be looked at: {error}")));
        }
        Outline { desk, told: 0 }
    }

    /// Whether more is known than when this was asked last.
    pub fn news(&mut self) -> bool {
        let news = self.desk.known().news;
        news != std::mem::replace(&mut self.told, news)
    }

    /// What is known of it now: the outline of the recording's beginning, or all of it.
    pub fn peaks(&self) -> Option<Arc<Peaks>> {
        self.desk.known().peaks.clone()
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        self.desk.known().progress.clone()
    }

    /// Waits until it comes no further, but not longer than that; gives how far it is. What was kept needs some
    /// milliseconds.
    pub fn wait(&self, patience: Duration) -> Progress {
        let comes = |known: &mut Known| matches!(known.progress, Progress::Partly(_));
        let waited = self.desk.turned.wait_timeout_while(self.desk.known(), patience, comes);
        waited.unwrap_or_else(PoisonError::into_inner).0.progress.clone()
    }
}

impl Desk {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, peaks: Option<Peaks>, progress: Progress) {
        let peaks = peaks.map(Arc::new);
        let mut known = self.known();
        // What was drawn stays, where no more comes.
        known.peaks = peaks.or(known.peaks.take());
        known.progress = progress;
        known.news += 1;
        drop(known);
        self.turned.notify_all();
    }
}

/// Makes an outline and tells of it, until nobody else is at the desk.
fn make(
    desk: &Arc<Desk>,
    files: &[PathBuf],
    take: Option<&Take>,
    clock: impl Fn() -> Duration,
) -> Result<(), WavError> {
    let mut sounds = Vec::new();
    for file in files {
        sounds.push(WavSound::open_played(file)?);
    }
    let (rate, channels) = sounds.first().map_or((48_000, 1), |first| (first.rate(), first.channels()));
    let same_rate = sounds.iter().all(|sound| sound.rate() == rate);
    let whole: u64 = sounds.iter().map(WavSound::frames).sum();
    // A recording of several rates has other frames than its files together.
    let take = take.filter(|_| same_rate);
    if let Some(kept) = take.and_then(|take| peaks_file::read(&take.session, take.turn, &take.recorded(), rate, whole))
    {
        desk.tell(Some(kept), Progress::Whole);
        return Ok(());
    }
    let mut builder = PeaksBuilder::new(rate, channels);
    let (mut done, mut told) = (0u64, clock());
    for sound in &mut sounds {
        builder.go_on(sound.rate(), sound.channels());
        let channels = sound.channels();
        while let Some(samples) = sound.piece()? {
            builder.add(samples);
            done += (samples.len() / channels) as u64;
            if clock().saturating_sub(told) < NEWS {
                continue;
            }
            if Arc::strong_count(desk) == 1 {
                return Ok(());
            }
            desk.tell(Some(builder.so_far()), Progress::Partly((done as f64 / whole.max(1) as f64).min(1.0)));
            told = clock();
        }
    }
    let peaks = builder.finish();
    if let Some(take) = take.filter(|_| peaks.frames == whole) {
        take.keep(&peaks);
    }
    desk.tell(Some(peaks), Progress::Whole);
    Ok(())
}

impl Take {
    fn recorded(&self) -> Recorded<'_> {
        Recorded { number: self.number, parts: self.parts.iter().collect() }
    }

    /// Keeps its outline. A session that another program has is its own business, a take that is being recorded is not
    /// whole, and where the folder cannot be written to, the outline is made anew each time.
    fn keep(&self, peaks: &Peaks) {
        let take = self.recorded();
        if !take.end().is_empty() && is_free(&self.session) && peaks_file::would_count(&self.session, &take) {
            let file = self.parts.first().map_or("", |first| &first.file);
            let _ = peaks_file::write(&self.session, self.turn, self.number, file, peaks);
        }
    }
}

#[cfg(test)]
#[path = "waveforms_tests.rs"]
mod tests;
