//! `greenroom progress` over homes in which somebody practised.
#![cfg(unix)] // The sessions are made as old as they say.

#[path = "support/practised.rs"]
mod practised;
#[path = "support/terminal.rs"]
#[allow(dead_code)]
mod terminal;

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use greenroom::interview::Grade;
use greenroom::store::home::{FoundBy, Home};
use practised::{Answer, age, answer};
use serde_json::Value;
use terminal::Terminal;
use unicode_width::UnicodeWidthStr;

const BANK: &str = "vp-engineering";

struct Place {
    folder: tempfile::TempDir,
    home: Home,
}

fn place() -> Place {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let home = Home { root: folder.path().join("home"), found: FoundBy::Flag };
    std::fs::create_dir_all(&home.root).expect("a folder");
    Place { folder, home }
}

impl Place {
    fn run(&self, zone: &str, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_greenroom"))
            .args(arguments)
            .env_clear()
            .env("GREENROOM_HOME", &self.home.root)
            .env("TZ", zone)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .output()
            .expect("the program runs")
    }

    fn said(&self, arguments: &[&str]) -> String {
        let output = self.run("UTC0", &[&["progress"], arguments].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("it is text")
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.said(&[arguments, &["--json"]].concat())).expect("it is JSON")
    }

    /// A session so many days ago, at noon.
    fn session(&self, kind: &str, bank: &str, days_ago: i64, answers: &[Answer]) -> PathBuf {
        let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap();
        self.at(kind, bank, (Utc::now() - TimeDelta::days(days_ago)).date_naive().and_time(noon).and_utc(), answers)
    }

    fn at(&self, kind: &str, bank: &str, began: DateTime<Utc>, answers: &[Answer]) -> PathBuf {
        let path = practised::practised(&self.home, kind, bank, began, answers);
        age(&path, Duration::from_secs(3_600));
        path
    }
}

fn rated(question: &str, grade: Grade, words: f64) -> Answer {
    Answer { grade: Some(grade), words: Some(words), ..answer(question, "foundations") }
}

#[test]
fn with_no_session_it_says_what_to_do_first() {
    let place = place();
    let said = place.said(&[]);
    assert!(said.contains("Nothing is recorded yet. First: "), "{said}");
    assert!(said.contains("rehearse --order due"), "{said}");
    assert!(said.contains("Never asked: 50 of 50."), "{said}");
    assert!(!said.contains("Spoken"), "{said}");
    let json = place.json(&[]);
    assert_eq!((json["schema"].as_u64(), json["sessions"].as_u64()), (Some(1), Some(0)));
    assert_eq!(json["never_asked"]["count"], 50);
    assert_eq!(json["trends"], serde_json::json!([]));
}

#[test]
fn what_is_due_never_asked_and_weak_follows_from_the_ratings() {
    let place = place();
    let again = |question: &str| rated(question, Grade::Again, 150.0);
    let people = |question: &str, grade| Answer { section: "people".to_owned(), ..rated(question, grade, 150.0) };
    let bank = ledger_questions(&place);
    let (first, second) = (&bank[0], &bank[1]);
    assert_eq!(first.1, second.1, "the first two questions are of one section");
    let other = bank.iter().find(|(_, section)| *section != first.1).expect("there is another section");
    place.session("rehearse", BANK, 3, &[again(&first.0), again(&second.0)]);
    place.session("panel", BANK, 2, &[again(&first.0), people(&other.0, Grade::Easy)]);
    // Neither of these counts.
    place.session("demo", BANK, 1, &[rated(&bank[5].0, Grade::Easy, 150.0)]);
    place.session("rehearse", "behavioral", 1, &[rated(&bank[6].0, Grade::Easy, 150.0)]);
    let json = place.json(&[]);
    assert_eq!(json["never_asked"]["count"], 47);
    assert_eq!(json["due"]["today"], 2);
    assert_eq!(json["sessions"], 3, "of all banks, without the demonstration");
    let sections = json["sections"].as_array().unwrap();
    assert_eq!(sections[0]["section"], first.1.as_str());
    assert_eq!(
        (&sections[0]["ratings"], &sections[0]["again"], &sections[0]["asked"]),
        (&3.into(), &3.into(), &2.into())
    );
    assert_eq!((&sections[1]["ratings"], &sections[1]["easy"]), (&1.into(), &1.into()));
    assert!(sections[2..].iter().all(|section| section["ratings"] == 0), "what was never rated comes last");
    let questions = json["for_today"]["questions"].as_array().unwrap();
    assert!(questions.contains(&first.0.as_str().into()) && questions.contains(&second.0.as_str().into()));
    let said = place.said(&[]);
    assert!(said.contains("3 ratings, 3 again, 0 hard, 0 good, 0 easy; 2 of "), "{said}");
    assert!(said.contains("2 due"), "{said}");
}

