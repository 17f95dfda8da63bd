//! A named pipe as the microphone: the real program, and writers of every kind at the other end.
#![cfg(unix)]

mod support {
    #[allow(dead_code, reason = "other tests use the rest of it")]
    pub mod terminal;
}

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use support::terminal::Terminal;

const RATE: usize = 48_000;

/// How long something may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// How soon a program that is asked to end is gone.
const PROMPT_END: Duration = Duration::from_secs(3);

/// How long a writer stands still: longer than any device may before it is taken for lost.
const STALL: Duration = Duration::from_secs(4);

const FORMATS: &str = r#"
schema = 1

[[format]]
id = "short"
title = "Short"
prep = "1s"
limit = "4s"
retakes = 0
gap = "none"
"#;

const BANK: &str = r#"
schema = 1
id = "nerves"
title = "Nerves"

[[section]]
id = "one"
title = "Opening"
format = "short"

[[question]]
id = "short"
section = "one"
prompt = "Why you?"
"#;

/// A home of its own for one test, with a pipe in it.
struct Place {
    folder: tempfile::TempDir,
}

/// A running session.
struct Session {
    program: Child,
    printed: mpsc::Receiver<String>,
    text: String,
}

impl Place {
    fn new() -> Place {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let questions = folder.path().join("home/questions");
        fs::create_dir_all(&questions).expect("a folder can be made");
        fs::write(questions.join("nerves.toml"), BANK).expect("a file can be made");
        fs::write(questions.join("formats.toml"), FORMATS).expect("a file can be made");
        let pipe = std::ffi::CString::new(folder.path().join("pipe").as_os_str().as_encoded_bytes())
            .expect("a temporary folder has a plain name");
        // SAFETY: the name is a valid C string that outlives the call.
        assert_eq!(unsafe { libc::mkfifo(pipe.as_ptr(), 0o600) }, 0);
        Place { folder }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_greenroom"));
        let input: &[&str] = if arguments.contains(&"--input") { &[] } else { &["--input", "pcm:pipe"] };
        command.args(ARGUMENTS).args(input).args(arguments).current_dir(self.folder.path());
        command.env_clear().env("GREENROOM_HOME", self.folder.path().join("home"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        command
    }

    fn rehearse(&self, arguments: &[&str]) -> Session {
        let mut program = self.command(arguments).spawn().expect("the program starts");
        let mut out = program.stdout.take().expect("it is piped");
        let (send, printed) = mpsc::channel();
        thread::spawn(move || {
            let mut bytes = [0; 4_096];
            while let Ok(count @ 1..) = out.read(&mut bytes) {
                if send.send(String::from_utf8_lossy(&bytes[..count]).into_owned()).is_err() {
                    return;
                }
            }
        });
        Session { program, printed, text: String::new() }
    }

    /// The other end of the pipe; there once the program has opened its own.
    fn writer(&self) -> File {
        OpenOptions::new().write(true).open(self.folder.path().join("pipe")).expect("a pipe opens")
    }

    fn session(&self) -> Option<PathBuf> {
        let mut entries = fs::read_dir(self.folder.path().join("home/recordings")).ok()?;
        entries.find_map(|entry| Some(entry.ok()?.path()).filter(|path| path.join("session.json").exists()))
    }

    fn manifest(&self) -> Value {
        let path = self.session().expect("there is a session").join("session.json");
        serde_json::from_slice(&fs::read(path).expect("it can be read")).expect("it is JSON")
    }

    /// The only take: where in the session it began, its samples and how it ended.
    #[track_caller]
    fn take(&self) -> (usize, Vec<i16>, String) {
        let manifest = self.manifest();
        let takes = manifest["turns"][0]["takes"].as_array().expect("a turn has takes");
        assert_eq!(takes.len(), 1, "{manifest}");
        assert_eq!(takes[0]["dropped"], 0);
        let file = self.session().expect("it is there").join(takes[0]["file"].as_str().expect("a take has a file"));
        let reader = hound::WavReader::open(file).expect("it opens in any player");
        let samples: Vec<i16> = reader.into_samples().map(|sample| sample.expect("a sample")).collect();
        assert_eq!(takes[0]["frames"], samples.len());
        let started = takes[0]["started_frame"].as_u64().expect("a number") as usize;
        (started, samples, takes[0]["end"].as_str().expect("a word").to_owned())
    }

    /// How many whole samples of the take are with the system.
    fn written(&self) -> usize {
        let file = self.session().map(|session| session.join("takes/01-short-1.wav"));
        let bytes = file.and_then(|file| fs::metadata(file).ok()).map_or(0, |there| there.len());
        bytes.saturating_sub(44) as usize / 2
    }
}

const ARGUMENTS: [&str; 6] = ["rehearse", "--bank", "nerves", "--no-voice", "--output", "none"];

impl Session {
    /// Waits until the program has printed this.
    #[track_caller]
    fn says(&mut self, words: &str) {
        let deadline = Instant::now() + PATIENCE;
        while !self.text.contains(words) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.printed.recv_timeout(left) {
                Ok(more) => self.text += &more,
                Err(error) => panic!("it does not say {words:?} ({error}): {}", self.text),
            }
        }
    }

    /// Waits until the program has ended; gives its exit status and how long it took.
    #[track_caller]
    fn end(&mut self) -> (Option<i32>, Duration) {
        let began = Instant::now();
        let status = loop {
            if let Some(status) = self.program.try_wait().expect("it was started") {
                break status;
            }
            assert!(began.elapsed() < PATIENCE, "it does not end: {}", self.text);
            thread::yield_now();
        };
        self.text.extend(self.printed.iter());
        (status.code(), began.elapsed())
    }

    fn terminate(&self) {
        let process = libc::pid_t::try_from(self.program.id()).expect("a process has a number");
        // SAFETY: it is a child that nobody has waited for.
        assert_eq!(unsafe { libc::kill(process, libc::SIGTERM) }, 0);
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// No stretch of it comes twice, and no sample is silent.
fn speech(length: usize) -> Vec<i16> {
    let mut state = 1u32;
    let sample = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((state >> 18) as i16 - 8_192) | 1
    };
    (0..length).map(sample).collect()
}

fn bytes_of(samples: &[i16]) -> Vec<u8> {
    samples.iter().flat_map(|sample| sample.to_le_bytes()).collect()
}

/// Waits until something is so.
#[track_caller]
fn until(what: &str, mut so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !so() {
        assert!(Instant::now() < deadline, "not within {PATIENCE:?}: {what}");
        thread::yield_now();
    }
}

#[test]
fn packets_of_any_length_and_stalls_of_seconds_lose_nothing() {
    let speech = speech(RATE * 10);
    let bytes = bytes_of(&speech);
    thread::scope(|scope| {
        for (size, arguments) in [(1, &["--fast"][..]), (3, &[]), (777, &["--fast"]), (777, &[])] {
            let (speech, bytes) = (&speech, &bytes);
            scope.spawn(move || {
                let place = Place::new();
                let mut session = place.rehearse(arguments);
                let mut writer = place.writer();
                let mut stalls = [RATE, RATE * 3 + 1, RATE * 9 + 5].into_iter().peekable();
                for (number, packet) in bytes.chunks(size).enumerate() {
                    if stalls.next_if(|at| number * size >= *at).is_some() {
                        thread::sleep(STALL);
                    }
                    // The program has what it asked for when it ends; the rest is nobody's.
                    if writer.write_all(packet).is_err() {
                        break;
                    }
                }
                drop(writer);
                let (status, _) = session.end();
                assert_eq!(status, Some(0), "{size} {arguments:?}: {}", session.text);
                let (started, samples, end) = place.take();
                assert_eq!(end, "time-up");
                assert_eq!(samples.len(), 4 * RATE, "{size} {arguments:?}");
                assert!(samples == speech[started..started + samples.len()], "{size} {arguments:?}: not what was said");
                assert!(!session.text.contains("lost"), "{}", session.text);
            });
        }
    });
}

#[test]
fn what_was_said_before_a_stall_is_with_the_system_while_it_lasts() {
    let place = Place::new();
    let mut session = place.rehearse(&["--fast"]);
    let mut writer = place.writer();
    let speech = speech(RATE * 5);
    writer.write_all(&bytes_of(&speech)).expect("the reader is there");
    writer.write_all(&[7]).expect("the reader is there");
    // Reading and thinking take less than three seconds of the five.
    until("the take has what was said", || place.written() >= 2 * RATE);
    session.terminate();
    let (status, took) = session.end();
    assert_eq!(status, Some(130), "{}", session.text);
    assert!(took < PROMPT_END, "{took:?}");
    let (started, samples, end) = place.take();
    assert_eq!(end, "quit");
    assert!(
        samples == speech[started..],
        "all that was written is there, {} of {}",
        samples.len(),
        speech.len() - started
    );
    assert_eq!(place.manifest()["outcome"], "interrupted");
}

#[test]
fn a_writer_that_comes_late_is_waited_for_and_heard_from_its_first_sample() {
    let place = Place::new();
    let mut session = place.rehearse(&[]);
    session.says("the pipe pipe");
    session.says("the session waits");
    assert!(place.session().is_some(), "the session has begun");
    let mut writer = place.writer();
    let speech = speech(RATE * 10);
    // The program has had enough before the end.
    let _ = writer.write_all(&bytes_of(&speech));
    let (status, _) = session.end();
    assert_eq!(status, Some(0), "{}", session.text);
    let (started, samples, _) = place.take();
    assert_eq!(samples.len(), 4 * RATE);
    assert!(samples == speech[started..started + samples.len()], "it is what was said");
}

#[test]
fn standard_input_is_a_pipe_like_any_other() {
    let place = Place::new();
    let speech = speech(RATE * 8);
    let mut program = place.command(&["--fast", "--input", "pcm:-"]).stdin(Stdio::piped()).spawn().expect("it starts");
    let mut writer = program.stdin.take().expect("it is piped");
    for packet in bytes_of(&speech).chunks(333) {
        // The program has what it asked for when it ends; the rest is nobody's.
        if writer.write_all(packet).is_err() {
            break;
        }
    }
    drop(writer);
    assert!(program.wait().expect("it ends").success());
    let (started, samples, end) = place.take();
    assert_eq!((samples.len(), end.as_str()), (4 * RATE, "time-up"));
    assert!(samples == speech[started..started + samples.len()], "it is what was said");
}

#[test]
fn the_take_ends_where_the_writer_goes() {
    for arguments in [&["--fast"][..], &[]] {
        let place = Place::new();
        let mut session = place.rehearse(arguments);
        let mut writer = place.writer();
        let speech = speech(RATE * 5 + 123);
        let mut bytes = bytes_of(&speech);
        bytes.push(7);
        writer.write_all(&bytes).expect("the reader is there");
        drop(writer);
        let (status, _) = session.end();
        assert_eq!(status, Some(0), "{}", session.text);
        let (started, samples, end) = place.take();
        assert_eq!(end, "silence");
        assert!(samples == speech[started..], "{} of {}", samples.len(), speech.len() - started);
    }
}

#[test]
fn a_writer_that_goes_before_the_answer_interrupts_the_session() {
    let place = Place::new();
    let mut session = place.rehearse(&[]);
    let mut writer = place.writer();
    writer.write_all(&bytes_of(&speech(RATE / 2))).expect("the reader is there");
    drop(writer);
    let (status, _) = session.end();
    assert_eq!(status, Some(130), "{}", session.text);
    assert!(session.text.contains("has ended"), "{}", session.text);
    let manifest = place.manifest();
    assert_eq!(manifest["outcome"], "interrupted");
    assert_eq!(manifest["turns"][0]["takes"].as_array().map(Vec::len), Some(0));
}

#[test]
fn a_session_that_nobody_speaks_to_ends_when_it_is_asked_to() {
    let place = Place::new();
    let mut session = place.rehearse(&[]);
    session.says("the session waits");
    session.terminate();
    let (status, took) = session.end();
    assert_eq!(status, Some(130), "{}", session.text);
    assert!(took < PROMPT_END, "{took:?}");
    assert_eq!(place.manifest()["outcome"], "interrupted");
}

#[test]
fn keys_work_while_a_pipe_has_no_writer() {
    let place = Place::new();
    let home = place.folder.path().join("home");
    let home = [("GREENROOM_HOME", home.to_str().expect("a temporary folder has a plain name"))];
    let program = Path::new(env!("CARGO_BIN_EXE_greenroom"));
    let arguments = [&ARGUMENTS[..], &["--input", "pcm:pipe"]].concat();
    let mut terminal = Terminal::start(program, &arguments, &home, place.folder.path(), (80, 24));
    terminal.shows("Why you?");
    terminal.shows("the session waits");
    terminal.press("p");
    terminal.status("‖ Paused");
    terminal.press("p");
    terminal.status("≡ Read");
    terminal.press("q");
    let left = terminal.end();
    assert_eq!(left.status, 0, "{}", left.text);
    assert_eq!(left.modes.0, left.modes.1);
    assert_eq!(place.manifest()["outcome"], "quit");
}
