//! How high a voice is, and how it moves: its fundamental frequency every 10 ms.
//!
//! In three steps, each in a file of its own: how alike the sound is to itself a little later (`period`), which periods
//! that leaves once the noise is taken out (`candidates`), and which of them make a path that a voice can take (`path`).
//! There is no range to be set, low or high: 52 to 550 Hz are open to every voice.
//! The idea of candidates and paths is Talkin's ("A robust algorithm for pitch tracking", 1995) and Boersma's (1993).

use std::fmt;
use std::ops::Range;

use super::candidates::Candidates;
use super::path::Paths;
use super::period::Periods;

/// The time from frame to frame in seconds.
pub const STEP_S: f64 = 0.010;

/// How many steps there are in a second.
const STEPS: u64 = 100;

/// The fewest voiced frames that make a voice: half a second of them.
const LEAST: usize = 50;

/// How much of the end of a phrase tells how it ends, in voiced frames.
const ENDING: usize = 15;

/// How finely a frequency is kept, in parts of a Hz.
const PARTS: f32 = 100.0;

/// Why there is no pitch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unpitched {
    /// Less than half a second of it is voiced.
    TooLittleVoice,
}

impl fmt::Display for Unpitched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unpitched::TooLittleVoice => "there is less than half a second of voice in it",
        })
    }
}

/// Hears sound and follows its pitch.
#[derive(Debug, Clone)]
pub struct Pitch {
    periods: Periods,
    candidates: Candidates,
    paths: Paths,
    parts: Vec<u16>,
    /// How many samples were added, and how many there are in a second.
    samples: u64,
    rate: u32,
}

impl Pitch {
    /// Nothing heard yet, at `rate_hz` samples a second: 8 kHz is enough.
    pub fn new(rate_hz: u32) -> Pitch {
        let rate = rate_hz.max(1);
        Pitch {
            periods: Periods::new(rate),
            candidates: Candidates::new(),
            paths: Paths::new(),
            parts: Vec::new(),
            samples: 0,
            rate,
        }
    }

    /// Adds samples, full scale being 1, in blocks of any size.
    pub fn add(&mut self, samples: &[f32]) {
        let Pitch { periods, candidates, paths, parts, .. } = self;
        self.samples += samples.len() as u64;
        periods.add(samples, |compared| {
            candidates.add(compared, |frame| paths.add(&frame, |hertz| parts.push(to_parts(hertz))));
        });
    }

    /// How the pitch went.
    pub fn finish(self) -> Contour {
        let Pitch { periods, mut candidates, mut paths, mut parts, samples, rate } = self;
        periods.finish(|compared| {
            candidates.add(compared, |frame| paths.add(&frame, |hertz| parts.push(to_parts(hertz))));
        });
        candidates.finish(|frame| paths.add(&frame, |hertz| parts.push(to_parts(hertz))));
        paths.finish(|hertz| parts.push(to_parts(hertz)));
        parts.truncate(samples.saturating_mul(STEPS).div_ceil(u64::from(rate)) as usize);
        Contour { parts }
    }
}

fn to_parts(hertz: f32) -> u16 {
    // The conversion saturates.
    (hertz * PARTS).round() as u16
}

/// The pitch of a recording over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contour {
    /// In parts of a Hz, 0 where there is no voice.
    parts: Vec<u16>,
}

impl Contour {
    /// The frequency of each frame in Hz, 0 where there is no voice; frame `i` is centred at `i` times [`STEP_S`].
    pub fn hertz(&self) -> impl ExactSizeIterator<Item = f32> + Clone {
        self.parts.iter().map(|&parts| f32::from(parts) / PARTS)
    }

    /// Leaves out what is voiced outside of the stretches of time, which do not overlap and come in order.
    pub fn keep(&mut self, within: impl IntoIterator<Item = (f64, f64)>) {
        let mut done = 0;
        for (start, end) in within {
            // The conversions saturate.
            let start = ((start / STEP_S).round() as usize).clamp(done, self.parts.len());
            self.parts[done..start].fill(0);
            done = (((end / STEP_S).round() as usize) + 1).clamp(start, self.parts.len());
        }
        self.parts[done..].fill(0);
    }

