//! How well something is remembered: stability, difficulty, and the chance that it is still there.
//!
//! The model is FSRS-6 with its default parameters, which were fitted to some 700 million reviews of ten thousand
//! people: J. Ye and others, "The Algorithm", <https://github.com/open-spaced-repetition/awesome-fsrs/wiki/The-Algorithm>;
//! first published as "A Stochastic Shortest Path Algorithm for Optimizing Spaced Repetition Scheduling", KDD 2022, doi
//! 10.1145/3534678.3539081.
//! The formulas are those of that page and the parameters those of its section on FSRS-6; `tests/schedule/reference.rs` holds
//! what is computed here against the crate `fsrs` of the same people.
//! An answer in an interview is more than a flash card, so what the model predicts is an order and a pace, not a truth.
//! Knows no days of a calendar, only how many went by.

use crate::interview::grade::Grade;

/// The parameters w₀ to w₂₀.
const W: [f64; 21] = [
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614, 0.2629,
    1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
];

/// The least and the greatest stability, in days; a hundred years.
const STABILITY: (f64, f64) = (0.001, 36_500.0);

/// The least and the greatest difficulty.
const DIFFICULTY: (f64, f64) = (1.0, 10.0);

/// The retrievability by which stability is defined.
const AT_STABILITY: f64 = 0.9;

/// What is left of a question in the candidate's mind after an answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Memory {
    /// After how many days the answer is still there nine times out of ten; 0.001 to 36,500.
    pub stability: f64,
    /// How hard it is to make it last; 1 to 10.
    pub difficulty: f64,
}

impl Memory {
    /// After the first answer: S₀(G) = w₍G₋₁₎, D₀(G) = w₄ − exp(w₅ (G − 1)) + 1.
    pub fn first(grade: Grade) -> Memory {
        let stability = match grade {
            Grade::Again => W[0],
            Grade::Hard => W[1],
            Grade::Good => W[2],
            Grade::Easy => W[3],
        };
        Memory { stability, difficulty: within(first_difficulty(grade), DIFFICULTY) }
    }

    /// After an answer so many days after the last; 0: on the same day.
    #[must_use]
    pub fn answered(self, days: u32, grade: Grade) -> Memory {
        let stability = match (days, grade) {
            (0, grade) => self.same_day(grade),
            (days, Grade::Again) => self.forgotten(self.retrievability(days)),
            (days, grade) => self.recalled(self.retrievability(days), grade),
        };
        Memory { stability: within(stability, STABILITY), difficulty: self.next_difficulty(grade) }
    }

    /// How likely the answer is still there so many days later, from 0 to 1:
    /// R(t, S) = (1 + F t / S)^(−w₂₀) with F = 0.9^(−1 / w₂₀) − 1.
    pub fn retrievability(self, days: u32) -> f64 {
        (1.0 + factor() * f64::from(days) / self.stability).powf(-W[20])
    }

    /// After how many days the chance falls to `retention`, which lies between 0 and 1:
    /// I(r, S) = S / F (r^(−1 / w₂₀) − 1).
    pub fn interval(self, retention: f64) -> f64 {
        self.stability / factor() * (retention.powf(-1.0 / W[20]) - 1.0)
    }

    /// D′ = w₇ D₀(4) + (1 − w₇) (D − w₆ (G − 3) (10 − D) / 9).
    fn next_difficulty(self, grade: Grade) -> f64 {
        let change = -W[6] * (number(grade) - 3.0);
        let damped = self.difficulty + change * (DIFFICULTY.1 - self.difficulty) / 9.0;
        within(W[7] * first_difficulty(Grade::Easy) + (1.0 - W[7]) * damped, DIFFICULTY)
    }

    /// S′ = S (1 + exp(w₈) (11 − D) S^(−w₉) (exp(w₁₀ (1 − R)) − 1) h e), where h = w₁₅ if it was hard, and e = w₁₆ if it
    /// was easy; else 1.
    fn recalled(self, retrievability: f64, grade: Grade) -> f64 {
        let by_grade = match grade {
            Grade::Hard => W[15],
            Grade::Easy => W[16],
            Grade::Again | Grade::Good => 1.0,
        };
        let slower_when_hard = 11.0 - self.difficulty;
        let slower_when_stable = self.stability.powf(-W[9]);
        let faster_when_fading = (W[10] * (1.0 - retrievability)).exp_m1();
        self.stability * (1.0 + W[8].exp() * slower_when_hard * slower_when_stable * faster_when_fading * by_grade)
    }

    /// S′ = min(w₁₁ D^(−w₁₂) ((S + 1)^w₁₃ − 1) exp(w₁₄ (1 − R)), S / exp(w₁₇ w₁₈)).
    fn forgotten(self, retrievability: f64) -> f64 {
        let left = (self.stability + 1.0).powf(W[13]) - 1.0;
        let anew = W[11] * self.difficulty.powf(-W[12]) * left * (W[14] * (1.0 - retrievability)).exp();
        anew.min(self.stability / (W[17] * W[18]).exp())
    }

    /// S′ = S exp(w₁₇ (G − 3 + w₁₈)) S^(−w₁₉), and not below S unless it must be said again.
    fn same_day(self, grade: Grade) -> f64 {
        let growth = (W[17] * (number(grade) - 3.0 + W[18])).exp() * self.stability.powf(-W[19]);
        self.stability * if grade == Grade::Again { growth } else { growth.max(1.0) }
    }
}

/// F, by which R(S, S) = 0.9.
fn factor() -> f64 {
    AT_STABILITY.powf(-1.0 / W[20]) - 1.0
}

fn first_difficulty(grade: Grade) -> f64 {
    W[4] - (W[5] * (number(grade) - 1.0)).exp() + 1.0
}

/// G: 1 to 4, the worst first.
fn number(grade: Grade) -> f64 {
    match grade {
        Grade::Again => 1.0,
        Grade::Hard => 2.0,
        Grade::Good => 3.0,
        Grade::Easy => 4.0,
    }
}

fn within(value: f64, (least, greatest): (f64, f64)) -> f64 {
    value.clamp(least, greatest)
}
