//! What the guidance can look at: a value for each measure, where there is one, and where in the recording it shows.

/// No measure has a value beyond this.
const MOST: f64 = 1e9;

/// What is known of one answer. What was not measured is `None`, and nothing is said of it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Facts {
    /// From the first word to the last, in seconds.
    pub spoken_s: Option<Fact>,
    /// When the first word begins, in seconds after the cue; `None` where nobody was given a cue.
    pub first_word_s: Option<Fact>,
    /// An estimate.
    pub words_a_minute: Option<Fact>,
    /// Syllables a second of speech.
    pub articulation_rate: Option<Fact>,
    /// The same in the fastest stretch, at its beginning.
    pub fastest: Option<Fact>,
    /// The same in the slowest stretch, at its beginning.
    pub slowest: Option<Fact>,
    /// Likely fillers a minute, at the first of where they are densest: see [`densest`].
    pub fillers_a_minute: Option<Fact>,
    /// Pauses a minute.
    pub pauses_a_minute: Option<Fact>,
    /// Which part of the time from the first word to the last is pauses: 0 to 1.
    pub pause_share: Option<Fact>,
    /// The longest pause, in seconds, at its beginning.
    pub longest_pause_s: Option<Fact>,
    /// The standard deviation of the pitch, in semitones.
    pub pitch_sd_st: Option<Fact>,
    /// By how many LU the ends of phrases are louder than the phrases: below 0 where they fade.
    pub ending_lu: Option<Fact>,
    /// The integrated loudness.
    pub lufs: Option<Fact>,
    /// How far the voice stands above the noise, in dB.
    pub snr_db: Option<Fact>,
    /// The largest sample, in dB of full scale; -120 for digital silence.
    pub peak_dbfs: Option<Fact>,
    /// How many samples stand at full scale, at the first of them.
    pub clipped_samples: Option<Fact>,
}

/// A value and where it shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fact {
    /// In the unit of its measure.
    pub value: f64,
    /// In seconds of the recording, where it has a place.
    pub at: Option<f64>,
}

impl Fact {
    /// A value that holds for the whole; nothing where there is none, or it is no number.
    pub fn of(value: impl Into<Option<f64>>) -> Option<Fact> {
        Fact::at(value, None)
    }

    /// A value and its place; nothing where there is none, or it is no number.
    pub fn at(value: impl Into<Option<f64>>, at: impl Into<Option<f64>>) -> Option<Fact> {
        let value = value.into().filter(|value| value.is_finite())?;
        Some(Fact { value, at: at.into().filter(|at| at.is_finite() && *at >= 0.0) })
    }
}

/// The first of the times (in order, in seconds) in the stretch of `window_s` in which there are most of them; of equal
/// stretches the first. `None` where there are fewer than two: one alone is nowhere dense.
pub fn densest(times: &[f64], window_s: f64) -> Option<f64> {
    let within = |&(place, start): &(usize, &f64)| times[place..].partition_point(|time| *time <= start + window_s);
    let counted = times.iter().enumerate().map(|each| (within(&each), *each.1));
    let (count, start) = counted.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    (count >= 2).then_some(start)
}

/// What a rule can look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    /// See [`Facts::spoken_s`].
    Spoken,
    /// See [`Facts::first_word_s`].
    FirstWord,
    /// See [`Facts::words_a_minute`].
    WordsAMinute,
    /// See [`Facts::articulation_rate`].
    ArticulationRate,
    /// See [`Facts::fastest`].
    Fastest,
    /// See [`Facts::slowest`].
    Slowest,
    /// See [`Facts::fillers_a_minute`].
    FillersAMinute,
    /// See [`Facts::pauses_a_minute`].
    PausesAMinute,
    /// See [`Facts::pause_share`].
    PauseShare,
    /// See [`Facts::longest_pause_s`].
    LongestPause,
    /// See [`Facts::pitch_sd_st`].
    PitchSd,
    /// See [`Facts::ending_lu`].
    Ending,
    /// See [`Facts::lufs`].
    Lufs,
    /// See [`Facts::snr_db`].
    Snr,
    /// See [`Facts::peak_dbfs`].
    Peak,
    /// See [`Facts::clipped_samples`].
    Clipped,
}

impl Measure {
    /// Every measure and the name that the data has for it.
    pub const NAMES: [(&str, Measure); 16] = [
        ("spoken_s", Measure::Spoken),
        ("first_word_s", Measure::FirstWord),
        ("words_a_minute", Measure::WordsAMinute),
        ("articulation_rate", Measure::ArticulationRate),
        ("fastest", Measure::Fastest),
        ("slowest", Measure::Slowest),
        ("fillers_a_minute", Measure::FillersAMinute),
        ("pauses_a_minute", Measure::PausesAMinute),
        ("pause_share", Measure::PauseShare),
        ("longest_pause_s", Measure::LongestPause),
        ("pitch_sd_st", Measure::PitchSd),
        ("ending_lu", Measure::Ending),
        ("lufs", Measure::Lufs),
        ("snr_db", Measure::Snr),
        ("peak_dbfs", Measure::Peak),
        ("clipped_samples", Measure::Clipped),
    ];

