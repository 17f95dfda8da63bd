//! Keeps a session's rate when the microphone comes back at another one.
//!
//! Resamples a stream piece by piece, and knows nothing of where the pieces come from.
//! Sound that was not interrupted is a run; what was lost between two runs is silence that no filter touches.

use std::collections::VecDeque;

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler};

use super::reservoir::Taken;
use crate::interview::SampleRate;

/// Frames that are resampled at once: a fiftieth of a second, which is the delay it costs.
const PIECE: usize = 960;

/// A stream on its way to another rate.
pub(super) struct Follow {
    resampler: Fft<f32>,
    from: u64,
    to: u64,
    /// Frames at the old rate until here, lost ones among them.
    came: u64,
    /// Frames at the new rate that stand for the runs and losses that are over.
    settled: u64,
    /// Frames at the new rate of the run, those that the filter puts before it among them.
    made: u64,
    waiting: Vec<f32>,
    ready: VecDeque<Part>,
}

/// Frames at the new rate, of one kind.
enum Part {
    Sound(VecDeque<i16>),
    Silence(u64),
}

impl Follow {
    /// From one rate to another; nothing where a rate is zero.
    pub(super) fn new(from: SampleRate, to: SampleRate) -> Option<Follow> {
        let resampler = Fft::new(from.0 as usize, to.0 as usize, PIECE, 1, FixedSync::Input).ok()?;
        let (from, to) = (u64::from(from.0), u64::from(to.0));
        let (waiting, ready) = (Vec::new(), VecDeque::new());
        Some(Follow { resampler, from, to, came: 0, settled: 0, made: 0, waiting, ready })
    }

    /// Adds sound at the old rate.
    pub(super) fn add(&mut self, frames: &[i16]) {
        self.came += frames.len() as u64;
        self.waiting.extend(frames.iter().map(|&frame| f32::from(frame)));
        self.work(u64::MAX);
    }

    /// Adds that frames at the old rate were lost.
    pub(super) fn lose(&mut self, frames: u64) {
        self.end_run();
        self.came += frames;
        let silence = self.due() - self.settled;
        self.settled += silence;
        match self.ready.back_mut() {
            Some(Part::Silence(before)) => *before += silence,
            _ => self.ready.push_back(Part::Silence(silence)),
        }
    }

    /// Ends the run: all that came is ready.
    pub(super) fn end_run(&mut self) {
        let whole = self.due() - self.settled;
        let delay = self.resampler.output_delay() as u64;
        // What the filter still holds comes out before so much silence.
        while whole > 0 && self.made < delay + whole {
            let missing = self.resampler.input_frames_next() - self.waiting.len();
            self.waiting.resize(self.waiting.len() + missing, 0.0);
            let before = self.made;
            self.work(whole);
            if self.made == before {
                break;
            }
        }
        self.settled += whole;
        self.made = 0;
        self.waiting.clear();
        self.resampler.reset();
    }

    /// Whether frames at the new rate can be taken.
    pub(super) fn is_ready(&self) -> bool {
        self.ready.iter().any(|part| match part {
            Part::Sound(sound) => !sound.is_empty(),
            Part::Silence(left) => *left > 0,
        })
    }

    /// How many frames at the new rate all that came stands for.
    fn due(&self) -> u64 {
        (u128::from(self.came) * u128::from(self.to) / u128::from(self.from)) as u64
    }

    /// Resamples whole pieces of what waits; the run has `whole` frames at the new rate at most.
    fn work(&mut self, whole: u64) {
        let delay = self.resampler.output_delay() as u64;
        let mut from = 0;
        loop {
            let need = self.resampler.input_frames_next();
            let Some(piece) = self.waiting.get(from..from + need) else { break };
            let Ok(piece) = InterleavedSlice::new(piece, 1, need) else { break };
            let Ok(out) = self.resampler.process(&piece, None) else { break };
            if !matches!(self.ready.back(), Some(Part::Sound(_))) {
                self.ready.push_back(Part::Sound(VecDeque::new()));
            }
            let Some(Part::Sound(sound)) = self.ready.back_mut() else { break };
            for value in out.take_data() {
                if self.made >= delay && self.made - delay < whole {
                    sound.push_back(value.round() as i16);
                }
                self.made += 1;
            }
            from += need;
        }
        self.waiting.drain(..from);
    }

