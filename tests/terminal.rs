//! What a candidate sees and presses: the real program in a terminal, in real time, without a sound server.
#![cfg(unix)]

mod support {
    #[allow(dead_code, reason = "each test uses a part of it")]
    pub mod terminal;
}

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use greenroom::tui::canvas::{Canvas, Picture};
use greenroom::tui::terminal::RawTerminal;
use greenroom::tui::theme::{Role, Theme};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::Value;
use support::terminal::{Left, Shown, Terminal};

const RATE: u64 = 48_000;

/// A terminal as most people have it.
const USUAL: (u16, u16) = (80, 24);

/// Ctrl-C.
const INTERRUPT: &str = "\x03";

/// Times so long that nothing goes on by itself while a test looks.
const FORMATS: &str = r#"
schema = 1

[[format]]
id = "patient"
title = "Patient"
prep = "60s"
limit = "90s"
retakes = 1
gap = "60s"
"#;

/// A bank of three questions that take a minute to read, and one that takes two seconds.
fn bank() -> String {
    let header = "schema = 1\nid = \"nerves\"\ntitle = \"Nerves\"\n\n\
                  [[section]]\nid = \"one\"\ntitle = \"Opening\"\nformat = \"patient\"\n";
    let question = |id: &str, prompt: &str| {
        format!("\n[[question]]\nid = \"{id}\"\nsection = \"one\"\nprompt = \"{prompt}\"\ntags = [\"{id}\"]\n")
    };
    let long = |start: &str| format!("{start} {}", "a ".repeat(200));
    header.to_owned()
        + &question("first", &long("What went well?"))
        + &question("second", &long("What went badly?"))
        + &question("third", &long("What is next?"))
        + &question("short", "Why you?")
}

/// What the microphone hears from the start of a session: no stretch of it comes twice.
fn noise() -> &'static (PathBuf, Vec<i16>) {
    static NOISE: OnceLock<(PathBuf, Vec<i16>)> = OnceLock::new();
    NOISE.get_or_init(|| {
        let mut state = 1u32;
        let sample = |_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 18) as i16 - 8_192
        };
        let samples: Vec<i16> = (0..120 * RATE).map(sample).collect();
        let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let (path, writing) = (folder.join("noise.pcm"), folder.join(format!("noise-{}.pcm", std::process::id())));
        fs::write(&writing, bytes).and_then(|()| fs::rename(&writing, &path)).expect("a place for files of tests");
        (path, samples)
    })
}

