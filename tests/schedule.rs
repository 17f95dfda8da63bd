//! What to practise next: the memory against the reference, the day's share, and months of practice, simulated.

use std::collections::{HashMap, HashSet};

use greenroom::interview::draw::Lots;
use greenroom::interview::schedule::share::{A_DAY, MOST_REPEATS};
use greenroom::interview::schedule::weak::RETENTION;
use greenroom::interview::schedule::{Answered, Day, Item, Memory, Schedule};
use greenroom::interview::{Grade, Seed};
use proptest::prelude::*;

/// 2026-11-21.
const TODAY: Day = Day(20_778);

const REFERENCE: &str = include_str!("golden/fsrs-6.tsv");

#[test]
fn the_memory_is_that_of_the_reference_to_a_ten_thousandth() {
    let mut compared = 0;
    for line in REFERENCE.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let reviews = columns.next().expect("a line has a history").split(' ').map(|review| {
            let (days, rating) = review.split_once(':').expect("a review has a rating");
            let rating: usize = rating.parse().expect("a rating is a number");
            (days.parse::<u32>().expect("days are a number"), Grade::ALL[rating - 1])
        });
        let memory = remembered(reviews).expect("a history has a review");
        let ours = [
            memory.stability,
            memory.difficulty,
            memory.retrievability(1),
            memory.retrievability(10),
            memory.retrievability(100),
            memory.interval(0.90),
            memory.interval(0.95),
        ];
        let theirs: Vec<f64> = columns.map(|value| value.parse().expect("a value is a number")).collect();
        assert_eq!(theirs.len(), ours.len(), "{line}");
        for (ours, theirs) in ours.into_iter().zip(theirs) {
            assert!((ours - theirs).abs() <= 1e-4 * theirs.abs(), "{line}: {ours} is not {theirs}");
            compared += 1;
        }
    }
    assert_eq!(compared, 400 * 7);
}

fn remembered(reviews: impl Iterator<Item = (u32, Grade)>) -> Option<Memory> {
    reviews.fold(None, |memory: Option<Memory>, (days, grade)| match memory {
        None => Some(Memory::first(grade)),
        Some(memory) => Some(memory.answered(days, grade)),
    })
}

proptest! {
    #[test]
    fn a_memory_stays_within_its_bounds_and_fades(
        reviews in prop::collection::vec((prop_oneof![0_u32..3, 0_u32..400, any::<u32>()], 0_usize..4), 1..60),
        days in any::<u32>(),
    ) {
        let reviews = reviews.into_iter().map(|(days, grade)| (days, Grade::ALL[grade]));
        let memory = remembered(reviews).expect("there is a review");
        prop_assert!((0.001..=36_500.0).contains(&memory.stability), "{memory:?}");
        prop_assert!((1.0..=10.0).contains(&memory.difficulty), "{memory:?}");
        let chance = memory.retrievability(days);
        prop_assert!((0.0..=1.0).contains(&chance) && memory.retrievability(0) == 1.0);
        prop_assert!(memory.retrievability(days.saturating_add(1)) <= chance);
        prop_assert!(memory.interval(0.95) < memory.interval(0.90));
        prop_assert!((memory.interval(0.90) / memory.stability - 1.0).abs() < 1e-9);
        let [again, hard, good, easy] = Grade::ALL.map(|grade| memory.answered(days, grade).stability);
        prop_assert!(again <= hard && hard <= good && good <= easy);
    }
}

/// A bank of so many questions in each section.
struct Bank(Vec<(String, String)>);

impl Bank {
    fn new(sections: &[usize]) -> Bank {
        let section = |(at, size): (usize, &usize)| {
            (0..*size).map(move |number| (format!("q{at}-{number}"), format!("s{at}"))).collect::<Vec<_>>()
        };
        Bank(sections.iter().enumerate().flat_map(section).collect())
    }

    fn items(&self) -> Vec<Item<'_>> {
        self.0.iter().map(|(question, section)| Item { question, section }).collect()
    }
}

type Past = HashMap<String, Vec<Answered>>;

/// How somebody practises.
#[derive(Debug, Clone)]
struct Habits {
    /// How likely each rating is, the worst first, in a hundred.
    grades: [u64; 4],
    /// The section that goes worse, where one does: every rating a step worse, mostly.
    weak: Option<&'static str>,
    /// So many days in a hundred without practice.
    skips: u64,
    /// So many answers in a hundred are not rated.
    unrated: u64,
    /// The most questions of a day that are answered.
    patience: usize,
}

