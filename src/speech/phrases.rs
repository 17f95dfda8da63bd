//! How phrases end: whether the voice falls or rises, and whether it fades.
//!
//! A phrase is what is spoken between two pauses. Where a sentence ends is not known from sound.

use super::contour::Contour;
use super::loudness::Heard;
use super::timing::Span;

/// How long the end of a phrase is, in seconds: a word or two.
const ENDING_S: f64 = 0.6;

/// How long a phrase is at least, in seconds, where its end is compared with the whole.
const LEAST_S: f64 = 1.5;

/// A phrase and how it ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Phrase {
    /// Where it is.
    pub at: Span,
    /// By how many semitones the pitch at its end lies above its median, below 0 where it falls; `None` where too little
    /// of it is voiced.
    pub pitch_st: Option<f64>,
    /// By how many LU its last 0.6 s are louder than the whole, below 0 where it fades; `None` for a phrase of less than
    /// 1.5 s.
    pub loudness_lu: Option<f64>,
}

/// The phrases of a recording.
pub(super) fn phrases(speech: &[Span], contour: &Contour, loudness: &Heard) -> Vec<Phrase> {
    let phrase = |&at: &Span| {
        let long = at.length() >= LEAST_S;
        let ending = loudness.between(at.end - ENDING_S, at.end).filter(|_| long);
        let whole = loudness.between(at.start, at.end);
        let loudness_lu = ending.zip(whole).map(|(ending, whole)| ending - whole).filter(|lu| lu.is_finite());
        Phrase { at, pitch_st: contour.ending_st(at.start, at.end), loudness_lu }
    };
    speech.iter().map(phrase).collect()
}

/// The median of what the phrases have; `None` of fewer than `least`.
pub(super) fn median(values: impl Iterator<Item = f64>, least: usize) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    if values.len() < least.max(1) {
        return None;
    }
    values.sort_unstable_by(f64::total_cmp);
    Some((values[(values.len() - 1) / 2] + values[values.len() / 2]) / 2.0)
}
