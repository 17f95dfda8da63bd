//! Claims about the prompter, with voices that write down what they are asked.

use std::sync::mpsc::{self, Receiver, Sender};

use super::*;
use crate::ports::{Clip, Playing, Speech, Voice, VoiceError};

const PATIENCE: Duration = Duration::from_secs(30);

/// A voice that speaks so many texts and then gives up.
struct Tired(u32);

impl Voice for Tired {
    fn name(&self) -> String {
        "tired".to_owned()
    }

    fn utter(&mut self, _: &Text) -> Result<Utterance, VoiceError> {
        let tired = VoiceError::Failed { voice: self.name(), reason: "it is tired".to_owned() };
        self.0 = self.0.checked_sub(1).ok_or(tired)?;
        Ok(clip())
    }
}

/// A voice that tells what it is asked, and waits for leave before it speaks.
struct Gated {
    asked: Sender<String>,
    leave: Receiver<()>,
}

impl Voice for Gated {
    fn name(&self) -> String {
        "gated".to_owned()
    }

    fn utter(&mut self, text: &Text) -> Result<Utterance, VoiceError> {
        let gone = |reason: &str| VoiceError::Failed { voice: self.name(), reason: reason.to_owned() };
        self.asked.send(text.as_str().to_owned()).map_err(|_| gone("nobody asks"))?;
        self.leave.recv().map_err(|_| gone("nobody waits"))?;
        Ok(clip())
    }
}

/// A prompter of one speaker whose voice is gated: what it is asked, and the leave that it waits for.
fn gated() -> (Prompter, Receiver<String>, Sender<()>) {
    let (asked, hear) = mpsc::channel();
    let (leave, wait) = mpsc::channel();
    let voice = Gated { asked, leave: wait };
    (Prompter::start(vec![Chain::of(vec![Box::new(voice)])]), hear, leave)
}

/// The voice speaks the next text; which one that was.
fn spoken(hear: &Receiver<String>, leave: &Sender<()>) -> String {
    let text = hear.recv_timeout(PATIENCE).expect("something is rendered");
    leave.send(()).expect("the voice waits");
    text
}

fn clip() -> Utterance {
    Utterance::Clip(Arc::new(Clip { rate: 16_000, samples: vec![1; 16] }))
}

fn says(speaker: usize, text: &str) -> Spoken {
    Spoken { speaker, text: Text::clean(text) }
}

fn list(texts: &[&str]) -> Vec<Spoken> {
    texts.iter().map(|text| says(0, text)).collect()
}

#[test]
fn what_is_foreseen_is_rendered_in_its_order_and_once() {
    let (mut prompter, hear, leave) = gated();
    prompter.foresee(&list(&["a", "b"]));
    assert_eq!([spoken(&hear, &leave), spoken(&hear, &leave)], ["a", "b"]);
    assert!(prompter.get(&says(0, "a"), PATIENCE).is_some());
    // What is being spoken may be foreseen again, and what is rendered stays so.
    prompter.foresee(&list(&["b", "a", "c"]));
    assert_eq!(spoken(&hear, &leave), "c");
    for text in ["b", "a", "b", "c", "a"] {
        assert!(prompter.get(&says(0, text), PATIENCE).is_some());
    }
    assert!(hear.try_recv().is_err(), "nothing was rendered twice");
}

#[test]
fn what_is_not_foreseen_any_more_is_forgotten_even_while_it_is_rendered() {
    let (mut prompter, hear, leave) = gated();
    prompter.foresee(&list(&["a", "b", "c"]));
    assert_eq!(spoken(&hear, &leave), "a");
    assert_eq!(hear.recv_timeout(PATIENCE).as_deref(), Ok("b"));
    prompter.foresee(&list(&["d"]));
    leave.send(()).unwrap();
    assert_eq!(spoken(&hear, &leave), "d");
    assert!(prompter.get(&says(0, "d"), PATIENCE).is_some());
    assert!(prompter.desk.state().ready.is_empty(), "a and b are gone, c was never rendered");
}

#[test]
fn what_nobody_foresaw_is_rendered_before_what_was_foreseen() {
    let (mut prompter, hear, leave) = gated();
    prompter.foresee(&list(&["a", "b"]));
    assert_eq!(hear.recv_timeout(PATIENCE).as_deref(), Ok("a"));
    assert!(prompter.get(&says(0, "now"), Duration::ZERO).is_none());
    leave.send(()).unwrap();
    assert_eq!(spoken(&hear, &leave), "now");
    assert!(prompter.get(&says(0, "now"), PATIENCE).is_some());
    assert_eq!(spoken(&hear, &leave), "b");
}

#[test]
fn what_was_asked_for_and_is_not_waited_for_any_more_is_forgotten() {
    let (mut prompter, hear, leave) = gated();
    assert!(prompter.get(&says(0, "passed over"), Duration::ZERO).is_none());
    assert_eq!(hear.recv_timeout(PATIENCE).as_deref(), Ok("passed over"));
    assert!(prompter.get(&says(0, "next"), Duration::ZERO).is_none());
    leave.send(()).unwrap();
    assert_eq!(spoken(&hear, &leave), "next");
    assert!(prompter.get(&says(0, "next"), PATIENCE).is_some());
    assert!(prompter.desk.state().ready.is_empty());
}

#[test]
fn no_more_is_rendered_ahead_than_eight_texts() {
    let mut prompter = Prompter::start(vec![Chain::of(vec![Box::new(Tired(AHEAD as u32))])]);
    let many: Vec<Spoken> = (0..100).map(|n| says(0, &format!("text {n}"))).collect();
    prompter.foresee(&many);
    for what in &many[..AHEAD] {
        assert!(prompter.get(what, PATIENCE).is_some());
    }
    assert_eq!(prompter.speaking(0), "tired", "it was not asked for a ninth");
    assert!(prompter.desk.state().ready.len() < AHEAD);
}

