//! The file of a bank: TOML in, a checked [`Bank`] or all its flaws out.

use std::collections::HashSet;

use super::entry::{At, Entry, Ids, check_id};
use super::flaw::{FileFlaws, quote};
use super::nearest::{hint, nearest};
use super::sheet::Sheet;
use crate::interview::{Bank, FollowUp, Format, Point, Question, Section, Text, When};

const SCHEMA: u32 = 1;
const MOST_QUESTIONS: usize = 5_000;
/// One for each question.
const MOST_SECTIONS: usize = MOST_QUESTIONS;
/// Four minutes at a speaking rate of 150 words a minute: longer is no question.
const MOST_PROMPT_WORDS: usize = 600;
/// How often a follow-up is asked by chance, in percent, where the bank does not say.
const EVEN: u32 = 50;

/// Reads the text of a bank; `file` is its name in messages, `formats` are those that its sections may name.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse_bank(file: &str, text: &str, formats: &[Format]) -> Result<Bank, FileFlaws> {
    parse_named(file, text, formats).1
}

/// As [`parse_bank`], with the id that the text gives itself, however flawed the rest may be.
pub(super) fn parse_named(file: &str, text: &str, formats: &[Format]) -> (Option<String>, Result<Bank, FileFlaws>) {
    let (mut sheet, table) = Sheet::parse(text);
    let bank = bank(&mut sheet, &Entry::root(&table), formats);
    let id = check_id(&bank.id).is_ok().then(|| bank.id.clone());
    (id, sheet.close(file).map(|()| bank))
}

/// Reads a bank as far as it can be read; whether it may be used, the sheet says.
fn bank(sheet: &mut Sheet, root: &Entry, formats: &[Format]) -> Bank {
    root.only(sheet, &["schema", "id", "title", "language", "section", "question"]);
    root.schema(sheet, SCHEMA);
    let id = root.id(sheet);
    let title = root.needed_text(sheet, "title");
    let language = root.string(sheet, "language");
    if let Some(At { at, value }) = language.filter(|language| !is_language(language.value)) {
        sheet.flaw(at, format!("{} is no language tag: write one like \"en\" or \"de-CH\"", quote(value)));
    }
    let mut section_ids = Ids::default();
    let mut sections = Vec::new();
    let entries = root.entries(sheet, "section", "section");
    for (index, entry) in entries.iter().enumerate() {
        if index == MOST_SECTIONS {
            sheet.flaw(entry.at, format!("too many sections: {}, at most {MOST_SECTIONS}", entries.len()));
            break;
        }
        if sheet.has_enough() {
            break;
        }
        let id = entry.id(sheet);
        if let Some(id) = id {
            section_ids.add(sheet, "section", id);
        }
        sections.push(section(sheet, entry, id, formats));
    }
    let entries = root.entries(sheet, "question", "question");
    if root.has_none("question") {
        sheet.lack(root.place("question"), "the bank is empty: it needs at least one [[question]]");
    }
    let section_names = section_ids.sorted();
    let mut question_ids = Ids::default();
    let mut questions = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        if index == MOST_QUESTIONS {
            let all = entries.len();
            sheet.flaw(entry.at, format!("too many questions: {all}, at most {MOST_QUESTIONS}; make it several banks"));
            break;
        }
        if sheet.has_enough() {
            break;
        }
        let id = entry.id(sheet);
        if let Some(id) = id {
            question_ids.add(sheet, "question", id);
        }
        questions.push(question(sheet, entry, id, &section_names));
    }
    Bank {
        id: owned(id),
        title: text(title),
        language: language.map_or_else(|| "en".to_owned(), |language| language.value.to_owned()),
        sections,
        questions,
    }
}

fn section(sheet: &mut Sheet, entry: &Entry, id: Option<At<&str>>, formats: &[Format]) -> Section {
    entry.only(sheet, &["id", "title", "format"]);
    let title = entry.needed_text(sheet, "title");
    let format = entry.needed(sheet, "format");
    if let Some(format) = format
        && !formats.iter().any(|each| each.id == format.value)
    {
        let known: Vec<&str> = formats.iter().map(|each| each.id.as_str()).collect();
        sheet.flaw(format.at, format!("unknown format {}: {}", quote(format.value), hint(format.value, &known)));
    }
    Section { id: owned(id), title: text(title), format: owned(format) }
}

