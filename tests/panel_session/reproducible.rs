//! Panel, bank, seed and what the candidate does give the same session, and `--dry-run` tells it beforehand.

use std::process::Stdio;

use serde_json::{Value, json};

use crate::place::{Place, RATE, SILENT, noise, said};
use crate::session::Session;

/// What a session did: its journal without what differs by the moment and the machine.
fn deeds(session: &Session) -> Vec<(u64, String, Value)> {
    let deed = |entry: &crate::session::Entry| {
        let mut what = entry.what.clone();
        for key in ["session", "started", "ended", "boot"] {
            what.as_object_mut().expect("an event is an object").remove(key);
        }
        (entry.frame, entry.event.clone(), what)
    };
    session.journal.iter().map(deed).collect()
}

/// The manifest without what differs by the moment.
fn description(session: &Session) -> Value {
    let mut manifest = session.manifest.clone();
    for key in ["session", "started", "ended", "boot"] {
        manifest.as_object_mut().expect("a manifest is an object").remove(key);
    }
    manifest
}

#[test]
fn the_same_seed_gives_the_same_session_line_by_line() {
    let place = Place::new();
    for panel in ["duo", "vp-engineering-short"] {
        let [one, other, third] = ["11", "11", "12"].map(|seed| place.holds(panel, &["--seed", seed]));
        for (one, other) in deeds(&one).into_iter().zip(deeds(&other)) {
            assert_eq!(one, other, "{panel}");
        }
        assert_eq!(one.journal.len(), other.journal.len());
        assert_eq!(description(&one), description(&other));
        assert_ne!(deeds(&one), deeds(&third), "another seed is another session of {panel}");
        assert_eq!(one.manifest["seed"], 11, "the seed is kept");
    }
    let printed = place.prints(&["panel", "duo", "--seed", "11", "--dry-run"]);
    assert!(printed.contains("seed 11."), "the seed is printed: {printed}");
    let silent = ["--output", "none", "--fast", "--no-voice", "--input", "wav:talk.wav"];
    let printed = place.prints(&[&["panel", "duo", "--seed", "11"], &silent[..]].concat());
    assert!(printed.contains("seed 11."), "the seed is printed: {printed}");
}

#[test]
fn with_a_voice_the_same_seed_gives_the_same_session_too() {
    let place = Place::new();
    let [one, other] = [0, 1].map(|_| place.holds("duo", &["--seed", "11", "--voice", "built-in"]));
    assert_eq!(deeds(&one), deeds(&other));
    for turn in 1..=one.turns().len() {
        let prompt = format!("prompts/{turn:02}.wav");
        let [one, other] = [&one, &other].map(|session| std::fs::read(session.path.join(&prompt)).expect("it is kept"));
        assert!(one == other, "{prompt} is the same to the byte");
    }
}

/// Whatever the size of the blocks in which the microphone delivers, everything falls on the same frame.
#[test]
fn the_size_of_the_blocks_changes_nothing() {
    let place = Place::new();
    let heard: Vec<u8> = noise(200 * 48_000).iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let options = ["panel", "duo", "--seed", "3", "--no-voice", "--input", "pcm:-"];
    let sessions = [1 << 20, 4_410, 1_234_567].map(|size| {
        let mut command = place.command(&[&options[..], &SILENT].concat());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("it is piped");
        for piece in heard.chunks(size) {
            // A session that is over reads no more.
            if std::io::Write::write_all(&mut stdin, piece).is_err() {
                break;
            }
        }
        drop(stdin);
        let output = child.wait_with_output().expect("the program ends");
        assert!(output.status.success(), "{}", said(&output));
        let session = place.session(&serde_json::from_slice(&output.stdout).expect("JSON"));
        session.is_in_order();
        session
    });
    let [one, others @ ..] = &sessions;
    for other in others {
        assert_eq!(deeds(one), deeds(other));
        (0..one.turns().len()).for_each(|turn| assert!(one.said(turn) == other.said(turn), "turn {turn}"));
    }
    // The same candidate, out of a file that is said in each take: only what is heard differs.
    place.wav("talk-48.wav", 48_000, &noise(20 * 48_000));
    let filed = place.holds("duo", &["--seed", "3", "--input", "wav:talk-48.wav"]);
    let times = |session: &Session| -> Vec<(u64, String)> {
        session.journal.iter().map(|entry| (entry.frame, entry.event.clone())).collect()
    };
    assert_eq!(times(one), times(&filed));
}

