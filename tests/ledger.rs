//! What all sessions come to, read through the derived file and without it.
#![cfg(unix)] // Elsewhere nobody can make a folder look old, and what is new is not kept.

#[path = "support/practised.rs"]
mod practised;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, TimeZone, Utc};
use greenroom::interview::Grade;
use greenroom::interview::schedule::Day;
use greenroom::store::home::{FoundBy, Home};
use greenroom::store::ledger::{self, Digest, State};
use greenroom::store::session::SessionFolder;
use greenroom::store::{catalogue, review};
use practised::{Answer, age, answer, practised};

const LONG_AGO: Duration = Duration::from_secs(3_600);

struct Rig {
    _folder: tempfile::TempDir,
    home: Home,
}

fn rig() -> Rig {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let home = Home { root: folder.path().join("home"), found: FoundBy::Flag };
    Rig { _folder: folder, home }
}

impl Rig {
    fn cache(&self) -> PathBuf {
        self.home.recordings().join(".ledger")
    }

    /// What is read now.
    fn read(&self) -> Vec<Digest> {
        ledger::read(&self.home).expect("it can be read").digests
    }

    /// What is read without the file, which is afterwards as it was.
    fn read_anew(&self) -> Vec<Digest> {
        let kept = fs::read(self.cache()).ok();
        let _ = fs::remove_file(self.cache());
        let anew = self.read();
        match kept {
            Some(kept) => fs::write(self.cache(), kept).expect("it can be written"),
            None => fs::remove_file(self.cache()).unwrap_or_default(),
        }
        anew
    }

    fn names(&self) -> Vec<String> {
        self.read().into_iter().map(|digest| digest.head.name).collect()
    }
}

fn day(day: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, day, 9, 30, 5).unwrap()
}

fn rated(question: &str, grade: Grade) -> Answer {
    Answer { grade: Some(grade), words: Some(150.0), ..answer(question, "foundations") }
}

/// Makes a session that has been over for an hour.
fn settled(rig: &Rig, on: u32, answers: &[Answer]) -> PathBuf {
    let path = practised(&rig.home, "rehearse", "vp-engineering", day(on), answers);
    age(&path, LONG_AGO);
    path
}

/// Puts other words of the same length into the file, with the right sum, as nobody but a test does.
fn forge(cache: &Path, from: &str, to: &str) {
    assert_eq!(from.len(), to.len());
    let mut bytes = fs::read(cache).expect("it is there");
    let places: Vec<usize> =
        bytes.windows(from.len()).enumerate().filter(|(_, w)| *w == from.as_bytes()).map(|(at, _)| at).collect();
    assert!(!places.is_empty(), "{from} is not in the file");
    for at in places {
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
    }
    let sum = crc32fast::hash(&bytes[32..]);
    bytes[28..32].copy_from_slice(&sum.to_le_bytes());
    fs::write(cache, bytes).expect("it can be written");
}

#[test]
fn a_session_comes_to_what_was_asked_spoken_rated_and_measured() {
    let rig = rig();
    let mut more = rated("okr-alignment", Grade::Easy);
    more.follow_up = true;
    let path = settled(&rig, 21, &[rated("okr-alignment", Grade::Hard), more, answer("hiring", "people")]);
    let file = "takes/03-hiring-1.wav";
    let points = ["one".to_owned(), "two".to_owned()];
    review::tick(&path, "hiring", file, &points, day(21)).unwrap();
    review::tell(&path, "hiring", file, Some("the-migration"), day(21)).unwrap();
    let digests = rig.read();
    let Digest { head, turns } = &digests[0];
    assert_eq!(head.name, "2026-11-21T09-30-05Z-vp-engineering");
    assert_eq!((head.kind.as_str(), head.bank.as_str()), ("rehearse", "vp-engineering"));
    assert_eq!((head.outcome.as_str(), head.started.as_str()), ("finished", "2026-11-21T09:30:05Z"));
    assert_eq!(head.began, Some(day(21).timestamp()));
    assert_eq!((head.questions, head.answered, head.takes), (3, 3, 3));
    assert_eq!(head.spoken, Duration::from_secs(180));
    assert_eq!(turns[0].grade, Some(Grade::Hard));
    assert_eq!((turns[0].state, turns[0].takes, turns[0].spoken), (State::Answered, 1, Duration::from_secs(60)));
    assert_eq!(turns[0].newest_file(0).as_deref(), Some("takes/01-okr-alignment-1.wav"));
    let delivery = turns[0].delivery.expect("it was measured");
    assert_eq!(delivery.values(), [4.25, 150.0, 0.125, 1.5, 2.75, 0.8, -23.1].map(Some));
    assert!(turns[1].follow_up && turns[1].grade == Some(Grade::Easy));
    assert_eq!((turns[2].grade, turns[2].delivery), (None, None));
    assert_eq!(turns[2].ticked, points);
    assert_eq!(turns[2].story.as_deref(), Some("the-migration"));
}

