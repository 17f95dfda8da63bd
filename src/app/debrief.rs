//! What comes after an answer, in the order that teaches: the candidate rates it blind, then sees what was measured,
//! and only then what a strong answer covers, to tick what was said.
//!
//! Knows no file and no screen: it takes keys and gives what is to be kept, and says what may be shown.

use crate::interview::{Grade, Point, Story, Text};

/// The letters that choose a story: none of those that mean something else in a session.
const LETTERS: &str = "abcdefgijlmno";

/// So many points have a key.
const MOST_POINTS: usize = 9;

/// Something that the candidate said of an answer, to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// How well it went.
    Rated(Grade),
    /// The ids of the points that it covered.
    Ticked(Vec<String>),
    /// The id of the story that was told in it; `None` where it was none after all.
    Told(Option<String>),
}

/// A point that can be ticked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tickable {
    /// Its id in the question.
    pub id: String,
    /// What it says.
    pub text: Text,
    /// Whether the answer covered it.
    pub ticked: bool,
}

/// A story that can be noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choosable {
    /// The key that notes it.
    pub key: char,
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: Text,
}

/// An answer that is looked back on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Debrief {
    grade: Option<Grade>,
    points: Vec<Tickable>,
    stories: Vec<Choosable>,
    told: Option<usize>,
}

impl Debrief {
    /// Looks back on an answer whose question has these points; the stories are those that it may have told, the
    /// likeliest first.
    pub fn new(points: &[Point], stories: &[Story]) -> Debrief {
        let tickable = |point: &Point| Tickable { id: point.id.clone(), text: point.text.clone(), ticked: false };
        let choosable =
            |(key, story): (char, &Story)| Choosable { key, id: story.id.clone(), title: story.title.clone() };
        Debrief {
            grade: None,
            points: points.iter().take(MOST_POINTS).map(tickable).collect(),
            stories: LETTERS.chars().zip(stories).map(choosable).collect(),
            told: None,
        }
    }

    /// What was said of the answer before, in an earlier look.
    pub fn known(mut self, grade: Option<Grade>, ticked: &[String], story: Option<&str>) -> Debrief {
        self.grade = grade;
        for point in &mut self.points {
            point.ticked = ticked.contains(&point.id);
        }
        self.told = self.stories.iter().position(|each| Some(each.id.as_str()) == story);
        self
    }

    /// How the candidate rated it; measurements and points may be shown once this is known.
    pub fn grade(&self) -> Option<Grade> {
        self.grade
    }

    /// The points, in their order; nobody shows them before the answer is rated.
    pub fn points(&self) -> &[Tickable] {
        if self.grade.is_some() { &self.points } else { &[] }
    }

    /// The stories that can be noted.
    pub fn stories(&self) -> &[Choosable] {
        &self.stories
    }

    /// The story that was noted.
    pub fn told(&self) -> Option<&Choosable> {
        self.told.and_then(|told| self.stories.get(told))
    }

    /// A number was pressed: a rating, and after that a point.
    pub fn digit(&mut self, number: u8) -> Option<Mark> {
        let place = usize::from(number).checked_sub(1)?;
        if self.grade.is_none() {
            let grade = *Grade::ALL.get(place)?;
            self.grade = Some(grade);
            return Some(Mark::Rated(grade));
        }
        let point = self.points.get_mut(place)?;
        point.ticked = !point.ticked;
        let ticked = self.points.iter().filter(|point| point.ticked).map(|point| point.id.clone()).collect();
        Some(Mark::Ticked(ticked))
    }

    /// A letter was pressed: the story that was told, or not after all.
    pub fn letter(&mut self, letter: char) -> Option<Mark> {
        let place = self.stories.iter().position(|story| story.key == letter)?;
        self.told = if self.told == Some(place) { None } else { Some(place) };
        Some(Mark::Told(self.told().map(|story| story.id.clone())))
    }

    /// The rating was a slip: the next number is another.
    pub fn take_back(&mut self) -> bool {
        self.grade.take().is_some()
    }
}

/// The stories that a question may be answered with, the likeliest first; those that do not fit follow those that do.
pub fn likeliest(stories: &[Story], question: Option<&crate::interview::Question>) -> Vec<Story> {
    let mut stories = stories.to_vec();
    stories.sort_by_key(|story| std::cmp::Reverse(question.map_or(0, |question| story.fit(question))));
    stories
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interview::StoryKind;

    fn debrief() -> Debrief {
        let point = |id: &str| Point { id: id.to_owned(), text: Text::clean(id), any: Vec::new(), proposed: false };
        let story = |id: &str| Story {
            id: id.to_owned(),
            title: Text::clean(id),
            kind: StoryKind::Win,
            shows: Vec::new(),
            questions: Vec::new(),
            notes: None,
        };
        Debrief::new(&[point("one"), point("two")], &[story("payments"), story("outage")])
    }

    #[test]
    fn nothing_is_seen_before_the_rating() {
        let mut debrief = debrief();
        assert_eq!((debrief.grade(), debrief.points()), (None, &[][..]));
        for nothing in [0, 5, 9] {
            assert_eq!(debrief.digit(nothing), None);
        }
        assert_eq!(debrief.digit(2), Some(Mark::Rated(Grade::Hard)));
        assert_eq!(debrief.points().len(), 2);
    }

    #[test]
    fn after_the_rating_numbers_tick_and_untick() {
        let mut debrief = debrief();
        debrief.digit(4);
        assert_eq!(debrief.digit(2), Some(Mark::Ticked(vec!["two".to_owned()])));
        assert_eq!(debrief.digit(1), Some(Mark::Ticked(vec!["one".to_owned(), "two".to_owned()])));
        assert_eq!(debrief.digit(2), Some(Mark::Ticked(vec!["one".to_owned()])));
        assert_eq!(debrief.digit(3), None);
    }

    #[test]
    fn a_slip_can_be_rated_again() {
        let mut debrief = debrief();
        assert!(!debrief.take_back());
        debrief.digit(1);
        assert!(debrief.take_back());
        assert_eq!(debrief.digit(3), Some(Mark::Rated(Grade::Good)));
    }

    #[test]
    fn a_letter_notes_the_story_before_and_after_the_rating_and_takes_it_back() {
        let mut debrief = debrief();
        assert_eq!(debrief.letter('b'), Some(Mark::Told(Some("outage".to_owned()))));
        assert_eq!(debrief.letter('b'), Some(Mark::Told(None)));
        debrief.digit(3);
        assert_eq!(debrief.letter('a'), Some(Mark::Told(Some("payments".to_owned()))));
        assert_eq!(debrief.told().map(|story| story.key), Some('a'));
        assert_eq!(debrief.letter('z'), None);
    }

    #[test]
    fn what_was_said_before_stands() {
        let debrief = debrief().known(Some(Grade::Good), &["two".to_owned(), "gone".to_owned()], Some("outage"));
        assert_eq!(debrief.grade(), Some(Grade::Good));
        assert_eq!(debrief.points().iter().map(|point| point.ticked).collect::<Vec<_>>(), [false, true]);
        assert_eq!(debrief.told().map(|story| story.id.as_str()), Some("outage"));
    }

    #[test]
    fn the_letters_of_stories_mean_nothing_else_in_a_session() {
        use crate::tui::keys::{Key, of_session};
        use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
        for letter in LETTERS.chars() {
            let key = KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE);
            assert_eq!(of_session(key), Some(Key::Letter(letter)));
        }
    }
}
