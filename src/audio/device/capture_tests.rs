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

/// A stream with room for `seconds`, and the microphone of a session at `rate` that it is read by.
fn stream(seconds: usize, rate: SampleRate) -> (Stream, DeviceCapture, Sender<Event>) {
    let (inlet, outlet) = reservoir(RATE.0 as usize * seconds);
    let (stamper, lapses) = lapses(RATE);
    let signs = Arc::new(Signs::new());
    let gate = Arc::new(Gate::new(Arc::clone(&signs)));
    let (tell, events) = channel();
    let capture = DeviceCapture {
        rate,
        name: "a test".to_owned(),
        stream: Some((outlet, gate, lapses)),
        missing: 0,
        follow: if rate == RATE { None } else { Follow::new(RATE, rate) },
        scratch: Vec::new(),
        zeros: Zeros::new(rate),
        notices: VecDeque::new(),
        events,
        next: None,
        stop: None,
        stopped: channel().1,
    };
    (Stream { inlet, stamper, signs, at_us: 0 }, capture, tell)
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
