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

/// The facts of the newest answers that were measured, the oldest first; only of sessions that began before `started`,
/// where that is given.
pub fn facts(home: &Home, started: Option<&str>) -> Vec<Facts> {
    let mut found = Vec::new();
    for path in catalogue::folders(home).unwrap_or_default().iter().take(NEWEST_SOON) {
        let Ok(manifest) = recovery::look(path) else { continue };
        // RFC 3339 in UTC sorts as time does.
        if manifest.kind == "demo" || started.is_some_and(|started| manifest.started.as_str() >= started) {
            continue;
        }
        for (turn, asked) in manifest.turns.iter().enumerate().rev() {
            let answers = asked.recorded().into_iter().rev().filter(is_answer);
            let kept = answers.filter_map(|take| analyses::read(path, turn, &take));
            found.extend(kept.map(|of| coach::facts(&of, true)));
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
pub fn takes(home: &Home, of: &Manifest) -> HashMap<String, Vec<Earlier>> {
    let mut found: HashMap<String, Vec<Earlier>> = HashMap::new();
    if of.kind == "demo" {
        return found;
    }
    let wanted = |turn: &ManifestTurn| turn.follow_up.is_none() && turn.state == "answered";
    let questions: Vec<&str> = of.turns.iter().filter(|turn| wanted(turn)).map(|turn| turn.question.as_str()).collect();
    for path in catalogue::folders(home).unwrap_or_default().iter().take(NEWEST) {
        let Ok(manifest) = recovery::look(path) else { continue };
        if manifest.kind == "demo" || manifest.bank != of.bank || manifest.started >= of.started {
            continue;
        }
        for (turn, asked) in manifest.turns.iter().enumerate().filter(|(_, turn)| wanted(turn)) {
            if questions.contains(&asked.question.as_str()) {
                gather(found.entry(asked.question.clone()).or_default(), path, &manifest, turn);
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

/// An earlier take.
#[derive(Debug, Clone, PartialEq)]
pub struct Earlier {
    /// Its session.
    pub session: String,
    /// When that began: RFC 3339, UTC.
    pub started: String,
    /// Which take of its question it is, from 1.
    pub take: u32,
    /// What was measured of it.
    pub analysis: Analysis,
}

/// Adds the takes of a turn, the newest first.
fn gather(takes: &mut Vec<Earlier>, path: &Path, manifest: &Manifest, turn: usize) {
    for take in manifest.turns[turn].recorded().iter().rev().filter(|take| is_answer(take)) {
        if takes.len() >= MOST_TAKES {
            return;
        }
        let Ok(analysis) = measure::take(path, turn, take) else { continue };
        let (session, started) = (manifest.session.clone(), manifest.started.clone());
        takes.push(Earlier { session, started, take: take.number, analysis });
    }
}
