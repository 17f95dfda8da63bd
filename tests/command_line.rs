//! The real program, with a cleared environment and without sound.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use greenroom::store::review::{self, Grade};
use serde_json::{Value, json};

/// A home of its own for one test, and the program in it.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Place {
        Place { folder: tempfile::tempdir().expect("a temporary folder can be made") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn greenroom(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_greenroom"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("GREENROOM_HOME", self.path("home"))
            .env("PATH", "/usr/bin:/bin")
            .output()
            .expect("the program starts")
    }

    /// Runs the program, which must succeed, and reads its JSON.
    #[track_caller]
    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.greenroom(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        serde_json::from_slice(&output.stdout).expect("standard output is JSON and nothing else")
    }

    /// Runs the program, which must fail with this status and say something with each of `words`.
    #[track_caller]
    fn refuses(&self, arguments: &[&str], status: i32, words: &[&str]) {
        let output = self.greenroom(arguments);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {said}");
        for word in words {
            assert!(said.contains(word), "{arguments:?} does not say {word:?}: {said}");
        }
        assert!(!said.contains("panicked"), "{said}");
    }

    fn wav(&self, name: &str, rate: u32, samples: &[i16]) -> PathBuf {
        let path = self.path(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).expect("a folder can be made");
        }
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: rate,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(&path, spec).expect("a file can be made");
        samples.iter().for_each(|sample| writer.write_sample(*sample).expect("a sample can be written"));
        writer.finalize().expect("a file can be closed");
        path
    }

    fn session(&self, name: &str) -> PathBuf {
        self.path("home").join("recordings").join(name)
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn samples(path: &Path) -> Vec<i16> {
    hound::WavReader::open(path).expect("a take opens").samples().map(|s| s.expect("a sample can be read")).collect()
}

/// Something that can be found again in a take.
fn noise(length: usize) -> Vec<i16> {
    let mut state = 1u32;
    (0..length)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 18) as i16 - 8_192
        })
        .collect()
}

const SILENT: [&str; 5] = ["--output", "none", "--fast", "--no-voice", "--json"];

fn rehearse<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [&["rehearse"], arguments, &SILENT].concat()
}

#[test]
fn a_take_of_ninety_seconds_at_48_khz_has_exactly_4_320_000_frames() {
    let place = Place::new();
    place.wav("long.wav", 48_000, &noise(100 * 48_000));
    let report = place.json(&rehearse(&["--input", "wav:long.wav", "--count", "1", "--limit", "90s"]));
    let take = &report["turns"][0]["takes"][0];
    assert_eq!(take["frames"], 4_320_000);
    assert_eq!(take["rate"], 48_000);
    assert_eq!(take["end"], "time-up");
    assert_eq!(take["dropped"], 0);
    assert_eq!(report["outcome"], "finished");
    assert_eq!(report["schema"], 1);
    let file = place.session(report["session"].as_str().expect("a name")).join(take["file"].as_str().expect("a file"));
    assert_eq!(samples(&file).len(), 4_320_000);
}

#[test]
fn each_file_of_a_folder_is_what_is_said_in_its_take() {
    let place = Place::new();
    let answers = [noise(48_000), noise(30_000)];
    place.wav("answers/1.wav", 48_000, &answers[0]);
    place.wav("answers/2.wav", 48_000, &answers[1]);
    let report = place.json(&rehearse(&["--input", "wav:answers", "--count", "2", "--limit", "3s"]));
    let session = place.session(report["session"].as_str().expect("a name"));
    for (turn, answer) in answers.iter().enumerate() {
        let take = samples(&session.join(report["turns"][turn]["takes"][0]["file"].as_str().expect("a file")));
        assert_eq!(take.len(), 3 * 48_000);
        let begins = take.iter().position(|sample| *sample != 0).expect("something is said");
        assert_eq!(&take[begins..begins + answer.len()], &answer[..], "sample for sample");
        assert!(take[begins + answer.len()..].iter().all(|sample| *sample == 0), "silence after it");
    }
}

#[test]
fn the_same_seed_draws_the_same_session() {
    let place = Place::new();
    place.wav("a.wav", 8_000, &noise(8_000));
    let questions = |seed: &str| -> Vec<String> {
        let report = place.json(&rehearse(&["--input", "wav:a.wav", "--limit", "1s", "--seed", seed]));
        let turns = report["turns"].as_array().expect("turns").clone();
        turns.iter().map(|turn| turn["question"].as_str().expect("an id").to_owned()).collect()
    };
    let first = questions("7");
    assert_eq!(first.len(), 5);
    assert_eq!(first, questions("7"));
    assert_ne!(first, questions("8"));
}

