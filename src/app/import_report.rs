//! What an import understood, was not sure of, left out and wrote, for people and for programs.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::{Value, json};

use super::import::place;
use super::print;
use super::report::SCHEMA;
use crate::import::{Changes, Draft, Form, Reading, Remark};
use crate::interview::{Bank, Text, text};

/// Where the bank is.
pub enum Kept {
    /// It would be here.
    Nowhere(PathBuf),
    /// It is here already, and the same.
    Unchanged(PathBuf),
    /// It was written here.
    Written {
        /// The bank.
        path: PathBuf,
        /// What was there before.
        copy: Option<PathBuf>,
    },
}

/// All that is told of an import.
pub struct Told<'a> {
    /// The name of the file.
    pub name: &'a str,
    /// What was read of it.
    pub reading: &'a Reading,
    /// The bank.
    pub bank: &'a Bank,
    /// What was made of it, where it was no bank before.
    pub draft: Option<&'a Draft>,
    /// What became of the bank that was there.
    pub changes: Option<&'a Changes>,
    /// Where the bank is.
    pub kept: &'a Kept,
    /// The file as it was named.
    pub given: &'a Path,
}

/// The most remarks that are shown to people one by one.
const SHOWN: usize = 15;
/// The most lines that a remark on several lists.
const LINES: usize = 8;

/// Tells it.
///
/// # Errors
/// Where nothing can be printed.
pub fn tell(told: &Told, as_json: bool) -> Result<()> {
    let (unsure, left_out) = remarks(told);
    if as_json { print::json(&whole(told, &unsure, &left_out)) } else { people(told, &unsure, &left_out) }
}

/// What is unsure and what is left out, in the order of the lines.
fn remarks(told: &Told) -> (Vec<Remark>, Vec<Remark>) {
    let outline = &told.reading.outline;
    let (mut unsure, mut left_out) = (outline.unsure.clone(), outline.left_out.clone());
    if let Some(draft) = told.draft {
        unsure.extend(draft.unsure.iter().cloned());
        left_out.extend(draft.left_out.iter().cloned());
    }
    unsure.sort_by_key(|remark| remark.line);
    left_out.sort_by_key(|remark| remark.line);
    (unsure, left_out)
}

/// What a form is called.
fn called(form: Form) -> &'static str {
    match form {
        Form::Text => "plain text",
        Form::Markdown => "Markdown",
        Form::Html => "HTML",
        Form::Table => "a table",
        Form::Json => "JSON",
        Form::JsonLines => "JSON Lines",
        Form::Anki => "Anki notes",
        Form::Toml => "a bank",
    }
}

/// The word for a form in JSON.
fn word(form: Form) -> &'static str {
    match form {
        Form::Text => "text",
        Form::Markdown => "markdown",
        Form::Html => "html",
        Form::Table => "table",
        Form::Json => "json",
        Form::JsonLines => "json-lines",
        Form::Anki => "anki",
        Form::Toml => "bank",
    }
}

fn answers(bank: &Bank, section: Option<&str>) -> usize {
    let mut questions: Vec<_> = bank.questions.iter().collect();
    questions.retain(|question| question.answer.is_some() && section.is_none_or(|section| question.section == section));
    questions.len()
}

fn proposed(bank: &Bank) -> usize {
    bank.questions.iter().flat_map(|question| &question.points).filter(|point| point.proposed).count()
}