/// A home of its own for one test.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Place {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let questions = folder.path().join("home/questions");
        fs::create_dir_all(&questions).expect("a folder can be made");
        fs::write(questions.join("nerves.toml"), bank()).expect("a file can be made");
        fs::write(questions.join("formats.toml"), FORMATS).expect("a file can be made");
        Place { folder }
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    fn start(&self, arguments: &[&str], environment: &[(&str, &str)], size: (u16, u16)) -> Terminal {
        let home = self.home();
        let home = ("GREENROOM_HOME", home.to_str().expect("a temporary folder has a plain name"));
        let program = Path::new(env!("CARGO_BIN_EXE_greenroom"));
        Terminal::start(program, arguments, &[&[home], environment].concat(), self.folder.path(), size)
    }

    /// Asks the three questions in a terminal that tells nothing when it is closed.
    fn rehearse_unsignalled(&self, more: &[&str]) -> Terminal {
        let (home, input) = (self.home(), format!("pcm:{}", noise().0.display()));
        let environment = [("GREENROOM_HOME", home.to_str().expect("a temporary folder has a plain name"))];
        let program = Path::new(env!("CARGO_BIN_EXE_greenroom"));
        let usual = ["rehearse", "--bank", "nerves", "--order", "listed", "--count", "3", "--no-voice"];
        let arguments = [&usual[..], &["--input", &input, "--output", "none"], more].concat();
        Terminal::start_unsignalled(program, &arguments, &environment, self.folder.path(), USUAL)
    }

    /// Asks the three questions in their order, without a voice unless another is chosen.
    fn rehearse_in(&self, arguments: &[&str], environment: &[(&str, &str)], size: (u16, u16)) -> Terminal {
        let input = format!("pcm:{}", noise().0.display());
        let voice: &[&str] = if arguments.contains(&"--voice") { &[] } else { &["--no-voice"] };
        let which: &[&str] = if arguments.contains(&"--question") { &[] } else { &["--count", "3"] };
        let usual = ["rehearse", "--bank", "nerves", "--order", "listed", "--input", &input, "--output", "none"];
        self.start(&[&usual, voice, which, arguments].concat(), environment, size)
    }

    fn rehearse(&self, arguments: &[&str]) -> Terminal {
        self.rehearse_in(arguments, &[], USUAL)
    }

    /// Records a session of the first and second question, answers of twenty seconds, without a terminal.
    fn recorded(&self) {
        let answer = self.folder.path().join("answer.wav");
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: RATE as u32,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(&answer, spec).expect("a file can be made");
        let samples = &noise().1[..20 * RATE as usize];
        samples.iter().for_each(|sample| writer.write_sample(*sample).expect("a sample can be written"));
        writer.finalize().expect("a file can be closed");
        let output = Command::new(env!("CARGO_BIN_EXE_greenroom"))
            .args(["rehearse", "--bank", "nerves", "--order", "listed", "--count", "2", "--limit", "20s"])
            .args(["--input", "wav:answer.wav", "--output", "none", "--no-voice", "--fast"])
            .current_dir(self.folder.path())
            .env_clear()
            .env("GREENROOM_HOME", self.home())
            .output()
            .expect("the program starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// The folder of the only session.
    fn session(&self) -> PathBuf {
        let folders = fs::read_dir(self.home().join("recordings")).expect("there are recordings");
        let folders: Vec<PathBuf> = folders.map(|entry| entry.expect("a folder can be listed").path()).collect();
        let sessions: Vec<&PathBuf> = folders.iter().filter(|folder| folder.join("session.json").exists()).collect();
        assert_eq!(sessions.len(), 1, "{folders:?}");
        sessions[0].clone()
    }

    fn manifest(&self) -> Value {
        let text = fs::read(self.session().join("session.json")).expect("the session is described");
        serde_json::from_slice(&text).expect("the description is JSON")
    }

    /// The frames of the journal at which these events happened.
    fn frames_of(&self, event: &str) -> Vec<u64> {
        let journal = fs::read_to_string(self.session().join("journal.jsonl")).expect("the session has a journal");
        let lines = journal.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line is JSON"));
        lines.filter(|line| line[1] == event).map(|line| line[0].as_u64().expect("a frame is a number")).collect()
    }

    /// The takes of a turn, how each ended and how many frames it has; each is what the microphone heard, sample for
    /// sample, from the frame on that the session names.
    #[track_caller]
    fn takes(&self, turn: usize) -> Vec<(String, u64)> {
        let manifest = self.manifest();
        let takes = manifest["turns"][turn]["takes"].as_array().expect("a turn has takes");
        let check = |take: &Value| {
            let file = self.session().join(take["file"].as_str().expect("a take has a file"));
            let reader = hound::WavReader::open(&file).expect("a take opens");
            assert_eq!(reader.spec().sample_rate, RATE as u32);
            let samples: Vec<i16> = reader.into_samples().map(|sample| sample.expect("a sample is there")).collect();
            let from = take["started_frame"].as_u64().expect("a frame is a number") as usize;
            assert_eq!(take["frames"], samples.len(), "{}", file.display());
            assert!(samples == noise().1[from..from + samples.len()], "{} is not what was said", file.display());
            (take["end"].as_str().expect("an end is a word").to_owned(), samples.len() as u64)
        };
        takes.iter().map(check).collect()
    }

    /// The ends of the takes of a turn.
    #[track_caller]
    fn ends(&self, turn: usize) -> Vec<String> {
        self.takes(turn).into_iter().map(|(end, _)| end).collect()
    }
}

/// The clock in a status line, in seconds.
fn clock(status: &str) -> Option<u64> {
    let (minutes, seconds) = status.split(' ').find_map(|word| word.split_once(':'))?;
    Some(minutes.parse::<u64>().ok()? * 60 + seconds.parse::<u64>().ok()?)
}

/// Waits until the status line begins with this and its clock shows at most so many seconds; gives what it shows.
#[track_caller]
fn counts_down_to(terminal: &Terminal, begins: &str, seconds: u64) -> u64 {
    terminal.wait(&format!("{begins} {seconds} s"), |shown| {
        let status = shown.status();
        clock(&status).filter(|left| status.starts_with(begins) && *left <= seconds)
    })
}

/// Presses Enter until the first answer runs, and waits until it has lasted a second at least.
#[track_caller]
fn answers(terminal: &mut Terminal) {
    terminal.status("≡ Read");
    terminal.press("\r");
    terminal.status("… Think");
    terminal.press("\r");
    counts_down_to(terminal, "● Answer", 89);
}

/// The terminal is as it was before the program.
#[track_caller]
fn as_it_was(left: &Left) {
    assert_eq!(left.modes.1, left.modes.0);
    assert!(left.modes.1.echo() && left.modes.1.canonical());
    assert!(!left.cursor_hidden, "the cursor is hidden");
}

#[test]
fn enter_ends_the_reading_the_thinking_and_the_answer() {
    let place = Place::new();
    let began = Instant::now();
    let mut terminal = place.rehearse(&[]);
    answers(&mut terminal);
    assert!(!terminal.modes().echo() && terminal.now(|shown| shown.cursor_hidden()), "nothing disturbs the line");
    terminal.press("\r");
    terminal.status("✓ Saved");
    let passed = began.elapsed();
    terminal.shows("in takes/01-first-1.wav. Press r now");
    terminal.stays_in_its_width();
    terminal.press("q");
    let left = terminal.end();
    assert_eq!(left.status, 0);
    as_it_was(&left);
    let manifest = place.manifest();
    assert_eq!(manifest["outcome"], "quit");
    assert_eq!(manifest["turns"][0]["state"], "answered");
    let (end, frames) = place.takes(0).remove(0);
    assert_eq!(end, "done");
    assert!(frames >= RATE && frames <= passed.as_secs_f64().ceil() as u64 * RATE, "{frames} frames in {passed:?}");
    assert!(left.text.contains(&format!("Done. Saved 0:{:02} in", frames / RATE)), "{}", left.text);
    assert!(left.text.contains("1 of 3 questions answered, 1 take kept"), "{}", left.text);
}

#[test]
fn a_terminal_that_is_stopped_does_not_stop_the_recording() {
    for screen in [&["--plain"][..], &[], &["--screen", "full"]] {
        let place = Place::new();
        let times = ["--question", "short", "--prep", "1s", "--limit", "6s", "--retakes", "0"];
        let mut terminal = place.rehearse(&[&times[..], screen].concat());
        terminal.shows("Why you?");
        terminal.stop(true);
        let over = || place.manifest()["turns"][0]["state"] == "answered";
        let patience = Instant::now() + Duration::from_secs(60);
        while !over() {
            assert!(Instant::now() < patience, "the session waits for its terminal: {}", place.manifest());
            std::thread::park_timeout(Duration::from_millis(50));
        }
        terminal.stop(false);
        terminal.press(if screen == ["--plain"] { "q\r" } else { "q" });
        assert_eq!(terminal.end().status, 0);
        assert_eq!(place.takes(0), [("time-up".to_owned(), 6 * RATE)]);
    }
}

#[test]
fn enter_pressed_twice_does_not_end_the_answer_that_it_begins() {
    let place = Place::new();
    let mut terminal = place.rehearse(&[]);
    terminal.status("≡ Read");
    terminal.press("\r");
    terminal.status("… Think");
    terminal.press("\r\r");
    counts_down_to(&terminal, "● Answer", 89);
    terminal.press("qq");
    assert_eq!(terminal.end().status, 0);
    assert_eq!(place.ends(0), ["quit"]);
}

#[test]
fn r_answers_once_more_and_every_take_is_kept() {
    let place = Place::new();
    let mut terminal = place.rehearse(&["--retakes", "2"]);
    answers(&mut terminal);
    terminal.press("rr");
    terminal.status("… Think");
    terminal.press("\r");
    counts_down_to(&terminal, "● Answer", 89);
    terminal.press("\r");
    terminal.status("✓ Saved");
    terminal.press("r");
    terminal.status("… Think");
    terminal.press("\r");
    terminal.status("● Answer");
    terminal.wait("no offer of a retake", |shown| (!shown.text().contains("r: once more")).then_some(()));
    terminal.press("r");
    terminal.shows("Note: No retake is left for this question.");
    counts_down_to(&terminal, "● Answer", 89);
    terminal.press("\r");
    terminal.status("✓ Saved");
    terminal.press("q");
    assert_eq!(terminal.end().status, 0);
    assert_eq!(place.ends(0), ["retake", "done", "done"]);
    assert!(place.session().join("takes/01-first-2.wav").exists());
}

#[test]
fn s_says_the_question_again_and_keeps_the_time_to_think() {
    let place = Place::new();
    let mut terminal = place.rehearse(&["--voice", "built-in", "--question", "short"]);
    terminal.status("♪ Listen");
    terminal.press("\r");
    let before = counts_down_to(&terminal, "… Think", 59);
    terminal.press("s");
    terminal.status("♪ Listen");
    terminal.press("\r");
    assert!(counts_down_to(&terminal, "… Think", 60) <= before);
    terminal.press("\r");
    terminal.status("● Answer");
    terminal.press("s");
    terminal.shows("Note: The question is above");
    terminal.press("qq");
    assert_eq!(terminal.end().status, 0);
    assert_eq!(place.ends(0), ["quit"]);
}

#[test]
fn a_pause_takes_nothing_from_the_time_to_think() {
    let place = Place::new();
    // Two seconds to read, three to think, and nobody presses Enter.
    let mut terminal = place.rehearse(&["--question", "short", "--prep", "3s", "--limit", "2s"]);
    counts_down_to(&terminal, "… Think", 2);
    terminal.press("p");
    let left = counts_down_to(&terminal, "‖ Paused", 2);
    terminal.shows("Paused. Press p to go on.");
    terminal.press("?");
    terminal.press("p");
    terminal.shows("Going on.");
    assert!(counts_down_to(&terminal, "… Think", 3) <= left);
    terminal.status("● Answer");
    terminal.press("p");
    terminal.shows("Note: An answer is not paused");
    terminal.status("✓ Saved");
    terminal.press("p");
    terminal.status("‖ Paused");
    terminal.press("p");
    terminal.status("✓ Saved");
    terminal.press("\r");
    assert_eq!(terminal.end().status, 0);
    let (speak, held, released) = (place.frames_of("speak"), place.frames_of("held"), place.frames_of("released"));
    let opened = place.frames_of("open-take")[0];
    assert!(released[0] > held[0]);
    assert_eq!(opened, speak[0] + (2 + 3) * RATE + (released[0] - held[0]), "to the frame");
    assert_eq!(place.takes(0), [("time-up".to_owned(), 2 * RATE)]);
    assert_eq!(place.manifest()["outcome"], "finished");
}

#[test]
fn k_passes_a_question_over_at_any_time() {
    let place = Place::new();
    let mut terminal = place.rehearse(&[]);
    terminal.status("≡ Read");
    terminal.press("k");
    terminal.shows("k again: leave this question out");
    terminal.status("≡ Read");
    terminal.press("k");
    terminal.shows("What went badly?");
    terminal.press("\r");
    terminal.status("… Think");
    terminal.press("\r");
    counts_down_to(&terminal, "● Answer", 89);
    terminal.press("k");
    terminal.shows("k again: leave this question (what you said is kept)");
    terminal.press("k");
    terminal.shows("What is next?");
    terminal.press("\r");
    terminal.status("… Think");
    terminal.press("kk");
    assert_eq!(terminal.end().status, 0);
    let manifest = place.manifest();
    assert_eq!(manifest["outcome"], "finished");
    for turn in 0..3 {
        assert_eq!(manifest["turns"][turn]["state"], "skipped");
    }
    assert_eq!(place.ends(1), ["skip"], "what was said is kept");
}

#[test]
fn q_saves_what_is_being_said_and_says_how_to_go_on() {
    let place = Place::new();
    let mut terminal = place.rehearse(&[]);
    answers(&mut terminal);
    terminal.press("q");
    terminal.shows("q again: stop here (your answer so far is saved)");
    // What is pressed between, and be it refused, means that it was not meant.
    terminal.press("?q");
    terminal.shows("q again: stop here");
    terminal.press("sq");
    terminal.shows("Note: The question is above");
    terminal.shows("q again: stop here");
    counts_down_to(&terminal, "● Answer", 88);
    terminal.press("q");
    let left = terminal.end();
    assert_eq!(left.status, 0);
    as_it_was(&left);
    assert!(left.text.contains("Go on with it: ") && left.text.contains("greenroom resume"), "{}", left.text);
    assert!(!left.text.contains('●'), "the status line is gone: {}", left.text);
    assert_eq!(place.ends(0), ["quit"]);
    assert_eq!(place.manifest()["outcome"], "quit");
}

#[test]
fn a_question_mark_shows_the_keys() {
    let place = Place::new();
    let mut terminal = place.rehearse_in(&[], &[], (160, 24));
    terminal.status("≡ Read");
    let keys = |text: String| text.matches("Keys: enter begins or ends your answer").count();
    assert_eq!(terminal.now(|shown| keys(shown.text())), 1);
    terminal.press("?");
    terminal.wait("the keys again", |shown| (keys(shown.text()) == 2).then_some(()));
    terminal.status("≡ Read");
}

#[test]
fn the_status_line_shows_phase_time_and_level_and_warns() {
    let place = Place::new();
    let mut terminal = place.rehearse(&["--question", "short", "--prep", "2s", "--limit", "4s", "--warn", "2s"]);
    let colour = |shown: &Shown<'_>| shown.background_of_status();
    let mut last = u64::MAX;
    for (begins, from) in [("≡ Read", 2), ("… Think", 2), ("● Answer", 4)] {
        last = last.max(from);
        for seconds in (1..=from).rev() {
            let left = counts_down_to(&terminal, begins, seconds);
            assert!(left >= 1 && left <= last, "{begins}: {left} after {last}");
            last = left;
        }
        let level = |text: String| text.contains('▮').then_some(text.matches(['▮', '▯']).count());
        assert_eq!(terminal.wait("a level", |shown| level(shown.text())), 8);
        last = u64::MAX;
    }
    let warned = terminal.wait("the warning", |shown| shown.text().contains("2s left.").then(|| colour(shown)));
    assert_eq!(warned, Some(vt100::Color::Idx(3)), "yellow, as the warning");
    terminal.status("✓ Saved");
    terminal.shows("Time is up. Saved 0:04 in takes/01-short-1.wav.");
    terminal.press("\r");
    assert_eq!(terminal.end().status, 0);
    assert_eq!(place.takes(0), [("time-up".to_owned(), 4 * RATE)]);
}

#[test]
fn nothing_is_drawn_beyond_the_width_of_any_terminal() {
    let sizes = [(20, 5), (40, 10), (80, 24), (200, 50)];
    let places = sizes.map(|_| Place::new());
    let mut terminals: Vec<Terminal> =
        places.iter().zip(sizes).map(|(place, size)| place.rehearse_in(&[], &[], size)).collect();
    for terminal in &mut terminals {
        answers(terminal);
        terminal.press("s");
        terminal.press("\r");
        terminal.status("✓ Saved");
        terminal.press("p");
        terminal.status("‖ Paused");
        terminal.press("p?");
        terminal.status("✓ Saved");
        terminal.press("r");
        terminal.status("… Think");
        terminal.press("\r");
        counts_down_to(terminal, "● Answer", 89);
        let marked = |rows: Vec<String>| rows.iter().filter(|row| row.contains('●')).count();
        assert_eq!(terminal.now(|shown| marked(shown.rows())), 1, "one status line");
        terminal.stays_in_its_width();
        terminal.press("qq");
    }
    for terminal in terminals {
        assert_eq!(terminal.end().status, 0);
    }
}

#[test]
fn a_terminal_without_a_size_is_taken_for_a_usual_one() {
    let place = Place::new();
    let mut terminal = place.rehearse(&[]);
    terminal.resize_silently(0, 0);
    terminal.press("?");
    terminal.shows("r answers once more · s repeats the\n");
    terminal.press("q");
    assert_eq!(terminal.end().status, 0);
}

#[test]
fn another_size_in_the_middle_of_an_answer_changes_nothing_in_it() {
    let place = Place::new();
    let mut terminal = place.rehearse(&[]);
    answers(&mut terminal);
    for (columns, rows, ends) in [(31, 8, "▯"), (19, 5, ""), (120, 40, "░"), (25, 6, "left")] {
        let before = terminal.wait("a clock", |shown| clock(&shown.status()));
        terminal.resize(columns, rows);
        // A line that was being drawn just then may have the old width; the one of the next second has not.
        let fits = |shown: &Shown<'_>| {
            let status = shown.status();
            let fits = status.starts_with("● Answer  1:") && status.ends_with(ends) && clock(&status) < Some(before);
            fits.then(|| shown.rows())
        };
        let shown = terminal.wait("a status line in its new width", fits);
        assert_eq!(shown.iter().filter(|row| row.contains('●')).count(), 1, "{shown:?}");
        terminal.forgive();
        terminal.press("p");
        terminal.shows("An answer is");
        terminal.stays_in_its_width();
    }
    terminal.press("\r");
    terminal.status("✓ Saved");
    terminal.press("q");
    let left = terminal.end();
    assert_eq!(left.status, 0);
    as_it_was(&left);
    assert_eq!(place.ends(0), ["done"]);
}