#[test]
fn the_file_is_for_the_owner_alone_and_is_no_session() {
    let rig = rig();
    settled(&rig, 21, &[answer("a", "s")]);
    assert_eq!(rig.read().len(), 1);
    assert_eq!(rig.cache().metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(catalogue::list(&rig.home).unwrap().len(), 1);
    assert_eq!(rig.read().len(), 1);
    let names: Vec<_> = fs::read_dir(rig.home.recordings()).unwrap().flatten().map(|each| each.file_name()).collect();
    assert_eq!(names.len(), 2, "nothing on its way is left: {names:?}");
}

#[test]
fn a_settled_session_is_read_from_the_file_and_from_nowhere_else() {
    let rig = rig();
    settled(&rig, 21, &[answer("hiring", "s")]);
    rig.read();
    forge(&rig.cache(), "hiring", "firing");
    assert_eq!(rig.read()[0].turns[0].question, "firing");
    let written = rig.cache().metadata().unwrap().modified().unwrap();
    rig.read();
    assert_eq!(rig.cache().metadata().unwrap().modified().unwrap(), written, "what is right is not written again");
}

#[test]
fn whatever_changes_in_a_session_is_seen() {
    let rig = rig();
    let path = settled(&rig, 21, &[rated("hiring", Grade::Good)]);
    rig.read();
    let file = "takes/01-hiring-1.wav";
    // A rating, which the candidate gave days later.
    review::add_rating(&path, "hiring", file, Grade::Again, day(22)).unwrap();
    assert_eq!(rig.read()[0].turns[0].grade, Some(Grade::Again));
    age(&path, LONG_AGO);
    rig.read();
    // A measurement.
    fs::remove_file(path.join("analysis/01-1.json")).unwrap();
    assert_eq!(rig.read()[0].turns[0].delivery, None);
    age(&path, LONG_AGO);
    rig.read();
    // The manifest, changed in its place by hand, no longer than before.
    let manifest = fs::read_to_string(path.join("session.json")).unwrap();
    fs::write(path.join("session.json"), manifest.replace("Title of", "Name  of")).unwrap();
    assert_eq!(rig.read()[0].head.title, catalogue::list(&rig.home).unwrap()[0].manifest.as_ref().unwrap().title);
    // A recording that is gone.
    age(&path, LONG_AGO);
    rig.read();
    fs::remove_file(path.join(file)).unwrap();
    assert_eq!(rig.read()[0].head.answered, 0);
    // All of it.
    fs::remove_dir_all(path).unwrap();
    assert!(rig.read().is_empty());
}

#[test]
fn what_changed_just_now_is_not_kept_yet() {
    let rig = rig();
    let path = practised(&rig.home, "rehearse", "vp-engineering", day(21), &[answer("hiring", "s")]);
    rig.read();
    assert!(!rig.cache().exists(), "another change within the same tick of the clock could not be seen");
    // Nor is what will change in times to come.
    fs::File::open(&path).unwrap().set_modified(std::time::SystemTime::now() + LONG_AGO).unwrap();
    rig.read();
    assert!(!rig.cache().exists());
    age(&path, LONG_AGO);
    rig.read();
    assert!(rig.cache().exists());
}

#[test]
fn a_running_session_is_never_read_from_the_file() {
    let rig = rig();
    let path = settled(&rig, 21, &[answer("hiring", "s")]);
    rig.read();
    forge(&rig.cache(), "hiring", "firing");
    let folder = SessionFolder::open(&path).unwrap();
    let listed = ledger::list(&rig.home).unwrap();
    assert!(listed[0].running, "its folder has a reserve now");
    assert_eq!(rig.read()[0].turns[0].question, "hiring");
    drop(folder);
    // Nor is one that is resumed, whatever its times say.
    let mut manifest = catalogue::list(&rig.home).unwrap().remove(0).manifest.unwrap();
    let folder = SessionFolder::open(&path).unwrap();
    manifest.outcome = "in-progress".to_owned();
    folder.save(&manifest).unwrap();
    age(&path, LONG_AGO);
    assert_eq!(ledger::list(&rig.home).unwrap()[0].head.as_ref().unwrap().outcome, "in-progress");
    assert!(!fs::read(rig.cache()).unwrap().windows(6).any(|part| part == b"hiring"));
}

#[test]
fn a_session_that_needs_it_is_still_put_in_order() {
    let rig = rig();
    let path = settled(&rig, 21, &[answer("hiring", "s")]);
    fs::remove_file(path.join("session.json")).unwrap();
    age(&path, LONG_AGO);
    let all = ledger::read(&rig.home).unwrap();
    assert_eq!(all.mended.len(), 1);
    assert!(!all.mended[0].repaired.is_empty());
    assert_eq!(all.digests[0].head.answered, 1);
    assert!(path.join("session.json").exists());
    assert!(ledger::read(&rig.home).unwrap().mended.is_empty(), "once");
}

#[test]
fn a_renamed_session_goes_by_its_new_name_and_a_deleted_one_is_gone() {
    let rig = rig();
    let first = settled(&rig, 20, &[answer("a", "s")]);
    settled(&rig, 21, &[answer("b", "s")]);
    settled(&rig, 22, &[answer("c", "s")]);
    rig.read();
    fs::rename(&first, rig.home.recordings().join("my-best")).unwrap();
    catalogue::delete(&rig.home, "2026-11-21").unwrap();
    let expected = ["2026-11-22T09-30-05Z-vp-engineering", "my-best"];
    assert_eq!(rig.names(), expected);
    assert_eq!(rig.names(), expected, "and from the file");
    let kept = fs::read(rig.cache()).unwrap();
    assert!(!kept.windows(10).any(|part| part == b"2026-11-21"), "what is gone is not kept");
}

#[test]
fn a_file_that_is_not_ours_is_passed_over_and_written_anew() {
    let rig = rig();
    settled(&rig, 21, &[rated("hiring", Grade::Good)]);
    let right = rig.read();
    let good = fs::read(rig.cache()).unwrap();
    let mut newer = good.clone();
    newer[16] = 99;
    let mut methods = good.clone();
    methods[24] = 99;
    let mut flipped = good.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let wrong: Vec<Vec<u8>> = vec![
        Vec::new(),
        b"garbage".to_vec(),
        b"greenroom ledger".to_vec(),
        good[..good.len() - 1].to_vec(),
        [&good[..], b"x"].concat(),
        newer,
        methods,
        flipped,
        vec![0xff; 10_000],
    ];
    for bytes in wrong {
        fs::write(rig.cache(), &bytes).unwrap();
        assert_eq!(rig.read(), right, "{:?}", &bytes[..bytes.len().min(40)]);
        assert_eq!(fs::read(rig.cache()).unwrap(), good);
    }
    // One cut at every place and with the right sum all the same.
    for end in 32..good.len() {
        let mut cut = good[..end].to_vec();
        let sum = crc32fast::hash(&cut[32..]);
        cut[28..32].copy_from_slice(&sum.to_le_bytes());
        fs::write(rig.cache(), &cut).unwrap();
        assert_eq!(rig.read(), right, "cut at {end}");
    }
}

#[test]
fn what_stands_in_the_place_of_the_file_is_neither_followed_nor_waited_for() {
    let rig = rig();
    settled(&rig, 21, &[answer("hiring", "s")]);
    let right = rig.read();
    let outside = rig.home.root.join("outside");
    fs::rename(rig.cache(), &outside).unwrap();
    forge(&outside, "hiring", "firing");
    let forged = fs::read(&outside).unwrap();
    std::os::unix::fs::symlink(&outside, rig.cache()).unwrap();
    assert_eq!(rig.read(), right, "a link is not read through");
    assert_eq!(fs::read(&outside).unwrap(), forged, "and not written through");
    assert!(rig.cache().symlink_metadata().unwrap().is_file());
    fs::remove_file(rig.cache()).unwrap();
    fs::create_dir(rig.cache()).unwrap();
    assert_eq!(rig.read(), right, "a folder is left alone");
    assert!(rig.cache().is_dir());
    fs::remove_dir(rig.cache()).unwrap();
    fs::set_permissions(rig.home.recordings(), fs::Permissions::from_mode(0o500)).unwrap();
    assert_eq!(rig.read(), right, "where nothing can be written, all is read");
    fs::set_permissions(rig.home.recordings(), fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn a_hostile_file_names_no_file_outside_of_its_session() {
    let rig = rig();
    let path = settled(&rig, 21, &[answer("hiring", "s")]);
    // A take under a name that greenroom does not give is kept by its name.
    fs::rename(path.join("takes/01-hiring-1.wav"), path.join("takes/own-name.wav")).unwrap();
    for file in ["session.json", "journal.jsonl"] {
        let text = fs::read_to_string(path.join(file)).unwrap();
        fs::write(path.join(file), text.replace("takes/01-hiring-1.wav", "takes/own-name.wav")).unwrap();
    }
    age(&path, LONG_AGO);
    ledger::read(&rig.home).unwrap();
    age(&path, LONG_AGO);
    let right = rig.read();
    assert_eq!(right[0].turns[0].newest_file(0).as_deref(), Some("takes/own-name.wav"));
    assert_eq!(rig.read(), right);
    forge(&rig.cache(), "takes/own-name.wav", "takes/../../../etc");
    assert_eq!(rig.read(), right);
}

#[test]
fn two_at_once_do_no_harm() {
    let rig = rig();
    for on in 1..=20 {
        settled(&rig, on, &[rated("hiring", Grade::Good)]);
    }
    let right = rig.read_anew();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..10 {
                    let _ = fs::remove_file(rig.cache());
                    assert_eq!(rig.read(), right);
                }
            });
        }
    });
    assert_eq!(rig.read(), right);
}

