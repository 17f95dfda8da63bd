//! What `greenroom progress` tells, as JSON for other programs.

use serde::Serialize;

use super::facts::{Facts, Section};
use super::spoken::Spoken;
use super::trends::{Mean, Trend};
use crate::app::report::SCHEMA;
use crate::interview::schedule::{Day, Standing};
use crate::store::calendar;

/// The most parts of a series.
const PARTS: usize = 40;

#[derive(Serialize)]
struct Form<'a> {
    schema: u32,
    bank: &'a str,
    title: &'a str,
    questions: usize,
    today: Option<String>,
    interview_on: Option<String>,
    days_left: Option<u32>,
    new_a_day: Option<usize>,
    answered_today: usize,
    for_today: ShareForm<'a>,
    due: DueForm,
    never_asked: NeverForm<'a>,
    sections: Vec<SectionForm<'a>>,
    sessions: usize,
    unread: usize,
    spoken: SpokenForm,
    spoken_last_7_days: SpokenForm,
    calendar: Vec<DayForm>,
    trends: Vec<TrendForm>,
}

#[derive(Serialize)]
struct ShareForm<'a> {
    count: usize,
    due: usize,
    new: usize,
    ahead: usize,
    again: usize,
    questions: Vec<&'a str>,
}

#[derive(Serialize)]
struct DueForm {
    today: usize,
    next_7_days: usize,
}

#[derive(Serialize)]
struct NeverForm<'a> {
    count: usize,
    questions: Vec<&'a str>,
}

#[derive(Serialize)]
struct SectionForm<'a> {
    section: &'a str,
    title: &'a str,
    questions: usize,
    asked: usize,
    ratings: usize,
    again: usize,
    hard: usize,
    good: usize,
    easy: usize,
    weakness: f64,
}

#[derive(Serialize)]
struct SpokenForm {
    seconds: f64,
    sessions: usize,
}

#[derive(Serialize)]
struct DayForm {
    day: Option<String>,
    #[serde(flatten)]
    spoken: SpokenForm,
}

#[derive(Serialize)]
struct TrendForm {
    measure: &'static str,
    sessions: usize,
    answers: usize,
    first: MeanForm,
    latest: MeanForm,
    series: Vec<MeanForm>,
}

#[derive(Serialize)]
struct MeanForm {
    mean: f64,
    sessions: usize,
    answers: usize,
}

/// The form of all that is told.
pub fn of<'a>(facts: &'a Facts<'_>) -> impl Serialize + 'a {
    let schedule = &facts.schedule;
    let share = schedule.share;
    let ids = |standings: &'a [Standing]| standings.iter().map(|standing| standing.question.as_str());
    let new = schedule.standings.iter().filter(|standing| standing.is_new());
    let weeks = facts.practice.weeks(schedule.today);
    let days = weeks.iter().flat_map(|week| {
        let nth = |(nth, spoken): (usize, &Option<Spoken>)| {
            let day = date(Day(week.monday.0.saturating_add(nth as i32)));
            spoken.map(|spoken| DayForm { day, spoken: SpokenForm::of(spoken) })
        };
        week.days.iter().enumerate().filter_map(nth)
    });
    Form {
        schema: SCHEMA,
        bank: &facts.bank.id,
        title: facts.bank.title.as_str(),
        questions: facts.bank.questions.len(),
        today: date(schedule.today),
        interview_on: facts.schedule.interview.and_then(date),
        days_left: schedule.days_left,
        new_a_day: schedule.new_a_day,
        answered_today: schedule.answered_today,
        for_today: ShareForm {
            count: share.count(),
            due: share.due,
            new: share.new,
            ahead: share.ahead,
            again: share.again,
            questions: ids(schedule.for_today()).collect(),
        },
        due: DueForm { today: schedule.due_by(schedule.today), next_7_days: schedule.due_by(schedule.today.after(6)) },
        never_asked: NeverForm {
            count: schedule.never_asked(),
            questions: new.map(|standing| standing.question.as_str()).collect(),
        },
        sections: facts.sections.iter().map(SectionForm::of).collect(),
        sessions: facts.sessions,
        unread: facts.unread,
        spoken: SpokenForm::of(facts.practice.all),
        spoken_last_7_days: SpokenForm::of(facts.practice.lately),
        calendar: days.collect(),
        trends: facts.trends.iter().map(TrendForm::of).collect(),
    }
}

/// A day as it is written.
pub fn date(day: Day) -> Option<String> {
    calendar::date_of(day).map(|date| date.to_string())
}

impl SectionForm<'_> {
    fn of<'a>(section: &'a Section<'_>) -> SectionForm<'a> {
        let [again, hard, good, easy] = section.grades;
        SectionForm {
            section: section.id,
            title: section.title,
            questions: section.questions,
            asked: section.asked,
            ratings: section.ratings(),
            again,
            hard,
            good,
            easy,
            weakness: round(section.weakness),
        }
    }
}

impl SpokenForm {
    fn of(spoken: Spoken) -> SpokenForm {
        SpokenForm { seconds: round(spoken.time.as_secs_f64()), sessions: spoken.sessions }
    }
}

impl TrendForm {
    fn of(trend: &Trend) -> TrendForm {
        TrendForm {
            measure: trend.measure.id,
            sessions: trend.all.sessions,
            answers: trend.all.answers,
            first: MeanForm::of(&trend.first),
            latest: MeanForm::of(&trend.latest),
            series: trend.series(PARTS).iter().map(MeanForm::of).collect(),
        }
    }
}

impl MeanForm {
    fn of(mean: &Mean) -> MeanForm {
        MeanForm { mean: round(mean.value), sessions: mean.sessions, answers: mean.answers }
    }
}

/// No finer than anything is measured.
fn round(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
