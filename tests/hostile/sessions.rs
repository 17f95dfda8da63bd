//! What a session says of itself, in files of any size and kind: told soon, and nobody is held up.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use crate::place::Place;

/// A recorded session, and its folder.
fn recorded() -> (Place, PathBuf) {
    let place = Place::new();
    place.tone("a.wav");
    let words = ["rehearse", "--count", "1", "--limit", "1s", "--fast", "--no-voice", "--input", "wav:a.wav"];
    place.run(&[&words[..], &["--output", "none"]].concat()).succeeds();
    let folder = fs::read_dir(place.in_home("recordings")).unwrap().next().unwrap().unwrap().path();
    (place, folder)
}

fn take(folder: &Path) -> Vec<u8> {
    let file = fs::read_dir(folder.join("takes")).unwrap().flatten().find(|entry| {
        let name = entry.file_name().into_string().unwrap();
        name.starts_with("01-") && name.ends_with("-1.wav")
    });
    fs::read(file.expect("the take is there").path()).unwrap()
}

/// Lists, shows and repairs: whatever is said, it is said soon, and the take is what it was.
#[track_caller]
fn survives(place: &Place, folder: &Path, sound: &[u8]) {
    for words in
        [&["sessions", "list"][..], &["sessions", "show"], &["sessions", "repair"], &["sessions", "list", "--json"]]
    {
        place.run(words).is_harmless().is_modest();
    }
    assert_eq!(take(folder), sound, "the take is what it was");
}

/// A line of a journal with the checksum that it needs.
fn sealed(line: &str) -> String {
    format!("{line},\"{:08x}\"]\n", crc32fast::hash(line.as_bytes()))
}

#[test]
fn what_a_session_says_of_itself_may_be_too_large_too_deep_or_too_much() {
    let million = "[],".repeat(1_000_000);
    let turns = r#"{"question":"","section":"","prompt":"","state":"","gap_s":0},"#.repeat(120_000);
    let saved = |turns: &str, more: &str| {
        format!(
            "{{\"schema\":1,\"session\":\"s\",\"kind\":\"rehearse\",\"bank\":\"b\",\"title\":\"t\",\"seed\":1,\
             \"order\":\"listed\",\"started\":\"2026-11-21T09:30:05Z\",\"outcome\":\"quit\",\"rate\":48000,\"voice\":\"v\",\
             \"input\":\"i\",\"output\":\"o\",{more}\"turns\":[{}]}}",
            turns.trim_end_matches(',')
        )
    };
    let turn = r#"{"question":"q","section":"s","prompt":"p","state":"planned","gap_s":0},"#;
    let plan = sealed(&format!("[0,\"planned\",{},0", saved(&turn.repeat(5_000), "")));
    let open = |seq: u64| {
        let (turn, take) = (seq % 5, seq / 5 + 1);
        let file = format!("takes/{:02}-q-{take}.wav", turn + 1);
        let what = format!("{{\"turn\":{turn},\"take\":{take},\"file\":\"{file}\",\"rate\":8000}}");
        sealed(&format!("[{seq},\"open-take\",{what},{seq}"))
    };
    let part = |number: u32| format!("{{\"file\":\"takes/01-q-1.{number}.wav\",\"frames\":1}}");
    let parts = (2..200_000).map(part).collect::<Vec<_>>().join(",");
    let contents = [
        ("brackets", "[".repeat(500_000)),
        ("objects", "{\"a\":".repeat(500_000)),
        ("entries", format!("{{\"schema\":1,\"x\":[{million}0]}}")),
        ("more", saved("", &format!("\"x\":[{million}0],"))),
        ("turns", saved(&turns, "")),
        ("nothing", "\0".repeat(8 << 20)),
        ("lines", "\n".repeat(8 << 20)),
        ("a line", "x".repeat(20 << 20)),
        ("a sealed line of brackets", sealed(&format!("[0,\"x\",{}{},0", "[".repeat(120), "]".repeat(120)))),
        (
            "a sealed line of deep brackets",
            sealed(&format!("[0,\"x\",{}{},0", "[".repeat(500_000), "]".repeat(500_000))),
        ),
        ("a sealed line of entries", sealed(&format!("[0,\"x\",{{\"x\":[{million}0]}},0"))),
        ("a sealed plan", sealed(&format!("[0,\"planned\",{},0", saved(&turns, "")))),
        ("a plan with more", sealed(&format!("[0,\"planned\",{},0", saved("", &format!("\"x\":[{million}0],"))))),
        ("sealed lines", (0..150_000).map(|seq| sealed(&format!("[0,\"released\",{{}},{seq}"))).collect()),
        ("other sealed lines", (0..150_000).map(|seq| sealed(&format!("[0,\"x\",[[],[],[],[]],{seq}"))).collect()),
        (
            "gaps",
            (0..60_000)
                .map(|seq| sealed(&format!("[0,\"gap\",{{\"turn\":0,\"take\":1,\"at\":1,\"frames\":1}},{seq}")))
                .collect(),
        ),
        ("a long sealed line", sealed(&format!("[0,\"x\",{{\"x\":[{}0]}},0", "[],".repeat(10_000_000)))),
        ("a known one", sealed(&format!("[0,\"lost\",{{\"reason\":\"x\",\"x\":[{}0]}},0", "[],".repeat(10_000_000)))),
        ("takes", plan.clone() + &(1..100_000).map(open).collect::<String>()),
        (
            "parts",
            plan + &sealed(&format!(
                "[9,\"close-take\",{{\"turn\":0,\"take\":1,\"end\":\"done\",\"dropped\":0,\"files\":[{parts}]}},1"
            )),
        ),
    ];
    for (what, content) in contents {
        for file in ["session.json", "journal.jsonl"] {
            println!("{what} as {file}");
            let (place, folder) = recorded();
            let sound = take(&folder);
            fs::write(folder.join(file), &content).unwrap();
            survives(&place, &folder, &sound);
        }
    }
}

