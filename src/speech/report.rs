//! What a recording shows about how it was said: every measure with its unit and its place in time, or the reason why it
//! is absent.

use super::Absent;
use super::contour::{Contour, Voice};
use super::level::Db;
use super::loudness::Heard;
use super::pace::{Pace, Rates};
use super::phrases::{self, Phrase, phrases};
use super::quality::Condition;
use super::timing::{Span, Spoken};

/// Below this the voice hardly stands out of the noise, in dB: its pitch, its fillers and the ends of its phrases cannot
/// be told any more.
const LEAST_SNR_DB: f32 = 3.0;

/// The ends of phrases lie some 10 dB below them; they are in the noise below this, in dB.
const LEAST_SNR_OF_ENDINGS_DB: f32 = 15.0;

/// How much of what is spoken may be clipped where levels over time are told: from here on the loudest is cut off.
const MOST_CLIPPED: f64 = 0.01;

/// How many phrases there are at least where their ends are told in one number.
const LEAST_PHRASES: usize = 3;

/// Voice is looked for so far around what was found to be speech, in seconds: edges are told to a hundredth.
const AROUND_S: f64 = 0.03;

/// What was measured.
#[derive(Debug, Clone)]
pub struct Report {
    /// Frames a second.
    pub rate_hz: u32,
    /// Samples a frame.
    pub channels: usize,
    /// How long the recording is, in seconds.
    pub duration_s: f64,
    /// Its state.
    pub condition: Condition,
    /// Speech, pauses and syllables.
    pub spoken: Result<Spoken, Absent>,
    /// What are likely fillers.
    pub fillers: Result<Vec<Span>, Absent>,
    /// The pauses in numbers.
    pub pauses: Result<Pauses, Absent>,
    /// How fast it was spoken on the whole.
    pub rates: Result<Rates, Absent>,
    /// How fast it was spoken over time.
    pub pace: Result<Pace, Absent>,
    /// The pitch over time.
    pub contour: Result<Contour, Absent>,
    /// The pitch on the whole.
    pub voice: Result<Voice, Absent>,
    /// What is spoken between pauses, and how it ends.
    pub phrases: Result<Vec<Phrase>, Absent>,
    /// By how many semitones the ends of phrases lie above their medians, in the median of the phrases.
    pub ending_st: Result<f64, Absent>,
    /// By how many LU the ends of phrases are louder than the phrases, in the median.
    pub fading_lu: Result<f64, Absent>,
    /// The loudness over time.
    pub heard: Heard,
    /// The integrated loudness in LUFS.
    pub lufs: Result<f64, Absent>,
    /// The level of the noise where nobody speaks.
    pub noise: Result<Db, Absent>,
    /// How far the voice stands above it, in dB.
    pub snr_db: Result<f32, Absent>,
}

/// The pauses of an answer in numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pauses {
    /// How many there are.
    pub count: usize,
    /// How many a minute, from the first word to the last.
    pub a_minute: f64,
    /// All of them together, in seconds.
    pub total_s: f64,
    /// Which part of the time from the first word to the last they are: 0 to 1.
    pub share: f64,
    /// The longest.
    pub longest: Option<Span>,
}

/// What the report is made of.
pub(super) struct Parts {
    pub(super) rate_hz: u32,
    pub(super) channels: usize,
    pub(super) condition: Condition,
    pub(super) loudness: Heard,
    pub(super) spoken: Result<Spoken, Absent>,
    pub(super) contour: Contour,
}

