//! A program of the user's that gets a text on its standard input and writes a WAV file to its standard output.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{espeak, pico, process, silent};
use crate::interview::Text;
use crate::ports::{Utterance, Voice, VoiceError};

/// What a rendering may take: a neural voice on an old machine is slow, and prompts are rendered ahead.
const PATIENCE: Duration = Duration::from_secs(60);
/// Eleven minutes of 48 kHz mono.
const LARGEST: usize = 64 << 20;

/// The user's program.
#[derive(Debug)]
pub struct UserCommand {
    program: PathBuf,
    arguments: Vec<String>,
    patience: Duration,
}

impl UserCommand {
    /// The configured program: an absolute path, or a name found in the absolute folders of PATH.
    ///
    /// # Errors
    /// That there is none, or that it cannot be run.
    pub fn find(configured: &[String]) -> Result<UserCommand, VoiceError> {
        let absent = |remedy: String| VoiceError::Absent { voice: "command".into(), remedy };
        let (name, arguments) = configured.split_first().filter(|(name, _)| !name.is_empty()).ok_or_else(|| {
            absent("name the program in config.toml; it gets the text on standard input and writes a WAV file".into())
        })?;
        let path = Path::new(name);
        let shown = Text::clean(name);
        let program = if path.is_absolute() {
            let program = process::is_program(path).then(|| path.to_owned());
            program.ok_or_else(|| absent(format!("{shown} is not a program that can be run; correct config.toml")))?
        } else if path.components().count() == 1 && !name.contains(['/', '\\']) {
            process::installed(name)
                .ok_or_else(|| absent(format!("{shown} is in no folder of PATH; give its whole path in config.toml")))?
        } else {
            return Err(absent(format!("{shown} depends on the current folder; give its whole path in config.toml")));
        };
        Ok(UserCommand { program, arguments: arguments.to_vec(), patience: PATIENCE })
    }

    /// The same with another patience than 60 s.
    pub fn with_patience(self, patience: Duration) -> UserCommand {
        UserCommand { patience, ..self }
    }
}

impl Voice for UserCommand {
    fn name(&self) -> String {
        let file = self.program.file_name().unwrap_or(self.program.as_os_str()).to_string_lossy().into_owned();
        format!("command ({})", Text::clean(&file))
    }

    fn utter(&mut self, text: &Text) -> Result<Utterance, VoiceError> {
        if !pico::script::speakable(text.as_str()) {
            return Ok(silent::reading(text));
        }
        let mut command =
            process::command(&self.program).map_err(|error| espeak::told(&self.name(), error.into(), PATIENCE))?;
        command.args(&self.arguments);
        let input = format!("{text}\n").into_bytes();
        let bytes = process::run(command, input, LARGEST, self.patience)
            .map_err(|error| espeak::told(&self.name(), error, self.patience))?;
        espeak::rendered(&self.name(), &bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(configured: &[&str]) -> String {
        let configured: Vec<String> = configured.iter().map(|&word| word.to_owned()).collect();
        UserCommand::find(&configured).expect_err("it must not be found").to_string()
    }

    #[test]
    fn a_program_of_the_current_folder_is_never_run() {
        assert!(refused(&["./Cargo.toml"]).contains("current folder"));
        assert!(refused(&["target/debug/greenroom"]).contains("current folder"));
        assert!(refused(&["Cargo.toml"]).contains("no folder of PATH"));
    }

    #[test]
    fn what_is_missing_or_no_program_is_told_with_a_remedy() {
        assert!(refused(&[]).contains("config.toml"));
        assert!(refused(&[""]).contains("config.toml"));
        assert!(refused(&["no-such-program-at-all"]).contains("PATH"));
        assert!(refused(&[env!("CARGO_MANIFEST_DIR")]).contains("not a program"));
    }
}
