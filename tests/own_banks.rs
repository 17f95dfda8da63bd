//! A bank of one's own: the file that it begins as, and the JSON Schema that editors check it by.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

fn greenroom(home: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_greenroom"))
        .args(arguments)
        .env_clear()
        .env("GREENROOM_HOME", home)
        .output()
        .expect("the program runs")
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The schema as the program prints it.
fn schema() -> jsonschema::Validator {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = greenroom(folder.path(), &["questions", "schema"]);
    assert!(output.status.success(), "{}", said(&output));
    let schema: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert!(jsonschema::meta::is_valid(&schema), "it is a schema");
    jsonschema::validator_for(&schema).expect("it is a schema")
}

fn value(text: &str) -> Value {
    toml::from_str(text).expect("it is TOML")
}

fn flaws(schema: &jsonschema::Validator, bank: &Value) -> Vec<String> {
    schema.iter_errors(bank).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// The files in a folder of the project that end so.
fn files(folder: &str, end: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(&folder).expect("it is part of the project").flatten().map(|entry| entry.path());
    entries.filter(|path| path.extension().is_some_and(|is| is == end)).collect()
}

#[test]
fn the_schema_finds_nothing_wrong_with_any_bank_that_ships() {
    let schema = schema();
    let banks: Vec<PathBuf> =
        files("questions", "toml").into_iter().filter(|path| !path.ends_with("formats.toml")).collect();
    assert!(banks.len() >= 6, "{banks:?}");
    for bank in banks {
        let text = fs::read_to_string(&bank).expect("it can be read");
        assert_eq!(flaws(&schema, &value(&text)), Vec::<String>::new(), "{}", bank.display());
    }
}

/// What is done to a bank.
type Change<'c> = &'c dyn Fn(&mut Value);

#[test]
fn the_schema_finds_what_the_check_finds_in_the_form_of_a_bank() {
    let schema = schema();
    let bank = |change: Change| {
        let mut bank = value(include_str!("../questions/behavioral.toml"));
        change(&mut bank);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("changed.toml");
        fs::write(&file, toml::to_string(&bank).expect("it is TOML")).expect("it can be written");
        let checked = greenroom(folder.path(), &["questions", "check", file.to_str().expect("a plain name")]);
        (flaws(&schema, &bank), checked)
    };
    let (found, checked) = bank(&|_| {});
    assert!(found.is_empty() && checked.status.success(), "{found:?} {}", said(&checked));
    let changes: [(&str, Change); 12] = [
        ("an unknown key", &|bank| bank["questions"] = json!([])),
        ("another schema", &|bank| bank["schema"] = json!(2)),
        ("no id", &|bank| bank["id"] = json!("")),
        ("a number as title", &|bank| bank["title"] = json!(3)),
        ("no questions", &|bank| bank["question"] = json!([])),
        ("a language that is none", &|bank| bank["language"] = json!("english please")),
        ("an id with a capital", &|bank| bank["question"][0]["id"] = json!("Path")),
        ("no prompt", &|bank| drop(bank["question"][1].as_object_mut().map(|question| question.remove("prompt")))),
        ("an empty prompt", &|bank| bank["question"][1]["prompt"] = json!(" \t")),
        ("a word for points", &|bank| bank["question"][2]["points"] = json!("none")),
        ("a time that is none", &|bank| bank["question"][3]["follow_ups"][0]["when"] = json!("chance:0")),
        ("an unknown key of a point", &|bank| bank["question"][4]["points"][0]["terms"] = json!([])),
    ];
    for (what, change) in changes {
        let (found, checked) = bank(change);
        assert!(!found.is_empty(), "the schema passes {what}");
        assert!(!checked.status.success(), "the check passes {what}");
    }
}

#[test]
fn a_new_bank_explains_itself_and_has_no_mistakes() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let home = folder.path().join("home");
    let output = greenroom(&home, &["questions", "new", "my-company", "--title", "My \"own\" company"]);
    assert!(output.status.success(), "{}", said(&output));
    let file = home.join("questions/my-company.toml");
    let path = file.to_str().expect("a plain name");
    assert!(said(&output).contains(&format!("greenroom questions check {path}")), "{}", said(&output));
    assert!(said(&output).contains("rehearse --bank my-company"), "{}", said(&output));
    let text = fs::read_to_string(&file).expect("it is there");
    assert!(text.lines().filter(|line| line.contains('#')).count() > 8, "it is not explained:\n{text}");
    let bank = value(&text);
    assert_eq!((&bank["id"], &bank["title"]), (&json!("my-company"), &json!("My \"own\" company")));
    assert_eq!(flaws(&schema(), &bank), Vec::<String>::new());
    let checked = greenroom(&home, &["questions", "check", path]);
    assert!(said(&checked).contains("2 questions in 2 sections, no mistakes."), "{}", said(&checked));
    let asked = ["rehearse", "--bank", "my-company", "--count", "all", "--limit", "2s", "--input"];
    let wav = folder.path().join("silence.wav");
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 16_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut silence = hound::WavWriter::create(&wav, spec).expect("it can be written");
    (0..16_000).for_each(|_| silence.write_sample(0i16).expect("it can be written"));
    silence.finalize().expect("it can be written");
    let input = format!("wav:{}", wav.display());
    let asked = [&asked[..], &[&input, "--output", "none", "--fast", "--no-voice"]].concat();
    let rehearsed = greenroom(&home, &asked);
    assert!(said(&rehearsed).contains("2 of 2 questions answered"), "{}", said(&rehearsed));
}

#[test]
fn a_new_bank_never_takes_the_place_of_another() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let home = folder.path();
    fs::create_dir(home.join("questions")).expect("a folder");
    fs::write(home.join("questions/torn.toml"), "[").expect("it can be written");
    for (id, why) in [
        ("behavioral", "there is a bank `behavioral` already"),
        ("torn", "already"),
        ("My Company", "is no id"),
        ("../away", "is no id"),
        ("", "is no id"),
    ] {
        let output = greenroom(home, &["questions", "new", id]);
        assert!(!output.status.success() && said(&output).contains(why), "{id}: {}", said(&output));
    }
    assert_eq!(fs::read_to_string(home.join("questions/torn.toml")).expect("it is there"), "[");
    assert_eq!(fs::read_dir(home.join("questions")).expect("a folder").count(), 1);
    assert!(!home.join("away.toml").exists());
}
