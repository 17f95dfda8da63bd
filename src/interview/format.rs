//! Timing presets.

use std::time::Duration;

use super::text::Text;

/// A named timing preset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Format {
    /// The name by which the format is chosen.
    pub id: String,
    /// What the format is called.
    pub title: Text,
    /// Its times.
    pub timing: Timing,
}

/// The times that a question is asked under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// Silence to think before the take; `None`: until the candidate begins.
    pub prep: Option<Duration>,
    /// The longest take; `None`: until the candidate ends it.
    pub limit: Option<Duration>,
    /// A warning sounds when this much time is left; never without a limit.
    pub warn: Option<Duration>,
    /// How many more takes of a question there may be after the first; `None`: any number.
    pub retakes: Option<u32>,
    /// The pause after a take, before the next question.
    pub gap: Duration,
}

/// The longest limit of a take: WAV sizes are 32 bits wide, and an hour is an answer to no question.
pub const LONGEST_TAKE: Duration = Duration::from_secs(60 * 60);
