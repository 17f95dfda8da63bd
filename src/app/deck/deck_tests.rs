use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::audio::wav;
use crate::audio::wav_playback::WavPlayback;
use crate::ports::Clip;

/// The rate of the speaker and of most recordings here.
const RATE: u32 = 8_000;
/// How long a fade is at that rate.
const FADE: usize = 40;

/// A speaker that keeps what was heard, and fails when it is told to.
#[derive(Default)]
struct Kept {
    waiting: Vec<i16>,
    heard: Vec<i16>,
    begun: usize,
    ended: bool,
    sounding: bool,
    since: u64,
    /// How many frames are taken before they are heard.
    delay: u64,
    failure: Option<String>,
    refuses: Option<String>,
    most_waiting: usize,
}

struct Fake(Rc<RefCell<Kept>>);

impl Playback for Fake {
    fn name(&self) -> String {
        "a speaker of the tests".into()
    }

    fn play(&mut self, _: Arc<Clip>) -> Result<(), String> {
        Err("clips are not played here".into())
    }

    fn begin(&mut self) -> Result<SampleRate, String> {
        let mut kept = self.0.borrow_mut();
        kept.waiting.clear();
        (kept.since, kept.ended) = (0, false);
        if let Some(reason) = &kept.refuses {
            return Err(reason.clone());
        }
        kept.begun += 1;
        kept.sounding = true;
        Ok(SampleRate(RATE))
    }

    fn feed(&mut self, frames: &[i16]) -> usize {
        let mut kept = self.0.borrow_mut();
        // A ring of a second, and one that is never quite full at once.
        let count = frames.len().min(RATE as usize - kept.waiting.len()).min(700);
        kept.waiting.extend(&frames[..count]);
        kept.most_waiting = kept.most_waiting.max(kept.waiting.len());
        count
    }

    fn end(&mut self) {
        self.0.borrow_mut().ended = true;
    }

    fn heard(&mut self) -> Frames {
        Frames(self.0.borrow().since)
    }

    fn taken(&mut self) -> Frames {
        let kept = self.0.borrow();
        Frames(kept.since + kept.delay.min(kept.waiting.len() as u64))
    }

    fn stop(&mut self) {
        let mut kept = self.0.borrow_mut();
        kept.waiting.clear();
        kept.sounding = false;
    }

    fn state(&mut self) -> Playing {
        let kept = self.0.borrow();
        match &kept.failure {
            Some(reason) => Playing::Failed(reason.clone()),
            None if !kept.sounding || kept.ended && kept.waiting.is_empty() => Playing::Idle,
            None => Playing::Sounding,
        }
    }
}

struct Stage {
    _folder: tempfile::TempDir,
    deck: Deck,
    kept: Rc<RefCell<Kept>>,
}

fn part(folder: &Path, samples: &[i16], rate: u32) -> PathBuf {
    let path = folder.join("take.wav");
    wav::write(&path, &Clip { rate, samples: samples.to_vec() }).expect("a new file");
    path
}

impl Stage {
    fn with(samples: &[i16]) -> Stage {
        Stage::at(samples, RATE)
    }

    fn at(samples: &[i16], rate: u32) -> Stage {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let recording = Recording::open(&[part(folder.path(), samples, rate)]).expect("it opens");
        let kept = Rc::new(RefCell::new(Kept::default()));
        // As fast as it can be: the tests say how far the speaker plays.
        let mut deck = Deck::new(Box::new(Fake(Rc::clone(&kept))), Pace::Fast, 1.0);
        deck.load(recording);
        Stage { _folder: folder, deck, kept }
    }

    /// Lets the speaker play so many frames, the deck being asked to look every 20 ms.
    fn hear(&mut self, frames: usize) -> State {
        let mut left = frames;
        while left > 0 {
            let step = left.min(RATE as usize / 50);
            self.deck.look();
            let mut kept = self.kept.borrow_mut();
            let count = step.min(kept.waiting.len());
            let heard: Vec<i16> = kept.waiting.drain(..count).collect();
            kept.heard.extend(heard);
            kept.since += count as u64;
            left -= step;
        }
        self.deck.look()
    }

