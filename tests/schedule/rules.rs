//! What holds on one day.

use std::collections::HashSet;

use greenroom::interview::schedule::share::{A_DAY, MOST_REPEATS};
use greenroom::interview::schedule::weak::RETENTION;
use greenroom::interview::schedule::{Answered, Day, Item, Schedule, Standing};
use greenroom::interview::{Grade, Seed};
use proptest::prelude::*;

use super::{Bank, Past, TODAY};

#[test]
fn what_will_have_faded_is_spread_over_the_days_that_remain() {
    let yesterday = Answered { day: Day(TODAY.0 - 1), grade: Some(Grade::Good) };
    let share = |questions: usize, interview: Option<u32>| {
        let bank = Bank::new(&[questions]);
        let past: Past = bank.0.iter().map(|(question, _)| (question.clone(), vec![yesterday])).collect();
        Schedule::draw(&bank.items(), &past, TODAY, interview.map(|ahead| TODAY.after(ahead)), Seed(1)).share
    };
    // Each is known until tomorrow, and not the day after.
    assert_eq!(share(16, Some(1)).count(), 0);
    assert_eq!((share(16, Some(2)).ahead, share(16, Some(2)).count()), (8, 8));
    assert_eq!(share(40, Some(2)).ahead, MOST_REPEATS, "and no more of it than is sensible");
    assert_eq!(share(16, None).count(), 0, "without a date it can wait");
}

#[test]
fn the_same_ratings_bring_a_question_of_a_weak_section_back_earlier() {
    let bank = Bank::new(&[10, 10]);
    let mut past = Past::new();
    for (question, section) in &bank.0 {
        let grade = if section == "s1" && question != "q1-0" { Grade::Hard } else { Grade::Good };
        let answers = [10, 7].map(|ago| Answered { day: Day(TODAY.0 - ago), grade: Some(grade) });
        past.insert(question.clone(), answers.to_vec());
    }
    let schedule = Schedule::draw(&bank.items(), &past, TODAY, None, Seed(1));
    let due = |id: &str| schedule.standings.iter().find(|each| each.question == id).and_then(|each| each.due);
    assert!(due("q1-0") < due("q0-0"), "{:?} {:?}", due("q1-0"), due("q0-0"));
    let [weak, other] = &schedule.sections[..] else { panic!("there are two sections") };
    assert_eq!((weak.section.as_str(), weak.ratings, other.ratings), ("s1", 20, 20));
    assert!(weak.retention > RETENTION + 0.01 && other.retention == RETENTION);
}

#[test]
fn new_questions_come_from_all_sections_in_turn_and_from_weak_ones_first() {
    let bank = Bank::new(&[10, 10, 10, 10]);
    let section = |schedule: &Schedule, at: usize| schedule.standings[at].section.clone();
    let fresh = Schedule::draw(&bank.items(), &Past::new(), TODAY, Some(TODAY.after(5)), Seed(4));
    let first: HashSet<String> = (0..4).map(|at| section(&fresh, at)).collect();
    assert_eq!(first.len(), 4, "each section has its turn");
    let other = Schedule::draw(&bank.items(), &Past::new(), TODAY, Some(TODAY.after(5)), Seed(5));
    assert_ne!(fresh.order(), other.order());
    let of_one = |seed| Schedule::draw(&Bank::new(&[10]).items(), &Past::new(), TODAY, None, Seed(seed)).order();
    assert_ne!(of_one(4), of_one(5), "the seed decides within a section too");

    let mut past = Past::new();
    for (question, section) in bank.0.iter().filter(|(question, _)| question.ends_with(['0', '1', '2'])) {
        let grade = if section == "s3" { Grade::Again } else { Grade::Easy };
        past.insert(question.clone(), vec![Answered { day: Day(TODAY.0 - 1), grade: Some(grade) }]);
    }
    let schedule = Schedule::draw(&bank.items(), &past, TODAY, Some(TODAY.after(4)), Seed(4));
    let new: Vec<&str> =
        schedule.for_today().iter().filter(|each| each.is_new()).map(|each| each.section.as_str()).collect();
    assert_eq!(new.len(), 7);
    assert!(new.iter().filter(|section| **section == "s3").count() >= 3 && new[0] == "s3", "{new:?}");
}

#[test]
fn on_the_day_itself_there_is_a_little_to_warm_up() {
    let bank = Bank::new(&[40]);
    let schedule = Schedule::draw(&bank.items(), &Past::new(), TODAY, Some(TODAY), Seed(1));
    assert_eq!((schedule.share.count(), schedule.days_left, schedule.new_a_day), (A_DAY, Some(0), Some(40)));
    let passed = Schedule::draw(&bank.items(), &Past::new(), TODAY, Some(Day(TODAY.0 - 1)), Seed(1));
    assert_eq!((passed.interview, passed.days_left, passed.share.count()), (None, None, A_DAY));
    let soon = Schedule::draw(&bank.items(), &Past::new(), TODAY, Some(TODAY.after(2)), Seed(1));
    assert_eq!((soon.share.count(), soon.days_left, soon.new_a_day), (20, Some(2), Some(20)));
}