    /// What it is, with its unit.
    pub fn words(self) -> &'static str {
        match self {
            Measure::Spoken => "seconds from the first word to the last",
            Measure::FirstWord => "seconds from the cue to the first word",
            Measure::WordsAMinute => "words a minute, an estimate",
            Measure::ArticulationRate => "syllables a second of speech",
            Measure::Fastest => "syllables a second of speech in the fastest stretch",
            Measure::Slowest => "syllables a second of speech in the slowest stretch",
            Measure::FillersAMinute => "likely fillers a minute",
            Measure::PausesAMinute => "pauses a minute",
            Measure::PauseShare => "the share of pauses in the answer",
            Measure::LongestPause => "the longest pause in seconds",
            Measure::PitchSd => "the standard deviation of the pitch in semitones",
            Measure::Ending => "the loudness of the ends of phrases against the phrases, in LU",
            Measure::Lufs => "the integrated loudness in LUFS",
            Measure::Snr => "the voice above the noise in dB",
            Measure::Peak => "the largest sample in dB of full scale",
            Measure::Clipped => "clipped samples",
        }
    }

    /// Whether it tells nothing of an answer of a few words: a rate, or what is typical of many phrases.
    pub fn needs_speech(self) -> bool {
        !matches!(
            self,
            Measure::Spoken
                | Measure::FirstWord
                | Measure::LongestPause
                | Measure::Lufs
                | Measure::Snr
                | Measure::Peak
                | Measure::Clipped
        )
    }

    /// What is known of it.
    pub fn in_facts(self, facts: &Facts) -> Option<Fact> {
        match self {
            Measure::Spoken => facts.spoken_s,
            Measure::FirstWord => facts.first_word_s,
            Measure::WordsAMinute => facts.words_a_minute,
            Measure::ArticulationRate => facts.articulation_rate,
            Measure::Fastest => facts.fastest,
            Measure::Slowest => facts.slowest,
            Measure::FillersAMinute => facts.fillers_a_minute,
            Measure::PausesAMinute => facts.pauses_a_minute,
            Measure::PauseShare => facts.pause_share,
            Measure::LongestPause => facts.longest_pause_s,
            Measure::PitchSd => facts.pitch_sd_st,
            Measure::Ending => facts.ending_lu,
            Measure::Lufs => facts.lufs,
            Measure::Snr => facts.snr_db,
            Measure::Peak => facts.peak_dbfs,
            Measure::Clipped => facts.clipped_samples,
        }
        // The fields are open to all: what is no number, or beyond anything that is measured, is no ground.
        .filter(|fact| fact.value.abs() <= MOST)
    }

    /// The value as a person is told it: no finer than it is known.
    pub(super) fn show(self, value: f64) -> String {
        match self {
            // An estimate: its error is several words.
            Measure::WordsAMinute => format!("{:.0}", (value / 5.0).round() * 5.0),
            Measure::PauseShare => format!("{:.0} %", 100.0 * value),
            Measure::FillersAMinute
            | Measure::PausesAMinute
            | Measure::Snr
            | Measure::Peak
            | Measure::Clipped
            | Measure::Lufs => {
                format!("{value:.0}")
            }
            _ => format!("{value:.1}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_is_no_fact_and_a_strange_place_is_none() {
        assert_eq!(Fact::of(f64::NAN), None);
        assert_eq!(Fact::at(f64::INFINITY, 1.0), None);
        assert_eq!(Fact::of(None), None);
        assert_eq!(Fact::at(2.0, -1.0), Some(Fact { value: 2.0, at: None }));
        assert_eq!(Fact::at(2.0, f64::NAN), Fact::of(2.0));
    }

    #[test]
    fn the_densest_stretch_begins_with_one_of_the_times() {
        assert_eq!(densest(&[1.0, 30.0, 33.0, 35.0, 60.0, 66.0], 10.0), Some(30.0));
        assert_eq!(densest(&[1.0, 5.0, 30.0, 34.0], 10.0), Some(1.0), "of equals the first");
        assert_eq!(densest(&[4.0], 10.0), None);
        assert_eq!(densest(&[], 10.0), None);
    }

    #[test]
    fn every_measure_has_a_name_of_its_own_and_a_fact_of_its_own() {
        let mut names: Vec<_> = Measure::NAMES.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Measure::NAMES.len());
        let n = |value: f64| Fact::of(value);
        let facts = Facts {
            spoken_s: n(0.0),
            first_word_s: n(1.0),
            words_a_minute: n(2.0),
            articulation_rate: n(3.0),
            fastest: n(4.0),
            slowest: n(5.0),
            fillers_a_minute: n(6.0),
            pauses_a_minute: n(7.0),
            pause_share: n(8.0),
            longest_pause_s: n(9.0),
            pitch_sd_st: n(10.0),
            ending_lu: n(11.0),
            lufs: n(12.0),
            snr_db: n(13.0),
            peak_dbfs: n(14.0),
            clipped_samples: n(15.0),
        };
        for (place, (name, measure)) in Measure::NAMES.into_iter().enumerate() {
            assert_eq!(measure.in_facts(&facts), n(place as f64), "{name}");
        }
    }
}
