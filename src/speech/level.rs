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
}
