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

/// Counts a filler word at a place of a recording. On return it is on the disk.
///
/// # Errors
/// [`ReviewError`]; then the review is as it was.
pub fn add_tap(folder: &Path, file: &str, at: Duration, now: DateTime<Utc>) -> Result<Kept, ReviewError> {
    let file = Text::clean(file).to_string();
    let tap = Tap { file, at_s: at.as_secs_f64(), at: stamp(now), taken_back: None, other: Map::new() };
    change(folder, |review| review.taps.push(tap))
}

/// Takes back the filler word that was counted last in any of these files, which are those of one take; gives it. It
/// stays in the review, but counts no more. Where there is none, nothing is written.
///
/// # Errors
/// [`ReviewError`]; then the review is as it was.
pub fn take_back_tap(folder: &Path, files: &[&str], now: DateTime<Utc>) -> Result<Option<Tap>, ReviewError> {
    let last = |review: &mut Review| {
        let counts = |tap: &&mut Tap| files.contains(&tap.file.as_str()) && tap.taken_back.is_none();
        let tap = review.taps.iter_mut().rfind(counts)?;
        tap.taken_back = Some(stamp(now));
        Some(tap.clone())
    };
    // A review that is not there, or cannot be read, is not begun for this.
    let mut review = match read(folder) {
        Err(ReviewError::Damaged { .. }) => return Ok(None),
        review => review?,
    };
    if last(&mut review).is_none() {
        return Ok(None);
    }
    let mut taken = None;
    change(folder, |review| taken = last(review))?;
    Ok(taken)
}
