//! Sound at the lower rates that the measurements work at.
//!
//! Every output stands at the time of its own place: sample `k` is the sound at `k / to` seconds, for the filter is
//! symmetric and its delay is taken out. Blocks of any size give the same samples to the bit, because each output is a
//! sum of its own, in an order of its own.
//! What is not a number goes in and comes out as such; the quality of a recording is judged elsewhere, and before.

use std::f64::consts::PI;

/// How many zero crossings of the filter's sine cardinal there are on each side of its middle: what lies below 0.84 of
/// half the lower rate passes, and what lies above 1.16 of it is 60 dB down (Kaiser 1974). What folds back between the
/// two lands above 0.84 of half the rate.
const CROSSINGS: usize = 12;

/// The shape of the window: 60 dB by Kaiser's formula.
const KAISER: f64 = 5.65;

/// How many outputs are made at a time where the ratio of the rates is whole.
const GROUP: usize = 32;

/// How many rows a table of filters has at most; between rows it is interpolated, with an error below -100 dB.
const MOST_ROWS: u64 = 512;

/// The highest ratio that the filter grows with; beyond it are rates that no sound has.
const STEEPEST: u64 = 64;

/// How many inputs are taken at a time where the ratio is not whole.
const STRETCH: usize = 1024;

/// Lanes of a sum that the compiler can do at once.
const LANES: usize = 8;

/// Brings sound from one rate to another, block by block.
#[derive(Debug, Clone)]
pub struct Downsampler {
    from: u64,
    to: u64,
    way: Way,
    /// Samples that went in, and that came out.
    taken: u64,
    given: u64,
}

/// How it is done.
#[derive(Debug, Clone)]
enum Way {
    /// The rates are the same.
    Same,
    /// One rate is a multiple of the other.
    Whole(Box<Whole>),
    /// Any other ratio.
    Any(Box<Any>),
}

impl Downsampler {
    /// From `from_hz` to `to_hz`; a rate of 0 is taken for 1.
    ///
    /// It raises the rate too, where the sound has less: nothing is then in the upper band.
    pub fn new(from_hz: u32, to_hz: u32) -> Downsampler {
        let (from, to) = (from_hz.max(1), to_hz.max(1));
        let way = if from == to {
            Way::Same
        } else if from.is_multiple_of(to) && u64::from(from / to) <= STEEPEST {
            Way::Whole(Box::new(Whole::new((from / to) as usize)))
        } else {
            Way::Any(Box::new(Any::new(u64::from(from), u64::from(to))))
        };
        Downsampler { from: u64::from(from), to: u64::from(to), way, taken: 0, given: 0 }
    }

    /// Adds `samples`, and appends to `out` what is known by now; the rest comes later, or with [`finish`](Self::finish).
    pub fn add(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        self.taken += samples.len() as u64;
        let before = out.len();
        match &mut self.way {
            Way::Same => out.extend_from_slice(samples),
            Way::Whole(whole) => whole.add(samples, out),
            Way::Any(any) => any.add(samples, out),
        }
        self.given += (out.len() - before) as u64;
    }

    /// Appends what was still to come, as if silence followed.
    ///
    /// In all there is a sample for every place that lies before the end: `n * to / from` of them, rounded up.
    pub fn finish(mut self, out: &mut Vec<f32>) {
        let whole = (u128::from(self.taken) * u128::from(self.to)).div_ceil(u128::from(self.from)) as u64;
        let silence = [0.0; 256];
        while self.given < whole {
            self.add(&silence, out);
        }
        let spare = (self.given - whole) as usize;
        out.truncate(out.len() - spare);
    }
}

/// The filter's value `place` inputs from its middle, where it has `scale` inputs to a zero crossing; its sum is the
/// caller's to bring to 1, so that a steady sound stays as it is.
fn filter(place: f64, scale: f64) -> f64 {
    let (crossings, edge) = (place / scale, place / (scale * CROSSINGS as f64));
    if edge.abs() >= 1.0 {
        return 0.0;
    }
    let cardinal = if crossings == 0.0 { 1.0 } else { (PI * crossings).sin() / (PI * crossings) };
    cardinal * bessel(KAISER * (1.0 - edge * edge).sqrt())
}

