//! The time that is left as a bar, and the level of the microphone: in cells.

use std::time::Duration;

use crate::speech::Db;

/// The quietest level that the meter shows, in dB below full scale.
const METER_FLOOR: f32 = -60.0;

/// The cells of a meter.
pub const METER: usize = 8;

/// The time that is left of a whole, as so many cells; what the warning is for is drawn with other cells, so that the bar
/// changes there, in colour and without.
pub fn bar(left: Duration, whole: Duration, warning: Option<Duration>, cells: usize) -> String {
    let whole = whole.as_secs_f64().max(f64::EPSILON);
    let share = |time: Duration| (time.as_secs_f64() / whole).clamp(0.0, 1.0) * cells as f64;
    // What is left is seen to its last moment.
    let full = share(left).ceil() as usize;
    let last = warning.map_or(0, |warning| share(warning).ceil() as usize).min(full);
    format!("{}{}{}", "▓".repeat(last), "█".repeat(full - last), "░".repeat(cells - full))
}

/// The level of the microphone.
pub fn meter(peak: Db) -> String {
    let share = 1.0 - (peak.0.max(METER_FLOOR) / METER_FLOOR).clamp(0.0, 1.0);
    let full = (share * METER as f32).ceil() as usize;
    "▮".repeat(full) + &"▯".repeat(METER - full)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_meter_is_empty_in_silence_and_full_at_full_scale() {
        assert_eq!(meter(Db(f32::NEG_INFINITY)), "▯▯▯▯▯▯▯▯");
        assert_eq!(meter(Db(-20.0)), "▮▮▮▮▮▮▯▯");
        assert_eq!(meter(Db(0.0)), "▮▮▮▮▮▮▮▮");
    }

    #[test]
    fn the_bar_empties_and_changes_at_the_warning() {
        let at = |left| bar(Duration::from_secs(left), Duration::from_secs(120), Some(Duration::from_secs(30)), 12);
        assert_eq!(at(120), "▓▓▓█████████");
        assert_eq!(at(60), "▓▓▓███░░░░░░");
        assert_eq!(at(30), "▓▓▓░░░░░░░░░");
        assert_eq!(at(1), "▓░░░░░░░░░░░");
        assert_eq!(at(0), "░░░░░░░░░░░░");
        assert_eq!(bar(Duration::from_secs(9), Duration::ZERO, None, 4), "████");
        assert_eq!(bar(Duration::from_secs(9), Duration::from_secs(9), None, 0), "");
    }
}
