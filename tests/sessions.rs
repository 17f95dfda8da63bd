//! Session folders: written, killed, reopened, hostile.

#[path = "support/recorded.rs"]
mod recorded;

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use greenroom::interview::Frame;
use greenroom::store::calendar;
use greenroom::store::event::Happening;
use greenroom::store::journal::{Damage, Entry, read_journal};
use greenroom::store::manifest::Manifest;
use greenroom::store::review::{self, Grade};
use greenroom::store::session::{
    self, SessionError, SessionFolder, answered, delete, find, is_running, list, look, next_turns, repair,
};
use recorded::*;
use serde_json::json;

#[test]
fn sessions_of_the_same_second_get_folders_of_their_own() {
    let rig = rig();
    let folders: Vec<_> = (0..3).map(|_| create(&rig, 30)).collect();
    let names: Vec<&str> = folders.iter().map(SessionFolder::name).collect();
    let first = "2026-11-21T09-30-05Z-vp-engineering";
    assert_eq!(names, [first, &format!("{first}-2"), &format!("{first}-3")]);
}

#[cfg(unix)]
#[test]
fn folders_are_for_their_owner_alone_and_so_are_files() {
    use std::os::unix::fs::PermissionsExt;
    let rig = rig();
    let folder = create(&rig, 30);
    folder.save(&manifest(folder.name(), &["a"])).unwrap();
    folder.journal().unwrap().append(Frame(0), &Happening::Released).unwrap();
    let mode = |path: &str| folder.path().join(path).metadata().unwrap().permissions().mode() & 0o777;
    for path in ["", "takes", "prompts"] {
        assert_eq!(mode(path), 0o700, "{path}");
    }
    for path in ["session.json", "journal.jsonl", "lock"] {
        assert_eq!(mode(path), 0o600, "{path}");
    }
}

#[test]
fn no_question_id_leads_out_of_the_folder() {
    let rig = rig();
    let folder = create(&rig, 30);
    let (path, relative) = folder.take_path(2, "okr-alignment", 1);
    assert_eq!(relative, "takes/03-okr-alignment-1.wav");
    assert_eq!(path, folder.path().join("takes").join("03-okr-alignment-1.wav"));
    assert_eq!(folder.prompt_path(2).1, "prompts/03.wav");
    let takes = folder.path().join("takes");
    for hostile in ["../../x", "/etc/passwd", "a\\b", "", "\0", "é/..", "C:x", &"x".repeat(10_000)] {
        let (path, relative) = folder.take_path(0, hostile, 1);
        assert_eq!(path.parent(), Some(takes.as_path()), "{hostile}");
        assert!(relative.len() < 100 && relative.is_ascii(), "{relative}");
    }
    assert!(SessionFolder::create(&rig.home, "../../out", at(31)).unwrap().path().starts_with(rig.home.recordings()));
}

#[test]
fn a_manifest_reads_back_as_it_was_written() {
    let rig = rig();
    let folder = create(&rig, 30);
    let mut planned = manifest(folder.name(), &["a", "b"]);
    planned.turns[1].limit_s = None;
    planned.turns[1].gap_s = 0.123_456_789;
    let file = "takes/01-a-1.wav";
    whole_wav(&folder.path().join(file), 10);
    let events = [(5, open_take(0, 1, file)), (15, close_take(0, 1, "done", 0, &[(file, 10)])), (20, finish())];
    let manifest = live(&folder, planned, &events);
    folder.save(&manifest).unwrap();
    let before = files_of(folder.path());
    assert_eq!(repair(&folder).unwrap(), manifest.clone().into());
    assert_eq!(files_of(folder.path()), before);
    let path = folder.path().to_owned();
    drop(folder);
    assert_eq!(load(&path).unwrap(), manifest.into());
}

