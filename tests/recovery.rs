//! Sessions that a crash, a power cut or a hand has left in disorder, and what becomes of them.

#[path = "support/recorded.rs"]
mod recorded;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use greenroom::interview::Frame;
use greenroom::store::event::Happening;
use greenroom::store::journal::written;
use greenroom::store::manifest::Manifest;
use greenroom::store::recovery::Recovered;
use greenroom::store::session::{SessionError, SessionFolder};
use recorded::*;
use serde_json::Value;

const A1: &str = "takes/01-a-1.wav";
const A2: &str = "takes/01-a-2.wav";
const B1: &str = "takes/02-b-1.wav";
const B1_2: &str = "takes/02-b-1.2.wav";
const B1_3: &str = "takes/02-b-1.3.wav";

/// Runs the real program in a home, in the boot of that name.
fn greenroom(rig: &Rig, boot: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_greenroom"))
        .args(arguments)
        .current_dir(rig.folder.path())
        .env_clear()
        .env("GREENROOM_HOME", &rig.home.root)
        .env("GREENROOM_BOOT_ID", boot)
        .env("PATH", "/usr/bin:/bin")
        .output()
        .expect("the program starts")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", said(output)))
}

/// A session of two questions in the boot `one`: the first is answered, the second was being answered when the program
/// was killed; its header names 100 of 444 frames and a half.
fn killed(rig: &Rig) -> PathBuf {
    let folder = create(rig, 30);
    let mut planned = manifest(folder.name(), &["a", "b", "c"]);
    planned.boot = Some("one".to_owned());
    let events = [
        (0, speak(0)),
        (10, open_take(0, 1, A1)),
        (510, close_take(0, 1, "done", 0, &[(A1, 500)])),
        (520, end_turn(0, false)),
    ];
    let saved = live(&folder, planned, &events);
    folder.save(&saved).unwrap();
    folder.journal().unwrap().append(greenroom::interview::Frame(600), &open_take(1, 1, B1)).unwrap();
    whole_wav(&folder.path().join(A1), 500);
    torn_wav(&folder.path().join(B1), 100, 444);
    folder.path().to_owned()
}

/// A session of two answered questions that is over.
fn finished(rig: &Rig, minute: u32) -> PathBuf {
    let folder = create(rig, minute);
    let events = [
        (10, open_take(0, 1, A1)),
        (510, close_take(0, 1, "done", 0, &[(A1, 500)])),
        (520, open_take(1, 1, B1)),
        (1220, close_take(1, 1, "time-up", 0, &[(B1, 700)])),
        (1300, finish()),
    ];
    let saved = live(&folder, manifest(folder.name(), &["a", "b"]), &events);
    folder.save(&saved).unwrap();
    whole_wav(&folder.path().join(A1), 500);
    whole_wav(&folder.path().join(B1), 700);
    folder.path().to_owned()
}

/// Repairs a session; that nothing is done the second time is checked each time.
#[track_caller]
fn repaired(path: &Path) -> Recovered {
    let recovered = put_in_order(path).unwrap();
    let before = files_of(path);
    let again = put_in_order(path).unwrap();
    assert_eq!(again.repaired, Vec::<String>::new());
    assert_eq!(again.manifest, recovered.manifest);
    assert_eq!(files_of(path), before, "the second repair changed something");
    recovered
}

fn takes(manifest: &Manifest) -> Vec<(&str, u64, &str)> {
    let takes = manifest.turns.iter().flat_map(|turn| &turn.takes);
    takes.map(|take| (take.file.as_str(), take.frames, take.end.as_str())).collect()
}

