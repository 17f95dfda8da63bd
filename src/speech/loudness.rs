//! How loud a recording is to the ear, by ITU-R BS.1770-4 (EBU R 128): loudness in LUFS, of the whole and over time.
//!
//! One channel: what the channels of a recording are to each other is the caller's business.
//! The K-weighting is what takes the time. Its filters need the sample before for the next one, so eight stretches of the
//! sound go through them side by side, each from a little before its own beginning.

use std::f64::consts::{PI, TAU};
use std::fmt;

/// How many stretches go side by side.
const LANES: usize = 8;

/// How many steps of 100 ms a stretch has.
const STEPS: usize = 3;

/// How long before its beginning a stretch sets out, in seconds: the slowest part of the filters, at 38 Hz, has by then
/// forgotten all but a 20,000th part of what it did not hear.
const RUN_UP: f64 = 0.055;

/// Quieter blocks than this do not count, in LUFS (BS.1770-4).
const ABSOLUTE_GATE: f64 = -70.0;

/// Blocks that lie so far below the mean of the others do not count, in LU (BS.1770-4).
const RELATIVE_GATE: f64 = 10.0;

/// How many steps of 100 ms a block has, and the window of the short-term loudness.
const BLOCK: usize = 4;
/// See [`BLOCK`].
const SHORT_TERM: usize = 30;

/// Why there is no loudness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unloud {
    /// It is shorter than the 400 ms of one block.
    TooShort,
    /// No block of it is louder than -70 LUFS.
    TooQuiet,
}

impl fmt::Display for Unloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unloud::TooShort => "it is shorter than 400 ms",
            Unloud::TooQuiet => "nothing in it is louder than -70 LUFS",
        })
    }
}

/// Hears sound, and tells how loud it was.
#[derive(Debug, Clone)]
pub struct Loudness {
    weighting: Weighting,
    /// How many samples a step of 100 ms has, and how many the run-up.
    step: usize,
    run_up: usize,
    /// The run-up and the samples of all stretches.
    samples: Vec<f32>,
    powers: Vec<f32>,
}

impl Loudness {
    /// Nothing heard yet, at `rate_hz` samples a second.
    pub fn new(rate_hz: u32) -> Loudness {
        let rate = f64::from(rate_hz.clamp(1_000, 1 << 20));
        let (step, run_up) = ((rate / 10.0).round() as usize, (rate * RUN_UP) as usize);
        let mut samples = Vec::with_capacity(run_up + LANES * STEPS * step);
        samples.resize(run_up, 0.0);
        Loudness { weighting: Weighting::at(rate), step, run_up, samples, powers: Vec::new() }
    }

    /// Adds samples, full scale being 1, in blocks of any size.
    pub fn add(&mut self, mut samples: &[f32]) {
        let full = self.run_up + LANES * STEPS * self.step;
        while !samples.is_empty() {
            let part = samples.len().min(full - self.samples.len());
            self.samples.extend_from_slice(&samples[..part]);
            samples = &samples[part..];
            if self.samples.len() == full {
                self.turn();
                self.samples.copy_within(full - self.run_up.., 0);
                self.samples.truncate(self.run_up);
            }
        }
    }

    /// Weighs the samples that are there, as if silence followed.
    fn turn(&mut self) {
        let stretch = STEPS * self.step;
        let mut sounds = self.weighting.clone();
        let lanes: [&[f32]; LANES] =
            std::array::from_fn(|lane| &self.samples[lane * stretch..lane * stretch + self.run_up + stretch]);
        sounds.run(&lanes, 0..self.run_up);
        let mut powers = [[0.0f32; LANES]; STEPS];
        for (step, powers) in powers.iter_mut().enumerate() {
            let start = self.run_up + step * self.step;
            let sums = sounds.run(&lanes, start..start + self.step);
            *powers = sums.map(|sum| (sum / self.step as f64) as f32);
        }
        for lane in 0..LANES {
            self.powers.extend(powers.iter().map(|step| step[lane]));
        }
    }

    /// What was heard. A part of less than 100 ms at the end is not judged.
    pub fn finish(mut self) -> Heard {
        let full = self.run_up + LANES * STEPS * self.step;
        let rest = (self.samples.len() - self.run_up) / self.step;
        let whole = self.powers.len();
        self.samples.resize(full, 0.0);
        self.turn();
        self.powers.truncate(whole + rest);
        Heard { powers: self.powers, step_s: self.step as f64 * self.weighting.seconds }
    }
}

