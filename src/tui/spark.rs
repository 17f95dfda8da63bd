//! Numbers over time as one line of blocks, and the days of weeks as shades. It knows numbers alone.

/// The heights of a line of blocks, the lowest first.
const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The numbers as blocks, the lowest and the highest of them at the ends of the scale; what is no number is a space.
///
/// Numbers that are all the same stand in the middle: there is nothing to be seen in them.
pub fn line(values: &[f64]) -> String {
    let known = || values.iter().copied().filter(|value| value.is_finite());
    let (low, high) = known().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    let span = high - low;
    let block = |value: f64| match value {
        value if !value.is_finite() => ' ',
        _ if span <= 0.0 || !span.is_finite() => HEIGHTS[3],
        // The highest would be one beyond the last.
        value => HEIGHTS[(((value - low) / span * 8.0) as usize).min(7)],
    };
    values.iter().copied().map(block).collect()
}

/// The shades of a day, from none to the most.
pub const SHADES: [char; 5] = ['·', '░', '▒', '▓', '█'];

/// The days of a week in a cell each, with one between; a day that has not come is empty.
pub fn week(shades: &[Option<usize>]) -> String {
    let cell = |shade: &Option<usize>| shade.map_or(' ', |shade| SHADES[shade.min(SHADES.len() - 1)]).to_string();
    shades.iter().map(cell).collect::<Vec<_>>().join(" ").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_and_the_highest_are_the_ends_of_the_scale() {
        assert_eq!(line(&[1.0, 2.0, 3.0]), "▁▅█");
        assert_eq!(line(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]), "▁▂▃▄▅▆▇██");
        assert_eq!(line(&[-23.0, -19.0]), "▁█");
    }

    #[test]
    fn what_says_nothing_is_drawn_as_nothing() {
        assert_eq!(line(&[]), "");
        assert_eq!(line(&[4.0, 4.0]), "▄▄");
        assert_eq!(line(&[1.0, f64::NAN, 3.0]), "▁ █");
        assert_eq!(line(&[f64::MIN, f64::MAX]), "▄▄");
    }

    #[test]
    fn a_week_has_a_shade_a_day_and_ends_with_today() {
        assert_eq!(week(&[Some(0), Some(1), Some(4), Some(9), None, None, None]), "· ░ █ █");
        assert_eq!(week(&[]), "");
    }
}
