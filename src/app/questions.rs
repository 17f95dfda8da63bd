//! `greenroom questions`.

use std::path::Path;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::cli::Questions;
use super::library::{FIRST_BANK, Library, unknown};
use super::report::SCHEMA;
use super::{import, new_bank, print};
use crate::interview::text;
use crate::interview::{Bank, Question, When};
use crate::store::banks::{Banks, Source};
use crate::store::config::{self, Config};
use crate::store::flaw::FileFlaws;
use crate::store::format_file;
use crate::store::home::{Home, HomeError};
use crate::store::panels::Panels;
use crate::store::story_file;

/// Runs the command.
///
/// # Errors
/// Where a bank or question does not exist, or a file has mistakes.
pub fn run(what: &Questions, home: Option<&Path>) -> Result<()> {
    match what {
        Questions::List { banks: true, json, .. } => list_banks(&Library::open(home)?, *json),
        Questions::List { bank, section, tag, json, .. } => {
            let library = Library::open(home)?;
            list(&library.bank(bank.as_deref())?, section, tag, *json)
        }
        Questions::Show { id, bank, json } => show(&Library::open(home)?, id, bank.as_deref(), *json),
        Questions::Import(options) => import::run(options, home),
        Questions::New { id, title, json } => new_bank::begin(home, id, title.as_deref(), *json),
        Questions::Schema => new_bank::schema(),
        Questions::Check { file, json } => check(file, home, *json),
    }
}

fn list_banks(library: &Library, as_json: bool) -> Result<()> {
    let entries = library.banks.list();
    if as_json {
        let banks: Vec<Value> = entries
            .iter()
            .map(|entry| {
                let file = match &entry.source {
                    Source::BuiltIn => None,
                    Source::File(path) => Some(path.to_string_lossy().into_owned()),
                };
                let flaws = entry.flaws.as_ref().map(|flaws| flaws.to_string());
                json!({ "id": entry.id, "title": entry.title.as_str(), "questions": entry.questions, "file": file, "flaws": flaws })
            })
            .collect();
        return print::json(&json!({ "schema": SCHEMA, "banks": banks }));
    }
    for entry in &entries {
        let source = match &entry.source {
            Source::BuiltIn => "built in".to_owned(),
            Source::File(path) => text::path(path).to_string(),
        };
        print::line(format_args!("{:<20} {:>4} questions  {}  ({source})", entry.id, entry.questions, entry.title))?;
    }
    for flaws in entries.iter().filter_map(|entry| entry.flaws.as_ref()) {
        print::aside(flaws);
    }
    Ok(())
}

fn list(bank: &Bank, sections: &[String], tags: &[String], as_json: bool) -> Result<()> {
    if let Some(id) = sections.iter().find(|id| bank.section(id).is_none()) {
        let known: Vec<&str> = bank.sections.iter().map(|section| section.id.as_str()).collect();
        bail!(unknown("section", id, &known));
    }
    if let Some(tag) = tags.iter().find(|tag| !bank.tags().contains(&tag.as_str())) {
        bail!(unknown("tag", tag, &bank.tags()));
    }
    let passes = |question: &&Question| {
        (sections.is_empty() || sections.contains(&question.section))
            && (tags.is_empty() || tags.iter().any(|tag| question.tags.contains(tag)))
    };
    let questions: Vec<&Question> = bank.questions.iter().filter(passes).collect();
    if as_json {
        let questions: Vec<Value> = questions.iter().map(|question| brief(question)).collect();
        return print::json(
            &json!({ "schema": SCHEMA, "bank": bank.id, "title": bank.title.as_str(), "questions": questions }),
        );
    }
    print::line(format_args!("{}: {} questions", bank.title, questions.len()))?;
    for section in &bank.sections {
        let mut here = questions.iter().filter(|question| question.section == section.id).peekable();
        if here.peek().is_some() {
            print::line(format_args!("\n{} ({}, format {})", section.title, section.id, section.format))?;
        }
        for question in here {
            print::line(format_args!("  {:<32} {}", question.id, question.prompt))?;
        }
    }
    Ok(())
}

fn brief(question: &Question) -> Value {
    json!({
        "id": question.id,
        "section": question.section,
        "prompt": question.prompt.as_str(),
        "tags": question.tags,
    })
}

fn show(library: &Library, id: &str, asked: Option<&str>, as_json: bool) -> Result<()> {
    let (bank, question) = find(library, id, asked)?;
    if as_json {
        return print::json(&whole(&bank, &question));
    }
    print::line(&question.prompt)?;
    print::line(format_args!("\nBank {}, section {}; tags: {}", bank.id, question.section, question.tags.join(", ")))?;
    if !question.points.is_empty() {
        print::line("\nA strong answer covers:")?;
    }
    for point in &question.points {
        print::line(format_args!("  - {}{}", point.text, if point.proposed { " (proposed)" } else { "" }))?;
    }
    if let Some(answer) = &question.answer {
        print::line(format_args!("\nA model answer:\n  {answer}"))?;
    }
    if !question.follow_ups.is_empty() {
        print::line("\nFollow-ups:")?;
    }
    for follow_up in &question.follow_ups {
        print::line(format_args!("  - {} ({})", follow_up.prompt, when_words(&follow_up.when)))?;
    }
    print::line(format_args!("\nPractise it: greenroom rehearse --bank {} --question {}", bank.id, question.id))?;
    Ok(())
}

