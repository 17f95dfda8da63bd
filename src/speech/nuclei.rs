//! Syllables: where the voice is loudest between two dips, and voiced.
//!
//! After de Jong and Wempe 2009 (doi 10.3758/BRM.41.2.385), with two departures: the noise is taken out of the bands
//! first, and what is followed is loudness rather than intensity, because an "n" is nearly as intense as the vowel beside
//! it, but much less loud. In noise, loudness is partly masked: how deep a dip is, is told above the noise, or the ripples
//! of the noise would be syllables.

use std::ops::Range;

use super::bands::{BANDS, Frame};
use super::voice::{Judgement, quantile, ratio, smoothed};

/// The bands that carry vowels, of about 300 to 3600 Hz.
const VOWELS: Range<usize> = 1..7;

/// How much the band below them counts, in which murmurs are as loud as vowels, but in which high voices have the first
/// formant of "ee" and "oo".
const LOWEST: f32 = 0.5;

/// Those below 1800 Hz, where most of a vowel's power lies and little of a hiss.
const SONORANT: Range<usize> = 0..5;

/// Loudness grows with so much of a power of the power (Stevens 1957 has 0.3, Zwicker 0.23).
const EXPONENT: f32 = 0.25;

/// How far a peak stands above the dips beside it, in dB: to be looked at, for the usual distance, and for a syllable at
/// the usual distance from the one beside it. What is nearer needs a deeper dip, by the square of the distance: a tap,
/// as of a Spanish "r", is a deep dip as well, but the next vowel is near.
const LOOKED_AT: f32 = 0.5;
/// See [`LOOKED_AT`].
const USUAL: f32 = 1.7;
/// See [`LOOKED_AT`].
const PROMINENCE: f32 = 0.4;

/// From where on a peak is voiced: the mean of 50 ms.
const VOICED: f32 = 0.45;

/// How much of the loudness counts where nothing is voiced: between two vowels, a loud hiss is a dip.
const UNVOICED: f32 = 0.3;

/// The least share of a vowel's power that is sonorant: an "ee" over a telephone has little of it, and a hiss next to
/// none.
const LEAST_SONORANT: f32 = 0.25;

/// What is so far below the loud syllables is none, in dB.
const WEAKEST: f32 = 21.0;

/// So many times the mean of the noise may be noise: for what is weak, only what is above that counts.
const SURELY: f32 = 1.5;

/// So much of the loudness that the noise has in the bands that carry vowels is added to all loudness, so that dips end
/// in the noise.
const MASKED: f32 = 0.3;

/// Two syllables are at least so much of the usual distance apart: what is nearer is one with a burst or a tap.
const NEAREST: f32 = 0.4;

/// How far the loudness is smoothed, as the deviation of a Gaussian, in parts of the usual distance: fast speech has short
/// vowels, and slow speech long ones with ripples in them.
const SMOOTHED: f32 = 0.06;

/// How far it is smoothed where the usual distance is not known yet, in frames: that of rather slow speech, for taps and
/// ripples would make the distance short, and then be syllables.
const AT_FIRST: f32 = 1.8;

/// The distance between two syllables, in frames, where too few are there to tell the usual one: four in a second, for
/// few words are spoken with care; and how many tell it. Nobody speaks faster or slower than the other two.
const DISTANCE: f32 = 25.0;
/// See [`DISTANCE`].
const FEWEST: usize = 8;
/// See [`DISTANCE`].
const FASTEST: f32 = 10.0;
/// See [`DISTANCE`].
const SLOWEST: f32 = 40.0;

/// From here on, in frames, a distance between two syllables is a pause and says nothing of the usual.
const FAR: f32 = 60.0;

/// The nuclei, in frames.
pub fn nuclei(frames: &[Frame], judgement: &Judgement) -> Vec<f64> {
    let (loudness, beyond) = loudness(frames, judgement);
    let strength = levels(&beyond, AT_FIRST);
    // The speaker's usual distance, then by it all that are syllables for this speaker.
    let some = found(frames, judgement, (&levels(&loudness, AT_FIRST), &strength), |_| USUAL);
    let distances = some.windows(2).map(|pair| (pair[1] - pair[0]) as f32);
    let mut distances: Vec<f32> = distances.filter(|distance| *distance < FAR).collect();
    let usual = match distances.len() {
        FEWEST.. => quantile(&mut distances, 0.5).clamp(FASTEST, SLOWEST),
        _ => DISTANCE,
    };
    let needed = |distance: f32| match distance < NEAREST * usual {
        true => f32::MAX,
        false => PROMINENCE * (usual / distance).powi(2),
    };
    let all = found(frames, judgement, (&levels(&loudness, SMOOTHED * usual), &strength), needed);
    all.into_iter().map(|peak| peak as f64 + 0.5).collect()
}

