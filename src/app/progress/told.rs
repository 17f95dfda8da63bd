//! What `greenroom progress` tells, as lines for people: with small charts on a terminal, in sentences elsewhere.

use std::time::Duration;

use super::facts::{Facts, Section};
use super::form::date;
use super::spoken::{Practice, Week};
use super::trends::{Measure, Trend};
use crate::app::{answers, due, hint, stories};
use crate::interview::Grade;
use crate::interview::schedule::{Schedule, Standing};
use crate::store::home::Home;
use crate::tui::{spark, wrap};

/// So many questions are named one by one.
const NAMED: usize = 5;

/// So many sections are told, the weakest of them.
const SECTIONS: usize = 3;

/// The widest chart, in cells.
const WIDEST: usize = 40;

/// So many parts of a series are told in numbers.
const NUMBERS: usize = 8;

/// From so many minutes a day on the shades are darker.
const MINUTES: [u64; 3] = [5, 15, 30];

/// How far in a line of a list stands.
const INDENT: usize = 2;

/// Lines that are broken where they are shown on a terminal.
struct Page {
    lines: Vec<String>,
    charts: bool,
}

impl Page {
    /// A line, broken between words where it is shown.
    fn tell(&mut self, indent: usize, line: &str) {
        self.lines.extend(answers::indented(line, indent, self.charts).into_iter().map(|line| line + "\n"));
    }

    /// The head of a part.
    fn head(&mut self, line: &str) {
        self.lines.push("\n".to_owned());
        self.tell(0, line);
    }

    /// A line that stands as it is.
    fn chart(&mut self, line: String) {
        self.lines.push(line + "\n");
    }
}

/// All that is told, each line with its end; with `charts` for a terminal. `rehearse` are the words for what is next.
pub fn lines(facts: &Facts, home: &Home, rehearse: &str, charts: bool) -> Vec<String> {
    let mut page = Page { lines: Vec::new(), charts };
    let count = many(facts.bank.questions.len(), "question");
    page.tell(0, &format!("{} ({}): {count}.", facts.bank.title, facts.bank.id));
    let first = hint::again(home, rehearse);
    if facts.sessions == 0 {
        page.tell(0, &format!("Nothing is recorded yet. First: {first}"));
    }
    ahead(&mut page, facts);
    if facts.sessions > 0 {
        page.tell(0, &format!("Next: {first}"));
    }
    if facts.sessions > 0 {
        rated(&mut page, facts, home);
        storied(&mut page, facts, home);
        spoken(&mut page, facts);
        said(&mut page, facts, home);
    }
    if facts.unread > 0 {
        let (count, tells) = (many(facts.unread, "session"), hint::again(home, "sessions list"));
        page.head(&format!("{count} cannot be read and {} not counted: {tells}", is(facts.unread)));
    }
    page.lines
}

/// What there is to practise.
fn ahead(page: &mut Page, facts: &Facts) {
    let schedule = &facts.schedule;
    page.head(&for_today(schedule));
    if !schedule.for_today().is_empty() {
        page.tell(INDENT, &some(schedule.for_today().iter()));
    }
    let week = schedule.due_by(schedule.today.after(6));
    if facts.sessions > 0 {
        let today = schedule.due_by(schedule.today);
        page.tell(0, &format!("Due: {today} by today, {week} within 7 days."));
    }
    let new: Vec<&Standing> = schedule.standings.iter().filter(|standing| standing.is_new()).collect();
    match new.len() {
        0 => page.tell(0, "Never asked: none."),
        count => {
            page.tell(0, &format!("Never asked: {count} of {}.", facts.bank.questions.len()));
            page.tell(INDENT, &some(new.into_iter()));
        }
    }
    let Some(day) = facts.schedule.interview else { return };
    let on = date(day).unwrap_or_default();
    match (schedule.days_left, schedule.new_a_day) {
        (Some(0), _) => page.tell(0, &format!("The interview is today, {on}.")),
        (Some(days), _) if schedule.never_asked() == 0 => {
            let days = many(days as usize, "day");
            page.tell(0, &format!("The interview is on {on}, in {days}; every question has come round."));
        }
        (Some(days), Some(new)) => {
            let (days, new) = (many(days as usize, "day"), many(new, "new question"));
            page.tell(0, &format!("The interview is on {on}, in {days}: {new} a day until then."));
        }
        _ => {}
    }
}

