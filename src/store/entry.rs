//! The typed reading of a TOML table: what is missing, unknown or of the wrong kind is noted with its place.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::calendar;
use super::flaw::quote;
use super::nearest::{hint, nearest};
use super::sheet::Sheet;
use crate::interview::Text;
use crate::interview::schedule::Day;
use crate::interview::text::LONGEST;
use crate::interview::time::{parse_duration, show_duration};

/// The longest id, in characters: it becomes part of file names.
pub(super) const LONGEST_ID: usize = 64;

/// A value and the byte where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<T> {
    pub(super) at: usize,
    pub(super) value: T,
}

/// A table, and what a person would call it.
pub(super) struct Entry<'a, 't> {
    /// As in "`prompt` is missing in …".
    pub(super) what: String,
    /// The byte where it begins.
    pub(super) at: usize,
    table: &'a DeTable<'t>,
}

impl<'a, 't> Entry<'a, 't> {
    /// The file as a table.
    pub(super) fn root(table: &'a DeTable<'t>) -> Entry<'a, 't> {
        Entry { what: "the file".to_owned(), at: 0, table }
    }

    /// Notes every key that is not known here.
    pub(super) fn only(&self, sheet: &mut Sheet, known: &[&str]) {
        for key in self.table.keys() {
            if sheet.has_enough() {
                return;
            }
            let name: &str = key.get_ref();
            if known.contains(&name) {
                continue;
            }
            let hint = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known here: {}", known.join(", ")),
            };
            sheet.flaw(key.span().start, format!("unknown key {} in {}: {hint}", quote(name), self.what));
        }
    }

    fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'t>>> {
        self.table.get(key)
    }

    fn wrong(&self, sheet: &mut Sheet, key: &str, expected: &str, found: &Spanned<DeValue>) {
        let message = format!("`{key}` in {} must be {expected}, found {}", self.what, kind(found.get_ref()));
        sheet.flaw(found.span().start, message);
    }

    fn lacks(&self, sheet: &mut Sheet, key: &str, expected: &str) {
        sheet.lack(self.at, format!("`{key}` is missing in {}: expected {expected}", self.what));
    }

    /// The version of the file's form, which must be there.
    pub(super) fn schema(&self, sheet: &mut Sheet, known: u32) {
        match self.get("schema") {
            None => self.lacks(sheet, "schema", &format!("`schema = {known}`")),
            Some(value) => match value.get_ref().as_integer() {
                None => self.wrong(sheet, "schema", &format!("the number {known}"), value),
                Some(number) if number.as_str() == known.to_string() => {}
                Some(number) => {
                    let message = format!(
                        "schema {} is not known: this greenroom reads schema {known}; a newer one may read it",
                        quote(number.as_str())
                    );
                    sheet.flaw(value.span().start, message);
                }
            },
        }
    }

    /// A string, where there is one.
    pub(super) fn string(&self, sheet: &mut Sheet, key: &str) -> Option<At<&'a str>> {
        let value = self.get(key)?;
        let Some(text) = value.get_ref().as_str() else {
            self.wrong(sheet, key, "a string", value);
            return None;
        };
        Some(At { at: value.span().start, value: text })
    }

    /// A string, where there is one; anything else is passed over.
    pub(super) fn string_or_none(&self, key: &str) -> Option<&'a str> {
        self.get(key)?.get_ref().as_str()
    }

    /// A string that must be there.
    pub(super) fn needed(&self, sheet: &mut Sheet, key: &str) -> Option<At<&'a str>> {
        if self.get(key).is_none() {
            self.lacks(sheet, key, "a string");
        }
        self.string(sheet, key)
    }

    /// Text to be spoken or shown, where there is some: neither empty nor longer than is kept.
    pub(super) fn text(&self, sheet: &mut Sheet, key: &str) -> Option<At<Text>> {
        let At { at, value: raw } = self.string(sheet, key)?;
        let text = Text::clean(raw);
        let words = raw.split_whitespace();
        // As it is kept: white space in single spaces.
        let length = words.map(|word| word.chars().count() + 1).sum::<usize>().saturating_sub(1);
        if text.is_empty() {
            sheet.flaw(at, format!("`{key}` in {} is empty: write its text", self.what));
        } else if length > LONGEST {
            let message = format!("`{key}` in {} is too long: {length} characters, at most {LONGEST}", self.what);
            sheet.flaw(at, message);
        }
        Some(At { at, value: text })
    }

    /// Text that must be there.
    pub(super) fn needed_text(&self, sheet: &mut Sheet, key: &str) -> Option<At<Text>> {
        if self.get(key).is_none() {
            self.lacks(sheet, key, "a string");
        }
        self.text(sheet, key)
    }

    /// An id that must be there.
    pub(super) fn id(&self, sheet: &mut Sheet) -> Option<At<&'a str>> {
        let id = self.needed(sheet, "id")?;
        if let Err(reason) = check_id(id.value) {
            sheet.flaw(id.at, reason);
        }
        Some(id)
    }

    /// A list of strings; empty where there is none.
    pub(super) fn strings(&self, sheet: &mut Sheet, key: &str) -> Vec<At<&'a str>> {
        let expected = "a list of strings";
        let Some(value) = self.get(key) else { return Vec::new() };
        let Some(list) = value.get_ref().as_array() else {
            self.wrong(sheet, key, expected, value);
            return Vec::new();
        };
        let mut strings = Vec::new();
        for item in list.iter() {
            if sheet.has_enough() {
                break;
            }
            match item.get_ref().as_str() {
                Some(text) => strings.push(At { at: item.span().start, value: text }),
                None => self.wrong(sheet, key, expected, item),
            }
        }
        strings
    }

    /// A list of tables; empty where there is none.
    ///
    /// Each is called `name` and its id, where it has one.
    pub(super) fn entries(&self, sheet: &mut Sheet, key: &str, name: &str) -> Vec<Entry<'a, 't>> {
        let expected = match self.at {
            0 => format!("a list of tables, each begun with [[{key}]]"),
            _ => "a list of tables, each written { … }".to_owned(),
        };
        let Some(value) = self.get(key) else { return Vec::new() };
        let Some(list) = value.get_ref().as_array() else {
            self.wrong(sheet, key, &expected, value);
            return Vec::new();
        };
        let mut entries = Vec::new();
        for (index, item) in list.iter().enumerate() {
            if sheet.has_enough() {
                break;
            }
            let Some(table) = item.get_ref().as_table() else {
                self.wrong(sheet, key, &expected, item);
                continue;
            };
            let id = table.get("id").and_then(|id| id.get_ref().as_str());
            let what = match id {
                Some(id) => format!("the {name} {}", quote(id)),
                None => format!("{name} {}", index + 1),
            };
            entries.push(Entry { what, at: item.span().start, table });
        }
        entries
    }

    /// A duration, or `None` where the word `none` stands in its place; the outer `None` where there is neither.
    pub(super) fn duration(&self, sheet: &mut Sheet, key: &str) -> Option<At<Option<Duration>>> {
        let At { at, value: text } = self.string(sheet, key)?;
        if text == "none" {
            return Some(At { at, value: None });
        }
        match parse_duration(text) {
            Ok(duration) => Some(At { at, value: Some(duration) }),
            Err(reason) => {
                let reason = Text::clean(&reason);
                sheet.flaw(at, format!("`{key}` in {}: {reason}, or none", self.what));
                None
            }
        }
    }

    /// A small whole number, or `None` where `word` stands in its place; the outer `None` where there is neither.
    pub(super) fn count_or(&self, sheet: &mut Sheet, key: &str, most: u32, word: &str) -> Option<Option<u32>> {
        let expected = format!("a number from 0 to {most} or \"{word}\"");
        let Some(value) = self.get(key) else {
            self.lacks(sheet, key, &expected);
            return None;
        };
        let number = match value.get_ref() {
            DeValue::String(text) if text == word => return Some(None),
            DeValue::Integer(number) => u32::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        let number = number.filter(|number| *number <= most);
        if number.is_none() {
            self.wrong(sheet, key, &expected, value);
        }
        number.map(Some)
    }

    /// A duration within bounds, where there is one.
    pub(super) fn span(&self, sheet: &mut Sheet, key: &str, bounds: RangeInclusive<Duration>) -> Option<At<Duration>> {
        let At { at, value: text } = self.string(sheet, key)?;
        let (least, most) = (show_duration(*bounds.start()), show_duration(*bounds.end()));
        match parse_duration(text) {
            Ok(value) if bounds.contains(&value) => return Some(At { at, value }),
            Ok(_) => sheet.flaw(at, format!("`{key}` in {} must be from {least} to {most}", self.what)),
            Err(reason) => sheet.flaw(at, format!("`{key}` in {}: {}", self.what, Text::clean(&reason))),
        }
        None
    }

    /// A whole number within bounds, where there is one.
    pub(super) fn number(&self, sheet: &mut Sheet, key: &str, bounds: RangeInclusive<u32>) -> Option<At<u32>> {
        let value = self.get(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(number) => u32::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        let number = number.filter(|number| bounds.contains(number));
        if number.is_none() {
            let expected = format!("a number from {} to {}", bounds.start(), bounds.end());
            self.wrong(sheet, key, &expected, value);
        }
        number.map(|number| At { at: value.span().start, value: number })
    }

    /// A number, with or without a point, where there is one.
    pub(super) fn float(&self, sheet: &mut Sheet, key: &str) -> Option<At<f64>> {
        let value = self.get(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(number) => i32::from_str_radix(number.as_str(), number.radix()).ok().map(f64::from),
            DeValue::Float(number) => number.as_str().parse().ok().filter(|number: &f64| number.is_finite()),
            _ => None,
        };
        if number.is_none() {
            self.wrong(sheet, key, "a number", value);
        }
        number.map(|number| At { at: value.span().start, value: number })
    }

    /// Yes or no, where it is said.
    pub(super) fn flag(&self, sheet: &mut Sheet, key: &str) -> Option<At<bool>> {
        let value = self.get(key)?;
        let yes = value.get_ref().as_bool();
        if yes.is_none() {
            self.wrong(sheet, key, "`true` or `false`", value);
        }
        yes.map(|yes| At { at: value.span().start, value: yes })
    }

    /// A day, as a date of TOML or as a string, where there is one.
    pub(super) fn day(&self, sheet: &mut Sheet, key: &str) -> Option<Day> {
        let value = self.get(key)?;
        let text = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Datetime(date) if date.time.is_none() => date.to_string(),
            _ => {
                self.wrong(sheet, key, "a date such as 2026-11-30", value);
                return None;
            }
        };
        let day = calendar::parse(&text);
        if let Err(reason) = day {
            let message = format!("`{key}` in {} cannot be {}: {reason}", self.what, quote(&text));
            sheet.flaw(value.span().start, message);
        }
        day.ok()
    }

    /// One of a few words, where there is one.
    pub(super) fn word<T: Copy>(&self, sheet: &mut Sheet, key: &str, words: &[(&str, T)]) -> Option<T> {
        let At { at, value: text } = self.string(sheet, key)?;
        let found = words.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let message = format!("`{key}` in {} cannot be {}: {}", self.what, quote(text), hint(text, &known));
            sheet.flaw(at, message);
        }
        found.map(|(_, meant)| *meant)
    }

    /// A table, where there is one; `what` is what a person would call it.
    pub(super) fn table(&self, sheet: &mut Sheet, key: &str, what: &str) -> Option<Entry<'a, 't>> {
        let value = self.get(key)?;
        let Some(table) = value.get_ref().as_table() else {
            self.wrong(sheet, key, "a table", value);
            return None;
        };
        Some(Entry { what: what.to_owned(), at: value.span().start, table })
    }

    /// Whether the key is there, with whatever value.
    pub(super) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Whether the key is not there, or is a list without anything in it.
    pub(super) fn has_none(&self, key: &str) -> bool {
        self.get(key).is_none_or(|value| value.get_ref().as_array().is_some_and(|list| list.is_empty()))
    }

    /// The byte of a key's value; of the table where it is not there.
    pub(super) fn place(&self, key: &str) -> usize {
        self.get(key).map_or(self.at, |value| value.span().start)
    }

    /// Notes that a needed key is missing.
    pub(super) fn need(&self, sheet: &mut Sheet, key: &str, expected: &str) {
        if self.get(key).is_none() {
            self.lacks(sheet, key, expected);
        }
    }
}

