//! What a session left behind, as JSON for other programs.

use serde::Serialize;

use crate::store::manifest::Manifest;
use crate::store::panel_part::ManifestPanelist;
use crate::store::review::{Grade, Review};

/// The number that grows when a reader of the JSON would have to change.
pub const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Report<'a> {
    schema: u32,
    session: &'a str,
    seed: u64,
    outcome: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    panel: Option<PanelReport<'a>>,
    turns: Vec<TurnReport<'a>>,
}

#[derive(Serialize)]
struct PanelReport<'a> {
    id: &'a str,
    length_s: f64,
    panelists: Vec<PanelistReport<'a>>,
}

#[derive(Serialize)]
struct PanelistReport<'a> {
    id: &'a str,
    role: &'a str,
    voice: &'a str,
}

#[derive(Serialize)]
struct TurnReport<'a> {
    question: &'a str,
    section: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    panelist: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    follow_up: Option<&'a str>,
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
    rating: Option<&'a str>,
    notes: Vec<NoteReport>,
}

#[derive(Serialize)]
struct NoteReport {
    at_s: f64,
    text: String,
}

/// The report of a session, with what the person said of its takes.
pub fn of<'a>(manifest: &'a Manifest, review: &Review) -> impl Serialize + 'a {
    let turns = manifest.turns.iter().map(|turn| TurnReport {
        question: &turn.question,
        section: &turn.section,
        panelist: turn.panelist.as_deref(),
        follow_up: turn.follow_up.as_deref(),
        state: &turn.state,
        takes: turn
            .recorded()
            .into_iter()
            .flat_map(|take| {
                // A take of several files is rated as one, by the first of them.
                let rating = take.parts.first().and_then(|first| review.rating(&first.file)).map(Grade::word);
                take.parts.into_iter().map(move |part| (take.number, rating, part))
            })
            .map(|(number, rating, take)| TakeReport {
                take: number,
                file: &take.file,
                frames: take.frames,
                rate: take.rate,
                end: &take.end,
                dropped: take.dropped,
                rating,
                notes: review
                    .notes_of(&take.file)
                    .map(|note| NoteReport { at_s: note.at_s, text: note.text().to_string() })
                    .collect(),
            })
            .collect(),
    });
    let panelist = |one: &'a ManifestPanelist| PanelistReport { id: &one.id, role: &one.role, voice: &one.voice };
    let panel = manifest.panel.as_ref().map(|panel| PanelReport {
        id: &panel.id,
        length_s: panel.length_s,
        panelists: panel.panelists.iter().map(panelist).collect(),
    });
    Report {
        schema: SCHEMA,
        session: &manifest.session,
        seed: manifest.seed,
        outcome: &manifest.outcome,
        panel,
        turns: turns.collect(),
    }
}