impl Report {
    pub(super) fn of(parts: Parts) -> Report {
        let Parts { rate_hz, channels, condition, loudness: heard, spoken, mut contour } = parts;
        let spoken = if condition.all_zero { Err(silence(&condition)) } else { spoken };
        let told = spoken.as_ref().map_err(|absent| *absent);
        let snr_db = told.and_then(|spoken| {
            spoken.snr_db.ok_or(if spoken.pauses.is_empty() { Absent::NoRoom } else { Absent::NoNoise })
        });
        let noise = match told {
            Ok(spoken) => spoken.noise.ok_or(if spoken.pauses.is_empty() { Absent::NoRoom } else { Absent::NoNoise }),
            // Where nobody speaks, all of it is the room.
            Err(Absent::NoSpeech) => Ok(condition.without_offset()),
            Err(absent) => Err(absent),
        };
        let clear = |least: f32| if snr_db.is_ok_and(|snr| snr < least) { Err(Absent::TooNoisy) } else { Ok(()) };
        let unclipped = told.and_then(|spoken| {
            let samples = spoken.speech.iter().map(Span::length).sum::<f64>() * f64::from(rate_hz) * channels as f64;
            if condition.clipped as f64 > MOST_CLIPPED * samples { Err(Absent::Clipped) } else { Ok(()) }
        });
        if let Ok(spoken) = told {
            contour.keep(spoken.speech.iter().map(|span| (span.start - AROUND_S, span.end + AROUND_S)));
        }
        let contour = told.and_then(|_| clear(LEAST_SNR_DB)).map(|()| contour);
        let phrases = contour
            .as_ref()
            .map_err(|absent| *absent)
            .and_then(|contour| told.map(|spoken| phrases(&spoken.speech, contour, &heard)));
        let ending_st = phrases.as_ref().map_err(|absent| *absent).and_then(|phrases| {
            let told = phrases.iter().filter_map(|phrase| phrase.pitch_st);
            phrases::median(told, LEAST_PHRASES).ok_or(Absent::TooLittleSpeech)
        });
        let fading_lu = phrases.as_ref().map_err(|absent| *absent).and_then(|phrases| {
            clear(LEAST_SNR_OF_ENDINGS_DB)?;
            unclipped?;
            let told = phrases.iter().filter_map(|phrase| phrase.loudness_lu);
            phrases::median(told, LEAST_PHRASES).ok_or(Absent::TooLittleSpeech)
        });
        let lufs = if condition.all_zero { Err(silence(&condition)) } else { heard.integrated().map_err(Absent::from) };
        Report {
            rate_hz,
            channels,
            duration_s: condition.samples as f64 / f64::from(rate_hz),
            fillers: told.and_then(|spoken| clear(LEAST_SNR_DB).map(|()| spoken.filled_pauses.clone())),
            pauses: told.map(Pauses::of),
            rates: told.and_then(|spoken| Rates::of(&spoken.speech, spoken.nuclei.len())),
            pace: told.and_then(|spoken| Pace::of(&spoken.speech, &spoken.nuclei)),
            voice: contour.as_ref().map_err(|absent| *absent).and_then(|contour| contour.voice().map_err(Absent::from)),
            condition,
            contour,
            phrases,
            ending_st,
            fading_lu,
            heard,
            lufs,
            noise,
            snr_db,
            spoken,
        }
    }

    /// When the first word begins, in seconds.
    ///
    /// # Errors
    /// Why it is not known.
    pub fn first_word_s(&self) -> Result<f64, Absent> {
        self.of_speech(|speech| speech.first().map(|first| first.start))
    }

    /// When the last word ends, in seconds.
    ///
    /// # Errors
    /// Why it is not known.
    pub fn last_word_end_s(&self) -> Result<f64, Absent> {
        self.of_speech(|speech| speech.last().map(|last| last.end))
    }

    /// How long it is silent after the last word, in seconds.
    ///
    /// # Errors
    /// Why it is not known.
    pub fn after_last_word_s(&self) -> Result<f64, Absent> {
        self.last_word_end_s().map(|end| (self.duration_s - end).max(0.0))
    }

    fn of_speech(&self, time: impl Fn(&[Span]) -> Option<f64>) -> Result<f64, Absent> {
        let spoken = self.spoken.as_ref().map_err(|absent| *absent)?;
        time(&spoken.speech).ok_or(Absent::NoSpeech)
    }

    /// How many likely fillers there are a minute, from the first word to the last.
    ///
    /// # Errors
    /// Why it is not known.
    pub fn fillers_a_minute(&self) -> Result<f64, Absent> {
        let fillers = self.fillers.as_ref().map_err(|absent| *absent)?;
        self.rates?;
        Ok(60.0 * fillers.len() as f64 / (self.last_word_end_s()? - self.first_word_s()?))
    }
}

/// Why nothing but zeros tells nothing.
fn silence(condition: &Condition) -> Absent {
    if condition.samples == 0 { Absent::TooShort } else { Absent::NoSound }
}

impl Pauses {
    fn of(spoken: &Spoken) -> Pauses {
        let total_s = spoken.pauses.iter().map(Span::length).sum::<f64>();
        let length = match (spoken.speech.first(), spoken.speech.last()) {
            (Some(first), Some(last)) if last.end > first.start => last.end - first.start,
            _ => f64::INFINITY,
        };
        Pauses {
            count: spoken.pauses.len(),
            a_minute: 60.0 * spoken.pauses.len() as f64 / length,
            total_s,
            share: total_s / length,
            longest: spoken.pauses.iter().copied().reduce(
                |best, next| {
                    if next.length() > best.length() { next } else { best }
                },
            ),
        }
    }
}
