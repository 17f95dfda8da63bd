//! Where in a stretch of frames somebody speaks, and how loud the noise is there.
//!
//! A fixed threshold is what fails in noise: here each band is held against its own floor, and the floor is then
//! measured again where nobody was found to speak.

use std::ops::Range;

use super::bands::{BANDS, Frame, SECONDS};
use super::edges;
use super::floor::{LOOKED_AT, first_noises, local_noises, mean_noise};
use super::nearby::{self, BLOCK};

/// Below this, a mean square is nothing at all: half a bit of 16, spread over the bands.
pub(super) const NOTHING: f32 = 2e-11;

/// How far the three best bands stand above the noise at least where speech begins, and where it still goes on, in dB:
/// the three best bands of an even noise are 1 to 3 dB above their mean.
const BEGINS: f32 = 6.5;
/// See [`BEGINS`].
const ENDS: f32 = 3.0;

/// From which band on a hiss, as of "s", may lie in one band alone: those bands are so wide that an even noise is hardly
/// ever 2 dB above its mean there. Where the noise is less even than this, in dB, a band alone says nothing.
const HISS: usize = 5;
/// See [`HISS`].
const EVEN: f32 = 2.0;

/// The same for a noise that is not even, as that of other voices: so many times as far above its middle as a fifth of
/// its frames are.
const UNEVEN_BEGINS: f32 = 3.0;
/// See [`UNEVEN_BEGINS`].
const UNEVEN_ENDS: f32 = 1.3;

/// What differs more than this, in dB, is not the noise but speech that was taken for it.
const WIDEST: f32 = 10.0;

/// What is so far below the voice, in dB, is not speech however quiet the room (measured on human voices, of which the
/// weakest sounds lie 30 to 38 dB below the active level).
const WEAKEST: f32 = 38.0;

/// Where a voice becomes so much louder or weaker from one phrase to the next, in dB, it is told by itself how loud it is.
const OTHER_VOICE: f32 = 10.0;

/// The shortest speech, in frames: what is shorter is a click.
const SHORTEST_SPEECH: usize = 5;

/// What rises so far above its own middle for a fifth of the time, in dB, is no noise alone: five voices together rise by
/// 2 to 3.
const NO_NOISE: f32 = 4.5;

/// The shortest gap between two stretches, in frames: windows of 32 ms, smoothed, make every gap shorter, and which gap
/// is a pause is told by its edges.
const SHORTEST_GAP: usize = 20;

/// Speech between two gaps is somewhere so voiced, in the mean of so many frames beside each other: what is not is a
/// breath, a click or a door. Half a second of noise comes to .5 and seldom to .67, with a resonance to .8; of speech, in
/// noise as loud as a third of it, 99 parts in 100 come to .85.
const VOICED_SOMEWHERE: f32 = 0.7;
/// See [`VOICED_SOMEWHERE`].
const VOWEL: usize = 5;

/// A tone has this share of its power in one band.
const PURE: f32 = 0.98;

/// The same of a tone with all that is beside it: speech would be 30 dB and more below.
const PURE_HELD: f32 = 0.999;

/// The longest tone that is told from what stands out of the noise, in frames: a cue takes a quarter of a second; a hum or a whistle that is held
/// is no speech by its evenness.
const LONGEST_TONE: usize = 50;

/// From where on a frame is voiced beyond doubt.
const VOICED: f32 = 0.7;

/// From so many frames on, noise is measured.
const LEAST_NOISE: usize = 30;

/// What is told of a stretch.
#[derive(Debug, Clone, Default)]
pub struct Judgement {
    /// Where somebody speaks, in frames.
    pub speech: Vec<Range<usize>>,
    /// The same to the part of a frame: where each begins and ends, in frames.
    pub edges: Vec<(f64, f64)>,
    /// The frames between, away from the speech.
    pub calm: Vec<usize>,
    /// The mean noise in each band.
    pub noise: [f32; BANDS],
    /// The mean of what is above the noise, in speech: of all bands.
    pub active: f32,
    /// The same from block to block, where it is known.
    pub noises: Vec<[f32; BANDS]>,
    /// See [`Judgement::noises`].
    pub actives: Vec<f32>,
    /// How uneven the noise is, in dB: how far a fifth of it is above its middle.
    pub uneven: f32,
}

