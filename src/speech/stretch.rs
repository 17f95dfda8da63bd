//! Speech, faster or slower, at the same pitch.
//!
//! Waveform similarity overlap-add (Verhelst and Roelands 1993, doi 10.1109/ICASSP.1993.319366): the output is put
//! together from overlapping windows of the input, each moved a little so that it continues the one before.

/// The length of a window, in seconds: two periods of a low voice (70 Hz).
const WINDOW: f64 = 0.030;

/// How far a window may be moved to either side, in seconds: more than half a period of a low voice.
const SEEK: f64 = 0.010;

/// The first search looks at every so many samples; the second at all samples around the best of the first.
const COARSE: usize = 4;

/// Brings `samples`, at `rate` frames a second, to `speed` times their pace; 2 is twice as fast.
///
/// A speed of 1, and one that is not a positive number, give the samples as they are.
pub fn stretch(samples: &[i16], rate: u32, speed: f64) -> Vec<i16> {
    let hop = (f64::from(rate) * WINDOW / 2.0) as usize;
    if speed == 1.0 || !(speed > 0.0 && speed.is_finite()) || hop < COARSE || samples.len() < 4 * hop {
        return samples.to_vec();
    }
    let seek = (f64::from(rate) * SEEK) as usize;
    let length = (samples.len() as f64 / speed).round() as usize;
    let input = Input::new(samples, seek, 3 * hop);
    let window: Vec<f32> = (0..2 * hop)
        .map(|n| (0.5 - 0.5 * (std::f64::consts::PI * (n as f64 + 0.5) / hop as f64).cos()) as f32)
        .collect();
    let mut output = vec![0.0f32; length + 2 * hop];
    let mut at = 0;
    let mut previous: Option<usize> = None;
    while at < length {
        let wanted = ((at as f64 * speed) as usize).min(samples.len());
        let chosen = match previous {
            None => wanted + seek,
            Some(previous) => input.best(wanted + seek, previous + hop, hop, seek),
        };
        let rising = if previous.is_none() { 1.0 } else { 0.0 };
        for n in 0..2 * hop {
            // The first window has none before it to overlap with.
            let weight = if n < hop { window[n].max(rising) } else { window[n] };
            output[at + n] += weight * input.padded[chosen + n];
        }
        previous = Some(chosen);
        at += hop;
    }
    output.truncate(length);
    output.into_iter().map(|sample| sample.round().clamp(-32_768.0, 32_767.0) as i16).collect()
}

/// The input with silence around it, so that no window reaches over an edge, and a coarse copy for the first search.
struct Input {
    padded: Vec<f32>,
    coarse: Vec<f32>,
}

impl Input {
    fn new(samples: &[i16], before: usize, after: usize) -> Input {
        let mut padded = vec![0.0; before];
        padded.extend(samples.iter().map(|sample| f32::from(*sample)));
        padded.resize(padded.len() + before + after, 0.0);
        let coarse = padded.chunks(COARSE).map(|chunk| chunk.iter().sum::<f32>()).collect();
        Input { padded, coarse }
    }

    /// Where within `seek` of `wanted` the input is most like what follows the window before, which is at `natural`.
    fn best(&self, wanted: usize, natural: usize, hop: usize, seek: usize) -> usize {
        let natural = natural.min(self.padded.len() - hop);
        let last = self.padded.len() - 2 * hop;
        let (from, to) = (wanted.saturating_sub(seek), (wanted + seek).min(last));
        let count = hop / COARSE;
        let template = &self.coarse[natural / COARSE..][..count.min(self.coarse.len() - natural / COARSE)];
        let starts = (from / COARSE..=to / COARSE).take_while(|start| start + template.len() <= self.coarse.len());
        let around = most_alike(template, &self.coarse, starts).map_or(wanted.min(last), |start| start * COARSE);
        let starts = around.saturating_sub(COARSE).max(from)..=(around + COARSE).min(to);
        most_alike(&self.padded[natural..natural + hop], &self.padded, starts).unwrap_or(around.min(last))
    }
}

