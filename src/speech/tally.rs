//! The level of the noise, and of the voice above it, over a whole recording.

use super::level::Db;
use super::room::Loudness;
use super::voice::quantile;

/// Below this a mean square is digital silence, which says nothing of the room.
const NOTHING: f32 = 1e-14;

/// What is so many times as strong as the middle of the noise is no noise but a door, a chair or a cough.
const BANG: f32 = 20.0;

/// The middle is that of so many windows, 5 s of noise: a fan that comes on is no bang.
const NEAR: usize = 500;

/// Less noise than this, in windows of 10 ms, is not told.
const LEAST: u64 = 20;

/// Adds up noise and speech.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    noise: (f64, f64, u64),
    speech: (f64, u64),
}

impl Tally {
    /// Windows in which nobody speaks.
    pub(super) fn add_noise(&mut self, levels: impl Iterator<Item = Loudness>) {
        let levels: Vec<Loudness> = levels.filter(|level| level.power > NOTHING).collect();
        for near in levels.chunks(NEAR) {
            let most = BANG * quantile(&mut near.iter().map(|level| level.power).collect::<Vec<_>>(), 0.5);
            for level in near.iter().filter(|level| level.power <= most) {
                self.noise.0 += f64::from(level.power);
                self.noise.1 += f64::from(level.mean);
                self.noise.2 += 1;
            }
        }
    }

    /// Windows in which somebody speaks.
    pub(super) fn add_speech(&mut self, levels: impl Iterator<Item = Loudness>) {
        for level in levels {
            self.speech.0 += f64::from(level.power);
            self.speech.1 += 1;
        }
    }

    /// The mean square of the noise without what is constant in it.
    fn power(&self) -> Option<f64> {
        let (power, mean, count) = self.noise;
        let constant = (mean / count.max(1) as f64).powi(2);
        (count >= LEAST).then(|| (power / count as f64 - constant).max(f64::from(NOTHING)))
    }

    /// The level of the noise: the root of its mean square.
    pub(super) fn noise(&self) -> Option<Db> {
        self.power().map(|power| Db((10.0 * power.log10()) as f32))
    }

    /// How far the voice is above it, in dB.
    pub(super) fn above_noise(&self) -> Option<f32> {
        let noise = self.power()?;
        let constant = (self.noise.1 / self.noise.2.max(1) as f64).powi(2);
        let voice = self.speech.0 / self.speech.1.max(1) as f64 - constant - noise;
        (voice > 0.0).then(|| (10.0 * (voice / noise).log10()) as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(power: f32, mean: f32) -> Loudness {
        Loudness { power, mean }
    }

    #[test]
    fn noise_is_told_without_what_is_constant_and_without_a_door() {
        let mut tally = Tally::default();
        let quiet = std::iter::repeat_n(level(1e-6 + 0.01, 0.1), 99);
        tally.add_noise(quiet.chain([level(0.9, 0.1)]));
        tally.add_speech(std::iter::repeat_n(level(1e-4 + 0.01 + 1e-6, 0.1), 50));
        let noise = tally.noise().expect("there is noise").0;
        assert!((noise + 60.0).abs() < 0.2, "{noise}");
        let above = tally.above_noise().expect("there is noise");
        assert!((above - 20.0).abs() < 0.3, "{above}");
    }

    #[test]
    fn a_fan_that_comes_on_is_noise_and_no_bang() {
        let mut tally = Tally::default();
        let (before, after) =
            (std::iter::repeat_n(level(1e-8, 0.0), 3_000), std::iter::repeat_n(level(1e-5, 0.0), 1_000));
        tally.add_noise(before.chain(after));
        let noise = tally.noise().expect("there is noise").0;
        assert!((noise + 56.0).abs() < 0.2, "{noise}");
    }

    #[test]
    fn digital_silence_is_no_noise() {
        let mut tally = Tally::default();
        tally.add_noise(std::iter::repeat_n(level(0.0, 0.0), 500));
        assert_eq!((tally.noise(), tally.above_noise()), (None, None));
    }
}
