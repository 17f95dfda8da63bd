//! What the audio callback of a speaker does: plays the clip or the stream it was handed, and silence.
//!
//! Neither waits, allocates nor frees: both come and go through rings, and are freed by whoever takes them back.
//! Knows nothing of devices.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rtrb::{Consumer, Producer, RingBuffer};

/// How many clips may be on their way.
const CUES: usize = 64;
/// Over how many frames a clip that is cut short fades: 5 ms at 48 kHz, so that it does not click.
const FADE: usize = 240;

/// Sound at the device's rate, with a number that no other has.
#[derive(Debug)]
pub(super) struct Cue {
    pub(super) number: u64,
    pub(super) sound: Sound,
}

#[derive(Debug)]
pub(super) enum Sound {
    /// A clip.
    Clip {
        samples: Arc<Vec<i16>>,
        /// The sample it begins with: not the first where another stream of the device played a part of it.
        from: usize,
    },
    /// What is fed while it is heard; it is whole when the other end of the ring is gone.
    Stream(Consumer<i16>),
}

impl Sound {
    fn begins(&self) -> usize {
        match self {
            Sound::Clip { from, .. } => *from,
            Sound::Stream(_) => 0,
        }
    }

    /// The frame at `at`, where the one before was asked for last.
    fn next(&mut self, at: usize) -> Next {
        match self {
            Sound::Clip { samples, .. } => samples.get(at).map_or(Next::End, |sample| Next::Frame(*sample)),
            Sound::Stream(ring) => match ring.pop() {
                Ok(sample) => Next::Frame(sample),
                Err(_) if !ring.is_abandoned() => Next::Later,
                // The last frames may have come between the two looks.
                Err(_) => ring.pop().map_or(Next::End, Next::Frame),
            },
        }
    }
}

enum Next {
    Frame(i16),
    /// It was not fed in time.
    Later,
    End,
}

/// Where the playing stands; written by the callback and by whoever wants something played.
#[derive(Debug)]
pub(super) struct Stand {
    born: Instant,
    wanted: AtomicU64,
    ended: AtomicU64,
    silent_at_us: AtomicU64,
    begun: AtomicU64,
    position: AtomicU64,
    /// When the first frame of what sounds would have been heard if it had never stood still, in microseconds.
    origin_us: AtomicI64,
    rate: AtomicU64,
}

impl Stand {
    pub(super) fn new() -> Stand {
        let zero = || AtomicU64::new(0);
        Stand {
            born: Instant::now(),
            wanted: zero(),
            ended: zero(),
            silent_at_us: zero(),
            begun: zero(),
            position: zero(),
            origin_us: AtomicI64::new(0),
            rate: zero(),
        }
    }

    /// Sets the number of the sound that is wanted; zero for none.
    pub(super) fn want(&self, number: u64) {
        self.wanted.store(number, Ordering::Release);
    }

    pub(super) fn wanted(&self) -> u64 {
        self.wanted.load(Ordering::Acquire)
    }

    /// Whether the last sample of the clip has had the time to be heard.
    pub(super) fn heard_out(&self, number: u64) -> bool {
        self.handed_over(number) && self.now_us() >= self.silent_at_us.load(Ordering::Acquire)
    }

    /// How many frames of the clip were handed to the device; none where it has not begun.
    pub(super) fn position(&self, number: u64) -> u64 {
        if self.begun.load(Ordering::Acquire) == number { self.position.load(Ordering::Acquire) } else { 0 }
    }

    /// How many frames of the sound have had the time to be heard.
    pub(super) fn heard(&self, number: u64) -> u64 {
        let position = self.position(number);
        let passed = (self.now_us() as i64).saturating_sub(self.origin_us.load(Ordering::Acquire)).max(0) as u64;
        let heard = u128::from(passed) * u128::from(self.rate.load(Ordering::Acquire)) / 1_000_000;
        position.min(heard as u64)
    }

    /// Whether all of the clip was handed to the device.
    pub(super) fn handed_over(&self, number: u64) -> bool {
        self.ended.load(Ordering::Acquire) >= number
    }

    fn now_us(&self) -> u64 {
        self.born.elapsed().as_micros() as u64
    }
}

/// The callback's side.
pub(super) struct Player {
    cues: Consumer<Cue>,
    spent: Producer<Cue>,
    stand: Arc<Stand>,
    current: Option<Cue>,
    at: usize,
    fade: usize,
    ended_in_block: Option<(u64, usize)>,
    frame_of_block: usize,
}

/// The other side.
pub(super) struct Feed {
    cues: Producer<Cue>,
    spent: Consumer<Cue>,
}

/// A player and its feed.
pub(super) fn player(stand: Arc<Stand>) -> (Player, Feed) {
    let (cues_in, cues) = RingBuffer::new(CUES);
    // Room for every clip that can be on its way, and for the one that sounds.
    let (spent, spent_out) = RingBuffer::new(CUES + 2);
    let (current, ended_in_block) = (None, None);
    let player = Player { cues, spent, stand, current, at: 0, fade: 0, ended_in_block, frame_of_block: 0 };
    (player, Feed { cues: cues_in, spent: spent_out })
}

