//! A session of a panel as it is drawn before it begins: which questions each block may ask, the most important first.
//!
//! How many of them are asked is not decided here: the clock and the answers do that while the session runs.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::time::Duration;

use super::{Block, Panel, estimate};
use crate::interview::bank::{Bank, Question, When};
use crate::interview::draw::{Lots, Seed};
use crate::interview::text::Text;

/// How often, in a hundred, a follow-up is asked by another panelist whose field the question touches.
const ANOTHER_ASKS: u64 = 33;

/// A session of a panel, drawn from a seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agenda {
    /// Who asks, and for how long: the panel's own length, or the one that was asked for.
    pub panel: Panel,
    /// What the chances were drawn from.
    pub seed: Seed,
    /// What each block of the panel may ask, the most important first; nothing stands in two of them.
    pub slates: Vec<Vec<Topic>>,
    /// What each block takes at least.
    pub floors: Vec<Duration>,
}

/// A question that may be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// The id of the question.
    pub question: String,
    /// The id of its section.
    pub section: String,
    /// What is spoken.
    pub prompt: Text,
    /// What may be asked after the answer, in the order of the bank; only what can be decided by listening.
    pub pursuits: Vec<Pursuit>,
}

/// A follow-up that may be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pursuit {
    /// The id of the follow-up.
    pub id: String,
    /// What is spoken.
    pub prompt: Text,
    /// When it is asked.
    pub condition: Condition,
    /// Who asks it.
    pub panelist: usize,
}

/// When a follow-up is asked, as far as it can be told from a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// The answer took less than a third of its limit.
    Short,
    /// The answer ran into its limit.
    Long,
    /// A large share of the answer was silence.
    Hesitant,
    /// Whatever the answer was.
    Always,
}

impl Agenda {
    /// Draws the session of `panel` that asks from `bank`; `length` takes the place of the panel's own.
    ///
    /// # Errors
    /// Where a block has not the questions that it asks in any case, or the length does not hold them.
    pub fn draw(panel: &Panel, bank: &Bank, length: Option<Duration>, seed: Seed) -> Result<Agenda, AgendaError> {
        let mut panel = panel.clone();
        panel.length = length.unwrap_or(panel.length);
        let mut lots = Lots::new(seed);
        let slates: Vec<Vec<Topic>> = divide(&panel, bank, &mut lots)?
            .into_iter()
            .zip(&panel.blocks)
            .map(|(questions, block)| {
                questions.into_iter().map(|question| topic(&panel, block, question, &mut lots)).collect()
            })
            .collect();
        let floors =
            slates.iter().zip(&panel.blocks).map(|(topics, block)| estimate::floor(&panel, topics, block.least));
        let agenda = Agenda { floors: floors.collect(), panel, seed, slates };
        let least = estimate::least_length(&agenda);
        if least > agenda.panel.length {
            // In whole seconds, as it is told: what is said to do must do.
            let needs = Duration::from_secs(least.as_secs() + u64::from(least.subsec_nanos() > 0));
            return Err(AgendaError::TooShort { length: agenda.panel.length, needs });
        }
        Ok(agenda)
    }
}

/// What a block might ask: the questions that are named, then those that pass its filters.
///
/// The more of the block's tags a question has, the earlier it comes; the lots weigh as much as two tags, so that no two
/// sessions begin alike.
fn wishes<'b>(panel: &Panel, block: &Block, bank: &'b Bank, lots: &mut Lots) -> Vec<&'b Question> {
    let mut named: Vec<&Question> = block.questions.iter().filter_map(|id| bank.question(id)).collect();
    if block.sections.is_empty() && block.tags.is_empty() {
        return named;
    }
    let common = |question: &Question| question.tags.iter().filter(|tag| block.tags.contains(tag)).count();
    // What any block names is for that block alone.
    let is_named = |question: &Question| panel.blocks.iter().any(|block| block.questions.contains(&question.id));
    let passes = |question: &&Question| {
        !is_named(question)
            && (block.sections.is_empty() || block.sections.contains(&question.section))
            && (block.tags.is_empty() || common(question) > 0)
    };
    let mut further: Vec<&Question> = bank.questions.iter().filter(passes).collect();
    lots.shuffle(&mut further);
    further.sort_by_cached_key(|question| std::cmp::Reverse(common(question).min(2) as u64 + lots.below(3)));
    named.append(&mut further);
    named
}

