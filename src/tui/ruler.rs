//! The times below a recording: a line of round ones, each beginning at its place. It knows widths and seconds alone.

use std::time::Duration;

use crate::interview::time::show_clock;

/// How far apart times are, in seconds, beyond which they are apart by whole days.
const STEPS: [f64; 17] = [
    1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0, 7_200.0, 14_400.0, 43_200.0,
    86_400.0,
];

/// The cells that are empty between two times, at least.
const APART: usize = 2;

/// No ruler is longer, in seconds.
const LONGEST_S: f64 = 1e6;

/// The times of a recording of `length_s` seconds, each with the cell in which it begins, of a line of `width` cells.
pub(super) fn times(length_s: f64, width: usize) -> Vec<(usize, String)> {
    if !(0.0..=LONGEST_S).contains(&length_s) || length_s == 0.0 {
        return Vec::new();
    }
    let label = |time: f64| show_clock(Duration::from_secs_f64(time));
    let cell = length_s / width.max(1) as f64;
    let room = (label(length_s).chars().count() + APART) as f64;
    let step = STEPS
        .into_iter()
        .find(|step| step / cell >= room)
        .unwrap_or_else(|| (room * cell / 86_400.0).ceil() * 86_400.0);
    let all = (0..width).map(|nth| nth as f64 * step).take_while(|time| *time <= length_s);
    let placed = all.map(|time| ((time / cell) as usize, label(time)));
    placed.take_while(|(at, label)| at + label.chars().count() <= width).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(length_s: f64, width: usize) -> String {
        let mut line = String::new();
        for (at, label) in times(length_s, width) {
            line += &" ".repeat(at - line.chars().count());
            line += &label;
        }
        line
    }

    #[test]
    fn times_are_round_and_begin_at_their_places() {
        assert_eq!(line(90.0, 40), "0:00  0:15   0:30   0:45  1:00   1:15");
        assert_eq!(line(90.0, 20), "0:00  0:30   1:00");
        assert_eq!(line(3_600.0, 60), "0:00      10:00     20:00     30:00     40:00     50:00");
        assert_eq!(line(2.0, 80).split_whitespace().collect::<Vec<_>>(), ["0:00", "0:01"]);
    }

    #[test]
    fn a_ruler_keeps_within_its_cells_whatever_the_length() {
        for length_s in [f64::NAN, f64::INFINITY, -1.0, 0.0, 1e-9, 0.4, 3.0, 61.0, 7_300.0, 999_999.0, 1e300] {
            for width in 0..300 {
                let times = times(length_s, width);
                assert!(times.iter().all(|(at, label)| at + label.chars().count() <= width), "{length_s} in {width}");
                let apart = times.windows(2).all(|two| two[0].0 + two[0].1.chars().count() < two[1].0);
                assert!(apart, "{length_s} in {width}: {times:?}");
            }
        }
    }
}
