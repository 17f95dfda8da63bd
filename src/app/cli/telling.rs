//! The options of `stories`.

use clap::{Args, Subcommand, ValueEnum};

use crate::interview::StoryKind;

/// The options of `stories`.
#[derive(Debug, Clone, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Stories {
    /// The bank whose questions they are to carry [default: vp-engineering, or as config.toml says]
    #[arg(long, value_name = "ID")]
    pub bank: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// What to do with them
    #[command(subcommand)]
    pub what: Option<StoriesWhat>,
}

/// What to do with stories.
#[derive(Debug, Clone, Subcommand)]
pub enum StoriesWhat {
    /// Keep a new one
    #[command(after_help = "Example:\n  \
        greenroom stories add The payments rewrite --kind win --shows migration,reliability\n\n\
        What it shows are tags of questions (greenroom questions list --tag T), or words that stand in them.")]
    Add(NewStory),
    /// Show one, with the questions that it can carry
    #[command(after_help = "Example:\n  greenroom stories show payments-rewrite --bank staff-engineer")]
    Show {
        /// The story
        id: String,
        /// The bank whose questions it is to carry [default: vp-engineering, or as config.toml says]
        #[arg(long, value_name = "ID")]
        bank: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Change one
    #[command(
        after_help = "Example:\n  greenroom stories edit payments-rewrite --shows migration,cost --notes \"say the 40 percent first\""
    )]
    Edit {
        /// The story
        id: String,
        /// What is changed
        #[command(flatten)]
        change: Change,
    },
    /// Forget one; what was recorded stays
    #[command(after_help = "Example:\n  greenroom stories remove payments-rewrite")]
    Remove {
        /// The story
        id: String,
    },
}

/// A new story.
#[derive(Debug, Clone, Args)]
pub struct NewStory {
    /// What you call it
    #[arg(required = true)]
    pub title: Vec<String>,
    /// What kind of experience it is
    #[arg(long)]
    pub kind: KindName,
    /// What it shows, with commas between
    #[arg(long, value_name = "WORDS", value_delimiter = ',')]
    pub shows: Vec<String>,
    /// A question that it answers whatever its tags are; may be given several times
    #[arg(long, value_name = "ID")]
    pub question: Vec<String>,
    /// What you want to remember of it
    #[arg(long, value_name = "TEXT")]
    pub notes: Option<String>,
    /// The name by which it is chosen [default: made from what you call it]
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
}

/// A change of a story; what is not given stays.
#[derive(Debug, Clone, Args)]
pub struct Change {
    /// What you call it
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// What kind of experience it is
    #[arg(long)]
    pub kind: Option<KindName>,
    /// What it shows, with commas between
    #[arg(long, value_name = "WORDS", value_delimiter = ',')]
    pub shows: Vec<String>,
    /// A question that it answers whatever its tags are; may be given several times
    #[arg(long, value_name = "ID")]
    pub question: Vec<String>,
    /// What you want to remember of it; empty: nothing
    #[arg(long, value_name = "TEXT")]
    pub notes: Option<String>,
}

impl Change {
    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.title.is_none()
            && self.kind.is_none()
            && self.notes.is_none()
            && self.shows.is_empty()
            && self.question.is_empty()
    }
}

/// A kind of story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KindName {
    /// Something that you achieved
    Win,
    /// Something that went wrong, and what came of it
    Lesson,
    /// A change that you led over months
    Change,
}

impl From<KindName> for StoryKind {
    fn from(name: KindName) -> StoryKind {
        match name {
            KindName::Win => StoryKind::Win,
            KindName::Lesson => StoryKind::Lesson,
            KindName::Change => StoryKind::Change,
        }
    }
}
