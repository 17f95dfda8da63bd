//! What ails a recording: too loud, off centre, humming, silent, not a number.
//!
//! It comes before the other measurements, for it takes out what they could not bear. What noise there is between the
//! words it does not know.

use std::f64::consts::TAU;
use std::fmt;

use super::level::Db;

/// From here on a sample stands at full scale: the largest that 16 bits hold.
const FULL_SCALE: f32 = 32_767.0 / 32_768.0;

/// A sample beyond this is no sound: 120 dB above full scale.
const ABSURD: f32 = 1e6;

/// Lanes that the compiler can do at once.
const LANES: usize = 8;

/// About how many boxes of samples there are in a second; hum is looked for in the means of boxes.
const BOXES: f64 = 1_000.0;

/// After so many boxes the sums of 32 bits are brought to 64.
const MOST_BOXES: usize = 32;

/// How far a hum must stand out of what is next to it, in dB, in order to be one.
const HUM_ABOVE: f32 = 12.0;

/// A hum that is quieter than this is none, in dB of full scale: 16 bits hardly hold it.
const HUM_FLOOR: f32 = -90.0;

/// One part of so many of the windows of a second is taken for the quiet ones, in which a voice does not pass for hum.
const QUIET_PART: usize = 5;

/// The fewest seconds in which a hum can be told.
const LEAST_WINDOWS: usize = 2;

/// How many multiples of the mains are looked for: rectifiers give the even ones.
const HARMONICS: usize = 3;

/// The frequencies of the mains, in Hz.
const MAINS: [f64; 2] = [50.0, 60.0];

/// Looks at sound before all others do.
#[derive(Debug, Clone)]
pub struct Quality {
    samples: u64,
    peak: f32,
    clipped: u64,
    first_clipped: Option<u64>,
    /// How many samples the lanes do not hold any more.
    settled: u64,
    strange: u64,
    sum: f64,
    energy: f64,
    /// What is not in these yet, and of how many boxes it is.
    lanes: Lanes,
    boxes: usize,
    /// How many samples a box has, and those of one that is not full.
    boxed: usize,
    pending: Vec<f32>,
    hum: HumFinder,
}

/// Sums that the compiler can do side by side.
#[derive(Debug, Clone, Copy, Default)]
struct Lanes {
    peaks: [f32; LANES],
    clipped: [u32; LANES],
    squares: [f32; LANES],
}

impl Quality {
    /// Nothing seen yet, at `rate_hz` samples a second.
    pub fn new(rate_hz: u32) -> Quality {
        let rate = f64::from(rate_hz.max(1));
        let boxed = LANES * ((rate / (BOXES * LANES as f64)).round() as usize).max(1);
        Quality {
            samples: 0,
            peak: 0.0,
            clipped: 0,
            first_clipped: None,
            settled: 0,
            strange: 0,
            sum: 0.0,
            energy: 0.0,
            lanes: Lanes::default(),
            boxes: 0,
            boxed,
            pending: Vec::with_capacity(boxed),
            hum: HumFinder::new(rate / boxed as f64),
        }
    }

    /// Adds samples, full scale being 1, in blocks of any size; what is not a number, or absurdly large, becomes 0.
    pub fn add(&mut self, samples: &mut [f32]) {
        for part in samples.chunks_mut(8 * LANES) {
            // As whole numbers, for what is not a number compares with none.
            let size = |value: &f32| (value.to_bits() & 0x7FFF_FFFF) as i32;
            if part.iter().fold(false, |strange, value| strange | (size(value) > ABSURD.to_bits() as i32)) {
                for value in part.iter_mut().filter(|value| value.is_nan() || value.abs() > ABSURD) {
                    *value = 0.0;
                    self.strange += 1;
                }
            }
        }
        self.samples += samples.len() as u64;
        let mut samples = &*samples;
        if !self.pending.is_empty() {
            let part = samples.len().min(self.boxed - self.pending.len());
            self.pending.extend_from_slice(&samples[..part]);
            samples = &samples[part..];
            if self.pending.len() < self.boxed {
                return;
            }
            let pending = std::mem::take(&mut self.pending);
            self.turn(&pending);
            self.pending = pending;
            self.pending.clear();
        }
        let mut boxes = samples.chunks_exact(self.boxed);
        for full in &mut boxes {
            self.turn(full);
        }
        self.pending.extend_from_slice(boxes.remainder());
    }

