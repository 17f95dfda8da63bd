//! The life of what is said: waited for, spoken or read, hushed, ended.
//!
//! Knows the loudspeaker and the voices; which turn it belongs to, and what follows from its end, is known elsewhere.

use std::sync::Arc;
use std::time::Duration;

use super::prompter::{Prompter, Spoken};
use crate::audio::cue;
use crate::audio::pace::Pace;
use crate::interview::{Cue, Event, Frame, Frames, SampleRate};
use crate::ports::{Clip, Playback, Playing, Speech, Utterance};
use crate::voice::reading_time;

/// How long a prompt may take to render where nothing else can go on meanwhile.
const RENDERING: Duration = Duration::from_secs(90);

/// What sounds.
enum Speaking {
    Nothing,
    /// This is not rendered yet.
    Waiting(Spoken),
    /// The loudspeaker plays this.
    Clip(Spoken),
    /// The system speaks this; the prompter holds the speech.
    Live(Spoken),
    /// The candidate reads until this frame; `failed` where a voice was to speak and could not.
    Reading {
        until: Frame,
        failed: bool,
    },
}

/// What became of what was to be said.
pub enum News {
    /// It begins to be heard, or to be read.
    Begun {
        /// What is said.
        what: Spoken,
        /// In which voice.
        voice: String,
        /// What is heard, where that is known.
        clip: Option<Arc<Clip>>,
    },
    /// Something that the candidate should know of.
    Notice(String),
    /// It has ended.
    Ended(Event),
}

/// Says what is to be said.
pub struct Asking {
    playback: Box<dyn Playback>,
    prompter: Prompter,
    pace: Pace,
    rate: SampleRate,
    speaking: Speaking,
    told: bool,
}

impl Asking {
    /// Speaks with the voices of `prompter` through `playback`.
    pub fn new(playback: Box<dyn Playback>, prompter: Prompter, pace: Pace, rate: SampleRate) -> Asking {
        Asking { playback, prompter, pace, rate, speaking: Speaking::Nothing, told: false }
    }

    /// What a person would call the speaker.
    pub fn speaker(&self) -> String {
        self.playback.name()
    }

    /// Has what may be said soon rendered, the likeliest first; what was rendered and is not in the list is
    /// forgotten. So [`Asking::say`] comes first, with what is said now, and this after it.
    pub fn foresee(&mut self, soon: &[Spoken]) {
        self.prompter.foresee(soon);
    }

    /// Begins to say `what`, as soon as it is rendered.
    pub fn say(&mut self, what: Spoken, now: Frame) -> Vec<News> {
        self.speaking = Speaking::Waiting(what.clone());
        // Where time does not pass by itself, the voice is waited for.
        self.begin(what, now, if self.pace == Pace::Fast { RENDERING } else { Duration::ZERO })
    }

    /// The name of a speaker's voice as it stands.
    pub fn voice(&self, speaker: usize) -> String {
        self.prompter.speaking(speaker)
    }

    /// Stops speaking.
    pub fn hush(&mut self) {
        match std::mem::replace(&mut self.speaking, Speaking::Nothing) {
            Speaking::Clip(_) => self.playback.stop(),
            Speaking::Live(what) => {
                if let Some(speech) = self.live(&what) {
                    speech.stop();
                }
            }
            Speaking::Nothing | Speaking::Waiting(_) | Speaking::Reading { .. } => {}
        }
    }

    /// Sounds a cue. One that cannot be heard is on the screen.
    pub fn cue(&mut self, cue: Cue) {
        let _ = self.playback.play(cue::sound(cue));
    }

    /// Plays a candidate's answer, for a demonstration.
    pub fn answer(&mut self, clip: &Arc<Clip>) {
        let _ = self.playback.play(Arc::clone(clip));
    }

    /// Stops the candidate of a demonstration.
    pub fn stop(&mut self) {
        self.playback.stop();
    }

    /// Passes a span of the session's time.
    pub fn advance(&mut self, span: Frames) {
        self.playback.advance(span);
    }

