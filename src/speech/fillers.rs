//! What is likely a filler: a voiced sound that is held, without a syllable's rise, as "uh" and "um" are.
//!
//! Likely and no more: a word at the end of a phrase may be held as long. After the idea of de Jong, Pacilly and Heeren
//! 2021 (doi 10.1080/0969594X.2021.1951162), on what does not change rather than on pitch.

use std::ops::Range;

use super::bands::{BANDS, Frame};
use super::voice::{Judgement, ratio};

/// The bands that are looked at, of about 150 to 3600 Hz.
const LOOKED_AT: usize = 7;

/// How far apart two frames are that are compared, to each side: a syllable changes much in 80 ms.
const REACH: usize = 4;

/// How much the bands may change between them, in dB, in the mean.
const STEADY: f32 = 3.5;

/// What is so far below the voice takes no part, in dB.
const WEAKEST: f32 = 30.0;

/// What stands out of the floor, in dB, and in how many bands at least.
const STANDS_OUT: f32 = 6.0;
/// See [`STANDS_OUT`].
const FEWEST: usize = 2;

/// How voiced a frame of it is.
const VOICED: f32 = 0.6;

/// A hum, as of "m", has so little above 480 Hz beside what it has below, in dB, and is so voiced at least: a low voice
/// repeats itself only twice in a window.
const HUM: f32 = 15.0;
/// See [`HUM`].
const HUMMED: f32 = 0.4;

/// How long the vowel before a hum is at least, and the hum after it, in frames.
const VOWEL: usize = 5;
/// See [`VOWEL`].
const HELD: usize = 8;

/// How much weaker the vowel may become, and then louder again, in dB: more is a second one.
const RISE: f32 = 3.0;

/// How long it is, in frames (of 200 "uh" and "um" in de Jong 2021 most last 0.25 to 0.7 s): a vowel of a word is
/// seldom held for a quarter of a second.
const SHORTEST: usize = 20;
/// See [`SHORTEST`].
const LONGEST: usize = 150;

/// How far around it a pause or nothing must be, in frames: fillers stand by themselves.
const NEAR: usize = 15;

/// The likely fillers, in frames.
pub fn fillers(frames: &[Frame], judgement: &Judgement) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for run in &judgement.speech {
        let (noise, active) = (judgement.noise_at(run.start), judgement.active_at(run.start));
        let floor: [f32; BANDS] = noise.map(|noise| noise.max(active * ratio(-WEAKEST) / 3.0));
        let frames = &frames[run.clone()];
        let levels: Vec<[f32; LOOKED_AT]> = frames.iter().map(|frame| levels(frame, &floor)).collect();
        let mut here = held(frames, &levels);
        for hummed in hummed(frames, &levels) {
            if here.iter().all(|held| held.end <= hummed.start || hummed.end <= held.start) {
                here.push(hummed);
            }
        }
        here.sort_unstable_by_key(|filler| filler.start);
        found.extend(here.into_iter().map(|filler| run.start + filler.start..run.start + filler.end));
    }
    found
}

/// Vowels that are held, as "uh".
fn held(frames: &[Frame], levels: &[[f32; LOOKED_AT]]) -> Vec<Range<usize>> {
    let steady = |n: usize| {
        let (before, after) = (&levels[n.saturating_sub(REACH)], &levels[(n + REACH).min(levels.len() - 1)]);
        frames[n].voicing > VOICED && change(before, after) < STEADY
    };
    let mut found = Vec::new();
    let mut start = 0;
    while start < levels.len() {
        let length = (start..levels.len()).take_while(|n| steady(*n)).count();
        if (SHORTEST..=LONGEST).contains(&length) {
            // It rises and falls as any sound.
            let from = (start.saturating_sub(REACH)..start).find(|n| loud(&levels[*n])).unwrap_or(start);
            let end = start + length;
            let to = (end..(end + REACH).min(levels.len())).rev().find(|n| loud(&levels[*n])).map_or(end, |n| n + 1);
            if free_before(levels, from) || free_after(levels, to) {
                found.push(from..to);
            }
        }
        start += length.max(1);
    }
    found
}

