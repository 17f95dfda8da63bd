//! What is kept of each 10 ms of sound: its power in nine bands, how voiced it is, and how its energy runs in quarters.
//!
//! Takes sound at 16 kHz. Knows nothing of noise and speech: what the tracks mean is told by `voice.rs` and
//! `nuclei.rs`.

use super::fft::{Fft, LANES, LENGTH, Lanes};
use std::f64::consts::TAU;

/// The rate that sound comes in, in Hz.
pub const RATE: u32 = 16_000;

/// The samples of a frame: 10 ms.
pub const HOP: usize = 160;

/// How long a frame is, in seconds.
pub const SECONDS: f64 = 0.010;

/// How many bands there are.
pub const BANDS: usize = 9;

/// Where the bands begin and the last one ends, in bins of 31.25 Hz: about 150, 300, 480, 800, 1200, 1800, 2600, 3600,
/// 5200 and 7500 Hz, each some two critical bands wide (Zwicker 1961, doi 10.1121/1.1908630).
const EDGES: [usize; BANDS + 1] = [5, 10, 16, 26, 39, 58, 84, 116, 167, 241];

/// How many parts a frame has in which its energy is kept, for the edges of speech.
pub const PARTS: usize = 4;

/// The samples of such a part: 2.5 ms.
const PART: usize = HOP / PARTS;

/// The bins that tell whether a frame is voiced: 125 to 1000 Hz, where the harmonics of any voice are strong.
const VOICED: std::ops::RangeInclusive<usize> = 4..=32;

/// The periods that are tried, in samples: 75 to 500 Hz, in steps of a quarter of a millisecond.
const PERIODS: std::ops::RangeInclusive<usize> = 32..=214;
/// See [`PERIODS`].
const PERIOD_STEP: usize = 4;

/// How many of the bands lie in what a recording of this rate can have, with room for its filters; one at least.
pub fn below(rate_hz: u32) -> usize {
    let top = f64::from(rate_hz) * 0.46 / 31.25;
    EDGES[1..].iter().filter(|edge| **edge as f64 <= top).count().max(1)
}

/// What is kept of 10 ms.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Frame {
    /// The mean square in each band under a window of 32 ms, full scale being 1.
    pub bands: [f32; BANDS],
    /// The mean square of each quarter between 0.3 and 5 kHz, roughly, and above 3 kHz.
    pub middle: [f32; PARTS],
    /// See [`Frame::middle`].
    pub high: [f32; PARTS],
    /// How much of the window repeats itself with the period of a voice: 0 to 1.
    pub voicing: f32,
}

/// Makes frames of sound at 16 kHz.
#[derive(Debug, Clone)]
pub struct Bands {
    fft: Fft,
    shape: Box<[f32; LENGTH]>,
    /// What makes of the powers of the bins a mean square.
    scale: f32,
    /// The cosines of each period, over the bins.
    periods: Vec<[f32; 29]>,
    /// What the window itself leaves of a repetition at each period.
    left: Vec<f32>,
    samples: Vec<f32>,
    power: Vec<Lanes>,
    /// How many samples were added.
    heard: u64,
    /// How many frames came out.
    made: u64,
}

/// How far the window reaches before the frame it tells about, in samples.
const BEFORE: usize = (LENGTH - HOP) / 2;

/// The samples that eight frames need.
const NEEDED: usize = (LANES - 1) * HOP + LENGTH;

impl Default for Bands {
    fn default() -> Bands {
        Bands::new()
    }
}