#[test]
fn after_a_crash_a_take_reaches_to_the_end_of_its_file_and_after_a_power_cut_to_what_was_synced() {
    for (boot, frames) in [("one", 444), ("two", 100)] {
        let rig = rig();
        let path = killed(&rig);
        let before = fs::read(path.join(B1)).unwrap();
        let output = greenroom(&rig, boot, &["sessions", "repair", "--json"]);
        assert!(output.status.success(), "{}", said(&output));
        let report = json(&output);
        assert_eq!(report["schema"], 1);
        assert!(!report["sessions"][0]["repaired"].as_array().unwrap().is_empty(), "{report}");

        let read = load(&path).unwrap();
        assert_eq!((read.findings.len(), read.repaired.len()), (0, 0), "{read:?}");
        assert_eq!(takes(&read.manifest), [(A1, 500, "done"), (B1, frames, "interrupted")]);
        let wav = hound::WavReader::open(path.join(B1)).unwrap();
        assert_eq!(u64::from(wav.duration()), frames);
        // Not a byte of the sound is gone.
        let mut kept = fs::read(path.join(B1)).unwrap();
        if boot == "two" {
            assert_eq!(kept.len(), 44 + 200, "what is left is a take and nothing more");
            kept.extend(fs::read(path.join(format!("{B1}.tail"))).unwrap());
        } else {
            assert!(!path.join(format!("{B1}.tail")).exists());
        }
        assert_eq!(kept[44..], before[44..]);

        let files = files_of(&path);
        let again = json(&greenroom(&rig, boot, &["sessions", "repair", "--json"]));
        assert_eq!(again["sessions"].as_array().unwrap().len(), 0);
        assert_eq!(files_of(&path), files, "the second repair changed something");
    }
}

#[test]
fn a_repair_that_was_cut_short_itself_ends_the_same() {
    let rig = rig();
    let path = killed(&rig);
    let whole = fs::read(path.join(B1)).unwrap();
    // Cut short after the tail was kept and before the take was cut.
    fs::write(path.join(format!("{B1}.tail")), &whole[44 + 200..]).unwrap();
    fs::write(path.join("takes/.staged-x"), "on its way").unwrap();
    assert!(greenroom(&rig, "two", &["sessions", "repair"]).status.success());
    let mut names: Vec<String> =
        path.join("takes").read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["01-a-1.wav", "02-b-1.wav", "02-b-1.wav.tail"]);
    // Something else of that name is not written over.
    let rig = self::rig();
    let path = killed(&rig);
    fs::write(path.join(format!("{B1}.tail")), "of somebody else").unwrap();
    assert!(greenroom(&rig, "two", &["sessions", "repair"]).status.success());
    assert_eq!(fs::read(path.join(format!("{B1}.tail"))).unwrap(), b"of somebody else");
    assert_eq!(fs::read(path.join(format!("{B1}.tail-2"))).unwrap(), whole[44 + 200..]);
}

#[test]
fn every_command_that_reads_repairs_first_and_says_so_once() {
    let reads: [&[&str]; 4] = [
        &["sessions", "list"],
        &["sessions", "show"],
        &["replay", "--fast", "--output", "none"],
        &["resume", "--input", "pcm:silence", "--output", "none", "--fast", "--no-voice"],
    ];
    for arguments in reads {
        let rig = rig();
        fs::write(rig.folder.path().join("silence"), [0; 9600]).unwrap();
        let path = killed(&rig);
        let output = greenroom(&rig, "one", arguments);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        let line = format!("question 2, take 1: cut off after 0.0 s ({B1})");
        assert!(told.contains(&line) && told.contains("repaired: "), "{arguments:?}: {told}");
        assert!(hound::WavReader::open(path.join(B1)).unwrap().duration() == 444);
        let again = greenroom(&rig, "one", &["sessions", "list"]);
        assert!(!said(&again).contains("repaired"), "{}", said(&again));
    }
}

#[test]
fn a_manifest_that_is_lost_is_made_anew_byte_for_byte() {
    let rig = rig();
    for minute in 0..3 {
        let folder = rig.folder.path().join(format!("answers-{minute}"));
        fs::create_dir(&folder).unwrap();
        for (number, frames) in [30_000, 50_000, 70_000].into_iter().enumerate() {
            whole_wav(&folder.join(format!("{number}.wav")), frames + minute * 1000);
        }
        let (seed, input) = (minute.to_string(), format!("wav:{}", folder.display()));
        let common = ["--output", "none", "--fast", "--no-voice", "--prep", "1s", "--limit", "1s500ms"];
        let arguments = [&["rehearse", "--count", "3", "--seed", &seed, "--input", &input][..], &common[..]].concat();
        let output = greenroom(&rig, "one", &arguments);
        assert!(output.status.success(), "{}", said(&output));
    }
    let sessions: Vec<PathBuf> = rig.home.recordings().read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(sessions.len(), 3);
    for path in &sessions {
        let before = files_of(path);
        let read = repaired(path);
        assert_eq!((read.findings.len(), read.repaired.len()), (0, 0), "{read:?}");
        assert_eq!(files_of(path), before, "nothing was to be done");
        fs::remove_file(path.join("session.json")).unwrap();
        let read = repaired(path);
        assert_eq!(read.findings, ["session.json is missing"]);
        assert_eq!(files_of(path), before, "it is what it was, and the journal tells no more than it did");
        // A garbled one is kept beside the new one.
        fs::write(path.join("session.json"), "{\"schema\":1").unwrap();
        repaired(path);
        assert_eq!(fs::read(path.join("session.json")).unwrap(), before[&path.join("session.json")]);
        assert_eq!(fs::read(path.join("session.json.aside")).unwrap(), b"{\"schema\":1");
    }
}

