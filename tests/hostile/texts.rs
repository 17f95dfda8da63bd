//! Texts that mean harm, wherever a text comes from: nothing of them steers a terminal, a journal, a file name or a voice.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::harmless::harmless;
use crate::place::{Place, Ran};
use crate::support::terminal::Terminal;

/// All that steers a terminal, hides text, gives options, runs commands or speaks to a synthesiser, as TOML writes it.
const EVIL: &str = r"\u001b]52;c;aGk=\u0007\u001b[2J\u009b31m\u0090q\u009c\rover\u0000\u007f\u202e\u2066\u200b\ufeff\u00ad\U000e0041\ufe0f\u2028\nFORGED: all is well <speak><audio src='| touch OWNED'/></speak> [[h@loU]] &lt; $(touch OWNED) `touch OWNED`; touch OWNED | \u0001v\u00010s";

/// The same in bytes, as far as the name of a file or an argument can have them.
const NAME: &[u8] =
    b"e\x1b]52;c;aGk=\x07\x1b[2J\xc2\x9b31m\r\xe2\x80\xae\xe2\x81\xa6\xe2\x80\x8b\xf3\xa0\x81\x81\x7f\nFORGED";

/// A second, with bytes that are no text.
const RAW: &[u8] = b"e\x9b2J\xff\nFORGED\x1b[2J";

fn name(before: &str, bytes: &[u8], after: &str) -> OsString {
    OsString::from_vec([before.as_bytes(), bytes, after.as_bytes()].concat())
}

use std::os::unix::ffi::OsStringExt;

fn bank() -> String {
    let question = |id: &str, start: &str| {
        format!(
            "[[question]]\nid = \"{id}\"\nsection = \"s\"\nprompt = \"{start} {EVIL}\"\ntags = [\"t\"]\n\
             points = [{{ id = \"p\", text = \"{EVIL}\", any = [\"{EVIL}\", \"x\"] }}]\nanswer = \"{EVIL}\"\n\
             follow_ups = [{{ id = \"f\", prompt = \"{EVIL}\", when = \"missing:p\" }}]\n"
        )
    };
    let head = format!("schema = 1\nid = \"evil\"\ntitle = \"T {EVIL}\"\n[[section]]\nid = \"s\"\n");
    let long = "x".repeat(300);
    head + &format!("title = \"S {EVIL}\"\nformat = \"drill\"\n")
        + &question("q", "-f/etc/passwd Why?")
        + &question("r", &format!("-h --version {long}"))
}

/// A bank in which everything that can be wrong is, and says it with these texts.
fn bad_bank() -> String {
    format!(
        "\"k{EVIL}\" = 1\nschema = \"{EVIL}\"\nid = \"{EVIL}\"\ntitle = \"\"\nlanguage = \"{EVIL}\"\n\
         [[section]]\nid = \"{EVIL}\"\ntitle = 1\nformat = \"{EVIL}\"\n\
         [[question]]\nid = \"{EVIL}\"\nsection = \"{EVIL}\"\nprompt = \"\"\ntags = [\"{EVIL}\"]\n\
         points = [{{ id = \"{EVIL}\", \"k{EVIL}\" = 2 }}]\nfollow_ups = [{{ when = \"missing:{EVIL}\" }}]\n\
         [[question]]\n\"k{EVIL}\" = 1\n\"k{EVIL}\" = 2\n"
    )
}

/// A home whose own name, and those of its files, are as bad as they can be.
fn place(evil: &[u8]) -> Place {
    let mut place = Place::new();
    place.home = place.at("").join(OsStr::from_bytes(evil)).join("home").into_os_string();
    fs::create_dir_all(place.in_home("questions")).unwrap();
    fs::write(place.in_home("questions").join(name("", evil, ".toml")), bank()).unwrap();
    place.tone("a.wav");
    place
}

fn run(place: &Place, words: &[&str]) -> Ran {
    let ran = place.run(words);
    ran.is_harmless();
    assert!(!place.at("OWNED").exists(), "{words:?} ran a command out of a text");
    ran
}