const STEADY: Habits = Habits { grades: [10, 20, 50, 20], weak: None, skips: 0, unrated: 0, patience: usize::MAX };

/// What became of it.
struct Practice {
    past: Past,
    /// The share of each day of practice, and how many days there were left.
    days: Vec<(Schedule, usize)>,
}

/// Practises day by day until the interview, or for so many days.
fn practise(bank: &Bank, habits: &Habits, days: u32, is_interview: bool, seed: u64) -> Practice {
    let items = bank.items();
    let interview = is_interview.then(|| TODAY.after(days));
    let (mut lots, mut past, mut log) = (Lots::new(Seed(seed)), Past::new(), Vec::new());
    for day in (0..days).map(|ahead| TODAY.after(ahead)) {
        let is_last = day.after(1) == TODAY.after(days);
        if lots.below(100) < habits.skips && !is_last {
            continue;
        }
        let patience = if is_last { usize::MAX } else { habits.patience };
        let mut answered = 0;
        // What must be said again comes back; nobody says anything more than a few times a day.
        for session in 0..4 {
            let schedule = Schedule::draw(&items, &past, day, interview, Seed(lots.draw()));
            check(&items, &past, &schedule);
            let share = schedule.share;
            if session == 0 {
                assert_eq!((share.new, share.again), (schedule.new_a_day.unwrap_or(share.new), 0));
            } else if answered < patience {
                assert_eq!(share.count(), share.again, "what was for today is done");
            }
            for standing in schedule.for_today() {
                if answered < patience {
                    let grade = habits.grade(&standing.section, &mut lots);
                    past.entry(standing.question.clone()).or_default().push(Answered { day, grade });
                    answered += 1;
                }
            }
            if session == 0 {
                log.push((schedule, answered));
            }
        }
    }
    Practice { past, days: log }
}

impl Habits {
    fn grade(&self, section: &str, lots: &mut Lots) -> Option<Grade> {
        if lots.below(100) < self.unrated {
            return None;
        }
        let mut lot = lots.below(self.grades.iter().sum());
        let drawn = self.grades.iter().position(|share| {
            let is_it = lot < *share;
            lot = lot.wrapping_sub(*share);
            is_it
        });
        let worse = usize::from(self.weak == Some(section) && lots.below(100) < 80);
        Some(Grade::ALL[drawn.expect("the lot is below the sum").saturating_sub(worse)])
    }
}

