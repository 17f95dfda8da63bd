//! Syllables: where the voice is loudest between two dips, and voiced.
//!
//! After de Jong and Wempe 2009 (doi 10.3758/BRM.41.2.385), with two departures: the noise is taken out of the bands
//! first, and what is followed is loudness rather than intensity, because an "n" is nearly as intense as the vowel beside
//! it, but much less loud.

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

/// How far a peak stands above the dips beside it, in dB.
const PROMINENCE: f32 = 1.7;

/// From where on a peak is voiced: the mean of 50 ms.
const VOICED: f32 = 0.45;

/// How much of the loudness counts where nothing is voiced: between two vowels, a loud hiss is a dip.
const UNVOICED: f32 = 0.3;

/// The least share of a vowel's power that is sonorant.
const LEAST_SONORANT: f32 = 0.5;

/// What is so far below the loud syllables is none, in dB.
const WEAKEST: f32 = 22.0;

/// Two syllables are at least so much of the usual distance apart: what is nearer is one with a burst or a tap.
const NEAREST: f32 = 0.4;

/// From here on, in frames, a distance between two syllables is a pause and says nothing of the usual.
const FAR: f64 = 60.0;

/// The nuclei, in frames.
pub fn nuclei(frames: &[Frame], judgement: &Judgement) -> Vec<f64> {
    let levels = levels(frames, judgement);
    let mut spoken: Vec<f32> = judgement.speech.iter().flat_map(|run| levels[run.clone()].iter().copied()).collect();
    let least = quantile(&mut spoken, 0.9) - WEAKEST;
    let mut found = Vec::new();
    for run in &judgement.speech {
        let peaks = peaks(&levels[run.clone()]).into_iter().map(|peak| run.start + peak);
        found.extend(peaks.filter(|peak| levels[*peak] > least && is_vowel(frames, *peak, &judgement.noise)));
    }
    apart(&found, &levels)
}

/// The loudness of each frame's vowels, in dB.
fn levels(frames: &[Frame], judgement: &Judgement) -> Vec<f32> {
    let floor = judgement.active * ratio(-45.0) / VOWELS.len() as f32;
    let base: [f32; BANDS] = judgement.noise.map(|noise| noise + floor);
    let nothing = base.map(fourth_root);
    let voicing = smoothed(&frames.iter().map(|frame| frame.voicing).collect::<Vec<_>>(), 1);
    let loudness = |(frame, voicing): (&Frame, f32)| {
        let band = |band: usize| fourth_root((frame.bands[band] + floor).max(base[band])) - nothing[band];
        (VOWELS.map(band).sum::<f32>() + LOWEST * band(0)) * (UNVOICED + (1.0 - UNVOICED) * voicing)
    };
    let loudness: Vec<f32> = frames.iter().zip(voicing).map(loudness).collect();
    let least = 0.5 * VOWELS.len() as f32 * fourth_root(floor);
    let level = |loudness: f32| 10.0 / EXPONENT * (loudness + least).max(1e-20).log10();
    smoothed(&smoothed(&loudness, 1), 2).into_iter().map(level).collect()
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
            } else if level < levels[peak] - PROMINENCE {
                if levels[peak] - dip >= PROMINENCE {
                    found.push(peak);
                }
                (rising, low) = (false, level);
            }
        } else if level < low {
            low = level;
        } else if level > low + PROMINENCE {
            (rising, peak, dip) = (true, n, low);
        }
    }
    // What is still high at the end of speech ends there.
    if rising && levels.len() > 1 && levels[peak] - dip >= PROMINENCE {
        found.push(peak);
    }
    found
}

/// Those that are far enough from each other to be two syllables of this speaker; of two that are not, the louder.
fn apart(found: &[usize], levels: &[f32]) -> Vec<f64> {
    let distances = found.windows(2).map(|pair| (pair[1] - pair[0]) as f64);
    let mut distances: Vec<f32> =
        distances.filter(|distance| *distance < FAR).map(|distance| distance as f32).collect();
    let nearest = NEAREST * quantile(&mut distances, 0.5);
    let mut kept: Vec<usize> = Vec::new();
    for &peak in found {
        match kept.last_mut() {
            Some(last) if ((peak - *last) as f32) < nearest => {
                if levels[peak] > levels[*last] {
                    *last = peak;
                }
            }
            _ => kept.push(peak),
        }
    }
    kept.into_iter().map(|peak| peak as f64 + 0.5).collect()
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
            Judgement { speech: vec![0..200], noise: [1e-9; BANDS], active: ratio(-20.0), ..Judgement::default() };
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
        let (frames, judgement) = voice(8, 1.0);
        assert!(nuclei(&frames, &judgement).len() <= 1);
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
