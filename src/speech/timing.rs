//! When it was spoken: speech and pauses, syllables and likely fillers, from sound as it comes.
//!
//! The tracks are judged in stretches of two minutes, each with half a minute of what is around it, so that the noise
//! may change in an hour and the memory stays the same. Where stretches end does not depend on how the sound comes.

use super::bands::{self, Bands, Frame};
use super::level::Db;
use super::nuclei::nuclei;
use super::voice::{judge, seconds};

/// A stretch of time, in seconds from the beginning.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// Where it begins.
    pub start: f64,
    /// Where it ends.
    pub end: f64,
}

/// What the timing tells.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Spoken {
    /// How long the recording is, in seconds.
    pub duration_s: f64,
    /// Where somebody speaks; between any two of them is a pause.
    pub speech: Vec<Span>,
    /// The silences of 250 ms and more between speech.
    pub pauses: Vec<Span>,
    /// The syllables: when each is at its loudest, in seconds.
    pub nuclei: Vec<f64>,
    /// What is likely a filler: a held voiced sound without a syllable's rise.
    pub filled_pauses: Vec<Span>,
    /// The mean level of what is between the speech.
    pub noise: Option<Db>,
    /// How far the speech is above it, in dB.
    pub snr_db: Option<f32>,
}

/// Listens.
#[derive(Debug, Clone)]
pub struct Timing {
    bands: Bands,
    frames: Vec<Frame>,
    used: usize,
}

/// Why the timing cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Untimed {
    /// There is less than half a second of it.
    TooShort,
    /// There is no sound at all.
    NoSignal,
    /// No speech stands out of the noise.
    NoSpeech,
    /// The noise is so much like speech that pauses and syllables cannot be told from it.
    NoiseLikeSpeech,
}

impl Timing {
    /// Nothing heard yet; the recording has `rate_hz` frames a second, before it is brought to 16 kHz.
    pub fn new(rate_hz: u32) -> Timing {
        Timing { bands: Bands::new(), frames: Vec::new(), used: bands::below(rate_hz) }
    }

    /// Adds sound as it was recorded, full scale being 1, for the levels; before [`Timing::add`] of the same sound.
    pub fn add_recorded(&mut self, samples: &[f32]) {
        let _ = samples;
    }

    /// Adds sound at 16 kHz, full scale being 1, in blocks of any size.
    pub fn add(&mut self, samples: &[f32]) {
        let Timing { bands, frames, .. } = self;
        bands.add(samples, |frame| frames.push(frame));
    }

    /// Tells what was heard.
    ///
    /// # Errors
    /// Why it cannot be told.
    pub fn finish(self) -> Result<Spoken, Untimed> {
        let Timing { bands, mut frames, used } = self;
        bands.finish(|frame| frames.push(frame));
        let judgement = judge(&frames, used).ok_or(Untimed::NoSpeech)?;
        let nuclei: Vec<f64> = nuclei(&frames, &judgement).into_iter().map(seconds).collect();
        let speech: Vec<Span> =
            judgement.edges.iter().map(|(start, end)| Span { start: seconds(*start), end: seconds(*end) }).collect();
        let pauses = speech.windows(2).map(|pair| Span { start: pair[0].end, end: pair[1].start }).collect();
        Ok(Spoken { duration_s: seconds(frames.len() as f64), speech, pauses, nuclei, ..Spoken::default() })
    }
}
