//! The banks that there are: the built-in ones, and the person's own beside them.

use std::path::Path;

use super::bank_file::{parse_bank, parse_named};
use super::flaw::FileFlaws;
use super::format_file;
use super::home::Home;
use super::sheet::read_text;
pub use super::shelf::Source;
use super::shelf::{Found, Shelf, later};
use crate::interview::text;
use crate::interview::{Bank, Format, Text};

const BUILT_IN: [(&str, &str); 6] = [
    ("vp-engineering.toml", include_str!("../../questions/vp-engineering.toml")),
    ("behavioral.toml", include_str!("../../questions/behavioral.toml")),
    ("engineering-manager.toml", include_str!("../../questions/engineering-manager.toml")),
    ("staff-engineer.toml", include_str!("../../questions/staff-engineer.toml")),
    ("product-manager.toml", include_str!("../../questions/product-manager.toml")),
    ("site-reliability.toml", include_str!("../../questions/site-reliability.toml")),
];

/// A bank in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankEntry {
    /// The name by which it is chosen.
    pub id: String,
    /// What it is called; empty where the file has flaws.
    pub title: Text,
    /// Where it comes from.
    pub source: Source,
    /// How many questions it has; 0 where the file has flaws.
    pub questions: usize,
    /// What is wrong with its file.
    pub flaws: Option<FileFlaws>,
}

/// Why there is no such bank.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BankError {
    /// No bank has this id.
    #[error("there is no bank `{}`{}: the banks are {}", Text::clean(id),
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

/// The banks that there are, and the formats that they may name.
pub struct Banks {
    formats: Vec<Format>,
    shelf: Shelf<Bank>,
}

impl Banks {
    /// Reads the built-in banks and those of a home; a file of the home's that has the id of a built-in bank replaces it.
    ///
    /// A file with flaws stands in the way of no other bank.
    pub fn open(home: &Home, formats: Vec<Format>) -> Banks {
        let Banks { formats, mut shelf } = Banks::built_in(formats);
        let read = |file: &str, text: &str| parse_named(file, text, &formats);
        shelf.add_folder(&home.questions(), |name| name != format_file::NAME, &read);
        Banks { formats, shelf }
    }

