//! Sessions of panels whose files are lost, cut or changed: nothing that was said is lost, and nothing is believed that
//! cannot be.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::place::{Place, SILENT};
use crate::session::{Session, text};

/// A home with a session of `duo` that is over.
fn held() -> (Place, Session) {
    let place = Place::new();
    let session = place.holds("duo", &["--seed", "3"]);
    (place, session)
}

/// Cuts the journal behind the first so many lines.
fn cut(session: &Session, lines: usize) {
    let path = session.path.join("journal.jsonl");
    let journal = fs::read_to_string(&path).expect("the session has a journal");
    fs::write(path, journal.split_inclusive('\n').take(lines).collect::<String>()).expect("it can be written");
}

/// Every file with its bytes, but for the lock.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder can be listed") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if !path.ends_with("lock") {
            found.push((path.display().to_string(), fs::read(&path).expect("a file can be read")));
        }
    }
    found.sort();
    found
}

/// A line of a journal with the number and checksum that it needs.
fn sealed(number: usize, frame: u64, event: &str, what: &Value) -> String {
    let body = format!("[{frame},\"{event}\",{what},{number}");
    format!("{body},\"{:08x}\"]\n", crc32fast::hash(body.as_bytes()))
}

#[test]
fn a_session_that_is_over_is_not_gone_on_with() {
    let (place, session) = held();
    let before = files(&session.path);
    place.refuses(&[&["resume", "--input", "wav:talk.wav"], &SILENT[..]].concat(), 1, &["answered", "replay"]);
    assert!(files(&session.path) == before);
}

#[test]
fn without_its_panel_a_session_is_not_gone_on_with_and_stays_as_it_is() {
    let (place, session) = held();
    cut(&session, 20);
    fs::remove_file(session.path.join("session.json")).expect("it is there");
    place.prints(&["sessions", "repair"]);
    let before = files(&session.path);
    let panel = place.path("home/questions/panels/duo.toml");
    let text = fs::read_to_string(&panel).expect("the test wrote it");
    let options = [&["resume", "--input", "wav:talk.wav"], &SILENT[..]].concat();
    // Gone, with a mistake, too long for the session, about questions that are gone.
    let changes = [
        None,
        Some(text.replace("title", "tittle")),
        Some(text.replace("closing]\ntime = \"40s\"", "closing]\ntime = \"200s\"").replace("\"4m\"", "\"8m\"")),
    ];
    for change in changes {
        match &change {
            None => fs::remove_file(&panel).expect("it is there"),
            Some(text) => fs::write(&panel, text).expect("it can be written"),
        }
        place.refuses(&options, 1, &["duo", "put its file back"]);
        assert!(files(&session.path) == before, "{change:?}");
    }
    fs::remove_file(place.path("home/questions/tiny.toml")).expect("it is there");
    fs::write(&panel, &text).expect("it can be written");
    place.refuses(&options, 1, &["duo", "tiny"]);
    assert!(files(&session.path) == before);
    // What was said can be listened to and looked at all the same.
    place.prints(&["replay", "--output", "none", "--fast"]);
    place.json(&["sessions", "show", "--json"]);
}

#[test]
fn a_lost_manifest_comes_back_byte_for_byte() {
    let (place, session) = held();
    let manifest = session.path.join("session.json");
    for lines in [session.journal.len(), 40, 31, 22, 10, 5] {
        cut(&session, lines);
        // Once it is put in order, nothing but the journal is needed.
        let _ = fs::remove_file(&manifest);
        place.prints(&["sessions", "repair"]);
        let saved = fs::read(&manifest).expect("it is there again");
        fs::remove_file(&manifest).expect("it is there");
        place.prints(&["sessions", "repair"]);
        assert!(fs::read(&manifest).expect("it is there again") == saved, "after {lines} lines");
    }
    let (place, session) = held();
    let saved = fs::read(session.path.join("session.json")).expect("it is there");
    fs::remove_file(session.path.join("session.json")).expect("it is there");
    place.prints(&["sessions", "list"]);
    assert!(fs::read(session.path.join("session.json")).expect("it is there again") == saved);
}

