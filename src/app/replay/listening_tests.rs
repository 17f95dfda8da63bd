use std::cell::{Cell, RefCell};
use std::fs::{self, File};
use std::rc::Rc;

use super::super::items::{self, Chosen, Session};
use super::super::wish::Wish;
use super::*;
use crate::audio::pace::Pace;
use crate::audio::wav;
use crate::audio::wav_playback::NullPlayback;
use crate::interview::{Frames, Grade, SampleRate, Text};
use crate::ports::{Clip, Playback, Playing};
use crate::store::home::FoundBy;
use crate::store::manifest::{Manifest, ManifestTake, ManifestTurn};
use crate::store::review;
use crate::tui::replay::{After, Sign};

const RATE: u32 = 8_000;

/// A review that this program does not write to.
const NEWER: &str = "{\"schema\": 9}";

/// A speaker that can be taken away.
struct Speaker {
    inner: NullPlayback,
    gone: Rc<Cell<bool>>,
    unwritten: bool,
}

impl Playback for Speaker {
    fn name(&self) -> String {
        self.inner.name()
    }

    fn play(&mut self, clip: Arc<Clip>) -> Result<(), String> {
        self.inner.play(clip)
    }

    fn begin(&mut self) -> Result<SampleRate, String> {
        if self.gone.get() { Err("the speaker is gone".to_owned()) } else { self.inner.begin() }
    }

    fn feed(&mut self, frames: &[i16]) -> usize {
        self.inner.feed(frames)
    }

    fn end(&mut self) {
        self.inner.end();
    }

    fn heard(&mut self) -> Frames {
        self.inner.heard()
    }

    fn taken(&mut self) -> Frames {
        self.inner.taken()
    }

    fn stop(&mut self) {
        self.inner.stop();
    }

    fn state(&mut self) -> Playing {
        if self.gone.get() { Playing::Failed("the speaker is gone".to_owned()) } else { self.inner.state() }
    }

    fn advance(&mut self, span: Frames) {
        self.inner.advance(span);
    }

    fn remaining(&self) -> Option<Frames> {
        self.inner.remaining()
    }

    fn finish(&mut self) -> Result<(), String> {
        if self.unwritten { Err("the disk is full".to_owned()) } else { Ok(()) }
    }
}

/// A home with one session of three questions, of which the first was answered twice.
struct Stage {
    folder: tempfile::TempDir,
    session: Arc<Session>,
    gone: Rc<Cell<bool>>,
    unwritten: bool,
    said: RefCell<Vec<String>>,
}

const FILES: [&str; 4] = ["takes/01-a-1.wav", "takes/01-a-2.wav", "takes/02-b-1.wav", "takes/03-c-1.wav"];

impl Stage {
    fn new() -> Stage {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("recordings/session");
        fs::create_dir_all(path.join("takes")).unwrap();
        for file in FILES {
            wav::write(&path.join(file), &Clip { rate: RATE, samples: vec![900; RATE as usize] }).unwrap();
        }
        let take = |file: &str, end: &str| ManifestTake {
            file: file.to_owned(),
            frames: u64::from(RATE),
            rate: RATE,
            end: end.to_owned(),
            dropped: 0,
            started_frame: 0,
            peak_db: None,
        };
        let turn = |question: &str, takes: Vec<ManifestTake>| ManifestTurn {
            question: question.to_owned(),
            section: String::new(),
            prompt: "Why?".to_owned(),
            panelist: None,
            follow_up: None,
            clock_s: None,
            prompt_file: None,
            state: "answered".to_owned(),
            prep_s: None,
            limit_s: None,
            warn_s: None,
            retakes: None,
            gap_s: 0.0,
            takes,
        };
        let manifest = Manifest {
            schema: 1,
            session: "session".to_owned(),
            kind: "rehearse".to_owned(),
            bank: "mine".to_owned(),
            title: "Mine".to_owned(),
            seed: 1,
            order: "listed".to_owned(),
            started: "2026-11-21T09:30:05Z".to_owned(),
            ended: None,
            outcome: "finished".to_owned(),
            rate: RATE,
            voice: String::new(),
            input: String::new(),
            output: String::new(),
            boot: None,
            panel: None,
            turns: vec![
                turn("a", vec![take(FILES[0], "done"), take(FILES[1], "done")]),
                turn("b", vec![take(FILES[2], "done")]),
                turn("c", vec![take(FILES[3], "done")]),
            ],
        };
        let session = Arc::new(Session { path, manifest, bank: None });
        Stage { folder, session, gone: Rc::default(), unwritten: false, said: RefCell::default() }
    }

