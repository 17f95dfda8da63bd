//! What ten thousand sessions of ten answers cost: listed, and read for `progress`.
//!
//! BENCHMARKS.md says how to run this and what it gave.

#[path = "../tests/support/practised.rs"]
mod practised;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use criterion::{Criterion, criterion_group, criterion_main};
use greenroom::interview::Grade;
use greenroom::store::home::{FoundBy, Home};
use greenroom::store::ledger;
use practised::{Answer, answer, practised};

const SESSIONS: u32 = 10_000;
const TURNS: usize = 10;

/// A home with so many sessions, three a day; the recordings and measurements of all are the same files.
fn home(folder: &Path) -> Home {
    let home = Home { root: folder.join("home"), found: FoundBy::Flag };
    let began: DateTime<Utc> = "2017-01-01T08:00:00Z".parse().expect("it is a time");
    let answers: Vec<Answer> = (0..TURNS)
        .map(|nth| Answer {
            grade: Some(Grade::ALL[nth % 4]),
            words: Some(140.0),
            seconds: 1,
            ..answer(&format!("a-question-{nth}"), "foundations")
        })
        .collect();
    let first = practised(&home, "rehearse", "vp-engineering", began, &answers);
    let word = |time: DateTime<Utc>| time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    for nth in 1..SESSIONS {
        let time = began + TimeDelta::hours(8 * i64::from(nth));
        let name = format!("{}-vp-engineering", time.format("%Y-%m-%dT%H-%M-%SZ"));
        let folder = home.recordings().join(name);
        for part in ["", "takes", "prompts", "analysis"] {
            fs::create_dir(folder.join(part)).expect("a folder can be made");
        }
        for part in ["takes", "analysis"] {
            for file in fs::read_dir(first.join(part)).expect("it is there").flatten() {
                fs::hard_link(file.path(), folder.join(part).join(file.file_name())).expect("it can be linked");
            }
        }
        for file in ["session.json", "journal.jsonl", "review.json", "lock"] {
            let text = fs::read_to_string(first.join(file)).expect("it is there");
            let text = if file == "session.json" { text.replace(&word(began), &word(time)) } else { text };
            fs::write(folder.join(file), text).expect("it can be written");
        }
    }
    home
}

fn program(home: &Home, words: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_greenroom"));
    let done = command.args(words).arg("--home").arg(&home.root).stdout(Stdio::null()).status().expect("it runs");
    assert!(done.success());
}

fn ten_thousand_sessions(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let home = home(folder.path());
    let kept = home.recordings().join(".ledger");
    let mut group = c.benchmark_group("10,000 sessions of 10 answers");
    group.sample_size(10).measurement_time(Duration::from_secs(20));
    group.bench_function("cold: without the derived file", |b| {
        b.iter(|| {
            let _ = fs::remove_file(&kept);
            ledger::read(&home).expect("they can be read").digests.len()
        })
    });
    // What was changed a moment ago is not kept; and a filter may have left out what reads it first.
    std::thread::sleep(Duration::from_secs(3));
    ledger::read(&home).expect("they can be read");
    assert!(kept.exists(), "the sessions are settled by now");
    group.sample_size(50).measurement_time(Duration::from_secs(10));
    group.bench_function("warm: heads alone", |b| b.iter(|| ledger::list(&home).expect("they can be listed").len()));
    group.bench_function("warm: everything", |b| {
        b.iter(|| ledger::read(&home).expect("they can be read").digests.len())
    });
    for words in [&["sessions", "list"][..], &["sessions", "list", "--json"], &["progress"], &["progress", "--json"]] {
        group.bench_function(format!("warm, the whole program: {}", words.join(" ")), |b| {
            b.iter(|| program(&home, words));
        });
    }
    group.finish();
}

criterion_group!(benches, ten_thousand_sessions);
criterion_main!(benches);
