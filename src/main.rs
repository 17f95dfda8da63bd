//! Parses the command line, dispatches, and gives the exit status.

use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use greenroom::app::cli::{Cli, Command};
use greenroom::app::{demo, doctor, failure, print, questions, rehearse, replay, resume, sessions};
use greenroom::voice::host;

fn main() -> ExitCode {
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
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "greenroom", &mut script);
            print::text(&script)
        }
        Command::Man => {
            let mut page = Vec::new();
            let rendered = clap_mangen::Man::new(Cli::command()).render(&mut page);
            rendered.map_err(Into::into).and_then(|()| print::text(&page))
        }
        Command::VoiceHost { kind } => return host::serve(kind),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure::report(&error),
    }
}
