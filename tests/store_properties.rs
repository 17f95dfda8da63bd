//! Whatever stands in a file, reading it gives a value or an error, never a panic.

#[path = "support/recorded.rs"]
mod recorded;

use std::path::Path;

use greenroom::store::bank_file::parse_bank;
use greenroom::store::config::Config;
use greenroom::store::event::Happening;
use greenroom::store::format_file::{formats, parse_formats};
use greenroom::store::journal::read_journal;
use greenroom::store::manifest::ManifestTurn;
use greenroom::store::panel_part::{ManifestPanel, ManifestPanelist};
use greenroom::store::session::{Recovered, SessionFolder};
use proptest::prelude::*;
use recorded::{load, put_in_order};

/// A change of a text at a place, both counted modulo its length.
#[derive(Debug, Clone)]
enum Edit {
    Insert(usize, String),
    Delete(usize, usize),
    Move(usize, usize),
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let bits = prop::sample::select(vec![
        "\"",
        "\"\"\"",
        "'",
        "[",
        "]",
        "[[",
        "]]",
        "{",
        "}",
        "=",
        ".",
        ",",
        "\n",
        "\r",
        "#",
        "\\",
        "\\u",
        "\0",
        "é",
        "\u{feff}",
        "[[question]]\n",
        "id = \"x\"\n",
        "missing:",
        "1979-05-27",
        "nan",
        "0x",
        "-",
        "true",
    ]);
    let text = prop_oneof![bits.prop_map(str::to_owned), "\\PC{0,8}", any::<char>().prop_map(String::from)];
    let edit = prop_oneof![
        (any::<usize>(), text).prop_map(|(at, text)| Edit::Insert(at, text)),
        (any::<usize>(), 0..40_usize).prop_map(|(at, length)| Edit::Delete(at, length)),
        (any::<usize>(), any::<usize>()).prop_map(|(from, to)| Edit::Move(from, to)),
    ];
    prop::collection::vec(edit, 0..12)
}

fn apply(text: &str, edits: &[Edit]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for edit in edits {
        let length = chars.len();
        match edit {
            Edit::Insert(at, new) => {
                let at = at % (length + 1);
                chars.splice(at..at, new.chars());
            }
            Edit::Delete(at, count) => {
                let at = at % (length + 1);
                chars.drain(at..(at + count).min(length));
            }
            Edit::Move(from, to) if length > 0 => {
                let moved = chars.remove(from % length);
                chars.insert(to % length, moved);
            }
            Edit::Move(..) => {}
        }
    }
    chars.into_iter().collect()
}

const BANK: &str = r#"schema = 1
id = "x"
title = "X"
language = "en"
[[section]]
id = "s"
title = "S"
format = "drill"
[[question]]
id = "q"
section = "s"
prompt = "What is it?"
tags = ["one", "two"]
points = [
  { id = "p", text = "A point", any = ["term", "other"] },
]
answer = """
A few
words."""
follow_ups = [ { id = "f", prompt = "And?", when = "missing:p" } ]
"#;

const JOURNAL: &str = r#"[0,"planned",{"schema":1,"session":"s","kind":"rehearse","bank":"b","title":"t","seed":1,"order":"listed","started":"2026-11-21T09:30:05Z","outcome":"in-progress","rate":48000,"voice":"v","input":"i","output":"o","turns":[{"question":"q","section":"s","prompt":"p","state":"planned"}]}]
[1,"open-take",{"turn":0,"take":1,"file":"takes/01-q-1.wav","rate":48000}]
[9,"close-take",{"turn":0,"take":1,"end":"done","dropped":0,"files":[{"file":"takes/01-q-1.wav","frames":8}]}]
[9,"end-turn",{"turn":0,"skipped":false}]
[9,"finish",{"outcome":"finished"}]
"#;

const PANEL_JOURNAL: &str = r#"[0,"planned",{"schema":1,"session":"s","kind":"panel","bank":"b","title":"t","seed":1,"order":"panel","started":"2026-11-21T09:30:05Z","outcome":"in-progress","rate":48000,"voice":"v","input":"i","output":"o","panel":{"id":"p","length_s":240.0,"panelists":[{"id":"h","role":"host"}],"remarks":[]},"turns":[]}]
[0,"put",{"turn":0,"entry":{"question":"q","section":"s","prompt":"p","state":"planned","panelist":"h","clock_s":0.0,"limit_s":6.0,"gap_s":0.5}}]
[0,"remark",{"panelist":"h","voice":"v","text":"Welcome."}]
[1,"open-take",{"turn":0,"take":1,"file":"takes/01-q-1.wav","rate":48000}]
[9,"close-take",{"turn":0,"take":1,"end":"done","dropped":0,"files":[{"file":"takes/01-q-1.wav","frames":8}]}]
[9,"end-turn",{"turn":0,"skipped":false}]
[9,"put",{"turn":1,"entry":{"question":"q","section":"s","prompt":"and?","follow_up":"f","state":"planned","panelist":"h","clock_s":0.1,"gap_s":0.5}}]
"#;

