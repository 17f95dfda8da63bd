//! How fast it was spoken: rates over the whole, and the pace as it goes.

use super::Absent;
use super::timing::Span;

/// How many syllables an English word has when people answer questions: 1.3 in interviews to 1.6 on the radio (Tauroza
/// and Allison 1990, doi 10.1093/applin/11.1.90); 1.48 and 1.32 in the model answers of the two built-in banks, 10,000
/// words by a pronouncing dictionary.
pub const SYLLABLES_A_WORD: f64 = 1.4;

/// The window in which the pace is taken, and how far apart windows are, in seconds: some thirty syllables.
pub const WINDOW_S: f64 = 10.0;
/// See [`WINDOW_S`].
pub const STEP_S: f64 = 1.0;

/// How much of a window is speech at least, in seconds, where its pace is told.
const LEAST_IN_WINDOW_S: f64 = 4.0;

/// How much speech there is at least where rates are told, in seconds, and how many syllables.
const LEAST_SPEECH_S: f64 = 2.0;
/// See [`LEAST_SPEECH_S`].
const LEAST_SYLLABLES: usize = 6;

/// How fast it was spoken on the whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    /// Syllables a second from the first word to the last, pauses included.
    pub speech: f64,
    /// Syllables a second of speech, pauses left out.
    pub articulation: f64,
    /// Words a minute, pauses included: an estimate, by [`SYLLABLES_A_WORD`].
    pub words_a_minute: f64,
}

impl Rates {
    /// The rates of so many syllables in these stretches of speech.
    ///
    /// # Errors
    /// [`Absent::TooLittleSpeech`] for less than two seconds of speech or six syllables.
    pub fn of(speech: &[Span], syllables: usize) -> Result<Rates, Absent> {
        let (Some(first), Some(last)) = (speech.first(), speech.last()) else { return Err(Absent::TooLittleSpeech) };
        let spoken: f64 = speech.iter().map(Span::length).sum();
        if spoken < LEAST_SPEECH_S || syllables < LEAST_SYLLABLES {
            return Err(Absent::TooLittleSpeech);
        }
        let speech = syllables as f64 / (last.end - first.start);
        Ok(Rates { speech, articulation: syllables as f64 / spoken, words_a_minute: 60.0 * speech / SYLLABLES_A_WORD })
    }
}

/// A stretch of an answer and how fast it was spoken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// Where it is.
    pub at: Span,
    /// Syllables a second of speech.
    pub rate: f64,
}

/// The pace over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Pace {
    /// Syllables a second of speech in the window of [`WINDOW_S`] that begins so many times [`STEP_S`] after the first
    /// word; `None` where there is too little speech in it.
    pub windows: Vec<Option<f32>>,
    /// When the first word begins, in seconds.
    pub start_s: f64,
    /// The fastest window.
    pub fastest: Stretch,
    /// The slowest window.
    pub slowest: Stretch,
}

