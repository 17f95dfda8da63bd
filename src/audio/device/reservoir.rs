//! Frames on their way from the audio callback to whoever reads them, with an exact account of those that were lost.
//!
//! The callback's end never waits, allocates or locks.
//! What it cannot hand over it counts, and the reader's end puts as many zeros in the same place, so that the count of
//! frames is the count of frames captured. Knows nothing of devices.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rtrb::{Consumer, Producer, RingBuffer};

/// How many separate losses are kept apart; one more joins the loss before it.
const GAPS: usize = 256;

/// A loss: `frames` of them, after the first `at` frames that were handed over.
#[derive(Debug, Clone, Copy)]
struct Gap {
    at: u64,
    frames: u64,
}

/// The end of the callback.
pub(super) struct Inlet {
    frames: Producer<i16>,
    gaps: Producer<Gap>,
    given: u64,
    owed: u64,
    lost: Arc<AtomicU64>,
}

/// The end of the reader.
pub(super) struct Outlet {
    frames: Consumer<i16>,
    gaps: Consumer<Gap>,
    taken: u64,
    silence_left: u64,
    silence_given: u64,
    lost: Arc<AtomicU64>,
}

/// What was taken at once: so many frames of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    Sound(usize),
    /// Silence in the place of lost frames.
    Silence(usize),
}

impl Taken {
    /// How many frames, of whichever kind.
    pub(super) fn frames(self) -> usize {
        let (Taken::Sound(frames) | Taken::Silence(frames)) = self;
        frames
    }

    /// How many of them stand for lost ones.
    pub(super) fn dropped(self) -> u64 {
        match self {
            Taken::Sound(_) => 0,
            Taken::Silence(frames) => frames as u64,
        }
    }
}

/// The two ends of a reservoir that holds `capacity` frames.
pub(super) fn reservoir(capacity: usize) -> (Inlet, Outlet) {
    let (frames_in, frames_out) = RingBuffer::new(capacity);
    let (gaps_in, gaps_out) = RingBuffer::new(GAPS);
    let lost = Arc::new(AtomicU64::new(0));
    let inlet = Inlet { frames: frames_in, gaps: gaps_in, given: 0, owed: 0, lost: Arc::clone(&lost) };
    (inlet, Outlet { frames: frames_out, gaps: gaps_out, taken: 0, silence_left: 0, silence_given: 0, lost })
}

impl Inlet {
    /// Hands over `count` frames, or counts all of them as lost where there is no room for them.
    pub(super) fn give(&mut self, count: usize, frames: impl Iterator<Item = i16>) {
        let gap = Gap { at: self.given, frames: self.owed };
        let room = self.frames.slots() >= count && (self.owed == 0 || self.gaps.push(gap).is_ok());
        if !room {
            self.lose(count as u64);
            return;
        }
        self.owed = 0;
        // The gap is visible before the frames that follow it: the reader looks at the frames first.
        if let Ok(chunk) = self.frames.write_chunk_uninit(count) {
            let written = chunk.fill_from_iter(frames);
            self.given += written as u64;
            if written < count {
                self.lose((count - written) as u64);
            }
        }
    }

    /// Counts frames that were lost before they came here.
    pub(super) fn lose(&mut self, frames: u64) {
        self.owed += frames;
        self.lost.fetch_add(frames, Ordering::Release);
    }
}

impl Outlet {
    /// How many frames were taken, those that stand for lost ones among them.
    pub(super) fn position(&self) -> u64 {
        self.taken + self.silence_given
    }

    /// Appends at most `most` frames to `block`: sound up to the next loss, or silence in the place of one.
    pub(super) fn take(&mut self, block: &mut Vec<i16>, most: usize) -> Taken {
        let mut came = 0;
        while came < most {
            // In this order: a loss that came before these frames is visible once they are.
            let ready = self.frames.slots();
            if self.silence_left == 0
                && let Ok(gap) = self.gaps.peek().copied()
                && gap.at == self.taken
            {
                self.silence_left = gap.frames;
                let _ = self.gaps.pop();
            }
            if self.silence_left > 0 {
                if came > 0 {
                    break;
                }
                let now = self.silence_left.min(most as u64);
                block.resize(block.len() + now as usize, 0);
                self.silence_left -= now;
                self.silence_given += now;
                return Taken::Silence(now as usize);
            }
            let until_gap = self.gaps.peek().map_or(u64::MAX, |gap| gap.at - self.taken);
            let now = (most - came).min(ready).min(usize::try_from(until_gap).unwrap_or(usize::MAX));
            if now == 0 {
                break;
            }
            let Ok(chunk) = self.frames.read_chunk(now) else { break };
            let (front, back) = chunk.as_slices();
            block.extend_from_slice(front);
            block.extend_from_slice(back);
            chunk.commit_all();
            self.taken += now as u64;
            came += now;
        }
        Taken::Sound(came)
    }

