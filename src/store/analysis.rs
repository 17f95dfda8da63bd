//! What was measured of a recording, as JSON: what `greenroom analyze --json` prints, and what a session's folder keeps
//! in `analysis/`.
//!
//! Derived from the recording and from nothing else, and safe to delete. What could not be measured is not in it, and
//! why not is.

use std::collections::BTreeMap;

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use crate::speech::pace::{STEP_S, WINDOW_S};
use crate::speech::{Absent, Contour, Report, Span, Stretch, pitch};

/// The version of the form.
pub const SCHEMA: u32 = 1;

/// The version of the measurements: it grows when the same recording would measure otherwise.
pub const METHOD: u32 = 1;

/// From a time to a time, in seconds.
pub type Times = [f64; 2];

/// What was measured of a recording; without the pitch over time, which is large.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// The version of the form.
    pub schema: u32,
    /// The version of the measurements.
    pub method: u32,
    /// The recording.
    pub file: String,
    /// How long it is.
    pub duration_s: f64,
    /// Its frames a second, and how many frames there are.
    pub rate_hz: u32,
    pub frames: u64,
    /// Samples a frame.
    pub channels: usize,
    /// From the start to the first speech.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_word_s: Option<f64>,
    /// Where the last speech ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_word_end_s: Option<f64>,
    /// From there to the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_last_word_s: Option<f64>,
    /// Where somebody speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speech: Option<Vec<Times>>,
    /// The silences of 250 ms and more between.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pauses: Option<Vec<Times>>,
    /// How many a minute, all together, which part of the time from the first word to the last, and the longest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pauses_a_minute: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pauses_total_s: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pauses_share: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest_pause: Option<Times>,
    /// What are likely fillers, and how many a minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filled_pauses: Option<Vec<Times>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filled_pauses_a_minute: Option<f64>,
    /// When each syllable is at its loudest, and how many there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nuclei: Option<Vec<f64>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub syllables: Option<usize>,
    /// Syllables a second with pauses, and without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speech_rate: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub articulation_rate: Option<f64>,
    /// Words a minute, with pauses: an estimate from the syllables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words_a_minute_estimate: Option<f64>,
    /// The articulation rate over time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pace: Option<PaceForm>,
    /// The pitch: its median, its 10th and 90th percentile, how far these are apart, and its standard deviation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pitch_median_hz: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pitch_low_hz: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pitch_high_hz: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pitch_range_st: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pitch_sd_st: Option<f64>,
    /// What is spoken between pauses, and how it ends; and the median of the ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phrases: Option<Vec<PhraseForm>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phrase_end_st: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phrase_end_lu: Option<f64>,
    /// The integrated loudness, and the loudness of 3 s each second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lufs: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lufs_short_term: Option<ShortTerm>,
    /// The state of the recording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_dbfs: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rms_dbfs: Option<f64>,
    pub clipped_samples: u64,
    /// Where the first of them is, to some 0.03 s; none where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_clipped_s: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noise_dbfs: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snr_db: Option<f64>,
    /// The mean of the samples, full scale being 1.
    pub dc_offset: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mains_hum: Option<HumForm>,
    /// Whether every sample is 0.
    pub all_zero: bool,
    /// Samples that were no numbers, or absurd ones.
    pub strange_samples: u64,
    /// What was not measured, and why not.
    pub not_measured: BTreeMap<String, String>,
}

/// The articulation rate over time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PaceForm {
    /// How long a window is, and how far from one to the next.
    pub window_s: f64,
    pub step_s: f64,
    /// Where the first one begins.
    pub start_s: f64,
    /// Syllables a second of speech in each; null where too little of it is speech.
    pub rates: Vec<Option<f64>>,
    /// The fastest and the slowest.
    pub fastest: StretchForm,
    pub slowest: StretchForm,
}

/// A stretch and its rate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StretchForm {
    pub start: f64,
    pub end: f64,
    /// Syllables a second of speech.
    pub rate: f64,
}

/// What is spoken between two pauses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PhraseForm {
    pub start: f64,
    pub end: f64,
    /// How far its end lies above its median, in semitones, and how much louder it is than the whole, in LU.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_st: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_lu: Option<f64>,
}

/// The loudness over time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShortTerm {
    /// How long a window is, where the first one ends, and how far from one to the next.
    pub window_s: f64,
    pub start_s: f64,
    pub step_s: f64,
    /// The loudness of each; null where there is no sound.
    pub lufs: Vec<Option<f64>>,
}

/// The hum of the mains.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HumForm {
    pub hz: u16,
    pub dbfs: f64,
}

/// The form of a number with so many decimals.
fn round(value: f64, decimals: i32) -> f64 {
    let scale = 10f64.powi(decimals);
    // A sum of nothing is below 0 by its sign.
    (value * scale).round() / scale + 0.0
}

