use super::*;
use std::sync::mpsc::Sender;
use std::time::Instant;

use proptest::prelude::*;

use crate::app::reel_desk::Piece;
use crate::audio::riff;

const RATE: SampleRate = SampleRate(8_000);
const MINUTE: u64 = 60 * 8_000;

/// How long anything may take that is waited for.
const LONG: Duration = Duration::from_secs(60);

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn clip(value: i16, length: usize) -> Arc<Clip> {
    Arc::new(Clip { rate: RATE.0, samples: vec![value; length] })
}

fn await_that(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + LONG;
    while !holds() {
        assert!(Instant::now() < deadline, "{what}");
        thread::yield_now();
    }
}

#[test]
fn a_session_is_recorded_with_both_voices_at_their_times() {
    let folder = folder();
    let mut reel = Reel::begin(folder.path(), RATE, Pace::RealTime).expect("a new file");
    reel.mark("Question 1");
    reel.play(clip(10, 500));
    reel.pass(400, None);
    reel.mark("Answer 1");
    reel.pass(300, Some(&[1; 300]));
    reel.play(clip(20, 500));
    reel.pass(100, Some(&[2; 100]));
    reel.stop();
    reel.pass(100, Some(&[3; 100]));
    reel.pass(50, None);
    reel.mark("end");
    assert!(!reel.failed());
    let path = reel.finish().expect("it is written");
    assert_eq!(path, folder.path().join("tape.wav"));
    let riff::Riff { samples, marks, .. } = riff::read(&path);
    let expected: [(i16, usize); 6] = [(10, 400), (11, 100), (1, 200), (22, 100), (3, 100), (0, 50)];
    let expected: Vec<i16> = expected.into_iter().flat_map(|(value, count)| vec![value; count]).collect();
    assert_eq!(samples, expected);
    let named = [(0, "Question 1"), (400, "Answer 1"), (950, "end")];
    assert_eq!(marks, named.map(|(at, label)| (at, label.to_owned())));
}

#[test]
fn what_is_said_fills_its_time_and_no_more() {
    let folder = folder();
    let mut reel = Reel::begin(folder.path(), RATE, Pace::Fast).expect("a new file");
    reel.pass(3, Some(&[1; 5]));
    reel.pass(3, Some(&[2; 1]));
    reel.pass(0, Some(&[3; 5]));
    reel.pass(2, Some(&[]));
    reel.pass(1, Some(&[4]));
    let path = reel.finish().expect("it is written");
    assert_eq!(riff::read(&path).samples, [1, 1, 1, 2, 0, 0, 0, 0, 4]);
}

#[test]
fn nothing_of_a_resumed_session_is_overwritten() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("tape-3.wav")).expect("something in the way");
    let mut names = Vec::new();
    for value in 1..=3 {
        let mut reel = Reel::begin(folder.path(), RATE, Pace::RealTime).expect("a new file");
        assert!(riff::read(reel.path()).samples.is_empty(), "it opens at once");
        reel.pass(10, Some(&[value; 10]));
        names.push(reel.finish().expect("it is written"));
    }
    assert_eq!(names, ["tape.wav", "tape-2.wav", "tape-4.wav"].map(|name| folder.path().join(name)));
    for (value, path) in (1..).zip(&names) {
        assert_eq!(riff::read(path).samples, [value; 10]);
    }
}

#[test]
fn two_at_once_in_one_folder_have_files_of_their_own() {
    let folder = folder();
    let mut one = Reel::begin(folder.path(), RATE, Pace::RealTime).expect("a new file");
    let mut other = Reel::begin(folder.path(), RATE, Pace::RealTime).expect("a new file");
    one.pass(10, Some(&[1; 10]));
    other.pass(20, Some(&[2; 20]));
    let (one, other) = (one.finish().expect("it is written"), other.finish().expect("it is written"));
    assert_eq!((riff::read(&one).samples, riff::read(&other).samples), (vec![1; 10], vec![2; 20]));
}

#[test]
fn a_folder_that_cannot_be_written_to_is_told_at_the_beginning() {
    let folder = folder();
    let error = Reel::begin(&folder.path().join("no"), RATE, Pace::RealTime).err().expect("there is no such folder");
    assert!(error.to_string().contains("recorded as a whole"), "{error}");
    assert!(Reel::begin(folder.path(), SampleRate(0), Pace::RealTime).is_err());
    assert_eq!(folder.path().read_dir().expect("a folder").count(), 0);
}

