//! A whole clip at another rate.
//!
//! Knows nothing of where the clip comes from or goes to.
//! The clip is resampled in one piece, so that nothing is cut and a click stays where it was.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler};

use crate::interview::SampleRate;

/// The shortest block of the transform, in frames of the slower side.
///
/// The block is also the length of the low-pass filter: at 1024 the response is flat within 0.1 dB up to 0.9 of the
/// lower half-rate, which the tests below hold.
const BLOCK: usize = 1024;

/// The samples as they are at another rate: `round(n * to / from)` of them, delay compensated.
///
/// Nothing comes out where nothing goes in or a rate is zero.
pub fn resample(samples: &[i16], from: SampleRate, to: SampleRate) -> Vec<i16> {
    if from == to {
        return samples.to_vec();
    }
    if samples.is_empty() || from.0 == 0 || to.0 == 0 {
        return Vec::new();
    }
    let length = length_at(samples.len() as u64, from, to) as usize;
    let divisor = greatest_common_divisor(from.0, to.0);
    let (step_in, step_out) = ((from.0 / divisor) as usize, (to.0 / divisor) as usize);
    // An even number of steps on both sides makes half a block, which is the delay, a whole number of frames.
    let steps = BLOCK.div_ceil(2 * step_in.min(step_out)).max(1) * 2;
    let mut resampler =
        Fft::<f32>::new_custom(from.0 as usize, to.0 as usize, steps * step_in, 1, 1, WINDOW, FixedSync::Both)
            .expect("both rates and the block are larger than zero, which is all that is checked");

    let input: Vec<f32> = samples.iter().map(|&sample| f32::from(sample)).collect();
    let whole = InterleavedSlice::new(&input, 1, input.len()).expect("one channel of exactly this many frames");
    let output = resampler
        .process_all(&whole, input.len(), None)
        .expect("the input has the one channel and the length that were promised");
    let mut output: Vec<i16> = output.take_data().into_iter().map(to_sample).collect();
    output.resize(length, 0);
    output
}

/// The window of the filter: the squared Blackman-Harris window, which attenuates aliases the most of those offered.
const WINDOW: rubato::WindowFunction = rubato::WindowFunction::BlackmanHarris2;

/// How many frames `frames` become at another rate, rounded to the nearest; the rate `from` is not zero.
pub(crate) fn length_at(frames: u64, from: SampleRate, to: SampleRate) -> u64 {
    let (from, to) = (u128::from(from.0), u128::from(to.0));
    ((u128::from(frames) * to * 2 + from) / (from * 2)) as u64
}

fn to_sample(value: f32) -> i16 {
    // The conversion saturates: a filter rings beyond full scale where a clipped wave goes in.
    value.round() as i16
}

fn greatest_common_divisor(mut a: u32, mut b: u32) -> u32 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    const RATES: [u32; 8] = [8_000, 11_025, 12_345, 16_000, 22_050, 44_100, 48_000, 96_000];

    fn tone(hertz: f64, rate: u32, frames: usize) -> Vec<i16> {
        (0..frames).map(|n| ((n as f64 * TAU * hertz / f64::from(rate)).sin() * 16_000.0).round() as i16).collect()
    }

    fn rms(samples: &[i16]) -> f64 {
        (samples.iter().map(|&s| f64::from(s).powi(2)).sum::<f64>() / samples.len() as f64).sqrt()
    }

    fn pairs() -> impl Iterator<Item = (u32, u32)> {
        RATES.into_iter().flat_map(|from| RATES.into_iter().map(move |to| (from, to)))
    }

    #[test]
    fn the_same_rate_changes_no_sample() {
        let samples: Vec<i16> = (-300..300).map(|n| n * 109).collect();
        assert_eq!(resample(&samples, SampleRate(44_100), SampleRate(44_100)), samples);
    }

    #[test]
    fn the_length_is_rounded_to_the_nearest_frame() {
        for (from, to) in pairs() {
            for frames in [0usize, 1, 2, 3, 7, 147, 1_023, 1_024, 1_025, 5_001] {
                let expected = (frames as f64 * f64::from(to) / f64::from(from)).round() as usize;
                let got = resample(&vec![100; frames], SampleRate(from), SampleRate(to)).len();
                assert_eq!(got, expected, "{frames} frames from {from} to {to}");
            }
        }
    }

    #[test]
    fn a_click_stays_in_its_place() {
        for (from, to) in pairs().filter(|(from, to)| from != to) {
            let mut samples = vec![0i16; from as usize / 10];
            let at = samples.len() / 3;
            samples[at] = 30_000;
            let out = resample(&samples, SampleRate(from), SampleRate(to));
            let peak = (0..out.len()).max_by_key(|&n| out[n]).expect("the output is not empty");
            let expected = at as f64 * f64::from(to) / f64::from(from);
            assert!((peak as f64 - expected).abs() <= 0.5, "{from} to {to}: at {peak}, not {expected}");
        }
    }

    #[test]
    fn speech_frequencies_keep_their_level_and_phase() {
        for (from, to) in pairs().filter(|(from, to)| from != to) {
            for part in [0.05, 0.5, 0.9] {
                let hertz = part * f64::from(from.min(to)) / 2.0;
                let out = resample(&tone(hertz, from, from as usize / 5), SampleRate(from), SampleRate(to));
                let pure = tone(hertz, to, out.len());
                let inner = out.len() / 4..out.len() * 3 / 4;
                let difference: Vec<i16> = inner.clone().map(|n| out[n] - pure[n]).collect();
                let error = 20.0 * (rms(&difference) / rms(&pure[inner])).log10();
                let limit = if part > 0.8 { -38.0 } else { -70.0 };
                assert!(error < limit, "{hertz:.0} Hz from {from} to {to}: error of {error:.1} dB");
            }
        }
    }

    #[test]
    fn what_the_lower_rate_cannot_hold_is_taken_out() {
        let out = resample(&tone(7_000.0, 48_000, 48_000), SampleRate(48_000), SampleRate(8_000));
        assert!(rms(&out[1_000..7_000]) < 2.0, "an alias of {:.1}", rms(&out[1_000..7_000]));
    }

    #[test]
    fn full_scale_saturates_and_does_not_wrap() {
        let square: Vec<i16> = (0..16_000).map(|n| if n / 20 % 2 == 0 { i16::MAX } else { i16::MIN }).collect();
        let out = resample(&square, SampleRate(16_000), SampleRate(48_000));
        let middle_of_a_high_half = (400 * 3 + 10 * 3) as usize;
        assert!(out[middle_of_a_high_half] > 28_000, "{}", out[middle_of_a_high_half]);
        assert!(out.contains(&i16::MAX) && out.contains(&i16::MIN));
    }

    #[test]
    fn a_rate_of_zero_gives_nothing() {
        assert!(resample(&[1, 2, 3], SampleRate(0), SampleRate(48_000)).is_empty());
        assert!(resample(&[1, 2, 3], SampleRate(48_000), SampleRate(0)).is_empty());
    }
}
