//! The reader of banks.

use std::fmt::Write;
use std::sync::OnceLock;

use greenroom::interview::{Bank, Format, Text, When};
use greenroom::store::FileFlaws;
use greenroom::store::bank_file::parse_bank;
use greenroom::store::format_file::formats;

use super::harmless;

/// The longest message about one flaw, in characters.
const MESSAGE: usize = 2_000;

fn known() -> &'static [Format] {
    static KNOWN: OnceLock<Vec<Format>> = OnceLock::new();
    KNOWN.get_or_init(|| formats(None).expect("the built-in formats are well"))
}

/// A text is a bank within all bounds, which reads back as it was, or it has flaws with their places.
pub fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match parse_bank("x.toml", text, known()) {
        Ok(bank) => {
            bounded(&bank);
            let again = parse_bank("x.toml", &written(&bank), known());
            assert_eq!(again.as_ref(), Ok(&bank), "{}", written(&bank));
        }
        Err(flaws) => places(text, &flaws),
    }
}

/// Every flaw stands in the text and can be shown in a line.
pub fn places(text: &str, flaws: &FileFlaws) {
    let lines: Vec<&str> = text.split('\n').collect();
    assert!((1..=200).contains(&flaws.flaws.len()));
    for flaw in &flaws.flaws {
        assert!((1..=lines.len()).contains(&flaw.line), "{flaw:?}");
        assert!((1..=lines[flaw.line - 1].chars().count() + 1).contains(&flaw.column), "{flaw:?}");
        harmless(&flaw.message, false);
        assert!(!flaw.message.is_empty() && flaw.message.chars().count() <= MESSAGE, "{flaw:?}");
    }
    assert!(flaws.flaws.is_sorted_by_key(|flaw| (flaw.line, flaw.column)), "in the order of the file");
}

/// Everything in a bank is within the bounds of the format.
pub fn bounded(bank: &Bank) {
    id(&bank.id);
    shown(&bank.title);
    harmless(&bank.language, false);
    assert!((1..=5_000).contains(&bank.questions.len()));
    for section in &bank.sections {
        id(&section.id);
        shown(&section.title);
        assert!(known().iter().any(|format| format.id == section.format));
    }
    for (place, question) in bank.questions.iter().enumerate() {
        id(&question.id);
        spoken(&question.prompt);
        assert!(bank.section(&question.section).is_some());
        assert!(bank.questions[..place].iter().all(|other| other.id != question.id), "each id once");
        question.tags.iter().for_each(|tag| id(tag));
        question.answer.iter().for_each(shown);
        for point in &question.points {
            id(&point.id);
            shown(&point.text);
            point.any.iter().for_each(|term| harmless(term, false));
        }
        for follow in &question.follow_ups {
            id(&follow.id);
            spoken(&follow.prompt);
            if let When::Chance(percent) = follow.when {
                assert!((1..=99).contains(&percent));
            }
            if let When::Missing(point) = &follow.when {
                assert!(question.points.iter().any(|each| each.id == *point));
            }
        }
    }
}

fn id(id: &str) {
    let fine = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    assert!((1..=64).contains(&id.len()) && id.bytes().all(fine), "{id:?}");
}

fn shown(text: &Text) {
    harmless(text.as_str(), false);
    assert!((1..=4_000).contains(&text.as_str().chars().count()), "{text:?}");
}

fn spoken(text: &Text) {
    shown(text);
    assert!(text.words() <= 600);
}

/// A bank as a file: not pretty, but the same.
fn written(bank: &Bank) -> String {
    let mut out = String::new();
    let mut line = |text: String| writeln!(out, "{text}").expect("a string grows");
    line(format!("schema = 1\nid = {}\ntitle = {}", quoted(&bank.id), quoted(bank.title.as_str())));
    line(format!("language = {}", quoted(&bank.language)));
    for section in &bank.sections {
        let (title, format) = (quoted(section.title.as_str()), quoted(&section.format));
        line(format!("[[section]]\nid = {}\ntitle = {title}\nformat = {format}", quoted(&section.id)));
    }
    for question in &bank.questions {
        let (id, section) = (quoted(&question.id), quoted(&question.section));
        line(format!("[[question]]\nid = {id}\nsection = {section}\nprompt = {}", quoted(question.prompt.as_str())));
        line(format!("tags = [{}]", list(&question.tags)));
        if let Some(answer) = &question.answer {
            line(format!("answer = {}", quoted(answer.as_str())));
        }
        let points = question.points.iter().map(|point| {
            let (id, text) = (quoted(&point.id), quoted(point.text.as_str()));
            format!("{{ id = {id}, text = {text}, any = [{}], proposed = {} }}", list(&point.any), point.proposed)
        });
        line(format!("points = [{}]", points.collect::<Vec<_>>().join(", ")));
        let follow_ups = question.follow_ups.iter().map(|follow| {
            let (id, prompt) = (quoted(&follow.id), quoted(follow.prompt.as_str()));
            format!("{{ id = {id}, prompt = {prompt}, when = {} }}", quoted(&when(&follow.when)))
        });
        line(format!("follow_ups = [{}]", follow_ups.collect::<Vec<_>>().join(", ")));
    }
    out
}

fn when(when: &When) -> String {
    match when {
        When::Short => "short".to_owned(),
        When::Long => "long".to_owned(),
        When::Hesitant => "hesitant".to_owned(),
        When::Always => "always".to_owned(),
        When::Chance(percent) => format!("chance:{percent}"),
        When::Missing(point) => format!("missing:{point}"),
    }
}

fn list(texts: &[String]) -> String {
    texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ")
}

/// A string of TOML. Nothing in a cleaned text needs more than this.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
