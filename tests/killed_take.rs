//! The promise of a take: a program that is killed at any instant leaves a file that opens and that names all but the
//! last moments of it, and nothing that was handed over before the last instants is missing from its bytes.
//!
//! The test runs itself once more as the program that records, and kills that one.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use greenroom::audio::pace::{Metronome, Pace};
use greenroom::audio::take::TakeWriter;
use greenroom::interview::SampleRate;

const RATE: SampleRate = SampleRate::STANDARD;
const FILE: &str = "GREENROOM_TEST_RECORDS_TO";
const PACE: &str = "GREENROOM_TEST_RECORDS_FAST";

/// The sample of each frame: never zero, so that a hole in the file shows.
fn sample(frame: u64) -> i16 {
    (frame % 30_011) as i16 + 1
}

/// The program that is killed; does nothing when it is run as a test.
#[test]
fn a_program_that_records_until_it_is_killed() {
    let Some(path) = std::env::var_os(FILE) else { return };
    let pace = if std::env::var_os(PACE).is_some() { Pace::Fast } else { Pace::RealTime };
    let mut metronome = Metronome::new(pace, RATE);
    let mut take = TakeWriter::open(Path::new(&path), RATE).expect("a new file");
    let mut frames = 0u64;
    let mut out = std::io::stdout();
    // No test asks for as much: a program that nobody kills ends by itself.
    while frames < 50_000_000 {
        let count = metronome.wait(960, Duration::from_secs(10)) as u64;
        let block: Vec<i16> = (frames..frames + count).map(sample).collect();
        take.push(&block, 0).expect("room on the disk");
        frames += count;
        // One write, so that a line that is read is a line that was finished.
        out.write_all(format!("pushed {frames}\n").as_bytes()).expect("the test reads it");
    }
}

/// Records until `enough` frames are acknowledged, kills the program, and gives what was acknowledged and what is left:
/// the frames that hound reads, and those whose bytes are in the file.
fn kill_after(enough: u64, fast: bool, folder: &Path) -> (u64, u64, u64) {
    let path = folder.join(format!("take-{enough}.wav"));
    let mut command = Command::new(std::env::current_exe().expect("this test"));
    command.args(["--exact", "a_program_that_records_until_it_is_killed", "--nocapture"]).env(FILE, &path);
    if fast {
        command.env(PACE, "1");
    }
    let mut program = command.stdout(Stdio::piped()).spawn().expect("this test runs again");
    let (mut acknowledged, mut killed) = (0, false);
    let mut lines = BufReader::new(program.stdout.take().expect("it is piped"));
    let mut line = String::new();
    loop {
        line.clear();
        if lines.read_line(&mut line).expect("lines of text") == 0 {
            break;
        }
        let Some(frames) = line.trim_end().rsplit_once("pushed ").and_then(|(_, n)| n.parse().ok()) else { continue };
        if frames >= enough && !killed {
            program.kill().expect("it runs");
            killed = true;
        }
        acknowledged = frames;
    }
    program.wait().expect("it is dead");

    let mut reader = hound::WavReader::open(&path).expect("it opens without repair");
    let named = u64::from(reader.len());
    for (frame, read) in reader.samples::<i16>().enumerate() {
        assert_eq!(read.expect("as many samples as are named"), sample(frame as u64), "frame {frame} of {enough}");
    }
    let bytes = std::fs::read(&path).expect("it is there");
    for (frame, bytes) in bytes[44..].chunks_exact(2).enumerate() {
        assert_eq!(i16::from_le_bytes([bytes[0], bytes[1]]), sample(frame as u64), "frame {frame} beyond the header's");
    }
    (acknowledged, named, (bytes.len() as u64 - 44) / 2)
}

/// What a strict reader may miss before repair, and what may be missing after it.
const UNNAMED: f64 = 2.2;
const MISSING: f64 = 0.25;

#[test]
fn a_killed_program_leaves_a_file_that_opens_and_lacks_only_what_it_may() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // Around the instants at which data is synced and headers are written, and anywhere else.
    let instants =
        [0, 1, 3, 12, 13, 23, 24, 25, 26, 27, 38, 48, 49, 50, 51, 52, 63, 75, 76, 88, 99, 100, 101, 113, 151];
    std::thread::scope(|scope| {
        let killed: Vec<_> = instants
            .map(|blocks| {
                let folder = folder.path();
                (blocks, scope.spawn(move || kill_after(blocks * 960, false, folder)))
            })
            .into_iter()
            .collect();
        let seconds = |frames: u64| frames as f64 / f64::from(RATE.0);
        let (mut unnamed, mut missing) = (0.0f64, 0.0f64);
        for (blocks, result) in killed {
            let (acknowledged, named, written) = result.join().expect("the checks of one kill");
            assert!(acknowledged >= blocks * 960);
            assert!(named <= written, "the header names {named} of {written}");
            unnamed = unnamed.max(seconds(acknowledged.saturating_sub(named)));
            missing = missing.max(seconds(acknowledged.saturating_sub(written)));
        }
        println!("at most {unnamed:.3} s were not named, and {missing:.3} s were missing");
        assert!(unnamed <= UNNAMED, "{unnamed} s are not named");
        assert!(missing <= MISSING, "{missing} s are missing");
    });
}

#[test]
fn a_program_killed_while_it_writes_as_fast_as_it_can_leaves_a_file_that_opens() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for enough in [960, 1_000_000, 5_000_000] {
        let (acknowledged, named, written) = kill_after(enough, true, folder.path());
        assert!(acknowledged >= enough);
        println!("{named} named and {written} there of {acknowledged} frames");
        // Here the disk sets the pace: what may be missing is what waits for it, the eight seconds of a full tray and
        // as much again in the hand of the writer.
        assert!(
            acknowledged.saturating_sub(written) <= u64::from(RATE.0) * 20,
            "{written} of {acknowledged} are there"
        );
    }
}
