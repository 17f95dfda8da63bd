//! Whether what a panel's file promises can be kept: sums of the estimates for any session that may be drawn of it.
//!
//! How long each thing takes, the estimates say; what a certain session needs, its agenda.

use std::time::Duration;

use super::phrases::INVITATIONS;
use super::{Block, Panel, estimate};
use crate::interview::bank::{Bank, Question};
use crate::interview::text::Text;

/// The shortest time for the candidate's own questions.
const LEAST_OWN: Duration = Duration::from_secs(10);

/// The least time that the closing must have.
pub fn least_closing(panel: &Panel) -> Duration {
    let farewell = estimate::farewell(panel);
    if !panel.closing.own_questions {
        return farewell;
    }
    let longest = INVITATIONS.iter().map(|words| estimate::spoken(&Text::clean(words))).max();
    let prep = panel.timing.prep.unwrap_or_default();
    farewell + estimate::INVITATION + longest.unwrap_or_default() + prep + LEAST_OWN + estimate::tail(panel)
}

/// What so many of a block's longest questions take with full answers.
pub fn full(panel: &Panel, block: usize, bank: &Bank, count: usize) -> Duration {
    asking(panel, block, bank, count, panel.limit(panel.blocks[block].panelist))
}

/// The shortest length that holds every session of the panel, whatever the seed: the opening, as many questions of each
/// block as it asks in any case, the longest there are, with the shortest answers that are worth asking for, and the
/// closing.
pub fn least_length(panel: &Panel, bank: &Bank) -> Duration {
    let blocks = panel.blocks.iter().enumerate();
    let asked: Duration = blocks.map(|(place, block)| asking(panel, place, bank, block.least, panel.shortest)).sum();
    estimate::opening(panel) + asked + panel.closing.time
}

/// The time between the opening and the closing, which the blocks share.
pub fn middle(panel: &Panel) -> Duration {
    panel.length.saturating_sub(estimate::opening(panel) + panel.closing.time)
}

fn asking(panel: &Panel, block: usize, bank: &Bank, count: usize, answer: Duration) -> Duration {
    let block = &panel.blocks[block];
    let mut prompts: Vec<&Text> =
        bank.questions.iter().filter(|each| may_ask(block, each)).map(|it| &it.prompt).collect();
    prompts.sort_by_cached_key(|prompt| std::cmp::Reverse(prompt.words()));
    let each = |(at, prompt): (usize, &&Text)| estimate::question(panel, prompt, at == 0, answer);
    prompts.iter().take(count).enumerate().map(each).sum()
}

/// Whether a question may be the block's, were there no other blocks.
fn may_ask(block: &Block, question: &Question) -> bool {
    let filtered = !(block.sections.is_empty() && block.tags.is_empty())
        && (block.sections.is_empty() || block.sections.contains(&question.section))
        && (block.tags.is_empty() || question.tags.iter().any(|tag| block.tags.contains(tag)));
    filtered || block.questions.contains(&question.id)
}
