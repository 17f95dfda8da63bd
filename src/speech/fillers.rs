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

/// How long it is, in frames (of 200 "uh" and "um" in de Jong 2021 most last 0.25 to 0.7 s): a vowel of a word is
/// seldom held for a quarter of a second.
const SHORTEST: usize = 20;
/// See [`SHORTEST`].
const LONGEST: usize = 150;

/// How far around it a pause or nothing must be, in frames: fillers stand by themselves.
const NEAR: usize = 15;

/// The likely fillers, in frames.
pub fn fillers(frames: &[Frame], judgement: &Judgement) -> Vec<Range<usize>> {
    let floor: [f32; BANDS] = judgement.noise.map(|noise| noise.max(judgement.active * ratio(-WEAKEST) / 3.0));
    let mut found = Vec::new();
    for run in &judgement.speech {
        let levels: Vec<[f32; LOOKED_AT]> = frames[run.clone()].iter().map(|frame| levels(frame, &floor)).collect();
        let steady = |n: usize| {
            let (before, after) = (&levels[n.saturating_sub(REACH)], &levels[(n + REACH).min(levels.len() - 1)]);
            frames[run.start + n].voicing > VOICED && change(before, after) < STEADY
        };
        let mut start = 0;
        while start < levels.len() {
            let length = (start..levels.len()).take_while(|n| steady(*n)).count();
            if (SHORTEST..=LONGEST).contains(&length) {
                // It rises and falls as any sound.
                let from = (start.saturating_sub(REACH)..start).find(|n| loud(&levels[*n])).unwrap_or(start);
                let end = start + length;
                let to =
                    (end..(end + REACH).min(levels.len())).rev().find(|n| loud(&levels[*n])).map_or(end, |n| n + 1);
                let alone = |range: Range<usize>| {
                    range.len() < NEAR || range.clone().rev().take(NEAR).any(|n| !loud(&levels[n]))
                };
                let after = to..levels.len();
                let free = after.len() < NEAR || after.take(NEAR).any(|n| !loud(&levels[n]));
                if alone(0..from) || free {
                    found.push(run.start + from..run.start + to);
                }
            }
            start += length.max(1);
        }
    }
    found
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
}
