//! How loud the noise is in each band, from place to place: before anything is known, and by what is calm.

use std::ops::Range;

use super::bands::{BANDS, Frame};
use super::nearby::{self, BLOCK};
use super::quiet;
use super::voice::{NOTHING, quantile, ratio, smoothed};

/// Which part of the frames is taken for noise where nothing better is known.
const FIRST_FLOOR: f32 = 0.10;

/// What is quiet is told in parts of so many frames: 10 s, in which somebody who answers pauses, and the noise changes
/// little.
pub(super) const LOOKED_AT: usize = 1_000;

/// How far above what it hardly falls below in 10 s a noise is in the mean at most, in dB: speech that was taken for noise
/// is further, and would be from then on.
const ABOVE_FLOOR: f32 = 10.0;

/// What of a noise differs less than this from the whole stretch's, in dB, is not told apart.
const MUCH_THE_SAME: f32 = 5.0;

/// How far what is quiet and what is loud lie apart at least where there are both, in dB.
const APART: f64 = 7.0;

/// What is quiet and how loud it is in each block, before anything is known, and how loud it is at most: told in parts of
/// `looked_at` frames, each of which tells about its middle half, for what is quiet in one part may be loud in another.
pub(super) fn first_noises(
    frames: &[Frame],
    bands: usize,
    sounds: &[bool],
    looked_at: usize,
) -> (Vec<usize>, Noises, Noises) {
    let count = frames.len();
    let blocks = count.div_ceil(BLOCK);
    let smooth: Vec<Vec<f32>> = (0..bands)
        .map(|band| smoothed(&frames.iter().map(|frame| frame.bands[band]).collect::<Vec<f32>>(), 4))
        .collect();
    let (mut calm, mut unknown, mut most) = (Vec::new(), Vec::new(), vec![[0.0f32; BANDS]; blocks]);
    let mut start = 0;
    loop {
        let end = if count < start + looked_at * 3 / 2 { count } else { start + looked_at };
        let from = if start == 0 { 0 } else { start + looked_at / 4 };
        let to = if end == count { count } else { start + looked_at * 3 / 4 };
        // Where much of a part is digital silence, what sounds is speech, and there are no bounds to what is not.
        let silent = sounds[start..end].iter().filter(|sounds| !**sounds).count() as f32;
        let silent = silent > FIRST_FLOOR * (end - start) as f32;
        let (noise, floors) = first_noise(&smooth, if silent { 0..count } else { start..end }, sounds);
        for most in &mut most[start / BLOCK..end.div_ceil(BLOCK)] {
            for (most, noise) in most.iter_mut().zip(noise) {
                *most = if silent { f32::MAX } else { most.max(noise * ratio(ABOVE_FLOOR)) };
            }
        }
        let quiet = quiet::quiet(&frames[start..end], &floors[..bands], &sounds[start..end], APART);
        if quiet.is_empty() {
            unknown.push((from.div_ceil(BLOCK)..to.div_ceil(BLOCK), noise));
        }
        calm.extend(quiet.into_iter().map(|n| start + n).filter(|n| (from..to).contains(n)));
        if end == count {
            break;
        }
        start += looked_at / 2;
    }
    let mut noises = local_noises(frames, &calm, &most);
    noises.resize(blocks, [NOTHING; BANDS]);
    for (blocks, noise) in unknown {
        noises[blocks].fill(noise);
    }
    (calm, noises, most)
}

/// The noise of each block.
pub(super) type Noises = Vec<[f32; BANDS]>;

/// The mean of what is calm near each block, no more than it may be; of all that is calm where that is much the same.
pub(super) fn local_noises(frames: &[Frame], calm: &[usize], most: &[[f32; BANDS]]) -> Noises {
    let mut noises = nearby::means(frames.len(), calm, |n| frames[n].bands);
    let everywhere = mean_noise(frames, calm);
    for (noise, most) in noises.iter_mut().zip(most) {
        for ((noise, most), everywhere) in noise.iter_mut().zip(most).zip(everywhere) {
            *noise = noise.min(*most);
            if nearby::alike(*noise, everywhere, MUCH_THE_SAME) {
                *noise = everywhere;
            }
        }
    }
    noises
}

/// The mean power in each band.
pub(super) fn mean_noise(frames: &[Frame], calm: &[usize]) -> [f32; BANDS] {
    let mut sum = [0.0f32; BANDS];
    for n in calm {
        for (sum, power) in sum.iter_mut().zip(frames[*n].bands) {
            *sum += power;
        }
    }
    sum.map(|sum| (sum / calm.len().max(1) as f32).max(NOTHING / BANDS as f32))
}

/// The floor of each band before anything is known: what a part of its frames stay under when they are smoothed.
/// And the floors, which hardly any are below.
fn first_noise(smooth: &[Vec<f32>], part: Range<usize>, sounds: &[bool]) -> ([f32; BANDS], [f32; BANDS]) {
    let (mut noise, mut floors) = ([NOTHING; BANDS], [NOTHING; BANDS]);
    for ((smooth, noise), floor) in smooth.iter().zip(&mut noise).zip(&mut floors) {
        // Each is the mean of nine: every fourth tells as much.
        let sounding = part.clone().step_by(4).filter(|n| sounds[*n]);
        let mut powers: Vec<f32> = sounding.map(|n| smooth[n]).collect();
        // The low end of what is smoothed lies a little below its mean.
        *noise = (quantile(&mut powers, FIRST_FLOOR) * 1.25).max(NOTHING / BANDS as f32);
        *floor = quantile(&mut powers, FIRST_FLOOR / 2.0).max(1e-12);
    }
    (noise, floors)
}
