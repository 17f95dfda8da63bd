//! Room on the disk that is kept for the last words of a session, and given up when the disk is full.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::files;

/// The name of the file in its session's folder.
pub const NAME: &str = "reserve";

/// How much is kept, in bytes: the journal and the manifest of a long session, several times.
const SIZE: usize = 1 << 20;

/// The room, while it is kept.
#[derive(Debug)]
pub(super) struct Reserve {
    path: PathBuf,
    kept: AtomicBool,
}

impl Reserve {
    /// Keeps room in a folder; where there is none, or something else has the name, nothing is kept.
    pub(super) fn keep(folder: &Path) -> Reserve {
        let path = folder.join(NAME);
        let kept = fill(&path);
        if kept.is_err() && path.symlink_metadata().is_ok_and(|there| there.is_file()) {
            // A part of it would only be in the way.
            let _ = std::fs::remove_file(&path);
        }
        Reserve { path, kept: AtomicBool::new(kept.is_ok()) }
    }

    /// Gives the room back to the disk; says whether there was any.
    pub(super) fn give_up(&self) -> bool {
        self.kept.swap(false, Ordering::SeqCst) && std::fs::remove_file(&self.path).is_ok()
    }
}

impl Drop for Reserve {
    fn drop(&mut self) {
        self.give_up();
    }
}

/// Writes a new file; what a killed program left under its name gives way.
fn fill(path: &Path) -> io::Result<()> {
    if path.symlink_metadata().is_ok_and(|there| there.is_file()) {
        // Never written into: the file may have another name too, and be something else under that.
        std::fs::remove_file(path)?;
    }
    let mut file = files::create(path)?;
    // Bytes that no file system can shrink: the multiplier is Knuth's of MMIX.
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    let bytes: Vec<u8> = (0..SIZE).map(|_| next()).collect();
    file.write_all(&bytes)?;
    file.sync_data()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_room_is_really_written_and_gone_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        std::fs::write(&path, b"what a killed program left").unwrap();
        let reserve = Reserve::keep(folder.path());
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(bytes.len(), SIZE);
        assert!(bytes.iter().filter(|byte| **byte == 0).count() < SIZE / 100);
        assert!(reserve.give_up());
        assert!(!path.exists());
        assert!(!reserve.give_up(), "once");
        drop(Reserve::keep(folder.path()));
        assert!(!path.exists());
    }

    #[test]
    fn a_recording_that_has_its_name_too_is_not_written_into() {
        let folder = tempfile::tempdir().unwrap();
        let take = folder.path().join("take.wav");
        std::fs::write(&take, b"what was said").unwrap();
        std::fs::hard_link(&take, folder.path().join(NAME)).unwrap();
        let reserve = Reserve::keep(folder.path());
        assert_eq!(std::fs::metadata(folder.path().join(NAME)).unwrap().len(), SIZE as u64);
        drop(reserve);
        assert_eq!(std::fs::read(&take).unwrap(), b"what was said");
    }

    #[test]
    fn what_has_its_name_and_is_something_else_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        std::fs::create_dir(&path).unwrap();
        let reserve = Reserve::keep(folder.path());
        assert!(!reserve.give_up());
        drop(reserve);
        assert!(path.is_dir());
    }
}