/// The lines of a journal with their numbers and sums, as a hand would make them that changed what they say.
fn resealed(lines: &str) -> String {
    sealed(&lines.lines().map(|line| line.to_owned() + "\n").collect::<String>())
}

/// The lines of a journal with their numbers and sums.
fn sealed(lines: &str) -> String {
    let seal = |(number, line): (usize, &str)| {
        let body = format!("{},{number}", line.strip_suffix(']').unwrap_or(line));
        format!("{body},\"{:08x}\"]\n", crc32fast::hash(body.as_bytes()))
    };
    lines.lines().enumerate().map(seal).collect()
}

fn places_are_in_the_text(text: &str, flaws: &greenroom::store::FileFlaws) {
    let lines: Vec<&str> = text.split('\n').collect();
    assert!(!flaws.flaws.is_empty());
    for flaw in &flaws.flaws {
        assert!((1..=lines.len()).contains(&flaw.line), "{flaw:?}");
        assert!((1..=lines[flaw.line - 1].chars().count() + 1).contains(&flaw.column), "{flaw:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_mutated_bank_is_a_bank_or_has_flaws_with_places(edits in edits()) {
        let text = apply(BANK, &edits);
        let formats = formats(None).unwrap();
        match parse_bank("x.toml", &text, &formats) {
            Ok(bank) => prop_assert!(!bank.questions.is_empty() && bank.questions.iter().all(|each| !each.prompt.is_empty())),
            Err(flaws) => places_are_in_the_text(&text, &flaws),
        }
        let _ = parse_formats("formats.toml", &text);
        let _ = Config::parse("config.toml", &text);
    }

    #[test]
    fn any_text_at_all_is_a_bank_or_has_flaws(text in "\\PC{0,200}|[\\[\\]{}\"'=.\\n#a-c ]{0,200}") {
        if let Err(flaws) = parse_bank("x.toml", &text, &[]) {
            places_are_in_the_text(&text, &flaws);
        }
    }

    #[test]
    fn any_bytes_at_all_are_read_as_a_journal(bytes in prop::collection::vec(any::<u8>(), 0..400), edits in edits()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.jsonl");
        std::fs::write(&path, &bytes).unwrap();
        prop_assert!(read_journal(&path).entries.is_empty());
        let lines = sealed(JOURNAL);
        std::fs::write(&path, apply(&lines, &edits)).unwrap();
        let read = read_journal(&path);
        let whole = sealed(JOURNAL);
        prop_assert!(read.entries.len() <= whole.lines().count());
        prop_assert!(edits.is_empty() == (read.entries.len() == 5 && read.damage.is_none()) || !edits.is_empty());
    }

    #[test]
    fn a_folder_of_mutated_files_is_a_session_or_an_error(edits in edits(), more in edits()) {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
        write("journal.jsonl", apply(&sealed(JOURNAL), &edits));
        let plan = JOURNAL.lines().next().and_then(|line| line.strip_prefix("[0,\"planned\",")?.strip_suffix(']')).unwrap();
        write("session.json", apply(plan, &more));
        std::fs::create_dir(folder.path().join("takes")).unwrap();
        write("takes/01-q-1.wav", apply(JOURNAL, &more));
        if let Ok(Recovered { manifest, .. }) = load(folder.path()) {
            let inside = |file: &str| Path::new(file).components().count() == 2 && !file.contains("..");
            prop_assert!(manifest.turns.iter().flat_map(|turn| &turn.takes).all(|take| inside(&take.file)));
            manifest.turns.iter().for_each(|turn| _ = turn.timing());
        }
    }
}

/// What befalls a file of a session.
#[derive(Debug, Clone)]
enum Fate {
    Cut(usize),
    Zeroed(usize, usize),
    Garbled(usize, u8),
    Removed,
    Doubled,
    Nested,
    Overflowing,
    Lines(usize, usize),
    Link,
    Pipe,
    Folder,
    Sparse,
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        1 => any::<usize>().prop_map(Fate::Cut),
        1 => (any::<usize>(), 1..200_usize).prop_map(|(at, length)| Fate::Zeroed(at, length)),
        3 => (any::<usize>(), 1..=u8::MAX).prop_map(|(at, bits)| Fate::Garbled(at, bits)),
        1 => Just(Fate::Removed),
        1 => Just(Fate::Doubled),
        1 => Just(Fate::Nested),
        1 => Just(Fate::Overflowing),
        2 => (any::<usize>(), any::<usize>()).prop_map(|(from, to)| Fate::Lines(from, to)),
        1 => Just(Fate::Link),
        1 => Just(Fate::Pipe),
        1 => Just(Fate::Folder),
        1 => Just(Fate::Sparse),
    ]
}

