//! How alike a sound is to itself some milliseconds later: the products that tell its period.
//!
//! Works at 4 kHz, where the harmonics of a voice are that tell its period, hop by hop.

use super::downsample::Downsampler;

/// The rate that periods are looked for at, in Hz.
pub(super) const RATE: u32 = 4_000;

/// How many samples a hop of 10 ms has.
pub(super) const HOP: usize = 40;

/// How many lags are measured, from 0 on, in groups that share their centre.
pub(super) const LAGS: usize = GROUP * GROUPS;
const GROUP: usize = 16;
const GROUPS: usize = 6;

/// The weights of the four hops around the middle of a frame: a Hann window in steps.
const WEIGHTS: [f32; 4] = [0.146_446_6, 0.853_553_4, 0.853_553_4, 0.146_446_6];

/// The sound is compared with what lies this far ahead and behind, in samples.
const MARGIN: usize = 200;

/// The length of the mean that is taken from the sound, in samples: what is slower than a voice goes with it.
const SLOW: usize = 24;

/// How a stretch around a place in time compares with itself.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Compared {
    /// The sums of products with what lies each lag later, and what they would be if it were the same.
    pub products: [f32; LAGS],
    pub sizes: [f32; LAGS],
    /// The mean square of the stretch, and of its middle half alone.
    pub power: f32,
    pub middle: f32,
}

impl Compared {
    pub const NOTHING: Compared = Compared { products: [0.0; LAGS], sizes: [0.0; LAGS], power: 0.0, middle: 0.0 };

    /// Adds a share of another.
    pub fn add(&mut self, other: &Compared, share: f32) {
        for lag in 0..LAGS {
            self.products[lag] += share * other.products[lag];
            self.sizes[lag] += share * other.sizes[lag];
        }
        self.power += share * other.power;
        self.middle += share * other.middle;
    }
}

/// Compares each frame with itself; frame `i` is centred at `i` hops.
#[derive(Debug, Clone)]
pub(super) struct Periods {
    down: Downsampler,
    /// The sound at [`RATE`] that has not been used yet.
    low: Vec<f32>,
    /// The sound without what is slower than a voice, and the energy of the hop from each place on.
    sound: Vec<f32>,
    energy: Vec<f32>,
    /// Where in both the held sound begins.
    at: usize,
    /// The products of the last hops, in a ring.
    products: [[f32; LAGS]; WEIGHTS.len()],
    newest: usize,
    hops: usize,
    compared: Compared,
}

/// How much of the sound is held: the hop, and the margins to both sides of it, and what the energy reaches on.
const HELD: usize = HOP + 2 * MARGIN;

impl Periods {
    pub(super) fn new(rate_hz: u32) -> Periods {
        Periods {
            down: Downsampler::new(rate_hz, RATE),
            low: vec![0.0; SLOW / 2],
            sound: vec![0.0; 4 * HELD],
            energy: vec![0.0; 4 * HELD],
            at: 0,
            products: [[0.0; LAGS]; WEIGHTS.len()],
            newest: 0,
            hops: 0,
            compared: Compared::NOTHING,
        }
    }

    pub(super) fn add(&mut self, samples: &[f32], mut frame: impl FnMut(&Compared)) {
        self.down.add(samples, &mut self.low);
        self.advance(&mut frame);
    }

    /// Gives the frames up to the end of the sound.
    pub(super) fn finish(mut self, mut frame: impl FnMut(&Compared)) {
        std::mem::replace(&mut self.down, Downsampler::new(RATE, RATE)).finish(&mut self.low);
        self.low.resize(self.low.len() + SLOW + MARGIN + 4 * HOP, 0.0);
        self.advance(&mut frame);
    }

    fn advance(&mut self, frame: &mut impl FnMut(&Compared)) {
        let mut used = 0;
        while self.low.len() - used >= SLOW + HOP {
            self.hop(used);
            used += HOP;
            self.hops += 1;
            // The hop in the middle is this far behind; the frame is centred where the last but one ends.
            if self.hops >= 2 + MARGIN / HOP {
                self.compare();
                frame(&self.compared);
            }
        }
        self.low.drain(..used);
    }

