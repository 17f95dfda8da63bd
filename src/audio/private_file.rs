//! New files that only their owner may read.
//!
//! Knows nothing of what is written into them.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Creates a file that was not there before, for reading and writing; on Unix with the mode 0600.
///
/// # Errors
/// `AlreadyExists` where something stands at the path already, a dangling link too; whatever else the system says.
pub(super) fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes the name of a new file outlast a power cut: syncs the folder that it stands in.
///
/// # Errors
/// Whatever the system says, but for file systems that cannot sync a folder: there is nothing more to do there.
pub(super) fn sync_folder_of(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        match File::open(folder)?.sync_all() {
            Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
            result => result,
        }
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_there_is_not_touched() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("take.wav");
        std::fs::write(&path, "an answer").expect("the first file");
        assert_eq!(create(&path).expect_err("it exists").kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read_to_string(&path).expect("still there"), "an answer");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = create(&folder.path().join("take.wav")).expect("a new file");
        assert_eq!(file.metadata().expect("its metadata").permissions().mode() & 0o777, 0o600);
    }
}
