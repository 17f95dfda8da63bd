//! What a candidate sees of a session: on the whole screen, in a terminal inside of another, and in sentences.
#![cfg(unix)]

mod support {
    #[allow(dead_code, reason = "each test uses a part of it")]
    pub mod nerves;
    pub mod spoken;
    #[allow(dead_code, reason = "each test uses a part of it")]
    pub mod terminal;
}

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use support::nerves;
use support::terminal::{Shown, Terminal};

/// A question in letters of every width and direction.
const PROMPT: &str = "What is 日本語 for שלום, and how do you say it?";

struct Place(nerves::Place);

impl Place {
    fn new() -> Place {
        Place(nerves::Place::new(&nerves::bank(PROMPT, "Why you?"), 60.0))
    }

    fn home(&self) -> PathBuf {
        self.0.home()
    }

    fn arguments<'a>(&self, more: &[&'a str]) -> Vec<&'a str> {
        let usual = ["rehearse", "--bank", "nerves", "--order", "listed", "--no-voice", "--output", "none"];
        let input = ["--input", "wav:answer.wav", "--prep", "60s"];
        let limit: &[&str] = if more.contains(&"--limit") { &[] } else { &["--limit", "90s"] };
        [&usual[..], &input, limit, more].concat()
    }

    fn rehearse(&self, more: &[&str], size: (u16, u16)) -> Terminal {
        self.0.run(&self.arguments(more), &[], size)
    }

    fn manifest(&self) -> Value {
        self.0.json("session.json")
    }

    fn ends(&self) -> Vec<String> {
        let manifest = self.manifest();
        let takes = manifest["turns"][0]["takes"].as_array().expect("takes");
        takes.iter().map(|take| take["end"].as_str().expect("a word").to_owned()).collect()
    }
}

/// The row that begins so, wherever it stands.
fn row(shown: &Shown<'_>, begins: &str) -> Option<String> {
    shown.rows().into_iter().find(|row| row.trim_start().starts_with(begins))
}

#[track_caller]
fn shows_row(terminal: &Terminal, begins: &str) -> String {
    terminal.wait(begins, |shown| row(shown, begins))
}

/// Presses Enter until the first answer runs.
fn answers(terminal: &mut Terminal) {
    shows_row(terminal, "≡ Read");
    terminal.press("\r");
    shows_row(terminal, "… Think");
    terminal.press("\r");
    terminal.wait("an answer that has begun", |shown| row(shown, "● Answer").filter(|row| !row.contains("1:30")));
}

#[test]
fn the_whole_screen_has_the_question_the_clock_and_the_level_and_is_left_as_it_was() {
    let place = Place::new();
    let mut terminal = place.rehearse(&["--screen", "full"], (80, 24));
    shows_row(&terminal, "≡ Read");
    assert!(terminal.now(|shown| shown.is_alternate()));
    terminal.shows(PROMPT);
    terminal.shows("enter: I have read it");
    answers(&mut terminal);
    let text = terminal.now(|shown| shown.text());
    assert!(text.contains(PROMPT) && text.contains("Microphone  ▮"), "{text}");
    for distracting in ["Foundations", "Seed", "Keys:", "s: repeat", "in all"] {
        assert!(!text.contains(distracting), "{distracting} in\n{text}");
    }
    terminal.press("p");
    terminal.shows("Note: An answer is not paused");
    // Ctrl-L, for whoever wrote over it.
    terminal.press("\x0c");
    terminal.press("\r");
    shows_row(&terminal, "✓ Saved");
    terminal.shows("Saved 0:0");
    terminal.stays_in_its_width();
    terminal.press("q");
    let left = terminal.end();
    assert_eq!(left.status, 0);
    let cleared = left.bytes.windows(4).filter(|code| code == b"\x1b[2J").count();
    assert_eq!(cleared, 3, "at the beginning twice, and once more where it was wished for");
    assert!(!left.alternate && !left.cursor_hidden && left.modes.0 == left.modes.1);
    assert!(left.text.contains("1 of 2 questions answered"), "{}", left.text);
    assert!(left.text.contains("Note: An answer is not paused"), "what was noted is still to be read: {}", left.text);
    assert!(!left.text.contains("● Answer"), "{}", left.text);
    assert_eq!(place.ends(), ["done"]);
}

