//! The panels that there are: the built-in ones, and the person's own beside them.

use std::path::Path;
use std::time::Duration;

use super::banks::Banks;
use super::flaw::{FileFlaws, Flaw};
use super::format_file;
use super::home::Home;
use super::panel_file::{self, Kind, parse_named, parse_panel};
use super::sheet::read_text;
use super::shelf::{Found, Shelf, Source, later, stem};
use crate::interview::text;
use crate::interview::{Panel, Text};

/// The folder of the panels, beside the banks.
pub const FOLDER: &str = "panels";

const BUILT_IN: [(&str, &str); 5] = [
    ("vp-engineering.toml", include_str!("../../questions/panels/vp-engineering.toml")),
    ("vp-engineering-short.toml", include_str!("../../questions/panels/vp-engineering-short.toml")),
    ("behavioral.toml", include_str!("../../questions/panels/behavioral.toml")),
    ("screen.toml", include_str!("../../questions/panels/screen.toml")),
    ("drill.toml", include_str!("../../questions/panels/drill.toml")),
];

/// A panel in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelEntry {
    /// The name by which it is chosen.
    pub id: String,
    /// What it is called; empty where the file has flaws.
    pub title: Text,
    /// Where it comes from.
    pub source: Source,
    /// How many ask; 0 where the file has flaws.
    pub panelists: usize,
    /// How long it is; nothing where the file has flaws.
    pub length: Duration,
    /// What is wrong with its file.
    pub flaws: Option<FileFlaws>,
}

/// Why there is no such panel.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PanelError {
    /// No panel has this id.
    #[error("there is no panel `{}`{}: the panels are {}", Text::clean(id),
        nearest.as_ref().map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default(), known.join(", "))]
    Unknown {
        /// The id that was asked for.
        id: String,
        /// The ids that there are.
        known: Vec<String>,
        /// The one that was probably meant.
        nearest: Option<String>,
    },
    /// Its file has flaws.
    #[error("{0}")]
    Flawed(FileFlaws),
}

/// The panels that there are.
pub struct Panels(Shelf<Panel>);

impl Panels {
    /// Reads the built-in panels and those of a home, which ask from these banks; a file of the home's that has the id
    /// of a built-in panel replaces it.
    ///
    /// A file with flaws stands in the way of no other.
    pub fn open(home: &Home, banks: &Banks) -> Panels {
        let read = |file: &str, text: &str| parse_named(file, text, banks.formats(), &|id| banks.get(id));
        let panel = |file: String, text: &'static str| {
            let panel = read(&file, text).1;
            later(|| panel)
        };
        let mut shelf = Shelf::built_in("panel", &BUILT_IN, panel);
        shelf.add_folder(&home.questions().join(FOLDER), |name| name != format_file::NAME, &read);
        Panels(shelf)
    }

    /// Every panel, the built-in ones first.
    pub fn list(&self) -> Vec<PanelEntry> {
        let entry = |found: &Found<Panel>| PanelEntry {
            id: found.id.clone(),
            title: found.thing.as_ref().map(|panel| panel.title.clone()).unwrap_or_default(),
            source: found.source.clone(),
            panelists: found.thing.as_ref().map_or(0, |panel| panel.panelists.len()),
            length: found.thing.as_ref().map(|panel| panel.length).unwrap_or_default(),
            flaws: found.thing.as_ref().err().cloned(),
        };
        self.0.all().iter().map(entry).collect()
    }

    /// The panel with this id.
    ///
    /// # Errors
    /// Where there is none, or its file has flaws.
    pub fn get(&self, id: &str) -> Result<Panel, PanelError> {
        self.find(id)?.thing.clone().map_err(PanelError::Flawed)
    }

    /// The text of the file of a panel, whatever flaws it has, to be copied and changed.
    ///
    /// # Errors
    /// Where there is no such panel, or its file cannot be read.
    pub fn text(&self, id: &str) -> Result<String, PanelError> {
        let found = self.find(id)?;
        match &found.source {
            Source::File(path) => read_text(path).map_err(PanelError::Flawed),
            Source::BuiltIn => {
                let built_in = BUILT_IN.iter().find(|(file, _)| stem(Path::new(file)) == found.id);
                Ok(built_in.map(|(_, text)| (*text).to_owned()).unwrap_or_default())
            }
        }
    }

    fn find(&self, id: &str) -> Result<&Found<Panel>, PanelError> {
        let unknown = |(known, nearest)| PanelError::Unknown { id: id.to_owned(), known, nearest };
        self.0.find(id).map_err(unknown)
    }

    /// Reads one panel file, wherever it is.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check_file(path: &Path, banks: &Banks) -> Result<Panel, FileFlaws> {
        let file = text::path(path).to_string();
        let text = read_text(path)?;
        match panel_file::kind(&text) {
            (Kind::Bank, place) => {
                Err(elsewhere(&file, place, "this is a bank, not a panel: `greenroom questions check` checks it"))
            }
            _ => parse_panel(&file, &text, banks.formats(), &|id| banks.get(id)),
        }
    }

    /// What to say where a panel was taken for a bank; nothing of any other file.
    pub fn taken_for_a_bank(path: &Path) -> Option<FileFlaws> {
        match panel_file::kind(&read_text(path).ok()?) {
            (Kind::Panel, place) => {
                let message = "this is a panel, not a bank: `greenroom panels check` checks it";
                Some(elsewhere(&text::path(path).to_string(), place, message))
            }
            _ => None,
        }
    }

    /// Why the person's own panels could not be looked for, where they could not.
    pub fn trouble(&self) -> Option<&FileFlaws> {
        self.0.trouble()
    }
}

/// A file of another kind, which this shows at a line and a column.
fn elsewhere(file: &str, (line, column): (usize, usize), message: &str) -> FileFlaws {
    FileFlaws { file: file.to_owned(), flaws: vec![Flaw { line, column, message: message.to_owned() }] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::format_file::formats;
    use crate::store::home::FoundBy;

    #[test]
    fn the_built_in_panels_have_no_flaws() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home { root: folder.path().join("none"), found: FoundBy::Flag };
        let banks = Banks::open(&home, formats(None).unwrap());
        for entry in Panels::open(&home, &banks).list() {
            assert_eq!(entry.flaws, None, "{}", entry.id);
        }
    }
}
