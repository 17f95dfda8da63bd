//! What comes out of a stream that loses frames in every way.

use super::*;
use crate::audio::device::lapse::{Stamper, lapses};
use crate::audio::device::reservoir::{Inlet, reservoir};
use crate::audio::device::signs::Signs;

const RATE: SampleRate = SampleRate(48_000);
/// Frames of a block: 50 ms.
const BLOCK: usize = 2_400;

/// A stream whose blocks come when a test says so.
struct Stream {
    inlet: Inlet,
    stamper: Stamper,
    signs: Arc<Signs>,
    at_us: u64,
}

impl Stream {
    fn blocks(&mut self, count: usize) {
        for _ in 0..count {
            self.at_us += 50_000;
            self.signs.came(BLOCK as u64);
            self.stamper.stamp(self.at_us, BLOCK as u64, false);
            self.inlet.give(BLOCK, std::iter::repeat_n(7, BLOCK));
        }
    }
}

/// A stream with room for `seconds`, whose times count from `born`, and what its frames come out of.
fn input(seconds: usize, born: Instant) -> (Stream, Input) {
    let (inlet, outlet) = reservoir(RATE.0 as usize * seconds);
    let (stamper, lapses) = lapses(RATE, born);
    let signs = Arc::new(Signs::new());
    let gate = Arc::new(Gate::new(Arc::clone(&signs)));
    let input = Input { name: "a test".to_owned(), source: None, rate: RATE, outlet, gate, lapses };
    (Stream { inlet, stamper, signs, at_us: 0 }, input)
}

/// A stream with room for `seconds`, and the microphone of a session at `rate` that it is read by.
fn stream(seconds: usize, rate: SampleRate) -> (Stream, DeviceCapture, Sender<Event>) {
    stream_born(Instant::now(), seconds, rate)
}

fn stream_born(born: Instant, seconds: usize, rate: SampleRate) -> (Stream, DeviceCapture, Sender<Event>) {
    let (stream, Input { outlet, gate, lapses, .. }) = input(seconds, born);
    let (tell, events) = channel();
    let capture = DeviceCapture {
        rate,
        name: "a test".to_owned(),
        stream: Some((outlet, gate, lapses)),
        since: None,
        owed: 0,
        ending: false,
        missing: 0,
        suspended: false,
        follow: if rate == RATE { None } else { Follow::new(RATE, rate) },
        scratch: Vec::new(),
        zeros: Zeros::new(rate),
        notices: VecDeque::new(),
        events,
        next: None,
        reopens: false,
        stop: None,
        stopped: channel().1,
    };
    (stream, capture, tell)
}

