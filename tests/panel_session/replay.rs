//! What is left to listen to and to look at: question and answer in their order, with who asked.

use crate::place::{Place, noise, said, samples};
use crate::session::{Session, text};

fn role(session: &Session, turn: usize) -> String {
    let panelists = session.manifest["panel"]["panelists"].as_array().expect("panelists");
    let one = panelists.iter().find(|one| one["id"] == session.turns()[turn]["panelist"]);
    text(&one.expect("the one who asks is on the panel")["role"])
}

#[test]
fn replay_plays_question_and_answer_in_their_order_and_says_who_asked() {
    let place = Place::new();
    place.wav("talk.wav", 48_000, &noise(8 * 48_000));
    let session = place.holds("duo", &["--seed", "3", "--voice", "built-in"]);
    let printed = place.run(&["replay", "--output", "wav:heard.wav", "--fast"]);
    assert!(printed.status.success(), "{}", said(&printed));
    let mut printed = said(&printed);
    for (turn, entry) in session.turns().iter().enumerate() {
        let follow_up = if entry["follow_up"].is_string() { ", follow-up" } else { "" };
        let head = format!("Question {} of {}, {}{follow_up}\n", turn + 1, session.turns().len(), role(&session, turn));
        for line in [head, text(&entry["prompt"]), "Your answer, take 1 of 1\n".to_owned()] {
            let at = printed.find(&line).unwrap_or_else(|| panic!("no {line:?} in {printed}"));
            printed = printed.split_off(at + line.len());
        }
    }
    // The takes are in it, each after the question, and nothing but them and the questions.
    let heard = samples(&place.path("heard.wav"));
    let mut at = 0;
    for turn in 0..session.turns().len() {
        let (take, prompt) = (session.said(turn), samples(&session.path.join(format!("prompts/{:02}.wav", turn + 1))));
        let begins = at + prompt.len() * 3;
        let sounds = take.iter().position(|sample| *sample != 0).expect("something is said");
        let near = begins.saturating_sub(4_800)..begins + 96_000;
        let found = heard[near.clone()].windows(64).position(|window| window == &take[sounds..sounds + 64]);
        let found = near.start + found.unwrap_or_else(|| panic!("answer {turn} is not after its question")) - sounds;
        assert!(heard[found..found + take.len()] == take[..], "answer {turn}");
        assert!(heard[at..found].iter().any(|sample| sample.unsigned_abs() > 2_000), "question {turn} is heard");
        at = found + take.len();
    }
}

#[test]
fn what_is_shown_of_a_session_names_the_panel_and_who_asked() {
    let place = Place::new();
    let session = place.holds("duo", &["--seed", "3"]);
    let shown = place.prints(&["sessions", "show"]);
    assert!(shown.contains("duo") && shown.contains("host, treasurer"), "{shown}");
    let report = place.json(&["sessions", "show", "--json"]);
    assert_eq!(report["schema"], 1);
    assert_eq!(report["panel"]["id"], "duo");
    assert_eq!(report["panel"]["panelists"][1]["role"], "treasurer");
    for turn in 0..session.turns().len() {
        assert!(shown.contains(&format!("· {}", role(&session, turn))), "{shown}");
        for key in ["question", "section", "panelist", "follow_up"] {
            assert_eq!(report["turns"][turn][key], session.turns()[turn][key], "{key} of {turn}");
        }
    }
    let listed = place.json(&["sessions", "list", "--json"]);
    assert_eq!(listed["sessions"][0]["answered"], session.turns().len());
    let one = said(&place.run(&["replay", "latest", "2", "--output", "none", "--fast"]));
    assert!(one.contains("Question 2 of 7, host, follow-up"), "{one}");
}
