//! Rating an answer blind, in the session: the real program in a terminal.
#![cfg(unix)]

mod support {
    #[allow(dead_code, reason = "each test uses a part of it")]
    pub mod nerves;
    pub mod spoken;
    #[allow(dead_code, reason = "each test uses a part of it")]
    pub mod terminal;
}

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use support::nerves;
use support::terminal::Terminal;

const STORIES: &str = r#"
schema = 1

[[story]]
id = "outage"
title = "The long outage"
kind = "lesson"
shows = ["failure"]

[[story]]
id = "payments"
title = "The payments rewrite"
kind = "win"
shows = ["delivery"]
"#;

/// A home with a bank, two stories, and a candidate who says the same each time.
struct Place(nerves::Place);

impl Place {
    fn new() -> Place {
        let place = nerves::Place::new(&nerves::bank("What went well?", "What went badly?"), 20.0);
        fs::write(place.home().join("stories.toml"), STORIES).expect("it can be written");
        Place(place)
    }

    fn home(&self) -> PathBuf {
        self.0.home()
    }

    fn run(&self, arguments: &[&str]) -> Terminal {
        self.0.run(arguments, &[], (100, 40))
    }

    fn rehearse(&self, more: &[&str]) -> Terminal {
        let usual = ["rehearse", "--bank", "nerves", "--no-voice", "--input", "wav:answer.wav", "--output", "none"];
        let limit: &[&str] = if more.contains(&"--limit") { &[] } else { &["--limit", "14s"] };
        self.run(&[&usual[..], &["--prep", "0s"], limit, more].concat())
    }

    fn review(&self) -> Value {
        let folders = fs::read_dir(self.home().join("recordings")).expect("there are recordings");
        let files = folders.flatten().map(|entry| entry.path().join("review.json"));
        let file = files.filter(|file| file.exists()).last().expect("there is a review");
        serde_json::from_slice(&fs::read(file).expect("it can be read")).expect("it is JSON")
    }
}

/// What nobody shows before the rating.
const UNSEEN: [&str; 5] = ["Measured", "To keep", "To change", "words a minute", "Gives the success a number"];

/// The place of a text on the screen.
#[track_caller]
fn place(screen: &str, text: &str) -> usize {
    screen.find(text).unwrap_or_else(|| panic!("no {text:?} in\n{screen}"))
}

#[test]
fn the_rating_comes_first_then_the_measures_then_the_points() {
    let home = Place::new();
    let mut terminal = home.rehearse(&["--question", "first", "--rate"]);
    terminal.shows("How did it go? 1 again · 2 hard · 3 good · 4 easy");
    terminal.status("How did it go?");
    terminal.shows("1 again · 2 hard · 3 good · 4 easy · enter: ");
    let before = terminal.now(|shown| shown.text());
    for unseen in UNSEEN {
        assert!(!before.contains(unseen), "{unseen} in\n{before}");
    }
    // What is no rating changes nothing.
    terminal.press("7");
    terminal.press("3");
    terminal.shows("Rated good: saved.");
    terminal.shows("A strong answer covers these");
    terminal.shows("b The long outage");
    terminal.status("✓ Saved");
    terminal.shows("1–2: I said this · enter: finish · backspace: rate again");
    let after = terminal.now(|shown| shown.text());
    assert!(place(&after, "How did it go?") < place(&after, "Measured: "), "{after}");
    assert!(place(&after, "Measured: ") < place(&after, "A strong answer covers"), "{after}");
    assert!(after.contains("words a minute") && after.contains("a The payments rewrite"), "{after}");
    terminal.press("2");
    terminal.shows("✓ 2 Says what was the speaker's own part");
    terminal.press("a");
    terminal.shows("Story payments: saved.");
    terminal.stays_in_its_width();
    terminal.press("\r");
    let left = terminal.end();
    assert_eq!(left.status, 0);
    let review = home.review();
    let take = "takes/01-first-1.wav";
    let of = |list: &str, key: &str| {
        let entries = review[list].as_array().expect("a list");
        assert!(entries.iter().all(|entry| entry["take"] == take && entry["question"] == "first"), "{review}");
        entries.iter().map(|entry| entry[key].clone()).collect::<Vec<_>>()
    };
    assert_eq!(of("ratings", "rating"), [json!("good")]);
    assert_eq!(of("ticks", "points"), [json!(["own-part"])]);
    assert_eq!(of("told", "story"), [json!("payments")]);
}

