//! Which of the candidates of each frame is the voice: the path through them that costs the least.
//!
//! The path is known half a second later (Viterbi 1967 with a bounded delay), so that its memory does not grow.

use super::candidates::{Frame, MOST};

/// How alike a sound must be to itself to be voiced.
const VOICED: f32 = 0.45;

/// What a jump by an octave from one frame to the next costs.
const JUMP: f32 = 0.6;

/// What a beginning or an end of voice costs.
const TURN: f32 = 0.18;

/// What a period of twice the length costs: a sound that is the same after a period is the same after two.
const OCTAVE: f32 = 0.05;

/// What it costs to be an octave from where the voice usually is; half an octave costs a quarter of it. It tells octaves
/// apart in noise, and does not hold a lively voice back.
const USUAL: f32 = 0.15;

/// After so many frames half of [`USUAL`] counts: a second or two of voice.
const SOON: f32 = 200.0;

/// So many frames make what is usual; another voice has a chance.
const LONG: f32 = 1_000.0;

/// Frames that are so much like themselves tell what is usual.
const CLEAR: f32 = 0.7;

/// How many frames a decision waits for, and how many are decided at a time.
const DELAY: usize = 50;

/// A frame's states: unvoiced, and its candidates.
const STATES: usize = MOST + 1;

#[derive(Debug, Clone, Copy, Default)]
struct Step {
    /// 0 for unvoiced.
    hertz: [f32; STATES],
    likeness: [f32; STATES],
    before: [u8; STATES],
}

/// The paths that are still possible.
#[derive(Debug, Clone)]
pub(super) struct Paths {
    steps: Vec<Step>,
    /// The cost of the best path to each state of the last step, and the logarithms of their frequencies.
    costs: [f32; STATES],
    octaves: [f32; STATES],
    count: usize,
    /// The mean of the octaves so far, and of how many frames it is.
    usual: f32,
    heard: f32,
}

impl Paths {
    pub(super) fn new() -> Paths {
        Paths {
            steps: Vec::with_capacity(2 * DELAY),
            costs: [0.0; STATES],
            octaves: [0.0; STATES],
            count: 1,
            usual: 0.0,
            heard: 0.0,
        }
    }

    /// Goes on by a frame; every so often what came before is decided, in Hz, 0 where there is no voice.
    pub(super) fn add(&mut self, frame: &Frame, decided: impl FnMut(f32)) {
        let mut step = Step::default();
        let (mut costs, mut octaves) = ([0.0f32; STATES], [0.0f32; STATES]);
        let found = &frame.candidates[..frame.count];
        for (state, candidate) in found.iter().enumerate() {
            octaves[state + 1] = candidate.hertz.log2();
        }
        // A period that is short, and near to what is usual, needs less likeness. But that the best candidate of the frame
        // is voiced is judged by its likeness alone.
        let unusual = USUAL * self.heard / (self.heard + SOON);
        let strange = |state: usize| unusual * (octaves[state] - self.usual).powi(2);
        let doubt = |state: usize| strange(state) - OCTAVE * octaves[state];
        let worth = |state: usize| found[state - 1].likeness - doubt(state);
        let best = (1..=found.len()).max_by(|&left, &right| worth(left).total_cmp(&worth(right)));
        let least_doubt = best.map_or(0.0, doubt);
        for state in 0..=found.len() {
            let own = if state == 0 {
                -VOICED
            } else {
                step.hertz[state] = found[state - 1].hertz;
                step.likeness[state] = found[state - 1].likeness;
                doubt(state) - least_doubt + 0.5 * strange(best.unwrap_or(state)) - found[state - 1].likeness
            };
            let (mut least, mut from) = (f32::INFINITY, 0);
            for before in 0..self.count {
                let way = match (before, state) {
                    (0, 0) => 0.0,
                    (0, _) | (_, 0) => TURN,
                    _ => JUMP * (octaves[state] - self.octaves[before]).abs(),
                };
                let cost = self.costs[before] + way;
                if cost < least {
                    (least, from) = (cost, before);
                }
            }
            costs[state] = least + own;
            step.before[state] = from as u8;
        }
        self.count = frame.count + 1;
        let best = costs[..self.count].iter().copied().fold(f32::INFINITY, f32::min);
        // Only differences count; the sum of hours would lose them.
        self.costs = costs.map(|cost| cost - best);
        self.octaves = octaves;
        self.steps.push(step);
        if self.steps.len() == 2 * DELAY {
            self.decide(DELAY, decided);
        }
    }

    pub(super) fn finish(mut self, decided: impl FnMut(f32)) {
        self.decide(self.steps.len(), decided);
    }

    /// Decides the first `count` steps.
    fn decide(&mut self, count: usize, mut decided: impl FnMut(f32)) {
        let mut state =
            (0..self.count).fold(0, |best, state| if self.costs[state] < self.costs[best] { state } else { best });
        let mut path = [0u8; 2 * DELAY];
        for (place, step) in self.steps.iter().enumerate().rev() {
            path[place] = state as u8;
            state = usize::from(step.before[state]);
        }
        for (step, state) in self.steps[..count].iter().zip(path) {
            let (hertz, likeness) = (step.hertz[usize::from(state)], step.likeness[usize::from(state)]);
            if likeness > CLEAR {
                self.heard += 1.0;
                self.usual += (hertz.log2() - self.usual) / self.heard.min(LONG);
            }
            decided(hertz);
        }
        self.steps.drain(..count);
    }
}