#[test]
fn a_renamed_session_goes_by_its_new_name() {
    let rig = rig();
    let folder = create(&rig, 30);
    folder.save(&manifest(folder.name(), &["a"])).unwrap();
    let (old, new) = (folder.path().to_owned(), rig.home.recordings().join("my-best"));
    drop(folder);
    std::fs::rename(old, &new).unwrap();
    assert_eq!(find(&rig.home, "my").unwrap(), new);
    assert_eq!(load(&new).unwrap().manifest.session, "my-best");
}

#[test]
fn a_running_session_is_read_as_it_stands() {
    let rig = rig();
    let folder = create(&rig, 30);
    let mut manifest = manifest(folder.name(), &["a"]);
    manifest.turns[0].takes.push(take("takes/01-a-1.wav", 10, "done"));
    folder.save(&manifest).unwrap();
    assert_eq!(session::load(folder.path()).unwrap(), manifest.into());
    assert!(list(&rig.home).unwrap()[0].running);
}

#[test]
fn a_killed_session_is_completed_from_the_journal_and_the_takes() {
    let rig = rig();
    let folder = create(&rig, 30);
    let planned = manifest(folder.name(), &["a", "b", "c", "d"]);
    folder.save(&planned).unwrap();
    let (a, c) = ("takes/01-a-1.wav", "takes/03-c-1.wav");
    let events = [
        // Answered, closed and whole.
        (1, speak(0)),
        (100, open_take(0, 1, a)),
        (200, Happening::Gap { turn: 0, take: 1, at: 100, frames: 3 }),
        (600, close_take(0, 1, "done", 3, &[(a, 500)])),
        (600, end_turn(0, false)),
        // Passed over.
        (700, end_turn(1, true)),
        // Being answered when the program was killed.
        (800, speak(2)),
        (900, open_take(2, 1, c)),
        // One that never came to be.
        (999, open_take(3, 1, "takes/04-d-1.wav")),
    ];
    live(&folder, planned, &events);
    whole_wav(&folder.path().join(a), 500);
    torn_wav(&folder.path().join(c), 100, 444);
    // A take that the journal does not know.
    torn_wav(&folder.path().join("takes/03-c-2.wav"), 0, 55);
    let path = folder.path().to_owned();
    drop(folder);

    for lost in [None, Some("session.json")] {
        if let Some(lost) = lost {
            std::fs::remove_file(path.join(lost)).unwrap();
        }
        let read = look(&path).unwrap();
        assert_eq!(read.outcome, "interrupted");
        let states: Vec<&str> = read.turns.iter().map(|turn| turn.state.as_str()).collect();
        assert_eq!(states, ["answered", "skipped", "asked", "asked"]);
        let takes: Vec<(&str, u64, &str)> = read
            .turns
            .iter()
            .flat_map(|turn| &turn.takes)
            .map(|take| (take.file.as_str(), take.frames, take.end.as_str()))
            .collect();
        assert_eq!(
            takes,
            [
                ("takes/01-a-1.wav", 500, "done"),
                ("takes/03-c-1.wav", 444, "interrupted"),
                ("takes/03-c-2.wav", 55, "interrupted")
            ]
        );
        assert_eq!(read.turns[0].takes[0].dropped, 3);
        assert_eq!(read.turns[0].takes[0].started_frame, 100);
        assert_eq!(next_turns(&read), [2, 3]);
        assert_eq!(read.turns[2].last_take(), 2);
    }

    let repaired = load(&path).unwrap();
    assert!(!repaired.findings.is_empty() && !repaired.repaired.is_empty());
    let before = files_of(&path);
    assert_eq!(load(&path).unwrap(), repaired.manifest.into(), "there is nothing to be done any more");
    assert_eq!(put_in_order(&path).unwrap().repaired, Vec::<String>::new());
    assert_eq!(files_of(&path), before);
    let wav = hound::WavReader::open(path.join("takes/03-c-1.wav")).unwrap();
    assert_eq!(wav.duration(), 444, "the header admits what is there");
}

