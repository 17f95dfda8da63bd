//! A home of its own for one test, with a panel in it that takes seconds, and the program in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::session::Session;

/// The rate of most sessions here: a panel of an hour is then a small file.
pub const RATE: u32 = 8_000;

/// Four questions with all kinds of follow-ups that can be decided by listening.
const BANK: &str = r#"
schema = 1
id = "tiny"
title = "Tiny"

[[section]]
id = "one"
title = "First things"
format = "tiny"

[[section]]
id = "two"
title = "Second things"
format = "tiny"

[[question]]
id = "path"
section = "one"
prompt = "What brought you here?"
tags = ["self"]
follow_ups = [
  { id = "more", prompt = "Can you say more?", when = "short" },
  { id = "less", prompt = "Can you sum it up?", when = "long" },
]

[[question]]
id = "team"
section = "one"
prompt = "Whom did you lead?"
tags = ["people"]
follow_ups = [{ id = "sure", prompt = "How sure are you?", when = "hesitant" }]

[[question]]
id = "cost"
section = "two"
prompt = "What did it cost?"
tags = ["money"]
follow_ups = [{ id = "again", prompt = "Would you do it again?", when = "always" }]

[[question]]
id = "risk"
section = "two"
prompt = "What was the risk?"
tags = ["money"]
"#;

const FORMATS: &str = r#"
schema = 1
[[format]]
id = "tiny"
title = "Tiny"
prep = "1s"
limit = "6s"
warn = "2s"
retakes = 0
gap = "1s"
"#;

/// Two panelists, two blocks, words of its own at both ends.
pub const DUO: &str = r#"
schema = 1
id = "duo"
title = "The two of us"
bank = "tiny"
format = "tiny"
length = "4m"
shortest = "2s"

[[panelist]]
id = "host"
role = "host"
chair = true
manner = "warm"
focus = ["money"]

[[panelist]]
id = "guest"
role = "treasurer"
manner = "tough"

[[block]]
panelist = "host"
share = 50
questions = ["path", "team"]

[[block]]
panelist = "guest"
share = 50
sections = ["two"]

[opening]
welcome = "Welcome. Let us begin."

[closing]
time = "40s"
farewell = "Goodbye."
"#;

/// A home, and the program in it.
pub struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    /// With the small panel `duo`, and half a minute of noise in `talk.wav`.
    pub fn new() -> Place {
        let place = Place { folder: tempfile::tempdir().expect("a temporary folder can be made") };
        place.write("home/questions/tiny.toml", BANK);
        place.write("home/questions/formats.toml", FORMATS);
        place.panel("duo", DUO);
        place.wav("talk.wav", RATE, &noise(30 * RATE as usize));
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }

    /// Puts a panel in its place.
    pub fn panel(&self, name: &str, text: &str) {
        self.write(&format!("home/questions/panels/{name}.toml"), text);
    }

    pub fn wav(&self, name: &str, rate: u32, samples: &[i16]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("a folder can be made");
        let format = hound::SampleFormat::Int;
        let spec = hound::WavSpec { channels: 1, sample_rate: rate, bits_per_sample: 16, sample_format: format };
        let mut writer = hound::WavWriter::create(&path, spec).expect("a file can be made");
        samples.iter().for_each(|sample| writer.write_sample(*sample).expect("a sample can be written"));
        writer.finalize().expect("a file can be closed");
    }

    /// The program, in the boot `one`.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_greenroom"));
        command.args(arguments).current_dir(self.folder.path()).env_clear().env("GREENROOM_HOME", self.path("home"));
        command.env("GREENROOM_BOOT_ID", "one").env("PATH", "/usr/bin:/bin");
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program starts")
    }

    /// Runs the program, which must succeed, and gives what it printed.
    #[track_caller]
    pub fn prints(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        String::from_utf8(output.stdout).expect("it prints UTF-8")
    }

    /// Runs the program, which must succeed, and reads its JSON.
    #[track_caller]
    pub fn json(&self, arguments: &[&str]) -> Value {
        let printed = self.prints(arguments);
        serde_json::from_str(&printed).expect("standard output is JSON and nothing else")
    }

    /// Runs the program, which must fail with this status and say something with each of `words`.
    #[track_caller]
    pub fn refuses(&self, arguments: &[&str], status: i32, words: &[&str]) {
        let output = self.run(arguments);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {said}");
        for word in words {
            assert!(said.contains(word), "{arguments:?} does not say {word:?}: {said}");
        }
        assert!(!said.contains("panicked"), "{said}");
    }

    /// Holds a panel at full speed without a voice, the candidate of `talk.wav` before it, to its end.
    #[track_caller]
    pub fn holds(&self, panel: &str, more: &[&str]) -> Session {
        let input: &[&str] = if more.contains(&"--input") { &[] } else { &["--input", "wav:talk.wav"] };
        let voice: &[&str] = if more.contains(&"--voice") { &[] } else { &["--no-voice"] };
        let report = self.json(&[&["panel", panel], input, voice, more, &SILENT].concat());
        assert_eq!(report["outcome"], "finished", "{report}");
        self.session(&report)
    }

    /// The session of a report.
    pub fn session(&self, report: &Value) -> Session {
        Session::read(&self.path("home/recordings").join(report["session"].as_str().expect("a session has a name")))
    }
}

/// Without sound, as fast as it can, told as JSON.
pub const SILENT: [&str; 4] = ["--output", "none", "--fast", "--json"];

pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Noise that never repeats and is never zero: a place in it is found by a few samples.
pub fn noise(length: usize) -> Vec<i16> {
    let mut state = 1u32;
    let sample = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((state >> 18) as i16 - 8_192) | 1
    };
    (0..length).map(sample).collect()
}

/// The samples of a mono WAV file, as any program reads it.
#[track_caller]
pub fn samples(path: &Path) -> Vec<i16> {
    let reader = hound::WavReader::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    reader.into_samples().map(|sample| sample.expect("a sample can be read")).collect()
}