/// What a person would call a value.
fn kind(value: &DeValue) -> String {
    match value {
        DeValue::String(text) => format!("the string {}", quote(text)),
        DeValue::Integer(number) => format!("the number {}", quote(number.as_str())),
        DeValue::Float(number) => format!("the number {}", quote(number.as_str())),
        DeValue::Boolean(yes) => format!("`{yes}`"),
        DeValue::Datetime(_) => "a date or time".to_owned(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a single table".to_owned(),
    }
}

/// Checks the writing of an id.
///
/// # Errors
/// A sentence that says how an id is written.
pub(super) fn check_id(id: &str) -> Result<(), String> {
    let fine = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if id.is_empty() || id.len() > LONGEST_ID || !id.bytes().all(fine) {
        return Err(format!("{} is no id: write 1 to {LONGEST_ID} of a-z, 0-9 and -", quote(id)));
    }
    Ok(())
}

/// The ids of one kind that have been seen, each with its byte.
#[derive(Default)]
pub(super) struct Ids<'a>(HashMap<&'a str, usize>);

impl<'a> Ids<'a> {
    /// Notes an id; and, where it is not the first of its name, that it is not.
    pub(super) fn add(&mut self, sheet: &mut Sheet, name: &str, id: At<&'a str>) {
        match self.0.get(id.value) {
            None => {
                self.0.insert(id.value, id.at);
            }
            Some(first) => {
                let line = sheet.line(*first);
                let message = format!("the {name} id {} is taken: it stands first on line {line}", quote(id.value));
                sheet.flaw(id.at, message);
            }
        }
    }

    /// The ids, sorted, so that one can be looked up and the nearest of equals is always the same.
    pub(super) fn sorted(&self) -> Vec<&'a str> {
        let mut ids: Vec<&str> = self.0.keys().copied().collect();
        ids.sort_unstable();
        ids
    }
}
