//! Where speech begins and ends, to a quarter of a frame.
//!
//! A window of 32 ms hears a sound before it is there. So an edge that was found by windows is looked for again in parts
//! of 2.5 ms.

use super::bands::{Frame, PARTS};
use super::nearby::{self, BLOCK};
use super::voice::{Judgement, between, ratio};

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
const RISES: f32 = 0.10;
/// See [`RISES`].
const FADES: f32 = 0.25;

/// The start and the end of each run, in frames. The noise hides so many dB of the speech around a frame.
pub(super) fn edges(frames: &[Frame], judgement: &Judgement, hidden: impl Fn(usize) -> f32) -> Vec<(f64, f64)> {
    let runs = &judgement.speech;
    let calm: Vec<usize> = between(frames.len(), runs, INSIDE).flatten().collect();
    let mean = |parts: &[f32; PARTS]| parts.iter().sum::<f32>() / PARTS as f32;
    let noises = nearby::means(frames.len(), &calm, |n| [mean(&frames[n].middle), mean(&frames[n].high)]);
    let thresholds = |frame: usize| {
        let least = judgement.active_at(frame) * ratio(-WEAKEST);
        let noise = noises.get(frame / BLOCK).copied().unwrap_or_default();
        noise.map(|noise| (noise * ratio(STANDS)).max(least))
    };
    let last = frames.len() * PARTS;
    let stands = |part: usize, [middle, high]: [f32; 2]| {
        let (frame, part) = (&frames[part / PARTS], part % PARTS);
        frame.middle[part] > middle || frame.high[part] > high
    };
    let twice = |part: usize, least: [f32; 2]| stands(part, least) && (part + 1 >= last || stands(part + 1, least));
    let mut found: Vec<(f64, f64)> = Vec::new();
    for run in runs {
        let from = run.start.saturating_sub(OUTSIDE) * PARTS;
        let to = (run.start + INSIDE).min(run.end) * PARTS;
        let least = thresholds(run.start);
        let start = (from..to).find(|part| twice(*part, least)).unwrap_or((run.start + 1).min(run.end - 1) * PARTS);
        let from = run.end.saturating_sub(INSIDE).max(run.start) * PARTS;
        let to = ((run.end + OUTSIDE) * PARTS).min(last);
        let least = thresholds(run.end - 1);
        let end = (from..to)
            .rev()
            .find(|part| twice(*part, least))
            .map_or((run.end - 1) * PARTS, |part| (part + 2).min(last));
        let (rises, fades) = (f64::from(hidden(run.start) * RISES), f64::from(hidden(run.end - 1) * FADES));
        let floor = found.last().map_or(0.0, |before| before.1);
        let start = (start as f64 / PARTS as f64 - rises).max(floor);
        let end = (end as f64 / PARTS as f64 + fades).min(frames.len() as f64).max(start);
        found.push((start, end));
    }
    found
}