/// The loudness of what was heard.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    /// The weighted mean square of each step.
    powers: Vec<f32>,
    /// How long a step is, in seconds: a tenth, up to the rounding of a rate that has no tenth.
    step_s: f64,
}

impl Heard {
    /// The loudness of the whole in LUFS, gated.
    ///
    /// # Errors
    /// Why there is none.
    pub fn integrated(&self) -> Result<f64, Unloud> {
        if self.powers.len() < BLOCK {
            return Err(Unloud::TooShort);
        }
        let above = |gate: f64| {
            let blocks = self.powers.windows(BLOCK).map(mean).filter(move |&power| lufs(power) > gate);
            let (count, sum) = blocks.fold((0u64, 0.0), |(count, sum), power| (count + 1, sum + power));
            (count > 0).then(|| lufs(sum / count as f64))
        };
        let loud = above(ABSOLUTE_GATE).ok_or(Unloud::TooQuiet)?;
        above(ABSOLUTE_GATE.max(loud - RELATIVE_GATE)).ok_or(Unloud::TooQuiet)
    }

    /// This and another channel of the same recording together, of which the other counts `weight` times as much.
    #[must_use]
    pub fn with(mut self, other: &Heard, weight: f32) -> Heard {
        for (power, more) in self.powers.iter_mut().zip(&other.powers) {
            *power += weight * more;
        }
        self
    }

    /// The short-term loudness in LUFS, ungated: of the 3 s that end with each step; the first ends after 3 s.
    pub fn short_term(&self) -> impl Iterator<Item = f64> {
        self.powers.windows(SHORT_TERM).map(|window| lufs(mean(window)))
    }

    /// The loudness between two times in LUFS, ungated, by whole steps; `None` where no step lies within.
    pub fn between(&self, start_s: f64, end_s: f64) -> Option<f64> {
        // The conversions saturate.
        let start = (start_s / self.step_s).ceil() as usize;
        let end = ((end_s / self.step_s).floor() as usize).min(self.powers.len());
        (start < end).then(|| lufs(mean(&self.powers[start..end])))
    }

    /// How long a step is, in seconds.
    pub fn step_s(&self) -> f64 {
        self.step_s
    }
}

fn mean(powers: &[f32]) -> f64 {
    powers.iter().copied().map(f64::from).sum::<f64>() / powers.len() as f64
}

/// The loudness of a weighted mean square; minus infinity for silence.
fn lufs(power: f64) -> f64 {
    10.0 * power.log10() - 0.691
}

/// The zeros and the poles of a filter of second order; its first pole coefficient is 1.
type Filter = ([f64; 3], [f64; 2]);

/// The rate for which the standard gives its filters, in Hz.
const STANDARD: f64 = 48_000.0;

/// The shelf, which stands for the head (BS.1770-4, table 1).
const SHELF: Filter = ([1.53512485958697, -2.69169618940638, 1.19839281085285], [-1.69065929318241, 0.73248077421585]);

/// The high-pass (BS.1770-4, table 2).
const HIGH_PASS: Filter = ([1.0, -2.0, 1.0], [-1.99004745483398, 0.99007225036621]);

/// The poles of one of the filters, a pair of complex numbers, at another rate.
fn poles_at(rate: f64, (_, [a1, a2]): Filter) -> [f64; 2] {
    let radius = a2.sqrt();
    let (radius, angle) = (radius.powf(STANDARD / rate), (-a1 / (2.0 * radius)).acos() * STANDARD / rate);
    [-2.0 * radius * angle.cos(), radius * radius]
}

/// The shelf at another rate.
fn shelf_at(rate: f64) -> Filter {
    let poles = poles_at(rate, SHELF);
    let gain = |hertz: f64| squared_gain(SHELF, (TAU * hertz.min(STANDARD / 2.0) / STANDARD).cos());
    let between = (rate / 5.0).min(2_000.0);
    let high = (PI * between / rate).sin().powi(2);
    let parts = [1.0 - high, high, 4.0 * high * (1.0 - high)];
    let [low, top] = [1.0 + poles[0] + poles[1], 1.0 - poles[0] + poles[1]].map(|sum| sum * sum);
    let under = low * parts[0] + top * parts[1] - 4.0 * poles[1] * parts[2];
    let (low, top) = (low * gain(0.0), top * gain(rate / 2.0));
    let bent = (gain(between) * under - low * parts[0] - top * parts[1]) / parts[2];
    let half = (low.sqrt() + top.sqrt()) / 2.0;
    let first = (half + (half * half + bent).max(0.0).sqrt()) / 2.0;
    ([first, (low.sqrt() - top.sqrt()) / 2.0, -bent / (4.0 * first)], poles)
}