#[test]
fn what_is_read_through_the_file_is_what_is_read_without_it() {
    use proptest::prelude::*;
    let answers = || {
        let question = prop::sample::select(vec!["a", "b", "ünïcode", "with space", "../x", ""]);
        let grade = prop::option::of(prop::sample::select(Grade::ALL.to_vec()));
        let words = prop::option::of(80.0..250.0);
        let one =
            (question, grade, words, any::<bool>(), 0u32..3).prop_map(|(question, grade, words, follow_up, s)| {
                // The files of takes are named by ids.
                let safe =
                    !question.contains('/') && question.is_ascii() && !question.contains(' ') && !question.is_empty();
                let question = if safe { question } else { "x" };
                Answer { grade, words, follow_up, seconds: s, ..answer(question, "s") }
            });
        prop::collection::vec(one, 0..4)
    };
    let kinds = || prop::sample::select(vec!["rehearse", "panel", "demo"]);
    let config = ProptestConfig { cases: 12, ..ProptestConfig::default() };
    proptest!(config, |(sessions in prop::collection::vec((kinds(), 1u32..28, answers()), 0..5))| {
        let rig = rig();
        for (kind, on, answers) in &sessions {
            let path = practised(&rig.home, kind, "vp-engineering", day(*on), answers);
            age(&path, LONG_AGO);
        }
        let anew = rig.read_anew();
        // The first reading may put in order what was left; what it wrote is not settled.
        for digest in &anew {
            age(&rig.home.recordings().join(&digest.head.name), LONG_AGO);
        }
        let first = rig.read();
        let kept = rig.read();
        prop_assert_eq!(&first, &kept);
        prop_assert_eq!(&kept, &rig.read_anew());
        prop_assert_eq!(ledger::answered(&kept, "vp-engineering"), ledger::answered(&anew, "vp-engineering"));
        let heads: Vec<String> = ledger::list(&rig.home).unwrap().into_iter().map(|each| each.name).collect();
        let listed: Vec<String> = catalogue::list(&rig.home).unwrap().into_iter().map(|each| each.name).collect();
        prop_assert_eq!(heads, listed);
    });
}

