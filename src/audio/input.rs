//! What can be wrong with a file in the place of a microphone.

use std::io;
use std::path::PathBuf;

use super::wav::WavError;
use crate::interview::text;

/// Why a file cannot be a microphone.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// There is nothing at the path.
    #[error("there is nothing at {}: check the path", text::path(path))]
    NotFound {
        /// Where.
        path: PathBuf,
    },
    /// The folder has no WAV file in it.
    #[error("there is no .wav file in {}: put one there for each take", text::path(path))]
    NoAnswers {
        /// Which folder.
        path: PathBuf,
    },
    /// Files that cannot be played; all of them.
    #[error("{}", errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    BadAnswers {
        /// What is wrong with each; not empty.
        errors: Vec<WavError>,
    },
    /// Not a stream of raw samples.
    #[error("{} {reason}", text::path(path))]
    NotRaw {
        /// Where.
        path: PathBuf,
        /// What it is, and what to do.
        reason: &'static str,
    },
    /// The system refused.
    #[error("{} cannot be read: {source}", text::path(path))]
    Io {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl InputError {
    /// What the system said about a path.
    pub(super) fn at(path: PathBuf, source: io::Error) -> InputError {
        match source.kind() {
            io::ErrorKind::NotFound => InputError::NotFound { path },
            _ => InputError::Io { path, source },
        }
    }
}
