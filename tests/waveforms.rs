//! The outlines of takes and the filler words that were counted, in the session folders of a candidate who practises.

#[path = "support/practised.rs"]
mod practised;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use chrono::Utc;
use greenroom::app::waveforms::{Outline, Progress};
use greenroom::interview::Text;
use greenroom::store::home::{FoundBy, Home};
use greenroom::store::review::Counting;
use greenroom::store::{catalogue, recovery, review};
use practised::{Answer, RATE, answer, practised};
use serde_json::{Value, json};

struct Place {
    _folder: tempfile::TempDir,
    home: Home,
    session: PathBuf,
}

fn place() -> Place {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let home = Home { root: folder.path().join("home"), found: FoundBy::Flag };
    let answers = ["one", "other"].map(|id| Answer { seconds: 2, ..answer(id, "foundations") });
    let session = practised(&home, "rehearse", "vp-engineering", Utc::now(), &answers);
    Place { _folder: folder, home, session }
}

fn outlined(session: &Path) {
    let manifest = recovery::load(session).expect("it can be read").manifest;
    for (turn, of) in manifest.turns.iter().enumerate() {
        for take in of.recorded() {
            let outline = Outline::of_take(session, turn, &take);
            assert_eq!(outline.wait(Duration::from_secs(60)), Progress::Whole);
            let peaks = outline.peaks().expect("it is whole");
            assert_eq!((peaks.rate_hz, peaks.frames), (RATE, u64::from(2 * RATE)));
        }
    }
}

impl Place {
    fn said(&self, arguments: &[&str]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_greenroom"))
            .args(arguments)
            .arg("--home")
            .arg(&self.home.root)
            .env("TZ", "UTC0")
            .stdin(Stdio::null())
            .output()
            .expect("the program runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("it is text")
    }
}

#[test]
fn an_outline_is_kept_once_and_leaves_the_session_as_it_is_from_then_on() {
    let place = place();
    outlined(&place.session);
    let folder = place.session.join("analysis");
    let names: Vec<_> =
        fs::read_dir(&folder).expect("it is there").map(|entry| entry.expect("a name").file_name()).collect();
    assert_eq!(names.len(), 2);
    let changed = || fs::metadata(&folder).and_then(|data| data.modified()).expect("it has a time");
    let before = changed();
    outlined(&place.session);
    assert_eq!(changed(), before, "what tells a changed session from an unchanged one stays");
}

#[test]
fn an_outline_is_nothing_to_repair_and_goes_with_its_session() {
    let place = place();
    outlined(&place.session);
    let kept = place.session.join("analysis/02-1.peaks");
    let bytes = fs::read(&kept).expect("it is kept");
    let found = recovery::put_in_order(&place.session).expect("it can be looked at");
    assert!(found.findings.is_empty() && found.repaired.is_empty(), "{:?}", found.findings);
    assert_eq!(fs::read(&kept).expect("it is there"), bytes);
    assert!(place.said(&["sessions", "repair", "latest"]).contains("nothing was to be done"));
    let name = place.session.file_name().expect("a name").to_string_lossy().into_owned();
    catalogue::delete(&place.home, &name).expect("it can be deleted");
    assert!(!place.session.exists());
}

#[test]
fn a_take_that_was_cut_has_another_outline() {
    let place = place();
    outlined(&place.session);
    let file = place.session.join("takes/01-one-1.wav");
    let bytes = fs::read(&file).expect("it is there");
    fs::write(&file, &bytes[..bytes.len() / 2]).expect("it can be cut");
    recovery::put_in_order(&place.session).expect("it can be put in order");
    let manifest = recovery::load(&place.session).expect("it can be read").manifest;
    let outline = Outline::of_take(&place.session, 0, &manifest.turns[0].recorded()[0]);
    assert_eq!(outline.wait(Duration::from_secs(60)), Progress::Whole);
    let frames = outline.peaks().expect("it is whole").frames;
    assert_eq!(frames, manifest.turns[0].takes[0].frames);
    assert!(frames < u64::from(2 * RATE));
}

#[test]
fn a_session_shows_what_was_marked_and_counted_in_it() {
    let place = place();
    let file = "takes/02-other-1.wav";
    let at = |tenths: u64| Duration::from_millis(100 * tenths);
    for tenths in [12, 3, 19] {
        review::count(&place.session, &[Counting::tap(file, at(tenths), Utc::now())]).expect("it is kept");
    }
    review::count(&place.session, &[Counting::take_back(file, at(19), Utc::now())]).expect("it is kept");
    review::add_note(&place.session, file, at(10), &Text::clean(""), Utc::now()).expect("it is kept");
    let shown: Value = serde_json::from_str(&place.said(&["sessions", "show", "--json"])).expect("it is JSON");
    let take = &shown["turns"][1]["takes"][0];
    assert_eq!((&take["taps"], &take["notes"]), (&json!([0.3, 1.2]), &json!([{ "at_s": 1.0, "text": "" }])));
    assert_eq!(shown["turns"][0]["takes"][0].get("taps"), None);
    let shown = place.said(&["sessions", "show"]);
    assert!(shown.contains("      0:01  marked\n      2 filler words counted, at 0:00, 0:01\n"), "{shown}");
    for tenths in 0..15u64 {
        let tap = Counting::tap("takes/01-one-1.wav", at(tenths), Utc::now());
        review::count(&place.session, &[tap]).expect("it is kept");
    }
    let shown = place.said(&["sessions", "show"]);
    assert!(shown.contains("15 filler words counted, at 0:00, ") && shown.contains(" and later\n"), "{shown}");
}
