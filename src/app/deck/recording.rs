//! A recording of one or several files, as one sound at any rate, from any place on.
//!
//! Knows nothing of the order in which it is heard.

use std::path::PathBuf;
use std::sync::Arc;

use crate::audio::wav::WavError;
use crate::audio::wav_track::WavTrack;
use crate::ports::Clip;
use crate::speech::interpolate::Interpolator;

/// An opened recording: its parts follow each other without a gap, whatever their rates are.
#[derive(Debug)]
pub struct Recording {
    runs: Vec<Run>,
}

impl Recording {
    /// Opens the parts; their headers alone are read. A part without sound is passed over.
    ///
    /// # Errors
    /// [`WavError`], which names the file: where one cannot be played, or none has sound in it.
    pub fn open(parts: &[PathBuf]) -> Result<Recording, WavError> {
        let mut runs: Vec<Run> = Vec::new();
        for path in parts {
            let track = Track::File(WavTrack::open(path)?);
            if track.frames() == 0 {
                continue;
            }
            match runs.last_mut().filter(|run| run.rate == track.rate()) {
                Some(run) => run.append(track),
                None => {
                    let begins = runs.last().map_or(0.0, |run| run.begins + run.seconds());
                    runs.push(Run::of(track, begins));
                }
            }
        }
        if runs.is_empty() {
            return Err(WavError::Empty { path: parts.first().cloned().unwrap_or_default() });
        }
        Ok(Recording { runs })
    }

    /// A sound that is in no file; one without samples, or without a rate, is silence.
    pub fn of_clip(clip: Arc<Clip>) -> Recording {
        let track = Track::Held(clip);
        Recording { runs: if track.rate() == 0 { Vec::new() } else { vec![Run::of(track, 0.0)] } }
    }

    /// How long it is. It becomes shorter where its last file is found to have been cut.
    pub(super) fn seconds(&self) -> f64 {
        self.runs.last().map_or(0.0, |run| run.begins + run.seconds())
    }

    /// How many frames it has at this rate.
    pub(super) fn frames(&self, rate: u32) -> u64 {
        at_rate(self.seconds(), rate)
    }

    /// Fills `output` with the frames from `from` on as they are at this rate; behind the last is silence.
    ///
    /// # Errors
    /// [`WavError`] where a file cannot be read.
    pub(super) fn read(&mut self, rate: u32, from: u64, output: &mut [f32]) -> Result<(), WavError> {
        let mut done = 0;
        let mut runs = self.runs.iter_mut().peekable();
        while let Some(run) = runs.next() {
            let begins = at_rate(run.begins, rate);
            let ends = runs.peek().map_or(u64::MAX, |next| at_rate(next.begins, rate));
            let at = from + done as u64;
            if at >= ends || done == output.len() {
                continue;
            }
            let count = (ends - at).min((output.len() - done) as u64) as usize;
            run.read(rate, at.saturating_sub(begins), &mut output[done..done + count])?;
            done += count;
        }
        output[done..].fill(0.0);
        Ok(())
    }
}

fn at_rate(seconds: f64, rate: u32) -> u64 {
    (seconds * f64::from(rate)).round() as u64
}

/// A part of a recording.
#[derive(Debug)]
enum Track {
    /// It is read as it is heard.
    File(WavTrack),
    /// It is in no file.
    Held(Arc<Clip>),
}

impl Track {
    fn rate(&self) -> u32 {
        match self {
            Track::File(track) => track.rate(),
            Track::Held(clip) => clip.rate,
        }
    }

    fn frames(&self) -> u64 {
        match self {
            Track::File(track) => track.frames(),
            Track::Held(clip) => clip.samples.len() as u64,
        }
    }

    /// Fills `output` with the frames from `from` on, full scale being 1; behind the last frame is silence.
    fn read(&mut self, from: u64, output: &mut [f32]) -> Result<(), WavError> {
        match self {
            Track::File(track) => track.read(from, output),
            Track::Held(clip) => {
                let from = usize::try_from(from).unwrap_or(usize::MAX).min(clip.samples.len());
                let samples = clip.samples[from..].iter().map(|sample| f32::from(*sample) / 32_768.0);
                output.iter_mut().zip(samples.chain(std::iter::repeat(0.0))).for_each(|(to, sample)| *to = sample);
                Ok(())
            }
        }
    }
}

/// Parts of one rate that follow each other.
#[derive(Debug)]
struct Run {
    rate: u32,
    /// When it begins, in seconds.
    begins: f64,
    /// Each part with its first frame; a part keeps its place even if it is found to have been cut.
    tracks: Vec<(u64, Track)>,
    interpolator: Option<(u32, Interpolator)>,
    around: Vec<f32>,
}

impl Run {
    fn of(track: Track, begins: f64) -> Run {
        Run { rate: track.rate(), begins, tracks: vec![(0, track)], interpolator: None, around: Vec::new() }
    }

    fn append(&mut self, track: Track) {
        let first = self.frames();
        self.tracks.push((first, track));
    }

    fn frames(&self) -> u64 {
        self.tracks.last().map_or(0, |(first, track)| first + track.frames())
    }

    fn seconds(&self) -> f64 {
        self.frames() as f64 / f64::from(self.rate)
    }

    fn read(&mut self, rate: u32, from: u64, output: &mut [f32]) -> Result<(), WavError> {
        if rate == self.rate {
            return read_own(&mut self.tracks, from as i64, output);
        }
        if self.interpolator.as_ref().is_none_or(|(to, _)| *to != rate) {
            self.interpolator = Some((rate, Interpolator::new(self.rate, rate)));
        }
        let Some((_, interpolator)) = &self.interpolator else { return Ok(()) };
        let needs = interpolator.needs(from, output.len());
        self.around.resize((needs.end - needs.start) as usize, 0.0);
        read_own(&mut self.tracks, needs.start, &mut self.around)?;
        interpolator.fill(from, &self.around, output);
        Ok(())
    }
}

/// Reads frames at the rate of the run; before the first and behind the last is silence.
fn read_own(tracks: &mut [(u64, Track)], from: i64, output: &mut [f32]) -> Result<(), WavError> {
    let before = (from.min(0).unsigned_abs() as usize).min(output.len());
    output[..before].fill(0.0);
    let (mut done, from) = (before, from.max(0) as u64);
    let mut tracks = tracks.iter_mut().peekable();
    while let Some((first, track)) = tracks.next() {
        let ends = tracks.peek().map_or(u64::MAX, |(next, _)| *next);
        let at = from + (done - before) as u64;
        if at >= ends || done == output.len() {
            continue;
        }
        let count = (ends - at).min((output.len() - done) as u64) as usize;
        track.read(at - *first, &mut output[done..done + count])?;
        done += count;
    }
    Ok(())
}

#[cfg(test)]
#[path = "recording_tests.rs"]
mod tests;
