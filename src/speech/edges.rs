//! Where speech begins and ends, to a quarter of a frame.
//!
//! A window of 32 ms hears a sound before it is there. So an edge that was found by windows is looked for again in parts
//! of 2.5 ms.

use std::ops::Range;

use super::bands::{Frame, PARTS};
use super::voice::{between, ratio};

/// How far a part stands above the noise, in dB: that two of them beside each other do so by chance is rare.
const STANDS: f32 = 4.5;

/// What is so far below the voice, in dB, is nothing.
const WEAKEST: f32 = 42.0;

/// How far outside of a run its edge may lie, and how far inside, in frames.
const OUTSIDE: usize = 2;
/// See [`OUTSIDE`].
const INSIDE: usize = 4;

/// How long the first sounds of a phrase stay in what the noise hides, in frames for each dB of it, and the last ones,
/// which fade rather than stop.
const RISES: f32 = 0.07;
/// See [`RISES`].
const FADES: f32 = 0.12;

/// The start and the end of each run, in frames. The noise hides so many dB of the speech.
pub(super) fn edges(frames: &[Frame], runs: &[Range<usize>], active: f32, hidden: f32) -> Vec<(f64, f64)> {
    let (mut middle, mut high, mut count) = (0.0f32, 0.0f32, 0u32);
    for n in between(frames.len(), runs, INSIDE).flatten() {
        middle += frames[n].middle.iter().sum::<f32>();
        high += frames[n].high.iter().sum::<f32>();
        count += PARTS as u32;
    }
    let threshold = |sum: f32| (sum / count.max(1) as f32 * ratio(STANDS)).max(active * ratio(-WEAKEST));
    let (middle, high) = (threshold(middle), threshold(high));
    let last = frames.len() * PARTS;
    let stands = |part: usize| {
        let (frame, part) = (&frames[part / PARTS], part % PARTS);
        frame.middle[part] > middle || frame.high[part] > high
    };
    let twice = |part: &usize| stands(*part) && (part + 1 >= last || stands(part + 1));
    let (rises, fades) = (f64::from(hidden * RISES), f64::from(hidden * FADES));
    let mut found: Vec<(f64, f64)> = Vec::new();
    for run in runs {
        let from = run.start.saturating_sub(OUTSIDE) * PARTS;
        let to = (run.start + INSIDE).min(run.end) * PARTS;
        let start = (from..to).find(twice).unwrap_or((run.start + 1).min(run.end - 1) * PARTS);
        let from = run.end.saturating_sub(INSIDE).max(run.start) * PARTS;
        let to = ((run.end + OUTSIDE) * PARTS).min(last);
        let end = (from..to).rev().find(twice).map_or((run.end - 1) * PARTS, |part| (part + 2).min(last));
        let floor = found.last().map_or(0.0, |before| before.1);
        let start = (start as f64 / PARTS as f64 - rises).max(floor);
        let end = (end as f64 / PARTS as f64 + fades).min(frames.len() as f64).max(start);
        found.push((start, end));
    }
    found
}