#[test]
fn a_dropped_recording_is_complete() {
    let folder = folder();
    let mut reel = Reel::begin(folder.path(), RATE, Pace::RealTime).expect("a new file");
    reel.mark("one");
    reel.pass(1_000, Some(&[4; 1_000]));
    drop(reel);
    let riff::Riff { samples, marks, .. } = riff::read(&folder.path().join("tape.wav"));
    assert_eq!((samples, marks), (vec![4; 1_000], vec![(0, "one".to_owned())]));
}

/// What a session does to its recording.
#[derive(Debug, Clone)]
enum Deed {
    Said(usize),
    Silent(u64),
    Play(usize),
    Stop,
    Mark,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        4 => (0..3_000_usize).prop_map(Deed::Said),
        3 => (0..3_000_u64).prop_map(Deed::Silent),
        2 => (0..4_000_usize).prop_map(Deed::Play),
        1 => Just(Deed::Stop),
        1 => Just(Deed::Mark),
    ];
    prop::collection::vec(deed, 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn whatever_a_session_does_the_recording_is_the_sum_of_it(deeds in deeds()) {
        let folder = folder();
        let mut reel = Reel::begin(folder.path(), RATE, Pace::Fast).expect("a new file");
        let (mut expected, mut marks) = (Vec::<i16>::new(), Vec::new());
        let (mut sound, mut heard, mut value) = (0..0, 0, 0i16);
        let pass = |expected: &mut Vec<i16>, frames: usize, said: i16, sound: &mut std::ops::Range<usize>| {
            for _ in 0..frames {
                expected.push(said + sound.next().map_or(0, |at| (at % 100) as i16 + 1));
            }
        };
        for deed in deeds {
            value = (value + 7) % 1_000;
            match deed {
                Deed::Said(frames) => {
                    reel.pass(frames as u64, Some(&vec![value; frames]));
                    pass(&mut expected, frames, value, &mut sound);
                }
                Deed::Silent(frames) => {
                    reel.pass(frames, None);
                    pass(&mut expected, frames as usize, 0, &mut sound);
                }
                Deed::Play(length) => {
                    sound = heard..heard + length;
                    let samples = sound.clone().map(|at| (at % 100) as i16 + 1).collect();
                    reel.play(Arc::new(Clip { rate: RATE.0, samples }));
                    heard += 13;
                }
                Deed::Stop => {
                    reel.stop();
                    sound = 0..0;
                }
                Deed::Mark => {
                    reel.mark("x");
                    marks.push((expected.len() as u32, "x".to_owned()));
                }
            }
        }
        let riff = riff::read(&reel.finish().expect("it is written"));
        prop_assert!(riff.samples == expected);
        prop_assert_eq!(riff.marks, marks);
    }
}

/// A recording whose writer does nothing until the gate is opened, and then what a writer does.
fn behind_a_gate(folder: &Path, pace: Pace) -> (Reel, Sender<()>) {
    let file = create(folder, RATE).expect("a new file");
    let (path, desk) = (file.path().to_path_buf(), Arc::new(Desk::default()));
    let (open, opened) = mpsc::channel();
    let (tell, done) = mpsc::channel();
    let writer = Writer { desk: Arc::clone(&desk), file, rate: RATE, free: || None };
    let thread = thread::spawn(move || {
        let _ = opened.recv_timeout(LONG);
        drop(tell.send(writer.work()));
    });
    (Reel { desk, done, thread: Some(thread), path, pace, most: MINUTE }, open)
}

#[test]
fn a_disk_that_hangs_ends_the_recording_and_holds_nothing_up() {
    let folder = folder();
    let (mut reel, open) = behind_a_gate(folder.path(), Pace::RealTime);
    let second = vec![5; 8_000];
    for _ in 0..60 {
        reel.pass(8_000, Some(&second));
    }
    assert!(!reel.failed(), "a minute may wait");
    for _ in 0..1_000 {
        reel.pass(8_000, Some(&second));
        reel.mark("too late");
    }
    assert!(reel.failed());
    assert_eq!(reel.desk.waiting(), (MINUTE, MINUTE as usize), "no more than a minute waits");
    // It hangs still: nobody waits for it for long.
    let error = reel.finish().expect_err("it is not whole");
    assert!(error.to_string().contains("behind") && error.to_string().contains("tape.wav"), "{error}");
    drop(open);
    let path = folder.path().join("tape.wav");
    await_that("what waited is written when the disk answers", || riff::read(&path).samples.len() == MINUTE as usize);
}

