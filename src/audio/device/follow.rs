//! Keeps a session's rate when the microphone comes back at another one.
//!
//! Resamples a stream piece by piece, and knows nothing of where the pieces come from.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler};

use crate::interview::SampleRate;

/// Frames that are resampled at once: a fiftieth of a second, which is the delay it costs.
const PIECE: usize = 960;

/// A stream on its way to another rate.
pub(super) struct Follow {
    resampler: Fft<f32>,
    waiting: Vec<f32>,
    ready: Vec<i16>,
    ratio: f64,
    dropped: f64,
}

impl Follow {
    /// From one rate to another; nothing where a rate is zero.
    pub(super) fn new(from: SampleRate, to: SampleRate) -> Option<Follow> {
        let resampler = Fft::new(from.0 as usize, to.0 as usize, PIECE, 1, FixedSync::Input).ok()?;
        let ratio = f64::from(to.0) / f64::from(from.0);
        Some(Follow { resampler, waiting: Vec::new(), ready: Vec::new(), ratio, dropped: 0.0 })
    }

    /// Adds frames at the old rate, `dropped` of them in the place of lost ones.
    pub(super) fn add(&mut self, frames: &[i16], dropped: u64) {
        self.dropped += dropped as f64 * self.ratio;
        self.waiting.extend(frames.iter().map(|&frame| f32::from(frame)));
        let mut from = 0;
        loop {
            let need = self.resampler.input_frames_next();
            let Some(piece) = self.waiting.get(from..from + need) else { break };
            let Ok(piece) = InterleavedSlice::new(piece, 1, need) else { break };
            let Ok(out) = self.resampler.process(&piece, None) else { break };
            self.ready.extend(out.take_data().into_iter().map(|value| value.round() as i16));
            from += need;
        }
        self.waiting.drain(..from);
    }

    /// Appends at most `most` frames at the new rate; returns how many, and how many of them stand for lost ones.
    pub(super) fn take(&mut self, block: &mut Vec<i16>, most: usize) -> (usize, u64) {
        let count = most.min(self.ready.len());
        block.extend(self.ready.drain(..count));
        let dropped = (self.dropped as u64).min(count as u64);
        self.dropped -= dropped as f64;
        (count, dropped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_at_16_khz_becomes_a_second_at_48() {
        let mut follow = Follow::new(SampleRate(16_000), SampleRate(48_000)).expect("both rates are real");
        let tone: Vec<i16> = (0..16_000).map(|n| ((n as f64 * 0.2).sin() * 10_000.0) as i16).collect();
        let mut out = Vec::new();
        for piece in tone.chunks(377) {
            follow.add(piece, 0);
            follow.take(&mut out, usize::MAX);
        }
        assert!((45_000..=48_000).contains(&out.len()), "{}", out.len());
        let middle = &out[10_000..40_000];
        let rms = (middle.iter().map(|&s| f64::from(s).powi(2)).sum::<f64>() / middle.len() as f64).sqrt();
        assert!((rms / (10_000.0 / 2f64.sqrt()) - 1.0).abs() < 0.01, "{rms}");
    }

    #[test]
    fn lost_frames_stay_counted_at_the_new_rate() {
        let mut follow = Follow::new(SampleRate(16_000), SampleRate(48_000)).expect("both rates are real");
        follow.add(&vec![0; 16_000], 1_000);
        let (frames, dropped) = follow.take(&mut Vec::new(), usize::MAX);
        assert_eq!(dropped, 3_000);
        assert!(frames >= 3_000);
    }
}
