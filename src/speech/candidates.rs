//! What periods a stretch of 40 ms may have, once the noise behind it is taken out.
//!
//! The noise is what the quietest frames within some seconds have in common. What it does to the comparison of a sound
//! with itself is known then, be it a hiss or a hum, and what remains is the voice's.
//! Which of the candidates it is, the neighbours must say: see [`super::path`].

use std::collections::VecDeque;
use std::f64::consts::PI;

use super::period::{Compared, LAGS, RATE};

/// The shortest and the longest period, in samples: 550 and 52 Hz.
const SHORTEST: f32 = 7.27;
/// See [`SHORTEST`].
const LONGEST: f32 = 77.0;

/// A peak that is lower than this would not win anyway.
const LEAST: f32 = 0.3;

/// How many candidates a frame has at most.
pub(super) const MOST: usize = 6;

/// How many frames have the same noise: a second of them.
const BLOCK: usize = 100;

/// The noise is looked for in so many blocks before and after.
const AROUND: usize = 3;

/// A block's frames are taken in so many parts, from the quietest to the loudest.
const PARTS_OF_BLOCK: usize = 10;

/// What is up to so many times as strong as the quietest is noise as well, as a ratio of powers: noise is not even.
const LIKE: f32 = 4.0;

/// The quietest frames are noise where they are so far below the loudest, as a ratio of powers: 4 dB.
const BELOW: f32 = 0.4;

/// How much of the noise's power is taken from the comparison's scale. Not all, for noise is never quite the same.
const TAKEN: f32 = 0.8;

/// The comparison's scale is at least so many times the noise: the quietest frames are less than its mean, and noise
/// alone must not look like a voice.
const FLOOR: f32 = 2.5;

/// The same again for the part of the noise that is itself alike a lag later: a hum that swells must not look like a
/// voice of its pitch.
const HUMMING: f32 = 2.0;

/// What is so far below the loudest frames is no voice, as a ratio of powers: 30 dB.
const WEAKEST: f32 = 0.001;

/// A voice has at least this share of its power in the middle of its frame: beyond its end there is none.
const MIDDLE: f32 = 0.15;

/// A period that a frame may have.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Candidate {
    /// In Hz.
    pub hertz: f32,
    /// How alike the sound is to itself a period later, 1 being the same.
    pub likeness: f32,
}

/// What is known of a stretch around a place in time.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Frame {
    pub candidates: [Candidate; MOST],
    pub count: usize,
}

/// A second of frames, and what is known of it.
#[derive(Debug, Clone)]
struct Block {
    frames: Vec<Compared>,
    /// The means of its frames in parts of like power, the quietest first, each with how many they are.
    parts: Vec<(Compared, usize)>,
}

impl Block {
    fn new(frames: Vec<Compared>) -> Block {
        let mut order: Vec<usize> = (0..frames.len()).collect();
        order.sort_by(|&left, &right| frames[left].power.total_cmp(&frames[right].power));
        let parts = order.chunks(order.len().div_ceil(PARTS_OF_BLOCK).max(1)).map(|part| mean(&frames, part)).collect();
        Block { frames, parts }
    }

    /// The power of its quietest frames, and of its loudest.
    fn quiet(&self) -> f32 {
        self.parts.first().map_or(f32::INFINITY, |(part, _)| part.power)
    }

    fn loud(&self) -> f32 {
        self.parts.last().map_or(0.0, |(part, _)| part.power)
    }
}

/// The mean of the frames at some places, and how many they are.
fn mean(frames: &[Compared], places: &[usize]) -> (Compared, usize) {
    let mut mean = Compared::NOTHING;
    let share = 1.0 / places.len() as f32;
    for frame in places.iter().map(|&place| &frames[place]) {
        mean.add(frame, share);
    }
    (mean, places.len())
}

/// Finds the candidates of each frame, some seconds later.
#[derive(Debug, Clone)]
pub(super) struct Candidates {
    between: Between,
    filling: Vec<Compared>,
    /// Room for the next block.
    spare: Vec<Compared>,
    /// The last blocks, of which `next` is the first whose candidates are not found yet.
    blocks: VecDeque<Block>,
    next: usize,
}

impl Candidates {
    pub(super) fn new() -> Candidates {
        Candidates {
            between: Between::new(),
            filling: Vec::with_capacity(BLOCK),
            spare: Vec::new(),
            blocks: VecDeque::new(),
            next: 0,
        }
    }

    pub(super) fn add(&mut self, compared: &Compared, frame: impl FnMut(Frame)) {
        self.filling.push(compared.clone());
        if self.filling.len() == BLOCK {
            let empty = std::mem::take(&mut self.spare);
            self.blocks.push_back(Block::new(std::mem::replace(&mut self.filling, empty)));
            if self.blocks.len() > self.next + AROUND {
                self.turn(frame);
            }
        }
    }

    pub(super) fn finish(mut self, mut frame: impl FnMut(Frame)) {
        let mut frames = std::mem::take(&mut self.filling);
        // A few frames tell nothing of the noise, least of all those that reach beyond the end.
        let before = (frames.len() < BLOCK / 2 && self.blocks.len() > self.next).then(|| self.blocks.pop_back());
        if let Some(mut block) = before.flatten() {
            block.frames.append(&mut frames);
            frames = block.frames;
        }
        self.blocks.push_back(Block::new(frames));
        while self.next < self.blocks.len() {
            self.turn(&mut frame);
        }
    }

    /// The mean of the parts that are not louder than `most`, each no less than the quietest.
    fn noise(&self, most: f32) -> Compared {
        let parts = || self.blocks.iter().flat_map(|block| &block.parts).filter(|(part, _)| part.power <= most);
        let count: usize = parts().map(|(_, count)| count).sum();
        let mut noise = Compared::NOTHING;
        for (part, share) in parts() {
            noise.add(part, *share as f32 / count as f32);
        }
        noise
    }

