//! Sound at another rate, computed anywhere in it.
//!
//! Each frame of the output is a sum over the frames of the input around its place, and over nothing else: whoever asks
//! for a piece gets the same frames as whoever asks for the whole, so that sound can be jumped about in without a seam.
//!
//! Windowed-sinc interpolation from a table (Smith, Digital Audio Resampling, ccrma.stanford.edu/~jos/resample).

use std::ops::Range;

/// How many zeros of the sinc the filter has on each side.
const ZEROS: f64 = 48.0;

/// Where the filter lies between what passes and what is taken out, as a part of the lower half-rate: with so many
/// zeros and [`BETA`], what lies above the half-rate is down by 85 dB, and 0.88 of it passes.
const CUTOFF: f64 = 0.94;

/// The shape of the Kaiser window: 90 dB between what passes and what is taken out (Kaiser 1974).
const BETA: f64 = 9.0;

/// In how many places between two frames the filter is in the table. Between them a straight line is drawn, whose error
/// is (π / 256)² / 8 of the signal at most: -94 dB.
const PLACES: f64 = 256.0;

/// Brings sound from one rate to another.
#[derive(Debug)]
pub struct Interpolator {
    from: u64,
    to: u64,
    /// Frames of the input on each side of a place.
    half: usize,
    places: usize,
    /// For each place between two frames, the weights of the frames around it; one more row than there are places.
    table: Vec<f32>,
}

impl Interpolator {
    /// From one rate to another, neither of which is zero.
    pub fn new(from: u32, to: u32) -> Interpolator {
        let (from, to) = (from.max(1), to.max(1));
        let scale = (f64::from(to) / f64::from(from)).min(1.0);
        let half = (ZEROS / scale).ceil() as usize;
        // Where the filter is stretched over more frames, fewer places between two of them are as good.
        let places = (PLACES * scale).ceil().max(4.0) as usize;
        let mut table = Vec::with_capacity((places + 1) * 2 * half);
        for place in 0..=places {
            let fraction = place as f64 / places as f64;
            let row: Vec<f64> =
                (0..2 * half).map(|tap| weight(fraction + half as f64 - 1.0 - tap as f64, scale, half)).collect();
            // A constant stays what it is.
            let sum: f64 = row.iter().sum();
            table.extend(row.iter().map(|weight| (weight / sum) as f32));
        }
        Interpolator { from: u64::from(from), to: u64::from(to), half, places, table }
    }

    /// Which frames of the input `count` frames of the output from `first` on are made of; some may lie before its
    /// beginning or behind its end.
    pub fn needs(&self, first: u64, count: usize) -> Range<i64> {
        let before = self.place(first).0 as i64 - self.half as i64 + 1;
        let last = self.place(first + (count as u64).saturating_sub(1)).0 as i64 + self.half as i64;
        before..last + 1
    }

    /// Fills `output` with the frames from `first` on; `input` is what [`Interpolator::needs`] says.
    pub fn fill(&self, first: u64, input: &[f32], output: &mut [f32]) {
        let taps = 2 * self.half;
        let (begin, _) = self.place(first);
        for (frame, n) in output.iter_mut().zip(first..) {
            let (whole, fraction) = self.place(n);
            let around = &input[(whole - begin) as usize..][..taps];
            let place = fraction * self.places as f64;
            let row = (place as usize).min(self.places - 1);
            let towards = (place - row as f64) as f32;
            let here = dot(&self.table[row * taps..][..taps], around);
            let next = dot(&self.table[(row + 1) * taps..][..taps], around);
            *frame = here + towards * (next - here);
        }
    }

    /// Between which frames of the input a frame of the output lies: the one before it, and how far behind that.
    fn place(&self, frame: u64) -> (u64, f64) {
        let at = u128::from(frame) * u128::from(self.from);
        let to = u128::from(self.to);
        ((at / to) as u64, (at % to) as f64 / self.to as f64)
    }
}

/// The filter at `distance` frames from its middle.
fn weight(distance: f64, scale: f64, half: usize) -> f64 {
    let part = distance / half as f64;
    if part.abs() >= 1.0 {
        return 0.0;
    }
    let x = std::f64::consts::PI * CUTOFF * scale * distance;
    let sinc = if x.abs() < 1e-9 { 1.0 } else { x.sin() / x };
    sinc * bessel(BETA * (1.0 - part * part).sqrt())
}