#[test]
fn what_is_due_goes_by_the_ratings_and_the_day_of_the_interview() {
    let place = Place::new();
    place.wav("a.wav", 8_000, &noise(800));
    let due = |more: &[&str]| -> (Vec<String>, Value, String) {
        let arguments = [&["--input", "wav:a.wav", "--limit", "1s", "--prep", "0s"], more].concat();
        let output = place.greenroom(&rehearse(&arguments));
        assert!(output.status.success(), "{more:?}: {}", said(&output));
        let report: Value = serde_json::from_slice(&output.stdout).expect("JSON and nothing else");
        let turns = report["turns"].as_array().expect("turns").clone();
        let asked = turns.iter().map(|turn| turn["question"].as_str().expect("an id").to_owned()).collect();
        (asked, report, String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (first, report, line) = due(&["--order", "due"]);
    assert_eq!(first.len(), 5);
    assert!(line.contains("Today: 5 questions: 5 new; 50 were never asked: with --interview-on"), "{line}");
    let (next, _, line) = due(&["--order", "due"]);
    assert!(line.contains("Today's share is done; here are the 3 that come next"), "{line}");
    assert!(next.len() == 3 && next.iter().all(|question| !first.contains(question)), "{first:?} {next:?}");

    let take = report["turns"][4]["takes"][0]["file"].as_str().expect("a file");
    let session = place.session(report["session"].as_str().expect("a name"));
    review::add_rating(&session, &first[4], take, Grade::Again, chrono::Utc::now()).expect("it can be kept");
    let (again, report, line) = due(&["--interview-on", "+5d"]);
    assert!(line.contains("Still for today: 3 questions: 2 new, 1 to be said again; at 10 new a day every"), "{line}");
    assert_eq!((again[2].as_str(), &report["outcome"]), (first[4].as_str(), &json!("finished")));
    let (drills, _, line) = due(&["--interview-on", "+1d", "--section", "drills", "--count", "2"]);
    assert!(drills.len() == 2 && !line.contains("Today"), "{line}");

    fs::write(place.path("home/config.toml"), "interview_on = 2001-09-09\n").expect("a file can be written");
    let (_, _, line) = due(&["--order", "due", "--count", "1"]);
    assert!(line.contains("`interview_on` in config.toml (2001-09-09) has passed"), "{line}");
    fs::write(place.path("home/config.toml"), "interview_on = '9.9.'\n").expect("a file can be written");
    place.refuses(&rehearse(&["--input", "wav:a.wav"]), 1, &["config.toml:1:16", "2026-11-30"]);
    fs::remove_file(place.path("home/config.toml")).expect("it is there");
    let refuses = |more: &[&str], words: &[&str]| {
        place.refuses(&rehearse(&[&["--input", "wav:a.wav"], more].concat()), 2, words);
    };
    refuses(&["--interview-on", "2001-09-09"], &["--interview-on 2001-09-09 has passed", "from today on"]);
    refuses(&["--interview-on", "soon"], &["2026-11-30", "+9d"]);
    refuses(&["--interview-on", "+9"], &["+9d"]);
    refuses(&["--interview-on", "+9d", "--order", "random"], &["--order due"]);
}

#[test]
fn raw_frames_are_a_microphone_that_runs_all_the_time() {
    let place = Place::new();
    let heard = noise(40 * 48_000);
    let bytes: Vec<u8> = heard.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    fs::write(place.path("mic.pcm"), bytes).expect("a file can be written");
    let options = ["--input", "pcm:mic.pcm", "--count", "1", "--prep", "1s", "--limit", "2s"];
    let report = place.json(&rehearse(&options));
    let session = place.session(report["session"].as_str().expect("a name"));
    let take = samples(&session.join("takes").join(
        Path::new(report["turns"][0]["takes"][0]["file"].as_str().expect("a file")).file_name().expect("a name"),
    ));
    assert_eq!(take.len(), 2 * 48_000);
    let begins = heard.windows(16).position(|window| window == &take[..16]).expect("the take is a part of it");
    assert_eq!(&heard[begins..begins + take.len()], &take[..]);
}

#[test]
fn the_end_of_raw_frames_saves_the_session_and_it_can_be_resumed() {
    let place = Place::new();
    fs::write(place.path("mic.pcm"), vec![1u8; 2 * 48_000 * 12]).expect("a file can be written");
    let options = ["--input", "pcm:mic.pcm", "--count", "3", "--prep", "0s", "--limit", "2s", "--seed", "1"];
    let output = place.greenroom(&rehearse(&options));
    assert_eq!(output.status.code(), Some(130), "{}", said(&output));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON all the same");
    assert_eq!(report["outcome"], "interrupted");
    place.wav("a.wav", 48_000, &noise(48_000));
    let resumed = place.json(&[&["resume", "--input", "wav:a.wav"], &SILENT[..]].concat());
    assert_eq!(resumed["session"], report["session"]);
    assert_eq!(resumed["outcome"], "finished");
    let turns = resumed["turns"].as_array().expect("turns");
    assert!(turns.iter().all(|turn| turn["state"] == "answered"), "{resumed}");
    for (before, after) in report["turns"].as_array().expect("turns").iter().zip(turns) {
        assert_eq!(before["question"], after["question"], "the same plan");
        let kept = before["takes"].as_array().expect("takes");
        assert_eq!(&after["takes"].as_array().expect("takes")[..kept.len()], &kept[..], "nothing is lost");
    }
    place.refuses(&[&["resume", "--input", "wav:a.wav"], &SILENT[..]].concat(), 1, &["every question", "replay"]);
}

#[test]
fn everything_that_would_be_heard_is_in_the_output_file() {
    let place = Place::new();
    place.wav("a.wav", 48_000, &noise(4_800));
    let output = place.greenroom(&[
        "rehearse",
        "--input",
        "wav:a.wav",
        "--output",
        "wav:heard.wav",
        "--fast",
        "--count",
        "1",
        "--limit",
        "2s",
        "--voice",
        "built-in",
    ]);
    assert!(output.status.success(), "{}", said(&output));
    let heard = samples(&place.path("heard.wav"));
    let loud = heard.iter().filter(|sample| sample.unsigned_abs() > 500).count();
    assert!(loud > 20_000, "the question is in it: {loud} loud samples");
    place.refuses(
        &["rehearse", "--input", "wav:a.wav", "--output", "wav:heard.wav", "--fast", "--count", "1"],
        1,
        &["heard.wav"],
    );
}

#[test]
fn prompts_and_takes_are_readable_by_their_owner_alone() {
    let place = Place::new();
    place.wav("a.wav", 48_000, &noise(4_800));
    let arguments =
        ["rehearse", "--input", "wav:a.wav", "--output", "none", "--fast", "--count", "1", "--limit", "1s", "--json"];
    let report = place.json(&arguments);
    let session = place.session(report["session"].as_str().expect("a name"));
    assert!(session.join("prompts/01.wav").is_file(), "the question as it was asked is kept");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mut folders = vec![session];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("a folder can be listed").chain([]) {
                let path = entry.expect("an entry").path();
                let mode = fs::metadata(&path).expect("a file").permissions().mode() & 0o777;
                if path.is_dir() {
                    assert_eq!(mode, 0o700, "{}", path.display());
                    folders.push(path);
                } else {
                    assert_eq!(mode, 0o600, "{}", path.display());
                }
            }
        }
    }
}