/// What was said up to an interruption is kept, and the session says that it was one.
#[track_caller]
fn is_interrupted_and_saved(place: &Place) {
    let (end, frames) = place.takes(0).remove(0);
    assert_eq!(end, "quit");
    assert!(frames >= RATE, "{frames} frames");
    assert_eq!(place.manifest()["outcome"], "interrupted");
}

#[test]
fn ctrl_c_in_an_answer_saves_it_and_brings_the_terminal_back() {
    let place = Place::new();
    let mut terminal = place.rehearse(&[]);
    answers(&mut terminal);
    terminal.press(INTERRUPT);
    let left = terminal.end();
    assert_eq!(left.status, 130);
    as_it_was(&left);
    assert!(left.text.contains("Stopped. Saved 0:0"), "{}", left.text);
    is_interrupted_and_saved(&place);
}

#[test]
fn a_request_to_terminate_saves_the_answer_and_brings_the_terminal_back() {
    let place = Place::new();
    let mut terminal = place.rehearse(&[]);
    answers(&mut terminal);
    terminal.signal(libc::SIGTERM);
    let left = terminal.end();
    assert_eq!(left.status, 130);
    as_it_was(&left);
    is_interrupted_and_saved(&place);
}

#[test]
fn a_closed_terminal_saves_the_answer() {
    let place = Place::new();
    let mut terminal = place.rehearse(&[]);
    answers(&mut terminal);
    assert_eq!(terminal.hang_up(), 130);
    is_interrupted_and_saved(&place);
}

