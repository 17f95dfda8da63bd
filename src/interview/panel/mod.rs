//! A panel: who asks, what about, in which order, and for how long.
//!
//! These are the words of a panel and nothing more: what a session makes of them, the files beside this one say.

pub mod agenda;
pub mod espeak;
pub mod estimate;
pub mod led;
pub mod moderator;
pub mod needs;
pub mod phrases;
pub mod pool;
pub mod preview;
pub mod voicing;

use std::time::Duration;

pub use agenda::{Agenda, AgendaError};
pub use led::Led;
pub use moderator::{Answer, Ask, Moderator, Past, Remark};
pub use voicing::{Accent, Gender, Voicing};

use super::format::Timing;
use super::text::Text;

/// The most follow-ups to a question.
pub const MOST_FOLLOW_UPS: u32 = 2;

/// The longest session.
pub const LONGEST_SESSION: Duration = Duration::from_secs(4 * 60 * 60);

/// The id of the turn in which the candidate asks; no question of a bank may have it in a panel.
pub const OWN_QUESTIONS: &str = "own-questions";

/// Several interviewers, and what they have agreed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panel {
    /// The name by which the panel is chosen.
    pub id: String,
    /// What the panel is called.
    pub title: Text,
    /// The id of the bank that it asks from.
    pub bank: String,
    /// The id of the format that times its answers.
    pub format: String,
    /// The times of that format; a limit and a prep time are always there.
    pub timing: Timing,
    /// How long the session is, from the first word to the last.
    pub length: Duration,
    /// The shortest answer that is worth asking for: where less time is left, no question is asked.
    pub shortest: Duration,
    /// What gives way first where time runs short.
    pub drop_first: DropFirst,
    /// How many follow-ups there may be to a question; at most [`MOST_FOLLOW_UPS`].
    pub follow_ups: u32,
    /// From which share of silence on, in percent, an answer is hesitant.
    pub hesitant: u32,
    /// Who asks; one at least, and the order is that in which they are introduced.
    pub panelists: Vec<Panelist>,
    /// Which of the panelists opens, hands over and closes.
    pub chair: usize,
    /// What the chair says first, where the panel has words of its own for it.
    pub welcome: Option<Text>,
    /// The parts of the session, in their order; one at least.
    pub blocks: Vec<Block>,
    /// The end of the session.
    pub closing: Closing,
}

/// What gives way first where time runs short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DropFirst {
    /// A follow-up is asked only where the questions that were planned still fit.
    FollowUps,
    /// A follow-up is asked wherever it fits; the least important question gives way to it.
    Questions,
}

/// One who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panelist {
    /// The name of the panelist in files, unique in the panel.
    pub id: String,
    /// What the panelist is, as it is spoken after "our": `chief technology officer`.
    pub role: Text,
    /// How the panelist behaves.
    pub manner: Manner,
    /// The tags that the panelist cares about: an answer that touches one may make them ask.
    pub focus: Vec<String>,
    /// How the panelist sounds.
    pub voicing: Voicing,
}

/// How a panelist behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Manner {
    /// Lets the candidate finish, and interrupts kindly.
    Warm,
    /// Keeps to the time.
    Neutral,
    /// Interrupts early, and curtly.
    Tough,
}

impl Manner {
    /// The part of the format's limit that this panelist grants an answer, in percent.
    pub fn patience(self) -> u32 {
        match self {
            Manner::Warm => 100,
            Manner::Neutral => 90,
            Manner::Tough => 75,
        }
    }
}

/// A part of the session in which one panelist asks.
///
/// The questions that are named come first, then those of the bank that pass both filters: the more tags in common, the
/// earlier, with some chance from the seed. The last of them are the first to be dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Who asks.
    pub panelist: usize,
    /// How much of the time between opening and closing it has, in proportion to the other blocks; not 0.
    pub weight: u32,
    /// Questions that are asked first, in this order.
    pub questions: Vec<String>,
    /// Further questions of these sections; of every section where the list is empty and `tags` is not.
    pub sections: Vec<String>,
    /// Further questions with any of these tags; with any tags or none where the list is empty and `sections` is not.
    pub tags: Vec<String>,
    /// So many questions are asked whatever happens to the time; 1 or more.
    pub least: usize,
    /// No more questions than these; `None`: as many as there is time for.
    pub most: Option<usize>,
}

/// The end of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// How long it is; this time is kept whatever happened before.
    pub time: Duration,
    /// Whether the candidate is asked for questions of their own.
    pub own_questions: bool,
    /// What the chair says last, where the panel has words of its own for it.
    pub farewell: Option<Text>,
}

impl Panel {
    /// How long an answer to this panelist may be.
    pub fn limit(&self, panelist: usize) -> Duration {
        let limit = self.timing.limit.unwrap_or_default();
        (limit * self.panelists[panelist].manner.patience() / 100).max(self.shortest.min(limit))
    }
}
