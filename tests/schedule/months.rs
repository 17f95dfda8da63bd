//! Months of practice by all kinds of candidates.

use std::collections::HashSet;

use greenroom::interview::draw::Lots;
use greenroom::interview::schedule::share::{A_DAY, MOST_REPEATS};
use greenroom::interview::schedule::{Answered, Item, Schedule};
use greenroom::interview::{Grade, Seed};

use super::{Bank, Past, TODAY};

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
fn none_waits_for_ever_behind_those_that_come_every_day() {
    let bank = Bank::new(&[25, 25]);
    for habits in candidates() {
        let practice = practise(&bank, &habits, 120, false, 5);
        let schedule = Schedule::draw(&bank.items(), &practice.past, TODAY.after(120), None, Seed(1));
        for standing in &schedule.standings {
            assert!(standing.urgency(schedule.today) < 20.0, "{standing:?}: {habits:?}");
        }
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
fn without_a_date_new_questions_come_however_much_is_due() {
    let bank = Bank::new(&[20, 20]);
    let practice = practise(&bank, &Habits { unrated: 100, ..STEADY }, 30, false, 9);
    assert!(bank.0.iter().all(|(question, _)| practice.past.contains_key(question)));
}
