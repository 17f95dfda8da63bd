//! Streams that are late, that drift and that lose, block by block.

use super::*;

const RATE: SampleRate = SampleRate(48_000);
/// Frames of a block: 50 ms.
const BLOCK: u64 = 2_400;
const BLOCK_US: u64 = 50_000;

/// A stream of blocks.
struct Stream {
    judge: Judge,
    frames: u64,
    at_us: u64,
    found: Vec<Lapse>,
}

impl Stream {
    fn new() -> Stream {
        let mut stream = Stream { judge: Judge::new(RATE), frames: 0, at_us: 700_000, found: Vec::new() };
        stream.runs(100);
        stream
    }

    /// A block that came at this time.
    fn block(&mut self, at_us: u64, frames: u64) {
        self.block_after(at_us, frames, false);
    }

    fn block_after(&mut self, at_us: u64, frames: u64, overrun: bool) {
        self.at_us = at_us;
        self.frames += frames;
        let found = self.judge.add(Stamp { at_us, frames: self.frames, overrun });
        self.found.extend(found);
    }

    /// Blocks that come in time, but for a few milliseconds.
    fn runs(&mut self, blocks: u64) {
        let began = self.at_us;
        for n in 1..=blocks {
            self.block(began + n * BLOCK_US + (n % 7) * 1_000 * u64::from(n < blocks), BLOCK);
        }
    }

    fn holds_back(&self) -> bool {
        self.judge.sure_until() < self.frames
    }
}

/// Whether it is this long, within 100 ms.
fn is_near(frames: u64, ms: u64) -> bool {
    frames.abs_diff(ms * 48) <= 4_800
}

#[test]
fn a_stream_that_stands_still_and_delivers_all_of_it_afterwards_lost_nothing() {
    let mut stream = Stream::new();
    let before = stream.frames;
    // Suspended for four seconds; the blocks of that time come within a hundredth of one.
    let back = stream.at_us + 4_000_000;
    for n in 0..80 {
        stream.block(back + n * 100, BLOCK);
        assert!(stream.judge.sure_until() >= before, "what came before is never in doubt");
    }
    stream.runs(100);
    assert_eq!((stream.found.len(), stream.holds_back()), (0, false));
}

#[test]
fn frames_that_never_come_are_missing_where_the_stream_stood_still() {
    let mut stream = Stream::new();
    let before = stream.frames;
    stream.at_us += 4_000_000;
    stream.runs(20);
    assert!(stream.holds_back(), "what comes after it waits");
    stream.runs(60);
    let [lapse] = stream.found[..] else { panic!("{:?}", stream.found) };
    assert_eq!(lapse.at, before);
    assert!(is_near(lapse.frames, 4_000), "{lapse:?}");
    assert!(!stream.holds_back());
    stream.runs(1_000);
    assert_eq!(stream.found.len(), 1, "once");
}

#[test]
fn frames_that_found_no_room_with_the_server_are_missing_after_those_that_did() {
    let mut stream = Stream::new();
    let back = stream.at_us + 4_000_000;
    // Two and a half seconds were kept, one and a half were not.
    for n in 0..50 {
        stream.block(back + n * 100, BLOCK);
    }
    let kept = stream.frames;
    stream.runs(100);
    let [lapse] = stream.found[..] else { panic!("{:?}", stream.found) };
    assert!(lapse.at.abs_diff(kept) <= 2 * BLOCK, "{lapse:?} after {kept}");
    assert!(is_near(lapse.frames, 1_500), "{lapse:?}");
}

#[test]
fn two_losses_are_two() {
    let mut stream = Stream::new();
    stream.at_us += 300_000;
    stream.runs(100);
    stream.at_us += 900_000;
    stream.runs(100);
    let [first, second] = stream.found[..] else { panic!("{:?}", stream.found) };
    assert!(is_near(first.frames, 300) && is_near(second.frames, 900), "{first:?} {second:?}");
}

#[test]
fn a_short_loss_that_the_system_tells_of_is_found_too() {
    let mut stream = Stream::new();
    let before = stream.frames;
    stream.block_after(stream.at_us + BLOCK_US + 60_000, BLOCK, true);
    stream.runs(100);
    let [lapse] = stream.found[..] else { panic!("{:?}", stream.found) };
    assert_eq!(lapse.at, before);
    assert!(lapse.frames.abs_diff(60 * 48) <= 480, "{lapse:?}");
}

#[test]
fn an_overrun_after_which_the_stream_catches_up_lost_nothing() {
    let mut stream = Stream::new();
    let late = stream.at_us + 10 * BLOCK_US;
    for n in 0..10 {
        stream.block_after(late + n, BLOCK, n == 0);
    }
    stream.runs(100);
    assert_eq!((stream.found.len(), stream.holds_back()), (0, false), "{:?}", stream.found);
}

