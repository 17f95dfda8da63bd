//! The whole: feeds a recording, as it comes, to everything that measures it.
//!
//! What it costs and how much it holds does not depend on how the sound is cut into blocks, and neither does any result,
//! to the bit.

use super::downsample::Downsampler;
use super::loudness::Loudness;
use super::pitch::Pitch;
use super::quality::{Condition, Quality};
use super::report::{Parts, Report};
use super::timing::Timing;
use super::{Absent, bands};

/// So many frames are taken at once at most: a tenth of a second at 48 kHz, which stays in the cache from one measure to
/// the next.
const BLOCK: usize = 4_800;

/// Measures how something is said.
///
/// ```
/// use greenroom_speech::{Absent, Delivery};
///
/// let mut delivery = Delivery::new(48_000, 1);
/// delivery.add(&vec![0.0; 48_000]);
/// let report = delivery.finish();
/// assert_eq!(report.spoken.map(|spoken| spoken.nuclei.len()), Err(Absent::NoSound));
/// ```
#[derive(Debug, Clone)]
pub struct Delivery {
    rate_hz: u32,
    channels: Vec<Channel>,
    /// The channel in which speech is looked for; in the mean of all where none is chosen.
    chosen: Option<usize>,
    /// All channels in one.
    mixed: Vec<f32>,
    down: Downsampler,
    low: Vec<f32>,
    timing: Timing,
    pitch: Pitch,
    /// How many samples of the next frame were added.
    ahead: usize,
}

/// What is measured of each channel by itself.
#[derive(Debug, Clone)]
struct Channel {
    quality: Quality,
    loudness: Loudness,
    samples: Vec<f32>,
}

impl Delivery {
    /// Nothing heard yet; the recording has `rate_hz` frames a second and so many channels, each taken for 1 at least.
    ///
    /// Speech is looked for in the mean of the channels. The loudness is that of all of them, as BS.1770 has it, and the
    /// peak that of the loudest.
    pub fn new(rate_hz: u32, channels: usize) -> Delivery {
        let rate_hz = rate_hz.max(1);
        let channel =
            || Channel { quality: Quality::new(rate_hz), loudness: Loudness::new(rate_hz), samples: Vec::new() };
        Delivery {
            rate_hz,
            channels: (0..channels.max(1)).map(|_| channel()).collect(),
            chosen: None,
            mixed: Vec::with_capacity(BLOCK),
            down: Downsampler::new(rate_hz, bands::RATE),
            low: Vec::with_capacity(BLOCK),
            timing: Timing::new(rate_hz),
            pitch: Pitch::new(bands::RATE),
            ahead: 0,
        }
    }

    /// The same with speech looked for in one channel, from 0, where it is there: [`Mix`](super::Mix) says where that is
    /// better than the mean.
    #[must_use]
    pub fn listening_to(mut self, channel: Option<usize>) -> Delivery {
        self.chosen = channel.filter(|channel| *channel < self.channels.len());
        self
    }

    /// Adds samples, full scale being 1, the channels of each frame one after the other, in blocks of any size.
    ///
    /// What is not a number, or absurdly large, counts as 0, and is counted.
    pub fn add(&mut self, samples: &[f32]) {
        self.take(samples, |&sample| sample);
    }

    /// Adds samples of 16 bits.
    pub fn add_i16(&mut self, samples: &[i16]) {
        self.take(samples, |&sample| f32::from(sample) / 32_768.0);
    }

    fn take<T>(&mut self, samples: &[T], value: impl Fn(&T) -> f32) {
        let count = self.channels.len();
        for block in samples.chunks(BLOCK * count) {
            if count == 1 {
                self.channels[0].samples.extend(block.iter().map(&value));
            } else {
                for (place, sample) in block.iter().enumerate() {
                    self.channels[(self.ahead + place) % count].samples.push(value(sample));
                }
                self.ahead = (self.ahead + block.len()) % count;
            }
            self.measure();
        }
    }

    /// Measures the whole frames that are there.
    fn measure(&mut self) {
        let Delivery { channels, chosen, mixed, down, low, timing, pitch, .. } = self;
        let frames = channels.iter().map(|channel| channel.samples.len()).min().unwrap_or(0);
        mixed.clear();
        mixed.resize(frames, 0.0);
        let count = channels.len();
        for (place, Channel { quality, loudness, samples }) in channels.iter_mut().enumerate() {
            let share = match chosen {
                None => 1.0 / count as f32,
                Some(chosen) => f32::from(u8::from(*chosen == place)),
            };
            quality.add(&mut samples[..frames]);
            loudness.add(&samples[..frames]);
            for (mixed, sample) in mixed.iter_mut().zip(&*samples) {
                *mixed += share * sample;
            }
            samples.drain(..frames);
        }
        timing.add_recorded(mixed);
        low.clear();
        down.add(mixed, low);
        timing.add(low);
        pitch.add(low);
    }

    /// What was heard. A frame that is not whole is left out.
    pub fn finish(mut self) -> Report {
        self.low.clear();
        self.down.finish(&mut self.low);
        self.timing.add(&self.low);
        self.pitch.add(&self.low);
        let count = self.channels.len();
        let heard: Vec<_> =
            self.channels.into_iter().map(|channel| (channel.quality.finish(), channel.loudness.finish())).collect();
        let mut heard = heard.into_iter().zip(weights(count));
        let ((mut condition, mut loudness), _) = heard.next().expect("there is one channel at least");
        for ((other, loud), weight) in heard {
            condition = joined(condition, other);
            loudness = loudness.with(&loud, weight);
        }
        Report::of(Parts {
            rate_hz: self.rate_hz,
            channels: count,
            condition,
            loudness,
            spoken: self.timing.finish().map_err(Absent::from),
            contour: self.pitch.finish(),
        })
    }
}

/// How much each channel counts for the loudness (BS.1770-4, table 3): in the order that WAV files have, those behind
/// the listener more, and the one for effects not at all.
fn weights(channels: usize) -> impl Iterator<Item = f32> {
    let known: &[f32] = match channels {
        5 => &[1.0, 1.0, 1.0, 1.41, 1.41],
        6 => &[1.0, 1.0, 1.0, 0.0, 1.41, 1.41],
        _ => &[],
    };
    known.iter().copied().chain(std::iter::repeat(1.0))
}

/// The state of two channels: of each thing the worse.
fn joined(one: Condition, other: Condition) -> Condition {
    let louder = |one: &Option<super::Hum>| one.map_or(f32::NEG_INFINITY, |hum| hum.level.0);
    Condition {
        samples: one.samples,
        peak: if other.peak > one.peak { other.peak } else { one.peak },
        rms: if other.rms > one.rms { other.rms } else { one.rms },
        clipped: one.clipped + other.clipped,
        first_clipped: one.first_clipped.into_iter().chain(other.first_clipped).min(),
        strange: one.strange + other.strange,
        offset: if other.offset.abs() > one.offset.abs() { other.offset } else { one.offset },
        all_zero: one.all_zero && other.all_zero,
        hum: if louder(&other.hum) > louder(&one.hum) { other.hum } else { one.hum },
    }
}

#[cfg(test)]
#[path = "delivery_tests.rs"]
mod tests;