/// A vowel between two pauses that goes over into a hum, without a second syllable, as "um".
fn hummed(frames: &[Frame], levels: &[[f32; LOOKED_AT]]) -> Vec<Range<usize>> {
    let low = |n: usize| frames[n].bands[..2].iter().sum::<f32>();
    let sounds = |n: usize| loud(&levels[n]) && frames[n].voicing > HUMMED;
    let hums = |n: usize| sounds(n) && frames[n].bands[2..].iter().sum::<f32>() < ratio(-HUM) * low(n);
    let mut found = Vec::new();
    let mut start = 0;
    while start < levels.len() {
        let vowel = (start..levels.len()).take_while(|n| sounds(*n) && !hums(*n)).count();
        let hum = (start + vowel..levels.len()).take_while(|n| hums(*n)).count();
        let end = start + vowel + hum;
        // Once it has fallen, how far it has.
        let (mut most, mut fallen) = (0.0f32, None::<f32>);
        let rises = (start..start + vowel).any(|n| {
            most = most.max(low(n));
            fallen = fallen.map(|least| least.min(low(n))).or((low(n) < most * ratio(-RISE)).then(|| low(n)));
            fallen.is_some_and(|least| low(n) > least * ratio(RISE))
        });
        let long = (SHORTEST..=LONGEST).contains(&(vowel + hum)) && vowel >= VOWEL && hum >= HELD;
        let alone = levels[end..].iter().take(NEAR).skip(REACH).all(|levels| !loud(levels));
        if long && !rises && start <= REACH && alone {
            found.push(start..end);
        }
        start += (vowel + hum).max(1);
    }
    found
}

/// Whether there is a pause or nothing before a frame.
fn free_before(levels: &[[f32; LOOKED_AT]], frame: usize) -> bool {
    frame < NEAR || levels[frame - NEAR..frame].iter().any(|levels| !loud(levels))
}

/// Whether there is a pause or nothing from a frame on.
fn free_after(levels: &[[f32; LOOKED_AT]], frame: usize) -> bool {
    levels.len() - frame < NEAR || levels[frame..frame + NEAR].iter().any(|levels| !loud(levels))
}

/// The level of each band, in dB, no less than the floor.
fn levels(frame: &Frame, floor: &[f32; BANDS]) -> [f32; LOOKED_AT] {
    std::array::from_fn(|band| 10.0 * (frame.bands[band] / floor[band]).max(1.0).log10())
}

/// How much the bands that stand out change, in dB, in the mean: what lies in the noise says nothing. Fewer than
/// [`FEWEST`] bands are no voice.
fn change(before: &[f32; LOOKED_AT], after: &[f32; LOOKED_AT]) -> f32 {
    let (mut sum, mut count) = (0.0, 0);
    for (before, after) in before.iter().zip(after).filter(|(before, after)| before.max(**after) > STANDS_OUT) {
        sum += (before - after).abs();
        count += 1;
    }
    if count < FEWEST { f32::MAX } else { sum / count as f32 }
}

/// Whether any band stands well above the floor.
fn loud(levels: &[f32; LOOKED_AT]) -> bool {
    levels.iter().any(|level| *level > STANDS_OUT)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Voiced frames, and none after them.
    fn frames(count: usize, change: impl Fn(usize) -> f32) -> (Vec<Frame>, Judgement) {
        let voiced = |n: usize| Frame { bands: [ratio(-30.0 + change(n)); BANDS], voicing: 0.9, ..Frame::default() };
        let frames = (0..count).map(voiced).chain((0..30).map(|_| Frame::default())).collect();
        let judgement =
            Judgement { speech: vec![0..count; 1], noise: [1e-9; BANDS], active: ratio(-20.0), ..Judgement::default() };
        (frames, judgement)
    }

    #[test]
    fn what_is_held_is_a_filler_and_what_moves_is_none() {
        let (held, judgement) = frames(45, |n| n as f32 * 0.05);
        assert_eq!(fillers(&held, &judgement), vec![0..45]);
        let (moving, judgement) = frames(45, |n| 8.0 * (n as f32 * 0.35).sin());
        assert_eq!(fillers(&moving, &judgement), vec![]);
        let (short, judgement) = frames(15, |_| 0.0);
        assert_eq!(fillers(&short, &judgement), vec![]);
    }

    /// A vowel and a hum after it, in frames, and what follows: a pause, or the next word.
    fn um(vowel: usize, hum: usize, next: bool) -> Vec<Range<usize>> {
        let frame = |levels: [f32; 2]| {
            let bands = std::array::from_fn(|band| ratio(levels[usize::from(band > 1)]));
            Frame { bands, voicing: 0.9, ..Frame::default() }
        };
        // The vowel is not held: its upper bands fall all the way into the hum.
        let mut frames: Vec<Frame> = (0..vowel).map(|n| frame([-20.0, -22.0 - n as f32])).collect();
        frames.extend((0..hum).map(|_| frame([-18.0, -60.0])));
        frames.extend((0..if next { 30 } else { 0 }).map(|n| frame([-20.0, -20.0 - (n % 7) as f32 * 4.0])));
        let judgement = Judgement {
            speech: std::iter::once(0..frames.len()).collect(),
            noise: [1e-9; BANDS],
            active: ratio(-15.0),
            ..Judgement::default()
        };
        fillers(&frames, &judgement)
    }

    #[test]
    fn a_vowel_that_goes_over_into_a_hum_is_a_filler_by_itself_only() {
        assert_eq!(um(12, 15, false), vec![0..27]);
        assert_eq!(um(12, 15, true), vec![], "the beginning of a word");
        assert_eq!(um(8, 4, false), vec![], "too short");
    }
}
