//! Which questions are asked, in which order, under which times: decided before the session starts.

use std::collections::HashMap;
use std::fmt;

use super::bank::{Bank, Question};
use super::draw::{Lots, Seed};
use super::format::{Format, Timing};
use super::text::Text;

/// Which questions of a bank may be asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of these sections; of every section where the list is empty.
    pub sections: Vec<String>,
    /// With any of these tags; with any tags or none where the list is empty.
    pub tags: Vec<String>,
    /// These very questions, in this order; overrides the order of the plan.
    pub questions: Vec<String>,
    /// At most so many; `None`: all.
    pub count: Option<usize>,
}

impl Filter {
    /// The questions of `bank` that may be asked, in its order or in that of the filter; however many may be asked.
    ///
    /// # Errors
    /// Where the filter names what the bank does not have.
    pub fn pick<'b>(&self, bank: &'b Bank) -> Result<Vec<&'b Question>, PlanError> {
        for id in &self.sections {
            if bank.section(id).is_none() {
                return Err(PlanError::unknown("section", id, bank.sections.iter().map(|each| each.id.as_str())));
            }
        }
        for tag in &self.tags {
            if !bank.questions.iter().any(|question| question.tags.contains(tag)) {
                return Err(PlanError::unknown("tag", tag, bank.tags().into_iter()));
            }
        }
        let passes = |question: &Question| {
            (self.sections.is_empty() || self.sections.contains(&question.section))
                && (self.tags.is_empty() || self.tags.iter().any(|tag| question.tags.contains(tag)))
        };
        if self.questions.is_empty() {
            return Ok(bank.questions.iter().filter(|question| passes(question)).collect());
        }
        let mut picked: Vec<&Question> = Vec::new();
        for id in &self.questions {
            let question = bank.question(id).ok_or_else(|| {
                PlanError::unknown("question", id, bank.questions.iter().map(|each| each.id.as_str()))
            })?;
            if passes(question) && !picked.iter().any(|each| each.id == *id) {
                picked.push(question);
            }
        }
        Ok(picked)
    }
}

/// How the questions follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As the bank lists them.
    Listed,
    /// Shuffled by the seed.
    Random,
    /// As a [`Schedule`](super::schedule::Schedule) has them, the most needed first.
    Due,
}

/// What a question is timed by: the named format or that of its section, with the values that the candidate set.
#[derive(Debug, Clone, Default)]
pub struct TimingChoice {
    /// The format for every question; `None`: that of each question's section.
    pub format: Option<Format>,
    /// Overrides of single values.
    pub prep: Option<std::time::Duration>,
    /// The longest take.
    pub limit: Option<std::time::Duration>,
    /// When the warning sounds.
    pub warn: Option<std::time::Duration>,
    /// How many retakes.
    pub retakes: Option<u32>,
}

impl TimingChoice {
    /// The times of a question whose section is timed by `default`.
    fn timing(&self, default: Timing) -> Timing {
        let base = self.format.as_ref().map_or(default, |format| format.timing);
        let limit = self.limit.or(base.limit);
        let warn = match (self.warn, limit) {
            (_, None) => None,
            (Some(asked), Some(_)) => Some(asked),
            // A shorter limit than the format's makes its warning come too early to be one.
            (None, Some(limit)) => base.warn.map(|warn| warn.min(limit / 3)),
        };
        Timing {
            prep: self.prep.or(base.prep),
            limit,
            warn: warn.filter(|warn| !warn.is_zero() && Some(*warn) < limit),
            retakes: self.retakes.or(base.retakes),
            gap: base.gap,
        }
    }
}

/// One question put to the candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// The id of the question.
    pub question: String,
    /// The id of its section.
    pub section: String,
    /// What is spoken.
    pub prompt: Text,
    /// The times it is asked under.
    pub timing: Timing,
}

/// The whole of a session, drawn before it starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What the chances were drawn from.
    pub seed: Seed,
    /// The questions in the order in which they are asked.
    pub turns: Vec<Turn>,
}

impl Plan {
    /// Draws a plan.
    ///
    /// `formats` are those that sections may name; `due` has ids in the order of [`Order::Due`], which asks what is not
    /// among them last.
    ///
    /// # Errors
    /// Where a filter names what the bank does not have, or nothing passes the filters.
    pub fn draw(
        bank: &Bank,
        formats: &[Format],
        filter: &Filter,
        order: Order,
        timing: &TimingChoice,
        seed: Seed,
        due: &[String],
    ) -> Result<Plan, PlanError> {
        let mut picked = filter.pick(bank)?;
        let mut lots = Lots::new(seed);
        if filter.questions.is_empty() {
            match order {
                Order::Listed => {}
                Order::Random => lots.shuffle(&mut picked),
                Order::Due => {
                    let places: HashMap<&str, usize> = due.iter().map(String::as_str).zip(0..).collect();
                    lots.shuffle(&mut picked);
                    picked.sort_by_key(|question| places.get(question.id.as_str()).copied().unwrap_or(usize::MAX));
                }
            }
        }
        picked.truncate(filter.count.unwrap_or(usize::MAX));
        if picked.is_empty() {
            return Err(PlanError::Nothing);
        }
        let turns = picked
            .into_iter()
            .map(|question| {
                let format = bank.section(&question.section).map(|section| section.format.as_str());
                let default = formats.iter().find(|each| Some(each.id.as_str()) == format);
                let default = default.ok_or_else(|| PlanError::NoFormat { section: question.section.clone() })?;
                Ok(Turn {
                    question: question.id.clone(),
                    section: question.section.clone(),
                    prompt: question.prompt.clone(),
                    timing: timing.timing(default.timing),
                })
            })
            .collect::<Result<_, _>>()?;
        Ok(Plan { seed, turns })
    }
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanError {
    /// A filter names what the bank does not have.
    Unknown {
        /// `section`, `tag` or `question`.
        what: &'static str,
        /// The name that was asked for.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// No question passes the filters.
    Nothing,
    /// A section names a format that does not exist.
    NoFormat {
        /// The section.
        section: String,
    },
}

impl PlanError {
    fn unknown<'a>(what: &'static str, name: &str, known: impl Iterator<Item = &'a str>) -> PlanError {
        PlanError::Unknown { what, name: name.to_owned(), known: known.map(str::to_owned).collect() }
    }
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PlanError::Unknown { what, name, .. } => write!(f, "the bank has no {what} `{name}`"),
            PlanError::Nothing => f.write_str("no question passes the filters: drop one of them"),
            PlanError::NoFormat { section } => {
                write!(f, "the section `{section}` names a format that does not exist")
            }
        }
    }
}

impl std::error::Error for PlanError {}