    /// Takes in a hop of sound from `start` on and multiplies the hop in the middle with its surroundings.
    fn hop(&mut self, start: usize) {
        self.at += HOP;
        if self.at + HELD > self.sound.len() {
            self.sound.copy_within(self.at.., 0);
            self.energy.copy_within(self.at.., 0);
            self.at = 0;
        }
        let (sound, energy) = (&mut self.sound[self.at..self.at + HELD], &mut self.energy[self.at..self.at + HELD]);
        let part: &[f32; SLOW + HOP] =
            self.low[start..].first_chunk().expect("the caller has seen that there is so much");
        let mut slow = *part;
        for length in [1, 2, 4] {
            double(&mut slow, length);
        }
        let eight = slow;
        double(&mut slow, 8);
        for (sum, more) in slow.iter_mut().zip(&eight[16..]) {
            *sum += more;
        }
        for (place, value) in sound[HELD - HOP..].iter_mut().enumerate() {
            let middle = SLOW / 2 + place;
            // What lies near half the rate has too few samples to tell a period between two of them.
            let smooth = 0.625 * part[middle] + 0.25 * (part[middle - 1] + part[middle + 1])
                - 0.0625 * (part[middle - 2] + part[middle + 2]);
            *value = smooth - slow[place] / SLOW as f32;
        }
        // The energy of the 40 samples from each place on, of 32 and of 8; it is known a hop later.
        let mut sums: [f32; 2 * HOP] = std::array::from_fn(|place| sound[HELD - 2 * HOP + place].powi(2));
        for length in [1, 2, 4] {
            double(&mut sums, length);
        }
        let last: [f32; HOP] = std::array::from_fn(|place| sums[place + 32]);
        for length in [8, 16] {
            double(&mut sums, length);
        }
        for (place, energy) in energy[HELD - 2 * HOP..HELD - HOP].iter_mut().enumerate() {
            *energy = sums[place] + last[place];
        }
        self.newest = (self.newest + 1) % WEIGHTS.len();
        for (group, products) in self.products[self.newest].chunks_exact_mut(GROUP).enumerate() {
            let start = MARGIN - shift(group);
            let earlier = &sound[start..start + HOP];
            let later = &sound[start + group * GROUP..start + group * GROUP + HOP + GROUP];
            let mut sums = [0.0f32; GROUP];
            for (value, later) in earlier.iter().zip(later.windows(GROUP)) {
                for (sum, later) in sums.iter_mut().zip(later) {
                    *sum += value * later;
                }
            }
            products.copy_from_slice(&sums);
        }
    }

    /// The frame whose hops have been multiplied.
    fn compare(&mut self) {
        let found = &mut self.compared;
        for group in 0..GROUPS {
            let range = group * GROUP..(group + 1) * GROUP;
            let (mut product, mut energy, mut own) = ([0.0f32; GROUP], [0.0f32; GROUP], [0.0f32; 4]);
            for (hop, weight) in WEIGHTS.iter().enumerate() {
                // The newest hop stands in the middle of what is held.
                let start = self.at + MARGIN + hop * HOP - 3 * HOP - shift(group);
                own[hop] = weight * self.energy[start];
                let energies = &self.energy[start + range.start..start + range.end];
                let products = &self.products[(self.newest + 1 + hop) % WEIGHTS.len()][range.clone()];
                for lane in 0..GROUP {
                    product[lane] += weight * products[lane];
                    energy[lane] += weight * energies[lane];
                }
            }
            let whole = own[0] + own[1] + own[2] + own[3];
            for lane in 0..GROUP {
                energy[lane] = (whole * energy[lane]).sqrt();
            }
            found.products[range.clone()].copy_from_slice(&product);
            found.sizes[range].copy_from_slice(&energy);
            if group == 0 {
                // The weights of the hops are 2 in all.
                found.power = whole / (2.0 * HOP as f32);
                found.middle = (own[1] + own[2]) / (2.0 * WEIGHTS[1] * HOP as f32);
            }
        }
    }
}

/// Makes of the sums of `length` values from each place on those of twice as many. The last ones are not.
fn double<const COUNT: usize>(sums: &mut [f32; COUNT], length: usize) {
    let shorter = *sums;
    for (sum, more) in sums.iter_mut().zip(&shorter[length..]) {
        *sum += more;
    }
}

/// How far before the hop the comparison of a group begins, so that it is centred on the hop.
const fn shift(group: usize) -> usize {
    (group * GROUP + GROUP / 2) / 2
}
