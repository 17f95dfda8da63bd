//! Files that a person wrote: what is too large, too deep, too many or no file at all is told soon.

use std::fs::File;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;

use crate::place::Place;

/// The largest file that is read.
const LARGEST: usize = 2 << 20;

/// What a file that a person wrote may be called; each is read by a reader of its own.
const NAMES: [&str; 3] = ["bank.toml", "config.toml", "formats.toml"];

/// A line or a few, repeated until the file is as large as it may be.
fn filled(head: &str, unit: &str, tail: &str) -> String {
    let count = (LARGEST - head.len() - tail.len()) / unit.len();
    [head, &unit.repeat(count), tail].concat()
}

/// Checks a file as a bank, as settings, as formats and as a panel: each says what is wrong with it, soon.
#[track_caller]
fn refused(content: &str, word: &str) {
    let place = Place::new();
    for name in NAMES {
        place.write(name, content);
        place.run(&["questions", "check", name]).is_harmless().fails(1, &[name, word]).is_modest();
    }
    place.write("panel.toml", content);
    place.run(&["panels", "check", "panel.toml"]).is_harmless().fails(1, &["panel.toml", word]).is_modest();
}

#[test]
fn a_file_of_200_megabytes_is_refused_before_it_is_read() {
    let place = Place::new();
    for name in NAMES {
        File::create(place.at(name)).unwrap().set_len(200 << 20).unwrap();
        place.run(&["questions", "check", name]).fails(1, &["larger than 2 MiB"]).is_modest();
    }
}

#[test]
fn half_a_million_brackets_within_each_other_are_too_deep() {
    for open in ["[", "{ a = ", "[{a=", "[["] {
        refused(&format!("x = {}", open.repeat(500_000 / open.len())), "nested too deep");
    }
    refused(&format!("{}\n", "[".repeat(500_000)), "nested too deep");
}

#[test]
fn keys_of_many_parts_are_too_deep() {
    refused(&format!("a{} = 1\n", ".a".repeat(500_000)), "nested too deep");
    refused(&format!("a{} = 1\n", " . a".repeat(17)), "nested too deep");
}

#[test]
fn a_million_entries_are_too_many() {
    for (head, unit, tail) in [
        ("x = [", "0,", "]"),
        ("x = [", "[],", "]"),
        ("x = [", "{},", "]"),
        ("x = [", "'',", "]"),
        ("x = [", ",", "]"),
        ("x = {", ",", "}"),
        ("x = \"", "\\q", "\""),
        ("#", "\u{1}", ""),
        ("", "=\n", ""),
        ("", "\"\n", ""),
        ("", "a=1\n", ""),
        ("", "\n", ""),
        ("", "[[question]]\n", ""),
        ("schema = 1\n[[question]]\nid = \"a\"\npoints = [", "{id=\"a\"},", "]"),
        ("schema = 1\n[[panelist]]\nid = \"a\"\n", "[[panelist]]\nid=\"a\"\n", ""),
        ("schema = 1\n[[format]]\nid = \"a\"\n", "[[format]]\nid=\"a\"\n", ""),
    ] {
        refused(&filled(head, unit, tail), "too much in one file");
    }
}

#[test]
fn entries_that_are_nearly_too_many_are_read_in_bounded_time_and_memory() {
    // Each is the worst of its kind that is found: for errors, for tables, for names that are compared.
    let tables: String = (0..60_000).map(|number| format!("{number:x}.b.c=1\n")).collect();
    let names: String = (0..12_000).map(|number| format!("[[section]]\nid=\"s{number}\"\n")).collect();
    let asks: String = (0..4_000).map(|number| format!("[[question]]\nsection=\"zz{number}\"\n")).collect();
    let tags: String = (0..80_000).map(|number| format!("'t{number}',")).collect();
    let points: String = (0..9_000).map(|number| format!("{{id=\"a{number}\",text=\"x\"}},")).collect();
    let follows: String = (0..7_000).map(|number| format!("{{id=\"f{number}\",when=\"missing:zzzz\"}},")).collect();
    let question = "schema = 1\n[[question]]\nid = \"a\"\n";
    let asked: String = (0..80_000).map(|number| format!("'okr-alignmen{number}',")).collect();
    let block = "schema = 1\nbank = \"vp-engineering\"\n[[block]]\n";
    for content in [
        "=\n".repeat(120_000),
        format!("x = [{}]", ",".repeat(240_000)),
        format!("x = \"{}\"", "\\q".repeat(240_000)),
        tables,
        names + &asks,
        format!("{question}tags = [{tags}]"),
        format!("{block}tags = [{tags}]\nquestions = [{asked}]"),
        format!("{block}questions = [{}]", "'okr-alignment',".repeat(80_000)),
        format!("{question}points = [{points}]\nfollow_ups = [{follows}]"),
        "a ".repeat(LARGEST / 2),
        " ".repeat(LARGEST - 1) + "x",
    ] {
        refused(&content, "");
    }
}

#[test]
fn the_largest_bank_that_is_allowed_is_listed_and_rehearsed() {
    let place = Place::new();
    let mut bank = "schema = 1\nid = \"large\"\ntitle = \"Large\"\n".to_owned();
    for number in 0..5_000 {
        bank += &format!("[[section]]\nid = \"s{number}\"\ntitle = \"S\"\nformat = \"drill\"\n");
        bank += &format!("[[question]]\nid = \"q{number}\"\nsection = \"s{number}\"\nprompt = \"Why {number}?\"\n");
    }
    place.write("home/questions/large.toml", bank);
    place.tone("a.wav");
    place.run(&["questions", "check", "home/questions/large.toml"]).succeeds().is_modest();
    place.run(&["questions", "list", "--bank", "large"]).succeeds().is_modest();
    let rehearse = ["rehearse", "--bank", "large", "--count", "1", "--limit", "1s", "--fast", "--no-voice"];
    place.run(&[&rehearse[..], &["--input", "wav:a.wav", "--output", "none"]].concat()).succeeds();
}

#[test]
fn what_is_no_regular_file_is_refused_and_not_waited_for() {
    let place = Place::new();
    let pipe = place.at("pipe");
    let name = std::ffi::CString::new(pipe.as_os_str().as_encoded_bytes()).unwrap();
    // SAFETY: the name is a C string that outlives the call.
    assert_eq!(unsafe { libc::mkfifo(name.as_ptr(), 0o600) }, 0);
    let _socket = UnixListener::bind(place.at("socket")).unwrap();
    std::fs::create_dir(place.at("folder")).unwrap();
    symlink("loop-b", place.at("loop-a")).unwrap();
    symlink("loop-a", place.at("loop-b")).unwrap();
    symlink("nowhere", place.at("broken")).unwrap();
    for there in ["/dev/zero", "/dev/null", "/dev/tty", "pipe", "socket", "folder", "loop-a", "broken"] {
        let there = place.at(there);
        place.run(&[Path::new("questions"), Path::new("check"), &there]).fails(1, &["cannot be read"]).is_modest();
        for name in ["home/config.toml", "home/questions/formats.toml", "home/questions/own.toml"] {
            symlink(&there, place.at(name)).unwrap();
            let listed = place.run(&["questions", "list", "--banks"]);
            listed.is_harmless().is_modest();
            // A bank stands in the way of no other; settings and formats are needed for everything.
            if name.ends_with("own.toml") {
                listed.succeeds();
            } else {
                listed.fails(1, &["cannot be read"]);
            }
            std::fs::remove_file(place.at(name)).unwrap();
        }
    }
}
