//! What a moderator is told, and what it says comes next.

use std::time::Duration;

use crate::interview::events::TakeEnd;
use crate::interview::format::Timing;
use crate::interview::text::Text;

/// Something that a panelist says and nobody answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Who says it.
    pub panelist: usize,
    /// What.
    pub text: Text,
}

/// Something that the candidate is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Who asks.
    pub panelist: usize,
    /// The id of the question; of the one that is followed up, where it is a follow-up.
    pub question: String,
    /// The id of its section; empty for the candidate's own questions.
    pub section: String,
    /// The id of the follow-up, where it is one.
    pub follow_up: Option<String>,
    /// What is spoken.
    pub prompt: Text,
    /// The times it is asked under.
    pub timing: Timing,
}

/// How an answer went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// How long it was.
    pub lasted: Duration,
    /// How long it might have been.
    pub limit: Duration,
    /// Why it ended.
    pub end: TakeEnd,
    /// Whether something was heard in it that may be speech.
    pub spoke: bool,
    /// How much of it was silence, in percent; `None` where that could not be told.
    pub silence: Option<u32>,
}

/// What comes next.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Step {
    /// What is said first.
    pub remarks: Vec<Remark>,
    /// What is asked then; `None`: the session is over.
    pub ask: Option<Ask>,
}

/// What an interrupted session had come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past {
    /// How much of the session's length is spent.
    pub clock: Duration,
    /// What was asked, in its order: question, follow-up where it was one, panelist's id.
    pub asked: Vec<(String, Option<String>, String)>,
    /// What was said besides.
    pub said: Vec<String>,
    /// Nothing was asked yet: the opening was not heard to its end.
    pub unopened: bool,
}
