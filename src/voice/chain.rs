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
        let mut voices: Vec<Box<dyn Voice>> = Vec::new();
        for Candidate { choice, named } in candidates(settings)? {
            match open(&choice, settings, voices.is_empty()) {
                Ok(voice) => voices.push(voice),
                Err(error) if named => return Err(error),
                Err(_) => {} // only a voice that was asked for by name is missed when it is absent
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
                Ok(utterance) => {
                    let told = voice.notice();
                    let notices: Vec<String> = self.notice(&troubles).into_iter().chain(told).collect();
                    return (utterance, (!notices.is_empty()).then(|| notices.join("; ")));
                }
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

/// A voice that may come into a chain.
pub struct Candidate {
    /// Which voice.
    pub choice: Choice,
    /// Whether it was asked for by its name.
    pub named: bool,
}

/// The voices that come into a chain where they are on this machine: the one that was named, then those that stand in.
///
/// # Errors
/// That there is no voice of that name, or that it cannot be used as was asked.
pub fn candidates(settings: &VoiceSettings) -> Result<Vec<Candidate>, VoiceError> {
    let named = settings.name.as_deref().map(Choice::read).transpose()?;
    if let (true, Some(Choice::System(_))) = (settings.rendered, &named) {
        return Err(VoiceError::Misnamed {
            voice: "the system's voice speaks through the system's usual speaker only".to_owned(),
            remedy: "leave --output out, or choose another voice".to_owned(),
        });
    }
    let others = if named == Some(Choice::Silent) { Vec::new() } else { default_order(settings) };
    let stand_in = |choice: &Choice| !named.as_ref().is_some_and(|named| named.same_kind(choice));
    let others: Vec<Candidate> =
        others.into_iter().filter(stand_in).map(|choice| Candidate { choice, named: false }).collect();
    let first: Vec<Candidate> = named.map(|choice| Candidate { choice, named: true }).into_iter().collect();
    Ok([first, others].into_iter().flatten().collect())
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
    order.retain(|choice| !(settings.rendered && matches!(choice, Choice::System(_))));
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use crate::ports::Clip;

    /// A voice that speaks `good` texts, then fails; it counts how often it was asked.
    struct Fake {
        name: &'static str,
        good: u32,
        asked: Arc<AtomicU32>,
    }

    impl Voice for Fake {
        fn name(&self) -> String {
            self.name.into()
        }

        fn utter(&mut self, _: &Text) -> Result<Utterance, VoiceError> {
            if self.asked.fetch_add(1, Ordering::Relaxed) < self.good {
                return Ok(Utterance::Clip(Arc::new(Clip { rate: 16_000, samples: vec![1; 10] })));
            }
            Err(VoiceError::Failed { voice: self.name.into(), reason: "it fell silent".into() })
        }
    }

    fn fake(name: &'static str, good: u32) -> (Box<dyn Voice>, Arc<AtomicU32>) {
        let asked = Arc::new(AtomicU32::new(0));
        (Box::new(Fake { name, good, asked: Arc::clone(&asked) }), asked)
    }

    #[test]
    fn a_voice_that_fails_is_replaced_told_once_and_not_asked_again() {
        let (first, asked) = fake("first", 1);
        let (second, _) = fake("second", 99);
        let mut chain = Chain::of(vec![first, second]);
        let text = Text::clean("Hello there.");
        assert!(matches!(chain.utter(&text), (Utterance::Clip(_), None)));
        assert_eq!(chain.speaking(), "first");
        let (utterance, notice) = chain.utter(&text);
        assert!(matches!(utterance, Utterance::Clip(_)));
        assert_eq!(notice.as_deref(), Some("first failed: it fell silent; second speaks from here on"));
        assert_eq!(chain.speaking(), "second");
        assert!(chain.utter(&text).1.is_none());
        assert_eq!(asked.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn the_text_alone_stands_at_the_end_and_never_fails() {
        let mut chain = Chain::of(vec![fake("a", 0).0, fake("b", 0).0]);
        let (utterance, notice) = chain.utter(&Text::clean("Hello there."));
        assert!(matches!(utterance, Utterance::Reading(_)));
        assert!(notice.is_some_and(|notice| notice.ends_with("the questions are shown as text")));
        assert!(matches!(chain.utter(&Text::clean("")), (Utterance::Reading(_), None)));
        assert_eq!(chain.speaking(), "none");
    }

    #[test]
    fn an_unknown_voice_and_a_named_voice_that_is_absent_are_errors() {
        let settings = |name: &str| VoiceSettings { name: Some(name.into()), ..VoiceSettings::default() };
        assert!(Chain::choose(&settings("robot")).is_err_and(|error| error.to_string().contains("choose one of")));
        assert!(Chain::choose(&settings("command")).is_err_and(|error| error.to_string().contains("config.toml")));
        assert_eq!(Chain::choose(&settings("none")).map(|chain| chain.speaking()), Ok("none".into()));
    }

    #[test]
    fn the_built_in_voice_comes_first_where_the_systems_might_start_a_service() {
        let order = default_order(&VoiceSettings::default());
        let built_in = order.iter().position(|choice| matches!(choice, Choice::BuiltIn(_))).unwrap();
        let system = order.iter().position(|choice| matches!(choice, Choice::System(_))).unwrap();
        assert_eq!(built_in < system, !cfg!(any(target_os = "macos", target_os = "windows")));
        let own = VoiceSettings { command: Some(vec!["piper".into()]), ..VoiceSettings::default() };
        assert_eq!(default_order(&own)[0], Choice::Command);
    }

    #[test]
    fn what_is_to_go_into_a_file_is_not_spoken_past_it() {
        let settings = VoiceSettings { rendered: true, ..VoiceSettings::default() };
        assert!(!default_order(&settings).iter().any(|choice| matches!(choice, Choice::System(_))));
        let named = VoiceSettings { name: Some("system".to_owned()), ..settings };
        assert!(matches!(Chain::choose(&named), Err(VoiceError::Misnamed { .. })));
    }
}
