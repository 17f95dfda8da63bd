//! How long things take that have not happened yet: estimates from above, in one place.
//!
//! The moderator plans with them and corrects itself by the clock: what took less leaves room for more.

use std::time::Duration;

use super::agenda::{Agenda, Topic};
use super::{Manner, Panel};
use crate::interview::text::Text;

/// The slowest speech, in words a minute; every voice of a panel is measured to be quicker.
const WORDS_A_MINUTE: u64 = 140;

/// The usual speech of the built-in voice, in words a minute.
const USUAL_WORDS_A_MINUTE: u64 = 195;

/// Silence around what is usually spoken.
const USUALLY_AROUND: Duration = Duration::from_millis(200);

/// Silence around what is spoken, and the start of the voice.
const AROUND: Duration = Duration::from_secs(1);

/// The words before the first question of a block, without the role of the panelist that stands in them twice.
pub(super) const HANDOVER_WORDS: u64 = 29;

/// The words of one who joins in, without the role.
pub(super) const JOINING_WORDS: u64 = 16;

/// What may be said before any other question.
pub const BRIDGE: Duration = Duration::from_secs(8);

/// The words of the longest interruption at the limit of an answer, by manner.
pub(super) fn interruption_words(manner: Manner) -> u64 {
    match manner {
        Manner::Warm => 14,
        Manner::Neutral => 10,
        Manner::Tough => 11,
    }
}

/// The last words of a session.
pub const FAREWELL: Duration = Duration::from_secs(9);

/// The words before the candidate's own questions.
pub const INVITATION: Duration = Duration::from_secs(7);

/// The opening, where it is the chair's own words.
pub const OPENING: Duration = Duration::from_secs(50);

/// How long it takes to speak a text, at most.
pub fn spoken(text: &Text) -> Duration {
    words(text.words() as u64) + AROUND
}

/// How long it usually takes to speak a text: what is shown, and promised to nobody.
pub fn likely(text: &Text) -> Duration {
    Duration::from_millis(text.words() as u64 * 60_000 / USUAL_WORDS_A_MINUTE) + USUALLY_AROUND
}

fn words(count: u64) -> Duration {
    Duration::from_millis(count * 60_000 / WORDS_A_MINUTE)
}

/// What follows an answer at the latest: the interruption, and the longest pause.
pub fn tail(panel: &Panel) -> Duration {
    let longest = panel.panelists.iter().map(|one| interruption_words(one.manner)).max();
    words(longest.unwrap_or_default()) + AROUND + longest_gap(panel)
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

/// From the first word that has to be said before a question to the end of the pause after an answer of `answer`.
pub fn question(panel: &Panel, prompt: &Text, is_first: bool, answer: Duration) -> Duration {
    let lead = if is_first { handover(panel) } else { Duration::ZERO };
    lead + spoken(prompt) + panel.timing.prep.unwrap_or_default() + answer + tail(panel)
}

/// What is said before the first question of a block: one hands over, the next introduces themselves.
pub fn handover(panel: &Panel) -> Duration {
    let longest = panel.panelists.iter().map(|one| one.role.words()).max().unwrap_or(0) as u64;
    words(HANDOVER_WORDS + 2 * longest) + 2 * AROUND
}

/// What is said by one who joins in, and has perhaps not spoken before.
pub fn joining(panel: &Panel, panelist: usize) -> Duration {
    words(JOINING_WORDS + panel.panelists[panelist].role.words() as u64) + AROUND
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