/// The questions of the bank and their sections.
fn ledger_questions(place: &Place) -> Vec<(String, String)> {
    let listed = place.run("UTC0", &["questions", "list", "--bank", BANK, "--json"]);
    let listed: Value = serde_json::from_slice(&listed.stdout).expect("it is JSON");
    let word = |value: &Value| value.as_str().expect("it is text").to_owned();
    let questions = listed["questions"].as_array().expect("a list");
    questions.iter().map(|question| (word(&question["id"]), word(&question["section"]))).collect()
}

#[test]
fn an_interview_spreads_what_is_new_over_the_days_until_it() {
    let place = place();
    let json = place.json(&["--interview-on", "+10d"]);
    assert_eq!((&json["days_left"], &json["new_a_day"]), (&10.into(), &5.into()));
    assert_eq!(json["for_today"]["new"], 5);
    assert!(place.said(&["--interview-on", "+10d"]).contains("in 10 days: 5 new questions a day until then."));
    assert!(place.said(&["--interview-on", "+0d"]).contains("The interview is today"));
    let gone = place.run("UTC0", &["progress", "--interview-on", "2020-01-01"]);
    assert_eq!(gone.status.code(), Some(2));
    let nonsense = place.run("UTC0", &["progress", "--interview-on", "soon"]);
    assert_eq!(nonsense.status.code(), Some(2));
    assert_eq!(place.run("UTC0", &["progress", "--bank", "nosuch"]).status.code(), Some(2));
    std::fs::write(place.home.root.join("config.toml"), "bank = \"behavioral\"\n").unwrap();
    assert_eq!(place.json(&[])["bank"], "behavioral");
}

#[test]
fn minutes_are_counted_in_all_lately_and_by_day() {
    let place = place();
    for (days_ago, answers) in [(0, 2), (6, 1), (7, 3), (40, 1)] {
        place.session("rehearse", "behavioral", days_ago, &vec![answer("a", "s"); answers]);
    }
    let json = place.json(&[]);
    assert_eq!((&json["spoken"]["seconds"], &json["spoken"]["sessions"]), (&420.0.into(), &4.into()));
    assert_eq!(json["spoken_last_7_days"]["seconds"], 180.0);
    let calendar = json["calendar"].as_array().unwrap();
    let day = |ago: i64| (Utc::now() - TimeDelta::days(ago)).date_naive().to_string();
    let spoken =
        |ago: i64| calendar.iter().find(|each| each["day"] == day(ago).as_str()).map(|each| each["seconds"].clone());
    assert_eq!(
        [spoken(0), spoken(6), spoken(7), spoken(40), spoken(1)],
        [120, 60, 180, 60, 0].map(|s| Some(f64::from(s).into()))
    );
    assert_eq!(calendar.last().unwrap()["day"], day(0).as_str(), "no day that has not come");
    assert!((36..=84).contains(&calendar.len()));
    let said = place.said(&[]);
    assert!(
        said.contains("Spoken, in all banks: 7 min in 4 sessions; in the last 7 days 3 min in 2 sessions."),
        "{said}"
    );
    assert!(said.contains("week from ") && said.contains(" 2 min"), "{said}");
}

#[test]
fn a_session_is_of_the_day_that_it_was_where_the_candidate_is() {
    let place = place();
    let late = NaiveTime::from_hms_opt(23, 30, 0).unwrap();
    let began = (Utc::now() - TimeDelta::days(3)).date_naive().and_time(late).and_utc();
    place.at("rehearse", BANK, began, &[rated("okr-alignment", Grade::Good, 150.0)]);
    for (zone, later) in [("UTC0", 0), ("JST-9", 1), ("PST8", 0), ("WGT3", 0)] {
        // Twice: it is read anew, and then from the file.
        for _ in 0..2 {
            let output = place.run(zone, &["progress", "--json"]);
            let json: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
            let spoken: Vec<&Value> =
                json["calendar"].as_array().unwrap().iter().filter(|day| day["sessions"] == 1).collect();
            let expected = (began.date_naive() + TimeDelta::days(later)).to_string();
            assert_eq!(spoken.len(), 1, "{zone}");
            assert_eq!(spoken[0]["day"], expected.as_str(), "{zone}");
        }
    }
}