/// What holds of every schedule.
#[track_caller]
fn check(items: &[Item<'_>], past: &Past, schedule: &Schedule) {
    let known: HashSet<&str> = items.iter().map(|item| item.question).collect();
    let order: HashSet<&str> = schedule.standings.iter().map(|standing| standing.question.as_str()).collect();
    assert_eq!(order, known);
    assert_eq!(schedule.standings.len(), known.len(), "nothing stands in it twice");
    for standing in schedule.for_today() {
        let newest = past.get(&standing.question).and_then(|answers| answers.last());
        let again = newest.is_some_and(|answer| answer.grade == Some(Grade::Again));
        assert!(standing.last != Some(schedule.today) || again, "{standing:?} was answered today");
    }
    let share = schedule.share;
    match (schedule.days_left, schedule.new_a_day) {
        (Some(left @ 1..), Some(new)) => {
            let (left, never_asked) = (left as usize, schedule.never_asked());
            assert!(share.due + share.ahead <= MOST_REPEATS && share.new <= new);
            assert!(share.new == 0 || new.saturating_sub(1) * left <= never_asked + schedule.answered_today);
            assert!(schedule.answered_today > 0 || new * left >= never_asked);
        }
        _ => assert!(share.due + share.new <= A_DAY && share.ahead == 0),
    }
}

/// How many questions of a section came, by the mean.
fn times(practice: &Practice, bank: &Bank, passes: impl Fn(&str) -> bool) -> f64 {
    let counts = bank.0.iter().filter(|(_, section)| passes(section));
    let counts: Vec<usize> = counts.map(|(id, _)| practice.past.get(id).map_or(0, Vec::len)).collect();
    counts.iter().sum::<usize>() as f64 / counts.len() as f64
}

fn candidates() -> Vec<Habits> {
    let strong = Habits { grades: [1, 4, 45, 50], ..STEADY };
    let weak = Habits { grades: [40, 40, 18, 2], ..STEADY };
    let hopeless = Habits { grades: [100, 0, 0, 0], ..STEADY };
    let silent = Habits { unrated: 100, ..STEADY };
    let forgetful = Habits { unrated: 40, weak: Some("s1"), ..STEADY };
    vec![STEADY, strong, weak, hopeless, silent, forgetful]
}

#[test]
fn every_question_comes_round_before_the_interview_whoever_practises_each_days_share() {
    for (sections, days) in [
        (&[10, 10, 10, 10][..], 2),
        (&[10, 10, 10, 10], 1),
        (&[13, 7, 22, 8], 9),
        (&[10, 10, 10, 10], 30),
        (&[40, 1, 9], 90),
        (&[1], 9),
    ] {
        let bank = Bank::new(sections);
        for (seed, habits) in candidates().into_iter().enumerate() {
            let practice = practise(&bank, &habits, days, true, seed as u64);
            for (question, _) in &bank.0 {
                assert!(practice.past.contains_key(question), "{question} never came: {habits:?}, {days} days");
            }
            let new: Vec<usize> = practice.days.iter().map(|(schedule, _)| schedule.share.new).collect();
            let (most, least) = (new[0], new.iter().filter(|new| **new > 0).min());
            assert!(new.is_sorted_by(|one, other| one >= other), "{new:?}");
            assert!(least.is_none_or(|least| most - least <= 1), "spread evenly: {new:?}");
        }
    }
}

#[test]
fn days_that_were_skipped_or_cut_short_are_made_up_for() {
    for seed in 0..60 {
        for days in [2, 9, 30] {
            let bank = Bank::new(&[12, 20, 8]);
            let mut habits = candidates().swap_remove(seed as usize % 6);
            (habits.skips, habits.patience) = (seed % 10 * 10, 1 + seed as usize % 7);
            let practice = practise(&bank, &habits, days, true, seed);
            let missing: Vec<_> = bank.0.iter().filter(|(question, _)| !practice.past.contains_key(question)).collect();
            assert!(missing.is_empty(), "{missing:?} never came: {habits:?}, {days} days");
        }
    }
}

#[test]
fn what_was_seen_comes_again_before_the_interview() {
    let bank = Bank::new(&[10, 10]);
    let practice = practise(&bank, &STEADY, 30, true, 3);
    let interview = TODAY.after(30);
    let eve = Schedule::draw(&bank.items(), &practice.past, interview, Some(interview), Seed(1));
    let chance = eve.standings.iter().map(|standing| standing.chance(interview)).sum::<f64>() / 20.0;
    assert!(chance > 0.90, "{chance}");
    assert!(times(&practice, &bank, |_| true) > 3.0);
}

#[test]
fn nobody_is_asked_more_than_a_sensible_number_of_repeats_and_none_waits_for_ever() {
    let bank = Bank::new(&[25, 25]);
    for habits in candidates() {
        let practice = practise(&bank, &habits, 90, false, 5);
        let newest = TODAY.after(89);
        for (question, _) in &bank.0 {
            let last = practice.past.get(question).and_then(|answers| answers.last()).expect("it came");
            let memory = Schedule::draw(&bank.items(), &practice.past, newest, None, Seed(1));
            let standing = memory.standings.iter().find(|each| each.question == *question).expect("it is there");
            let waits = newest.since(standing.due.expect("it was asked"));
            assert!(waits < 40, "{question} waits for {waits} days after {last:?}: {habits:?}");
        }
        assert!(practice.days.iter().all(|(schedule, _)| schedule.share.count() <= A_DAY));
    }
}

#[test]
fn weak_sections_come_up_more() {
    let bank = Bank::new(&[10, 10, 10, 10]);
    for is_interview in [true, false] {
        let (mut weak, mut others) = (0.0, 0.0);
        for seed in 0..20 {
            let habits = Habits { weak: Some("s2"), grades: [2, 18, 60, 20], ..STEADY };
            let practice = practise(&bank, &habits, 60, is_interview, seed);
            weak += times(&practice, &bank, |section| section == "s2");
            others += times(&practice, &bank, |section| section != "s2");
            let (last, _) = practice.days.last().expect("there were days");
            assert_eq!(last.sections[0].section, "s2", "the weakest is the first");
        }
        assert!(weak > 1.5 * others, "{weak} {others}");
    }
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
fn without_a_date_new_questions_come_however_much_is_due() {
    let bank = Bank::new(&[20, 20]);
    let practice = practise(&bank, &Habits { unrated: 100, ..STEADY }, 30, false, 9);
    assert!(bank.0.iter().all(|(question, _)| practice.past.contains_key(question)));
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
