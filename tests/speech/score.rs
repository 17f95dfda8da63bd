//! How far what is told lies from what is true, by the same definitions as everywhere in this project: nuclei within
//! 50 ms of a vowel, pauses that overlap by half, edges of those that were found.

use super::truth::{Stretch, Truth};

const PAUSE: f64 = 0.25;
const FRINGE: f64 = 0.05;
const NEAR: f64 = 0.05;

/// What is told of a recording.
#[derive(Debug, Clone, Default)]
pub struct Told {
    pub nuclei: Vec<f64>,
    pub pauses: Vec<Stretch>,
    pub filled_pauses: Vec<Stretch>,
    pub first_word_s: f64,
}

/// The figures over many recordings.
#[derive(Debug, Clone, Default)]
pub struct Score {
    pub recordings: usize,
    pub untold: usize,
    syllable_errors: Vec<f64>,
    nuclei: (usize, usize, usize),
    pauses: (usize, usize, usize),
    /// How late starts and ends are told, in ms.
    starts: Vec<f64>,
    ends: Vec<f64>,
    firsts: Vec<f64>,
    fillers: (usize, usize, usize),
}

fn overlap(a: Stretch, b: Stretch) -> f64 {
    (a.1.min(b.1) - a.0.max(b.0)).max(0.0)
}

fn length(stretch: Stretch) -> f64 {
    stretch.1 - stretch.0
}

impl Score {
    /// A recording of which nothing could be told.
    pub fn add_untold(&mut self) {
        self.recordings += 1;
        self.untold += 1;
    }

    /// A recording.
    pub fn add(&mut self, truth: &Truth, told: &Told) {
        self.recordings += 1;
        if truth.syllables > 0 {
            let error = told.nuclei.len() as f64 / truth.syllables as f64 - 1.0;
            self.syllable_errors.push(100.0 * error);
        }
        if let Some(vowels) = &truth.nuclei {
            self.nuclei.0 += matched(vowels, &told.nuclei);
            self.nuclei.1 += vowels.len();
            self.nuclei.2 += told.nuclei.len();
        }
        self.add_pauses(truth, told);
        self.firsts.push(1_000.0 * (told.first_word_s - truth.first_word_s));
        let mut used = vec![false; told.filled_pauses.len()];
        for filler in &truth.filled_pauses {
            let enough = |place: &usize| overlap(*filler, told.filled_pauses[*place]) > 0.4 * length(*filler);
            if let Some(place) = (0..used.len()).filter(|place| !used[*place]).find(enough) {
                used[place] = true;
                self.fillers.0 += 1;
            }
        }
        self.fillers.1 += truth.filled_pauses.len();
        self.fillers.2 += told.filled_pauses.len();
    }

    fn add_pauses(&mut self, truth: &Truth, told: &Told) {
        let (low, high) = (truth.first_word_s + FRINGE, truth.last_word_end_s - FRINGE);
        let told: Vec<Stretch> = told
            .pauses
            .iter()
            .copied()
            .filter(|pause| pause.1 > low && pause.0 < high && length(*pause) >= PAUSE)
            .collect();
        let mut used = vec![false; told.len()];
        for pause in truth.pauses.iter().filter(|pause| length(**pause) >= PAUSE + FRINGE) {
            let best = (0..told.len())
                .filter(|place| !used[*place] && overlap(*pause, told[*place]) > 0.5 * length(*pause))
                .max_by(|a, b| overlap(*pause, told[*a]).total_cmp(&overlap(*pause, told[*b])));
            self.pauses.1 += 1;
            if let Some(place) = best {
                used[place] = true;
                self.pauses.0 += 1;
                self.starts.push(1_000.0 * (told[place].0 - pause.0));
                self.ends.push(1_000.0 * (told[place].1 - pause.1));
            }
        }
        let silent = |pause: Stretch| truth.gaps.iter().any(|gap| overlap(*gap, pause) > 0.5 * length(pause));
        self.pauses.2 += (0..told.len()).filter(|place| !used[*place] && !silent(told[*place])).count();
    }

    /// The mean absolute error of the syllables, in %.
    pub fn syllable_error(&self) -> f64 {
        mean(&self.syllable_errors.iter().map(|error| error.abs()).collect::<Vec<_>>())
    }

    /// The error of the syllables with its sign, in %.
    pub fn syllable_bias(&self) -> f64 {
        mean(&self.syllable_errors)
    }

    /// Recall and precision of the nuclei in one.
    pub fn nuclei_f1(&self) -> f64 {
        2.0 * self.nuclei.0 as f64 / (self.nuclei.1 + self.nuclei.2).max(1) as f64
    }

    pub fn pause_recall(&self) -> f64 {
        self.pauses.0 as f64 / self.pauses.1.max(1) as f64
    }

    pub fn pause_precision(&self) -> f64 {
        self.pauses.0 as f64 / (self.pauses.0 + self.pauses.2).max(1) as f64
    }

    /// Of the edges of pauses, the absolute error that so many stay under, in ms.
    pub fn edges(&self, part: f64) -> f64 {
        part_of(self.starts.iter().chain(&self.ends), part)
    }

    /// How late starts and ends of pauses are told, in the middle, in ms.
    pub fn edge_bias(&self) -> (f64, f64) {
        (middle(&self.starts), middle(&self.ends))
    }

    /// Of the first words, the absolute error that so many stay under, in ms.
    pub fn first_word(&self, part: f64) -> f64 {
        part_of(self.firsts.iter(), part)
    }

    pub fn filler_recall(&self) -> f64 {
        self.fillers.0 as f64 / self.fillers.1.max(1) as f64
    }

    pub fn filler_precision(&self) -> f64 {
        self.fillers.0 as f64 / self.fillers.2.max(1) as f64
    }

    /// A line of all figures.
    pub fn line(&self) -> String {
        let (start, end) = self.edge_bias();
        format!(
            "{:3} ({} untold)  syl {:5.2} % ({:+5.1})  F1 {:.3}  pauses {:.3}/{:.3}  edges {:3.0}/{:3.0} ms ({start:+.0} {end:+.0})  first {:3.0}/{:3.0} ms  fillers {:.2}/{:.2}",
            self.recordings,
            self.untold,
            self.syllable_error(),
            self.syllable_bias(),
            self.nuclei_f1(),
            self.pause_recall(),
            self.pause_precision(),
            self.edges(0.5),
            self.edges(0.95),
            self.first_word(0.5),
            self.first_word(0.95),
            self.filler_recall(),
            self.filler_precision(),
        )
    }
}

/// How many vowels have a nucleus of their own.
fn matched(vowels: &[Stretch], told: &[f64]) -> usize {
    let mut used = vec![false; told.len()];
    let mut hits = 0;
    for vowel in vowels {
        let from = told.partition_point(|time| *time < vowel.0 - NEAR);
        let to = told.partition_point(|time| *time <= vowel.1 + NEAR);
        let off = |place: &usize| (told[*place] - (vowel.0 + vowel.1) / 2.0).abs();
        let best = (from..to).filter(|place| !used[*place]).min_by(|a, b| off(a).total_cmp(&off(b)));
        if let Some(place) = best {
            used[place] = true;
            hits += 1;
        }
    }
    hits
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn middle(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
}

fn part_of<'a>(values: impl Iterator<Item = &'a f64>, part: f64) -> f64 {
    let mut sorted: Vec<f64> = values.map(|value| value.abs()).collect();
    sorted.sort_by(f64::total_cmp);
    let place = (sorted.len() as f64 * part) as usize;
    sorted.get(place.min(sorted.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}
