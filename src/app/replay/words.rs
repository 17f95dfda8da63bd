//! Times and numbers as they are read aloud.

use std::time::Duration;

use crate::interview::time::say_duration;

/// So many of something.
pub fn plural(count: usize, what: &str) -> String {
    match count {
        0 => format!("no {what}"),
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

/// A place in a recording in words, to the second.
pub fn in_words(place: Duration) -> String {
    match place.as_secs() {
        0 => "the beginning".to_owned(),
        seconds => say_duration(Duration::from_secs(seconds)),
    }
}
