//! The file of a panel: TOML in, a checked [`Panel`] or all its flaws out.
//!
//! What a panel names must be there, and what it promises must be possible; how it runs is not known here.

mod blocks;
mod people;

use std::ops::RangeInclusive;
use std::time::Duration;

use super::banks::BankError;
use super::entry::{At, Entry, check_id};
use super::flaw::{FileFlaws, quote};
use super::nearest::hint;
use super::sheet::Sheet;
use crate::interview::panel::{Closing, DropFirst, LONGEST_SESSION, MOST_FOLLOW_UPS, OWN_QUESTIONS, Panel, needs};
use crate::interview::text::LONGEST;
use crate::interview::time::show_duration;
use crate::interview::{Bank, Format, Text, Timing};

const SCHEMA: u32 = 1;
/// A minute to half a working day.
const LENGTHS: RangeInclusive<Duration> = Duration::from_secs(60)..=LONGEST_SESSION;
const ANSWERS: RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_secs(60 * 60);
const CLOSINGS: RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_secs(60 * 60);
const USUAL_CLOSING: Duration = Duration::from_secs(2 * 60);
/// From which share of silence on, in percent, an answer may be called hesitant.
const HESITANT: RangeInclusive<u32> = 10..=90;
const USUALLY_HESITANT: u32 = 45;
/// The shortest answer is this part of the format's limit, where the panel does not say.
const SHORTEST_PART: u32 = 3;
/// A minute and a half of welcome, or of farewell.
const MOST_WORDS: usize = 200;

/// Where banks are had by their ids.
pub type Lookup<'l> = &'l dyn Fn(&str) -> Result<Bank, BankError>;

/// Reads the text of a panel; `file` is its name in messages, `formats` and `banks` are those that it may name.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse_panel(file: &str, text: &str, formats: &[Format], banks: Lookup) -> Result<Panel, FileFlaws> {
    parse_named(file, text, formats, banks).1
}

/// As [`parse_panel`], with the id that the text gives itself, however flawed the rest may be.
pub(super) fn parse_named(
    file: &str,
    text: &str,
    formats: &[Format],
    banks: Lookup,
) -> (Option<String>, Result<Panel, FileFlaws>) {
    let (mut sheet, table) = Sheet::parse(text);
    let panel = panel(&mut sheet, &Entry::root(&table), formats, banks);
    let id = check_id(&panel.id).is_ok().then(|| panel.id.clone());
    (id, sheet.close(file).map(|()| panel))
}

/// Which of the files of a home a text seems to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It has panelists, or parts of a session.
    Panel,
    /// It has questions.
    Bank,
    /// It has neither.
    Unknown,
}

/// Looks whether a text is a panel or a bank, and where it shows that.
pub(super) fn kind(text: &str) -> (Kind, (usize, usize)) {
    let (sheet, table) = Sheet::parse(text);
    let root = Entry::root(&table);
    let found = [("panelist", Kind::Panel), ("block", Kind::Panel), ("question", Kind::Bank)];
    match found.into_iter().find(|(key, _)| root.has(key)) {
        Some((key, kind)) => (kind, sheet.spot(root.place(key))),
        None => (Kind::Unknown, (1, 1)),
    }
}

/// Reads a panel as far as it can be read; whether it may be used, the sheet says.
fn panel(sheet: &mut Sheet, root: &Entry, formats: &[Format], banks: Lookup) -> Panel {
    const KEYS: [&str; 14] = [
        "schema",
        "id",
        "title",
        "bank",
        "format",
        "length",
        "shortest",
        "drop_first",
        "follow_ups",
        "hesitant",
        "panelist",
        "opening",
        "block",
        "closing",
    ];
    root.only(sheet, &KEYS);
    root.schema(sheet, SCHEMA);
    let id = root.id(sheet);
    let title = root.needed_text(sheet, "title");
    let bank = bank(sheet, root, banks);
    let format = format(sheet, root, formats);
    root.need(sheet, "length", "a duration such as \"60m\"");
    let length = root.span(sheet, "length", LENGTHS);
    let limit = format.and_then(|format| format.timing.limit);
    let shortest = shortest(sheet, root, limit);
    let drops = [("follow-ups", DropFirst::FollowUps), ("questions", DropFirst::Questions)];
    let drop_first = root.word(sheet, "drop_first", &drops);
    let follow_ups = root.number(sheet, "follow_ups", 0..=MOST_FOLLOW_UPS);
    let hesitant = root.number(sheet, "hesitant", HESITANT);
    let people = people::read(sheet, root, bank.as_ref());
    let closing = closing(sheet, root);
    let mut panel = Panel {
        id: id.map(|id| id.value.to_owned()).unwrap_or_default(),
        title: title.map(|title| title.value).unwrap_or_default(),
        bank: bank.as_ref().map(|bank| bank.id.clone()).unwrap_or_default(),
        format: format.map(|format| format.id.clone()).unwrap_or_default(),
        timing: timing(format),
        length: length.map(|length| length.value).unwrap_or_default(),
        shortest,
        drop_first: drop_first.unwrap_or(DropFirst::FollowUps),
        follow_ups: follow_ups.map_or(MOST_FOLLOW_UPS, |number| number.value),
        hesitant: hesitant.map_or(USUALLY_HESITANT, |percent| percent.value),
        chair: people.chair,
        panelists: people.panelists,
        welcome: welcome(sheet, root),
        blocks: Vec::new(),
        closing,
    };
    let known = blocks::Known { ids: &people.ids, bank: bank.as_ref() };
    let notes = blocks::read(sheet, root, &known, &mut panel);
    // A block whose panelist is not on the panel may be meant for anyone.
    if notes.people_known {
        people::all_speak(sheet, &people.places, &panel);
    }
    if let (Some(_), Some(length)) = (format, length) {
        closes(sheet, root, &panel, length.at);
        if let Some(bank) = bank.as_ref().filter(|_| notes.sound) {
            blocks::fits(sheet, &notes, &mut panel, bank, length.at);
        }
    }
    panel
}