/// The modified Bessel function of the first kind and order 0, by its series.
fn bessel(x: f64) -> f64 {
    let (mut sum, mut term, mut step) = (1.0, 1.0, 1.0);
    while term > sum * 1e-12 {
        term *= (x / (2.0 * step)).powi(2);
        sum += term;
        step += 1.0;
    }
    sum
}

/// One output of every `ratio` inputs: the inputs are dealt to as many planes, and a group of outputs is a sum of
/// stretches of planes. Every tap that falls on a zero of the filter is left out.
#[derive(Debug, Clone)]
struct Whole {
    ratio: usize,
    /// The middle tap; and the pairs of others: the weight, and where in the planes both stretches begin.
    middle: (f32, usize),
    pairs: Vec<(f32, usize, usize)>,
    /// Each plane is [`PLANE`] long; the new inputs come last.
    planes: Vec<f32>,
    pending: Vec<f32>,
    /// How many of the next outputs stand before the first input.
    early: usize,
}

/// What a plane holds: a group, and what the filter reaches to either side of it.
const PLANE: usize = GROUP + 2 * CROSSINGS;

impl Whole {
    fn new(ratio: usize) -> Whole {
        let reach = (CROSSINGS * ratio) as i64;
        let start = |tap: i64| {
            let (plane, column) = (tap.rem_euclid(ratio as i64), tap.div_euclid(ratio as i64));
            plane as usize * PLANE + (CROSSINGS as i64 + column) as usize
        };
        let taps: Vec<i64> = (1..reach).filter(|tap| tap % ratio as i64 != 0).collect();
        let weight = |tap: i64| filter(tap as f64, ratio as f64);
        let sum = weight(0) + 2.0 * taps.iter().map(|&tap| weight(tap)).sum::<f64>();
        Whole {
            ratio,
            middle: ((weight(0) / sum) as f32, start(0)),
            pairs: taps.iter().map(|&tap| ((weight(tap) / sum) as f32, start(-tap), start(tap))).collect(),
            planes: vec![0.0; ratio * PLANE],
            pending: Vec::with_capacity(ratio * GROUP),
            early: CROSSINGS,
        }
    }

    fn add(&mut self, mut samples: &[f32], out: &mut Vec<f32>) {
        let need = self.ratio * GROUP;
        out.reserve(samples.len() / self.ratio + GROUP);
        if !self.pending.is_empty() {
            let part = samples.len().min(need - self.pending.len());
            self.pending.extend_from_slice(&samples[..part]);
            samples = &samples[part..];
            if self.pending.len() < need {
                return;
            }
            let pending = std::mem::take(&mut self.pending);
            self.turn(&pending, out);
            self.pending = pending;
            self.pending.clear();
        }
        let mut blocks = samples.chunks_exact(need);
        for block in &mut blocks {
            self.turn(block, out);
        }
        self.pending.extend_from_slice(blocks.remainder());
    }

    /// Takes as many inputs as a group of outputs has, and gives the group.
    fn turn(&mut self, block: &[f32], out: &mut Vec<f32>) {
        match self.ratio {
            2 => deal::<2>(&mut self.planes, block),
            3 => deal::<3>(&mut self.planes, block),
            4 => deal::<4>(&mut self.planes, block),
            6 => deal::<6>(&mut self.planes, block),
            ratio => {
                for (plane, row) in self.planes.chunks_exact_mut(PLANE).enumerate() {
                    row.copy_within(GROUP.., 0);
                    for (place, value) in row[2 * CROSSINGS..].iter_mut().enumerate() {
                        *value = block[place * ratio + plane];
                    }
                }
            }
        }
        let group = self.group();
        let skipped = self.early.min(GROUP);
        self.early -= skipped;
        out.extend_from_slice(&group[skipped..]);
    }

    fn group(&self) -> [f32; GROUP] {
        const PART: usize = 2 * LANES;
        let mut group = [0.0; GROUP];
        for (part, sums) in group.chunks_exact_mut(PART).enumerate() {
            let planes = &self.planes[part * PART..];
            let (weight, start) = self.middle;
            let mut sum = [0.0f32; PART];
            for (sum, value) in sum.iter_mut().zip(&planes[start..start + PART]) {
                *sum = weight * value;
            }
            for &(weight, left, right) in &self.pairs {
                let (left, right) = (&planes[left..left + PART], &planes[right..right + PART]);
                for lane in 0..PART {
                    sum[lane] += weight * (left[lane] + right[lane]);
                }
            }
            sums.copy_from_slice(&sum);
        }
        group
    }
}

