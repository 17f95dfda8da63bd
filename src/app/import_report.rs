//! What an import understood, was not sure of, left out and wrote, for people and for programs.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::{Value, json};

use super::import::place;
use super::report::SCHEMA;
use super::{hint, print};
use crate::import::{Changes, Draft, Form, Reading, Remark};
use crate::interview::{Bank, Question, Text, text};
use crate::store::home::Home;

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
    /// The home that the bank is kept in.
    pub home: &'a Home,
}

/// The most remarks that are shown to people one by one.
const SHOWN: usize = 15;
/// The most lines that a remark on several lists.
const LINES: usize = 8;
/// So many questions of a bank are shown one by one; of a larger one the ends of each section.
const ALL: usize = 60;
/// So many questions are shown at either end of a section of a large bank.
const ENDS: usize = 3;
/// So much of a prompt is shown, in characters.
const PROMPT: usize = 70;
/// So much of what is left out is shown, in characters.
const WORDS: usize = 50;

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
    let is_dry = matches!(told.kept, Kept::Nowhere(_));
    if is_dry {
        out += &questions(told);
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
        out += &if is_dry { one_by_one(left_out, &reading.text) } else { summed_up(left_out) };
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
    if !is_dry {
        let _ = writeln!(out, "Practise it: {}", hint::again(told.home, &format!("rehearse --bank {}", bank.id)));
    }
    print::text(&out)
}

/// Every question, section by section: its number, its line, how it begins, and how long its answer is.
fn questions(told: &Told) -> String {
    let bank = told.bank;
    let mut out = String::new();
    let mut number = 0;
    for section in &bank.sections {
        let _ = writeln!(out, "\n  {}", section.title);
        let of: Vec<&Question> = bank.questions.iter().filter(|question| question.section == section.id).collect();
        let is_short = bank.questions.len() <= ALL || of.len() <= 2 * ENDS + 1;
        for (place, question) in of.iter().enumerate() {
            number += 1;
            if !is_short && (ENDS..of.len() - ENDS).contains(&place) {
                if place == ENDS {
                    let _ = writeln!(out, "        … and {} more; --json has them all", of.len() - 2 * ENDS);
                }
                continue;
            }
            let line = told.draft.and_then(|draft| draft.lines.get(&question.id));
            let line = line.map_or(String::new(), |line| format!("line {line}, "));
            let answer = match &question.answer {
                Some(answer) => format!("answer of {}", many(answer.words(), "word")),
                None => "no answer".to_owned(),
            };
            let _ = writeln!(out, "  {number:>4}. {}  ({line}{answer})", begun(question.prompt.as_str(), PROMPT));
        }
    }
    out
}

/// How a text begins, in so many characters at most; cut between words where that is possible.
fn begun(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let cut = text[..end].rfind(' ').filter(|cut| cut * 2 > end).unwrap_or(end);
    format!("{}…", text[..cut].trim_end())
}

/// What is left out, with the words of its first line.
fn one_by_one(remarks: &[Remark], text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::new();
    for remark in remarks.iter().take(ALL) {
        let line = lines.get(remark.line.saturating_sub(1)).copied().unwrap_or_default();
        let words = Text::clean(&line.chars().take(4 * WORDS).collect::<String>());
        let words = if words.is_empty() { String::new() } else { format!(": “{}”", begun(words.as_str(), WORDS)) };
        let _ = writeln!(out, "  line {}: {}{words}", remark.line, remark.text);
    }
    if remarks.len() > ALL {
        out += &summed_up(&remarks[ALL..]);
    }
    out
}

fn changed(changes: &Changes) -> String {
    let mut out = String::new();
    let list = |ids: &[String]| {
        let shown: Vec<&str> = ids.iter().take(LINES).map(String::as_str).collect();
        let more = if ids.len() > LINES { format!(" and {} more", ids.len() - LINES) } else { String::new() };
        format!("{}{more}", shown.join(", "))
    };
    for (ids, what) in [
        (&changes.added, "new"),
        (&changes.back, "that the bank had before, back again"),
        (&changes.edited, "no longer in the file, but edited by you, kept"),
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
    let rest: usize = spans.iter().skip(LINES).map(|(first, last)| last - first + 1).sum();
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
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
            "added": changes.added, "back": changes.back, "edited": changes.edited, "removed": changes.removed, "own": changes.own, "left_out_by_you": changes.out,
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
        let odd: Vec<Remark> = (0..20).map(|line| remark(2 * line + 1, "c")).collect();
        assert_eq!(summed_up(&odd), "  lines 1, 3, 5, 7, 9, 11, 13, 15 and 12 more: c\n");
        assert_eq!(begun("How do you bake bread?", 12), "How do you…");
        assert_eq!(one_by_one(&[remark(2, "d")], "a\n  some   words\n"), "  line 2: d: “some words”\n");
        let many: Vec<Remark> = (0..500).map(|line| remark(line, &format!("remark {line}"))).collect();
        assert_eq!(summed_up(&many).lines().count(), SHOWN + 1);
    }
}
