use super::*;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use proptest::prelude::*;

use crate::audio::take_file::{Disk, Medium, RealDisk};
use crate::audio::{riff, wav};

const RATE: SampleRate = SampleRate::STANDARD;

fn new() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("tape.wav");
    (folder, path)
}

/// Noise, so that it is like itself in its own place alone.
fn noise(seed: u64, length: usize, amplitude: i32) -> Vec<i16> {
    let mut state = seed;
    let mut roll = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 40) as i32).rem_euclid(2 * amplitude + 1) - amplitude
    };
    (0..length).map(|_| roll() as i16).collect()
}

fn correlation(left: &[i16], right: &[i16]) -> f64 {
    let product = |a: &[i16], b: &[i16]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    product(left, right) / (product(left, left) * product(right, right)).sqrt()
}

#[test]
fn what_is_said_and_what_is_played_stand_at_their_frames() {
    let (_folder, path) = new();
    let (said, question) = (noise(1, 30_000, 8_000), noise(2, 20_000, 8_000));
    let mut reel = ReelFile::create(&path, RATE).expect("a new file");
    reel.pass_silence(12_345).expect("room");
    reel.play(&Clip { rate: RATE.0, samples: question.clone() });
    reel.pass_silence(7_001).expect("room");
    for block in said.chunks(777) {
        reel.pass(block).expect("room");
    }
    reel.pass_silence(500).expect("room");
    assert_eq!(reel.passed(), Frames(12_345 + 7_001 + 30_000 + 500));
    reel.close().expect("it is written");
    let heard = riff::read(&path).samples;
    let mut expected = vec![0; 12_345 + 7_001 + 30_000 + 500];
    expected[12_345..32_345].copy_from_slice(&question);
    for (place, said) in expected[19_346..].iter_mut().zip(&said) {
        *place += said;
    }
    assert!(heard == expected);
}

#[test]
fn a_clip_at_another_rate_is_heard_in_its_place_and_as_it_is_played() {
    for rate in [16_000, 22_050, 44_100, 96_000] {
        let (_folder, path) = new();
        let (said, question) = (noise(3, 96_000, 6_000), noise(4, rate as usize, 6_000));
        let mut reel = ReelFile::create(&path, RATE).expect("a new file");
        reel.pass(&said[..10_000]).expect("room");
        reel.play(&Clip { rate, samples: question.clone() });
        reel.pass(&said[10_000..]).expect("room");
        reel.close().expect("it is written");
        let heard = riff::read(&path).samples;
        let played: Vec<i16> = heard.iter().zip(&said).map(|(both, said)| both - said).collect();
        let as_played = resample(&question, SampleRate(rate), RATE);
        assert!(played[10_000..58_000] == as_played[..], "{rate} Hz");
        assert!(played[..10_000].iter().chain(&played[58_000..]).all(|sample| *sample == 0), "{rate} Hz");
        // And by its sound alone: nowhere else is the mix so much like the clip.
        let like = |at: usize| correlation(&heard[at..at + 48_000], &as_played);
        let best = (9_960..10_040).max_by(|a, b| like(*a).total_cmp(&like(*b)));
        assert_eq!(best, Some(10_000), "{rate} Hz");
        assert!(correlation(&heard, &said) > 0.6, "{rate} Hz");
    }
}

#[test]
fn a_new_clip_takes_the_place_of_the_old_and_a_stop_ends_it() {
    let (_folder, path) = new();
    let clip = |value, length| Clip { rate: RATE.0, samples: vec![value; length] };
    let mut reel = ReelFile::create(&path, RATE).expect("a new file");
    reel.play(&clip(1, 1_000));
    reel.pass_silence(10).expect("room");
    reel.play(&clip(2, 1_000));
    reel.pass(&[100; 10]).expect("room");
    reel.stop();
    reel.pass_silence(10).expect("room");
    reel.play(&clip(3, 5));
    reel.pass(&[100; 10]).expect("room");
    reel.play(&clip(4, 1_000));
    reel.play(&Clip { rate: 0, samples: vec![9; 10] });
    reel.pass_silence(10).expect("room");
    reel.close().expect("it is written");
    let expected = [[1; 10], [102; 10], [0; 10], [103, 103, 103, 103, 103, 100, 100, 100, 100, 100], [0; 10]].concat();
    assert_eq!(riff::read(&path).samples, expected);
}