    fn heard(&self) -> Vec<i16> {
        self.kept.borrow().heard.clone()
    }

    fn seconds(&mut self) -> f64 {
        self.deck.position().as_secs_f64()
    }
}

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

/// Eight seconds whose frames tell their place: each is one higher than the one before.
fn ramp() -> Vec<i16> {
    (0..8 * i32::from(RATE as u16)).map(|n| (n - 32_000) as i16).collect()
}

/// The place that a frame of the ramp tells.
fn told(sample: i16) -> usize {
    (i32::from(sample) + 32_000) as usize
}

#[test]
fn what_is_played_to_its_end_is_the_recording_sample_for_sample() {
    let sound = ramp();
    let mut stage = Stage::with(&sound);
    assert_eq!((stage.deck.look(), stage.deck.is_paused()), (State::Paused, true));
    assert_eq!(stage.deck.length(), seconds(8.0));
    stage.deck.play();
    assert_eq!(stage.hear(sound.len() + 500), State::Over);
    assert_eq!(stage.heard(), sound);
    assert_eq!(stage.deck.position(), seconds(8.0));
    stage.deck.play();
    assert_eq!(stage.hear(100), State::Playing, "again, from its beginning");
    assert_eq!(stage.heard()[sound.len()..], sound[..100]);
}

#[test]
fn no_more_than_a_second_waits_at_any_speed() {
    for speed in [0.5, 1.0, 3.0] {
        let mut stage = Stage::with(&ramp());
        stage.deck.set_speed(speed);
        stage.deck.play();
        stage.hear(15_000);
        assert!(stage.kept.borrow().most_waiting <= RATE as usize * 6 / 10, "{}", stage.kept.borrow().most_waiting);
    }
}

#[test]
fn a_seek_lands_on_its_frame_and_drops_what_waits() {
    let mut stage = Stage::with(&ramp());
    stage.deck.play();
    stage.hear(1_000);
    stage.deck.seek(seconds(5.0));
    assert_eq!(stage.deck.position(), seconds(5.0));
    stage.hear(200);
    let heard = stage.heard();
    assert_eq!(heard[..1_000], ramp()[..1_000]);
    assert_eq!(heard[1_000 + FADE..], ramp()[40_000 + FADE..40_200]);
    assert_eq!(stage.deck.position(), seconds(5.025));
}

#[test]
fn the_first_frames_of_a_seek_wait_when_it_returns() {
    let mut stage = Stage::with(&ramp());
    stage.deck.play();
    stage.deck.seek(seconds(3.0));
    assert!(stage.kept.borrow().waiting.len() >= RATE as usize / 5, "without another look");
}

#[test]
fn a_pause_goes_on_behind_what_the_speaker_has_taken() {
    let mut stage = Stage::with(&ramp());
    stage.kept.borrow_mut().delay = 300;
    stage.deck.play();
    stage.hear(1_000);
    assert_eq!(stage.deck.position(), seconds(0.125), "what is heard, not what waits to be");
    stage.deck.pause();
    assert_eq!((stage.deck.position(), stage.deck.look()), (seconds(0.1625), State::Paused));
    stage.deck.play();
    stage.hear(200);
    assert_eq!(told(stage.heard()[1_000 + FADE]), 1_300 + FADE);
}

#[test]
fn a_seek_while_it_is_paused_is_silent() {
    let mut stage = Stage::with(&ramp());
    stage.deck.seek(seconds(2.0));
    assert_eq!((stage.deck.look(), stage.deck.position(), stage.kept.borrow().begun), (State::Paused, seconds(2.0), 0));
    stage.deck.seek(seconds(99.0));
    assert_eq!(stage.deck.position(), seconds(8.0));
    stage.deck.play();
    assert_eq!(stage.hear(100), State::Over);
    stage.deck.seek(seconds(7.0));
    assert_eq!(stage.hear(100), State::Playing, "who goes back from the end goes on listening");
}

