//! Which questions `rehearse --order due` asks, and the line that says why.

use std::fmt::Write;

use anyhow::{Result, bail};
use chrono::Datelike;

use super::cli::{InterviewOn, OrderName, Rehearse};
use super::failure::Usage;
use super::library::{Library, plan_failure};
use super::{mended, print};
use crate::interview::schedule::share::A_DAY;
use crate::interview::schedule::{Day, Item, Schedule, Share};
use crate::interview::{Bank, Filter, Seed};
use crate::store::{calendar, config, ledger};

/// How many questions are asked of somebody who wants to practise on a day that asks for nothing (any more).
const BEYOND: usize = 3;

/// The questions that pass the filter, in the order in which they are due; none where another order is asked for.
/// Where nobody says how many are asked, the filter has it afterwards, and one line says why.
///
/// # Errors
/// Where the interview was before today, or the filter names what the bank does not have.
pub fn call(options: &Rehearse, library: &Library, bank: &Bank, filter: &mut Filter) -> Result<Vec<String>> {
    let today = calendar::today();
    if options.interview_on.is_some() && options.order != OrderName::Due {
        bail!(Usage("--interview-on goes with --order due: leave the other --order out".to_owned()));
    }
    if options.order != OrderName::Due || !options.question.is_empty() {
        return Ok(Vec::new());
    }
    let interview = interview(options.interview_on, library, today)?;
    let questions: Vec<Item<'_>> = filter.pick(bank).map_err(plan_failure)?.into_iter().map(Item::from).collect();
    let past = ledger::answered(&mended::all(&library.home)?.digests, &bank.id);
    let schedule = Schedule::draw(&questions, &past, today, interview, of_the_day(today));
    if options.count.is_none() {
        let count = count(&schedule);
        filter.count = Some(count);
        print::aside(why(&schedule, count));
    }
    Ok(schedule.order())
}

/// What is equally urgent comes in the same order all day, whoever asks.
pub fn of_the_day(today: Day) -> Seed {
    Seed(u64::from(today.0.unsigned_abs()))
}

/// The day of the interview, by the command line or the settings; one in the settings that has passed is none.
///
/// # Errors
/// Where that of the command line has passed.
pub fn interview(asked: Option<InterviewOn>, library: &Library, today: Day) -> Result<Option<Day>> {
    match (asked, library.config.interview_on) {
        (Some(asked), _) if asked.day(today) < today => bail!(Usage(format!(
            "--interview-on {} has passed: give a day from today on, or leave it out",
            iso(asked.day(today))
        ))),
        (Some(asked), _) => Ok(Some(asked.day(today))),
        (None, Some(day)) if day < today => {
            let (file, day) = (config::NAME, iso(day));
            print::aside(format_args!(
                "`interview_on` in {file} ({day}) has passed: the questions are asked without it."
            ));
            Ok(None)
        }
        (None, day) => Ok(day),
    }
}

/// How many are asked: what is left for today, and a few where nothing is.
fn count(schedule: &Schedule) -> usize {
    match schedule.share.count() {
        0 => BEYOND.min(schedule.standings.len()),
        count => count,
    }
}

/// Why there are so many questions.
fn why(schedule: &Schedule, count: usize) -> String {
    let share = schedule.share;
    let mut line = match (share.count(), schedule.days_left, schedule.answered_today) {
        (0, _, 0) => format!("Nothing is due today; here {} next", come(count)),
        (0, _, _) => format!("Today's share is done; here {} next", come(count)),
        (_, Some(0), _) => format!("Your interview is today; to warm up: {}: {}", many(count), parts(share)),
        (_, _, 0) => format!("Today: {}: {}", many(count), parts(share)),
        (_, _, _) => format!("Still for today: {}: {}", many(count), parts(share)),
    };
    if schedule.waiting > 0 {
        let _ = write!(line, "; {} more are due and can wait", schedule.waiting);
    }
    match (schedule.interview, schedule.days_left, schedule.new_a_day) {
        (Some(day), Some(left @ 1..), Some(new)) => {
            let when = format!("your interview on {} ({})", date(day, schedule.today), days(left));
            let _ = match if schedule.never_asked() == 0 { 0 } else { new } {
                0 => write!(line, "; every question has come round before {when}"),
                new => write!(line, "; at {new} new a day every question comes round before {when}"),
            };
        }
        (None, _, _) if schedule.never_asked() > A_DAY => {
            let _ = write!(
                line,
                "; {} were never asked: with --interview-on DATE they are spread over the days until then",
                schedule.never_asked()
            );
        }
        _ => {}
    }
    line + "."
}

