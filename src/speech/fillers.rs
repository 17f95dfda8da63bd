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
            let change: f32 = before.iter().zip(after).map(|(before, after)| (before - after).abs()).sum();
            frames[run.start + n].voicing > VOICED && change < STEADY * LOOKED_AT as f32 && loud(&levels[n])
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

/// Whether any band stands well above the floor.
fn loud(levels: &[f32; LOOKED_AT]) -> bool {
    levels.iter().any(|level| *level > 6.0)
}
