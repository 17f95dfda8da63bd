//! What is measured of what is heard: where nobody speaks, and, for after the rating, how it was said. All of it is
//! measured beside the sound, one thing after the other.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::behind::Behind;
use super::items::{Answer, Session};
use crate::app::answers::Answers;
use crate::app::{coach, measure};
use crate::store::analysis::Analysis;
use crate::store::home::Home;
use crate::tui::plain::capital;

/// A pause that is shorter is one between words.
const LEAST_S: f64 = 0.3;

/// What is measured of one recording.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    /// A take: its session, its turn from 0, its number.
    Take(PathBuf, usize, u32),
    /// A file.
    File(PathBuf),
}

/// What was found.
enum Found {
    Stretches(Key, Arc<Vec<(f64, f64)>>),
    Answers(PathBuf, Box<Answers>),
}

/// What is measured of recordings.
pub struct Measured {
    home: Option<Home>,
    /// Where nobody speaks in a recording; nothing, where that could not be known.
    silences: HashMap<Key, Arc<Vec<(f64, f64)>>>,
    answers: HashMap<PathBuf, Answers>,
    /// How an answer was said, once it was asked for.
    told: HashMap<Key, Vec<String>>,
    /// What goes on now.
    behind: Option<(Wanted, Behind<Found>)>,
    /// What is measured next; the last of each kind that was asked for.
    next_take: Option<Wanted>,
    next_answers: Option<Wanted>,
}

/// What is to be measured.
#[derive(Clone)]
enum Wanted {
    Take(Answer),
    File(PathBuf),
    Answers(Arc<Session>),
}

impl Measured {
    /// Nothing is measured yet. Without a home there is nothing to compare with.
    pub fn begin(home: Option<Home>) -> Measured {
        Measured {
            home,
            silences: HashMap::new(),
            answers: HashMap::new(),
            told: HashMap::new(),
            behind: None,
            next_take: None,
            next_answers: None,
        }
    }

    /// Where nobody speaks in an answer, in seconds; `None` while that is not known. It is found out then.
    pub fn silences(&mut self, answer: &Answer) -> Option<Arc<Vec<(f64, f64)>>> {
        let found = self.silences.get(&key(answer)).cloned();
        if found.is_none() {
            self.next_take = Some(Wanted::Take(answer.clone()));
            self.turn();
        }
        found
    }

    /// The same of a file that is no answer.
    pub fn silences_of_file(&mut self, file: &Path) -> Option<Arc<Vec<(f64, f64)>>> {
        let found = self.silences.get(&Key::File(file.to_owned())).cloned();
        if found.is_none() {
            self.next_take = Some(Wanted::File(file.to_owned()));
            self.turn();
        }
        found
    }

    /// How an answer was said, a sentence each; `None` while that is not known. It is found out then.
    pub fn told(&mut self, answer: &Answer) -> Option<Vec<String>> {
        if let Some(lines) = self.told.get(&key(answer)) {
            return Some(lines.clone());
        }
        let Some(answers) = self.answers.get(&answer.session.path) else {
            self.next_answers = Some(Wanted::Answers(Arc::clone(&answer.session)));
            self.turn();
            return None;
        };
        let mut lines: Vec<String> = answers.told(answer.turn, answer.take).iter().map(|line| sentence(line)).collect();
        if let Some(analysis) = answers.analysis(answer.turn, answer.take) {
            let remarks = answers.remarks(answer.turn, answer.take, &coach::guidance());
            lines.extend(remarks.iter().map(|remark| coach::marked(remark, analysis)));
        } else {
            lines.push("Nothing was measured of it.".to_owned());
        }
        self.told.insert(key(answer), lines.clone());
        Some(lines)
    }

    /// Takes in what was found since; says whether something was.
    pub fn news(&mut self) -> bool {
        let Some((wanted, behind)) = &self.behind else { return false };
        let Some(found) = behind.found() else { return false };
        match found {
            Some(Found::Stretches(key, stretches)) => {
                self.silences.insert(key, stretches);
            }
            Some(Found::Answers(path, answers)) => {
                self.answers.insert(path, *answers);
            }
            // It came to nothing, and would again.
            None => self.give_up(&wanted.clone()),
        }
        self.behind = None;
        self.turn();
        true
    }

