use super::*;
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::sync::mpsc::{Receiver, Sender};

use proptest::prelude::*;

use crate::audio::take_file::Medium;

/// How long anything may take that is waited for.
const LONG: Duration = Duration::from_secs(60);

fn samples_of(path: &Path) -> Vec<i16> {
    let mut reader = hound::WavReader::open(path).expect("it opens in any player");
    reader.samples().map(|sample| sample.expect("as many as are named")).collect()
}

#[test]
fn a_take_is_what_was_pushed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("01-a-1.wav");
    let mut expected = Vec::new();
    let mut take = TakeWriter::open(&path, SampleRate(44_100)).expect("a new file");
    for length in [1usize, 882, 0, 7, 50_000, 441] {
        let block: Vec<i16> = (0..length).map(|n| (n * 31 + length) as i16).collect();
        take.push(&block, u64::from(length == 7)).expect("room");
        expected.extend(block);
    }
    let summary = take.close();
    assert!(summary.failure.is_none(), "{:?}", summary.failure);
    assert_eq!(samples_of(&path), expected);
    assert_eq!(hound::WavReader::open(&path).unwrap().spec().sample_rate, 44_100);
    assert_eq!(summary.parts, [Part { path, frames: Frames(expected.len() as u64) }]);
    assert_eq!(summary.frames(), Frames(expected.len() as u64));
    assert_eq!(summary.dropped, 1);
    assert_eq!(summary.level, Level::of(&expected));
}

#[test]
fn a_take_without_a_sample_is_a_file_that_opens() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("take.wav");
    let take = TakeWriter::open(&path, SampleRate::STANDARD).expect("a new file");
    assert!(samples_of(&path).is_empty(), "it opens before the first sample");
    let summary = take.close();
    assert!(summary.failure.is_none() && summary.frames() == Frames(0) && summary.parts.len() == 1, "{summary:?}");
    assert!(samples_of(&path).is_empty());
}

#[cfg(unix)]
#[test]
fn only_the_owner_hears_a_take() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("take.wav");
    let _take = TakeWriter::open(&path, SampleRate::STANDARD).expect("a new file");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn no_take_is_overwritten() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("take.wav");
    let mut first = TakeWriter::open(&path, SampleRate::STANDARD).expect("a new file");
    first.push(&[1, 2, 3], 0).expect("room");
    assert!(first.close().failure.is_none());
    let error = TakeWriter::open(&path, SampleRate::STANDARD).expect_err("it exists");
    assert!(matches!(error, TakeError::Exists { .. }), "{error}");
    assert_eq!(samples_of(&path), [1, 2, 3]);
}

#[test]
fn a_take_that_cannot_begin_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("take.wav");
    let error = TakeWriter::open(&path, SampleRate(0)).expect_err("no rate");
    assert!(matches!(error, TakeError::Io { kept: Frames(0), .. }), "{error}");
    assert!(!path.exists());
    let nowhere = TakeWriter::open(&folder.path().join("no/take.wav"), SampleRate::STANDARD).expect_err("no folder");
    assert!(nowhere.to_string().contains("take.wav"), "{nowhere}");
}

#[test]
fn a_dropped_take_is_complete() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("take.wav");
    let mut take = TakeWriter::open(&path, SampleRate::STANDARD).expect("a new file");
    take.push(&[4; 1_000], 0).expect("room");
    drop(take);
    assert_eq!(samples_of(&path), [4; 1_000]);
}

/// What the disk of a test does when it is asked to sync.
#[derive(Clone, Default)]
struct Syncs(Arc<Mutex<SyncPlan>>);

#[derive(Default)]
struct SyncPlan {
    count: u64,
    /// The syncs, counted from 0, that fail.
    fails_from: Option<u64>,
    /// From this sync on, each says that it has begun and waits.
    gated_from: u64,
    gate: Option<(Sender<()>, Receiver<()>)>,
}

/// The disk of this machine with other syncs, and with less room.
#[derive(Clone, Default)]
struct TestDisk {
    syncs: Syncs,
    room: Option<Arc<Mutex<u64>>>,
    refuses: Option<&'static str>,
}

