//! The days of the candidate's calendar: which day it is, and how dates are written.
//!
//! A day begins at midnight where the candidate is now.

use chrono::{DateTime, Local, NaiveDate};

use crate::interview::schedule::Day;

/// 1970-01-01, counted as [`chrono::Datelike::num_days_from_ce`] counts.
const EPOCH: NaiveDate = NaiveDate::from_ymd_opt(1970, 1, 1).expect("it is a date");

/// The day that it is.
pub fn today() -> Day {
    day_of(Local::now().date_naive())
}

/// The day of a date.
pub fn day_of(date: NaiveDate) -> Day {
    let days = date.signed_duration_since(EPOCH).num_days();
    // A `NaiveDate` lies within 262,143 years of the year 0.
    Day(i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX }))
}

/// The date of a day; `None` beyond the year 262,142.
pub fn date_of(day: Day) -> Option<NaiveDate> {
    EPOCH.checked_add_signed(chrono::Duration::days(day.0.into()))
}

/// The day on which it was this moment, written as RFC 3339, where the candidate is now; `None`: it is no moment.
pub fn local_day(moment: &str) -> Option<Day> {
    let moment = DateTime::parse_from_rfc3339(moment).ok()?;
    Some(day_of(moment.with_timezone(&Local).date_naive()))
}

/// The day that is written `YYYY-MM-DD`, and nothing else beside it.
///
/// # Errors
/// A sentence that says how a date is written, or that there is no such date.
pub fn parse(text: &str) -> Result<Day, &'static str> {
    let figures = |part: &str, many: usize| part.len() == many && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else { return Err(WRITTEN) };
    if !(figures(year, 4) && figures(month, 2) && figures(day, 2)) {
        return Err(WRITTEN);
    }
    let (Ok(year), Ok(month), Ok(day)) = (year.parse(), month.parse(), day.parse()) else { return Err(WRITTEN) };
    NaiveDate::from_ymd_opt(year, month, day).map(day_of).ok_or("there is no such day in the calendar")
}

const WRITTEN: &str = "write a date as 2026-11-30: year, month and day";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(parse("1970-01-01"), Ok(Day(0)));
        assert_eq!(parse("2000-03-01"), Ok(Day(11_017)));
        assert_eq!(parse("1969-12-31"), Ok(Day(-1)));
        let there_and_back = |day: i32| date_of(Day(day)).map(day_of);
        for day in [-800_000, -1, 0, 20_000, 90_000_000] {
            assert_eq!(there_and_back(day), Some(Day(day)));
        }
        assert_eq!(date_of(Day(i32::MAX)), None);
    }

    #[test]
    fn what_is_no_date_is_told_how_one_is_written() {
        for text in ["", "30.11.2026", "2026-11", "26-11-30", "2026-11-30T10:00", "2026-11-3", "+026-11-30", "tomorrow"]
        {
            assert_eq!(parse(text), Err(WRITTEN), "{text}");
        }
        for text in ["2026-02-29", "2026-13-01", "2026-00-10"] {
            assert!(parse(text).unwrap_err().contains("no such day"), "{text}");
        }
    }

    #[test]
    fn a_moment_has_its_day_where_the_candidate_is() {
        let now = Local::now();
        assert_eq!(local_day(&now.to_rfc3339()), Some(day_of(now.date_naive())));
        assert_eq!(local_day("yesterday"), None);
    }
}