#[test]
fn on_a_whole_screen_a_point_is_ticked_where_it_stands_and_keys_go_as_they_came() {
    let place = Place::new();
    let mut terminal = place.rehearse(&["--screen", "full", "--rate", "--limit", "3s", "--count", "1"], (80, 24));
    answers(&mut terminal);
    terminal.shows("How did it go?");
    terminal.press("3");
    terminal.shows("1 Gives the success a number");
    terminal.press("1");
    terminal.shows("✓ 1 Gives the success a number");
    let text = terminal.now(|shown| shown.text());
    assert_eq!(text.matches("Gives the success a number").count(), 1, "{text}");
    terminal.press("?");
    terminal.shows("Keys: enter begins");
    terminal.press("?");
    terminal.wait("no keys any more", |shown| (!shown.text().contains("Keys: enter begins")).then_some(()));
    terminal.press("\r");
    assert_eq!(terminal.end().status, 0);
    assert_eq!(place.0.json("review.json")["ticks"][0]["points"], serde_json::json!(["measurable"]));
}

#[test]
fn the_whole_screen_fits_every_terminal_and_follows_its_size() {
    let place = Place::new();
    let mut terminal = place.rehearse(&["--screen", "full"], (300, 100));
    answers(&mut terminal);
    for (columns, rows) in [(20, 5), (40, 10), (120, 40), (80, 24)] {
        terminal.resize(columns, rows);
        terminal.wait("the screen in its new size", |shown| {
            let once = shown.rows().iter().filter(|row| row.contains("● Answer")).count() == 1;
            let question = shown.text().contains("What is");
            let foot = shown.text().contains("enter: done");
            (once && question && foot).then_some(())
        });
    }
    terminal.forgive();
    terminal.press("p");
    terminal.shows("Note: An answer is not paused");
    terminal.stays_in_its_width();
    terminal.resize(40, 24);
    shows_row(&terminal, "Mic ▮");
    terminal.press("\x03");
    let left = terminal.end();
    assert_eq!((left.status, left.alternate), (130, false));
    // A row that ran over its end is one line here.
    let note = left.text.lines().find(|line| line.starts_with("Note: An answer")).expect("it is still to be read");
    assert!(note.chars().count() <= 40, "it is broken between words: {note}");
    assert_eq!(place.ends(), ["quit"]);
}

#[test]
fn config_chooses_the_screen_and_the_command_line_has_the_last_word() {
    let place = Place::new();
    fs::write(place.home().join("config.toml"), "screen = \"full\"\n").expect("it can be written");
    let mut terminal = place.rehearse(&[], (80, 24));
    shows_row(&terminal, "≡ Read");
    assert!(terminal.now(|shown| shown.is_alternate()));
    terminal.press("q");
    assert_eq!(terminal.end().status, 0);
    let mut terminal = place.rehearse(&["--screen", "inline"], (80, 24));
    shows_row(&terminal, "≡ Read");
    assert!(!terminal.now(|shown| shown.is_alternate()));
    terminal.press("q");
    assert_eq!(terminal.end().status, 0);
}

#[test]
fn a_closed_terminal_saves_the_answer_of_a_whole_screen() {
    let place = Place::new();
    let mut terminal = place.rehearse(&["--screen", "full"], (80, 24));
    answers(&mut terminal);
    assert_eq!(terminal.hang_up(), 130);
    assert_eq!(place.ends(), ["quit"]);
    assert_eq!(place.manifest()["outcome"], "interrupted");
}

