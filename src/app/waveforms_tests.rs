use std::cell::Cell;
use std::fs;

use super::*;
use crate::audio::wav;
use crate::ports::Clip;
use crate::speech::Peak;

/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(60);

const RATE: u32 = 16_000;

fn sound(seconds: usize) -> Vec<i16> {
    (0..seconds * RATE as usize).map(|n| (n * 7_919 % 20_011) as i16 - 10_000).collect()
}

fn outline(samples: &[i16]) -> Peaks {
    let mut builder = PeaksBuilder::new(RATE, 1);
    builder.add_i16(samples);
    builder.finish()
}

fn part(file: &str, seconds: usize, end: &str) -> ManifestTake {
    ManifestTake {
        file: file.to_owned(),
        frames: (seconds * RATE as usize) as u64,
        rate: RATE,
        end: end.to_owned(),
        dropped: 0,
        started_frame: 0,
        peak_db: None,
    }
}

/// A session with a take in two files, of two seconds and one.
fn session() -> (tempfile::TempDir, Vec<ManifestTake>) {
    let session = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(session.path().join("takes")).expect("a folder");
    let parts = vec![part("takes/01-a-1.wav", 2, "rolled-over"), part("takes/01-a-1.2.wav", 1, "done")];
    for (part, seconds) in parts.iter().zip([2, 1]) {
        let clip = Clip { rate: RATE, samples: sound(seconds) };
        wav::write(&session.path().join(&part.file), &clip).expect("it can be written");
    }
    (session, parts)
}

fn of(session: &Path, parts: &[ManifestTake]) -> Outline {
    Outline::of_take(session, 0, &Recorded { number: 1, parts: parts.iter().collect() })
}

fn whole(outline: &Outline) -> Peaks {
    assert_eq!(outline.wait(LONG), Progress::Whole);
    outline.peaks().expect("it is whole").as_ref().clone()
}

#[test]
fn a_take_of_several_files_has_one_outline_which_is_kept() {
    let (session, parts) = session();
    let expected = outline(&[sound(2), sound(1)].concat());
    assert_eq!(whole(&of(session.path(), &parts)), expected);
    let kept = session.path().join("analysis/01-1.peaks");
    let first = fs::metadata(&kept).expect("it is kept").modified().expect("it has a time");
    // What is kept is read: it is not written again, and so the session does not look changed.
    assert_eq!(whole(&of(session.path(), &parts)), expected);
    assert_eq!(fs::metadata(&kept).expect("it is there").modified().expect("it has a time"), first);
    for broken in [&b""[..], b"greenroom peaks\n", &[0xFF; 5_000]] {
        fs::write(&kept, broken).expect("it can be written");
        assert_eq!(whole(&of(session.path(), &parts)), expected);
        assert!(fs::read(&kept).expect("it is there") != broken, "it is made again");
    }
}

#[test]
fn what_was_kept_is_what_is_read() {
    let (session, parts) = session();
    // Another outline of as many frames shows that the sound was not looked at.
    let other = outline(&vec![5; 3 * RATE as usize]);
    peaks_file::write(session.path(), 0, 1, "takes/01-a-1.wav", &other).expect("it is kept");
    assert_eq!(whole(&of(session.path(), &parts)), other);
}

#[test]
fn nothing_is_written_to_a_session_that_another_program_has() {
    let (session, parts) = session();
    let lock = fs::File::create(session.path().join("lock")).expect("a lock");
    lock.lock().expect("it is free");
    whole(&of(session.path(), &parts));
    assert!(!session.path().join("analysis").exists());
    drop(lock);
    whole(&of(session.path(), &parts));
    assert!(session.path().join("analysis").exists());
}

#[test]
fn a_take_that_is_being_recorded_shows_what_is_there_and_is_not_kept() {
    let (session, mut parts) = session();
    parts.truncate(1);
    parts[0].end.clear();
    parts[0].frames = 0;
    assert_eq!(whole(&of(session.path(), &parts)), outline(&sound(2)));
    assert!(!session.path().join("analysis").exists());
}

