//! Where a recording is quiet, before anything else is known of it: the lower of the two groups that its levels fall
//! into, if they fall into two.

use super::bands::Frame;
use super::voice::{quantile, smoothed};

/// How far the levels are looked at, below the loudest, in steps of 1 dB.
const STEPS: usize = 50;

/// How many frames to each side are taken together: 150 ms in all, longer than most gaps between syllables.
const REACH: usize = 7;

/// The shortest quiet, in frames: speech has hardly any of 200 ms within.
const SHORTEST: usize = 20;

/// Less than this, in frames, tells nothing of the noise.
const LEAST: usize = 50;

/// The frames that are quiet; none where the levels do not fall into two groups whose means are `apart` dB from each
/// other. The floors are what each band hardly falls below: against it each band counts alike, so that a vowel that
/// sounds in one only is no quiet beside the noise of the others.
pub(super) fn quiet(frames: &[Frame], floors: &[f32], sounds: &[bool], apart: f64) -> Vec<usize> {
    let above = |frame: &Frame| frame.bands.iter().zip(floors).map(|(power, floor)| power / floor).sum();
    let powers: Vec<f32> = frames.iter().map(above).collect();
    let smooth = smoothed(&powers, REACH);
    let level = |power: f32| 10.0 * power.max(1e-14).log10();
    let lowest = level(quantile(&mut smooth.clone(), 0.95)) - STEPS as f32;
    let steps: Vec<usize> =
        smooth.iter().map(|power| ((level(*power) - lowest).max(0.0) as usize).min(STEPS + 9)).collect();
    let Some(limit) = limit(&steps, apart) else { return Vec::new() };
    let mut found = Vec::new();
    let mut start = 0;
    for group in steps.chunk_by(|left, right| (*left <= limit) == (*right <= limit)) {
        let end = start + group.len();
        if group[0] <= limit && group.len() >= SHORTEST {
            // What is near the ends of it has something of what is beside it.
            let from = if start == 0 { 0 } else { start + REACH / 2 };
            let to = if end == steps.len() { end } else { end - REACH / 2 };
            found.extend((from..to).filter(|n| sounds[*n]));
        }
        start = end;
    }
    if found.len() < LEAST { Vec::new() } else { found }
}

/// The highest step of the lower group, by the largest variance between the two (Otsu 1979,
/// doi 10.1109/TSMC.1979.4310076).
fn limit(steps: &[usize], apart: f64) -> Option<usize> {
    let mut counts = [0u32; STEPS + 10];
    steps.iter().for_each(|step| counts[*step] += 1);
    let whole = steps.len() as f64;
    let sum: f64 = counts.iter().enumerate().map(|(step, count)| step as f64 * f64::from(*count)).sum();
    let (mut below, mut part) = (0.0, 0.0);
    let (mut best, mut found) = (0.0, None);
    for (step, count) in counts.iter().enumerate() {
        below += f64::from(*count);
        part += step as f64 * f64::from(*count);
        if below == 0.0 || below >= whole {
            continue;
        }
        let distance = (sum - part) / (whole - below) - part / below;
        let variance = below * (whole - below) * distance * distance;
        if variance > best {
            (best, found) = (variance, (distance >= apart).then_some(step));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLOORS: [f32; 9] = [1e-5; 9];

    /// Frames of these levels in dB, all bands alike.
    fn frames(levels: impl Iterator<Item = f32>) -> Vec<Frame> {
        let frame = |level: f32| Frame { bands: [10f32.powf(level / 10.0); 9], ..Frame::default() };
        levels.map(frame).collect()
    }

    #[test]
    fn the_lower_of_two_groups_is_quiet_and_its_short_dips_are_not() {
        // A second of each in turn, and gaps of 100 ms in the loud ones.
        let level = |n: usize| if (n / 100).is_multiple_of(2) || n % 100 / 10 == 5 { -50.0 } else { -30.0 };
        let frames = frames((0..1_000).map(level));
        let found = quiet(&frames, &FLOORS, &[true; 1_000], 7.0);
        assert!(found.len() > 400 && found.iter().all(|n| (n / 100).is_multiple_of(2)), "{found:?}");
    }

    #[test]
    fn a_vowel_in_the_lowest_band_alone_is_not_quiet_beside_loud_noise_in_the_others() {
        let frame = |n: usize| {
            let mut frame = Frame { bands: [1e-5; 9], ..Frame::default() };
            frame.bands[0] = if (n / 100).is_multiple_of(2) { 1e-8 } else { 1e-5 };
            frame
        };
        let frames: Vec<Frame> = (0..1_000).map(frame).collect();
        let mut floors = [1e-5; 9];
        floors[0] = 1e-8;
        let found = quiet(&frames, &floors, &[true; 1_000], 7.0);
        assert!(found.len() > 400 && found.iter().all(|n| (n / 100).is_multiple_of(2)), "{found:?}");
    }

    #[test]
    fn one_group_has_no_quiet_part() {
        let frames = frames((0..1_000).map(|n| -40.0 + (n % 7) as f32 * 0.3));
        assert_eq!(quiet(&frames, &FLOORS, &[true; 1_000], 7.0), Vec::<usize>::new());
    }
}
