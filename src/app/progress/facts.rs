//! What `greenroom progress` tells, put together. It knows no words and no screens.

use std::collections::HashMap;

use super::spoken::Practice;
use super::trends::{Trend, trends};
use crate::app::due;
use crate::app::stories::{Summary, summary};
use crate::interview::schedule::{Answered, Day, Item, Schedule};
use crate::interview::{Bank, Grade, Story};
use crate::store::ledger::{All, Digest, answered, day_of};

/// Everything that is told.
pub struct Facts<'a> {
    /// The bank that is scheduled.
    pub bank: &'a Bank,
    /// What to practise of it, and when.
    pub schedule: Schedule,
    /// Its sections, the weakest first; those without a rating last.
    pub sections: Vec<Section<'a>>,
    /// How much was spoken, in all banks.
    pub practice: Practice,
    /// How answers were said, in all banks.
    pub trends: Vec<Trend>,
    /// The candidate's stories.
    pub stories: Summary,
    /// How many sessions there are, demonstrations apart.
    pub sessions: usize,
    /// How many cannot be read.
    pub unread: usize,
}

/// How the candidate rated a section.
pub struct Section<'a> {
    /// Its id.
    pub id: &'a str,
    /// What it is called.
    pub title: &'a str,
    /// How many questions it has, and how many of them were answered.
    pub questions: usize,
    pub asked: usize,
    /// How often each grade was given, in the order of [`Grade::ALL`].
    pub grades: [usize; 4],
    /// As [`crate::interview::schedule::Weakness`] has it.
    pub weakness: f64,
}

impl Section<'_> {
    /// How many ratings there are.
    pub fn ratings(&self) -> usize {
        self.grades.iter().sum()
    }
}

impl<'a> Facts<'a> {
    /// Puts it together for a day.
    pub fn of(bank: &'a Bank, all: &All, stories: &[Story], today: Day, interview: Option<Day>) -> Facts<'a> {
        let past = answered(&all.digests, &bank.id);
        let items: Vec<Item<'_>> = bank.questions.iter().map(Item::from).collect();
        let schedule = Schedule::draw(&items, &past, today, interview, due::of_the_day(today));
        let practised: Vec<&Digest> = all.digests.iter().rev().filter(|digest| digest.is_practice()).collect();
        let days = practised.iter().map(|digest| (digest.head.began.and_then(day_of), digest.head.spoken));
        Facts {
            bank,
            sections: sections(bank, &schedule, &past),
            practice: Practice::of(days, today),
            trends: trends(&practised),
            stories: summary(stories, bank, &all.digests),
            sessions: practised.len(),
            unread: all.unread,
            schedule,
        }
    }
}

fn sections<'a>(bank: &'a Bank, schedule: &Schedule, past: &HashMap<String, Vec<Answered>>) -> Vec<Section<'a>> {
    let of = |id: &str| {
        let known = bank.section(id)?;
        let weakness = schedule.sections.iter().find(|each| each.section == id)?.weakness;
        let mut section =
            Section { id: &known.id, title: known.title.as_str(), questions: 0, asked: 0, grades: [0; 4], weakness };
        for question in bank.questions.iter().filter(|question| question.section == id) {
            let answers = past.get(&question.id).map_or(&[][..], Vec::as_slice);
            section.questions += 1;
            section.asked += usize::from(!answers.is_empty());
            for (grade, count) in Grade::ALL.iter().zip(&mut section.grades) {
                *count += answers.iter().filter(|answer| answer.grade == Some(*grade)).count();
            }
        }
        Some(section)
    };
    let mut sections: Vec<Section> = schedule.sections.iter().filter_map(|each| of(&each.section)).collect();
    // Of what was never rated nobody knows anything.
    sections.sort_by_key(|section| section.ratings() == 0);
    sections
}
