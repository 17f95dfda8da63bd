//! Things that are read from files, one a file: the built-in ones, and the person's own beside them.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use super::flaw::FileFlaws;
use super::nearest::nearest;
use super::sheet::read_text;
use crate::interview::Text;
use crate::interview::text;

/// Where a thing comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// It is compiled in.
    BuiltIn,
    /// It is a file of the person's.
    File(PathBuf),
}

/// A thing, or what is wrong with its file; read when it is first looked at.
pub(super) type Thing<T> = LazyLock<Result<T, FileFlaws>, Box<dyn FnOnce() -> Result<T, FileFlaws> + Send>>;

/// A thing that is read later, by `read`.
pub(super) fn later<T>(read: impl FnOnce() -> Result<T, FileFlaws> + Send + 'static) -> Thing<T> {
    LazyLock::new(Box::new(read))
}

/// A thing, and where it is from.
pub(super) struct Found<T> {
    pub(super) id: String,
    pub(super) source: Source,
    pub(super) thing: Thing<T>,
}

/// What reads a text: its name in messages and the text give the id that it gives itself, and the thing.
pub(super) type Read<'a, T> = &'a dyn Fn(&str, &str) -> (Option<String>, Result<T, FileFlaws>);

/// The things of one kind.
pub(super) struct Shelf<T> {
    /// What a person calls such a thing.
    kind: &'static str,
    found: Vec<Found<T>>,
    trouble: Option<FileFlaws>,
}

impl<T: Send + 'static> Shelf<T> {
    /// The built-in things: `thing` gives each by its name in messages and its text.
    pub(super) fn built_in(
        kind: &'static str,
        files: &[(&str, &'static str)],
        thing: impl Fn(String, &'static str) -> Thing<T>,
    ) -> Shelf<T> {
        let built_in = |(file, text): &(&str, &'static str)| Found {
            // A built-in file is called as what is in it; a test holds that.
            id: stem(Path::new(file)),
            source: Source::BuiltIn,
            thing: thing(format!("built-in {file}"), text),
        };
        Shelf { kind, found: files.iter().map(built_in).collect(), trouble: None }
    }

    /// Adds the files of a folder that `is_one` takes for such things, in the order of their names.
    ///
    /// One that has the id of a built-in thing replaces it; one with flaws stands in the way of no other.
    pub(super) fn add_folder(&mut self, folder: &Path, is_one: impl Fn(&str) -> bool, read: Read<T>) {
        match toml_files(folder, is_one) {
            Ok(files) => files.into_iter().for_each(|path| self.add(path, read)),
            Err(reason) => {
                let folder = text::path(folder).to_string();
                self.trouble = Some(FileFlaws::whole(&folder, format!("the folder cannot be read: {reason}")));
            }
        }
    }

    fn add(&mut self, path: PathBuf, read: Read<T>) {
        let file = text::path(&path).to_string();
        let (id, thing) = match read_text(&path) {
            Ok(text) => read(&file, &text),
            Err(flaws) => (None, Err(flaws)),
        };
        let id = id.unwrap_or_else(|| stem(&path));
        match self.found.iter().position(|each| each.id == id) {
            Some(old) => match &self.found[old].source {
                Source::BuiltIn => self.found[old] = Found { id, source: Source::File(path), thing: later(|| thing) },
                Source::File(first) => {
                    let (kind, first) = (self.kind, text::path(first));
                    let message = format!("the {kind} id `{id}` is taken by {first}: choose another in this file");
                    let thing = later(move || Err(FileFlaws::whole(&file, message)));
                    // Under the name of the file, so that the first is still to be had by its id.
                    self.found.push(Found { id: stem(&path), source: Source::File(path), thing });
                }
            },
            None => self.found.push(Found { id, source: Source::File(path), thing: later(|| thing) }),
        }
    }

    /// Every thing, the built-in ones first.
    pub(super) fn all(&self) -> &[Found<T>] {
        &self.found
    }

    /// The thing with this id.
    ///
    /// # Errors
    /// Where there is none: the ids that there are, and the one that was probably meant.
    pub(super) fn find(&self, id: &str) -> Result<&Found<T>, (Vec<String>, Option<String>)> {
        self.found.iter().find(|found| found.id == id).ok_or_else(|| {
            let known: Vec<String> = self.found.iter().map(|found| found.id.clone()).collect();
            let nearest = nearest(id, known.iter().map(String::as_str)).map(str::to_owned);
            (known, nearest)
        })
    }

    /// Why the person's own could not be looked for, where they could not.
    pub(super) fn trouble(&self) -> Option<&FileFlaws> {
        self.trouble.as_ref()
    }
}

/// The visible TOML files of a folder that `is_one` takes, sorted; none where there is no folder.
fn toml_files(folder: &Path, is_one: impl Fn(&str) -> bool) -> std::io::Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let fits = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        name.ends_with(".toml") && !name.starts_with('.') && is_one(&name) && !path.is_dir()
    };
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(fits).collect();
    files.sort();
    Ok(files)
}

/// The name of a file without its ending.
pub(super) fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| Text::clean(&stem.to_string_lossy()).to_string()).unwrap_or_default()
}