/// Reads all there is; says how many frames of sound and of silence came one after the other, and what was told.
fn read_all(capture: &mut DeviceCapture) -> (Vec<(bool, usize)>, Vec<String>) {
    let (mut runs, mut told) = (Vec::<(bool, usize)>::new(), Vec::new());
    loop {
        let mut block = vec![1; 3];
        match capture.read(&mut block, 1_000, Duration::ZERO) {
            Heard::Frames { dropped } => {
                let came = &block[3..];
                assert!((1..=1_000).contains(&came.len()));
                let silence = dropped > 0;
                assert!(!silence || (dropped == came.len() as u64 && came.iter().all(|&frame| frame == 0)));
                match runs.last_mut() {
                    Some((before, frames)) if *before == silence => *frames += came.len(),
                    _ => runs.push((silence, came.len())),
                }
            }
            Heard::Notice(text) => told.push(text),
            Heard::Lost(reason) => return (runs, [told, vec![reason]].concat()),
            Heard::Nothing => return (runs, told),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn frames_that_nobody_fetched_are_silence_in_blocks_of_their_own() {
    let (mut stream, mut capture, _events) = stream(1, RATE);
    stream.blocks(25);
    assert_eq!(read_all(&mut capture), (vec![(false, 20 * BLOCK)], vec![]));
    stream.blocks(1);
    let (runs, told) = read_all(&mut capture);
    assert_eq!(runs, [(true, 5 * BLOCK), (false, BLOCK)]);
    assert!(told[0].starts_with("250 ms of sound from a test were lost"), "{told:?}");
}

#[test]
fn frames_that_never_came_are_silence_in_their_place_and_the_time_is_right() {
    let (mut stream, mut capture, _events) = stream(50, RATE);
    stream.blocks(100);
    assert_eq!(read_all(&mut capture).0, [(false, 100 * BLOCK)]);
    stream.at_us += 4_000_000;
    stream.blocks(10);
    assert_eq!(read_all(&mut capture).0, [], "what is in doubt waits");
    stream.blocks(90);
    let (runs, told) = read_all(&mut capture);
    assert_eq!(runs, [(true, 4 * RATE.0 as usize), (false, 100 * BLOCK)]);
    assert!(told[0].starts_with("4000 ms"), "{told:?}");
}

#[test]
fn a_stream_that_ends_in_doubt_hands_all_of_it_over() {
    let (mut stream, mut capture, events) = stream(50, RATE);
    stream.blocks(100);
    stream.at_us += 1_000_000;
    stream.blocks(10);
    events.send(Event::Lost("it is gone".to_owned())).expect("the microphone listens");
    let (runs, told) = read_all(&mut capture);
    assert_eq!((runs, told), (vec![(false, 110 * BLOCK)], vec!["it is gone".to_owned()]));
}

#[test]
fn at_another_rate_too_a_block_is_all_sound_or_all_silence() {
    let (mut stream, mut capture, events) = stream(50, SampleRate(16_000));
    stream.blocks(100);
    stream.at_us += 1_500_000;
    stream.blocks(100);
    events.send(Event::Lost("it is gone".to_owned())).expect("the microphone listens");
    let (runs, _) = read_all(&mut capture);
    assert_eq!(runs, [(false, 80_000), (true, 24_000), (false, 80_000)]);
}

#[test]
fn between_a_stream_and_the_one_that_resumes_it_there_is_as_much_silence_as_time() {
    for rate in [RATE, SampleRate(16_000)] {
        let start = Instant::now();
        let (mut stream, mut capture, events) = stream_born(start, 50, rate);
        stream.blocks(100);
        let (mut next, next_input) = input(50, start + Duration::from_millis(9_000));
        events.send(Event::Resumed(Box::new(next_input))).expect("the microphone listens");
        let (before, _) = read_all(&mut capture);
        let frames = |ms: usize| ms * rate.0 as usize / 1_000;
        assert_eq!(before, [(false, frames(5_000))]);
        // The first blocks are late by chance.
        for _ in 0..4 {
            next.at_us = 150_000;
            next.blocks(1);
        }
        assert_eq!(read_all(&mut capture).0, [], "nothing is certain yet");
        next.blocks(16);
        let (after, told) = read_all(&mut capture);
        let [(true, silence), (false, sound)] = after[..] else { panic!("{after:?}") };
        assert!(silence.abs_diff(frames(4_000)) <= frames(1), "{silence} frames of silence");
        assert!(sound > frames(900), "{sound} frames of sound");
        assert!(told[0].contains("suspended"), "{told:?}");
    }
}

#[test]
fn a_stream_that_dies_again_before_its_beginning_is_certain_has_its_place_all_the_same() {
    let start = Instant::now();
    let (mut stream, mut capture, events) = stream_born(start, 50, RATE);
    stream.blocks(100);
    let (mut second, second_input) = input(50, start + Duration::from_secs(8));
    let (mut third, third_input) = input(50, start + Duration::from_secs(10));
    events.send(Event::Resumed(Box::new(second_input))).expect("the microphone listens");
    second.blocks(2);
    let second_of_frames = RATE.0 as usize;
    assert_eq!(read_all(&mut capture).0, [(false, 5 * second_of_frames)]);
    events.send(Event::Resumed(Box::new(third_input))).expect("the microphone listens");
    third.blocks(20);
    let (runs, _) = read_all(&mut capture);
    let expected = [
        (true, 3 * second_of_frames),
        (false, 2 * BLOCK),
        (true, 2 * second_of_frames - 2 * BLOCK),
        (false, second_of_frames),
    ];
    assert_eq!(runs, expected);
}

/// A stream of five seconds that then lost one, with half a second after it that is held back.
fn in_doubt() -> (Stream, DeviceCapture, Sender<Event>) {
    let born = Instant::now().checked_sub(Duration::from_secs(20)).expect("the machine runs longer");
    let (mut stream, mut capture, events) = stream_born(born, 50, RATE);
    stream.blocks(100);
    stream.at_us += 1_000_000;
    stream.blocks(10);
    assert_eq!(read_all(&mut capture).0, [(false, 100 * BLOCK)]);
    (stream, capture, events)
}

#[test]
fn a_take_that_ends_in_doubt_has_the_silence_and_all_that_came_after_it() {
    let (mut stream, mut capture, _events) = in_doubt();
    assert!(capture.is_behind());
    capture.take_ends();
    let second = RATE.0 as usize;
    assert_eq!(read_all(&mut capture).0, [(true, second), (false, 10 * BLOCK)]);
    assert!(!capture.is_behind());
    capture.take_closes();
    stream.at_us += 1_000_000;
    stream.blocks(10);
    assert_eq!(read_all(&mut capture).0, [], "in the next take what is in doubt waits again");
    stream.blocks(30);
    assert_eq!(read_all(&mut capture).0, [(true, second), (false, 40 * BLOCK)]);
}

#[test]
fn a_stream_that_is_catching_up_when_the_take_ends_has_lost_nothing() {
    let born = Instant::now();
    let (mut stream, mut capture, _events) = stream_born(born, 50, RATE);
    stream.blocks(100);
    read_all(&mut capture);
    capture.take_ends();
    stream.at_us += 1_000_000;
    stream.blocks(1);
    assert_eq!(read_all(&mut capture).0, [], "the rest may come at once");
    assert!(capture.is_behind());
    stream.at_us -= 1_000_000;
    stream.blocks(20);
    assert_eq!(read_all(&mut capture).0, [(false, 21 * BLOCK)]);
}

#[test]
fn a_take_that_ends_just_after_a_nap_has_the_silence_and_all_that_came_after_it() {
    for rate in [RATE, SampleRate(16_000)] {
        let born = Instant::now().checked_sub(Duration::from_secs(20)).expect("the machine runs longer");
        let (mut stream, mut capture, events) = stream_born(born, 50, rate);
        stream.blocks(100);
        let (mut next, next_input) = input(50, born + Duration::from_secs(8));
        events.send(Event::Resumed(Box::new(next_input))).expect("the microphone listens");
        next.blocks(4);
        let frames = |ms: usize| ms * rate.0 as usize / 1_000;
        assert_eq!(read_all(&mut capture).0, [(false, frames(5_000))]);
        assert!(capture.is_behind(), "nothing is certain yet");
        capture.take_ends();
        let (after, _) = read_all(&mut capture);
        let [(true, silence), (false, sound)] = after[..] else { panic!("{after:?}") };
        assert_eq!(silence, frames(3_000));
        assert!(sound > frames(100), "{sound} frames of sound");
        assert!(!capture.is_behind());
    }
}

#[test]
fn the_end_of_a_take_waits_for_a_stream_that_is_opened_again_and_for_none_that_is_lost() {
    let (mut stream, mut capture, events) = stream(50, RATE);
    stream.blocks(10);
    read_all(&mut capture);
    assert!(!capture.is_behind());
    events.send(Event::Reopens).expect("the microphone listens");
    read_all(&mut capture);
    assert!(capture.is_behind(), "what is said now comes with it");
    events.send(Event::Lost("gone".to_owned())).expect("the microphone listens");
    while !matches!(capture.read(&mut Vec::new(), BLOCK, Duration::ZERO), Heard::Lost(_)) {}
    assert!(!capture.is_behind());
}

#[test]
fn the_end_of_a_take_opens_no_gate() {
    let (mut stream, mut capture, _events) = stream(50, RATE);
    let gate = Arc::clone(&capture.stream.as_ref().expect("there is one").1);
    gate.vouch(Instant::now());
    gate.shut(Instant::now());
    capture.take_ends();
    stream.blocks(10);
    assert_eq!(read_all(&mut capture).0, [], "it may be what the speaker plays");
    assert!(!capture.is_behind(), "so nobody waits for it");
}