/// The files of a session, whose contents and names can harm nobody.
#[track_caller]
fn session(place: &Place) -> PathBuf {
    let folder = fs::read_dir(place.in_home("recordings")).unwrap().next().unwrap().unwrap().path();
    let mut folders = vec![folder.clone()];
    while let Some(below) = folders.pop() {
        for entry in fs::read_dir(below).unwrap().flatten() {
            harmless(&entry.file_name().into_string().expect("a name is text"), false);
            if entry.path().is_dir() {
                folders.push(entry.path());
            }
        }
    }
    for file in ["session.json", "journal.jsonl"] {
        harmless(&fs::read_to_string(folder.join(file)).unwrap(), true);
    }
    folder
}

fn rehearse<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let words = ["rehearse", "--bank", "evil", "--limit", "1s", "--fast", "--input", "wav:a.wav", "--output", "none"];
    [&words[..], more].concat()
}

#[test]
fn a_bank_of_harmful_texts_is_checked_listed_and_shown_without_harm() {
    for evil in [NAME, RAW] {
        let place = place(evil);
        run(&place, &["questions", "list", "--bank", "evil"]).succeeds();
        run(&place, &["questions", "list", "--banks"]).succeeds();
        run(&place, &["questions", "show", "q", "--bank", "evil"]).succeeds();
        let json = |words: &[&str]| -> Value {
            serde_json::from_str(&run(&place, &[words, &["--json"]].concat()).succeeds().out).expect("it is JSON")
        };
        json(&["questions", "list", "--bank", "evil"]);
        json(&["questions", "show", "q", "--bank", "evil"]);
        let banks = json(&["questions", "list", "--banks"]);
        let file = banks["banks"].as_array().unwrap().iter().find_map(|bank| bank["file"].as_str());
        if let Ok(exact) = std::str::from_utf8(evil) {
            assert!(file.is_some_and(|file| file.contains(exact)), "JSON has the name as it is: {file:?}");
        }
        let file = place.in_home("questions").join(name("", evil, ".toml"));
        place.run(&[OsStr::new("questions"), OsStr::new("check"), file.as_os_str()]).is_harmless().succeeds();
        fs::write(&file, bad_bank()).unwrap();
        let checked = place.run(&[OsStr::new("questions"), OsStr::new("check"), file.as_os_str()]);
        checked.is_harmless().fails(1, &["unknown key", "is no id"]);
        let as_json =
            place.run(&[OsStr::new("questions"), OsStr::new("check"), file.as_os_str(), OsStr::new("--json")]);
        let found: Value = serde_json::from_str(&as_json.is_harmless().out).expect("it is JSON");
        assert_eq!(found["ok"], false);
        run(&place, &["questions", "list", "--banks"]);
        run(&place, &["questions", "list", "--banks", "--json"]);
    }
}

#[test]
fn settings_and_formats_of_harmful_texts_are_told_of_without_harm() {
    let place = place(NAME);
    for key in ["bank", "format", "voice", "host", "input", "output", "nothing"] {
        fs::write(place.in_home("config.toml"), format!("{key} = \"x{EVIL}\"\n")).unwrap();
        run(&place, &rehearse(&[])).fails(1, &["config.toml"]);
        // What no control character gives away.
        fs::write(place.in_home("config.toml"), format!("{key} = \"x\\u202e\\u2066\\U000e0041\\u2028\"\n")).unwrap();
        run(&place, &["rehearse", "--no-voice", "--fast"]);
    }
    fs::write(place.in_home("config.toml"), format!("voice_command = [\"x{EVIL}\", \"{EVIL}\"]\n")).unwrap();
    run(&place, &rehearse(&[])).fails(1, &["config.toml"]);
    fs::remove_file(place.in_home("config.toml")).unwrap();
    let format = format!("schema = 1\n[[format]]\nid = \"drill\"\ntitle = \"{EVIL}\"\nprep = \"{EVIL}\"\n");
    fs::write(place.in_home("questions/formats.toml"), format).unwrap();
    run(&place, &rehearse(&[])).fails(1, &["formats.toml"]);
}

