//! `greenroom stories`: the candidate's own, what each can carry, and how often it was told.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::cli::{Change, NewStory, Stories, StoriesWhat};
use super::failure::Usage;
use super::hint;
use super::library::Library;
use super::mended;
use super::print;
use super::report::SCHEMA;
use crate::interview::story::{Telling, too_often};
use crate::interview::{Bank, Story, StoryKind, Text, text};
use crate::store::home::Home;
use crate::store::ledger::Digest;
use crate::store::story_file::{self, StoryError};
use crate::store::tellings;

/// So many ids are told in a row.
const MOST_IDS: usize = 6;

/// Runs the command.
///
/// # Errors
/// Where a story does not exist or cannot be kept, or a file has mistakes.
pub fn run(options: &Stories, home: Option<&Path>) -> Result<()> {
    let library = Library::open(home)?;
    match &options.what {
        None => overview(&library, options),
        Some(StoriesWhat::Add(new)) => add(&library, new),
        Some(StoriesWhat::Show { id, bank, json }) => show(&library, bank.as_deref(), id, *json),
        Some(StoriesWhat::Edit { id, change }) => edit(&library, id, change),
        Some(StoriesWhat::Remove { id }) => {
            story_file::remove(&library.home, id).map_err(failure)?;
            print::line(format_args!("Removed {id}. What was recorded and noted of it stays."))?;
            Ok(())
        }
    }
}

/// An unknown story is a wrong word on the command line.
fn failure(error: StoryError) -> anyhow::Error {
    match error {
        error @ (StoryError::Unknown { .. } | StoryError::Taken { .. } | StoryError::Unfit(_)) => {
            Usage(error.to_string()).into()
        }
        error => error.into(),
    }
}

/// The story with this id.
///
/// # Errors
/// Where the file has mistakes, or there is none.
pub fn find(home: &Home, id: &str) -> Result<Story> {
    let stories = story_file::load(home)?;
    if stories.is_empty() {
        bail!(Usage("there are no stories yet: begin with `greenroom stories add`".to_owned()));
    }
    Ok(story_file::get(&stories, id).map_err(failure)?.clone())
}

fn add(library: &Library, new: &NewStory) -> Result<()> {
    let home = &library.home;
    let title = Text::clean(&new.title.join(" "));
    let id = match &new.id {
        Some(id) => id.clone(),
        None => story_file::id_of(title.as_str()).map_err(Usage)?,
    };
    let story = Story {
        id,
        title,
        kind: new.kind.into(),
        shows: cleaned(&new.shows),
        questions: cleaned(&new.question),
        notes: new.notes.as_deref().map(Text::clean),
    };
    story_file::add(home, &story).map_err(failure)?;
    unknown_questions(library, &story);
    print::line(format_args!("Kept {} in {}.", story.id, text::path(&story_file::path(home))))?;
    if story.shows.is_empty() && story.questions.is_empty() {
        print::line(format_args!(
            "Say what it shows, so that its questions are found: {}",
            hint::again(home, &format!("stories edit {} --shows reliability,leadership", story.id))
        ))?;
    }
    print::line(format_args!("Tell it aloud: {}", hint::again(home, &format!("rehearse --story {}", story.id))))?;
    Ok(())
}

fn edit(library: &Library, id: &str, change: &Change) -> Result<()> {
    let home = &library.home;
    let old = find(home, id)?;
    if change.is_empty() {
        bail!(Usage("nothing to change: give --title, --kind, --shows, --question or --notes".to_owned()));
    }
    let some = |new: &Option<String>| new.as_deref().map(Text::clean);
    let story = Story {
        id: old.id,
        title: some(&change.title).unwrap_or(old.title),
        kind: change.kind.map_or(old.kind, StoryKind::from),
        shows: if change.shows.is_empty() { old.shows } else { cleaned(&change.shows) },
        questions: if change.question.is_empty() { old.questions } else { cleaned(&change.question) },
        notes: some(&change.notes).or(old.notes).filter(|notes| !notes.is_empty()),
    };
    story_file::replace(home, &story).map_err(failure)?;
    unknown_questions(library, &story);
    print::line(format_args!("Changed {}.", story.id))?;
    Ok(())
}

