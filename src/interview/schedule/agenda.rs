//! What to practise next: every question of a bank in the order in which it is needed, and how many are for today.
//!
//! How much is for a day is decided by how it stood when the day began, so that a second session on the same day goes
//! on where the first ended. Knows no clock, no file and no chance but the seed.

use std::collections::{HashMap, HashSet};

use super::share::{Morning, Share};
use super::standing::Standing;
use super::unseen::unseen;
use super::weak::{RETENTION, Weakness, weaknesses};
use super::{Answered, Day, Item};
use crate::interview::draw::Seed;
use crate::interview::grade::Grade;

/// What to practise, and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// The day it is for.
    pub today: Day,
    /// The day of the interview, where one is known that has not passed.
    pub interview: Option<Day>,
    /// Every question, the first to ask first.
    pub standings: Vec<Standing>,
    /// How many from the front of the standings are for today: what is left of today's share.
    pub share: Share,
    /// How many different questions were answered today.
    pub answered_today: usize,
    /// How many are due today beyond its share.
    pub waiting: usize,
    /// How it goes in each section, the weakest first.
    pub sections: Vec<Weakness>,
    /// How many days there are to practise before the interview, today with them; 0 on its very day.
    pub days_left: Option<u32>,
    /// How many new questions a day it takes, from this morning on, for all to have come round before the interview.
    pub new_a_day: Option<usize>,
}