#[test]
fn a_closed_terminal_saves_the_answer_in_plain_lines_too() {
    let place = Place::new();
    let mut terminal = place.rehearse(&["--plain"]);
    terminal.shows("What went well?");
    terminal.press("\n");
    terminal.shows("Think: 1 minute.");
    terminal.press("\n");
    terminal.shows("Answer now");
    assert_eq!(terminal.hang_up(), 130);
    assert_eq!(place.ends(0), ["quit"]);
    assert_eq!(place.manifest()["outcome"], "interrupted");
}

#[test]
fn a_terminal_that_is_gone_without_a_signal_saves_the_answer() {
    let place = Place::new();
    let mut terminal = place.rehearse_unsignalled(&[]);
    answers(&mut terminal);
    assert_eq!(terminal.hang_up(), 130);
    is_interrupted_and_saved(&place);
}

#[test]
fn a_terminal_that_is_gone_without_a_signal_saves_the_answer_in_plain_lines_too() {
    let place = Place::new();
    let mut terminal = place.rehearse_unsignalled(&["--plain"]);
    terminal.shows("What went well?");
    terminal.press("\n");
    terminal.shows("Think: 1 minute.");
    terminal.press("\n");
    terminal.shows("Answer now");
    assert_eq!(terminal.hang_up(), 130);
    assert_eq!(place.ends(0), ["quit"]);
    assert_eq!(place.manifest()["outcome"], "interrupted");
}

