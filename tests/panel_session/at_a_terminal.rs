//! A panel as a candidate sees and steers it: in a terminal, in real time.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::place::{Place, noise};
use crate::session::Session;
use crate::support::terminal::{Left, Terminal};

const USUAL: (u16, u16) = (80, 24);

/// Times so long that nothing goes on by itself while a test looks.
const FORMATS: &str = r#"
schema = 1
[[format]]
id = "tiny"
title = "Patient"
prep = "60s"
limit = "90s"
warn = "10s"
retakes = 0
gap = "50s"
"#;

/// A home in which the panel has all the time that a test may need.
fn patient() -> Place {
    let place = Place::new();
    place.write("home/questions/formats.toml", FORMATS);
    // A welcome and questions that take a minute to read.
    let welcome = format!("Welcome. {}", "Take your time. ".repeat(60));
    let duo = crate::place::DUO.replace("\"4m\"", "\"40m\"").replace("\"2s\"", "\"5s\"").replace("\"40s\"", "\"4m\"");
    place.panel("duo", &duo.replace("Welcome. Let us begin.", welcome.trim_end()));
    let bank = fs::read_to_string(place.path("home/questions/tiny.toml")).expect("the test wrote it");
    let long = |prompt: &str| format!("{prompt} {}", "a ".repeat(150).trim_end());
    let bank = ["What brought you here?", "Can you say more?", "Whom did you lead?"]
        .iter()
        .fold(bank, |bank, prompt| bank.replace(prompt, &long(prompt)));
    place.write("home/questions/tiny.toml", &bank);
    let bytes: Vec<u8> = noise(60 * 48_000).iter().flat_map(|sample| sample.to_le_bytes()).collect();
    fs::write(place.path("mic.pcm"), bytes).expect("a file can be written");
    place
}

fn starts(place: &Place, arguments: &[&str], size: (u16, u16)) -> Terminal {
    let (program, home) = (Path::new(env!("CARGO_BIN_EXE_greenroom")), place.path("home"));
    let environment = [("GREENROOM_HOME", home.to_str().expect("a temporary folder has a plain name"))];
    Terminal::start(program, arguments, &environment, &place.path(""), size)
}

/// Sits down in front of `duo`, without a voice.
fn sits(place: &Place, size: (u16, u16)) -> Terminal {
    starts(place, &["panel", "duo", "--seed", "3", "--no-voice", "--input", "pcm:mic.pcm", "--output", "none"], size)
}

fn session(place: &Place) -> Session {
    let mut folders = fs::read_dir(place.path("home/recordings")).expect("there are recordings").flatten();
    Session::read(&folders.next().expect("there is a session").path())
}

/// The clock in a line that stands before or after these words, in seconds.
fn clock(line: &str, words: &str) -> Option<u64> {
    let (before, after) = line.split_once(words)?;
    let near = [before.split_whitespace().next_back(), after.split_whitespace().next()];
    let (minutes, seconds) = near.into_iter().flatten().find_map(|word| word.split_once(':'))?;
    Some(minutes.parse::<u64>().ok()? * 60 + seconds.parse::<u64>().ok()?)
}

/// What is left of the session.
fn left(terminal: &Terminal) -> u64 {
    terminal.wait("what is left of the session", |shown| {
        shown.rows().iter().rev().find_map(|row| clock(row, " left in all"))
    })
}

/// Waits until the status line begins so, with at most so much left of what it counts down.
fn counts_down(terminal: &Terminal, begins: &str, at_most: u64) {
    terminal.wait(&format!("{begins} {at_most} s"), |shown| {
        let status = shown.status();
        let left = clock(&status, begins).filter(|left| status.starts_with(begins) && *left <= at_most);
        left.map(|_| ())
    });
}

/// Goes from the welcome to the first question, passing over what is said before it.
fn hears_the_first_question(terminal: &mut Terminal) {
    terminal.wait("who speaks", |shown| shown.text().contains("Host · ").then_some(()));
    terminal.status("≡ Read");
    terminal.press("k");
    terminal.shows("a a a a");
    terminal.status("≡ Read");
}

