//! `greenroom questions import`.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::cli::Import;
use super::failure::Usage;
use super::import_report::{Kept, Told, tell};
use super::library::Library;
use crate::import::decode::LARGEST;
use crate::import::{Draft, Earlier, Form, Reading, draft, names, read};
use crate::interview::{Bank, Text, text};
use crate::store::bank_file::parse_bank;
use crate::store::bank_writer;
use crate::store::banks::Source;
use crate::store::flaw::FileFlaws;
use crate::store::imports::{self, ImportError, Imported, ORIGIN};
use crate::store::panels::Panels;

/// More points than these are proposed for no question.
const MOST_POINTS: usize = 5;
/// What standard input is called.
const INPUT: &str = "-";

/// Runs the command.
///
/// # Errors
/// Where the file cannot be read, no question is in it, or nothing may be written.
pub fn run(options: &Import, home: Option<&Path>) -> Result<()> {
    if let Some(id) = options.id.as_deref().filter(|id| !names::is_id(id)) {
        let near = names::short(id, names::LONGEST);
        let near = if near.is_empty() { String::new() } else { format!(": try `{near}`") };
        bail!(Usage(format!("`{}` is no id: ids are 1 to 64 of a-z, 0-9 and -{near}", Text::clean(id))));
    }
    let library = Library::open(home)?;
    let (name, bytes) = source(&options.file)?;
    let shown = Text::clean(&name);
    let reading = read(&name, &bytes).with_context(|| format!("{shown} cannot be imported"))?;
    match reading.form {
        Form::Toml => own_bank(options, &library, &name, &reading),
        _ => outlined(options, &library, &name, &reading),
    }
}

/// The name of a file, and what is in it.
fn source(file: &Path) -> Result<(String, Vec<u8>)> {
    let most = LARGEST as u64;
    if file.as_os_str() == INPUT {
        let mut bytes = Vec::new();
        let input = std::io::stdin().lock();
        input.take(most + 1).read_to_end(&mut bytes).context("standard input cannot be read")?;
        return Ok((INPUT.to_owned(), bytes));
    }
    // One byte more than is read says that there is too much; the error has the words for it.
    let bytes = imports::source(file, most)?;
    let name = file.file_name().map(|name| Text::clean(&name.to_string_lossy()).to_string()).unwrap_or_default();
    Ok((name, bytes))
}

