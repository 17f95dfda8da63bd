//! The three doors to the outside: what a session needs of a microphone, a speaker and a voice.
//!
//! The session loop knows only these traits.
//! Real devices, files and pipes stand behind them alike, so that a session without sound is the same session.

use std::sync::Arc;
use std::time::Duration;

use crate::interview::{Frames, SampleRate, Text};

/// A microphone: where a session's frames, and with them its time, come from.
///
/// Mono, signed 16-bit, at one rate from the start of the session to its end.
pub trait Capture {
    /// The rate of the frames.
    fn rate(&self) -> SampleRate;

    /// What a person would call this microphone.
    fn name(&self) -> String;

    /// Waits no longer than `patience` for frames and appends at most `most` of them to `block`.
    ///
    /// What one call appends is all sound, or all silence in the place of frames that were lost: a block ends where a
    /// loss begins, and where it ends.
    fn read(&mut self, block: &mut Vec<i16>, most: usize, patience: Duration) -> Heard;

    /// Tells a microphone that is played from files that a take of a turn of the plan begins: what is said in it comes
    /// now.
    fn take_opens(&mut self, turn: usize) {
        let _ = turn;
    }

    /// Tells a microphone that the take is about to be closed: until then it holds back no frame longer than it must in
    /// order to be surer of its place.
    fn take_ends(&mut self) {}

    /// Whether frames that came, or silence that stands for lost ones, are known and have yet to be read.
    fn is_behind(&mut self) -> bool {
        false
    }

    /// Tells a microphone that the take is over.
    fn take_closes(&mut self) {}
}

/// What came from the microphone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Frames: sound, or silence in the place of frames that were lost on the way.
    Frames {
        /// How many frames of the block are inserted silence: none of them or all.
        dropped: u64,
    },
    /// Nothing within the time given.
    Nothing,
    /// Sound, perhaps, and all that was to be said in this take has been said: no more but silence comes in it.
    SaidAll,
    /// The microphone is gone; it is being looked for.
    Lost(String),
    /// The microphone is back; the text says which.
    Back(String),
    /// Something that the candidate should know of; frames go on.
    Notice(String),
    /// There will never be a frame again.
    Ended(String),
}

/// Sound to be played: mono, signed 16-bit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Clip {
    /// Frames a second.
    pub rate: u32,
    /// The samples.
    pub samples: Vec<i16>,
}

impl Clip {
    /// How long it sounds.
    pub fn duration(&self) -> Duration {
        SampleRate(self.rate).duration(Frames(self.samples.len() as u64))
    }
}

/// A speaker, or what stands for one.
///
/// One clip or one stream sounds at a time: a new one takes the place of the old.
pub trait Playback {
    /// What a person would call this speaker.
    fn name(&self) -> String;

    /// Starts a clip in the place of any that sounds.
    ///
    /// # Errors
    /// A sentence that says why nothing will be heard; the session goes on with the text alone.
    fn play(&mut self, clip: Arc<Clip>) -> Result<(), String>;

    /// Begins a stream in the place of whatever sounds, and says at which rate its frames are to be fed: the speaker's
    /// own. What was fed before and not taken is dropped at once, with a short fade.
    ///
    /// # Errors
    /// A sentence that says why nothing will be heard.
    fn begin(&mut self) -> Result<SampleRate, String>;

    /// Appends to the stream that was begun last; says how many of the frames there was room for. A second of sound has
    /// room at least.
    fn feed(&mut self, frames: &[i16]) -> usize;

    /// Says that the stream is whole: it is idle when all of it has been heard.
    fn end(&mut self);

    /// How many frames of the stream have been heard.
    fn heard(&mut self) -> Frames;

    /// How many frames of the stream the speaker has taken: they are heard even if another stream begins now.
    fn taken(&mut self) -> Frames;

    /// Stops what sounds.
    fn stop(&mut self);

    /// Where the clip or the stream stands.
    fn state(&mut self) -> Playing;

    /// Passes `span` of the session's time: a speaker without a clock of its own, such as a file, plays this far.
    fn advance(&mut self, span: Frames) {
        let _ = span;
    }

    /// How many frames of the session's time until the clip or what was fed of the stream ends, where the speaker has no
    /// clock of its own.
    fn remaining(&self) -> Option<Frames> {
        None
    }

    /// Ends the work: what is written to a file is complete afterwards.
    ///
    /// # Errors
    /// A sentence that says what could not be completed.
    fn finish(&mut self) -> Result<(), String> {
        Ok(())
    }
}

/// Where a clip or a stream stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Playing {
    /// Nothing sounds: it has been heard to its end, or there was none.
    Idle,
    /// It sounds, or waits for what is to be fed.
    Sounding,
    /// The speaker is gone or stands still; the sentence says why.
    Failed(String),
}

/// Who speaks.
pub trait Voice: Send {
    /// The name by which the voice is chosen.
    fn name(&self) -> String;

    /// Makes an utterance of a text.
    ///
    /// # Errors
    /// Why this voice cannot speak it; the next voice is asked then.
    fn utter(&mut self, text: &Text) -> Result<Utterance, VoiceError>;

    /// Something that the candidate should know of this voice; it is given once, after the voice has spoken.
    fn notice(&mut self) -> Option<String> {
        None
    }
}

/// A text, ready to be heard.
pub enum Utterance {
    /// Sound, rendered.
    Clip(Arc<Clip>),
    /// Speech that the system makes itself when told to.
    Live(Box<dyn Speech>),
    /// No sound: the time it takes to read the text.
    Reading(Duration),
}

/// Speech that the system makes itself.
pub trait Speech: Send {
    /// Begins to speak.
    fn start(&mut self);
    /// Where it stands.
    fn state(&mut self) -> Playing;
    /// Stops.
    fn stop(&mut self);
}

/// Why a voice does not speak.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VoiceError {
    /// The voice is not on this machine.
    #[error("{voice} is not available: {remedy}")]
    Absent {
        /// Which voice.
        voice: String,
        /// What to do about it.
        remedy: String,
    },
    /// No voice has the name, or the one that has it cannot be used as was asked.
    #[error("{voice}: {remedy}")]
    Misnamed {
        /// What was asked for.
        voice: String,
        /// What to ask for instead.
        remedy: String,
    },
    /// The voice gave no answer within its time.
    #[error("{voice} did not answer within {seconds} s")]
    TooSlow {
        /// Which voice.
        voice: String,
        /// Its time.
        seconds: u64,
    },
    /// The voice failed.
    #[error("{voice} failed: {reason}")]
    Failed {
        /// Which voice.
        voice: String,
        /// What it said.
        reason: String,
    },
}