/// Says which questions of a story no bank has; one may be imported later.
fn unknown_questions(library: &Library, story: &Story) {
    let banks: Vec<Bank> = library.banks.list().iter().filter_map(|entry| library.banks.get(&entry.id).ok()).collect();
    for id in story.questions.iter().filter(|id| banks.iter().all(|bank| bank.question(id).is_none())) {
        print::aside(format_args!("Note: no bank has a question `{id}` yet (see greenroom questions list)."));
    }
}

/// The words of a list; an empty word is none.
fn cleaned(words: &[String]) -> Vec<String> {
    words.iter().map(|word| Text::clean(word).to_string()).filter(|word| !word.is_empty()).collect()
}

/// What is known of a story.
struct Known<'s> {
    story: &'s Story,
    /// The ids of the questions that it can carry, the likeliest first.
    carries: Vec<String>,
    telling: Telling,
    often: bool,
}

fn known<'s>(stories: &'s [Story], bank: &Bank, tellings: &HashMap<String, Telling>) -> Vec<Known<'s>> {
    let all: u32 = stories.iter().filter_map(|story| tellings.get(&story.id)).map(|telling| telling.times).sum();
    let each = |story: &'s Story| {
        let telling = tellings.get(&story.id).cloned().unwrap_or_default();
        let often = too_often(telling.times, all, stories.len());
        Known { story, carries: carried(story, bank), telling, often }
    };
    stories.iter().map(each).collect()
}

/// The ids of the questions that a story can carry, the likeliest first.
pub fn carried(story: &Story, bank: &Bank) -> Vec<String> {
    let fits = bank.questions.iter().map(|question| (story.fit(question), question));
    let mut fits: Vec<_> = fits.filter(|(fit, _)| *fit > 0).collect();
    fits.sort_by_key(|(fit, _)| std::cmp::Reverse(*fit));
    fits.into_iter().map(|(_, question)| question.id.clone()).collect()
}

/// The candidate's stories beside a bank, in numbers.
pub struct Summary {
    /// How many there are.
    pub count: usize,
    /// The ids of those that were not told aloud yet.
    pub untold: Vec<String>,
    /// The ids of those that were told more often than the others.
    pub too_often: Vec<String>,
    /// How many questions of the bank none of them carries.
    pub without: usize,
}

/// Sums stories up.
pub fn summary(stories: &[Story], bank: &Bank, digests: &[Digest]) -> Summary {
    let known = known(stories, bank, &tellings::of(digests));
    let ids = |wanted: fn(&Known) -> bool| {
        known.iter().filter(|known| wanted(known)).map(|known| known.story.id.clone()).collect()
    };
    Summary {
        count: stories.len(),
        untold: ids(|known| known.telling.times == 0),
        too_often: ids(|known| known.often),
        without: without(stories, bank).len(),
    }
}

/// The ids of the questions that no story carries.
fn without<'b>(stories: &[Story], bank: &'b Bank) -> Vec<&'b str> {
    let none = bank.questions.iter().filter(|question| stories.iter().all(|story| story.fit(question) == 0));
    none.map(|question| question.id.as_str()).collect()
}

/// How many stories a candidate should bring.
pub fn wanted() -> usize {
    StoryKind::ALL.iter().map(|kind| kind.wanted()).sum()
}

fn overview(library: &Library, options: &Stories) -> Result<()> {
    let stories = story_file::load(&library.home)?;
    let bank = library.bank(options.bank.as_deref())?;
    let tellings = tellings::of(&mended::all(&library.home)?.digests);
    let known = known(&stories, &bank, &tellings);
    let without = without(&stories, &bank);
    if options.json {
        let told: Vec<Value> = known.iter().map(in_json).collect();
        return print::json(&json!({
            "schema": SCHEMA,
            "bank": bank.id,
            "stories": told,
            "wanted": StoryKind::ALL.map(|kind| json!({ "kind": kind.word(), "have": count(&stories, kind), "of": kind.wanted() })),
            "questions_without": without,
        }));
    }
    if stories.is_empty() {
        print::line("No stories yet. Three wins, two lessons and one change that you led carry most interviews.")?;
        print::line("Begin with one that you would tell a friend:")?;
        let add =
            hint::again(&library.home, "stories add The payments rewrite --kind win --shows migration,reliability");
        print::line(format_args!("  {add}"))?;
        return Ok(());
    }
    print::line(bring(&stories))?;
    for each in &known {
        print::line("")?;
        for line in lines(each, &bank, &library.home) {
            print::line(line)?;
        }
    }
    print::line("")?;
    match without.len() {
        0 => print::line(format_args!("Every question of {} has a story.", bank.id))?,
        count => {
            let all = bank.questions.len();
            let verb = if count == 1 { "has" } else { "have" };
            print::line(format_args!(
                "{count} of the {all} questions of {} {verb} no story: {}",
                bank.id,
                some(&without)
            ))?;
        }
    }
    Ok(())
}

