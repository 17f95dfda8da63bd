//! Times as they are read aloud.

use std::time::Duration;

use crate::interview::time::say_duration;

/// A place in a recording in words, to the second.
pub fn in_words(place: Duration) -> String {
    match place.as_secs() {
        0 => "the beginning".to_owned(),
        seconds => say_duration(Duration::from_secs(seconds)),
    }
}
