//! Why a take does not go on, in words that say what the candidate can do.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::take_file::Fault;
use crate::interview::Frames;
use crate::interview::text;

/// Why a take does not go on.
#[derive(Debug, Clone, thiserror::Error)]
pub enum TakeError {
    /// Something stands in its place; nothing is ever overwritten.
    #[error("{} exists already and is not overwritten", text::path(path))]
    Exists {
        /// Where.
        path: PathBuf,
    },
    /// The folder may not be written to.
    #[error("no permission to write {}: check who owns the folder", text::path(path))]
    PermissionDenied {
        /// Where.
        path: PathBuf,
    },
    /// The disk, or the share of it that the user may fill, is full.
    #[error("the disk is full: {}; make room and resume", what_is_kept(path, *kept))]
    DiskFull {
        /// Where.
        path: PathBuf,
        /// How much of the take is kept.
        kept: Frames,
    },
    /// The system lets no file of this user, or on this disk, grow further.
    #[error(
        "the file is as large as this system lets it be: {}; raise the limit (`ulimit -f` shows it) or keep \
             recordings on another disk with --home",
        what_is_kept(path, *kept)
    )]
    FileLimit {
        /// Where.
        path: PathBuf,
        /// How much of the take is kept.
        kept: Frames,
    },
    /// The disk does not write what it was given, or does not say that it did.
    #[error(
        "the disk failed ({source}): {}; keep recordings on another disk with --home, and copy what is on this one",
        what_is_kept(path, *kept)
    )]
    DiskFailed {
        /// Where.
        path: PathBuf,
        /// How much of the take is kept.
        kept: Frames,
        /// What the system said.
        source: Arc<io::Error>,
    },
    /// The system failed in another way.
    #[error("{} cannot be written: {source}{}", text::path(path), if kept.0 > 0 { "; the answer up to that moment is kept" } else { "" })]
    Io {
        /// Where.
        path: PathBuf,
        /// How much of the take is kept.
        kept: Frames,
        /// What the system said.
        source: Arc<io::Error>,
    },
}

/// Says truly what is left of an answer that could not be written on.
fn what_is_kept(path: &Path, kept: Frames) -> String {
    match kept {
        Frames(0) => format!("nothing of the answer could be written to {}", text::path(path)),
        _ => format!("the answer up to that moment is kept in {}", text::path(path)),
    }
}

impl TakeError {
    /// What a fault means for the candidate, when `kept` of the take is on the disk.
    pub(super) fn new(path: &Path, kept: Frames, fault: Fault) -> TakeError {
        let path = path.to_path_buf();
        let failed = fault.is_of_the_disk();
        let error = fault.into_error();
        match error.kind() {
            io::ErrorKind::AlreadyExists => TakeError::Exists { path },
            io::ErrorKind::PermissionDenied if kept == Frames(0) && !failed => TakeError::PermissionDenied { path },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => TakeError::DiskFull { path, kept },
            io::ErrorKind::FileTooLarge => TakeError::FileLimit { path, kept },
            _ if failed => TakeError::DiskFailed { path, kept, source: Arc::new(error) },
            _ => TakeError::Io { path, kept, source: Arc::new(error) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(kind: io::ErrorKind, kept: u64) -> TakeError {
        TakeError::new(Path::new("t.wav"), Frames(kept), Fault::Write(kind.into()))
    }

    #[test]
    fn errors_of_the_system_become_what_the_user_can_do() {
        assert!(matches!(written(io::ErrorKind::StorageFull, 7), TakeError::DiskFull { kept: Frames(7), .. }));
        assert!(matches!(written(io::ErrorKind::QuotaExceeded, 7), TakeError::DiskFull { .. }));
        assert!(matches!(written(io::ErrorKind::FileTooLarge, 7), TakeError::FileLimit { kept: Frames(7), .. }));
        assert!(matches!(written(io::ErrorKind::PermissionDenied, 0), TakeError::PermissionDenied { .. }));
        assert!(matches!(written(io::ErrorKind::PermissionDenied, 7), TakeError::Io { .. }));
        assert!(matches!(written(io::ErrorKind::ReadOnlyFilesystem, 7), TakeError::DiskFailed { .. }));
        for error in [io::ErrorKind::StorageFull, io::ErrorKind::Other].map(|kind| written(kind, 7)) {
            assert!(error.to_string().contains("t.wav") && error.to_string().contains("kept"), "{error}");
        }
    }

    #[test]
    fn a_sync_that_fails_is_a_disk_that_fails_unless_it_is_full() {
        let synced = |kind: io::ErrorKind| TakeError::new(Path::new("t.wav"), Frames(7), Fault::Sync(kind.into()));
        let failed = synced(io::ErrorKind::Other);
        assert!(matches!(failed, TakeError::DiskFailed { kept: Frames(7), .. }), "{failed}");
        assert!(failed.to_string().contains("--home") && failed.to_string().contains("t.wav"), "{failed}");
        assert!(matches!(synced(io::ErrorKind::StorageFull), TakeError::DiskFull { .. }));
    }

    #[cfg(unix)]
    #[test]
    fn a_write_that_the_disk_refused_is_a_disk_that_fails() {
        let error = io::Error::from_raw_os_error(libc::EIO);
        let error = TakeError::new(Path::new("t.wav"), Frames(7), Fault::Write(error));
        assert!(matches!(error, TakeError::DiskFailed { .. }), "{error}");
    }

    #[test]
    fn nothing_is_said_to_be_kept_where_nothing_is() {
        for kind in [io::ErrorKind::StorageFull, io::ErrorKind::FileTooLarge, io::ErrorKind::ReadOnlyFilesystem] {
            let said = |kept| written(kind, kept).to_string();
            assert!(said(7).contains("up to that moment is kept"), "{}", said(7));
            assert!(!said(0).contains("kept") && said(0).contains("t.wav"), "{}", said(0));
        }
    }
}
