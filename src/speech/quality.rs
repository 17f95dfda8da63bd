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
                for value in part.iter_mut().filter(|value| !(value.abs() <= ABSURD)) {
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
        self.clipped += clipped.into_iter().map(u64::from).sum::<u64>();
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
            strange: self.strange,
            offset: self.sum / count,
            all_zero: self.peak == 0.0,
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
    /// How many samples were not a number, infinite or beyond 120 dB, and were taken for 0.
    pub strange: u64,
    /// The mean, full scale being 1: what it is off centre.
    pub offset: f64,
    /// Whether every sample is 0.
    pub all_zero: bool,
    /// The hum of the mains, where there is one.
    pub hum: Option<Hum>,
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
            if above >= HUM_ABOVE && found.is_none_or(|(most, _)| above > most) {
                found = Some((above, Hum { mains_hz: *mains as u16, level }));
            }
        }
        found.map(|(_, hum)| hum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(rate: u32, mut samples: Vec<f32>) -> Condition {
        let mut quality = Quality::new(rate);
        quality.add(&mut samples);
        quality.finish()
    }

    fn tone(rate: u32, hertz: f64, amplitude: f64, seconds: usize) -> Vec<f32> {
        (0..rate as usize * seconds)
            .map(|n| (amplitude * (TAU * hertz * n as f64 / f64::from(rate)).sin()) as f32)
            .collect()
    }

    fn noise(count: usize, amplitude: f32) -> Vec<f32> {
        let mut state = 5u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            amplitude * ((state >> 8) as f32 / 8_388_608.0 - 1.0)
        };
        (0..count).map(|_| next()).collect()
    }

    fn sum(left: Vec<f32>, right: &[f32]) -> Vec<f32> {
        left.iter().zip(right).map(|(left, right)| left + right).collect()
    }

    #[test]
    fn peak_and_clipped_samples_are_exact() {
        for rate in [8_000, 11_025, 44_100, 48_000] {
            let mut samples = noise(100_003, 0.3);
            assert_eq!(condition(rate, samples.clone()).clipped, 0);
            for place in [0, 1, 777, 50_000, 100_002] {
                samples[place] = if place % 2 == 0 { 32_767.0 / 32_768.0 } else { -1.0 };
            }
            samples[9] = 32_766.0 / 32_768.0;
            let condition = condition(rate, samples);
            assert_eq!((condition.clipped, condition.peak), (5, Db(0.0)));
        }
        let peak = condition(48_000, vec![0.1, -0.5, 0.2]).peak.0;
        assert!((peak + 6.0206).abs() < 1e-4, "{peak}");
        assert_eq!(condition(48_000, vec![1.0; 10]).clipped, 10);
    }

    #[test]
    fn what_is_not_a_number_is_counted_and_taken_for_0() {
        let mut samples = vec![0.5, f32::NAN, f32::INFINITY, -f32::INFINITY, 3e38, -0.5];
        let mut quality = Quality::new(48_000);
        quality.add(&mut samples);
        assert_eq!(samples, [0.5, 0.0, 0.0, 0.0, 0.0, -0.5]);
        let condition = quality.finish();
        assert_eq!((condition.strange, condition.samples, condition.offset), (4, 6, 0.0));
    }

    #[test]
    fn nothing_and_silence_have_no_peak() {
        for samples in [vec![], vec![0.0; 1], vec![0.0; 100_000]] {
            let condition = condition(48_000, samples);
            assert!(condition.all_zero && condition.hum.is_none());
            assert_eq!(condition.peak.to_string(), "silence");
        }
        assert!(!condition(48_000, vec![0.0, 1e-5]).all_zero);
    }

    #[test]
    fn an_offset_is_told_under_a_voice() {
        let samples: Vec<f32> = tone(48_000, 220.0, 0.4, 3).iter().map(|sample| sample + 0.02).collect();
        let condition = condition(48_000, samples);
        assert!((condition.offset - 0.02).abs() < 1e-5, "{}", condition.offset);
    }

    #[test]
    fn a_hum_is_told_and_how_loud_it_is() {
        for rate in [8_000, 11_025, 44_100, 48_000] {
            for (mains, harmonic) in [(50, 1), (50, 2), (60, 1), (60, 3)] {
                let hum = tone(rate, f64::from(mains * harmonic), 0.003, 6);
                let noise = noise(hum.len(), 0.003);
                let found = condition(rate, sum(hum, &noise)).hum.expect("it hums");
                assert_eq!(found.mains_hz, mains as u16, "{mains} times {harmonic} at {rate}");
                assert!((found.level.0 + 53.5).abs() < 0.7, "{mains} times {harmonic} at {rate}: {}", found.level);
            }
        }
    }

    #[test]
    fn a_voice_does_not_hum() {
        assert_eq!(condition(48_000, noise(480_000, 0.1)).hum, None);
        // A voice at 100 Hz that moves and stops now and then.
        let rate = 16_000;
        let mut phase = 0.0;
        let voice: Vec<f32> = (0..20 * rate)
            .map(|n| {
                let time = n as f64 / f64::from(rate);
                phase += TAU * 100.0 * (1.0 + 0.1 * (TAU * 0.7 * time).sin()) / f64::from(rate);
                let speaks = if time % 4.0 < 3.0 { 0.2 } else { 0.0 };
                (speaks * (phase.sin() + (2.0 * phase).sin())) as f32
            })
            .collect();
        let noise = noise(voice.len(), 0.001);
        assert_eq!(condition(rate, sum(voice, &noise)).hum, None);
    }

    #[test]
    fn the_size_of_the_blocks_changes_no_bit() {
        for rate in [8_000, 44_100, 48_000] {
            let samples = sum(noise(100_000, 1.01), &tone(rate, 50.0, 0.2, 13));
            let once = condition(rate, samples.clone());
            for size in [1, 13, 48, 4_801] {
                let mut quality = Quality::new(rate);
                samples.clone().chunks_mut(size).for_each(|block| quality.add(block));
                assert_eq!(quality.finish(), once, "{rate} Hz in blocks of {size}");
            }
        }
    }

    #[test]
    fn any_rate_will_do() {
        for rate in [0, 1, 999, u32::MAX] {
            condition(rate, noise(10_000, 0.5));
        }
    }
}