impl Pace {
    /// The pace of these syllables, at their times, in these stretches of speech.
    ///
    /// # Errors
    /// [`Absent::TooLittleSpeech`] where from the first word to the last it is shorter than two windows.
    pub fn of(speech: &[Span], nuclei: &[f64]) -> Result<Pace, Absent> {
        let (Some(first), Some(last)) = (speech.first(), speech.last()) else { return Err(Absent::TooLittleSpeech) };
        let start_s = first.start;
        let length = last.end - start_s;
        if length < 2.0 * WINDOW_S {
            return Err(Absent::TooLittleSpeech);
        }
        let count = ((length - WINDOW_S) / STEP_S).floor() as usize + 1;
        let window = |place: usize| {
            let start = start_s + place as f64 * STEP_S;
            Span { start, end: start + WINDOW_S }
        };
        let (mut spans, mut syllables) = (speech, nuclei);
        let mut rate = |place: usize| {
            let at = window(place);
            // What ends before this window ends before all that follow.
            spans = &spans[spans.partition_point(|span| span.end <= at.start)..];
            syllables = &syllables[syllables.partition_point(|&time| time < at.start)..];
            let within = spans.iter().take_while(|span| span.start < at.end);
            let spoken: f64 = within.map(|span| span.end.min(at.end) - span.start.max(at.start)).sum();
            let heard = syllables.partition_point(|&time| time < at.end);
            (spoken >= LEAST_IN_WINDOW_S).then(|| (heard as f64 / spoken) as f32)
        };
        let windows: Vec<Option<f32>> = (0..count).map(&mut rate).collect();
        let told = || windows.iter().enumerate().filter_map(|(place, rate)| Some((place, (*rate)?)));
        let stretch = |(place, rate): (usize, f32)| Stretch { at: window(place), rate: rate.into() };
        // Of equals the first, each way.
        let fastest = told().reduce(|best, next| if next.1 > best.1 { next } else { best });
        let slowest = told().reduce(|best, next| if next.1 < best.1 { next } else { best });
        let (Some(fastest), Some(slowest)) = (fastest, slowest) else { return Err(Absent::TooLittleSpeech) };
        Ok(Pace { start_s, fastest: stretch(fastest), slowest: stretch(slowest), windows })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(times: &[(f64, f64)]) -> Vec<Span> {
        times.iter().map(|&(start, end)| Span { start, end }).collect()
    }

    #[test]
    fn pauses_count_for_the_speech_rate_and_not_for_the_articulation_rate() {
        let rates = Rates::of(&spans(&[(1.0, 3.0), (5.0, 7.0)]), 18).expect("there is enough");
        assert_eq!((rates.speech, rates.articulation), (3.0, 4.5));
        assert!((rates.words_a_minute - 180.0 / SYLLABLES_A_WORD).abs() < 1e-9, "{rates:?}");
    }

    #[test]
    fn a_word_or_two_have_no_rate() {
        assert_eq!(Rates::of(&[], 0), Err(Absent::TooLittleSpeech));
        assert_eq!(Rates::of(&spans(&[(0.0, 1.9)]), 9), Err(Absent::TooLittleSpeech));
        assert_eq!(Rates::of(&spans(&[(0.0, 9.0)]), 5), Err(Absent::TooLittleSpeech));
    }

    #[test]
    fn the_fastest_and_the_slowest_stretch_are_where_they_were_spoken() {
        // Four a second for 20 s, then six a second, then three.
        let step = |from: f64, count: usize, rate: f64| (0..count).map(move |n| from + (n as f64 + 0.5) / rate);
        let nuclei: Vec<f64> = step(2.0, 80, 4.0).chain(step(22.0, 90, 6.0)).chain(step(37.0, 45, 3.0)).collect();
        let pace = Pace::of(&spans(&[(2.0, 21.9), (22.0, 52.0)]), &nuclei).expect("there is enough");
        assert!((pace.fastest.rate - 6.0).abs() < 0.1, "{:?}", pace.fastest);
        assert!((22.0..=27.0).contains(&pace.fastest.at.start), "{:?}", pace.fastest);
        assert!((pace.slowest.rate - 3.0).abs() < 0.1, "{:?}", pace.slowest);
        assert!((37.0..=42.0).contains(&pace.slowest.at.start), "{:?}", pace.slowest);
        assert_eq!(pace.windows.len(), 41);
    }

    #[test]
    fn a_window_that_is_mostly_silent_has_no_pace() {
        let nuclei: Vec<f64> =
            (0..40).map(|n| 0.1 + 0.25 * f64::from(n)).chain((0..40).map(|n| 30.1 + 0.25 * f64::from(n))).collect();
        let pace = Pace::of(&spans(&[(0.0, 10.0), (30.0, 40.0)]), &nuclei).expect("there is enough");
        assert_eq!(pace.windows[15], None);
        assert!(pace.windows[0].is_some_and(|rate| (rate - 4.0).abs() < 0.1));
        assert_eq!(Pace::of(&spans(&[(0.0, 19.0)]), &nuclei), Err(Absent::TooLittleSpeech));
    }
}