struct TestFile {
    file: File,
    disk: TestDisk,
}

impl Disk for TestDisk {
    type File = TestFile;

    fn create(&self, path: &Path) -> io::Result<TestFile> {
        if self.refuses.is_some_and(|name| path.ends_with(name)) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(TestFile { file: RealDisk.create(path)?, disk: self.clone() })
    }

    fn again(&self, path: &Path) -> io::Result<TestFile> {
        Ok(TestFile { file: RealDisk.again(path)?, disk: TestDisk { room: None, ..self.clone() } })
    }

    fn sync_name(&self, path: &Path) -> io::Result<()> {
        RealDisk.sync_name(path)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove(path)
    }
}

impl Write for TestFile {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let Some(room) = &self.disk.room else { return self.file.write(data) };
        let mut room = room.lock().unwrap();
        let fitting = data.len().min(*room as usize);
        if fitting == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let written = self.file.write(&data[..fitting])?;
        *room -= written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for TestFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

impl Medium for TestFile {
    fn sync(&self) -> io::Result<()> {
        let mut plan = self.disk.syncs.0.lock().unwrap();
        let number = plan.count;
        plan.count += 1;
        if plan.fails_from.is_some_and(|from| number >= from) {
            return Err(io::Error::other("the disk does not answer"));
        }
        if let Some((begun, go_on)) = plan.gate.as_ref().filter(|_| number >= plan.gated_from) {
            let _ = begun.send(());
            // Once the test has let go of its end, no sync waits any more.
            let _ = go_on.recv_timeout(LONG);
        }
        drop(plan);
        self.file.sync()
    }

    fn cut(&self, length: u64) -> io::Result<()> {
        self.file.cut(length)
    }
}

/// Never zero, so that a hole shows.
fn sound(length: usize) -> Vec<i16> {
    (0..length).map(|n| (n % 30_011) as i16 + 1).collect()
}

fn heard(parts: &[Part]) -> Vec<i16> {
    parts.iter().flat_map(|part| samples_of(&part.path)).collect()
}

const NO_BOUND: Frames = Frames(1 << 20);

#[test]
fn a_slow_sync_holds_up_neither_the_samples_nor_the_next_file_and_names_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // The first sync is that of the new file, before a sample is in it.
    for gated_from in [0, 1] {
        let path = folder.path().join(format!("take-{gated_from}.wav"));
        let disk = TestDisk::default();
        let (begun, begins) = mpsc::channel();
        let (go, go_on) = mpsc::channel();
        let gate = Some((begun, go_on));
        *disk.syncs.0.lock().unwrap() = SyncPlan { gated_from, gate, ..SyncPlan::default() };
        let mut take = TakeWriter::on(disk, &path, SampleRate(8_000), Frames(1_000)).expect("a new file");
        let all = sound(2_500);
        take.push(&all[..10], 0).expect("room");
        begins.recv_timeout(LONG).expect("what is written is synced");
        // The sync hangs now, and the samples go on to the disk.
        take.push(&all[10..], 0).expect("room");
        let third = path.with_extension("3.wav");
        let deadline = std::time::Instant::now() + LONG;
        while fs::metadata(&third).map_or(0, |there| there.len()) < 44 + 1_000 {
            assert!(std::time::Instant::now() < deadline, "the sync holds up the samples");
            thread::yield_now();
        }
        assert!(samples_of(&path).is_empty() && samples_of(&third).is_empty(), "what is not synced is not named");
        drop(go);
        let summary = take.close();
        assert!(summary.failure.is_none(), "{:?}", summary.failure);
        assert_eq!(summary.parts.iter().map(|part| part.frames.0).collect::<Vec<_>>(), [1_000, 1_000, 500]);
        assert_eq!(heard(&summary.parts), all);
    }
}

