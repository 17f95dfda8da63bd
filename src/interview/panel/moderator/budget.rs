//! How the moderator keeps to the time: what a block may spend, what it owes, and what an answer is granted.

use std::sync::Arc;
use std::time::Duration;

use super::{LEAST_OWN, Moderator, Stage};
use crate::interview::panel::agenda::Topic;
use crate::interview::panel::moderator::Ask;
use crate::interview::panel::{OWN_QUESTIONS, estimate};

impl Moderator {
    /// How long the answer to `ask` may be that begins at `clock`.
    pub fn grant(&self, ask: &Ask, clock: Duration) -> Duration {
        let limit = ask.timing.limit.unwrap_or_default();
        let panel = self.panel();
        if ask.question == OWN_QUESTIONS {
            let end = panel.length.saturating_sub(estimate::farewell(panel) + estimate::tail(panel));
            return limit.min(end.saturating_sub(clock)).max(LEAST_OWN);
        }
        let left = self.until.saturating_sub(clock + estimate::tail(panel) + self.owed_now());
        limit.min(left).max(panel.shortest.min(limit))
    }

    /// Whether there is time to say what is asked once more at `clock`.
    pub fn may_repeat(&self, ask: &Ask, clock: Duration) -> bool {
        let panel = self.panel();
        let (end, least) = match ask.question == OWN_QUESTIONS {
            true => (panel.length.saturating_sub(estimate::farewell(panel)), LEAST_OWN),
            false => (self.until, panel.shortest),
        };
        let owed = self.owed_now();
        let prep = panel.timing.prep.unwrap_or_default();
        clock + estimate::spoken(&ask.prompt) + prep + least + estimate::tail(panel) + owed <= end
    }

    /// When the closing begins.
    fn closing(&self) -> Duration {
        self.panel().length.saturating_sub(self.panel().closing.time)
    }

    /// Gives a block its share of what is left, and never what the blocks after it need.
    pub(super) fn plan_block(&mut self, block: usize, now: Duration) {
        let agenda = Arc::clone(&self.agenda);
        let blocks = &agenda.panel.blocks;
        let left = self.closing().saturating_sub(now);
        let weights: u64 = blocks[block..].iter().map(|block| u64::from(block.weight)).sum();
        let share = left.mul_f64(f64::from(blocks[block].weight) / weights.max(1) as f64);
        let later: Duration = agenda.floors[block + 1..].iter().sum();
        let least = agenda.floors[block];
        self.until = now + share.max(least).min(left.saturating_sub(later).max(least));
        self.planned = self.fitting(block, now);
    }

    /// How many questions fit where every answer takes its full time.
    fn fitting(&self, block: usize, now: Duration) -> usize {
        let panel = self.panel();
        let rules = &panel.blocks[block];
        let topics = self.agenda.slates[block].iter().take(rules.most.unwrap_or(usize::MAX));
        let mut clock = now;
        let fits = |(at, topic): &(usize, &Topic)| {
            clock += estimate::question(panel, &topic.prompt, *at == 0, panel.limit(rules.panelist));
            clock <= self.until || *at < rules.least
        };
        topics.enumerate().take_while(fits).count()
    }

    /// What the questions still take that the block owes, with the shortest answers: those that it asks in any case,
    /// and those up to `planned`.
    pub(super) fn owed(&self, block: usize, planned: usize) -> Duration {
        let panel = self.panel();
        let count = planned.max(panel.blocks[block].least);
        let open = self.agenda.slates[block].iter().enumerate().filter(|(at, _)| !self.asked[block].contains(at));
        let left = count.saturating_sub(self.asked[block].len());
        open.take(left).map(|(_, topic)| estimate::question(panel, &topic.prompt, false, panel.shortest)).sum()
    }

    /// What the current block still asks in any case.
    pub(super) fn owed_now(&self) -> Duration {
        match self.stage {
            Stage::Block(block) => self.owed(block, 0),
            _ => Duration::ZERO,
        }
    }
}