#[test]
fn half_a_key_does_not_keep_the_program() {
    let place = Place::new();
    let mut terminal = place.rehearse(&[]);
    answers(&mut terminal);
    // The beginning of an arrow key, as a hasty press of Alt and a bracket sends it.
    terminal.press("\x1b[");
    terminal.signal(libc::SIGTERM);
    let left = terminal.end();
    assert_eq!(left.status, 130);
    as_it_was(&left);
    is_interrupted_and_saved(&place);
}

/// A picture of a word.
struct Everywhere;

impl Picture for Everywhere {
    fn height(&self, _: u16, rows: u16) -> u16 {
        rows
    }

    fn draw(&self, _: Rect, buffer: &mut Buffer, theme: Theme) {
        buffer.set_string(0, 0, "in raw mode", theme.style(Role::Hurry));
    }
}

const PANICS: &str = "GREENROOM_TEST_PANICS";

/// The program that panics in the next test; does nothing when it is run as a test.
#[test]
fn a_program_that_panics_in_raw_mode() {
    if std::env::var_os(PANICS).is_none() {
        return;
    }
    let _raw = RawTerminal::enter().expect("there is a terminal");
    let whole = std::env::var_os(PANICS).is_some_and(|screen| screen == "full");
    let _canvas = whole.then(|| Canvas::full(std::io::stderr(), Theme::new(true)));
    if whole {
        // Until the whole screen is covered, as what is drawn then shows.
        _canvas.iter().for_each(|canvas| canvas.show(Box::new(Everywhere)));
    } else {
        eprint!("in raw mode");
    }
    let mut key = [0];
    std::io::Read::read_exact(&mut std::io::stdin(), &mut key).expect("a key is pressed");
    panic!("on purpose");
}