#[test]
fn the_demonstration_leaves_a_session_that_can_be_listened_to() {
    let place = Place::new();
    let report = place.json(&["demo", "--output", "none", "--fast", "--json"]);
    let turns = report["turns"].as_array().expect("turns");
    assert_eq!(turns.len(), 3);
    let session = place.session(report["session"].as_str().expect("a name"));
    for turn in turns {
        assert_eq!(turn["takes"][0]["end"], "done");
        let take = samples(&session.join(turn["takes"][0]["file"].as_str().expect("a file")));
        assert!(take.len() > 20 * 48_000, "an answer of a hundred words takes longer than {} frames", take.len());
        assert!(take.iter().filter(|sample| sample.unsigned_abs() > 500).count() > take.len() / 10, "it is spoken");
    }
    let output = place.greenroom(&["replay", "latest", "2", "--output", "wav:heard.wav", "--fast"]);
    assert!(output.status.success(), "{}", said(&output));
    let answer = samples(&session.join(turns[1]["takes"][0]["file"].as_str().expect("a file"))).len();
    let heard = samples(&place.path("heard.wav")).len();
    assert!(heard > answer, "the question and the answer: {heard} of {answer}");
    let output = place.greenroom(&[
        "replay",
        "latest",
        "2",
        "--answers-only",
        "--speed",
        "2",
        "--output",
        "wav:fast.wav",
        "--fast",
    ]);
    assert!(output.status.success(), "{}", said(&output));
    let fast = samples(&place.path("fast.wav")).len() as f64;
    assert!((fast / (answer as f64 / 2.0) - 1.0).abs() < 0.05, "half as long: {fast} of {answer}");
}