#[test]
fn a_journal_that_is_lost_begins_anew_with_what_the_manifest_knows() {
    for damage in ["removed", "zeroed", "garbled", "cut", "folder", "pipe", "of another session"] {
        let rig = rig();
        let path = finished(&rig, 30);
        let before = load(&path).unwrap().manifest;
        let journal = path.join("journal.jsonl");
        let text = fs::read(&journal).unwrap();
        fs::remove_file(&journal).unwrap();
        match damage {
            "removed" => {}
            "zeroed" => fs::write(&journal, vec![0; text.len()]).unwrap(),
            "garbled" => fs::write(&journal, text.iter().map(|byte| byte ^ 1).collect::<Vec<u8>>()).unwrap(),
            "cut" => fs::write(&journal, &text[..text.len() / 2]).unwrap(),
            "folder" => fs::create_dir(&journal).unwrap(),
            "pipe" => assert!(Command::new("mkfifo").arg(&journal).status().unwrap().success()),
            _ => {
                let other = finished(&rig, 31);
                let folder = SessionFolder::open(&other).unwrap();
                let mut of_another = manifest(folder.name(), &["x", "y"]);
                of_another.started = "2026-11-21T09:31:05Z".to_owned();
                live(&folder, of_another, &[(5, end_turn(0, true))]);
                fs::copy(other.join("journal.jsonl"), &journal).map(|_| ()).unwrap();
            }
        }
        let read = load(&path).unwrap();
        assert_eq!(read.manifest, before, "{damage}");
        assert!(!read.findings.is_empty() && !read.repaired.is_empty(), "{damage}: {read:?}");
        assert!(repaired(&path).findings.is_empty(), "{damage}");
        if ["folder", "pipe", "of another session"].contains(&damage) {
            assert!(path.join("journal.jsonl.aside").symlink_metadata().is_ok(), "{damage}");
        }
        // The new journal is enough.
        fs::remove_file(path.join("session.json")).unwrap();
        assert_eq!(repaired(&path).manifest, before, "{damage}");
    }
}

#[test]
fn a_take_that_was_cut_removed_or_replaced_is_told_in_one_line_and_nothing_is_invented() {
    for (damage, left, says) in [
        ("cut", 200, "only 0.0 s of 0.0 s are left"),
        ("removed", 0, "the recording is missing"),
        ("emptied", 0, "nothing is left of the recording"),
        ("a link", 0, "a link stands in the place of the recording"),
        ("a folder", 0, "a folder stands in the place of the recording"),
        ("a pipe", 0, "no file stands in the place of the recording"),
        ("stereo", 0, "the file is no take: it has 2 channels of 16 bits"),
        ("longer", 500, ""),
    ] {
        let rig = rig();
        let path = finished(&rig, 30);
        let take = path.join(A1);
        let bytes = fs::read(&take).unwrap();
        fs::remove_file(&take).unwrap();
        match damage {
            "cut" => fs::write(&take, &bytes[..44 + 401]).unwrap(),
            "removed" => {}
            "emptied" => fs::write(&take, "").unwrap(),
            "a folder" => fs::create_dir(&take).unwrap(),
            "a pipe" => assert!(Command::new("mkfifo").arg(&take).status().unwrap().success()),
            "stereo" => {
                let spec = hound::WavSpec {
                    channels: 2,
                    sample_rate: 48_000,
                    bits_per_sample: 16,
                    sample_format: hound::SampleFormat::Int,
                };
                let mut writer = hound::WavWriter::create(&take, spec).unwrap();
                (0..2000).for_each(|_| writer.write_sample(7_i16).unwrap());
                writer.finalize().unwrap();
            }
            "longer" => fs::write(&take, [&bytes[..], &[7; 99]].concat()).unwrap(),
            _ => {
                #[cfg(unix)]
                std::os::unix::fs::symlink(path.join(B1), &take).unwrap();
            }
        }
        let read = load(&path).unwrap();
        let told: Vec<&String> = read.findings.iter().filter(|line| line.starts_with("question 1")).collect();
        match says {
            "" => assert!(read.findings.is_empty(), "{damage}: {:?}", read.findings),
            _ => {
                assert_eq!(told.len(), 1, "{damage}: {:?}", read.findings);
                assert!(told[0].contains(says), "{damage}: {told:?}");
            }
        }
        let end = if left == 500 { "done" } else { "interrupted" };
        assert_eq!(takes(&read.manifest), [(A1, left, end), (B1, 700, "time-up")], "{damage}");
        assert!(repaired(&path).findings.is_empty(), "{damage} is told once");
        assert_eq!(read.manifest.outcome, "finished");
        if damage == "removed" {
            // Brought back, it is there again.
            fs::write(&take, &bytes).unwrap();
            assert_eq!(takes(&repaired(&path).manifest)[0], (A1, 500, "interrupted"));
        }
    }
}

