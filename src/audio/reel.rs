//! The whole session as one recording: what was said and what was played, each at its time, in one WAV file.
//!
//! It is written as takes are, so that whatever ends the program leaves a file that opens; its cue points follow at the
//! end. Knows nothing of sessions: time is the frames that are passed to it.

use std::path::{Path, PathBuf};

pub use super::reel_error::ReelError;
use super::reel_marks::Marks;
pub use super::reel_marks::{LONGEST_LABEL, MOST_MARKS};
use super::resample::resample;
use super::take::TakeWriter;
use crate::interview::{Frames, SampleRate};
use crate::ports::Clip;

/// Frames of silence that are written at once.
static SILENCE: [i16; 4_096] = [0; 4_096];

/// Writes the recording of a session.
///
/// Dropped without [`ReelFile::close`], the sound is completed all the same, without cue points.
pub struct ReelFile {
    writer: TakeWriter,
    path: PathBuf,
    rate: SampleRate,
    marks: Marks,
    /// How many frames were passed.
    at: u64,
    /// What sounds, at the rate of the file, and how much of it has sounded.
    sound: Vec<i16>,
    heard: usize,
    mixed: Vec<i16>,
}

impl ReelFile {
    /// Begins a recording in a new file that only its owner may read.
    ///
    /// Where it becomes longer than a file may be, it goes on in `NAME.2.wav`, `NAME.3.wav` beside it.
    ///
    /// # Errors
    /// [`ReelError`]; what stands at the path already is untouched.
    pub fn create(path: &Path, rate: SampleRate) -> Result<ReelFile, ReelError> {
        let writer = TakeWriter::open(path, rate).map_err(ReelError::Begin)?;
        Ok(ReelFile::of(writer, path, rate))
    }

    fn of(writer: TakeWriter, path: &Path, rate: SampleRate) -> ReelFile {
        let (marks, path) = (Marks::default(), path.to_path_buf());
        ReelFile { writer, path, rate, marks, at: 0, sound: Vec::new(), heard: 0, mixed: Vec::new() }
    }

    /// Where it is, or its first file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How much was passed.
    pub fn passed(&self) -> Frames {
        Frames(self.at)
    }

    /// A clip sounds from the current frame on, in the place of any that sounds.
    pub fn play(&mut self, clip: &Clip) {
        self.sound = resample(&clip.samples, SampleRate(clip.rate), self.rate);
        self.heard = 0;
    }

    /// What sounds, stops at the current frame.
    pub fn stop(&mut self) {
        self.sound = Vec::new();
        self.heard = 0;
    }

    /// Sets a cue point at the current frame; a label that is too long is cut.
    pub fn mark(&mut self, label: &str) {
        self.marks.add(self.at, label);
    }

    /// Passes time in which this was said.
    ///
    /// # Errors
    /// What stopped the writing; this and all that follows is lost then.
    pub fn pass(&mut self, mut said: &[i16]) -> Result<(), ReelError> {
        self.at += said.len() as u64;
        while !said.is_empty() {
            let sound = &self.sound[self.heard..];
            let both = sound.len().min(said.len()).min(SILENCE.len());
            if both == 0 {
                return self.write(said);
            }
            let (now, later) = said.split_at(both);
            self.mixed.clear();
            self.mixed.extend(now.iter().zip(sound).map(|(said, sound)| mix(*said, *sound)));
            self.heard += both;
            self.writer.push(&self.mixed, 0).map_err(ReelError::Stopped)?;
            said = later;
        }
        Ok(())
    }

    /// Passes time in which nothing that was said is recorded.
    ///
    /// # Errors
    /// As [`ReelFile::pass`].
    pub fn pass_silence(&mut self, frames: u64) -> Result<(), ReelError> {
        self.at += frames;
        let sound = &self.sound[self.heard..];
        let sounding = usize::try_from(frames).unwrap_or(usize::MAX).min(sound.len());
        self.writer.push(&sound[..sounding], 0).map_err(ReelError::Stopped)?;
        self.heard += sounding;
        let mut left = frames - sounding as u64;
        while left > 0 {
            let piece = left.min(SILENCE.len() as u64);
            self.write(&SILENCE[..piece as usize])?;
            left -= piece;
        }
        Ok(())
    }

    fn write(&mut self, samples: &[i16]) -> Result<(), ReelError> {
        self.writer.push(samples, 0).map_err(ReelError::Stopped)
    }

    /// Ends the recording: sound and cue points are on the disk on return.
    ///
    /// # Errors
    /// [`ReelError`], where not all of it is: what it names is kept.
    pub fn close(self) -> Result<PathBuf, ReelError> {
        let summary = self.writer.close();
        if let Some(failure) = summary.failure {
            return Err(ReelError::Stopped(failure));
        }
        self.marks.write(&summary.parts)?;
        Ok(self.path)
    }
}

/// From which magnitude on two sounds together are made softer: about -1 dB of full scale.
const KNEE: i32 = 29_000;

/// Two sounds at once: their sum, but for one that would come near full scale.
///
/// There what goes beyond the louder of the two is bent, so that it approaches full scale without a corner.
/// Neither of them is ever less than it is alone, and alone each is as it is.
fn mix(one: i16, other: i16) -> i16 {
    let (one, other) = (i32::from(one), i32::from(other));
    let sum = one + other;
    let sign = sum.signum();
    let base = (one * sign).max(other * sign).max(KNEE);
    let excess = sum * sign - base;
    if excess <= 0 {
        return sum as i16;
    }
    // Full scale has one more step on its negative side.
    let room = i32::from(i16::MAX) + i32::from(sign < 0) - base;
    let bent = if room > 0 { base + room * excess / (room + excess) } else { base };
    (bent * sign) as i16
}

#[cfg(test)]
#[path = "reel_tests.rs"]
mod tests;
