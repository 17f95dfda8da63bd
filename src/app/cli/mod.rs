//! The command line.

mod keeping;
mod sitting;
mod telling;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use keeping::{Analyze, Doctor, End, Import, Note, Panels, Progress, Questions, Sessions};
pub use sitting::{Count, Demo, InterviewOn, OrderName, Panel, Rehearse, Replay, Resume};
pub use telling::{Change, KindName, NewStory, Stories, StoriesWhat};

/// The keys of a session, as its help has them.
macro_rules! session_keys {
    () => {
        "\n\nKeys, in a terminal:\n  \
        enter                               begins the answer, or ends it; goes on\n  \
        r                                   answers once more, where there may be another take\n  \
        s                                   says the question again\n  \
        p, space                            pauses between answers, or goes on\n  \
        k                                   leaves the question out\n  \
        q                                   saves and quits; greenroom resume goes on\n  \
        1 to 9, letters, backspace          rate, tick and note, where an answer is rated\n  \
        ?                                   shows the keys\n\n\
        k, and in an answer q and r, ask once: pressed again they are meant.\n\
        With --plain the same letters are typed, and Enter after them."
    };
}

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
    #[command(after_help = concat!("Examples:\n  \
        greenroom rehearse                              five questions, drawn at random\n  \
        greenroom rehearse --section foundations --count 3\n  \
        greenroom rehearse --question okr-alignment --retakes 3\n  \
        greenroom rehearse --format one-way             as one-way screening tools do it\n  \
        greenroom rehearse --rate                       rate each answer before you see what was measured\n  \
        greenroom rehearse --story payments-rewrite     tell a story of yours (greenroom stories)\n  \
        greenroom rehearse --prep 10s --limit 90s --warn 15s\n  \
        greenroom rehearse --screen full                question, clock and level on all of the screen\n  \
        greenroom rehearse --input wav:answers/ --output wav:heard.wav --fast\n                                                  \
        without sound, as fast as the machine can", session_keys!()))]
    Rehearse(Rehearse),
    /// Sit a timed session in front of a panel: several interviewers, follow-ups, a clock
    #[command(after_help = concat!("Examples:\n  \
        greenroom panel                                 an hour, five interviewers\n  \
        greenroom panel vp-engineering-short            25 minutes, three of them\n  \
        greenroom panel behavioral --length 20m\n  \
        greenroom panel screen --dry-run                what it would ask, and when; without sound\n  \
        greenroom panel drill --seed 12 --tape          the same session again, and one recording of all of it\n\n\
        Which panels there are: greenroom panels list", session_keys!()))]
    Panel(Panel),
    /// Go on with an interrupted session at its next unanswered question
    #[command(after_help = concat!("Examples:\n  \
        greenroom resume                    the newest session\n  \
        greenroom resume 2026-11-21T09", session_keys!()))]
    Resume(Resume),
    /// Listen again: the question, then the answer
    #[command(after_help = "Examples:\n  \
        greenroom replay                    the newest session, all of it\n  \
        greenroom replay latest 2           its second question\n  \
        greenroom replay latest okr-alignment --take 1\n  \
        greenroom replay --answers-only --speed 1.5 --skip-silence\n  \
        greenroom replay latest 2 --compare           the first take against the newest\n  \
        greenroom replay talk.wav                     any WAV file\n\n\
        Keys, in a terminal (? shows them all):\n  \
        space                 pauses, or goes on\n  \
        left, right           one second back, or on; down and up: five seconds\n  \
        [ and ]               the pause before, the next pause\n  \
        n, p                  the next recording, or the previous one\n  \
        +, -                  faster, or slower; s leaves silence out\n  \
        a, b                  a loop: from here, up to here\n  \
        m                     marks a place with a note; f counts a filler word\n  \
        c                     compares: the first take, the newest, the model answer\n  \
        1, 2, 3, 4            rates the answer: again, hard, good, easy\n  \
        1 to 9, when rated    this point of a strong answer was in it\n  \
        l                     the list of sessions and answers\n  \
        q                     quits\n\n\
        With --plain the same letters are typed, each with Enter.")]
    Replay(Replay),
    /// Show a whole session: the built-in voice asks, and plays the candidate too
    #[command(after_help = "Examples:\n  \
        greenroom demo                      three questions, through the speaker\n  \
        greenroom demo --output wav:demo.wav --fast")]
    Demo(Demo),
    /// Measure how answers were said: pauses, pace, likely fillers, pitch, loudness, and the recording itself
    #[command(after_help = "Examples:\n  \
        greenroom analyze latest                        every answer of the newest session\n  \
        greenroom analyze answer.wav talk.wav           any WAV file: 8 to 32 bit, 4 to 384 kHz\n  \
        greenroom analyze recordings-of-mine/ --json    a line of JSON for each\n  \
        greenroom analyze --explain                     how it is measured, and which studies the advice is from\n\n\
        Measured on this machine from the sound alone. What cannot be measured says why.\n\
        There is no score: nobody can tell confidence from a recording.")]
    Analyze(Analyze),
    /// Show what to practise next, how much was practised, and how it was said over time
    #[command(after_help = "Examples:\n  \
        greenroom progress\n  \
        greenroom progress --bank behavioral --interview-on +9d\n  \
        greenroom progress --json\n\n\
        What is due follows from your own ratings: keys 1 to 4 in greenroom replay.\n\
        Measurements are compared with your own earlier ones alone. There is no score.")]
    Progress(Progress),
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
    /// List, show, import and check questions
    #[command(after_help = "Examples:\n  \
        greenroom questions list\n  \
        greenroom questions list --bank behavioral --tag conflict\n  \
        greenroom questions show okr-alignment\n  \
        greenroom questions import article.txt --dry-run\n  \
        greenroom questions new my-company\n  \
        greenroom questions check my-questions.toml")]
    Questions {
        /// What to do with them
        #[command(subcommand)]
        what: Questions,
    },
    /// Keep your stories: what each shows, which questions it can carry, how often it was told
    #[command(after_help = "Examples:\n  \
        greenroom stories                               all of them, and the questions that have none\n  \
        greenroom stories add The payments rewrite --kind win --shows migration,reliability\n  \
        greenroom stories edit payments-rewrite --notes \"say the 40 percent first\"\n  \
        greenroom stories show payments-rewrite\n  \
        greenroom rehearse --story payments-rewrite     tell it aloud\n\n\
        Three wins, two lessons and one change that you led carry most interviews.\n\
        They are in stories.toml in your home, which you can edit too.")]
    Stories(Stories),
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

/// How much of the terminal is drawn on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScreenName {
    /// A few rows below what scrolls by
    Inline,
    /// The whole screen: the question, the clock, the level, and nothing else
    Full,
}

/// How a session is shown.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Display")]
pub struct Display {
    /// Plain lines, nothing drawn again; for screen readers and logs (the default without a terminal)
    #[arg(long)]
    pub plain: bool,
    /// How much of the terminal is drawn on [default: inline, or as config.toml says]
    #[arg(long, value_name = "SCREEN", conflicts_with = "plain")]
    pub screen: Option<ScreenName>,
    /// Print the result as JSON on standard output; what people read goes to standard error
    #[arg(long)]
    pub json: bool,
}
