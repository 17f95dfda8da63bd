use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use super::*;
use crate::app::scribe::{Report, Scribe};
use crate::audio::take::TakeError;
use crate::store::home::Home;

/// How long anything may take that is waited for.
const LONG: Duration = Duration::from_secs(60);

struct Rig {
    _root: tempfile::TempDir,
    folder: Arc<SessionFolder>,
    manifest: Manifest,
}

fn rig() -> Rig {
    let root = tempfile::tempdir().unwrap();
    let home = Home::find(Some(&root.path().join("home"))).unwrap();
    let folder = Arc::new(SessionFolder::create(&home, "b", chrono::Utc::now()).unwrap());
    let turn = |question| format!(r#"{{"question":"{question}","section":"s","prompt":"p","state":"planned"}}"#);
    let text = format!(
        r#"{{"schema":1,"session":"{}","kind":"rehearse","bank":"b","title":"t","seed":1,"order":"listed",
        "started":"","outcome":"in-progress","rate":8000,"voice":"v","input":"i","output":"o","turns":[{},{}]}}"#,
        folder.name(),
        turn("a"),
        turn("b")
    );
    let manifest = Manifest::parse(text.as_bytes()).unwrap();
    Rig { _root: root, folder, manifest }
}

fn hear(length: usize, value: i16, lost: bool) -> Job {
    Job::Hear { samples: vec![value; length], lost }
}

fn length(path: &PathBuf) -> u64 {
    fs::metadata(path).map_or(0, |there| there.len())
}

#[test]
fn an_answer_is_with_the_system_while_nothing_at_all_is_written_down() {
    let rig = rig();
    // The scribe waits for a disk, and takes in nothing.
    let (write, entries) = mpsc::channel();
    let mut tape = Tape::new(Arc::clone(&rig.folder), &rig.manifest, write);
    for turn in [0, 1] {
        assert!(tape.perform(Frame(0), Job::Open { turn, take: 1 }));
        for _ in 0..5 {
            assert!(tape.perform(Frame(0), hear(800, 7, false)));
        }
        let (path, _) = rig.folder.take_path(turn, ["a", "b"][turn], 1);
        let deadline = Instant::now() + LONG;
        while length(&path) < 44 + 4_000 * 2 {
            assert!(Instant::now() < deadline, "the samples wait for the scribe");
            thread::yield_now();
        }
        assert!(tape.perform(Frame(0), Job::Close(TakeEnd::Done)));
    }
    let told: Vec<_> = entries.try_iter().filter(|(_, entry)| matches!(entry, Entry::Close(Some(_), _))).collect();
    assert_eq!(told.len(), 2);
}

#[test]
fn a_block_after_lost_frames_is_in_the_take_also_where_nothing_is_written_down_any_more() {
    let rig = rig();
    let (write, entries) = mpsc::channel();
    let mut tape = Tape::new(Arc::clone(&rig.folder), &rig.manifest, write);
    assert!(tape.perform(Frame(0), Job::Open { turn: 0, take: 1 }));
    for (length, value, lost) in [(100, 1, false), (50, 0, true), (30, 0, true)] {
        assert!(tape.perform(Frame(0), hear(length, value, lost)));
    }
    drop(entries);
    assert!(!tape.perform(Frame(0), hear(20, 2, false)), "it is told that there is a gap, and nobody hears of it");
    let summary = tape.open.take().unwrap().writer.close();
    assert_eq!((summary.frames().0, summary.dropped), (200, 80));
    let (path, _) = rig.folder.take_path(0, "a", 1);
    let samples: Vec<i16> = hound::WavReader::open(path).unwrap().samples().map(Result::unwrap).collect();
    assert_eq!(samples, [vec![1; 100], vec![0; 80], vec![2; 20]].concat());
}

#[test]
fn a_gap_is_told_with_its_place_when_it_is_over() {
    let rig = rig();
    let (write, entries) = mpsc::channel();
    let mut tape = Tape::new(Arc::clone(&rig.folder), &rig.manifest, write);
    assert!(tape.perform(Frame(0), Job::Open { turn: 1, take: 3 }));
    for (length, lost) in [(100, false), (50, true), (30, true), (10, false), (5, true)] {
        assert!(tape.perform(Frame(0), hear(length, 0, lost)));
    }
    assert!(tape.perform(Frame(0), Job::Close(TakeEnd::Done)));
    let gaps: Vec<_> = entries
        .try_iter()
        .filter_map(|(_, entry)| match entry {
            Entry::Note(Happening::Gap { turn: 1, take: 3, at, frames }) => Some((at, frames)),
            _ => None,
        })
        .collect();
    assert_eq!(gaps, [(100, 80), (190, 5)]);
}

#[test]
fn a_session_whose_last_take_failed_is_not_finished_though_its_loop_believes_so() {
    let rig = rig();
    let planned = Happening::Planned(Box::new(rig.manifest.clone()));
    let scribe = Scribe::begin(Arc::clone(&rig.folder), rig.manifest, planned).unwrap();
    let (write, entries) = mpsc::channel();
    let (tell, reports) = mpsc::channel();
    let (_, file) = rig.folder.take_path(0, "a", 1);
    let source = Arc::new(io::Error::other("the disk does not answer"));
    let failure = Some(TakeError::DiskFailed { path: file.clone().into(), kept: crate::interview::Frames(0), source });
    write.send((Frame(0), Entry::Opened { turn: 0, take: 1, file, failure })).unwrap();
    write.send((Frame(1), Entry::Finish { outcome: "finished" })).unwrap();
    let written = scribe.work(&entries, tell);
    assert!(matches!(reports.recv(), Ok(Report::Failed(_))));
    assert_eq!(written.manifest.outcome, "interrupted");
    written.finished.unwrap();
}
