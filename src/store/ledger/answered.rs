//! When each question was answered, by the candidate's own calendar.

use std::collections::HashMap;

use chrono::{DateTime, Local};

use super::digest::{Digest, State};
use crate::interview::Grade;
use crate::interview::schedule::{Answered, Day};
use crate::store::calendar;

/// The kind of sessions in which nobody practises.
const DEMO: &str = "demo";

/// The earlier answers to each question of a bank, the oldest first; days are those of the local calendar.
///
/// Follow-ups and demonstrations do not count, nor does a question that was skipped: what nobody said is not practised.
/// One that was broken off counts where something was recorded. Of one session and question the newest take counts, once.
pub fn answered(digests: &[Digest], bank: &str) -> HashMap<String, Vec<Answered>> {
    let mut sessions: Vec<(i64, &Digest)> =
        digests.iter().filter(|digest| digest.is_practice() && digest.head.bank == bank).filter_map(dated).collect();
    sessions.sort_by_key(|(began, _)| *began);
    let mut found: HashMap<String, Vec<Answered>> = HashMap::new();
    for (began, digest) in sessions {
        let Some(day) = day_of(began) else { continue };
        // Few enough to be looked through; the newest take of a question has the last word, where it has one.
        let mut of_session: Vec<(&str, Option<Grade>)> = Vec::new();
        for turn in &digest.turns {
            let said = turn.state == State::Answered || (turn.state != State::Skipped && turn.takes > 0);
            if turn.follow_up || !said {
                continue;
            }
            match of_session.iter_mut().find(|(question, _)| *question == turn.question) {
                Some((_, grade)) => *grade = turn.grade.or(*grade),
                None => of_session.push((&turn.question, turn.grade)),
            }
        }
        for (question, grade) in of_session {
            let answer = Answered { day, grade };
            match found.get_mut(question) {
                Some(answers) => answers.push(answer),
                None => drop(found.insert(question.to_owned(), vec![answer])),
            }
        }
    }
    found
}

fn dated(digest: &Digest) -> Option<(i64, &Digest)> {
    Some((digest.head.began?, digest))
}

impl Digest {
    /// Whether the candidate practised in it: not in a demonstration.
    pub fn is_practice(&self) -> bool {
        self.head.kind != DEMO
    }
}

/// The local day of a moment, in seconds since 1970; `None` where no calendar has it.
pub fn day_of(moment: i64) -> Option<Day> {
    Some(calendar::day_of(DateTime::from_timestamp(moment, 0)?.with_timezone(&Local).date_naive()))
}
