//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::interview::time::parse_duration;

/// Rehearse interviews out loud: greenroom asks, you answer, it records, you listen again.
#[derive(Debug, Parser)]
#[command(
    name = "greenroom",
    // Not as this file happens to be named.
    bin_name = "greenroom",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    after_help = "Start with `greenroom rehearse`. Without a microphone: `greenroom demo`.\n\
                  Something does not work? `greenroom doctor` says what and why."
)]
pub struct Cli {
    /// The folder that holds questions/, recordings/ and config.toml
    #[arg(long, global = true, value_name = "DIR", help_heading = "Everywhere")]
    pub home: Option<PathBuf>,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Ask questions from a bank one after the other and record each answer
    #[command(after_help = "Examples:\n  \
        greenroom rehearse                              five questions, drawn at random\n  \
        greenroom rehearse --section foundations --count 3\n  \
        greenroom rehearse --question okr-alignment --retakes 3\n  \
        greenroom rehearse --format one-way             as one-way screening tools do it\n  \
        greenroom rehearse --prep 10s --limit 90s --warn 15s\n  \
        greenroom rehearse --input wav:answers/ --output wav:heard.wav --fast\n                                                  \
        without sound, as fast as the machine can")]
    Rehearse(Rehearse),
    /// Sit a timed session in front of a panel: several interviewers, follow-ups, a clock
    #[command(after_help = "Examples:\n  \
        greenroom panel                                 an hour, five interviewers\n  \
        greenroom panel vp-engineering-short            25 minutes, three of them\n  \
        greenroom panel behavioral --length 20m\n  \
        greenroom panel screen --dry-run                what it would ask, and when; without sound\n  \
        greenroom panel drill --seed 12 --tape          the same session again, and one recording of all of it\n\n\
        Which panels there are: greenroom panels list")]
    Panel(Panel),
    /// Go on with an interrupted session at its next unanswered question
    #[command(after_help = "Examples:\n  \
        greenroom resume                    the newest session\n  \
        greenroom resume 2026-11-21T09")]
    Resume(Resume),
    /// Listen again: the question, then the answer
    #[command(after_help = "Examples:\n  \
        greenroom replay                    the newest session, all of it\n  \
        greenroom replay latest 2           its second question\n  \
        greenroom replay latest okr-alignment --take 1\n  \
        greenroom replay --answers-only --speed 1.5\n\n\
        Keys, in a terminal:\n  \
        space                               pauses, or goes on\n  \
        left, right                         five seconds back, or on\n  \
        n, p                                the next recording, or the previous one\n  \
        +, -                                faster, or slower\n  \
        1, 2, 3, 4                          rates the answer: again, hard, good, easy\n  \
        q                                   quits")]
    Replay(Replay),
    /// Show a whole session: the built-in voice asks, and plays the candidate too
    #[command(after_help = "Examples:\n  \
        greenroom demo                      three questions, through the speaker\n  \
        greenroom demo --output wav:demo.wav --fast")]
    Demo(Demo),
    /// List, show, annotate, repair and delete recorded sessions
    #[command(after_help = "Examples:\n  \
        greenroom sessions list\n  \
        greenroom sessions show latest\n  \
        greenroom sessions note latest 2 too long a start --at 12s\n  \
        greenroom sessions repair           every session that needs it\n  \
        greenroom sessions delete 2026-11-21T09-30-05Z-vp-engineering")]
    Sessions {
        /// What to do with them
        #[command(subcommand)]
        what: Sessions,
    },
    /// List, show and check questions
    #[command(after_help = "Examples:\n  \
        greenroom questions list\n  \
        greenroom questions list --bank behavioral --tag conflict\n  \
        greenroom questions show okr-alignment\n  \
        greenroom questions check my-questions.toml")]
    Questions {
        /// What to do with them
        #[command(subcommand)]
        what: Questions,
    },
    /// List, show and check panels: who asks, what about, and for how long
    #[command(after_help = "Examples:\n  \
        greenroom panels list\n  \
        greenroom panels show vp-engineering\n  \
        greenroom panels show vp-engineering --toml > mine.toml    a panel of your own begins as a copy\n  \
        greenroom panels check mine.toml")]
    Panels {
        /// What to do with them
        #[command(subcommand)]
        what: Panels,
    },
    /// Look at microphone, speaker, voices and folders, and say what is wrong and what to do about it
    #[command(after_help = "Examples:\n  \
        greenroom doctor\n  \
        greenroom doctor --input \"USB Microphone\"\n  \
        greenroom doctor --has microphone   for scripts: only an exit status")]
    Doctor(Doctor),
    /// Print the completions for a shell
    #[command(after_help = "Example:\n  \
        greenroom completions bash > ~/.local/share/bash-completion/completions/greenroom")]
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    #[command(after_help = "Example:\n  greenroom man > greenroom.1")]
    Man,
}

