//! Comparing: the takes of a question and its model answer, in turn at one key.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use super::behind::Behind;
use super::compare::{self, Takes};
use super::items::{Answer, Item};
use super::listening::Listening;
use crate::interview::Text;
use crate::ports::Clip;

/// The model answer, as far as it is to be heard.
enum Model {
    /// There is none.
    Absent,
    /// Nobody has spoken it yet.
    Unspoken(Text),
    /// It is being spoken.
    Speaking(Text, Behind<Result<Arc<Clip>, String>>),
    /// It is there: to be heard, or to be read.
    Ready(Item),
}

/// What an answer is compared with.
pub struct Comparison {
    of: Answer,
    finding: Option<Behind<Takes>>,
    takes: Takes,
    model: Model,
    /// Which one is on: the takes first, then the model answer.
    at: usize,
    /// What is on; nothing yet, while the takes are looked for.
    on: Option<Item>,
    /// The model answer is to be on as soon as it is spoken.
    awaited: bool,
    /// Where what it began from was left.
    left: Left,
}

/// Where a recording was left.
struct Left {
    at: Duration,
    over: bool,
    stays: bool,
}

impl Comparison {
    /// The answer that is compared with others.
    pub fn of(&self) -> &Answer {
        &self.of
    }

    /// What of it is on.
    pub fn item(&self) -> Option<&Item> {
        self.on.as_ref()
    }
}

impl Listening {
    /// Whether nothing is shown of any answer that is on, however it was rated: one that it is compared with is yet to be
    /// rated, and what the one should cover, the other should.
    pub(super) fn is_veiled(&mut self) -> bool {
        let Listening { comparison, items, at, reviews, compares, .. } = self;
        let mut unrated = |answer: &Answer| reviews.of(answer).debrief.grade().is_none();
        if comparison.as_ref().is_some_and(|comparison| unrated(comparison.of())) {
            return true;
        }
        let Some(on) = items[*at].answer.as_ref().filter(|_| *compares) else { return false };
        let later = items[*at + 1..].iter().filter_map(|item| item.answer.as_ref());
        later.filter(|later| later.asks_as(on)).any(unrated)
    }

    /// Begins to compare the answer that is on, or goes on to the next of what is compared.
    pub(super) fn compare(&mut self) -> Result<()> {
        if self.comparison.as_ref().is_some_and(|comparison| comparison.on.is_some()) {
            return self.compare_next();
        }
        if self.comparison.is_some() {
            return Ok(());
        }
        // While its question is on, the answer to it is meant.
        let item = &self.items[self.at];
        let next = self.items.get(self.at + 1).filter(|_| item.answer.is_none());
        let answer = item.answer.clone().or_else(|| next?.answer.clone());
        let (Some(of), Some(home)) = (answer, self.home.clone()) else {
            self.say("Only the answers of a session are compared.");
            return Ok(());
        };
        let model = of.model().map_or(Model::Absent, Model::Unspoken);
        let wanted = of.clone();
        let finding = Some(Behind::begin(move || compare::takes(&home, &wanted)));
        let left = Left { at: self.position(), over: self.over, stays: self.stays };
        let takes = Takes::new();
        self.comparison = Some(Comparison { of, finding, takes, model, at: 0, on: None, awaited: false, left });
        self.say("Looking for the other takes of this question.");
        Ok(())
    }

    /// Leaves the comparison: what it began from goes on where it was left.
    pub(super) fn leave_comparison(&mut self) -> Result<()> {
        let Some(comparison) = self.comparison.take() else { return Ok(()) };
        // Nothing else was heard yet.
        if comparison.on.is_none() {
            self.say("Nothing is compared.");
            return Ok(());
        }
        self.go(self.at)?;
        let Left { at, over, stays } = comparison.left;
        if !self.silent {
            self.deck.seek(at.min(self.deck.length()));
            (self.over, self.stays) = (over, stays);
        }
        Ok(())
    }