impl Judgement {
    /// The noise around a frame, in each band.
    pub(super) fn noise_at(&self, frame: usize) -> &[f32; BANDS] {
        self.noises.get(frame / BLOCK).unwrap_or(&self.noise)
    }

    /// How loud the voice is around a frame.
    pub(super) fn active_at(&self, frame: usize) -> f32 {
        self.actives.get(frame / BLOCK).copied().unwrap_or(self.active)
    }

    /// The parts of so many frames in which the voice is much the same, each with what is told of it by itself: its frames
    /// are counted from its own beginning. All of it is one part where the voice changes little.
    pub(super) fn parts(&self, count: usize) -> Vec<(Range<usize>, Judgement)> {
        let voice = |run: &Range<usize>| self.active_at((run.start + run.end) / 2);
        let groups = self.speech.chunk_by(|left, right| nearby::alike(voice(left), voice(right), OTHER_VOICE));
        let mut parts: Vec<(Range<usize>, Judgement)> = Vec::new();
        let mut runs = groups.peekable();
        let mut start = 0;
        while let Some(group) = runs.next() {
            let last = group.last().map_or(start, |run| run.end);
            let end = runs.peek().and_then(|next| next.first()).map_or(count, |next| (last + next.start) / 2);
            let active = group.iter().map(|run| voice(run) * run.len() as f32).sum::<f32>();
            let active = active / group.iter().map(ExactSizeIterator::len).sum::<usize>() as f32;
            let speech = group.iter().map(|run| run.start - start..run.end - start).collect();
            let noise = *self.noise_at((start + end) / 2);
            parts.push((start..end, Judgement { speech, noise, active, ..Judgement::default() }));
            start = end;
        }
        if let [(_, only)] = &mut parts[..] {
            (only.noise, only.active) = (self.noise, self.active);
        }
        parts
    }
}

/// `10 ^ (db / 10)`.
pub(super) fn ratio(db: f32) -> f32 {
    10f32.powf(db / 10.0)
}

/// The value that a part of all are below; 0 of nothing.
pub(super) fn quantile(values: &mut [f32], part: f32) -> f32 {
    if values.is_empty() {
        return 0.0;
    }
    let place = ((values.len() - 1) as f32 * part) as usize;
    *values.select_nth_unstable_by(place, f32::total_cmp).1
}

/// The mean of each frame's neighbourhood, `reach` frames to each side.
pub(super) fn smoothed(values: &[f32], reach: usize) -> Vec<f32> {
    let count = values.len();
    let mut sums = vec![0.0f32; count];
    let add = |sums: &mut [f32], values: &[f32]| sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
    // Neighbour by neighbour over all of them, which is several times as fast as frame by frame.
    for before in (1..=reach).rev() {
        add(&mut sums[before.min(count)..], values);
    }
    for after in 0..=reach {
        add(&mut sums, &values[after.min(count)..]);
    }
    let mean = |(n, sum): (usize, &f32)| sum / (n.min(reach) + 1 + reach.min(count - 1 - n)) as f32;
    sums.iter().enumerate().map(mean).collect()
}

/// Tells speech from silence in a stretch; `bands` are those that the recording's rate has. `None` where nothing
/// stands out.
pub fn judge(frames: &[Frame], bands: usize) -> Option<Judgement> {
    let local = judge_by(frames, bands, LOOKED_AT)?;
    if local.uneven <= NO_NOISE || frames.len() <= LOOKED_AT {
        return Some(local);
    }
    // There is speech in what is taken for noise: of two ways to look for it, that counts which finds it more even.
    let whole = judge_by(frames, bands, frames.len());
    Some(whole.filter(|whole| whole.uneven < local.uneven).unwrap_or(local))
}