/// Moves the planes on by a group and deals the inputs to them.
fn deal<const RATIO: usize>(planes: &mut [f32], block: &[f32]) {
    for row in planes.chunks_exact_mut(PLANE) {
        row.copy_within(GROUP.., 0);
    }
    for (place, inputs) in block.chunks_exact(RATIO).take(GROUP).enumerate() {
        for (plane, value) in inputs.iter().enumerate() {
            planes[plane * PLANE + 2 * CROSSINGS + place] = *value;
        }
    }
}

/// Any ratio: each output has the row of weights of its place between two inputs.
#[derive(Debug, Clone)]
struct Any {
    /// The step from output to output in inputs, and the place of the next: whole inputs, and parts of `parts`.
    step: (usize, u64),
    next: (usize, u64),
    parts: u64,
    /// How many weights a row has, and the rows, of which the last is the first one input on.
    taps: usize,
    rows: u64,
    table: Vec<f32>,
    /// The last inputs, of which the first stands half a row before the place 0 of `next`.
    inputs: Vec<f32>,
}

impl Any {
    fn new(from: u64, to: u64) -> Any {
        let divisor = greatest_common_divisor(from, to);
        let parts = to / divisor;
        let rows = parts.min(MOST_ROWS);
        let scale = (from as f64 / to as f64).clamp(1.0, STEEPEST as f64);
        let half = ((CROSSINGS as f64 * scale).ceil() as usize + 1).next_multiple_of(LANES / 2);
        let taps = 2 * half;
        let mut table = Vec::with_capacity(taps * (rows as usize + 1));
        for row in 0..=rows {
            let between = row as f64 / rows as f64;
            // Tap `half - 1` is the input at or before the place.
            let place = |tap: usize| tap as f64 - (half - 1) as f64 - between;
            let weights: Vec<f64> = (0..taps).map(|tap| filter(place(tap), scale)).collect();
            let sum: f64 = weights.iter().sum();
            table.extend(weights.iter().map(|weight| (weight / sum) as f32));
        }
        let step = (from / divisor / parts, from / divisor % parts);
        let mut inputs = Vec::with_capacity(taps + STRETCH);
        inputs.resize(half - 1, 0.0);
        Any { step: (step.0 as usize, step.1), next: (0, 0), parts, taps, rows, table, inputs }
    }

    fn add(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        for stretch in samples.chunks(STRETCH) {
            self.inputs.extend_from_slice(stretch);
            while self.next.0 + self.taps <= self.inputs.len() {
                out.push(self.value());
                let parts = self.next.1 + self.step.1;
                let over = parts >= self.parts;
                self.next = (self.next.0 + self.step.0 + usize::from(over), parts - if over { self.parts } else { 0 });
            }
            let spent = self.next.0.min(self.inputs.len());
            self.inputs.copy_within(spent.., 0);
            self.inputs.truncate(self.inputs.len() - spent);
            self.next.0 -= spent;
        }
    }

    fn value(&self) -> f32 {
        let inputs = &self.inputs[self.next.0..self.next.0 + self.taps];
        let place = self.next.1 * self.rows;
        let (row, rest) = ((place / self.parts) as usize, place % self.parts);
        let weights = |row: usize| &self.table[row * self.taps..(row + 1) * self.taps];
        let value = product(inputs, weights(row));
        if rest == 0 {
            return value;
        }
        let share = (rest as f64 / self.parts as f64) as f32;
        value + share * (product(inputs, weights(row + 1)) - value)
    }
}

/// The sum of the products, of as many values as a multiple of the lanes.
fn product(left: &[f32], right: &[f32]) -> f32 {
    let (left, right) = (left.as_chunks::<LANES>().0, right.as_chunks::<LANES>().0);
    let mut sums = [0.0f32; LANES];
    for (left, right) in left.iter().zip(right) {
        for ((sum, left), right) in sums.iter_mut().zip(left).zip(right) {
            *sum += left * right;
        }
    }
    sums.iter().sum()
}

fn greatest_common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
#[path = "downsample_tests.rs"]
mod tests;