fn count(stories: &[Story], kind: StoryKind) -> usize {
    stories.iter().filter(|story| story.kind == kind).count()
}

/// What there is beside what a candidate should bring.
fn bring(stories: &[Story]) -> String {
    let each = StoryKind::ALL.map(|kind| {
        let (have, of) = (count(stories, kind), kind.wanted());
        let plural = if of == 1 { "" } else { "s" };
        format!("{have} of {of} {}{plural}", kind.word())
    });
    let lacks = StoryKind::ALL.iter().any(|kind| count(stories, *kind) < kind.wanted());
    format!("{}{}", each.join(", "), if lacks { ": bring the rest before the interview." } else { "." })
}

/// A story in a few lines.
fn lines(known: &Known, bank: &Bank, home: &Home) -> Vec<String> {
    let story = known.story;
    let shows = if story.shows.is_empty() { String::new() } else { format!(", shows {}", story.shows.join(", ")) };
    let mut lines = vec![format!("{}  {} ({}{shows})", story.id, story.title, story.kind.word())];
    lines.push(match known.carries.len() {
        0 => {
            let edit = hint::again(home, &format!("stories edit {} --shows …", story.id));
            format!("  carries no question of {}: say what it shows with {edit}", bank.id)
        }
        1 => format!("  carries 1 question: {}", known.carries[0]),
        count => {
            let ids: Vec<&str> = known.carries.iter().map(String::as_str).collect();
            format!("  carries {count} questions: {}", some(&ids))
        }
    });
    let telling = &known.telling;
    let told = match (telling.times, &telling.last) {
        (0, _) => format!("  not told aloud yet: {}", hint::again(home, &format!("rehearse --story {}", story.id))),
        (1, last) => format!("  told once, on {}", last.as_deref().unwrap_or("an unknown day")),
        (times, last) => {
            let questions = telling.questions.len();
            let at = if questions == 1 { "the same question" } else { &format!("{questions} questions") };
            format!("  told {times} times, at {at}, last on {}", last.as_deref().unwrap_or("an unknown day"))
        }
    };
    lines.push(if known.often { format!("{told}; more often than the others: tell another") } else { told });
    lines.extend(story.notes.as_ref().map(|notes| format!("  {notes}")));
    lines
}

/// The first of some ids.
fn some(ids: &[&str]) -> String {
    let shown = ids[..ids.len().min(MOST_IDS)].join(", ");
    match ids.len().saturating_sub(MOST_IDS) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn in_json(known: &Known) -> Value {
    let Known { story, carries, telling, often } = known;
    json!({
        "id": story.id,
        "title": story.title.as_str(),
        "kind": story.kind.word(),
        "shows": story.shows,
        "questions": story.questions,
        "notes": story.notes.as_ref().map(Text::as_str),
        "carries": carries,
        "told": telling.times,
        "told_last": telling.last,
        "told_at": telling.questions,
        "too_often": often,
    })
}

fn show(library: &Library, bank: Option<&str>, id: &str, as_json: bool) -> Result<()> {
    let stories = story_file::load(&library.home)?;
    find(&library.home, id)?;
    let bank = library.bank(bank)?;
    let tellings = tellings::of(&mended::all(&library.home)?.digests);
    let known = known(&stories, &bank, &tellings);
    let Some(one) = known.iter().find(|known| known.story.id == id) else { return Ok(()) };
    if as_json {
        let mut value = in_json(one);
        value["schema"] = json!(SCHEMA);
        value["bank"] = json!(bank.id);
        return print::json(&value);
    }
    for line in lines(one, &bank, &library.home) {
        print::line(line)?;
    }
    print::line("")?;
    for id in &one.carries {
        if let Some(question) = bank.question(id) {
            print::line(format_args!("  {:<32} {}", question.id, question.prompt))?;
        }
    }
    Ok(())
}
