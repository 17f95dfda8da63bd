//! How often each story was told, from what the person noted of the answers of all sessions.

use std::collections::HashMap;

use super::calendar;
use super::ledger::{Digest, day_of};
use crate::interview::story::Telling;

/// How often each story was told, by its id. The newest session comes first.
pub fn of(newest_first: &[Digest]) -> HashMap<String, Telling> {
    let mut tellings: HashMap<String, Telling> = HashMap::new();
    // The oldest first, so that the questions stand in the order in which they were first answered so.
    for turn in newest_first.iter().rev().flat_map(|digest| &digest.turns) {
        for story in &turn.stories {
            let telling = tellings.entry(story.id.clone()).or_default();
            telling.times += 1;
            if !telling.questions.contains(&turn.question) {
                telling.questions.push(turn.question.clone());
            }
            let day = story.at.and_then(day_of).and_then(calendar::date_of).map(|date| date.to_string());
            telling.last = telling.last.take().max(day);
        }
    }
    tellings
}
