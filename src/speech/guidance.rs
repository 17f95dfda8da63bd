//! What is worth saying of an answer: at most three sentences, what to keep and what to change first.
//!
//! It knows no thresholds: those are data, in `guidance.toml`, each with its source. It has no score, and no word for a
//! person: it speaks of what can be heard, and says nothing where nothing was measured.

mod facts;
mod say;

use std::ops::{Bound, RangeBounds};

pub use facts::{Fact, Facts, Measure, densest};
pub use say::Say;
use say::{Slot, clock};

/// The rules as data, in TOML.
pub const BUILT_IN: &str = include_str!("guidance.toml");

/// The most that is told to keep, and to change: nobody changes three things at once.
const MOST_TO_KEEP: usize = 1;
/// See [`MOST_TO_KEEP`].
const MOST_TO_CHANGE: usize = 2;

/// So many earlier answers there are at least where an answer is compared with them.
pub const LEAST_EARLIER: usize = 3;

/// With so many of the newest earlier answers an answer is compared: who speaks changes.
pub const MOST_EARLIER: usize = 10;

/// Whether something is to be kept or to be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// It is good as it is.
    Keep,
    /// It is worth working at.
    Change,
}

/// A measure and the values of it that are meant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Condition {
    /// What is looked at.
    pub measure: Measure,
    /// From where.
    pub low: Bound<f64>,
    /// To where.
    pub high: Bound<f64>,
}

/// With what a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Against {
    /// With the bounds as they stand.
    Bounds,
    /// Its distance from the median of the candidate's own earlier answers with the bounds; and it lies outside of all of
    /// those.
    Own,
}

/// A thing to say, and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its name.
    pub id: String,
    /// Keep or change.
    pub kind: Kind,
    /// When it is said.
    pub when: Condition,
    /// With what the value is compared.
    pub against: Against,
    /// What else must hold, of the values as they stand.
    pub and: Vec<Condition>,
    /// From the first word to the last there are so many seconds at least, in the answer and in those that it is compared
    /// with.
    pub spoken_s: f64,
    /// Whose time is told, where that is not that of the measure itself.
    pub place: Option<Measure>,
    /// The sentence.
    pub say: Say,
    /// How the value is measured.
    pub method: String,
    /// Where the bounds come from.
    pub source: String,
}

/// Something to say of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Remark {
    /// The rule that says it.
    pub id: String,
    /// Keep or change.
    pub kind: Kind,
    /// A sentence.
    pub text: String,
    /// Where it shows, in seconds of the recording.
    pub at: Option<f64>,
}

/// All that may be said, the most important first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Guidance {
    /// Of several rules that hold, the first are said.
    pub rules: Vec<Rule>,
}

impl Guidance {
    /// What is worth saying of an answer: at most one thing to keep, then at most two to change, the more important first;
    /// of each measure one thing at most.
    ///
    /// `earlier` are the candidate's own earlier answers, the oldest first.
    pub fn remarks(&self, facts: &Facts, earlier: &[Facts]) -> Vec<Remark> {
        let mut told: Vec<Measure> = Vec::new();
        let mut remarks = Vec::new();
        for (kind, most) in [(Kind::Keep, MOST_TO_KEEP), (Kind::Change, MOST_TO_CHANGE)] {
            let most = remarks.len() + most;
            for rule in self.rules.iter().filter(|rule| rule.kind == kind) {
                if remarks.len() == most {
                    break;
                }
                if told.contains(&rule.when.measure) {
                    continue;
                }
                if let Some(remark) = rule.remark(facts, earlier) {
                    told.push(rule.when.measure);
                    remarks.push(remark);
                }
            }
        }
        remarks
    }

    /// The rule with this name.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// Every rule with its measure, bounds, method and source, as lines of text.
    pub fn explained(&self) -> Vec<String> {
        self.rules.iter().flat_map(Rule::explained).collect()
    }
}