#[test]
fn a_take_that_is_shorter_than_said_is_interrupted_and_a_longer_one_is_as_said() {
    let rig = rig();
    let folder = create(&rig, 30);
    let names = ["takes/01-a-1.wav", "takes/02-b-1.wav", "takes/03-c-1.wav"];
    let mut events = Vec::new();
    for (turn, name) in names.iter().enumerate() {
        events.push((0, open_take(turn, 1, name)));
        events.push((500, close_take(turn, 1, "done", 0, &[(*name, 500)])));
    }
    events.push((600, finish()));
    let said = live(&folder, manifest(folder.name(), &["a", "b", "c"]), &events);
    torn_wav(&folder.path().join(names[0]), 400, 400);
    torn_wav(&folder.path().join(names[1]), 500, 600);
    folder.save(&said).unwrap();
    let path = folder.path().to_owned();
    drop(folder);
    let read = load(&path).unwrap();
    let takes: Vec<(u64, &str)> =
        read.manifest.turns.iter().map(|turn| (turn.takes[0].frames, turn.takes[0].end.as_str())).collect();
    assert_eq!(takes, [(400, "interrupted"), (500, "done"), (0, "interrupted")]);
    assert_eq!(next_turns(&read.manifest), [0, 2]);
    // The header of the second names no more than was said, but contradicts itself.
    assert_eq!(read.findings.len(), 3, "{:?}", read.findings);
    assert_eq!(read.manifest.outcome, "finished");
}

#[test]
fn with_the_takes_alone_the_recordings_are_still_listed() {
    let rig = rig();
    let folder = create(&rig, 30);
    torn_wav(&folder.path().join("takes/02-okr-alignment-1.wav"), 0, 70);
    let path = folder.path().to_owned();
    drop(folder);
    let read = load(&path).unwrap().manifest;
    assert_eq!((read.bank.as_str(), read.started.as_str()), ("vp-engineering", "2026-11-21T09:30:05Z"));
    assert_eq!(read.turns[1].question, "okr-alignment");
    assert_eq!(read.turns[1].takes[0].frames, 70);
    assert!(next_turns(&read).is_empty(), "nobody knows what was planned");
}