    fn path(&self) -> &std::path::Path {
        &self.session.path
    }

    fn items(&self) -> Vec<Item> {
        items::items(&self.session, &Chosen { answers_only: true, ..Chosen::default() }).unwrap()
    }

    fn rate(&self, question: &str, file: &str) {
        review::add_rating(self.path(), question, file, Grade::Good, chrono::Utc::now()).unwrap();
    }

    fn listen(&self) -> Listening {
        self.listen_to(self.items(), false)
    }

    fn listen_to(&self, items: Vec<Item>, compares: bool) -> Listening {
        let speaker = Speaker {
            inner: NullPlayback::new(SampleRate(RATE)),
            gone: Rc::clone(&self.gone),
            unwritten: self.unwritten,
        };
        let start = Start {
            items,
            home: Some(Home { root: self.folder.path().to_owned(), found: FoundBy::Flag }),
            voice: VoiceSettings::default(),
            skips: false,
            attended: true,
            lasts: true,
            compares,
        };
        Listening::begin(Deck::new(Box::new(speaker), Pace::Fast, 1.0), start).unwrap()
    }

    /// Lets it go on for some time; what is said is kept.
    fn pass(&self, listening: &mut Listening) {
        for _ in 0..20 {
            listening.pass(Duration::ZERO).unwrap();
            self.said.borrow_mut().extend(listening.said().into_iter().map(|said| said.text));
        }
    }

    /// Lets it go on until something is so.
    #[track_caller]
    fn comes(&self, listening: &mut Listening, mut wanted: impl FnMut(&mut Listening) -> bool) {
        for _ in 0..3_000 {
            listening.pass(Duration::from_millis(10)).unwrap();
            self.said.borrow_mut().extend(listening.said().into_iter().map(|said| said.text));
            if wanted(listening) {
                return;
            }
            std::thread::park_timeout(Duration::from_millis(10));
        }
        panic!("it does not come: {:?}", self.said.borrow());
    }

    fn was_said(&self, begins: &str) -> usize {
        self.said.borrow().iter().filter(|said| said.starts_with(begins)).count()
    }
}

fn turn(listening: &Listening) -> usize {
    listening.item().answer.as_ref().expect("an answer is on").turn
}

#[test]
fn what_is_typed_about_an_answer_holds_it_and_is_kept_of_it() {
    let stage = Stage::new();
    stage.rate("a", FILES[1]);
    let mut listening = stage.listen();
    let of = listening.answer().unwrap();
    listening.hold(true);
    stage.pass(&mut listening);
    assert_eq!((turn(&listening), listening.page().sign), (0, Sign::Over));
    listening.hold(false);
    stage.pass(&mut listening);
    assert_eq!(turn(&listening), 1, "it goes on by itself then");
    listening.mark(&of, Duration::from_millis(500), Text::clean("long"));
    let (_, ended) = listening.finish();
    ended.unwrap();
    let review = review::read(stage.path()).unwrap();
    assert_eq!((review.notes[0].file.as_str(), review.notes[0].at_s), (FILES[1], 0.5));
}

