//! When it was spoken: speech and pauses, syllables and likely fillers, from sound as it comes.
//!
//! The tracks are judged in stretches of two minutes, of which twenty seconds at each end are what is around it, so that the noise
//! may change in an hour and the memory stays the same. Where stretches end does not depend on how the sound comes.

use std::fmt;

use super::bands::{self, Bands, Frame};
use super::fillers::fillers;
use super::level::Db;
use super::nuclei::nuclei;
use super::room::{Loudness, Room};
use super::tally::Tally;
use super::voice::{judge, ratio, seconds};

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

impl fmt::Display for Untimed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Untimed::TooShort => "too little was recorded",
            Untimed::NoSignal => "the recording has no sound at all",
            Untimed::NoSpeech => "no speech stands out of the noise",
            Untimed::NoiseLikeSpeech => "the noise is too much like speech to be told from it",
        })
    }
}

/// So many frames are judged at once: two minutes.
const STRETCH: usize = 12_000;

/// So many frames of them, before and after, are only there to tell what the noise is like: twenty seconds.
const AROUND: usize = 2_000;

/// Less than this, in frames, is too little.
const LEAST: usize = 50;

/// The shortest pause, in frames; a shorter gap belongs to the speech around it (de Jong and Bosker 2013).
const SHORTEST_PAUSE: f64 = 25.0;

/// Noise that rises so far above its own middle for a fifth of the time, in dB, is other people speaking (even noise
/// rises by 0.4 to 0.9 dB, five voices by 2.2 and more).
const BABBLE: f32 = 2.0;

/// The part of a stretch in which somebody pauses at least, if it is as long as this, in frames: where there is less, the
/// noise is not heard by itself. A single phrase has no pause, and is none the worse for it.
const PAUSES: f32 = 0.05;
/// See [`PAUSES`].
const LONG: usize = 1_000;

/// From where on a voice is told from either, in dB above the mean of the noise.
const ABOVE_BABBLE: f32 = 10.0;

/// Listens.
#[derive(Debug, Clone)]
pub struct Timing {
    bands: Bands,
    room: Room,
    /// How many of the bands the recording has.
    used: usize,
    /// The frames of the stretch, and how many came before it.
    frames: Vec<Frame>,
    before: usize,
    /// The levels as recorded, from the same frame on.
    levels: Vec<Loudness>,
    /// Up to which frame all is told.
    told: usize,
    sounds: bool,
    speech: Vec<(f64, f64)>,
    nuclei: Vec<f64>,
    fillers: Vec<(f64, f64)>,
    tally: Tally,
    /// How many stretches have speech, and in how many of those the noise is too much like it.
    stretches: (u32, u32),
}

impl Timing {
    /// Nothing heard yet; the recording has `rate_hz` frames a second, before it is brought to 16 kHz.
    pub fn new(rate_hz: u32) -> Timing {
        Timing {
            bands: Bands::new(),
            room: Room::new(rate_hz),
            used: bands::below(rate_hz),
            frames: Vec::new(),
            before: 0,
            levels: Vec::new(),
            told: 0,
            sounds: false,
            speech: Vec::new(),
            nuclei: Vec::new(),
            fillers: Vec::new(),
            tally: Tally::default(),
            stretches: (0, 0),
        }
    }

    /// Adds sound as it was recorded, full scale being 1, for the levels; before [`Timing::add`] of the same sound.
    /// Without it, levels are those of the bands up to 7.5 kHz.
    pub fn add_recorded(&mut self, samples: &[f32]) {
        let Timing { room, levels, .. } = self;
        room.add(samples, |level| levels.push(level));
    }

    /// Adds sound at 16 kHz, full scale being 1, in blocks of any size.
    pub fn add(&mut self, samples: &[f32]) {
        // No block reaches past a stretch, so that each is judged when it is full.
        for block in samples.chunks(bands::HOP) {
            let Timing { bands, frames, .. } = self;
            bands.add(block, |frame| frames.push(frame));
            if self.frames.len() >= STRETCH {
                self.turn();
            }
        }
    }

