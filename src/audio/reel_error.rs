//! Why the recording of a whole session is not whole, in words that say what is kept and what can be done.

use std::io;
use std::path::{Path, PathBuf};

use super::take::TakeError;
use crate::interview::text;

/// Why the recording of a whole session is not whole.
#[derive(Debug, thiserror::Error)]
pub enum ReelError {
    /// It could not begin.
    #[error("the session cannot be recorded as a whole: {0}")]
    Begin(TakeError),
    /// It could not be written on; the sound up to there is kept.
    #[error("the recording of the whole session, {}, ends before the session does: {}", text::path(&place(.0)), why(.0))]
    Stopped(TakeError),
    /// The sound is whole, and not all its cue points are there.
    #[error("the whole session is recorded in {}, but not all its cue points are there: {reason}", text::path(path))]
    Marks {
        /// Which file lacks them.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
}

impl ReelError {
    /// Whether something stands where the recording was to begin.
    pub fn is_taken(&self) -> bool {
        matches!(self, ReelError::Begin(TakeError::Exists { .. }))
    }

    pub(super) fn marks(path: &Path, reason: io::Error) -> ReelError {
        ReelError::Marks { path: path.to_path_buf(), reason }
    }
}

fn place(error: &TakeError) -> PathBuf {
    match error {
        TakeError::Exists { path }
        | TakeError::PermissionDenied { path }
        | TakeError::DiskFull { path, .. }
        | TakeError::FileLimit { path, .. }
        | TakeError::DiskFailed { path, .. }
        | TakeError::Io { path, .. } => path.clone(),
    }
}

/// The reason alone: what a [`TakeError`] says of an answer is not true of this recording.
fn why(error: &TakeError) -> String {
    match error {
        TakeError::Exists { .. } => "a file with that name is there already, and is not overwritten".to_owned(),
        TakeError::PermissionDenied { .. } => "no permission to write it; check who owns the folder".to_owned(),
        TakeError::DiskFull { .. } => "the disk is full; make room before the next session".to_owned(),
        TakeError::FileLimit { .. } => {
            "the file is as large as this system lets it be; `ulimit -f` shows the limit".to_owned()
        }
        TakeError::DiskFailed { source, .. } => {
            format!("the disk failed ({source}); keep recordings on another one with --home")
        }
        TakeError::Io { source, .. } => source.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interview::Frames;

    #[test]
    fn nothing_is_said_of_an_answer() {
        let (path, kept) = (PathBuf::from("tape.wav"), Frames(5));
        let source = std::sync::Arc::new(io::Error::other("no answer"));
        let errors = [
            TakeError::DiskFull { path: path.clone(), kept },
            TakeError::FileLimit { path: path.clone(), kept },
            TakeError::DiskFailed { path: path.clone(), kept, source: source.clone() },
            TakeError::Io { path: path.clone(), kept, source },
            TakeError::PermissionDenied { path: path.clone() },
            TakeError::Exists { path },
        ];
        for error in errors {
            let said = ReelError::Stopped(error).to_string();
            assert!(said.contains("tape.wav") && said.contains("whole session") && !said.contains("answer "), "{said}");
        }
    }

    #[test]
    fn a_name_that_is_taken_is_told_from_other_troubles() {
        let path = PathBuf::from("tape.wav");
        assert!(ReelError::Begin(TakeError::Exists { path: path.clone() }).is_taken());
        assert!(!ReelError::Begin(TakeError::PermissionDenied { path: path.clone() }).is_taken());
        assert!(!ReelError::Stopped(TakeError::Exists { path }).is_taken());
    }
}