    /// Finds the candidates of the next block.
    fn turn(&mut self, mut give: impl FnMut(Frame)) {
        let loud = self.blocks.iter().map(Block::loud).fold(0.0, f32::max);
        let quiet = self.blocks.iter().map(Block::quiet).fold(f32::INFINITY, f32::min);
        let noise = (quiet < BELOW * loud).then(|| self.noise(LIKE * quiet));
        // A frame's sizes are its power times what its weights and samples are in all.
        let weakest = loud * WEAKEST * 80.0;
        for compared in &self.blocks[self.next].frames {
            // Half of the weakest would not look like a voice, were it the purest tone.
            let sounds = compared.middle >= MIDDLE * compared.power && compared.power > 0.5 * LEAST * loud * WEAKEST;
            let mut alike = [0.0f32; LAGS];
            match &noise {
                _ if !sounds => {}
                Some(noise) => {
                    for lag in 0..LAGS {
                        let least = FLOOR * noise.sizes[lag] + HUMMING * noise.products[lag].max(0.0);
                        let size = (compared.sizes[lag] - TAKEN * noise.sizes[lag]).max(least);
                        alike[lag] = (compared.products[lag] - noise.products[lag]) / (size.max(weakest) + 1e-20);
                    }
                }
                None => {
                    for lag in 0..LAGS {
                        alike[lag] = compared.products[lag] / (compared.sizes[lag].max(weakest) + 1e-20);
                    }
                }
            }
            let mut frame = Frame::default();
            if sounds {
                candidates(&self.between, &alike, &mut frame);
            }
            give(frame);
        }
        self.next += 1;
        if self.next > AROUND {
            self.next -= 1;
            if let Some(mut block) = self.blocks.pop_front() {
                block.frames.clear();
                self.spare = block.frames;
            }
        }
    }
}

/// The values between the lags, by a windowed sine cardinal: a row for each part of a lag.
#[derive(Debug, Clone)]
struct Between {
    rows: [[f32; TAPS]; PARTS],
}

/// How many parts a lag is divided in, and how many lags tell a value between two.
const PARTS: usize = 16;
/// See [`PARTS`].
const TAPS: usize = 12;

impl Between {
    fn new() -> Between {
        let mut rows = [[0.0; TAPS]; PARTS];
        for (part, row) in rows.iter_mut().enumerate() {
            let place = |tap: usize| tap as f64 - (TAPS / 2 - 1) as f64 - part as f64 / PARTS as f64;
            let value = |tap: usize| {
                let angle = PI * place(tap);
                let cardinal = if angle == 0.0 { 1.0 } else { angle.sin() / angle };
                cardinal * (0.5 + 0.5 * (angle / (TAPS / 2) as f64).cos())
            };
            let sum: f64 = (0..TAPS).map(value).sum();
            for (tap, weight) in row.iter_mut().enumerate() {
                *weight = (value(tap) / sum) as f32;
            }
        }
        Between { rows }
    }

    /// The value at `place`, in parts of a lag.
    fn value(&self, alike: &[f32; LAGS], place: usize) -> f32 {
        let start = place / PARTS - (TAPS / 2 - 1);
        let row = &self.rows[place % PARTS];
        alike[start..start + TAPS].iter().zip(row).map(|(value, weight)| value * weight).sum()
    }

    /// Where near `period` the sound is the most like itself, and how much.
    fn peak(&self, alike: &[f32; LAGS], period: f32) -> (f32, f32) {
        const STEP: usize = PARTS / 4;
        let mut place = (period * PARTS as f32).round() as usize;
        let mut values =
            [-1, 0, 1].map(|step: isize| self.value(alike, place.saturating_add_signed(step * STEP as isize)));
        // The peak may lie a little beside where three lags say that it is.
        for _ in 0..2 {
            if values[0] > values[1] {
                place -= STEP;
                values = [self.value(alike, place - STEP), values[0], values[1]];
            } else if values[2] > values[1] {
                place += STEP;
                values = [values[1], values[2], self.value(alike, place + STEP)];
            }
        }
        let (aside, value) = vertex(values);
        ((place as f32 + STEP as f32 * aside) / PARTS as f32, value)
    }
}

/// The vertex of the parabola through three values, and its value.
fn vertex([left, middle, right]: [f32; 3]) -> (f32, f32) {
    let bend = left - 2.0 * middle + right;
    if bend >= 0.0 {
        return (0.0, middle);
    }
    let aside = (0.5 * (left - right) / bend).clamp(-1.0, 1.0);
    (aside, middle - 0.25 * (left - right) * aside)
}

/// The highest peaks.
fn candidates(between: &Between, alike: &[f32; LAGS], frame: &mut Frame) {
    for lag in SHORTEST as usize..=LONGEST as usize {
        let values = [alike[lag - 1], alike[lag], alike[lag + 1]];
        let peak = values[1] >= LEAST && values[1] >= values[0] && values[1] > values[2];
        if !peak {
            continue;
        }
        let (period, likeness) = between.peak(alike, lag as f32 + vertex(values).0);
        if !(SHORTEST..=LONGEST).contains(&period) {
            continue;
        }
        let found = Candidate { hertz: RATE as f32 / period, likeness: likeness.min(1.0) };
        if frame.count < MOST {
            frame.candidates[frame.count] = found;
            frame.count += 1;
        } else {
            let least =
                (0..MOST).min_by(|&l, &r| frame.candidates[l].likeness.total_cmp(&frame.candidates[r].likeness));
            if let Some(least) = least.filter(|&least| frame.candidates[least].likeness < likeness) {
                frame.candidates[least] = found;
            }
        }
    }
}
