//! Finds frames that were lost without a word, by the clock, and the place where they are missing.
//!
//! A stream that is late catches up; one that lost frames stays behind for good. So frames that come late are held back
//! until the stream has caught up, or has stayed as far behind for so long that what is missing will not come. Pure
//! arithmetic: the times and counts come with each block, and nothing here knows a device.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rtrb::{Consumer, Producer, RingBuffer};

use crate::interview::SampleRate;

/// How many blocks may come while nobody looks: half a minute of blocks of 5 ms.
const STAMPS: usize = 6_000;
/// How long the usual lateness of a stream is looked for before any other counts as unusual.
const SETTLING_US: u64 = 2_000_000;
/// How long a stream has to run until its beginning is told: a first block that is late is not the only one by then.
const BEGINNING_US: u64 = 500_000;
/// How long the beginning of a stream, or the end of a doubt, is waited for by who is hurried: blocks come every tenth of
/// a second.
const HURRIED_US: u64 = 100_000;
/// How long a lateness counts as usual: the clock of a microphone may be off by a little, for hours.
const WINDOW_US: u64 = 3_000_000;
/// How much later than usual a block is doubtful: a server that changes its own delay moves a stream by less.
const DOUBT_MS: i64 = 150;
/// How near to the usual lateness nothing is missing.
const NEAR_MS: i64 = 75;
/// How near where the system said that something is.
const NEAR_AFTER_OVERRUN_MS: i64 = 20;
/// How much a stream catches up that is still catching up, and not only less late by chance.
const PROGRESS_MS: i64 = 20;
/// How long a stream stays behind that has lost what it is behind by.
const CERTAIN_US: u64 = 1_500_000;
/// How long a stream may take to catch up, or to lose no more; its frames are held back no longer.
const LONGEST_US: u64 = 10_000_000;

/// When a block came, and how many frames of the stream there were with it.
#[derive(Debug, Clone, Copy)]
struct Stamp {
    at_us: u64,
    frames: u64,
    overrun: bool,
}

/// The end of the callback: neither waits, allocates nor locks.
pub(super) struct Stamper {
    stamps: Producer<Stamp>,
    frames: u64,
    last: Arc<AtomicU64>,
}

impl Stamper {
    /// Notes a block of `frames` frames, before they are handed over; `overrun` where the system said that it lost some
    /// before them.
    pub(super) fn stamp(&mut self, at_us: u64, frames: u64, overrun: bool) {
        self.frames += frames;
        // One that finds no room is made up for by the next: it counts all frames before it.
        let _ = self.stamps.push(Stamp { at_us, frames: self.frames, overrun });
        self.last.store(self.frames, Ordering::Release);
    }
}

/// The end of the reader.
pub(super) struct Lapses {
    stamps: Consumer<Stamp>,
    last: Arc<AtomicU64>,
    born: Instant,
    judge: Judge,
    /// The loss that is certain and has not been given out.
    found: Option<Lapse>,
}

/// Frames that are missing after the first `at` of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lapse {
    pub(super) at: u64,
    pub(super) frames: u64,
}

/// The two ends for a stream of `rate` frames a second; its times count from `born`.
pub(super) fn lapses(rate: SampleRate, born: Instant) -> (Stamper, Lapses) {
    let (stamps_in, stamps) = RingBuffer::new(STAMPS);
    let last = Arc::new(AtomicU64::new(0));
    let stamper = Stamper { stamps: stamps_in, frames: 0, last: Arc::clone(&last) };
    (stamper, Lapses { stamps, last, born, judge: Judge::new(rate), found: None })
}

impl Lapses {
    /// How many frames of the stream may be taken; `position` of them were.
    pub(super) fn lets_through(&mut self, position: u64) -> u64 {
        while self.found.is_none()
            && let Ok(stamp) = self.stamps.pop()
        {
            self.found = self.judge.add(stamp);
        }
        match self.found {
            Some(lapse) => lapse.at.max(position),
            None => self.judge.sure_until(),
        }
    }

    /// Whether a loss is certain and has not been given out.
    pub(super) fn has_found(&self) -> bool {
        self.found.is_some()
    }

    /// All frames that came, whether or not something is missing among them: for a stream that is over.
    pub(super) fn all(&self) -> u64 {
        self.last.load(Ordering::Acquire)
    }

    /// When the first frame was captured, as far as the blocks tell; nothing as long as they are too few, unless the
    /// stream is `over` and there will be no more, or somebody is `hurried` at this time.
    pub(super) fn began(&mut self, over: bool, hurried: Option<Instant>) -> Option<Instant> {
        self.lets_through(0);
        let began_us = self.judge.began_us?;
        let is_enough = self.judge.last_us.saturating_sub(began_us) >= BEGINNING_US
            || hurried.is_some_and(|now| self.us(now).saturating_sub(began_us) >= HURRIED_US);
        if is_enough || over { self.captured(0) } else { None }
    }

    /// When the last frame that came was captured, or that is missing at the end; nothing where none ever came.
    pub(super) fn ended(&mut self) -> Option<Instant> {
        self.lets_through(0);
        self.captured((self.judge.frames + self.judge.found) as i64)
    }

    /// Ends a doubt for somebody who is hurried at `now`: what is behind and does not catch up is lost.
    pub(super) fn decide(&mut self, now: Instant) {
        self.lets_through(0);
        if self.found.is_none() {
            self.found = self.judge.decide(self.us(now));
        }
    }

