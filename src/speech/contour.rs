//! The pitch of a recording over time, and what it is on the whole.

use super::pitch::{STEP_S, Unpitched};
use super::track::{CODES, Track, hertz};

/// The fewest voiced frames that make a voice: half a second of them.
const LEAST: usize = 50;

/// How much of the end of a phrase tells how it ends, in voiced frames.
const ENDING: usize = 15;

/// The pitch of a recording over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contour {
    track: Track,
}

impl Contour {
    /// The first `count` frames of a track.
    pub(super) fn of(track: Track, count: usize) -> Contour {
        if track.len() <= count { Contour { track } } else { Contour { track: track.filtered(count, |_| true) } }
    }

    /// The frequency of each frame in Hz, 0 where there is no voice; frame `i` is centred at `i` times [`STEP_S`].
    pub fn hertz(&self) -> impl ExactSizeIterator<Item = f32> + Clone {
        self.track.codes(0).map(|code| hertz(code) as f32)
    }

    /// Leaves out what is voiced outside of the stretches of time, which do not overlap and come in order.
    pub fn keep(&mut self, within: impl IntoIterator<Item = (f64, f64)>) {
        // The conversions saturate.
        let mut stretches =
            within.into_iter().map(|(start, end)| ((start / STEP_S).round() as usize, (end / STEP_S).round() as usize));
        let mut stretch = stretches.next();
        self.track = self.track.filtered(self.track.len(), |frame| {
            while stretch.is_some_and(|(_, end)| end < frame) {
                stretch = stretches.next();
            }
            stretch.is_some_and(|(start, _)| start <= frame)
        });
    }

    /// How long the sound is voiced, in seconds.
    pub fn voiced_s(&self) -> f64 {
        self.track.codes(0).filter(|&code| code > 0).count() as f64 * STEP_S
    }

    /// How the voice lies and moves on the whole.
    ///
    /// # Errors
    /// Why it cannot be told.
    pub fn voice(&self) -> Result<Voice, Unpitched> {
        // How often each code is there: there are fewer codes than frames.
        let mut counts: Vec<usize> = Vec::new();
        for code in self.track.codes(0).map(usize::from).filter(|&code| code > 0) {
            if counts.len() <= code {
                counts.resize(code + 1, 0);
            }
            counts[code] += 1;
        }
        let count: usize = counts.iter().sum();
        if count < LEAST {
            return Err(Unpitched::TooLittleVoice);
        }
        let at = |share: f64| {
            let place = ((count - 1) as f64 * share).round() as usize;
            let mut passed = 0;
            let code = counts.iter().position(|&many| {
                passed += many;
                passed > place
            });
            code.unwrap_or_default()
        };
        let median = at(0.5);
        let apart = |code: usize| 12.0 * (code as f64 - median as f64) / CODES;
        let mean_of = |value: &dyn Fn(usize) -> f64| {
            let sum: f64 = counts.iter().enumerate().map(|(code, &many)| many as f64 * value(code)).sum();
            sum / count as f64
        };
        let mean = mean_of(&apart);
        let variance = mean_of(&|code| (apart(code) - mean).powi(2));
        let hertz = |code: usize| hertz(code as u16);
        Ok(Voice { median_hz: hertz(median), low_hz: hertz(at(0.1)), high_hz: hertz(at(0.9)), sd_st: variance.sqrt() })
    }

    /// The median between two times in Hz; `None` where less than 50 ms between them are voiced.
    pub fn median_between(&self, start_s: f64, end_s: f64) -> Option<f64> {
        let mut sorted = self.between(start_s, end_s);
        sorted.sort_unstable();
        let middle = sorted.get(sorted.len() / 2)?;
        (sorted.len() >= 5).then(|| hertz(*middle))
    }

    /// By how many semitones the end of a phrase between two times lies above its median, below 0 where it falls; `None`
    /// where less than 300 ms of the phrase are voiced.
    pub fn ending_st(&self, start_s: f64, end_s: f64) -> Option<f64> {
        let mut phrase = self.between(start_s, end_s);
        if phrase.len() < 2 * ENDING {
            return None;
        }
        let mut ending = phrase.split_off(phrase.len() - ENDING);
        phrase.extend_from_slice(&ending);
        phrase.sort_unstable();
        ending.sort_unstable();
        Some(12.0 * (f64::from(ending[ENDING / 2]) - f64::from(phrase[phrase.len() / 2])) / CODES)
    }

    /// The codes of what is voiced in the frames that are centred between two times.
    fn between(&self, start_s: f64, end_s: f64) -> Vec<u16> {
        // The conversions saturate.
        let end = ((end_s / STEP_S).ceil() as usize).min(self.track.len());
        let start = ((start_s / STEP_S).ceil() as usize).min(end);
        self.track.codes(start).take(end - start).filter(|&code| code > 0).collect()
    }
}

/// How a voice lies and moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Voice {
    /// The median in Hz.
    pub median_hz: f64,
    /// A tenth of the voice lies below this, in Hz, and a tenth above the other.
    pub low_hz: f64,
    /// See `low_hz`.
    pub high_hz: f64,
    /// The standard deviation in semitones.
    pub sd_st: f64,
}

impl Voice {
    /// From the 10th to the 90th percentile, in semitones.
    pub fn range_st(&self) -> f64 {
        12.0 * (self.high_hz / self.low_hz).log2()
    }
}
