//! Which sections go badly, by the candidate's own ratings.
//!
//! A rating weighs as a score: again 1, hard ⅔, good ⅓, easy 0. Of each question the newest rating counts once, the one
//! before it half, the one before that a quarter and so on, so that what was weak once is not weak for ever.
//! With s and w the sums of the weighted scores and of the weights, the candidate's mean is
//! m = (s + 4 · ½) / (w + 4) over all sections, and the weakness of a section is (s + 4 m) / (w + 4) over its own:
//! each is shrunk by four ratings towards the middle, so that one bad evening makes no section weak.
//! The estimate is the posterior mean of a rating under a prior worth four of them.
//! A section is compared with the candidate's own mean only. Knows no days.

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
    let mean = all.shrunk_to(MIDDLE);
    let weakness = |(section, sums): (&str, Sums)| {
        let weakness = sums.shrunk_to(mean);
        let care = ((weakness - mean) / WEAKEST).clamp(0.0, 1.0);
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
