//! `review.json`: what the person thinks of the answers of a session, as ratings and notes.
//!
//! Only a person's word comes in here, never a judgement of a machine's.
//! What was acknowledged is on the disk, and nothing that was ever said is dropped: the latest rating counts, the
//! earlier ones stay.
//! Knows nothing of the manifest; a session that is over, and one that another program has, is reviewed alike.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::files::{self, Links};
use super::mend;
pub use super::review_error::ReviewError;
pub use super::review_taps::{Counting, Tap, count};
pub use crate::interview::Grade;
use crate::interview::Text;

/// The name of the file in its session's folder.
pub const NAME: &str = "review.json";

/// The name of the lock that whoever writes it holds for as long as that takes.
pub const LOCK: &str = "review.lock";

/// The version of the form.
pub const SCHEMA: u32 = 1;

/// How the names of what is on its way into the place of the file begin.
const STAGED: &str = ".review-";

/// The latest place in a recording that is shown: no file is longer.
const LATEST: Duration = Duration::from_secs(86_400);

/// The most bytes of a review: twenty thousand ratings.
const LARGEST: u64 = 4 << 20;

/// How long another program is waited for that writes to the same review; each needs moments.
const LOCK_TRIES: u32 = 150;
const LOCK_PAUSE: Duration = Duration::from_millis(20);

/// A rating of a take.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rating {
    /// The id of the question.
    pub question: String,
    /// The file of the take, as the manifest names it; the first, where the take has several.
    pub take: String,
    /// How well it went.
    #[serde(with = "word")]
    pub rating: Grade,
    /// When that was said: RFC 3339, UTC.
    pub at: String,
    #[serde(flatten)]
    other: Map<String, Value>,
}

/// Where in a file a number of seconds is.
pub(super) fn place(at_s: f64) -> Duration {
    Duration::try_from_secs_f64(at_s).unwrap_or_default().min(LATEST)
}

/// The points of a question that the person found in a take; the latest of a take counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ticks {
    /// The id of the question.
    pub question: String,
    /// The file of the take, as the manifest names it; the first, where the take has several.
    pub take: String,
    /// The ids of the points.
    pub points: Vec<String>,
    /// When that was said: RFC 3339, UTC.
    pub at: String,
    #[serde(flatten)]
    other: Map<String, Value>,
}

/// The story that was told in a take; the latest of a take counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// The id of the question.
    pub question: String,
    /// The file of the take, as the manifest names it; the first, where the take has several.
    pub take: String,
    /// The id of the story; null where none was told after all.
    pub story: Option<String>,
    /// When that was said: RFC 3339, UTC.
    pub at: String,
    #[serde(flatten)]
    other: Map<String, Value>,
}

/// A note at a place of a recording.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// The file, as the manifest names it.
    pub file: String,
    /// Where in it, in seconds from its start.
    pub at_s: f64,
    text: String,
    /// When it was made: RFC 3339, UTC.
    pub at: String,
    #[serde(flatten)]
    other: Map<String, Value>,
}

impl Note {
    /// Where in its file it is; a place that is none is the start.
    pub fn place(&self) -> Duration {
        place(self.at_s)
    }

    /// What it says.
    pub fn text(&self) -> Text {
        Text::clean(&self.text)
    }
}

/// All that a person has said of a session. Keys that are not known here are kept as they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Review {
    schema: u32,
    /// The ratings, in the order in which they were given.
    #[serde(default)]
    pub ratings: Vec<Rating>,
    /// The notes, in the order in which they were made.
    #[serde(default)]
    pub notes: Vec<Note>,
    /// The points that were found in takes, in the order in which they were ticked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ticks: Vec<Ticks>,
    /// The stories that were told, in the order in which that was noted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<Told>,
    /// The filler words that were counted, in the order in which they were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taps: Vec<Tap>,
    #[serde(flatten)]
    other: Map<String, Value>,
}

