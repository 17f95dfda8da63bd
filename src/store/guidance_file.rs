//! The file of what is said after an answer: TOML in, checked [`Guidance`] or all its flaws out.
//!
//! A rule without a source, or one that would say what cannot be known, is a flaw.

use std::ops::Bound;

use super::entry::{Entry, Ids};
use super::flaw::FileFlaws;
use super::sheet::Sheet;
use crate::interview::Text;
use crate::speech::guidance::{Against, BUILT_IN, Condition, Guidance, Kind, Measure, Rule, Say};

const SCHEMA: u32 = 1;
const MOST_RULES: usize = 200;
const MOST_CONDITIONS: usize = 8;

const KEYS: [&str; 14] = [
    "id", "kind", "measure", "above", "from", "below", "up_to", "against", "and", "spoken_s", "place", "say", "method",
    "source",
];

/// What is built in.
///
/// # Errors
/// Everything that is wrong with it, which a test holds to be nothing.
pub fn built_in() -> Result<Guidance, FileFlaws> {
    parse_guidance("built-in guidance.toml", BUILT_IN)
}

/// Reads the text of a guidance file; `file` is its name in messages.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse_guidance(file: &str, text: &str) -> Result<Guidance, FileFlaws> {
    let (mut sheet, table) = Sheet::parse(text);
    let sheet_ref = &mut sheet;
    let root = Entry::root(&table);
    root.only(sheet_ref, &["schema", "rule"]);
    root.schema(sheet_ref, SCHEMA);
    let mut ids = Ids::default();
    let mut rules = Vec::new();
    let entries = root.entries(sheet_ref, "rule", "rule");
    for (index, entry) in entries.iter().enumerate() {
        if index == MOST_RULES {
            sheet_ref.flaw(entry.at, format!("too many rules: {}, at most {MOST_RULES}", entries.len()));
            break;
        }
        if sheet_ref.has_enough() {
            break;
        }
        if let Some(id) = entry.id(sheet_ref) {
            ids.add(sheet_ref, "rule", id);
        }
        rules.extend(rule(sheet_ref, entry));
    }
    sheet.close(file)?;
    Ok(Guidance { rules })
}

fn rule(sheet: &mut Sheet, entry: &Entry) -> Option<Rule> {
    entry.only(sheet, &KEYS);
    let id = entry.string(sheet, "id");
    entry.need(sheet, "kind", "\"keep\" or \"change\"");
    let kind = entry.word(sheet, "kind", &[("keep", Kind::Keep), ("change", Kind::Change)]);
    let when = condition(sheet, entry);
    let against = match entry.has("against") {
        true => entry.word(sheet, "against", &[("bounds", Against::Bounds), ("own", Against::Own)]),
        false => Some(Against::Bounds),
    };
    let conditions = entry.entries(sheet, "and", "condition");
    if conditions.len() > MOST_CONDITIONS {
        let count = conditions.len();
        sheet.flaw(entry.place("and"), format!("too many conditions: {count}, at most {MOST_CONDITIONS}"));
    }
    let mut and = Vec::new();
    for each in conditions.iter().take(MOST_CONDITIONS) {
        each.only(sheet, &["measure", "above", "from", "below", "up_to"]);
        and.extend(condition(sheet, each));
    }
    let spoken = entry.float(sheet, "spoken_s");
    if let Some(spoken) = spoken.filter(|spoken| spoken.value < 0.0) {
        sheet.flaw(spoken.at, format!("`spoken_s` in {} must be 0 or more", entry.what));
    }
    let spoken_s = spoken.map_or(0.0, |spoken| spoken.value);
    let measures = when.iter().chain(&and).map(|condition| condition.measure);
    if spoken_s <= 0.0 && !entry.has("spoken_s") && measures.into_iter().any(Measure::needs_speech) {
        sheet.lack(
            entry.at,
            format!("`spoken_s` is missing in {}: a rate of a few words is none, expected seconds", entry.what),
        );
    }
    let place = entry.word(sheet, "place", &Measure::NAMES);
    let say = say(sheet, entry, against);
    let method = entry.needed_text(sheet, "method");
    let source = entry.needed_text(sheet, "source");
    Some(Rule {
        id: id?.value.to_owned(),
        kind: kind?,
        when: when?,
        against: against?,
        and,
        spoken_s,
        place,
        say: say?,
        method: method?.value.to_string(),
        source: source?.value.to_string(),
    })
}

/// A measure and its bounds.
fn condition(sheet: &mut Sheet, entry: &Entry) -> Option<Condition> {
    entry.need(sheet, "measure", "the name of a measure");
    let measure = entry.word(sheet, "measure", &Measure::NAMES);
    let low = bound(sheet, entry, "above", "from");
    let high = bound(sheet, entry, "below", "up_to");
    match (low, high) {
        (Bound::Unbounded, Bound::Unbounded) => {
            sheet.lack(entry.at, format!("a bound is missing in {}: above, from, below or up_to", entry.what));
        }
        (Bound::Included(low) | Bound::Excluded(low), Bound::Included(high) | Bound::Excluded(high)) if low >= high => {
            sheet.flaw(entry.at, format!("no value lies from {low} to {high} in {}", entry.what));
        }
        _ => {}
    }
    Some(Condition { measure: measure?, low, high })
}

/// One side of the bounds, which has one of two names.
fn bound(sheet: &mut Sheet, entry: &Entry, without: &str, with: &str) -> Bound<f64> {
    let excluded = entry.float(sheet, without);
    let included = entry.float(sheet, with);
    match (excluded, included) {
        (Some(_), Some(included)) => {
            sheet.flaw(included.at, format!("`{without}` and `{with}` are both in {}: drop one", entry.what));
            Bound::Unbounded
        }
        (Some(bound), None) => Bound::Excluded(bound.value),
        (None, Some(bound)) => Bound::Included(bound.value),
        (None, None) => Bound::Unbounded,
    }
}

fn say(sheet: &mut Sheet, entry: &Entry, against: Option<Against>) -> Option<Say> {
    let text = entry.needed(sheet, "say")?;
    let clean = Text::clean(text.value);
    let say = match Say::parse(clean.as_str()) {
        Ok(say) => say,
        Err(reason) => {
            sheet.flaw(text.at, format!("`say` in {}: {reason}", entry.what));
            return None;
        }
    };
    if say.looks_back() && against == Some(Against::Bounds) {
        let what = &entry.what;
        sheet.flaw(text.at, format!("`say` in {what} speaks of earlier answers: that needs `against = \"own\"`"));
    }
    Some(say)
}

#[cfg(test)]
#[path = "guidance_file_tests.rs"]
mod tests;
