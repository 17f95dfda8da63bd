//! What a page folds away: `<details>` with their summaries, and lists of terms with what they mean.
//!
//! Not every summary is a question: some only say that the answer is below, some hold a whole section, some a table of
//! contents.
//! That is seen when they close, and then put right.

use super::flow::Flow;
use super::keys;
use super::{Block, Kind};

/// How far above a "Show answer" its question may begin, in blocks.
const REACH: usize = 12;

/// An open `<details>`.
#[derive(Debug, Default)]
pub(super) struct Fold {
    /// The place of its summary, once it has been read.
    summary: Option<usize>,
    /// Whether it folds what is in it.
    folds: bool,
    /// Whether there are others in it.
    nested: bool,
    /// How many blocks there were before.
    start: usize,
}

/// An open list of terms.
#[derive(Debug, Default)]
pub(super) struct Terms {
    start: usize,
    /// For each block from `start` on: whether it is a term.
    terms: Vec<bool>,
    /// Whether there are others in it.
    nested: bool,
}

impl Flow {
    pub(super) fn details(&mut self) {
        self.end();
        if let Some(outer) = self.folds.last_mut() {
            outer.nested = true;
            // A summary with nothing below it but other summaries is the heading of a section.
            if let Some(at) = outer.summary.filter(|at| outer.folds && at + 1 == self.blocks.len()) {
                outer.folds = false;
                self.folding -= 1;
                self.blocks[at].kind = Kind::Heading(below(self.level));
            }
        }
        self.folds.push(Fold { start: self.blocks.len(), ..Fold::default() });
    }

    pub(super) fn summary(&mut self) {
        self.begin(Kind::Summary);
    }

    pub(super) fn end_summary(&mut self) {
        let from = self.blocks.len();
        self.end();
        let is_summary = self.blocks.len() == from + 1 && self.blocks[from].kind == Kind::Summary;
        let Some(fold) = self.folds.last_mut().filter(|fold| is_summary && !fold.folds) else { return };
        fold.folds = true;
        self.folding += 1;
        fold.summary = Some(from);
        if keys::only_says_answer(&self.blocks[from].text) {
            let start = fold.start;
            if let Some(question) = question_above(&self.blocks[..start.min(from)]) {
                self.blocks.truncate(from);
                self.join_as_summary(question);
                if let Some(fold) = self.folds.last_mut() {
                    fold.summary = Some(question);
                }
            }
        }
    }

    pub(super) fn end_details(&mut self) {
        self.end();
        let Some(fold) = self.folds.pop() else { return };
        if fold.folds {
            self.folding -= 1;
        }
        let (Some(at), true, false) = (fold.summary, fold.folds, fold.nested) else { return };
        let Some((summary, inside)) = self.blocks.get_mut(at..).and_then(<[Block]>::split_first_mut) else { return };
        if !inside.is_empty() && inside.iter().all(|block| block.kind == Kind::Link) {
            summary.kind = Kind::Link;
        } else if holds_questions(summary, inside) {
            summary.kind = Kind::Heading(below(self.level));
            for block in inside {
                block.folded = false;
            }
        }
    }

    /// Makes one summary of the block at `at` and all after it.
    fn join_as_summary(&mut self, at: usize) {
        let rest = self.blocks.split_off(at + 1);
        let question = &mut self.blocks[at];
        if let Kind::Heading(level) = question.kind {
            self.level = self.level.min(level - 1);
        }
        question.kind = Kind::Summary;
        for block in rest {
            question.text.push(' ');
            question.text.push_str(&block.text);
        }
    }

    pub(super) fn terms(&mut self) {
        self.end();
        if let Some(outer) = self.terms.last_mut() {
            outer.nested = true;
        }
        self.terms.push(Terms { start: self.blocks.len(), ..Terms::default() });
    }

    pub(super) fn term(&mut self) {
        self.end();
    }

    pub(super) fn end_term(&mut self, is_term: bool) {
        self.end();
        let blocks = self.blocks.len();
        if let Some(open) = self.terms.last_mut().filter(|open| !open.nested) {
            open.terms.resize(blocks.saturating_sub(open.start), is_term);
        }
    }

    /// Ends a list of terms: its terms are questions where half of them look so, else they are words to be explained.
    pub(super) fn end_terms(&mut self) {
        self.end();
        let Some(open) = self.terms.pop() else { return };
        let blocks = self.blocks.get_mut(open.start..).unwrap_or_default();
        if open.nested {
            return;
        }
        let pairs = || blocks.iter().zip(&open.terms).filter(|(_, term)| **term);
        let (all, asked) = (pairs().count(), pairs().filter(|(block, _)| keys::looks_asked(&block.text)).count());
        let are_questions = all > 0 && asked * 2 >= all;
        let mut asked_before = false;
        for (block, term) in blocks.iter_mut().zip(&open.terms) {
            if *term && are_questions {
                block.kind = Kind::Summary;
                asked_before = true;
            } else if *term {
                block.bold = true;
            } else if are_questions && asked_before {
                block.folded = true;
            }
        }
    }
}

/// The level below `level`.
pub(super) fn below(level: u8) -> u8 {
    (level + 1).clamp(2, 6)
}

/// Where the question begins whose answer is folded away after `blocks`.
fn question_above(blocks: &[Block]) -> Option<usize> {
    let last = blocks.len().checked_sub(1)?;
    let stop = blocks.len().saturating_sub(REACH);
    let free = |block: &Block| !block.folded && !matches!(block.kind, Kind::Summary | Kind::Link);
    if !free(&blocks[last]) {
        return None;
    }
    for at in (stop..blocks.len()).rev() {
        let block = &blocks[at];
        if !free(block) {
            return Some(at + 1);
        }
        if block.text.ends_with('?') || block.bold {
            return Some(at);
        }
        match block.kind {
            // The heading of a section is not a part of the question below it.
            Kind::Heading(_) if at == last || keys::looks_asked(&block.text) => return Some(at),
            Kind::Heading(_) => return Some(at + 1),
            Kind::Item { number: Some(_), depth: 0 } => return Some(at),
            _ => {}
        }
    }
    Some(last)
}

/// Whether what is folded away is a list of questions rather than an answer.
fn holds_questions(summary: &Block, inside: &[Block]) -> bool {
    let asked = inside.iter().filter(|block| block.text.ends_with('?')).count();
    asked >= 3 && asked * 3 >= inside.len() && !summary.text.ends_with('?')
}