#[test]
fn sessions_are_listed_shown_and_deleted() {
    let place = Place::new();
    assert_eq!(place.json(&["sessions", "list", "--json"])["sessions"], serde_json::json!([]));
    place.refuses(&["replay"], 1, &["rehearse"]);
    place.wav("a.wav", 48_000, &noise(4_800));
    let report = place.json(&rehearse(&["--input", "wav:a.wav", "--count", "2", "--limit", "1s"]));
    let name = report["session"].as_str().expect("a name");
    let listed = place.json(&["sessions", "list", "--json"]);
    assert_eq!(listed["sessions"][0]["session"], name);
    assert_eq!(listed["sessions"][0]["answered"], 2);
    assert_eq!(place.json(&["sessions", "show", &name[..10], "--json"])["turns"], report["turns"]);
    place.refuses(&["sessions", "show", "1999"], 1, &["1999"]);
    place.refuses(&["sessions", "delete", name], 2, &["--yes"]);
    assert_eq!(place.json(&["sessions", "delete", name, "--yes", "--json"])["deleted"], name);
    assert!(!place.session(name).exists());
}

#[test]
fn what_a_person_said_of_an_answer_is_shown() {
    let place = Place::new();
    place.wav("a.wav", 48_000, &noise(48_000));
    let report = place.json(&rehearse(&["--input", "wav:a.wav", "--count", "2", "--limit", "2s"]));
    let session = place.session(report["session"].as_str().expect("a name"));
    let take = &report["turns"][1]["takes"][0];
    let (question, file) = (report["turns"][1]["question"].as_str(), take["file"].as_str().expect("a file"));
    assert_eq!((&take["rating"], &take["notes"]), (&Value::Null, &serde_json::json!([])));
    let rate = |grade| review::add_rating(&session, question.expect("an id"), file, grade, chrono::Utc::now());
    rate(Grade::Again).expect("it can be kept");
    rate(Grade::Good).expect("it can be kept");
    let output = place.greenroom(&["sessions", "note", "latest", "2", "too", "long\u{1b}[2J", "--at", "500ms"]);
    assert!(output.status.success() && said(&output).contains("take 1: saved."), "{}", said(&output));
    let noted = place.json(&["sessions", "note", "latest", question.expect("an id"), "at first", "--json"]);
    assert_eq!((&noted["file"], noted["at_s"].as_f64()), (&take["file"], Some(0.0)));

    let shown = place.json(&["sessions", "show", "--json"]);
    let notes = serde_json::json!([{ "at_s": 0.0, "text": "at first" }, { "at_s": 0.5, "text": "too long[2J" }]);
    assert_eq!(shown["turns"][1]["takes"][0]["rating"], "good");
    assert_eq!(shown["turns"][1]["takes"][0]["notes"], notes);
    assert_eq!(shown["turns"][0], report["turns"][0]);
    let shown = said(&place.greenroom(&["sessions", "show"]));
    assert!(shown.contains(", rated good  ") && shown.contains("      0:00  too long[2J\n"), "{shown}");

    let note = |more: &[&'static str]| [&["sessions", "note", "latest"], more].concat();
    place.refuses(&note(&["2", "x", "--at", "3s"]), 2, &["take 1 is 0:0", "--at"]);
    place.refuses(&note(&["3", "x"]), 2, &["no question"]);
    place.refuses(&note(&["2", "x", "--take", "2"]), 2, &["no take 2"]);
    place.refuses(&note(&["2", " "]), 2, &["empty"]);
    place.refuses(&["sessions", "note", "latest", "2", &"x".repeat(4_001)], 2, &["4000"]);
    assert_eq!(review::read(&session).expect("it is whole").notes.len(), 2);

    fs::write(session.join("review.json"), "{").expect("a file can be written");
    let output = place.greenroom(&["sessions", "show"]);
    assert!(output.status.success() && said(&output).contains("review.json cannot be read"), "{}", said(&output));
}

#[test]
fn questions_are_listed_shown_and_checked() {
    let place = Place::new();
    let listed = place.json(&["questions", "list", "--json"]);
    assert_eq!(listed["questions"].as_array().map(Vec::len), Some(50));
    let drills = place.json(&["questions", "list", "--section", "drills", "--json"]);
    assert_eq!(drills["questions"].as_array().map(Vec::len), Some(10));
    let id = listed["questions"][0]["id"].as_str().expect("an id");
    let shown = place.json(&["questions", "show", id, "--json"]);
    assert!(shown["points"].as_array().is_some_and(|points| points.len() >= 4));
    place.refuses(&["questions", "show", "okr-alignmnt"], 2, &["okr-alignment"]);
    place.refuses(&["questions", "list", "--bank", "behaviorl"], 2, &["behavioral"]);
    fs::write(
        place.path("bad.toml"),
        "schema = 1\nid = \"bad\"\ntitle = \"Bad\"\nlanguage = \"en\"\n\n[[section]]\nid = \"a\"\ntitle = \"A\"\n\
         format = \"nosuch\"\n\n[[question]]\nid = \"one\"\nsection = \"a\"\npromt = \"x\"\n",
    )
    .expect("a file can be written");
    place.refuses(&["questions", "check", "bad.toml"], 1, &["bad.toml:9:", "bad.toml:14:", "prompt", "nosuch"]);
}

#[test]
fn a_file_is_checked_as_what_it_is_and_with_the_formats_of_the_home() {
    let place = Place::new();
    let questions = place.path("home").join("questions");
    fs::create_dir_all(&questions).expect("a folder can be made");
    let write = |path: PathBuf, text: &str| fs::write(path, text).expect("a file can be written");
    let format = "schema = 1\n[[format]]\nid = \"brisk\"\ntitle = \"B\"\nprep = \"1s\"\nlimit = \"9s\"\nretakes = 0\n";
    write(questions.join("formats.toml"), format);
    write(
        place.path("mine.toml"),
        "schema = 1\nid = \"mine\"\ntitle = \"Mine\"\n[[section]]\nid = \"a\"\ntitle = \"A\"\nformat = \"brisk\"\n\
         [[question]]\nid = \"one\"\nsection = \"a\"\nprompt = \"Why you?\"\n",
    );
    write(place.path("config.toml"), "voice = \"none\"\n");
    for (file, holds) in [
        ("mine.toml", "1 question in 1 section"),
        ("home/questions/formats.toml", "1 format"),
        ("config.toml", "settings"),
    ] {
        let output = place.greenroom(&["questions", "check", file]);
        assert_eq!(said(&output), format!("{file}: {holds}, no mistakes.\n"));
    }
    place.refuses(&["questions", "check", "mine.toml", "--home", "elsewhere"], 1, &["mine.toml:7:", "brisk"]);
    write(questions.join("formats.toml"), &format.replace("9s", "9"));
    write(place.path("config.toml"), "voise = \"none\"\n");
    place.refuses(&["questions", "check", "home/questions/formats.toml"], 1, &["formats.toml:6:9:"]);
    place.refuses(&["questions", "check", "config.toml"], 1, &["config.toml:1:1:", "did you mean `voice`?"]);
}

#[test]
fn panels_are_listed_shown_copied_and_checked() {
    let place = Place::new();
    let listed = place.json(&["panels", "list", "--json"]);
    let ids: Vec<&str> =
        listed["panels"].as_array().expect("a list").iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["vp-engineering", "vp-engineering-short", "behavioral", "screen", "drill"]);
    assert_eq!((&listed["panels"][0]["length_s"], &listed["panels"][0]["panelists"]), (&json!(3600.0), &json!(5)));
    let shown = place.json(&["panels", "show", "vp-engineering", "--json"]);
    assert_eq!(shown["panelists"][0]["chair"], true);
    assert_eq!((&shown["panelists"][3]["id"], &shown["panelists"][3]["limit_s"]), (&json!("cfo"), &json!(112.5)));
    assert_eq!(shown["closing"]["time_s"], 300.0);
    for id in ids {
        let people = said(&place.greenroom(&["panels", "show", id]));
        assert!(people.contains("Who asks:") && people.contains("the chair") && people.contains("closing"), "{people}");
        // A panel of one's own begins as a copy.
        let output = place.greenroom(&["panels", "show", id, "--toml"]);
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("questions/panels").join(format!("{id}.toml"));
        assert_eq!(output.stdout, fs::read(shipped).expect("it is part of the project"), "{id}");
        fs::write(place.path("copy.toml"), &output.stdout).expect("a file can be written");
        let output = place.greenroom(&["panels", "check", "copy.toml"]);
        assert!(output.status.success() && said(&output).ends_with("no mistakes.\n"), "{}", said(&output));
    }
    place.refuses(&["panels", "show", "vp-enginering"], 2, &["did you mean `vp-engineering`?"]);
    place.refuses(&["panels", "check"], 2, &["FILE"]);
}

