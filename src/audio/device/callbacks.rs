//! What runs on a sound system's own thread.
//!
//! Nothing here allocates, locks, logs or touches a file: frames go through rings, all else through atomics.
//! A test runs both callbacks under an allocator that counts.

use std::sync::Arc;
use std::time::Duration;

use cpal::Data;

use super::lapse::Stamper;
use super::mix;
use super::player::Player;
use super::reservoir::Inlet;
use super::signs::Signs;

/// A delay beyond this is a mistake of the sound system's.
const LONGEST_DELAY: Duration = Duration::from_secs(2);

/// What a microphone's stream calls.
pub(super) struct Listener {
    inlet: Inlet,
    stamper: Stamper,
    signs: Arc<Signs>,
    channels: u16,
    overruns_seen: u64,
}

impl Listener {
    /// Brings the frames of a stream to `inlet`, and when they came to `stamper`.
    pub(super) fn new(inlet: Inlet, stamper: Stamper, signs: Arc<Signs>, channels: u16) -> Listener {
        Listener { inlet, stamper, signs, channels, overruns_seen: 0 }
    }

    /// Takes a block in.
    pub(super) fn call(&mut self, data: &Data) {
        let now = self.signs.called();
        mix::to_mono(data, self.channels, &mut |count, frames| self.take(now, count, frames));
    }

    fn take(&mut self, now: u64, count: usize, frames: &mut dyn Iterator<Item = i16>) {
        let overruns = self.signs.overruns();
        let overrun = std::mem::replace(&mut self.overruns_seen, overruns) != overruns;
        self.signs.came(count as u64);
        // An overrun says that frames were lost, not how many: the clock will tell.
        self.stamper.stamp(now, count as u64, overrun);
        self.inlet.give(count, frames);
    }
}

/// What a speaker's stream calls.
pub(super) struct Speaker {
    player: Player,
    signs: Arc<Signs>,
    channels: u16,
    rate: u32,
}

impl Speaker {
    /// Fills the blocks of a stream from `player`.
    pub(super) fn new(player: Player, signs: Arc<Signs>, channels: u16, rate: u32) -> Speaker {
        Speaker { player, signs, channels, rate }
    }

    /// Fills a block, which is heard after `delay`.
    pub(super) fn call(&mut self, data: &mut Data, delay: Duration) {
        self.signs.called();
        self.player.begin();
        mix::from_mono(data, self.channels, &mut || self.player.frame());
        let frames = data.len() / usize::from(self.channels.max(1));
        // A server that has not measured its delay yet says none; a block is the least it can be.
        let block = Duration::from_micros(frames as u64 * 1_000_000 / u64::from(self.rate.max(1)));
        self.player.end(delay.clamp(block.min(LONGEST_DELAY), LONGEST_DELAY), self.rate);
    }
}

#[cfg(test)]
mod tests {
    use std::alloc::{GlobalAlloc, Layout, System};
    use std::cell::Cell;

    use cpal::SizedSample;

    use super::*;
    use crate::audio::device::lapse::lapses;
    use crate::audio::device::player::{Cue, Sound, Stand, player};
    use crate::audio::device::reservoir::reservoir;
    use crate::interview::SampleRate;

    /// Counts what each thread allocates and frees.
    struct Counting;

    thread_local! {
        static COUNT: Cell<u64> = const { Cell::new(0) };
    }

    fn count() {
        // A thread that is ending has nothing left to count with.
        let _ = COUNT.try_with(|count| count.set(count.get() + 1));
    }

    // SAFETY: everything is left to the system's allocator.
    unsafe impl GlobalAlloc for Counting {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            count();
            // SAFETY: the caller keeps what this function asks for.
            unsafe { System.alloc(layout) }
        }

        unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
            count();
            // SAFETY: as above.
            unsafe { System.dealloc(at, layout) }
        }
    }

    #[global_allocator]
    static ALLOCATOR: Counting = Counting;

    fn allocations(work: impl FnOnce()) -> u64 {
        let before = COUNT.get();
        work();
        COUNT.get() - before
    }

    fn data<T: SizedSample>(samples: &mut [T]) -> Data {
        // SAFETY: the pointer and the length are those of the slice, and the format is that of its type.
        unsafe { Data::from_parts(samples.as_mut_ptr().cast(), samples.len(), T::FORMAT) }
    }

    #[test]
    fn the_counter_counts() {
        assert_eq!(allocations(|| drop(std::hint::black_box(vec![1u8; 64]))), 2);
    }

    #[test]
    fn a_microphones_callback_allocates_nothing_even_when_its_ring_is_full() {
        let (inlet, mut outlet) = reservoir(1_000);
        let signs = Arc::new(Signs::new());
        let mut listener = Listener::new(inlet, lapses(SampleRate(48_000), signs.born()).0, Arc::clone(&signs), 2);
        let (mut floats, mut shorts) = (vec![0.25f32; 960], vec![7i16; 960]);
        let (floats, shorts) = (data(&mut floats), data(&mut shorts));
        let allocated = allocations(|| {
            for round in 0..20 {
                listener.call(if round % 2 == 0 { &floats } else { &shorts });
                signs.failed(cpal::ErrorKind::Xrun);
            }
        });
        assert_eq!(allocated, 0);
        let mut block = Vec::new();
        assert_eq!(outlet.take(&mut block, 1_000).frames(), 960, "no third block found room");
    }

    #[test]
    fn a_speakers_callback_allocates_and_frees_nothing_when_clips_come_and_go() {
        let stand = Arc::new(Stand::new());
        let (player, mut feed) = player(Arc::clone(&stand));
        let mut speaker = Speaker::new(player, Arc::new(Signs::new()), 2, 48_000);
        let mut samples = vec![0f32; 960];
        for number in 1..6 {
            stand.want(number);
            assert!(feed.give(Cue { number, sound: Sound::Clip { samples: Arc::new(vec![9; 300]), from: 0 } }));
            let mut block = data(&mut samples);
            assert_eq!(allocations(|| (0..3).for_each(|_| speaker.call(&mut block, Duration::ZERO))), 0);
        }
    }

    #[test]
    fn a_speakers_callback_allocates_and_frees_nothing_when_streams_are_fed_end_and_are_dropped() {
        let stand = Arc::new(Stand::new());
        let (player, mut feed) = player(Arc::clone(&stand));
        let mut speaker = Speaker::new(player, Arc::new(Signs::new()), 2, 48_000);
        let mut samples = vec![0f32; 960];
        for number in 1..9 {
            let (mut ring, end) = rtrb::RingBuffer::new(4_000);
            ring.push_entire_slice(&[9; 700]).expect("there is room");
            stand.want(number);
            assert!(feed.give(Cue { number, sound: Sound::Stream(end) }));
            let mut block = data(&mut samples);
            assert_eq!(allocations(|| speaker.call(&mut block, Duration::ZERO)), 0);
            // Fed, starved, at its end, or dropped with frames in it.
            let ring = if number % 2 == 0 { None } else { Some(ring) };
            assert_eq!(allocations(|| (0..3).for_each(|_| speaker.call(&mut block, Duration::ZERO))), 0);
            drop(ring);
        }
        assert!(allocations(|| feed.clear()) > 0, "the rings come back to be freed");
    }
}
