//! What a session shows of how its answers were said: after each, in the summary, and later.

#[path = "support/spoken.rs"]
mod spoken;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use spoken::{Form, sound_of, voice};

/// A home, and a candidate whose answers are files.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Place {
        let place = Place(tempfile::tempdir().expect("a temporary folder"));
        std::fs::create_dir_all(place.at("home/questions")).expect("a folder");
        std::fs::create_dir_all(place.at("home/recordings")).expect("a folder");
        place
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_greenroom"))
            .args(arguments)
            .env_clear()
            .env("GREENROOM_HOME", self.at("home"))
            .current_dir(self.0.path())
            .stdin(Stdio::null())
            .output()
            .expect("the program runs")
    }

    fn said(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("it is text")
    }

    /// Answers two questions with these seconds of a voice each, without sound.
    fn rehearse(&self, seconds: f64, more: &[&str]) -> String {
        let sound = sound_of(voice(48_000, seconds), Form::USUAL);
        let file = [Form::USUAL.header(sound.len() as u32), sound].concat();
        std::fs::write(self.at("answer.wav"), file).expect("it can be written");
        let usual = [
            "rehearse",
            "--input",
            "wav:answer.wav",
            "--output",
            "none",
            "--fast",
            "--no-voice",
            "--count",
            "2",
            "--order",
            "listed",
            "--prep",
            "1s",
            "--limit",
            "40s",
        ];
        self.said(&[&usual[..], more].concat())
    }

    /// The newest session.
    fn session(&self) -> PathBuf {
        let entries = std::fs::read_dir(self.at("home/recordings")).expect("a folder");
        let mut folders: Vec<PathBuf> =
            entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
        folders.sort_by_key(|path| (path.to_string_lossy().len(), path.clone()));
        folders.pop().expect("there is a session")
    }
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("the file is there")).expect("it is JSON")
}

/// Whether a line has a time such as 0:42 in it.
fn has_a_time(line: &str) -> bool {
    line.as_bytes()
        .windows(4)
        .any(|part| part[0].is_ascii_digit() && part[1] == b':' && part[2].is_ascii_digit() && part[3].is_ascii_digit())
}

/// The lines between the one that says that the first answer is saved and the next empty one.
fn after_the_first_answer(text: &str) -> Vec<&str> {
    text.lines().skip_while(|line| !line.contains("Saved")).skip(1).take_while(|line| !line.is_empty()).collect()
}

#[test]
fn after_an_answer_come_one_to_three_lines_each_with_its_time() {
    let place = Place::new();
    let text = place.rehearse(30.0, &[]);
    let lines = after_the_first_answer(&text);
    assert!((1..=3).contains(&lines.len()), "{text}");
    assert!(lines.iter().all(|line| line.contains(" second")), "sentences have their times in words: {lines:?}");
    let lower = text.to_lowercase();
    for word in ["confident", "confidence", "monotone", "nervous", "personality", "score"] {
        assert!(!lower.contains(word), "{word}: {text}");
    }
}

#[test]
fn what_is_measured_beside_the_recording_is_what_the_recording_shows() {
    let place = Place::new();
    place.rehearse(30.0, &[]);
    for (take, kept) in [("takes/01-okr-alignment-1.wav", "01-1.json"), ("takes/02-operating-model-1.wav", "02-1.json")]
    {
        let beside = json(&place.session().join("analysis").join(kept));
        let path = place.session().join(take);
        let mut after: Value =
            serde_json::from_str(&place.said(&["analyze", "--json", &path.to_string_lossy()])).expect("it is JSON");
        assert_eq!(beside["file"], take);
        after["file"] = beside["file"].clone();
        assert!(after.as_object_mut().expect("it is a table").remove("f0").is_some());
        assert_eq!(after, beside);
    }
}

#[test]
fn what_is_kept_may_be_deleted_and_broken() {
    let place = Place::new();
    place.rehearse(20.0, &[]);
    let shown = place.said(&["sessions", "show"]);
    assert!(shown.contains("spoken 0:18 of 0:40") && shown.contains('█'), "{shown}");
    let kept = place.session().join("analysis");
    let good = std::fs::read(kept.join("01-1.json")).expect("it is kept");
    std::fs::remove_dir_all(&kept).expect("it can be deleted");
    assert_eq!(place.said(&["sessions", "show"]), shown);
    assert_eq!(std::fs::read(kept.join("01-1.json")).expect("it is kept again"), good);
    std::fs::write(kept.join("01-1.json"), &good[..good.len() / 3]).expect("it can be written");
    std::fs::write(kept.join("02-1.json"), b"\xff\x00").expect("it can be written");
    assert_eq!(place.said(&["sessions", "show"]), shown);
    assert_eq!(std::fs::read(kept.join("01-1.json")).expect("it is kept again"), good);
    // A file in the place of the folder: nothing can be kept, and nothing is lost by that.
    std::fs::remove_dir_all(&kept).expect("it can be deleted");
    std::fs::write(&kept, "mine").expect("it can be written");
    assert_eq!(place.said(&["sessions", "show"]), shown);
    assert_eq!(std::fs::read(&kept).expect("it is left alone"), b"mine");
}