proptest! {
    #[test]
    fn two_sounds_add_up_and_near_full_scale_neither_is_lost(one: i16, other: i16) {
        let (both, sum) = (i32::from(mix(one, other)), i32::from(one) + i32::from(other));
        prop_assert_eq!(mix(one, other), mix(other, one));
        prop_assert_eq!(mix(one, 0), one);
        if sum.abs() <= KNEE {
            prop_assert_eq!(both, sum);
        }
        if (one < 0) == (other < 0) {
            let louder = i32::from(one).abs().max(i32::from(other).abs());
            prop_assert!(both.abs() >= louder && both.abs() <= sum.abs() && both.signum() == sum.signum());
        }
        // No corner: one step in makes at most one step out, but for rounding.
        if let Some(next) = one.checked_add(1) {
            let step = i32::from(mix(next, other)) - both;
            prop_assert!((-1..=2).contains(&step), "{one} + {other}: a step of {step}");
        }
    }
}

#[test]
fn cue_points_have_their_frames_and_labels() {
    let (_folder, path) = new();
    let long = "é".repeat(600);
    let mut reel = ReelFile::create(&path, RATE).expect("a new file");
    let labels = ["Question 1", "", "😀 répondre", "a\0b\u{202e}c\x1b[2Jd\n e", &long, "Answer"];
    for label in labels {
        reel.mark(label);
        reel.mark("twice");
        reel.pass(&[5; 333]).expect("room");
    }
    reel.mark("the end");
    reel.close().expect("it is written");
    let riff::Riff { rate, samples, marks, behind } = riff::read(&path);
    assert_eq!((rate, samples.len(), behind), (48_000, 333 * 6, 0));
    let at = |place: usize| (marks[2 * place].0, marks[2 * place].1.as_str());
    assert_eq!(at(0), (0, "Question 1"));
    assert_eq!(at(1), (333, ""));
    assert_eq!(at(2), (666, "😀 répondre"));
    assert_eq!(at(3), (999, "abc[2Jd e"));
    let (frame, cut) = at(4);
    assert_eq!(frame, 1_332);
    assert!(cut.len() <= 500 && cut.len() > 490 && cut.ends_with("é…"), "{cut}");
    assert_eq!(at(5), (1_665, "Answer"));
    assert_eq!(at(6), (1_998, "the end"));
    assert!(marks.iter().skip(1).step_by(2).all(|mark| mark.1 == "twice"));
}

#[test]
fn ten_thousand_cue_points_are_ten_thousand() {
    let (_folder, path) = new();
    let mut reel = ReelFile::create(&path, SampleRate(8_000)).expect("a new file");
    for number in 0..10_000u32 {
        reel.mark(&format!("{number}: {}", "x".repeat(number as usize % 40)));
        reel.pass_silence(u64::from(number % 7)).expect("room");
    }
    reel.close().expect("it is written");
    let marks = riff::read(&path).marks;
    assert_eq!(marks.len(), 10_000);
    let mut frame = 0;
    for (number, (at, label)) in marks.iter().enumerate() {
        assert_eq!((*at, label.split(':').next()), (frame, Some(number.to_string().as_str())));
        frame += number as u32 % 7;
    }
}

#[test]
fn cue_points_have_an_end() {
    let mut marks = Marks::default();
    (0..MOST_MARKS as u64 + 10).for_each(|frame| marks.add(frame, "x"));
    assert_eq!(marks.len(), MOST_MARKS);
}