/// Deals the questions to the blocks: none twice, and to each first those that it asks in any case.
fn divide<'b>(panel: &Panel, bank: &'b Bank, lots: &mut Lots) -> Result<Vec<Vec<&'b Question>>, AgendaError> {
    let wishes: Vec<Vec<&Question>> = panel.blocks.iter().map(|block| wishes(panel, block, bank, lots)).collect();
    let mut owner: HashMap<&str, usize> = HashMap::new();
    for (at, block) in panel.blocks.iter().enumerate() {
        for _ in 0..block.least {
            if !claim(at, &wishes, &mut owner, &mut HashSet::new()) {
                let panelist = panel.panelists[block.panelist].id.clone();
                return Err(AgendaError::NoQuestions { block: at + 1, panelist, least: block.least });
            }
        }
    }
    // Then in turns, each block the most important one that is left.
    let mut places = vec![0; wishes.len()];
    let mut dealt = true;
    while dealt {
        dealt = false;
        for (at, wishes) in wishes.iter().enumerate() {
            while let Some(question) = wishes.get(places[at]) {
                places[at] += 1;
                if !owner.contains_key(question.id.as_str()) {
                    owner.insert(&question.id, at);
                    dealt = true;
                    break;
                }
            }
        }
    }
    let owned = |at: usize, question: &&&Question| owner.get(question.id.as_str()) == Some(&at);
    Ok(wishes
        .iter()
        .enumerate()
        .map(|(at, all)| all.iter().filter(|each| owned(at, each)).copied().collect())
        .collect())
}

/// Gives a block one more question, where need be one that another block can do without (augmenting paths, as in the
/// matching of Kuhn).
fn claim<'b>(
    at: usize,
    wishes: &[Vec<&'b Question>],
    owner: &mut HashMap<&'b str, usize>,
    tried: &mut HashSet<&'b str>,
) -> bool {
    for question in &wishes[at] {
        let id = question.id.as_str();
        if owner.get(id) == Some(&at) || !tried.insert(id) {
            continue;
        }
        let is_free = match owner.get(id) {
            None => true,
            Some(other) => claim(*other, wishes, owner, tried),
        };
        if is_free {
            owner.insert(id, at);
            return true;
        }
    }
    false
}

fn topic(panel: &Panel, block: &Block, question: &Question, lots: &mut Lots) -> Topic {
    let others: Vec<usize> = panel
        .panelists
        .iter()
        .enumerate()
        .filter(|(at, one)| *at != block.panelist && one.focus.iter().any(|tag| question.tags.contains(tag)))
        .map(|(at, _)| at)
        .collect();
    let mut pursuits = Vec::new();
    for follow_up in &question.follow_ups {
        // Drawn for each, so that one follow-up more does not change who asks the others.
        let (chance, another, which) = (lots.below(100), lots.below(100), lots.below(others.len().max(1) as u64));
        let condition = match &follow_up.when {
            When::Short => Condition::Short,
            When::Long => Condition::Long,
            When::Hesitant => Condition::Hesitant,
            When::Always => Condition::Always,
            When::Chance(percent) if chance < u64::from(*percent) => Condition::Always,
            // Nobody here understands the words of an answer: what was left out is not guessed.
            When::Chance(_) | When::Missing(_) => continue,
        };
        let panelist = match others.get(which as usize) {
            Some(other) if another < ANOTHER_ASKS => *other,
            _ => block.panelist,
        };
        pursuits.push(Pursuit { id: follow_up.id.clone(), prompt: follow_up.prompt.clone(), condition, panelist });
    }
    Topic {
        question: question.id.clone(),
        section: question.section.clone(),
        prompt: question.prompt.clone(),
        pursuits,
    }
}

/// Why there is no session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AgendaError {
    /// A block has not the questions that it asks in any case.
    NoQuestions {
        /// Which block, from 1.
        block: usize,
        /// The id of its panelist.
        panelist: String,
        /// So many it asks in any case.
        least: usize,
    },
    /// The length does not hold what is asked in any case.
    TooShort {
        /// The length.
        length: Duration,
        /// What would do.
        needs: Duration,
    },
}

impl fmt::Display for AgendaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use crate::interview::time::show_duration;
        match self {
            AgendaError::NoQuestions { block, panelist, least } => write!(
                f,
                "block {block} of `{panelist}` has not the {least} that it must ask, after the other blocks have \
                 theirs: give it more sections, tags or questions"
            ),
            AgendaError::TooShort { length, needs } => write!(
                f,
                "{} is too short for this panel: it needs {} at least",
                show_duration(*length),
                show_duration(*needs)
            ),
        }
    }
}

impl std::error::Error for AgendaError {}
