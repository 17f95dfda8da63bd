//! Syllables: where the voice is loudest between two dips, and voiced.
//!
//! After de Jong and Wempe 2009 (doi 10.3758/BRM.41.2.385), with the noise taken out of the bands first.

use std::ops::Range;

use super::bands::Frame;
use super::voice::{Judgement, VOICED, ratio, smoothed};

/// The bands that carry vowels, of about 300 to 3600 Hz.
const VOWELS: Range<usize> = 1..7;

/// How far a peak stands above the dips beside it, in dB.
const PROMINENCE: f32 = 2.0;

/// What is so far below the voice is no syllable, in dB.
const WEAKEST: f32 = 25.0;

/// The loudness of the vowels in each frame, in dB, and the nuclei by it, in frames.
pub fn nuclei(frames: &[Frame], judgement: &Judgement) -> Vec<f64> {
    let floor = judgement.active * ratio(-45.0);
    let powers: Vec<f32> = frames
        .iter()
        .map(|frame| VOWELS.map(|band| (frame.bands[band] - judgement.noise[band]).max(0.0)).sum::<f32>() + floor)
        .collect();
    let smooth = smoothed(&smoothed(&powers, 1), 2);
    let envelope: Vec<f32> = smooth.iter().map(|power| 10.0 * power.log10()).collect();
    let least = 10.0 * judgement.active.log10() - WEAKEST;
    let mut found = Vec::new();
    for run in &judgement.speech {
        for peak in peaks(&envelope[run.clone()]) {
            let at = run.start + peak;
            let around = &frames[at.saturating_sub(1)..(at + 2).min(frames.len())];
            let voiced = around.iter().any(|frame| frame.voicing > VOICED);
            if voiced && envelope[at] > least {
                found.push(at as f64 + 0.5);
            }
        }
    }
    found
}

/// The peaks that stand out on both sides.
fn peaks(envelope: &[f32]) -> Vec<usize> {
    let mut found = Vec::new();
    let (mut peak, mut dip) = (0, f32::MIN);
    // Whether it rose far enough from the last dip to be a peak.
    let mut rising = true;
    let mut low = f32::MAX;
    for (n, &level) in envelope.iter().enumerate() {
        if rising {
            if n == 0 || level > envelope[peak] {
                peak = n;
            } else if level < envelope[peak] - PROMINENCE {
                if envelope[peak] - dip >= PROMINENCE {
                    found.push(peak);
                }
                (rising, low) = (false, level);
            }
        } else if level < low {
            low = level;
        } else if level > low + PROMINENCE {
            (rising, peak, dip) = (true, n, low);
        }
    }
    if rising && envelope.len() > 1 && envelope[peak] - dip >= PROMINENCE {
        found.push(peak);
    }
    found
}