    /// Tells what was heard.
    ///
    /// # Errors
    /// Why it cannot be told.
    pub fn finish(mut self) -> Result<Spoken, Untimed> {
        let bands = std::mem::take(&mut self.bands);
        bands.finish(|frame| self.frames.push(frame));
        let end = self.before + self.frames.len();
        self.judge(self.frames.len(), end);
        if end < LEAST {
            return Err(Untimed::TooShort);
        }
        if !self.sounds {
            return Err(Untimed::NoSignal);
        }
        if self.speech.is_empty() {
            return Err(Untimed::NoSpeech);
        }
        if 2 * self.stretches.1 > self.stretches.0 {
            return Err(Untimed::NoiseLikeSpeech);
        }
        let speech: Vec<Span> = self.speech.iter().map(Span::of).collect();
        let pauses = speech.windows(2).map(|pair| Span { start: pair[0].end, end: pair[1].start }).collect();
        Ok(Spoken {
            duration_s: seconds(end as f64),
            speech,
            pauses,
            nuclei: self.nuclei.into_iter().map(seconds).collect(),
            filled_pauses: self.fillers.iter().map(Span::of).collect(),
            noise: self.tally.noise(),
            snr_db: self.tally.above_noise(),
        })
    }

    /// Judges a full stretch, tells all but its end, and lets go of all but what the next one has around it.
    fn turn(&mut self) {
        self.judge(STRETCH, self.before + STRETCH - AROUND);
        let gone = STRETCH - 2 * AROUND;
        self.frames.drain(..gone);
        self.levels.drain(..gone.min(self.levels.len()));
        self.before += gone;
    }

    /// Judges the first `count` frames and takes down what is not told yet, up to a frame.
    fn judge(&mut self, count: usize, until: usize) {
        let frames = &self.frames[..count];
        let (from, to) = (self.told, until);
        self.told = until;
        self.sounds |= frames.iter().any(|frame| frame.bands.iter().sum::<f32>() > 0.0);
        let offset = self.before;
        let new = from - offset..to - offset;
        let level = |n: usize| self.levels.get(n).copied().unwrap_or_else(|| of_bands(&frames[n]));
        let Some(judgement) = judge(frames, self.used) else {
            self.tally.add_noise(new.map(level));
            return;
        };
        let within = |time: f64| (from as f64..to as f64).contains(&(time + offset as f64));
        self.tally.add_noise(judgement.calm.iter().copied().filter(|n| new.contains(n)).map(level));
        for run in &judgement.speech {
            self.tally.add_speech((run.start.max(new.start)..run.end.min(new.end)).map(level));
        }
        for (start, end) in &judgement.edges {
            let (start, end) = ((start + offset as f64).max(from as f64), (end + offset as f64).min(to as f64));
            match self.speech.last_mut() {
                _ if start >= end => {}
                Some(last) if start < last.1 + SHORTEST_PAUSE => last.1 = last.1.max(end),
                _ => self.speech.push((start, end)),
            }
        }
        for (part, judgement) in judgement.parts(count) {
            let nuclei = nuclei(&frames[part.clone()], &judgement).into_iter().map(|time| time + part.start as f64);
            self.nuclei.extend(nuclei.filter(|time| within(*time)).map(|time| time + offset as f64));
        }
        let fillers = fillers(frames, &judgement).into_iter().filter(|filler| within(filler.start as f64));
        self.fillers.extend(fillers.map(|filler| ((filler.start + offset) as f64, (filler.end + offset) as f64)));
        let noise: f32 = judgement.noise[..self.used].iter().sum();
        let spoken: usize = judgement.speech.iter().map(ExactSizeIterator::len).sum();
        let breathless = count >= LONG && ((count - spoken) as f32) < PAUSES * count as f32;
        let hidden = judgement.uneven > BABBLE || breathless;
        let babble = hidden && judgement.active < ratio(ABOVE_BABBLE) * noise;
        self.stretches = (self.stretches.0 + 1, self.stretches.1 + u32::from(babble));
    }
}

impl Span {
    /// How long it is, in seconds.
    pub fn length(&self) -> f64 {
        self.end - self.start
    }

    fn of(frames: &(f64, f64)) -> Span {
        Span { start: seconds(frames.0), end: seconds(frames.1) }
    }
}

/// The level of a frame by its bands.
fn of_bands(frame: &Frame) -> Loudness {
    Loudness { power: frame.bands.iter().sum(), mean: 0.0 }
}