#[test]
fn a_voice_that_fails_is_replaced_for_its_own_speaker_alone_and_told_once() {
    let chain = |good: u32| Chain::of(vec![Box::new(Tired(good)), Box::new(Tired(99))]);
    let mut prompter = Prompter::start(vec![chain(99), chain(1), chain(99)]);
    let mut told = Vec::new();
    for round in 0..3 {
        for speaker in 0..3 {
            let ready = prompter.get(&says(speaker, &format!("round {round}")), PATIENCE).expect("it is rendered");
            assert!(matches!(ready.utterance, Utterance::Clip(_)));
            told.extend(ready.notice.take().map(|_| (round, speaker)));
        }
    }
    assert_eq!(told, [(1, 1)]);
}

#[test]
fn a_failure_that_came_with_a_forgotten_text_is_told_with_the_next_of_that_speaker() {
    let mut prompter = Prompter::start(vec![Chain::of(vec![Box::new(Tired(9))]), Chain::of(vec![Box::new(Tired(0))])]);
    prompter.foresee(&[says(1, "forgotten"), says(0, "a")]);
    assert!(prompter.get(&says(0, "a"), PATIENCE).is_some());
    prompter.foresee(&[]);
    assert!(prompter.get(&says(0, "b"), PATIENCE).expect("it is rendered").notice.is_none());
    assert!(prompter.get(&says(1, "c"), PATIENCE).expect("it is rendered").notice.is_some());
    assert!(prompter.get(&says(1, "d"), PATIENCE).expect("it is rendered").notice.is_none());
    assert_eq!((prompter.speaking(0), prompter.speaking(1)), ("tired".to_owned(), "none".to_owned()));
}

#[test]
fn a_text_is_rendered_once_more_by_the_next_voice() {
    let what = says(0, "What do you do when the voice fails?");
    let mut prompter = Prompter::start(vec![Chain::of(vec![Box::new(Tired(1))])]);
    let ready = prompter.get(&what, PATIENCE);
    assert!(matches!(ready.map(|ready| &ready.utterance), Some(Utterance::Clip(_))));
    prompter.render_again(&what);
    let ready = prompter.get(&what, PATIENCE).expect("the text alone is always left");
    assert!(matches!(ready.utterance, Utterance::Reading(_)));
    assert!(ready.notice.is_some(), "the candidate is told");
}

#[test]
fn what_a_live_voice_was_to_speak_later_is_rendered_anew_when_it_gives_up() {
    struct Silence;
    impl Speech for Silence {
        fn start(&mut self) {}
        fn state(&mut self) -> Playing {
            Playing::Idle
        }
        fn stop(&mut self) {}
    }
    struct LiveTwice(u32);
    impl Voice for LiveTwice {
        fn name(&self) -> String {
            "live".to_owned()
        }
        fn utter(&mut self, _: &Text) -> Result<Utterance, VoiceError> {
            let broken = VoiceError::Failed { voice: self.name(), reason: "its service is gone".to_owned() };
            self.0 = self.0.checked_sub(1).ok_or(broken)?;
            Ok(Utterance::Live(Box::new(Silence)))
        }
    }
    let (first, second) = (says(0, "first"), says(0, "second"));
    let mut prompter = Prompter::start(vec![Chain::of(vec![Box::new(LiveTwice(2)), Box::new(Tired(9))])]);
    prompter.foresee(&[first.clone(), second.clone()]);
    assert!(matches!(prompter.get(&first, PATIENCE).unwrap().utterance, Utterance::Live(_)));
    assert!(matches!(prompter.get(&second, PATIENCE).unwrap().utterance, Utterance::Live(_)));
    assert!(matches!(prompter.get(&first, PATIENCE).unwrap().utterance, Utterance::Live(_)));
    prompter.render_again(&first);
    let mut told = 0;
    for what in [&first, &second] {
        let ready = prompter.get(what, PATIENCE).unwrap();
        assert!(matches!(ready.utterance, Utterance::Clip(_)));
        told += usize::from(ready.notice.is_some());
    }
    assert_eq!(told, 1);
}

#[test]
fn without_a_renderer_the_text_is_left() {
    struct Panics;
    impl Voice for Panics {
        fn name(&self) -> String {
            "panics".to_owned()
        }
        fn utter(&mut self, _: &Text) -> Result<Utterance, VoiceError> {
            panic!("as a test wants it")
        }
    }
    let mut prompter = Prompter::start(vec![Chain::of(vec![Box::new(Panics)])]);
    for text in ["a", "b"] {
        let ready = prompter.get(&says(0, text), PATIENCE).expect("the text alone is always left");
        assert!(matches!(ready.utterance, Utterance::Reading(_)));
        assert!(ready.notice.is_some());
    }
    let mut nobody = Prompter::start(Vec::new());
    let ready = nobody.get(&says(3, "c"), PATIENCE).expect("the text alone is always left");
    assert!(matches!(ready.utterance, Utterance::Reading(_)));
}

#[test]
fn who_has_no_chain_speaks_with_the_last() {
    let mut prompter = Prompter::start(vec![Chain::of(vec![]), Chain::of(vec![Box::new(Tired(9))])]);
    let ready = prompter.get(&says(7, "Hello."), PATIENCE).unwrap();
    assert_eq!(ready.voice, "tired");
    assert_eq!(prompter.speaking(7), "tired");
}
