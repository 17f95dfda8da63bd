//! Time, counted in frames.
//!
//! A session has one clock: the number of frames captured since it began.
//! Seconds appear only where a person reads or writes them.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};
use std::time::Duration;

/// A number of frames for each second of sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SampleRate(pub u32);

impl SampleRate {
    /// 48 kHz: what greenroom uses where nothing else is asked for.
    pub const STANDARD: SampleRate = SampleRate(48_000);

    /// The whole frames in `duration`, rounded down.
    pub fn frames(self, duration: Duration) -> Frames {
        Frames((duration.as_nanos() * u128::from(self.0) / 1_000_000_000) as u64)
    }

    /// How long `frames` last at this rate, to the nanosecond below.
    pub fn duration(self, frames: Frames) -> Duration {
        let rate = u64::from(self.0.max(1));
        let nanos = u128::from(frames.0 % rate) * 1_000_000_000 / u128::from(rate);
        Duration::new(frames.0 / rate, nanos as u32)
    }
}

impl fmt::Display for SampleRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} Hz", self.0)
    }
}

/// An instant: frames since the session began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Frame(pub u64);

/// A span of time: a number of frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Frames(pub u64);

impl Frame {
    /// The span from `earlier` to `self`; nothing where `earlier` is the later one.
    pub fn since(self, earlier: Frame) -> Frames {
        Frames(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Frames> for Frame {
    type Output = Frame;
    fn add(self, span: Frames) -> Frame {
        Frame(self.0.saturating_add(span.0))
    }
}

impl AddAssign<Frames> for Frame {
    fn add_assign(&mut self, span: Frames) {
        *self = *self + span;
    }
}

impl Sub<Frames> for Frame {
    type Output = Frame;
    fn sub(self, span: Frames) -> Frame {
        Frame(self.0.saturating_sub(span.0))
    }
}

impl Add for Frames {
    type Output = Frames;
    fn add(self, other: Frames) -> Frames {
        Frames(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Frames {
    fn add_assign(&mut self, other: Frames) {
        *self = *self + other;
    }
}

/// The longest duration that may be written: a day.
pub const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Reads a duration written as `90s`, `2m`, `1m30s`, `1h` or `500ms`.
///
/// # Errors
/// A sentence that says what is wrong and how a duration is written.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let how = "write a duration as 90s, 2m or 1m30s";
    let mut total = Duration::ZERO;
    let mut largest = u32::MAX;
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(format!("the duration is empty: {how}"));
    }
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number: u64 = rest[..digits].parse().map_err(|_| format!("`{text}` is not a duration: {how}"))?;
        rest = &rest[digits..];
        let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (rank, unit_ms) = match &rest[..letters] {
            "h" => (3, 3_600_000),
            "m" => (2, 60_000),
            "s" => (1, 1_000),
            "ms" => (0, 1),
            "" => return Err(format!("`{text}` has no unit: {how}")),
            unit => return Err(format!("`{unit}` is not a unit of time: {how}")),
        };
        if rank >= largest {
            return Err(format!("`{text}` has its units out of order: {how}"));
        }
        largest = rank;
        rest = &rest[letters..];
        let part = number.checked_mul(unit_ms).map(Duration::from_millis);
        total = part
            .and_then(|part| total.checked_add(part))
            .filter(|sum| *sum <= LONGEST)
            .ok_or_else(|| format!("`{text}` is longer than a day"))?;
    }
    Ok(total)
}

/// Writes a duration as [`parse_duration`] reads it: `1m30s`, `20s`, `1.5s` for display of parts of a second.
pub fn show_duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let millis = duration.subsec_millis();
    let mut out = String::new();
    if hours > 0 {
        out += &format!("{hours}h");
    }
    if minutes > 0 {
        out += &format!("{minutes}m");
    }
    if millis > 0 && seconds == 0 {
        out += &format!("{millis}ms");
    } else if rest > 0 || out.is_empty() {
        out += &format!("{rest}s");
    }
    out
}

/// Writes a duration in words: `1 minute 30 seconds`, `2 hours`, `no time`; parts of a second are dropped, where there
/// are whole ones.
pub fn say_duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds == 0 && duration.subsec_millis() > 0 {
        return format!("{} milliseconds", duration.subsec_millis());
    }
    let parts = [(seconds / 3600, "hour"), (seconds / 60 % 60, "minute"), (seconds % 60, "second")];
    let said = parts.iter().filter(|(count, _)| *count > 0).map(|(count, unit)| match count {
        1 => format!("1 {unit}"),
        count => format!("{count} {unit}s"),
    });
    let said: Vec<String> = said.collect();
    if said.is_empty() { "no time".to_owned() } else { said.join(" ") }
}

/// A sentence with its clocks (`1:30`, `1:02:03`) in words (`1 minute 30 seconds`), for who hears it read.
pub fn say_clocks(text: &str) -> String {
    let said = |word: &str| {
        let clock = word.trim_matches(|c: char| !c.is_ascii_digit());
        let parts: Vec<&str> = clock.split(':').collect();
        let digits = |part: &&str| (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        let is_clock = matches!(parts.len(), 2 | 3)
            && parts.iter().all(digits)
            && parts[1..].iter().all(|part| part.len() == 2 && *part < "60");
        let seconds = parts.iter().try_fold(0u64, |sum, part| Some(sum * 60 + part.parse::<u64>().ok()?));
        let said = match seconds.filter(|_| is_clock)? {
            0 => "0 seconds".to_owned(),
            seconds => say_duration(Duration::from_secs(seconds)),
        };
        Some(word.replacen(clock, &said, 1))
    };
    text.split(' ').map(|word| said(word).unwrap_or_else(|| word.to_owned())).collect::<Vec<_>>().join(" ")
}

/// Writes a duration as a clock does: `1:30`, `0:05`, `1:02:03`; parts of a second are dropped.
pub fn show_clock(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds / 3600 {
        0 => format!("{}:{:02}", seconds / 60, seconds % 60),
        hours => format!("{hours}:{:02}:{:02}", seconds / 60 % 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ninety_seconds_at_48_khz_are_4_320_000_frames() {
        assert_eq!(SampleRate(48_000).frames(Duration::from_secs(90)), Frames(4_320_000));
    }

    #[test]
    fn frames_and_durations_agree_at_odd_rates() {
        for rate in [8_000, 11_025, 16_000, 44_100, 48_000, 96_000] {
            let rate = SampleRate(rate);
            for seconds in [0, 1, 59, 90, 3_600] {
                let span = rate.frames(Duration::from_secs(seconds));
                assert_eq!(rate.duration(span), Duration::from_secs(seconds));
            }
        }
    }

    #[test]
    fn durations_are_read_as_people_write_them() {
        for (text, seconds) in [("90s", 90), ("2m", 120), ("1m30s", 90), ("1h", 3600), (" 5s ", 5)] {
            assert_eq!(parse_duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        assert_eq!(parse_duration("250ms"), Ok(Duration::from_millis(250)));
    }

    #[test]
    fn a_duration_that_is_none_says_how_one_is_written() {
        for text in ["", "90", "s", "-5s", "1x", "30s1m", "1m1m", "25h", "1.5m", "99999999999999999999s", "é"] {
            let error = parse_duration(text).expect_err(text);
            assert!(!error.is_empty());
        }
    }

    #[test]
    fn a_shown_duration_reads_back() {
        for seconds in [0, 5, 60, 90, 3_600, 3_661, 7_200] {
            let duration = Duration::from_secs(seconds);
            assert_eq!(parse_duration(&show_duration(duration)), Ok(duration));
        }
    }

    #[test]
    fn a_time_can_be_said() {
        for (seconds, said) in [
            (0, "no time"),
            (1, "1 second"),
            (59, "59 seconds"),
            (60, "1 minute"),
            (90, "1 minute 30 seconds"),
            (3_600, "1 hour"),
            (7_261, "2 hours 1 minute 1 second"),
        ] {
            assert_eq!(say_duration(Duration::from_secs(seconds)), said);
        }
        assert_eq!(say_duration(Duration::from_millis(250)), "250 milliseconds");
        assert_eq!(say_duration(Duration::from_millis(2_900)), "2 seconds");
    }

    #[test]
    fn the_clocks_of_a_sentence_can_be_said() {
        assert_eq!(
            say_clocks("spoken 0:45 of 2:00, the longest 0.4 s at 0:34 (0:00 to 1:02:03)."),
            "spoken 45 seconds of 2 minutes, the longest 0.4 s at 34 seconds (0 seconds to 1 hour 2 minutes 3 seconds)."
        );
        for none in ["a ratio of 3:1", "09:99", "http://x", "1:2:3:4", ":", "12:345", "١:٢٣", "99999999:00"] {
            assert_eq!(say_clocks(none), none);
        }
    }

    #[test]
    fn the_clock_shows_minutes_and_seconds() {
        assert_eq!(show_clock(Duration::from_secs(5)), "0:05");
        assert_eq!(show_clock(Duration::from_secs(90)), "1:30");
        assert_eq!(show_clock(Duration::from_secs(3_723)), "1:02:03");
    }
}
