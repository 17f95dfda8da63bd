//! How high a voice is, and how it moves: its fundamental frequency every 10 ms.
//!
//! In three steps, each in a file of its own: how alike the sound is to itself a little later (`period`), which periods
//! that leaves once the noise is taken out (`candidates`), and which of them make a path that a voice can take (`path`).
//! There is no range to be set, low or high: 52 to 550 Hz are open to every voice.
//! The idea of candidates and paths is Talkin's ("A robust algorithm for pitch tracking", 1995) and Boersma's (1993).

use std::fmt;

use super::candidates::Candidates;
use super::contour::Contour;
use super::path::Paths;
use super::period::Periods;
use super::track::Track;

/// The time from frame to frame in seconds.
pub const STEP_S: f64 = 0.010;

/// How many steps there are in a second.
const STEPS: u64 = 100;

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
    track: Track,
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
            track: Track::default(),
            samples: 0,
            rate,
        }
    }

    /// Adds samples, full scale being 1, in blocks of any size.
    pub fn add(&mut self, samples: &[f32]) {
        let Pitch { periods, candidates, paths, track, .. } = self;
        self.samples += samples.len() as u64;
        periods.add(samples, |compared| {
            candidates.add(compared, |frame| paths.add(&frame, |hertz| track.push(hertz)));
        });
    }

    /// How the pitch went.
    pub fn finish(self) -> Contour {
        let Pitch { periods, mut candidates, mut paths, mut track, samples, rate } = self;
        periods.finish(|compared| {
            candidates.add(compared, |frame| paths.add(&frame, |hertz| track.push(hertz)));
        });
        candidates.finish(|frame| paths.add(&frame, |hertz| track.push(hertz)));
        paths.finish(|hertz| track.push(hertz));
        Contour::of(track, samples.saturating_mul(STEPS).div_ceil(u64::from(rate)) as usize)
    }
}

#[cfg(test)]
#[path = "pitch_tests.rs"]
mod tests;