fn for_today(schedule: &Schedule) -> String {
    let share = schedule.share;
    let done = match schedule.answered_today {
        0 => String::new(),
        count => format!(" {count} answered today already."),
    };
    let waiting = match schedule.waiting {
        0 => String::new(),
        count => format!(" {count} more {} due and can wait.", is(count)),
    };
    match share.count() {
        0 => format!("For today: nothing more.{done}{waiting}"),
        count => format!("For today: {} ({}).{done}{waiting}", many(count, "question"), due::parts(share)),
    }
}

/// The sections that go worst by the candidate's ratings.
fn rated(page: &mut Page, facts: &Facts, home: &Home) {
    let rated: Vec<&Section> = facts.sections.iter().filter(|section| section.ratings() > 0).collect();
    if rated.is_empty() {
        let how = hint::again(home, "replay");
        page.head(&format!("No answer of this bank is rated yet: keys 1 to 4 in {how} rate one."));
        return;
    }
    page.head("Weakest sections, by your own ratings:");
    for section in rated.iter().take(SECTIONS) {
        let grades: Vec<String> =
            Grade::ALL.iter().zip(section.grades).map(|(grade, count)| format!("{count} {}", grade.word())).collect();
        let ratings = many(section.ratings(), "rating");
        page.tell(
            INDENT,
            &format!(
                "{}: {ratings}, {}; {} of {} asked",
                section.title,
                grades.join(", "),
                section.asked,
                many(section.questions, "question")
            ),
        );
    }
}

/// The candidate's stories, in a line or two.
fn storied(page: &mut Page, facts: &Facts, home: &Home) {
    let (stories, more) = (&facts.stories, hint::again(home, "stories"));
    if stories.count == 0 {
        page.head(&format!("No stories of yours yet: {more} says how they help."));
        return;
    }
    let questions = many(facts.bank.questions.len(), "question");
    page.head(&format!(
        "Your stories: {} of the {} to bring; {} of {questions} {} none of them: {more}",
        stories.count,
        stories::wanted(),
        stories.without,
        if stories.without == 1 { "has" } else { "have" },
    ));
    for (ids, what) in
        [(&stories.untold, "not told aloud yet"), (&stories.too_often, "told more often than the others")]
    {
        if !ids.is_empty() {
            page.tell(INDENT, &format!("{what}: {}", ids.join(", ")));
        }
    }
}

/// How much was practised, and when.
fn spoken(page: &mut Page, facts: &Facts) {
    let Practice { all, lately, .. } = &facts.practice;
    page.head(&format!(
        "Spoken, in all banks: {} in {}; in the last 7 days {} in {}.",
        minutes(all.time),
        many(all.sessions, "session"),
        minutes(lately.time),
        many(lately.sessions, "session")
    ));
    let weeks = facts.practice.weeks(facts.schedule.today);
    if !page.charts {
        for week in &weeks {
            page.tell(INDENT, &week_in_words(week));
        }
        return;
    }
    page.chart(format!("  {:<10}  M T W T F S S", "week from"));
    for week in &weeks {
        let shades = week.days.map(|day| day.map(|day| shade(day.time)));
        let total = if week.time().is_zero() { String::new() } else { minutes(week.time()) };
        let line = format!("  {}  {:<13}  {total}", date(week.monday).unwrap_or_default(), spark::week(&shades));
        page.chart(line.trim_end().to_owned());
    }
    let [some, more, most] = MINUTES;
    let [none, dark @ ..] = spark::SHADES;
    page.tell(
        INDENT,
        &format!(
            "{none} none, {} under {some} min, {} from {some}, {} from {more}, {} from {most} min a day",
            dark[0], dark[1], dark[2], dark[3]
        ),
    );
}

