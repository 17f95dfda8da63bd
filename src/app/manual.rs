//! What the shell and the packager ask for: completions and the manual.

use anyhow::Result;
use clap::{Command, CommandFactory};

use super::cli::Cli;
use super::print;

/// Prints the completions for a shell.
///
/// # Errors
/// Where standard output cannot be written.
pub fn completions(shell: clap_complete::Shell) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "greenroom", &mut script);
    print::text(&String::from_utf8_lossy(&script))
}

/// Prints the manual: the page of the program, then one for each command.
///
/// # Errors
/// Where standard output cannot be written.
pub fn pages() -> Result<()> {
    let mut program = Cli::command();
    program.build();
    let mut pages = Vec::new();
    page(&program, &mut pages)?;
    print::text(&String::from_utf8_lossy(&pages))
}

fn page(command: &Command, pages: &mut Vec<u8>) -> Result<()> {
    clap_mangen::Man::new(command.clone()).render(pages)?;
    for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
        page(below, pages)?;
    }
    Ok(())
}
