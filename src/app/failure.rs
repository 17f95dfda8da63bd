//! How a command fails, and with which exit status.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use super::cli::Cli;
use super::print::{self, ReaderLeft};
use crate::interview::Text;
use crate::store::banks::BankError;
use crate::store::flaw::FileFlaws;
use crate::store::panels::PanelError;

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
    let message = format!("greenroom: {error:#}");
    // Mistakes in a file are told a line each; any other message is one line, whatever the names in it hold.
    if error.chain().any(|each| each.is::<FileFlaws>() || each.is::<BankError>() || each.is::<PanelError>()) {
        print::aside(message);
    } else {
        print::aside(Text::clean(&message));
    }
    ExitCode::from(if error.is::<Usage>() { 2 } else { 1 })
}

/// Says what is wrong with the command line, or prints the help that was asked for, and ends the program.
///
/// The message repeats words of the command line, so it is made of the clean words where some are not.
pub fn unparsed(error: &clap::Error) -> ! {
    let words: Vec<OsString> = std::env::args_os().collect();
    let clean: Vec<OsString> = words.iter().map(|word| Text::clean(&word.to_string_lossy()).as_str().into()).collect();
    if clean == words {
        error.exit();
    }
    match Cli::try_parse_from(clean) {
        Err(error) => error.exit(),
        // There was nothing wrong but what is cleaned away now.
        Ok(_) => print::aside(Text::clean(&error.render().to_string())),
    }
    std::process::exit(error.exit_code())
}

/// Says that a helper was not started as it must be: exit status 2.
pub fn misused(reason: impl std::fmt::Display) -> ExitCode {
    print::aside(format_args!("greenroom: {reason}"));
    ExitCode::from(2)
}
