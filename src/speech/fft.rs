//! The power spectrum of 512 real samples, of eight windows at once.
//!
//! Each of the eight lanes of a [`Lanes`] is a window of its own, so that every step is the same for all of them and the
//! compiler can take them together. Radix 4, decimation in frequency (Cooley and Tukey 1965, doi 10.2307/2003354); the
//! real samples go through a complex transform of half the length, even ones as its real and odd ones as its imaginary
//! part (Sorensen et al. 1987, doi 10.1109/TASSP.1987.1165220).

use std::f64::consts::TAU;

/// The length of a window, in samples.
pub const LENGTH: usize = 512;

/// The length of the complex transform.
const HALF: usize = LENGTH / 2;

/// How many windows are transformed at once.
pub const LANES: usize = 8;

/// The same number of each of eight windows.
pub type Lanes = [f32; LANES];

/// The transform with its tables and its working memory.
#[derive(Debug, Clone)]
pub struct Fft {
    /// `exp(-i 2 pi k / 512)`.
    turns: Vec<(f32, f32)>,
    /// Where the transform leaves frequency `k`.
    places: Vec<usize>,
    real: Vec<Lanes>,
    imaginary: Vec<Lanes>,
}

impl Default for Fft {
    fn default() -> Fft {
        Fft::new()
    }
}

impl Fft {
    /// The tables, and room to work in.
    pub fn new() -> Fft {
        let turn = |k: usize| {
            let angle = -TAU * k as f64 / LENGTH as f64;
            (angle.cos() as f32, angle.sin() as f32)
        };
        // Four digits of base 4, in reverse.
        let place = |k: usize| ((k & 3) << 6) | ((k & 12) << 2) | ((k & 48) >> 2) | (k >> 6);
        Fft {
            turns: (0..LENGTH).map(turn).collect(),
            places: (0..HALF).map(place).collect(),
            real: vec![[0.0; LANES]; HALF],
            imaginary: vec![[0.0; LANES]; HALF],
        }
    }

    /// The power of bins `0..=highest` of eight windows; window `l` is `samples[l * hop..][..512]` times `shape`.
    ///
    /// `power[k]` gets the squared magnitude of bin `k`. What is beyond `power` is not computed.
    pub fn power(&mut self, samples: &[f32], hop: usize, shape: &[f32; LENGTH], power: &mut [Lanes]) {
        self.load(samples, hop, shape);
        let mut length = HALF;
        while length > 4 {
            self.stage(length);
            length /= 4;
        }
        self.last_stage();
        for (k, out) in power.iter_mut().enumerate().take(HALF) {
            let (at, mirror) = (self.places[k], self.places[(HALF - k) % HALF]);
            let (c, s) = self.turns[k];
            let (ar, ai) = (&self.real[at], &self.imaginary[at]);
            let (br, bi) = (&self.real[mirror], &self.imaginary[mirror]);
            for l in 0..LANES {
                // The even samples' spectrum and the odd samples', twice each.
                let (even_r, even_i) = (ar[l] + br[l], ai[l] - bi[l]);
                let (odd_r, odd_i) = (ai[l] + bi[l], br[l] - ar[l]);
                let r = even_r + c * odd_r - s * odd_i;
                let i = even_i + c * odd_i + s * odd_r;
                out[l] = 0.25 * (r * r + i * i);
            }
        }
    }

    /// Puts eight shaped windows beside each other.
    fn load(&mut self, samples: &[f32], hop: usize, shape: &[f32; LENGTH]) {
        let windows: [&[f32]; LANES] = std::array::from_fn(|lane| &samples[lane * hop..][..LENGTH]);
        for (n, (real, imaginary)) in self.real.iter_mut().zip(&mut self.imaginary).enumerate() {
            let (even, odd) = (shape[2 * n], shape[2 * n + 1]);
            *real = std::array::from_fn(|lane| windows[lane][2 * n] * even);
            *imaginary = std::array::from_fn(|lane| windows[lane][2 * n + 1] * odd);
        }
    }