#[test]
fn a_panic_brings_the_terminal_back_and_its_message_is_readable() {
    let program = std::env::current_exe().expect("this test");
    let arguments = ["--exact", "a_program_that_panics_in_raw_mode", "--nocapture"];
    for screen in ["1", "full"] {
        let mut terminal = Terminal::start(&program, &arguments, &[(PANICS, screen)], Path::new("/"), USUAL);
        terminal.shows("in raw mode");
        assert!(!terminal.modes().echo() && !terminal.modes().canonical());
        assert!(terminal.now(|shown| shown.cursor_hidden() && shown.is_alternate() == (screen == "full")));
        terminal.press("x");
        let left = terminal.end();
        assert_ne!(left.status, 0);
        as_it_was(&left);
        assert!(!left.alternate);
        let message = left.text.lines().find(|line| line.starts_with("on purpose"));
        assert!(message.is_some(), "the message begins at the left edge: {}", left.text);
    }
}

#[test]
fn plain_lines_in_a_terminal_have_no_control_codes_and_take_lines() {
    let place = Place::new();
    let mut terminal = place.rehearse(&["--plain", "--limit", "61s", "--warn", "1m"]);
    terminal.shows("Keys: Enter begins or ends your answer; and before Enter, r answers once more,\n");
    terminal.shows("What went well?");
    assert!(terminal.modes().echo() && terminal.modes().canonical(), "nothing is taken from the terminal");
    terminal.press("\n");
    terminal.shows("Think: 1 minute.");
    terminal.press("help\n");
    terminal.wait("the keys again", |shown| (shown.text().matches("Keys: Enter").count() == 2).then_some(()));
    terminal.press("\n");
    terminal.shows("Answer now: 1 minute 1 second at most.");
    terminal.press("p\n");
    terminal.shows("Note: An answer is not paused");
    terminal.shows("1 minute left.");
    terminal.press("\n");
    terminal.shows("To answer once more, press r and Enter now.");
    terminal.press("q\n");
    let left = terminal.end();
    assert_eq!(left.status, 0);
    as_it_was(&left);
    assert!(!left.bytes.contains(&0x1b), "{:?}", String::from_utf8_lossy(&left.bytes));
    assert_eq!(place.ends(0), ["done"]);
    assert_eq!(place.manifest()["outcome"], "quit");
}