    /// Microseconds from the birth of the stream.
    fn us(&self, now: Instant) -> u64 {
        now.saturating_duration_since(self.born).as_micros() as u64
    }

    /// When so many frames of the stream were captured, were none of them late.
    fn captured(&self, frames: i64) -> Option<Instant> {
        self.judge.began_us?;
        let us = (frames + self.judge.window.usual()) * 1_000_000 / self.judge.rate.max(1);
        let from_birth = Duration::from_micros(us.unsigned_abs());
        if us < 0 { self.born.checked_sub(from_birth) } else { self.born.checked_add(from_birth) }
    }

    /// Gives out at most `most` of the frames that are missing after the first `position` of the stream.
    pub(super) fn take(&mut self, position: u64, most: usize) -> usize {
        let Some(lapse) = self.found.as_mut().filter(|lapse| lapse.at <= position) else { return 0 };
        let now = lapse.frames.min(most as u64);
        lapse.frames -= now;
        if lapse.frames == 0 {
            self.found = None;
        }
        now as usize
    }
}

/// Compares counts of frames with the clock.
#[derive(Debug)]
struct Judge {
    rate: i64,
    began_us: Option<u64>,
    last_us: u64,
    /// Frames that were found missing count as if they had come.
    found: u64,
    frames: u64,
    window: Window,
    doubt: Option<Doubt>,
}

/// The least lateness, in frames, of the time just now and of the time before that.
#[derive(Debug)]
struct Window {
    began_us: u64,
    least: i64,
    before: i64,
}

/// A stream that is behind.
#[derive(Debug, Clone, Copy)]
struct Doubt {
    since_us: u64,
    /// The system said that it lost frames.
    overrun: bool,
    /// All frames up to this one belong together.
    at: u64,
    /// How far behind it is at least, and since when.
    least: i64,
    least_since_us: u64,
}

impl Judge {
    fn new(rate: SampleRate) -> Judge {
        let window = Window { began_us: 0, least: i64::MAX, before: i64::MAX };
        Judge { rate: i64::from(rate.0), began_us: None, last_us: 0, found: 0, frames: 0, window, doubt: None }
    }

    /// Up to where nothing is missing, as far as is known.
    fn sure_until(&self) -> u64 {
        self.doubt.map_or(self.frames, |doubt| doubt.at)
    }

    /// What is missing, for somebody who cannot wait until that is certain.
    fn decide(&mut self, now_us: u64) -> Option<Lapse> {
        let doubt = self.doubt.filter(|doubt| now_us.saturating_sub(doubt.least_since_us) >= HURRIED_US)?;
        Some(self.lose(doubt))
    }

    /// What is in doubt is lost.
    fn lose(&mut self, doubt: Doubt) -> Lapse {
        let lapse = Lapse { at: doubt.at, frames: doubt.least.unsigned_abs() };
        self.found += lapse.frames;
        self.doubt = None;
        lapse
    }

    /// Adds a block; says what is missing once that is certain.
    fn add(&mut self, Stamp { at_us, frames, overrun }: Stamp) -> Option<Lapse> {
        let began = *self.began_us.get_or_insert(at_us);
        let before = std::mem::replace(&mut self.frames, frames);
        self.last_us = at_us;
        let late = (at_us as i64).saturating_mul(self.rate) / 1_000_000 - (frames + self.found) as i64;
        if at_us.saturating_sub(began) < SETTLING_US {
            self.window.add(at_us, late);
            return None;
        }
        let behind = late - self.window.usual().min(late);
        let frames_of = |ms: i64| ms * self.rate / 1_000;
        let doubt = match &mut self.doubt {
            None if behind < frames_of(DOUBT_MS) && !overrun => {
                self.window.add(at_us, late);
                return None;
            }
            // What came with this block may lie beyond the loss; what came before does not.
            None => {
                let new = Doubt { since_us: at_us, overrun, at: before, least: behind, least_since_us: at_us };
                self.doubt = Some(new);
                return None;
            }
            Some(doubt) => doubt,
        };
        if overrun {
            // What is missing now is missing beside what was.
            (doubt.overrun, doubt.least, doubt.least_since_us) = (true, behind, at_us);
        }
        if behind <= frames_of(if doubt.overrun { NEAR_AFTER_OVERRUN_MS } else { NEAR_MS }) {
            self.doubt = None;
            self.window.add(at_us, late);
            return None;
        }
        if behind <= doubt.least - frames_of(PROGRESS_MS) {
            // It catches up, so this block goes on where the one before it ended.
            (doubt.at, doubt.least, doubt.least_since_us) = (frames, behind, at_us);
        }
        doubt.least = doubt.least.min(behind);
        let is_long = at_us.saturating_sub(doubt.since_us) >= LONGEST_US;
        if at_us.saturating_sub(doubt.least_since_us) >= CERTAIN_US || (is_long && doubt.overrun) {
            let doubt = *doubt;
            return Some(self.lose(doubt));
        }
        if is_long {
            // Neither caught up nor settled: this is how late it is now.
            self.doubt = None;
            self.window = Window { began_us: at_us, least: late, before: i64::MAX };
        }
        None
    }
}

impl Window {
    fn add(&mut self, at_us: u64, late: i64) {
        if at_us.saturating_sub(self.began_us) >= WINDOW_US {
            (self.before, self.least, self.began_us) = (self.least, late, at_us);
        }
        self.least = self.least.min(late);
    }

    fn usual(&self) -> i64 {
        self.least.min(self.before)
    }
}

#[cfg(test)]
#[path = "lapse_tests.rs"]
mod tests;