impl Default for Review {
    /// One in which nothing is said.
    fn default() -> Review {
        Review {
            schema: SCHEMA,
            ratings: Vec::new(),
            notes: Vec::new(),
            ticks: Vec::new(),
            told: Vec::new(),
            taps: Vec::new(),
            other: Map::new(),
        }
    }
}

impl Review {
    /// The notes at a file, by their places in it.
    pub fn notes_of(&self, file: &str) -> impl Iterator<Item = &Note> {
        let mut notes: Vec<&Note> = self.notes.iter().filter(|note| note.file == file).collect();
        notes.sort_by(|one, other| one.at_s.total_cmp(&other.at_s));
        notes.into_iter()
    }

    /// The filler words that were counted in a file and not taken back, by their places in it.
    pub fn taps_of(&self, file: &str) -> impl Iterator<Item = &Tap> {
        let counts = |tap: &&Tap| tap.file == file && tap.taken_back.is_none();
        let mut taps: Vec<&Tap> = self.taps.iter().filter(counts).collect();
        taps.sort_by(|one, other| one.at_s.total_cmp(&other.at_s));
        taps.into_iter()
    }

    /// The rating of a take that counts: the latest.
    pub fn rating(&self, take: &str) -> Option<Grade> {
        self.ratings.iter().rfind(|rating| rating.take == take).map(|rating| rating.rating)
    }

    /// The ids of the points that were found in a take.
    pub fn ticked(&self, take: &str) -> &[String] {
        self.ticks.iter().rfind(|ticks| ticks.take == take).map_or(&[], |ticks| &ticks.points)
    }

    /// The id of the story that was told in a take.
    pub fn story(&self, take: &str) -> Option<&str> {
        self.told.iter().rfind(|told| told.take == take)?.story.as_deref()
    }
}

/// Reads the review in a session's folder; one that is not there is empty.
///
/// # Errors
/// [`ReviewError`]; the file is left as it is.
pub fn read(folder: &Path) -> Result<Review, ReviewError> {
    let path = folder.join(NAME);
    let damaged = |reason: String| ReviewError::Damaged { path: path.clone(), reason };
    let bytes = match files::read(&path, LARGEST, Links::Refuse) {
        Ok(bytes) => bytes,
        Err(error) => match error.kind() {
            io::ErrorKind::NotFound => return Ok(Review::default()),
            // A folder, a pipe, a link, or more than a review ever is.
            io::ErrorKind::InvalidInput | io::ErrorKind::FileTooLarge => return Err(damaged(error.to_string())),
            _ => return Err(ReviewError::at(path, error)),
        },
    };
    // A newer form may have anything but the number that says so.
    let schema = serde_json::from_slice::<Schema>(&bytes).map_err(|error| damaged(error.to_string()))?.schema;
    match schema {
        schema if schema > u64::from(SCHEMA) => Err(ReviewError::Newer { path, schema }),
        0 => Err(damaged("it has the schema 0".to_owned())),
        _ => serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string())),
    }
}

#[derive(Deserialize)]
struct Schema {
    schema: u64,
}

/// What was kept, and what had to be moved for it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Kept {
    /// The name that a damaged review has now, which stood in the way.
    pub aside: Option<String>,
}

/// Rates a take. On return the rating is on the disk, whatever happens next.
///
/// # Errors
/// [`ReviewError`]; then the review is as it was.
pub fn add_rating(
    folder: &Path,
    question: &str,
    take: &str,
    rating: Grade,
    now: DateTime<Utc>,
) -> Result<Kept, ReviewError> {
    let clean = |text: &str| Text::clean(text).to_string();
    let rating = Rating { question: clean(question), take: clean(take), rating, at: stamp(now), other: Map::new() };
    change(folder, |review| review.ratings.push(rating))
}