#[test]
fn the_summary_and_a_look_later_have_a_strip_and_the_earlier_takes() {
    let place = Place::new();
    let first = place.rehearse(12.0, &[]);
    assert!(!first.contains("beside the take"), "{first}");
    let second = place.rehearse(30.0, &[]);
    assert!(second.contains("1. okr-alignment") && second.contains("beside the take before (20"), "{second}");
    let third = place.rehearse(20.0, &[]);
    assert!(third.contains("beside the 2 takes before (since 20"), "{third}");
    let shown = place.said(&["sessions", "show"]);
    let strip = shown.lines().find(|line| line.contains('█')).expect("there is a strip");
    assert!(strip.contains('·') && strip.ends_with('│'), "{strip}");
    assert!(shown.contains("beside the 2 takes before"), "{shown}");
    assert!(shown.contains("speech  ·"), "{shown}");
    // The first session had none before it, and what came after is none of its business.
    let names = place.said(&["sessions", "list"]);
    let oldest = names.lines().last().and_then(|line| line.split_whitespace().next()).expect("there are sessions");
    assert!(!place.said(&["sessions", "show", oldest]).contains("beside"), "{oldest}");
}

#[test]
fn who_has_no_screen_reads_sentences() {
    let place = Place::new();
    let text = place.rehearse(12.0, &["--plain"]);
    assert!(text.contains("spoken 10 seconds of 40 seconds"), "{text}");
    for mark in ['█', '▁', '▒', '│'] {
        assert!(!text.contains(mark), "{mark}: {text}");
    }
}

#[test]
fn a_panel_says_nothing_between_its_questions_and_shows_all_at_the_end() {
    let place = Place::new();
    place.rehearse(12.0, &[]);
    let text = place.said(&[
        "panel",
        "drill",
        "--length",
        "5m",
        "--input",
        "wav:answer.wav",
        "--output",
        "none",
        "--fast",
        "--no-voice",
    ]);
    let (during, after) = text.split_once(" answered, ").expect("there is a summary");
    assert!(
        !during.contains("words a minute") && !during.contains("To keep:") && !during.contains("To change:"),
        "{during}"
    );
    assert!(after.contains("words a minute") && after.contains("spoken 0:10 of"), "{after}");
    let shown = place.said(&["sessions", "show"]);
    assert!(shown.lines().any(|line| line.trim_start().starts_with(['+', '-']) && has_a_time(line)), "{shown}");
}

#[test]
fn an_answer_of_nothing_says_why_nothing_is_measured() {
    let place = Place::new();
    let sound = sound_of(std::iter::repeat_n(0.0, 48_000), Form::USUAL);
    let file = [Form::USUAL.header(sound.len() as u32), sound].concat();
    std::fs::write(place.at("silence.wav"), file).expect("it can be written");
    let text = place.said(&[
        "rehearse",
        "--input",
        "wav:silence.wav",
        "--output",
        "none",
        "--fast",
        "--no-voice",
        "--count",
        "1",
        "--limit",
        "10s",
    ]);
    let lines = after_the_first_answer(&text);
    assert!(lines.len() == 1 && lines[0].contains("see that it is not muted"), "{text}");
    assert!(text.contains("not measured: the recording has no sound at all"), "{text}");
}

#[test]
fn a_take_that_cannot_be_read_is_passed_over_and_the_rest_is_shown() {
    let place = Place::new();
    place.rehearse(12.0, &[]);
    let session = place.session();
    std::fs::remove_dir_all(session.join("analysis")).expect("it can be deleted");
    let path = session.join("takes/01-okr-alignment-1.wav");
    let whole = std::fs::read(&path).expect("it is there");
    std::fs::write(&path, vec![7u8; whole.len()]).expect("it can be written");
    let output = place.run(&["sessions", "show"]);
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && shown.contains("spoken 0:10 of 0:40"), "{shown}");
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"));
}

#[test]
fn a_recording_that_was_replaced_is_measured_anew() {
    let place = Place::new();
    place.rehearse(12.0, &[]);
    let before = place.said(&["sessions", "show"]);
    let path = place.session().join("takes/01-okr-alignment-1.wav");
    let mut whole = std::fs::read(&path).expect("it is there");
    whole[44..].fill(0);
    std::fs::write(&path, whole).expect("it can be written");
    let after = place.said(&["sessions", "show"]);
    assert_ne!(after, before);
    assert!(after.contains("not measured: the recording has no sound at all"), "{after}");
}

#[test]
fn json_has_the_figures_the_remarks_and_the_earlier_takes() {
    let place = Place::new();
    place.rehearse(12.0, &[]);
    place.rehearse(30.0, &[]);
    let shown: Value = serde_json::from_str(&place.said(&["sessions", "show", "--json"])).expect("it is JSON");
    let delivery = &shown["turns"][0]["takes"][0]["delivery"];
    assert!(delivery["words_a_minute_estimate"].as_f64().is_some_and(|words| words > 50.0), "{shown}");
    assert!(delivery["remarks"][0]["text"].as_str().is_some_and(has_a_time), "{delivery}");
    let before = delivery["before"].as_array().expect("there is an earlier take");
    assert_eq!(before.len(), 1);
    assert!(before[0]["session"].is_string() && before[0]["duration_s"] == 40.0, "{before:?}");
    // What was said after the answer is what is shown.
    let text = place.said(&["sessions", "show"]);
    for remark in delivery["remarks"].as_array().into_iter().flatten() {
        assert!(text.contains(remark["text"].as_str().expect("it is a text")), "{remark} {text}");
    }
}