#[test]
fn the_position_follows_the_speed() {
    for speed in [0.5, 0.75, 1.25, 2.0, 3.0] {
        let mut stage = Stage::with(&ramp());
        stage.deck.set_speed(speed);
        stage.deck.seek(seconds(1.0));
        stage.deck.play();
        stage.hear(8_000);
        assert!((stage.seconds() - (1.0 + speed)).abs() < 1e-3, "{speed}: {}", stage.seconds());
        stage.deck.set_speed(1.0);
        assert!((stage.seconds() - (1.0 + speed)).abs() < 1e-3, "the change moves nothing");
        stage.hear(4_000);
        assert!((stage.seconds() - (1.5 + speed)).abs() < 1e-3, "{}", stage.seconds());
        let last = told(*stage.heard().last().expect("it was heard"));
        assert!((last as f64 / f64::from(RATE) - stage.seconds()).abs() < 2e-3);
    }
}

#[test]
fn a_recording_is_over_after_its_length_by_its_speed() {
    for speed in [0.5, 1.5, 3.0] {
        let mut stage = Stage::with(&ramp());
        stage.deck.set_speed(speed);
        stage.deck.play();
        while stage.hear(1_000) == State::Playing {}
        let expected = (64_000.0 / speed).round();
        assert_eq!(stage.heard().len() as f64, expected, "at {speed}");
    }
}

#[test]
fn speeds_that_are_none_are_brought_within_bounds() {
    let mut stage = Stage::with(&ramp());
    for (asked, got) in [(0.1, 0.5), (9.0, 3.0), (f64::NAN, 1.0), (f64::INFINITY, 3.0), (-1.0, 0.5)] {
        stage.deck.set_speed(asked);
        assert_eq!(stage.deck.speed(), got);
    }
}

#[test]
fn silences_are_left_out_all_but_a_breath() {
    let mut stage = Stage::with(&ramp());
    stage.deck.skip(Some(vec![(1.0, 3.0), (5.0, 5.2)]));
    stage.deck.play();
    while stage.hear(500) == State::Playing {}
    let heard = stage.heard();
    // Two seconds without a breath of a quarter.
    assert_eq!(heard.len(), 64_000 - 14_000);
    assert_eq!(told(heard[8_999]), 8_999);
    assert_eq!(told(heard[9_000 + FADE]), 23_000 + FADE);
    assert_eq!(told(heard[49_999]), 63_999);
    stage.deck.skip(None);
    stage.deck.seek(seconds(2.0));
    stage.hear(100);
    assert_eq!(told(stage.heard()[50_000 + FADE]), 16_000 + FADE);
}

#[test]
fn who_goes_back_over_a_silence_that_is_left_out_gets_past_it() {
    let mut stage = Stage::with(&ramp());
    stage.deck.skip(Some(vec![(2.0, 6.0)]));
    stage.deck.seek(seconds(6.5));
    stage.deck.play();
    stage.hear(1_600);
    let back = stage.seconds() - 1.0;
    stage.deck.seek(seconds(back));
    assert!(stage.seconds() < 2.0, "{}", stage.seconds());
    stage.deck.seek(seconds(4.0));
    stage.hear(100);
    assert!((5.87..5.9).contains(&stage.seconds()), "who goes forward comes out behind it: {}", stage.seconds());
}

#[test]
fn a_loop_is_exact_to_the_frame() {
    let mut stage = Stage::with(&ramp());
    stage.deck.seek(seconds(1.0));
    stage.deck.play();
    stage.deck.set_loop(Some((seconds(2.0), seconds(1.5))));
    assert_eq!(stage.deck.looped, Some((seconds(1.5), seconds(2.0))), "in whichever order they were set");
    stage.hear(4_000 + 20 * 4_000);
    let heard = stage.heard();
    assert_eq!(told(heard[3_999]), 11_999, "into it");
    for turn in 1..20 {
        for n in [FADE, 2_000, 3_999] {
            assert_eq!(told(heard[4_000 + turn * 4_000 + n]), 12_000 + n, "turn {turn}");
        }
    }
    assert!((1.5..2.0).contains(&stage.seconds()));
    stage.deck.set_loop(None);
    stage.hear(8_000);
    assert!(stage.seconds() > 2.4, "it goes on: {}", stage.seconds());
    stage.deck.set_loop(Some((seconds(0.25), seconds(0.5))));
    assert_eq!(stage.deck.position(), seconds(0.25), "who is behind it goes to its beginning");
    stage.deck.set_loop(Some((seconds(1.0), seconds(1.001))));
    assert_eq!(stage.deck.looped, None, "a click is none");
}

