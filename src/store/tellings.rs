//! How often each story was told, from what the person noted of the answers of all sessions.

use std::collections::HashMap;

use chrono::{DateTime, Local};

use super::catalogue;
use super::home::Home;
use super::review;
use crate::interview::story::Telling;

/// How often each story was told, by its id. A review that cannot be read tells of none.
pub fn of(home: &Home) -> HashMap<String, Telling> {
    let mut tellings: HashMap<String, Telling> = HashMap::new();
    let mut folders = catalogue::folders(home).unwrap_or_default();
    // The oldest first, so that the last day is the last.
    folders.reverse();
    for folder in folders {
        let Ok(review) = review::read(&folder) else { continue };
        let mut takes: Vec<&str> = review.told.iter().map(|told| told.take.as_str()).collect();
        takes.sort_unstable();
        takes.dedup();
        for take in takes {
            // The latest word counts.
            let Some(told) = review.told.iter().rfind(|told| told.take == take) else { continue };
            let Some(story) = &told.story else { continue };
            let telling = tellings.entry(story.clone()).or_default();
            telling.times += 1;
            if !telling.questions.contains(&told.question) {
                telling.questions.push(told.question.clone());
            }
            let day = DateTime::parse_from_rfc3339(&told.at).ok();
            let day = day.map(|day| day.with_timezone(&Local).format("%Y-%m-%d").to_string());
            telling.last = telling.last.take().max(day);
        }
    }
    tellings
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};

    use super::*;
    use crate::store::home::FoundBy;

    #[test]
    fn the_latest_word_of_each_take_counts() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home { root: folder.path().to_owned(), found: FoundBy::Flag };
        let session = |name: &str| {
            let path = home.recordings().join(name);
            std::fs::create_dir_all(path.join("takes")).unwrap();
            std::fs::write(path.join("takes/01-a-1.wav"), b"").unwrap();
            path
        };
        let at = |day| Utc.with_ymd_and_hms(2026, 11, day, 12, 0, 0).unwrap();
        let first = session("2026-11-20T09-00-00Z-x");
        let second = session("2026-11-21T09-00-00Z-x");
        for (path, question, take, story, day) in [
            (&first, "a", "takes/01-a-1.wav", Some("payments"), 20),
            (&first, "b", "takes/02-b-1.wav", Some("payments"), 20),
            (&first, "b", "takes/02-b-1.wav", None, 20),
            (&second, "a", "takes/01-a-1.wav", Some("payments"), 21),
            (&second, "c", "takes/02-c-1.wav", Some("outage"), 21),
        ] {
            review::tell(path, question, take, story, at(day)).unwrap();
        }
        let tellings = of(&home);
        let payments = &tellings["payments"];
        assert_eq!((payments.times, payments.questions.as_slice()), (2, &["a".to_owned()][..]));
        assert_eq!(payments.last.as_deref(), Some("2026-11-21"));
        assert_eq!(tellings["outage"].times, 1);
        assert_eq!(tellings.len(), 2);
    }
}