impl Schedule {
    /// Schedules `questions`, in the order of their bank, for the day `today`.
    ///
    /// `past` has the answers to each question by its id, of one day the oldest first; others than `questions` may be
    /// among them. An `interview` that has passed is none. The seed decides among what is equally urgent.
    ///
    /// Today's share is, in turns, what is due and what is new; then what would fade before the interview, then what
    /// was rated `again` today. After it come the rest of what is due, the rest of what is new, what is not due yet,
    /// and at last what was answered today. Of equal kind, the most urgent first ([`Standing::urgency`]).
    pub fn draw(
        questions: &[Item<'_>],
        past: &HashMap<String, Vec<Answered>>,
        today: Day,
        interview: Option<Day>,
        seed: Seed,
    ) -> Schedule {
        let interview = interview.filter(|day| *day >= today);
        let days_left = interview.map(|day| u32::try_from(day.since(today)).unwrap_or(u32::MAX));
        let mut met = HashSet::new();
        let questions: Vec<Item<'_>> = questions.iter().filter(|item| met.insert(item.question)).copied().collect();
        let answers = |item: &Item<'_>| past.get(item.question).map_or(&[][..], Vec::as_slice);

        // The aim of a section stays all day, whatever is rated meanwhile.
        let morning_sections =
            weaknesses(questions.iter().map(|item| (item.section, grades(answers(item), |day| day < today))));
        let aims: HashMap<&str, f64> =
            morning_sections.iter().map(|each| (each.section.as_str(), each.retention)).collect();
        let aim = |section: &str| aims.get(section).copied().unwrap_or(RETENTION);

        let before = |item: &Item<'_>| {
            let past: Vec<Answered> = answers(item).iter().filter(|answer| answer.day != today).copied().collect();
            Standing::on(*item, &past, today, aim(item.section))
        };
        let mornings: Vec<Standing> = questions.iter().map(before).collect();
        let standings: Vec<Standing> =
            questions.iter().map(|item| Standing::on(*item, answers(item), today, aim(item.section))).collect();
        let done = |at: usize| standings[at].last == Some(today);

        let fades = |standing: &Standing| {
            let will = interview.is_some_and(|day| standing.chance(day) < aim(&standing.section));
            !standing.is_new() && !standing.is_due(today) && will
        };
        let count = |passes: &dyn Fn(&Standing) -> bool| mornings.iter().filter(|standing| passes(standing)).count();
        let morning = Morning {
            new: count(&Standing::is_new),
            due: count(&|standing| standing.is_due(today)),
            fading: count(&fades),
            days_left,
        };
        let allotted = morning.allotted();
        let all = 0..questions.len();
        let new_done = all.clone().filter(|at| done(*at) && mornings[*at].is_new()).count();
        let answered_today = all.clone().filter(|at| done(*at)).count();
        let mut repeats_left = allotted.repeats.saturating_sub(answered_today - new_done);

        let urgent = |passes: &dyn Fn(usize) -> bool| {
            let mut places: Vec<usize> = all.clone().filter(|at| passes(*at)).collect();
            places.sort_by(|one, other| {
                let (one, other) = (&standings[*one], &standings[*other]);
                let by_urgency = other.urgency(today).total_cmp(&one.urgency(today));
                by_urgency.then(one.chance(today).total_cmp(&other.chance(today)))
            });
            places
        };
        let due = urgent(&|at| !done(at) && standings[at].is_due(today));
        let ahead = urgent(&|at| !done(at) && fades(&standings[at]));
        let again = urgent(&|at| done(at) && standings[at].again());
        let later = urgent(&|at| !done(at) && !standings[at].is_new() && !standings[at].is_due(today));
        let over = urgent(&|at| done(at) && !standings[at].again());
        let new = unseen(&standings, &morning_sections, seed);

        let mut share = Share { due: due.len().min(repeats_left), again: again.len(), ..Share::default() };
        repeats_left -= share.due;
        share.ahead = ahead.len().min(repeats_left);
        share.new = allotted.new.saturating_sub(new_done).min(new.len());

        let (due_today, due_rest) = due.split_at(share.due);
        let (new_today, new_rest) = new.split_at(share.new);
        let mut order = in_turns(due_today, new_today);
        order.extend(ahead[..share.ahead].iter().chain(&again));
        order.extend(due_rest.iter().chain(new_rest));
        order.extend(later.iter().filter(|at| !ahead[..share.ahead].contains(at)));
        order.extend(&over);

        let mut sections =
            weaknesses(questions.iter().map(|item| (item.section, grades(answers(item), |day| day <= today))));
        sections.sort_by(|one, other| other.weakness.total_cmp(&one.weakness));
        let mut standings: Vec<Option<Standing>> = standings.into_iter().map(Some).collect();
        Schedule {
            today,
            interview,
            share,
            answered_today,
            waiting: due_rest.len(),
            sections,
            days_left,
            new_a_day: morning.new_a_day(),
            standings: order.into_iter().filter_map(|at| standings[at].take()).collect(),
        }
    }

    /// The ids of all questions, the first to ask first.
    pub fn order(&self) -> Vec<String> {
        self.standings.iter().map(|standing| standing.question.clone()).collect()
    }

    /// What is left of today's share, the first to ask first.
    pub fn for_today(&self) -> &[Standing] {
        &self.standings[..self.share.count()]
    }

    /// How many questions were asked before and are due on this day or earlier.
    pub fn due_by(&self, day: Day) -> usize {
        self.standings.iter().filter(|standing| standing.is_due(day)).count()
    }

    /// How many questions were never asked.
    pub fn never_asked(&self) -> usize {
        self.standings.iter().filter(|standing| standing.is_new()).count()
    }
}

/// The ratings of the days that pass, the oldest first.
fn grades(past: &[Answered], passes: impl Fn(Day) -> bool) -> Vec<Grade> {
    let mut rated: Vec<Answered> = past.iter().filter(|answer| passes(answer.day)).copied().collect();
    rated.sort_by_key(|answer| answer.day);
    rated.into_iter().filter_map(|answer| answer.grade).collect()
}

/// One of each in turns, the first of `one` first, and then what is left.
fn in_turns(one: &[usize], other: &[usize]) -> Vec<usize> {
    let longest = one.len().max(other.len());
    (0..longest).flat_map(|at| [one.get(at), other.get(at)]).flatten().copied().collect()
}