#[test]
fn a_loop_whose_length_is_no_whole_frame_of_the_speaker_does_not_drift() {
    let sound: Vec<i16> = (0..44_100).map(|n| ((f64::from(n) * 0.05).sin() * 9_000.0) as i16).collect();
    let mut stage = Stage::at(&sound, 44_100);
    stage.deck.set_loop(Some((seconds(0.1), seconds(0.2))));
    stage.deck.play();
    stage.hear(800 + 800 * 30);
    let heard = stage.heard();
    assert_eq!(heard[800 * 2 + FADE..800 * 3], heard[800 * 30 + FADE..800 * 31]);
}

#[test]
fn a_speaker_that_is_lost_is_tried_again_and_the_place_is_kept() {
    let mut stage = Stage::with(&ramp());
    stage.deck.play();
    stage.hear(8_000);
    stage.kept.borrow_mut().failure = Some("the speaker is gone".into());
    let mut state = State::Playing;
    for _ in 0..5 {
        state = stage.deck.look();
    }
    assert_eq!(state, State::Failed("the speaker is gone".into()));
    assert_eq!(stage.kept.borrow().begun, 1 + ATTEMPTS as usize);
    assert_eq!(stage.deck.position(), seconds(1.0));
    stage.kept.borrow_mut().failure = None;
    stage.deck.play();
    stage.hear(100);
    assert_eq!(told(stage.heard()[8_000 + FADE]), 8_000 + FADE);
}

#[test]
fn a_speaker_that_comes_back_at_once_is_played_on_without_a_word() {
    let mut stage = Stage::with(&ramp());
    stage.deck.play();
    stage.hear(8_000);
    stage.kept.borrow_mut().failure = Some("the speaker is gone".into());
    stage.deck.look();
    stage.kept.borrow_mut().failure = None;
    assert_eq!(stage.hear(200), State::Playing);
    assert_eq!(told(stage.heard()[8_000 + FADE]), 8_000 + FADE);
}

#[test]
fn a_speaker_that_cannot_be_used_is_told_of_with_its_reason() {
    let mut stage = Stage::with(&ramp());
    stage.kept.borrow_mut().refuses = Some("it cannot be used any more".into());
    stage.deck.seek(seconds(3.0));
    stage.deck.play();
    assert_eq!(stage.deck.look(), State::Failed("it cannot be used any more".into()));
    assert_eq!(stage.deck.position(), seconds(3.0));
    assert!(stage.deck.is_paused(), "nothing sounds");
    stage.deck.pause();
    assert_eq!(stage.deck.look(), State::Paused, "whoever was told is not told again");
    stage.kept.borrow_mut().refuses = None;
    stage.deck.play();
    assert_eq!((stage.deck.look(), stage.deck.position()), (State::Playing, seconds(3.0)));
}

#[test]
fn another_recording_begins_paused_at_its_beginning_at_the_same_speed() {
    let mut stage = Stage::with(&ramp());
    stage.deck.set_speed(1.5);
    stage.deck.set_loop(Some((seconds(1.0), seconds(2.0))));
    stage.deck.play();
    stage.hear(2_000);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let other = Recording::open(&[part(folder.path(), &[7; 24_000], 24_000)]).expect("it opens");
    stage.deck.load(other);
    assert_eq!((stage.deck.look(), stage.deck.position()), (State::Paused, Duration::ZERO));
    assert_eq!((stage.deck.speed(), stage.deck.looped), (1.5, None));
    assert_eq!(stage.deck.length(), seconds(1.0));
}

