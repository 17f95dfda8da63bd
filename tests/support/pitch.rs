//! The pitch of a voice: the fundamental frequency of each voiced window by autocorrelation, and the median of them.

/// The lowest and the highest fundamental that is looked for, in Hz.
const LOWEST: f64 = 60.0;
const HIGHEST: f64 = 400.0;
/// The length of a window and the step from one to the next, in seconds.
const WINDOW: f64 = 0.025;
const STEP: f64 = 0.015;
/// Sound is thinned out, two samples to one, while its rate is above this: pitch needs no more.
const ENOUGH: f64 = 12_000.0;
/// A window whose best match with itself is worse than this is not voiced.
const VOICED: f64 = 0.8;
/// A shorter period whose match comes this near to the best is the true one: every multiple of it matches too.
const AS_GOOD: f64 = 0.9;
/// A window this much weaker in power than the strongest tenth is no vowel.
const WEAK: f64 = 0.01;

/// The median fundamental frequency of some clips in one voice, in Hz; `None` where nothing is voiced.
pub fn median<'a>(clips: impl IntoIterator<Item = (u32, &'a [i16])>) -> Option<f64> {
    let mut found: Vec<f64> = clips.into_iter().flat_map(|(rate, samples)| contour(rate, samples)).collect();
    let first = middle(&mut found)?;
    // What is nearly an octave away is more likely a mistake than a change of pitch.
    found.retain(|hertz| (semitones(*hertz, first)).abs() < 10.0);
    middle(&mut found)
}

/// The fundamental of each voiced window of a clip, in Hz.
pub fn contour(rate: u32, samples: &[i16]) -> Vec<f64> {
    let mut rate = f64::from(rate);
    let mut samples: Vec<f64> = samples.iter().map(|&sample| f64::from(sample)).collect();
    while rate > ENOUGH {
        samples = samples.chunks_exact(2).map(|pair| (pair[0] + pair[1]) / 2.0).collect();
        rate /= 2.0;
    }
    let (window, step) = ((rate * WINDOW) as usize, (rate * STEP) as usize);
    let (shortest, longest) = ((rate / HIGHEST) as usize, (rate / LOWEST).ceil() as usize);
    let whole = window + longest + 1;
    let pieces: Vec<(&[f64], f64)> = (0..samples.len().saturating_sub(whole))
        .step_by(step)
        .map(|start| (&samples[start..start + whole], energy(&samples[start..start + window])))
        .collect();
    let mut energies: Vec<f64> = pieces.iter().map(|(_, energy)| *energy).collect();
    energies.sort_by(f64::total_cmp);
    let Some(&strong) = energies.get(energies.len() * 9 / 10) else { return Vec::new() };
    pieces
        .into_iter()
        .filter(|(_, energy)| *energy > WEAK * strong)
        .filter_map(|(piece, _)| period(piece, window, shortest, longest))
        .map(|period| rate / period)
        .collect()
}

/// How many semitones `one` is above `other`.
pub fn semitones(one: f64, other: f64) -> f64 {
    12.0 * (one / other).log2()
}

/// The period of what `piece` begins with, in samples with a fraction; `None` where it is not voiced.
fn period(piece: &[f64], window: usize, shortest: usize, longest: usize) -> Option<f64> {
    let own = energy(&piece[..window]);
    let mut other = energy(&piece[shortest - 1..shortest - 1 + window]);
    // How much the window is like what comes so many samples later, from -1 to 1.
    let mut matches = Vec::with_capacity(longest - shortest + 3);
    for lag in shortest - 1..=longest + 1 {
        let product: f64 = piece[..window].iter().zip(&piece[lag..lag + window]).map(|(a, b)| a * b).sum();
        let scale = (own * other).sqrt();
        matches.push(if scale > 1.0 { product / scale } else { 0.0 });
        if let Some(&next) = piece.get(lag + window) {
            other += next * next - piece[lag] * piece[lag];
        }
    }
    // Each peak is the top of the parabola through it and its neighbours: where it lies, and how high.
    let peaks: Vec<(f64, f64)> = (1..matches.len() - 1)
        .filter(|&at| matches[at] > matches[at - 1] && matches[at] >= matches[at + 1])
        .map(|at| {
            let (left, top, right) = (matches[at - 1], matches[at], matches[at + 1]);
            let shift = 0.5 * (left - right) / (left - 2.0 * top + right);
            ((shortest - 1 + at) as f64 + shift, top - 0.25 * (left - right) * shift)
        })
        .collect();
    let best = peaks.iter().map(|(_, height)| *height).fold(f64::MIN, f64::max);
    let first = peaks.into_iter().find(|(_, height)| *height >= AS_GOOD * best)?;
    (best >= VOICED).then_some(first.0)
}

fn energy(samples: &[f64]) -> f64 {
    samples.iter().map(|sample| sample * sample).sum()
}

fn middle(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: u32 = 16_000;

    /// Half a second of harmonics, each with its strength, whose fundamental glides between two frequencies.
    fn harmonics(from: f64, to: f64, strengths: &[f64]) -> Vec<i16> {
        let length = RATE as usize / 2;
        let mut phase = 0.0;
        (0..length)
            .map(|n| {
                phase += (from + (to - from) * n as f64 / length as f64) / f64::from(RATE);
                let sum: f64 =
                    (1..).zip(strengths).map(|(k, a)| a * (std::f64::consts::TAU * phase * f64::from(k)).sin()).sum();
                (sum / strengths.iter().sum::<f64>() * 12_000.0) as i16
            })
            .collect()
    }

    #[test]
    fn a_known_fundamental_is_found_within_a_twentieth_of_a_semitone() {
        for strengths in [
            &[1.0][..],
            &[1.0, 0.8, 0.6, 0.4, 0.2],
            // The first formant lifts a harmonic above the fundamental, or the fundamental is missing.
            &[0.3, 1.0, 0.5, 0.2],
            &[0.2, 0.3, 1.0, 0.8, 0.1],
            &[0.0, 1.0, 0.9, 0.8, 0.7],
        ] {
            for hertz in [65.0, 82.4, 110.0, 146.8, 167.3, 220.0, 311.1, 390.0] {
                let tone = harmonics(hertz, hertz, strengths);
                let found = median([(RATE, &tone[..])]).unwrap();
                assert!(semitones(found, hertz).abs() < 0.05, "{found} Hz of {hertz} Hz, {strengths:?}");
            }
        }
    }

    #[test]
    fn the_median_of_a_glide_is_its_middle() {
        let found = median([(RATE, &harmonics(120.0, 180.0, &[1.0, 0.7, 0.5])[..])]).unwrap();
        assert!(semitones(found, 150.0).abs() < 0.3, "{found}");
    }

    #[test]
    fn silence_and_noise_have_no_pitch() {
        assert_eq!(median([(RATE, &vec![0; 16_000][..])]), None);
        let mut state = 1u32;
        let noise: Vec<i16> = (0..16_000)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 18) as i16 - 8_192
            })
            .collect();
        assert!(contour(RATE, &noise).len() < 3);
        assert_eq!(median([(RATE, &[][..])]), None);
    }
}