fn shade(time: Duration) -> usize {
    match time.as_secs() / 60 {
        _ if time.is_zero() => 0,
        minutes => 1 + MINUTES.iter().filter(|least| minutes >= **least).count(),
    }
}

fn week_in_words(week: &Week) -> String {
    let from = date(week.monday).unwrap_or_default();
    let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let days = names.iter().zip(&week.days).filter_map(|(name, day)| {
        let time = day.as_ref()?.time;
        (!time.is_zero()).then(|| format!("{name} {}", minutes(time)))
    });
    let days: Vec<String> = days.collect();
    match days.len() {
        0 => format!("week from {from}: none"),
        count => format!("week from {from}: {} on {}: {}", minutes(week.time()), many(count, "day"), days.join(", ")),
    }
}

/// How it was said over time.
fn said(page: &mut Page, facts: &Facts, home: &Home) {
    if facts.trends.is_empty() {
        let how = hint::again(home, "analyze latest");
        page.head(&format!("No trend yet: that takes answers of two sessions that were measured ({how})."));
        return;
    }
    page.head("How you said it, your first sessions beside your latest:");
    for trend in &facts.trends {
        trend_told(page, trend);
    }
}

fn trend_told(page: &mut Page, trend: &Trend) {
    let Trend { measure, all, first, latest, .. } = trend;
    page.tell(
        INDENT,
        &format!(
            "{}: {} {} in the first {}, {} in the latest{}",
            measure.name,
            number(measure, first.value),
            measure.unit,
            if first.sessions == 1 { "session".to_owned() } else { many(first.sessions, "session") },
            number(measure, latest.value),
            if latest.sessions == 1 { String::new() } else { format!(" {}", latest.sessions) },
        ),
    );
    let counts = format!("{}, {}", many(all.sessions, "session"), many(all.answers, "answer"));
    if page.charts {
        let width = wrap::columns().saturating_sub(2 * INDENT + 1);
        // What is told as the same is drawn as the same.
        let steps = measure.scale * 10f64.powi(measure.decimals as i32);
        let parts = trend.series(width.min(WIDEST));
        let values: Vec<f64> = parts.iter().map(|part| (part.value * steps).round() / steps).collect();
        let (low, high) = values.iter().fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(*v), high.max(*v)));
        let drawn = spark::line(&values, measure.least);
        let range = format!("{} to {}; {counts}", number(measure, low), number(measure, high));
        if 2 * INDENT + drawn.chars().count() + 2 + range.len() < wrap::columns() {
            page.chart(format!("{:1$}{drawn}  {range}", "", 2 * INDENT));
        } else {
            page.chart(format!("{:1$}{drawn}", "", 2 * INDENT));
            page.tell(2 * INDENT, &range);
        }
    } else {
        let parts: Vec<String> = trend.series(NUMBERS).iter().map(|part| number(measure, part.value)).collect();
        page.tell(2 * INDENT, &format!("over {counts}: {}", parts.join(", ")));
    }
}

fn number(measure: &Measure, value: f64) -> String {
    format!("{:.*}", measure.decimals, value * measure.scale)
}

/// The ids of questions, the first few by name.
fn some<'a>(standings: impl ExactSizeIterator<Item = &'a Standing>) -> String {
    let more = standings.len().saturating_sub(NAMED);
    let named: Vec<&str> = standings.take(NAMED).map(|standing| standing.question.as_str()).collect();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", named.join(", "))
}

/// A time in whole minutes.
fn minutes(time: Duration) -> String {
    match (time.as_secs() + 30) / 60 {
        0 if !time.is_zero() => "under 1 min".to_owned(),
        minutes => format!("{minutes} min"),
    }
}

fn many(count: usize, what: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {what}{s}")
}

fn is(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}
