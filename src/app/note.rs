//! `greenroom sessions note`, and what a person said of a session.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, bail};
use chrono::Utc;
use serde_json::json;

use super::cli::Note;
use super::failure::Usage;
use super::report::SCHEMA;
use super::sessions::length;
use super::{mended, print, replay};
use crate::interview::time::show_clock;
use crate::interview::{Text, text};
use crate::store::home::Home;
use crate::store::manifest::Recorded;
use crate::store::review::{self, Review};
use crate::store::{catalogue, recovery};

/// What the person said of a session; where that cannot be read, it is told and nothing was said.
pub fn review(session: &Path) -> Review {
    review::read(session).unwrap_or_else(|error| {
        print::aside(error);
        Review::default()
    })
}

/// Keeps a note; it is on the disk when the line says so.
///
/// # Errors
/// Where there is no such session, question, take or place, or the note cannot be kept.
pub fn run(home: &Home, options: &Note) -> Result<()> {
    let path = catalogue::find(home, &options.session)?;
    let manifest = mended::told(recovery::load(&path)?);
    let words = options.text.join(" ");
    let words = worth_keeping(&words)?;
    let (_, turn) = match replay::chosen(&manifest, Some(&options.question))?[..] {
        [one] => one,
        _ => bail!(Usage(format!("{} is asked several times: name it by its place", options.question))),
    };
    let take = replay::take_of(turn, options.take)?;
    let Some(take) = take else {
        bail!(Usage(format!("{} has no answer to note something at", turn.question)));
    };
    let (file, at) = place(&take, options.at)?;
    let kept = review::add_note(&path, file, at, &words, Utc::now())?;
    if let Some(aside) = kept.aside {
        print::aside(format_args!("What was said before could not be read and is kept as {aside}."));
    }
    if options.json {
        return print::json(
            &json!({ "schema": SCHEMA, "file": file, "at_s": at.as_secs_f64(), "text": words.as_str() }),
        );
    }
    let (question, number, clock) = (&turn.question, take.number, show_clock(options.at));
    print::line(format_args!("Noted at {clock} of {question}, take {number}: saved."))
}

/// A note as it is kept: nothing of it is cut off.
fn worth_keeping(words: &str) -> Result<Text> {
    if words.chars().count() > text::LONGEST {
        bail!(Usage(format!("a note has {} characters at most: make two of it", text::LONGEST)));
    }
    let words = Text::clean(words);
    if words.is_empty() {
        bail!(Usage("the note is empty: say what is to be noted".to_owned()));
    }
    Ok(words)
}

/// The file of a take in which a place of it is, and where in that.
fn place<'m>(take: &Recorded<'m>, at: Duration) -> Result<(&'m str, Duration)> {
    let mut before = Duration::ZERO;
    for part in &take.parts {
        let long = length(part);
        if at <= before + long {
            return Ok((&part.file, at - before));
        }
        before += long;
    }
    bail!(Usage(format!("take {} is {} long: give --at a place in it", take.number, show_clock(before))))
}
