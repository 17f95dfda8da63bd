//! Why a measure is absent.

use std::fmt;

use super::loudness::Unloud;
use super::pitch::Unpitched;
use super::timing::Untimed;

/// Why there is no value, as a sentence for people tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Absent {
    /// There is no recording to speak of.
    TooShort,
    /// Every sample is the same.
    NoSound,
    /// No speech stands out of the noise.
    NoSpeech,
    /// The noise is itself like speech.
    NoiseLikeSpeech,
    /// There is speech, but too little of it.
    TooLittleSpeech,
    /// There is speech, but too little of it has a pitch.
    TooLittleVoice,
    /// Nothing is loud enough to be judged.
    TooQuiet,
    /// The noise is too loud for it.
    TooNoisy,
    /// Too much of it is cut off at full scale.
    Clipped,
    /// Nobody is silent for long enough to hear the room.
    NoRoom,
    /// The silence between the words is digital: no noise was recorded.
    NoNoise,
    /// There is no mains hum.
    NoHum,
    /// No sample is clipped.
    NotClipped,
    /// There is no pause.
    NoPause,
}

impl fmt::Display for Absent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Absent::TooShort => "too little was recorded",
            Absent::NoSound => "the recording has no sound at all",
            Absent::NoSpeech => "no speech stands out of the noise",
            Absent::NoiseLikeSpeech => "the noise is too much like speech to be told from it",
            Absent::TooLittleSpeech => "too little is spoken",
            Absent::TooLittleVoice => "too little of it is voiced",
            Absent::TooQuiet => "nothing in it is louder than -70 LUFS",
            Absent::TooNoisy => "it is too noisy",
            Absent::Clipped => "too much of it is clipped",
            Absent::NoRoom => "there is no silence in it to hear the room in",
            Absent::NoNoise => "its silence is digital",
            Absent::NotClipped => "no sample is clipped",
            Absent::NoPause => "nobody pauses in it",
            Absent::NoHum => "no hum of the mains stands out",
        })
    }
}

impl From<Untimed> for Absent {
    fn from(untimed: Untimed) -> Absent {
        match untimed {
            Untimed::TooShort => Absent::TooShort,
            Untimed::NoSignal => Absent::NoSound,
            Untimed::NoSpeech => Absent::NoSpeech,
            Untimed::NoiseLikeSpeech => Absent::NoiseLikeSpeech,
        }
    }
}

impl From<Unpitched> for Absent {
    fn from(unpitched: Unpitched) -> Absent {
        match unpitched {
            Unpitched::TooLittleVoice => Absent::TooLittleVoice,
        }
    }
}

impl From<Unloud> for Absent {
    fn from(unloud: Unloud) -> Absent {
        match unloud {
            Unloud::TooShort => Absent::TooShort,
            Unloud::TooQuiet => Absent::TooQuiet,
        }
    }
}
