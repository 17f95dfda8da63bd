//! The installed program espeak-ng, called so that a text can neither give it options nor steer it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::process::{self, RunError};
use super::{pico, silent, sound, wav};
use crate::interview::Text;
use crate::ports::{Utterance, Voice, VoiceError};

/// The variant that speaks where none is chosen.
pub const DEFAULT: &str = "en-us";
/// What a rendering may take; espeak-ng is more than a hundred times faster than speech.
const PATIENCE: Duration = Duration::from_secs(10);
/// More than ten minutes of its 22,050 frames a second.
const LARGEST: usize = 32 << 20;
/// The longest word it is given, in characters.
const WORD: usize = 60;

/// espeak-ng in one of its variants.
pub struct Espeak {
    program: PathBuf,
    variant: String,
}

impl Espeak {
    /// The installed program with a variant such as `en-us+f3`.
    ///
    /// # Errors
    /// That it is not installed, or that the variant is none.
    pub fn find(variant: &str) -> Result<Espeak, VoiceError> {
        check(variant)?;
        let program = process::installed("espeak-ng").ok_or_else(|| VoiceError::Absent {
            voice: "espeak".into(),
            remedy: "install espeak-ng (Debian and Ubuntu: sudo apt install espeak-ng; macOS: brew install espeak-ng)"
                .into(),
        })?;
        Ok(Espeak { program, variant: variant.to_owned() })
    }
}

/// Lets through what can be the name of a variant and nothing else.
///
/// # Errors
/// Which characters a variant has.
pub fn check(variant: &str) -> Result<(), VoiceError> {
    let fine = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'+' || byte == b'-';
    if variant.len() <= 40 && variant.bytes().all(fine) && variant.starts_with(|first: char| first.is_ascii_lowercase())
    {
        return Ok(());
    }
    Err(VoiceError::Absent {
        voice: format!("espeak:{}", Text::clean(variant)),
        remedy: "a variant has small letters, digits, + and -, such as espeak:en-us+f3".into(),
    })
}

/// The text without what espeak-ng takes for commands: angle brackets, and the brackets of its phoneme codes.
fn plain(text: &Text) -> String {
    let mut out = String::with_capacity(text.as_str().len());
    let mut run = 0;
    for character in text.as_str().chars() {
        let character = if matches!(character, '<' | '>' | '[' | ']') { ' ' } else { character };
        run = if character == ' ' { 0 } else { run + 1 };
        if run > WORD {
            out.push(' ');
            run = 1;
        }
        out.push(character);
    }
    out
}

impl Voice for Espeak {
    fn name(&self) -> String {
        format!("espeak ({})", self.variant)
    }

    fn utter(&mut self, text: &Text) -> Result<Utterance, VoiceError> {
        if !pico::script::speakable(text.as_str()) {
            return Ok(silent::reading(text));
        }
        let mut command =
            process::command(&self.program).map_err(|error| told(&self.name(), error.into(), PATIENCE))?;
        // Without `-m`: markup would let a text run programs.
        command.args(["-b", "1", "-v", &self.variant, "--stdin", "--stdout"]);
        let bytes = process::run(command, plain(text).into_bytes(), LARGEST, PATIENCE)
            .map_err(|error| told(&self.name(), error, PATIENCE))?;
        rendered(&self.name(), &bytes)
    }
}

/// The clip in a WAV file that a program wrote.
///
/// # Errors
/// That there is no sound in it.
pub fn rendered(voice: &str, bytes: &[u8]) -> Result<Utterance, VoiceError> {
    let fail = |reason: String| VoiceError::Failed { voice: voice.to_owned(), reason };
    let (rate, samples) = wav::read(bytes).map_err(|why| fail(format!("what it wrote cannot be played: {why}")))?;
    let clip = sound::finished(rate, samples);
    if clip.samples.is_empty() {
        return Err(fail("it wrote nothing but silence".into()));
    }
    Ok(Utterance::Clip(Arc::new(clip)))
}

/// A program's failure as a voice's.
pub fn told(voice: &str, error: RunError, patience: Duration) -> VoiceError {
    let voice = voice.to_owned();
    match error {
        RunError::Failed(reason) => VoiceError::Failed { voice, reason },
        RunError::TooMuch => VoiceError::Failed { voice, reason: "it wrote more sound than any prompt needs".into() },
        RunError::TooSlow => VoiceError::TooSlow { voice, seconds: patience.as_secs() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_cannot_carry_an_option_or_a_path() {
        for good in ["en-us", "en-us+f3", "en-gb-x-rp+m1"] {
            assert!(check(good).is_ok(), "{good}");
        }
        for bad in ["", "-f", "+f3", "en us", "../x", "en;ls", "EN", "en\n", &"e".repeat(41)] {
            assert!(check(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn what_steers_espeak_does_not_reach_it() {
        let text = Text::clean("a <audio src='| touch x'/> [[h@loU]] \u{1}b");
        assert!(!plain(&text).contains(['<', '>', '[', ']', '\u{1}']));
        assert!(plain(&Text::clean(&"x".repeat(500))).split(' ').all(|word| word.len() <= WORD));
    }

    #[test]
    fn an_installed_espeak_speaks_and_hostile_texts_do_it_no_harm() {
        let Ok(mut espeak) = Espeak::find("en-us+f3") else {
            println!("skipped: espeak-ng is not installed");
            return;
        };
        for raw in ["Tell me about yourself.", "-f/etc/passwd", "<speak><audio src='|id'/>hi", &"word ".repeat(800)] {
            let Ok(Utterance::Clip(clip)) = espeak.utter(&Text::clean(raw)) else { panic!("no clip of {raw:?}") };
            assert!(clip.duration() > Duration::from_millis(200), "{raw:?}");
        }
        assert!(matches!(espeak.utter(&Text::clean("?!")), Ok(Utterance::Reading(_))));
    }
}