    fn give_up(&mut self, wanted: &Wanted) {
        match wanted {
            Wanted::Take(answer) => {
                self.silences.insert(key(answer), Arc::default());
            }
            Wanted::File(file) => {
                self.silences.insert(Key::File(file.clone()), Arc::default());
            }
            Wanted::Answers(session) => {
                self.answers.insert(session.path.clone(), Answers::default());
            }
        }
    }

    /// Begins with what is wanted next, where nothing goes on.
    fn turn(&mut self) {
        if self.behind.is_some() {
            return;
        }
        let wanted = match (self.next_take.take(), self.next_answers.take()) {
            // The rating was given: what was measured is waited for.
            (take, Some(answers)) => {
                self.next_take = take;
                answers
            }
            (Some(take), None) => take,
            (None, None) => return,
        };
        let (work, home) = (wanted.clone(), self.home.clone());
        self.behind = Some((wanted, Behind::begin(move || work.done(home))));
    }
}

impl Wanted {
    fn done(self, home: Option<Home>) -> Found {
        match (self, home) {
            (Wanted::Take(answer), _) => {
                let taken = answer.recorded().map(|take| measure::take(&answer.session.path, answer.turn, &take));
                let length_s = answer.length().as_secs_f64();
                let found = taken.and_then(Result::ok).map(|analysis| stretches(&analysis, length_s));
                Found::Stretches(key(&answer), Arc::new(found.unwrap_or_default()))
            }
            (Wanted::File(file), _) => {
                let report = measure::file(&file, |_| ());
                let found = report.ok().map(|report| Analysis::of("", &report));
                let found = found.map(|analysis| stretches(&analysis, analysis.duration_s));
                Found::Stretches(Key::File(file), Arc::new(found.unwrap_or_default()))
            }
            (Wanted::Answers(session), Some(home)) => {
                let answers = Answers::of(&home, &session.path, &session.manifest);
                Found::Answers(session.path.clone(), Box::new(answers))
            }
            (Wanted::Answers(session), None) => Found::Answers(session.path.clone(), Box::default()),
        }
    }
}

fn key(answer: &Answer) -> Key {
    Key::Take(answer.session.path.clone(), answer.turn, answer.take)
}

/// Where nobody speaks. Where there is no speech at all, nothing is known: all of it would be silence.
fn stretches(analysis: &Analysis, length_s: f64) -> Vec<(f64, f64)> {
    let speech = analysis.speech.as_deref().unwrap_or_default();
    let (Some(_), length_s) = (speech.first(), length_s.max(analysis.duration_s)) else { return Vec::new() };
    let begins = std::iter::once(0.0).chain(speech.iter().map(|[_, end]| *end));
    let ends = speech.iter().map(|[start, _]| *start).chain(std::iter::once(length_s));
    begins.zip(ends).filter(|(start, end)| end - start >= LEAST_S).collect()
}

/// What was measured, as a sentence.
fn sentence(line: &str) -> String {
    if line.starts_with("not measured") { format!("{}.", capital(line)) } else { format!("Measured: {line}.") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speech::Delivery;

    #[test]
    fn silence_is_what_lies_between_and_around_the_speech() {
        let silent = Analysis::of("x.wav", &Delivery::new(48_000, 1).finish());
        assert_eq!(stretches(&Analysis { speech: None, ..silent.clone() }, 9.0), []);
        assert_eq!(stretches(&Analysis { speech: Some(Vec::new()), ..silent.clone() }, 9.0), []);
        let spoken = Analysis { speech: Some(vec![[1.0, 2.0], [2.2, 3.0], [4.0, 8.9]]), ..silent };
        assert_eq!(stretches(&spoken, 9.0), [(0.0, 1.0), (3.0, 4.0)]);
    }
}
