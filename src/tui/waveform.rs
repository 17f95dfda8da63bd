//! The waveform of a recording in braille, with what is to be seen on it.
//!
//! It knows numbers and times alone, and not how they were found. Everything on it is told by a sign; colours say the
//! same once more.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::theme::{Role, Theme};
use super::{braille, ruler};
use crate::speech::{Peak, Peaks};

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

/// No recording is longer, in seconds: eleven days.
const LONGEST_S: f64 = 1e6;

/// A time may be so many seconds behind the end: the last frame of one count may be beyond that of another.
const BEYOND_S: f64 = 0.05;

/// What reaches this, -30 dB of full scale, is seen in a silence too.
const LOUD: u16 = 1_036;

/// Fewer cells are too few for times below them.
const LEAST_RULER: u16 = 12;

impl Waveform<'_> {
    /// Draws it, within the area alone, whatever its size: from two rows on there is one for marks, and from five on
    /// one for times.
    pub fn draw(&self, area: Rect, buffer: &mut Buffer, theme: Theme) {
        let area = area.intersection(buffer.area);
        let mut paper = Paper { area, buffer, theme };
        paper.clear();
        let Some(length_s) = self.length().filter(|_| !area.is_empty()) else { return };
        let ruled = area.height >= 5 && area.width >= LEAST_RULER;
        let marked = area.height >= 2;
        let rows = area.height - u16::from(marked) - u16::from(ruled);
        let scale = Across { length_s, width: area.width };
        self.draw_outline(&mut paper, scale, rows);
        self.draw_marks(&mut paper, scale, if marked { Some(rows) } else { None });
        if self.position_s.is_finite() {
            let at = scale.cell(self.position_s.clamp(0.0, length_s));
            (0..rows).for_each(|row| paper.put(at, row, '┃', Role::Chosen));
        }
        if ruled {
            for (at, time) in ruler::times(length_s, usize::from(area.width)) {
                for (sign, at) in time.chars().zip(at as u16..) {
                    paper.put(at, area.height - 1, sign, Role::Faint);
                }
            }
        }
    }

    /// How long it is, where that is known.
    fn length(&self) -> Option<f64> {
        let known = |length: &f64| *length > 0.0 && *length <= LONGEST_S;
        Some(self.length_s).filter(known).or_else(|| self.peaks.map(Peaks::seconds).filter(known))
    }

    /// The sound in the first rows, and what is to be seen of it.
    fn draw_outline(&self, paper: &mut Paper<'_>, across: Across, rows: u16) {
        let width = usize::from(across.width);
        let dots = self.peaks.map_or_else(Vec::new, |peaks| peaks.columns(across.length_s, braille::WIDE * width));
        let high = braille::Scale::of(rows.into());
        let silent = across.silent(self.silences);
        let looped = self.looped.and_then(|(from, to)| Some((across.place(from)?, across.place(to?)?)));
        let outside = |at: u16| looped.is_some_and(|(from, to)| at < from.min(to) || at > from.max(to));
        for (at, silent) in (0..across.width).zip(silent) {
            let pair = dots.get(braille::WIDE * usize::from(at)..).unwrap_or_default();
            let pair = &pair[..pair.len().min(braille::WIDE)];
            let role = if outside(at) { Role::Faint } else { Role::Text };
            // The noise of a room is no sound of its own where nothing is said; a door that falls shut is.
            let still = silent && pair.iter().flatten().all(|peak| peak.size() < LOUD);
            for (sign, row) in high.cells(pair).zip(0..rows).filter(|_| !still) {
                paper.put(at, row, sign, role);
            }
            let middle = high.middle() as u16;
            if pair.iter().all(Option::is_none) {
                paper.put(at, middle, '╌', Role::Faint);
            } else if silent {
                paper.put(at, middle, '·', Role::Faint);
            }
        }
        if let Some(at) = self.warn_s.and_then(|warn| across.place(warn)) {
            (0..rows).for_each(|row| paper.put(at, row, '┊', Role::Heading));
        }
        let clipped = |pair: &[Option<Peak>]| pair.iter().flatten().any(|peak| peak.is_clipped());
        for (at, _) in (0..across.width).zip(dots.chunks(braille::WIDE)).filter(|(_, pair)| clipped(pair)) {
            paper.put(at, 0, '!', Role::Alarm);
        }
    }

    /// What the person has marked, in a row of its own or, where there is none, on the sound.
    fn draw_marks(&self, paper: &mut Paper<'_>, across: Across, own: Option<u16>) {
        let row = own.unwrap_or(0);
        let ends = self.looped.map(|(from, to)| (across.place(from), to.and_then(|to| across.place(to))));
        if let (Some((Some(from), Some(to))), Some(row)) = (ends, own) {
            (from.min(to)..=from.max(to)).for_each(|at| paper.put(at, row, '─', Role::Faint));
        }
        for (times, sign, role) in [(self.taps, 'f', Role::Text), (self.marks, 'm', Role::Strong)] {
            for at in times.iter().filter_map(|time| across.place(*time)) {
                paper.put(at, row, sign, role);
            }
        }
        if let Some((from, to)) = ends {
            // Both are seen, however short the loop.
            let to = to.map(|to| if Some(to) == from && to + 1 < across.width { to + 1 } else { to });
            let from = from.map(|from| if Some(from) == to && from > 0 { from - 1 } else { from });
            for (at, sign) in [(to, 'b'), (from, 'a')] {
                at.into_iter().for_each(|at| paper.put(at, row, sign, Role::Heading));
            }
        }
    }
}