/// What of the answers a session still has.
fn takes(place: &Place) -> Vec<String> {
    let report = place.json(&["sessions", "show", "--json"]);
    let turns = report["turns"].as_array().expect("turns");
    turns.iter().flat_map(|turn| turn["takes"].as_array().expect("takes")).map(|take| text(&take["file"])).collect()
}

#[test]
fn an_answer_is_taken_in_though_the_line_that_put_its_question_is_lost() {
    let (place, session) = held();
    let all: Vec<String> = (0..session.turns().len()).map(|turn| text(&session.take(turn)["file"])).collect();
    // The power took the end of the journal; the files of the takes, and their names, are on the disk.
    for with_manifest in [false, true] {
        for lines in (1..session.journal.len()).rev().step_by(3) {
            cut(&session, lines);
            if !with_manifest {
                let _ = fs::remove_file(session.path.join("session.json"));
            }
            assert_eq!(takes(&place), all, "{lines} lines, manifest {with_manifest}");
            place.prints(&["replay", "--output", "none", "--fast"]);
        }
    }
}

#[test]
fn whatever_stands_in_the_place_of_a_panel_the_answers_are_there() {
    let (place, session) = held();
    let manifest = fs::read(session.path.join("session.json")).expect("it is there");
    let journal = fs::read(session.path.join("journal.jsonl")).expect("it is there");
    let all = takes(&place);
    let hostile = [
        json!(null),
        json!([]),
        json!("panel"),
        json!({}),
        json!({ "id": "duo", "length_s": -1e300, "panelists": [] }),
        json!({ "id": "../..", "length_s": 1e300, "panelists": [{ "id": "\u{1b}[2J", "role": "\u{202e}" }] }),
        json!({ "id": "duo", "length_s": 240, "panelists": (0..1_000).map(|id| json!({ "id": format!("{id}"), "role": "r" })).collect::<Vec<_>>() }),
        json!({ "id": "duo", "length_s": 240, "panelists": [], "remarks": [{ "turns": u64::MAX, "panelist": "x", "text": "\0" }] }),
        json!({ "id": "duo", "length_s": 240, "panelists": [], "remarks": [7] }),
    ];
    for panel in &hostile {
        let mut changed: Value = serde_json::from_slice(&manifest).expect("JSON");
        changed["panel"] = panel.clone();
        // The journal is the truth, and as it was.
        fs::write(session.path.join("session.json"), changed.to_string()).expect("it can be written");
        assert_eq!(takes(&place), all, "{panel}");
        fs::write(session.path.join("journal.jsonl"), &journal).expect("it can be written");
        // And where the first line of the journal has the same in it.
        let mut planned = session.journal[0].what.clone();
        planned["panel"] = panel.clone();
        let rest: String = String::from_utf8_lossy(&journal).split_inclusive('\n').skip(1).collect();
        fs::write(session.path.join("journal.jsonl"), sealed(0, 0, "planned", &planned) + &rest).expect("written");
        for saved in [Some(changed.to_string()), None] {
            match saved {
                Some(text) => fs::write(session.path.join("session.json"), text).expect("it can be written"),
                None => fs::remove_file(session.path.join("session.json")).expect("it is there"),
            }
            assert_eq!(takes(&place), all, "{panel}");
            let said = crate::place::said(&place.run(&["sessions", "show"]));
            assert!(!said.contains('\u{1b}') && !said.contains('\u{202e}'), "{said}");
            let resumed = place.run(&[&["resume", "--input", "wav:talk.wav", "--no-voice"], &SILENT[..]].concat());
            assert!(!crate::place::said(&resumed).contains("panicked"), "{}", crate::place::said(&resumed));
        }
        fs::write(session.path.join("journal.jsonl"), &journal).expect("it can be written");
        fs::write(session.path.join("session.json"), &manifest).expect("it can be written");
    }
}

