//! Listens to each answer beside its recording, so that what it shows is known when the answer ends.
//!
//! On a thread of its own: whatever happens to it, the session and its files know nothing of it. What it misses is
//! measured later, from the recording.

use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, SyncSender, TrySendError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::audio::pace::Pace;
use crate::interview::SampleRate;
use crate::speech::{Delivery, PeaksBuilder, Report};
use crate::store::analysis::Analysis;
use crate::store::{analyses, peaks_file};

/// How many blocks may wait in real time: a minute of them.
const WAITING: usize = 600;

/// How many may wait at full speed, where a block may be a second.
const WAITING_FAST: usize = 8;

/// How long the result of an answer is waited for when it ends: it takes a few milliseconds.
const SOON: Duration = Duration::from_millis(150);

/// The same at full speed, where nothing is shown that is not complete.
const SOON_FAST: Duration = Duration::from_secs(60);

/// What an answer showed.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// The turn, from 0.
    pub turn: usize,
    /// Its take, from 1.
    pub take: u32,
    /// What was measured.
    pub analysis: Analysis,
}

enum Job {
    Open {
        turn: usize,
        take: u32,
    },
    Hear(Vec<i16>),
    /// The take is on the disk under this name.
    Kept(String),
}

/// What was heard of the take that is open.
struct Heard {
    turn: usize,
    take: u32,
    delivery: Delivery,
    peaks: PeaksBuilder,
}

impl Heard {
    fn nothing(turn: usize, take: u32, rate: SampleRate) -> Heard {
        Heard { turn, take, delivery: Delivery::new(rate.0, 1), peaks: PeaksBuilder::new(rate.0, 1) }
    }
}

/// Listens along.
pub struct Ear {
    jobs: Option<SyncSender<Job>>,
    results: Receiver<Measured>,
    thread: Option<JoinHandle<()>>,
    pace: Pace,
    /// What is heard belongs to a take, of which nothing has been missed.
    listening: bool,
    /// The take is heard to its end.
    ended: bool,
}

impl Ear {
    /// Listens to a session at `rate`; what it measures is kept in `folder`.
    pub fn begin(folder: PathBuf, rate: SampleRate, pace: Pace) -> Ear {
        let waiting = if pace == Pace::Fast { WAITING_FAST } else { WAITING };
        let (jobs, todo) = mpsc::sync_channel(waiting);
        let (tell, results) = mpsc::channel();
        let work = move || {
            let mut open: Option<Heard> = None;
            for job in todo {
                match job {
                    Job::Open { turn, take } => open = Some(Heard::nothing(turn, take, rate)),
                    Job::Hear(samples) => {
                        if let Some(heard) = &mut open {
                            heard.delivery.add_i16(&samples);
                            heard.peaks.add_i16(&samples);
                        }
                    }
                    Job::Kept(file) => {
                        if let Some(Heard { turn, take, delivery, peaks }) = open.take() {
                            let report: Report = delivery.finish();
                            let analysis = Analysis::of(&file, &report);
                            // Where it cannot be kept, it is measured again when it is wanted.
                            let _ = analyses::write(&folder, turn, take, &analysis);
                            let wanted = tell.send(Measured { turn, take, analysis }).is_ok();
                            // Nobody waits for the outline: it is made again where it is not kept.
                            let _ = peaks_file::write(&folder, turn, take, &file, &peaks.finish());
                            if !wanted {
                                return;
                            }
                        }
                    }
                }
            }
        };
        // Without a thread, nothing is measured before it is asked for.
        let thread = thread::Builder::new().name("ear".into()).spawn(work).ok();
        Ear { jobs: Some(jobs), results, thread, pace, listening: false, ended: false }
    }

    /// A take opens.
    pub fn open(&mut self, turn: usize, take: u32) {
        self.ended = false;
        self.listening = self.tell(Job::Open { turn, take });
    }

    /// Takes in what was heard.
    pub fn hear(&mut self, samples: &[i16]) {
        if self.listening {
            self.listening = self.tell(Job::Hear(samples.to_vec()));
        }
    }