/// The same, with what is quiet looked for in parts of so many frames.
fn judge_by(frames: &[Frame], bands: usize, looked_at: usize) -> Option<Judgement> {
    let sounds: Vec<bool> = frames.iter().map(|frame| frame.bands[..bands].iter().sum::<f32>() > NOTHING).collect();
    let (mut calm, mut noises, most) = first_noises(frames, bands, &sounds, looked_at);
    let (mut begins, mut ends, mut uneven) = (BEGINS, ENDS, 0.0f32);
    let mut judgement = None;
    // The second time by the noise that was between the speech the first time, the third time by that of the second.
    for _ in 0..3 {
        let (score, energy) = above(frames, bands, &noises, uneven < EVEN);
        let active = active(&energy);
        if active <= NOTHING {
            return None;
        }
        if calm.len() >= LEAST_NOISE {
            let mut scores: Vec<f32> = calm.iter().map(|n| score[*n]).collect();
            let middle = quantile(&mut scores, 0.5);
            let spread = quantile(&mut scores, 0.8) - middle;
            let wide = spread.min(WIDEST);
            // Speech that was taken for noise the first time must not make itself unheard of.
            let loud = 0.6 * quantile(&mut score.clone(), 0.9);
            begins = BEGINS.max((middle + UNEVEN_BEGINS * wide).min(loud));
            ends = ENDS.max((middle + UNEVEN_ENDS * wide).min(0.6 * loud));
            uneven = spread;
        }
        let actives = nearby::voices(&energy, |n| frames[n].voicing > VOICED && score[n] > begins, active);
        let loud = |n: usize, db: f32| score[n] > db && energy[n] > actives[n / BLOCK] * ratio(-WEAKEST) && sounds[n];
        let mut speech = runs(frames, |n| loud(n, begins), |n| loud(n, ends));
        calm = between(frames.len(), &speech, 5).flatten().filter(|n| sounds[*n]).collect();
        speech.retain(|run| !is_tone(&frames[run.clone()], &noises[run.start / BLOCK]));
        let noise = if calm.len() < LEAST_NOISE { noises[0] } else { mean_noise(frames, &calm) };
        judgement =
            Some(Judgement { speech, noise, active, noises: noises.clone(), actives, uneven, ..Judgement::default() });
        if calm.len() < LEAST_NOISE {
            break;
        }
        noises = local_noises(frames, &calm, &most);
    }
    let mut judgement = Judgement { calm, ..judgement? };
    if judgement.speech.is_empty() {
        return None;
    }
    judgement.edges = edges::edges(frames, &judgement, |run| hidden(&judgement, run, bands) + ends - ENDS);
    Some(judgement)
}

/// How much of the range of speech the noise hides around a frame, in dB. The best bands stand out by some 8 dB more than
/// all.
fn hidden(judgement: &Judgement, frame: usize, bands: usize) -> f32 {
    let noise: f32 = judgement.noise_at(frame)[2.min(bands - 1)..bands].iter().sum();
    let above = 10.0 * (judgement.active_at(frame) / noise.max(NOTHING)).log10();
    (WEAKEST - 8.0 - above).max(0.0)
}

/// How far the three best bands, or the best of those that a hiss lies in, are above the noise, in dB, and what of the
/// power is not noise.
fn above(frames: &[Frame], bands: usize, noises: &[[f32; BANDS]], hisses: bool) -> (Vec<f32>, Vec<f32>) {
    let inverses: Vec<[f32; BANDS]> =
        noises.iter().map(|noise| noise.map(|noise| 1.0 / noise.max(NOTHING / BANDS as f32))).collect();
    let last = frames.len().saturating_sub(1);
    let one = |n: usize| {
        let (noise, inverse) = (&noises[n / BLOCK], &inverses[n / BLOCK]);
        let (before, now, after) = (&frames[n.saturating_sub(1)], &frames[n], &frames[(n + 1).min(last)]);
        let mut best = [1e-9f32; 3];
        let (mut energy, mut hiss) = (0.0, 1e-9f32);
        for band in 0..bands {
            let power = 0.25 * (before.bands[band] + after.bands[band]) + 0.5 * now.bands[band];
            energy += (power - noise[band]).max(0.0);
            let over = power * inverse[band];
            if hisses && band >= HISS {
                hiss = hiss.max(over);
            }
            if over > best[0] {
                best = [over, best[0], best[1]];
            } else if over > best[1] {
                best = [best[0], over, best[1]];
            } else if over > best[2] {
                best[2] = over;
            }
        }
        let best = 10.0 / 3.0 * (best[0] * best[1] * best[2]).max(1e-20).log10();
        (best.max(10.0 * hiss.log10()), energy)
    };
    (0..frames.len()).map(one).unzip()
}