    /// Splits every transform of `length` into four of a quarter.
    fn stage(&mut self, length: usize) {
        let quarter = length / 4;
        let step = LENGTH / length;
        for (real, imaginary) in self.real.chunks_exact_mut(length).zip(self.imaginary.chunks_exact_mut(length)) {
            let (r0, rest) = real.split_at_mut(quarter);
            let (r1, rest) = rest.split_at_mut(quarter);
            let (r2, r3) = rest.split_at_mut(quarter);
            let (i0, rest) = imaginary.split_at_mut(quarter);
            let (i1, rest) = rest.split_at_mut(quarter);
            let (i2, i3) = rest.split_at_mut(quarter);
            for k in 0..quarter {
                let (c1, s1) = self.turns[k * step];
                let (c2, s2) = self.turns[2 * k * step];
                let (c3, s3) = self.turns[3 * k * step];
                let (a, b, c, d) = butterfly((r0[k], i0[k]), (r1[k], i1[k]), (r2[k], i2[k]), (r3[k], i3[k]));
                (r0[k], i0[k]) = a;
                (r1[k], i1[k]) = turned(b, c1, s1);
                (r2[k], i2[k]) = turned(c, c2, s2);
                (r3[k], i3[k]) = turned(d, c3, s3);
            }
        }
    }

    /// Every four that are left: nothing is turned.
    fn last_stage(&mut self) {
        for (real, imaginary) in self.real.chunks_exact_mut(4).zip(self.imaginary.chunks_exact_mut(4)) {
            let ([r0, r1, r2, r3], [i0, i1, i2, i3]) = (real, imaginary) else { continue };
            let (a, b, c, d) = butterfly((*r0, *i0), (*r1, *i1), (*r2, *i2), (*r3, *i3));
            ((*r0, *i0), (*r1, *i1), (*r2, *i2), (*r3, *i3)) = (a, b, c, d);
        }
    }
}

/// A complex number of each lane.
type Pair = (Lanes, Lanes);

/// The transform of four, before they are turned. Values in and values out, for only then the compiler takes the lanes
/// together.
#[inline(always)]
fn butterfly(a: Pair, b: Pair, c: Pair, d: Pair) -> (Pair, Pair, Pair, Pair) {
    let (even, odd) = (plus(a, c), plus(b, d));
    let (left, right) = (minus(a, c), minus(b, d));
    // Minus i times the difference.
    let right = (right.1, right.0.map(|x| -x));
    (plus(even, odd), plus(left, right), minus(even, odd), minus(left, right))
}

#[inline(always)]
fn plus(a: Pair, b: Pair) -> Pair {
    (std::array::from_fn(|l| a.0[l] + b.0[l]), std::array::from_fn(|l| a.1[l] + b.1[l]))
}

#[inline(always)]
fn minus(a: Pair, b: Pair) -> Pair {
    (std::array::from_fn(|l| a.0[l] - b.0[l]), std::array::from_fn(|l| a.1[l] - b.1[l]))
}

/// Times `c + i s`.
#[inline(always)]
fn turned((r, i): Pair, c: f32, s: f32) -> Pair {
    (std::array::from_fn(|l| r[l] * c - i[l] * s), std::array::from_fn(|l| r[l] * s + i[l] * c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naive(window: &[f32], k: usize) -> f64 {
        let (mut r, mut i) = (0.0, 0.0);
        for (n, x) in window.iter().enumerate() {
            let angle = TAU * (k * n) as f64 / LENGTH as f64;
            r += f64::from(*x) * angle.cos();
            i -= f64::from(*x) * angle.sin();
        }
        r * r + i * i
    }

    #[test]
    fn each_bin_of_each_window_is_what_the_definition_says() {
        let mut seed = 1u32;
        let mut dice = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as f32 / (1 << 23) as f32 - 1.0
        };
        let hop = 160;
        let samples: Vec<f32> = (0..7 * hop + LENGTH).map(|_| dice()).collect();
        let shape: [f32; LENGTH] = std::array::from_fn(|n| 0.2 + n as f32 / 600.0);
        let mut power = [[0.0; LANES]; HALF];
        Fft::new().power(&samples, hop, &shape, &mut power);
        for lane in 0..LANES {
            let window: Vec<f32> = samples[lane * hop..][..LENGTH].iter().zip(&shape).map(|(x, w)| x * w).collect();
            for k in [0, 1, 2, 3, 5, 64, 100, 128, 200, 254, 255] {
                let (told, truth) = (f64::from(power[k][lane]), naive(&window, k));
                assert!(
                    (told - truth).abs() < 1e-3 * truth.max(1.0),
                    "bin {k} of window {lane}: {told} and not {truth}"
                );
            }
        }
    }
}
