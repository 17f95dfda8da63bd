//! Keeps what the candidate says of answers while the session goes on: a disk that is slow holds nothing up.

use std::path::PathBuf;

use chrono::Utc;

use super::behind::Keeping;
use super::debrief::Mark;
use crate::store::review::{self, Kept, ReviewError};

/// Writes marks down beside the session, in their order.
pub struct Marks {
    folder: PathBuf,
    keeping: Keeping,
}

impl Marks {
    /// Keeps the marks of the session in `folder`.
    pub fn begin(folder: PathBuf) -> Marks {
        Marks { folder, keeping: Keeping::begin() }
    }

    /// Hands a mark on; what became of it comes as [`Marks::news`].
    pub fn keep(&mut self, question: &str, take: &str, mark: Mark) {
        let (folder, question, take) = (self.folder.clone(), question.to_owned(), take.to_owned());
        self.keeping.keep(move || keep(&folder, &question, &take, &mark));
    }

    /// What became of marks, a sentence each.
    pub fn news(&mut self) -> Vec<String> {
        self.keeping.news()
    }

    /// Waits until all is kept; gives what is still to be said.
    pub fn finish(mut self) -> Vec<String> {
        self.keeping.finish()
    }
}

/// Keeps a mark; on return it is on the disk where the line says so. A tick that is kept needs no words.
pub fn keep(folder: &std::path::Path, question: &str, take: &str, mark: &Mark) -> Option<String> {
    try_to_keep(folder, question, take, mark).unwrap_or_else(Some)
}

/// The same, for whoever needs to know whether it was kept.
///
/// # Errors
/// A sentence that says what was not kept, and why.
pub fn try_to_keep(
    folder: &std::path::Path,
    question: &str,
    take: &str,
    mark: &Mark,
) -> Result<Option<String>, String> {
    let now = Utc::now();
    let (kept, done, not) = match mark {
        Mark::Rated(grade) => {
            let kept = review::add_rating(folder, question, take, *grade, now);
            (kept, format!("Rated {}: saved.", grade.word()), "Not rated")
        }
        Mark::Ticked(points) => {
            let kept = review::tick(folder, question, take, points, now);
            if matches!(kept, Ok(Kept { aside: None })) {
                return Ok(None);
            }
            (kept, "Ticked: saved.".to_owned(), "Not ticked")
        }
        Mark::Told(story) => {
            let kept = review::tell(folder, question, take, story.as_deref(), now);
            let done = match story {
                Some(story) => format!("Story {story}: saved."),
                None => "No story: saved.".to_owned(),
            };
            (kept, done, "The story is not noted")
        }
    };
    sentence(kept, done, not).map(Some)
}

fn sentence(kept: Result<Kept, ReviewError>, done: String, not: &str) -> Result<String, String> {
    match kept {
        Ok(Kept { aside: None }) => Ok(done),
        Ok(Kept { aside: Some(name) }) => {
            Ok(format!("{done} What was said before could not be read and is kept as {name}."))
        }
        Err(error) => Err(format!("{not}: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interview::Grade;

    const TAKE: &str = "takes/01-a-1.wav";

    #[test]
    fn all_marks_are_on_the_disk_when_it_is_let_go() {
        let folder = tempfile::tempdir().unwrap();
        let mut marks = Marks::begin(folder.path().to_owned());
        marks.keep("a", TAKE, Mark::Rated(Grade::Hard));
        marks.keep("a", TAKE, Mark::Ticked(vec!["one".to_owned()]));
        marks.keep("a", TAKE, Mark::Told(Some("payments".to_owned())));
        assert_eq!(marks.finish(), ["Rated hard: saved.", "Story payments: saved."]);
        let review = review::read(folder.path()).unwrap();
        assert_eq!(review.rating(TAKE), Some(Grade::Hard));
        assert_eq!(review.ticked(TAKE), ["one"]);
        assert_eq!(review.story(TAKE), Some("payments"));
    }

    #[test]
    fn what_is_not_kept_is_told() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(review::NAME), "{\"schema\": 9}").unwrap();
        let mut marks = Marks::begin(folder.path().to_owned());
        marks.keep("a", TAKE, Mark::Ticked(Vec::new()));
        marks.keep("a", TAKE, Mark::Rated(Grade::Good));
        let told = marks.finish();
        assert!(told[0].starts_with("Not ticked: ") && told[1].starts_with("Not rated: "), "{told:?}");
        assert_eq!(std::fs::read_to_string(folder.path().join(review::NAME)).unwrap(), "{\"schema\": 9}");
    }
}
