//! Speakers without a clock: a WAV file of everything that would be heard, and nothing at all.
//!
//! They play exactly as far as the session says that its time has passed.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hound::WavWriter;

use super::resample::{length_at, resample};
use super::{private_file, wav};
use crate::interview::text;
use crate::interview::{Frames, SampleRate};
use crate::ports::{Clip, Playback, Playing};

/// Frames of silence that are written at once.
const SILENCE: [i16; 4_096] = [0; 4_096];

/// Why the file cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// Something stands in its place; nothing is overwritten.
    #[error("{} exists already and is not overwritten: give another name, or remove it", text::path(path))]
    Exists {
        /// Where.
        path: PathBuf,
    },
    /// The system refused.
    #[error("{} cannot be written: {source}", text::path(path))]
    Io {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// How far a clip has been heard, in frames of the speaker.
#[derive(Debug, Clone, Copy, Default)]
struct Needle {
    at: u64,
    end: u64,
}

impl Needle {
    fn left(self) -> u64 {
        self.end - self.at
    }

    fn remaining(self) -> Option<Frames> {
        (self.left() > 0).then_some(Frames(self.left()))
    }

    fn state(self) -> Playing {
        if self.left() > 0 { Playing::Sounding } else { Playing::Idle }
    }

    fn pass(&mut self, span: Frames) {
        self.at += span.0.min(self.left());
    }
}

/// A stream that is fed while it is heard.
#[derive(Debug, Default)]
struct Flow {
    waiting: VecDeque<i16>,
    taken: u64,
    ended: bool,
}

impl Flow {
    /// How many frames it takes at once: a second of sound at the rate of most speakers, and at every lower one.
    const ROOM: usize = 48_000;

    fn feed(&mut self, frames: &[i16], rate: SampleRate) -> usize {
        let room = Flow::ROOM.max(rate.0 as usize) - self.waiting.len();
        let count = if self.ended { 0 } else { room.min(frames.len()) };
        self.waiting.extend(&frames[..count]);
        count
    }

    fn take(&mut self, most: u64) -> Vec<i16> {
        let count = most.min(self.waiting.len() as u64);
        self.taken += count;
        self.waiting.drain(..count as usize).collect()
    }

    fn state(&self) -> Playing {
        if self.ended && self.waiting.is_empty() { Playing::Idle } else { Playing::Sounding }
    }

    fn remaining(&self) -> Option<Frames> {
        (!self.waiting.is_empty()).then_some(Frames(self.waiting.len() as u64))
    }
}

/// What is heard of a speaker without a clock: a clip, or a stream in its place.
#[derive(Debug, Default)]
struct Sounding {
    needle: Needle,
    flow: Option<Flow>,
}

impl Sounding {
    fn clip(frames: u64) -> Sounding {
        Sounding { needle: Needle { at: 0, end: frames }, flow: None }
    }

    fn stream() -> Sounding {
        Sounding { needle: Needle::default(), flow: Some(Flow::default()) }
    }

    fn feed(&mut self, frames: &[i16], rate: SampleRate) -> usize {
        self.flow.as_mut().map_or(0, |flow| flow.feed(frames, rate))
    }

    fn end(&mut self) {
        self.flow.iter_mut().for_each(|flow| flow.ended = true);
    }

    /// Of a stream; of a clip nobody asks.
    fn taken(&self) -> Frames {
        Frames(self.flow.as_ref().map_or(0, |flow| flow.taken))
    }

    fn state(&self) -> Playing {
        self.flow.as_ref().map_or_else(|| self.needle.state(), Flow::state)
    }

    fn remaining(&self) -> Option<Frames> {
        self.flow.as_ref().map_or_else(|| self.needle.remaining(), Flow::remaining)
    }
}

/// A speaker that nobody hears.
#[derive(Debug)]
pub struct NullPlayback {
    rate: SampleRate,
    sounding: Sounding,
}

impl NullPlayback {
    /// A speaker whose time passes at `rate`.
    pub fn new(rate: SampleRate) -> NullPlayback {
        NullPlayback { rate, sounding: Sounding::default() }
    }
}

impl Playback for NullPlayback {
    fn name(&self) -> String {
        "none".into()
    }

    fn play(&mut self, clip: Arc<Clip>) -> Result<(), String> {
        self.sounding = Sounding::clip(length_of(&clip, self.rate));
        Ok(())
    }

    fn begin(&mut self) -> Result<SampleRate, String> {
        self.sounding = Sounding::stream();
        Ok(self.rate)
    }

    fn feed(&mut self, frames: &[i16]) -> usize {
        self.sounding.feed(frames, self.rate)
    }

    fn end(&mut self) {
        self.sounding.end();
    }

    fn heard(&mut self) -> Frames {
        self.sounding.taken()
    }

    fn taken(&mut self) -> Frames {
        self.heard()
    }

    fn stop(&mut self) {
        self.sounding = Sounding::default();
    }

    fn state(&mut self) -> Playing {
        self.sounding.state()
    }

    fn advance(&mut self, span: Frames) {
        self.sounding.needle.pass(span);
        self.sounding.flow.iter_mut().for_each(|flow| drop(flow.take(span.0)));
    }

    fn remaining(&self) -> Option<Frames> {
        self.sounding.remaining()
    }
}

/// A speaker that is a WAV file: what sounds, and silence while nothing does.
pub struct WavPlayback {
    path: PathBuf,
    rate: SampleRate,
    writer: Option<WavWriter<BufWriter<File>>>,
    failure: Option<String>,
    sound: Arc<Clip>,
    sounding: Sounding,
    unnamed: u64,
}

impl WavPlayback {
    /// Begins a new file, mono and 16-bit, that only its owner may read.
    ///
    /// # Errors
    /// [`OutputError`]; what stands at the path already is untouched.
    pub fn create(path: &Path, rate: SampleRate) -> Result<WavPlayback, OutputError> {
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::AlreadyExists => OutputError::Exists { path: path.to_path_buf() },
            _ => OutputError::Io { path: path.to_path_buf(), source },
        };
        let spec = wav::mono_spec(rate.0).ok_or_else(|| {
            failed(io::Error::new(io::ErrorKind::InvalidInput, format!("{rate} is no rate for a file")))
        })?;
        let file = private_file::create(path).map_err(failed)?;
        let begun = WavWriter::new(BufWriter::new(file), spec)
            .and_then(|mut writer| writer.flush().map(|()| writer))
            .map_err(|error| failed(wav::io_error(error)))?;
        Ok(WavPlayback {
            path: path.to_path_buf(),
            rate,
            writer: Some(begun),
            failure: None,
            sound: Arc::default(),
            sounding: Sounding::default(),
            unnamed: 0,
        })
    }

    /// Writes `words` and then `silence` frames of silence; what fails is kept for whoever asks.
    fn write(&mut self, words: &[i16], silence: u64) {
        let Some(writer) = &mut self.writer else { return };
        let result = write(writer, words, silence).and_then(|()| {
            self.unnamed += words.len() as u64 + silence;
            if self.unnamed < u64::from(self.rate.0) {
                return Ok(());
            }
            self.unnamed = 0;
            writer.flush().map_err(wav::io_error)
        });
        if let Err(error) = result {
            self.fail(&error);
        }
    }

    fn fail(&mut self, error: &io::Error) {
        self.failure = Some(format!("{} cannot be written any more: {error}", text::path(&self.path)));
        self.writer = None;
    }
}

