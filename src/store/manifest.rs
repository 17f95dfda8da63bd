//! `session.json`: what a session planned and did.
//!
//! These types are the form of the file and nothing else; what they say is checked when a file is read.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::interview::plan::Turn;
use crate::interview::{Text, Timing};

/// The version of the form that is written.
pub const SCHEMA: u32 = 1;

/// A day: no time of a turn is longer.
const LONGEST: f64 = 86_400.0;

/// The highest rate of any sound card.
const HIGHEST_RATE: u32 = 768_000;

/// The whole of a session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of this form.
    pub schema: u32,
    /// The name of the session's folder.
    pub session: String,
    /// `rehearse` or `demo`.
    pub kind: String,
    /// The id of the bank.
    pub bank: String,
    /// The title of the bank.
    pub title: String,
    /// What the plan was drawn from.
    pub seed: u64,
    /// `listed`, `random` or `due`.
    pub order: String,
    /// When it began: RFC 3339, UTC.
    pub started: String,
    /// When it ended, where it did.
    #[serde(default)]
    pub ended: Option<String>,
    /// `in-progress`, `finished`, `quit` or `interrupted`.
    pub outcome: String,
    /// Frames a second of the session's clock.
    pub rate: u32,
    /// Who spoke.
    pub voice: String,
    /// The microphone.
    pub input: String,
    /// The speaker.
    pub output: String,
    /// The questions in the order in which they are asked.
    pub turns: Vec<ManifestTurn>,
}

/// One question of a session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ManifestTurn {
    /// The id of the question.
    pub question: String,
    /// The id of its section.
    pub section: String,
    /// What is spoken; kept here because banks change.
    pub prompt: String,
    /// What was spoken, as a file in the session's folder.
    #[serde(default)]
    pub prompt_file: Option<String>,
    /// `planned`, `asked`, `answered` or `skipped`.
    pub state: String,
    /// Prep time in seconds; null: until the candidate begins.
    #[serde(default)]
    pub prep_s: Option<f64>,
    /// Limit of a take in seconds; null: none.
    #[serde(default)]
    pub limit_s: Option<f64>,
    /// When the warning sounds, in seconds before the limit; null: never.
    #[serde(default)]
    pub warn_s: Option<f64>,
    /// How many more takes after the first; null: any number.
    #[serde(default)]
    pub retakes: Option<u32>,
    /// The pause after a take in seconds.
    #[serde(default)]
    pub gap_s: f64,
    /// What was recorded, in order.
    #[serde(default)]
    pub takes: Vec<ManifestTake>,
}

/// One take of a turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ManifestTake {
    /// The file, from the session's folder: `takes/03-okr-alignment-1.wav`.
    pub file: String,
    /// Its length in frames.
    pub frames: u64,
    /// Frames a second.
    pub rate: u32,
    /// `done`, `time-up`, `silence`, `retake`, `skip`, `capture-lost`, `quit`, `interrupted` or `disk-full`.
    pub end: String,
    /// How many of the frames are silence in the place of frames that were lost on the way.
    #[serde(default)]
    pub dropped: u64,
    /// The frame of the session's clock at which it began.
    #[serde(default)]
    pub started_frame: u64,
    /// Its loudest sample in dB of full scale, where it was measured.
    #[serde(default)]
    pub peak_db: Option<f32>,
}

impl ManifestTurn {
    /// A turn of a plan, not yet asked.
    pub fn planned(turn: &Turn) -> ManifestTurn {
        let timing = &turn.timing;
        ManifestTurn {
            question: turn.question.clone(),
            section: turn.section.clone(),
            prompt: turn.prompt.to_string(),
            prompt_file: None,
            state: "planned".to_owned(),
            prep_s: timing.prep.map(|prep| prep.as_secs_f64()),
            limit_s: timing.limit.map(|limit| limit.as_secs_f64()),
            warn_s: timing.warn.map(|warn| warn.as_secs_f64()),
            retakes: timing.retakes,
            gap_s: timing.gap.as_secs_f64(),
            takes: Vec::new(),
        }
    }

    /// The times it is asked under; those that are no times are left out.
    pub fn timing(&self) -> Timing {
        let time = |seconds: Option<f64>| seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let limit = time(self.limit_s).filter(|limit| !limit.is_zero());
        Timing {
            prep: time(self.prep_s),
            limit,
            warn: time(self.warn_s).filter(|warn| limit.is_some_and(|limit| *warn < limit)),
            retakes: self.retakes,
            gap: time(Some(self.gap_s)).unwrap_or_default(),
        }
    }

