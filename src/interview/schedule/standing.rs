//! How it stands with one question on a day: when it was asked, what is left of it, when it is due.
//!
//! Knows one question at a time, and nothing of how much is for today.

use super::memory::Memory;
use super::{Answered, Day, Item};
use crate::interview::grade::Grade;

/// How it stands with a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// The id of the question.
    pub question: String,
    /// The id of its section.
    pub section: String,
    /// How often it was answered, rated or not.
    pub times: usize,
    /// The day of the newest answer; `None`: never, or only on days that are yet to come.
    pub last: Option<Day>,
    /// The newest rating.
    pub grade: Option<Grade>,
    /// What is left of it after the newest rating; `None`: never rated.
    pub memory: Option<Memory>,
    /// The day from which on it is to be asked again; `None`: never asked.
    pub due: Option<Day>,
    /// How likely the answer is still there today, from 0 to 1; `None`: never rated.
    pub retrievability: Option<f64>,
    /// What time does to it; `None`: never asked on a day that has been.
    fading: Option<Fading>,
}

/// How a question fades, known or supposed.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Fading {
    memory: Memory,
    /// The day from which it fades.
    from: Day,
    /// After how many days it is due; at least one.
    interval: u32,
    /// Whether the newest answer must be said again.
    again: bool,
}

impl Standing {
    /// How it stands with `item` on the day `today`, where it comes again at the chance `retention`.
    ///
    /// `past` are its answers in any order of the days; of one day, the oldest first. An answer of a day that is yet to
    /// come (a clock was wrong) counts as asked, on no day that is known: the question is due.
    /// The memory is made of the rated answers alone. An answer without a rating brings its question back when the
    /// memory says so, and where there is none, the next day; as if it had been hard.
    /// What must be said again is due on the same day, everything else on the next at the earliest.
    pub fn on(item: Item<'_>, past: &[Answered], today: Day, retention: f64) -> Standing {
        let mut known: Vec<Answered> = past.iter().filter(|answer| answer.day <= today).copied().collect();
        known.sort_by_key(|answer| answer.day);
        let newest = known.last().copied();
        let mut rated: Option<(Day, Grade, Memory)> = None;
        for (day, grade) in known.iter().filter_map(|answer| Some((answer.day, answer.grade?))) {
            let memory = match rated {
                None => Memory::first(grade),
                Some((last, _, memory)) => memory.answered(days(day, last), grade),
            };
            rated = Some((day, grade, memory));
        }
        let fading = newest.map(|newest| {
            let (from, memory) =
                rated.map_or((newest.day, Memory::first(Grade::Hard)), |(day, _, memory)| (day, memory));
            let again = newest.grade == Some(Grade::Again);
            let interval = if again || rated.is_none() { 1 } else { whole(memory.interval(retention)) };
            Fading { memory, from, interval, again }
        });
        let due = match (newest, fading) {
            (Some(newest), Some(Fading { again: true, .. })) => Some(newest.day),
            (Some(newest), Some(fading)) => Some(fading.from.after(fading.interval).max(newest.day.after(1))),
            _ => (!past.is_empty()).then_some(today),
        };
        Standing {
            question: item.question.to_owned(),
            section: item.section.to_owned(),
            times: past.len(),
            last: newest.map(|newest| newest.day),
            grade: rated.map(|(_, grade, _)| grade),
            memory: rated.map(|(_, _, memory)| memory),
            due,
            retrievability: rated.map(|(day, _, memory)| memory.retrievability(days(today, day))),
            fading,
        }
    }

    /// Whether it was never asked.
    pub fn is_new(&self) -> bool {
        self.times == 0
    }

    /// Whether it is to be asked on this day or before.
    pub fn is_due(&self, day: Day) -> bool {
        self.due.is_some_and(|due| due <= day)
    }

    /// Whether the newest answer must be said again.
    pub fn again(&self) -> bool {
        self.fading.is_some_and(|fading| fading.again)
    }

    /// How urgent it is on this day: the time since it was answered, by the time after which it is due. From 1 on it is
    /// due; a question of three days that is two days late is as urgent as one of six days that is four days late, so
    /// that none waits for ever behind others that come every day.
    pub fn urgency(&self, day: Day) -> f64 {
        match self.fading {
            Some(fading) => f64::from(days(day, fading.from)) / f64::from(fading.interval),
            None if self.is_new() => 0.0,
            None => f64::INFINITY,
        }
    }

    /// How likely the answer will be there on this day, if it is not practised before; supposed, where it was never
    /// rated.
    pub fn chance(&self, day: Day) -> f64 {
        self.fading.map_or(0.0, |fading| fading.memory.retrievability(days(day, fading.from)))
    }
}

/// From `earlier` to `later`; 0 where it is the other way round.
fn days(later: Day, earlier: Day) -> u32 {
    u32::try_from(later.since(earlier)).unwrap_or(if later < earlier { 0 } else { u32::MAX })
}

/// An interval in whole days, at least one.
fn whole(interval: f64) -> u32 {
    interval.round().max(1.0) as u32
}