/// The peaks that are vowels, with a dip between any two of them that is as deep as `needed` for their distance; by the
/// levels of the loudness, and of what of it is surely no noise.
fn found(
    frames: &[Frame],
    judgement: &Judgement,
    (levels, strength): (&[f32], &[f32]),
    needed: impl Fn(f32) -> f32,
) -> Vec<usize> {
    let mut spoken: Vec<f32> = judgement.speech.iter().flat_map(|run| strength[run.clone()].iter().copied()).collect();
    let least = quantile(&mut spoken, 0.9) - WEAKEST;
    let mut found = Vec::new();
    for run in &judgement.speech {
        let peaks = peaks(&levels[run.clone()]).into_iter().map(|peak| run.start + peak);
        found.extend(peaks.filter(|peak| strength[*peak] > least && is_vowel(frames, *peak, &judgement.noise)));
    }
    apart(&found, levels, needed)
}

/// The loudness of each frame's vowels, that of next to nothing being 1; and that of what is surely no noise.
fn loudness(frames: &[Frame], judgement: &Judgement) -> (Vec<f32>, Vec<f32>) {
    let floor = (judgement.active * ratio(-45.0) / VOWELS.len() as f32).max(f32::MIN_POSITIVE);
    let base: [f32; BANDS] = judgement.noise.map(|noise| noise + floor);
    let nothing = base.map(fourth_root);
    let silence = fourth_root(floor);
    let least = MASKED * VOWELS.map(|band| nothing[band]).sum::<f32>();
    let voicing = smoothed(&frames.iter().map(|frame| frame.voicing).collect::<Vec<_>>(), 1);
    let loudness = |(frame, voicing): (&Frame, f32)| {
        let masked = |band: usize| fourth_root((frame.bands[band] + floor).max(base[band])) - nothing[band];
        let beyond =
            |band: usize| fourth_root((frame.bands[band] - SURELY * judgement.noise[band]).max(0.0) + floor) - silence;
        let voiced = UNVOICED + (1.0 - UNVOICED) * voicing;
        let masked = VOWELS.map(masked).sum::<f32>() + LOWEST * masked(0);
        let beyond = VOWELS.map(beyond).sum::<f32>() + LOWEST * beyond(0);
        (masked * voiced / least + 1.0, beyond * voiced)
    };
    frames.iter().zip(voicing).map(loudness).unzip()
}

/// The same smoothed by a Gaussian of this deviation, in dB.
fn levels(loudness: &[f32], deviation: f32) -> Vec<f32> {
    let reach = (3.0 * deviation).ceil() as usize;
    let weight = |n: usize| (-0.5 * (n as f32 / deviation).powi(2)).exp();
    let weights: Vec<f32> = (0..=2 * reach).map(|n| weight(n.abs_diff(reach))).collect();
    let whole: f32 = weights.iter().sum();
    // Beyond its ends it goes on as it is there.
    let (first, last) = (loudness.first().copied().unwrap_or(1.0), loudness.last().copied().unwrap_or(1.0));
    let mut long = vec![first; reach];
    long.extend_from_slice(loudness);
    long.resize(long.len() + reach, last);
    // Weight by weight over all of it, which is several times as fast as value by value.
    let mut smooth = vec![0.0f32; loudness.len()];
    for (shift, weight) in weights.iter().enumerate() {
        smooth.iter_mut().zip(&long[shift..]).for_each(|(sum, loudness)| *sum += weight / whole * loudness);
    }
    smooth.into_iter().map(|loudness| 10.0 / EXPONENT * loudness.max(1e-20).log10()).collect()
}

/// To the power of [`EXPONENT`].
fn fourth_root(power: f32) -> f32 {
    power.sqrt().sqrt()
}

/// Whether what is around a peak can be a vowel: voiced, and no hiss.
fn is_vowel(frames: &[Frame], peak: usize, noise: &[f32; BANDS]) -> bool {
    let around = &frames[peak.saturating_sub(2)..(peak + 3).min(frames.len())];
    let voicing = around.iter().map(|frame| frame.voicing).sum::<f32>() / around.len() as f32;
    let power = |bands: Range<usize>| {
        let above = |frame: &Frame| bands.clone().map(|band| (frame.bands[band] - noise[band]).max(0.0)).sum::<f32>();
        around.iter().map(above).sum::<f32>()
    };
    voicing > VOICED && power(SONORANT) > LEAST_SONORANT * power(0..BANDS)
}

