//! Reading files that may be anything, and replacing files so that none is ever half written.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

/// Whether the last name of a path may be a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Links {
    /// It may: people put their banks where they like.
    Follow,
    /// It may not: nothing in a session folder points elsewhere.
    Refuse,
}

/// Opens a regular file to be read.
///
/// # Errors
/// Those of the system; and [`io::ErrorKind::InvalidInput`] for a folder, a pipe, a device or a refused link, without
/// waiting for any of them.
pub(super) fn open_regular(path: &Path, links: Links) -> io::Result<File> {
    // A look before the opening, because opening a device can do things; and one after it, because the name may have
    // come to mean something else in between.
    let before = match links {
        Links::Follow => std::fs::metadata(path)?,
        Links::Refuse => std::fs::symlink_metadata(path)?,
    };
    if !before.is_file() {
        return Err(not_regular());
    }
    let file = careful(OpenOptions::new().read(true), links).open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(not_regular()) }
}

/// Opens a regular file of a session folder to be written at its end; makes it, for the owner alone, where it is not.
pub(super) fn open_to_write(path: &Path) -> io::Result<File> {
    if std::fs::symlink_metadata(path).is_ok_and(|there| !there.is_file()) {
        return Err(not_regular());
    }
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = careful(&mut options, Links::Refuse).open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(not_regular()) }
}

/// Makes a file of a session folder, for the owner alone, where nothing has its name.
pub(super) fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Opens a regular file of a session folder to be read and changed in place.
pub(super) fn open_to_mend(path: &Path) -> io::Result<File> {
    if !std::fs::symlink_metadata(path)?.is_file() {
        return Err(not_regular());
    }
    let file = careful(OpenOptions::new().read(true).write(true), Links::Refuse).open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(not_regular()) }
}

/// Never waits for the other end of a pipe, and follows a link only where that is allowed.
#[cfg(unix)]
fn careful(options: &mut OpenOptions, links: Links) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let no_link = if links == Links::Refuse { libc::O_NOFOLLOW } else { 0 };
    options.custom_flags(libc::O_NONBLOCK | no_link)
}

#[cfg(not(unix))]
fn careful(options: &mut OpenOptions, _: Links) -> &mut OpenOptions {
    options
}

fn not_regular() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file")
}

/// Reads a regular file of at most `most` bytes.
///
/// # Errors
/// Those of [`open_regular`]; and [`io::ErrorKind::FileTooLarge`].
pub(super) fn read(path: &Path, most: u64, links: Links) -> io::Result<Vec<u8>> {
    let too_large = || io::Error::new(io::ErrorKind::FileTooLarge, format!("it is larger than {} MiB", most >> 20));
    let file = open_regular(path, links)?;
    let length = file.metadata()?.len();
    if length > most {
        return Err(too_large());
    }
    // A byte more, so that the end is seen without making room once more.
    let mut bytes = Vec::with_capacity(length as usize + 1);
    file.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { Err(too_large()) } else { Ok(bytes) }
}

/// A new content that is on the disk but has not yet taken the place of the old one.
pub(super) struct Staged(tempfile::NamedTempFile);

/// How the names of staged files begin, where whoever has the session's lock writes them.
pub(super) const STAGED: &str = ".staged-";

/// Writes and syncs `bytes` beside the file that they are to replace, under a name that begins with `prefix`.
pub(super) fn stage(folder: &Path, prefix: &str, bytes: &[u8]) -> io::Result<Staged> {
    let mut file = tempfile::Builder::new().prefix(prefix).tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(Staged(file))
}

impl Staged {
    /// Takes the place of `folder/name`, at once and for good.
    pub(super) fn replace(self, folder: &Path, name: &str) -> io::Result<()> {
        self.0.persist(folder.join(name)).map_err(|error| error.error)?;
        sync_folder(folder)
    }

    /// Gets a name that nothing has, for good.
    pub(super) fn put(self, folder: &Path, name: &str) -> io::Result<()> {
        self.0.persist_noclobber(folder.join(name)).map_err(|error| error.error)?;
        sync_folder(folder)
    }
}

/// Removes what a killed program was about to put in its place: the files of a folder whose names begin with `prefix`.
pub(super) fn sweep(folder: &Path, prefix: &str) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(prefix) {
            // What cannot be removed does no harm.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Makes the names in a folder as durable as the files behind them.
#[cfg(unix)]
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        // Some file systems cannot, and there is nothing more to do there.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        synced => synced,
    }
}

/// Elsewhere the system offers no such thing: it keeps the names by itself.
#[cfg(not(unix))]
pub(super) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Makes a folder for the owner alone; its parent must be there, and it must not.
pub(super) fn make_private_folder(path: &Path) -> io::Result<()> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only unix has a mode to set"))]
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::path::PathBuf;

    pub(crate) fn pipe(folder: &Path) -> PathBuf {
        let path = folder.join("pipe");
        let name = std::ffi::CString::new(path.as_os_str().as_encoded_bytes()).expect("a path of ours");
        // SAFETY: the name is a valid C string that outlives the call.
        assert_eq!(unsafe { libc::mkfifo(name.as_ptr(), 0o600) }, 0);
        path
    }

    #[test]
    fn what_is_no_regular_file_is_refused_and_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        for path in [pipe(folder.path()), "/dev/zero".into(), "/dev/null".into(), folder.path().to_owned()] {
            for links in [Links::Follow, Links::Refuse] {
                assert!(read(&path, 100, links).is_err(), "{path:?}");
            }
            assert!(open_to_write(&path).is_err(), "{path:?}");
        }
    }

    #[test]
    fn a_link_is_followed_only_where_that_is_allowed() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("real"), "text").unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("real", &link).unwrap();
        assert_eq!(read(&link, 100, Links::Follow).unwrap(), b"text");
        assert!(read(&link, 100, Links::Refuse).is_err());
        assert!(open_to_write(&link).is_err());
    }

    #[test]
    fn a_file_past_its_bound_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large");
        std::fs::write(&path, vec![b'x'; 101]).unwrap();
        assert_eq!(read(&path, 100, Links::Follow).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(read(&path, 101, Links::Follow).unwrap().len(), 101);
    }
}