#[test]
fn trends_are_numbers_with_their_counts_and_no_judgement() {
    let place = place();
    place.session("demo", BANK, 30, &[rated("a", Grade::Good, 1_000.0)]);
    place.session("rehearse", BANK, 20, &[rated("a", Grade::Good, 120.0), rated("b", Grade::Good, 140.0)]);
    assert!(place.said(&[]).contains("No trend yet"), "one session is none");
    place.session("rehearse", "behavioral", 10, &[rated("a", Grade::Good, 150.0), answer("b", "s")]);
    place.session("panel", BANK, 1, &[rated("a", Grade::Good, 170.0)]);
    let json = place.json(&[]);
    let trends = json["trends"].as_array().unwrap();
    let words = trends.iter().find(|trend| trend["measure"] == "words_a_minute_estimate").expect("it is measured");
    assert_eq!((&words["sessions"], &words["answers"]), (&3.into(), &4.into()));
    assert_eq!((&words["first"]["mean"], &words["first"]["answers"]), (&130.0.into(), &2.into()));
    assert_eq!((&words["latest"]["mean"], &words["latest"]["sessions"]), (&170.0.into(), &1.into()));
    let series: Vec<f64> =
        words["series"].as_array().unwrap().iter().map(|mean| mean["mean"].as_f64().unwrap()).collect();
    assert_eq!(series, [130.0, 150.0, 170.0]);
    let said = place.said(&[]);
    let line = "pace, estimated: 130 words a minute in the first session, 170 in the latest\n";
    assert!(said.contains(line), "{said}");
    assert!(said.contains("over 3 sessions, 4 answers: 130, 150, 170"), "{said}");
    let lower = said.to_lowercase();
    for word in ["better", "worse", "improve", "score", "confiden", "should", "good pace", "too fast", "too slow"] {
        assert!(!lower.contains(word), "{word}: {said}");
    }
}

#[test]
fn without_a_terminal_there_are_sentences_and_no_blocks() {
    let place = place();
    for days_ago in 0..9 {
        place.session("rehearse", BANK, days_ago, &[rated("a", Grade::Good, 120.0)]);
    }
    for said in [place.said(&[]), place.said(&["--plain"])] {
        assert!(said.is_ascii(), "{said}");
        assert!(!said.contains('\u{1b}'), "{said}");
    }
}

#[test]
fn what_cannot_be_read_is_said_and_stands_in_nobodys_way() {
    let place = place();
    place.session("rehearse", BANK, 1, &[rated("okr-alignment", Grade::Good, 120.0)]);
    let broken = place.home.recordings().join("2026-01-01T00-00-00Z-newer");
    std::fs::create_dir(&broken).unwrap();
    std::fs::write(broken.join("session.json"), r#"{"schema": 99}"#).unwrap();
    let said = place.said(&[]);
    assert!(said.contains("1 session cannot be read and is not counted: "), "{said}");
    assert_eq!((&place.json(&[])["unread"], &place.json(&[])["sessions"]), (&1.into(), &1.into()));
}

#[test]
fn sessions_are_listed_from_the_file_as_they_are_without_it() {
    let place = place();
    for days_ago in 1..5 {
        place.session("rehearse", BANK, days_ago, &[rated("a", Grade::Good, 120.0), answer("b", "s")]);
    }
    let list = |more: &[&str]| {
        let output = place.run("UTC0", &[&["sessions", "list"], more].concat());
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    for more in [&[][..], &["--json"]] {
        let _ = std::fs::remove_file(place.home.recordings().join(".ledger"));
        let anew = list(more);
        assert!(place.home.recordings().join(".ledger").exists());
        assert_eq!(list(more), anew);
    }
    let first = list(&[]).lines().next().unwrap().to_owned();
    assert!(first.ends_with("-vp-engineering         2 of  2 answered     2:00 spoken  finished"), "{first}");
}

#[test]
fn on_a_terminal_there_are_charts_that_fit_its_width() {
    let place = place();
    for days_ago in (0..60).step_by(3) {
        let words = 100.0 + days_ago as f64;
        place.session(
            "rehearse",
            BANK,
            days_ago,
            &vec![rated("okr-alignment", Grade::Hard, words); 1 + days_ago as usize % 9],
        );
    }
    let home = place.home.root.to_string_lossy().into_owned();
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_greenroom"));
    for columns in [40, 80] {
        let environment = [("GREENROOM_HOME", home.as_str()), ("TZ", "UTC0")];
        let arguments = ["progress", "--interview-on", "+10d"];
        let terminal = Terminal::start(program, &arguments, &environment, place.folder.path(), (columns, 100));
        terminal.shows("20 sessions");
        let left = terminal.end();
        assert_eq!(left.status, 0);
        let text = String::from_utf8(left.bytes).expect("it is text");
        for line in text.lines() {
            assert!(line.trim_end().width() <= usize::from(columns), "{line}");
        }
        for part in ["M T W T F S S", "░", "▁", "█", "100 to 157"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains('│') && !text.contains('─'), "{text}");
    }
}
