//! The waveform of a recording in braille, with what is to be seen on it.
//!
//! It knows numbers and times alone, and not how they were found. Everything on it is told by a sign; colours say the
//! same once more.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::theme::Theme;
use crate::speech::Peaks;

/// The signs and what they mean, for a page of help.
pub const SIGNS: [(char, &str); 9] = [
    ('┃', "where it plays"),
    ('·', "silence"),
    ('!', "too loud: the sound is cut off"),
    ('┊', "the warning"),
    ('m', "your mark"),
    ('f', "a filler word that you counted"),
    ('a', "where the loop begins"),
    ('b', "where the loop ends"),
    ('╌', "not looked at yet"),
];

/// The waveform of a recording at a moment. Times are in seconds of the recording; those that are none, or lie outside
/// of it, are passed over.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Waveform<'a> {
    /// The outline, as far as it is known.
    pub peaks: Option<&'a Peaks>,
    /// How long the recording is.
    pub length_s: f64,
    /// From and to: where nothing is said.
    pub silences: &'a [(f64, f64)],
    /// When the warning sounded.
    pub warn_s: Option<f64>,
    /// Where something is noted.
    pub marks: &'a [f64],
    /// Where a filler word was counted.
    pub taps: &'a [f64],
    /// Where a loop begins, and where it ends, once that is known.
    pub looped: Option<(f64, Option<f64>)>,
    /// Where it plays.
    pub position_s: f64,
}

impl Waveform<'_> {
    /// Draws it, within the area alone, whatever its size: from two rows on there is a row for marks, and from five on
    /// one for the times.
    pub fn draw(&self, area: Rect, buffer: &mut Buffer, theme: Theme) {
        let _ = (area, buffer, theme);
    }
}
