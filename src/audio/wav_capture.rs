//! A microphone into which WAV files are spoken, one for each take.
//!
//! Silence all the time, but for the takes: in each of them a file is heard after a moment, from its start to its end.
//! The silence is exact zeros; a session that knows its microphone is a file does not take that for a dead one.

use std::cmp::Ordering;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

pub use super::input::InputError;
use super::pace::{Metronome, Pace};
use super::resample::resample;
use super::wav::{self, WavError};
use crate::interview::SampleRate;
use crate::interview::text;
use crate::ports::{Capture, Clip, Heard};

/// Silence before a file: the breath between the cue and the first word.
pub const BEFORE: Duration = Duration::from_millis(300);

/// Silence after a file until all is said.
const AFTER: Duration = Duration::from_millis(500);

/// The block in which a take without a file says that nothing will be said.
const NOTHING_TO_SAY: Duration = Duration::from_millis(20);

/// A microphone made of clips.
pub struct WavCapture {
    name: String,
    rate: SampleRate,
    metronome: Metronome,
    answers: Answers,
    opened: usize,
    take: Option<Speaking>,
    notice: Option<String>,
}

enum Answers {
    /// The same file in every take, and the sound of it once it was read.
    Every(PathBuf, Option<Arc<Clip>>),
    /// The file of each take.
    Files(Vec<PathBuf>),
    /// The clip of each turn.
    Clips(Vec<Arc<Clip>>),
}

/// Where a take stands: silence, the clip, silence, and then nothing more to be said.
struct Speaking {
    before: usize,
    clip: Arc<Clip>,
    at: usize,
    after: usize,
    said: bool,
}

impl WavCapture {
    /// A WAV file that is said in every take, or a folder of them, the first for the first take.
    ///
    /// A folder's files are in natural order, `2.wav` before `10.wav`; other files and hidden ones are passed over.
    /// The rate is that of the files where they agree, and else 48 kHz.
    ///
    /// # Errors
    /// [`InputError`], for every file that cannot be played: they are all looked at now.
    pub fn open(path: &Path, pace: Pace) -> Result<WavCapture, InputError> {
        let failed = |source| InputError::at(path.to_path_buf(), source);
        if !fs::metadata(path).map_err(failed)?.is_dir() {
            let rate = common_rate(&[path.to_path_buf()])?;
            let answers = Answers::Every(path.to_path_buf(), None);
            return Ok(WavCapture::new(format!("the file {}", text::path(path)), answers, rate, pace));
        }
        let mut files = Vec::new();
        for entry in fs::read_dir(path).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            if is_answer(&entry.file_name().to_string_lossy()) {
                files.push(entry.path());
            }
        }
        if files.is_empty() {
            return Err(InputError::NoAnswers { path: path.to_path_buf() });
        }
        files.sort_by(|a, b| natural_order(&file_name(a), &file_name(b)));
        let rate = common_rate(&files)?;
        Ok(WavCapture::new(format!("the folder {}", text::path(path)), Answers::Files(files), rate, pace))
    }

    /// Clips, the first for the first turn of the plan, each brought to `rate` where it has another.
    pub fn from_clips(clips: Vec<Arc<Clip>>, rate: SampleRate, pace: Pace) -> WavCapture {
        WavCapture::new("a rehearsed voice".into(), Answers::Clips(clips), rate, pace)
    }

    /// For how many takes there is something to say; none where the same is said in every take.
    pub fn answers(&self) -> Option<usize> {
        match &self.answers {
            Answers::Every(..) => None,
            Answers::Files(files) => Some(files.len()),
            Answers::Clips(clips) => Some(clips.len()),
        }
    }

    fn new(name: String, answers: Answers, rate: SampleRate, pace: Pace) -> WavCapture {
        let metronome = Metronome::new(pace, rate);
        WavCapture { name, rate, metronome, answers, opened: 0, take: None, notice: None }
    }

    /// What is said in the take of this number, at the rate of the microphone; none where there is nothing.
    fn answer(&mut self, take: usize) -> Result<Option<Arc<Clip>>, WavError> {
        let rate = self.rate;
        match &mut self.answers {
            Answers::Every(path, sound) => {
                if sound.is_none() {
                    *sound = Some(Arc::new(at_rate(wav::read(path)?, rate)));
                }
                Ok(sound.clone())
            }
            Answers::Files(files) => match files.get(take) {
                Some(path) => Ok(Some(Arc::new(at_rate(wav::read(path)?, rate)))),
                None => Ok(None),
            },
            Answers::Clips(clips) => Ok(clips.get(take).map(|clip| {
                if clip.rate == rate.0 { Arc::clone(clip) } else { Arc::new(at_rate(Clip::clone(clip), rate)) }
            })),
        }
    }
}