/// What a day's share is made of, in words.
pub fn parts(share: Share) -> String {
    let parts =
        [(share.due, "due"), (share.new, "new"), (share.ahead, "to keep fresh"), (share.again, "to be said again")];
    let parts: Vec<String> =
        parts.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    parts.join(", ")
}

fn come(count: usize) -> String {
    if count == 1 { "is the one that comes".to_owned() } else { format!("are the {count} that come") }
}

fn many(count: usize) -> String {
    if count == 1 { "1 question".to_owned() } else { format!("{count} questions") }
}

fn days(count: u32) -> String {
    if count == 1 { "tomorrow".to_owned() } else { format!("{count} days") }
}

/// A day as files have it.
fn iso(day: Day) -> String {
    calendar::date_of(day).map_or_else(|| "that day".to_owned(), |date| date.to_string())
}

/// A day as people say it; with its year where that is not this one.
fn date(day: Day, today: Day) -> String {
    let year = |day: Day| calendar::date_of(day).map(|date| date.year());
    let form = if year(day) == year(today) { "%-d %B" } else { "%-d %B %Y" };
    calendar::date_of(day).map_or_else(|| "that day".to_owned(), |date| date.format(form).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interview::Grade;
    use crate::interview::schedule::Answered;

    const TODAY: Day = Day(20_778);

    /// The line for ten questions, of which some were answered.
    fn line(answers: &[(usize, i32, Option<Grade>)], interview: Option<i32>) -> String {
        let ids: Vec<String> = (0..10).map(|at| format!("q{at}")).collect();
        let items: Vec<Item<'_>> = ids.iter().map(|id| Item { question: id, section: "s" }).collect();
        let past = answers
            .iter()
            .map(|(at, ago, grade)| (ids[*at].clone(), vec![Answered { day: Day(TODAY.0 - ago), grade: *grade }]));
        let interview = interview.map(|ahead| Day(TODAY.0 + ahead));
        let schedule = Schedule::draw(&items, &past.collect(), TODAY, interview, Seed(1));
        why(&schedule, count(&schedule))
    }

    #[test]
    fn the_line_says_how_many_and_why() {
        let good = Some(Grade::Good);
        assert_eq!(
            line(&[(0, 3, good), (1, 1, None)], Some(9)),
            "Today: 3 questions: 2 due, 1 new; at 1 new a day every question comes round before your interview on \
             30 November (9 days)."
        );
        assert_eq!(
            line(&[(0, 0, Some(Grade::Again)), (1, 0, good)], Some(41)),
            "Still for today: 1 question: 1 to be said again; at 1 new a day every question comes round before your \
             interview on 1 January 2027 (41 days)."
        );
        assert_eq!(
            line(&[(0, 1, None)], None),
            "Today: 5 questions: 1 due, 4 new; 9 were never asked: with --interview-on DATE they are spread over the \
             days until then."
        );
        assert_eq!(line(&[], Some(0)), "Your interview is today; to warm up: 5 questions: 5 new.");
        assert_eq!(
            line(&[], Some(1)),
            "Today: 10 questions: 10 new; at 10 new a day every question comes round before your interview on \
             22 November (tomorrow)."
        );
    }

    #[test]
    fn who_comes_when_nothing_is_due_gets_a_few_all_the_same() {
        let easy: Vec<_> = (0..10).map(|at| (at, 1, Some(Grade::Easy))).collect();
        assert_eq!(line(&easy, None), "Nothing is due today; here are the 3 that come next.");
        let done: Vec<_> = (0..10).map(|at| (at, 0, Some(Grade::Easy))).collect();
        assert_eq!(line(&done, None), "Today's share is done; here are the 3 that come next.");
    }

    #[test]
    fn a_day_is_said_with_its_year_where_that_is_another() {
        assert_eq!(date(Day(20_787), TODAY), "30 November");
        assert_eq!(date(Day(20_819), TODAY), "1 January 2027");
        assert_eq!(date(Day(i32::MAX), TODAY), "that day");
    }
}