    /// Appends zeros for losses at the very end, after which no frame was handed over: for a reservoir that gets no
    /// more frames. At most `most`; returns how many.
    pub(super) fn take_end(&mut self, block: &mut Vec<i16>, most: usize) -> u64 {
        let owed = self.lost.load(Ordering::Acquire).saturating_sub(self.silence_given);
        let now = owed.min(most as u64);
        block.resize(block.len() + now as usize, 0);
        self.silence_given += now;
        now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn give(inlet: &mut Inlet, frames: &[i16]) {
        inlet.give(frames.len(), frames.iter().copied());
    }

    #[test]
    fn frames_come_out_as_they_went_in() {
        let (mut inlet, mut outlet) = reservoir(10);
        give(&mut inlet, &[1, 2, 3]);
        let mut block = vec![9];
        assert_eq!(outlet.take(&mut block, 2), Taken::Sound(2));
        assert_eq!(outlet.take(&mut block, 2), Taken::Sound(1));
        assert_eq!(outlet.take(&mut block, 2), Taken::Sound(0));
        assert_eq!(block, [9, 1, 2, 3]);
    }

    #[test]
    fn lost_frames_are_silence_in_their_own_place() {
        let (mut inlet, mut outlet) = reservoir(4);
        let mut block = Vec::new();
        give(&mut inlet, &[1, 2, 3]);
        give(&mut inlet, &[4, 5]);
        give(&mut inlet, &[6, 7]);
        assert_eq!(outlet.take(&mut block, 2), Taken::Sound(2));
        give(&mut inlet, &[8, 9]);
        assert_eq!(outlet.take(&mut block, 100), Taken::Sound(1), "sound ends where a loss begins");
        assert_eq!(outlet.take(&mut block, 100), Taken::Silence(4), "and begins where it ends");
        assert_eq!(outlet.take(&mut block, 100), Taken::Sound(2));
        assert_eq!(block, [1, 2, 3, 0, 0, 0, 0, 8, 9]);
    }

    #[test]
    fn a_loss_can_be_taken_in_pieces() {
        let (mut inlet, mut outlet) = reservoir(4);
        let mut block = Vec::new();
        inlet.lose(5);
        give(&mut inlet, &[1]);
        assert_eq!(outlet.take(&mut block, 3), Taken::Silence(3));
        assert_eq!(outlet.take(&mut block, 3), Taken::Silence(2));
        assert_eq!(outlet.take(&mut block, 3), Taken::Sound(1));
        assert_eq!(block, [0, 0, 0, 0, 0, 1]);
    }

    #[test]
    fn a_loss_at_the_end_is_not_forgotten() {
        let (mut inlet, mut outlet) = reservoir(2);
        let mut block = Vec::new();
        give(&mut inlet, &[1, 2]);
        give(&mut inlet, &[3]);
        assert_eq!(outlet.take(&mut block, 10), Taken::Sound(2));
        assert_eq!(outlet.take_end(&mut block, 10), 1);
        assert_eq!(outlet.take_end(&mut block, 10), 0);
        assert_eq!(block, [1, 2, 0]);
    }

    #[test]
    fn every_frame_is_accounted_for_under_a_reader_that_is_too_slow() {
        const FRAMES: usize = 200_000;
        let (mut inlet, mut outlet) = reservoir(1_000);
        let writer = std::thread::spawn(move || {
            for start in (0..FRAMES).step_by(100) {
                inlet.give(100, (start..start + 100).map(|n| (n % 30_000 + 1) as i16));
                std::thread::yield_now();
            }
        });
        let (mut block, mut dropped) = (Vec::new(), 0);
        while !writer.is_finished() {
            dropped += outlet.take(&mut block, 37).dropped();
            std::thread::yield_now();
        }
        writer.join().expect("the writer does not panic");
        loop {
            match outlet.take(&mut block, 1_000) {
                Taken::Sound(0) => break,
                taken => dropped += taken.dropped(),
            }
        }
        dropped += outlet.take_end(&mut block, FRAMES);
        assert_eq!(block.len(), FRAMES);
        assert_eq!(block.iter().filter(|&&frame| frame == 0).count() as u64, dropped);
        for (n, &frame) in block.iter().enumerate() {
            assert!(frame == 0 || frame == (n % 30_000 + 1) as i16, "frame {n} is {frame}");
        }
    }
}