#[test]
fn a_panel_with_mistakes_says_each_of_them_and_every_file_is_looked_at() {
    let place = Place::new();
    let copy = String::from_utf8(place.greenroom(&["panels", "show", "drill", "--toml"]).stdout).expect("text");
    let write = |name: &str, text: &str| fs::write(place.path(name), text).expect("a file can be written");
    write("fine.toml", &copy);
    write("bad.toml", &copy.replace("\"drills\"", "\"dril\"").replace("length = \"10m\"", "lenght = \"10m\""));
    write("worse.toml", "[");
    place.refuses(
        &["panels", "check", "bad.toml"],
        1,
        &["did you mean `length`?", "did you mean `drills`?", "3 mistakes"],
    );
    let files = ["fine.toml", "bad.toml", "worse.toml"];
    let all = ["panels", "check", files[0], files[1], files[2]];
    place.refuses(
        &all,
        1,
        &["fine.toml: 1 interviewer, 10 min, no mistakes.", "bad.toml:7:1:", "worse.toml:1:", "2 of 3 files"],
    );
    let output = place.greenroom(&[&all[..], &["--json"]].concat());
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let ok: Vec<_> =
        told["files"].as_array().expect("a list").iter().map(|file| file["ok"].as_bool().unwrap()).collect();
    assert_eq!(ok, [true, false, false]);
    assert_eq!(told["files"][1]["flaws"][0]["line"], 1);
    // Each kind of file has its own command.
    place.refuses(&["questions", "check", "fine.toml"], 1, &["fine.toml:", "greenroom panels check"]);
    write("bank.toml", "schema = 1\nid = \"b\"\n[[question]]\nid = \"q\"\n");
    place.refuses(&["panels", "check", "bank.toml"], 1, &["bank.toml:3:1:", "greenroom questions check"]);
}