fn times(span: Span) -> Times {
    [round(span.start, 4), round(span.end, 4)]
}

/// Takes down why what is absent is.
struct Reasons(BTreeMap<String, String>);

impl Reasons {
    fn value<T, U>(&mut self, name: &str, value: Result<T, Absent>, form: impl Fn(T) -> U) -> Option<U> {
        match value {
            Ok(value) => Some(form(value)),
            Err(absent) => {
                self.0.insert(name.to_owned(), absent.to_string());
                None
            }
        }
    }
}

impl Analysis {
    /// The form of a report on a recording that is called `file`.
    pub fn of(file: &str, report: &Report) -> Analysis {
        let mut why = Reasons(BTreeMap::new());
        let spoken = report.spoken.as_ref().map_err(|absent| *absent);
        let spans = |spans: &[Span]| spans.iter().copied().map(times).collect::<Vec<_>>();
        let pauses = report.pauses;
        let condition = &report.condition;
        // Silence has no level that could be written.
        let level = |db: f32| if db.is_finite() { Ok(f64::from(db)) } else { Err(Absent::NoSound) };
        let voice = report.voice;
        Analysis {
            schema: SCHEMA,
            method: METHOD,
            file: file.to_owned(),
            duration_s: round(report.duration_s, 6),
            rate_hz: report.rate_hz,
            frames: condition.samples,
            channels: report.channels,
            first_word_s: why.value("first_word_s", report.first_word_s(), |s| round(s, 4)),
            last_word_end_s: why.value("last_word_end_s", report.last_word_end_s(), |s| round(s, 4)),
            after_last_word_s: why.value("after_last_word_s", report.after_last_word_s(), |s| round(s, 4)),
            speech: why.value("speech", spoken, |spoken| spans(&spoken.speech)),
            pauses: why.value("pauses", spoken, |spoken| spans(&spoken.pauses)),
            pauses_a_minute: why
                .value("pauses_a_minute", pauses.and_then(|p| report.rates.map(|_| p)), |p| round(p.a_minute, 2)),
            pauses_total_s: why.value("pauses_total_s", pauses, |p| round(p.total_s, 3)),
            pauses_share: why.value("pauses_share", pauses, |p| round(p.share, 4)),
            longest_pause: why.value("longest_pause", pauses.and_then(|p| p.longest.ok_or(Absent::NoPause)), times),
            filled_pauses: why.value("filled_pauses", report.fillers.as_ref().map_err(|a| *a), |f| spans(f)),
            filled_pauses_a_minute: why.value("filled_pauses_a_minute", report.fillers_a_minute(), |f| round(f, 2)),
            nuclei: why.value("nuclei", spoken, |spoken| spoken.nuclei.iter().map(|&time| round(time, 4)).collect()),
            syllables: why.value("syllables", spoken, |spoken| spoken.nuclei.len()),
            speech_rate: why.value("speech_rate", report.rates, |rates| round(rates.speech, 3)),
            articulation_rate: why.value("articulation_rate", report.rates, |rates| round(rates.articulation, 3)),
            words_a_minute_estimate: why
                .value("words_a_minute_estimate", report.rates, |rates| round(rates.words_a_minute, 1)),
            pace: why.value("pace", report.pace.as_ref().map_err(|absent| *absent), |pace| PaceForm {
                window_s: WINDOW_S,
                step_s: STEP_S,
                start_s: round(pace.start_s, 4),
                rates: pace.windows.iter().map(|rate| rate.map(|rate| round(rate.into(), 3))).collect(),
                fastest: StretchForm::of(&pace.fastest),
                slowest: StretchForm::of(&pace.slowest),
            }),
            pitch_median_hz: why.value("pitch_median_hz", voice, |voice| round(voice.median_hz, 2)),
            pitch_low_hz: why.value("pitch_low_hz", voice, |voice| round(voice.low_hz, 2)),
            pitch_high_hz: why.value("pitch_high_hz", voice, |voice| round(voice.high_hz, 2)),
            pitch_range_st: why.value("pitch_range_st", voice, |voice| round(voice.range_st(), 3)),
            pitch_sd_st: why.value("pitch_sd_st", voice, |voice| round(voice.sd_st, 3)),
            phrases: why.value("phrases", report.phrases.as_ref().map_err(|absent| *absent), |phrases| {
                phrases.iter().map(PhraseForm::of).collect()
            }),
            phrase_end_st: why.value("phrase_end_st", report.ending_st, |st| round(st, 2)),
            phrase_end_lu: why.value("phrase_end_lu", report.fading_lu, |lu| round(lu, 2)),
            lufs: why.value("lufs", report.lufs, |lufs| round(lufs, 3)),
            lufs_short_term: why.value("lufs_short_term", report.lufs.and_then(|_| ShortTerm::of(report)), |form| form),
            peak_dbfs: why.value("peak_dbfs", level(condition.peak.0), |db| round(db, 3)),
            rms_dbfs: why.value("rms_dbfs", level(condition.rms.0), |db| round(db, 3)),
            clipped_samples: condition.clipped,
            first_clipped_s: why.value("first_clipped_s", condition.first_clipped.ok_or(Absent::NotClipped), |frame| {
                round(frame as f64 / f64::from(report.rate_hz), 2)
            }),
            noise_dbfs: why.value("noise_dbfs", report.noise.and_then(|noise| level(noise.0)), |noise| round(noise, 2)),
            snr_db: why.value("snr_db", report.snr_db, |snr| round(snr.into(), 2)),
            dc_offset: round(condition.offset, 6),
            mains_hum: why.value("mains_hum", condition.hum.ok_or(Absent::NoHum), |hum| HumForm {
                hz: hum.mains_hz,
                dbfs: round(hum.level.0.into(), 2),
            }),
            all_zero: condition.all_zero,
            strange_samples: condition.strange,
            not_measured: {
                why.value("f0", report.contour.as_ref().map_err(|absent| *absent), |_| ());
                why.0
            },
        }
    }
}

