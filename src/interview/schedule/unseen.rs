//! In which order the questions come that were never asked.

use super::standing::Standing;
use super::weak::Weakness;
use crate::interview::draw::{Lots, Seed};

/// The places of the questions that were never asked, the first to ask first.
///
/// The sections take turns: the next question is of the section of which the smallest part has come round so far.
/// A weak section counts as up to twice as large as it is, so that it runs ahead of the others.
/// Within a section, and among sections that are level, the seed decides.
pub(super) fn unseen(standings: &[Standing], weaknesses: &[Weakness], seed: Seed) -> Vec<usize> {
    let mut lots = Lots::new(seed);
    let mut sections: Vec<Turns> = weaknesses.iter().map(|weakness| Turns::of(weakness, standings)).collect();
    for section in &mut sections {
        lots.shuffle(&mut section.waiting);
    }
    lots.shuffle(&mut sections);
    let mut order = Vec::new();
    while let Some(next) = (0..sections.len())
        .filter(|at| !sections[*at].waiting.is_empty())
        .min_by(|one, other| sections[*one].part().total_cmp(&sections[*other].part()))
    {
        sections[next].seen += 1;
        order.extend(sections[next].waiting.pop());
    }
    order
}

/// A section on its turns.
struct Turns {
    waiting: Vec<usize>,
    seen: usize,
    size: f64,
}

impl Turns {
    fn of(weakness: &Weakness, standings: &[Standing]) -> Turns {
        let mine = || standings.iter().enumerate().filter(|(_, standing)| standing.section == weakness.section);
        let waiting: Vec<usize> = mine().filter(|(_, standing)| standing.is_new()).map(|(at, _)| at).collect();
        let all = mine().count();
        Turns { seen: all - waiting.len(), waiting, size: all as f64 * (1.0 + weakness.care()) }
    }

    /// Which part has come round when half of the next question has.
    fn part(&self) -> f64 {
        (self.seen as f64 + 0.5) / self.size
    }
}
