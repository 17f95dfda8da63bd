//! What is measured of what is heard: where nobody speaks, and, for after the rating, how it was said. All of it is
//! measured beside the sound, one thing after the other.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use super::behind::Behind;
use super::items::{Answer, Session};
use crate::app::answers::Answers;
use crate::app::{coach, measure};
use crate::audio::wav::WavError;
use crate::ports::Clip;
use crate::store::analysis::Analysis;
use crate::store::home::Home;
use crate::tui::plain::capital;

/// A pause that is shorter is one between words.
const LEAST_S: f64 = 0.3;

/// Where nobody speaks in a recording, in seconds; or why that cannot be known: a sentence without its full stop.
pub type Silences = Result<Arc<Vec<(f64, f64)>>, String>;

/// What is measured of one recording.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    /// A take: its session, its turn from 0, its number.
    Take(PathBuf, usize, u32),
    /// A file.
    File(PathBuf),
    /// A sound that is in no file.
    Clip(This),
}

/// One sound and no other, however alike they are. It does not keep the sound.
#[derive(Debug, Clone)]
struct This(Weak<Clip>);

impl PartialEq for This {
    fn eq(&self, other: &This) -> bool {
        self.0.ptr_eq(&other.0)
    }
}

impl Eq for This {}

impl Hash for This {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_ptr().hash(state);
    }
}

/// What was found.
enum Found {
    Silences(Silences),
    Answers(Box<Answers>),
}

/// What is measured of recordings.
pub struct Measured {
    home: Option<Home>,
    silences: HashMap<Key, Silences>,
    answers: HashMap<PathBuf, Answers>,
    /// How an answer was said, once it was asked for.
    told: HashMap<Key, Vec<String>>,
    /// What goes on now.
    behind: Option<(Wanted, Behind<Found>)>,
    /// What is measured next; the last of each kind that was asked for.
    next_take: Option<Wanted>,
    next_answers: Option<Wanted>,
    /// How often something was measured.
    #[cfg(test)]
    begun: usize,
}

/// What is to be measured.
#[derive(Clone)]
enum Wanted {
    Take(Answer),
    File(PathBuf),
    Clip(Arc<Clip>),
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
            #[cfg(test)]
            begun: 0,
        }
    }

    /// Where nobody speaks in an answer; `None` while that is not known. It is found out then.
    pub fn silences(&mut self, answer: &Answer) -> Option<Silences> {
        self.silences_of(Wanted::Take(answer.clone()))
    }

    /// The same of a file that is no answer.
    pub fn silences_of_file(&mut self, file: &Path) -> Option<Silences> {
        self.silences_of(Wanted::File(file.to_owned()))
    }

    /// The same of a sound that is in no file.
    pub fn silences_of_clip(&mut self, clip: &Arc<Clip>) -> Option<Silences> {
        self.silences_of(Wanted::Clip(Arc::clone(clip)))
    }

    fn silences_of(&mut self, wanted: Wanted) -> Option<Silences> {
        let found = self.silences.get(&wanted.key()?).cloned();
        if found.is_none() {
            // What is measured already is not to be measured once more behind that.
            self.next_take = (!self.measures(&wanted)).then_some(wanted);
            self.turn();
        }
        found
    }

    /// Whether this is what is measured now.
    fn measures(&self, wanted: &Wanted) -> bool {
        self.behind.as_ref().is_some_and(|(now, _)| now.is(wanted))
    }

    /// How an answer was said, a sentence each; `None` while that is not known. It is found out then.
    pub fn told(&mut self, answer: &Answer) -> Option<Vec<String>> {
        if let Some(lines) = self.told.get(&key(answer)) {
            return Some(lines.clone());
        }
        let Some(answers) = self.answers.get(&answer.session.path) else {
            let wanted = Wanted::Answers(Arc::clone(&answer.session));
            self.next_answers = (!self.measures(&wanted)).then_some(wanted);
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
        let Some(found) = self.behind.as_ref().and_then(|(_, behind)| behind.found()) else { return false };
        let Some((wanted, _)) = self.behind.take() else { return false };
        match (wanted, found) {
            (Wanted::Answers(session), found) => {
                // Where it came to nothing, it would again.
                let answers = match found {
                    Some(Found::Answers(answers)) => *answers,
                    _ => Answers::default(),
                };
                self.answers.insert(session.path.clone(), answers);
            }
            (wanted, found) => {
                let silences = match found {
                    Some(Found::Silences(silences)) => silences,
                    _ => Err("it could not be measured".to_owned()),
                };
                self.silences.extend(wanted.key().map(|key| (key, silences)));
            }
        }
        self.turn();
        true
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
        #[cfg(test)]
        {
            self.begun += 1;
        }
        let (work, home) = (wanted.clone(), self.home.clone());
        self.behind = Some((wanted, Behind::begin(move || work.done(home))));
    }
}

impl Wanted {
    /// Of which recording it is; a session is none.
    fn key(&self) -> Option<Key> {
        match self {
            Wanted::Take(answer) => Some(key(answer)),
            Wanted::File(file) => Some(Key::File(file.clone())),
            Wanted::Clip(clip) => Some(Key::Clip(This(Arc::downgrade(clip)))),
            Wanted::Answers(_) => None,
        }
    }

