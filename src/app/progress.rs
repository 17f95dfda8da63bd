//! `greenroom progress`: what to practise, how much was practised, and how it was said over time.

mod facts;
mod form;
mod spoken;
mod told;
mod trends;

use std::mem::ManuallyDrop;
use std::path::Path;

use anyhow::Result;

use super::cli::Progress;
use super::library::Library;
use super::{due, mended, print};
use crate::store::{calendar, story_file};
use facts::Facts;

/// Runs the command.
///
/// # Errors
/// Where there is no such bank, or the sessions cannot be listed.
pub fn run(options: &Progress, home: Option<&Path>) -> Result<()> {
    let library = Library::open(home)?;
    let bank = library.bank(options.bank.as_deref())?;
    let today = calendar::today();
    let interview = due::interview(options.interview_on, &library, today)?;
    // The program ends when this is told: nobody waits for a hundred thousand answers to be taken apart.
    let all = ManuallyDrop::new(mended::all(&library.home)?);
    // Stories that cannot be read keep nobody from the rest.
    let stories = story_file::load(&library.home).unwrap_or_else(|flaws| {
        print::aside(flaws);
        Vec::new()
    });
    let facts = Facts::of(&bank, &all, &stories, today, interview);
    if options.json {
        return print::json(&form::of(&facts));
    }
    let mut rehearse = "rehearse --order due".to_owned();
    if let Some(bank) = &options.bank {
        rehearse += &format!(" --bank {bank}");
    }
    if let (Some(_), Some(day)) = (options.interview_on, interview.and_then(calendar::date_of)) {
        rehearse += &format!(" --interview-on {day}");
    }
    let charts = print::is_shown() && !options.plain;
    print::text(&told::lines(&facts, &library.home, &rehearse, charts).concat())
}