fn find(library: &Library, id: &str, asked: Option<&str>) -> Result<(Bank, Question)> {
    let mut known = Vec::new();
    // The chosen bank first: ids are unique only within a bank.
    let first = asked.or(library.config.bank.as_deref()).unwrap_or(FIRST_BANK);
    let others = library.banks.list().into_iter().map(|entry| entry.id).filter(|id| asked.is_none() && id != first);
    for name in std::iter::once(first.to_owned()).chain(others) {
        let bank = match library.bank(Some(&name)) {
            Ok(bank) => bank,
            Err(error) if name == first => return Err(error),
            Err(_) => continue,
        };
        if let Some(question) = bank.question(id).cloned() {
            return Ok((bank, question));
        }
        known.extend(bank.questions.into_iter().map(|question| question.id));
    }
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    bail!(unknown("question", id, &known))
}

fn whole(bank: &Bank, question: &Question) -> Value {
    let points: Vec<Value> = question
        .points
        .iter()
        .map(|point| json!({ "id": point.id, "text": point.text.as_str(), "any": point.any, "proposed": point.proposed }))
        .collect();
    let follow_ups: Vec<Value> = question
        .follow_ups
        .iter()
        .map(|each| json!({ "id": each.id, "prompt": each.prompt.as_str(), "when": each.when.word() }))
        .collect();
    let mut value = brief(question);
    value["schema"] = json!(SCHEMA);
    value["bank"] = json!(bank.id);
    value["points"] = json!(points);
    value["answer"] = json!(question.answer.as_ref().map(|answer| answer.as_str()));
    value["follow_ups"] = json!(follow_ups);
    value
}

fn when_words(when: &When) -> String {
    match when {
        When::Short => "when the answer is short".to_owned(),
        When::Long => "when the answer runs into its limit".to_owned(),
        When::Hesitant => "when the answer hesitates".to_owned(),
        When::Always => "always".to_owned(),
        When::Chance(percent) => format!("{percent} times in a hundred"),
        When::Missing(point) => format!("when the answer leaves out {point}"),
    }
}

/// Reads a file as what its name says that it is; says what is in it.
///
/// # Errors
/// Where the formats cannot be had that a bank may name.
fn examine(file: &Path, home: Option<&Path>) -> Result<Result<String, FileFlaws>> {
    if file.file_name().is_some_and(|name| name == config::NAME) {
        return Ok(Config::check_file(file).map(|_| "settings".to_owned()));
    }
    if file.file_name().is_some_and(|name| name == story_file::NAME) {
        return Ok(story_file::check_file(file).map(|stories| story_count(stories.len())));
    }
    if file.file_name().is_some_and(|name| name == format_file::NAME) {
        return Ok(format_file::check_file(file).map(|formats| many(formats.len(), "format")));
    }
    if let Some(flaws) = Panels::taken_for_a_bank(file) {
        return Ok(Err(flaws));
    }
    let home = match Home::find(home) {
        Err(HomeError::Nowhere) => None,
        found => Some(found?),
    };
    let formats = format_file::formats(home.as_ref())?;
    let holds = |bank: Bank| {
        let points = bank.questions.iter().flat_map(|question| &question.points);
        let proposed = match points.filter(|point| point.proposed).count() {
            0 => String::new(),
            count => format!(", {} proposed by an import", many(count, "point")),
        };
        format!("{} in {}{proposed}", many(bank.questions.len(), "question"), many(bank.sections.len(), "section"))
    };
    Ok(Banks::check_file(file, &formats).map(holds))
}

fn story_count(count: usize) -> String {
    if count == 1 { "1 story".to_owned() } else { format!("{count} stories") }
}

fn many(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn check(file: &Path, home: Option<&Path>, as_json: bool) -> Result<()> {
    let checked = examine(file, home)?;
    if as_json {
        let flaws: Vec<Value> = checked
            .as_ref()
            .err()
            .into_iter()
            .flat_map(|flaws| &flaws.flaws)
            .map(|flaw| json!({ "line": flaw.line, "column": flaw.column, "message": flaw.message }))
            .collect();
        print::json(
            &json!({ "schema": SCHEMA, "file": file.to_string_lossy(), "ok": flaws.is_empty(), "flaws": flaws }),
        )?;
    }
    match checked {
        Ok(holds) => {
            if !as_json {
                print::line(format_args!("{}: {holds}, no mistakes.", text::path(file)))?;
            }
            Ok(())
        }
        Err(flaws) => {
            let count = flaws.flaws.len();
            print::aside(flaws);
            bail!("{} has {}", text::path(file), many(count, "mistake"))
        }
    }
}