    fn is(&self, other: &Wanted) -> bool {
        match (self, other) {
            (Wanted::Answers(one), Wanted::Answers(other)) => one.path == other.path,
            _ => self.key().is_some_and(|key| other.key() == Some(key)),
        }
    }

    fn done(self, home: Option<Home>) -> Found {
        match (self, home) {
            (Wanted::Take(answer), _) => {
                let Some(take) = answer.recorded() else {
                    return Found::Silences(Err("its session has no such take any more".to_owned()));
                };
                let measured = measure::take(&answer.session.path, answer.turn, &take);
                Found::Silences(silences(measured, answer.length().as_secs_f64()))
            }
            (Wanted::File(file), _) => {
                let report = measure::file(&file, |_| ());
                Found::Silences(silences(report.map(|report| Analysis::of("", &report)), 0.0))
            }
            (Wanted::Clip(clip), _) => Found::Silences(silences(Ok(Analysis::of("", &measure::clip(&clip))), 0.0)),
            (Wanted::Answers(session), Some(home)) => {
                Found::Answers(Box::new(Answers::of(&home, &session.path, &session.manifest)))
            }
            (Wanted::Answers(_), None) => Found::Answers(Box::default()),
        }
    }
}

fn key(answer: &Answer) -> Key {
    Key::Take(answer.session.path.clone(), answer.turn, answer.take)
}

/// Where nobody speaks. Where there is no speech at all, nothing is known: all of it would be silence.
fn silences(measured: Result<Analysis, WavError>, length_s: f64) -> Silences {
    let analysis = measured.map_err(|error| error.to_string())?;
    stretches(&analysis, length_s).map(Arc::new).ok_or_else(|| "no speech was found in it".to_owned())
}

fn stretches(analysis: &Analysis, length_s: f64) -> Option<Vec<(f64, f64)>> {
    let speech = analysis.speech.as_deref().filter(|speech| !speech.is_empty())?;
    let length_s = length_s.max(analysis.duration_s);
    let begins = std::iter::once(0.0).chain(speech.iter().map(|[_, end]| *end));
    let ends = speech.iter().map(|[start, _]| *start).chain(std::iter::once(length_s));
    Some(begins.zip(ends).filter(|(start, end)| end - start >= LEAST_S).collect())
}

/// What was measured, as a sentence.
fn sentence(line: &str) -> String {
    if line.starts_with("not measured") { format!("{}.", capital(line)) } else { format!("Measured: {line}.") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::wav;
    use crate::speech::Delivery;

    #[test]
    fn silence_is_what_lies_between_and_around_the_speech() {
        let silent = Analysis::of("x.wav", &Delivery::new(48_000, 1).finish());
        assert_eq!(stretches(&Analysis { speech: None, ..silent.clone() }, 9.0), None);
        assert_eq!(stretches(&Analysis { speech: Some(Vec::new()), ..silent.clone() }, 9.0), None);
        let spoken = Analysis { speech: Some(vec![[1.0, 2.0], [2.2, 3.0], [4.0, 8.9]]), ..silent };
        assert_eq!(stretches(&spoken, 9.0), Some(vec![(0.0, 1.0), (3.0, 4.0)]));
    }

    /// Lets it come to its end.
    fn all_of(measured: &mut Measured) {
        while measured.behind.is_some() {
            measured.news();
            std::thread::yield_now();
        }
    }

    #[test]
    fn however_often_it_is_asked_for_a_recording_is_measured_once() {
        let folder = tempfile::tempdir().unwrap();
        let [one, other] = ["one.wav", "other.wav"].map(|name| folder.path().join(name));
        let silence = Clip { rate: 16_000, samples: vec![0; 16_000] };
        [&one, &other].iter().for_each(|file| wav::write(file, &silence).unwrap());
        let mut measured = Measured::begin(None);
        for _ in 0..5 {
            assert_eq!(measured.silences_of_file(&one), None);
        }
        all_of(&mut measured);
        assert_eq!(measured.begun, 1);
        // Who goes to another and back again wants that one no more.
        let silence = Arc::new(silence);
        for _ in 0..5 {
            assert_eq!(measured.silences_of_clip(&silence), None);
            assert_eq!(measured.silences_of_file(&other), None);
            assert_eq!(measured.silences_of_clip(&silence), None);
        }
        all_of(&mut measured);
        assert_eq!(measured.begun, 2);
        let none = Some(Err("no speech was found in it".to_owned()));
        assert_eq!((measured.silences_of_file(&one), measured.silences_of_clip(&silence)), (none.clone(), none));
        assert_eq!(measured.silences_of_clip(&Arc::new(silence.as_ref().clone())), None, "another is not this one");
    }

    #[test]
    fn what_cannot_be_measured_is_not_what_has_no_silence() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("slow.wav");
        wav::write(&file, &Clip { rate: 2_000, samples: vec![0; 2_000] }).unwrap();
        let mut measured = Measured::begin(None);
        assert_eq!(measured.silences_of_file(&file), None);
        all_of(&mut measured);
        let why = measured.silences_of_file(&file).unwrap().unwrap_err();
        assert!(why.contains("slow.wav") && why.contains("2000 Hz"), "{why}");
    }
}