#[test]
fn a_destroyed_header_is_made_anew_and_the_old_one_is_kept() {
    for garbled in [0..44, 0..4, 8..12, 22..23, 24..28, 36..40, 40..44, 4..8] {
        let rig = rig();
        let path = finished(&rig, 30);
        let take = path.join(A1);
        let good = fs::read(&take).unwrap();
        let mut bad = good.clone();
        bad[garbled.clone()].iter_mut().for_each(|byte| *byte ^= 0x5a);
        fs::write(&take, &bad).unwrap();
        let read = repaired(&path);
        assert_eq!(takes(&read.manifest), [(A1, 500, "done"), (B1, 700, "time-up")], "{garbled:?}");
        assert_eq!(read.findings.len(), 1, "{garbled:?}: {:?}", read.findings);
        assert_eq!(fs::read(&take).unwrap(), good, "{garbled:?}");
        if garbled.start != 40 && garbled != (4..8) {
            assert_eq!(fs::read(path.join(format!("{A1}.aside"))).unwrap(), bad[..44], "{garbled:?}");
        }
    }
}

#[test]
fn a_take_that_rolled_over_is_one_take() {
    let rig = rig();
    let folder = create(&rig, 30);
    let files = [(B1, 300), (B1_2, 300), (B1_3, 50)];
    let events = [
        (0, open_take(1, 1, B1)),
        (650, close_take(1, 1, "done", 7, &files)),
        (700, open_take(0, 1, A1)),
        (900, Happening::Gap { turn: 0, take: 1, at: 150, frames: 9 }),
    ];
    let saved = live(&folder, manifest(folder.name(), &["a", "b"]), &events);
    for (file, frames) in files {
        whole_wav(&folder.path().join(file), frames as u32);
    }
    let turn = &saved.turns[1];
    assert_eq!((turn.last_take(), turn.recorded().len(), turn.state.as_str()), (1, 1, "answered"));
    let take = &turn.recorded()[0];
    assert_eq!((take.end(), take.dropped(), take.parts.len()), ("done", 7, 3));
    assert_eq!(take.parts.iter().map(|part| part.started_frame).collect::<Vec<_>>(), [0, 300, 600]);
    assert_eq!(takes(&saved)[1..3], [(B1, 300, "rolled-over"), (B1_2, 300, "rolled-over")]);

    // Cut off in its second file, which nothing but its name tells of.
    whole_wav(&folder.path().join(A1), 200);
    torn_wav(&folder.path().join("takes/01-a-1.2.wav"), 10, 33);
    let path = folder.path().to_owned();
    drop(folder);
    let read = repaired(&path);
    let expected = [
        (A1, 200, "rolled-over"),
        ("takes/01-a-1.2.wav", 33, "interrupted"),
        (B1, 300, "rolled-over"),
        (B1_2, 300, "rolled-over"),
        (B1_3, 50, "done"),
    ];
    assert_eq!(takes(&read.manifest), expected);
    assert_eq!(read.manifest.turns[0].recorded()[0].dropped(), 9);

    // It is played as one.
    let heard = rig.folder.path().join("heard.wav");
    let output = format!("wav:{}", heard.display());
    let replay = ["replay", "latest", "b", "--take", "1", "--answers-only", "--fast", "--output", &output];
    let played = greenroom(&rig, "one", &replay);
    assert!(played.status.success(), "{}", said(&played));
    assert!(said(&played).contains("Your answer, take 1 of 1, in 3 files"), "{}", said(&played));
    assert_eq!(hound::WavReader::open(&heard).unwrap().duration(), 650);
    let none = greenroom(&rig, "one", &["replay", "latest", "b", "--take", "2", "--fast", "--output", "none"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(said(&none).contains("b has no take 2; it has 1"), "{}", said(&none));
    let shown = said(&greenroom(&rig, "one", &["sessions", "show"]));
    assert!(shown.contains(&format!("{B1}, {B1_2}, {B1_3}")), "{shown}");
}

#[test]
fn no_name_of_a_take_is_used_twice() {
    let rig = rig();
    let path = killed(&rig);
    // The journal knows one take of the first question; its folder has more, some of which are no takes.
    torn_wav(&path.join(A2), 5, 5);
    fs::create_dir(path.join("takes/01-a-4.wav")).unwrap();
    fs::write(path.join("takes/01-a-6.wav.tail"), "x").unwrap();
    fs::write(path.join("takes/01-other-9.wav"), "x").unwrap();
    fs::write(path.join("takes/02-b-1.7.wav"), "x").unwrap();
    let folder = SessionFolder::open(&path).unwrap();
    assert_eq!(folder.last_take(0, &turn("a")), 6);
    assert_eq!(folder.last_take(1, &turn("b")), 1);
    assert_eq!(folder.last_take(2, &turn("c")), 0);
    drop(folder);
    fs::create_dir(path.join(B1.replace("-1.wav", "-2.wav"))).unwrap();
    // Nor is one given that nobody could read again.
    fs::write(path.join("takes/02-b-1000000.wav"), "x").unwrap();
    fs::write(path.join("takes/03-c-999999.wav"), "x").unwrap();
    let answers = rig.folder.path().join("answers");
    fs::create_dir(&answers).unwrap();
    for number in 0..2 {
        whole_wav(&answers.join(format!("{number}.wav")), 48_000);
    }
    let input = format!("wav:{}", answers.display());
    let resumed = greenroom(&rig, "one", &["resume", "--input", &input, "--output", "none", "--fast", "--no-voice"]);
    assert!(resumed.status.success(), "{}", said(&resumed));
    assert!(path.join("takes/02-b-3.wav").exists(), "{}", said(&resumed));
    assert!(path.join("takes/03-c-1.wav").exists());
    let again = repaired(&path);
    assert!(again.repaired.is_empty());
    assert_eq!(again.manifest.turns[1].takes.last().unwrap().file, "takes/02-b-3.wav");
}

#[test]
fn more_takes_than_a_manifest_has_are_left_alone_and_told() {
    let rig = rig();
    let path = finished(&rig, 30);
    for number in 10..1_100 {
        fs::write(path.join(format!("takes/01-a-{number}.wav")), "").unwrap();
    }
    let first = put_in_order(&path).unwrap();
    assert!(first.findings.iter().any(|found| found.contains("files are left alone")), "{:?}", first.findings);
    assert_eq!(first.manifest.turns[0].takes.len(), 1_000);
    let before = files_of(&path);
    for _ in 0..2 {
        let again = put_in_order(&path).unwrap();
        assert!(again.repaired.is_empty(), "{:?}", again.repaired);
        assert_eq!(again.manifest, first.manifest);
        assert_eq!(load(&path).unwrap().manifest, first.manifest);
    }
    assert_eq!(files_of(&path), before);
    assert!(matches!(first.manifest.room_for_take(0), Err(SessionError::Full { .. })));
}

#[test]
fn a_journal_whose_numbers_are_used_up_begins_anew() {
    let rig = rig();
    for back in [1, 2, 1_000_000 - 1] {
        let path = finished(&rig, 30);
        let journal = path.join("journal.jsonl");
        let mut text = fs::read_to_string(&journal).unwrap();
        text += &written(Frame(9_000), &Happening::Released, (1 << 53) - back).unwrap();
        fs::write(&journal, text).unwrap();
        let first = put_in_order(&path).unwrap();
        assert!(first.repaired.contains(&"journal.jsonl is journal.jsonl.aside now".to_owned()), "{first:?}");
        let before = files_of(&path);
        assert!(put_in_order(&path).unwrap().repaired.is_empty());
        assert_eq!(load(&path).unwrap().manifest, first.manifest);
        assert_eq!(files_of(&path), before);
        fs::remove_dir_all(&path).unwrap();
    }
}

#[test]
fn giants_are_measured_and_not_read() {
    let rig = rig();
    let path = killed(&rig);
    // An answer of two minutes at most, a file of 4 GiB; another one without limit, and a journal of 40 GiB.
    let sparse = |file: &str, length: u64| {
        fs::File::options().write(true).open(path.join(file)).unwrap().set_len(length).unwrap();
    };
    sparse(B1, 4 << 30);
    sparse(A1, 4 << 30);
    let started = std::time::Instant::now();
    let output = greenroom(&rig, "one", &["sessions", "repair"]);
    assert!(said(&output).contains("longer than any take"), "{}", said(&output));
    let read = repaired(&path);
    assert_eq!(takes(&read.manifest), [(A1, 500, "done"), (B1, 120 * 48_000, "interrupted")]);
    assert_eq!(fs::metadata(path.join(B1)).unwrap().len(), 4 << 30, "what is beyond is left alone");
    sparse("journal.jsonl", 40 << 30);
    repaired(&path);
    // Seconds where the sound is not read, and many minutes where it is.
    assert!(started.elapsed().as_secs() < 60);
    fs::remove_dir_all(&path).unwrap();

    let path = killed(&rig);
    fs::File::options().write(true).open(path.join(B1)).unwrap().set_len(4 << 30).unwrap();
    let output = greenroom(&rig, "two", &["sessions", "repair"]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(takes(&load(&path).unwrap().manifest)[1], (B1, 100, "interrupted"));
    assert_eq!(fs::metadata(path.join(B1)).unwrap().len(), 4 << 30);
}

#[test]
fn a_running_session_is_left_alone_and_what_cannot_be_written_is_said() {
    let rig = rig();
    let path = killed(&rig);
    let before = files_of(&path);
    let folder = SessionFolder::open(&path).unwrap();
    let started = std::time::Instant::now();
    let output = greenroom(&rig, "one", &["sessions", "repair", "latest"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("in use by another greenroom"), "{}", said(&output));
    assert!(started.elapsed().as_secs() < 4);
    let all = greenroom(&rig, "one", &["sessions", "repair"]);
    assert!(all.status.success() && said(&all).contains("left alone"), "{}", said(&all));
    assert!(greenroom(&rig, "one", &["sessions", "list"]).stderr.is_empty());
    drop(folder);
    assert_eq!(files_of(&path), before);

    // A lock that cannot be one: nobody can know that the session is not in use.
    fs::remove_file(path.join("lock")).unwrap();
    fs::create_dir(path.join("lock")).unwrap();
    let output = greenroom(&rig, "one", &["sessions", "show"]);
    assert!(output.status.success());
    assert!(said(&output).contains("lock is no regular file, and so no lock: move it away"), "{}", said(&output));
    assert!(said(&output).contains("it could not be repaired") && said(&output).contains(B1), "{}", said(&output));
    assert_eq!(greenroom(&rig, "one", &["sessions", "repair", "latest"]).status.code(), Some(1));
    assert_eq!(greenroom(&rig, "one", &["sessions", "repair"]).status.code(), Some(1));
    assert_eq!(files_of(&path), before);
}

#[test]
fn the_reserve_is_there_while_a_program_has_the_session() {
    let rig = rig();
    let folder = create(&rig, 30);
    let reserve = folder.path().join("reserve");
    assert_eq!(fs::metadata(&reserve).unwrap().len(), 1 << 20);
    assert!(folder.give_up_reserve());
    assert!(!reserve.exists());
    let path = folder.path().to_owned();
    drop(folder);
    fs::write(&reserve, "what a killed program had just begun").unwrap();
    let folder = SessionFolder::open(&path).unwrap();
    assert_eq!(fs::metadata(&reserve).unwrap().len(), 1 << 20);
    drop(folder);
    assert!(!reserve.exists());
}