#[test]
fn letters_of_every_width_and_direction_keep_their_cells() {
    for screen in ["inline", "full"] {
        let place = Place::new();
        let mut terminal = place.rehearse(&["--screen", screen], (24, 20));
        shows_row(&terminal, "≡ Read");
        terminal.shows("日本語");
        let lines = terminal.now(|shown| shown.rows());
        let text = lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
        assert!(text.contains(PROMPT), "{screen}: {lines:?}");
        terminal.stays_in_its_width();
        terminal.press("q");
        assert_eq!(terminal.end().status, 0);
    }
}

#[test]
fn sentences_tell_half_the_time_and_the_last_ten_seconds() {
    let place = Place::new();
    let arguments = place.arguments(&["--plain", "--fast", "--limit", "1m", "--warn", "20s", "--count", "1"]);
    let output = place.0.command(&arguments).output().expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let order = [
        "Question 1 of 1, Opening (1 minute to think, 1 minute to answer).",
        "Think: 1 minute.",
        "Answer now: 1 minute at most.",
        "Half of the time is over: 30 seconds left.",
        "20 seconds left.",
        "10 seconds left.",
        "Saved 1 minute in takes/01-first-1.wav.",
    ];
    let mut rest = told.as_str();
    for sentence in order {
        let at = rest.find(sentence).unwrap_or_else(|| panic!("{sentence:?} is missing, or in another place:\n{told}"));
        rest = &rest[at + sentence.len()..];
    }
    let drawn = |c: char| ('\u{2500}'..='\u{28ff}').contains(&c) || c.is_control() && c != '\n';
    let session = told.split("questions answered").next().unwrap_or_default();
    assert!(!session.contains(drawn), "{told}");
}

/// Whether there is a terminal that other terminals can be in.
fn tmux() -> Option<&'static Path> {
    let program = Path::new("/usr/bin/tmux");
    if !program.exists() {
        eprintln!("skipped: tmux is not installed; ./test installs it");
    }
    program.exists().then_some(program)
}

#[test]
fn it_looks_the_same_inside_of_tmux_and_follows_its_size() {
    let Some(tmux) = tmux() else { return };
    for screen in ["inline", "full"] {
        let place = Place::new();
        let (folder, home) = (place.0.folder().to_str().expect("a plain name"), place.home());
        let command = [&[env!("CARGO_BIN_EXE_greenroom")], &place.arguments(&["--screen", screen])[..]].concat();
        // Without the line that tmux adds at the foot, and with a server of its own.
        let first = ["-S", &format!("{folder}/tmux"), "-f", "/dev/null", "-u", "new-session", ";"];
        let arguments: Vec<&str> = first[..6].iter().copied().chain(command.iter().copied()).collect();
        let set = [";", "set-option", "-g", "status", "off"];
        let arguments = [&arguments[..], &set].concat();
        let home = home.to_str().expect("a plain name");
        let environment = [("GREENROOM_HOME", home), ("LANG", "C.UTF-8"), ("SHELL", "/bin/sh")];
        let mut terminal = Terminal::start(tmux, &arguments, &environment, place.0.folder(), (80, 24));
        answers(&mut terminal);
        let rows = terminal.now(|shown| shown.rows());
        assert!(rows.iter().any(|row| row.trim_start().starts_with("Microphone  ▮")), "{rows:?}");
        assert!(rows.iter().any(|row| row.contains(PROMPT)), "{rows:?}");
        terminal.resize(50, 15);
        terminal.wait("the screen in its new size", |shown| {
            let once = shown.rows().iter().filter(|row| row.contains("● Answer")).count() == 1;
            (once && shown.rows().iter().any(|row| row.trim_start().starts_with("Mic ▮"))).then_some(())
        });
        terminal.press("\r");
        shows_row(&terminal, "✓ Saved");
        terminal.press("q");
        terminal.end();
        assert_eq!(place.ends(), ["done"]);
    }
}