    /// Appends at most `most` frames at the new rate, all of one kind.
    pub(super) fn take(&mut self, block: &mut Vec<i16>, most: usize) -> Taken {
        loop {
            match self.ready.front_mut() {
                Some(Part::Sound(sound)) if !sound.is_empty() => {
                    let count = most.min(sound.len());
                    block.extend(sound.drain(..count));
                    return Taken::Sound(count);
                }
                Some(Part::Silence(left)) if *left > 0 => {
                    let count = most.min(usize::try_from(*left).unwrap_or(usize::MAX));
                    block.resize(block.len() + count, 0);
                    *left -= count as u64;
                    return Taken::Silence(count);
                }
                Some(_) => _ = self.ready.pop_front(),
                None => return Taken::Sound(0),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn follow() -> Follow {
        Follow::new(SampleRate(16_000), SampleRate(48_000)).expect("both rates are real")
    }

    fn tone(frames: usize) -> Vec<i16> {
        (0..frames).map(|n| ((n as f64 * 0.2).sin() * 10_000.0) as i16).collect()
    }

    fn all(follow: &mut Follow) -> Vec<(Taken, Vec<i16>)> {
        let mut parts = Vec::new();
        loop {
            let mut block = Vec::new();
            match follow.take(&mut block, usize::MAX) {
                Taken::Sound(0) => return parts,
                taken => parts.push((taken, block)),
            }
        }
    }

    #[test]
    fn a_second_at_16_khz_becomes_a_second_at_48() {
        let mut follow = follow();
        let mut out = Vec::new();
        for piece in tone(16_000).chunks(377) {
            follow.add(piece);
            follow.take(&mut out, usize::MAX);
        }
        assert!((45_000..=48_000).contains(&out.len()), "{}", out.len());
        follow.end_run();
        follow.take(&mut out, usize::MAX);
        assert_eq!(out.len(), 48_000, "nothing stays in the filter");
        let middle = &out[10_000..40_000];
        let rms = (middle.iter().map(|&s| f64::from(s).powi(2)).sum::<f64>() / middle.len() as f64).sqrt();
        assert!((rms / (10_000.0 / 2f64.sqrt()) - 1.0).abs() < 0.01, "{rms}");
    }

    #[test]
    fn a_loss_stays_in_its_place_and_has_its_length() {
        let mut follow = follow();
        follow.add(&tone(5_000));
        follow.lose(1_000);
        follow.lose(1);
        follow.add(&tone(3_000));
        follow.end_run();
        let parts = all(&mut follow);
        let kinds: Vec<_> = parts.iter().map(|(taken, _)| *taken).collect();
        assert_eq!(kinds, [Taken::Sound(15_000), Taken::Silence(3_003), Taken::Sound(9_000)]);
        assert!(parts[1].1.iter().all(|&frame| frame == 0));
        let expected = |n: usize| (n as f64 / 3.0 * 0.2).sin() * 10_000.0;
        for n in 200..8_800 {
            let heard = f64::from(parts[2].1[n]);
            assert!((heard - expected(n)).abs() < 200.0, "frame {n} is {heard}, not {}", expected(n));
        }
    }

    #[test]
    fn a_rate_that_does_not_divide_keeps_the_time() {
        let mut follow = Follow::new(SampleRate(44_100), SampleRate(48_000)).expect("both rates are real");
        for _ in 0..100 {
            follow.add(&tone(441));
            follow.lose(441);
        }
        follow.end_run();
        let frames: usize = all(&mut follow).iter().map(|(taken, _)| taken.frames()).sum();
        assert_eq!(frames, 96_000);
    }
}
