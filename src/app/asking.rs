//! The life of a question's prompt: waited for, spoken or read, hushed, ended.
//!
//! Knows the speaker and the prompts; what follows from a prompt's end is the engine's business.

use std::sync::Arc;
use std::time::Duration;

use super::prompter::Prompter;
use crate::audio::cue;
use crate::audio::pace::Pace;
use crate::interview::{Cue, Event, Frame, Frames, SampleRate, Text};
use crate::ports::{Clip, Playback, Playing, Speech, Utterance};
use crate::voice::reading_time;

/// How long a prompt may take to render where nothing else can go on meanwhile.
const RENDERING: Duration = Duration::from_secs(90);

/// What sounds.
enum Speaking {
    Nothing,
    /// The prompt of this turn is not rendered yet.
    Waiting(usize),
    /// The speaker plays the prompt of this turn.
    Clip(usize),
    /// The system speaks; the prompter holds the speech of this turn.
    Live(usize),
    /// The candidate reads until this frame; `failed` where a voice was to speak and could not.
    Reading {
        until: Frame,
        failed: bool,
    },
}

/// What became of a prompt.
pub enum News {
    /// It begins to be heard, or to be read.
    Begun {
        /// Which turn of the plan.
        turn: usize,
        /// Who speaks.
        voice: String,
        /// What is heard, where that is known.
        clip: Option<Arc<Clip>>,
    },
    /// Something that the candidate should know of.
    Notice(String),
    /// It has ended.
    Ended(Event),
}

/// Asks the questions.
pub struct Asking {
    playback: Box<dyn Playback>,
    prompter: Prompter,
    texts: Vec<Text>,
    pace: Pace,
    rate: SampleRate,
    speaking: Speaking,
    told: bool,
}

impl Asking {
    /// Asks `texts`, one a turn, through `playback`.
    pub fn new(
        playback: Box<dyn Playback>,
        prompter: Prompter,
        texts: Vec<Text>,
        pace: Pace,
        rate: SampleRate,
    ) -> Asking {
        Asking { playback, prompter, texts, pace, rate, speaking: Speaking::Nothing, told: false }
    }

    /// What a person would call the speaker.
    pub fn speaker(&self) -> String {
        self.playback.name()
    }

    /// Begins to ask, as soon as the prompt is rendered.
    pub fn ask(&mut self, turn: usize, now: Frame) -> Vec<News> {
        self.speaking = Speaking::Waiting(turn);
        // Where time does not pass by itself, the voice is waited for.
        self.begin(turn, now, if self.pace == Pace::Fast { RENDERING } else { Duration::ZERO })
    }

    /// Stops asking.
    pub fn hush(&mut self) {
        match std::mem::replace(&mut self.speaking, Speaking::Nothing) {
            Speaking::Clip(_) => self.playback.stop(),
            Speaking::Live(turn) => {
                if let Some(speech) = self.live(turn) {
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
        if let Speaking::Waiting(turn) = self.speaking {
            news = self.begin(turn, now, Duration::ZERO);
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

    /// Lets the prompt of `turn` begin if it is rendered within `patience`.
    fn begin(&mut self, turn: usize, now: Frame, patience: Duration) -> Vec<News> {
        let Some(ready) = self.prompter.get(turn, patience) else { return Vec::new() };
        let mut news: Vec<News> = ready.notice.take().map(News::Notice).into_iter().collect();
        let (voice, mut clip, mut failed) = (ready.voice.clone(), None, None);
        self.speaking = match &mut ready.utterance {
            Utterance::Clip(sound) => {
                clip = Some(Arc::clone(sound));
                failed = self.playback.play(Arc::clone(sound)).err();
                Speaking::Clip(turn)
            }
            Utterance::Live(speech) => {
                speech.start();
                Speaking::Live(turn)
            }
            Utterance::Reading(time) => Speaking::Reading { until: now + self.rate.frames(*time), failed: false },
        };
        news.push(News::Begun { turn, voice, clip });
        if let Some(reason) = failed {
            news.extend(self.read_instead(turn, now, &reason));
        }
        news
    }

    /// A prompt that is not heard is read.
    fn read_instead(&mut self, turn: usize, now: Frame, reason: &str) -> Option<News> {
        let time = self.texts.get(turn).map(reading_time).unwrap_or_default();
        self.speaking = Speaking::Reading { until: now + self.rate.frames(time), failed: true };
        let told = std::mem::replace(&mut self.told, true);
        (!told).then(|| News::Notice(format!("{reason}. Please read the question.")))
    }

    fn ended(&mut self, now: Frame) -> Option<News> {
        let state = match self.speaking {
            Speaking::Nothing | Speaking::Waiting(_) => return None,
            Speaking::Reading { until, failed } => {
                let event = if failed { Event::PromptFailed } else { Event::PromptEnded };
                return (until <= now).then_some(News::Ended(event));
            }
            Speaking::Clip(_) => self.playback.state(),
            Speaking::Live(turn) => self.live(turn).map_or(Playing::Idle, |speech| speech.state()),
        };
        match (state, &self.speaking) {
            (Playing::Sounding, _) => None,
            (Playing::Failed(reason), Speaking::Clip(turn)) => self.read_instead(*turn, now, &reason),
            (Playing::Failed(_), Speaking::Live(turn)) => {
                // The next voice says the question from its start.
                let turn = *turn;
                self.prompter.render_again(turn);
                self.speaking = Speaking::Waiting(turn);
                None
            }
            (Playing::Idle | Playing::Failed(_), _) => Some(News::Ended(Event::PromptEnded)),
        }
    }

    fn live(&mut self, turn: usize) -> Option<&mut Box<dyn Speech>> {
        match &mut self.prompter.get(turn, Duration::ZERO)?.utterance {
            Utterance::Live(speech) => Some(speech),
            Utterance::Clip(_) | Utterance::Reading(_) => None,
        }
    }
}