/// Longer than any recording, in seconds.
const LONGEST: f64 = 1e6;

/// Higher than any rate, pitch or level.
const HIGHEST: f64 = 10_000.0;

impl Analysis {
    /// Whether its times can be times of a recording: whatever wrote the file.
    pub(super) fn is_sound(&self) -> bool {
        let time = |time: &f64| (0.0..=LONGEST).contains(time);
        let within = |times: &Option<Vec<Times>>| {
            times.iter().flatten().all(|[start, end]| time(start) && time(end) && start <= end)
        };
        let rates = [
            self.pauses_a_minute,
            self.filled_pauses_a_minute,
            self.speech_rate,
            self.articulation_rate,
            self.words_a_minute_estimate,
            self.pitch_median_hz,
            self.pitch_sd_st,
        ];
        let levels = [self.lufs, self.peak_dbfs, self.rms_dbfs, self.noise_dbfs, self.snr_db, self.phrase_end_lu];
        rates.iter().flatten().all(|rate| (0.0..=HIGHEST).contains(rate))
            && levels.iter().flatten().all(|level| level.abs() <= HIGHEST)
            && time(&self.duration_s)
            && [self.first_word_s, self.last_word_end_s, self.after_last_word_s].iter().flatten().all(time)
            && within(&self.speech)
            && within(&self.pauses)
            && within(&self.filled_pauses)
            && self.longest_pause.iter().flatten().all(time)
            && self.nuclei.iter().flatten().all(time)
    }
}

impl StretchForm {
    fn of(stretch: &Stretch) -> StretchForm {
        let [start, end] = times(stretch.at);
        StretchForm { start, end, rate: round(stretch.rate, 3) }
    }
}

impl PhraseForm {
    fn of(phrase: &crate::speech::Phrase) -> PhraseForm {
        let [start, end] = times(phrase.at);
        let form = |value: Option<f64>| value.map(|value| round(value, 2));
        PhraseForm { start, end, end_st: form(phrase.pitch_st), end_lu: form(phrase.loudness_lu) }
    }
}

impl ShortTerm {
    /// The loudness of three seconds, each second.
    fn of(report: &Report) -> Result<ShortTerm, Absent> {
        let step = report.heard.step_s();
        let lufs: Vec<Option<f64>> =
            report.heard.short_term().step_by(10).map(|lufs| lufs.is_finite().then(|| round(lufs, 2))).collect();
        if lufs.is_empty() {
            return Err(Absent::TooShort);
        }
        Ok(ShortTerm {
            window_s: round(30.0 * step, 6),
            start_s: round(30.0 * step, 6),
            step_s: round(10.0 * step, 6),
            lufs,
        })
    }
}

/// The whole of what was measured, with the pitch over time.
#[derive(Debug, Clone, Copy)]
pub struct Whole<'r> {
    /// All but that.
    pub analysis: &'r Analysis,
    /// The pitch, where there is one.
    pub contour: Option<&'r Contour>,
}

impl Serialize for Whole<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Form<'r> {
            #[serde(flatten)]
            analysis: &'r Analysis,
            #[serde(skip_serializing_if = "Option::is_none")]
            f0: Option<Track<'r>>,
        }
        Form { analysis: self.analysis, f0: self.contour.map(Track) }.serialize(serializer)
    }
}

/// The pitch over time.
struct Track<'r>(&'r Contour);

impl Serialize for Track<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut form = serializer.serialize_struct("f0", 2)?;
        form.serialize_field("dt", &pitch::STEP_S)?;
        form.serialize_field("hz", &Hertz(self.0))?;
        form.end()
    }
}

struct Hertz<'r>(&'r Contour);

impl Serialize for Hertz<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.hertz().map(|hertz| round(hertz.into(), 2)))
    }
}
