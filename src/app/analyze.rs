//! `greenroom analyze`.

use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::cli::Analyze;
use super::{coach, measure, measures, mended, print};
use crate::interview::{Text, text};
use crate::speech::Report;
use crate::speech::guidance::Guidance;
use crate::speech::methods::METHODS;
use crate::store::analysis::{Analysis, SCHEMA, Whole};
use crate::store::home::Home;
use crate::store::manifest::Manifest;
use crate::store::{catalogue, recovery};

/// A recording that takes longer than this to measure says how far it is, in bytes: some hours.
const LONG: u64 = 1 << 30;

/// Runs the command.
///
/// # Errors
/// Where a path is neither a recording nor a folder of them nor a session, or something could not be measured.
pub fn run(options: &Analyze, home: Option<&Path>) -> Result<()> {
    if options.paths.is_empty() {
        return explain(options.json);
    }
    let mut failed = 0;
    let mut shown = Shown { json: options.json, first: true, guidance: coach::guidance() };
    for path in &options.paths {
        match wanted(path, home) {
            Ok(found) => {
                for each in found {
                    let cued = matches!(each, Wanted::Take { .. });
                    failed += u32::from(!shown.tell(&each.name(), each.measure(), cued)?);
                }
            }
            Err(error) => failed += u32::from(!shown.tell(&path.to_string_lossy(), Err(error), false)?),
        }
    }
    if options.explain {
        explain(options.json)?;
    }
    match failed {
        0 => Ok(()),
        1 => bail!("one recording could not be measured"),
        more => bail!("{more} recordings could not be measured"),
    }
}

/// Says how each measure is taken, and where what is said of it comes from.
fn explain(as_json: bool) -> Result<()> {
    let guidance = coach::guidance();
    if as_json {
        let measures: Vec<Value> = METHODS
            .iter()
            .map(|of| json!({ "names": of.names, "unit": of.unit, "method": of.how, "source": of.source }))
            .collect();
        let rules: Vec<Value> = guidance
            .rules
            .iter()
            .map(|rule| json!({ "id": rule.id, "explained": rule.explained(), "source": rule.source }))
            .collect();
        return print::json_line(&json!({ "schema": SCHEMA, "measures": measures, "rules": rules }));
    }
    print::line("How it is measured")?;
    for of in &METHODS {
        print::text(&format!(
            "\n{} ({})\n  method: {}\n  source: {}\n",
            of.names.join(", "),
            of.unit,
            of.how,
            of.source
        ))?;
    }
    print::line("\nWhat is said after an answer, and on what ground: of these at most three, the first that hold")?;
    print::line("There is no score, and nothing is said of a person: only of what can be heard.\n")?;
    for line in guidance.explained() {
        print::line(line)?;
    }
    Ok(())
}

/// Shows one after the other.
struct Shown {
    json: bool,
    first: bool,
    guidance: Guidance,
}

impl Shown {
    /// Shows what was measured, or why nothing was; says whether something was. What is `cued` begins with the cue to
    /// speak.
    fn tell(&mut self, name: &str, measured: Result<(Report, Analysis)>, cued: bool) -> Result<bool> {
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
        for remark in self.guidance.remarks(&coach::facts(&analysis, cued), &[]) {
            print::line(format_args!("  {}", coach::marked(&remark, &analysis)))?;
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
                // Under the name that it has in its session.
                measure::keep(session, *turn, take.number, &Analysis::of(&file, &report));
                let analysis = Analysis::of(&self.name(), &report);
                Ok((report, analysis))
            }
        }
    }
}

/// Tells people how far a long recording is.
fn progress(size: u64) -> impl FnMut(f64) {
    let shown = size >= LONG && print::is_seen();
    let mut last = None;
    move |part| {
        let percent = (100.0 * part) as u32;
        if shown && last != Some(percent) {
            last = Some(percent);
            print::progress(percent);
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

/// The WAV files of a folder by their names; where there are none, the takes of the sessions in it.
fn recordings(folder: &Path) -> Result<Vec<Wanted>> {
    let entries = fs::read_dir(folder).map_err(|error| anyhow::anyhow!("{}: {error}", text::path(folder)))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let is_wav =
        |path: &&PathBuf| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("wav")) && path.is_file();
    let mut found: Vec<Wanted> = paths.iter().filter(is_wav).cloned().map(Wanted::File).collect();
    if found.is_empty() {
        for session in paths.iter().filter(|path| is_session(path)) {
            // One that has no answer is no reason to leave the others out.
            found.extend(takes(session).unwrap_or_default());
        }
    }
    if found.is_empty() {
        bail!("{} has no WAV file in it, and no session", text::path(folder));
    }
    Ok(found)
}