fn many(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn people(told: &Told, unsure: &[Remark], left_out: &[Remark]) -> Result<()> {
    let Told { name, reading, bank, .. } = told;
    let name = if *name == "-" { Text::clean("Standard input") } else { Text::clean(name) };
    let mut out = format!("{name}: {}, {}\n", called(reading.form), reading.encoding);
    let with = answers(bank, None);
    let _ = writeln!(
        out,
        "{}: {} in {}, {} with an answer\n",
        bank.title,
        many(bank.questions.len(), "question"),
        many(bank.sections.len(), "section"),
        if with == 0 { "none".to_owned() } else { with.to_string() }
    );
    for section in bank.sections.iter().take(SHOWN * 2) {
        let count = bank.questions.iter().filter(|question| question.section == section.id).count();
        let counts = format!("{}, {}", many(count, "question"), many(answers(bank, Some(&section.id)), "answer"));
        let _ = writeln!(out, "  {:<28} {counts}  ({})", section.title.as_str(), section.id);
    }
    if bank.sections.len() > SHOWN * 2 {
        let _ = writeln!(out, "  … and {} more", bank.sections.len() - SHOWN * 2);
    }
    if proposed(bank) > 0 {
        let _ = writeln!(
            out,
            "\n{} proposed from the answers, marked `proposed = true`.",
            many(proposed(bank), "reference point")
        );
    }
    if !unsure.is_empty() {
        let _ = writeln!(out, "\nNot sure:");
        out += &summed_up(unsure);
    }
    if !left_out.is_empty() {
        let _ = writeln!(out, "\nLeft out:");
        out += &summed_up(left_out);
    }
    if let Some(changes) = told.changes {
        out += &changed(changes);
    }
    let place = text::path(place(told.kept));
    match told.kept {
        Kept::Nowhere(_) => {
            let _ =
                writeln!(out, "\nNothing was written: this was to show what an import would do. It would be {place}");
        }
        Kept::Unchanged(_) => {
            let _ = writeln!(out, "\nNothing changed since the last import; nothing was written. The bank is {place}");
        }
        Kept::Written { copy, .. } => {
            let _ = writeln!(out, "\nWrote {place}");
            if let Some(copy) = copy {
                let _ = writeln!(out, "What was there before is kept as {}", text::path(copy));
            }
        }
    }
    if !matches!(told.kept, Kept::Nowhere(_)) {
        let _ = writeln!(out, "Practise it: greenroom rehearse --bank {}", bank.id);
    }
    print::text(&out)
}

fn changed(changes: &Changes) -> String {
    let mut out = String::new();
    let list = |ids: &[String]| {
        let shown: Vec<&str> = ids.iter().take(LINES).map(String::as_str).collect();
        let more = if ids.len() > LINES { ", …" } else { "" };
        format!("{}{more}", shown.join(", "))
    };
    for (ids, what) in [
        (&changes.added, "new"),
        (&changes.removed, "no longer in the file, and taken out"),
        (&changes.own, "of your own, kept"),
        (&changes.out, "that you took out before, left out again"),
    ] {
        if !ids.is_empty() {
            let _ = writeln!(out, "  {} {what}: {}", many(ids.len(), "question"), list(ids));
        }
    }
    if out.is_empty() { out } else { format!("\nAgainst the last import:\n{out}") }
}

/// Remarks with one text are one line, with the lines of the file that it is about.
fn summed_up(remarks: &[Remark]) -> String {
    let mut groups: Vec<(&str, Vec<usize>)> = Vec::new();
    let mut places: std::collections::HashMap<&str, usize> = std::collections::HashMap::new();
    for remark in remarks {
        let next = groups.len();
        let place = *places.entry(&remark.text).or_insert(next);
        if place == next {
            groups.push((&remark.text, Vec::new()));
        }
        groups[place].1.push(remark.line);
    }
    let mut out = String::new();
    for (text, lines) in groups.iter().take(SHOWN) {
        let _ = writeln!(out, "  {}: {text}", spans(lines));
    }
    if groups.len() > SHOWN {
        let _ = writeln!(out, "  … and {} more; --json has them all", groups.len() - SHOWN);
    }
    out
}

/// Line numbers in spans: "lines 2-8, 21".
fn spans(lines: &[usize]) -> String {
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for line in lines {
        match spans.last_mut() {
            Some((_, last)) if *line <= *last + 1 => *last = *line,
            _ => spans.push((*line, *line)),
        }
    }
    let one =
        |(first, last): &(usize, usize)| if first == last { first.to_string() } else { format!("{first}-{last}") };
    let shown: Vec<String> = spans.iter().take(LINES).map(one).collect();
    let more = if spans.len() > LINES { ", …" } else { "" };
    let word = if spans.len() == 1 && spans[0].0 == spans[0].1 { "line" } else { "lines" };
    format!("{word} {}{more}", shown.join(", "))
}

fn whole(told: &Told, unsure: &[Remark], left_out: &[Remark]) -> Value {
    let bank = told.bank;
    let sections: Vec<Value> = bank
        .sections
        .iter()
        .map(|section| {
            let count = bank.questions.iter().filter(|question| question.section == section.id).count();
            json!({ "id": section.id, "title": section.title.as_str(), "questions": count, "answers": answers(bank, Some(&section.id)) })
        })
        .collect();
    let questions: Vec<Value> = bank
        .questions
        .iter()
        .map(|question| {
            json!({
                "id": question.id,
                "section": question.section,
                "line": told.draft.and_then(|draft| draft.lines.get(&question.id)),
                "prompt": question.prompt.as_str(),
                "answer": question.answer.as_ref().map(|answer| answer.as_str()),
            })
        })
        .collect();
    let lines = |remarks: &[Remark]| -> Vec<Value> {
        remarks.iter().map(|remark| json!({ "line": remark.line, "text": remark.text })).collect()
    };
    let path = text::path(place(told.kept));
    let (written, copy) = match told.kept {
        Kept::Written { copy, .. } => (true, copy.as_ref().map(|copy| copy.to_string_lossy().into_owned())),
        _ => (false, None),
    };
    json!({
        "schema": SCHEMA,
        "file": told.given.to_string_lossy(),
        "form": word(told.reading.form),
        "encoding": told.reading.encoding,
        "bank": bank.id,
        "title": bank.title.as_str(),
        "sections": sections,
        "questions": questions,
        "answers": answers(bank, None),
        "proposed_points": proposed(bank),
        "unsure": lines(unsure),
        "left_out": lines(left_out),
        "changes": told.changes.map(|changes| json!({
            "added": changes.added, "removed": changes.removed, "own": changes.own, "left_out_by_you": changes.out,
        })),
        "path": path.as_str(),
        "written": written,
        "copy": copy,
        "dry_run": matches!(told.kept, Kept::Nowhere(_)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_of_one_kind_are_one_line() {
        let remark = |line, text: &str| Remark { line, text: text.into() };
        let said = summed_up(&[remark(2, "a"), remark(3, "a"), remark(4, "b"), remark(9, "a")]);
        assert_eq!(said, "  lines 2-3, 9: a\n  line 4: b\n");
        let many: Vec<Remark> = (0..500).map(|line| remark(line, &format!("remark {line}"))).collect();
        assert_eq!(summed_up(&many).lines().count(), SHOWN + 1);
    }
}
