//! What a replay plays: the questions and the answers of a session, in their order.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail};
use chrono::{DateTime, Local};

use crate::app::failure::Usage;
use crate::app::library::unknown;
use crate::app::sessions::length;
use crate::interview::{Bank, Point, Text};
use crate::ports::Clip;
use crate::store::banks::Banks;
use crate::store::manifest::{Manifest, ManifestTurn, Recorded};

/// A session that is listened to.
#[derive(Debug)]
pub struct Session {
    /// Its folder.
    pub path: PathBuf,
    /// What it planned and did.
    pub manifest: Manifest,
    /// The bank of its questions, where that is still there.
    pub bank: Option<Arc<Bank>>,
}

impl Session {
    /// The session in this folder.
    pub fn of(path: PathBuf, manifest: Manifest, banks: &Banks) -> Arc<Session> {
        let bank = banks.get(&manifest.bank).ok().map(Arc::new);
        Arc::new(Session { path, manifest, bank })
    }

    /// When it was and what it was, in words.
    pub fn title(&self) -> String {
        format!("{}, {}", moment(&self.manifest.started), self.manifest.title)
    }
}

/// A moment of RFC 3339 in words, where the candidate is now.
pub fn moment(rfc3339: &str) -> String {
    match DateTime::parse_from_rfc3339(rfc3339) {
        Ok(moment) => moment.with_timezone(&Local).format("%-d %B %Y, %H:%M").to_string(),
        Err(_) => rfc3339.to_owned(),
    }
}

/// A take of a session.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Whose it is.
    pub session: Arc<Session>,
    /// Of which turn, from 0.
    pub turn: usize,
    /// Which take of its turn, from 1.
    pub take: u32,
    /// Its files, from the session's folder, and how long each is. A manifest that is read names none elsewhere.
    parts: Vec<(String, Duration)>,
}

impl PartialEq for Answer {
    fn eq(&self, other: &Answer) -> bool {
        (&self.session.path, self.turn, self.take) == (&other.session.path, other.turn, other.take)
    }
}

impl Answer {
    /// This take.
    pub fn of(session: &Arc<Session>, turn: usize, take: &Recorded<'_>) -> Answer {
        let parts = take.parts.iter().map(|part| (part.file.clone(), length(part))).collect();
        Answer { session: Arc::clone(session), turn, take: take.number, parts }
    }

    /// Its turn.
    pub fn asked(&self) -> &ManifestTurn {
        &self.session.manifest.turns[self.turn]
    }

    /// Whether it is a take of the same question as another. What follows a question up is asked in its own turn alone.
    pub fn asks_as(&self, other: &Answer) -> bool {
        let of = |answer: &Answer| (answer.session.path.clone(), answer.turn);
        let (mine, its) = (self.asked(), other.asked());
        let same = self.session.manifest.bank == other.session.manifest.bank && mine.question == its.question;
        of(self) == of(other) || same && mine.follow_up.is_none() && its.follow_up.is_none()
    }

    /// The take as the manifest has it.
    pub fn recorded(&self) -> Option<Recorded<'_>> {
        self.asked().recorded().into_iter().find(|take| take.number == self.take)
    }

    /// The file by which it is rated: the first.
    pub fn file(&self) -> &str {
        self.parts.first().map_or("", |(file, _)| file)
    }

    /// How long it is, as the manifest has it.
    pub fn length(&self) -> Duration {
        self.parts.iter().map(|(_, length)| *length).sum()
    }

    /// In which of its files a place is, and where in that.
    pub fn place(&self, at: Duration) -> (String, Duration) {
        let mut before = Duration::ZERO;
        for (file, length) in &self.parts {
            if at < before + *length {
                return (file.clone(), at.saturating_sub(before));
            }
            before += *length;
        }
        let (file, length) = self.parts.last().cloned().unwrap_or_default();
        (file, at.saturating_sub(before - length).min(length))
    }

    /// Each of its files, and where in the whole it begins.
    pub fn starts(&self) -> impl Iterator<Item = (&str, Duration)> {
        let mut before = Duration::ZERO;
        self.parts.iter().map(move |(file, length)| {
            let start = before;
            before += *length;
            (file.as_str(), start)
        })
    }

    /// What a strong answer covers.
    pub fn points(&self) -> &[Point] {
        let bank = self.session.bank.as_ref();
        let question = bank.and_then(|bank| bank.question(&self.asked().question));
        question.map(|question| question.points.as_slice()).unwrap_or_default()
    }

    /// The model answer of the bank. One to the question is none to what follows it up.
    pub fn model(&self) -> Option<Text> {
        let asked = self.asked();
        let bank = self.session.bank.as_ref().filter(|_| asked.follow_up.is_none())?;
        bank.question(&asked.question)?.answer.clone()
    }

    /// When the warning sounded, in seconds of the take.
    pub fn warn_s(&self) -> Option<f64> {
        let timing = self.asked().timing();
        Some((timing.limit? - timing.warn?).as_secs_f64())
    }
}

