//! What the person says of the answers that are heard: ratings, points, marks, counted fillers. What is said is shown at
//! once and kept beside the sound.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::Utc;

use super::behind::Keeping;
use super::items::Answer;
use crate::app::debrief::{Debrief, Mark};
use crate::app::marks;
use crate::interview::Text;
use crate::store::review::{self, Counting, Kept, Review, ReviewError};

/// What is known of an answer.
#[derive(Debug, Default)]
pub struct Said {
    /// How it was rated, and what it covers.
    pub debrief: Debrief,
    /// Its marks by their places in the whole of it, with what was noted.
    pub marks: Vec<(Duration, Text)>,
    /// Where fillers were counted in the whole of it, in the order in which they were.
    pub taps: Vec<Counted>,
}

/// A filler that was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Where in the whole of the answer.
    pub at: Duration,
    file: String,
    place: Duration,
}

/// What the person says.
pub struct Reviews {
    read: HashMap<PathBuf, Review>,
    known: HashMap<(PathBuf, String), Said>,
    keeping: Keeping,
    done: Arc<Mutex<Done>>,
    /// The folder of the fillers that were handed on last, and those that wait for their turn there.
    counting: Option<(PathBuf, Waiting)>,
    /// Sessions of which something was not kept: what is known of them is not what is on the disk.
    unkept: HashSet<PathBuf>,
    rated: bool,
}

/// Fillers that are to be counted or taken back; further ones may join them until it is their turn.
type Waiting = Arc<Mutex<Option<Vec<Counting>>>>;

/// What was done beside the sound.
#[derive(Debug, Default)]
struct Done {
    /// Sessions of which something could not be kept.
    unkept: Vec<PathBuf>,
    /// Whether a rating is on the disk since this was looked at.
    rated: bool,
}

impl Reviews {
    /// Nothing is known yet.
    pub fn begin() -> Reviews {
        Reviews {
            read: HashMap::new(),
            known: HashMap::new(),
            keeping: Keeping::begin(),
            done: Arc::default(),
            counting: None,
            unkept: HashSet::new(),
            rated: false,
        }
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
        let done = Arc::clone(&self.done);
        self.keep(folder, move |folder| {
            let kept = marks::try_to_keep(folder, &question, &take, &mark);
            if kept.is_ok() && matches!(mark, Mark::Rated(_)) {
                locked(&done).rated = true;
            }
            kept
        });
        true
    }

    /// Marks a place of an answer.
    pub fn mark(&mut self, answer: &Answer, at: Duration, text: Text) {
        let said = self.of(answer);
        let place = said.marks.partition_point(|(other, _)| *other <= at);
        said.marks.insert(place, (at, text.clone()));
        let (folder, _, _) = names(answer);
        let (file, at) = answer.place(at);
        self.keep(folder, move |folder| {
            told(review::add_note(folder, &file, at, &text, Utc::now()), || match text.is_empty() {
                true => "The mark is not kept".to_owned(),
                // It is nowhere else any more.
                false => format!("The note \"{text}\" is not kept"),
            })
        });
    }

    /// Counts a filler at a place of an answer.
    pub fn tap(&mut self, answer: &Answer, at: Duration) {
        let (file, place) = answer.place(at);
        let tap = Counting::tap(&file, place, Utc::now());
        self.of(answer).taps.push(Counted { at, file, place });
        self.count(answer, tap);
    }

    /// Takes the filler back that was counted last; gives where it was.
    pub fn untap(&mut self, answer: &Answer) -> Option<Duration> {
        let Counted { at, file, place } = self.of(answer).taps.pop()?;
        self.count(answer, Counting::take_back(&file, place, Utc::now()));
        Some(at)
    }

    /// Counts, or takes back. What a held key counts faster than the disk keeps it, is kept at once.
    fn count(&mut self, answer: &Answer, one: Counting) {
        let (folder, _, _) = names(answer);
        if let Some((other, waiting)) = &self.counting
            && *other == folder
            && let Some(waiting) = locked(waiting).as_mut()
        {
            waiting.push(one);
            return;
        }
        let waiting = Arc::new(Mutex::new(Some(vec![one])));
        self.counting = Some((folder.clone(), Arc::clone(&waiting)));
        self.keep(folder, move |folder| {
            let todo = locked(&waiting).take().unwrap_or_default();
            told(review::count(folder, &todo), || {
                let not = match &todo[..] {
                    [one] if one.takes_back() => "The filler is not taken back",
                    [_] => "The filler is not counted",
                    _ => "The fillers are not counted",
                };
                not.to_owned()
            })
        });
    }

    fn keep(&mut self, folder: PathBuf, job: impl FnOnce(&Path) -> Result<Option<String>, String> + Send + 'static) {
        let done = Arc::clone(&self.done);
        self.keeping.keep(move || {
            job(&folder).unwrap_or_else(|why| {
                locked(&done).unkept.push(folder);
                Some(why)
            })
        });
    }

    /// What became of what was said, in sentences. What could not be kept is not known any more.
    pub fn news(&mut self) -> Vec<String> {
        let news = self.keeping.news();
        let Done { unkept, rated } = std::mem::take(&mut *locked(&self.done));
        self.unkept.extend(unkept);
        self.rated |= rated;
        // What is still on its way is not read over.
        if !self.unkept.is_empty() && self.is_idle() {
            let unkept = std::mem::take(&mut self.unkept);
            self.read.retain(|path, _| !unkept.contains(path));
            self.known.retain(|(path, _), _| !unkept.contains(path));
        }
        news
    }

    /// Whether a rating was kept since this was asked last.
    pub fn was_rated(&mut self) -> bool {
        std::mem::take(&mut self.rated)
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
        let counted = |tap: &review::Tap| {
            let at = *starts.get(tap.file.as_str())? + tap.place();
            Some(Counted { at, file: tap.file.clone(), place: tap.place() })
        };
        said.taps = counts.filter_map(counted).collect();
        said
    }
}

/// The folder, the question and the file of an answer.
fn names(answer: &Answer) -> (PathBuf, String, String) {
    (answer.session.path.clone(), answer.asked().question.clone(), answer.file().to_owned())
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is to be said of something that needs no words where all is well.
fn told(kept: Result<Kept, ReviewError>, not: impl FnOnce() -> String) -> Result<Option<String>, String> {
    match kept {
        Ok(Kept { aside: None }) => Ok(None),
        Ok(Kept { aside: Some(name) }) => {
            Ok(Some(format!("Saved. What was said before could not be read and is kept as {name}.")))
        }
        Err(error) => Err(format!("{}: {error}", not())),
    }
}