#[test]
fn whatever_a_line_puts_or_says_the_answers_are_there() {
    let (place, session) = held();
    let all = takes(&place);
    let entry = session.events("put")[3].what["entry"].clone();
    let with = |key: &str, value: Value| {
        let mut entry = entry.clone();
        entry[key] = value;
        entry
    };
    let entries = [
        json!(null),
        json!({}),
        json!([]),
        with("question", json!("../../x")),
        with("question", json!("\u{1b}]0;x\u{7}")),
        with("prompt", json!("\u{202e}".repeat(100_000))),
        with("clock_s", json!(-1e308)),
        with("limit_s", json!(1e308)),
        with("prep_s", json!(-5)),
        with("state", json!("answered")),
        with("panelist", json!(7)),
        with("panelist", json!("nobody")),
        with("follow_up", json!("\0")),
        with("prompt_file", json!("../../../etc/passwd")),
        with("takes", json!([{ "file": "/etc/passwd", "frames": 1, "rate": 1, "end": "done" }])),
    ];
    let journal = fs::read_to_string(session.path.join("journal.jsonl")).expect("it is there");
    let at =
        session.journal.iter().position(|line| line.event == "put" && line.what["turn"] == 3).expect("it is there");
    for entry in entries {
        for turn in [json!(3), json!(0)] {
            let lines: String = journal
                .split_inclusive('\n')
                .enumerate()
                .map(|(number, line)| match number == at {
                    true => sealed(at, session.journal[at].frame, "put", &json!({ "turn": turn, "entry": entry })),
                    false => line.to_owned(),
                })
                .collect();
            let remark = json!({ "panelist": "\u{1b}[2J", "voice": [], "text": "\u{202e}" });
            let more = sealed(session.journal.len(), 9, "remark", &remark);
            fs::write(session.path.join("journal.jsonl"), lines + &more).expect("it can be written");
            let _ = fs::remove_file(session.path.join("session.json"));
            let mut found = takes(&place);
            found.sort();
            assert_eq!(found, all, "{turn} {entry}");
            let show = crate::place::said(&place.run(&["sessions", "show"]));
            assert!(!show.contains('\u{1b}') && !show.contains('\u{202e}') && !show.contains("panicked"), "{show}");
            place.prints(&["replay", "--output", "none", "--fast"]);
        }
    }
}

#[test]
fn a_line_that_puts_a_question_may_be_lost_alone() {
    let (place, session) = held();
    let journal = fs::read_to_string(session.path.join("journal.jsonl")).expect("it is there");
    let saved = fs::read(session.path.join("session.json")).expect("it is there");
    for lost in 0..session.turns().len() {
        let at = session.journal.iter().position(|line| line.event == "put" && line.what["turn"] == lost);
        let torn = |(number, line): (usize, &str)| {
            if Some(number) == at { line[..40].to_owned() + "\n" } else { line.to_owned() }
        };
        let lines: String = journal.split_inclusive('\n').enumerate().map(torn).collect();
        for with_manifest in [true, false] {
            fs::write(session.path.join("journal.jsonl"), &lines).expect("it can be written");
            match with_manifest {
                true => fs::write(session.path.join("session.json"), &saved).expect("it can be written"),
                false => fs::remove_file(session.path.join("session.json")).expect("it is there"),
            }
            place.prints(&["sessions", "repair"]);
            let text = fs::read(session.path.join("session.json")).expect("the session is described");
            let manifest: Value = serde_json::from_slice(&text).expect("JSON");
            for (turn, before) in session.turns().iter().enumerate() {
                let now = &manifest["turns"][turn];
                assert_eq!(now["takes"][0]["file"], before["takes"][0]["file"], "turn {turn} without that of {lost}");
                if turn != lost || with_manifest {
                    assert_eq!(now, before, "turn {turn} without the line of {lost}, manifest {with_manifest}");
                }
            }
        }
    }
}
