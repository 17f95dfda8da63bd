//! What one session comes to. It knows the manifest and the review, and nothing of how a digest is kept.

use std::path::Path;
use std::time::Duration;

use crate::interview::{Frames, Grade, SampleRate};
use crate::store::manifest::{Manifest, ManifestTurn, Recorded, answers};
use crate::store::review::{self, Review};
use crate::store::take_name::{TakeName, file_name_part};
use crate::store::{analyses, catalogue};

/// A session in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The name of its folder.
    pub name: String,
    /// `rehearse`, `panel` or `demo`.
    pub kind: String,
    /// The id of the bank that its questions are from.
    pub bank: String,
    /// The title of the bank, or of the panel.
    pub title: String,
    /// When it began: RFC 3339, UTC.
    pub started: String,
    /// `in-progress`, `finished`, `quit` or `interrupted`.
    pub outcome: String,
    /// When it began, in seconds since 1970: as it says itself, else as its name does.
    pub began: Option<i64>,
    /// How many turns it has.
    pub questions: usize,
    /// How many of them are answered.
    pub answered: usize,
    /// How many takes were recorded.
    pub takes: usize,
    /// How long all takes are together.
    pub spoken: Duration,
}

/// What a session comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Digest {
    /// The whole of it.
    pub head: Head,
    /// Its turns, in the order in which they were asked.
    pub turns: Vec<Turn>,
}

/// How far a turn came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It was not reached.
    Planned,
    /// It was asked.
    Asked,
    /// It was answered.
    Answered,
    /// It was passed over.
    Skipped,
    /// Something that is not known here.
    Other,
}

/// What one turn comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// The id of the question.
    pub question: String,
    /// The id of its section.
    pub section: String,
    /// Whether it is a follow-up to the question.
    pub follow_up: bool,
    /// How far it came.
    pub state: State,
    /// How many takes were recorded.
    pub takes: usize,
    /// How long they are together.
    pub spoken: Duration,
    /// The newest take.
    pub newest: Option<Newest>,
    /// The rating that counts: the latest of the newest take that has one.
    pub grade: Option<Grade>,
    /// The ids of the points that were ticked: the latest of the newest take of which that was said.
    pub ticked: Vec<String>,
    /// The id of the story that was told: the latest of the newest take of which that was said.
    pub story: Option<String>,
    /// How the newest answer was said, where that was measured before, and since nothing has changed.
    pub delivery: Option<Delivery>,
}

/// The newest take of a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newest {
    /// Which take of its turn it is, from 1.
    pub number: u32,
    /// Its file, where that is not named as greenroom names files.
    pub(super) odd: Option<String>,
}

/// How an answer was said: what is worth a trend. What could not be measured is absent.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Delivery {
    /// Syllables a second, without the pauses.
    pub articulation_rate: Option<f64>,
    /// Words a minute, with the pauses: an estimate.
    pub words_a_minute: Option<f64>,
    /// Which part of the time from the first word to the last is silent, from 0 to 1.
    pub pauses_share: Option<f64>,
    /// Likely fillers a minute.
    pub fillers_a_minute: Option<f64>,
    /// The standard deviation of the pitch in semitones.
    pub pitch_sd_st: Option<f64>,
    /// Seconds to the first word.
    pub first_word_s: Option<f64>,
    /// The integrated loudness in LUFS.
    pub lufs: Option<f64>,
}

impl State {
    /// The state that the manifest's word stands for.
    fn of_word(word: &str) -> State {
        match word {
            "planned" => State::Planned,
            "asked" => State::Asked,
            "answered" => State::Answered,
            "skipped" => State::Skipped,
            _ => State::Other,
        }
    }
}

impl Digest {
    /// What the session in `folder` comes to, which is called `name`.
    pub(super) fn of(folder: &Path, name: &str, manifest: &Manifest) -> Digest {
        // A review that cannot be read says nothing; whoever shows the session tells why.
        let review = review::read(folder).unwrap_or_default();
        let turns = manifest.turns.iter().enumerate();
        let turns: Vec<Turn> = turns.map(|(place, turn)| Turn::of(folder, place, turn, &review)).collect();
        Digest { head: Head::of(name, manifest, &turns), turns }
    }
}

