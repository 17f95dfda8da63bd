//! `greenroom analyze`.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::{Result, bail};
use serde_json::json;

use super::cli::Analyze;
use super::failure::Usage;
use super::{measure, measures, mended, print};
use crate::interview::{Text, text};
use crate::speech::Report;
use crate::store::analysis::{Analysis, SCHEMA, Whole};
use crate::store::home::Home;
use crate::store::manifest::Manifest;
use crate::store::{analyses, catalogue, recovery};

/// A recording that takes longer than this to measure says how far it is, in bytes: some hours.
const LONG: u64 = 1 << 30;

/// Runs the command.
///
/// # Errors
/// Where a path is neither a recording nor a folder of them nor a session, or something could not be measured.
pub fn run(options: &Analyze, home: Option<&Path>) -> Result<()> {
    let mut failed = 0;
    let mut shown = Shown { json: options.json, first: true };
    for path in &options.paths {
        match wanted(path, home) {
            Ok(found) => {
                for each in found {
                    failed += u32::from(!shown.tell(&each.name(), each.measure())?);
                }
            }
            Err(error) => failed += u32::from(!shown.tell(&path.to_string_lossy(), Err(error))?),
        }
    }
    match failed {
        0 => Ok(()),
        1 => bail!("one recording could not be measured"),
        more => bail!("{more} recordings could not be measured"),
    }
}

/// Shows one after the other.
struct Shown {
    json: bool,
    first: bool,
}

impl Shown {
    /// Shows what was measured, or why nothing was; says whether something was.
    fn tell(&mut self, name: &str, measured: Result<(Report, Analysis)>) -> Result<bool> {
        let first = std::mem::replace(&mut self.first, false);
        let (report, analysis) = match measured {
            Ok(measured) => measured,
            Err(error) => {
                if self.json {
                    print::json_line(&json!({ "schema": SCHEMA, "file": name, "error": error.to_string() }))?;
                }
                print::aside(Text::clean(&format!("greenroom: {error}")));
                return Ok(false);
            }
        };
        if self.json {
            print::json_line(&Whole { analysis: &analysis, contour: report.contour.as_ref().ok() })?;
            return Ok(true);
        }
        let gap = if first { "" } else { "\n" };
        print::text(&format!("{gap}{}  {}\n", Text::clean(name), measures::place(analysis.duration_s)))?;
        for line in measures::lines(&analysis) {
            print::line(line)?;
        }
        Ok(true)
    }
}

/// What is to be measured.
enum Wanted {
    /// A file.
    File(PathBuf),
    /// A take of a session: its turn, from 0, and its place among the turn's takes.
    Take { session: PathBuf, manifest: Rc<Manifest>, turn: usize, place: usize },
}

impl Wanted {
    /// What it is called: a file as it was given, a take by its session and file.
    fn name(&self) -> String {
        match self {
            Wanted::File(path) => path.to_string_lossy().into_owned(),
            Wanted::Take { session, manifest, turn, place } => {
                let take = manifest.turns[*turn].recorded();
                let file = take[*place].parts.first().map_or("", |part| &part.file);
                session.join(file).to_string_lossy().into_owned()
            }
        }
    }

    fn measure(&self) -> Result<(Report, Analysis)> {
        match self {
            Wanted::File(path) => {
                let size = fs::metadata(path).map_or(0, |data| data.len());
                let report = measure::file(path, progress(size))?;
                let analysis = Analysis::of(&self.name(), &report);
                Ok((report, analysis))
            }
            Wanted::Take { session, manifest, turn, place } => {
                let recorded = manifest.turns[*turn].recorded();
                let take = &recorded[*place];
                let (report, file) = measure::take_anew(session, take, progress(0))?;
                // Kept under the name that it has in its session; a folder that cannot be written to keeps nothing.
                let _ = analyses::write(session, *turn, take.number, &Analysis::of(&file, &report));
                let analysis = Analysis::of(&self.name(), &report);
                Ok((report, analysis))
            }
        }
    }
}

/// Tells people how far a long recording is.
fn progress(size: u64) -> impl FnMut(f64) {
    let shown = size >= LONG && io::stderr().is_terminal();
    let mut last = None;
    move |part| {
        let percent = (100.0 * part) as u32;
        if shown && last != Some(percent) {
            last = Some(percent);
            let end = if percent >= 100 { "\r      \r" } else { "" };
            let _ = write!(io::stderr(), "\r{percent:>3} %{end}");
        }
    }
}

/// What a path stands for: a file, a session's folder, a folder of recordings, or a session by its name.
fn wanted(path: &Path, home: Option<&Path>) -> Result<Vec<Wanted>> {
    match fs::metadata(path) {
        Ok(there) if there.is_dir() && is_session(path) => takes(path),
        Ok(there) if there.is_dir() => recordings(path),
        Ok(_) => Ok(vec![Wanted::File(path.to_owned())]),
        Err(error) => {
            let found = path.to_str().and_then(|name| catalogue::find(&Home::find(home).ok()?, name).ok());
            match found {
                Some(session) => takes(&session),
                None => bail!(
                    "{}: {error}; give a WAV file, a folder of them, or a session (see `greenroom sessions list`)",
                    text::path(path)
                ),
            }
        }
    }
}

fn is_session(path: &Path) -> bool {
    ["session.json", "journal.jsonl"].iter().any(|name| path.join(name).is_file())
}

/// The takes of a session in their order.
fn takes(session: &Path) -> Result<Vec<Wanted>> {
    let manifest = Rc::new(mended::told(recovery::load(session)?));
    let mut found = Vec::new();
    for (turn, asked) in manifest.turns.iter().enumerate() {
        for place in 0..asked.recorded().len() {
            let (session, manifest) = (session.to_owned(), Rc::clone(&manifest));
            found.push(Wanted::Take { session, manifest, turn, place });
        }
    }
    if found.is_empty() {
        bail!("{} has no recorded answer", text::path(session));
    }
    Ok(found)
}

/// The WAV files of a folder by their names.
fn recordings(folder: &Path) -> Result<Vec<Wanted>> {
    let is_wav = |path: &PathBuf| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("wav"));
    let entries = fs::read_dir(folder).map_err(|error| anyhow::anyhow!("{}: {error}", text::path(folder)))?;
    let mut found: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_wav).collect();
    found.sort();
    if found.is_empty() {
        bail!(Usage(format!("{} has no WAV file in it", text::path(folder))));
    }
    Ok(found.into_iter().map(Wanted::File).collect())
}
