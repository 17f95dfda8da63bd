//! The candidate's earlier answers, as they were measured: what an answer is compared with.
//!
//! Nobody is compared with anybody else.

use std::collections::HashMap;
use std::path::Path;

use super::{coach, measure};
use crate::speech::guidance::{Facts, MOST_EARLIER};
use crate::store::analysis::Analysis;
use crate::store::home::Home;
use crate::store::manifest::{Manifest, ManifestTurn, Recorded};
use crate::store::{analyses, catalogue, recovery};

/// Among so many of the newest sessions earlier answers are looked for.
const NEWEST: usize = 200;

/// The same, where only what was measured already is of use, and a session waits to begin.
const NEWEST_SOON: usize = 20;

/// So many earlier takes of a question are compared with.
pub const MOST_TAKES: usize = 3;

/// The facts of the newest answers that were measured, the oldest first.
pub fn facts(home: &Home) -> Vec<Facts> {
    let mut found = Vec::new();
    for path in catalogue::folders(home).unwrap_or_default().iter().take(NEWEST_SOON) {
        let Ok(manifest) = recovery::look(path) else { continue };
        if manifest.kind == "demo" {
            continue;
        }
        for (turn, asked) in manifest.turns.iter().enumerate().rev() {
            let answer = asked.recorded().into_iter().rev().find(is_answer);
            found.extend(answer.and_then(|take| analyses::read(path, turn, &take)).map(|of| coach::facts(&of, true)));
        }
        if found.len() >= MOST_EARLIER {
            break;
        }
    }
    found.truncate(MOST_EARLIER);
    found.reverse();
    found
}

/// Whether a take answers its question: nothing broke it off.
pub fn is_answer(take: &Recorded<'_>) -> bool {
    matches!(take.end(), "done" | "time-up" | "silence")
}

/// The earlier takes of the questions of a session: by question, the oldest first, [`MOST_TAKES`] of each at most.
///
/// Those of the session itself come from the caller, who knows them.
pub fn takes(home: &Home, of: &Manifest) -> HashMap<String, Vec<Analysis>> {
    let mut found: HashMap<String, Vec<Analysis>> = HashMap::new();
    if of.kind == "demo" {
        return found;
    }
    let wanted = |turn: &ManifestTurn| turn.follow_up.is_none() && turn.state == "answered";
    let questions: Vec<&str> = of.turns.iter().filter(|turn| wanted(turn)).map(|turn| turn.question.as_str()).collect();
    for path in catalogue::folders(home).unwrap_or_default().iter().take(NEWEST) {
        let Ok(manifest) = recovery::look(path) else { continue };
        // RFC 3339 in UTC sorts as time does.
        if manifest.kind == "demo" || manifest.bank != of.bank || manifest.started >= of.started {
            continue;
        }
        for (turn, asked) in manifest.turns.iter().enumerate().filter(|(_, turn)| wanted(turn)) {
            if questions.contains(&asked.question.as_str()) {
                gather(found.entry(asked.question.clone()).or_default(), path, turn, asked);
            }
        }
        if questions.iter().all(|question| found.get(*question).is_some_and(|takes| takes.len() >= MOST_TAKES)) {
            break;
        }
    }
    for takes in found.values_mut() {
        takes.reverse();
    }
    found
}

/// Adds the takes of a turn, the newest first.
fn gather(takes: &mut Vec<Analysis>, session: &Path, turn: usize, asked: &ManifestTurn) {
    for take in asked.recorded().iter().rev().filter(|take| is_answer(take)) {
        if takes.len() >= MOST_TAKES {
            return;
        }
        takes.extend(measure::take(session, turn, take).ok());
    }
}
