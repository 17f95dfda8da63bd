//! Questions and what belongs to them.

use super::text::Text;

/// A bank: questions in sections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bank {
    /// The name by which the bank is chosen.
    pub id: String,
    /// What the bank is called.
    pub title: Text,
    /// The language of its prompts, as a BCP 47 tag.
    pub language: String,
    /// The sections, in the order of the file.
    pub sections: Vec<Section>,
    /// The questions, in the order of the file.
    pub questions: Vec<Question>,
}

impl Bank {
    /// The section with this id.
    pub fn section(&self, id: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.id == id)
    }

    /// The question with this id.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }

    /// Every tag in use, sorted, each once.
    pub fn tags(&self) -> Vec<&str> {
        let mut tags: Vec<&str> =
            self.questions.iter().flat_map(|question| question.tags.iter().map(String::as_str)).collect();
        tags.sort_unstable();
        tags.dedup();
        tags
    }
}

/// A part of a bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The name by which the section is chosen.
    pub id: String,
    /// What the section is called.
    pub title: Text,
    /// The id of the format that times its questions, unless another is asked for.
    pub format: String,
}

/// What is asked, and what a strong answer covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The name of the question, unique in its bank.
    pub id: String,
    /// The id of the section it belongs to.
    pub section: String,
    /// What is spoken.
    pub prompt: Text,
    /// Words by which questions are picked.
    pub tags: Vec<String>,
    /// What a strong answer covers.
    pub points: Vec<Point>,
    /// A model answer, where the bank has one.
    pub answer: Option<Text>,
    /// Questions that may be asked after the answer.
    pub follow_ups: Vec<FollowUp>,
}

/// One thing that a strong answer covers, checkable on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// The name of the point, unique in its question.
    pub id: String,
    /// The point in a sentence.
    pub text: Text,
    /// Terms of which any shows the point in a transcript.
    pub any: Vec<String>,
    /// Whether an import proposed it and nobody has accepted it yet.
    pub proposed: bool,
}

/// A question that may be asked after the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUp {
    /// The name of the follow-up, unique in its question.
    pub id: String,
    /// What is spoken.
    pub prompt: Text,
    /// When it is asked.
    pub when: When,
}

/// When a follow-up is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// The answer took less than a third of its limit.
    Short,
    /// The answer ran into its limit.
    Long,
    /// A large share of the answer was silence.
    Hesitant,
    /// Always.
    Always,
    /// By lot, so often in a hundred.
    Chance(u32),
    /// The answer did not touch the point with this id.
    Missing(String),
}

impl When {
    /// The word, as it stands in files.
    pub fn word(&self) -> String {
        match self {
            When::Short => "short".to_owned(),
            When::Long => "long".to_owned(),
            When::Hesitant => "hesitant".to_owned(),
            When::Always => "always".to_owned(),
            When::Chance(percent) => format!("chance:{percent}"),
            When::Missing(point) => format!("missing:{point}"),
        }
    }
}