    /// Takes a box of samples, or the last ones.
    fn turn(&mut self, samples: &[f32]) {
        let mut sums = [0.0f32; LANES];
        let Lanes { mut peaks, mut clipped, mut squares } = self.lanes;
        let (whole, rest) = samples.as_chunks::<LANES>();
        for values in whole {
            for lane in 0..LANES {
                let (value, size) = (values[lane], values[lane].abs());
                peaks[lane] = if size > peaks[lane] { size } else { peaks[lane] };
                clipped[lane] += u32::from(size >= FULL_SCALE);
                sums[lane] += value;
                squares[lane] += value * value;
            }
        }
        for (lane, value) in rest.iter().enumerate() {
            peaks[lane] = peaks[lane].max(value.abs());
            clipped[lane] += u32::from(value.abs() >= FULL_SCALE);
            sums[lane] += value;
            squares[lane] += value * value;
        }
        self.lanes = Lanes { peaks, clipped, squares };
        let sum: f32 = sums.iter().sum();
        self.sum += f64::from(sum);
        if samples.len() == self.boxed {
            self.hum.add(sum / self.boxed as f32);
            self.boxes += 1;
            if self.boxes == MOST_BOXES {
                self.settle();
            }
        }
    }

    /// Brings what the lanes hold to where there is room for hours of it.
    fn settle(&mut self) {
        let Lanes { peaks, clipped, squares } = self.lanes;
        self.peak = peaks.into_iter().fold(self.peak, f32::max);
        let clipped = clipped.into_iter().map(u64::from).sum::<u64>();
        if clipped > 0 && self.first_clipped.is_none() {
            self.first_clipped = Some(self.settled);
        }
        self.clipped += clipped;
        self.settled += (self.boxes * self.boxed) as u64;
        self.energy += f64::from(squares.iter().sum::<f32>());
        self.lanes = Lanes::default();
        self.boxes = 0;
    }

    /// What was seen.
    pub fn finish(mut self) -> Condition {
        let pending = std::mem::take(&mut self.pending);
        self.turn(&pending);
        self.settle();
        let count = self.samples.max(1) as f64;
        Condition {
            samples: self.samples,
            peak: Db::of_amplitude(self.peak),
            rms: Db::of_amplitude((self.energy / count).sqrt() as f32),
            clipped: self.clipped,
            first_clipped: self.first_clipped,
            strange: self.strange,
            offset: self.sum / count,
            all_zero: self.peak == 0.0 && self.strange == 0,
            hum: self.hum.finish(),
        }
    }
}

/// The state of a recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// How many samples there are.
    pub samples: u64,
    /// The largest magnitude.
    pub peak: Db,
    /// The root of the mean square of the whole.
    pub rms: Db,
    /// How many samples stand at full scale of 16 bits, or beyond.
    pub clipped: u64,
    /// The first of them, or up to some 30 ms before it.
    pub first_clipped: Option<u64>,
    /// How many samples were not a number, infinite or beyond 120 dB, and were taken for 0.
    pub strange: u64,
    /// The mean, full scale being 1: what it is off centre.
    pub offset: f64,
    /// Whether every sample is 0.
    pub all_zero: bool,
    /// The hum of the mains, where there is one.
    pub hum: Option<Hum>,
}

impl Condition {
    /// The level of the whole without what is constant in it.
    pub fn without_offset(&self) -> Db {
        let rms = 10f64.powf(f64::from(self.rms.0) / 20.0);
        Db::of_amplitude((rms * rms - self.offset * self.offset).max(0.0).sqrt() as f32)
    }
}

/// A hum of the mains.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hum {
    /// 50 or 60 Hz.
    pub mains_hz: u16,
    /// How loud it is, its first multiples together.
    pub level: Db,
}

impl fmt::Display for Hum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} Hz at {}", self.mains_hz, self.level)
    }
}

