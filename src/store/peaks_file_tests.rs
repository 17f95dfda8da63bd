use std::path::PathBuf;
use std::time::Duration;

use proptest::prelude::*;

use super::super::manifest::ManifestTake;
use super::*;
use crate::speech::PeaksBuilder;

const FILE: &str = "takes/01-a-1.wav";

fn part(file: &str) -> ManifestTake {
    ManifestTake { frames: 1_000, end: "done".to_owned(), ..ManifestTake::open(file, 16_000, 0) }
}

fn outline(frames: usize) -> Peaks {
    let mut builder = PeaksBuilder::new(16_000, 1);
    builder.add_i16(&(0..frames).map(|n| (n * 7_919 % 30_011) as i16 - 15_000).collect::<Vec<_>>());
    builder.finish()
}

/// A session with an outline in it.
fn session() -> (tempfile::TempDir, PathBuf) {
    let session = tempfile::tempdir().expect("a temporary folder");
    write(session.path(), 0, 1, FILE, &outline(1_000)).expect("it is kept");
    let path = session.path().join("analysis/01-1.peaks");
    (session, path)
}

#[test]
fn what_is_kept_comes_back_and_only_for_its_own_recording() {
    let (session, _) = session();
    let (one, other) = (part(FILE), part("takes/01-b-1.wav"));
    let take = |part, number| Recorded { number, parts: vec![part] };
    let read = |turn, take: &Recorded<'_>, rate, frames| read(session.path(), turn, take, rate, frames);
    assert_eq!(read(0, &take(&one, 1), 16_000, 1_000), Some(outline(1_000)));
    assert_eq!(read(0, &take(&one, 1), 16_000, 1_001), None);
    assert_eq!(read(0, &take(&one, 1), 8_000, 1_000), None);
    assert_eq!(read(0, &take(&other, 1), 16_000, 1_000), None);
    assert_eq!(read(0, &take(&one, 2), 16_000, 1_000), None);
    assert_eq!(read(1, &take(&one, 1), 16_000, 1_000), None);
    assert_eq!(read(0, &Recorded { number: 1, parts: Vec::new() }, 16_000, 1_000), None);
}

#[test]
fn a_recording_that_was_changed_since_has_no_outline() {
    let (session, _) = session();
    let part = part(FILE);
    let take = Recorded { number: 1, parts: vec![&part] };
    std::fs::create_dir(session.path().join("takes")).expect("a folder");
    let sound = std::fs::File::create(session.path().join(FILE)).expect("a file");
    let changed = |when| sound.set_modified(when).expect("it can be set");
    changed(SystemTime::now() - Duration::from_secs(60));
    assert!(read(session.path(), 0, &take, 16_000, 1_000).is_some());
    assert!(would_count(session.path(), &take));
    changed(SystemTime::now() + Duration::from_secs(60));
    assert_eq!(read(session.path(), 0, &take, 16_000, 1_000), None);
    // And none that is made now would be believed, so none is written.
    assert!(!would_count(session.path(), &take));
}

#[test]
fn an_outline_that_is_none_is_not_written() {
    let (session, path) = session();
    let before = std::fs::read(&path).expect("it is there");
    let whole = outline(1_000);
    for odd in [
        Peaks { frames: 2_000, ..whole.clone() },
        Peaks { slice: 0, ..whole.clone() },
        Peaks { frames: u64::MAX, ..whole.clone() },
        Peaks { peaks: Vec::new(), ..whole.clone() },
    ] {
        assert!(write(session.path(), 0, 1, FILE, &odd).is_err());
    }
    assert!(write(session.path(), 0, 1, &"x".repeat(2_000), &whole).is_err());
    assert_eq!(std::fs::read(&path).expect("it is there"), before);
}

#[test]
fn the_longest_outline_is_kept_and_read() {
    let mut builder = PeaksBuilder::new(200, 1);
    builder.add_i16(&vec![77; MOST_PEAKS]);
    builder.add_i16(&[78]);
    let peaks = builder.finish();
    let bytes = encode(&"x".repeat(LONGEST_NAME), &peaks).expect("it is one");
    assert!(bytes.len() as u64 <= LARGEST);
    assert_eq!(decode(&bytes, &"x".repeat(LONGEST_NAME)), Some(peaks));
}

/// The same bytes with a sum that is right.
fn summed(mut bytes: Vec<u8>) -> Vec<u8> {
    if let Some(rest) = bytes.get(SUM.end..) {
        let sum = crc32fast::hash(rest);
        bytes[SUM].copy_from_slice(&sum.to_le_bytes());
    }
    bytes
}

#[test]
fn every_byte_counts() {
    let whole = encode(FILE, &outline(1_000)).expect("it is one");
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        assert_eq!(decode(&bytes, FILE), None, "byte {at}");
        assert_eq!(decode(&whole[..at], FILE), None, "{at} bytes");
        // A sum alone does not make it one.
        assert_eq!(decode(&summed(whole[..at].to_vec()), FILE), None, "{at} bytes and their sum");
    }
    assert_eq!(decode(&summed([&whole[..], &[0]].concat()), FILE), None);
}

#[test]
fn a_count_beyond_all_bytes_needs_no_room() {
    let whole = encode(FILE, &outline(1_000)).expect("it is one");
    for (at, size) in [(28, 4), (32, 8), (40, 4)] {
        for value in [0x00, 0x01, 0x7F, 0xFF] {
            let mut bytes = whole.clone();
            bytes[at..at + size].fill(value);
            assert_eq!(decode(&summed(bytes), FILE), None, "{value:02x} at {at}");
        }
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_passed_over_and_not_waited_for() {
    let (session, path) = session();
    let part = part(FILE);
    let take = Recorded { number: 1, parts: vec![&part] };
    let kept = session.path().join("elsewhere");
    std::fs::rename(&path, &kept).expect("it can be moved");
    let read = || read(session.path(), 0, &take, 16_000, 1_000);
    assert_eq!(read(), None);
    std::os::unix::fs::symlink(&kept, &path).expect("a link");
    assert_eq!(read(), None, "nothing in a session folder points elsewhere");
    std::fs::remove_file(&path).expect("it can be removed");
    std::fs::create_dir(&path).expect("a folder");
    assert_eq!(read(), None);
    assert!(write(session.path(), 0, 1, FILE, &outline(1_000)).is_err());
    std::fs::remove_dir_all(session.path().join("analysis")).expect("it can be removed");
    std::os::unix::fs::symlink(session.path(), session.path().join("analysis")).expect("a link");
    assert!(write(session.path(), 0, 1, FILE, &outline(1_000)).is_err());
    assert_eq!(read(), None);
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let (_session, path) = session();
    assert_eq!(path.metadata().expect("it is there").permissions().mode() & 0o777, 0o600);
}

proptest! {
    #[test]
    fn no_bytes_make_it_fail(bytes: Vec<u8>, tail: Vec<u8>) {
        let _ = decode(&bytes, FILE);
        let _ = decode(&summed(bytes), FILE);
        let begun = [MAGIC.as_slice(), &SCHEMA.to_le_bytes(), &[0; 4], &tail].concat();
        if let Some(peaks) = decode(&summed(begun), FILE) {
            prop_assert_eq!(stretches(peaks.frames, peaks.slice), Some(peaks.peaks.len()));
        }
    }
}
