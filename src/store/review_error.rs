//! Why what a person said of a session is not kept, or cannot be read: each says what they can do.

use std::io;
use std::path::PathBuf;

use crate::interview::text;

/// Why a rating or a note is not kept, or a review cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// The file is no review; it is never written over.
    #[error("{} cannot be read: {reason}; the next rating puts it aside and begins a new one", text::path(path))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A newer greenroom wrote it.
    #[error("{} has the schema {schema}: a newer greenroom wrote it; use that one", text::path(path))]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version of its form.
        schema: u64,
    },
    /// Another program writes to it and does not come to an end.
    #[error("{} is being written by another greenroom: try again when that one is done", text::path(path))]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// There is no room in it.
    #[error("{} is as large as a review may be: put it aside under another name and begin a new one", text::path(path))]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// The disk is full.
    #[error("the disk is full: {} could not be written; make room and try again", text::path(path))]
    DiskFull {
        /// The file.
        path: PathBuf,
    },
    /// The system refused.
    #[error("{}: {reason}; check who owns the folder, and the disk", text::path(path))]
    Io {
        /// What.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
}

impl ReviewError {
    pub(super) fn at(path: PathBuf, reason: io::Error) -> ReviewError {
        match reason.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ReviewError::DiskFull { path },
            _ => ReviewError::Io { path, reason },
        }
    }
}
