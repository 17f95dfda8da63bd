//! Whatever stands in a file, reading it gives a value or an error, never a panic.

use std::path::Path;

use greenroom::store::bank_file::parse_bank;
use greenroom::store::config::Config;
use greenroom::store::format_file::{formats, parse_formats};
use greenroom::store::journal::read_journal;
use greenroom::store::session::{Recovered, load};
use proptest::prelude::*;

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
[1,"open-take",{"turn":0,"take":1,"file":"takes/01-q-1.wav"}]
[9,"close-take",{"turn":0,"take":1,"frames":8,"dropped":0,"end":"done"}]
[9,"end-turn",{"turn":0,"skipped":false}]
[9,"finish",{"outcome":"finished"}]
"#;

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
        std::fs::write(&path, apply(JOURNAL, &edits)).unwrap();
        let read = read_journal(&path);
        prop_assert!(read.entries.len() + read.damage.damaged <= 5 + 12);
    }

    #[test]
    fn a_folder_of_mutated_files_is_a_session_or_an_error(edits in edits(), more in edits()) {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
        write("journal.jsonl", apply(JOURNAL, &edits));
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