/// Looks for hum second by second.
#[derive(Debug, Clone)]
struct HumFinder {
    window: usize,
    means: Vec<f32>,
    /// The window's shape, and the tones that are listened for: of each mains its multiples and what is beside them.
    shape: Vec<f32>,
    tones: Vec<f32>,
    /// For each second and each of the mains, in dB: the hum, and how far it stands out.
    seconds: Vec<[(f32, f32); MAINS.len()]>,
}

/// How far beside a hum the sound is that it must stand out of, in Hz: beyond the window's own width of 2 Hz, and no
/// multiple of the other mains.
const BESIDE: [f64; 3] = [0.0, -4.5, 4.5];

impl HumFinder {
    fn new(rate: f64) -> HumFinder {
        let window = (rate.round() as usize).max(1);
        let mut tones = Vec::new();
        for mains in MAINS {
            for harmonic in 1..=HARMONICS {
                tones.extend(
                    BESIDE.map(|beside| (2.0 * (TAU * (mains * harmonic as f64 + beside) / rate).cos()) as f32),
                );
            }
        }
        let shape = |place: usize| 1.0 - (TAU * (place as f64 + 0.5) / window as f64).cos();
        HumFinder {
            window,
            means: Vec::with_capacity(window),
            shape: (0..window).map(|place| shape(place) as f32).collect(),
            tones,
            seconds: Vec::new(),
        }
    }

    fn add(&mut self, mean: f32) {
        self.means.push(mean);
        if self.means.len() == self.window {
            self.turn();
            self.means.clear();
        }
    }

    /// Measures a second: a Hann window, and each tone by Goertzel's algorithm.
    fn turn(&mut self) {
        let centre = self.means.iter().sum::<f32>() / self.window as f32;
        let (mut last, mut before) = (vec![0.0f32; self.tones.len()], vec![0.0f32; self.tones.len()]);
        for (mean, shape) in self.means.iter().zip(&self.shape) {
            let value = (mean - centre) * shape;
            for ((last, before), step) in last.iter_mut().zip(&mut before).zip(&self.tones) {
                (*last, *before) = (value + step * *last - *before, *last);
            }
        }
        let scale = 2.0 / (self.window as f32).powi(2);
        let powers: Vec<f32> = last
            .iter()
            .zip(&before)
            .zip(&self.tones)
            .map(|((last, before), step)| (scale * (last * last + before * before - step * last * before)).max(1e-20))
            .collect();
        let mut second = [(0.0, 0.0); MAINS.len()];
        for (mains, powers) in powers.chunks_exact(HARMONICS * BESIDE.len()).enumerate() {
            let (mut hum, mut above) = (0.0, f32::NEG_INFINITY);
            for power in powers.chunks_exact(BESIDE.len()) {
                hum += power[0];
                above = above.max(10.0 * (power[0] / power[1].max(power[2])).log10());
            }
            second[mains] = (10.0 * hum.log10(), above);
        }
        self.seconds.push(second);
    }

    /// The hum of the quiet seconds, where it stands out in nearly all of them.
    fn finish(self) -> Option<Hum> {
        if self.seconds.len() < LEAST_WINDOWS {
            return None;
        }
        let mut found: Option<(f32, Hum)> = None;
        for (place, mains) in MAINS.iter().enumerate() {
            let mut seconds: Vec<(f32, f32)> = self.seconds.iter().map(|second| second[place]).collect();
            seconds.sort_by(|left, right| left.0.total_cmp(&right.0));
            let quiet = &mut seconds[..self.seconds.len().div_ceil(QUIET_PART).max(LEAST_WINDOWS)];
            let level = Db(quiet[quiet.len() / 2].0);
            quiet.sort_by(|left, right| left.1.total_cmp(&right.1));
            let above = quiet[(quiet.len() - 1) / 2].1;
            if above >= HUM_ABOVE && level.0 >= HUM_FLOOR && found.is_none_or(|(most, _)| above > most) {
                found = Some((above, Hum { mains_hz: *mains as u16, level }));
            }
        }
        found.map(|(_, hum)| hum)
    }
}

#[cfg(test)]
#[path = "quality_tests.rs"]
mod tests;
