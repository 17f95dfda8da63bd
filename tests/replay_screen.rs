//! Listening again: the real program in a terminal, in real time, without a sound server.
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
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use support::nerves;
use support::spoken::{Form, sound_of, voice};
use support::terminal::{Left, Shown, Terminal};

/// A terminal as most people have it.
const USUAL: (u16, u16) = (80, 24);

/// Ctrl-C.
const INTERRUPT: &str = "\x03";

const ESCAPE: &str = "\x1b";
const LEFT: &str = "\x1b[D";
const RIGHT: &str = "\x1b[C";
const UP: &str = "\x1b[A";
const DOWN: &str = "\x1b[B";

/// What nobody shows before the rating.
const UNSEEN: [&str; 5] = ["Measured", "words a minute", "Gives the success a number", "To keep", "We halved"];

/// A home with sessions to listen to.
struct Place(nerves::Place);

impl Place {
    /// With a session of both questions, answers of 24 seconds.
    fn new() -> Place {
        let bank = nerves::bank("What went well? 何がうまくいきましたか。", "What went badly? מה השתבש?");
        let place = Place(nerves::Place::new(&bank, 30.0));
        place.rehearse("24s");
        place
    }

    /// Records a session without a terminal.
    fn rehearse(&self, limit: &str) {
        let usual = ["rehearse", "--bank", "nerves", "--order", "listed", "--no-voice", "--prep", "0s"];
        let ends = ["--limit", limit, "--input", "wav:answer.wav", "--output", "none", "--fast"];
        let output = self.0.command(&[&usual[..], &ends].concat()).output().expect("the program runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn home(&self) -> PathBuf {
        self.0.home()
    }

    fn run(&self, arguments: &[&str], environment: &[(&str, &str)], size: (u16, u16)) -> Terminal {
        self.0.run(arguments, environment, size)
    }

    fn replay(&self, more: &[&str]) -> Terminal {
        self.run(&[&["replay", "--output", "none"], more].concat(), &[], USUAL)
    }

    fn sessions(&self) -> Vec<PathBuf> {
        self.0.sessions()
    }

    fn review(&self) -> Value {
        self.0.json("review.json")
    }
}

/// The row that says where the sound is.
fn status(shown: &Shown<'_>) -> Option<String> {
    let is = |row: &String| ["▶ ", "‖ ", "■ "].iter().any(|sign| row.starts_with(sign));
    shown.rows().into_iter().find(is)
}

/// Where the sound is, in seconds.
fn at(shown: &Shown<'_>) -> Option<u64> {
    let status = status(shown)?;
    let (minutes, seconds) = status.split(' ').nth(1)?.split_once(':')?;
    Some(minutes.parse::<u64>().ok()? * 60 + seconds.parse::<u64>().ok()?)
}

/// Waits until the sound is where it is wanted.
#[track_caller]
fn comes_to(terminal: &Terminal, wanted: std::ops::RangeInclusive<u64>) -> u64 {
    terminal.wait(&format!("{wanted:?}"), |shown| at(shown).filter(|at| wanted.contains(at)))
}

/// Waits until the row that says where the sound is has this in it.
#[track_caller]
fn tells(terminal: &Terminal, text: &str) {
    terminal.wait(text, |shown| status(shown).filter(|status| status.contains(text)).map(|_| ()));
}

/// The terminal is as it was before the program.
#[track_caller]
fn as_it_was(left: &Left) {
    assert_eq!(left.modes.1, left.modes.0);
    assert!(left.modes.1.echo() && left.modes.1.canonical());
    assert!(!left.cursor_hidden, "the cursor is hidden");
    assert!(!left.alternate, "what stood there before comes back");
}

#[test]
fn arrows_step_and_letters_change_what_is_heard() {
    let place = Place::new();
    let mut terminal = place.replay(&["--answers-only"]);
    tells(&terminal, "▶");
    assert!(terminal.now(|shown| shown.is_alternate()));
    comes_to(&terminal, 1..=9);
    terminal.press(" ");
    tells(&terminal, "‖");
    let paused = terminal.now(at).expect("it is somewhere");
    for (key, sign) in [("+", "×1.25"), ("+", "×1.5"), ("-", "×1.25"), ("-", "×1")] {
        terminal.press(key);
        terminal.wait(sign, |shown| status(shown).filter(|status| status.ends_with(sign)).map(|_| ()));
        assert_eq!(terminal.now(at), Some(paused), "it stands still");
    }
    let steps = [(RIGHT, 1), (UP, 6), (".", 11), ("\x1b[1;2C", 16), (">", 17), ("<", 16), (DOWN, 11), (",", 6)];
    for (key, to) in steps.into_iter().chain([("\x1b[1;2D", 1), (LEFT, 0)]) {
        terminal.press(key);
        comes_to(&terminal, paused + to..=paused + to);
        tells(&terminal, "‖");
    }
    terminal.press("\x1b[H");
    comes_to(&terminal, 0..=0);
    // Speech goes on at 0.6, 4.6, 8.6 s and so on; with a breath before it.
    for (key, to) in [("]", 0), ("]", 4), ("\x1b[1;5C", 8), ("\x1b[1;3C", 12), ("[", 8), ("\x1b[1;5D", 4)] {
        terminal.press(key);
        comes_to(&terminal, to..=to);
    }
    terminal.press(" ");
    tells(&terminal, "▶");
    comes_to(&terminal, 5..=20);
    terminal.press("s");
    tells(&terminal, "silence left out");
    terminal.press("n");
    terminal.shows("What went badly?");
    terminal.press("p");
    terminal.shows("What went well?");
    terminal.stays_in_its_width();
    terminal.press("q");
    let left = terminal.end();
    assert_eq!(left.status, 0);
    as_it_was(&left);
}

#[test]
fn a_loop_is_shown_heard_and_left() {
    let place = Place::new();
    let mut terminal = place.replay(&["--answers-only", "--skip-silence"]);
    tells(&terminal, "▶");
    terminal.press(" ");
    tells(&terminal, "‖");
    terminal.press("\x1b[H");
    comes_to(&terminal, 0..=0);
    terminal.press("ba");
    tells(&terminal, "loop from 0:00.0, b ends it");
    terminal.press("b");
    terminal.shows("A loop ends after its beginning");
    terminal.press(">>b");
    tells(&terminal, "loop 0:00.0 to 0:02.0");
    tells(&terminal, "▶");
    // It comes round: what is behind the end was never heard.
    comes_to(&terminal, 1..=1);
    comes_to(&terminal, 0..=0);
    comes_to(&terminal, 1..=1);
    terminal.press(ESCAPE);
    terminal.shows("No loop.");
    comes_to(&terminal, 3..=23);
    terminal.now(|shown| assert!(!status(shown).expect("a status").contains("loop"), "{}", shown.text()));
    terminal.press("q");
    assert_eq!(terminal.end().status, 0);
}

#[test]
fn the_rating_is_blind_then_come_the_measures_and_the_points() {
    let place = Place::new();
    let mut terminal = place.replay(&["--answers-only", "--speed", "3"]);
    // Heard to its end, it waits for the rating.
    tells(&terminal, "■ 0:24 of 0:24");
    terminal.shows("How did it go?");
    terminal.now(|shown| UNSEEN.iter().for_each(|unseen| assert!(!shown.text().contains(unseen), "{}", shown.text())));
    terminal.press("c");
    terminal.shows("The model answer comes after your rating.");
    terminal.press("2");
    terminal.shows("Rated hard: saved.");
    assert_eq!(place.review()["ratings"][0]["rating"], "hard", "on the disk when it is said");
    terminal.shows("Measured: ");
    terminal.shows("  2 Says what was the speaker's own part");
    terminal.press("1");
    terminal.shows("✓ 1 Gives the success a number");
    terminal.press("\x7f");
    terminal.shows("Rate it again");
    terminal.now(|shown| UNSEEN.iter().for_each(|unseen| assert!(!shown.text().contains(unseen), "{}", shown.text())));
    terminal.press("3");
    terminal.shows("Rated good: saved.");
    terminal.shows("✓ 1 Gives the success a number");
    tells(&terminal, "■ 0:24 of 0:24");
    terminal.press("\r");
    terminal.shows("What went badly?");
    let file = place.sessions()[0].join("review.json");
    fs::write(&file, "{").expect("it can be damaged");
    terminal.press("4");
    terminal.shows("Rated easy: saved. What was said before could not be read and is kept as");
    assert_eq!(fs::read(file.with_extension("json.aside")).expect("it is kept"), b"{");
    fs::write(&file, "{\"schema\":2}").expect("a newer greenroom can write it");
    terminal.press("\x7f2");
    terminal.shows("Not rated:");
    assert_eq!(fs::read(&file).expect("it is left alone"), b"{\"schema\":2}");
    terminal.stays_in_its_width();
    terminal.press("q");
    assert_eq!(terminal.end().status, 0);
}

#[test]
fn marks_and_counted_fillers_are_kept_and_a_note_is_not_lost_by_one_key() {
    let place = Place::new();
    let mut terminal = place.replay(&["--answers-only"]);
    tells(&terminal, "▶");
    terminal.press(" ");
    tells(&terminal, "‖");
    terminal.press("\x1b[H..");
    comes_to(&terminal, 10..=10);
    // What is typed is a note and nothing else; the sound may go on meanwhile.
    terminal.press("mquite long");
    terminal.shows("Note at 0:10: quite long");
    terminal.press(ESCAPE);
    terminal.shows("esc again discards the note");
    terminal.press("?");
    terminal.shows("Note at 0:10: quite long?");
    terminal.press("\x7f 失敗\r");
    terminal.shows("Marked at 10 seconds.");
    terminal.shows("◆ 0:10 quite long 失敗");
    terminal.press("mno");
    terminal.shows("Note at 0:10: no");
    terminal.press(ESCAPE);
    terminal.shows("esc again discards the note");
    terminal.press(ESCAPE);
    terminal.shows("Nothing is marked.");
    terminal.press(".fff");
    tells(&terminal, "3 fillers counted");
    terminal.press("F");
    tells(&terminal, "2 fillers counted");
    terminal.press("m\r");
    terminal.shows("Marked at 15 seconds.");
    terminal.press("\x1b[HM");
    comes_to(&terminal, 10..=10);
    terminal.press("M");
    comes_to(&terminal, 15..=15);
    terminal.press("nFm");
    terminal.shows("Note at 0:0");
    terminal.press("\rq");
    assert_eq!(terminal.end().status, 0);
    let review = place.review();
    let notes: Vec<(&Value, &Value)> =
        review["notes"].as_array().expect("a list").iter().map(|note| (&note["file"], &note["text"])).collect();
    let (first, second) = (json!("takes/01-first-1.wav"), json!("takes/02-second-1.wav"));
    assert_eq!(notes, [(&first, &json!("quite long 失敗")), (&first, &json!("")), (&second, &json!(""))]);
    assert_eq!(review["notes"][0]["at_s"], 10.0);
    let counted = review["taps"].as_array().expect("a list").iter().filter(|tap| tap["taken_back"].is_null());
    assert_eq!(counted.map(|tap| &tap["at_s"]).collect::<Vec<_>>(), [&json!(15.0), &json!(15.0)]);
    // They are there the next time.
    let mut terminal = place.replay(&["latest", "1", "--answers-only"]);
    tells(&terminal, "2 fillers counted");
    terminal.shows("0:10 quite long 失敗");
    terminal.press("q");
    assert_eq!(terminal.end().status, 0);
}

#[test]
fn a_note_that_is_typed_when_the_program_is_ended_is_kept() {
    let place = Place::new();
    let mut terminal = place.replay(&["--answers-only"]);
    tells(&terminal, "▶");
    terminal.press("mhalf a thou");
    terminal.shows("half a thou");
    terminal.press(INTERRUPT);
    let left = terminal.end();
    assert_eq!(left.status, 130);
    as_it_was(&left);
    assert_eq!(place.review()["notes"][0]["text"], "half a thou");
}

#[test]
fn a_note_is_of_the_answer_at_which_it_was_begun_though_that_is_over_meanwhile() {
    let place = Place::new();
    place.rehearse("6s");
    let mut terminal = place.replay(&["--answers-only", "--speed", "0.5"]);
    tells(&terminal, "▶");
    terminal.press("3");
    terminal.shows("Rated good: saved.");
    // What was rated before goes on to the next by itself.
    terminal.press("np");
    terminal.shows("What went well?");
    terminal.press(".m");
    terminal.shows("Note at 0:05");
    terminal.press("at its end");
    tells(&terminal, "■ 0:06 of 0:06");
    terminal.now(|shown| assert!(shown.text().contains("What went well?"), "{}", shown.text()));
    terminal.press("\r");
    terminal.shows("Marked at 5 seconds.");
    terminal.shows("What went badly?");
    terminal.press("q");
    assert_eq!(terminal.end().status, 0);
    let newest = place.sessions().pop().expect("two sessions");
    let review = fs::read(newest.join("review.json")).expect("it was written");
    let review: Value = serde_json::from_slice(&review).expect("it is JSON");
    let note = &review["notes"][0];
    assert_eq!((&note["file"], &note["text"]), (&json!("takes/01-first-1.wav"), &json!("at its end")));
}

#[test]
fn who_leaves_is_not_kept_by_a_disk_that_hangs() {
    let place = Place::new();
    let mut terminal = place.replay(&["--answers-only"]);
    tells(&terminal, "▶");
    // Each of these would wait three seconds for whoever has the review.
    let lock = fs::File::create(place.sessions()[0].join("review.lock")).expect("it can be made");
    lock.lock().expect("nobody has it");
    for _ in 0..8 {
        terminal.press("fm\r");
    }
    terminal.shows("Marked at ");
    let began = std::time::Instant::now();
    terminal.press(INTERRUPT);
    let left = terminal.end();
    assert!(began.elapsed() < std::time::Duration::from_secs(12), "{:?}", began.elapsed());
    assert_eq!(left.status, 130);
    as_it_was(&left);
}

#[test]
fn the_list_has_every_session_and_answer_and_plays_what_is_chosen() {
    let place = Place::new();
    place.rehearse("9s");
    let mut terminal = place.replay(&["--answers-only"]);
    tells(&terminal, "of 0:09");
    terminal.press("3");
    terminal.shows("Rated good: saved.");
    terminal.press("l");
    terminal.shows("Sessions");
    terminal.shows("1 first");
    terminal.wait("a rating, and what was not rated", |shown| {
        let rows = shown.rows();
        let first = rows.iter().find(|row| row.contains("1 first"))?;
        let second = rows.iter().find(|row| row.contains("2 second"))?;
        let told = first.contains("0:09  good") && first.contains("words a minute");
        (told && second.contains("not rated yet") && !second.contains("words")).then_some(())
    });
    // Down over the two answers to the older session, and into it.
    terminal.press(&format!("{DOWN}{DOWN}\r"));
    terminal.wait("the older session is opened", |shown| {
        let rows = shown.rows();
        rows.iter().find(|row| row.contains("2 second") && row.contains("0:24")).map(|_| ())
    });
    terminal.press(&format!("{DOWN}{DOWN}\r"));
    terminal.shows("What went badly?");
    tells(&terminal, "of 0:24");
    terminal.press("\t");
    terminal.shows("Sessions");
    terminal.press(ESCAPE);
    tells(&terminal, "of 0:24");
    terminal.press("p");
    terminal.press("p");
    terminal.shows("What went well?");
    terminal.stays_in_its_width();
    terminal.press("q");
    assert_eq!(terminal.end().status, 0);
}

#[test]
fn on_a_wide_terminal_the_list_stands_beside_the_answer() {
    let place = Place::new();
    let mut terminal = place.run(&["replay", "--output", "none", "--answers-only"], &[], (140, 40));
    terminal.shows("▾ 20");
    terminal.shows("1 first");
    terminal.shows("How did it go?");
    terminal.resize(60, 15);
    terminal.wait("the answer alone", |shown| {
        (!shown.text().contains("Sessions") && shown.text().contains("How did it go?")).then_some(())
    });
    terminal.resize(20, 5);
    terminal.wait("what matters most", |shown| {
        (shown.rows().len() == 5 && status(shown).is_some() && shown.text().contains("Rate it: 1 to 4")).then_some(())
    });
    terminal.press("?");
    terminal.shows("Keys");
    terminal.press("?");
    tells(&terminal, "▶");
    terminal.resize(300, 100);
    terminal.shows("Sessions");
    terminal.press("q");
    let left = terminal.end();
    assert_eq!(left.status, 0);
    as_it_was(&left);
}

#[test]
fn the_smallest_terminal_has_what_matters() {
    let place = Place::new();
    let mut terminal = place.run(&["replay", "--output", "none", "--answers-only"], &[], (20, 5));
    terminal.shows("Rate it: 1 to 4");
    terminal.press("1");
    terminal.shows("Rated again, 0 of 2");
    terminal.press("2");
    terminal.shows("Rated again, 1 of 2");
    terminal.press("mnote\r");
    terminal.press("l");
    terminal.shows("▶ 1");
    terminal.press("l");
    tells(&terminal, "▶");
    terminal.stays_in_its_width();
    terminal.press("q");
    assert_eq!(terminal.end().status, 0);
    assert_eq!(place.review()["ratings"][0]["rating"], "again");
    assert_eq!(place.review()["notes"][0]["text"], "note");
}

#[test]
fn the_first_take_the_newest_and_the_model_answer_are_heard_in_turn() {
    let place = Place::new();
    place.rehearse("9s");
    place.rehearse("6s");
    let aside = tempfile::tempdir().expect("a temporary folder");
    let temporary = aside.path().to_string_lossy().into_owned();
    let usual = ["replay", "--output", "none", "--answers-only"];
    let mut terminal = place.run(&usual, &[("TMPDIR", &temporary)], USUAL);
    tells(&terminal, "of 0:06");
    terminal.press("c");
    terminal.shows("The first take: take 1 of");
    // Nobody hears the model answer before the rating.
    terminal.shows("The model answer comes after your rating.");
    tells(&terminal, "of 0:24");
    terminal.press("c");
    terminal.shows("The newest take: take 1 of");
    tells(&terminal, "of 0:06");
    terminal.press("c");
    tells(&terminal, "of 0:24");
    terminal.press("c");
    tells(&terminal, "of 0:06");
    terminal.press("4");
    terminal.shows("Rated easy: saved.");
    terminal.press("c");
    terminal.shows("The model answer");
    terminal.shows("We halved the time.");
    terminal.shows("Asked: ");
    tells(&terminal, "▶ ");
    // A program that is killed now leaves nothing of it behind.
    let left: Vec<_> = fs::read_dir(aside.path()).expect("it is there").collect();
    assert!(left.is_empty(), "{left:?}");
    terminal.press("m");
    terminal.shows("This is the model answer: nothing is kept of it.");
    terminal.press("c");
    terminal.shows("The first take: take 1 of");
    terminal.press(ESCAPE);
    terminal.shows("Your answer, take 1 of 1");
    terminal.press("q");
    assert_eq!(terminal.end().status, 0);
    let newest = place.sessions().pop().expect("three sessions");
    assert!(newest.join("review.json").exists(), "the rating is of the take that was heard");
}

#[test]
fn any_wav_file_is_played_and_nothing_is_kept_of_it() {
    let place = Place::new();
    let forms = [(1, 1, 8_000, 8), (1, 2, 44_100, 16), (1, 6, 96_000, 24), (1, 1, 11_025, 32), (3, 2, 192_000, 32)];
    for (tag, channels, rate, bits) in forms {
        let form = Form { tag, channels, rate, bits };
        let sound = sound_of(voice(rate, 3.0).into_iter().flat_map(|s| vec![s; usize::from(channels)]), form);
        let file = [form.header(sound.len() as u32), sound].concat();
        fs::write(place.0.folder().join("talk.wav"), file).expect("it can be written");
        let mut terminal = place.replay(&["talk.wav"]);
        terminal.shows("talk.wav");
        tells(&terminal, "of 0:03");
        for key in ["3", "m", "f"] {
            terminal.press(key);
            terminal.shows("This file is no answer of a session: nothing is kept of it.");
        }
        terminal.press("l");
        terminal.shows("there is no list");
        tells(&terminal, "■ 0:03 of 0:03");
        terminal.press("q");
        assert_eq!(terminal.end().status, 0);
    }
    fs::write(place.0.folder().join("talk.wav"), "no sound").expect("it can be written");
    let left = place.replay(&["talk.wav"]).end();
    assert_eq!(left.status, 1, "{}", left.text);
    let left = place.replay(&["talk.wav", "2"]).end();
    assert_eq!(left.status, 2, "{}", left.text);
}

#[test]
fn what_is_played_has_an_outline_and_where_it_cannot_be_measured_that_is_said() {
    let place = Place::new();
    for rate in [2_000, 768_000] {
        let form = Form { tag: 1, channels: 1, rate, bits: 16 };
        let sound = sound_of((0..3 * rate).map(|n| if n % 8 < 4 { 0.5 } else { -0.5 }), form);
        let file = [form.header(sound.len() as u32), sound].concat();
        fs::write(place.0.folder().join("talk.wav"), file).expect("it can be written");
        let mut terminal = place.replay(&["talk.wav"]);
        tells(&terminal, "of 0:03");
        terminal.wait("its outline", |shown| {
            let unknown = shown.rows().iter().any(|row| row.contains("╌╌"));
            let drawn = shown.rows().iter().any(|row| row.contains(|c| ('\u{2801}'..='\u{28FF}').contains(&c)));
            (drawn && !unknown).then_some(())
        });
        terminal.press("s");
        terminal.shows("No silence is left out: ");
        terminal.press("]");
        terminal.shows("Its pauses are not known: ");
        terminal.press("q");
        assert_eq!(terminal.end().status, 0);
    }
}

#[test]
fn no_color_draws_without_paint() {
    let place = Place::new();
    let mut painted = place.run(&["replay", "--output", "none"], &[], USUAL);
    let mut bare = place.run(&["replay", "--output", "none"], &[("NO_COLOR", "1")], USUAL);
    for terminal in [&mut painted, &mut bare] {
        terminal.shows("How did it go?");
        terminal.press("mnote");
        terminal.shows("Note at");
        terminal.press("\rl");
        terminal.shows("Sessions");
        terminal.press("q");
    }
    let (painted, bare) = (painted.end(), bare.end());
    let paints = |bytes: &[u8]| {
        let codes = bytes.split(|byte| *byte == 0x1b).skip(1);
        codes.filter(|code| code.iter().find(|byte| byte.is_ascii_alphabetic()) == Some(&b'm')).count()
    };
    assert_eq!(paints(&bare.bytes), 0, "{:?}", String::from_utf8_lossy(&bare.bytes));
    assert!(paints(&painted.bytes) > 10);
}

#[test]
fn however_it_is_ended_the_terminal_comes_back() {
    let place = Place::new();
    for signal in [None, Some(libc::SIGTERM), Some(libc::SIGHUP), Some(libc::SIGINT)] {
        let mut terminal = place.replay(&[]);
        terminal.shows("How did it go?");
        match signal {
            None => terminal.press(INTERRUPT),
            Some(signal) => terminal.signal(signal),
        }
        let left = terminal.end();
        assert_eq!(left.status, 130, "{signal:?}");
        as_it_was(&left);
    }
    let terminal = place.replay(&[]);
    terminal.shows("How did it go?");
    assert_eq!(terminal.hang_up(), 130);
    let home = place.home();
    let environment = [("GREENROOM_HOME", home.to_str().expect("a temporary folder has a plain name"))];
    let program = Path::new(env!("CARGO_BIN_EXE_greenroom"));
    let arguments = ["replay", "--output", "none"];
    let terminal = Terminal::start_unsignalled(program, &arguments, &environment, place.0.folder(), USUAL);
    terminal.shows("How did it go?");
    assert_eq!(terminal.hang_up(), 130);
}

#[test]
fn a_terminal_that_takes_nothing_does_not_stop_the_sound() {
    let place = Place::new();
    let mut terminal = place.run(&["replay", "--answers-only", "--output", "wav:heard.wav"], &[], USUAL);
    tells(&terminal, "▶");
    let heard = place.0.folder().join("heard.wav");
    let size = || fs::metadata(&heard).map_or(0, |there| there.len());
    terminal.stop(true);
    let before = size();
    let patience = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while size() < before + 48_000 * 2 * 3 {
        assert!(std::time::Instant::now() < patience, "the sound waits for the terminal");
        std::thread::park_timeout(std::time::Duration::from_millis(50));
    }
    terminal.stop(false);
    comes_to(&terminal, 3..=24);
    terminal.press("q");
    assert_eq!(terminal.end().status, 0);
}

#[test]
fn a_screen_reader_is_told_in_sentences_and_typed_lines_are_commands() {
    let place = Place::new();
    let mut terminal = place.run(&["replay", "--plain", "--output", "none"], &[], (80, 60));
    terminal.shows("Type ? and Enter for what can be typed");
    terminal.shows("What went well?");
    terminal.shows("Your answer, take 1 of 1");
    assert!(terminal.modes().echo() && terminal.modes().canonical(), "nothing is taken from the terminal");
    terminal.press("\n");
    terminal.shows("Paused at ");
    for (line, told) in [
        ("g 0:10", "At 10 seconds."),
        (".", "At 15 seconds."),
        ("<", "At 14 seconds."),
        ("+", "1.25 times as fast as it was said."),
        ("m too long", "Marked at 14 seconds."),
        ("f", "1 filler counted."),
        ("F", "The filler at 14 seconds is taken back: no filler counted."),
        ("t", "Question 1 of 2. Your answer, take 1 of 1: at 14 seconds of 24 seconds."),
        ("l", "2. Question 2 of 2: second, 24 seconds, not rated yet."),
        ("what", "Enter alone pauses and goes on."),
        ("a", "The loop begins at 14 seconds; b ends it."),
        ("a", "No loop."),
    ] {
        terminal.press(&format!("{line}\n"));
        terminal.shows(told);
    }
    terminal.now(|shown| UNSEEN.iter().for_each(|unseen| assert!(!shown.text().contains(unseen), "{}", shown.text())));
    terminal.press("2\n");
    terminal.shows("Rated hard: saved.");
    terminal.shows("Measured: ");
    terminal.shows("2. Says what was the speaker's own part");
    terminal.press("1, 2\n");
    terminal.shows("1. You said this: Gives the success a number");
    terminal.press("l 2\n");
    terminal.shows("Question 2 of 2");
    terminal.press("q\n");
    let left = terminal.end();
    assert_eq!(left.status, 0);
    assert_eq!(left.modes.1, left.modes.0);
    assert!(!left.bytes.contains(&0x1b), "{:?}", String::from_utf8_lossy(&left.bytes));
    let after = left.text.rfind("Measured").expect("it was measured");
    assert!(left.text.find("Rated hard").expect("it was rated") < after, "{}", left.text);
    let review = place.review();
    assert_eq!((&review["notes"][0]["text"], &review["notes"][0]["at_s"]), (&json!("too long"), &json!(14.0)));
    assert_eq!(review["ticks"][1]["points"], json!(["measurable", "own-part"]));
}

#[test]
fn where_nobody_types_all_is_played_and_nothing_is_asked() {
    let place = Place::new();
    place.rehearse("6s");
    let run = |more: &[&str]| {
        let _ = fs::remove_file(place.0.folder().join("heard.wav"));
        let output = Command::new(env!("CARGO_BIN_EXE_greenroom"))
            .args([&["replay", "--output", "wav:heard.wav", "--fast"], more].concat())
            .env_clear()
            .env("GREENROOM_HOME", place.home())
            .current_dir(place.0.folder())
            .stdin(Stdio::null())
            .output()
            .expect("the program runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let heard = hound::WavReader::open(place.0.folder().join("heard.wav")).expect("it was written").duration();
        (String::from_utf8(output.stdout).expect("it is text"), f64::from(heard) / 48_000.0)
    };
    let (said, heard) = run(&[]);
    assert!((heard - 12.0).abs() < 0.1, "{heard} s");
    assert!(!said.contains('\x1b') && !said.contains("How did it go?"), "{said}");
    // The first answers of both questions are of the older session.
    let (said, heard) = run(&["--compare"]);
    assert!((heard - 60.0).abs() < 0.1, "{heard} s: {said}");
    assert!(said.contains("The first take: take 1 of") && said.contains("The newest take: take 1 of"), "{said}");
    let (_, heard) = run(&["latest", "1", "--skip-silence"]);
    assert!(heard < 5.9, "{heard} s");
    let (said, heard) = run(&["answer.wav", "--speed", "2"]);
    assert!((heard - 15.0).abs() < 0.5, "{heard} s: {said}");
}

#[test]
fn a_newest_session_without_an_answer_gives_way() {
    let place = Place::new();
    let usual = ["rehearse", "--bank", "nerves", "--no-voice", "--input", "wav:answer.wav", "--output", "none"];
    let mut terminal = place.run(&usual, &[], USUAL);
    terminal.shows("enter: I have read it");
    terminal.press("q");
    assert_eq!(terminal.end().status, 0);
    assert_eq!(place.sessions().len(), 2);
    let mut terminal = place.replay(&["--answers-only"]);
    tells(&terminal, "▶");
    terminal.press("q");
    let left = terminal.end();
    assert_eq!(left.status, 0);
    let said = String::from_utf8_lossy(&left.bytes).into_owned();
    assert!(said.contains("The newest session has no answer yet: this is "), "{said}");
}

#[test]
fn what_looks_like_a_file_and_is_none_is_told_as_one() {
    let place = Place::new();
    for (named, told) in [("./none.wav", "there is no file ./none.wav"), ("home/", "home/ is a folder")] {
        let output = place.0.command(&["replay", named]).output().expect("the program runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && said.contains(told), "{said}");
    }
}
