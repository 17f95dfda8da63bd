//! The voices of a panel: a chain for each panelist, no two of which sound alike where the machine has voices enough.
//!
//! Nothing is left to chance: on the same machine a panelist has the same voice in every session.

use std::sync::{Arc, Mutex, PoisonError};

use super::built_in::{BuiltIn, Host, Renderer};
use super::chain::{Candidate, candidates};
use super::choice::Choice;
use super::command::UserCommand;
use super::espeak::{self, Espeak};
use super::espeak_variants::variants;
use super::silent::Silent;
use super::timbre::Timbre;
use super::{Chain, VoiceSettings, system, system_company};
use crate::interview::Text;
use crate::interview::panel::Voicing;
use crate::ports::{Utterance, Voice, VoiceError};

/// A chain for each panelist, in the order of [`Chain::choose`].
///
/// In a panel the name of a voice chooses its kind, and the panel says who sounds how: `built-in-gb` is `built-in`, the
/// language of `espeak:VARIANT` is spoken by all, each in their own timbre, and the voice of `system:NAME` is that of the
/// first panelist for whom the panel names none. The user's own program is one voice, and so all speak with it.
///
/// # Errors
/// As [`Chain::choose`].
pub fn cast(settings: &VoiceSettings, panel: &[Voicing]) -> Result<Vec<Chain>, VoiceError> {
    let mut chains: Vec<Vec<Box<dyn Voice>>> = panel.iter().map(|_| Vec::new()).collect();
    let mut first = true;
    for Candidate { choice, named } in candidates(settings)? {
        match open(&choice, settings, panel, first) {
            Ok(voices) => chains.iter_mut().zip(voices).for_each(|(chain, voice)| chain.push(voice)),
            Err(error) if named => return Err(error),
            Err(_) => continue, // only a voice that was asked for by name is missed when it is absent
        }
        first = false;
    }
    Ok(chains.into_iter().map(Chain::of).collect())
}

/// A voice of one kind for each panelist; those that speak `soon` get themselves ready without being waited for.
fn open(
    choice: &Choice,
    settings: &VoiceSettings,
    panel: &[Voicing],
    soon: bool,
) -> Result<Vec<Box<dyn Voice>>, VoiceError> {
    match choice {
        Choice::BuiltIn(_) => {
            let renderer = Arc::new(Mutex::new(Renderer::new(Host::own("built-in"))));
            let voice = |voicing| {
                let mut voice = BuiltIn::sharing(&renderer, Timbre::of(voicing));
                if soon {
                    voice.warm();
                }
                boxed(voice)
            };
            Ok(panel.iter().map(voice).collect())
        }
        Choice::System(which) => Ok(system_company::company(system::helper()?, panel, which.as_deref())),
        Choice::Espeak(variant) => {
            // The usual variant was not asked for: it is what `espeak` alone means.
            let language = variant.split('+').next().filter(|_| variant != espeak::DEFAULT);
            variants(panel, language).iter().map(|variant| Ok(boxed(Espeak::find(variant)?))).collect()
        }
        Choice::Command => {
            let told = Arc::new(Mutex::new(panel.len() < 2));
            let voice = |_| {
                let program = UserCommand::find(settings.command.as_deref().unwrap_or_default())?;
                Ok(boxed(Alike { program, told: Arc::clone(&told) }))
            };
            panel.iter().map(voice).collect()
        }
        Choice::Silent => Ok(panel.iter().map(|_| boxed(Silent)).collect()),
    }
}

fn boxed(voice: impl Voice + 'static) -> Box<dyn Voice> {
    Box::new(voice)
}

/// The user's program, speaking for one of several who all speak with it.
struct Alike {
    program: UserCommand,
    told: Arc<Mutex<bool>>,
}

impl Voice for Alike {
    fn name(&self) -> String {
        self.program.name()
    }

    fn utter(&mut self, text: &Text) -> Result<Utterance, VoiceError> {
        self.program.utter(text)
    }

    fn notice(&mut self) -> Option<String> {
        let told = &mut *self.told.lock().unwrap_or_else(PoisonError::into_inner);
        (!std::mem::replace(told, true)).then(|| format!("{} speaks for the whole panel: all sound alike", self.name()))
    }
}