const A1: &str = "takes/01-a-1.wav";
const B1: &str = "takes/02-b-1.wav";
const B1_2: &str = "takes/02-b-1.2.wav";

fn fates() -> impl Strategy<Value = Vec<(&'static str, Fate)>> {
    let file = prop::sample::select(vec![
        "session.json",
        "journal.jsonl",
        A1,
        B1,
        B1_2,
        "lock",
        "takes",
        "prompts",
        "reserve",
    ]);
    prop::collection::vec((file, fate()), 0..4)
}

/// A session of which the first question is answered, and the second was when the program died, unless it is over; a
/// panel puts its questions one after the other.
fn session(rig: &recorded::Rig, panel: bool, over: bool, power_cut: bool) -> std::path::PathBuf {
    let folder = recorded::create(rig, 30);
    let mut planned = recorded::manifest(folder.name(), if panel { &[] } else { &["a", "b", "c"] });
    planned.boot = power_cut.then(|| "another".to_owned());
    let mut events = vec![
        (0, recorded::speak(0)),
        (10, recorded::open_take(0, 1, A1)),
        (510, recorded::close_take(0, 1, "done", 0, &[(A1, 500)])),
        (520, recorded::end_turn(0, false)),
        (530, recorded::open_take(1, 1, B1)),
    ];
    if panel {
        planned.kind = "panel".to_owned();
        let one = |id: &str| ManifestPanelist { id: id.to_owned(), role: id.to_owned(), voice: "none".to_owned() };
        let panelists = vec![one("host"), one("guest")];
        planned.panel = Some(ManifestPanel { id: "duo".to_owned(), length_s: 240.0, panelists, remarks: Vec::new() });
        let remark =
            Happening::Remark { panelist: "host".to_owned(), voice: "none".to_owned(), text: "Welcome.".to_owned() };
        let put = |turn: usize, question: &str, who: &str| {
            let (panelist, clock_s) = (Some(who.to_owned()), Some(0.25));
            let entry = Box::new(ManifestTurn { panelist, clock_s, ..recorded::turn(question) });
            Happening::Put { turn, entry }
        };
        events.insert(0, (0, remark));
        events.insert(0, (0, put(0, "a", "host")));
        events.insert(events.len() - 1, (520, put(1, "b", "guest")));
    }
    if over {
        events.push((900, recorded::close_take(1, 1, "done", 0, &[(B1, 300), (B1_2, 70)])));
        events.push((950, recorded::finish()));
    }
    let saved = recorded::live(&folder, planned, &events);
    folder.save(&saved).unwrap();
    recorded::whole_wav(&folder.path().join(A1), 500);
    recorded::whole_wav(&folder.path().join(B1), 300);
    if over {
        recorded::whole_wav(&folder.path().join(B1_2), 70);
    } else {
        recorded::torn_wav(&folder.path().join(B1_2), 20, 70);
    }
    folder.path().to_owned()
}

fn befall(path: &Path, fate: &Fate) {
    let Ok(there) = path.symlink_metadata() else { return };
    let bytes = if there.is_file() && there.len() < 1 << 20 { std::fs::read(path).unwrap() } else { Vec::new() };
    let write = |bytes: &[u8]| {
        if there.is_file() {
            std::fs::write(path, bytes).unwrap();
        }
    };
    let clear = || {
        let _ = std::fs::remove_file(path);
        let _ = std::fs::remove_dir_all(path);
    };
    match fate {
        Fate::Cut(to) => write(&bytes[..to % (bytes.len() + 1)]),
        Fate::Zeroed(at, length) if !bytes.is_empty() => {
            let (mut bytes, at) = (bytes.clone(), at % bytes.len());
            let end = (at + length).min(bytes.len());
            bytes[at..end].fill(0);
            write(&bytes);
        }
        Fate::Garbled(at, bits) if !bytes.is_empty() => {
            let (mut bytes, at) = (bytes.clone(), at % bytes.len());
            bytes[at] ^= bits;
            write(&bytes);
        }
        Fate::Zeroed(..) | Fate::Garbled(..) => {}
        Fate::Removed => clear(),
        Fate::Doubled => write(&[&bytes[..], &bytes[..]].concat()),
        Fate::Nested => write("[{\"a\":".repeat(100_000).as_bytes()),
        Fate::Overflowing => {
            let text = String::from_utf8_lossy(&bytes).replace("00", "99999999999999999999");
            write(text.as_bytes());
        }
        Fate::Lines(from, to) => {
            let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
            if !lines.is_empty() {
                let line = lines.remove(from % lines.len());
                lines.insert(to % (lines.len() + 1), line);
                write(&lines.concat());
            }
        }
        Fate::Link => {
            clear();
            #[cfg(unix)]
            std::os::unix::fs::symlink("/dev/zero", path).unwrap();
        }
        Fate::Pipe => {
            clear();
            #[cfg(unix)]
            assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
        }
        Fate::Folder => {
            clear();
            std::fs::create_dir(path).unwrap();
        }
        Fate::Sparse => {
            if there.is_file() {
                std::fs::File::options().write(true).open(path).unwrap().set_len(4 << 30).unwrap();
            }
        }
    }
}

