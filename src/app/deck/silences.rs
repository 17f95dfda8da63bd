//! Which parts of silences are left out.
//!
//! Knows nothing of sound; every number is in seconds.

use std::ops::Range;

/// How much of a silence is kept: half of it where the sound ends, half before it goes on. As short as a pause in fluent
/// speech (Goldman-Eisler 1968 counts those from 0.25 s on as hesitations).
const BREATH: f64 = 0.25;

/// A silence that is longer than a breath by less is left alone: a join costs more than it saves.
const WORTH: f64 = 0.1;

/// How far before a silence one comes out at most who goes back into it.
const OUT: f64 = 1.0;

/// What is left out of these silences, in order; what is no stretch of time is passed over.
pub(super) fn cuts(silences: &[(f64, f64)]) -> Vec<Range<f64>> {
    let mut stretches: Vec<(f64, f64)> =
        silences.iter().copied().filter(|(from, to)| from.is_finite() && to.is_finite() && to > from).collect();
    stretches.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut whole: Vec<(f64, f64)> = Vec::new();
    for (from, to) in stretches {
        match whole.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => whole.push((from.max(0.0), to)),
        }
    }
    whole.retain(|(from, to)| to - from >= BREATH + WORTH);
    whole.into_iter().map(|(from, to)| from + BREATH / 2.0..to - BREATH / 2.0).collect()
}

/// Where one comes out who goes back to `to`: before the silence, by as much as they would be before its end.
pub(super) fn before(mut to: f64, cuts: &[Range<f64>]) -> f64 {
    while let Some(cut) = cuts.iter().find(|cut| cut.contains(&to)) {
        to = (cut.start - (cut.end - to).min(OUT)).max(0.0);
        if cut.start <= 0.0 {
            break;
        }
    }
    to
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_breath_is_left_of_each_silence() {
        let cuts = cuts(&[(5.0, 7.0), (1.0, 2.0)]);
        assert_eq!(cuts, [1.125..1.875, 5.125..6.875]);
    }

    #[test]
    fn what_is_short_or_no_stretch_of_time_is_left_alone() {
        let odd = [(1.0, 1.3), (3.0, 2.0), (f64::NAN, 4.0), (4.0, f64::NAN), (0.0, f64::INFINITY), (6.0, 6.0)];
        assert_eq!(cuts(&odd), []);
    }

    #[test]
    fn silences_that_touch_are_one_and_none_begins_before_the_recording() {
        assert_eq!(cuts(&[(-3.0, 1.0), (0.5, 2.0), (2.0, 3.0)]), [0.125..2.875]);
    }

    #[test]
    fn who_goes_back_into_a_silence_comes_out_before_it() {
        let cuts = cuts(&[(1.0, 1.6), (2.0, 60.0)]);
        let near = |one: f64, other: f64| (one - other).abs() < 1e-9;
        assert!(near(before(0.7, &cuts), 0.7), "no silence");
        assert!(near(before(59.5, &cuts), 2.125 - 0.375), "as far as one went before its end");
        assert!(near(before(30.0, &cuts), 1.125 - 0.35), "a second at most, which is in the silence before it");
        let first = super::cuts(&[(0.0, 9.0)]);
        assert_eq!(before(5.0, &first), 0.0);
    }
}
