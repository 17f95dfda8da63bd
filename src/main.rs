//! Parses the command line, dispatches, and gives the exit status.

use std::process::ExitCode;

use clap::Parser;
use greenroom::app::cli::{Cli, Command};
use greenroom::app::{demo, doctor, failure, manual, questions, rehearse, replay, resume, sessions, signals};
use greenroom::voice::host;

fn main() -> ExitCode {
    // The program calls itself like this to speak in a process of its own; it is no command for people.
    let mut words = std::env::args().skip(1);
    if let (Some("voice-host"), Some(kind)) = (words.next().as_deref(), words.next()) {
        return host::serve(&kind);
    }
    signals::ignore_size_limit();
    let cli = Cli::parse();
    let home = cli.home.as_deref();
    let done = match &cli.command {
        Command::Rehearse(options) => rehearse::run(options, home),
        Command::Resume(options) => resume::run(options, home),
        Command::Replay(options) => replay::run(options, home),
        Command::Demo(options) => demo::run(options, home),
        Command::Sessions { what } => sessions::run(what, home),
        Command::Questions { what } => questions::run(what, home),
        Command::Doctor(options) => doctor::run(options, home),
        Command::Completions { shell } => manual::completions(*shell),
        Command::Man => manual::pages(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure::report(&error),
    }
}