impl Feed {
    /// Hands a clip over; false where too many are on their way.
    pub(super) fn give(&mut self, cue: Cue) -> bool {
        self.clear();
        self.cues.push(cue).is_ok()
    }

    /// Frees the clips that were played.
    pub(super) fn clear(&mut self) {
        while self.spent.pop().is_ok() {}
    }
}

impl Player {
    /// Begins a block of frames for the device.
    pub(super) fn begin(&mut self) {
        self.frame_of_block = 0;
        self.ended_in_block = None;
    }

    /// The next frame.
    pub(super) fn frame(&mut self) -> i16 {
        self.frame_of_block += 1;
        loop {
            let Some(current) = &mut self.current else {
                match self.cues.pop() {
                    Ok(cue) => {
                        // In this order: whoever sees that the clip has begun sees its own position.
                        let from = cue.sound.begins();
                        self.stand.position.store(from as u64, Ordering::Release);
                        self.stand.begun.store(cue.number, Ordering::Release);
                        (self.at, self.fade, self.current) = (from, FADE, Some(cue));
                    }
                    Err(_) => return 0,
                }
                continue;
            };
            let unwanted = self.stand.wanted.load(Ordering::Relaxed) != current.number;
            if unwanted {
                // A clip that has not begun needs no fade.
                self.fade = if self.at == current.sound.begins() { 0 } else { self.fade.saturating_sub(1) };
            }
            let next = if self.fade > 0 { current.sound.next(self.at) } else { Next::End };
            let sample = match next {
                Next::Frame(sample) => sample,
                // Nothing to fade, or nothing yet.
                Next::Later if !unwanted => return 0,
                Next::Later | Next::End => {
                    if !unwanted {
                        self.ended_in_block = Some((current.number, self.frame_of_block));
                    }
                    self.retire();
                    continue;
                }
            };
            self.at += 1;
            return (i32::from(sample) * self.fade as i32 / FADE as i32) as i16;
        }
    }

    /// Ends the block: its first frame is heard `latency` from now, at `rate` frames a second.
    pub(super) fn end(&mut self, latency: Duration, rate: u32) {
        let us = |frames: u64| frames * 1_000_000 / u64::from(rate.max(1));
        let begins_at = self.stand.now_us() + latency.as_micros() as u64;
        let last = self.ended_in_block.map_or(self.frame_of_block, |(_, frames)| frames);
        // Before the position, so that nobody takes the new frames for heard.
        let origin = (begins_at + us(last as u64)) as i64 - us(self.at as u64) as i64;
        self.stand.rate.store(u64::from(rate), Ordering::Release);
        self.stand.origin_us.store(origin, Ordering::Release);
        self.stand.position.store(self.at as u64, Ordering::Release);
        if let Some((number, frames)) = self.ended_in_block.take() {
            let silent_at = begins_at + us(frames as u64);
            self.stand.silent_at_us.store(silent_at, Ordering::Release);
            self.stand.ended.store(number, Ordering::Release);
        }
    }

