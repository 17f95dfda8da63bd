//! Parses the command line, dispatches, and gives the exit status.

use std::process::ExitCode;

use clap::Parser;
use greenroom::app::cli::{Cli, Command};
use greenroom::app::{
    analyze, demo, doctor, failure, manual, panel, panels, progress, questions, rehearse, replay, resume, sessions,
    signals, stories,
};
use greenroom::voice::{host, process};

fn main() -> ExitCode {
    // SAFETY: no thread has been started.
    unsafe { process::keep_to_fixed_folders() };
    // The program calls itself like this to speak in a process of its own; it is no command for people.
    // Words may be no text at all: they are read as the system gives them.
    let mut words = std::env::args_os().skip(1);
    if let (Some(word), Some(kind)) = (words.next(), words.next())
        && word == "voice-host"
    {
        return match host::serve(&kind.to_string_lossy()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(wrong) => failure::misused(wrong),
        };
    }
    signals::outlive_size_limit();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => failure::unparsed(&error),
    };
    let home = cli.home.as_deref();
    let done = match &cli.command {
        Command::Rehearse(options) => rehearse::run(options, home),
        Command::Panel(options) => panel::run(options, home),
        Command::Resume(options) => resume::run(options, home),
        Command::Replay(options) => replay::run(options, home),
        Command::Demo(options) => demo::run(options, home),
        Command::Analyze(options) => analyze::run(options, home),
        Command::Sessions { what } => sessions::run(what, home),
        Command::Panels { what } => panels::run(what, home),
        Command::Questions { what } => questions::run(what, home),
        Command::Stories(options) => stories::run(options, home),
        Command::Progress(options) => progress::run(options, home),
        Command::Doctor(options) => doctor::run(options, home),
        Command::Completions { shell } => manual::completions(*shell),
        Command::Man => manual::pages(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure::report(&error),
    }
}
