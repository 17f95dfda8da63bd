//! The filler words that a person counted while listening: a part of their review.
//!
//! What is taken back stays, and counts no more.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::review::{Kept, Review, ReviewError, change, place, read, stamp};
use crate::interview::Text;

/// A place of a recording at which the person counted a filler word.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tap {
    /// The file, as the manifest names it.
    pub file: String,
    /// Where in it, in seconds from its start.
    pub at_s: f64,
    /// When it was tapped: RFC 3339, UTC.
    pub at: String,
    /// When it was taken back: RFC 3339, UTC. Then it counts no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_back: Option<String>,
    #[serde(flatten)]
    other: Map<String, Value>,
}

impl Tap {
    /// Where in its file it is; a place that is none is the start.
    pub fn place(&self) -> Duration {
        place(self.at_s)
    }
}

/// Something that is to be done about a counted filler word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counting {
    file: String,
    at: Duration,
    when: DateTime<Utc>,
    back: bool,
}

impl Counting {
    /// One is counted at this place of a file.
    pub fn tap(file: &str, at: Duration, now: DateTime<Utc>) -> Counting {
        Counting { file: Text::clean(file).to_string(), at, when: now, back: false }
    }

    /// The last that was counted at this very place of a file is taken back: it stays in the review, but counts no more.
    pub fn take_back(file: &str, at: Duration, now: DateTime<Utc>) -> Counting {
        Counting { back: true, ..Counting::tap(file, at, now) }
    }

    /// Whether it takes one back.
    pub fn takes_back(&self) -> bool {
        self.back
    }

    /// Which tap of a review it takes back.
    fn meant<'r>(&self, review: &'r mut Review) -> Option<&'r mut Tap> {
        let meant = |tap: &&mut Tap| tap.file == self.file && tap.place() == self.at && tap.taken_back.is_none();
        review.taps.iter_mut().rfind(meant)
    }

    fn done(&self, review: &mut Review) {
        if !self.back {
            let (file, at_s) = (self.file.clone(), self.at.as_secs_f64());
            review.taps.push(Tap { file, at_s, at: stamp(self.when), taken_back: None, other: Map::new() });
        } else if let Some(tap) = self.meant(review) {
            tap.taken_back = Some(stamp(self.when));
        }
    }
}

/// Counts filler words and takes some back, in this order and as one change. On return all of it is on the disk. A tap
/// that is to be taken back and is not there is passed over; where there is nothing else to do, nothing is written.
///
/// # Errors
/// [`ReviewError`]; then the review is as it was.
pub fn count(folder: &Path, todo: &[Counting]) -> Result<Kept, ReviewError> {
    if todo.iter().all(Counting::takes_back) {
        // A review that is not there, or cannot be read, is not begun for this.
        let mut review = match read(folder) {
            Err(ReviewError::Damaged { .. }) => return Ok(Kept::default()),
            review => review?,
        };
        if !todo.iter().any(|counting| counting.meant(&mut review).is_some()) {
            return Ok(Kept::default());
        }
    }
    change(folder, |review| todo.iter().for_each(|counting| counting.done(review)))
}