#[test]
fn a_session_of_a_newer_greenroom_is_left_alone() {
    let rig = rig();
    let folder = create(&rig, 30);
    let mut newer = serde_json::to_value(manifest(folder.name(), &["a"])).unwrap();
    newer["mood"] = json!("sunny");
    std::fs::write(folder.path().join("session.json"), newer.to_string()).unwrap();
    assert!(session::load(folder.path()).is_ok(), "unknown keys are passed over");
    std::fs::write(folder.path().join("session.json"), r#"{"schema": 2}"#).unwrap();
    folder.journal().unwrap().append(Frame(0), &Happening::Released).unwrap();
    assert!(matches!(session::load(folder.path()), Err(SessionError::Newer { schema: 2, .. })));
    assert!(matches!(repair(&folder), Err(SessionError::Newer { .. })));
}

#[test]
fn a_torn_line_costs_that_line_alone() {
    let rig = rig();
    let folder = create(&rig, 30);
    let path = folder.path().join("journal.jsonl");
    let held = Happening::Held { by: "candidate".to_owned() };
    folder.journal().unwrap().append(Frame(1), &held).unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.extend_from_slice(b"garbage\n\xff\xfe\n[2,\"lo");
    std::fs::write(&path, bytes).unwrap();
    let back = Happening::Back { name: "a \"b\" c".to_owned() };
    folder.journal().unwrap().append(Frame(3), &back).unwrap();
    let read = read_journal(&path);
    assert_eq!(read.damage, Damage { damaged: 3, ..Damage::default() });
    let entry = |frame, seq, what| Entry { frame: Frame(frame), seq, what };
    assert_eq!(read.entries, [entry(1, 0, held), entry(3, 1, back)]);
    assert_eq!(read_journal(Path::new("/nowhere")), Default::default());
}

#[test]
fn a_line_of_the_journal_is_as_the_format_says() {
    let rig = rig();
    let folder = create(&rig, 30);
    let mut journal = folder.journal().unwrap();
    journal.append(Frame(48_000), &open_take(0, 1, "takes/01-okr-alignment-1.wav")).unwrap();
    journal.append(Frame(48_001), &Happening::Released).unwrap();
    let text = std::fs::read_to_string(folder.path().join("journal.jsonl")).unwrap();
    // The sums were made by another program: python3 -c "import zlib; print(f'{zlib.crc32(line):08x}')".
    let expected = "[48000,\"open-take\",{\"turn\":0,\"take\":1,\"file\":\"takes/01-okr-alignment-1.wav\",\"rate\":48000},0,\"290e7973\"]\n\
                    [48001,\"released\",{},1,\"48e4216e\"]\n";
    assert_eq!(text, expected);
}

#[test]
fn lost_doubled_and_garbled_lines_are_counted_and_unknown_ones_change_nothing() {
    let rig = rig();
    let folder = create(&rig, 30);
    let path = folder.path().join("journal.jsonl");
    let mut journal = folder.journal().unwrap();
    for name in ["zero", "one", "two", "three", "four"] {
        journal.append(Frame(0), &Happening::Unknown(name.to_owned())).unwrap();
    }
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    // Two goes missing, one is there twice, four has another letter in it.
    let garbled = lines[4].replace("four", "fjur");
    std::fs::write(&path, [lines[3], lines[0], lines[1], lines[1], &garbled, ""].join("\n")).unwrap();
    let read = read_journal(&path);
    assert_eq!(read.damage, Damage { damaged: 1, duplicate: 1, missing: 1 });
    assert_eq!(read.entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [0, 1, 3]);
    assert_eq!(read.entries[2].what, Happening::Unknown("three".to_owned()));
    folder.journal().unwrap().append(Frame(0), &Happening::Released).unwrap();
    assert_eq!(read_journal(&path).entries.last().unwrap().seq, 4, "it goes on after the highest number that was read");
}

#[test]
fn sessions_are_found_by_name_prefix_and_latest() {
    let rig = rig();
    assert!(matches!(find(&rig.home, "latest"), Err(SessionError::NoneYet { .. })));
    let folders: Vec<_> = [31, 33, 32].map(|minute| create(&rig, minute)).into_iter().collect();
    for folder in &folders {
        folder.save(&manifest(folder.name(), &["a"])).unwrap();
    }
    let names: Vec<String> = list(&rig.home).unwrap().into_iter().map(|entry| entry.name).collect();
    assert_eq!(names, [33, 32, 31].map(|minute| format!("2026-11-21T09-{minute}-05Z-vp-engineering")));
    // A folder in which nothing happened is not the latest session.
    create(&rig, 59);
    let found = |which: &str| find(&rig.home, which).map(|path| path.file_name().unwrap().to_owned());
    assert_eq!(found("latest").unwrap(), *names[0]);
    assert_eq!(found("2026-11-21T09-32").unwrap(), *names[1]);
    assert_eq!(found(&names[2]).unwrap(), *names[2]);
    assert!(matches!(found("2026-11"), Err(SessionError::Ambiguous { names, .. }) if names.len() == 4));
    match found("2026-11-21T09-31-05Z-vp-enginering") {
        Err(SessionError::Unknown { nearest, .. }) => assert_eq!(nearest[0], names[2]),
        other => panic!("{other:?}"),
    }
    for bad in ["..", ".", "", "a/b", "../recordings", "/etc", "a\\b", "C:", "a\0b"] {
        assert!(matches!(found(bad), Err(SessionError::BadName { .. })), "{bad}");
    }
}

#[test]
fn a_running_session_is_not_deleted_and_another_is_gone_whole() {
    let rig = rig();
    let folder = create(&rig, 30);
    folder.save(&manifest(folder.name(), &["a"])).unwrap();
    let name = folder.name().to_owned();
    assert!(matches!(delete(&rig.home, &name), Err(SessionError::Busy { .. })));
    assert!(folder.path().join("session.json").exists());
    drop(folder);
    delete(&rig.home, &name).unwrap();
    assert_eq!(rig.home.recordings().read_dir().unwrap().count(), 0);
    assert!(delete(&rig.home, &name).is_err());
}

#[cfg(unix)]
#[test]
fn deleting_follows_no_link() {
    use std::os::unix::fs::symlink;
    let rig = rig();
    let outside = rig.folder.path().join("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::write(outside.join("precious"), "x").unwrap();
    let folder = create(&rig, 30);
    symlink(&outside, folder.path().join("link")).unwrap();
    symlink(outside.join("precious"), folder.path().join("takes/01-a-1.wav")).unwrap();
    let name = folder.name().to_owned();
    drop(folder);
    symlink(&outside, rig.home.recordings().join("2026-01-01T00-00-00Z-link")).unwrap();
    assert!(find(&rig.home, "2026-01-01T00-00-00Z-link").is_err(), "a link is no session");
    delete(&rig.home, &name).unwrap();
    assert!(outside.join("precious").exists());
}

#[test]
fn recordings_that_nobody_can_look_into_are_not_taken_for_none() {
    let rig = rig();
    assert!(list(&rig.home).unwrap().is_empty(), "before the first session there is no folder");
    std::fs::create_dir(&rig.home.root).unwrap();
    std::fs::write(rig.home.recordings(), "no folder").unwrap();
    for error in [list(&rig.home).unwrap_err(), find(&rig.home, "latest").unwrap_err()] {
        assert!(matches!(&error, SessionError::Hidden { path, .. } if *path == rig.home.recordings()), "{error}");
    }
}

#[test]
fn what_a_cut_short_deletion_left_is_swept_away() {
    let rig = rig();
    rig.home.prepare_recordings().unwrap();
    let left = rig.home.recordings().join(".deleted-1-x");
    std::fs::create_dir_all(left.join("takes")).unwrap();
    assert!(list(&rig.home).unwrap().is_empty());
    create(&rig, 30);
    assert!(!left.exists());
}

#[test]
fn what_was_answered_is_of_the_bank_and_neither_a_demonstration_nor_a_follow_up() {
    let rig = rig();
    for (minute, kind, bank, state) in [
        (1, "rehearse", "vp-engineering", "answered"),
        (2, "rehearse", "vp-engineering", "skipped"),
        (3, "demo", "vp-engineering", "answered"),
        (4, "rehearse", "behavioral", "answered"),
        (5, "rehearse", "vp-engineering", "asked"),
        (6, "rehearse", "vp-engineering", "answered"),
    ] {
        let folder = create(&rig, minute);
        let mut manifest = manifest(folder.name(), &["a", "a", "b"]);
        (manifest.kind, manifest.bank, manifest.outcome) = (kind.into(), bank.into(), "finished".into());
        manifest.started = at(minute).to_rfc3339();
        manifest.turns[0].state = state.to_owned();
        if minute == 6 {
            (manifest.turns[1].state, manifest.turns[1].follow_up) = ("answered".to_owned(), Some("more".to_owned()));
            for (turn, file) in ["takes/01-a-1.wav", "takes/02-a-1.wav"].into_iter().enumerate() {
                whole_wav(&folder.path().join(file), 10);
                manifest.turns[turn].takes.push(take(file, 10, "done"));
            }
        }
        let takes: &[(usize, u32, &str)] = match minute {
            1 => &[(0, 1, "retake"), (0, 2, "done")],
            6 => &[(0, 1, "done"), (1, 1, "done")],
            _ => &[],
        };
        for (turn, number, end) in takes {
            let file = format!("takes/{:02}-a-{number}.wav", turn + 1);
            whole_wav(&folder.path().join(&file), 10);
            manifest.turns[*turn].takes.push(take(&file, 10, end));
        }
        folder.save(&manifest).unwrap();
        if minute == 1 {
            for (file, grade) in [("1", Grade::Easy), ("2", Grade::Good), ("2", Grade::Hard)] {
                review::add_rating(folder.path(), "a", &format!("takes/01-a-{file}.wav"), grade, at(9)).unwrap();
            }
        }
        if minute == 2 {
            std::fs::write(folder.path().join("review.json"), "broken").unwrap();
        }
    }
    let day = calendar::local_day(&at(1).to_rfc3339()).unwrap();
    let answered = answered(&rig.home, "vp-engineering");
    assert_eq!(answered.len(), 1);
    let grades: Vec<Option<Grade>> = answered["a"].iter().map(|answer| answer.grade).collect();
    assert_eq!(grades, [Some(Grade::Hard), None], "the newest rating of the newest take, the oldest first");
    assert!(answered["a"].iter().all(|answer| answer.day == day));
}

#[test]
fn a_hostile_manifest_is_an_error_or_made_harmless() {
    let rig = rig();
    let folder = create(&rig, 30);
    let path = folder.path().to_owned();
    drop(folder);
    let with = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut value = serde_json::to_value(manifest("x", &["a"])).unwrap();
        value["turns"][0]["takes"] = json!([take("takes/01-a-1.wav", 1, "done")]);
        change(&mut value);
        std::fs::write(path.join("session.json"), value.to_string()).unwrap();
        look(&path)
    };
    for file in
        ["/etc/passwd", "takes/../../x.wav", "takes/", "x.wav", "takes/a/b.wav", "takes/a\\..\\b", "takes/.x", ""]
    {
        assert!(with(&|value| value["turns"][0]["takes"][0]["file"] = json!(file)).is_err(), "{file}");
        assert!(with(&|value| value["turns"][0]["prompt_file"] = json!(file)).is_err(), "{file}");
    }
    assert!(with(&|value| value["rate"] = json!(u32::MAX)).is_err());
    assert!(with(&|value| value["turns"] = json!("none")).is_err());
    let read = with(&|value| {
        value["title"] = json!("a\u{1b}]0;x\u{7}\u{202e}b");
        for key in ["prep_s", "limit_s", "warn_s", "gap_s"] {
            value["turns"][0][key] = json!(-1e300);
        }
    });
    let read = read.unwrap();
    assert_eq!(read.title, "a]0;xb");
    assert_eq!(read.turns[0].timing().limit, None);
    assert!(with(&|value| value["turns"][0]["limit_s"] = json!(1e300)).unwrap().turns[0].timing().limit.is_some());
    for text in ["", "null", "[]", "{", "\0", &"[".repeat(1_000_000), &"{\"a\":".repeat(100_000)] {
        std::fs::write(path.join("session.json"), text).unwrap();
        assert!(matches!(look(&path), Err(SessionError::Broken { .. })), "{:.20}", text);
    }
}

#[cfg(unix)]
#[test]
fn pipes_devices_links_and_giants_in_a_session_folder_hang_nobody() {
    use std::os::unix::fs::symlink;
    let rig = rig();
    let pipe = rig.folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let giant = rig.folder.path().join("giant");
    std::fs::File::create(&giant).unwrap().set_len(40 << 30).unwrap();
    for (minute, name) in
        ["session.json", "journal.jsonl", "lock", "takes/01-a-1.wav", "takes", "prompts"].iter().enumerate()
    {
        for (kind, target) in [&pipe, &PathBuf::from("/dev/zero"), &giant].into_iter().enumerate() {
            for linked in [false, true] {
                if !linked && kind == 1 {
                    continue;
                }
                let folder = create(&rig, minute as u32);
                let path = folder.path().to_owned();
                drop(folder);
                let place = path.join(name);
                let _ = std::fs::remove_file(&place);
                let _ = std::fs::remove_dir_all(&place);
                if linked {
                    symlink(target, &place).unwrap();
                } else {
                    std::fs::hard_link(target, &place).unwrap();
                }
                let _ = session::load(&path);
                let _ = is_running(&path);
                if let Ok(folder) = SessionFolder::open(&path) {
                    let _ = repair(&folder);
                    let _ = folder.journal();
                }
                let _ = find(&rig.home, "latest");
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                delete(&rig.home, &name).unwrap();
            }
        }
    }
    assert_eq!(giant.metadata().unwrap().len(), 40 << 30, "what a link pointed at is untouched");
}

/// Starts this very program again, to be the test `role` alone with `path` in its environment.
fn child(role: &str, path: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", role, "--nocapture"])
        .env("GREENROOM_TEST_CHILD", path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

fn child_path() -> Option<PathBuf> {
    std::env::var_os("GREENROOM_TEST_CHILD").map(PathBuf::from)
}

fn wait_for(child: &mut Child, word: &str) -> BufReader<std::process::ChildStdout> {
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains(word) {
        line.clear();
        assert_ne!(lines.read_line(&mut line).unwrap(), 0, "the child ended before it said {word}");
    }
    lines
}

#[test]
fn child_that_holds_a_lock() {
    if let Some(path) = child_path() {
        let _folder = SessionFolder::open(&path).unwrap();
        println!("locked");
        std::io::stdout().flush().unwrap();
        let _ = std::io::stdin().read_line(&mut String::new());
    }
}

#[test]
fn a_lock_is_refused_to_a_second_program_and_free_when_the_first_has_died() {
    let rig = rig();
    let folder = create(&rig, 30);
    let path = folder.path().to_owned();
    drop(folder);
    let mut holder = child("child_that_holds_a_lock", &path);
    let _lines = wait_for(&mut holder, "locked");
    assert!(is_running(&path));
    assert!(matches!(SessionFolder::open(&path), Err(SessionError::Busy { .. })));
    holder.kill().unwrap();
    holder.wait().unwrap();
    assert!(!is_running(&path));
    assert!(path.join(session::LOCK).exists(), "the file stays, and stands in nobody's way");
    SessionFolder::open(&path).unwrap();
}

#[test]
fn child_that_saves_without_end() {
    if let Some(path) = child_path() {
        let folder = SessionFolder::open(&path).unwrap();
        let mut journal = folder.journal().unwrap();
        println!("saving");
        std::io::stdout().flush().unwrap();
        for version in 1.. {
            let mut manifest = manifest(folder.name(), &["a"]);
            manifest.seed = version;
            manifest.title = "x".repeat((version % 3_000) as usize);
            journal.append(Frame(version), &Happening::Unknown("voice".to_owned())).unwrap();
            folder.save(&manifest).unwrap();
        }
    }
}

#[test]
fn a_kill_at_any_instant_leaves_a_whole_manifest_and_journal() {
    let rig = rig();
    let folder = create(&rig, 30);
    let mut first = manifest(folder.name(), &["a"]);
    first.seed = 0;
    folder.save(&first).unwrap();
    let path = folder.path().to_owned();
    drop(folder);
    for round in 0..20 {
        let before = read_journal(&path.join("journal.jsonl")).entries.len();
        let mut writer = child("child_that_saves_without_end", &path);
        let _lines = wait_for(&mut writer, "saving");
        // Killed after another number of writes each time.
        while read_journal(&path.join("journal.jsonl")).entries.len() < before + round {}
        writer.kill().unwrap();
        writer.wait().unwrap();
        let text = std::fs::read(path.join("session.json")).unwrap();
        let read: Manifest = serde_json::from_slice(&text).unwrap();
        let journal = read_journal(&path.join("journal.jsonl"));
        assert!(journal.damage.damaged <= round + 1);
        let last = journal.entries.last().map_or(0, |entry| entry.frame.0);
        // The journal is written first: the manifest is at most one version behind it.
        assert!(read.seed == last || read.seed + 1 == last || read.seed == 0, "{} after {last}", read.seed);
    }
    SessionFolder::open(&path).unwrap();
    let staged = |entry: std::fs::DirEntry| entry.file_name().to_string_lossy().starts_with(".staged");
    assert!(!path.read_dir().unwrap().flatten().any(staged), "what was staged is swept away");
}