#[test]
fn every_reader_finds_the_sound_with_and_without_cue_points() {
    for (length, marks) in [(0, 0), (0, 1), (1, 0), (1, 1), (2, 3), (4_097, 2)] {
        let (_folder, path) = new();
        let said = noise(5, length, 30_000);
        let mut reel = ReelFile::create(&path, SampleRate(44_100)).expect("a new file");
        (0..marks).for_each(|number| reel.mark(&"l".repeat(number)));
        reel.pass(&said).expect("room");
        assert_eq!(reel.close().expect("it is written"), path);
        assert!(riff::read(&path).samples == said);
        let hound = hound::WavReader::open(&path).expect("hound opens it");
        assert!(hound.into_samples::<i16>().map(|sample| sample.expect("a sample")).eq(said.iter().copied()));
        if length > 0 {
            assert!(wav::read(&path).expect("greenroom reads it").samples == said);
        }
    }
}

#[test]
fn a_kill_at_any_instant_of_the_end_leaves_a_file_that_opens() {
    let (_folder, path) = new();
    let said = noise(6, 1_001, 30_000);
    let mut reel = ReelFile::create(&path, RATE).expect("a new file");
    reel.mark("one");
    reel.pass(&said).expect("room");
    reel.mark("two");
    reel.close().expect("it is written");
    let whole = fs::read(&path).expect("it is there");
    let sound_ends = 44 + 2 * said.len();
    assert!(whole.len() > sound_ends);
    // Until the size at the start is written, which is one write of four bytes, it is that of the sound alone.
    let mut bytes = whole.clone();
    bytes[4..8].copy_from_slice(&(sound_ends as u32 - 8).to_le_bytes());
    for length in sound_ends..=bytes.len() {
        fs::write(&path, &bytes[..length]).expect("a torn file");
        let riff::Riff { samples, marks, behind, .. } = riff::read(&path);
        assert!(samples == said && marks.is_empty() && behind == length - sound_ends);
        assert!(wav::read(&path).expect("greenroom reads it").samples == said);
        assert_eq!(hound::WavReader::open(&path).expect("hound opens it").len() as usize, said.len());
    }
}

#[test]
fn a_recording_that_is_dropped_is_a_file_that_opens() {
    let (_folder, path) = new();
    let said = noise(7, 5_000, 30_000);
    let mut reel = ReelFile::create(&path, RATE).expect("a new file");
    assert!(riff::read(&path).samples.is_empty(), "it opens before the first sample");
    reel.mark("lost");
    reel.pass(&said).expect("room");
    drop(reel);
    assert!(riff::read(&path).samples == said);
}

#[test]
fn past_the_longest_file_it_goes_on_in_the_next_and_cue_points_with_it() {
    let (folder, path) = new();
    let said = noise(8, 250, 30_000);
    let writer = TakeWriter::on(RealDisk, &path, RATE, Frames(100)).expect("a new file");
    let mut reel = ReelFile::of(writer, &path, RATE);
    let mut at = 0;
    for (frame, label) in [(0, "a"), (99, "b"), (100, "c"), (150, "d"), (250, "e")] {
        reel.pass(&said[at..frame]).expect("room");
        reel.mark(label);
        at = frame;
    }
    assert_eq!(reel.close().expect("it is written"), path);
    let part = |name: &str| riff::read(&folder.path().join(name));
    let named = |marks: &[(u32, &str)]| marks.iter().map(|(at, label)| (*at, (*label).to_owned())).collect::<Vec<_>>();
    let (first, second, third) = (part("tape.wav"), part("tape.2.wav"), part("tape.3.wav"));
    assert!([first.samples, second.samples, third.samples].concat() == said);
    assert_eq!(first.marks, named(&[(0, "a"), (99, "b")]));
    assert_eq!(second.marks, named(&[(0, "c"), (50, "d")]));
    assert_eq!(third.marks, named(&[(50, "e")]));
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 3);
}