/// The one of `starts` from where `samples` are most like `template`.
fn most_alike(template: &[f32], samples: &[f32], starts: impl Iterator<Item = usize>) -> Option<usize> {
    let alike = |start: usize| (similarity(template, &samples[start..start + template.len()]), start);
    starts.map(alike).max_by(|left, right| left.0.total_cmp(&right.0)).map(|(_, start)| start)
}

/// How many sums are kept beside each other, so that the compiler can use the processor's vector registers.
const LANES: usize = 8;

/// The correlation of two stretches of one length, relative to the energy of the second.
fn similarity(template: &[f32], other: &[f32]) -> f32 {
    let (mut product, mut energy) = ([0.0f32; LANES], [0.0f32; LANES]);
    let (left, right) = (template.chunks_exact(LANES), other.chunks_exact(LANES));
    let (left_rest, right_rest) = (left.remainder(), right.remainder());
    for (left, right) in left.zip(right) {
        for lane in 0..LANES {
            product[lane] += left[lane] * right[lane];
            energy[lane] += right[lane] * right[lane];
        }
    }
    for (lane, (left, right)) in left_rest.iter().zip(right_rest).enumerate() {
        product[lane] += left * right;
        energy[lane] += right * right;
    }
    // One more, so that silence divides by something.
    product.iter().sum::<f32>() / (energy.iter().sum::<f32>() + 1.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: u32 = 48_000;

    /// A voice-like tone: a pulse train's first harmonics, in bursts with pauses.
    fn tone(hertz: f64, seconds: f64) -> Vec<i16> {
        (0..(seconds * f64::from(RATE)) as usize)
            .map(|n| {
                let time = n as f64 / f64::from(RATE);
                let wave: f64 =
                    (1..6).map(|k| (std::f64::consts::TAU * hertz * f64::from(k) * time).sin() / f64::from(k)).sum();
                (wave * 6_000.0) as i16
            })
            .collect()
    }

    /// The fundamental by autocorrelation, looked for within half an octave of `near`.
    fn pitch(samples: &[i16], near: f64) -> f64 {
        let middle = &samples[samples.len() / 8..samples.len() * 7 / 8];
        let period = f64::from(RATE) / near;
        let best = ((period / 1.4) as usize..(period * 1.4) as usize)
            .max_by(|left, right| {
                let alike = |lag: usize| -> f64 {
                    middle[..9_600].iter().zip(&middle[lag..]).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
                };
                alike(*left).total_cmp(&alike(*right))
            })
            .expect("the range of lags is not empty");
        f64::from(RATE) / best as f64
    }

    #[test]
    fn the_pitch_stays_and_the_length_follows_the_speed() {
        for hertz in [90.0, 140.0, 220.0] {
            let input = tone(hertz, 2.0);
            for speed in [0.5, 0.75, 1.25, 1.5, 2.0, 3.0] {
                let output = stretch(&input, RATE, speed);
                let expected = input.len() as f64 / speed;
                assert!((output.len() as f64 - expected).abs() <= 1.0);
                let got = pitch(&output, hertz);
                let ratio = (got / hertz).max(hertz / got);
                assert!(ratio < 1.01, "{hertz} Hz at speed {speed} became {got} Hz");
            }
        }
    }

    #[test]
    fn the_level_stays() {
        let input = tone(120.0, 2.0);
        let rms = |samples: &[i16]| {
            (samples.iter().map(|s| f64::from(*s) * f64::from(*s)).sum::<f64>() / samples.len() as f64).sqrt()
        };
        for speed in [0.5, 1.3, 2.0, 3.0] {
            let ratio = rms(&stretch(&input, RATE, speed)) / rms(&input);
            assert!((0.9..1.1).contains(&ratio), "speed {speed}: {ratio}");
        }
    }

    #[test]
    fn edges_do_no_harm() {
        for length in [0, 1, 100, 3_000, 10_000] {
            for speed in [0.5, 1.0, 3.0, f64::NAN, 0.0, -1.0, f64::INFINITY] {
                let output = stretch(&vec![i16::MAX; length], RATE, speed);
                assert!(output.len() <= 2 * length + 1);
            }
        }
        assert!(stretch(&[0; 48_000], RATE, 2.0).iter().all(|sample| *sample == 0));
    }
}
