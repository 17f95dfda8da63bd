//! How much is for today.
//!
//! Knows numbers of questions, not which they are.

/// How many questions a day there are where nobody says when the interview is: half an hour's work at most.
pub const A_DAY: usize = 5;

/// How many of [`A_DAY`] are new as long as there are new ones, however much is due.
const NEW_A_DAY: usize = 2;

/// The most questions a day that were asked before: with two or three minutes each, half an hour. What is beyond it
/// waits for another day, the most urgent first; what is new does not wait, because every question is to have come
/// round before the interview.
pub const MOST_REPEATS: usize = 10;

/// How many questions of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    /// That were asked on an earlier day and are due.
    pub due: usize,
    /// That were never asked.
    pub new: usize,
    /// That are not due yet, but would have faded before the interview.
    pub ahead: usize,
    /// That were rated `again` today.
    pub again: usize,
}

impl Share {
    /// How many questions that are.
    pub fn count(self) -> usize {
        self.due + self.new + self.ahead + self.again
    }
}

/// How it stood when the day began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Morning {
    /// How many questions were never asked.
    pub new: usize,
    /// How many were due.
    pub due: usize,
    /// How many others will have faded before the interview.
    pub fading: usize,
    /// How many days there are to practise, today with them; 0 on the day of the interview; `None`: no interview.
    pub days_left: Option<u32>,
}

/// How many questions are for a day: those that were asked before, and those that were not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Allotted {
    pub repeats: usize,
    pub new: usize,
}

impl Morning {
    /// What the day is to bring.
    ///
    /// Before an interview: a part of what is new, so that it lasts until the interview and no longer, what is due, and
    /// a part of what would fade before it; of the last two at most [`MOST_REPEATS`].
    /// Without one, and on its very day: [`A_DAY`] in all, of which two are new ones while there are any.
    pub fn allotted(self) -> Allotted {
        match self.days_left {
            Some(days) if days > 0 => {
                Allotted { repeats: (self.due + part(self.fading, days)).min(MOST_REPEATS), new: part(self.new, days) }
            }
            _ => {
                let repeats = self.due.min(A_DAY - NEW_A_DAY.min(self.new));
                Allotted { repeats, new: self.new.min(A_DAY - repeats) }
            }
        }
    }

    /// How many new questions a day it takes for all to have come round before the interview, or on its very day;
    /// `None`: no interview.
    pub fn new_a_day(self) -> Option<usize> {
        self.days_left.map(|days| part(self.new, days.max(1)))
    }
}

/// What is done of `count` on the first of so many days, if no later day is to have more.
fn part(count: usize, days: u32) -> usize {
    count.div_ceil(usize::try_from(days.max(1)).unwrap_or(usize::MAX))
}
