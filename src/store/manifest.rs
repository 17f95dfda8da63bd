//! `session.json`: what a session planned and did.
//!
//! These types are the form of the file and nothing else; what they say is checked when a file is read.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::panel_part::ManifestPanel;
use super::session::SessionError;
use super::take_name::{MOST_TURNS, TakeName};
use crate::interview::plan::Turn;
use crate::interview::{Text, Timing};

/// The version of the form that is written.
pub const SCHEMA: u32 = 1;

/// A day: no time of a turn is longer.
const LONGEST: f64 = 86_400.0;

/// The most files of takes that a turn has, and that a session has in all its turns.
pub(super) const MOST_TAKES: usize = 1_000;
const MOST_IN_ALL: usize = 10_000;

/// No further take begins where there is not room for so many more files: it may roll over.
const ROOM_TO_BEGIN: usize = 50;

/// The highest rate of any sound card.
const HIGHEST_RATE: u32 = 768_000;

/// The most frames of a take's file: a WAV file can hold no more.
pub(super) const LARGEST_TAKE: u64 = 1 << 31;

/// The end of a file of a take that goes on in a further file.
pub(super) const ROLLED_OVER: &str = "rolled-over";

/// Whether a take that ended so answers its question: the candidate, not an accident, ended it.
pub(super) fn answers(end: &str) -> bool {
    matches!(end, "done" | "time-up" | "silence")
}

/// The whole of a session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of this form.
    pub schema: u32,
    /// The name of the session's folder.
    pub session: String,
    /// `rehearse`, `panel` or `demo`.
    pub kind: String,
    /// The id of the bank.
    pub bank: String,
    /// The title of the bank.
    pub title: String,
    /// What the plan was drawn from.
    pub seed: u64,
    /// `listed`, `random`, `due` or `panel`.
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
    /// The start of the machine in which the session was last begun or resumed, where it is known.
    #[serde(default)]
    pub boot: Option<String>,
    /// The panel that asks, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub panel: Option<ManifestPanel>,
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
    /// The id of the panelist who asks, in the session of a panel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub panelist: Option<String>,
    /// The id of the follow-up to the question, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<String>,
    /// How much of the panel's length was spent when the turn was put, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_s: Option<f64>,
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
    /// `done`, `time-up`, `silence`, `retake`, `skip`, `capture-lost`, `quit`, `interrupted`, `disk-full`,
    /// `disk-failed` or `rolled-over`; empty while it is recorded.
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

impl Manifest {
    /// Whether something is left to be asked: a turn, or what a panel has not put yet.
    pub fn is_open(&self) -> bool {
        !next_turns(self).is_empty() || (self.panel.is_some() && self.outcome != "finished")
    }

    /// How many more files of takes there may be in all.
    pub(super) fn room(&self) -> usize {
        MOST_IN_ALL.saturating_sub(self.turns.iter().map(|turn| turn.takes.len()).sum())
    }

    /// Says whether a turn, from 0, may have a further take; one that may not is not to be opened.
    ///
    /// # Errors
    /// [`SessionError::Full`]; and where there is no such turn.
    pub fn room_for_take(&self, turn: usize) -> Result<(), SessionError> {
        // The turn's own room first: a hostile journal may ask a hundred thousand times, and that of all takes time.
        let has_room = self.turns.get(turn).is_some_and(|turn| turn.room() >= ROOM_TO_BEGIN);
        if !has_room || self.room() < ROOM_TO_BEGIN {
            let question = self.turns.get(turn).map(|turn| turn.question.clone()).unwrap_or_default();
            return Err(SessionError::Full { question });
        }
        Ok(())
    }
}

impl ManifestTurn {
    /// How many more files of takes there may be.
    pub(super) fn room(&self) -> usize {
        MOST_TAKES.saturating_sub(self.takes.len())
    }

