//! How loud a stretch of sound is.

use std::fmt;

/// A level relative to full scale, in decibels; full scale is 0, digital silence is minus infinity.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Db(pub f32);

impl Db {
    /// The level of an amplitude between 0 and 1.
    pub fn of_amplitude(amplitude: f32) -> Db {
        Db(20.0 * amplitude.log10())
    }
}

impl fmt::Display for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_finite() { write!(f, "{:.1} dB", self.0) } else { f.write_str("silence") }
    }
}

/// A running summary of the samples that were added.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Level {
    samples: u64,
    peak: u16,
    energy: f64,
    clipped: u64,
}

impl Level {
    /// The summary of `samples`, 16-bit signed.
    pub fn of(samples: &[i16]) -> Level {
        let mut level = Level::default();
        level.add(samples);
        level
    }

    /// Adds 16-bit signed samples.
    pub fn add(&mut self, samples: &[i16]) {
        let mut energy = 0u64;
        for &sample in samples {
            let magnitude = sample.unsigned_abs();
            self.peak = self.peak.max(magnitude);
            self.clipped += u64::from(magnitude >= 0x7FFF);
            energy += u64::from(magnitude) * u64::from(magnitude);
        }
        self.energy += energy as f64;
        self.samples += samples.len() as u64;
    }

    /// The largest magnitude.
    pub fn peak(&self) -> Db {
        Db::of_amplitude(f32::from(self.peak) / 32_768.0)
    }

    /// The root of the mean square.
    pub fn rms(&self) -> Db {
        let mean = self.energy / (self.samples.max(1) as f64);
        Db::of_amplitude((mean.sqrt() / 32_768.0) as f32)
    }

    /// How many samples stood at full scale.
    pub fn clipped(&self) -> u64 {
        self.clipped
    }

    /// How many samples were added.
    pub fn samples(&self) -> u64 {
        self.samples
    }

    /// Whether every sample was exactly zero: a microphone that delivers nothing, not a quiet room.
    pub fn all_zero(&self) -> bool {
        self.peak == 0
    }
}

/// The length of the windows that a noise floor is looked for in, in seconds.
const FLOOR_WINDOW: f64 = 0.05;

/// The noise floor: the level that a tenth of all windows of 50 ms stay under; `None` for less than half a second.
pub fn noise_floor(samples: &[i16], rate: u32) -> Option<Db> {
    let window = (f64::from(rate) * FLOOR_WINDOW) as usize;
    if window == 0 || samples.len() < 10 * window {
        return None;
    }
    let mut levels: Vec<f32> = samples.chunks_exact(window).map(|chunk| Level::of(chunk).rms().0).collect();
    levels.sort_by(f32::total_cmp);
    Some(Db(levels[levels.len() / 10]))
}

/// The level of a tone of `hertz` in `samples`, by the Goertzel algorithm (Goertzel 1958, doi 10.2307/2310304).
pub fn tone_level(samples: &[i16], rate: u32, hertz: f64) -> Db {
    let step = 2.0 * (std::f64::consts::TAU * hertz / f64::from(rate.max(1))).cos();
    let (mut last, mut before) = (0.0, 0.0);
    for &sample in samples {
        (last, before) = (f64::from(sample) / 32_768.0 + step * last - before, last);
    }
    let power = last * last + before * before - step * last * before;
    // A tone's root mean square, so that it compares with other levels.
    let rms = (2.0 * power.max(0.0)).sqrt() / samples.len().max(1) as f64;
    Db::of_amplitude(rms as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_scale_sine_peaks_at_0_db_and_has_an_rms_of_minus_3() {
        let sine: Vec<i16> = (0..48_000).map(|n| ((n as f64 * 0.1).sin() * 32_767.0) as i16).collect();
        let level = Level::of(&sine);
        assert!(level.peak().0.abs() < 0.01, "{}", level.peak());
        assert!((level.rms().0 + 3.01).abs() < 0.05, "{}", level.rms());
        assert!(!level.all_zero());
    }

    #[test]
    fn digital_silence_is_told_from_a_quiet_room() {
        assert!(Level::of(&[0; 100]).all_zero());
        assert!(!Level::of(&[0, 1, 0, -1]).all_zero());
        assert_eq!(Level::of(&[0; 100]).peak().to_string(), "silence");
    }

    #[test]
    fn samples_at_full_scale_count_as_clipped() {
        assert_eq!(Level::of(&[i16::MIN, i16::MAX, 0, 32_766]).clipped(), 2);
    }

    fn sine(hertz: f64, amplitude: f64) -> Vec<i16> {
        (0..48_000).map(|n| ((std::f64::consts::TAU * hertz * n as f64 / 48_000.0).sin() * amplitude) as i16).collect()
    }

    #[test]
    fn a_tone_is_measured_at_its_own_frequency_only() {
        let samples = sine(1_000.0, 3_276.8);
        assert!((tone_level(&samples, 48_000, 1_000.0).0 + 23.0).abs() < 0.1);
        assert!(tone_level(&samples, 48_000, 1_500.0).0 < -60.0);
    }

    #[test]
    fn the_noise_floor_is_what_is_between_the_words() {
        let mut samples = sine(200.0, 33.0);
        samples[10_000..30_000].copy_from_slice(&sine(200.0, 10_000.0)[..20_000]);
        let floor = noise_floor(&samples, 48_000).expect("a second is enough");
        assert!((floor.0 + 63.0).abs() < 1.5, "{floor}");
        assert_eq!(noise_floor(&samples[..1_000], 48_000), None);
    }
}
