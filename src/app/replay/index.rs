//! The list of sessions and answers that is chosen from. There may be thousands: they are read beside the sound.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::behind::Behind;
use super::items::moment;
use crate::app::measures::roughly;
use crate::app::sessions::length;
use crate::interview::time::show_clock;
use crate::store::home::Home;
use crate::store::manifest::Manifest;
use crate::store::{analyses, ledger, recovery, review};
use crate::tui::plain::plural;
use crate::tui::replay::{List, Row};

/// What is not known yet.
const READING: &str = "Reading the sessions…";

/// A session of the list.
struct Known {
    path: PathBuf,
    when: String,
    title: String,
    extent: String,
}

/// An answer of the opened session.
#[derive(Debug, Clone)]
struct Line {
    turn: usize,
    name: String,
    length: String,
    rating: String,
    measured: String,
}

/// What a row stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
    Session(usize),
    /// An answer of the opened session, by its turn.
    Answer(usize),
    Remark,
}

/// What was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// The answer to a turn, from 0, of the session in this folder.
    Answer(PathBuf, usize),
    /// Nothing that can be played.
    Nothing,
}

/// The answers of the opened session, once they are read; or why there are none.
type Lines = Result<Vec<Line>, String>;

/// The list.
pub struct Index {
    reading: Option<Behind<Vec<Known>>>,
    sessions: Vec<Known>,
    opened: Option<(usize, Option<Lines>)>,
    opening: Option<(usize, Behind<Lines>)>,
    entries: Vec<Entry>,
    rows: Arc<Vec<Row>>,
    chosen: usize,
    /// What is heard: its session's folder and its turn.
    heard: Option<(PathBuf, usize)>,
    read: bool,
}

impl Index {
    /// Begins to read the sessions of a home; without one there are none.
    pub fn begin(home: Option<Home>) -> Index {
        let read = home.is_none();
        let reading = home.map(|home| Behind::begin(move || known(&home)));
        Index {
            reading,
            sessions: Vec::new(),
            opened: None,
            opening: None,
            entries: Vec::new(),
            rows: Arc::default(),
            chosen: 0,
            heard: None,
            read,
        }
    }

    /// The list as it is shown.
    pub fn list(&self) -> List {
        let remark = if self.read { "There is no session." } else { READING };
        List { rows: Arc::clone(&self.rows), chosen: self.chosen, remark: remark.to_owned() }
    }

    /// Takes in what was read since.
    pub fn news(&mut self) {
        if let Some(found) = self.reading.as_ref().and_then(Behind::found) {
            (self.reading, self.read) = (None, true);
            self.sessions = found.unwrap_or_default();
            self.build();
            if let Some(place) = self.heard.clone().and_then(|(path, _)| self.place(&path)) {
                self.open(place);
                self.choose(Entry::Session(place));
            }
        }
        if let Some((place, behind)) = &self.opening
            && let Some(found) = behind.found()
        {
            let (place, found) = (*place, found.unwrap_or_else(|| Err("it cannot be read".to_owned())));
            self.opening = None;
            if self.opened.as_ref().is_some_and(|(opened, _)| *opened == place) {
                let was = self.entries.get(self.chosen).copied();
                self.opened = Some((place, Some(found)));
                self.build();
                self.choose_again(was);
            }
        }
    }

    /// What is heard has changed.
    pub fn hears(&mut self, heard: Option<(PathBuf, usize)>) {
        if self.heard == heard {
            return;
        }
        let other = self.heard.as_ref().map(|(path, _)| path) != heard.as_ref().map(|(path, _)| path);
        self.heard = heard;
        let was = self.entries.get(self.chosen).copied();
        if let Some(place) = self.heard.clone().filter(|_| other).and_then(|(path, _)| self.place(&path)) {
            self.open(place);
        }
        self.build();
        self.choose_again(was);
    }

    /// Something was said of an answer: the opened session is read once more.
    pub fn refresh(&mut self) {
        if let Some((place, _)) = self.opened {
            self.read_answers(place);
        }
    }

    /// Goes so many rows on, or back.
    pub fn by(&mut self, rows: isize) {
        self.chosen = self.chosen.saturating_add_signed(rows).min(self.rows.len().saturating_sub(1));
    }

    /// Chooses what is heard: its answer where that can be seen, else its session.
    pub fn choose_heard(&mut self) {
        let Some((path, turn)) = self.heard.clone() else { return };
        let Some(place) = self.place(&path) else { return };
        let opened = self.opened.as_ref().is_some_and(|(opened, _)| *opened == place);
        let chosen = opened && self.choose(Entry::Answer(turn));
        if !chosen {
            self.choose(Entry::Session(place));
        }
    }

    /// Opens or closes the chosen session, or gives the chosen answer.
    pub fn enter(&mut self) -> Choice {
        match (self.entries.get(self.chosen).copied(), &self.opened) {
            (Some(Entry::Session(place)), Some((opened, _))) if *opened == place => {
                self.opened = None;
                self.build();
                self.choose(Entry::Session(place));
            }
            (Some(Entry::Session(place)), _) => {
                self.open(place);
                self.choose(Entry::Session(place));
            }
            (Some(Entry::Answer(turn)), Some((place, _))) => {
                return Choice::Answer(self.sessions[*place].path.clone(), turn);
            }
            _ => {}
        }
        Choice::Nothing
    }