#[test]
fn what_must_be_said_again_comes_back_the_same_day_and_nothing_else_does() {
    let bank = Bank::new(&[6]);
    let mut past = Past::new();
    for (at, grade) in [Some(Grade::Again), Some(Grade::Hard), None].into_iter().enumerate() {
        past.insert(format!("q0-{at}"), vec![Answered { day: TODAY, grade }]);
    }
    let today = |past: &Past| Schedule::draw(&bank.items(), past, TODAY, Some(TODAY.after(2)), Seed(1));
    let schedule = today(&past);
    assert_eq!((schedule.share.again, schedule.share.new, schedule.share.count()), (1, 0, 1));
    assert_eq!(schedule.for_today()[0].question, "q0-0");
    past.entry("q0-0".to_owned()).or_default().push(Answered { day: TODAY, grade: Some(Grade::Hard) });
    assert_eq!(today(&past).share.count(), 0);
    let due: Vec<_> = today(&past).standings.iter().filter_map(|each| each.due).collect();
    assert_eq!(due, vec![TODAY.after(1); 3], "the day after, rated hard or not at all");
}

proptest! {
    #[test]
    fn whatever_is_in_the_past_there_is_a_schedule(
        sections in prop::collection::vec(1_usize..12, 0..5),
        answers in prop::collection::vec((0_usize..40, prop_oneof![any::<i32>(), -40..40_i32], 0_usize..5), 0..200),
        today in prop_oneof![Just(0), any::<i32>(), -3..3_i32],
        interview in prop::option::of(prop_oneof![any::<i32>(), -40..40_i32]),
        seed in any::<u64>(),
    ) {
        let bank = Bank::new(&sections);
        let mut past = Past::new();
        for (at, day, grade) in answers {
            let id = bank.0.get(at).map_or_else(|| format!("gone-{at}"), |(id, _)| id.clone());
            let grade = Grade::ALL.get(grade).copied();
            past.entry(id).or_default().push(Answered { day: Day(day), grade });
        }
        let draw = || Schedule::draw(&bank.items(), &past, Day(today), interview.map(Day), Seed(seed));
        let schedule = draw();
        prop_assert_eq!(&schedule, &draw(), "the same again");
        prop_assert_eq!(schedule.standings.len(), bank.0.len());
        prop_assert!(schedule.share.count() <= bank.0.len());
        let mut order = schedule.order();
        order.sort();
        order.dedup();
        prop_assert_eq!(order.len(), bank.0.len());
        for standing in &schedule.standings {
            prop_assert!(standing.retrievability.is_none_or(|chance| (0.0..=1.0).contains(&chance)));
            prop_assert_eq!(standing.is_new(), standing.due.is_none());
        }
        for section in &schedule.sections {
            prop_assert!((0.0..=1.0).contains(&section.weakness) && (0.90..=0.95 + 1e-9).contains(&section.retention));
        }
    }
}

#[test]
fn a_clock_that_was_wrong_neither_hides_a_question_nor_brings_it_back_for_ever() {
    let bank = Bank::new(&[2]);
    let ahead = Answered { day: TODAY.after(400), grade: Some(Grade::Easy) };
    let mut past = Past::from([("q0-0".to_owned(), vec![ahead])]);
    let of = |past: &Past, today: Day| {
        let schedule = Schedule::draw(&bank.items(), past, today, None, Seed(1));
        schedule.standings.into_iter().find(|each| each.question == "q0-0").expect("it is there")
    };
    let standing = of(&past, TODAY);
    assert_eq!((standing.due, standing.last, standing.times, standing.is_new()), (Some(TODAY), None, 1, false));
    past.entry("q0-0".to_owned()).or_default().push(Answered { day: TODAY, grade: Some(Grade::Good) });
    assert_eq!(of(&past, TODAY).due, Some(TODAY.after(2)));
}

#[test]
fn the_order_of_the_days_counts_and_not_that_of_the_list() {
    let item = Item { question: "q", section: "s" };
    let answers = [(9, Grade::Good), (4, Grade::Good), (1, Grade::Again)];
    let answers = answers.map(|(ago, grade)| Answered { day: Day(TODAY.0 - ago), grade: Some(grade) });
    let standing = Standing::on(item, &answers, TODAY, RETENTION);
    let mut turned = answers;
    turned.reverse();
    assert_eq!(standing, Standing::on(item, &turned, TODAY, RETENTION));
    assert_eq!((standing.due, standing.urgency(TODAY)), (Some(Day(TODAY.0 - 1)), 1.0), "however well it was known");
    let unrated = [answers[0], Answered { day: TODAY, grade: None }];
    let standing = Standing::on(item, &unrated, TODAY, RETENTION);
    assert_eq!(standing.due, Some(TODAY.after(1)), "whenever it was due by its rating");
}

#[test]
fn thousands_of_answers_are_no_burden() {
    let bank = Bank::new(&[50, 50]);
    let answers = |at: usize| (0..3_000).map(move |ago| (ago, Grade::ALL[(at + ago as usize) % 4]));
    let past: Past = (bank.0.iter().enumerate())
        .map(|(at, (id, _))| {
            let answers =
                answers(at).rev().map(|(ago, grade)| Answered { day: Day(TODAY.0 - ago), grade: Some(grade) });
            (id.clone(), answers.collect())
        })
        .collect();
    let schedule = Schedule::draw(&bank.items(), &past, TODAY, Some(TODAY.after(7)), Seed(1));
    assert_eq!((schedule.standings[0].times, schedule.answered_today), (3_000, 100));
    assert!(schedule.sections.iter().all(|section| section.ratings == 150_000));
}
