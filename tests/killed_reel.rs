//! The promise of the recording of a whole session: a program that is killed at any instant, the end included, leaves a
//! file that opens, and takes nothing with it that was passed a moment before.
//!
//! The test runs itself once more as the program that records, and kills that one.

#[path = "support/riff.rs"]
mod riff;

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use greenroom::app::reel::Reel;
use greenroom::audio::pace::{Metronome, Pace};
use greenroom::interview::SampleRate;

const RATE: SampleRate = SampleRate::STANDARD;
const FOLDER: &str = "GREENROOM_TEST_REEL_IN";
const ENDS: &str = "GREENROOM_TEST_REEL_ENDS";

/// How much the program records that is killed at its end, and with how many cue points.
const LENGTH: u64 = 50_000;
const MARKS: usize = 10_000;

/// The sample of each frame: never zero, so that a hole in the file shows.
fn sample(frame: u64) -> i16 {
    (frame % 30_011) as i16 + 1
}

fn said(from: u64, count: u64) -> Vec<i16> {
    (from..from + count).map(sample).collect()
}

/// One write, so that a line that is read is a line that was finished.
fn tell(line: &str) {
    std::io::stdout().write_all(line.as_bytes()).expect("the test reads it");
}

/// The program that is killed; does nothing when it is run as a test.
#[test]
fn a_program_that_records_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let folder = Path::new(&folder);
    if std::env::var_os(ENDS).is_some() {
        let mut reel = Reel::begin(folder, RATE, Pace::Fast).expect("a new file");
        (0..MARKS).for_each(|number| reel.mark(&format!("mark {number}")));
        reel.pass(LENGTH, Some(&said(0, LENGTH)));
        tell("ends\n");
        reel.finish().expect("it is written");
        return;
    }
    let mut reel = Reel::begin(folder, RATE, Pace::RealTime).expect("a new file");
    let mut metronome = Metronome::new(Pace::RealTime, RATE);
    let mut frames = 0;
    // No test asks for as much: a program that nobody kills ends by itself.
    while frames < 2_000_000 {
        let count = metronome.wait(960, Duration::from_secs(10)) as u64;
        reel.mark("a mark");
        reel.pass(count, Some(&said(frames, count)));
        frames += count;
        tell(&format!("passed {frames}\n"));
    }
}

/// Runs the program and kills it when a line says so; gives the lines that it wrote.
fn kill_when(folder: &Path, ends: bool, mut now: impl FnMut(&str) -> bool) -> Vec<String> {
    let mut command = Command::new(std::env::current_exe().expect("this test"));
    command.args(["--exact", "a_program_that_records_until_it_is_killed", "--nocapture"]).env(FOLDER, folder);
    if ends {
        command.env(ENDS, "1");
    }
    let mut program = command.stdout(Stdio::piped()).spawn().expect("this test runs again");
    let mut lines = Vec::new();
    let mut killed = false;
    for line in BufReader::new(program.stdout.take().expect("it is piped")).lines() {
        let line = line.expect("lines of text");
        if !killed && now(&line) {
            // It may have ended by itself just now.
            let _ = program.kill();
            killed = true;
        }
        lines.push(line);
    }
    program.wait().expect("it is dead");
    lines
}

#[test]
fn a_killed_session_leaves_a_recording_that_opens_and_lacks_only_the_last_moments() {
    let instants = [1, 960, 12 * 960, 24 * 960, 25 * 960, 26 * 960, 50 * 960, 51 * 960, 75 * 960, 99 * 960];
    std::thread::scope(|scope| {
        for enough in instants {
            scope.spawn(move || {
                let folder = tempfile::tempdir().expect("a temporary folder");
                let passed =
                    |line: &str| line.rsplit_once("passed ").and_then(|(_, frames)| frames.parse::<u64>().ok());
                let lines = kill_when(folder.path(), false, |line| passed(line).is_some_and(|frames| frames >= enough));
                let acknowledged = lines.iter().filter_map(|line| passed(line)).max().expect("some were passed");
                let bytes = std::fs::read(folder.path().join("tape.wav")).expect("it is there");
                let riff = riff::parse(&bytes);
                let named = riff.samples.len() as u64;
                assert!(riff.samples == said(0, named));
                let there = (bytes.len() as u64 - 44) / 2;
                let written: Vec<i16> =
                    bytes[44..].chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect();
                assert!(written == said(0, there), "what is beyond the header's is right too");
                let seconds = |frames: u64| frames as f64 / f64::from(RATE.0);
                let (unnamed, missing) = (acknowledged.saturating_sub(named), acknowledged.saturating_sub(there));
                println!("at {enough}: {:.3} s not named, {:.3} s missing", seconds(unnamed), seconds(missing));
                assert!(seconds(unnamed) < 2.5 && seconds(missing) < 0.5, "{unnamed} and {missing} of {acknowledged}");
            });
        }
    });
}

/// The size at the start of a file.
fn outer_size(path: &Path) -> u64 {
    let mut start = [0; 8];
    std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut start)).expect("a file with a header");
    u64::from(u32::from_le_bytes([start[4], start[5], start[6], start[7]]))
}

#[test]
fn a_program_killed_while_it_ends_leaves_all_cue_points_or_none() {
    let (mut with, mut without) = (0, 0);
    for kill in 0..32 {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let tape = folder.path().join("tape.wav");
        kill_when(folder.path(), true, |line| {
            if !line.ends_with("ends") {
                return false;
            }
            // While the sound ends, when cue points come to the file, and when the size at its start takes them in.
            let deadline = Instant::now() + Duration::from_secs(60);
            let there = || match kill % 4 {
                0 => true,
                3 => outer_size(&tape) > 36 + 2 * LENGTH,
                _ => std::fs::metadata(&tape).expect("it is there").len() > 44 + 2 * LENGTH,
            };
            while !there() && Instant::now() < deadline {
                std::hint::spin_loop();
            }
            (0..kill * 20).for_each(|_| std::thread::yield_now());
            true
        });
        let riff = riff::read(&tape);
        let named = riff.samples.len() as u64;
        assert!(named <= LENGTH && riff.samples == said(0, named));
        match riff.marks.len() {
            0 => without += 1,
            MARKS => {
                assert_eq!((named, riff.behind), (LENGTH, 0));
                assert!((0..).zip(&riff.marks).all(|(number, mark)| mark.1 == format!("mark {number}")));
                with += 1;
            }
            some => panic!("{some} cue points"),
        }
    }
    assert!(with > 0, "no kill came after the end");
    println!("{with} with cue points, {without} without");
}