impl Bands {
    /// Nothing heard yet.
    pub fn new() -> Bands {
        let hann = |n: usize| 0.5 - 0.5 * (TAU * (n as f64 + 0.5) / LENGTH as f64).cos();
        let energy: f64 = (0..LENGTH).map(|n| hann(n).powi(2)).sum();
        let overlap = |period: usize| (0..LENGTH - period).map(|n| hann(n) * hann(n + period)).sum::<f64>() / energy;
        let cosine = |period: usize, bin: usize| (TAU * (period * bin) as f64 / LENGTH as f64).cos() as f32;
        let tried = || PERIODS.step_by(PERIOD_STEP);
        let mut samples = Vec::with_capacity(NEEDED);
        samples.resize(BEFORE, 0.0);
        Bands {
            fft: Fft::new(),
            shape: Box::new(std::array::from_fn(|n| hann(n) as f32)),
            // Each bin but the first stands for two, and the window takes some of the power.
            scale: (2.0 / (LENGTH as f64 * energy)) as f32,
            periods: tried().map(|period| std::array::from_fn(|k| cosine(period, k + VOICED.start()))).collect(),
            left: tried().map(|period| (1.0 / overlap(period)) as f32).collect(),
            samples,
            power: vec![[0.0; LANES]; EDGES[BANDS]],
            heard: 0,
            made: 0,
        }
    }

    /// Adds sound at 16 kHz, full scale being 1, in blocks of any size; passes on each frame that is complete.
    pub fn add(&mut self, mut samples: &[f32], mut each: impl FnMut(Frame)) {
        self.heard += samples.len() as u64;
        while !samples.is_empty() {
            let (now, later) = samples.split_at(samples.len().min(NEEDED - self.samples.len()));
            self.samples.extend_from_slice(now);
            samples = later;
            if self.samples.len() == NEEDED {
                self.turn(LANES, &mut each);
            }
        }
    }

    /// Passes on the last frames; what does not fill one at the end is not told of.
    pub fn finish(mut self, mut each: impl FnMut(Frame)) {
        let mut missing = (self.heard / HOP as u64 - self.made) as usize;
        while missing > 0 {
            self.samples.resize(NEEDED, 0.0);
            let count = missing.min(LANES);
            self.turn(count, &mut each);
            missing -= count;
        }
    }

    /// Makes `count` of eight frames, and keeps what the next ones need.
    fn turn(&mut self, count: usize, each: &mut impl FnMut(Frame)) {
        self.fft.power(&self.samples, HOP, &self.shape, &mut self.power);
        let mut frames = [Frame::default(); LANES];
        for (band, edges) in EDGES.windows(2).enumerate() {
            let mut sum = [0.0f32; LANES];
            for bin in &self.power[edges[0]..edges[1]] {
                for l in 0..LANES {
                    sum[l] += bin[l];
                }
            }
            for l in 0..LANES {
                frames[l].bands[band] = sum[l] * self.scale;
            }
        }
        let voicing = self.voicing();
        for (l, frame) in frames.iter_mut().enumerate() {
            frame.voicing = voicing[l];
            for part in 0..PARTS {
                let start = BEFORE + l * HOP + part * PART;
                (frame.middle[part], frame.high[part]) = fine(&self.samples[start - 3..start + PART]);
            }
        }
        frames[..count].iter().for_each(|frame| each(*frame));
        self.made += count as u64;
        self.samples.copy_within(LANES * HOP.., 0);
        self.samples.truncate(NEEDED - LANES * HOP);
    }

    /// The highest peak of the autocorrelation among the periods of a voice, over what the window leaves of it
    /// (Boersma 1993: Accurate short-term analysis of the fundamental frequency).
    fn voicing(&self) -> Lanes {
        let bins = &self.power[*VOICED.start()..=*VOICED.end()];
        let mut whole = [1e-20f32; LANES];
        for bin in bins {
            for l in 0..LANES {
                whole[l] += bin[l];
            }
        }
        let (mut best, mut before, mut last) = ([0.0f32; LANES], [f32::MAX; LANES], [f32::MAX; LANES]);
        for (cosines, left) in self.periods.iter().zip(&self.left) {
            let mut sum = [0.0f32; LANES];
            for (bin, cosine) in bins.iter().zip(cosines) {
                for l in 0..LANES {
                    sum[l] += bin[l] * cosine;
                }
            }
            for l in 0..LANES {
                let now = sum[l] * left / whole[l];
                // The top of the parabola through the highest of three and those beside it.
                let (slope, bend) = (now - before[l], now - 2.0 * last[l] + before[l]);
                let top = last[l] - slope * slope / (8.0 * bend.min(-1e-6));
                let peak = if last[l] > before[l] && last[l] >= now { top } else { 0.0 };
                best[l] = best[l].max(peak);
                before[l] = last[l];
                last[l] = now;
            }
        }
        best.map(|value| value.clamp(0.0, 1.0))
    }
}