    /// How long the sound is voiced, in seconds.
    pub fn voiced_s(&self) -> f64 {
        self.parts.iter().filter(|&&parts| parts > 0).count() as f64 * STEP_S
    }

    /// How the voice lies and moves on the whole.
    ///
    /// # Errors
    /// Why it cannot be told.
    pub fn voice(&self) -> Result<Voice, Unpitched> {
        let mut sorted: Vec<u16> = self.parts.iter().copied().filter(|&parts| parts > 0).collect();
        if sorted.len() < LEAST {
            return Err(Unpitched::TooLittleVoice);
        }
        sorted.sort_unstable();
        let at =
            |share: f64| f64::from(sorted[((sorted.len() - 1) as f64 * share).round() as usize]) / f64::from(PARTS);
        let median = at(0.5);
        let count = sorted.len() as f64;
        let apart = |&parts: &u16| semitones(f64::from(parts) / f64::from(PARTS), median);
        let mean = sorted.iter().map(apart).sum::<f64>() / count;
        let variance = sorted.iter().map(|parts| (apart(parts) - mean).powi(2)).sum::<f64>() / count;
        Ok(Voice { median_hz: median, low_hz: at(0.1), high_hz: at(0.9), sd_st: variance.sqrt() })
    }

    /// The median between two times in Hz; `None` where less than 50 ms between them are voiced.
    pub fn median_between(&self, start_s: f64, end_s: f64) -> Option<f64> {
        let mut sorted = self.between(start_s, end_s);
        sorted.sort_unstable();
        let middle = sorted.get(sorted.len() / 2)?;
        (sorted.len() >= 5).then(|| f64::from(*middle) / f64::from(PARTS))
    }

    /// By how many semitones the end of a phrase between two times lies above its median, below 0 where it falls; `None`
    /// where less than 300 ms of the phrase are voiced.
    pub fn ending_st(&self, start_s: f64, end_s: f64) -> Option<f64> {
        let mut phrase = self.between(start_s, end_s);
        if phrase.len() < 2 * ENDING {
            return None;
        }
        let mut ending = phrase.split_off(phrase.len() - ENDING);
        phrase.extend_from_slice(&ending);
        phrase.sort_unstable();
        ending.sort_unstable();
        Some(semitones(f64::from(ending[ENDING / 2]), f64::from(phrase[phrase.len() / 2])))
    }

    /// What is voiced between two times.
    fn between(&self, start_s: f64, end_s: f64) -> Vec<u16> {
        self.parts[self.frames(start_s, end_s)].iter().copied().filter(|&parts| parts > 0).collect()
    }

    /// The frames that are centred between two times.
    fn frames(&self, start_s: f64, end_s: f64) -> Range<usize> {
        // The conversions saturate.
        let end = ((end_s / STEP_S).ceil() as usize).min(self.parts.len());
        let start = ((start_s / STEP_S).ceil() as usize).min(end);
        start..end
    }
}

/// How far one frequency lies above another.
fn semitones(hertz: f64, above: f64) -> f64 {
    12.0 * (hertz / above).log2()
}

/// How a voice lies and moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Voice {
    /// The median in Hz.
    pub median_hz: f64,
    /// A tenth of the voice lies below this, in Hz, and a tenth above the other.
    pub low_hz: f64,
    /// See `low_hz`.
    pub high_hz: f64,
    /// The standard deviation in semitones.
    pub sd_st: f64,
}

impl Voice {
    /// From the 10th to the 90th percentile, in semitones.
    pub fn range_st(&self) -> f64 {
        semitones(self.high_hz, self.low_hz)
    }
}

#[cfg(test)]
#[path = "pitch_tests.rs"]
mod tests;