    /// The built-in banks alone.
    pub fn built_in(formats: Vec<Format>) -> Banks {
        // Most commands need one of them, and to read all of them takes longer than the rest of a start.
        let bank = |file: String, text: &'static str| {
            let formats = formats.clone();
            later(move || parse_bank(&file, text, &formats))
        };
        let shelf = Shelf::built_in("bank", &BUILT_IN, bank);
        Banks { formats, shelf }
    }

    /// Every bank, the built-in ones first.
    pub fn list(&self) -> Vec<BankEntry> {
        let entry = |found: &Found<Bank>| BankEntry {
            id: found.id.clone(),
            title: found.thing.as_ref().map(|bank| bank.title.clone()).unwrap_or_default(),
            source: found.source.clone(),
            questions: found.thing.as_ref().map_or(0, |bank| bank.questions.len()),
            flaws: found.thing.as_ref().err().cloned(),
        };
        self.shelf.all().iter().map(entry).collect()
    }

    /// The bank with this id.
    ///
    /// # Errors
    /// Where there is none, or its file has flaws.
    pub fn get(&self, id: &str) -> Result<Bank, BankError> {
        let unknown = |(known, nearest)| BankError::Unknown { id: id.to_owned(), known, nearest };
        self.shelf.find(id).map_err(unknown)?.thing.clone().map_err(BankError::Flawed)
    }

    /// Reads one bank file, wherever it is.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check_file(path: &Path, formats: &[Format]) -> Result<Bank, FileFlaws> {
        parse_bank(&text::path(path).to_string(), &read_text(path)?, formats)
    }

    /// The formats that there are.
    pub fn formats(&self) -> &[Format] {
        &self.formats
    }

    /// Why the person's own banks could not be looked for, where they could not.
    pub fn trouble(&self) -> Option<&FileFlaws> {
        self.shelf.trouble()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::format_file::formats;
    use crate::store::home::FoundBy;

    const OWN: &str = "schema = 1\nid = \"ID\"\ntitle = \"Own\"\n[[section]]\nid = \"s\"\ntitle = \"S\"\n\
        format = \"drill\"\n[[question]]\nid = \"q\"\nsection = \"s\"\nprompt = \"What?\"\n";

    fn home_with(files: &[(&str, &str)]) -> (tempfile::TempDir, Home) {
        let folder = tempfile::tempdir().unwrap();
        let home = Home { root: folder.path().to_owned(), found: FoundBy::Flag };
        std::fs::create_dir(home.questions()).unwrap();
        for (name, text) in files {
            std::fs::write(home.questions().join(name), text).unwrap();
        }
        (folder, home)
    }

    fn own(id: &str) -> String {
        OWN.replace("ID", id)
    }

    fn open(home: &Home) -> Banks {
        Banks::open(home, formats(Some(home)).unwrap())
    }

    #[test]
    fn a_home_without_questions_has_the_built_in_banks() {
        let folder = tempfile::tempdir().unwrap();
        let banks = open(&Home { root: folder.path().join("none"), found: FoundBy::Flag });
        let list: Vec<_> = banks.list().into_iter().map(|entry| (entry.id, entry.source, entry.questions)).collect();
        let counts = [("vp-engineering", 50), ("behavioral", 30)].into_iter();
        let roles = ["engineering-manager", "staff-engineer", "product-manager", "site-reliability"].map(|id| (id, 40));
        let expected = counts.chain(roles).map(|(id, count)| (id.to_owned(), Source::BuiltIn, count));
        assert_eq!(list, expected.collect::<Vec<_>>());
        assert!(banks.trouble().is_none());
    }

    #[test]
    fn a_built_in_bank_is_called_as_its_file_is() {
        for entry in Banks::built_in(formats(None).unwrap()).shelf.all() {
            let bank = entry.thing.as_ref().unwrap();
            assert_eq!(bank.id, entry.id);
        }
    }

    #[test]
    fn an_own_bank_stands_beside_the_built_in_ones_and_replaces_one_of_its_id() {
        let (_folder, home) = home_with(&[("mine.toml", &own("mine")), ("other.toml", &own("behavioral"))]);
        let banks = open(&home);
        assert_eq!(banks.list().len(), BUILT_IN.len() + 1);
        assert_eq!(banks.get("mine").unwrap().title.as_str(), "Own");
        assert_eq!(banks.get("behavioral").unwrap().questions.len(), 1);
        assert_eq!(banks.get("vp-engineering").unwrap().questions.len(), 50);
    }

    #[test]
    fn a_flawed_bank_stands_in_the_way_of_no_other() {
        let bad = own("bad").replace("prompt", "promt");
        let (_folder, home) = home_with(&[("bad.toml", &bad), ("torn.toml", "["), ("fine.toml", &own("fine"))]);
        let banks = open(&home);
        assert!(banks.get("fine").is_ok() && banks.get("behavioral").is_ok());
        for id in ["bad", "torn"] {
            assert!(matches!(banks.get(id), Err(BankError::Flawed(_))), "{id}");
            assert!(banks.list().iter().any(|entry| entry.id == id && entry.flaws.is_some()), "{id}");
        }
    }

    #[test]
    fn a_flawed_bank_in_the_place_of_a_built_in_one_is_not_passed_over_in_silence() {
        let (_folder, home) = home_with(&[("behavioral.toml", "schema = 1\nid = \"behavioral\"\n")]);
        assert!(matches!(open(&home).get("behavioral"), Err(BankError::Flawed(_))));
    }

    #[test]
    fn the_second_bank_of_an_id_says_where_the_first_is() {
        let (_folder, home) = home_with(&[("a.toml", &own("same")), ("b.toml", &own("same"))]);
        let banks = open(&home);
        assert!(banks.get("same").is_ok());
        let BankError::Flawed(flaws) = banks.get("b").unwrap_err() else { panic!("no flaws") };
        assert!(flaws.to_string().contains("a.toml"), "{flaws}");
    }

    #[test]
    fn an_unknown_bank_has_the_nearest_offered() {
        let (_folder, home) = home_with(&[]);
        let error = open(&home).get("behavioural").unwrap_err().to_string();
        assert!(error.contains("did you mean `behavioral`?"), "{error}");
    }

    #[test]
    fn formats_and_panels_and_hidden_files_are_no_banks() {
        let (_folder, home) = home_with(&[(".hidden.toml", "["), ("notes.txt", "["), ("formats.toml", "schema = 1\n")]);
        std::fs::create_dir(home.questions().join("panels")).unwrap();
        std::fs::create_dir(home.questions().join("folder.toml")).unwrap();
        assert_eq!(open(&home).list().len(), BUILT_IN.len());
    }

    #[test]
    fn an_own_format_may_be_named_by_an_own_bank() {
        let format = "schema = 1\n[[format]]\nid = \"mine\"\ntitle = \"Mine\"\nprep = \"1s\"\nlimit = \"9s\"\n\
            retakes = \"free\"\n[[format]]\nid = \"drill\"\ntitle = \"Mine\"\nprep = \"none\"\nlimit = \"9s\"\nretakes = 0\n";
        let (_folder, home) = home_with(&[("formats.toml", format), ("m.toml", &own("m").replace("drill", "mine"))]);
        let banks = open(&home);
        assert!(banks.get("m").is_ok());
        assert_eq!(banks.formats().len(), 7);
        let drill = banks.formats().iter().find(|each| each.id == "drill").unwrap();
        assert_eq!((drill.timing.prep, drill.timing.retakes), (None, Some(0)));
        std::fs::write(home.questions().join("formats.toml"), "[[format]]").unwrap();
        assert!(formats(Some(&home)).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_device_among_the_banks_is_a_flaw_and_holds_nobody_up() {
        let (_folder, home) = home_with(&[]);
        std::os::unix::fs::symlink("/dev/zero", home.questions().join("zero.toml")).unwrap();
        std::os::unix::fs::symlink("/nowhere", home.questions().join("gone.toml")).unwrap();
        let large = std::fs::File::create(home.questions().join("large.toml")).unwrap();
        large.set_len((2 << 20) + 1).unwrap();
        let banks = open(&home);
        assert_eq!(banks.list().iter().filter(|entry| entry.flaws.is_some()).count(), 3);
    }
}