#[test]
fn sparse_files_of_gigabytes_are_not_read_into_memory() {
    for file in
        ["session.json", "journal.jsonl", "lock", "reserve", "takes/02-x-1.wav", "takes/01-x-2.wav", "prompts/09.wav"]
    {
        let (place, folder) = recorded();
        let sound = take(&folder);
        let path = folder.join(file);
        let _ = fs::remove_file(&path);
        File::create(path).unwrap().set_len(5 << 30).unwrap();
        survives(&place, &folder, &sound);
    }
}

#[test]
fn a_bank_of_its_own_is_not_needed_and_files_of_any_kind_are_survived() {
    for file in ["session.json", "journal.jsonl", "lock", "reserve", "takes/02-x-1.wav", "prompts/09.wav"] {
        for kind in ["zero", "pipe", "socket", "folder", "loop", "null"] {
            let (place, folder) = recorded();
            let sound = take(&folder);
            let path = folder.join(file);
            let _ = fs::remove_file(&path);
            let mut listener = None;
            match kind {
                "zero" => symlink("/dev/zero", &path).unwrap(),
                "null" => symlink("/dev/null", &path).unwrap(),
                "loop" => symlink(&path, &path).unwrap(),
                "folder" => fs::create_dir(&path).unwrap(),
                "pipe" => {
                    let name = std::ffi::CString::new(path.as_os_str().as_encoded_bytes()).unwrap();
                    // SAFETY: the name is a C string that outlives the call.
                    assert_eq!(unsafe { libc::mkfifo(name.as_ptr(), 0o600) }, 0);
                }
                _ => {
                    // A socket's path has to be short.
                    let short = tempfile::tempdir().unwrap();
                    listener = UnixListener::bind(short.path().join("s")).ok();
                    fs::rename(short.path().join("s"), &path).unwrap();
                }
            }
            println!("{file} is a {kind}");
            survives(&place, &folder, &sound);
            drop(listener);
        }
    }
}
