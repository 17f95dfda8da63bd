//! Which sections go badly, by the candidate's own ratings.
//!
//! A rating weighs as a score: again 1, hard ⅔, good ⅓, easy 0. Of each question the newest rating counts once, the one
//! before it half, the one before that a quarter and so on, so that what was weak once is not weak for ever.
//! With s and w the sums of the weighted scores and of the weights, the candidate's mean is
//! m = (s + 4 · ½) / (w + 4) over all sections, and the weakness of a section is (s + 4 m) / (w + 4) over its own:
//! each is shrunk by four ratings towards the middle, so that one bad evening makes no section weak.
//! The estimate is the posterior mean of a rating under a prior worth four of them.
//! How much more often a section comes up goes by how much it is weaker than the rest, shrunk in the same way:
//! (s − w M) / (w + 4) with M = Σs / Σw, the candidate's own mean; who finds everything hard has no weak section.
//! Knows no days.

use crate::interview::grade::Grade;

/// How many ratings the prior is worth.
const PRIOR: f64 = 4.0;

/// The middle of the scale.
const MIDDLE: f64 = 0.5;

/// The chance of still knowing an answer at which a question comes again, where its section is not weak.
///
/// Nine in ten is what the model of [`super::memory`] is anchored at.
pub const RETENTION: f64 = 0.90;

/// The same in the weakest section: a question comes again after two fifths of the time.
pub const WEAK_RETENTION: f64 = 0.95;

/// How much weaker than the candidate's mean a section is that has [`WEAK_RETENTION`]: three quarters of a grade.
const WEAKEST: f64 = 0.25;

/// How it goes in a section.
#[derive(Debug, Clone, PartialEq)]
pub struct Weakness {
    /// The id of the section.
    pub section: String,
    /// From 0, all easy, to 1, all to be said again; shrunk towards the middle.
    pub weakness: f64,
    /// How many ratings that goes by.
    pub ratings: usize,
    /// The chance of still knowing an answer at which a question of the section comes again.
    pub retention: f64,
}

impl Weakness {
    /// How much of the extra care for weak sections this one gets, from 0 to 1.
    pub fn care(&self) -> f64 {
        ((self.retention - RETENTION) / (WEAK_RETENTION - RETENTION)).clamp(0.0, 1.0)
    }
}

/// The sums over some ratings.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    score: f64,
    weight: f64,
    ratings: usize,
}

impl Sums {
    /// Adds the ratings of a question, oldest first.
    fn add(&mut self, grades: &[Grade]) {
        let mut weight = 1.0;
        for grade in grades.iter().rev() {
            self.score += weight * score(*grade);
            self.weight += weight;
            weight /= 2.0;
        }
        self.ratings += grades.len();
    }

    /// How much weaker than `mean` it goes here, shrunk towards not at all.
    fn above(self, mean: f64) -> f64 {
        (self.score - self.weight * mean) / (self.weight + PRIOR)
    }

    fn shrunk_to(self, middle: f64) -> f64 {
        (self.score + PRIOR * middle) / (self.weight + PRIOR)
    }
}

/// How weak each section is, in the order in which the sections first appear; from the section of each question and
/// its ratings, oldest first.
pub fn weaknesses<'a>(rated: impl IntoIterator<Item = (&'a str, Vec<Grade>)>) -> Vec<Weakness> {
    let mut sections: Vec<(&str, Sums)> = Vec::new();
    let mut all = Sums::default();
    for (section, grades) in rated {
        let place = sections.iter().position(|(id, _)| *id == section).unwrap_or_else(|| {
            sections.push((section, Sums::default()));
            sections.len() - 1
        });
        sections[place].1.add(&grades);
        all.add(&grades);
    }
    let middle = all.shrunk_to(MIDDLE);
    let mean = if all.weight > 0.0 { all.score / all.weight } else { MIDDLE };
    let weakness = |(section, sums): (&str, Sums)| {
        let weakness = sums.shrunk_to(middle);
        let care = (sums.above(mean) / WEAKEST).clamp(0.0, 1.0);
        let retention = RETENTION + care * (WEAK_RETENTION - RETENTION);
        Weakness { section: section.to_owned(), weakness, ratings: sums.ratings, retention }
    };
    sections.into_iter().map(weakness).collect()
}

fn score(grade: Grade) -> f64 {
    match grade {
        Grade::Again => 1.0,
        Grade::Hard => 2.0 / 3.0,
        Grade::Good => 1.0 / 3.0,
        Grade::Easy => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Grade::{Again, Easy, Good, Hard};

    fn of(rated: &[(&'static str, &[Grade])]) -> Vec<Weakness> {
        weaknesses(rated.iter().map(|(section, grades)| (*section, grades.to_vec())))
    }

    #[test]
    fn without_ratings_every_section_stands_in_the_middle() {
        for section in of(&[("a", &[]), ("b", &[])]) {
            assert_eq!((section.weakness, section.ratings, section.retention), (0.5, 0, RETENTION));
        }
    }

    #[test]
    fn the_formula_is_the_one_that_is_written_down() {
        let sections = of(&[("a", &[Again, Hard]), ("b", &[Good])]);
        let (score, weight) = (2.0 / 3.0 + 0.5, 1.5);
        let mean = (score + 1.0 / 3.0 + 2.0) / (weight + 1.0 + 4.0);
        assert!((sections[0].weakness - (score + 4.0 * mean) / (weight + 4.0)).abs() < 1e-12);
        assert!((sections[1].weakness - (1.0 / 3.0 + 4.0 * mean) / 5.0).abs() < 1e-12);
        assert_eq!((sections[0].ratings, sections[1].ratings), (2, 1));
    }

    #[test]
    fn one_bad_evening_makes_no_section_weak_and_what_was_weak_once_is_not_weak_for_ever() {
        let care = |one: &[Grade]| {
            let rated: Vec<(&str, &[Grade])> =
                (0..10).map(|_| ("a", one)).chain((0..10).map(|_| ("b", &[Good][..]))).collect();
            of(&rated)[0].care()
        };
        assert!(care(&[Again]) > 0.9);
        assert_eq!(care(&[Again, Again, Again, Good, Good, Good, Easy]), 0.0);
        let evening = of(&[("a", &[Hard]), ("b", &[Good]), ("b", &[Good]), ("b", &[Good])]);
        assert!(evening[0].care() < 0.35, "{evening:?}");
        assert!(evening[0].care() > 0.0 && evening[1].care() == 0.0, "{evening:?}");
    }

    #[test]
    fn a_candidate_who_finds_everything_hard_has_no_weak_section() {
        assert!(of(&[("a", &[Again, Again]), ("b", &[Again, Again])]).iter().all(|section| section.care() < 1e-9));
    }
}
