//! The settings that a person keeps: `config.toml`.

use super::entry::{At, Entry};
use super::flaw::{FileFlaws, quote};
use super::home::Home;
use super::sheet::{Sheet, read_text};

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
            _ => Config::parse(&path.display().to_string(), &read_text(&path)?),
        }
    }

    /// Reads the text of a config; `file` is its name in messages.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(file: &str, text: &str) -> Result<Config, FileFlaws> {
        let (mut sheet, table) = Sheet::parse(text);
        let root = Entry::root(&table);
        root.only(&mut sheet, &["bank", "format", "voice", "voice_command", "host", "input", "output"]);
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
        };
        sheet.close(file)?;
        Ok(config)
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