#[test]
fn nobody_has_to_rate_and_a_second_take_is_rated_for_itself() {
    let home = Place::new();
    let mut terminal = home.rehearse(&["--rate", "--order", "listed", "--limit", "4s"]);
    terminal.shows("How did it go?");
    terminal.press("1");
    terminal.shows("Rated again: saved.");
    terminal.press("r");
    terminal.shows("in takes/01-first-2.wav");
    terminal.status("How did it go?");
    terminal.shows("1 again · 2 hard · 3 good · 4 easy · enter: ");
    terminal.press("\x7f4");
    terminal.shows("Rated easy: saved.");
    terminal.press("\x7f");
    terminal.status("How did it go?");
    terminal.shows("1 again · 2 hard · 3 good · 4 easy · enter: ");
    terminal.press("2");
    terminal.shows("Rated hard: saved.");
    terminal.press("\r");
    terminal.shows("What went badly?");
    terminal.shows("in takes/02-second-1.wav");
    terminal.status("How did it go?");
    terminal.shows("1 again · 2 hard · 3 good · 4 easy · enter: ");
    // An Enter that follows at once is taken for the one that ended the answer.
    while !terminal.now(|shown| shown.text().contains("2 of 2 questions answered")) {
        terminal.press("\r");
        std::thread::park_timeout(Duration::from_millis(200));
    }
    let left = terminal.end();
    assert_eq!(left.status, 0);
    let ratings: Vec<(Value, Value)> = home.review()["ratings"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|rating| (rating["take"].clone(), rating["rating"].clone()))
        .collect();
    let of = |take: &str, grade: &str| (json!(format!("takes/{take}.wav")), json!(grade));
    assert_eq!(ratings, [of("01-first-1", "again"), of("01-first-2", "easy"), of("01-first-2", "hard")]);
}

#[test]
fn a_screen_reader_is_told_in_sentences() {
    let home = Place::new();
    let mut terminal = home.rehearse(&["--question", "first", "--rate", "--plain"]);
    terminal.shows("press 1 for again, 2 for hard, 3 for good or 4 for easy");
    terminal.press("4\r");
    terminal.shows("Rated easy: saved.");
    terminal.shows("1. Gives the success a number");
    terminal.shows("a. The payments rewrite");
    terminal.press("1, 2\r");
    terminal.shows("2. You said this: Says what was the speaker's own part");
    terminal.press("a\r");
    terminal.shows("Story payments: saved.");
    terminal.press("\r");
    assert_eq!(terminal.end().status, 0);
    assert_eq!(home.review()["ticks"][1]["points"], json!(["measurable", "own-part"]));
}

#[test]
fn a_story_is_practised_against_the_questions_that_it_can_carry() {
    let home = Place::new();
    let mut terminal = home.rehearse(&["--story", "outage"]);
    terminal.shows("Question 1 of 1");
    terminal.shows("What went badly?");
    terminal.shows("How did it go?");
    // What is practised counts as told, unless the candidate says otherwise.
    terminal.shows("Story outage: saved.");
    terminal.press("a");
    terminal.shows("No story: saved.");
    terminal.press("3a");
    terminal.shows("Rated good: saved.");
    terminal.press("\r");
    assert_eq!(terminal.end().status, 0);
    let told = home.run(&["stories", "--bank", "nerves"]);
    let left = told.end();
    for line in [
        "1 of 3 wins, 1 of 2 lessons, 0 of 1 change: bring the rest before the interview.",
        "outage  The long outage (lesson, shows failure)",
        "told once, on 20",
        "  not told aloud yet: ",
        "Every question of nerves has a story.",
    ] {
        assert!(left.text.contains(line), "no {line:?} in\n{}", left.text);
    }
    let left = home.run(&["progress", "--bank", "nerves"]).end();
    for line in
        ["Your stories: 2 of the 6 to bring; 0 of 2 questions have none of them:", "not told aloud yet: payments"]
    {
        assert!(left.text.contains(line), "no {line:?} in\n{}", left.text);
    }
}

#[test]
fn a_story_is_told_without_a_terminal_too_and_a_rating_is_not_asked_of_nobody() {
    let home = Place::new();
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_greenroom"))
            .args(arguments)
            .env_clear()
            .env("GREENROOM_HOME", home.home())
            .current_dir(home.0.folder())
            .stdin(Stdio::null())
            .output()
            .expect("the program runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("it is text")
    };
    let said = run(&[
        "rehearse",
        "--bank",
        "nerves",
        "--story",
        "payments",
        "--rate",
        "--input",
        "wav:answer.wav",
        "--output",
        "none",
        "--no-voice",
        "--fast",
        "--limit",
        "9s",
    ]);
    assert!(said.contains("Note: --rate needs a terminal") && !said.contains("How did it go?"), "{said}");
    assert!(said.contains("Story payments: saved."), "{said}");
    assert_eq!(home.review()["told"][0]["story"], "payments");
    assert!(home.review()["ratings"].as_array().is_none_or(Vec::is_empty), "{}", home.review());
    let stories: Value =
        serde_json::from_str(&run(&["stories", "--bank", "nerves", "--json"])).expect("it is JSON and nothing else");
    assert_eq!((&stories["stories"][1]["told"], &stories["stories"][1]["told_at"]), (&json!(1), &json!(["first"])));
}