/// Where sound comes from and goes to.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Sound")]
pub struct Sound {
    /// A microphone by name; wav:PATH for a WAV file or a folder of them, one for each take; pcm:PATH for raw
    /// signed 16-bit mono at 48 kHz from a file, a named pipe or - (standard input)
    #[arg(long, value_name = "NAME")]
    pub input: Option<String>,
    /// A speaker by name; wav:PATH for a file of everything that would be heard; none
    #[arg(long, value_name = "NAME")]
    pub output: Option<String>,
    /// The sound system: pulse, alsa… (see `greenroom doctor`)
    #[arg(long, value_name = "NAME")]
    pub host: Option<String>,
    /// Do not wait for real time; where neither end is a device
    #[arg(long)]
    pub fast: bool,
    /// Who speaks: built-in, built-in-gb, system, espeak, command, none (see `greenroom doctor`)
    #[arg(long, value_name = "NAME")]
    pub voice: Option<String>,
    /// Show the questions, speak nothing
    #[arg(long, conflicts_with = "voice")]
    pub no_voice: bool,
}

/// How a session is shown.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Display")]
pub struct Display {
    /// Plain lines, nothing drawn again; for screen readers and logs (the default without a terminal)
    #[arg(long)]
    pub plain: bool,
    /// Print the result as JSON on standard output; what people read goes to standard error
    #[arg(long)]
    pub json: bool,
}

/// The options of `rehearse`.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Questions")]
pub struct Rehearse {
    /// The bank to ask from [default: vp-engineering, or as config.toml says]
    #[arg(long, value_name = "ID")]
    pub bank: Option<String>,
    /// Only questions of this section; may be given several times
    #[arg(long, value_name = "ID")]
    pub section: Vec<String>,
    /// Only questions with this tag; may be given several times, any of them counts
    #[arg(long, value_name = "T")]
    pub tag: Vec<String>,
    /// These very questions, in this order
    #[arg(long, value_name = "ID")]
    pub question: Vec<String>,
    /// How many questions, or `all` [default: 5; with --question: all]
    #[arg(long, value_name = "N", value_parser = parse_count)]
    pub count: Option<Count>,
    /// In which order
    #[arg(long, value_name = "ORDER", default_value = "random")]
    pub order: OrderName,
    /// Draws the same session again
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// The timing [default: as each section says]: standard, one-way, phone, drill, panel, open
    #[arg(long, value_name = "ID", help_heading = "Timing")]
    pub format: Option<String>,
    /// Time to think before each answer, such as 20s
    #[arg(long, value_name = "D", value_parser = parse_duration, help_heading = "Timing")]
    pub prep: Option<Duration>,
    /// The longest answer, such as 2m or 1m30s
    #[arg(long, value_name = "D", value_parser = parse_limit, help_heading = "Timing")]
    pub limit: Option<Duration>,
    /// Warn when so much is left of the answer; 0s: never
    #[arg(long, value_name = "D", value_parser = parse_duration, help_heading = "Timing")]
    pub warn: Option<Duration>,
    /// How often a question may be answered once more
    #[arg(long, value_name = "N", help_heading = "Timing")]
    pub retakes: Option<u32>,
    /// Also record the whole session in one file, tape.wav: both sides, with a mark for each question and answer
    #[arg(long, help_heading = "Sound")]
    pub tape: bool,
    /// Where sound comes from and goes to
    #[command(flatten)]
    pub sound: Sound,
    /// How it is shown
    #[command(flatten)]
    pub display: Display,
}

/// The options of `panel`.
#[derive(Debug, Clone, Args)]
pub struct Panel {
    /// Who asks: vp-engineering, vp-engineering-short, behavioral, screen, drill, or one of your own
    /// [default: vp-engineering]
    #[arg(value_name = "PANEL")]
    pub panel: Option<String>,
    /// How long the session is, such as 45m [default: as the panel says]
    #[arg(long, value_name = "D", value_parser = parse_duration)]
    pub length: Option<Duration>,
    /// Draws the same session again
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Print who would ask what, and when; nothing sounds and nothing is recorded
    #[arg(long)]
    pub dry_run: bool,
    /// Also record the whole session in one file, tape.wav: both sides, with a mark for each question and answer
    #[arg(long)]
    pub tape: bool,
    /// Where sound comes from and goes to
    #[command(flatten)]
    pub sound: Sound,
    /// How it is shown
    #[command(flatten)]
    pub display: Display,
}