    fn retire(&mut self) {
        if let Some(cue) = self.current.take()
            && let Err(rtrb::PushError::Full(cue)) = self.spent.push(cue)
        {
            // Never reached while the ring has room for all; freeing memory here would be worse than keeping it.
            std::mem::forget(cue);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(player: &mut Player, count: usize) -> Vec<i16> {
        player.begin();
        let frames = (0..count).map(|_| player.frame()).collect();
        player.end(Duration::ZERO, 48_000);
        frames
    }

    fn cue(number: u64, samples: Vec<i16>) -> Cue {
        Cue { number, sound: Sound::Clip { samples: Arc::new(samples), from: 0 } }
    }

    #[test]
    fn a_clip_sounds_whole_between_silence() {
        let stand = Arc::new(Stand::new());
        let (mut player, mut feed) = player(Arc::clone(&stand));
        assert_eq!(frames(&mut player, 2), [0, 0]);
        stand.want(1);
        assert!(feed.give(cue(1, vec![5, -6, i16::MIN])));
        assert_eq!(frames(&mut player, 2), [5, -6]);
        assert!(!stand.heard_out(1));
        assert_eq!(frames(&mut player, 3), [i16::MIN, 0, 0]);
        let deadline = Instant::now() + Duration::from_secs(5);
        while !stand.heard_out(1) {
            assert!(Instant::now() < deadline);
            std::hint::spin_loop();
        }
    }

    #[test]
    fn a_clip_goes_on_where_another_stream_left_it() {
        let stand = Arc::new(Stand::new());
        let (mut player, mut feed) = player(Arc::clone(&stand));
        stand.want(1);
        feed.give(Cue { number: 1, sound: Sound::Clip { samples: Arc::new(vec![1, 2, 3, 4]), from: 2 } });
        assert_eq!(frames(&mut player, 3), [3, 4, 0]);
        assert!(stand.handed_over(1));
    }

    #[test]
    fn a_clip_that_is_stopped_fades_within_five_milliseconds() {
        let stand = Arc::new(Stand::new());
        let (mut player, mut feed) = player(Arc::clone(&stand));
        stand.want(1);
        feed.give(cue(1, vec![10_000; 48_000]));
        assert_eq!(frames(&mut player, 100), [10_000; 100]);
        stand.want(0);
        let rest = frames(&mut player, 1_000);
        assert!(rest[..FADE].windows(2).all(|pair| pair[0] >= pair[1] && pair[0] - pair[1] < 100));
        assert!(rest[FADE..].iter().all(|&frame| frame == 0));
    }

    #[test]
    fn a_new_clip_takes_the_place_of_the_old_one() {
        let stand = Arc::new(Stand::new());
        let (mut player, mut feed) = player(Arc::clone(&stand));
        stand.want(1);
        feed.give(cue(1, vec![10_000; 48_000]));
        frames(&mut player, 10);
        stand.want(3);
        feed.give(cue(2, vec![7_777; 10]));
        feed.give(cue(3, vec![1, 2, 3]));
        let rest = frames(&mut player, FADE + 10);
        assert!(!rest.contains(&7_777), "a clip that was replaced before it began is not heard");
        assert!(rest.windows(3).any(|three| three == [1, 2, 3]));
        assert!(!stand.heard_out(4));
    }

    fn stream(number: u64) -> (Cue, Producer<i16>) {
        let (feed, ring) = RingBuffer::new(4_800);
        (Cue { number, sound: Sound::Stream(ring) }, feed)
    }

    #[test]
    fn a_stream_sounds_as_it_is_fed_and_is_over_when_it_is_whole() {
        let stand = Arc::new(Stand::new());
        let (mut player, mut feed) = player(Arc::clone(&stand));
        let (cue, mut ring) = stream(1);
        stand.want(1);
        feed.give(cue);
        assert_eq!(frames(&mut player, 2), [0, 0], "nothing was fed yet");
        ring.push_entire_slice(&[1, 2, 3]).expect("there is room");
        assert_eq!(frames(&mut player, 5), [1, 2, 3, 0, 0]);
        assert_eq!((stand.position(1), stand.handed_over(1)), (3, false), "it stands still, and waits");
        ring.push_entire_slice(&[4, 5]).expect("there is room");
        drop(ring);
        assert_eq!(frames(&mut player, 4), [4, 5, 0, 0]);
        assert_eq!((stand.position(1), stand.handed_over(1)), (5, true));
    }

    #[test]
    fn a_stream_that_is_dropped_fades_and_the_next_one_begins_with_its_first_frame() {
        let stand = Arc::new(Stand::new());
        let (mut player, mut feed) = player(Arc::clone(&stand));
        let (cue, mut ring) = stream(1);
        stand.want(1);
        feed.give(cue);
        ring.push_entire_slice(&[10_000; 4_000]).expect("there is room");
        assert_eq!(frames(&mut player, 100), [10_000; 100]);
        let (next, mut next_ring) = stream(2);
        next_ring.push_entire_slice(&[7, 8, 9]).expect("there is room");
        drop(ring);
        stand.want(2);
        feed.give(next);
        let rest = frames(&mut player, FADE + 10);
        let begins = rest.iter().position(|&frame| frame == 7).expect("it begins within the fade");
        assert!(begins <= FADE, "{begins}");
        assert!(rest[..begins].windows(2).all(|pair| pair[0] >= pair[1] && pair[0] - pair[1] < 100));
        assert_eq!(rest[begins..begins + 4], [7, 8, 9, 0]);
        assert_eq!((stand.position(1), stand.position(2)), (0, 3));
    }

    #[test]
    fn what_is_heard_follows_what_was_taken_by_the_delay() {
        let stand = Arc::new(Stand::new());
        let (mut player, mut feed) = player(Arc::clone(&stand));
        let (cue, mut ring) = stream(1);
        stand.want(1);
        feed.give(cue);
        ring.push_entire_slice(&[5; 4_800]).expect("there is room");
        player.begin();
        (0..4_800).for_each(|_| _ = player.frame());
        // At 48 kHz these are 100 ms, the first of them heard in an hour.
        player.end(Duration::from_secs(3_600), 48_000);
        assert_eq!((stand.position(1), stand.heard(1)), (4_800, 0));
        player.begin();
        player.end(Duration::ZERO, 48_000);
        let deadline = Instant::now() + Duration::from_secs(5);
        while stand.heard(1) < 4_800 {
            assert!(Instant::now() < deadline);
            std::hint::spin_loop();
        }
        assert_eq!(stand.heard(2), 0, "another stream has not been heard");
    }

    #[test]
    fn the_callback_hands_every_clip_back_to_be_freed() {
        let stand = Arc::new(Stand::new());
        let (mut player, mut feed) = player(Arc::clone(&stand));
        let samples = Arc::new(vec![1i16; 4]);
        for number in 1..=200 {
            stand.want(number);
            assert!(feed.give(Cue { number, sound: Sound::Clip { samples: Arc::clone(&samples), from: 0 } }));
            frames(&mut player, 10);
        }
        feed.clear();
        assert_eq!(Arc::strong_count(&samples), 1);
    }
}
