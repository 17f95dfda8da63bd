//! What of a sound tells a voice from a room: few values of the band that voices have.
//!
//! Works sample by sample, so that the size of the blocks cannot matter.

/// The rate to which sound is brought before it is measured, in Hz, or somewhat more: what tells a voice from a room
/// lies below 4 kHz, and most of a microphone's own noise above.
const RATE: u32 = 8_000;

/// Below this, in Hz, is the hum of the mains, of fans and of tables, and little of a voice.
const LOWEST: f64 = 150.0;

/// Takes from sound what tells a voice from a room: every so many samples become their mean, which is a low-pass filter
/// too, and what is below [`LOWEST`] is taken out by a Butterworth filter of second order (bilinear transform).
#[derive(Debug, Clone)]
pub(super) struct Funnel {
    /// How many samples become one, how many of them are there, and their sum.
    step: i32,
    count: i32,
    sum: i32,
    /// What makes of a sum a mean, full scale being 1.
    scale: f32,
    /// The filter: the gain of its two zeros at 0 Hz, its poles, and what it keeps.
    gain: f32,
    back: [f32; 2],
    state: [f32; 2],
}

impl Funnel {
    /// Nothing heard yet, at so many frames a second, which are not zero.
    pub(super) fn new(rate: u32) -> Funnel {
        // So many that their sum still has room.
        let step = (rate / RATE).clamp(1, 1 << 15);
        let bend = (std::f64::consts::PI * LOWEST * f64::from(step) / f64::from(rate)).min(1.5).tan();
        let norm = 1.0 + std::f64::consts::SQRT_2 * bend + bend * bend;
        let back = [2.0 * (bend * bend - 1.0), 1.0 - std::f64::consts::SQRT_2 * bend + bend * bend];
        Funnel {
            step: step as i32,
            sum: 0,
            count: 0,
            scale: 1.0 / (step as f32 * 32_768.0),
            gain: (1.0 / norm) as f32,
            back: back.map(|value| (value / norm) as f32),
            state: [0.0; 2],
        }
    }

    /// How many samples become one value.
    pub(super) fn step(&self) -> i32 {
        self.step
    }

    /// Adds a sample; every so often a value comes out, full scale being 1.
    pub(super) fn add(&mut self, sample: i16) -> Option<f32> {
        self.sum += i32::from(sample);
        self.count += 1;
        if self.count < self.step {
            return None;
        }
        let input = self.sum as f32 * self.scale * self.gain;
        (self.sum, self.count) = (0, 0);
        let output = input + self.state[0];
        self.state[0] = self.state[1] - 2.0 * input - self.back[0] * output;
        self.state[1] = input - self.back[1] * output;
        Some(output)
    }

    /// Lets the filter rest where it has nothing to do any more: the numbers that it would come to are slow to handle.
    pub(super) fn settle(&mut self) {
        if self.state.iter().all(|state| state.abs() < 1e-12) {
            self.state = [0.0; 2];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    /// What is left of a tone of `hertz`, in dB, once the filter has settled.
    fn left(rate: u32, hertz: f64) -> f64 {
        let mut funnel = Funnel::new(rate);
        let tone = (0..rate).map(|n| ((TAU * hertz * f64::from(n) / f64::from(rate)).sin() * 30_000.0) as i16);
        let values: Vec<f64> = tone.filter_map(|sample| funnel.add(sample)).map(f64::from).collect();
        let late = &values[values.len() / 2..];
        let power = late.iter().map(|value| value * value).sum::<f64>() / late.len() as f64;
        10.0 * (power * 2.0 / (30_000.0f64 / 32_768.0).powi(2)).log10()
    }

    #[test]
    fn a_voice_passes_and_a_hum_does_not() {
        for rate in [8_000, 16_000, 44_100, 48_000, 96_000] {
            for hertz in [300.0, 500.0, 1_000.0] {
                assert!(left(rate, hertz).abs() < 0.8, "{hertz} Hz at {rate}: {}", left(rate, hertz));
            }
            assert!((left(rate, 150.0) + 3.0).abs() < 0.3, "150 Hz at {rate}: {}", left(rate, 150.0));
            assert!(left(rate, 50.0) < -18.0, "50 Hz at {rate}: {}", left(rate, 50.0));
            assert!(left(rate, 0.0) < -100.0);
        }
        assert!(left(48_000, 7_800.0) < -20.0, "{}", left(48_000, 7_800.0));
    }

    #[test]
    fn silence_after_sound_settles_at_nothing() {
        let mut funnel = Funnel::new(8_000);
        funnel.add(i16::MAX);
        for _ in 0..10 {
            assert_eq!((0..160).filter_map(|_| funnel.add(0)).count(), 160);
            funnel.settle();
        }
        assert_eq!(funnel.add(0), Some(0.0));
    }
}