/// The mean square of a part, as [`Frame::middle`] and [`Frame::high`] have it: of differences, which leave little of
/// hum and of the low end that most noise has. The first three samples are those before the part.
fn fine(samples: &[f32]) -> (f32, f32) {
    let (mut middle, mut high) = ([0.0f32; 4], [0.0f32; 4]);
    for n in (3..samples.len() - 3).step_by(4) {
        for l in 0..4 {
            let at = n + l;
            let wide = samples[at] - samples[at - 3];
            let bend = samples[at] - 2.0 * samples[at - 1] + samples[at - 2];
            middle[l] += wide * wide;
            high[l] += bend * bend;
        }
    }
    // A tone in the middle of its band comes out as it is: a difference doubles it, a second difference makes it four.
    (middle.iter().sum::<f32>() / (4 * PART) as f32, high.iter().sum::<f32>() / (16 * PART) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(samples: &[f32], block: usize) -> Vec<Frame> {
        let (mut bands, mut frames) = (Bands::new(), Vec::new());
        samples.chunks(block).for_each(|chunk| bands.add(chunk, |frame| frames.push(frame)));
        bands.finish(|frame| frames.push(frame));
        frames
    }

    fn tone(hertz: f64, seconds: f64) -> Vec<f32> {
        let count = (seconds * f64::from(RATE)) as usize;
        (0..count).map(|n| (TAU * hertz * n as f64 / f64::from(RATE)).sin() as f32).collect()
    }

    #[test]
    fn a_tone_stands_in_its_own_band_with_its_own_power() {
        for (hertz, band) in [(220.0, 0), (400.0, 1), (1_000.0, 3), (3_000.0, 6), (6_000.0, 8)] {
            let frame = frames(&tone(hertz, 0.5), 480)[25];
            assert!((frame.bands[band] - 0.5).abs() < 0.01, "{hertz} Hz: {:?}", frame.bands);
            let others: f32 = (0..BANDS).filter(|other| *other != band).map(|other| frame.bands[other]).sum();
            assert!(others < 0.005, "{hertz} Hz: {:?}", frame.bands);
        }
    }

    #[test]
    fn the_size_of_the_blocks_changes_no_bit() {
        let samples: Vec<f32> = tone(210.0, 1.003).iter().zip(tone(1_333.0, 1.003)).map(|(a, b)| a * b).collect();
        let whole = frames(&samples, samples.len());
        assert_eq!(whole.len(), 100);
        for block in [1, 7, 160, 1_000] {
            assert_eq!(frames(&samples, block), whole, "{block}");
        }
    }

    #[test]
    fn what_repeats_is_voiced_and_noise_is_not() {
        for hertz in [80.0, 120.0, 230.0, 400.0] {
            let samples: Vec<f32> = (0..RATE as usize)
                .map(|n| (1..9).map(|k| (TAU * hertz * f64::from(k * n as u32) / f64::from(RATE)).sin()).sum::<f64>())
                .map(|value| value as f32 / 8.0)
                .collect();
            let voicing = frames(&samples, 160)[50].voicing;
            assert!(voicing > 0.9, "{hertz} Hz: {voicing}");
        }
        let mut seed = 3u32;
        let noise: Vec<f32> = (0..RATE)
            .map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 8) as f32 / (1 << 23) as f32 - 1.0
            })
            .collect();
        let frames = frames(&noise, 160);
        let mean = frames.iter().map(|frame| frame.voicing).sum::<f32>() / frames.len() as f32;
        assert!(mean < 0.45, "{mean}");
    }

    #[test]
    fn a_step_is_found_within_a_quarter_of_a_frame() {
        let mut samples = vec![0.0; 8_000];
        samples.extend(tone(1_000.0, 0.2));
        let frames = frames(&samples, 480);
        let parts: Vec<f32> = frames.iter().flat_map(|frame| frame.middle).collect();
        assert_eq!(parts.iter().position(|part| *part > 0.01), Some(200));
    }
}
