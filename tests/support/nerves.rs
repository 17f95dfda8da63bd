//! A home with a bank of two questions, and a candidate who says the same each time.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::spoken::{Form, sound_of, voice};
use super::terminal::Terminal;

/// The bank, whose questions are asked so; the first has two reference points.
pub fn bank(first: &str, second: &str) -> String {
    format!(
        r#"
schema = 1
id = "nerves"
title = "Nerves"

[[section]]
id = "one"
title = "Opening"
format = "standard"

[[question]]
id = "first"
section = "one"
prompt = "{first}"
tags = ["delivery"]
points = [
  {{ id = "measurable", text = "Gives the success a number", any = ["percent"] }},
  {{ id = "own-part", text = "Says what was the speaker's own part", any = ["i decided"] }},
]
answer = "We halved the time."

[[question]]
id = "second"
section = "one"
prompt = "{second}"
tags = ["failure"]
"#
    )
}

/// A folder with `home/` and `answer.wav`.
pub struct Place(tempfile::TempDir);

impl Place {
    /// With this bank, and an answer in which three seconds of speech and one of silence alternate for so long.
    pub fn new(bank: &str, seconds: f64) -> Place {
        let place = Place(tempfile::tempdir().expect("a temporary folder"));
        fs::create_dir_all(place.home().join("questions")).expect("a folder");
        fs::write(place.home().join("questions/nerves.toml"), bank).expect("it can be written");
        let sound = sound_of(voice(48_000, seconds), Form::USUAL);
        let file = [Form::USUAL.header(sound.len() as u32), sound].concat();
        fs::write(place.folder().join("answer.wav"), file).expect("it can be written");
        place
    }

    /// Where the program is started.
    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    /// The home of its sessions.
    pub fn home(&self) -> PathBuf {
        self.0.path().join("home")
    }

    /// Starts the program in a terminal of so many columns and rows.
    pub fn run(&self, arguments: &[&str], environment: &[(&str, &str)], size: (u16, u16)) -> Terminal {
        let home = self.home();
        let home = ("GREENROOM_HOME", home.to_str().expect("a temporary folder has a plain name"));
        let program = Path::new(env!("CARGO_BIN_EXE_greenroom"));
        let environment = [&[home, ("TZ", "UTC")], environment].concat();
        Terminal::start(program, arguments, &environment, self.folder(), size)
    }

    /// The program without a terminal.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_greenroom"));
        command.args(arguments).env_clear().env("GREENROOM_HOME", self.home());
        command.current_dir(self.folder()).stdin(Stdio::null());
        command
    }

    /// The folders of the sessions, the oldest first.
    pub fn sessions(&self) -> Vec<PathBuf> {
        let folders = fs::read_dir(self.home().join("recordings")).expect("there are recordings").flatten();
        let mut found: Vec<PathBuf> = folders.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
        found.sort();
        found
    }

    /// A file of JSON of the oldest session that has it.
    pub fn json(&self, name: &str) -> serde_json::Value {
        let files = self.sessions().into_iter().map(|folder| folder.join(name));
        let file = files.into_iter().find(|file| file.exists()).unwrap_or_else(|| panic!("there is no {name}"));
        serde_json::from_slice(&fs::read(file).expect("it can be read")).expect("it is JSON")
    }
}
