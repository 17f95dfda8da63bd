//! The voices to try, one after the other, until one speaks.

use std::collections::VecDeque;

use super::VoiceSettings;
use super::built_in::{BuiltIn, Host};
use super::choice::Choice;
use super::command::UserCommand;
use super::espeak::{self, Espeak};
use super::silent::{self, Silent};
use super::system::System;
use super::timbre::{Accent, Timbre};
use crate::interview::Text;
use crate::ports::{Utterance, Voice, VoiceError};

/// The voices to try, in order; the first of them speaks.
///
/// A voice that failed is not tried again.
pub struct Chain {
    voices: VecDeque<Box<dyn Voice>>,
}

impl Chain {
    /// The voice that was chosen and, behind it, those that stand in for it.
    ///
    /// Where none was chosen: the user's own program if one is configured; then, on macOS and Windows, the system's
    /// voice before the built-in one, elsewhere after it; then espeak-ng; then the text alone.
    ///
    /// # Errors
    /// That there is no voice of that name, or that the named voice is not on this machine.
    pub fn choose(settings: &VoiceSettings) -> Result<Chain, VoiceError> {
        let named = settings.name.as_deref().map(Choice::read).transpose()?;
        let mut voices: Vec<Box<dyn Voice>> = Vec::new();
        if let Some(choice) = &named {
            voices.push(open(choice, settings, true)?);
        }
        if named != Some(Choice::Silent) {
            for choice in default_order(settings) {
                if named.as_ref().is_some_and(|named| named.same_kind(&choice)) {
                    continue;
                }
                // Only a voice that was asked for by name is missed when it is absent.
                if let Ok(voice) = open(&choice, settings, voices.is_empty()) {
                    voices.push(voice);
                }
            }
        }
        Ok(Chain::of(voices))
    }

    /// These voices in this order, and the text alone behind them.
    pub fn of(voices: Vec<Box<dyn Voice>>) -> Chain {
        let mut voices = VecDeque::from(voices);
        voices.push_back(Box::new(Silent));
        Chain { voices }
    }

    /// Makes an utterance of a text with the first voice that can, and says when one was given up for another.
    pub fn utter(&mut self, text: &Text) -> (Utterance, Option<String>) {
        let mut troubles = Vec::new();
        while let Some(voice) = self.voices.front_mut() {
            match voice.utter(text) {
                Ok(utterance) => return (utterance, self.notice(&troubles)),
                Err(error) => {
                    troubles.push(error.to_string());
                    self.voices.pop_front();
                }
            }
        }
        // The silent voice stands last and does not fail; it is put back for whatever may come.
        self.voices.push_back(Box::new(Silent));
        (silent::reading(text), self.notice(&troubles))
    }

    fn notice(&self, troubles: &[String]) -> Option<String> {
        if troubles.is_empty() {
            return None;
        }
        let now = match self.speaking().as_str() {
            "none" => "the questions are shown as text".to_owned(),
            name => format!("{name} speaks from here on"),
        };
        Some(format!("{}; {now}", troubles.join("; ")))
    }

    /// The name of the voice that speaks now, such as `built-in (en-US)`.
    pub fn speaking(&self) -> String {
        self.voices.front().map_or_else(|| Silent.name(), |voice| voice.name())
    }
}

/// The voices that are tried where none was chosen.
fn default_order(settings: &VoiceSettings) -> Vec<Choice> {
    let built_in = Choice::BuiltIn(Accent::Us);
    let system = Choice::System(None);
    let mut order = Vec::new();
    if settings.command.is_some() {
        order.push(Choice::Command);
    }
    // On Linux the system's voice comes second: asking for it may start services that nobody wanted.
    if cfg!(any(target_os = "macos", target_os = "windows")) {
        order.extend([system, built_in]);
    } else {
        order.extend([built_in, system]);
    }
    order.push(Choice::Espeak(espeak::DEFAULT.into()));
    order
}

/// Opens a voice; one that speaks `soon` gets itself ready without being waited for.
///
/// # Errors
/// That it is not on this machine.
pub fn open(choice: &Choice, settings: &VoiceSettings, soon: bool) -> Result<Box<dyn Voice>, VoiceError> {
    Ok(match choice {
        Choice::BuiltIn(accent) => {
            let mut voice = BuiltIn::new(Host::own("built-in"), Timbre::plain(*accent));
            if soon {
                voice.warm();
            }
            Box::new(voice)
        }
        Choice::System(which) => Box::new(System::find(which.clone())?),
        Choice::Espeak(variant) => Box::new(Espeak::find(variant)?),
        Choice::Command => Box::new(UserCommand::find(settings.command.as_deref().unwrap_or_default())?),
        Choice::Silent => Box::new(Silent),
    })
}