/// How many lines of the journal tell of this.
fn told(place: &Place, event: &str) -> usize {
    session(place).events(event).len()
}

/// Waits until the journal tells so often of this.
#[track_caller]
fn is_told(place: &Place, event: &str, times: usize) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while told(place, event) < times {
        assert!(Instant::now() < deadline, "{event} is told of {} times", told(place, event));
        thread::park_timeout(Duration::from_millis(20));
    }
}

/// Lets time pass, where it is the time that is looked at.
fn rest(time: Duration) {
    let until = Instant::now() + time;
    while let Some(left) = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
        thread::park_timeout(left);
    }
}

fn quits(mut terminal: Terminal) -> Left {
    terminal.stays_in_its_width();
    // In an answer it is to be pressed twice; the session may be over by the second.
    terminal.press("qq");
    let left = terminal.end();
    assert_eq!(left.status, 0);
    assert_eq!(left.modes.0, left.modes.1, "the terminal is as it was");
    left
}

#[test]
fn who_asks_and_what_is_left_of_the_session_is_on_the_screen() {
    for size in [USUAL, (40, 10)] {
        let place = patient();
        let mut terminal = sits(&place, size);
        terminal.status("≡ Read");
        let before = left(&terminal);
        assert!((39 * 60..=40 * 60).contains(&before), "{before}");
        hears_the_first_question(&mut terminal);
        terminal.press("\r");
        counts_down(&terminal, "… Think", 59);
        assert!(left(&terminal) <= before);
        terminal.press("\r");
        counts_down(&terminal, "● Answer", 88);
        assert!(terminal.now(|shown| !shown.text().contains("left in all")), "nothing distracts while one answers");
        terminal.press("\r");
        terminal.status("✓ Saved");
        assert!(left(&terminal) <= before, "the session's time goes on while one answers");
        terminal.stays_in_its_width();
        quits(terminal);
        let session = session(&place);
        assert_eq!((&session.manifest["outcome"], &session.turns()[0]["state"]), (&"quit".into(), &"answered".into()));
    }
}

#[test]
fn an_answer_that_is_ended_early_is_short_and_asked_about_once_more() {
    let place = patient();
    let mut terminal = sits(&place, USUAL);
    hears_the_first_question(&mut terminal);
    terminal.press("\r");
    terminal.status("… Think");
    terminal.press("\r");
    counts_down(&terminal, "● Answer", 88);
    terminal.press("\r");
    terminal.status("✓ Saved");
    terminal.press("\r");
    // Where words lead to the follow-up, they are read first.
    terminal.wait("the follow-up", |shown| {
        let text = shown.text();
        (text.contains("Can you say more?") || text.contains("Host:")).then_some(())
    });
    while !terminal.now(|shown| shown.text().contains("Can you say more?")) {
        terminal.press("\r");
        terminal.wait("what is said next", |shown| shown.text().contains("Can you say more?").then_some(()));
    }
    terminal.shows("follow-up");
    quits(terminal);
    let session = session(&place);
    assert_eq!(session.questions(), ["path", "path/more"].map(str::to_owned));
    assert_eq!(session.take(0)["end"], "done");
}

