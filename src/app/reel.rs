//! The recording of a whole session: hands on what passes to a thread that writes it, and never waits for the disk.
//!
//! The answers have files of their own, and those are the truth: where the disk is too slow or too full for both, this
//! recording ends, and the session goes on.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};

use super::reel_desk::{Batch, Desk, Piece, Stage};
use crate::audio::pace::Pace;
use crate::audio::reel::ReelFile;
use crate::interview::time::show_clock;
use crate::interview::{SampleRate, text};
use crate::ports::Clip;
use crate::store::space;

/// How far the disk may be behind: at full speed the session waits then, in real time the recording ends there.
const FAR_BEHIND: Duration = Duration::from_secs(60);

/// How long a disk that was so far behind is waited for at the end.
const GRACE: Duration = Duration::from_secs(2);

/// How much is recorded between two looks at the room on the disk.
const BETWEEN_LOOKS: Duration = Duration::from_secs(5);

/// The most recordings of one session: one for each time that it is resumed.
const MOST: usize = 10_000;

/// The recording of a whole session, as its loop has it.
///
/// Dropped without [`Reel::finish`], it is completed all the same, but nobody learns whether that worked.
pub struct Reel {
    desk: Arc<Desk>,
    done: Receiver<Result<PathBuf>>,
    thread: Option<JoinHandle<()>>,
    path: PathBuf,
    pace: Pace,
    /// How many frames may wait.
    most: u64,
}

impl Reel {
    /// Begins a recording in a session's folder: `tape.wav`, or `tape-2.wav` and so on where the session has one from
    /// before it was resumed.
    ///
    /// # Errors
    /// Where no file can be made.
    pub fn begin(folder: &Path, rate: SampleRate, pace: Pace) -> Result<Reel> {
        let room = folder.to_path_buf();
        Reel::start(create(folder, rate)?, rate, pace, move || space::free(&room))
    }

    /// Begins to write; `free` says how many bytes are free on the disk, where the system knows.
    fn start(
        file: ReelFile,
        rate: SampleRate,
        pace: Pace,
        free: impl Fn() -> Option<u64> + Send + 'static,
    ) -> Result<Reel> {
        let path = file.path().to_path_buf();
        let (tell, done) = mpsc::channel();
        let desk = Arc::new(Desk::default());
        let writer = Writer { desk: Arc::clone(&desk), file, rate, free };
        let thread = thread::Builder::new().name("reel".into());
        let thread = thread.spawn(move || drop(tell.send(writer.work())));
        let thread = Some(thread.context("the session cannot be recorded as a whole")?);
        Ok(Reel { desk, done, thread, path, pace, most: rate.frames(FAR_BEHIND).0 })
    }

    /// Where it is, or its first file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Passes `frames` of the session's time, with what was said in them where a take is open.
    ///
    /// In real time it waits for nothing: where the disk is far behind, the recording ends here.
    pub fn pass(&mut self, frames: u64, said: Option<&[i16]>) {
        let said = said.unwrap_or_default();
        match self.pace {
            Pace::RealTime => self.desk.pass_or_give_up(frames, said, self.most),
            Pace::Fast => self.desk.pass_when_there_is_room(frames, said, self.most),
        }
    }

    /// A clip sounds from the current frame on, in the place of any that sounds.
    pub fn play(&mut self, clip: Arc<Clip>) {
        self.desk.put(Piece::Play(clip));
    }

    /// What sounds, stops at the current frame.
    pub fn stop(&mut self) {
        self.desk.put(Piece::Stop);
    }

    /// Sets a cue point at the current frame.
    pub fn mark(&mut self, label: &str) {
        let label: String = label.chars().take(text::LONGEST).collect();
        self.desk.put(Piece::Mark(label));
    }

    /// Whether the recording has ended before the session: [`Reel::finish`] says why.
    pub fn failed(&self) -> bool {
        matches!(self.desk.stage(), Stage::Late | Stage::Left)
    }