    /// What was asked, where its model answer is on.
    pub(super) fn asked_with_model(&self) -> String {
        let compared = self.comparison.as_ref().filter(|comparison| comparison.on.is_some());
        let model = compared.filter(|comparison| comparison.at == comparison.takes.len());
        model.map_or(String::new(), |comparison| comparison.of.asked().prompt.clone())
    }

    /// Takes in what was found for a comparison.
    pub(super) fn compared(&mut self) -> Result<()> {
        let Some(comparison) = &mut self.comparison else { return Ok(()) };
        if let Some(found) = comparison.finding.as_ref().and_then(Behind::found) {
            comparison.finding = None;
            comparison.takes = found.unwrap_or_default();
            if comparison.takes.is_empty() {
                comparison.takes.push(comparison.of.clone());
            }
            return self.compare_first();
        }
        let Model::Speaking(text, behind) = &comparison.model else { return Ok(()) };
        let Some(spoken) = behind.found() else { return Ok(()) };
        let (text, of) = (text.clone(), comparison.of.clone());
        let (spoken, why) = match spoken.unwrap_or_else(|| Err("the voice has failed".to_owned())) {
            Ok(spoken) => (Some(spoken), None),
            Err(why) => (None, Some(why)),
        };
        comparison.model = Model::Ready(compare::model(&of, &text, spoken));
        let awaited = std::mem::take(&mut comparison.awaited);
        if let Some(why) = why {
            self.say(format!("The model answer is to be read: {why}."));
        }
        if awaited { self.compare_next() } else { Ok(()) }
    }

    /// The first that is heard: whatever is not on already.
    fn compare_first(&mut self) -> Result<()> {
        let Some(comparison) = &mut self.comparison else { return Ok(()) };
        let here = comparison.takes.iter().position(|take| *take == comparison.of);
        if comparison.takes.len() == 1 && here.is_some() && matches!(comparison.model, Model::Absent) {
            self.comparison = None;
            self.say("There is no other take of this question, and no model answer: nothing to compare with.");
            return Ok(());
        }
        // So that the next one is the first that is not on already.
        comparison.at = if here == Some(0) { 0 } else { comparison.takes.len() };
        let has_model = !matches!(comparison.model, Model::Absent);
        let unrated = self.reviews.of(&comparison.of).debrief.grade().is_none();
        self.compare_next()?;
        // Said after what a beginning says: a screen shows the last.
        if has_model && unrated {
            self.say("The model answer comes after your rating.");
        }
        Ok(())
    }

    fn compare_next(&mut self) -> Result<()> {
        let Some(comparison) = &mut self.comparison else { return Ok(()) };
        let takes = comparison.takes.len();
        let next = comparison.at + 1;
        let wants_model = next == takes && !matches!(comparison.model, Model::Absent);
        let rated = wants_model && self.reviews.of(&comparison.of).debrief.grade().is_some();
        if wants_model && rated {
            match &comparison.model {
                Model::Ready(item) => {
                    comparison.on = Some(item.clone());
                    comparison.at = next;
                    return self.start();
                }
                Model::Unspoken(text) => {
                    let (text, settings) = (text.clone(), self.voice.clone());
                    comparison.model = Model::Speaking(text.clone(), compare::speak(settings, text));
                    comparison.awaited = true;
                }
                Model::Speaking(..) | Model::Absent => comparison.awaited = true,
            }
            self.say("The model answer is about to be spoken.");
            return Ok(());
        }
        let at = if next < takes { next } else { 0 };
        let again = comparison.on.is_none() && comparison.takes.get(at) == Some(&comparison.of);
        (comparison.at, comparison.on) = (at, Some(compare::item(&comparison.takes, at)));
        // There is nothing else to be heard.
        if wants_model && takes == 1 && again {
            self.comparison = None;
            return Ok(());
        }
        self.start()
    }
}