#[test]
fn a_failed_sync_stops_the_take_and_is_not_trusted_again() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // The first sync is that of the opening; the second puts the first samples on the disk.
    for (fails_from, trusted) in [(1, 0), (2, 100)] {
        let path = folder.path().join(format!("take-{fails_from}.wav"));
        let disk = TestDisk::default();
        disk.syncs.0.lock().unwrap().fails_from = Some(fails_from);
        let mut take = TakeWriter::on(disk.clone(), &path, SampleRate(8_000), NO_BOUND).expect("a new file");
        take.push(&sound(100), 0).expect("room");
        let deadline = std::time::Instant::now() + LONG;
        let count = || disk.syncs.0.lock().unwrap().count;
        while count() < 2 {
            assert!(std::time::Instant::now() < deadline, "nothing is synced");
            thread::yield_now();
        }
        let error = loop {
            assert!(std::time::Instant::now() < deadline, "nobody is told");
            if let Err(error) = take.push(&[1, 2, 3], 0) {
                break error;
            }
            thread::yield_now();
        };
        assert!(matches!(error, TakeError::DiskFailed { kept: Frames(kept), .. } if kept >= trusted), "{error}");
        let again = take.push(&[4], 0).expect_err("it stays so");
        assert_eq!(again.to_string(), error.to_string());
        let tried = count();
        let summary = take.close();
        assert_eq!(count(), tried, "no sync is tried after one that failed");
        assert_eq!(tried, fails_from + 1);
        assert!(matches!(summary.failure, Some(TakeError::DiskFailed { .. })), "{:?}", summary.failure);
        let named = samples_of(&path);
        assert_eq!(summary.frames(), Frames(named.len() as u64), "the header names what is trusted");
        assert!(named.len() as u64 >= trusted && named.starts_with(&sound(trusted as usize)));
        let there = fs::metadata(&path).expect("it is there").len();
        assert!(there >= 44 + 200, "what was written stays: {there} bytes");
    }
}

#[test]
fn a_sync_that_fails_before_or_at_the_end_is_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for fails_from in [0, 1] {
        let path = folder.path().join(format!("take-{fails_from}.wav"));
        let disk = TestDisk::default();
        disk.syncs.0.lock().unwrap().fails_from = Some(fails_from);
        let mut take = TakeWriter::on(disk.clone(), &path, SampleRate(8_000), NO_BOUND).expect("a new file");
        let _ = take.push(&sound(100), 0);
        let summary = take.close();
        assert!(matches!(summary.failure, Some(TakeError::DiskFailed { kept: Frames(0), .. })), "{summary:?}");
        assert_eq!(summary.parts, [Part { path, frames: Frames(0) }]);
        assert_eq!(disk.syncs.0.lock().unwrap().count, fails_from + 1, "no sync is tried after one that failed");
    }
}

#[test]
fn a_full_disk_keeps_what_fitted_in_the_file_where_it_was_full() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // Two files of 44 bytes and 1,000 frames: the disk ends in the middle of a sample, of a header, of a block.
    let rooms = [(44 + 11, 5), (44 + 1_999, 999), (44 + 2_000, 1_000), (2_087, 1_000), (2_088, 1_000), (2_489, 1_200)];
    for (room, kept) in rooms {
        let path = folder.path().join(format!("take-{room}.wav"));
        let disk = TestDisk { room: Some(Arc::new(Mutex::new(room))), ..TestDisk::default() };
        let mut take = TakeWriter::on(disk, &path, SampleRate(8_000), Frames(1_000)).expect("a new file");
        let all = sound(2_000);
        // Which push is told is a matter of time; after the end, all is known.
        let _ = all.chunks(64).try_for_each(|block| take.push(block, 0));
        let summary = take.close();
        assert_eq!(summary.frames(), Frames(kept), "{room} bytes");
        let Some(TakeError::DiskFull { kept: said, .. }) = summary.failure else { panic!("{:?}", summary.failure) };
        assert_eq!(said, Frames(kept));
        assert_eq!(heard(&summary.parts), all[..kept as usize]);
    }
}