#[test]
fn the_keys_do_in_a_remark_what_they_say() {
    let place = patient();
    let mut terminal = sits(&place, USUAL);
    terminal.shows("Host:");
    terminal.status("≡ Read");
    terminal.press("?");
    terminal.shows("Keys:");
    // Neither of these means anything in a remark.
    terminal.press("s");
    terminal.press("r");
    terminal.press("p");
    terminal.status("‖ Paused");
    terminal.shows("Paused. Press p to go on.");
    let paused = left(&terminal);
    terminal.press("k");
    terminal.shows("Paused: press p to go on first.");
    rest(Duration::from_millis(2_200));
    assert_eq!(left(&terminal), paused, "nobody's time passes in a pause");
    terminal.press("p");
    terminal.shows("Going on.");
    terminal.status("≡ Read");
    assert!(left(&terminal) + 1 >= paused, "what is said once more costs nothing twice");
    // What was being said is said once more and told once, and enter ends that remark and no other.
    is_told(&place, "remark", 1);
    terminal.press("\r");
    is_told(&place, "remark", 2);
    assert_eq!(told(&place, "speak"), 0);
    terminal.press("k");
    terminal.shows("Host, question 1");
    quits(terminal);
    let session = session(&place);
    assert_eq!(session.manifest["outcome"], "quit");
    assert_eq!((session.events("held").len(), session.events("released").len()), (1, 1));
    let clock = session.turns()[0]["clock_s"].as_f64().expect("a number");
    assert!(clock < 0.01, "the first question was put at the start: {clock}");
}

#[test]
fn a_question_is_said_again_as_long_as_there_is_time_for_it() {
    let place = patient();
    // So short a session that what it must ask fills it; only what is said before the first question is quicker.
    let panel = crate::place::DUO.replace("\"4m\"", "\"40m\"").replace("\"2s\"", "\"5s\"").replace("\"40s\"", "\"4m\"");
    place.panel("duo", &panel);
    let refused = crate::place::said(&place.run(&["panel", "duo", "--length", "1m", "--dry-run"]));
    let length = refused.split("it needs ").nth(1).and_then(|rest| rest.split(" at least").next());
    let length = length.unwrap_or_else(|| panic!("it says how long would do: {refused}"));
    let more = ["--no-voice", "--input", "pcm:mic.pcm", "--output", "none"];
    let mut terminal =
        starts(&place, &[&["panel", "duo", "--seed", "3", "--length", length], &more[..]].concat(), USUAL);
    terminal.wait("who speaks", |shown| shown.text().contains("Host · ").then_some(()));
    terminal.press("k");
    terminal.shows("What brought you here?");
    terminal.press("\r");
    counts_down(&terminal, "… Think", 60);
    terminal.press("s");
    is_told(&place, "speak", 2);
    terminal.status("≡ Read");
    terminal.press("\r");
    // The time to think goes on, and with it that of the block.
    counts_down(&terminal, "… Think", 33);
    terminal.press("s");
    terminal.shows("Note: There is no time left to say it again: the question is above.");
    terminal.status("… Think");
    quits(terminal);
    assert_eq!(told(&place, "speak"), 2);
}

#[test]
fn a_session_that_was_left_in_the_middle_goes_on_with_its_question() {
    let place = patient();
    let mut terminal = sits(&place, USUAL);
    hears_the_first_question(&mut terminal);
    terminal.press("\r");
    terminal.status("… Think");
    terminal.press("\r");
    counts_down(&terminal, "● Answer", 88);
    quits(terminal);
    let before = session(&place);
    assert_eq!((&before.manifest["outcome"], &before.take(0)["end"]), (&"quit".into(), &"quit".into()));

    let mut terminal = starts(&place, &["resume", "--no-voice", "--input", "pcm:mic.pcm", "--output", "none"], USUAL);
    terminal.status("≡ Read");
    terminal.press("\r");
    terminal.shows("What brought you here? a");
    terminal.status("≡ Read");
    terminal.press("\r");
    terminal.status("… Think");
    terminal.press("\r");
    counts_down(&terminal, "● Answer", 88);
    terminal.press("\r");
    terminal.status("✓ Saved");
    quits(terminal);
    let after = session(&place);
    assert_eq!(after.turns()[0]["prompt"], before.turns()[0]["prompt"]);
    let ends: Vec<&str> =
        after.turns()[0]["takes"].as_array().expect("takes").iter().filter_map(|t| t["end"].as_str()).collect();
    assert_eq!(ends, ["quit", "done"]);
}