    /// When the prompt ends, where that can be told.
    pub fn deadline(&self, now: Frame) -> Option<Frame> {
        match self.speaking {
            Speaking::Clip(_) => self.playback.remaining().map(|left| now + left),
            Speaking::Reading { until, .. } => Some(until),
            Speaking::Nothing | Speaking::Waiting(_) | Speaking::Live(_) => None,
        }
    }

    /// How long the candidate still reads, where the question is read.
    pub fn reading(&self, now: Frame) -> Option<Duration> {
        match self.speaking {
            Speaking::Reading { until, .. } => Some(self.rate.duration(until.since(now))),
            _ => None,
        }
    }

    /// What has become of the prompt by `now`.
    pub fn look(&mut self, now: Frame) -> Vec<News> {
        let mut news = Vec::new();
        if let Speaking::Waiting(what) = &self.speaking {
            news = self.begin(what.clone(), now, Duration::ZERO);
        }
        news.extend(self.ended(now));
        if news.iter().any(|news| matches!(news, News::Ended(_))) {
            self.speaking = Speaking::Nothing;
        }
        news
    }

    /// Ends the work of the speaker.
    ///
    /// # Errors
    /// A sentence that says what could not be completed.
    pub fn finish(&mut self) -> Result<(), String> {
        self.hush();
        self.playback.finish()
    }

    /// Lets `what` begin if it is rendered within `patience`.
    fn begin(&mut self, what: Spoken, now: Frame, patience: Duration) -> Vec<News> {
        let Some(ready) = self.prompter.get(&what, patience) else { return Vec::new() };
        let mut news: Vec<News> = ready.notice.take().map(News::Notice).into_iter().collect();
        let (voice, mut clip, mut failed) = (ready.voice.clone(), None, None);
        self.speaking = match &mut ready.utterance {
            Utterance::Clip(sound) => {
                clip = Some(Arc::clone(sound));
                failed = self.playback.play(Arc::clone(sound)).err();
                Speaking::Clip(what.clone())
            }
            Utterance::Live(speech) => {
                speech.start();
                Speaking::Live(what.clone())
            }
            Utterance::Reading(time) => Speaking::Reading { until: now + self.rate.frames(*time), failed: false },
        };
        let read = failed.map(|reason| self.read_instead(&what, now, &reason));
        news.push(News::Begun { what, voice, clip });
        news.extend(read.flatten());
        news
    }

    /// What is not heard is read.
    fn read_instead(&mut self, what: &Spoken, now: Frame, reason: &str) -> Option<News> {
        let until = now + self.rate.frames(reading_time(&what.text));
        self.speaking = Speaking::Reading { until, failed: true };
        let told = std::mem::replace(&mut self.told, true);
        (!told).then(|| News::Notice(format!("{reason}. Please read the question.")))
    }

    fn ended(&mut self, now: Frame) -> Option<News> {
        match &self.speaking {
            Speaking::Nothing | Speaking::Waiting(_) => None,
            Speaking::Reading { until, failed } => {
                let event = if *failed { Event::PromptFailed } else { Event::PromptEnded };
                (*until <= now).then_some(News::Ended(event))
            }
            Speaking::Clip(what) => match self.playback.state() {
                Playing::Sounding => None,
                Playing::Idle => Some(News::Ended(Event::PromptEnded)),
                Playing::Failed(reason) => {
                    let what = what.clone();
                    self.read_instead(&what, now, &reason)
                }
            },
            Speaking::Live(what) => {
                let what = what.clone();
                match self.live(&what).map_or(Playing::Idle, |speech| speech.state()) {
                    Playing::Sounding => None,
                    Playing::Idle => Some(News::Ended(Event::PromptEnded)),
                    Playing::Failed(_) => {
                        // The next voice says it from its start.
                        self.prompter.render_again(&what);
                        self.speaking = Speaking::Waiting(what);
                        None
                    }
                }
            }
        }
    }

    fn live(&mut self, what: &Spoken) -> Option<&mut Box<dyn Speech>> {
        match &mut self.prompter.get(what, Duration::ZERO)?.utterance {
            Utterance::Live(speech) => Some(speech),
            Utterance::Clip(_) | Utterance::Reading(_) => None,
        }
    }
}