/// Keeps which points of its question a take covers, instead of what was kept before. On return that is on the disk.
///
/// # Errors
/// [`ReviewError`]; then the review is as it was.
pub fn tick(
    folder: &Path,
    question: &str,
    take: &str,
    points: &[String],
    now: DateTime<Utc>,
) -> Result<Kept, ReviewError> {
    let clean = |text: &str| Text::clean(text).to_string();
    let points = points.iter().map(|point| clean(point)).collect();
    let ticks = Ticks { question: clean(question), take: clean(take), points, at: stamp(now), other: Map::new() };
    change(folder, |review| review.ticks.push(ticks))
}

/// Keeps which story was told in a take, or that none was, instead of what was kept before. On return that is on the
/// disk.
///
/// # Errors
/// [`ReviewError`]; then the review is as it was.
pub fn tell(
    folder: &Path,
    question: &str,
    take: &str,
    story: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Kept, ReviewError> {
    let clean = |text: &str| Text::clean(text).to_string();
    let story = story.map(clean);
    let told = Told { question: clean(question), take: clean(take), story, at: stamp(now), other: Map::new() };
    change(folder, |review| review.told.push(told))
}

/// Notes something at a place of a recording. On return the note is on the disk, whatever happens next.
///
/// # Errors
/// [`ReviewError`]; then the review is as it was.
pub fn add_note(folder: &Path, file: &str, at: Duration, text: &Text, now: DateTime<Utc>) -> Result<Kept, ReviewError> {
    let note = Note {
        file: Text::clean(file).to_string(),
        at_s: at.as_secs_f64(),
        text: text.to_string(),
        at: stamp(now),
        other: Map::new(),
    };
    change(folder, |review| review.notes.push(note))
}

/// A grade as its word.
mod word {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Grade;

    pub fn serialize<S: Serializer>(grade: &Grade, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(grade.word())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Grade, D::Error> {
        let word = String::deserialize(from)?;
        let known = || serde::de::Error::unknown_variant(&word, &["again", "hard", "good", "easy"]);
        Grade::of_word(&word).ok_or_else(known)
    }
}

pub(super) fn stamp(now: DateTime<Utc>) -> String {
    now.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Changes the review in the place of the old one: whoever reads, and whenever the program is killed, there is one or
/// the other, whole.
pub(super) fn change(folder: &Path, change: impl FnOnce(&mut Review)) -> Result<Kept, ReviewError> {
    let path = folder.join(NAME);
    let failed = |reason| ReviewError::at(path.clone(), reason);
    let _lock = lock(folder)?;
    // Whoever holds the lock has nothing on its way.
    files::sweep(folder, STAGED);
    let (mut review, damaged) = match read(folder) {
        Ok(review) => (review, false),
        Err(ReviewError::Damaged { .. }) => (Review::default(), true),
        Err(error) => return Err(error),
    };
    change(&mut review);
    let mut bytes = serde_json::to_vec_pretty(&review).map_err(|error| failed(error.into()))?;
    bytes.push(b'\n');
    if bytes.len() as u64 > LARGEST {
        return Err(ReviewError::Full { path });
    }
    // What is to stand there is on the disk before what stands there is moved.
    let staged = files::stage(folder, STAGED, &bytes).map_err(failed)?;
    let aside = if damaged { Some(mend::put_aside(folder, NAME).map_err(failed)?) } else { None };
    staged.replace(folder, NAME).map_err(failed)?;
    Ok(Kept { aside })
}

/// Takes the lock of the review.
fn lock(folder: &Path) -> Result<File, ReviewError> {
    let path = folder.join(LOCK);
    let file = files::open_to_write(&path).map_err(|reason| ReviewError::at(path.clone(), reason))?;
    for _ in 0..LOCK_TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(reason)) => return Err(ReviewError::at(path, reason)),
            Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
        }
    }
    Err(ReviewError::Busy { path: folder.join(NAME) })
}

#[cfg(test)]
#[path = "review_tests.rs"]
mod tests;
