//! What to practise next: the memory against the reference, the rules of a day, and months of practice, simulated.

mod months;
mod plan;
mod reference;
mod rules;

use std::collections::HashMap;

use greenroom::interview::schedule::{Answered, Day, Item};

/// 2026-11-21.
const TODAY: Day = Day(20_778);

/// A bank of so many questions in each section.
pub struct Bank(pub Vec<(String, String)>);

impl Bank {
    pub fn new(sections: &[usize]) -> Bank {
        let section = |(at, size): (usize, &usize)| {
            (0..*size).map(move |number| (format!("q{at}-{number}"), format!("s{at}"))).collect::<Vec<_>>()
        };
        Bank(sections.iter().enumerate().flat_map(section).collect())
    }

    pub fn items(&self) -> Vec<Item<'_>> {
        self.0.iter().map(|(question, section)| Item { question, section }).collect()
    }
}

pub type Past = HashMap<String, Vec<Answered>>;
