//! How a command fails, and with which exit status.

use std::process::ExitCode;

use super::print::{self, ReaderLeft};

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