    /// Ends the recording and waits until it is on the disk; gives its file, or the first of them.
    ///
    /// # Errors
    /// Why it is not whole; what there is of it is kept.
    pub fn finish(mut self) -> Result<PathBuf> {
        self.end()
    }

    fn end(&mut self) -> Result<PathBuf> {
        let late = self.desk.close();
        let Some(thread) = self.thread.take() else { bail!("the recording of the whole session has ended") };
        let done = if late { self.done.recv_timeout(GRACE) } else { self.done.recv().map_err(Into::into) };
        if !matches!(done, Err(RecvTimeoutError::Timeout)) {
            // It has nothing left to do.
            let _ = thread.join();
        }
        let path = text::path(&self.path);
        match done {
            Ok(Err(failure)) => Err(failure),
            Ok(Ok(path)) if !late => Ok(path),
            Err(RecvTimeoutError::Disconnected) => {
                Err(anyhow!("the recording of the whole session, {path}, broke off"))
            }
            _ => Err(anyhow!(
                "the recording of the whole session, {path}, ends before the session does: the disk was more than a \
                 minute behind"
            )),
        }
    }
}

impl Drop for Reel {
    fn drop(&mut self) {
        if self.thread.is_some() {
            let _ = self.end();
        }
    }
}

/// Makes the first file of a recording, under a name that nothing has.
fn create(folder: &Path, rate: SampleRate) -> Result<ReelFile> {
    let name = |number| if number == 1 { "tape.wav".to_owned() } else { format!("tape-{number}.wav") };
    for number in 1..=MOST {
        match ReelFile::create(&folder.join(name(number)), rate) {
            Err(error) if error.is_taken() && number < MOST => {}
            made => return Ok(made?),
        }
    }
    bail!("the session has as many recordings of the whole as it can have")
}

/// The thread that writes.
struct Writer<F: Fn() -> Option<u64>> {
    desk: Arc<Desk>,
    file: ReelFile,
    rate: SampleRate,
    /// How many bytes are free on the disk, where the system says so.
    free: F,
}

impl<F: Fn() -> Option<u64>> Writer<F> {
    fn work(mut self) -> Result<PathBuf> {
        // Whatever ends this thread, a panic too, nobody must wait for it.
        let _leaving = Leaving(Arc::clone(&self.desk));
        let mut batch = Batch::default();
        let mut look_at = 0;
        loop {
            let more = self.desk.take(&mut batch);
            if self.write(&mut batch).is_err() {
                // Closing says why.
                break;
            }
            if !more {
                break;
            }
            if self.file.passed().0 >= look_at {
                look_at = self.file.passed().0 + self.rate.frames(BETWEEN_LOOKS).0;
                if (self.free)().is_some_and(|free| free < space::SPARE) {
                    return self.give_way();
                }
            }
        }
        Ok(self.file.close()?)
    }

    fn write(&mut self, batch: &mut Batch) -> Result<()> {
        let mut said = batch.said.as_slice();
        for piece in batch.pieces.drain(..) {
            match piece {
                Piece::Silence(frames) => self.file.pass_silence(frames)?,
                Piece::Said(count) => {
                    let (now, later) = said.split_at(count);
                    self.file.pass(now)?;
                    said = later;
                }
                Piece::Play(clip) => self.file.play(&clip),
                Piece::Stop => self.file.stop(),
                Piece::Mark(label) => self.file.mark(&label),
            }
        }
        Ok(())
    }

    /// Leaves what room there is to the answers.
    fn give_way(self) -> Result<PathBuf> {
        let at = show_clock(self.rate.duration(self.file.passed()));
        let path = self.file.close()?;
        bail!(
            "the recording of the whole session, {}, ends at {at}: less than {} MiB are free, and those are for the \
             answers",
            text::path(&path),
            space::SPARE >> 20
        )
    }
}

struct Leaving(Arc<Desk>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.leave();
    }
}

#[cfg(test)]
#[path = "reel_tests.rs"]
mod tests;