    /// A turn of a plan, not yet asked.
    pub fn planned(turn: &Turn) -> ManifestTurn {
        let timing = &turn.timing;
        ManifestTurn {
            question: turn.question.clone(),
            section: turn.section.clone(),
            prompt: turn.prompt.to_string(),
            panelist: None,
            follow_up: None,
            clock_s: None,
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
        self.recorded().last().map_or(0, |take| take.number)
    }

    /// The takes by their numbers, each with its files in their order.
    pub fn recorded(&self) -> Vec<Recorded<'_>> {
        let mut found: Vec<Recorded> = Vec::new();
        for take in &self.takes {
            let last = found.last().map_or(0, |take| take.number);
            let number = take.number().unwrap_or(last + 1);
            match found.last_mut() {
                Some(before) if number == last => before.parts.push(take),
                _ => found.push(Recorded { number, parts: vec![take] }),
            }
        }
        found.sort_by_key(|take| take.number);
        found
    }

    /// How often the candidate wanted to answer once more.
    pub fn retakes_spent(&self) -> u32 {
        self.takes.iter().filter(|take| take.end == "retake").count() as u32
    }

    /// Whether a take answers the question: the candidate, not an accident, ended it.
    pub fn is_answered(&self) -> bool {
        self.takes.iter().any(|take| answers(&take.end))
    }
}

/// A take of a turn, which may have rolled over into several files.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded<'m> {
    /// Which take of its turn it is, from 1.
    pub number: u32,
    /// Its files, one or more, in their order.
    pub parts: Vec<&'m ManifestTake>,
}

impl Recorded<'_> {
    /// Why it ended; empty while it is recorded.
    pub fn end(&self) -> &str {
        self.parts.last().map_or("", |part| &part.end)
    }

    /// How many of its frames are silence in the place of lost ones.
    pub fn dropped(&self) -> u64 {
        self.parts.iter().map(|part| part.dropped).sum()
    }
}

impl ManifestTake {
    /// A take that begins.
    pub(super) fn open(file: &str, rate: u32, started_frame: u64) -> ManifestTake {
        ManifestTake {
            file: file.to_owned(),
            frames: 0,
            rate,
            end: String::new(),
            dropped: 0,
            started_frame,
            peak_db: None,
        }
    }

    /// Which take of its turn it is, from 1, by its file name.
    pub fn number(&self) -> Option<u32> {
        TakeName::of(&self.file).map(|name| name.take)
    }
}

/// Which turns are left to be asked, by their place in the plan from 0: neither answered nor passed over.
pub fn next_turns(manifest: &Manifest) -> Vec<usize> {
    let left = |turn: &ManifestTurn| matches!(turn.state.as_str(), "planned" | "asked") && !turn.is_answered();
    manifest.turns.iter().enumerate().filter(|(_, turn)| left(turn)).map(|(index, _)| index).collect()
}

impl Manifest {
    /// Reads a manifest, whatever these bytes are.
    ///
    /// # Errors
    /// A sentence about what is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Manifest, String> {
        let read: Result<Manifest, _> = serde_json::from_slice(bytes);
        read.map_err(|error| error.to_string())?.checked()
    }

    /// Makes what was read fit to be used: text that can be shown, times that are times, files in the folder.
    ///
    /// # Errors
    /// A sentence about what cannot be put right.
    pub(super) fn checked(mut self) -> Result<Manifest, String> {
        if self.schema != SCHEMA {
            return Err(format!("it has the schema {}, which is not known", self.schema));
        }
        if self.turns.len() > MOST_TURNS {
            return Err(format!("it has {} turns, and at most {MOST_TURNS} can be", self.turns.len()));
        }
        if self.turns.iter().any(|turn| turn.takes.len() > MOST_TAKES) {
            return Err(format!("it has a turn of more than {MOST_TAKES} takes"));
        }
        if self.turns.iter().map(|turn| turn.takes.len()).sum::<usize>() > MOST_IN_ALL {
            return Err(format!("it has more than {MOST_IN_ALL} takes"));
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
        self.ended.iter_mut().chain(&mut self.boot).for_each(clean);
        check_rate(self.rate)?;
        if let Some(panel) = &mut self.panel {
            panel.check()?;
        }
        for turn in &mut self.turns {
            for text in [&mut turn.question, &mut turn.section, &mut turn.prompt, &mut turn.state] {
                clean(text);
            }
            turn.check_panel_part();
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
                take.frames = take.frames.min(LARGEST_TAKE);
                take.dropped = take.dropped.min(LARGEST_TAKE);
                take.peak_db = take.peak_db.filter(|peak| peak.is_finite());
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