/// The modified Bessel function of the first kind and of order zero, by its series.
fn bessel(x: f64) -> f64 {
    let (mut sum, mut term, mut n) = (1.0, 1.0, 1.0);
    while term > sum * 1e-12 {
        term *= (x / (2.0 * n)).powi(2);
        sum += term;
        n += 1.0;
    }
    sum
}

/// How many sums are kept beside each other, so that the compiler can use the processor's vector registers.
const LANES: usize = 8;

fn dot(weights: &[f32], samples: &[f32]) -> f32 {
    let mut sums = [0.0f32; LANES];
    let (one, other) = (weights.chunks_exact(LANES), samples.chunks_exact(LANES));
    let rest: f32 = one.remainder().iter().zip(other.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in one.zip(other) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    const RATES: [u32; 9] = [1_000, 8_000, 11_025, 12_345, 22_050, 44_100, 48_000, 96_000, 192_000];

    fn pairs() -> impl Iterator<Item = (u32, u32)> {
        RATES.into_iter().flat_map(|from| RATES.into_iter().map(move |to| (from, to)))
    }

    /// The output from `first` on, of an input that is a function of its frame.
    fn output(interpolator: &Interpolator, first: u64, count: usize, input: impl Fn(i64) -> f64) -> Vec<f32> {
        let around: Vec<f32> = interpolator.needs(first, count).map(|n| input(n) as f32).collect();
        let mut output = vec![0.0; count];
        interpolator.fill(first, &around, &mut output);
        output
    }

    #[test]
    fn what_both_rates_hold_keeps_its_level_and_its_place() {
        for (from, to) in pairs() {
            let interpolator = Interpolator::new(from, to);
            for part in [0.02, 0.5, 0.86] {
                let hertz = part * f64::from(from.min(to)) / 2.0;
                let wave = |n: f64, rate: u32| 0.5 * (TAU * hertz * n / f64::from(rate)).sin();
                let first = u64::from(to) * 3;
                let got = output(&interpolator, first, 500, |n| wave(n as f64, from));
                let worst = got
                    .iter()
                    .zip(first..)
                    .map(|(&got, n)| (f64::from(got) - wave(n as f64, to)).abs())
                    .fold(0.0, f64::max);
                assert!(worst < 5e-4, "{hertz:.0} Hz from {from} to {to}: {worst}");
            }
        }
    }

    #[test]
    fn what_the_lower_rate_cannot_hold_is_taken_out() {
        for (from, to) in pairs().filter(|(from, to)| from > to) {
            let hertz = f64::from(to) / 2.0 * 1.02;
            if hertz > f64::from(from) / 2.0 {
                continue;
            }
            let got =
                output(&Interpolator::new(from, to), 1_000, 500, |n| (TAU * hertz * n as f64 / f64::from(from)).sin());
            let worst = got.iter().fold(0.0f32, |worst, sample| worst.max(sample.abs()));
            assert!(worst < 2e-4, "{from} to {to}: {worst}");
        }
    }

    #[test]
    fn a_piece_is_the_same_as_in_the_whole() {
        let noise = |n: i64| ((n.wrapping_mul(2_654_435_761) >> 7) & 0xFFFF) as f64 / 65_536.0 - 0.5;
        for (from, to) in [(44_100, 48_000), (48_000, 44_100), (12_345, 48_000), (96_000, 8_000)] {
            let interpolator = Interpolator::new(from, to);
            let whole = output(&interpolator, 90_000, 1_000, noise);
            for (at, length) in [(0, 1), (1, 7), (500, 500), (999, 1)] {
                assert_eq!(output(&interpolator, 90_000 + at as u64, length, noise), whole[at..at + length]);
            }
        }
    }

    #[test]
    fn places_stay_exact_for_days() {
        let interpolator = Interpolator::new(44_100, 48_000);
        let days = 48_000 * 86_400 * 7u64;
        assert_eq!(interpolator.place(days), (44_100 * 86_400 * 7, 0.0));
    }
}