/// What is heard of something.
#[derive(Debug, Clone)]
pub enum Sound {
    /// These files, each of which goes on with the one before.
    Files(Vec<PathBuf>),
    /// What was made for it and is kept nowhere.
    Clip(Arc<Clip>),
    /// Nothing: it is to be read.
    Nothing,
}

/// Something to be played.
#[derive(Debug, Clone)]
pub struct Item {
    /// Which session it is of, in words.
    pub session: String,
    /// Which question it belongs to.
    pub heading: String,
    /// What it is; a question says so itself.
    pub what: String,
    /// The question, or what else is said.
    pub text: String,
    /// What is heard.
    pub sound: Sound,
    /// Which answer it is; `None` for what is no answer.
    pub answer: Option<Answer>,
}

impl Item {
    /// An answer.
    pub fn answer(answer: Answer, what: String) -> Item {
        let (session, turn) = (Arc::clone(&answer.session), answer.asked());
        Item {
            session: session.title(),
            heading: heading(&session.manifest, answer.turn, turn),
            what,
            text: turn.prompt.clone(),
            sound: Sound::Files(answer.parts.iter().map(|(file, _)| session.path.join(file)).collect()),
            answer: Some(answer),
        }
    }
}

/// What of a session is played.
#[derive(Debug, Clone, Default)]
pub struct Chosen {
    /// Only this question: its id, or its place from 1.
    pub question: Option<String>,
    /// Only this take.
    pub take: Option<u32>,
    /// The questions are left out.
    pub answers_only: bool,
}

/// What is played of a session, in order.
///
/// # Errors
/// Where there is no such question or take.
pub fn items(session: &Arc<Session>, which: &Chosen) -> Result<Vec<Item>> {
    let manifest = &session.manifest;
    let mut items = Vec::new();
    for (place, turn) in chosen(manifest, which.question.as_deref())? {
        let take = match take_of(turn, which.take) {
            // Where all are played, those that have no such take are passed over.
            Err(_) if which.question.is_none() => None,
            take => take?,
        };
        let Some(take) = take else { continue };
        if !which.answers_only {
            items.push(question(session, place));
        }
        let mut what = format!("Your answer, take {} of {}", take.number, turn.last_take());
        if take.parts.len() > 1 {
            what += &format!(", in {} files", take.parts.len());
        }
        items.push(Item::answer(Answer::of(session, place, &take), what));
    }
    Ok(items)
}

/// The question of a turn.
fn question(session: &Arc<Session>, place: usize) -> Item {
    let turn = &session.manifest.turns[place];
    // Where the voice could not be recorded, the question is still to be read.
    let sound = match turn.prompt_file.as_deref() {
        Some(file) => Sound::Files(vec![session.path.join(file)]),
        None => Sound::Nothing,
    };
    Item {
        session: session.title(),
        heading: heading(&session.manifest, place, turn),
        what: "The question".to_owned(),
        text: turn.prompt.clone(),
        sound,
        answer: None,
    }
}

/// What stands above a question, and above its answers.
fn heading(manifest: &Manifest, place: usize, turn: &ManifestTurn) -> String {
    let who = manifest.asker(turn).map(|role| format!(", {role}")).unwrap_or_default();
    let after = if turn.follow_up.is_some() { ", follow-up" } else { "" };
    format!("Question {} of {}{who}{after}", place + 1, manifest.turns.len())
}

/// The take of a turn with this number, or the newest.
///
/// # Errors
/// Where there is none with this number.
pub fn take_of(turn: &ManifestTurn, number: Option<u32>) -> Result<Option<Recorded<'_>>> {
    let mut takes = turn.recorded();
    let Some(number) = number else { return Ok(takes.pop()) };
    if let Some(at) = takes.iter().position(|take| take.number == number) {
        return Ok(Some(takes.swap_remove(at)));
    }
    let known: Vec<String> = takes.iter().map(|take| take.number.to_string()).collect();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    bail!(Usage(format!("{} has no take {number}; it has {known}", turn.question)))
}