#[test]
fn a_machine_that_loses_all_the_time_has_its_time_right_all_the_same() {
    let mut stream = Stream::new();
    // A tenth of a second is lost in each second, for a minute.
    for _ in 0..60 {
        stream.block_after(stream.at_us + BLOCK_US + 100_000, BLOCK, true);
        stream.runs(17);
    }
    stream.runs(100);
    let found: u64 = stream.found.iter().map(|lapse| lapse.frames).sum();
    assert!(is_near(found, 6_000), "{found} frames in {} losses", stream.found.len());
    assert!(!stream.holds_back());
}

#[test]
fn a_stream_that_catches_up_slowly_lost_nothing() {
    let mut stream = Stream::new();
    stream.at_us += 2_000_000;
    // Half as fast again as it plays.
    let back = stream.at_us;
    for n in 1..=80 {
        stream.block(back + n * BLOCK_US, BLOCK * 3 / 2);
    }
    stream.runs(100);
    assert_eq!((stream.found.len(), stream.holds_back()), (0, false), "{:?}", stream.found);
}

#[test]
fn a_busy_machine_loses_nothing() {
    let mut stream = Stream::new();
    // Blocks of 50 ms that are up to 700 ms late, again and again, and come together then.
    for round in 1..200 {
        let (began, blocks) = (stream.at_us, 1 + round % 14);
        for n in 1..=blocks {
            stream.block(began + blocks * BLOCK_US + n, BLOCK);
        }
        stream.at_us = began + blocks * BLOCK_US;
    }
    stream.runs(100);
    assert_eq!((stream.found.len(), stream.holds_back()), (0, false), "{:?}", stream.found);
}

#[test]
fn a_clock_that_is_a_little_off_for_hours_loses_nothing() {
    for slow in [true, false] {
        let mut stream = Stream::new();
        // 100 ppm for three hours, more than a second in all.
        for _ in 0..3 * 3_600 * 20 {
            let at = if slow { stream.at_us + BLOCK_US + 5 } else { stream.at_us + BLOCK_US - 5 };
            stream.block(at, BLOCK);
            assert!(!stream.holds_back());
        }
        assert_eq!(stream.found.len(), 0);
    }
}

#[test]
fn a_source_that_begins_with_a_burst_loses_nothing() {
    let (judge, found) = (Judge::new(RATE), Vec::new());
    let mut stream = Stream { judge, frames: 0, at_us: 0, found };
    stream.block(1_700_000, BLOCK);
    stream.block(1_700_100, 80_000);
    stream.runs(1_000);
    assert_eq!((stream.found.len(), stream.holds_back()), (0, false), "{:?}", stream.found);
}

#[test]
fn what_is_missing_is_given_out_in_its_place() {
    let (mut stamper, mut lapses) = lapses(RATE, Instant::now());
    let mut at = 0;
    let mut runs = |stamper: &mut Stamper, blocks: u64, pause: u64| {
        at += pause;
        for _ in 0..blocks {
            at += BLOCK_US;
            stamper.stamp(at, BLOCK, false);
        }
    };
    runs(&mut stamper, 100, 0);
    assert_eq!(lapses.lets_through(0), 100 * BLOCK);
    runs(&mut stamper, 10, 1_000_000);
    assert_eq!(lapses.lets_through(0), 100 * BLOCK, "in doubt");
    assert_eq!(lapses.all(), 110 * BLOCK);
    runs(&mut stamper, 90, 0);
    assert_eq!(lapses.lets_through(0), 100 * BLOCK);
    assert_eq!(lapses.take(99 * BLOCK, 1_000), 0, "not yet");
    assert_eq!(lapses.take(100 * BLOCK, 1_000), 1_000);
    assert_eq!(lapses.take(100 * BLOCK, 100_000), 47_000);
    assert_eq!(lapses.take(100 * BLOCK, 1_000), 0);
    assert_eq!(lapses.lets_through(100 * BLOCK), 200 * BLOCK);
}

#[test]
fn a_reader_that_was_away_for_long_misses_no_frame() {
    let (mut stamper, mut lapses) = lapses(RATE, Instant::now());
    for n in 1..=2 * STAMPS as u64 {
        stamper.stamp(n * BLOCK_US, BLOCK, false);
    }
    lapses.lets_through(0);
    stamper.stamp((2 * STAMPS as u64 + 1) * BLOCK_US, BLOCK, false);
    assert_eq!(lapses.lets_through(0), (2 * STAMPS as u64 + 1) * BLOCK);
}

#[test]
fn a_stream_begins_and_ends_when_its_frames_were_captured_and_not_when_they_came() {
    let born = Instant::now();
    let (mut stamper, mut lapses) = lapses(RATE, born);
    assert_eq!((lapses.began(true, None), lapses.ended()), (None, None));
    stamper.stamp(700_000, BLOCK, false);
    assert_eq!(lapses.began(false, None), None, "the first block may be late");
    for n in 2..=60 {
        stamper.stamp(300_000 + n * BLOCK_US, BLOCK, false);
    }
    assert_eq!(lapses.began(false, None), Some(born + Duration::from_millis(300)));
    stamper.stamp(300_000 + 64 * BLOCK_US, BLOCK, false);
    assert_eq!(lapses.ended(), Some(born + Duration::from_micros(300_000 + 61 * BLOCK_US)), "the last one was late");
}