/// The peaks that stand out on both sides.
fn peaks(levels: &[f32]) -> Vec<usize> {
    let mut found = Vec::new();
    // The highest and the lowest since the last turn, and the dip before the peak that may become one.
    let (mut peak, mut low, mut dip) = (0, f32::MAX, f32::MIN);
    let mut rising = true;
    for (n, &level) in levels.iter().enumerate() {
        if rising {
            if level > levels[peak] {
                peak = n;
            } else if level < levels[peak] - LOOKED_AT {
                if levels[peak] - dip >= LOOKED_AT {
                    found.push(peak);
                }
                (rising, low) = (false, level);
            }
        } else if level < low {
            low = level;
        } else if level > low + LOOKED_AT {
            (rising, peak, dip) = (true, n, low);
        }
    }
    // What is still high at the end of speech ends there.
    if rising && levels.len() > 1 && levels[peak] - dip >= LOOKED_AT {
        found.push(peak);
    }
    found
}

/// Those that have a dip between them that is deep enough for their distance; of two that have not, the louder.
fn apart(found: &[usize], levels: &[f32], needed: impl Fn(f32) -> f32) -> Vec<usize> {
    let mut kept: Vec<usize> = Vec::new();
    for &peak in found {
        while let Some(&last) = kept.last() {
            let dip = levels[last..=peak].iter().copied().fold(f32::MAX, f32::min);
            if levels[last].min(levels[peak]) - dip >= needed((peak - last) as f32) {
                kept.push(peak);
                break;
            }
            if levels[peak] <= levels[last] {
                break;
            }
            kept.pop();
        }
        if kept.is_empty() {
            kept.push(peak);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A voice whose level goes up and down by `depth` dB so many times in 2 s, over noise far below it.
    fn voice(syllables: usize, depth: f32) -> (Vec<Frame>, Judgement) {
        let at = |n: usize| {
            let swing = 0.5 - 0.5 * (std::f32::consts::TAU * syllables as f32 * n as f32 / 200.0).cos();
            let power = ratio(-20.0 - depth + depth * swing);
            let bands = [power, power, power, power / 2.0, power / 4.0, power / 8.0, power / 16.0, 1e-6, 1e-6];
            Frame { bands, voicing: 0.9, ..Frame::default() }
        };
        let judgement =
            Judgement { speech: vec![0..200; 1], noise: [1e-9; BANDS], active: ratio(-20.0), ..Judgement::default() };
        ((0..200).map(at).collect(), judgement)
    }

    #[test]
    fn each_rise_of_the_voice_is_a_syllable_where_it_is() {
        for syllables in [2, 5, 9, 14] {
            let (frames, judgement) = voice(syllables, 15.0);
            let found = nuclei(&frames, &judgement);
            assert_eq!(found.len(), syllables);
            for (place, time) in found.iter().enumerate() {
                let truth = (place as f64 + 0.5) * 200.0 / syllables as f64;
                assert!((time - truth).abs() < 2.0, "{time} and not {truth}");
            }
        }
    }

    #[test]
    fn a_ripple_is_no_syllable() {
        let (frames, judgement) = voice(8, 0.4);
        assert!(nuclei(&frames, &judgement).len() <= 1);
    }

    #[test]
    fn a_dip_ends_in_the_noise() {
        let (mut frames, mut judgement) = voice(2, 15.0);
        judgement.noise = [ratio(-30.0); BANDS];
        // A tenth above the noise and twice the noise: 2.6 dB, of which nobody can say what is voice.
        frames[0].bands = judgement.noise.map(|noise| 1.1 * noise);
        frames[1].bands = judgement.noise.map(|noise| 2.0 * noise);
        let levels: Vec<f32> =
            loudness(&frames, &judgement).0.iter().map(|loudness| 10.0 / EXPONENT * loudness.log10()).collect();
        assert!((2.0..9.0).contains(&(levels[1] - levels[0])), "{levels:?}");
    }

    #[test]
    fn the_nearer_two_peaks_are_the_deeper_is_the_dip_between_two_syllables() {
        let needed = |distance: f32| 0.6 * (20.0 / distance).powi(2);
        for (distance, dip, syllables) in [(20, 1.0, 2), (20, 0.5, 1), (10, 1.0, 1), (10, 3.0, 2), (5, 6.0, 1)] {
            let mut levels = vec![10.0; distance + 1];
            levels[distance / 2] -= dip;
            levels[distance] += 1.0;
            let kept = apart(&[0, distance], &levels, needed);
            assert_eq!(kept.len(), syllables, "{dip} dB between two that are {distance} apart");
            assert_eq!(kept.last(), Some(&distance), "the louder one is kept");
        }
    }

    #[test]
    fn a_hiss_is_no_syllable_even_where_it_seems_voiced() {
        let (mut frames, judgement) = voice(6, 15.0);
        for frame in &mut frames[100..] {
            frame.bands.reverse();
        }
        assert_eq!(nuclei(&frames, &judgement).len(), 3);
        let (mut frames, judgement) = voice(6, 15.0);
        frames[100..].iter_mut().for_each(|frame| frame.voicing = 0.2);
        assert_eq!(nuclei(&frames, &judgement).len(), 3);
    }
}
