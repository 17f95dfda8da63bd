//! The names by which voices are chosen.

use super::espeak;
use super::timbre::Accent;
use crate::interview::Text;
use crate::ports::VoiceError;

/// A voice that was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// The built-in voice with one of its accents.
    BuiltIn(Accent),
    /// The operating system's, perhaps a certain one of them.
    System(Option<String>),
    /// espeak-ng in a variant.
    Espeak(String),
    /// The user's own program.
    Command,
    /// The text alone.
    Silent,
}

/// The names that `--voice` takes.
pub fn names() -> Vec<String> {
    ["built-in", "built-in-gb", "system", "system:NAME", "espeak", "espeak:VARIANT", "command", "none"]
        .map(str::to_owned)
        .to_vec()
}

impl Choice {
    /// Reads a name.
    ///
    /// # Errors
    /// Which names there are.
    pub fn read(name: &str) -> Result<Choice, VoiceError> {
        match name.split_once(':').map_or((name, None), |(kind, which)| (kind, Some(which))) {
            ("built-in", None) => Ok(Choice::BuiltIn(Accent::Us)),
            ("built-in-gb", None) => Ok(Choice::BuiltIn(Accent::Gb)),
            ("system", None) => Ok(Choice::System(None)),
            ("system", Some(which)) if !Text::clean(which).is_empty() => {
                Ok(Choice::System(Some(Text::clean(which).as_str().to_owned())))
            }
            ("espeak", which) => {
                let variant = which.unwrap_or(espeak::DEFAULT);
                espeak::check(variant)?;
                Ok(Choice::Espeak(variant.to_owned()))
            }
            ("command", None) => Ok(Choice::Command),
            ("none", None) => Ok(Choice::Silent),
            _ => Err(VoiceError::Misnamed {
                voice: format!("there is no voice `{}`", Text::clean(name).as_str()),
                remedy: format!("choose one of {}", names().join(", ")),
            }),
        }
    }

    /// Whether both are the same kind of voice, so that one does not stand in for the other.
    pub fn same_kind(&self, other: &Choice) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_that_is_offered_can_be_chosen() {
        for name in names() {
            let name = name.replace("NAME", "Samantha").replace("VARIANT", "en-us+f3");
            assert!(Choice::read(&name).is_ok(), "{name}");
        }
        assert_eq!(Choice::read("espeak:en-us+f3"), Ok(Choice::Espeak("en-us+f3".into())));
        assert_eq!(Choice::read("system:Anna (de)"), Ok(Choice::System(Some("Anna (de)".into()))));
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_known_ones() {
        for name in ["", "robot", "built-in:x", "system:", "system:\u{202e}", "espeak:../x", "None"] {
            let message = Choice::read(name).unwrap_err().to_string();
            assert!(message.contains("espeak"), "{message}");
        }
        assert!(Choice::read("robot").unwrap_err().to_string().contains("built-in, built-in-gb, system"));
    }
}
