//! `stories.toml`: the candidate's own stories. Read whole or told what is wrong with it; changed so that what a person
//! wrote around the changed place stays as it is.

use std::io;
use std::path::{Path, PathBuf};

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, value};

use super::entry::{Entry, Ids, check_id};
use super::files;
use super::flaw::{FileFlaws, quote};
use super::home::Home;
use super::nearest::nearest;
use super::sheet::{Sheet, read_text};
use crate::interview::{Story, StoryKind, Text, text};

/// The name of the file, in the home.
pub const NAME: &str = "stories.toml";

const SCHEMA: u32 = 1;

/// More than this many are no stories to choose from.
const MOST_STORIES: usize = 200;

/// So many words may say what a story shows, and so many questions may be named.
const MOST_WORDS: usize = 100;

/// How the names of what is on its way into the place of the file begin.
const STAGED: &str = ".stories-";

/// What stands at the head of a new file.
const HEAD: &str = "\
# Your stories: what you did, so that an answer has something to tell.
# Three wins, two lessons and one change that you led carry most interviews.
#
#   kind       win, lesson or change
#   shows      what it shows: tags of questions (greenroom questions list), or words that stand in them
#   questions  ids of questions that it answers whatever their tags are
#   notes      what you want to remember of it
schema = 1
";

/// Why a story is not kept.
#[derive(Debug, thiserror::Error)]
pub enum StoryError {
    /// The file has flaws; it is never written over.
    #[error("{0}")]
    Flawed(FileFlaws),
    /// There is one with this id.
    #[error("there is a story `{id}` already: change it with `greenroom stories edit {id}`, or give --id another name")]
    Taken {
        /// The id.
        id: String,
    },
    /// There is none with this id.
    #[error("there is no story `{}`{}", Text::clean(id), near.as_ref().map_or(
        ": see `greenroom stories`".to_owned(), |near| format!(": did you mean `{near}`?")))]
    Unknown {
        /// The id.
        id: String,
        /// The one that was probably meant.
        near: Option<String>,
    },
    /// The story itself cannot stand in the file.
    #[error("{0}")]
    Unfit(String),
    /// The system refused.
    #[error("{}: {reason}; check who owns the folder, and the disk", text::path(path))]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
}

/// Where the stories of a home are.
pub fn path(home: &Home) -> PathBuf {
    home.root.join(NAME)
}

/// The stories of a home, in the order of the file; none where there is no file.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn load(home: &Home) -> Result<Vec<Story>, FileFlaws> {
    let path = path(home);
    match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        _ => check_file(&path),
    }
}

/// Reads one file of stories, wherever it is.
///
/// # Errors
/// Everything that is wrong with it.
pub fn check_file(path: &Path) -> Result<Vec<Story>, FileFlaws> {
    parse(&text::path(path).to_string(), &read_text(path)?)
}

/// Reads the text of a file of stories; `file` is its name in messages.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse(file: &str, text: &str) -> Result<Vec<Story>, FileFlaws> {
    let (mut sheet, table) = Sheet::parse(text);
    let root = Entry::root(&table);
    root.only(&mut sheet, &["schema", "story"]);
    root.schema(&mut sheet, SCHEMA);
    let mut ids = Ids::default();
    let mut stories = Vec::new();
    let entries = root.entries(&mut sheet, "story", "story");
    for (index, entry) in entries.iter().enumerate() {
        if index == MOST_STORIES {
            sheet.flaw(entry.at, format!("too many stories: {}, at most {MOST_STORIES}", entries.len()));
            break;
        }
        if sheet.has_enough() {
            break;
        }
        if let Some(id) = entry.id(&mut sheet) {
            ids.add(&mut sheet, "story", id);
        }
        stories.extend(story(&mut sheet, entry));
    }
    sheet.close(file)?;
    Ok(stories)
}

fn story(sheet: &mut Sheet, entry: &Entry) -> Option<Story> {
    entry.only(sheet, &["id", "title", "kind", "shows", "questions", "notes"]);
    entry.need(sheet, "kind", "win, lesson or change");
    let kind = entry.word(sheet, "kind", &StoryKind::ALL.map(|kind| (kind.word(), kind)));
    let title = entry.needed_text(sheet, "title");
    let notes = entry.text(sheet, "notes");
    let shows = words(sheet, entry, "shows", false);
    let questions = words(sheet, entry, "questions", true);
    let id = entry.string_or_none("id")?.to_owned();
    Some(Story { id, title: title?.value, kind: kind?, shows, questions, notes: notes.map(|notes| notes.value) })
}

/// A list of words, or of ids.
fn words(sheet: &mut Sheet, entry: &Entry, key: &str, ids: bool) -> Vec<String> {
    let mut words = Vec::new();
    for word in entry.strings(sheet, key) {
        let clean = Text::clean(word.value).to_string();
        if words.len() == MOST_WORDS {
            sheet.flaw(word.at, format!("`{key}` in {} is too long: at most {MOST_WORDS}", entry.what));
            break;
        }
        match check_id(word.value) {
            Err(reason) if ids => sheet.flaw(word.at, reason),
            _ if clean.is_empty() => sheet.flaw(word.at, format!("a word in `{key}` of {} is empty", entry.what)),
            _ => words.push(clean),
        }
    }
    words
}