/// What a session holds of sound, each recording with its tails, and without its header.
fn sound(path: &Path) -> std::collections::BTreeMap<String, (u64, Vec<u8>)> {
    let mut found = std::collections::BTreeMap::new();
    for file in [A1, B1, B1_2] {
        let take = path.join(file);
        let Ok(there) = take.symlink_metadata() else { continue };
        if !there.is_file() {
            continue;
        }
        let mut length = there.len();
        let mut bytes = if length < 1 << 20 { std::fs::read(&take).unwrap() } else { Vec::new() };
        if let Ok(tail) = std::fs::read(path.join(format!("{file}.tail"))) {
            length += tail.len() as u64;
            bytes.extend(tail);
        }
        bytes.drain(..bytes.len().min(44));
        found.insert(file.to_owned(), (length, bytes));
    }
    found
}

proptest! {
    // A quarter of the usual cases, or of what PROPTEST_CASES asks for.
    #![proptest_config(ProptestConfig {
        cases: ProptestConfig::default().cases / 4,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_panels_journal_may_say_anything_and_its_take_is_there(edits in edits()) {
        let rig = recorded::rig();
        let folder = recorded::create(&rig, 30);
        let path = folder.path().to_owned();
        // The lines are whole, whatever was done to what they say.
        std::fs::write(path.join("journal.jsonl"), resealed(&apply(PANEL_JOURNAL, &edits))).unwrap();
        recorded::whole_wav(&path.join("takes/01-q-1.wav"), 8);
        drop(folder);
        let read = load(&path).unwrap().manifest;
        let takes: Vec<&str> = read.turns.iter().flat_map(|turn| &turn.takes).map(|take| take.file.as_str()).collect();
        // Lines of a hand may name takes that are not there, and call the question another.
        let renamed = read.turns.first().is_none_or(|turn| turn.question != "q");
        prop_assert!(renamed || takes.contains(&"takes/01-q-1.wav"), "{:?}", takes);
        let harmless = |role: &str| !role.chars().any(char::is_control);
        let roles_are = read.turns.iter().filter_map(|turn| read.asker(turn)).all(harmless);
        prop_assert!(roles_are);
        prop_assert!(load(&path).unwrap().repaired.is_empty());
    }
}

proptest! {
    // PROPTEST_CASES asks for more than the usual 256.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_befalls_a_session_no_sound_is_lost_and_a_second_repair_does_nothing(
        panel in any::<bool>(),
        over in any::<bool>(),
        power_cut in any::<bool>(),
        fates in fates(),
    ) {
        let rig = recorded::rig();
        let path = session(&rig, panel, over, power_cut);
        for (file, fate) in &fates {
            befall(&path.join(file), fate);
        }
        let before = sound(&path);
        let all = recorded::files_of(&path);
        match load(&path) {
            Ok(read) => {
                for take in read.manifest.turns.iter().flat_map(|turn| &turn.takes) {
                    // Nothing is invented: of each recording no more is told than is there.
                    let there = std::fs::metadata(path.join(&take.file)).map_or(0, |file| file.len());
                    prop_assert!(take.frames * 2 <= there.saturating_sub(44), "{take:?} of {there} bytes");
                }
                let kept = recorded::files_of(&path);
                let again = load(&path).unwrap();
                prop_assert_eq!(&again.repaired, &Vec::<String>::new());
                prop_assert_eq!(&again.manifest, &read.manifest);
                if let Ok(wholly) = put_in_order(&path) {
                    // What a glance at a session that is over does not see may still be put in order, once.
                    let kept = if wholly.repaired.is_empty() { kept } else { recorded::files_of(&path) };
                    prop_assert_eq!(put_in_order(&path).unwrap().repaired, Vec::<String>::new());
                    prop_assert_eq!(recorded::files_of(&path), kept);
                }
            }
            Err(_) => prop_assert_eq!(recorded::files_of(&path), all),
        }
        prop_assert_eq!(sound(&path), before);
        // A program can go on with it, or is told why not.
        if let Ok(folder) = SessionFolder::open(&path)
            && let Ok(mut journal) = folder.journal()
        {
            journal.append(greenroom::interview::Frame(1), &Happening::Released).unwrap();
        }
    }
}