#[test]
fn a_recording_from_the_future_is_looked_at_each_time_and_leaves_the_session_as_it_is() {
    let (session, parts) = session();
    let file = fs::File::options().write(true).open(session.path().join(&parts[0].file)).expect("it is there");
    file.set_modified(std::time::SystemTime::now() + Duration::from_secs(3_600)).expect("it can be set");
    whole(&of(session.path(), &parts));
    assert!(!session.path().join("analysis").exists());
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_to_loses_the_file_and_nothing_else() {
    let (session, parts) = session();
    fs::write(session.path().join("analysis"), "in the way").expect("it can be written");
    assert_eq!(whole(&of(session.path(), &parts)), outline(&[sound(2), sound(1)].concat()));
}

#[test]
fn files_of_several_rates_lie_one_after_the_other_in_time() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let files = [("one.wav", 8_000, 1), ("other.wav", 44_100, 2)].map(|(name, rate, size)| {
        let path = folder.path().join(name);
        wav::write(&path, &Clip { rate, samples: vec![size; rate as usize] }).expect("it can be written");
        path
    });
    let peaks = whole(&Outline::of_files(&files));
    assert_eq!((peaks.rate_hz, peaks.seconds()), (8_000, 2.0));
    assert_eq!(peaks.columns(2.0, 2), [1, 2].map(|size| Some(Peak { low: size, high: size })));
    assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), 2, "nothing is written beside them");
}

#[test]
fn what_is_no_recording_is_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("letter.wav");
    fs::write(&path, "Dear all").expect("it can be written");
    for path in [path, folder.path().join("nosuch.wav"), folder.path().to_owned()] {
        let mut outline = Outline::of_files(std::slice::from_ref(&path));
        match outline.wait(LONG) {
            Progress::Failed(reason) => assert!(reason.contains(&path.display().to_string()), "{reason}"),
            progress => panic!("{path:?}: {progress:?}"),
        }
        assert!(outline.peaks().is_none() && outline.news() && !outline.news());
    }
    assert_eq!(whole(&Outline::of_files(&[])).frames, 0);
}

fn desk() -> Arc<Desk> {
    let known = Known { peaks: None, progress: Progress::Partly(0.0), news: 0 };
    Arc::new(Desk { known: Mutex::new(known), turned: Condvar::new() })
}

/// A clock on which each look is an hour later.
fn hours() -> impl Fn() -> Duration {
    let looks = Cell::new(0u32);
    move || {
        looks.set(looks.get() + 1);
        3_600 * Duration::from_secs(1) * looks.get()
    }
}

#[test]
fn what_is_known_of_a_recording_is_told_while_it_is_made() {
    let desk = desk();
    let mut seen = Outline { desk: Arc::clone(&desk), told: 0 };
    assert!(!seen.news() && seen.peaks().is_none());
    desk.tell(Some(outline(&sound(1))), Progress::Partly(0.25));
    assert!(seen.news() && !seen.news());
    assert_eq!(seen.peaks().map(|peaks| peaks.seconds()), Some(1.0));
    assert_eq!(seen.wait(Duration::ZERO), Progress::Partly(0.25));
    // What was drawn stays, whatever happens to the rest.
    desk.tell(None, Progress::Failed("the disk is gone".to_owned()));
    assert!(seen.news() && seen.peaks().is_some());
    assert_eq!(seen.wait(LONG), Progress::Failed("the disk is gone".to_owned()));
}

#[test]
fn a_long_recording_is_told_of_piece_by_piece() {
    let (session, parts) = session();
    let files: Vec<PathBuf> = parts.iter().map(|part| session.path().join(&part.file)).collect();
    let desk = desk();
    let seen = Outline { desk: Arc::clone(&desk), told: 0 };
    make(&desk, &files, None, hours()).expect("it can be read");
    // Each file is a piece; the last piece is told of before the whole.
    let news = desk.known().news;
    assert_eq!((news, seen.progress()), (3, Progress::Whole));
    assert_eq!(seen.peaks().map(|peaks| peaks.seconds()), Some(3.0));
}

#[test]
fn nobody_makes_an_outline_that_nobody_wants() {
    let (session, parts) = session();
    let files: Vec<PathBuf> = parts.iter().map(|part| session.path().join(&part.file)).collect();
    let desk = desk();
    make(&desk, &files, None, hours()).expect("it can be read");
    let known = desk.known();
    assert_eq!((known.news, &known.progress), (0, &Progress::Partly(0.0)));
}

#[test]
fn a_sound_that_is_in_no_file_has_the_outline_that_its_file_would_have() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("x.wav");
    // As slow as what is played may be: more than is measured.
    let clip = Clip { rate: 1_000, samples: sound(1) };
    wav::write(&file, &clip).expect("it can be written");
    let of_file = whole(&Outline::of_files(&[file]));
    assert_eq!((of_file.rate_hz, of_file.frames), (1_000, u64::from(RATE)));
    assert_eq!(whole(&Outline::of_clip(Arc::new(clip))), of_file);
    assert_eq!(whole(&Outline::of_clip(Arc::default())).frames, 0);
}