#[test]
fn a_panel_of_the_users_own_is_listed_whatever_is_in_its_file() {
    let place = Place::new();
    let folder = place.path("home").join("questions/panels");
    fs::create_dir_all(&folder).expect("a folder can be made");
    let copy = String::from_utf8(place.greenroom(&["panels", "show", "drill", "--toml"]).stdout).expect("text");
    let own = copy.replace("id = \"drill\"", "id = \"mine\"");
    fs::write(folder.join("mine.toml"), &own).expect("a file can be written");
    fs::write(folder.join("torn.toml"), "[").expect("a file can be written");
    let listed = place.greenroom(&["panels", "list"]);
    let said = said(&listed);
    assert!(listed.status.success() && said.contains("mine ") && said.contains("torn.toml:1:"), "{said}");
    assert_eq!(place.greenroom(&["panels", "show", "mine", "--toml"]).stdout, own.as_bytes());
    place.refuses(&["panels", "show", "torn"], 1, &["torn.toml:1:"]);
}

#[test]
fn a_bank_of_the_users_own_is_asked_from() {
    let place = Place::new();
    let questions = place.path("home").join("questions");
    fs::create_dir_all(&questions).expect("a folder can be made");
    fs::write(
        questions.join("mine.toml"),
        "schema = 1\nid = \"mine\"\ntitle = \"Mine\"\nlanguage = \"en\"\n[[section]]\nid = \"a\"\ntitle = \"A\"\n\
         format = \"drill\"\n[[question]]\nid = \"one\"\nsection = \"a\"\nprompt = \"Why you?\"\n",
    )
    .expect("a file can be written");
    place.wav("a.wav", 48_000, &noise(4_800));
    let report = place.json(&rehearse(&["--bank", "mine", "--input", "wav:a.wav"]));
    assert_eq!(report["turns"][0]["question"], "one");
    assert_eq!(report["turns"][0]["takes"][0]["frames"], 60 * 48_000, "a drill is a minute");
}

