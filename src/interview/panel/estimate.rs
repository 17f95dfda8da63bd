//! How long things take that have not happened yet: estimates from above, in one place.
//!
//! The moderator plans with them and corrects itself by the clock: what took less leaves room for more.

use std::time::Duration;

use super::Panel;
use super::agenda::{Agenda, Topic};
use crate::interview::text::Text;

/// The slowest speech, in words a minute; every voice of a panel is measured to be quicker.
const WORDS_A_MINUTE: u64 = 130;

/// Silence around what is spoken, and the start of the voice.
const AROUND: Duration = Duration::from_secs(1);

/// What is said before the first question of a block: one hands over, the next introduces themselves.
pub const HANDOVER: Duration = Duration::from_secs(24);

/// What is said before any other question.
pub const BRIDGE: Duration = Duration::from_secs(8);

/// The interruption at the limit of an answer.
pub const INTERRUPTION: Duration = Duration::from_secs(8);

/// The last words of a session.
pub const FAREWELL: Duration = Duration::from_secs(9);

/// The words before the candidate's own questions.
pub const INVITATION: Duration = Duration::from_secs(7);

/// The opening, where it is the chair's own words.
pub const OPENING: Duration = Duration::from_secs(50);

/// How long it takes to speak a text, at most.
pub fn spoken(text: &Text) -> Duration {
    Duration::from_millis(text.words() as u64 * 60_000 / WORDS_A_MINUTE) + AROUND
}

/// What follows an answer at the latest: the interruption, and the longest pause.
pub fn tail(panel: &Panel) -> Duration {
    INTERRUPTION + longest_gap(panel)
}

/// A pause that is shorter than this is none.
const LEAST_GAP: Duration = Duration::from_millis(400);

/// The shortest pause after an answer.
pub fn shortest_gap(panel: &Panel) -> Duration {
    (panel.timing.gap * 2 / 5).max(LEAST_GAP)
}

/// The longest pause after an answer.
pub fn longest_gap(panel: &Panel) -> Duration {
    (panel.timing.gap * 6 / 5).max(LEAST_GAP)
}

/// From the first word before a question to the end of the pause after an answer of `answer`.
pub fn question(panel: &Panel, prompt: &Text, is_first: bool, answer: Duration) -> Duration {
    let lead = if is_first { HANDOVER } else { BRIDGE };
    lead + spoken(prompt) + panel.timing.prep.unwrap_or_default() + answer + tail(panel)
}

/// The shortest time in which a block asks what it asks in any case.
pub fn floor(panel: &Panel, topics: &[Topic], least: usize) -> Duration {
    // Any of its questions may be the one: the longest are reckoned with.
    let mut prompts: Vec<&Text> = topics.iter().map(|topic| &topic.prompt).collect();
    prompts.sort_by_cached_key(|prompt| std::cmp::Reverse(prompt.words()));
    let each = |(at, prompt): (usize, &&Text)| question(panel, prompt, at == 0, panel.shortest);
    prompts.iter().take(least).enumerate().map(each).sum()
}

/// The opening.
pub fn opening(panel: &Panel) -> Duration {
    panel.welcome.as_ref().map_or(OPENING, spoken)
}

/// The last words.
pub fn farewell(panel: &Panel) -> Duration {
    panel.closing.farewell.as_ref().map_or(FAREWELL, spoken)
}

/// The shortest session in which every block asks what it asks in any case.
pub fn least_length(agenda: &Agenda) -> Duration {
    opening(&agenda.panel) + agenda.floors.iter().sum::<Duration>() + agenda.panel.closing.time
}
