//! How much was spoken, and on which days. It knows sessions in a line, and no bank.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::interview::schedule::Day;

/// How much was spoken in some sessions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spoken {
    /// How long all takes are together.
    pub time: Duration,
    /// In how many sessions something was spoken.
    pub sessions: usize,
}

impl Spoken {
    fn add(&mut self, time: Duration) {
        if !time.is_zero() {
            self.time = self.time.saturating_add(time);
            self.sessions += 1;
        }
    }
}

/// How much was spoken in all, lately, and on each day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Practice {
    /// In all sessions, also those of which nobody knows when they were.
    pub all: Spoken,
    /// In the last seven days, today with them.
    pub lately: Spoken,
    days: BTreeMap<Day, Spoken>,
}

/// How many days are lately.
pub const LATELY: i32 = 7;

/// The fewest and the most weeks of a calendar.
const WEEKS: (i32, i32) = (5, 12);

/// A week, from Monday to Sunday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Week {
    /// Its Monday.
    pub monday: Day,
    /// How much was spoken on each day; `None` where the day has not come.
    pub days: [Option<Spoken>; 7],
}

impl Week {
    /// How long that is in all.
    pub fn time(&self) -> Duration {
        self.days.iter().flatten().fold(Duration::ZERO, |sum, day| sum.saturating_add(day.time))
    }
}

impl Practice {
    /// The sum of sessions, each with its day, where that is known, and how much was spoken.
    pub fn of(sessions: impl IntoIterator<Item = (Option<Day>, Duration)>, today: Day) -> Practice {
        let mut practice = Practice::default();
        for (day, time) in sessions {
            practice.all.add(time);
            let Some(day) = day else { continue };
            practice.days.entry(day).or_default().add(time);
            if (0..i64::from(LATELY)).contains(&today.since(day)) {
                practice.lately.add(time);
            }
        }
        practice
    }

    /// The weeks up to that of today, the oldest first: since the first practice, but no fewer than five and no more
    /// than twelve.
    pub fn weeks(&self, today: Day) -> Vec<Week> {
        let this = monday(today);
        let first = self.days.iter().find(|(day, spoken)| spoken.sessions > 0 && **day <= today);
        let since = first.map_or(0, |(day, _)| this.since(monday(*day)) / 7 + 1);
        let count = since.clamp(WEEKS.0.into(), WEEKS.1.into()) as i32;
        let week = |back: i32| {
            let monday = Day(this.0.saturating_sub(7 * back));
            let day = |nth: usize| {
                let day = Day(monday.0.saturating_add(nth as i32));
                (day <= today).then(|| self.days.get(&day).copied().unwrap_or_default())
            };
            Week { monday, days: std::array::from_fn(day) }
        };
        (0..count).rev().map(week).collect()
    }
}

/// The Monday of a day's week: 1970-01-01 was a Thursday.
fn monday(day: Day) -> Day {
    Day(day.0.saturating_sub((i64::from(day.0) + 3).rem_euclid(7) as i32))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn a_week_begins_on_monday() {
        // 2026-11-21 is a Saturday, 2026-11-16 the Monday before it.
        assert_eq!(monday(Day(20_778)), Day(20_773));
        assert_eq!(monday(Day(20_773)), Day(20_773));
        assert_eq!(monday(Day(-4)), Day(-10));
    }

    #[test]
    fn what_was_spoken_counts_in_all_lately_and_on_its_day() {
        let today = Day(20_778);
        let days = [Some(today), Some(Day(today.0 - 6)), Some(Day(today.0 - 7)), None];
        let practice = Practice::of(days.map(|day| (day, MINUTE)), today);
        assert_eq!(practice.all, Spoken { time: 4 * MINUTE, sessions: 4 });
        assert_eq!(practice.lately, Spoken { time: 2 * MINUTE, sessions: 2 });
        let weeks = practice.weeks(today);
        assert_eq!(weeks.len(), 5);
        let last = &weeks[4];
        assert_eq!((last.monday, last.time()), (Day(20_773), MINUTE));
        assert_eq!(last.days[5].unwrap().sessions, 1);
        assert_eq!(last.days[6], None, "tomorrow has not come");
        assert_eq!(weeks[3].time(), 2 * MINUTE);
    }

    #[test]
    fn a_calendar_has_five_to_twelve_weeks() {
        let today = Day(20_778);
        let since = |days: i32| Practice::of([(Some(Day(today.0 - days)), MINUTE)], today).weeks(today).len();
        assert_eq!([since(0), since(5 * 7), since(11 * 7), since(400), since(-30)], [5, 6, 12, 12, 5]);
        assert_eq!(Practice::default().weeks(today).len(), 5);
    }

    #[test]
    fn a_session_in_which_nobody_spoke_is_none() {
        let practice = Practice::of([(Some(Day(0)), Duration::ZERO)], Day(0));
        assert_eq!((practice.all, practice.lately), Default::default());
    }

    #[test]
    fn no_day_is_too_far_away() {
        let days = [Day(i32::MIN), Day(i32::MAX)];
        for today in days {
            Practice::of(days.map(|day| (Some(day), MINUTE)), today).weeks(today);
        }
    }
}
