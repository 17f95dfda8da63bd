//! `greenroom progress`: what to practise, how much was practised, and how it was said over time.

mod facts;
mod form;
mod spoken;
mod told;
mod trends;

use std::path::Path;

use anyhow::Result;

use super::cli::Progress;
use super::library::Library;
use super::{mended, print};
use crate::store::ledger;
use facts::Facts;

/// Runs the command.
///
/// # Errors
/// Where there is no such bank, or the sessions cannot be listed.
pub fn run(options: &Progress, home: Option<&Path>) -> Result<()> {
    let library = Library::open(home)?;
    let bank = library.bank(options.bank.as_deref())?;
    let all = ledger::read(&library.home)?;
    for each in &all.mended {
        mended::tell(&each.name, &each.findings, &each.repaired);
    }
    let interview = options.interview_on.map(ledger::number_of);
    let facts = Facts::of(&bank, &all, ledger::today(), interview);
    if options.json {
        return print::json(&form::of(&facts));
    }
    print::text(&told::lines(&facts, &library.home, print::is_shown() && !options.plain).join(""))
}