#[test]
fn a_file_that_is_cut_while_it_is_played_is_over_where_it_ends() {
    let mut stage = Stage::with(&ramp());
    stage.deck.play();
    stage.hear(1_000);
    let path = stage._folder.path().join("take.wav");
    let file = std::fs::OpenOptions::new().write(true).open(path).expect("it is there");
    file.set_len(44 + 2 * 32_000).expect("it can be cut");
    while stage.hear(1_000) == State::Playing {}
    assert_eq!(stage.heard(), ramp()[..32_000]);
    assert_eq!((stage.deck.position(), stage.deck.length()), (seconds(4.0), seconds(4.0)));
}

#[test]
fn without_a_recording_nothing_happens() {
    let kept = Rc::new(RefCell::new(Kept::default()));
    let mut deck = Deck::new(Box::new(Fake(kept)), Pace::Fast, 1.0);
    deck.play();
    deck.seek(seconds(1.0));
    deck.set_speed(2.0);
    deck.skip(Some(vec![(0.0, 1.0)]));
    deck.set_loop(Some((seconds(0.0), seconds(1.0))));
    assert_eq!((deck.look(), deck.position(), deck.length()), (State::Paused, Duration::ZERO, Duration::ZERO));
    deck.finish().expect("there is nothing to complete");
}

#[test]
fn one_key_pauses_plays_on_and_plays_again() {
    let mut stage = Stage::with(&ramp());
    stage.deck.toggle();
    assert_eq!(stage.hear(1_000), State::Playing);
    stage.deck.toggle();
    assert_eq!(stage.deck.look(), State::Paused);
    stage.deck.toggle();
    assert_eq!(stage.hear(80_000), State::Over);
    stage.deck.pause();
    assert_eq!(stage.deck.look(), State::Over, "there is nothing to pause");
    stage.deck.toggle();
    assert_eq!(stage.hear(1_000), State::Playing);
    assert_eq!(stage.deck.position(), seconds(0.125));
}

#[test]
fn a_day_of_loops_is_remembered_no_longer_than_it_takes_to_hear_it() {
    let mut stage = Stage::with(&ramp());
    stage.deck.set_loop(Some((seconds(0.5), seconds(0.56))));
    stage.deck.set_speed(3.0);
    stage.deck.play();
    stage.hear(400_000);
    let (marks, most) = stage.deck.stream.as_ref().map(|stream| stream.remembers()).expect("it plays");
    assert!(marks < 100 && most < 4 * RATE as usize, "{marks} marks, {most} frames");
}

/// What a file holds of this recording, played by a deck that does something to it first.
fn written(sound: &[i16], pace: Pace, with: impl FnOnce(&mut Deck)) -> Vec<i16> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let heard = folder.path().join("heard.wav");
    let speaker = WavPlayback::create(&heard, SampleRate(RATE)).expect("a new file");
    let mut deck = Deck::new(Box::new(speaker), pace, 1.0);
    deck.load(Recording::open(&[part(folder.path(), sound, RATE)]).expect("it opens"));
    with(&mut deck);
    deck.play();
    while deck.pass(Duration::from_millis(2)) == State::Playing {}
    assert_eq!(deck.look(), State::Over);
    deck.finish().expect("room on the disk");
    wav::read(&heard).expect("it is whole").samples
}

#[test]
fn a_file_holds_what_would_be_heard() {
    let sound = ramp();
    assert_eq!(written(&sound, Pace::Fast, |_| ()), sound);
    let shorter = written(&sound, Pace::Fast, |deck| deck.skip(Some(vec![(1.0, 3.0)])));
    assert_eq!(shorter.len(), sound.len() - 14_000);
    let slower = written(&sound, Pace::Fast, |deck| deck.set_speed(0.5));
    assert_eq!(slower.len(), 2 * sound.len());
}