#[test]
fn answers_are_of_their_bank_in_their_order_and_once_a_session() {
    let rig = rig();
    let follow_up = Answer { follow_up: true, ..rated("a", Grade::Easy) };
    let bank = "vp-engineering";
    practised(&rig.home, "panel", bank, day(3), &[rated("a", Grade::Hard), follow_up]);
    practised(&rig.home, "rehearse", bank, day(2), &[rated("a", Grade::Again), rated("a", Grade::Good)]);
    practised(&rig.home, "demo", bank, day(4), &[rated("a", Grade::Easy)]);
    practised(&rig.home, "rehearse", "behavioral", day(5), &[rated("a", Grade::Easy)]);
    practised(&rig.home, "rehearse", bank, day(6), &[answer("b", "s")]);
    let answered = ledger::answered(&rig.read(), bank);
    let grades = |question: &str| answered[question].iter().map(|answer| answer.grade).collect::<Vec<_>>();
    assert_eq!(grades("a"), [Some(Grade::Good), Some(Grade::Hard)]);
    assert_eq!(grades("b"), [None]);
    assert!(answered["a"][0].day < answered["a"][1].day);
    assert_eq!(answered.len(), 2);
    let noon = DateTime::from_timestamp(day(6).timestamp() + 3_600 * 3, 0).unwrap();
    let near = ledger::day_of(noon.timestamp()).unwrap();
    assert!((answered["b"][0].day.0 - near.0).abs() <= 1 && answered["b"][0].day > Day(0));
}
