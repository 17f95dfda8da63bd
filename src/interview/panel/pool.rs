//! Which questions a block may ask, and whether there are enough for all blocks.
//!
//! It draws nothing: the order of equals is the agenda's business.

use std::collections::{HashSet, VecDeque};

use super::Panel;
use crate::interview::bank::{Bank, Question};

/// The questions of a block: those that it names, in its order, then those that pass its filters, in the order of the
/// bank.
///
/// A question that a block names is that block's alone.
pub fn pool<'b>(panel: &Panel, block: usize, bank: &'b Bank) -> Vec<&'b Question> {
    places(panel, block, bank).into_iter().map(|place| &bank.questions[place]).collect()
}

/// Too few questions for a block, once the others have their least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Starved {
    /// Which block.
    pub block: usize,
    /// So many questions are left for it.
    pub found: usize,
}

/// The least that each block asks, no question twice: for each block as many questions as its `least` says, those
/// that it names before others.
///
/// # Errors
/// A block that cannot have its least, however the questions are dealt out.
pub fn floors<'b>(panel: &Panel, bank: &'b Bank) -> Result<Vec<Vec<&'b Question>>, Starved> {
    let pools: Vec<Vec<usize>> = (0..panel.blocks.len()).map(|block| places(panel, block, bank)).collect();
    let mut owners: Vec<Option<usize>> = vec![None; bank.questions.len()];
    for (block, each) in panel.blocks.iter().enumerate() {
        for found in 0..each.least {
            if !augment(&pools, &mut owners, block) {
                return Err(Starved { block, found });
            }
        }
    }
    let of = |block: usize| {
        let own = pools[block].iter().filter(|place| owners[**place] == Some(block));
        own.map(|place| &bank.questions[*place]).collect()
    };
    Ok((0..pools.len()).map(of).collect())
}

/// Gives a block one question more, if need be by letting others change theirs for others (an augmenting path, by
/// breadth first).
fn augment(pools: &[Vec<usize>], owners: &mut [Option<usize>], block: usize) -> bool {
    // By which block each question was reached.
    let mut reached: Vec<Option<usize>> = vec![None; owners.len()];
    // Which question each block would have to give away.
    let mut given: Vec<Option<usize>> = vec![None; pools.len()];
    let mut asking = VecDeque::from([block]);
    while let Some(taker) = asking.pop_front() {
        for &place in &pools[taker] {
            if reached[place].is_some() {
                continue;
            }
            reached[place] = Some(taker);
            match owners[place] {
                Some(owner) if owner == block || given[owner].is_some() => {}
                Some(owner) => {
                    given[owner] = Some(place);
                    asking.push_back(owner);
                }
                None => {
                    let mut free = place;
                    while let Some(taker) = reached[free] {
                        owners[free] = Some(taker);
                        match given[taker] {
                            Some(old) if taker != block => free = old,
                            _ => break,
                        }
                    }
                    return true;
                }
            }
        }
    }
    false
}

/// The places in the bank of the questions of a block.
fn places(panel: &Panel, block: usize, bank: &Bank) -> Vec<usize> {
    let named: HashSet<&str> = panel.blocks.iter().flat_map(|each| each.questions.iter().map(String::as_str)).collect();
    let block = &panel.blocks[block];
    let place = |id: &String| bank.questions.iter().position(|question| question.id == *id);
    let mut places: Vec<usize> = block.questions.iter().filter_map(place).collect();
    if block.sections.is_empty() && block.tags.is_empty() {
        return places;
    }
    let sections: HashSet<&str> = block.sections.iter().map(String::as_str).collect();
    let tags: HashSet<&str> = block.tags.iter().map(String::as_str).collect();
    let passes = |question: &Question| {
        !named.contains(question.id.as_str())
            && (sections.is_empty() || sections.contains(question.section.as_str()))
            && (tags.is_empty() || question.tags.iter().any(|tag| tags.contains(tag.as_str())))
    };
    places.extend(bank.questions.iter().enumerate().filter(|(_, each)| passes(each)).map(|(place, _)| place));
    places
}