/// The bank, where there is one without flaws.
fn bank(sheet: &mut Sheet, root: &Entry, banks: Lookup) -> Option<Bank> {
    let At { at, value: id } = root.needed(sheet, "bank")?;
    let message = match banks(id) {
        Ok(bank) if bank.question(OWN_QUESTIONS).is_none() => return Some(bank),
        Ok(_) => format!(
            "the bank {} has a question `{OWN_QUESTIONS}`, which is the name of the candidate's own questions: rename it",
            quote(id)
        ),
        Err(BankError::Unknown { known, .. }) => {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            format!("unknown bank {}: {}", quote(id), hint(id, &known))
        }
        Err(BankError::Flawed(flaws)) => {
            let first = flaws.flaws.first().map(|flaw| format!(" (line {}: {})", flaw.line, flaw.message));
            let file = quote(&flaws.file);
            let first: String = first.unwrap_or_default().chars().take(LONGEST / 10).collect();
            format!("the bank {} has mistakes{first}: mend {file}; `greenroom questions check` lists them", quote(id))
        }
    };
    sheet.flaw(at, message);
    None
}

/// The format, where it has the times that a panel needs.
fn format<'f>(sheet: &mut Sheet, root: &Entry, formats: &'f [Format]) -> Option<&'f Format> {
    let At { at, value: id } = root.needed(sheet, "format")?;
    let fits = |format: &Format| format.timing.prep.is_some() && format.timing.limit.is_some();
    let fitting: Vec<&str> = formats.iter().filter(|format| fits(format)).map(|format| format.id.as_str()).collect();
    match formats.iter().find(|format| format.id == id) {
        None => {
            sheet.flaw(at, format!("unknown format {}: {}", quote(id), hint(id, &fitting)));
            None
        }
        Some(format) if !fits(format) => {
            let fitting: Vec<String> = fitting.iter().take(12).map(|id| quote(id)).collect();
            let message = format!(
                "the format {} leaves the time to the candidate, and a panel needs one with a prep time and a limit: {}",
                quote(id),
                fitting.join(", ")
            );
            sheet.flaw(at, message);
            None
        }
        found => found,
    }
}

/// The times of a format in a panel, which asks nothing twice.
fn timing(format: Option<&Format>) -> Timing {
    let none = Timing { prep: None, limit: None, warn: None, retakes: None, gap: Duration::ZERO };
    Timing { retakes: Some(0), ..format.map_or(none, |format| format.timing) }
}

fn shortest(sheet: &mut Sheet, root: &Entry, limit: Option<Duration>) -> Duration {
    let given = root.span(sheet, "shortest", ANSWERS);
    if let (Some(At { at, value }), Some(limit)) = (given, limit)
        && value > limit
    {
        let (value, limit) = (show_duration(value), show_duration(limit));
        sheet.lack(at, format!("`shortest` is {value}, longer than an answer may be: {limit} by the format"));
    }
    given.map_or(limit.unwrap_or_default() / SHORTEST_PART, |given| given.value)
}

fn welcome(sheet: &mut Sheet, root: &Entry) -> Option<Text> {
    let opening = root.table(sheet, "opening", "[opening]")?;
    opening.only(sheet, &["welcome"]);
    remark(sheet, &opening, "welcome")
}

fn closing(sheet: &mut Sheet, root: &Entry) -> Closing {
    let mut closing = Closing { time: USUAL_CLOSING, own_questions: true, farewell: None };
    let Some(entry) = root.table(sheet, "closing", "[closing]") else { return closing };
    entry.only(sheet, &["time", "own_questions", "farewell"]);
    let time = entry.span(sheet, "time", CLOSINGS);
    closing.own_questions = entry.flag(sheet, "own_questions").is_none_or(|yes| yes.value);
    closing.farewell = remark(sheet, &entry, "farewell");
    closing.time = time.map_or(closing.time, |time| time.value);
    closing
}

/// Notes a closing that is too short for what is said in it; `at` is the byte of the length, whose part it is.
fn closes(sheet: &mut Sheet, root: &Entry, panel: &Panel, at: usize) {
    let least = needs::least_closing(panel);
    if panel.closing.time < least {
        let at = root.table(sheet, "closing", "[closing]").map_or(at, |entry| entry.place("time"));
        let (time, least) = (show_duration(panel.closing.time), seconds_up(least));
        sheet.lack(at, format!("the closing has {time}, and what is said in it takes about {least}: give it that"));
    }
}

/// What the chair says in the panel's own words.
fn remark(sheet: &mut Sheet, entry: &Entry, key: &str) -> Option<Text> {
    let At { at, value } = entry.text(sheet, key)?;
    let words = value.words();
    if words > MOST_WORDS {
        sheet.flaw(at, format!("`{key}` in {} is too long: {words} words, at most {MOST_WORDS}", entry.what));
    }
    Some(value)
}

/// A duration that is at least this one, written in whole seconds.
fn seconds_up(duration: Duration) -> String {
    show_duration(Duration::from_secs(duration.as_secs() + u64::from(duration.subsec_nanos() > 0)))
}
