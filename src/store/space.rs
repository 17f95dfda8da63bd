//! Whether the disk has room for a session.

use crate::interview::text;
use std::path::{Path, PathBuf};

/// What is left alone beyond what a session needs, in bytes.
pub const SPARE: u64 = 64 << 20;

/// There is too little room.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the session needs {} MiB and {} MiB to spare, but only {} MiB are free in {}: \
    delete old sessions (greenroom sessions delete), plan fewer questions (--count), or name another home (--home)",
    needed.div_ceil(1 << 20), SPARE >> 20, free >> 20, text::path(path))]
pub struct SpaceError {
    /// What the session needs, in bytes.
    pub needed: u64,
    /// What is free, in bytes.
    pub free: u64,
    /// Where.
    pub path: PathBuf,
}

/// The bytes that may still be written below a path, which need not exist yet; `None` where the system does not say.
pub fn free(path: &Path) -> Option<u64> {
    let there = path.ancestors().find(|folder| folder.exists())?;
    fs4::available_space(there).ok()
}

/// Checks that `needed` bytes and [`SPARE`] are free below a path; passes where the system does not say.
///
/// # Errors
/// Where they are not.
pub fn check(path: &Path, needed: u64) -> Result<(), SpaceError> {
    check_with(path, needed, free(path))
}

/// As [`check`], told what is free.
fn check_with(path: &Path, needed: u64, free: Option<u64>) -> Result<(), SpaceError> {
    match free {
        Some(free) if free < needed.saturating_add(SPARE) => Err(SpaceError { needed, free, path: path.to_owned() }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_must_leave_64_mib() {
        let path = Path::new("recordings");
        assert_eq!(check_with(path, 1000, Some(SPARE + 1000)), Ok(()));
        assert!(check_with(path, 1000, Some(SPARE + 999)).is_err());
        assert!(check_with(path, u64::MAX, Some(u64::MAX - 1)).is_err());
        assert_eq!(check_with(path, 1000, None), Ok(()));
    }

    #[test]
    fn the_message_has_the_figures_and_a_remedy() {
        let error = check_with(Path::new("/home/me"), 100 << 20, Some(10 << 20)).unwrap_err().to_string();
        for part in ["100 MiB", "64 MiB to spare", "10 MiB are free", "/home/me", "sessions delete"] {
            assert!(error.contains(part), "{part}: {error}");
        }
    }

    #[test]
    fn a_folder_that_is_not_made_yet_has_the_space_of_its_parent() {
        let folder = tempfile::tempdir().unwrap();
        assert!(free(&folder.path().join("a/b/c")).is_some_and(|bytes| bytes > 0));
    }
}