#[test]
fn nothing_is_overwritten_and_only_the_owner_hears_it() {
    let (_folder, path) = new();
    let mut reel = ReelFile::create(&path, RATE).expect("a new file");
    reel.pass(&[1, 2, 3]).expect("room");
    reel.close().expect("it is written");
    let again = ReelFile::create(&path, RATE).map(|_| ()).expect_err("it is there");
    assert!(again.is_taken(), "{again}");
    assert_eq!(riff::read(&path).samples, [1, 2, 3]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).expect("it is there").permissions().mode() & 0o777, 0o600);
    }
}

/// A disk with so much room.
#[derive(Clone)]
struct SmallDisk(Arc<AtomicU64>);

struct SmallFile(File, SmallDisk);

impl Disk for SmallDisk {
    type File = SmallFile;

    fn create(&self, path: &Path) -> io::Result<SmallFile> {
        Ok(SmallFile(RealDisk.create(path)?, self.clone()))
    }

    fn again(&self, path: &Path) -> io::Result<SmallFile> {
        Ok(SmallFile(RealDisk.again(path)?, SmallDisk(Arc::new(AtomicU64::new(u64::MAX)))))
    }

    fn sync_name(&self, path: &Path) -> io::Result<()> {
        RealDisk.sync_name(path)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove(path)
    }
}

impl Write for SmallFile {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let room = self.1.0.load(Ordering::Relaxed);
        let fitting = data.len().min(usize::try_from(room).unwrap_or(usize::MAX));
        if fitting == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let written = self.0.write(&data[..fitting])?;
        self.1.0.fetch_sub(written as u64, Ordering::Relaxed);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for SmallFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

impl Medium for SmallFile {
    fn sync(&self) -> io::Result<()> {
        self.0.sync()
    }

    fn cut(&self, length: u64) -> io::Result<()> {
        self.0.cut(length)
    }
}

impl ReelFile {
    /// A recording on a disk with room for so many bytes.
    pub(crate) fn with_room(path: &Path, rate: SampleRate, room: u64) -> ReelFile {
        let disk = SmallDisk(Arc::new(AtomicU64::new(room)));
        let writer = TakeWriter::on(disk, path, rate, Frames(1 << 20)).expect("a new file");
        ReelFile::of(writer, path, rate)
    }
}

#[test]
fn a_full_disk_ends_it_and_what_fitted_is_kept() {
    let (_folder, path) = new();
    let said = noise(9, 5_000, 30_000);
    let mut reel = ReelFile::with_room(&path, RATE, 44 + 2 * 3_000);
    reel.mark("one");
    // Which of them is told is a matter of time; after the end, all is known.
    let _ = said.chunks(100).try_for_each(|block| reel.pass(block));
    let error = reel.close().expect_err("the disk is full");
    assert!(matches!(error, ReelError::Stopped(_)) && error.to_string().contains("the disk is full"), "{error}");
    assert!(riff::read(&path).samples == said[..3_000]);
}

#[test]
fn a_file_that_somebody_changed_gets_no_cue_points() {
    let (_folder, path) = new();
    let mut reel = ReelFile::create(&path, RATE).expect("a new file");
    reel.mark("one");
    reel.pass(&[7; 100]).expect("room");
    let ReelFile { writer, marks, .. } = reel;
    let summary = writer.close();
    let mut file = fs::OpenOptions::new().append(true).open(&path).expect("it is there");
    file.write_all(b"more").expect("room");
    let error = marks.write(&summary.parts).expect_err("it is another file now");
    assert!(matches!(&error, ReelError::Marks { path: said, .. } if *said == path), "{error}");
    let mut bytes = Vec::new();
    File::open(&path).expect("it is there").read_to_end(&mut bytes).expect("bytes");
    assert_eq!(bytes.len(), 44 + 200 + 4, "it is as it was");
    assert_eq!(riff::parse(&bytes).samples, [7; 100]);
}