/// Imports what was understood of a file.
fn outlined(options: &Import, library: &Library, name: &str, reading: &Reading) -> Result<()> {
    let outline = &reading.outline;
    if outline.items.is_empty() {
        bail!(nothing(name, reading));
    }
    let found = outline.title.clone().filter(|title| !Text::clean(title).is_empty());
    let own = found.unwrap_or_else(|| titled(name));
    let asked = options.title.as_ref().map(|title| Text::clean(&title.chars().take(text::LONGEST).collect::<String>()));
    let asked = asked.filter(|title| !title.is_empty());
    let id = id(options, library, outline.id.as_deref(), name, options.title.as_deref().unwrap_or(&own))?;
    let earlier = earlier(library, &id)?;
    let known = earlier.as_ref().map(|earlier| Earlier {
        now: &earlier.now,
        written: Some(&earlier.written),
        before: &earlier.before,
    });
    let Some(mut draft) = draft(outline, &id, &own, known) else {
        bail!(nothing(name, reading));
    };
    if let Some(earlier) = &earlier {
        same_source(earlier, &draft, name, &id, &imports::path(&library.home, &id))?;
    }
    // The title that the file gives is noted; one that was asked for is the person's own, and stays.
    if let Some(title) = asked {
        draft.bank.title = title;
    }
    let written = fitted(&mut draft, name, &id);
    if written.questions < draft.bank.questions.len() {
        let text = format!(
            "{} questions found no room in a bank, whose file has 2 MiB at most: make it several files",
            draft.bank.questions.len() - written.questions
        );
        let first =
            draft.bank.questions[written.questions..].first().and_then(|question| draft.lines.get(&question.id));
        draft.left_out.push(crate::import::Remark { line: first.copied().unwrap_or(1), text });
        draft.bank.questions.truncate(written.questions);
        let there: std::collections::HashSet<&str> =
            draft.bank.questions.iter().map(|question| question.id.as_str()).collect();
        for ids in [&mut draft.changes.added, &mut draft.changes.back, &mut draft.changes.edited] {
            ids.retain(|id| there.contains(id.as_str()));
        }
    }
    let record = bank_writer::write(&draft.written, &head(name, &id)).text;
    // What is written must be read again by everything else: better no bank than a flawed one.
    let again = parse_bank(&format!("{id}.toml"), &written.text, library.banks.formats())?;
    if again.questions.len() != draft.bank.questions.len() {
        bail!("the bank of {} cannot be written as it was understood; nothing was changed", Text::clean(name));
    }
    let is_same = earlier
        .as_ref()
        .is_some_and(|earlier| earlier.now.questions == again.questions && same_head(&earlier.now, &again));
    let path = imports::path(&library.home, &id);
    let kept = if options.dry_run {
        Kept::Nowhere(path)
    } else if is_same {
        Kept::Unchanged(path)
    } else {
        let replaced = earlier.as_ref().map(|earlier| earlier.text.as_str());
        let copy = imports::keep(&library.home, &id, &written.text, &record, replaced)?;
        Kept::Written { path, copy }
    };
    if let (Kept::Unchanged(_), Some(earlier), false) = (&kept, &earlier, options.dry_run)
        && earlier.written != draft.written
    {
        // The bank has its own words where the file has new ones: only what the file says now is noted.
        imports::keep(&library.home, &id, &earlier.text, &record, Some(&earlier.text))?;
    }
    let changes = earlier.is_some().then_some(&draft.changes);
    tell(
        &Told {
            name,
            reading,
            bank: &draft.bank,
            draft: Some(&draft),
            changes,
            kept: &kept,
            given: options.file.as_path(),
            home: &library.home,
        },
        options.json,
    )
}

/// The bank as text; where it is too large, proposed points give way before questions do.
fn fitted(draft: &mut Draft, name: &str, id: &str) -> bank_writer::Written {
    let mut written = bank_writer::write(&draft.bank, &head(name, id));
    let mut gone = 0;
    for most in (0..MOST_POINTS).rev() {
        if written.questions == draft.bank.questions.len() {
            break;
        }
        let fewer = draft.keep_points(most);
        if fewer > 0 {
            gone += fewer;
            written = bank_writer::write(&draft.bank, &head(name, id));
        }
    }
    if gone > 0 {
        let text = format!("{gone} reference points were not proposed: the questions need the room of the file");
        draft.unsure.push(crate::import::Remark { line: 1, text });
    }
    written
}

/// What an earlier import made of the bank, and what a person made of it since.
fn earlier(library: &Library, id: &str) -> Result<Option<Imported>> {
    imports::find(&library.home, id, library.banks.formats()).map_err(|error| match error {
        ImportError::Flawed(flaws) => {
            let count = flaws.flaws.len();
            super::print::aside(flaws);
            let what = if count == 1 { "this mistake" } else { "these mistakes" };
            anyhow::anyhow!(
                "the bank `{id}` has {what}, so that nobody can tell what you changed in it; nothing was imported. Mend {}, or \
                 import into another bank with --id",
                text::path(&imports::path(&library.home, id))
            )
        }
        other => other.into(),
    })
}

fn same_head(one: &Bank, other: &Bank) -> bool {
    one.title == other.title && one.language == other.language && one.sections == other.sections
}

