//! The recording of a whole session lies in the session's folder: nothing else there minds it, and it goes with it.

#[path = "support/recorded.rs"]
mod recorded;
#[path = "support/riff.rs"]
mod riff;

use std::path::Path;

use greenroom::app::reel::Reel;
use greenroom::audio::pace::Pace;
use greenroom::interview::SampleRate;
use greenroom::store::catalogue;
use greenroom::store::event::Happening;
use greenroom::store::session::SessionFolder;
use recorded::{
    close_take, create, end_turn, files_of, finish, live, load, manifest, open_take, put_in_order, rig, speak,
    torn_wav, whole_wav,
};

const TAKE: &str = "takes/01-a-1.wav";

/// Records a whole session of a second into a folder.
fn record(folder: &Path) {
    let mut reel = Reel::begin(folder, SampleRate::STANDARD, Pace::Fast).unwrap();
    reel.mark("Question 1");
    reel.pass(24_000, None);
    reel.mark("Answer 1");
    reel.pass(24_000, Some(&[100; 24_000]));
    reel.finish().unwrap();
}

fn events(over: bool) -> Vec<(u64, Happening)> {
    let mut events = vec![(0, speak(0)), (10, open_take(0, 1, TAKE))];
    if over {
        events.extend([(110, close_take(0, 1, "done", 0, &[(TAKE, 100)])), (110, end_turn(0, false)), (110, finish())]);
    }
    events
}

/// A session with a take and a recording of the whole.
fn session(folder: SessionFolder, over: bool) {
    let lived = live(&folder, manifest(folder.name(), &["a"]), &events(over));
    folder.save(&lived).unwrap();
    if over {
        whole_wav(&folder.path().join(TAKE), 100);
    } else {
        torn_wav(&folder.path().join(TAKE), 40, 100);
    }
    record(folder.path());
}

#[test]
fn a_session_that_is_in_order_stays_so_with_it() {
    let rig = rig();
    let folder = create(&rig, 30);
    let path = folder.path().to_owned();
    session(folder, true);
    let before = files_of(&path);
    assert!(before.contains_key(&path.join("tape.wav")));
    for read in [load, put_in_order] {
        let read = read(&path).unwrap();
        assert!(read.findings.is_empty() && read.repaired.is_empty(), "{:?}", read.findings);
        assert_eq!(read.manifest.turns[0].state, "answered");
    }
    assert_eq!(files_of(&path), before);
    let listed = catalogue::list(&rig.home).unwrap();
    assert!(listed.len() == 1 && listed[0].manifest.is_ok() && listed[0].findings.is_empty(), "{listed:?}");
}

#[test]
fn a_session_that_was_cut_short_is_repaired_beside_it_and_it_is_left_alone() {
    // Whole, as a kill leaves it, empty, no WAV file at all.
    for leave in [None, Some(20_000), Some(44), Some(0)] {
        let rig = rig();
        let folder = create(&rig, 30);
        let path = folder.path().to_owned();
        session(folder, false);
        let tape = path.join("tape.wav");
        if let Some(length) = leave {
            std::fs::File::options().write(true).open(&tape).unwrap().set_len(length).unwrap();
        }
        let before = std::fs::read(&tape).unwrap();
        let repaired = load(&path).unwrap();
        assert!(!repaired.findings.iter().chain(&repaired.repaired).any(|line| line.contains("tape")), "{repaired:?}");
        assert_eq!(repaired.manifest.turns[0].takes[0].frames, 100);
        let again = put_in_order(&path).unwrap();
        assert!(again.findings.is_empty() && again.repaired.is_empty(), "{again:?}");
        assert!(std::fs::read(&tape).unwrap() == before);
    }
}

#[test]
fn a_session_that_is_resumed_gets_another_and_both_open() {
    let rig = rig();
    let folder = create(&rig, 30);
    let path = folder.path().to_owned();
    session(folder, false);
    load(&path).unwrap();
    let folder = SessionFolder::open(&path).unwrap();
    record(folder.path());
    drop(folder);
    for name in ["tape.wav", "tape-2.wav"] {
        let riff = riff::read(&path.join(name));
        assert_eq!((riff.samples.len(), riff.marks.len()), (48_000, 2), "{name}");
    }
    assert!(put_in_order(&path).unwrap().findings.is_empty());
}

#[test]
fn a_session_whose_journal_and_manifest_are_lost_is_made_of_its_takes_alone() {
    let rig = rig();
    let folder = create(&rig, 30);
    let path = folder.path().to_owned();
    session(folder, true);
    std::fs::remove_file(path.join("session.json")).unwrap();
    std::fs::remove_file(path.join("journal.jsonl")).unwrap();
    let found = load(&path).unwrap().manifest;
    assert_eq!(found.turns.iter().map(|turn| turn.takes.len()).sum::<usize>(), 1);
    assert!(path.join("tape.wav").exists());
}

#[test]
fn it_goes_with_the_session() {
    let rig = rig();
    let folder = create(&rig, 30);
    let (path, name) = (folder.path().to_owned(), folder.name().to_owned());
    session(folder, true);
    loop {
        match catalogue::delete(&rig.home, &name) {
            Err(greenroom::store::session::SessionError::Busy { .. }) => std::thread::yield_now(),
            deleted => break deleted.unwrap(),
        }
    }
    assert!(!path.exists());
    assert_eq!(rig.home.recordings().read_dir().unwrap().count(), 0);
}
