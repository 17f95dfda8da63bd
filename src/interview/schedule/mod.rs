//! Which question to practise today: when each was answered, how the candidate rated it, and when the interview is.
//!
//! [`memory`] says how likely an answer is still there, [`weak`] which sections go badly, [`standing`] how it stands
//! with each question, [`share`] how much of it is for today, and [`agenda`] puts it all in order.
//! Knows days, not clocks: a [`Day`] is a number, and today is told by who asks.

pub mod agenda;
pub mod memory;
pub mod share;
pub mod standing;
mod unseen;
pub mod weak;

pub use agenda::Schedule;
pub use memory::Memory;
pub use share::Share;
pub use standing::Standing;
pub use weak::Weakness;

use super::bank::Question;
use super::grade::Grade;

/// A day of the candidate's calendar, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// How many days this one is after `other`; below 0 where it is before it.
    pub fn since(self, other: Day) -> i64 {
        i64::from(self.0) - i64::from(other.0)
    }

    /// The day so many days after this one; the last day that there is, where it would be after that.
    pub fn after(self, days: u32) -> Day {
        Day(self.0.saturating_add_unsigned(days))
    }
}

/// An earlier answer to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// The day on which it was given.
    pub day: Day,
    /// How the candidate rated it; the latest rating of the newest take that has one.
    pub grade: Option<Grade>,
}

/// A question that may be scheduled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item<'a> {
    /// Its id.
    pub question: &'a str,
    /// The id of its section.
    pub section: &'a str,
}

impl<'a> From<&'a Question> for Item<'a> {
    fn from(question: &'a Question) -> Item<'a> {
        Item { question: &question.id, section: &question.section }
    }
}