    /// The take has ended.
    pub fn close(&mut self) {
        self.ended = std::mem::replace(&mut self.listening, false);
    }

    /// The take that has ended is on the disk; gives what it showed, if that comes soon.
    pub fn kept(&mut self, file: &str) -> Option<Measured> {
        if !std::mem::replace(&mut self.ended, false) || !self.tell(Job::Kept(file.to_owned())) {
            return None;
        }
        let soon = if self.pace == Pace::Fast { SOON_FAST } else { SOON };
        let until = Instant::now() + soon;
        self.results.recv_timeout(until.saturating_duration_since(Instant::now())).ok()
    }

    /// What came later than that.
    pub fn news(&mut self) -> Option<Measured> {
        self.results.try_recv().ok()
    }

    /// Hands a job on; in real time nobody waits for that, and what would have to wait is not heard.
    fn tell(&self, job: Job) -> bool {
        let Some(jobs) = &self.jobs else { return false };
        match self.pace {
            Pace::Fast => jobs.send(job).is_ok(),
            Pace::RealTime => match jobs.try_send(job) {
                Ok(()) => true,
                Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => false,
            },
        }
    }
}

impl Drop for Ear {
    /// What was measured is in its file when the session is over.
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::measure;
    use crate::audio::wav;
    use crate::ports::Clip;

    fn tone(frames: usize) -> Vec<i16> {
        (0..frames).map(|n| (8_000.0 * (n as f32 * 0.02).sin()) as i16).collect()
    }

    #[test]
    fn what_an_answer_shows_is_there_when_it_is_kept() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut ear = Ear::begin(folder.path().to_owned(), SampleRate(16_000), Pace::Fast);
        ear.hear(&tone(16_000));
        ear.open(2, 1);
        tone(32_000).chunks(1_600).for_each(|block| ear.hear(block));
        ear.close();
        let measured = ear.kept("takes/03-a-1.wav").expect("it was heard");
        assert_eq!((measured.turn, measured.take, measured.analysis.duration_s), (2, 1, 2.0));
        assert!(folder.path().join("analysis/03-1.json").is_file());
        // Once, and not for a take that was not heard.
        assert_eq!(ear.kept("takes/03-a-1.wav"), None);
        drop(ear);
        let part = crate::store::ManifestTake {
            file: "takes/03-a-1.wav".to_owned(),
            frames: 32_000,
            rate: 16_000,
            end: "done".to_owned(),
            dropped: 0,
            started_frame: 0,
            peak_db: None,
        };
        let take = crate::store::manifest::Recorded { number: 1, parts: vec![&part] };
        let peaks = peaks_file::read(folder.path(), 2, &take, 16_000, 32_000).expect("its outline is kept");
        let mut made = PeaksBuilder::new(16_000, 1);
        made.add_i16(&tone(32_000));
        assert_eq!(peaks, made.finish());
    }

    #[test]
    fn what_is_heard_beside_a_take_is_what_its_file_shows() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let sound: Vec<i16> =
            tone(48_000).iter().zip(0u32..).map(|(s, n)| if n % 9_600 < 4_000 { *s } else { 7 }).collect();
        let path = folder.path().join("take.wav");
        wav::write(&path, &Clip { rate: 16_000, samples: sound.clone() }).expect("it can be written");
        let mut ear = Ear::begin(folder.path().to_owned(), SampleRate(16_000), Pace::Fast);
        ear.open(0, 1);
        sound.chunks(1_601).for_each(|block| ear.hear(block));
        ear.close();
        let heard = ear.kept("take.wav").expect("it was heard").analysis;
        let shown = Analysis::of("take.wav", &measure::file(&path, |_| ()).expect("it can be read"));
        assert_eq!(heard, shown);
    }

    #[test]
    fn a_folder_that_cannot_be_written_to_loses_the_file_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut ear = Ear::begin(folder.path().join("nosuch"), SampleRate(16_000), Pace::Fast);
        ear.open(0, 1);
        ear.hear(&tone(16_000));
        ear.close();
        assert_eq!(ear.kept("takes/01-a-1.wav").map(|measured| measured.analysis.frames), Some(16_000));
    }
}