/// The turns of a session that are meant, with their places from 0: all, or those of a question.
///
/// # Errors
/// Where there is no such question.
pub fn chosen<'m>(manifest: &'m Manifest, question: Option<&str>) -> Result<Vec<(usize, &'m ManifestTurn)>> {
    let turns = manifest.turns.iter().enumerate();
    let Some(wanted) = question else { return Ok(turns.collect()) };
    let place: Option<usize> = wanted.parse().ok();
    let chosen: Vec<_> = turns.filter(|(at, turn)| turn.question == wanted || place == Some(at + 1)).collect();
    if chosen.is_empty() {
        let known: Vec<&str> = manifest.turns.iter().map(|turn| turn.question.as_str()).collect();
        bail!(unknown("question", wanted, &known));
    }
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::manifest::ManifestTake;

    /// A session of one turn, of which the first take has a file and the second has two.
    fn session() -> Arc<Session> {
        let take = |file: &str, frames: u64, end: &str| ManifestTake {
            file: file.to_owned(),
            frames,
            rate: 1_000,
            end: end.to_owned(),
            dropped: 0,
            started_frame: 0,
            peak_db: None,
        };
        let turn = ManifestTurn {
            question: "a".to_owned(),
            section: String::new(),
            prompt: "Why?".to_owned(),
            panelist: None,
            follow_up: None,
            clock_s: None,
            prompt_file: None,
            state: "answered".to_owned(),
            prep_s: None,
            limit_s: Some(60.0),
            warn_s: Some(15.0),
            retakes: None,
            gap_s: 0.0,
            takes: vec![
                take("takes/01-a-1.wav", 5_000, "retake"),
                take("takes/01-a-2.wav", 10_000, "rolled-over"),
                take("takes/01-a-2.2.wav", 2_500, "done"),
            ],
        };
        let manifest = Manifest {
            schema: 1,
            session: "2026-11-21T09-30-05Z-mine".to_owned(),
            kind: "rehearse".to_owned(),
            bank: "mine".to_owned(),
            title: "Mine".to_owned(),
            seed: 1,
            order: "listed".to_owned(),
            started: "2026-11-21T09:30:05Z".to_owned(),
            ended: None,
            outcome: "finished".to_owned(),
            rate: 1_000,
            voice: String::new(),
            input: String::new(),
            output: String::new(),
            boot: None,
            panel: None,
            turns: vec![turn],
        };
        Arc::new(Session { path: PathBuf::from("session"), manifest, bank: None })
    }

    #[test]
    fn a_take_of_several_files_is_one_recording_whose_places_are_in_them() {
        let items = items(&session(), &Chosen { answers_only: true, ..Chosen::default() }).unwrap();
        let [item] = &items[..] else { panic!("{items:?}") };
        assert_eq!(item.what, "Your answer, take 2 of 2, in 2 files");
        assert!(matches!(&item.sound, Sound::Files(files) if files.len() == 2));
        let answer = item.answer.clone().unwrap();
        assert_eq!((answer.file(), answer.length()), ("takes/01-a-2.wav", Duration::from_millis(12_500)));
        let place = |at: u64| answer.place(Duration::from_millis(at));
        let of = |file: &str, at: u64| (file.to_owned(), Duration::from_millis(at));
        assert_eq!(place(0), of("takes/01-a-2.wav", 0));
        assert_eq!(place(9_999), of("takes/01-a-2.wav", 9_999));
        assert_eq!(place(10_000), of("takes/01-a-2.2.wav", 0));
        assert_eq!(place(12_500), of("takes/01-a-2.2.wav", 2_500));
        assert_eq!(place(99_000), of("takes/01-a-2.2.wav", 2_500), "the recording may be longer than was written down");
        let starts: Vec<(&str, Duration)> = answer.starts().collect();
        assert_eq!(starts[1], ("takes/01-a-2.2.wav", Duration::from_secs(10)));
        assert_eq!(answer.warn_s(), Some(45.0));
    }

    #[test]
    fn a_question_without_a_sound_is_read_and_a_take_that_is_not_there_is_refused() {
        let session = session();
        let all = items(&session, &Chosen { take: Some(1), ..Chosen::default() }).unwrap();
        assert!(matches!(all[0].sound, Sound::Nothing) && all[0].answer.is_none());
        assert_eq!(all[1].what, "Your answer, take 1 of 2");
        assert!(
            items(&session, &Chosen { question: Some("a".to_owned()), take: Some(3), ..Chosen::default() }).is_err()
        );
    }
}