#[test]
fn in_real_time_a_file_is_never_left_without_what_is_to_come() {
    let sound = &ramp()[20_000..23_000];
    let heard = written(sound, Pace::RealTime, |_| ());
    let silence = heard.iter().position(|sample| *sample != 0).expect("it is heard");
    assert_eq!(heard[silence..][..sound.len()], *sound);
    assert!(heard[silence + sound.len()..].iter().all(|sample| *sample == 0));
}

#[derive(Debug, Clone)]
enum Step {
    Hear(usize),
    Seek(f64),
    Speed(f64),
    Skip(Option<(f64, f64)>),
    Loop(Option<(f64, f64)>),
    Pause,
    Play,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0usize..6_000).prop_map(Step::Hear),
        2 => (0.0..8.5).prop_map(Step::Seek),
        1 => prop::sample::select(vec![0.5, 0.75, 1.0, 1.0, 1.0, 1.5, 3.0]).prop_map(Step::Speed),
        1 => prop::option::of((0.0..8.0, 0.0..8.0)).prop_map(Step::Skip),
        1 => prop::option::of((0.0..8.0, 0.0..8.0)).prop_map(Step::Loop),
        1 => Just(Step::Pause),
        2 => Just(Step::Play),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]
    #[test]
    fn what_sounds_is_what_the_position_says(script in prop::collection::vec(step(), 1..25), delay in 0u64..900) {
        let mut stage = Stage::with(&ramp());
        stage.kept.borrow_mut().delay = delay;
        stage.deck.play();
        let mut cut = None;
        for step in script {
            match step {
                Step::Hear(frames) => {
                    let before = stage.heard().len();
                    let (from, state) = (stage.seconds(), stage.deck.look());
                    stage.hear(frames);
                    let heard = stage.heard();
                    let heard = &heard[before..];
                    if state != State::Playing {
                        prop_assert_eq!(heard.len(), 0);
                        prop_assert_eq!(stage.seconds(), from);
                        continue;
                    }
                    let Some(pair) = heard.last_chunk::<2>() else { continue };
                    // Within a fade another place is heard too; else each frame is one higher than the last.
                    let speed = stage.deck.speed();
                    let joined = speed == 1.0 && i32::from(pair[1]) - i32::from(pair[0]) != 1;
                    if !joined && stage.deck.look() == State::Playing && heard.len() > 2 * FADE && speed == 1.0 {
                        let place = told(pair[1]) as f64 + 1.0;
                        let position = stage.seconds() * f64::from(RATE);
                        prop_assert!((place - position).abs() < 0.51, "{} is heard at {}", place, position);
                    }
                    if let (Some((from, to)), 1.0) = (cut, speed) {
                        let (from, to): (f64, f64) = (from, to);
                        let rate = f64::from(RATE);
                        let deep = |sample: &i16| {
                            let place = told(*sample) as f64 / rate;
                            place > from + BREATH_AND_FADE && place < to - BREATH_AND_FADE
                        };
                        // A fade goes through every place between two.
                        let run = heard.windows(2 * FADE).find(|frames| {
                            frames.windows(2).all(|pair| i32::from(pair[1]) - i32::from(pair[0]) == 1) && frames.iter().all(deep)
                        });
                        prop_assert!(run.is_none(), "a silence is heard");
                    }
                }
                Step::Seek(to) => stage.deck.seek(seconds(to)),
                Step::Speed(speed) => stage.deck.set_speed(speed),
                Step::Skip(silence) => {
                    cut = silence.filter(|(from, to)| from < to && stage.deck.looped.is_none());
                    stage.deck.skip(cut.map(|silence| vec![silence]));
                }
                Step::Loop(between) => {
                    stage.deck.set_loop(between.map(|(one, other)| (seconds(one), seconds(other))));
                    // A loop within a silence is heard: nothing else is left of it.
                    cut = None;
                }
                Step::Pause => stage.deck.pause(),
                Step::Play => stage.deck.play(),
            }
            prop_assert!(stage.deck.position() <= stage.deck.length());
        }
    }
}

/// Within a half of a breath, and a fade, of its ends a silence is heard.
const BREATH_AND_FADE: f64 = 0.135;