/// The high-pass at another rate.
fn high_pass_at(rate: f64) -> Filter {
    let poles = poles_at(rate, HIGH_PASS);
    let hertz = (rate / 5.0).min(1_000.0);
    let here = squared_gain(([1.0, -2.0, 1.0], poles), (TAU * hertz / rate).cos());
    let gain = (squared_gain(HIGH_PASS, (TAU * hertz / STANDARD).cos()) / here).sqrt();
    ([gain, -2.0 * gain, gain], poles)
}

/// The square of a filter's gain at the frequency whose cosine is given.
fn squared_gain((zeros, poles): Filter, cosine: f64) -> f64 {
    // |p + q/z + r/z²|² in powers of the cosine.
    let squared =
        |p: f64, q: f64, r: f64| (p - r).powi(2) + q * q + 2.0 * q * (p + r) * cosine + 4.0 * p * r * cosine * cosine;
    squared(zeros[0], zeros[1], zeros[2]) / squared(1.0, poles[0], poles[1])
}

/// Both filters of the K-weighting, and what they keep, for each lane.
#[derive(Debug, Clone)]
struct Weighting {
    /// The length of a sample in seconds.
    seconds: f64,
    /// The shelf, which stands for the head: its zeros and its poles.
    shelf: [f32; 5],
    /// The high-pass, which has both zeros at 0 Hz and a gain of 1 in the standard: how far its poles are from 1, as
    /// `2 + a1` and `1 + a1 + a2`. The coefficients themselves would have too few digits in 32 bits.
    high: [f32; 2],
    shelved: [[f32; LANES]; 2],
    passed: [[f32; LANES]; 2],
}

impl Weighting {
    /// The filters of the standard, which gives them for 48 kHz, at any rate: with the poles where they were in time, and
    /// with the same gain at three frequencies (Vicanek 2016, "Matched second order digital filters").
    ///
    /// The bilinear transform that other meters use reads a voice at 16 kHz louder by up to 0.1 LU.
    fn at(rate: f64) -> Weighting {
        let (shelf, high) = (shelf_at(rate), high_pass_at(rate));
        let ([b0, b1, b2], [a1, a2]) = shelf;
        let ([gain, ..], [h1, h2]) = high;
        Weighting {
            seconds: 1.0 / rate,
            shelf: [b0 * gain, b1 * gain, b2 * gain, a1, a2].map(|value| value as f32),
            high: [2.0 + h1, 1.0 + h1 + h2].map(|value| value as f32),
            shelved: [[0.0; LANES]; 2],
            passed: [[0.0; LANES]; 2],
        }
    }

    /// Passes the samples of a range through the filters, and gives the sum of their squares.
    fn run(&mut self, lanes: &[&[f32]; LANES], range: std::ops::Range<usize>) -> [f64; LANES] {
        /// So many squares are added before the sum goes into one that has room for an hour.
        const PART: usize = 64;
        let [b0, b1, b2, a1, a2] = self.shelf;
        let [h1, h2] = self.high;
        let (mut s1, mut s2, mut p1, mut p2) = (self.shelved[0], self.shelved[1], self.passed[0], self.passed[1]);
        let mut total = [0.0f64; LANES];
        let mut parts = lanes.map(|lane| lane[range.clone()].chunks(PART));
        // They are equally long, and so end together.
        while let Some(first) = parts[0].next() {
            let parts: [&[f32]; LANES] =
                std::array::from_fn(|lane| if lane == 0 { first } else { parts[lane].next().unwrap_or_default() });
            let count = parts.iter().map(|part| part.len()).min().unwrap_or_default();
            let parts = parts.map(|part| &part[..count]);
            let mut sums = [0.0f32; LANES];
            for place in 0..count {
                let x: [f32; LANES] = std::array::from_fn(|lane| parts[lane][place]);
                for lane in 0..LANES {
                    let x = x[lane];
                    let y = b0 * x + s1[lane];
                    s1[lane] = b1 * x - a1 * y + s2[lane];
                    s2[lane] = b2 * x - a2 * y;
                    let z = y + p1[lane];
                    p1[lane] += p2[lane] - h1 * z;
                    p2[lane] -= h2 * z;
                    sums[lane] += z * z;
                }
            }
            for lane in 0..LANES {
                total[lane] += f64::from(sums[lane]);
            }
        }
        (self.shelved, self.passed) = ([s1, s2], [p1, p2]);
        total
    }
}

#[cfg(test)]
#[path = "loudness_tests.rs"]
mod tests;
