//! The file of timing presets: `formats.toml`.

use std::path::Path;
use std::time::Duration;

use super::entry::{At, Entry, Ids};
use super::flaw::FileFlaws;
use super::home::Home;
use super::sheet::{Sheet, read_text};
use crate::interview::format::LONGEST_TAKE;
use crate::interview::text;
use crate::interview::time::show_duration;
use crate::interview::{Format, Text, Timing};

/// The name of the file, beside the banks.
pub const NAME: &str = "formats.toml";

const BUILT_IN: &str = include_str!("../../questions/formats.toml");
const SCHEMA: u32 = 1;
const SHORTEST_TAKE: Duration = Duration::from_secs(1);
const USUAL_GAP: Duration = Duration::from_secs(3);
const MOST_FORMATS: usize = 1_000;
const MOST_RETAKES: u32 = 99;

/// The formats that there are: the built-in ones, and those of the user, which replace built-in ones of the same id.
///
/// # Errors
/// What is wrong with the user's file.
pub fn formats(home: Option<&Home>) -> Result<Vec<Format>, FileFlaws> {
    let mut formats = parse_formats("built-in formats.toml", BUILT_IN)?;
    let own = home.map(|home| home.questions().join(NAME)).filter(|path| path.symlink_metadata().is_ok());
    if let Some(path) = own {
        for format in check_file(&path)? {
            match formats.iter_mut().find(|each| each.id == format.id) {
                Some(old) => *old = format,
                None => formats.push(format),
            }
        }
    }
    Ok(formats)
}

/// Reads one formats file, wherever it is.
///
/// # Errors
/// Everything that is wrong with it.
pub fn check_file(path: &Path) -> Result<Vec<Format>, FileFlaws> {
    parse_formats(&text::path(path).to_string(), &read_text(path)?)
}

/// Reads the text of a formats file; `file` is its name in messages.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse_formats(file: &str, text: &str) -> Result<Vec<Format>, FileFlaws> {
    let (mut sheet, table) = Sheet::parse(text);
    let sheet_ref = &mut sheet;
    let root = Entry::root(&table);
    root.only(sheet_ref, &["schema", "format"]);
    root.schema(sheet_ref, SCHEMA);
    let mut ids = Ids::default();
    let mut formats = Vec::new();
    let entries = root.entries(sheet_ref, "format", "format");
    for (index, entry) in entries.iter().enumerate() {
        if index == MOST_FORMATS {
            sheet_ref.flaw(entry.at, format!("too many formats: {}, at most {MOST_FORMATS}", entries.len()));
            break;
        }
        if sheet_ref.has_enough() {
            break;
        }
        if let Some(id) = entry.id(sheet_ref) {
            ids.add(sheet_ref, "format", id);
        }
        formats.extend(format(sheet_ref, entry));
    }
    sheet.close(file)?;
    Ok(formats)
}

fn format(sheet: &mut Sheet, entry: &Entry) -> Option<Format> {
    entry.only(sheet, &["id", "title", "prep", "limit", "warn", "retakes", "gap"]);
    let id = entry.string(sheet, "id");
    let title = entry.needed_text(sheet, "title");
    entry.need(sheet, "prep", "a duration or \"none\"");
    entry.need(sheet, "limit", "a duration or \"none\"");
    let prep = bounded(sheet, entry, "prep", Duration::ZERO);
    let limit = bounded(sheet, entry, "limit", SHORTEST_TAKE);
    let warn = bounded(sheet, entry, "warn", Duration::ZERO);
    let gap = bounded(sheet, entry, "gap", Duration::ZERO);
    let retakes = entry.count_or(sheet, "retakes", MOST_RETAKES, "free");
    if let (Some(At { at, value: Some(warn) }), Some(At { value: limit, .. })) = (warn, limit) {
        match limit {
            None => sheet.flaw(at, format!("`warn` in {} needs a limit to warn of: leave it out", entry.what)),
            Some(limit) if warn >= limit => {
                let limit = show_duration(limit);
                sheet.flaw(at, format!("`warn` in {} must be shorter than its limit, {limit}", entry.what));
            }
            Some(_) => {}
        }
    }
    let timing = Timing {
        prep: prep?.value,
        limit: limit?.value,
        warn: warn.and_then(|warn| warn.value),
        retakes: retakes?,
        gap: gap.map_or(USUAL_GAP, |gap| gap.value.unwrap_or(Duration::ZERO)),
    };
    Some(Format { id: id?.value.to_owned(), title: title.map_or_else(Text::default, |title| title.value), timing })
}

/// A duration from `least` to [`LONGEST_TAKE`].
fn bounded(sheet: &mut Sheet, entry: &Entry, key: &str, least: Duration) -> Option<At<Option<Duration>>> {
    let found = entry.duration(sheet, key)?;
    if found.value.is_some_and(|duration| duration < least || duration > LONGEST_TAKE) {
        let (least, most) = (show_duration(least), show_duration(LONGEST_TAKE));
        sheet.flaw(found.at, format!("`{key}` in {} must be from {least} to {most}", entry.what));
    }
    Some(found)
}