/// Adds a story at the end of the file, which is made where it is missing.
///
/// # Errors
/// [`StoryError`]; then the file is as it was.
pub fn add(home: &Home, story: &Story) -> Result<(), StoryError> {
    change(home, |document, known| {
        if known.iter().any(|each| each.id == story.id) {
            return Err(StoryError::Taken { id: story.id.clone() });
        }
        let tables = tables(document);
        let mut table = Table::new();
        write(&mut table, story);
        table.decor_mut().set_prefix("\n");
        tables.push(table);
        Ok(())
    })
}

/// Puts a story in the place of the one that has its id.
///
/// # Errors
/// [`StoryError`]; then the file is as it was.
pub fn replace(home: &Home, story: &Story) -> Result<(), StoryError> {
    change(home, |document, known| {
        let at = find(known, &story.id)?;
        if let Some(table) = tables(document).get_mut(at) {
            write(table, story);
        }
        Ok(())
    })
}

/// Takes a story out of the file.
///
/// # Errors
/// [`StoryError`]; then the file is as it was.
pub fn remove(home: &Home, id: &str) -> Result<(), StoryError> {
    change(home, |document, known| {
        let at = find(known, id)?;
        tables(document).remove(at);
        Ok(())
    })
}

/// The story with this id.
///
/// # Errors
/// [`StoryError::Unknown`].
pub fn get<'s>(stories: &'s [Story], id: &str) -> Result<&'s Story, StoryError> {
    find(stories, id).map(|at| &stories[at])
}

fn find(stories: &[Story], id: &str) -> Result<usize, StoryError> {
    stories.iter().position(|each| each.id == id).ok_or_else(|| StoryError::Unknown {
        id: id.to_owned(),
        near: nearest(id, stories.iter().map(|each| each.id.as_str())).map(str::to_owned),
    })
}

fn tables(document: &mut DocumentMut) -> &mut ArrayOfTables {
    let item = document.as_table_mut().entry("story").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    // A list that was written in brackets is written as tables from now on; the stories in it are those that were read.
    if !item.is_array_of_tables() {
        let item = std::mem::take(item).into_array_of_tables();
        document["story"] = Item::ArrayOfTables(item.unwrap_or_default());
    }
    document["story"].as_array_of_tables_mut().expect("it was just made one")
}

/// Writes a story's keys, and leaves out what it does not have.
fn write(table: &mut Table, story: &Story) {
    let list = |words: &[String]| words.iter().map(String::as_str).collect::<Array>();
    let mut put = |key: &str, item: Option<Item>| match (item, table.get_mut(key)) {
        // What was written beside the value stays.
        (Some(new), Some(old)) if old.to_string().trim() == new.to_string().trim() => {}
        (Some(new), _) => {
            table.insert(key, new);
        }
        (None, _) => {
            table.remove(key);
        }
    };
    put("id", Some(value(&story.id)));
    put("title", Some(value(story.title.as_str())));
    put("kind", Some(value(story.kind.word())));
    put("shows", (!story.shows.is_empty()).then(|| value(list(&story.shows))));
    put("questions", (!story.questions.is_empty()).then(|| value(list(&story.questions))));
    put("notes", story.notes.as_ref().map(|notes| value(notes.as_str())));
}

fn change(
    home: &Home,
    change: impl FnOnce(&mut DocumentMut, &[Story]) -> Result<(), StoryError>,
) -> Result<(), StoryError> {
    let path = path(home);
    let failed = |reason| StoryError::Io { path: path.clone(), reason };
    let known = load(home).map_err(StoryError::Flawed)?;
    let old = if path.exists() { read_text(&path).map_err(StoryError::Flawed)? } else { HEAD.to_owned() };
    let unfit = |error: toml_edit::TomlError| StoryError::Unfit(format!("{}: {error}", text::path(&path)));
    let mut document: DocumentMut = old.parse().map_err(unfit)?;
    change(&mut document, &known)?;
    let new = document.to_string();
    // What is written is read first: a file that nobody could read again would be the end of all stories in it.
    parse("the story", &new).map_err(|flaws| {
        StoryError::Unfit(flaws.flaws.iter().map(|flaw| flaw.message.as_str()).collect::<Vec<_>>().join("\n"))
    })?;
    std::fs::create_dir_all(&home.root).map_err(failed)?;
    files::sweep(&home.root, STAGED);
    files::stage(&home.root, STAGED, new.as_bytes()).and_then(|staged| staged.replace(&home.root, NAME)).map_err(failed)
}

/// An id for a story that is called so.
///
/// # Errors
/// Where its name has nothing of which an id could be made.
pub fn id_of(title: &str) -> Result<String, String> {
    let letters: String =
        title.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let words = letters.split('-').filter(|word| !matches!(*word, "" | "a" | "an" | "the" | "my" | "our"));
    let mut id = String::new();
    for word in words.take(4) {
        if id.len() + word.len() >= 40 {
            break;
        }
        if !id.is_empty() {
            id.push('-');
        }
        id.push_str(word);
    }
    check_id(&id).map(|()| id).map_err(|_| format!("{} gives no id: name one with --id", quote(title)))
}

#[cfg(test)]
#[path = "story_file_tests.rs"]
mod tests;