impl Head {
    fn of(name: &str, manifest: &Manifest, turns: &[Turn]) -> Head {
        Head {
            name: name.to_owned(),
            kind: manifest.kind.clone(),
            bank: manifest.bank.clone(),
            title: manifest.title.clone(),
            started: manifest.started.clone(),
            outcome: manifest.outcome.clone(),
            began: catalogue::began(manifest).or_else(|| catalogue::named_began(name)),
            questions: turns.len(),
            answered: turns.iter().filter(|turn| turn.state == State::Answered).count(),
            takes: turns.iter().map(|turn| turn.takes).sum(),
            spoken: turns.iter().fold(Duration::ZERO, |sum, turn| sum.saturating_add(turn.spoken)),
        }
    }
}

impl Turn {
    fn of(folder: &Path, place: usize, turn: &ManifestTurn, review: &Review) -> Turn {
        let takes = turn.recorded();
        let first = |take: &Recorded<'_>| take.parts.first().map(|part| part.file.clone());
        let files: Vec<String> = takes.iter().rev().filter_map(first).collect();
        let ticks = files.iter().find(|file| review.ticks.iter().any(|ticks| ticks.take == **file));
        let told = files.iter().find(|file| review.told.iter().any(|told| told.take == **file));
        let answer = takes.iter().rfind(|take| answers(take.end()));
        Turn {
            question: turn.question.clone(),
            section: turn.section.clone(),
            follow_up: turn.follow_up.is_some(),
            state: State::of_word(&turn.state),
            takes: takes.len(),
            spoken: turn.takes.iter().fold(Duration::ZERO, |sum, take| {
                sum.saturating_add(SampleRate(take.rate).duration(Frames(take.frames)))
            }),
            newest: takes.last().map(|take| {
                let odd = first(take).filter(|file| *file != file_of(place, &turn.question, take.number));
                Newest { number: take.number, odd }
            }),
            grade: files.iter().find_map(|file| review.rating(file)),
            ticked: ticks.map(|file| review.ticked(file).to_vec()).unwrap_or_default(),
            story: told.and_then(|file| review.story(file)).map(str::to_owned),
            delivery: answer.and_then(|take| Delivery::read(folder, place, take)),
        }
    }

    /// The file of the newest take, from the session's folder; `place` is that of the turn, from 0.
    pub fn newest_file(&self, place: usize) -> Option<String> {
        let newest = self.newest.as_ref()?;
        Some(newest.odd.clone().unwrap_or_else(|| file_of(place, &self.question, newest.number)))
    }
}

/// The file of a take as greenroom names it.
fn file_of(turn: usize, question: &str, take: u32) -> String {
    TakeName { turn, question: &file_name_part(question, "question"), take, part: 1 }.file()
}

impl Delivery {
    /// How many measures there are.
    pub const COUNT: usize = 7;

    /// All measures, in the order in which they stand above.
    pub fn values(&self) -> [Option<f64>; Delivery::COUNT] {
        [
            self.articulation_rate,
            self.words_a_minute,
            self.pauses_share,
            self.fillers_a_minute,
            self.pitch_sd_st,
            self.first_word_s,
            self.lufs,
        ]
    }

    /// The measures in that order.
    pub(super) fn of_values(values: [Option<f64>; Delivery::COUNT]) -> Delivery {
        let [articulation_rate, words_a_minute, pauses_share, fillers_a_minute, pitch_sd_st, first_word_s, lufs] =
            values;
        Delivery { articulation_rate, words_a_minute, pauses_share, fillers_a_minute, pitch_sd_st, first_word_s, lufs }
    }

    /// How a take was said, where that was measured before.
    fn read(folder: &Path, place: usize, take: &Recorded<'_>) -> Option<Delivery> {
        let of = analyses::read(folder, place, take)?;
        Some(Delivery {
            articulation_rate: of.articulation_rate,
            words_a_minute: of.words_a_minute_estimate,
            pauses_share: of.pauses_share,
            fillers_a_minute: of.filled_pauses_a_minute,
            pitch_sd_st: of.pitch_sd_st,
            first_word_s: of.first_word_s,
            lufs: of.lufs,
        })
    }
}
