//! No voice: the text alone, with the time it takes to read it.

use std::time::Duration;

use crate::interview::Text;
use crate::ports::{Utterance, Voice, VoiceError};

/// How fast an unhurried reader reads: 200 words a minute, the lower end of what studies of silent reading find
/// (Brysbaert 2019 gives 238 for non-fiction).
const PER_WORD: Duration = Duration::from_millis(300);
/// The shortest time that a text is shown.
const LEAST: Duration = Duration::from_secs(2);

/// The voice that shows the text and waits.
pub struct Silent;

impl Voice for Silent {
    fn name(&self) -> String {
        "none".into()
    }

    fn utter(&mut self, text: &Text) -> Result<Utterance, VoiceError> {
        Ok(reading(text))
    }
}

/// The text alone.
pub fn reading(text: &Text) -> Utterance {
    Utterance::Reading(reading_time(text))
}

/// How long it takes to read a text.
pub fn reading_time(text: &Text) -> Duration {
    let words = u32::try_from(text.words()).unwrap_or(u32::MAX);
    PER_WORD.saturating_mul(words).max(LEAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(raw: &str) -> Duration {
        match Silent.utter(&Text::clean(raw)) {
            Ok(Utterance::Reading(time)) => time,
            _ => panic!("the silent voice only reads"),
        }
    }

    #[test]
    fn two_hundred_words_take_a_minute_to_read() {
        assert_eq!(time(&"word ".repeat(200)), Duration::from_secs(60));
    }

    #[test]
    fn even_an_empty_text_is_shown_for_two_seconds() {
        assert_eq!(time(""), Duration::from_secs(2));
        assert_eq!(time("One, two, three."), Duration::from_secs(2));
    }
}