fn question(sheet: &mut Sheet, entry: &Entry, id: Option<At<&str>>, sections: &[&str]) -> Question {
    entry.only(sheet, &["id", "section", "prompt", "tags", "points", "answer", "follow_ups"]);
    let section = entry.needed(sheet, "section");
    if let Some(section) = section
        && sections.binary_search(&section.value).is_err()
    {
        let message = match sections.len() {
            0 => format!("unknown section {}: the bank has no [[section]]", quote(section.value)),
            _ => format!("unknown section {}: {}", quote(section.value), hint(section.value, sections)),
        };
        sheet.lack(section.at, message);
    }
    let prompt = prompt(sheet, entry);
    let answer = entry.text(sheet, "answer");
    let tags = tags(sheet, entry);
    let mut point_ids = Ids::default();
    let mut points = Vec::new();
    for point in entry.entries(sheet, "points", "point") {
        if sheet.has_enough() {
            break;
        }
        point.only(sheet, &["id", "text", "any", "proposed"]);
        let id = point.id(sheet);
        if let Some(id) = id {
            point_ids.add(sheet, "point", id);
        }
        let sentence = point.needed_text(sheet, "text");
        let proposed = point.flag(sheet, "proposed").is_some_and(|flag| flag.value);
        points.push(Point { id: owned(id), text: text(sentence), any: terms(sheet, &point), proposed });
    }
    let point_names = point_ids.sorted();
    let mut follow_ids = Ids::default();
    let mut follow_ups = Vec::new();
    for follow in entry.entries(sheet, "follow_ups", "follow-up") {
        if sheet.has_enough() {
            break;
        }
        follow.only(sheet, &["id", "prompt", "when"]);
        let id = follow.id(sheet);
        if let Some(id) = id {
            follow_ids.add(sheet, "follow-up", id);
        }
        let prompt = self::prompt(sheet, &follow);
        let when = when(sheet, &follow, &point_names);
        follow_ups.push(FollowUp { id: owned(id), prompt, when });
    }
    Question {
        id: owned(id),
        section: owned(section),
        prompt,
        tags,
        points,
        answer: answer.map(|answer| answer.value),
        follow_ups,
    }
}

/// What is spoken: short enough that somebody would listen to it.
fn prompt(sheet: &mut Sheet, entry: &Entry) -> Text {
    let prompt = entry.needed_text(sheet, "prompt");
    if let Some(At { at, value }) = &prompt
        && value.words() > MOST_PROMPT_WORDS
    {
        let words = value.words();
        sheet
            .flaw(*at, format!("the prompt of {} is too long: {words} words, at most {MOST_PROMPT_WORDS}", entry.what));
    }
    text(prompt)
}

fn tags(sheet: &mut Sheet, entry: &Entry) -> Vec<String> {
    let mut tags = Vec::new();
    let mut seen = HashSet::new();
    for tag in entry.strings(sheet, "tags") {
        if check_id(tag.value).is_err() {
            sheet.flaw(tag.at, format!("{} is no tag: it is written as an id, in a-z, 0-9 and -", quote(tag.value)));
        } else if seen.insert(tag.value) {
            tags.push(tag.value.to_owned());
        }
    }
    tags
}

fn terms(sheet: &mut Sheet, point: &Entry) -> Vec<String> {
    let mut terms = Vec::new();
    for term in point.strings(sheet, "any") {
        let text = Text::clean(term.value);
        if text.is_empty() {
            sheet.flaw(term.at, format!("a term in {} is empty: write a word or a few", point.what));
        }
        terms.push(text.to_string());
    }
    terms
}

fn when(sheet: &mut Sheet, follow: &Entry, points: &[&str]) -> When {
    const WORDS: [&str; 6] = ["short", "long", "hesitant", "always", "chance", "missing:"];
    let Some(At { at, value }) = follow.needed(sheet, "when") else { return When::Always };
    match value {
        "short" => When::Short,
        "long" => When::Long,
        "hesitant" => When::Hesitant,
        "always" => When::Always,
        "chance" => When::Chance(EVEN),
        _ if value.starts_with("chance:") => {
            let percent = value.strip_prefix("chance:").and_then(percent);
            if percent.is_none() {
                let message = format!(
                    "`when` in {}: write a chance as `chance:30`, with a percentage from 1 to 99, found {}",
                    follow.what,
                    quote(value)
                );
                sheet.flaw(at, message);
            }
            When::Chance(percent.unwrap_or(EVEN))
        }
        _ => match value.strip_prefix("missing:") {
            Some(point) if points.binary_search(&point).is_ok() => When::Missing(point.to_owned()),
            Some(point) => {
                let hint = hint(point, points);
                sheet.lack(at, format!("`when` in {} names no point of its question: {hint}", follow.what));
                When::Always
            }
            None => {
                let near = nearest(value, WORDS).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                let words = "short, long, hesitant, always, chance, chance:<percent> or missing:<point>";
                sheet.flaw(at, format!("`when` in {} must be {words}, found {}{near}", follow.what, quote(value)));
                When::Always
            }
        },
    }
}

/// A percentage that leaves something to chance.
fn percent(text: &str) -> Option<u32> {
    let plain = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|percent| plain && (1..=99).contains(percent))
}

/// Whether this looks like a BCP 47 tag: letters, then parts of letters and digits.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts
        .next()
        .is_some_and(|part| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic()));
    let fine = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    first && tag.len() <= 35 && parts.all(fine)
}

fn owned(value: Option<At<&str>>) -> String {
    value.map(|value| value.value.to_owned()).unwrap_or_default()
}

fn text(value: Option<At<Text>>) -> Text {
    value.map(|value| value.value).unwrap_or_default()
}
