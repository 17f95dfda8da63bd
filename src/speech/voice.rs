//! Where in a stretch of frames somebody speaks, and how loud the noise is there.
//!
//! A fixed threshold is what fails in noise: here each band is held against its own floor, and the floor is then
//! measured again where nobody was found to speak.

use std::ops::Range;

use super::bands::{BANDS, Frame, SECONDS};
use super::{edges, quiet};

/// Below this, a mean square is nothing at all: half a bit of 16, spread over the bands.
const NOTHING: f32 = 2e-11;

/// Which part of the frames is taken for noise where nothing better is known.
const FIRST_FLOOR: f32 = 0.10;

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

/// What is so far below the voice, in dB, is not speech however quiet the room (measured on human voices, of which the
/// weakest sounds lie 30 to 38 dB below the active level).
const WEAKEST: f32 = 38.0;

/// How far what is quiet and what is loud lie apart at least where there are both, in dB.
const APART: f64 = 7.0;

/// The shortest speech, in frames: what is shorter is a click.
const SHORTEST_SPEECH: usize = 5;

/// The shortest gap between two stretches, in frames: windows of 32 ms, smoothed, make every gap shorter, and which gap
/// is a pause is told by its edges.
const SHORTEST_GAP: usize = 20;

/// So many frames of speech between two gaps are voiced at least: what has none is a breath, a click or a door.
const LEAST_VOICED: usize = 3;

/// A tone has this share of its power in one band.
const PURE: f32 = 0.98;

/// The longest tone that is none of speech, in frames: a cue takes a quarter of a second; a hum or a whistle that is held
/// is no speech by its evenness.
const LONGEST_TONE: usize = 50;

/// From where on a frame is voiced.
const VOICED: f32 = 0.5;

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
    /// How uneven the noise is, in dB: how far a fifth of it is above its middle.
    pub uneven: f32,
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
    let sounds: Vec<bool> = frames.iter().map(|frame| frame.bands[..bands].iter().sum::<f32>() > NOTHING).collect();
    let mut calm = quiet::quiet(frames, bands, &sounds, APART);
    let mut noise = match calm.is_empty() {
        true => first_noise(frames, bands, &sounds),
        false => mean_noise(frames, &calm),
    };
    let (mut begins, mut ends, mut uneven) = (BEGINS, ENDS, 0.0f32);
    let mut judgement = None;
    // The second time by the noise that was between the speech the first time, the third time by that of the second.
    for _ in 0..3 {
        let (score, energy) = above(frames, bands, &noise, uneven < EVEN);
        let active = active(&energy);
        if active <= NOTHING {
            return None;
        }
        if calm.len() >= LEAST_NOISE {
            let mut scores: Vec<f32> = calm.iter().map(|n| score[*n]).collect();
            let middle = quantile(&mut scores, 0.5);
            let wide = quantile(&mut scores, 0.8) - middle;
            // Speech that was taken for noise the first time must not make itself unheard of.
            let most = 0.6 * quantile(&mut score.clone(), 0.9);
            begins = begins.max((middle + UNEVEN_BEGINS * wide).min(most));
            ends = ends.max((middle + UNEVEN_ENDS * wide).min(0.6 * most));
            uneven = uneven.max(wide);
        }
        let weakest = active * ratio(-WEAKEST);
        let loud = |n: usize, db: f32| score[n] > db && energy[n] > weakest && sounds[n];
        let mut speech = runs(frames, |n| loud(n, begins), |n| loud(n, ends));
        calm = between(frames.len(), &speech, 5).flatten().filter(|n| sounds[*n]).collect();
        speech.retain(|run| !is_tone(&frames[run.clone()], &noise));
        judgement = Some(Judgement { speech, noise, active, uneven, ..Judgement::default() });
        if calm.len() < LEAST_NOISE {
            break;
        }
        noise = mean_noise(frames, &calm);
    }
    let mut judgement = Judgement { calm, ..judgement? };
    if judgement.speech.is_empty() {
        return None;
    }
    let hidden = hidden(&judgement, bands) + ends - ENDS;
    judgement.edges = edges::edges(frames, &judgement.speech, judgement.active, hidden);
    Some(judgement)
}

/// How much of the range of speech the noise hides, in dB. The best bands stand out by some 8 dB more than all.
fn hidden(judgement: &Judgement, bands: usize) -> f32 {
    let noise: f32 = judgement.noise[2.min(bands - 1)..bands].iter().sum();
    let above = 10.0 * (judgement.active / noise.max(NOTHING)).log10();
    (WEAKEST - 8.0 - above).max(0.0)
}

/// The floor of each band before anything is known: what a part of its frames stay under when they are smoothed.
fn first_noise(frames: &[Frame], bands: usize, sounds: &[bool]) -> [f32; BANDS] {
    let mut noise = [NOTHING; BANDS];
    for (band, noise) in noise.iter_mut().enumerate().take(bands) {
        let powers: Vec<f32> = frames.iter().map(|frame| frame.bands[band]).collect();
        let mut smooth: Vec<f32> = smoothed(&powers, 4)
            .into_iter()
            .zip(sounds)
            .filter(|(_, sounds)| **sounds)
            .map(|(power, _)| power)
            .collect();
        // The low end of what is smoothed lies a little below its mean.
        *noise = (quantile(&mut smooth, FIRST_FLOOR) * 1.25).max(NOTHING / BANDS as f32);
    }
    noise
}

/// How far the three best bands, or the best of those that a hiss lies in, are above the noise, in dB, and what of the
/// power is not noise.
fn above(frames: &[Frame], bands: usize, noise: &[f32; BANDS], hisses: bool) -> (Vec<f32>, Vec<f32>) {
    let inverse = noise.map(|noise| 1.0 / noise.max(NOTHING / BANDS as f32));
    let last = frames.len().saturating_sub(1);
    let one = |n: usize| {
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

/// The mean of what is loud: the power of the frames that are within 25 dB of the loudest twentieth.
fn active(energy: &[f32]) -> f32 {
    let mut sorted: Vec<f32> = energy.iter().copied().filter(|energy| *energy > NOTHING).collect();
    let least = quantile(&mut sorted, 0.95) * ratio(-25.0);
    let (sum, count) =
        sorted.iter().filter(|energy| **energy >= least).fold((0.0, 0u32), |(sum, count), e| (sum + e, count + 1));
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
    found.retain(|run| frames[run.clone()].iter().filter(|frame| frame.voicing > VOICED).count() >= LEAST_VOICED);
    found
}

/// Whether a short run is a single tone, as a cue from the loudspeaker is: nearly all of its power in one band. A voice
/// has overtones.
fn is_tone(run: &[Frame], noise: &[f32; BANDS]) -> bool {
    let mut sums = [0.0f32; BANDS];
    for frame in run {
        for (band, sum) in sums.iter_mut().enumerate() {
            *sum += (frame.bands[band] - noise[band]).max(0.0);
        }
    }
    run.len() <= LONGEST_TONE && sums.iter().copied().fold(0.0, f32::max) >= PURE * sums.iter().sum::<f32>()
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

/// The mean power in each band.
fn mean_noise(frames: &[Frame], calm: &[usize]) -> [f32; BANDS] {
    let mut sum = [0.0f32; BANDS];
    for n in calm {
        for (sum, power) in sum.iter_mut().zip(frames[*n].bands) {
            *sum += power;
        }
    }
    sum.map(|sum| (sum / calm.len() as f32).max(NOTHING / BANDS as f32))
}

/// Frames in seconds.
pub(super) fn seconds(frames: f64) -> f64 {
    frames * SECONDS
}