    /// The session that is opened is closed; says whether one was.
    pub fn close(&mut self) -> bool {
        let Some((place, _)) = self.opened.take() else { return false };
        self.build();
        self.choose(Entry::Session(place));
        true
    }

    fn place(&self, path: &Path) -> Option<usize> {
        self.sessions.iter().position(|known| known.path == path)
    }

    fn open(&mut self, place: usize) {
        self.opened = Some((place, None));
        self.read_answers(place);
        self.build();
    }

    fn read_answers(&mut self, place: usize) {
        let path = self.sessions[place].path.clone();
        self.opening = Some((place, Behind::begin(move || answers(&path))));
    }

    fn choose(&mut self, entry: Entry) -> bool {
        let place = self.entries.iter().position(|each| *each == entry);
        self.chosen = place.unwrap_or(self.chosen).min(self.entries.len().saturating_sub(1));
        place.is_some()
    }

    fn choose_again(&mut self, was: Option<Entry>) {
        match was {
            Some(entry) => {
                self.choose(entry);
            }
            None => self.chosen = 0,
        }
    }

    /// Makes the rows anew.
    fn build(&mut self) {
        let (mut rows, mut entries) = (Vec::new(), Vec::new());
        for (place, known) in self.sessions.iter().enumerate() {
            let lines = self.opened.as_ref().filter(|(opened, _)| *opened == place).map(|(_, lines)| lines);
            rows.push(Row::Session {
                when: known.when.clone(),
                title: known.title.clone(),
                extent: known.extent.clone(),
                opened: lines.is_some(),
            });
            entries.push(Entry::Session(place));
            let mut remark = |text: &str| {
                rows.push(Row::Remark(text.to_owned()));
                entries.push(Entry::Remark);
            };
            match lines {
                None => {}
                Some(None) => remark("…"),
                Some(Some(Err(why))) => remark(why),
                Some(Some(Ok(lines))) if lines.is_empty() => remark("no answer yet"),
                Some(Some(Ok(lines))) => {
                    let heard = self.heard.as_ref().filter(|(path, _)| *path == known.path).map(|(_, turn)| *turn);
                    for line in lines.clone() {
                        entries.push(Entry::Answer(line.turn));
                        let Line { turn, name, length, rating, measured } = line;
                        rows.push(Row::Answer { name, length, rating, measured, heard: heard == Some(turn) });
                    }
                }
            }
        }
        (self.rows, self.entries) = (Arc::new(rows), entries);
        self.chosen = self.chosen.min(self.entries.len().saturating_sub(1));
    }
}

/// The sessions of a home, the newest first.
fn known(home: &Home) -> Vec<Known> {
    let listed = ledger::list(home).unwrap_or_default();
    let known = |listed: ledger::Listed| {
        let path = home.recordings().join(&listed.name);
        match listed.head {
            Ok(head) => Known {
                path,
                when: short_moment(&head.started),
                title: head.title,
                extent: format!("{} of {}  {}", head.answered, head.questions, show_clock(head.spoken)),
            },
            Err(_) => Known { path, when: listed.name, title: "cannot be read".to_owned(), extent: String::new() },
        }
    };
    listed.into_iter().map(known).collect()
}

/// The day and the time of a moment in few cells.
fn short_moment(rfc3339: &str) -> String {
    let moment = chrono::DateTime::parse_from_rfc3339(rfc3339);
    let form = |moment: chrono::DateTime<chrono::FixedOffset>| {
        moment.with_timezone(&chrono::Local).format("%Y-%m-%d %H:%M").to_string()
    };
    moment.map(form).unwrap_or_else(|_| self::moment(rfc3339))
}

/// The answers of a session: the newest take of each turn.
fn answers(path: &Path) -> Lines {
    let manifest = recovery::look(path).map_err(|error| error.to_string())?;
    let review = review::read(path).unwrap_or_default();
    let turns = manifest.turns.iter().enumerate();
    Ok(turns.filter_map(|(turn, _)| line(path, &manifest, &review, turn)).collect())
}

fn line(path: &Path, manifest: &Manifest, review: &review::Review, turn: usize) -> Option<Line> {
    let asked = &manifest.turns[turn];
    let take = asked.recorded().pop()?;
    let grade = take.parts.first().and_then(|part| review.rating(&part.file));
    let after = if asked.follow_up.is_some() { ", follow-up" } else { "" };
    let takes = if take.number > 1 { format!(", take {}", take.number) } else { String::new() };
    let long = take.parts.iter().map(|part| length(part)).sum();
    Some(Line {
        turn,
        name: format!("{} {}{after}{takes}", turn + 1, asked.question),
        length: show_clock(long),
        rating: grade.map(|grade| grade.word().to_owned()).unwrap_or_default(),
        // Of an answer that was not rated nothing is given away.
        measured: match grade {
            None => "not rated yet".to_owned(),
            Some(_) => analyses::read(path, turn, &take).map(|of| few_words(&of)).unwrap_or_default(),
        },
    })
}

fn few_words(of: &crate::store::analysis::Analysis) -> String {
    let pace = of.words_a_minute_estimate.map(|words| format!("about {} words a minute", roughly(words)));
    let fillers = of.filled_pauses.as_ref().map(Vec::len).map(|count| plural(count, "likely filler"));
    pace.into_iter().chain(fillers).collect::<Vec<_>>().join(", ")
}
