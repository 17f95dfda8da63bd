//! The settings that a person keeps: `config.toml`.

use std::path::Path;

use super::entry::{At, Entry};
use super::flaw::{FileFlaws, quote};
use super::home::Home;
use super::sheet::{Sheet, read_text};
use crate::interview::schedule::Day;
use crate::interview::text;

/// The name of the file, in the home.
pub const NAME: &str = "config.toml";

/// What is used where the command line does not say otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Config {
    /// The id of a bank.
    pub bank: Option<String>,
    /// The id of a format.
    pub format: Option<String>,
    /// The name of a voice.
    pub voice: Option<String>,
    /// A program that gets text on its standard input and writes a WAV file to its standard output, with its arguments.
    pub voice_command: Option<Vec<String>>,
    /// The audio system.
    pub host: Option<String>,
    /// A capture device, or `wav:PATH` or `pcm:PATH`.
    pub input: Option<String>,
    /// A playback device, or `wav:PATH` or `none`.
    pub output: Option<String>,
    /// The day of the interview; it may have passed.
    pub interview_on: Option<Day>,
    /// Whether a session has the whole screen.
    pub full_screen: bool,
}

impl Config {
    /// Reads the config of a home; one that is not there sets nothing.
    ///
    /// # Errors
    /// Everything that is wrong with the file.
    pub fn load(home: &Home) -> Result<Config, FileFlaws> {
        let path = home.config_path();
        match path.symlink_metadata() {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Config::default()),
            _ => Config::check_file(&path),
        }
    }

    /// Reads one config, wherever it is.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check_file(path: &Path) -> Result<Config, FileFlaws> {
        Config::parse(&text::path(path).to_string(), &read_text(path)?)
    }

    /// Reads the text of a config; `file` is its name in messages.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(file: &str, text: &str) -> Result<Config, FileFlaws> {
        let (mut sheet, table) = Sheet::parse(text);
        let root = Entry::root(&table);
        root.only(
            &mut sheet,
            &["bank", "format", "voice", "voice_command", "host", "input", "output", "interview_on", "screen"],
        );
        let mut name = |key: &str| {
            let value = root.string(&mut sheet, key)?;
            check(&mut sheet, key, value);
            Some(value.value.to_owned())
        };
        let config = Config {
            bank: name("bank"),
            format: name("format"),
            voice: name("voice"),
            host: name("host"),
            input: name("input"),
            output: name("output"),
            voice_command: command(&mut sheet, &root),
            interview_on: root.day(&mut sheet, "interview_on"),
            full_screen: full_screen(&mut sheet, &root),
        };
        sheet.close(file)?;
        Ok(config)
    }
}

fn full_screen(sheet: &mut Sheet, root: &Entry) -> bool {
    let Some(At { at, value }) = root.string(sheet, "screen") else { return false };
    match value {
        "full" => true,
        "inline" => false,
        _ => {
            sheet.flaw(at, format!("`screen` is {}: write \"inline\" or \"full\"", quote(value)));
            false
        }
    }
}

fn command(sheet: &mut Sheet, root: &Entry) -> Option<Vec<String>> {
    let key = "voice_command";
    if !root.has(key) {
        return None;
    }
    let words = root.strings(sheet, key);
    match words.first() {
        None => sheet.lack(root.place(key), "`voice_command` is empty: write [\"program\", \"argument\"]"),
        Some(program) => check(sheet, key, *program),
    }
    if let Some(word) = words.iter().find(|word| word.value.contains('\0')) {
        sheet.flaw(word.at, "an argument of `voice_command` has a NUL in it");
    }
    Some(words.into_iter().map(|word| word.value.to_owned()).collect())
}

/// A name is there and can be shown.
fn check(sheet: &mut Sheet, key: &str, At { at, value }: At<&str>) {
    if value.trim().is_empty() {
        sheet.flaw(at, format!("`{key}` is empty: write a name, or leave the line out"));
    } else if value.chars().any(char::is_control) {
        sheet.flaw(at, format!("`{key}` has control characters in it: {}", quote(value)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::home::FoundBy;

    #[test]
    fn a_config_that_is_not_there_sets_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home { root: folder.path().to_owned(), found: FoundBy::Flag };
        assert_eq!(Config::load(&home), Ok(Config::default()));
        std::fs::create_dir(home.config_path()).unwrap();
        assert!(Config::load(&home).is_err());
    }

    #[test]
    fn every_key_is_read() {
        let text = "bank = \"b\"\nformat = \"f\"\nvoice = \"v\"\nvoice_command = [\"piper\", \"-m x\"]\n\
            host = \"h\"\ninput = \"wav:i.wav\"\noutput = \"none\"\n\
            interview_on = 2026-11-30\nscreen = \"full\"\n";
        let some = |text: &str| Some(text.to_owned());
        let expected = Config {
            bank: some("b"),
            format: some("f"),
            voice: some("v"),
            voice_command: Some(vec!["piper".into(), "-m x".into()]),
            host: some("h"),
            input: some("wav:i.wav"),
            output: some("none"),
            interview_on: Some(Day(20_787)),
            full_screen: true,
        };
        assert_eq!(Config::parse("c", text), Ok(expected));
    }

    #[test]
    fn all_flaws_are_told_at_once_with_the_nearest_key() {
        let text = "voise = \"x\"\nbank = 3\nhost = \"\"\nvoice_command = []\n";
        let said = Config::parse("config.toml", text).unwrap_err().to_string();
        let expected = "config.toml:1:1: unknown key `voise` in the file: did you mean `voice`?\n\
            config.toml:2:8: `bank` in the file must be a string, found the number `3`\n\
            config.toml:3:8: `host` is empty: write a name, or leave the line out\n\
            config.toml:4:17: `voice_command` is empty: write [\"program\", \"argument\"]";
        assert_eq!(said, expected);
    }

    #[test]
    fn a_screen_is_inline_or_full() {
        assert!(!Config::parse("c", "screen = \"inline\"").unwrap().full_screen);
        let said = Config::parse("c", "screen = \"big\"").unwrap_err().to_string();
        assert_eq!(said, "c:1:10: `screen` is `big`: write \"inline\" or \"full\"");
    }

    #[test]
    fn the_day_of_the_interview_is_a_date_or_a_string() {
        for text in ["interview_on = 2026-11-30", "interview_on = '2026-11-30'"] {
            assert_eq!(Config::parse("c", text).unwrap().interview_on, Some(Day(20_787)), "{text}");
        }
        for (text, said) in [
            (
                "interview_on = '30 November'",
                "c:1:16: `interview_on` in the file cannot be `30 November`: write a date as",
            ),
            (
                "interview_on = '2026-02-29'",
                "c:1:16: `interview_on` in the file cannot be `2026-02-29`: there is no such",
            ),
            (
                "interview_on = 2026-11-30T10:00:00",
                "c:1:16: `interview_on` in the file must be a date such as 2026-11-30",
            ),
            ("interview_on = 20261130", "c:1:16: `interview_on` in the file must be a date such as 2026-11-30"),
            ("interview_on = 2026-11-31", "c:1:"),
        ] {
            let flaws = Config::parse("c", text).unwrap_err().to_string();
            assert!(flaws.starts_with(said), "{flaws}");
        }
    }
}
