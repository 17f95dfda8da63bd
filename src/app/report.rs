//! What a session left behind, as JSON for other programs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::answers::Answers;
use super::coach;
use crate::speech::guidance::{Guidance, Kind};
use crate::store::analysis::Analysis;
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
    /// The ids of the points that the person found in it, where any were ticked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    points: Vec<String>,
    /// The id of the story that it told.
    #[serde(skip_serializing_if = "Option::is_none")]
    story: Option<String>,
    notes: Vec<NoteReport>,
    /// Where in the file the person counted filler words, in seconds, where they did.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    taps: Vec<f64>,
    /// Of a take that answers its question, at the first of its files.
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery: Option<Delivery>,
}

/// How an answer was said: the numbers that are told; all of it is in `analysis/`.
#[derive(Serialize)]
struct Delivery {
    #[serde(flatten)]
    figures: Figures,
    not_measured: BTreeMap<String, String>,
    remarks: Vec<RemarkReport>,
    /// The earlier takes of the same question, the oldest first.
    before: Vec<Before>,
}

#[derive(Serialize)]
struct Figures {
    duration_s: f64,
    first_word_s: Option<f64>,
    last_word_end_s: Option<f64>,
    pauses: Option<usize>,
    longest_pause: Option<[f64; 2]>,
    filled_pauses: Option<usize>,
    filled_pauses_a_minute: Option<f64>,
    syllables: Option<usize>,
    articulation_rate: Option<f64>,
    words_a_minute_estimate: Option<f64>,
    pitch_median_hz: Option<f64>,
    pitch_sd_st: Option<f64>,
    lufs: Option<f64>,
    snr_db: Option<f64>,
}

impl Figures {
    fn of(of: &Analysis) -> Figures {
        Figures {
            duration_s: of.duration_s,
            first_word_s: of.first_word_s,
            last_word_end_s: of.last_word_end_s,
            pauses: of.pauses.as_ref().map(Vec::len),
            longest_pause: of.longest_pause,
            filled_pauses: of.filled_pauses.as_ref().map(Vec::len),
            filled_pauses_a_minute: of.filled_pauses_a_minute,
            syllables: of.syllables,
            articulation_rate: of.articulation_rate,
            words_a_minute_estimate: of.words_a_minute_estimate,
            pitch_median_hz: of.pitch_median_hz,
            pitch_sd_st: of.pitch_sd_st,
            lufs: of.lufs,
            snr_db: of.snr_db,
        }
    }
}

#[derive(Serialize)]
struct RemarkReport {
    rule: String,
    kind: &'static str,
    text: String,
    at_s: Option<f64>,
}

#[derive(Serialize)]
struct Before {
    session: String,
    started: String,
    take: u32,
    #[serde(flatten)]
    figures: Figures,
}

impl Delivery {
    fn of(answers: &Answers, guidance: &Guidance, turn: usize, take: u32) -> Option<Delivery> {
        let analysis = answers.analysis(turn, take)?;
        let remarks = answers.remarks(turn, take, guidance).into_iter().map(|remark| RemarkReport {
            kind: if remark.kind == Kind::Keep { "keep" } else { "change" },
            text: coach::sentence(&remark, analysis),
            rule: remark.id,
            at_s: remark.at,
        });
        let before = answers.before(turn, take).iter().map(|before| Before {
            session: before.session.clone(),
            started: before.started.clone(),
            take: before.take,
            figures: Figures::of(&before.analysis),
        });
        Some(Delivery {
            figures: Figures::of(analysis),
            not_measured: analysis.not_measured.clone(),
            remarks: remarks.collect(),
            before: before.collect(),
        })
    }
}

#[derive(Serialize)]
struct NoteReport {
    at_s: f64,
    text: String,
}

/// The report of a session, with what the person said of its takes and how they were said.
pub fn of<'a>(manifest: &'a Manifest, review: &Review, answers: &Answers) -> impl Serialize + 'a {
    let guidance = &coach::guidance();
    let turns = manifest.turns.iter().enumerate().map(|(place, turn)| TurnReport {
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
                take.parts.into_iter().enumerate().map(move |(nth, part)| (take.number, nth == 0, rating, part))
            })
            .map(|(number, is_first, rating, take)| TakeReport {
                delivery: is_first.then(|| Delivery::of(answers, guidance, place, number)).flatten(),
                take: number,
                file: &take.file,
                frames: take.frames,
                rate: take.rate,
                end: &take.end,
                dropped: take.dropped,
                rating,
                points: if is_first { review.ticked(&take.file).to_vec() } else { Vec::new() },
                story: review.story(&take.file).filter(|_| is_first).map(str::to_owned),
                notes: review
                    .notes_of(&take.file)
                    .map(|note| NoteReport { at_s: note.at_s, text: note.text().to_string() })
                    .collect(),
                taps: review.taps_of(&take.file).map(|tap| tap.place().as_secs_f64()).collect(),
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
