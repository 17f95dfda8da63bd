//! Which voices this machine has, each one tried.

use std::thread;
use std::time::Instant;

use super::VoiceSettings;
use super::chain::open;
use super::choice::Choice;
use super::espeak;
use super::timbre::Accent;
use crate::interview::Text;
use crate::ports::Utterance;

/// What is spoken for the trial.
const WORD: &str = "Ready.";

/// What became of the trial of one voice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoiceReport {
    /// The name by which it is chosen.
    pub name: String,
    /// What it is.
    pub detail: String,
    /// Whether it is the one that was chosen: by its name, or as the program of `voice_command`.
    pub chosen: bool,
    /// That it works, or what to do about it.
    pub state: Result<(), String>,
}

/// Tries every voice, each within its own deadlines: renders a word, or connects to its service.
///
/// The user's own program is in the list if one is configured, and a voice that was chosen by name in its variant.
pub fn survey(settings: &VoiceSettings) -> Vec<VoiceReport> {
    let mut choices = vec![
        ("built-in".to_owned(), Choice::BuiltIn(Accent::Us)),
        ("built-in-gb".to_owned(), Choice::BuiltIn(Accent::Gb)),
        ("system".to_owned(), Choice::System(None)),
        ("espeak".to_owned(), Choice::Espeak(espeak::DEFAULT.into())),
    ];
    if settings.command.is_some() {
        choices.push(("command".to_owned(), Choice::Command));
    }
    if let Some(name) = &settings.name {
        let shown = Text::clean(name).as_str().to_owned();
        match Choice::read(name) {
            Ok(choice) if !choices.iter().any(|(_, known)| *known == choice) && choice != Choice::Silent => {
                choices.push((shown, choice));
            }
            Ok(_) => {}
            Err(error) => {
                let mut reports = reports(&choices, settings);
                let detail = "chosen by name".to_owned();
                reports.push(VoiceReport { name: shown, detail, chosen: true, state: Err(error.to_string()) });
                return reports;
            }
        }
    }
    reports(&choices, settings)
}

fn reports(choices: &[(String, Choice)], settings: &VoiceSettings) -> Vec<VoiceReport> {
    // All at once: the slowest is waited for, not each in turn.
    thread::scope(|scope| {
        let trials: Vec<_> =
            choices.iter().map(|(name, choice)| scope.spawn(move || report(name, choice, settings))).collect();
        trials.into_iter().filter_map(|trial| trial.join().ok()).collect()
    })
}

fn report(name: &str, choice: &Choice, settings: &VoiceSettings) -> VoiceReport {
    let began = Instant::now();
    let tried = open(choice, settings, false).and_then(|mut voice| {
        let utterance = voice.utter(&Text::clean(WORD))?;
        Ok((voice.name(), utterance))
    });
    let took = began.elapsed().as_millis();
    let (detail, state) = match tried {
        Ok((full, Utterance::Clip(clip))) => {
            (format!("{full}: a word rendered in {took} ms, {} Hz", clip.rate), Ok(()))
        }
        Ok((full, Utterance::Live(_))) => (format!("{full}: its service answered in {took} ms"), Ok(())),
        Ok((full, Utterance::Reading(_))) => (full, Ok(())),
        Err(error) => (what(choice).to_owned(), Err(error.to_string())),
    };
    let chosen = match &settings.name {
        Some(name) => Choice::read(name).is_ok_and(|named| named == *choice),
        None => *choice == Choice::Command,
    };
    VoiceReport { name: name.to_owned(), detail, chosen, state }
}

fn what(choice: &Choice) -> &'static str {
    match choice {
        Choice::BuiltIn(_) => "SVOX Pico, compiled in",
        Choice::System(_) if cfg!(target_os = "macos") => "AVFoundation",
        Choice::System(_) if cfg!(target_os = "windows") => "Windows speech",
        Choice::System(_) => "speech-dispatcher",
        Choice::Espeak(_) => "the program espeak-ng",
        Choice::Command => "the program in config.toml",
        Choice::Silent => "the text alone",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_voice_that_was_chosen_is_marked() {
        let chosen = |name: Option<&str>| {
            let command = Some(vec!["no-such-program-at-all".to_owned()]);
            let settings = VoiceSettings { name: name.map(str::to_owned), command, ..VoiceSettings::default() };
            report("command", &Choice::Command, &settings).chosen
        };
        assert!(chosen(Some("command")) && chosen(None), "a program that was configured is chosen by that");
        assert!(!chosen(Some("built-in")) && !chosen(Some("robot")));
    }
}
