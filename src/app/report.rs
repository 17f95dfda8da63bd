//! What a session left behind, as JSON for other programs.

use serde::Serialize;

use crate::store::manifest::Manifest;

/// The number that grows when a reader of the JSON would have to change.
pub const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Report<'a> {
    schema: u32,
    session: &'a str,
    seed: u64,
    outcome: &'a str,
    turns: Vec<TurnReport<'a>>,
}

#[derive(Serialize)]
struct TurnReport<'a> {
    question: &'a str,
    section: &'a str,
    state: &'a str,
    takes: Vec<TakeReport<'a>>,
}

#[derive(Serialize)]
struct TakeReport<'a> {
    take: u32,
    file: &'a str,
    frames: u64,
    rate: u32,
    end: &'a str,
    dropped: u64,
}

/// The report of a session.
pub fn of(manifest: &Manifest) -> impl Serialize + '_ {
    let turns = manifest.turns.iter().map(|turn| TurnReport {
        question: &turn.question,
        section: &turn.section,
        state: &turn.state,
        takes: turn
            .recorded()
            .into_iter()
            .flat_map(|take| take.parts.into_iter().map(move |part| (take.number, part)))
            .map(|(number, take)| TakeReport {
                take: number,
                file: &take.file,
                frames: take.frames,
                rate: take.rate,
                end: &take.end,
                dropped: take.dropped,
            })
            .collect(),
    });
    Report {
        schema: SCHEMA,
        session: &manifest.session,
        seed: manifest.seed,
        outcome: &manifest.outcome,
        turns: turns.collect(),
    }
}