impl Capture for WavCapture {
    fn rate(&self) -> SampleRate {
        self.rate
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn read(&mut self, block: &mut Vec<i16>, most: usize, patience: Duration) -> Heard {
        if let Some(notice) = self.notice.take() {
            return Heard::Notice(notice);
        }
        // A block ends where all is said, so that the length of the blocks does not decide how long the take becomes.
        let until_said = self.take.as_ref().filter(|take| !take.said).map(Speaking::left);
        let granted = self.metronome.wait(most.min(until_said.unwrap_or(usize::MAX)), patience);
        if granted == 0 && most > 0 {
            return Heard::Nothing;
        }
        match &mut self.take {
            Some(take) => match take.speak(block, granted) {
                true => Heard::SaidAll,
                false => Heard::Frames { dropped: 0 },
            },
            None => {
                block.resize(block.len() + granted, 0);
                Heard::Frames { dropped: 0 }
            }
        }
    }

    fn take_opens(&mut self, turn: usize) {
        // A question may be passed over: the candidate of a demonstration answers the one that is asked.
        let which = if let Answers::Clips(_) = self.answers { turn } else { self.opened };
        let answer = self.answer(which).unwrap_or_else(|error| {
            self.notice = Some(format!("nothing is said in this take: {error}"));
            None
        });
        self.opened += 1;
        let span = |duration| self.rate.frames(duration).0.max(1) as usize;
        self.take = Some(match answer {
            Some(clip) => Speaking { before: span(BEFORE), clip, at: 0, after: span(AFTER), said: false },
            None => Speaking { before: 0, clip: Arc::default(), at: 0, after: span(NOTHING_TO_SAY), said: false },
        });
    }

    fn take_closes(&mut self) {
        self.take = None;
    }
}

impl Speaking {
    /// Frames until all is said.
    fn left(&self) -> usize {
        self.before + (self.clip.samples.len() - self.at) + self.after
    }

    /// Appends `count` frames; true where all is said with them, which is so once.
    fn speak(&mut self, block: &mut Vec<i16>, count: usize) -> bool {
        let end = block.len() + count;
        let before = self.before.min(count);
        self.before -= before;
        block.resize(block.len() + before, 0);
        let rest = &self.clip.samples[self.at..];
        let words = &rest[..rest.len().min(end - block.len())];
        block.extend_from_slice(words);
        self.at += words.len();
        self.after -= self.after.min(end - block.len());
        block.resize(end, 0);
        let all = self.left() == 0;
        all && !std::mem::replace(&mut self.said, all)
    }
}

fn at_rate(clip: Clip, rate: SampleRate) -> Clip {
    if clip.rate == rate.0 {
        return clip;
    }
    Clip { rate: rate.0, samples: resample(&clip.samples, SampleRate(clip.rate), rate) }
}

/// The rate that all the files have, and else 48 kHz.
fn common_rate(files: &[PathBuf]) -> Result<SampleRate, InputError> {
    let (mut rates, mut errors) = (Vec::new(), Vec::new());
    for file in files {
        match wav::measure(file) {
            Ok(extent) => rates.push(extent.rate),
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Err(InputError::BadAnswers { errors });
    }
    rates.dedup();
    Ok(if let [rate] = rates[..] { rate } else { SampleRate::STANDARD })
}

fn is_answer(name: &str) -> bool {
    // Hidden files stand beside the real ones where a Mac has written to a foreign disk.
    !name.starts_with('.') && name.to_ascii_lowercase().ends_with(".wav")
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Orders names as people number them: runs of digits by their value, the rest without regard to case.
fn natural_order(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    while let (Some(x), Some(y)) = (left.chars().next(), right.chars().next()) {
        let order = if x.is_ascii_digit() && y.is_ascii_digit() {
            let (number, other) = (digits(&mut left), digits(&mut right));
            number.len().cmp(&other.len()).then_with(|| number.cmp(other))
        } else {
            left = &left[x.len_utf8()..];
            right = &right[y.len_utf8()..];
            x.to_lowercase().cmp(y.to_lowercase())
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    left.len().cmp(&right.len()).then_with(|| a.cmp(b))
}

/// Takes the digits off the front, and says which they are but for leading zeros.
fn digits<'a>(text: &mut &'a str) -> &'a str {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    *text = rest;
    number.trim_start_matches('0')
}

#[cfg(test)]
#[path = "wav_capture_tests.rs"]
mod tests;
