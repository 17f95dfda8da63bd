use super::*;

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
    let summary = take.close().expect("room");
    assert_eq!(samples_of(&path), expected);
    assert_eq!(hound::WavReader::open(&path).unwrap().spec().sample_rate, 44_100);
    assert_eq!(summary.frames, Frames(expected.len() as u64));
    assert_eq!(summary.dropped, 1);
    assert_eq!(summary.level, Level::of(&expected));
}

#[test]
fn a_take_without_a_sample_is_a_file_that_opens() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("take.wav");
    let take = TakeWriter::open(&path, SampleRate::STANDARD).expect("a new file");
    assert!(samples_of(&path).is_empty(), "it opens before the first sample");
    assert_eq!(take.close().expect("room").frames, Frames(0));
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
    first.close().expect("room");
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

#[test]
fn the_end_of_the_writer_is_told_and_does_not_hang_the_session() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("take.wav");
    let mut take = TakeWriter::open(&path, SampleRate::STANDARD).expect("a new file");
    let full = TakeError::DiskFull { path: path.clone(), kept: Frames(5) };
    {
        let mut tray = take.desk.tray();
        tray.left = true;
        tray.failure = Some(full);
        tray.samples = vec![0; take.far_behind];
    }
    let error = take.push(&[1], 0).expect_err("nobody writes it");
    assert!(matches!(error, TakeError::DiskFull { kept: Frames(5), .. }), "{error}");
    assert_eq!(error.kept(), Frames(5));
}

#[test]
fn errors_of_the_system_become_what_the_user_can_do() {
    let error = |kind: io::ErrorKind, kept| TakeError::new(Path::new("t.wav"), Frames(kept), Fault::Io(kind.into()));
    assert!(matches!(error(io::ErrorKind::StorageFull, 7), TakeError::DiskFull { kept: Frames(7), .. }));
    assert!(matches!(error(io::ErrorKind::QuotaExceeded, 7), TakeError::DiskFull { .. }));
    assert!(matches!(error(io::ErrorKind::FileTooLarge, 7), TakeError::FileLimit { kept: Frames(7), .. }));
    assert!(matches!(error(io::ErrorKind::PermissionDenied, 0), TakeError::PermissionDenied { .. }));
    assert!(matches!(error(io::ErrorKind::PermissionDenied, 7), TakeError::Io { .. }));
    let too_long = TakeError::new(Path::new("t.wav"), Frames(9), Fault::TooLong);
    for error in [error(io::ErrorKind::StorageFull, 7), error(io::ErrorKind::Other, 7), too_long] {
        assert!(error.kept() > Frames(0));
        assert!(error.to_string().contains("t.wav") && error.to_string().contains("kept"), "{error}");
    }
}

#[test]
fn nothing_is_said_to_be_kept_where_nothing_is() {
    for kind in [io::ErrorKind::StorageFull, io::ErrorKind::FileTooLarge, io::ErrorKind::Other] {
        let said = |kept| TakeError::new(Path::new("t.wav"), Frames(kept), Fault::Io(kind.into())).to_string();
        assert!(said(7).contains("up to that moment is kept"), "{}", said(7));
        assert!(!said(0).contains("kept") && said(0).contains("t.wav"), "{}", said(0));
    }
}