#[test]
fn a_speaker_that_fails_is_told_of_once_and_space_goes_on_when_it_is_back() {
    let stage = Stage::new();
    let mut listening = stage.listen();
    stage.gone.set(true);
    stage.pass(&mut listening);
    assert_eq!(stage.was_said("the speaker is gone"), 1);
    assert_eq!(listening.page().sign, Sign::Paused);
    listening.wish(Wish::Pause).unwrap();
    stage.pass(&mut listening);
    assert_eq!(stage.was_said("the speaker is gone"), 2, "it was tried once more");
    stage.gone.set(false);
    listening.wish(Wish::Pause).unwrap();
    assert_eq!(listening.page().sign, Sign::Playing);
    stage.pass(&mut listening);
    assert!(listening.over, "it is heard to its end");
    // One that is gone from the start.
    stage.gone.set(true);
    listening.wish(Wish::Next).unwrap();
    stage.pass(&mut listening);
    assert_eq!((stage.was_said("the speaker is gone"), listening.page().sign), (3, Sign::Paused));
}

#[test]
fn what_was_not_kept_is_told_though_the_end_went_wrong() {
    let mut stage = Stage::new();
    stage.unwritten = true;
    fs::write(stage.path().join(review::NAME), NEWER).unwrap();
    let mut listening = stage.listen();
    listening.wish(Wish::Number(3)).unwrap();
    let (said, ended) = listening.finish();
    assert!(said[0].starts_with("Not rated: "), "{said:?}");
    assert_eq!(ended.unwrap_err().to_string(), "the disk is full");
}

#[test]
fn what_could_not_be_kept_is_not_shown_as_kept() {
    let stage = Stage::new();
    let mut listening = stage.listen();
    listening.wish(Wish::Pause).unwrap();
    listening.wish(Wish::Tap).unwrap();
    stage.comes(&mut listening, |listening| listening.reviews.is_idle());
    let kept = fs::read(stage.path().join(review::NAME)).unwrap();
    fs::write(stage.path().join(review::NAME), NEWER).unwrap();
    let of = listening.answer().unwrap();
    listening.wish(Wish::Number(3)).unwrap();
    assert!(matches!(listening.page().after, After::Rated(_)), "shown at once");
    listening.mark(&of, Duration::ZERO, Text::clean("long"));
    stage.comes(&mut listening, |listening| listening.reviews.is_idle());
    assert_eq!((stage.was_said("Not rated: "), stage.was_said("The note \"long\" is not kept: ")), (1, 1));
    let page = listening.page();
    assert_eq!((&page.after, page.marks.len()), (&After::Unrated, 0));
    // What was kept before is not lost by that.
    fs::write(stage.path().join(review::NAME), kept).unwrap();
    let mut listening = stage.listen();
    assert_eq!(listening.page().taps.len(), 1);
    listening.wish(Wish::Untap).unwrap();
    listening.finish().1.unwrap();
    assert_eq!(review::read(stage.path()).unwrap().taps_of(FILES[1]).count(), 0);
}

#[test]
fn what_a_held_key_counts_is_kept_together() {
    let stage = Stage::new();
    // So that each change says something.
    fs::write(stage.path().join(review::NAME), NEWER).unwrap();
    let lock = File::create(stage.path().join(review::LOCK)).unwrap();
    lock.lock().unwrap();
    let mut listening = stage.listen();
    for _ in 0..50 {
        listening.wish(Wish::Tap).unwrap();
    }
    drop(lock);
    let (said, _) = listening.finish();
    assert!((1..=3).contains(&said.len()), "{said:?}");
}

#[test]
fn a_rating_and_what_was_measured_change_what_can_be_known() {
    let stage = Stage::new();
    stage.rate("b", FILES[2]);
    let mut listening = stage.listen();
    listening.wish(Wish::Number(3)).unwrap();
    stage.comes(&mut listening, Listening::has_changed);
    assert_eq!(stage.was_said("Rated good: saved."), 1);
    stage.comes(&mut listening, Listening::has_changed);
    stage.comes(&mut listening, |listening| listening.to_tell.is_none());
    assert_eq!(stage.was_said("Not measured: "), 1, "{:?}", stage.said.borrow());
}

