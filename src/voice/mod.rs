//! Who speaks: the built-in voice, the system's, espeak-ng, a command of the user's, or the text alone.
//!
//! A session has a [`Chain`] of them for each speaker and asks it for utterances; which voice makes them, in which process, and what
//! happens when it crashes or hangs is known here alone.

pub mod built_in;
pub mod cast;
pub mod chain;
pub mod choice;
pub mod command;
pub mod espeak;
pub mod espeak_variants;
pub mod frame;
pub mod host;
pub mod pico;
pub mod process;
pub mod silent;
pub mod sound;
pub mod survey;
pub mod system;
pub mod system_company;
#[cfg(all(feature = "system-voice", any(target_os = "macos", target_os = "windows")))]
mod system_host;
pub mod system_packets;
pub mod system_parts;
pub mod timbre;
pub mod wav;
pub mod worker;

pub use cast::cast;
pub use chain::Chain;
pub use choice::names;
pub use silent::reading_time;
pub use survey::{VoiceReport, survey};

/// What the user chose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VoiceSettings {
    /// The voice's name, by `--voice` or the configuration; see [`names`].
    pub name: Option<String>,
    /// The program that is configured as a voice, with its arguments.
    pub command: Option<Vec<String>>,
    /// Whether only voices will do whose sound passes through greenroom: the system's own speaks past it, through the
    /// system's usual speaker.
    pub rendered: bool,
}
