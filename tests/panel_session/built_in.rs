//! Every built-in panel, from its first word to its last.

use crate::place::{Place, RATE};
use crate::session::Session;

/// Holds a built-in panel with a candidate who says something in every answer and talks to every limit.
#[track_caller]
fn held(panel: &str, length_s: u64, panelists: usize, own_questions: bool) -> Session {
    let place = Place::new();
    let session = place.holds(panel, &["--seed", "4"]);
    session.is_in_order();
    assert_eq!(session.length(), length_s * u64::from(RATE));
    assert_eq!(session.manifest["panel"]["panelists"].as_array().map(Vec::len), Some(panelists));
    let own = session.questions().iter().position(|question| question == "own-questions");
    assert_eq!(own, own_questions.then_some(session.turns().len() - 1), "one's own questions come last");
    // A session that is over after half of its time would not be one of its length.
    assert!(session.ends_at() > session.length() * 9 / 10, "{} of {}", session.ends_at(), session.length());
    for turn in 0..session.turns().len() {
        let (take, said) = (session.take(turn), session.said(turn));
        assert_eq!(take["end"], "time-up", "who never stops is stopped");
        assert!(said.iter().any(|sample| *sample != 0), "{take}");
    }
    session
}

#[test]
fn the_hour_with_five_interviewers() {
    let session = held("vp-engineering", 3_600, 5, true);
    assert!(session.turns().len() > 15, "{:?}", session.asked());
    let follow_ups = session.questions().iter().filter(|question| question.contains('/')).count();
    assert!(follow_ups > 0, "{:?}", session.asked());
}

#[test]
fn the_short_hour_with_three() {
    held("vp-engineering-short", 1_500, 3, true);
}

#[test]
fn the_behavioral_panel() {
    held("behavioral", 1_800, 3, true);
}

#[test]
fn the_screen() {
    let session = held("screen", 900, 1, false);
    assert!(session.questions().iter().all(|question| !question.contains('/')), "a tool asks nothing back");
    let prep = |turn: &serde_json::Value| turn["prep_s"].as_f64().is_some_and(|prep| prep > 0.0);
    assert!(session.turns().iter().all(|turn| prep(turn) && turn["retakes"] == 0), "limited, and no second take");
}

#[test]
fn the_drill() {
    let session = held("drill", 600, 1, false);
    assert!(session.turns().iter().all(|turn| turn["limit_s"] == 60.0), "a minute each");
    assert!(session.turns().iter().all(|turn| turn["section"] == "drills"), "{:?}", session.asked());
}

#[test]
fn everything_that_is_said_is_spoken_and_every_question_is_kept() {
    let place = Place::new();
    let session = place.holds("duo", &["--seed", "3", "--voice", "built-in"]);
    session.is_in_order();
    let mut longest = 0;
    for (place, turn) in session.turns().iter().enumerate() {
        let file = format!("prompts/{:02}.wav", place + 1);
        assert_eq!(turn["prompt_file"], file);
        let clip = crate::place::samples(&session.path.join(file));
        assert!(clip.iter().filter(|sample| sample.unsigned_abs() > 1_000).count() > 1_000, "it is spoken");
        longest = longest.max(clip.len());
    }
    assert!(longest < 16_000 * 5, "a question of four words takes no five seconds: {longest}");
    let voices: Vec<&serde_json::Value> = session.events("remark").iter().map(|entry| &entry.what["voice"]).collect();
    assert!(voices.iter().all(|voice| voice.as_str().is_some_and(|name| name.starts_with("built-in"))), "{voices:?}");
    // Speech takes time: the clock goes on while somebody talks.
    let spoken = session.events("speak");
    assert!(spoken.len() == session.turns().len() && spoken.is_sorted_by_key(|entry| entry.frame));
}
