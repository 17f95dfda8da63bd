//! How much time a panel needs: estimates made before anybody has spoken.
//!
//! What a panel file promises is checked by these and nothing else. It knows no clock: in a session, the moderator
//! goes by what really passed.

use std::time::Duration;

use super::pool::pool;
use super::{Closing, Panel};
use crate::interview::bank::Bank;
use crate::interview::text::Text;

/// How fast panelists speak; the slowest of the voices, so that an estimate is rather too long.
const WORDS_A_MINUTE: u32 = 130;
/// What each remark or question takes besides its words.
const BREATH: Duration = Duration::from_secs(1);
/// The opening, where it is not longer in the panel's own words.
const OPENING: Duration = Duration::from_secs(30);
/// Between the end of an answer and the next question: the gap, thanks, and a hand-over.
const BETWEEN: Duration = Duration::from_secs(10);
/// The words of the chair before the candidate's own questions.
const INVITATION_WORDS: u32 = 25;
/// The words of the chair at the end, where the panel has none of its own.
const FAREWELL_WORDS: u32 = 25;
/// The shortest time for the candidate's own questions.
const SHORTEST_OWN: Duration = Duration::from_secs(10);

/// How long it takes to say a text, about.
pub fn spoken(text: &Text) -> Duration {
    words(u32::try_from(text.words()).unwrap_or(u32::MAX))
}

fn words(count: u32) -> Duration {
    BREATH + Duration::from_secs(60).saturating_mul(count) / WORDS_A_MINUTE
}

/// How long the opening is, about.
pub fn opening(panel: &Panel) -> Duration {
    let own = panel.welcome.as_ref().map(|welcome| spoken(welcome) + BETWEEN);
    own.unwrap_or_default().max(OPENING)
}

/// The least time that a closing must have.
pub fn least_closing(closing: &Closing) -> Duration {
    let farewell = closing.farewell.as_ref().map_or(words(FAREWELL_WORDS), spoken);
    let own = if closing.own_questions { words(INVITATION_WORDS) + SHORTEST_OWN } else { Duration::ZERO };
    farewell + own
}

/// A question with its prompt, prep time, an answer of this length, and the way to the next.
pub fn turn(panel: &Panel, prompt: Duration, answer: Duration) -> Duration {
    prompt + panel.timing.prep.unwrap_or_default() + answer + BETWEEN
}

/// What so many of a block's longest questions take with full answers.
pub fn full(panel: &Panel, block: usize, bank: &Bank, count: usize) -> Duration {
    let limit = panel.limit(panel.blocks[block].panelist);
    prompts(panel, block, bank, count).into_iter().map(|prompt| turn(panel, prompt, limit)).sum()
}

/// The shortest session in which every block has its least: opening, the longest of each block's questions with the
/// shortest answers that are worth asking for, and the closing.
pub fn least_length(panel: &Panel, bank: &Bank) -> Duration {
    let blocks = panel.blocks.iter().enumerate().flat_map(|(place, block)| prompts(panel, place, bank, block.least));
    let turns: Duration = blocks.map(|prompt| turn(panel, prompt, panel.shortest)).sum();
    opening(panel) + turns + panel.closing.time
}

/// How long the prompts of so many of a block's questions are: those that are named, then the longest.
fn prompts(panel: &Panel, block: usize, bank: &Bank, count: usize) -> Vec<Duration> {
    let pool = pool(panel, block, bank);
    let named = panel.blocks[block].questions.len().min(pool.len());
    let mut prompts: Vec<Duration> = pool.iter().map(|question| spoken(&question.prompt)).collect();
    prompts[named..].sort_unstable_by(|one, other| other.cmp(one));
    prompts.truncate(count);
    prompts
}