/// A panel as it is, but that nobody asks back.
fn without_follow_ups(place: &Place, panel: &str) -> String {
    let toml = place.prints(&["panels", "show", panel, "--toml"]);
    let kept: Vec<&str> = toml.lines().filter(|line| !line.starts_with("follow_ups")).collect();
    let id = format!("plain-{panel}");
    let text = kept.join("\n").replacen(&format!("id = \"{panel}\""), &format!("id = \"{id}\"\nfollow_ups = 0"), 1);
    place.panel(&id, &text);
    id
}

#[test]
fn what_the_dry_run_tells_is_what_then_runs() {
    let place = Place::new();
    for (panel, exact) in [("duo", true), ("screen", true), ("vp-engineering-short", false), ("behavioral", false)] {
        let panel = without_follow_ups(&place, panel);
        let told = place.json(&["panel", &panel, "--seed", "5", "--dry-run", "--json"]);
        let session = place.holds(&panel, &["--seed", "5"]);
        session.is_in_order();
        let turns = told["turns"].as_array().expect("turns");
        let told_of: Vec<(String, String)> = turns
            .iter()
            .map(|turn| (crate::session::text(&turn["panelist"]), crate::session::text(&turn["question"])))
            .collect();
        let mut asked = session.asked();
        let own = asked.last().is_some_and(|(_, question)| question == "own-questions").then(|| asked.pop());
        assert_eq!(own.is_some(), !told["own_questions"].is_null());
        // What is said is quicker than the estimate: there may be room for a question more at the end of a block.
        let mut rest = asked.iter();
        assert!(told_of.iter().all(|turn| rest.any(|asked| asked == turn)), "{told_of:?} in {asked:?}");
        assert!(!exact || told_of == asked, "{told_of:?} is not {asked:?}");
        for (turn, told) in turns.iter().enumerate() {
            let place = asked.iter().position(|asked| *asked == told_of[turn]).expect("it was found");
            let limit = told["limit_s"].as_f64().expect("a number");
            assert!(limit <= session.turns()[place]["limit_s"].as_f64().expect("a number") + 0.05);
            if place == turn {
                let began = session.events("speak")[place].frame as f64 / f64::from(RATE);
                let starts = told["starts_s"].as_f64().expect("a number");
                // Words that are read take a third more or less than the usual voice, and everything else its time.
                let off = (starts - began).abs();
                assert!(off <= 3.0 + starts * 0.4, "{began} and {starts} in {panel}");
            }
        }
        let ends = told["ends_s"].as_f64().expect("a number");
        assert!(ends <= told["length_s"].as_f64().expect("a number"), "{told}");
    }
}

#[test]
fn the_dry_run_has_the_form_that_is_promised_and_leaves_nothing() {
    let place = Place::new();
    for panel in ["duo", "vp-engineering", "vp-engineering-short", "behavioral", "screen", "drill"] {
        let told = place.json(&["panel", panel, "--seed", "9", "--dry-run", "--json"]);
        assert_eq!((&told["schema"], &told["seed"]), (&json!(1), &json!(9)));
        assert!(told["length_s"].as_f64().is_some_and(|length| length >= 60.0), "{told}");
        let ids: Vec<&Value> = told["panelists"].as_array().expect("panelists").iter().map(|one| &one["id"]).collect();
        assert!(told["panelists"].as_array().expect("panelists").iter().all(|one| one["role"].is_string()));
        let turns = told["turns"].as_array().expect("turns");
        assert!(turns.len() >= 2);
        for turn in turns {
            assert!(ids.contains(&&turn["panelist"]) && turn["question"].is_string(), "{turn}");
            assert!(turn["starts_s"].is_number() && turn["limit_s"].is_number(), "{turn}");
        }
        assert!(turns.is_sorted_by_key(|turn| (turn["starts_s"].as_f64().expect("a number") * 10.0) as u64));
        assert_eq!(told, place.json(&["panel", panel, "--seed", "9", "--dry-run", "--json"]));
        assert_ne!(told["turns"], place.json(&["panel", panel, "--seed", "10", "--dry-run", "--json"])["turns"]);
    }
    assert!(!place.path("home/recordings").exists(), "nothing is recorded");
}
