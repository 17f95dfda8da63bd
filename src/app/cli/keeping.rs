//! The options of the commands that look after sessions, questions, panels and the machine.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};

use super::sitting::{InterviewOn, parse_interview};
use crate::interview::time::parse_duration;

/// What to do with sessions.
#[derive(Debug, Subcommand)]
pub enum Sessions {
    /// List them, the newest first
    #[command(after_help = "Examples:\n  greenroom sessions list\n  greenroom sessions list --json")]
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show one: its questions, takes and how each ended
    #[command(after_help = "Examples:\n  greenroom sessions show\n  greenroom sessions show 2026-11-21T09 --json")]
    Show {
        /// Its folder's name, an unambiguous beginning of it, or `latest`
        #[arg(default_value = "latest")]
        session: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Note something at a place of an answer; `greenroom sessions show` shows it
    #[command(after_help = "Examples:\n  \
        greenroom sessions note latest 2 too long a start\n  \
        greenroom sessions note latest okr-alignment \"say the number first\" --at 12s --take 1\n\n\
        The note is on the disk when the line says that it is saved.")]
    Note(Note),
    /// Put sessions in order that were cut short or damaged; nothing recorded is ever deleted by it
    #[command(after_help = "Examples:\n  \
        greenroom sessions repair           every session that needs it\n  \
        greenroom sessions repair latest    looks at all of the newest one\n  \
        greenroom sessions repair 2026-11-21T09 --json\n\n\
        Every command that reads a session repairs it first where it ended badly.")]
    Repair {
        /// Its folder's name, an unambiguous beginning of it, or `latest` [default: all]
        session: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Delete one, with its recordings
    Delete {
        /// Its folder's name, or an unambiguous beginning of it
        session: String,
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// The options of `analyze`.
#[derive(Debug, Clone, Args)]
pub struct Analyze {
    /// WAV files, folders of them, or sessions: a folder's name, an unambiguous beginning of it, or `latest`
    #[arg(value_name = "PATH", required_unless_present = "explain")]
    pub paths: Vec<PathBuf>,
    /// Say how each measure is taken and where each threshold comes from
    #[arg(long)]
    pub explain: bool,
    /// Print JSON: an object a recording, each on a line of its own
    #[arg(long)]
    pub json: bool,
}

/// The options of `sessions note`.
#[derive(Debug, Clone, Args)]
pub struct Note {
    /// The session: its folder's name, an unambiguous beginning of it, or `latest`
    pub session: String,
    /// The question: its id, or its place in the session from 1
    pub question: String,
    /// What is noted
    #[arg(required = true)]
    pub text: Vec<String>,
    /// Where in the answer, from its start, such as 12s or 1m30s
    #[arg(long, value_name = "D", default_value = "0s", value_parser = parse_duration)]
    pub at: Duration,
    /// At this take, from 1 [default: the newest]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub take: Option<u32>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// The options of `progress`.
#[derive(Debug, Clone, Args)]
pub struct Progress {
    /// The questions of this bank [default: vp-engineering, or as config.toml says]
    #[arg(long, value_name = "ID")]
    pub bank: Option<String>,
    /// The day of the interview, such as 2026-11-30 or +9d: every question is to come round before it
    #[arg(long, value_name = "DATE", value_parser = parse_interview)]
    pub interview_on: Option<InterviewOn>,
    /// Sentences and numbers instead of charts; for screen readers and logs (the default without a terminal)
    #[arg(long, conflicts_with = "json")]
    pub plain: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// What to do with questions.
#[derive(Debug, Subcommand)]
pub enum Questions {
    /// List banks, or the questions of one
    #[command(after_help = "Examples:\n  \
        greenroom questions list --banks\n  \
        greenroom questions list --bank behavioral --tag conflict")]
    List {
        /// The questions of this bank [default: vp-engineering, or as config.toml says]
        #[arg(long, value_name = "ID")]
        bank: Option<String>,
        /// Only of this section
        #[arg(long, value_name = "ID")]
        section: Vec<String>,
        /// Only with this tag
        #[arg(long, value_name = "T")]
        tag: Vec<String>,
        /// List the banks instead
        #[arg(long)]
        banks: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show a question with its reference points, model answer and follow-ups
    #[command(after_help = "Example:\n  greenroom questions show okr-alignment")]
    Show {
        /// The question
        id: String,
        /// Look in this bank only
        #[arg(long, value_name = "ID")]
        bank: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Make a bank from a file: an article, notes, a saved page, a table, JSON, flashcards
    #[command(after_help = "Examples:\n  \
        greenroom questions import article.txt --dry-run     says what it understands, writes nothing\n  \
        greenroom questions import \"Interview notes.md\" --id notes\n  \
        greenroom questions import saved-page.html --title \"Head of sales\"\n  \
        greenroom questions import cards.csv\n  \
        pbpaste | greenroom questions import - --id pasted\n\n\
        Forms: plain text, Markdown, HTML, CSV and TSV, JSON and JSON Lines, text that Anki exports, greenroom's own TOML.\n\
        The bank is written to questions/ in the home. Nothing is overwritten: importing a changed file again keeps the ids\n\
        of the questions, what you edited, and the earlier bank as a numbered copy beside it.")]
    Import(Import),
    /// Begin a bank of your own: a file that explains itself
    #[command(after_help = "Example:\n  greenroom questions new my-company --title \"My company, second round\"")]
    New {
        /// The name by which it is chosen: a-z, 0-9 and -
        id: String,
        /// What it is called [default: its name]
        #[arg(long, value_name = "T")]
        title: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the JSON Schema of banks, for editors that complete and check
    #[command(after_help = "Example:\n  greenroom questions schema > bank.schema.json")]
    Schema,
    /// Check a bank, formats.toml, stories.toml or config.toml: every mistake with its line and column
    #[command(
        after_help = "Examples:\n  greenroom questions check my-questions.toml\n  greenroom questions check config.toml"
    )]
    Check {
        /// The file
        file: PathBuf,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// The options of `questions import`.
#[derive(Debug, Clone, Args)]
pub struct Import {
    /// The file, or `-` for standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The id of the bank: a-z, 0-9 and - [default: as the file says, or by its name]
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// What the bank is called [default: as the file says]
    #[arg(long, value_name = "T")]
    pub title: Option<String>,
    /// Say what would be imported, write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// What to do with panels.
#[derive(Debug, Subcommand)]
pub enum Panels {
    /// List them
    #[command(after_help = "Example:\n  greenroom panels list --json")]
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show one: who asks, how they behave and sound, and the agenda
    #[command(after_help = "Examples:\n  \
        greenroom panels show behavioral\n  \
        greenroom panels show behavioral --toml > mine.toml")]
    Show {
        /// The panel
        id: String,
        /// Print its file, to be copied and changed
        #[arg(long, conflicts_with = "json")]
        toml: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Check panel files: every mistake with its line and column
    #[command(after_help = "Examples:\n  \
        greenroom panels check mine.toml\n  \
        greenroom panels check questions/panels/*.toml")]
    Check {
        /// The files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// The options of `doctor`.
#[derive(Debug, Clone, Args)]
pub struct Doctor {
    /// The microphone to test
    #[arg(long, value_name = "NAME")]
    pub input: Option<String>,
    /// The speaker to test
    #[arg(long, value_name = "NAME")]
    pub output: Option<String>,
    /// The sound system: pulse, alsa…
    #[arg(long, value_name = "NAME")]
    pub host: Option<String>,
    /// The voice that would speak
    #[arg(long, value_name = "NAME")]
    pub voice: Option<String>,
    /// Only answer whether this machine has one, by the exit status: 0 yes, 1 no
    #[arg(long, value_name = "END")]
    pub has: Option<End>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// An end of the sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum End {
    /// A microphone that delivers frames
    Microphone,
    /// A speaker that opens
    Speaker,
}
