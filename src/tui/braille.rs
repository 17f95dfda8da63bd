//! An outline as dots of braille, two columns and four rows of them in a cell. It knows nothing of terminals.

use crate::speech::Peak;

/// The bits of a cell's dots, from above: those on the left, and those on the right.
const DOTS: [[u32; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];

/// The first of the 256 characters.
const NONE: u32 = 0x2800;

/// Dots a cell, from left to right and from above.
pub(super) const WIDE: usize = 2;
const HIGH: usize = 4;

/// From so many rows on, an outline swings about its middle; a lower one stands on its floor, where the dots are too few
/// for two halves.
const SWINGS: usize = 3;

/// How an outline lies in some rows of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scale {
    dots: usize,
    /// The row of dots, from above, on which everything stands.
    base: usize,
    swings: bool,
}

impl Scale {
    /// In so many rows of cells.
    pub(super) fn of(rows: usize) -> Scale {
        let (dots, swings) = (rows.max(1) * HIGH, rows >= SWINGS);
        Scale { dots, base: if swings { dots / 2 - 1 } else { dots - 1 }, swings }
    }

    /// The row of cells in which silence lies.
    pub(super) fn middle(self) -> usize {
        self.base / HIGH
    }

    /// The first and the last row of dots of a column.
    ///
    /// Heights grow with the square root of the swing: speech is 10 to 40 dB below full scale, of which a straight scale
    /// shows a hundredth. The scale is the same for every recording, so that two of them can be compared.
    fn column(self, peak: Peak) -> (usize, usize) {
        let reach = |size: u16, most: usize| {
            let part = (f64::from(size) / 32_768.0).sqrt();
            ((part * most as f64).round() as usize).min(most)
        };
        if !self.swings {
            return (self.base - reach(peak.size(), self.base), self.base);
        }
        let (above, below) = (self.base, self.dots - 1 - self.base);
        let up = reach(peak.high.max(0).unsigned_abs(), above);
        let down = reach(peak.low.min(0).unsigned_abs(), below);
        (self.base - up, self.base + down)
    }

    /// A column of cells, from above: of two columns of dots, of which those that are not known have none.
    pub(super) fn cells(self, pair: &[Option<Peak>]) -> impl Iterator<Item = char> + use<> {
        let mut spans = [None; WIDE];
        for (span, peak) in spans.iter_mut().zip(pair) {
            *span = peak.map(|peak| self.column(peak));
        }
        (0..self.dots / HIGH).map(move |row| {
            let mut bits = NONE;
            for (span, dots) in spans.iter().zip(&DOTS) {
                let Some((first, last)) = *span else { continue };
                for (place, dot) in dots.iter().enumerate() {
                    let at = row * HIGH + place;
                    bits |= if (first..=last).contains(&at) { *dot } else { 0 };
                }
            }
            char::from_u32(bits).filter(|_| bits != NONE).unwrap_or(' ')
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(rows: usize, peaks: &[(i16, i16)]) -> Vec<String> {
        let scale = Scale::of(rows);
        let peaks: Vec<_> = peaks.iter().map(|&(low, high)| Some(Peak { low, high })).collect();
        let columns: Vec<Vec<char>> = peaks.chunks(WIDE).map(|pair| scale.cells(pair).collect()).collect();
        (0..rows).map(|row| columns.iter().map(|column| column[row]).collect()).collect()
    }

    const FULL: (i16, i16) = (i16::MIN, i16::MAX);

    #[test]
    fn a_high_outline_swings_about_its_middle_and_reaches_both_ends() {
        assert_eq!(picture(4, &[FULL, FULL, (0, 0), (0, 0)]), ["⣿ ", "⣿⣀", "⣿ ", "⣿ "]);
        assert_eq!(picture(4, &[(0, i16::MAX), (i16::MIN, 0)]), ["⡇", "⣇", "⢸", "⢸"]);
        assert_eq!(picture(3, &[FULL, FULL, (0, 0), (0, 0)]), ["⣿ ", "⣿⠒", "⣿ "]);
    }

    #[test]
    fn a_low_outline_stands_on_its_floor() {
        assert_eq!(picture(1, &[FULL, (0, 0), (-8_192, 0), (0, 8_192)]), ["⣇⣶"]);
        assert_eq!(picture(2, &[(0, i16::MAX), (i16::MIN, 0)]), ["⣿", "⣿"]);
    }

    #[test]
    fn what_is_faint_is_seen_and_what_is_louder_is_higher() {
        let height = |size: i16| {
            let (first, last) = Scale::of(8).column(Peak { low: 0, high: size });
            last - first
        };
        assert!(height(33) == 0 && height(330) > 0, "-60 dB is the floor, -40 dB is seen");
        let heights: Vec<usize> = (0..16).map(|bit| height(((1i32 << bit) - 1) as i16)).collect();
        assert!(heights.is_sorted(), "{heights:?}");
        assert_eq!(height(i16::MAX), 15);
    }

    #[test]
    fn what_is_not_known_has_no_dots() {
        let known = Some(Peak { low: 0, high: 0 });
        let cells = |pair: &[Option<Peak>]| Scale::of(1).cells(pair).collect::<String>();
        assert_eq!([cells(&[None, None]), cells(&[known, None]), cells(&[None, known])], [" ", "⡀", "⢀"]);
        assert_eq!(cells(&[]), " ");
    }
}