/// Imports a bank of greenroom's own form: whole, with its comments.
fn own_bank(options: &Import, library: &Library, name: &str, reading: &Reading) -> Result<()> {
    if let Some(flaws) = Panels::taken_for_a_bank(&options.file) {
        return Err(flawed(name, flaws));
    }
    let mut bank = parse_bank(&Text::clean(name).to_string(), &reading.text, library.banks.formats())
        .map_err(|flaws| flawed(name, flaws))?;
    let id = match &options.id {
        Some(id) => id.clone(),
        None => id(options, library, Some(&bank.id), name, bank.title.as_str())?,
    };
    taken(library, &id)?;
    let as_it_is = id == bank.id && options.title.is_none();
    bank.id.clone_from(&id);
    if let Some(title) = &options.title {
        bank.title = Text::clean(title);
    }
    let text = if as_it_is {
        reading.text.trim_start_matches('\u{feff}').to_owned()
    } else {
        bank_writer::write(&bank, &head(name, &id)).text
    };
    let record = bank_writer::write(&bank, &head(name, &id)).text;
    let path = imports::path(&library.home, &id);
    let kept = match there(library, &id, &text)? {
        _ if options.dry_run => Kept::Nowhere(path),
        There::Same => Kept::Unchanged(path),
        There::Nothing => Kept::Written { path, copy: imports::keep(&library.home, &id, &text, &record, None)? },
        There::Untouched(before) => {
            Kept::Written { path, copy: imports::keep(&library.home, &id, &text, &record, Some(&before))? }
        }
    };
    tell(
        &Told {
            name,
            reading,
            bank: &bank,
            draft: None,
            changes: None,
            kept: &kept,
            given: options.file.as_path(),
            home: &library.home,
        },
        options.json,
    )
}

/// What stands where a bank of greenroom's own form is to go.
enum There {
    Nothing,
    /// The same text.
    Same,
    /// What an import wrote, and nobody changed since.
    Untouched(String),
}

fn there(library: &Library, id: &str, text: &str) -> Result<There> {
    let path = imports::path(&library.home, id);
    if imports::source(&path, LARGEST as u64).is_ok_and(|there| there == text.as_bytes()) {
        return Ok(There::Same);
    }
    match earlier(library, id)? {
        None => Ok(There::Nothing),
        Some(earlier) if earlier.now == earlier.written => Ok(There::Untouched(earlier.text)),
        Some(_) => bail!(
            "{} was edited since it was imported: give another id with --id, or move that file away",
            text::path(&path)
        ),
    }
}

/// Every flaw of a bank, a line each.
fn flawed(name: &str, flaws: FileFlaws) -> anyhow::Error {
    let count = flaws.flaws.len();
    super::print::aside(flaws);
    let many = if count == 1 { "mistake" } else { "mistakes" };
    anyhow::anyhow!("{} has {count} {many}; nothing was imported", Text::clean(name))
}

/// The id of the bank: as it was asked for, as the file gives it, or by the name of the file.
fn id(options: &Import, library: &Library, own: Option<&str>, name: &str, title: &str) -> Result<String> {
    let chosen = match &options.id {
        Some(id) => id.clone(),
        None => {
            let stem = if name == INPUT { "" } else { stem(name) };
            let stem = names::short(stem, names::LONGEST);
            let own = own.map(|own| names::short(own, names::LONGEST)).filter(|own| !own.is_empty());
            // A title that was asked for, and names that programs give, say more of it than "page.html".
            let by_title = names::short(title, names::LONGEST);
            let by_name = Some(stem).filter(|stem| !stem.is_empty() && !NAMELESS.contains(&stem.as_str()));
            let asked = options.title.as_ref().map(|_| by_title.clone()).filter(|asked| !asked.is_empty());
            let id = own.or(asked).or(by_name).unwrap_or(by_title);
            let id = if id.is_empty() { "imported".to_owned() } else { id };
            if is_reserved(&id) { format!("{id}-questions") } else { id }
        }
    };
    if is_reserved(&chosen) {
        bail!(Usage(format!("`{chosen}` is the name of another file: choose another id with --id")));
    }
    let built_in = library.banks.list().into_iter().any(|entry| entry.id == chosen && entry.source == Source::BuiltIn);
    if built_in && options.id.is_none() {
        bail!(Usage(format!(
            "`{chosen}` is the id of a bank that comes with greenroom, which would be hidden by yours: choose another with \
             --id, such as `--id my-{chosen}`; or say `--id {chosen}` if that is what you want"
        )));
    }
    taken(library, &chosen)?;
    Ok(chosen)
}

