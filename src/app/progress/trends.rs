//! How what is measured of answers changes from session to session.
//!
//! The candidate is compared with nobody else, and nothing is said to be good or bad.

use crate::store::ledger::{Delivery, Digest};

/// So many sessions at either end are compared; fewer, where there are fewer than twice as many.
const ENDS: usize = 3;

/// A measure that has a trend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measure {
    /// What it is called in JSON.
    pub id: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// What is behind its numbers.
    pub unit: &'static str,
    /// How many decimals it is told with.
    pub decimals: usize,
    /// By what it is multiplied when it is told.
    pub scale: f64,
}

/// The measures, in the order of [`Delivery::values`].
pub const MEASURES: [Measure; Delivery::COUNT] = [
    measure("articulation_rate", "pace without pauses", "syllables a second", 1, 1.0),
    measure("words_a_minute_estimate", "pace, estimated", "words a minute", 0, 1.0),
    measure("pauses_share", "pauses", "% of the time", 0, 100.0),
    measure("filled_pauses_a_minute", "likely fillers", "a minute", 1, 1.0),
    measure("pitch_sd_st", "pitch, standard deviation", "semitones", 1, 1.0),
    measure("first_word_s", "first word after", "s", 1, 1.0),
    measure("lufs", "loudness", "LUFS", 1, 1.0),
];

const fn measure(id: &'static str, name: &'static str, unit: &'static str, decimals: usize, scale: f64) -> Measure {
    Measure { id, name, unit, decimals, scale }
}

/// The mean of a measure over some answers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mean {
    /// The mean: of each session by itself first, so that none weighs more for its length.
    pub value: f64,
    /// Over so many sessions.
    pub sessions: usize,
    /// And so many answers in them.
    pub answers: usize,
}

/// How a measure changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// Of what.
    pub measure: Measure,
    /// All sessions.
    pub all: Mean,
    /// The first few.
    pub first: Mean,
    /// The latest few, none of which is among the first.
    pub latest: Mean,
    /// Each session, the oldest first.
    sessions: Vec<Mean>,
}

/// The trends over sessions, the oldest of which comes first; of a measure that fewer than two sessions have, none.
pub fn trends(oldest_first: &[&Digest]) -> Vec<Trend> {
    let mut sessions: [Vec<Mean>; Delivery::COUNT] = Default::default();
    for digest in oldest_first {
        let mut sums = [(0.0, 0); Delivery::COUNT];
        for delivery in digest.turns.iter().filter_map(|turn| turn.delivery) {
            for (sum, value) in sums.iter_mut().zip(delivery.values()) {
                if let Some(value) = value {
                    *sum = (sum.0 + value, sum.1 + 1);
                }
            }
        }
        for (means, (sum, answers)) in sessions.iter_mut().zip(sums) {
            if answers > 0 {
                means.push(Mean { value: sum / answers as f64, sessions: 1, answers });
            }
        }
    }
    MEASURES.into_iter().zip(sessions).filter_map(|(measure, sessions)| Trend::of(measure, sessions)).collect()
}

impl Trend {
    fn of(measure: Measure, sessions: Vec<Mean>) -> Option<Trend> {
        let ends = (sessions.len() / 2).min(ENDS);
        Some(Trend {
            measure,
            all: mean(&sessions)?,
            first: mean(&sessions[..ends])?,
            latest: mean(&sessions[sessions.len() - ends..])?,
            sessions,
        })
    }

    /// All sessions in at most so many parts of as many each as can be, the oldest first.
    pub fn series(&self, most: usize) -> Vec<Mean> {
        let (count, parts) = (self.sessions.len(), self.sessions.len().min(most));
        (0..parts).filter_map(|nth| mean(&self.sessions[nth * count / parts..(nth + 1) * count / parts])).collect()
    }
}

fn mean(of: &[Mean]) -> Option<Mean> {
    let sum: f64 = of.iter().map(|one| one.value).sum();
    let answers = of.iter().map(|one| one.answers).sum();
    (!of.is_empty()).then(|| Mean { value: sum / of.len() as f64, sessions: of.len(), answers })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sessions(values: &[f64]) -> Vec<Mean> {
        values.iter().map(|value| Mean { value: *value, sessions: 1, answers: 2 }).collect()
    }

    fn trend(values: &[f64]) -> Option<Trend> {
        Trend::of(MEASURES[0], sessions(values))
    }

    #[test]
    fn the_first_few_and_the_latest_few_are_compared_and_never_overlap() {
        let ends = |values: &[f64]| trend(values).map(|trend| (trend.first, trend.latest));
        let mean = |value, sessions, answers| Mean { value, sessions, answers };
        assert_eq!(ends(&[]), None);
        assert_eq!(ends(&[4.0]), None, "one session is no trend");
        assert_eq!(ends(&[4.0, 5.0]), Some((mean(4.0, 1, 2), mean(5.0, 1, 2))));
        assert_eq!(ends(&[4.0, 9.0, 5.0]), Some((mean(4.0, 1, 2), mean(5.0, 1, 2))));
        let many = ends(&[1.0, 2.0, 3.0, 50.0, 7.0, 8.0, 9.0]);
        assert_eq!(many, Some((mean(2.0, 3, 6), mean(8.0, 3, 6))));
    }

    #[test]
    fn a_long_series_is_in_parts_that_leave_nothing_out() {
        let values: Vec<f64> = (0..1_003).map(f64::from).collect();
        let trend = trend(&values).unwrap();
        for most in [1, 2, 40, 1_003, 5_000] {
            let series = trend.series(most);
            assert_eq!(series.len(), most.min(1_003));
            assert_eq!(series.iter().map(|part| part.sessions).sum::<usize>(), 1_003);
            assert!(series.is_sorted_by(|one, other| one.value < other.value));
        }
        assert!(trend.series(0).is_empty());
        assert_eq!((trend.all.value, trend.all.answers), (501.0, 2_006));
    }
}