#[test]
fn wrong_uses_are_refused_with_a_remedy() {
    let place = Place::new();
    place.wav("a.wav", 48_000, &noise(4_800));
    place.wav("few/1.wav", 48_000, &noise(4_800));
    fs::write(place.path("text.wav"), "this is no sound").expect("a file can be written");
    fs::create_dir_all(place.path("empty")).expect("a folder can be made");
    place.refuses(&rehearse(&["--input", "wav:few", "--count", "3"]), 2, &["few", "--count 1"]);
    place.refuses(&rehearse(&["--input", "wav:text.wav"]), 1, &["text.wav"]);
    place.refuses(&rehearse(&["--input", "wav:missing.wav"]), 1, &["missing.wav"]);
    place.refuses(&rehearse(&["--input", "wav:empty"]), 1, &["empty"]);
    place.refuses(&rehearse(&["--input", "wav:a.wav", "--bank", "nosuch"]), 2, &["nosuch", "vp-engineering"]);
    place.refuses(&rehearse(&["--input", "wav:a.wav", "--section", "fundations"]), 2, &["foundations"]);
    place.refuses(&rehearse(&["--input", "wav:a.wav", "--format", "standrd"]), 2, &["standard"]);
    place.refuses(&rehearse(&["--input", "wav:a.wav", "--limit", "90"]), 2, &["1m30s"]);
    place.refuses(&rehearse(&["--input", "wav:a.wav", "--count", "0"]), 2, &["all"]);
    place.refuses(
        &["rehearse", "--input", "wav:a.wav", "--output", "none", "--voice", "nosuch"],
        2,
        &["nosuch", "built-in"],
    );
    place.refuses(&rehearse(&["--input", "wav:a.wav", "--limit", "20s", "--warn", "25s"]), 2, &["--warn", "20s"]);
    place.refuses(&["rehearse", "--fast"], 2, &["--input wav:PATH"]);
    place.refuses(&["rehearse", "--format", "open", "--output", "none"], 2, &["--limit"]);
    place.refuses(&["rehearse", "--input", "No Such Microphone"], 1, &["greenroom"]);
    assert!(!place.session("").exists() || fs::read_dir(place.session("")).expect("a folder").next().is_none());
}

#[test]
fn a_home_that_cannot_be_written_is_told() {
    let place = Place::new();
    place.wav("a.wav", 48_000, &noise(4_800));
    fs::write(place.path("file"), "").expect("a file can be written");
    let arguments = [&rehearse(&["--input", "wav:a.wav"])[..], &["--home", "file"]].concat();
    place.refuses(&arguments, 1, &["file"]);
}

#[test]
fn every_command_has_help_with_examples() {
    let place = Place::new();
    for command in [
        "rehearse",
        "resume",
        "replay",
        "demo",
        "progress",
        "sessions",
        "questions",
        "panels",
        "doctor",
        "completions",
        "man",
    ] {
        let output = place.greenroom(&[command, "--help"]);
        assert!(output.status.success());
        assert!(said(&output).contains("Example"), "{command} has no example");
    }
}

#[test]
fn completions_and_the_manual_are_printed() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(said(&place.greenroom(&["completions", shell])).contains("rehearse"));
    }
    let manual = said(&place.greenroom(&["man"]));
    assert!(manual.starts_with(".ie"), "troff");
    assert!(manual.contains("answers\\-only"), "the options of every command are in it");
    assert!(!manual.contains("voice\\-host"), "what is no command for people is not");
}

#[test]
fn an_unlimited_answer_from_a_file_ends_when_all_is_said() {
    let place = Place::new();
    place.wav("a.wav", 48_000, &noise(48_000));
    let report = place.json(&rehearse(&["--input", "wav:a.wav", "--count", "2", "--format", "open"]));
    for turn in report["turns"].as_array().expect("turns") {
        assert_eq!(turn["takes"][0]["end"], "silence");
        assert!(turn["takes"][0]["frames"].as_u64().is_some_and(|frames| frames < 3 * 48_000));
    }
}

#[test]
fn what_is_printed_without_a_terminal_has_no_control_codes() {
    let place = Place::new();
    place.wav("a.wav", 48_000, &noise(4_800));
    let arguments = ["rehearse", "--input", "wav:a.wav", "--output", "none", "--fast", "--no-voice", "--limit", "1s"];
    let output = place.greenroom(&arguments);
    assert!(output.status.success());
    assert!(!said(&output).chars().any(|c| c.is_control() && c != '\n'), "{}", said(&output));
    assert!(said(&output).contains("Question 1 of 5"));
}

/// Runs the program with its standard output going to `out`.
#[cfg(unix)]
fn printing_to(place: &Place, out: impl Into<std::process::Stdio>, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_greenroom"));
    command.args(arguments).current_dir(place.folder.path()).env_clear().env("GREENROOM_HOME", place.path("home"));
    command.stdout(out).output().expect("the program starts")
}