/// How many questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// Every one.
    All,
    /// So many.
    Some(usize),
}

fn parse_count(text: &str) -> Result<Count, String> {
    match text {
        "all" => Ok(Count::All),
        _ => match text.parse() {
            Ok(0) | Err(_) => Err("give a number from 1, or `all`".to_owned()),
            Ok(count) => Ok(Count::Some(count)),
        },
    }
}

fn parse_limit(text: &str) -> Result<Duration, String> {
    let limit = parse_duration(text)?;
    if limit < Duration::from_secs(1) {
        return Err("an answer needs a second at least".to_owned());
    }
    if limit > crate::interview::format::LONGEST_TAKE {
        return Err("an answer is an hour at most".to_owned());
    }
    Ok(limit)
}

/// In which order questions are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OrderName {
    /// As the bank lists them
    Listed,
    /// Shuffled by the seed
    Random,
    /// Those asked least often and longest ago first
    Due,
}

/// The options of `resume`.
#[derive(Debug, Clone, Args)]
pub struct Resume {
    /// The session: its folder's name, an unambiguous beginning of it, or `latest`
    #[arg(default_value = "latest")]
    pub session: String,
    /// Also record what follows in one file, tape.wav
    #[arg(long)]
    pub tape: bool,
    /// Where sound comes from and goes to
    #[command(flatten)]
    pub sound: Sound,
    /// How it is shown
    #[command(flatten)]
    pub display: Display,
}

/// The options of `replay`.
#[derive(Debug, Clone, Args)]
pub struct Replay {
    /// The session: its folder's name, an unambiguous beginning of it, or `latest`
    #[arg(default_value = "latest")]
    pub session: String,
    /// Only this question: its id, or its place in the session from 1
    pub question: Option<String>,
    /// Only this take, from 1 [default: the newest]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub take: Option<u32>,
    /// How fast, from 0.5 to 3; the pitch stays
    #[arg(long, value_name = "X", default_value = "1", value_parser = parse_speed)]
    pub speed: f64,
    /// Leave the questions out
    #[arg(long)]
    pub answers_only: bool,
    /// A speaker by name; wav:PATH for a file; none
    #[arg(long, value_name = "NAME", help_heading = "Sound")]
    pub output: Option<String>,
    /// The sound system: pulse, alsa… (see `greenroom doctor`)
    #[arg(long, value_name = "NAME", help_heading = "Sound")]
    pub host: Option<String>,
    /// Do not wait for real time; where the output is a file or none
    #[arg(long, help_heading = "Sound")]
    pub fast: bool,
    /// Plain lines, nothing drawn again, and no keys; plays through (the default without a terminal)
    #[arg(long, help_heading = "Display")]
    pub plain: bool,
}

fn parse_speed(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(speed) if (0.5..=3.0).contains(&speed) => Ok(speed),
        _ => Err("give a number from 0.5 to 3".to_owned()),
    }
}

/// The options of `demo`.
#[derive(Debug, Clone, Args)]
pub struct Demo {
    /// Draws the same demo again
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// A speaker by name; wav:PATH for a file of everything that would be heard; none
    #[arg(long, value_name = "NAME", help_heading = "Sound")]
    pub output: Option<String>,
    /// The sound system: pulse, alsa… (see `greenroom doctor`)
    #[arg(long, value_name = "NAME", help_heading = "Sound")]
    pub host: Option<String>,
    /// Do not wait for real time; the default where there is no speaker
    #[arg(long, help_heading = "Sound")]
    pub fast: bool,
    /// How it is shown
    #[command(flatten)]
    pub display: Display,
}

/// What to do with sessions.
#[derive(Debug, Subcommand)]
pub enum Sessions {
    /// List them, the newest first
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show one: its questions, takes and how each ended
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

/// What to do with questions.
#[derive(Debug, Subcommand)]
pub enum Questions {
    /// List banks, or the questions of one
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
    /// Check a bank, formats.toml or config.toml: every mistake with its line and column
    Check {
        /// The file
        file: PathBuf,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// What to do with panels.
#[derive(Debug, Subcommand)]
pub enum Panels {
    /// List them
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