#[test]
fn harmful_words_on_the_command_line_are_answered_without_harm() {
    let place = place(NAME);
    let bad = |before: &str| name(before, NAME, "");
    let raw = |before: &str| name(before, RAW, "");
    let long = OsString::from("x".repeat(100_000));
    let word = OsString::from;
    for bad in [&bad as &dyn Fn(&str) -> OsString, &raw, &|before: &str| name(before, long.as_bytes(), "")] {
        for words in [
            vec![bad("")],
            vec![bad("--")],
            vec![word("rehearse"), bad("--x=")],
            vec![word("rehearse"), word("--limit"), bad("1s")],
            vec![word("rehearse"), word("--order"), bad("")],
            vec![word("rehearse"), word("--bank"), bad("")],
            vec![word("rehearse"), word("--section"), bad("")],
            vec![word("rehearse"), word("--question"), bad("")],
            vec![word("rehearse"), word("--format"), bad("")],
            vec![word("rehearse"), word("--voice"), bad("")],
            vec![word("rehearse"), word("--voice"), bad("espeak:")],
            vec![word("rehearse"), word("--no-voice"), word("--host"), bad("")],
            vec![word("rehearse"), word("--no-voice"), word("--input"), bad("wav:")],
            vec![word("rehearse"), word("--no-voice"), word("--input"), bad("pcm:")],
            vec![word("rehearse"), word("--input"), word("wav:a.wav"), word("--output"), bad("wav:no/")],
            vec![word("questions"), word("show"), bad("")],
            vec![word("questions"), word("check"), bad("no/")],
            vec![word("sessions"), word("show"), bad("")],
            vec![word("sessions"), word("delete"), word("--yes"), bad("")],
            vec![word("replay"), bad("")],
            vec![word("replay"), word("latest"), bad("")],
            vec![word("resume"), bad("")],
            vec![word("completions"), bad("")],
            vec![word("voice-host"), bad("")],
            vec![word("--home"), bad("a.wav/"), word("sessions"), word("list")],
        ] {
            let ran = place.run(&words);
            ran.is_harmless();
            let list = words.iter().any(|word| word == "list");
            assert!(list || !ran.status.success(), "{words:?}: {}", ran.said());
        }
    }
}

#[test]
fn a_session_of_harmful_texts_is_recorded_and_shown_without_harm() {
    let voices: &[&[&str]] =
        &[&["--voice", "built-in"], &["--voice", "espeak:en-us+f3"], &["--no-voice"], &["--no-voice", "--json"]];
    for voice in voices {
        let place = place(NAME);
        let ran = run(&place, &rehearse(voice));
        if voice[1..] == ["espeak:en-us+f3"] && ran.said().contains("install espeak-ng") {
            println!("skipped: espeak-ng is not installed");
            continue;
        }
        ran.succeeds();
        assert!(!ran.said().contains("from here on"), "the voice speaks them all: {}", ran.said());
        let folder = session(&place);
        // Its owner, or a program, may give it any name at all.
        let stamp = folder.file_name().unwrap().to_str().unwrap()[..20].to_owned();
        fs::rename(&folder, folder.with_file_name(name(&format!("{stamp}-"), NAME, ""))).unwrap();
        for words in [&["sessions", "list"][..], &["sessions", "show"], &["sessions", "repair"]] {
            run(&place, words).succeeds();
            let json = run(&place, &[words, &["--json"]].concat());
            serde_json::from_str::<Value>(&json.succeeds().out).expect("it is JSON");
        }
        run(&place, &["replay", "--output", "none", "--fast", "--plain"]).succeeds();
        run(&place, &["replay", "--output", "none", "--fast", "latest", "nothing"]).fails(2, &["nothing"]);
        run(&place, &["resume", "--no-voice", "--fast", "--input", "wav:a.wav", "--output", "none"]).fails(1, &[]);
        run(&place, &["sessions", "delete", &stamp, "--yes"]).succeeds();
    }
}