/// How a recording lies in a line of cells.
#[derive(Debug, Clone, Copy)]
struct Across {
    length_s: f64,
    width: u16,
}

impl Across {
    /// The cell of a time; `None` where that is none of the recording.
    fn place(self, time: f64) -> Option<u16> {
        (0.0..=self.length_s + BEYOND_S).contains(&time).then(|| self.cell(time))
    }

    fn cell(self, time: f64) -> u16 {
        // A cast to a whole number saturates.
        ((time / self.length_s * f64::from(self.width)) as u16).min(self.width.saturating_sub(1))
    }

    /// Of each cell, whether half of its time or more is silent.
    fn silent(self, silences: &[(f64, f64)]) -> Vec<bool> {
        let cell = self.length_s / f64::from(self.width.max(1));
        // The silent time of each cell in part, and by how many silences more than the last it is covered whole: a file
        // that anyone wrote may have a million silences.
        let mut cells = vec![(0.0, 0i32); usize::from(self.width)];
        for &(from, to) in silences.iter().filter(|(from, to)| from < to) {
            let (from, to) = (from.max(0.0), to.min(self.length_s));
            if from >= to {
                continue;
            }
            let (first, last) = (self.cell(from), self.cell(to));
            let edge = |at: u16| f64::from(at) * cell;
            if first == last {
                cells[usize::from(first)].0 += to - from;
            } else {
                cells[usize::from(first)].0 += edge(first + 1) - from;
                cells[usize::from(last)].0 += to - edge(last);
                cells[usize::from(first) + 1].1 += 1;
                cells[usize::from(last)].1 -= 1;
            }
        }
        let mut whole = 0;
        let silent = cells.into_iter().map(|(part, more)| {
            whole += more;
            // A hair less, so that a half is one.
            whole > 0 || part >= 0.5 * cell - 1e-9
        });
        silent.collect()
    }
}

/// Where it is drawn: cells are counted from the area's corner.
struct Paper<'b> {
    area: Rect,
    buffer: &'b mut Buffer,
    theme: Theme,
}

impl Paper<'_> {
    fn clear(&mut self) {
        for place in self.area.positions() {
            if let Some(cell) = self.buffer.cell_mut(place) {
                cell.reset();
            }
        }
    }

    fn put(&mut self, at: u16, row: u16, sign: char, role: Role) {
        if at < self.area.width && row < self.area.height {
            // Both sums are within the buffer, because the area is.
            let cell = self.buffer.cell_mut((self.area.x + at, self.area.y + row));
            let style = self.theme.style(role);
            cell.into_iter().for_each(|cell| {
                cell.reset();
                cell.set_char(sign).set_style(style);
            });
        }
    }
}

#[cfg(test)]
#[path = "waveform_tests.rs"]
mod tests;
