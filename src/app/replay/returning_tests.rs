use super::*;
use crate::interview::{Bank, Question};

/// What the foot of a screen would show.
fn shown(listening: &mut Listening) -> Option<String> {
    let said = listening.said();
    said.into_iter().rfind(|said| !said.seen).map(|said| said.text)
}

fn wish(listening: &mut Listening, wish: Wish) -> Option<String> {
    listening.said();
    listening.wish(wish).unwrap();
    shown(listening)
}

fn take(listening: &Listening) -> Option<u32> {
    listening.item().answer.as_ref().map(|on| on.take)
}

/// A stage whose bank has a model answer to the first question.
fn with_model() -> Stage {
    let mut stage = Stage::new();
    let question = Question {
        id: "a".to_owned(),
        section: String::new(),
        prompt: Text::clean("Why?"),
        tags: Vec::new(),
        points: Vec::new(),
        answer: Some(Text::clean("Because.")),
        follow_ups: Vec::new(),
    };
    let bank = Bank {
        id: "mine".to_owned(),
        title: Text::clean("Mine"),
        language: "en".to_owned(),
        sections: Vec::new(),
        questions: vec![question],
    };
    Arc::get_mut(&mut stage.session).expect("nobody else has it").bank = Some(Arc::new(bank));
    stage
}

#[test]
fn that_the_model_answer_waits_for_the_rating_is_the_last_that_is_said_when_a_comparison_begins() {
    let stage = with_model();
    let mut listening = stage.listen();
    listening.wish(Wish::Compare).unwrap();
    stage.comes(&mut listening, |listening| take(listening) == Some(1));
    let said = stage.said.borrow().last().cloned();
    assert_eq!(said.as_deref(), Some("The model answer comes after your rating."));
    for expected in [2, 1] {
        listening.wish(Wish::Compare).unwrap();
        stage.pass(&mut listening);
        assert_eq!((take(&listening), listening.page().asked), (Some(expected), String::new()));
    }
    assert_eq!(stage.was_said("The model answer"), 1, "said once");
    listening.wish(Wish::Compare).unwrap();
    listening.wish(Wish::Number(3)).unwrap();
    stage.comes(&mut listening, |listening| listening.reviews.is_idle());
    listening.wish(Wish::Compare).unwrap();
    stage.comes(&mut listening, |listening| take(listening).is_none());
    let page = listening.page();
    assert_eq!((&page.text[..], &page.asked[..]), ("Because.", "Why?"), "what was asked stands with it");
}

#[test]
fn who_leaves_a_comparison_is_where_it_began() {
    let stage = Stage::new();
    let mut listening = stage.listen();
    listening.wish(Wish::Pause).unwrap();
    listening.wish(Wish::To(Duration::from_millis(600))).unwrap();
    listening.wish(Wish::Compare).unwrap();
    stage.comes(&mut listening, |listening| take(listening) == Some(1));
    listening.wish(Wish::Leave).unwrap();
    assert_eq!((take(&listening), turn(&listening)), (Some(2), 0));
    assert!((550..=650).contains(&listening.position().as_millis()), "{:?}", listening.position());
    // One that was over is over still, and waits as it did.
    stage.comes(&mut listening, |listening| listening.over);
    listening.wish(Wish::Compare).unwrap();
    stage.comes(&mut listening, |listening| take(listening) == Some(1));
    listening.wish(Wish::Leave).unwrap();
    stage.pass(&mut listening);
    assert_eq!((take(&listening), turn(&listening), listening.page().sign), (Some(2), 0, Sign::Over));
    // Nothing begins anew where nothing else was heard yet.
    listening.has_begun();
    listening.wish(Wish::Compare).unwrap();
    assert_eq!(wish(&mut listening, Wish::Leave).as_deref(), Some("Nothing is compared."));
    assert!(!listening.has_begun());
}

#[test]
fn where_there_is_no_mark_and_no_pause_to_go_to_that_is_shown() {
    let stage = Stage::new();
    let mut listening = stage.listen();
    listening.wish(Wish::Pause).unwrap();
    let said = wish(&mut listening, Wish::NextMark);
    assert_eq!(said.as_deref(), Some("There is no mark; m makes one."));
    let of = listening.answer().unwrap();
    let at = Duration::from_millis(500);
    listening.mark(&of, at, Text::clean("here"));
    wish(&mut listening, Wish::NextMark);
    assert_eq!(listening.position(), at);
    assert_eq!(wish(&mut listening, Wish::NextMark).as_deref(), Some("There is no other mark."));
    // To the next that is later than here, and after the last to the first.
    listening.mark(&of, Duration::from_millis(800), Text::default());
    for expected in [800, 500, 800] {
        assert_eq!(wish(&mut listening, Wish::NextMark), None);
        assert_eq!(listening.position(), Duration::from_millis(expected));
    }
    // A recording in several files that is no answer has no pauses.
    let files = FILES[..2].iter().map(|file| stage.path().join(file)).collect();
    let item = Item { answer: None, sound: Sound::Files(files), ..stage.items()[0].clone() };
    let mut listening = stage.listen_to(vec![item], false);
    listening.wish(Wish::Pause).unwrap();
    let said = wish(&mut listening, Wish::Phrase(true));
    assert_eq!(said.as_deref(), Some("There is no pause after this."));
    let said = wish(&mut listening, Wish::Phrase(false));
    assert_eq!(said.as_deref(), Some("There is no pause before this: this is the beginning."));
}