/// The mean of what is loud, of all that is above the noise.
fn active(energy: &[f32]) -> f32 {
    loud_mean(&mut energy.iter().copied().filter(|energy| *energy > NOTHING).collect::<Vec<_>>())
}

/// The mean of what is loud: the power of the frames that are within 25 dB of the loudest twentieth.
pub(super) fn loud_mean(energy: &mut [f32]) -> f32 {
    let least = quantile(energy, 0.95) * ratio(-25.0);
    let (sum, count) =
        energy.iter().filter(|energy| **energy >= least).fold((0.0, 0u32), |(sum, count), e| (sum + e, count + 1));
    sum / count.max(1) as f32
}

/// The stretches of speech: each has somewhere what begins one, goes on as far as what ends one, and is long and voiced
/// enough.
fn runs(frames: &[Frame], begins: impl Fn(usize) -> bool, goes_on: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut n = 0;
    while n < frames.len() {
        if !goes_on(n) {
            n += 1;
            continue;
        }
        let start = n;
        let mut strong = 0;
        while n < frames.len() && goes_on(n) {
            strong += usize::from(begins(n));
            n += 1;
        }
        if strong < 2 || n - start < SHORTEST_SPEECH {
            continue;
        }
        match found.last_mut() {
            Some(before) if start < before.end + SHORTEST_GAP => before.end = n,
            _ => found.push(start..n),
        }
    }
    found.retain(|run| is_voiced(&frames[run.clone()]));
    found
}

/// Whether a run has a vowel, or anything as voiced as one.
fn is_voiced(run: &[Frame]) -> bool {
    let voiced = |frames: &[Frame]| {
        frames.iter().map(|frame| frame.voicing).sum::<f32>() > VOICED_SOMEWHERE * frames.len() as f32
    };
    run.windows(VOWEL.min(run.len().max(1))).any(voiced)
}

/// Whether a run is a single tone: nearly all of its power at one place, where a voice has overtones. A short one, as a cue
/// from the loudspeaker is, is told by what stands out of the noise; one that is held may be taken for noise itself.
fn is_tone(run: &[Frame], noise: &[f32; BANDS]) -> bool {
    let (mut above, mut whole) = ([0.0f32; BANDS], [0.0f32; BANDS]);
    for frame in run {
        for band in 0..BANDS {
            above[band] += (frame.bands[band] - noise[band]).max(0.0);
            whole[band] += frame.bands[band];
        }
    }
    let most = above.iter().copied().fold(0.0, f32::max);
    // A tone may lie where two bands meet.
    let held = whole.windows(2).map(|pair| pair[0] + pair[1]).fold(0.0, f32::max);
    held >= PURE_HELD * whole.iter().sum::<f32>()
        || (run.len() <= LONGEST_TONE && most >= PURE * above.iter().sum::<f32>())
}

/// The frames between the runs, away from their edges.
pub(super) fn between<'a>(
    count: usize,
    runs: &'a [Range<usize>],
    away: usize,
) -> impl Iterator<Item = Range<usize>> + 'a {
    let starts = std::iter::once(0).chain(runs.iter().map(|run| run.end));
    let ends = runs.iter().map(|run| run.start).chain([count]);
    starts.zip(ends).filter_map(move |(start, end)| {
        let start = if start == 0 { 0 } else { start + away };
        let end = if end == count { end } else { end.saturating_sub(away) };
        (start < end).then_some(start..end)
    })
}

/// Frames in seconds.
pub(super) fn seconds(frames: f64) -> f64 {
    frames * SECONDS
}

#[cfg(test)]
#[path = "voice_tests.rs"]
mod tests;