#[test]
fn what_a_session_says_of_itself_is_shown_without_harm_whoever_wrote_it() {
    let place = place(NAME);
    run(&place, &rehearse(&["--no-voice"])).succeeds();
    let folder = session(&place);
    let saved = fs::read_to_string(folder.join("session.json")).unwrap();
    let evil = r"\u001b]52;c;aGk=\u0007\u009b2J\u202e\u2066\udb40\udc41\u0000\nFORGED";
    let mut bad = saved.replace("\"done\"", &format!("\"{evil}\"")).replace("drill", evil);
    for key in
        ["session", "kind", "title", "order", "started", "ended", "voice", "input", "output", "section", "prompt"]
    {
        bad = bad.replace(&format!("\"{key}\": \""), &format!("\"{key}\": \"{evil}"));
    }
    assert_ne!(bad, saved);
    for journal in [None, Some("[0,\"x\x1b]52;c;x\x07\",{},0,\"00000000\"]\n\u{202e}\u{9b}2J\n")] {
        fs::write(folder.join("session.json"), &bad).unwrap();
        let _ = fs::remove_file(folder.join("journal.jsonl"));
        if let Some(journal) = journal {
            fs::write(folder.join("journal.jsonl"), journal).unwrap();
        }
        for words in [&["sessions", "list"][..], &["sessions", "show"], &["sessions", "repair"]] {
            run(&place, words);
            run(&place, &[words, &["--json"]].concat());
        }
        harmless(&fs::read_to_string(folder.join("session.json")).unwrap(), true);
        let lines = fs::read_to_string(folder.join("journal.jsonl")).unwrap();
        harmless(lines.lines().last().expect("what was done is written down"), false);
    }
    // A manifest that names a file that is not its own is not followed.
    for file in ["../../../../etc/passwd", "/etc/passwd", r"takes/\u001b[2J.wav", r"takes/..\\x.wav"] {
        fs::write(folder.join("session.json"), saved.replace("takes/01", file)).unwrap();
        let _ = fs::remove_file(folder.join("journal.jsonl"));
        run(&place, &["sessions", "show"]);
        run(&place, &["replay", "--output", "none", "--fast", "--plain"]);
    }
}

#[test]
fn a_terminal_in_which_a_session_of_harmful_texts_is_drawn_obeys_nobody_else() {
    let place = place(NAME);
    let home = place.home.to_str().expect("this name is text").to_owned();
    let rehearse = ["rehearse", "--bank", "evil", "--limit", "1s", "--no-voice", "--input", "wav:a.wav"];
    let environment = [("GREENROOM_HOME", home.as_str()), ("PATH", "/usr/bin:/bin"), ("TERM", "xterm-256color")];
    let program = Path::new(env!("CARGO_BIN_EXE_greenroom"));
    let made = [&rehearse[..], &["--output", "none", "--fast"]].concat();
    run(&place, &made);
    let full = [&rehearse[..], &["--screen", "full"]].concat();
    for (words, shows) in [(&rehearse[..], "Why?"), (&full, "Why?"), (&["replay"], "Your answer")] {
        let words = [words, &["--output", "none"]].concat();
        let mut terminal = Terminal::start(program, &words, &environment, &place.at(""), (100, 40));
        terminal.shows(shows);
        terminal.press("q");
        let left = terminal.end();
        let drawn = String::from_utf8(left.bytes).expect("it draws text");
        // What the program itself draws with.
        let mut rest = drawn.replace('\r', "");
        for (at, _) in drawn.rmatch_indices("\u{1b}[") {
            let end = drawn[at + 2..].find(|c: char| c.is_ascii_alphabetic()).expect("a code ends");
            let code = &drawn[at..=at + 2 + end];
            let known = code.ends_with(['m', 'G', 'K', 'l', 'h', 'J', 'A', 'B', 'H']) && code.len() < 12;
            assert!(known, "{code:?} is none of ours");
            rest = rest.replace(code, "");
        }
        harmless(&rest, true);
    }
}