#[test]
fn what_was_recorded_before_the_disk_was_too_slow_is_kept_with_its_cue_points() {
    let folder = folder();
    let (mut reel, open) = behind_a_gate(folder.path(), Pace::RealTime);
    reel.mark("one");
    reel.pass(MINUTE, None);
    reel.pass(1, None);
    assert!(reel.failed());
    drop(open);
    let error = reel.finish().expect_err("it is not whole");
    assert!(error.to_string().contains("ends before the session"), "{error}");
    let riff = riff::read(&folder.path().join("tape.wav"));
    assert_eq!((riff.samples.len() as u64, riff.marks), (MINUTE, vec![(0, "one".to_owned())]));
}

#[test]
fn at_full_speed_the_session_waits_for_the_disk() {
    let folder = folder();
    let (mut reel, open) = behind_a_gate(folder.path(), Pace::Fast);
    let desk = Arc::clone(&reel.desk);
    let session = thread::spawn(move || {
        (0..300).for_each(|_| reel.pass(8_000, Some(&[1; 8_000])));
        reel.finish()
    });
    await_that("a minute waits", || desk.waiting().0 == MINUTE);
    assert!(!session.is_finished());
    drop(open);
    let path = session.join().expect("it does not panic").expect("it is written");
    assert_eq!(riff::read(&path).samples, vec![1; 300 * 8_000]);
}

#[test]
fn a_long_silence_needs_no_room() {
    let desk = Desk::default();
    for _ in 0..100_000 {
        desk.pass_or_give_up(480, &[], u64::MAX);
    }
    let mut batch = Batch::default();
    assert!(desk.take(&mut batch));
    assert!(matches!(batch.pieces[..], [Piece::Silence(48_000_000)]));
}

#[test]
fn a_full_disk_ends_the_recording_and_is_told_at_the_end() {
    let folder = folder();
    let path = folder.path().join("tape.wav");
    let file = ReelFile::with_room(&path, RATE, 44 + 2 * 5_000);
    let mut reel = Reel::start(file, RATE, Pace::Fast, || None).expect("a thread");
    await_that("the disk is full", || {
        reel.pass(800, Some(&[6; 800]));
        reel.failed()
    });
    let error = reel.finish().expect_err("it is not whole");
    assert!(error.to_string().contains("the disk is full"), "{error}");
    assert_eq!(riff::read(&path).samples, [6; 5_000]);
}

#[test]
fn the_last_room_on_the_disk_is_left_to_the_answers() {
    let folder = folder();
    let path = folder.path().join("tape.wav");
    let file = ReelFile::create(&path, RATE).expect("a new file");
    let mut reel = Reel::start(file, RATE, Pace::RealTime, || Some(space::SPARE - 1)).expect("a thread");
    reel.mark("one");
    reel.pass(800, Some(&[6; 800]));
    await_that("it ends", || reel.failed());
    let error = reel.finish().expect_err("it is not whole");
    assert!(error.to_string().contains("64 MiB") && error.to_string().contains("0:00"), "{error}");
    let riff = riff::read(&path);
    assert_eq!((riff.samples, riff.marks), (vec![6; 800], vec![(0, "one".to_owned())]));
}

#[test]
fn a_writer_that_breaks_off_holds_nobody_up() {
    let folder = folder();
    let file = ReelFile::create(&folder.path().join("tape.wav"), RATE).expect("a new file");
    let mut reel = Reel::start(file, RATE, Pace::Fast, || panic!("as a test")).expect("a thread");
    for _ in 0..200 {
        reel.pass(8_000, None);
    }
    await_that("it is noticed", || reel.failed());
    let error = reel.finish().expect_err("it is not whole");
    assert!(error.to_string().contains("broke off"), "{error}");
}
