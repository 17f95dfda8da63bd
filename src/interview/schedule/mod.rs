//! Which question to practise today: when each was answered, how the candidate rated it, and when the interview is.
//!
//! Knows days, not clocks: a [`Day`] is a number, and today is told by who asks.

use super::grade::Grade;

/// A day of the candidate's calendar, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

/// An earlier answer to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// The day on which it was given.
    pub day: Day,
    /// How the candidate rated it; the latest rating of the newest take that has one.
    pub grade: Option<Grade>,
}