#[test]
fn ctrl_c_ends_plain_lines_too() {
    let place = Place::new();
    let mut terminal = place.rehearse(&["--plain"]);
    terminal.shows("What went well?");
    terminal.press("\n");
    terminal.shows("Think: 1 minute.");
    terminal.press("\n");
    terminal.shows("Answer now");
    terminal.press(INTERRUPT);
    let left = terminal.end();
    assert_eq!(left.status, 130);
    as_it_was(&left);
    assert_eq!(place.ends(0), ["quit"]);
    assert_eq!(place.manifest()["outcome"], "interrupted");
}

/// How many codes for colour or bold type there are.
fn paints(bytes: &[u8]) -> usize {
    let codes = bytes.split(|byte| *byte == 0x1b).skip(1);
    codes.filter(|code| code.iter().find(|byte| byte.is_ascii_alphabetic()) == Some(&b'm')).count()
}

#[test]
fn no_color_draws_without_paint() {
    let (place, painted) = (Place::new(), Place::new());
    let mut terminal = place.rehearse_in(&[], &[("NO_COLOR", "1")], USUAL);
    let mut with = painted.rehearse(&[]);
    answers(&mut terminal);
    answers(&mut with);
    terminal.press("qq");
    with.press("qq");
    let (left, with) = (terminal.end(), with.end());
    assert_eq!((left.status, with.status), (0, 0));
    assert_eq!(paints(&left.bytes), 0, "{:?}", String::from_utf8_lossy(&left.bytes));
    assert!(left.bytes.contains(&0x1b), "a line is still drawn again");
    assert!(paints(&with.bytes) > 3, "and where nobody asked otherwise there is paint");
}

#[test]
fn a_question_before_a_deletion_stays_out_of_the_json() {
    let place = Place::new();
    place.recorded();
    let name = place.session().file_name().expect("a name").to_string_lossy().into_owned();
    let script = format!("exec \"$0\" sessions delete {name} --json >out.json");
    let home = place.home();
    let environment = [("GREENROOM_HOME", home.to_str().expect("a temporary folder has a plain name"))];
    for (answer, said) in [("n\n", "Nothing was deleted."), ("y\n", "")] {
        let arguments = ["-c", &script, env!("CARGO_BIN_EXE_greenroom")];
        let mut terminal = Terminal::start(Path::new("/bin/sh"), &arguments, &environment, place.folder.path(), USUAL);
        terminal.shows("Delete");
        terminal.press(answer);
        let left = terminal.end();
        assert_eq!(left.status, 0, "{}", left.text);
        assert!(left.text.contains(said), "{}", left.text);
        let printed = fs::read_to_string(place.folder.path().join("out.json")).expect("the shell made it");
        match answer {
            "n\n" => assert_eq!(printed, ""),
            _ => assert_eq!(serde_json::from_str::<Value>(&printed).expect("JSON and nothing else")["deleted"], name),
        }
    }
}