/// Refuses an id that a bank in another file has.
fn taken(library: &Library, id: &str) -> Result<()> {
    let own = imports::path(&library.home, id);
    let other = library.banks.list().into_iter().find_map(|entry| match entry.source {
        Source::File(path) if entry.id == id && path != own => Some(path),
        _ => None,
    });
    match other {
        Some(path) => {
            bail!(Usage(format!("the bank in {} has the id `{id}`: choose another with --id", text::path(&path))))
        }
        None => Ok(()),
    }
}

/// Names that files have when nobody named them.
const NAMELESS: [&str; 12] = [
    "index",
    "page",
    "untitled",
    "download",
    "document",
    "file",
    "new",
    "notes",
    "questions",
    "export",
    "data",
    "unnamed",
];

/// Names that mean something else: the formats, and devices on some systems.
fn is_reserved(id: &str) -> bool {
    let device = |start: &str| {
        id.strip_prefix(start).is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|byte| byte.is_ascii_digit()))
    };
    ["formats", "con", "prn", "aux", "nul"].contains(&id) || device("com") || device("lpt")
}

/// The name of a file without its ending.
fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem })
}

/// The title of a bank whose file has none.
fn titled(name: &str) -> String {
    let words = if name == INPUT { "Imported questions".to_owned() } else { stem(name).replace(['-', '_'], " ") };
    let mut letters = words.trim().chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_else(|| "Imported questions".to_owned())
}

/// The comment above an imported bank.
fn head(name: &str, id: &str) -> Vec<String> {
    let name = if name == INPUT { "standard input" } else { name };
    vec![
        format!("{ORIGIN}{name}"),
        format!("It is yours to edit; `greenroom questions check {id}.toml` finds mistakes."),
        "Points with `proposed = true` were guessed from the answer: remove those words to accept one, or the point."
            .to_owned(),
        "Importing the file again keeps the ids and what you changed.".to_owned(),
    ]
}

/// Refuses to put the questions of one file in the place of those of another, which may have the same name.
fn same_source(earlier: &Imported, draft: &Draft, name: &str, id: &str, path: &Path) -> Result<()> {
    let now = earlier.now.questions.len();
    let changes = &draft.changes;
    let gone = changes.removed.len() + changes.own.len() + changes.edited.len();
    let kept = now.saturating_sub(gone);
    let name = if name == INPUT { "standard input" } else { name };
    if earlier.origin != name && kept * 2 < now.max(1) {
        bail!(
            "the bank `{id}` was imported from {}, which has other questions: give this one another id with --id",
            Text::clean(&earlier.origin)
        );
    }
    // The questions of a person's own say nothing of where the others came from.
    let theirs = now.saturating_sub(changes.own.len());
    if theirs > 0 && kept * 10 < theirs {
        bail!(
            "the bank `{id}` has other questions, and none or hardly one of them is in this {}: give this one another id with \
             --id; or delete {} first if this is to take its place",
            Text::clean(name),
            text::path(path)
        );
    }
    Ok(())
}

/// Why there is nothing to import, and what was looked for.
fn nothing(name: &str, reading: &Reading) -> String {
    let name = if name == INPUT { Text::clean("standard input") } else { Text::clean(name) };
    let looked = match reading.form {
        Form::Table => "a column called Question, Prompt or Front, or one that holds questions",
        Form::Json | Form::JsonLines => "a list of strings, or of objects with a key such as `question` or `prompt`",
        Form::Anki => "notes with the question on the front",
        _ => {
            "numbered questions (`1.`, `Q1.`, `Question 1:`), headings or lines that end in a question mark, or `Q:` and `A:`"
        }
    };
    format!("no question was found in {name}; looked for {looked}. `greenroom questions import --help` shows the forms")
}

/// The path of what was or would be written.
pub fn place(kept: &Kept) -> &PathBuf {
    match kept {
        Kept::Nowhere(path) | Kept::Unchanged(path) | Kept::Written { path, .. } => path,
    }
}