#[test]
fn a_next_file_that_cannot_be_made_stops_the_take_and_keeps_its_parts() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("take.wav");
    fs::write(folder.path().join("take.3.wav"), "another's").expect("a file in the way");
    let mut take = TakeWriter::on(RealDisk, &path, SampleRate(8_000), Frames(100)).expect("a new file");
    let all = sound(1_000);
    let _ = all.chunks(30).try_for_each(|block| take.push(block, 0));
    let summary = take.close();
    let Some(TakeError::Exists { path: said }) = &summary.failure else { panic!("{:?}", summary.failure) };
    assert_eq!(*said, folder.path().join("take.3.wav"));
    assert_eq!(summary.parts.len(), 2);
    assert_eq!(heard(&summary.parts), all[..200]);
    assert_eq!(fs::read(said).expect("still there"), b"another's");

    let path = folder.path().join("other.wav");
    let disk = TestDisk { refuses: Some("other.2.wav"), ..TestDisk::default() };
    let mut take = TakeWriter::on(disk, &path, SampleRate(8_000), Frames(100)).expect("a new file");
    take.push(&all, 0).expect("it is not known yet");
    let summary = take.close();
    assert!(matches!(summary.failure, Some(TakeError::DiskFull { kept: Frames(100), .. })), "{:?}", summary.failure);
    assert_eq!(heard(&summary.parts), all[..100]);
}

#[test]
fn a_take_that_fills_its_file_to_the_last_frame_needs_no_other() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("take.wav");
    let mut take = TakeWriter::on(RealDisk, &path, SampleRate(8_000), Frames(100)).expect("a new file");
    take.push(&sound(100), 0).expect("room");
    assert_eq!(take.close().parts, [Part { path, frames: Frames(100) }]);
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
}

#[test]
fn a_file_has_at_most_a_gibibyte() {
    const { assert!(HEADER + (LONGEST_FILE - HEADER) / 2 * 2 <= 1 << 30) };
}

#[test]
fn a_session_waits_for_a_disk_that_is_seconds_behind_and_its_memory_stays() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("take.wav");
    let rate = SampleRate(8_000);
    let mut take = TakeWriter::on(RealDisk, &path, rate, Frames(1 << 30)).expect("a new file");
    let block = sound(800);
    for _ in 0..5_000 {
        take.push(&block, 0).expect("room");
    }
    let most = take.far_behind + block.len();
    assert_eq!(take.far_behind, 64_000);
    let tray = take.desk.tray();
    assert!(tray.samples.len() <= most && tray.samples.capacity() <= most * 2, "{}", tray.samples.capacity());
    drop(tray);
    assert_eq!(take.close().frames(), Frames(4_000_000));
}

#[test]
fn a_writer_that_vanishes_does_not_hang_the_session() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("take.wav");
    let mut take = TakeWriter::open(&path, SampleRate::STANDARD).expect("a new file");
    take.push(&[1, 2, 3], 0).expect("room");
    {
        let mut tray = take.desk.tray();
        tray.left = true;
        tray.samples = vec![0; take.far_behind];
    }
    // It returns; the writer, which is there after all, has written what it was given.
    let _ = take.push(&[1], 0);
    assert!(take.close().frames() >= Frames(3));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn the_parts_of_a_take_together_are_what_was_pushed(
        lengths in prop::collection::vec(0usize..700, 0..12),
        most in 1u64..400,
    ) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("01-a-1.wav");
        let all = sound(lengths.iter().sum());
        // A file a frame would be thousands of files.
        let most = most.max(all.len() as u64 / 40);
        let mut take = TakeWriter::on(RealDisk, &path, SampleRate(8_000), Frames(most)).expect("a new file");
        let mut rest = all.as_slice();
        for length in lengths {
            let (block, after) = rest.split_at(length);
            take.push(block, 0).expect("room");
            rest = after;
        }
        let summary = take.close();
        prop_assert!(summary.failure.is_none(), "{:?}", summary.failure);
        prop_assert_eq!(heard(&summary.parts), &all[..]);
        prop_assert_eq!(summary.parts.len() as u64, (all.len() as u64).div_ceil(most).max(1));
        for (number, part) in summary.parts.iter().enumerate() {
            let name = if number == 0 { "01-a-1.wav".into() } else { format!("01-a-1.{}.wav", number + 1) };
            prop_assert_eq!(&part.path, &folder.path().join(name));
            let bytes = fs::metadata(&part.path).expect("it is there").len();
            prop_assert_eq!(bytes, HEADER + part.frames.0 * 2, "the header names all that is there");
        }
    }
}
