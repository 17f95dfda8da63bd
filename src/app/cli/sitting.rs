//! The options of the commands in which somebody speaks or listens.

use std::time::Duration;

use clap::builder::ArgPredicate;
use clap::{Args, ValueEnum};

use super::{Display, Sound};
use crate::interview::panel::LONGEST_SESSION;
use crate::interview::schedule::Day;
use crate::interview::time::parse_duration;
use crate::store::calendar;

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
    /// How many questions, or `all` [default: 5; with --order due: what is for today; with --question: all]
    #[arg(long, value_name = "N", value_parser = parse_count)]
    pub count: Option<Count>,
    /// In which order
    #[arg(long, value_name = "ORDER", default_value = "random")]
    #[arg(default_value_if("interview_on", ArgPredicate::IsPresent, "due"))]
    pub order: OrderName,
    /// The day of the interview, such as 2026-11-30 or +9d: with --order due every question comes round before it
    #[arg(long, value_name = "DATE", value_parser = parse_interview)]
    pub interview_on: Option<InterviewOn>,
    /// Practise this story of yours against the questions that it can carry (see `greenroom stories`)
    #[arg(long, value_name = "ID", conflicts_with_all = ["question", "order", "interview_on"])]
    pub story: Option<String>,
    /// Draws the same session again
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// After each answer, rate it before anything is shown of it: 1 again, 2 hard, 3 good, 4 easy; then see what was
    /// measured, and tick what a strong answer covers
    #[arg(long, help_heading = "Afterwards")]
    pub rate: bool,
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
    #[arg(long, value_name = "D", value_parser = parse_length)]
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

fn parse_length(text: &str) -> Result<Duration, String> {
    let length = parse_duration(text)?;
    if length > LONGEST_SESSION {
        return Err("a session is four hours at most".to_owned());
    }
    Ok(length)
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
    /// Those that are due by your ratings first, new ones among them, more of weak sections
    Due,
}

/// The day of the interview, as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InterviewOn {
    /// On this day.
    Day(Day),
    /// In so many days.
    In(u32),
}

impl InterviewOn {
    /// Which day that is.
    pub fn day(self, today: Day) -> Day {
        match self {
            InterviewOn::Day(day) => day,
            InterviewOn::In(days) => today.after(days),
        }
    }
}

/// The furthest that an interview is planned for, in days: ten years.
const FURTHEST: u32 = 3_660;

pub(super) fn parse_interview(text: &str) -> Result<InterviewOn, String> {
    let Some(ahead) = text.strip_prefix('+') else {
        return calendar::parse(text).map(InterviewOn::Day).map_err(|reason| format!("{reason}, or +9d"));
    };
    match ahead.strip_suffix('d').map(str::parse) {
        Some(Ok(days)) if days <= FURTHEST => Ok(InterviewOn::In(days)),
        _ => Err(format!("write the days until then as +9d, at most +{FURTHEST}d, or a date as 2026-11-30")),
    }
}

/// The options of `resume`.
#[derive(Debug, Clone, Args)]
pub struct Resume {
    /// The session: its folder's name, an unambiguous beginning of it, or `latest`
    #[arg(default_value = "latest")]
    pub session: String,
    /// After each answer, rate it before anything is shown of it: 1 again, 2 hard, 3 good, 4 easy
    #[arg(long)]
    pub rate: bool,
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
    /// The session: its folder's name, an unambiguous beginning of it, or `latest`; or any WAV file
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
    /// Leave silence out
    #[arg(long)]
    pub skip_silence: bool,
    /// Of each question, the first take of all sessions against the newest
    #[arg(long, conflicts_with = "take")]
    pub compare: bool,
    /// A speaker by name; wav:PATH for a file; none
    #[arg(long, value_name = "NAME", help_heading = "Sound")]
    pub output: Option<String>,
    /// The sound system: pulse, alsa… (see `greenroom doctor`)
    #[arg(long, value_name = "NAME", help_heading = "Sound")]
    pub host: Option<String>,
    /// Do not wait for real time; where the output is a file or none
    #[arg(long, help_heading = "Sound")]
    pub fast: bool,
    /// Sentences, nothing drawn again; typed lines are commands (the default without a terminal, where all is played)
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