impl Rule {
    /// What is measured, the bounds, the method and the source, as lines of text.
    pub fn explained(&self) -> Vec<String> {
        let kind = match self.kind {
            Kind::Keep => "keep",
            Kind::Change => "change",
        };
        let bounds = match self.against {
            Against::Bounds => self.when.words(),
            Against::Own => format!(
                "{}, against the median of your own last {LEAST_EARLIER} to {MOST_EARLIER} answers, and outside of all of \
                 them",
                self.when.words()
            ),
        };
        let mut when = bounds;
        for condition in &self.and {
            when += &format!("; and {}", condition.words());
        }
        if self.spoken_s > 0.0 {
            when += &format!("; where {} s or more are spoken", self.spoken_s);
        }
        vec![
            format!("{} ({kind})", self.id),
            format!("  when: {when}"),
            format!("  method: {}", self.method),
            format!("  source: {}", self.source),
        ]
    }

    /// What it says of an answer, where it has something to say.
    fn remark(&self, facts: &Facts, earlier: &[Facts]) -> Option<Remark> {
        let long_enough =
            |facts: &Facts| self.spoken_s <= 0.0 || facts.spoken_s.is_some_and(|spoken| spoken.value >= self.spoken_s);
        if !long_enough(facts) || !self.and.iter().all(|condition| condition.holds(facts)) {
            return None;
        }
        let measure = self.when.measure;
        let fact = measure.in_facts(facts)?;
        let usual = match self.against {
            Against::Bounds => None,
            Against::Own => {
                let comparable = earlier.iter().filter(|facts| long_enough(facts));
                let values = comparable.filter_map(|facts| measure.in_facts(facts)).map(|fact| fact.value);
                Some(Usual::of(values)?)
            }
        };
        let holds = match &usual {
            None => self.when.contains(fact.value),
            Some(usual) => usual.lies_outside(fact.value) && self.when.contains(fact.value - usual.median),
        };
        if !holds {
            return None;
        }
        let at = self.place.map_or(fact.at, |place| place.in_facts(facts).and_then(|fact| fact.at));
        let at = at.filter(|at| at.is_finite() && *at >= 0.0);
        let text = self.say.fill(|slot| match slot {
            Slot::Value => Some(measure.show(fact.value)),
            Slot::At => at.map(clock),
            Slot::Earlier => usual.as_ref().map(|usual| measure.show(usual.median)),
            Slot::Change => usual.as_ref().map(|usual| measure.show((fact.value - usual.median).abs())),
        })?;
        Some(Remark { id: self.id.clone(), kind: self.kind, text, at })
    }
}

impl Condition {
    fn contains(&self, value: f64) -> bool {
        (self.low, self.high).contains(&value)
    }

    fn holds(&self, facts: &Facts) -> bool {
        self.measure.in_facts(facts).is_some_and(|fact| self.contains(fact.value))
    }

    /// The measure and its bounds in words.
    fn words(&self) -> String {
        let low = match self.low {
            Bound::Included(low) => Some(format!("from {low}")),
            Bound::Excluded(low) => Some(format!("above {low}")),
            Bound::Unbounded => None,
        };
        let high = match self.high {
            Bound::Included(high) => Some(format!("up to {high}")),
            Bound::Excluded(high) => Some(format!("below {high}")),
            Bound::Unbounded => None,
        };
        let bounds: Vec<String> = [low, high].into_iter().flatten().collect();
        format!("{}: {}", self.measure.words(), bounds.join(", "))
    }
}

/// What the candidate's own answers have been like.
struct Usual {
    median: f64,
    least: f64,
    most: f64,
}

impl Usual {
    /// Of the newest of these values; `None` where there are too few.
    fn of(values: impl DoubleEndedIterator<Item = f64>) -> Option<Usual> {
        let mut values: Vec<f64> = values.rev().take(MOST_EARLIER).collect();
        values.sort_unstable_by(f64::total_cmp);
        let (least, most) = (*values.first()?, *values.last()?);
        let median = (values[(values.len() - 1) / 2] + values[values.len() / 2]) / 2.0;
        (values.len() >= LEAST_EARLIER).then_some(Usual { median, least, most })
    }

    fn lies_outside(&self, value: f64) -> bool {
        value < self.least || value > self.most
    }
}

#[cfg(test)]
#[path = "guidance_tests.rs"]
mod tests;