impl Playback for WavPlayback {
    fn name(&self) -> String {
        format!("the file {}", text::path(&self.path))
    }

    fn play(&mut self, clip: Arc<Clip>) -> Result<(), String> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        self.sound = if clip.rate == self.rate.0 {
            clip
        } else {
            let samples = resample(&clip.samples, SampleRate(clip.rate), self.rate);
            Arc::new(Clip { rate: self.rate.0, samples })
        };
        self.sounding = Sounding::clip(self.sound.samples.len() as u64);
        Ok(())
    }

    fn begin(&mut self) -> Result<SampleRate, String> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        self.sounding = Sounding::stream();
        Ok(self.rate)
    }

    fn feed(&mut self, frames: &[i16]) -> usize {
        self.sounding.feed(frames, self.rate)
    }

    fn end(&mut self) {
        self.sounding.end();
    }

    fn heard(&mut self) -> Frames {
        self.sounding.taken()
    }

    fn taken(&mut self) -> Frames {
        self.heard()
    }

    fn stop(&mut self) {
        self.sounding = Sounding::default();
    }

    fn state(&mut self) -> Playing {
        match &self.failure {
            Some(failure) => Playing::Failed(failure.clone()),
            None => self.sounding.state(),
        }
    }

    fn advance(&mut self, span: Frames) {
        if let Some(flow) = &mut self.sounding.flow {
            let words = flow.take(span.0);
            self.write(&words, span.0 - words.len() as u64);
            return;
        }
        let sound = Arc::clone(&self.sound);
        let words = span.0.min(self.sounding.needle.left());
        let at = self.sounding.needle.at as usize;
        self.write(&sound.samples[at..at + words as usize], span.0 - words);
        self.sounding.needle.pass(span);
    }

    fn remaining(&self) -> Option<Frames> {
        self.sounding.remaining()
    }

    fn finish(&mut self) -> Result<(), String> {
        if let Some(Err(error)) = self.writer.take().map(WavWriter::finalize) {
            self.fail(&wav::io_error(error));
        }
        self.failure.clone().map_or(Ok(()), Err)
    }
}

fn write(writer: &mut WavWriter<BufWriter<File>>, words: &[i16], silence: u64) -> io::Result<()> {
    if (u64::from(writer.len()) + words.len() as u64 + silence) * 2 > wav::MOST_BYTES {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is as long as a WAV file can be"));
    }
    for piece in words.chunks(SILENCE.len()) {
        wav::append(writer, piece)?;
    }
    let mut left = silence as usize;
    while left > 0 {
        let piece = &SILENCE[..left.min(SILENCE.len())];
        wav::append(writer, piece)?;
        left -= piece.len();
    }
    Ok(())
}

fn length_of(clip: &Clip, rate: SampleRate) -> u64 {
    if clip.rate == 0 { 0 } else { length_at(clip.samples.len() as u64, SampleRate(clip.rate), rate) }
}

#[cfg(test)]
#[path = "wav_playback_tests.rs"]
mod tests;
