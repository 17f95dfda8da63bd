//! The candidate's own stories, and which questions each can carry.

use super::bank::Question;
use super::text::Text;

/// What kind of experience a story tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StoryKind {
    /// Something that the candidate achieved.
    Win,
    /// Something that went wrong, and what came of it.
    Lesson,
    /// A change that the candidate led over months.
    Change,
}

impl StoryKind {
    /// All of them, in the order in which they are listed.
    pub const ALL: [StoryKind; 3] = [StoryKind::Win, StoryKind::Lesson, StoryKind::Change];

    /// The word, as it stands in files.
    pub fn word(self) -> &'static str {
        match self {
            StoryKind::Win => "win",
            StoryKind::Lesson => "lesson",
            StoryKind::Change => "change",
        }
    }

    /// The kind that the word stands for.
    pub fn of_word(word: &str) -> Option<StoryKind> {
        StoryKind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// How many of this kind a candidate should bring: three wins, two lessons, one change.
    pub fn wanted(self) -> usize {
        match self {
            StoryKind::Win => 3,
            StoryKind::Lesson => 2,
            StoryKind::Change => 1,
        }
    }
}

/// An experience of the candidate's that answers several questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// The name by which it is chosen.
    pub id: String,
    /// What the candidate calls it.
    pub title: Text,
    /// What kind of experience it is.
    pub kind: StoryKind,
    /// What it shows, as tags of questions or as words that stand in them.
    pub shows: Vec<String>,
    /// Ids of questions that it answers whatever their tags are.
    pub questions: Vec<String>,
    /// What the candidate wants to remember of it.
    pub notes: Option<Text>,
}

impl Story {
    /// How well it carries a question: 0 not at all; the more of what it shows the question asks for, the better.
    ///
    /// A question that the story names counts most; then each tag that both have counts twice, and each word of the
    /// story's that stands in the prompt, whole and whatever its case, once.
    pub fn fit(&self, question: &Question) -> u32 {
        let named = u32::from(self.questions.contains(&question.id)) * 100;
        let prompt = words(question.prompt.as_str());
        let each = |shown: &String| {
            if question.tags.contains(shown) {
                return 2;
            }
            let wanted = words(&shown.replace('-', " "));
            u32::from(!wanted.is_empty() && prompt.windows(wanted.len()).any(|window| window == wanted))
        };
        named + self.shows.iter().map(each).sum::<u32>()
    }
}

/// How often a story was told aloud.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Telling {
    /// In how many answers.
    pub times: u32,
    /// The ids of the questions that they answered, each once, in the order in which they were first answered so.
    pub questions: Vec<String>,
    /// The day of the last, as a person writes it.
    pub last: Option<String>,
}

/// Whether a story was told too often, of `all` tellings of so many `stories`: at least three times, and more than
/// half as often again as if all were told alike.
///
/// Who has a single story has none to tell instead.
pub fn too_often(times: u32, all: u32, stories: usize) -> bool {
    stories > 1 && times >= 3 && 2 * u64::from(times) * stories as u64 > 3 * u64::from(all)
}

/// The words of a text in small letters, a plural's `s` apart.
fn words(text: &str) -> Vec<String> {
    let letters = |c: char| !c.is_alphanumeric();
    let stem = |word: &str| {
        let word = word.to_lowercase();
        match word.strip_suffix('s') {
            Some(one) if one.chars().count() > 3 && !one.ends_with('s') => one.to_owned(),
            _ => word,
        }
    };
    text.split(letters).filter(|word| !word.is_empty()).map(stem).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn story(shows: &[&str], questions: &[&str]) -> Story {
        let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Story {
            id: "payments".to_owned(),
            title: Text::clean("The payments rewrite"),
            kind: StoryKind::Win,
            shows: own(shows),
            questions: own(questions),
            notes: None,
        }
    }

    fn question(prompt: &str, tags: &[&str]) -> Question {
        Question {
            id: "outage".to_owned(),
            section: "one".to_owned(),
            prompt: Text::clean(prompt),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            points: Vec::new(),
            answer: None,
            follow_ups: Vec::new(),
        }
    }

    #[test]
    fn a_story_is_told_too_often_beside_the_others() {
        assert!(too_often(3, 3, 2), "one of two, always");
        assert!(!too_often(3, 5, 2));
        assert!(too_often(5, 8, 6));
        assert!(!too_often(2, 2, 6), "twice is not often");
        assert!(!too_often(9, 9, 1), "there is no other");
        assert!(!too_often(3, 9, 3), "all alike");
    }

    #[test]
    fn a_story_carries_what_it_shows_and_nothing_else() {
        let question = question("Tell me about Technical Debts that you paid down.", &["incident", "reliability"]);
        assert_eq!(story(&["hiring"], &[]).fit(&question), 0);
        assert_eq!(story(&["incident"], &[]).fit(&question), 2);
        assert_eq!(story(&["incident", "reliability", "hiring"], &[]).fit(&question), 4);
        // No tag, and yet what is asked about; a part of a word is none.
        assert_eq!(story(&["technical-debt"], &[]).fit(&question), 1);
        assert_eq!(story(&["tech"], &[]).fit(&question), 0);
        assert!(story(&[], &["outage"]).fit(&question) > story(&["incident", "reliability"], &[]).fit(&question));
        assert_eq!(story(&["-"], &[]).fit(&question), 0, "a word without letters stands nowhere");
    }
}