    /// The number of the last take, 0 where there is none: the next one is one more.
    pub fn last_take(&self) -> u32 {
        let numbered = self.takes.iter().filter_map(|take| take.number()).max().unwrap_or(0);
        numbered.max(self.takes.len() as u32)
    }

    /// Whether a take answers the question: the candidate, not an accident, ended it.
    pub fn is_answered(&self) -> bool {
        self.takes.iter().any(|take| matches!(take.end.as_str(), "done" | "time-up" | "silence"))
    }
}

impl ManifestTake {
    /// Which take of its turn it is, from 1, by its file name.
    pub fn number(&self) -> Option<u32> {
        TakeName::of(&self.file).map(|name| name.take)
    }
}

/// What the name of a take's file says: `takes/03-okr-alignment-1.wav`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TakeName<'f> {
    /// From 0.
    pub(super) turn: usize,
    pub(super) question: &'f str,
    /// From 1.
    pub(super) take: u32,
}

impl<'f> TakeName<'f> {
    pub(super) fn of(file: &'f str) -> Option<TakeName<'f>> {
        let (turn, rest) = file.strip_prefix("takes/")?.strip_suffix(".wav")?.split_once('-')?;
        let (question, take) = rest.rsplit_once('-')?;
        let turn: usize = turn.parse().ok()?;
        Some(TakeName { turn: turn.checked_sub(1)?, question, take: take.parse().ok()? })
    }
}

/// Which turns are left to be asked, by their place in the plan from 0: neither answered nor passed over.
pub fn next_turns(manifest: &Manifest) -> Vec<usize> {
    let left = |turn: &ManifestTurn| matches!(turn.state.as_str(), "planned" | "asked") && !turn.is_answered();
    manifest.turns.iter().enumerate().filter(|(_, turn)| left(turn)).map(|(index, _)| index).collect()
}

impl Manifest {
    /// Makes what was read fit to be used: text that can be shown, times that are times, files in the folder.
    ///
    /// # Errors
    /// A sentence about what cannot be put right.
    pub(super) fn checked(mut self) -> Result<Manifest, String> {
        if self.schema != SCHEMA {
            return Err(format!("it has the schema {}, which is not known", self.schema));
        }
        let clean = |text: &mut String| *text = Text::clean(text).to_string();
        for text in [
            &mut self.session,
            &mut self.kind,
            &mut self.bank,
            &mut self.title,
            &mut self.order,
            &mut self.started,
            &mut self.outcome,
            &mut self.voice,
            &mut self.input,
            &mut self.output,
        ] {
            clean(text);
        }
        self.ended.as_mut().map(clean);
        check_rate(self.rate)?;
        for turn in &mut self.turns {
            for text in [&mut turn.question, &mut turn.section, &mut turn.prompt, &mut turn.state] {
                clean(text);
            }
            if let Some(file) = &turn.prompt_file {
                check_file(file, "prompts")?;
            }
            turn.gap_s = turn.gap_s.clamp(0.0, LONGEST);
            for seconds in [&mut turn.prep_s, &mut turn.limit_s, &mut turn.warn_s] {
                *seconds = seconds.map(|seconds| seconds.clamp(0.0, LONGEST));
            }
            for take in &mut turn.takes {
                check_file(&take.file, "takes")?;
                check_rate(take.rate)?;
                clean(&mut take.end);
            }
        }
        Ok(self)
    }
}

fn check_rate(rate: u32) -> Result<(), String> {
    if rate > HIGHEST_RATE { Err(format!("it has a rate of {rate} Hz, which is none")) } else { Ok(()) }
}

/// A file of a session lies in this folder of it and nowhere else.
pub(super) fn check_file(file: &str, folder: &str) -> Result<(), String> {
    let name = file.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
    let fine =
        |name: &str| !name.starts_with('.') && !name.contains(['/', '\\', ':']) && Text::clean(name).as_str() == name;
    match name {
        Some(name) if !name.is_empty() && fine(name) => Ok(()),
        _ => Err(format!("it names {} as a file of {folder}/, which it is not", super::flaw::quote(file))),
    }
}
