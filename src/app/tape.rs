//! Takes down what is heard, at once: makes the file of a take and hands samples to it, and never waits for a sync.
//!
//! What has to wait for the disk, the lines of the journal and the end of a take, goes on to the scribe, in its order.
//! So a new answer is with the system while the journal and the answer before are still on their way to the disk.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};
use std::time::Duration;

use super::room::Room;
use super::scribe::{Closing, Entry};
use crate::audio::take::TakeWriter;
use crate::interview::{Frame, SampleRate, TakeEnd};
use crate::ports::Clip;
use crate::store::event::Happening;
use crate::store::manifest::Manifest;
use crate::store::session::SessionFolder;
use crate::store::space;

/// What is to be taken or written down.
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

struct OpenTake {
    writer: TakeWriter,
    turn: usize,
    take: u32,
    heard: u64,
    /// Frames that were lost just now, and where the first of them would have been.
    gap: Option<(u64, u64)>,
}

/// The takes of a session while it runs.
pub struct Tape {
    folder: Arc<SessionFolder>,
    /// The question of each turn.
    questions: Vec<String>,
    rate: SampleRate,
    open: Option<OpenTake>,
    room: Room,
    scribe: Sender<(Frame, Entry)>,
}

impl Tape {
    /// Nothing heard yet; what is to be written down goes to `scribe`.
    pub fn new(folder: Arc<SessionFolder>, manifest: &Manifest, scribe: Sender<(Frame, Entry)>) -> Tape {
        let questions = manifest.turns.iter().map(|turn| turn.question.clone()).collect();
        let rate = SampleRate(manifest.rate);
        Tape { folder, questions, rate, open: None, room: Room::new(rate), scribe }
    }

    /// Does what it is told until the session ends, its loop breaks off, or nothing is written down any more.
    pub fn work(mut self, jobs: &Receiver<(Frame, Job)>) {
        let mut now = Frame(0);
        for (at, job) in jobs {
            now = at;
            let over = matches!(job, Job::Finish { .. });
            if over && self.open.is_some() {
                self.close(now, TakeEnd::Quit);
            }
            if !self.perform(now, job) || over {
                return;
            }
        }
        // Nobody told that it ends: the program is breaking off.
        if self.open.is_some() {
            self.close(now, TakeEnd::Quit);
        }
    }

    /// Says whether anything is written down still.
    fn perform(&mut self, now: Frame, job: Job) -> bool {
        match job {
            Job::Note(happening) => {
                if let Happening::Put { turn, entry } = &happening
                    && *turn == self.questions.len()
                {
                    self.questions.push(entry.question.clone());
                }
                self.tell(now, Entry::Note(happening))
            }
            Job::Asked { turn, voice, clip } => self.tell(now, Entry::Asked { turn, voice, clip }),
            Job::Open { turn, take } => self.open(now, turn, take),
            Job::Hear { samples, lost } => self.hear(now, &samples, lost),
            Job::Close(end) => self.close(now, end),
            Job::Finish { outcome } => self.tell(now, Entry::Finish { outcome }),
        }
    }

    fn tell(&self, now: Frame, entry: Entry) -> bool {
        self.scribe.send((now, entry)).is_ok()
    }

    /// The file is there before the line that names it is on the disk: a repair takes in a take that no line names.
    fn open(&mut self, now: Frame, turn: usize, take: u32) -> bool {
        let (path, file) = self.folder.take_path(turn, &self.questions[turn], take);
        let failure = match TakeWriter::open(&path, self.rate) {
            Ok(writer) => {
                self.open = Some(OpenTake { writer, turn, take, heard: 0, gap: None });
                None
            }
            Err(error) => Some(error),
        };
        self.tell(now, Entry::Opened { turn, take, file, failure })
    }

    fn hear(&mut self, now: Frame, samples: &[i16], lost: bool) -> bool {
        let Some(open) = &mut self.open else { return true };
        let (at, frames) = (open.heard, samples.len() as u64);
        open.heard += frames;
        if open.writer.push(samples, if lost { frames } else { 0 }).is_err() {
            // What stopped the take is told when it is closed.
            return self.close(now, TakeEnd::Quit);
        }
        if lost {
            open.gap = Some(open.gap.map_or((at, frames), |(at, before)| (at, before + frames)));
        } else if !self.end_gap(now) {
            return false;
        }
        let folder = self.folder.path();
        let left = self.room.spend(frames, || space::free(folder));
        left.is_none_or(|left: Duration| self.tell(now, Entry::Room(left)))
    }

    /// A gap is written down when it is over.
    fn end_gap(&mut self, now: Frame) -> bool {
        let Some(open) = &mut self.open else { return true };
        let Some((at, frames)) = open.gap.take() else { return true };
        let (turn, take) = (open.turn, open.take);
        self.tell(now, Entry::Note(Happening::Gap { turn, take, at, frames }))
    }

    fn close(&mut self, now: Frame, end: TakeEnd) -> bool {
        let told = self.end_gap(now);
        let closing = self.open.take().map(|open| Closing { writer: open.writer, turn: open.turn, take: open.take });
        self.tell(now, Entry::Close(closing, end)) && told
    }
}

#[cfg(test)]
#[path = "tape_tests.rs"]
mod tests;
