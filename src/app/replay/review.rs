//! What the person says of the answers that are heard: ratings, points, marks, counted fillers. What is said is shown at
//! once and kept beside the sound.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use chrono::Utc;

use super::behind::Keeping;
use super::items::Answer;
use crate::app::debrief::Debrief;
use crate::app::marks;
use crate::interview::Text;
use crate::store::review::{self, Kept, Review, ReviewError};

/// What is known of an answer.
#[derive(Debug, Default)]
pub struct Said {
    /// How it was rated, and what it covers.
    pub debrief: Debrief,
    /// Its marks by their places in the whole of it, with what was noted.
    pub marks: Vec<(Duration, Text)>,
    /// Where fillers were counted in the whole of it, in the order in which they were.
    pub taps: Vec<Duration>,
}

/// What the person says.
pub struct Reviews {
    read: HashMap<PathBuf, Review>,
    known: HashMap<(PathBuf, String), Said>,
    keeping: Keeping,
}

impl Reviews {
    /// Nothing is known yet.
    pub fn begin() -> Reviews {
        Reviews { read: HashMap::new(), known: HashMap::new(), keeping: Keeping::begin() }
    }

    /// What was said of an answer.
    pub fn of(&mut self, answer: &Answer) -> &mut Said {
        let path = &answer.session.path;
        let Reviews { read, known, .. } = self;
        known.entry((path.clone(), answer.file().to_owned())).or_insert_with(|| {
            // One that cannot be read says nothing; what is said now is told to have moved it.
            let review = read.entry(path.clone()).or_insert_with(|| review::read(path).unwrap_or_default());
            Said::of(answer, review)
        })
    }

    /// A number was pressed; says whether it meant anything.
    pub fn digit(&mut self, answer: &Answer, number: u8) -> bool {
        let Some(mark) = self.of(answer).debrief.digit(number) else { return false };
        let (folder, question, take) = names(answer);
        self.keeping.keep(move || marks::keep(&folder, &question, &take, &mark));
        true
    }

    /// Marks a place of an answer.
    pub fn mark(&mut self, answer: &Answer, at: Duration, text: Text) {
        let said = self.of(answer);
        let place = said.marks.partition_point(|(other, _)| *other <= at);
        said.marks.insert(place, (at, text.clone()));
        let (folder, _, _) = names(answer);
        let (file, at) = answer.place(at);
        self.keeping
            .keep(move || told(review::add_note(&folder, &file, at, &text, Utc::now()), "The mark is not kept"));
    }

    /// Counts a filler at a place of an answer.
    pub fn tap(&mut self, answer: &Answer, at: Duration) {
        self.of(answer).taps.push(at);
        let (folder, _, _) = names(answer);
        let (file, at) = answer.place(at);
        self.keeping.keep(move || told(review::add_tap(&folder, &file, at, Utc::now()), "The filler is not counted"));
    }

    /// Takes the filler back that was counted last; gives where it was.
    pub fn untap(&mut self, answer: &Answer) -> Option<Duration> {
        let tap = self.of(answer).taps.pop()?;
        let (folder, _, _) = names(answer);
        let files = answer.files();
        self.keeping.keep(move || {
            let files: Vec<&str> = files.iter().map(String::as_str).collect();
            let taken = review::take_back_tap(&folder, &files, Utc::now());
            taken.err().map(|error| format!("The filler is not taken back: {error}"))
        });
        Some(tap)
    }

    /// What became of what was said, in sentences.
    pub fn news(&mut self) -> Vec<String> {
        self.keeping.news()
    }

    /// Whether all that was said is kept.
    pub fn is_idle(&self) -> bool {
        self.keeping.is_idle()
    }

    /// Waits until all is kept; gives what is still to be said.
    pub fn finish(&mut self) -> Vec<String> {
        self.keeping.finish()
    }
}

impl Said {
    fn of(answer: &Answer, review: &Review) -> Said {
        let (grade, ticked) = (review.rating(answer.file()), review.ticked(answer.file()));
        let debrief = Debrief::new(answer.points(), &[]).known(grade, ticked, None);
        let mut said = Said { debrief, ..Said::default() };
        for (file, start) in answer.starts() {
            said.marks.extend(review.notes_of(file).map(|note| (start + note.place(), note.text())));
        }
        // The last one that was counted is the first to be taken back, wherever it is.
        let starts: HashMap<&str, Duration> = answer.starts().collect();
        let counts = review.taps.iter().filter(|tap| tap.taken_back.is_none());
        said.taps = counts.filter_map(|tap| Some(*starts.get(tap.file.as_str())? + tap.place())).collect();
        said
    }
}

/// The folder, the question and the file of an answer.
fn names(answer: &Answer) -> (PathBuf, String, String) {
    (answer.session.path.clone(), answer.asked().question.clone(), answer.file().to_owned())
}

/// What is to be said of something that needs no words where all is well.
fn told(kept: Result<Kept, ReviewError>, not: &str) -> Option<String> {
    match kept {
        Ok(Kept { aside: None }) => None,
        Ok(Kept { aside: Some(name) }) => {
            Some(format!("Saved. What was said before could not be read and is kept as {name}."))
        }
        Err(error) => Some(format!("{not}: {error}")),
    }
}
