//! What happens to the sound of a session beside the takes: how much of an answer is silence, and the recording of the
//! whole where one was asked for.

use std::sync::Arc;

use anyhow::Result;

use super::reel::Reel;
use crate::interview::{Frames, SampleRate};
use crate::ports::Clip;
use crate::speech::{Activity, Untold};

/// Listens along.
pub struct Beside {
    rate: SampleRate,
    reel: Option<Reel>,
    /// How the open take sounds so far.
    answer: Option<Activity>,
    /// Whether something was heard in it that may be speech.
    spoke: Spoke,
    told: bool,
}

/// What is known of whether somebody speaks.
#[derive(Debug, Default)]
struct Spoke {
    told: bool,
    /// How much was heard since it was last asked.
    heard: Frames,
}

impl Beside {
    /// Listens along; what sounds goes to `reel`, where there is one.
    pub fn new(rate: SampleRate, reel: Option<Reel>) -> Beside {
        Beside { rate, reel, answer: None, spoke: Spoke::default(), told: false }
    }

    /// Takes in what was heard; where it is `lost`, it is silence in the place of lost frames.
    pub fn hear(&mut self, samples: &[i16], lost: bool) {
        if let Some(reel) = &mut self.reel {
            reel.pass(samples.len() as u64, self.answer.is_some().then_some(samples));
        }
        self.spoke.heard += Frames(samples.len() as u64);
        match &mut self.answer {
            Some(answer) if lost => answer.add_lost(samples.len() as u64),
            Some(answer) => answer.add(samples),
            None => {}
        }
    }

    /// A take of a turn, both from 1, begins.
    pub fn open(&mut self, turn: usize, take: u32) {
        self.answer = Some(Activity::new(self.rate.0));
        self.spoke = Spoke::default();
        let which = if take > 1 { format!(", take {take}") } else { String::new() };
        self.mark(|| format!("{turn}. Answer{which}"));
    }

    /// Whether something is heard in the open take, for the first time, that may be speech.
    pub fn begins_to_speak(&mut self) -> bool {
        let Some(answer) = &self.answer else { return false };
        let due = self.spoke.heard.0 >= self.rate.0.into();
        if self.spoke.told || !due || answer.is_even() {
            self.spoke.heard = if due { Frames(0) } else { self.spoke.heard };
            return false;
        }
        self.spoke.told = true;
        true
    }

    /// The take has ended: how much of it was silence, in percent, where that can be told.
    ///
    /// An even noise is a microphone that works and a candidate who says nothing; no sound at all may be either.
    pub fn close(&mut self) -> Option<u32> {
        let answer = self.answer.take()?;
        match answer.silence() {
            Ok(share) => Some((u32::from(share.0) + 5) / 10),
            Err(Untold::NoSpeech) if answer.is_even() => Some(100),
            Err(_) => None,
        }
    }

    /// Somebody begins to ask the question of a turn, from 1.
    pub fn ask(&mut self, turn: usize, who: Option<&str>, prompt: &str) {
        let who = who.map(|who| format!("{who}: ")).unwrap_or_default();
        self.mark(|| format!("{turn}. {who}{prompt}"));
    }

    fn mark(&mut self, label: impl FnOnce() -> String) {
        if let Some(reel) = &mut self.reel {
            reel.mark(&label());
        }
    }

    /// A clip sounds.
    pub fn play(&mut self, clip: &Arc<Clip>) {
        if let Some(reel) = &mut self.reel {
            reel.play(Arc::clone(clip));
        }
    }

    /// Nothing sounds any more.
    pub fn stop(&mut self) {
        if let Some(reel) = &mut self.reel {
            reel.stop();
        }
    }

    /// Says once that the recording of the whole has ended early.
    pub fn trouble(&mut self) -> Option<&'static str> {
        let failed = self.reel.as_ref().is_some_and(Reel::failed) && !std::mem::replace(&mut self.told, true);
        failed.then_some("tape.wav could not be written on; your answers are saved all the same.")
    }

    /// Completes the recording of the whole.
    ///
    /// # Errors
    /// Why it is not whole.
    pub fn finish(self) -> Result<()> {
        match self.reel {
            Some(reel) => reel.finish().map(drop),
            None => Ok(()),
        }
    }
}
