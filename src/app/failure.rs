//! How a command fails, and with which exit status.

use std::process::ExitCode;

use super::print::{self, ReaderLeft};
use crate::interview::text::is_harmless;

/// A wrong use of the command line: exit status 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(pub String);

/// The program was asked to end, and everything is saved: exit status 130.
#[derive(Debug, thiserror::Error)]
#[error("interrupted; everything is saved")]
pub struct Interrupted;

/// Says why a command failed, and gives its exit status.
pub fn report(error: &anyhow::Error) -> ExitCode {
    if error.is::<Interrupted>() {
        return ExitCode::from(130);
    }
    if error.is::<ReaderLeft>() {
        return ExitCode::SUCCESS;
    }
    print::aside(format_args!("greenroom: {error:#}"));
    ExitCode::from(if error.is::<Usage>() { 2 } else { 1 })
}

/// Says what is wrong with the command line, or prints the help that was asked for, and ends the program.
///
/// The message repeats words of the command line: where they could steer the terminal, it is printed without colours
/// and without what could.
pub fn unparsed(error: &clap::Error) -> ! {
    let message = error.render().to_string();
    if is_harmless(&message) {
        error.exit();
    }
    print::aside(message.trim_end());
    std::process::exit(error.exit_code())
}

/// Says that a helper was not started as it must be: exit status 2.
pub fn misused(reason: impl std::fmt::Display) -> ExitCode {
    print::aside(format_args!("greenroom: {reason}"));
    ExitCode::from(2)
}