#[test]
fn another_rating_that_is_taken_back_leaves_what_is_to_be_told() {
    let stage = Stage::new();
    stage.rate("b", FILES[2]);
    let mut listening = stage.listen();
    listening.wish(Wish::Number(3)).unwrap();
    let rated = listening.answer().unwrap();
    listening.wish(Wish::Next).unwrap();
    listening.wish(Wish::RateAgain).unwrap();
    assert_eq!(listening.to_tell, Some(rated));
    listening.wish(Wish::Previous).unwrap();
    listening.wish(Wish::RateAgain).unwrap();
    assert_eq!(listening.to_tell, None);
}

#[test]
fn a_comparison_gives_nothing_away_before_the_rating() {
    let stage = Stage::new();
    stage.rate("a", FILES[0]);
    let mut listening = stage.listen();
    assert_eq!(listening.page().after, After::Unrated);
    listening.wish(Wish::Compare).unwrap();
    let take = |wanted: u32| {
        move |listening: &mut Listening| listening.item().answer.as_ref().is_some_and(|on| on.take == wanted)
    };
    stage.comes(&mut listening, take(1));
    assert_eq!(listening.page().after, After::Nothing);
    assert!(!listening.keys().iter().any(|key| key.contains("said") || key.contains("rate")));
    listening.wish(Wish::Number(1)).unwrap();
    stage.pass(&mut listening);
    assert_eq!((stage.was_said("Rated good before"), stage.was_said("Rate the answer first that")), (0, 1));
    listening.wish(Wish::Compare).unwrap();
    stage.comes(&mut listening, take(2));
    assert_eq!(listening.page().after, After::Unrated);
    listening.wish(Wish::Number(4)).unwrap();
    listening.wish(Wish::Compare).unwrap();
    stage.comes(&mut listening, take(1));
    assert!(matches!(listening.page().after, After::Rated(_)));
    stage.pass(&mut listening);
    assert_eq!(stage.was_said("Rated good before"), 1);
}

#[test]
fn takes_that_are_listed_to_be_compared_give_nothing_away_before_the_rating_of_the_newest() {
    let stage = Stage::new();
    stage.rate("a", FILES[0]);
    let turns = &stage.session.manifest.turns;
    let takes = turns[0].recorded().into_iter().map(|take| items::Answer::of(&stage.session, 0, &take));
    let items: Vec<Item> = takes.map(|answer| Item::answer(answer, String::new())).collect();
    let mut listening = stage.listen_to(items.clone(), true);
    assert_eq!(listening.page().after, After::Nothing);
    stage.rate("a", FILES[1]);
    let mut listening = stage.listen_to(items, true);
    assert!(matches!(listening.page().after, After::Rated(_)));
}

#[test]
fn an_answer_that_cannot_be_heard_is_passed_over_and_nothing_is_kept_of_it() {
    let stage = Stage::new();
    for file in [FILES[2], FILES[3]] {
        fs::remove_file(stage.path().join(file)).unwrap();
    }
    stage.rate("a", FILES[1]);
    let mut listening = stage.listen();
    stage.comes(&mut listening, |listening| turn(listening) == 2 && listening.over);
    assert_eq!(stage.was_said("Passed over: "), 2);
    for wish in [Wish::Number(3), Wish::Tap] {
        listening.wish(wish).unwrap();
        stage.pass(&mut listening);
    }
    assert_eq!(stage.was_said("This answer cannot be heard"), 2);
    assert_eq!((stage.was_said("The answer is over. How"), listening.page().after), (0, After::Nothing));
    listening.wish(Wish::Previous).unwrap();
    listening.wish(Wish::Previous).unwrap();
    assert_eq!(turn(&listening), 0, "back over it too");
    listening.finish().1.unwrap();
    let review = review::read(stage.path()).unwrap();
    assert_eq!((review.ratings.len(), review.taps.len()), (1, 0));
}

#[path = "returning_tests.rs"]
mod returning;
