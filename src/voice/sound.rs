//! What is done to every rendered clip: no clipping, no silence before the first word, little after the last.

use crate::ports::Clip;

/// The highest peak a clip is played at, about 1 dB below full scale, so that resampling cannot overshoot it.
const HIGHEST: i32 = 29_204;
/// Quieter than this is silence: 46 dB below full scale, above Pico's dither, below its quietest consonants.
const QUIET: u16 = 164;
/// What is left before the first sound, in milliseconds: the breath of an initial `h` lies below [`QUIET`].
const BEFORE: usize = 15;
/// What is left after the last sound, in milliseconds.
const AFTER: usize = 120;

/// A clip of `samples`, trimmed and brought below full scale.
pub fn finished(rate: u32, mut samples: Vec<i16>) -> Clip {
    let loud = |sample: &i16| sample.unsigned_abs() > QUIET;
    let Some(first) = samples.iter().position(loud) else { return Clip { rate, samples: Vec::new() } };
    let last = samples.iter().rposition(loud).unwrap_or(first);
    let frames = |milliseconds: usize| rate as usize * milliseconds / 1000;
    samples.truncate((last + 1).saturating_add(frames(AFTER)).min(samples.len()));
    samples.drain(..first.saturating_sub(frames(BEFORE)));
    let peak = samples.iter().map(|sample| i32::from(sample.unsigned_abs())).max().unwrap_or(0);
    if peak > HIGHEST {
        for sample in &mut samples {
            // Smaller than before in magnitude, so it still fits.
            *sample = (i32::from(*sample) * HIGHEST / peak) as i16;
        }
    }
    Clip { rate, samples }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_around_the_words_is_cut_but_for_a_breath() {
        let mut samples = vec![0; 16_000];
        samples.extend([8_000i16; 1_600]);
        samples.extend([0; 16_000]);
        let clip = finished(16_000, samples);
        assert_eq!(clip.samples.len(), 240 + 1_600 + 1_920);
        assert_eq!(clip.samples[240], 8_000);
    }

    #[test]
    fn a_clip_at_full_scale_is_turned_down_and_keeps_its_shape() {
        let clip = finished(16_000, vec![i16::MIN, 16_384, i16::MAX]);
        assert_eq!(clip.samples, [-29_204, 14_602, 29_203]);
    }

    #[test]
    fn a_clip_that_is_quiet_enough_is_left_as_it_is() {
        assert_eq!(finished(16_000, vec![1_000, -29_204]).samples, [1_000, -29_204]);
    }

    #[test]
    fn a_clip_of_nothing_but_silence_is_empty() {
        assert_eq!(finished(16_000, vec![3; 500]).samples, Vec::<i16>::new());
    }
}