#[cfg(unix)]
const PRINTS: [&[&str]; 10] = [
    &["questions", "list"],
    &["questions", "list", "--json"],
    &["questions", "show", "okr-alignment"],
    &["panels", "list"],
    &["panels", "show", "vp-engineering"],
    &["panels", "show", "drill", "--toml"],
    &["sessions", "list"],
    &["sessions", "list", "--json"],
    &["completions", "bash"],
    &["man"],
];

#[test]
#[cfg(unix)]
fn a_reader_who_has_seen_enough_is_no_failure() {
    let place = Place::new();
    for arguments in PRINTS {
        let (reader, writer) = std::io::pipe().expect("a pipe can be made");
        drop(reader);
        let output = printing_to(&place, writer, arguments);
        assert_eq!((output.status.code(), said(&output)), (Some(0), String::new()), "{arguments:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn output_that_cannot_be_written_is_a_failure_that_is_told() {
    let place = Place::new();
    for arguments in PRINTS {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has a full device");
        let output = printing_to(&place, full, arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(said(&output).contains("standard output cannot be written: No space left"), "{}", said(&output));
    }
}

#[test]
#[cfg(unix)]
fn a_session_that_nobody_watches_any_more_goes_on_and_is_saved() {
    let place = Place::new();
    place.wav("answer.wav", 48_000, &noise(48_000));
    let (reader, writer) = std::io::pipe().expect("a pipe can be made");
    drop(reader);
    let quiet = ["--count", "2", "--limit", "2s", "--output", "none", "--fast", "--no-voice"];
    let output = printing_to(&place, writer, &[&["rehearse", "--input", "wav:answer.wav"], &quiet[..]].concat());
    assert_eq!((output.status.code(), said(&output)), (Some(0), String::new()));
    let report = place.json(&["sessions", "show", "latest", "--json"]);
    assert_eq!(report["outcome"], "finished");
}

#[test]
fn a_take_that_cannot_be_heard_keeps_nobody_from_the_others() {
    let place = Place::new();
    place.wav("a.wav", 48_000, &noise(48_000));
    let report = place.json(&rehearse(&["--input", "wav:a.wav", "--count", "2", "--limit", "2s"]));
    let session = place.session(report["session"].as_str().expect("a name"));
    let first = session.join(report["turns"][0]["takes"][0]["file"].as_str().expect("a file"));
    fs::write(first, "no sound").expect("a file can be written");
    let output = place.greenroom(&["replay", "--output", "wav:heard.wav", "--fast", "--speed", "1.3"]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("Passed over"), "{}", said(&output));
    let prompt = report["turns"][1]["question"].as_str().expect("an id");
    assert!(said(&output).contains("Question 2 of 2"), "{prompt}: {}", said(&output));
    let heard = samples(&place.path("heard.wav")).len() as f64;
    assert!((heard - 2.0 * 48_000.0 / 1.3).abs() < 4_800.0, "only the second answer: {heard} frames");
}

#[test]
fn names_that_would_steer_a_terminal_do_not() {
    let place = Place::new();
    let hostile = "evil\u{1b}[31m\u{1b}]0;x\u{7}\u{202e}.wav";
    place.wav(hostile, 48_000, &noise(4_800));
    for name in [hostile.to_owned(), format!("no-{hostile}")] {
        let input = format!("wav:{name}");
        let arguments = ["rehearse", "--input", &input, "--output", "none", "--fast", "--no-voice", "--limit", "1s"];
        let said = said(&place.greenroom(&arguments));
        assert!(said.contains("evil[31m"), "{said:?}");
        assert!(!said.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'), "{said:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_limit_on_the_size_of_files_ends_in_an_error_and_not_in_a_signal() {
    let place = Place::new();
    place.wav("a.wav", 48_000, &noise(10 * 48_000));
    let script = format!(
        "ulimit -f 600; exec '{}' rehearse --input wav:a.wav --output none --fast --no-voice --count 1 --limit 9s",
        env!("CARGO_BIN_EXE_greenroom")
    );
    let output = Command::new("/bin/sh")
        .args(["-c", &script])
        .current_dir(place.folder.path())
        .env_clear()
        .env("GREENROOM_HOME", place.path("home"))
        .output()
        .expect("a shell starts");
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let takes: Vec<PathBuf> = fs::read_dir(place.path("home").join("recordings"))
        .expect("there are sessions")
        .map(|entry| entry.expect("an entry").path().join("takes"))
        .flat_map(|folder| fs::read_dir(folder).expect("there are takes"))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    assert_eq!(takes.len(), 1);
    assert!(samples(&takes[0]).len() > 100_000, "what fitted can be played");
}
