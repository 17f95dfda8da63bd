//! What is done to the files of a session that was cut short or damaged, and is done so that nothing is lost by it.
//!
//! Each step may be cut short itself: done once more, it ends the same.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::files;
use super::settle::Mend;
use super::wav_head::{self, HEADER};

/// The most files of one name that are put aside.
const MOST_NAMESAKES: u32 = 1_000;

/// Mends the file of a take; says what was done, a sentence each.
///
/// # Errors
/// Those of the system; then no byte of it is lost.
pub(super) fn take(folder: &Path, mend: &Mend) -> io::Result<Vec<String>> {
    let path = folder.join(&mend.file);
    let mut done = Vec::new();
    let end = HEADER + mend.frames * 2;
    let mut file = files::open_to_mend(&path)?;
    if mend.destroyed {
        let mut old = vec![0; HEADER as usize];
        file.read_exact(&mut old)?;
        let name = keep_beside(&path, "aside", &old)?;
        done.push(format!("{}: its header is written anew; what stood there is in takes/{name}", mend.file));
    }
    if mend.tail {
        let mut rest = Vec::new();
        file.seek(SeekFrom::Start(end))?;
        file.read_to_end(&mut rest)?;
        let name = keep_beside(&path, "tail", &rest)?;
        file.set_len(end)?;
        done.push(format!("{}: {} bytes that may not be sound are in takes/{name} now", mend.file, rest.len()));
    }
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&wav_head::header(mend.rate, mend.frames))?;
    file.sync_all()?;
    if done.is_empty() {
        done.push(format!("{}: its header names all that is there", mend.file));
    }
    Ok(done)
}

/// Keeps bytes in a file of their own beside another, under its name and `ending`; gives its name.
fn keep_beside(path: &Path, ending: &str, bytes: &[u8]) -> io::Result<String> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let (place, name) = free(path, ending, |there| holds(there, bytes))?;
    if place.symlink_metadata().is_err() {
        files::stage(folder, files::STAGED, bytes)?.put(folder, &name)?;
    }
    Ok(name)
}

/// Gives what has a name that is needed another one; gives that.
///
/// # Errors
/// Those of the system.
pub(super) fn put_aside(folder: &Path, name: &str) -> io::Result<String> {
    let (place, aside) = free(&folder.join(name), "aside", |_| false)?;
    std::fs::rename(folder.join(name), place)?;
    files::sync_folder(folder)?;
    Ok(aside)
}

/// The first of `NAME.ending`, `NAME.ending-2` and so on that is free or will do as it is.
fn free(path: &Path, ending: &str, will_do: impl Fn(&Path) -> bool) -> io::Result<(PathBuf, String)> {
    let own = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    for number in 1..=MOST_NAMESAKES {
        let name = if number == 1 { format!("{own}.{ending}") } else { format!("{own}.{ending}-{number}") };
        let place = path.with_file_name(&name);
        match place.symlink_metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((place, name)),
            Err(error) => return Err(error),
            Ok(_) if will_do(&place) => return Ok((place, name)),
            Ok(_) => {}
        }
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("{own}.{ending} and all names like it are taken")))
}

/// Whether a file has these bytes and no others: a repair that was cut short wrote them.
fn holds(path: &Path, bytes: &[u8]) -> bool {
    let same = |mut file: File| {
        let mut there = Vec::new();
        let fits = file.metadata()?.len() == bytes.len() as u64;
        Ok(fits && file.read_to_end(&mut there).is_ok_and(|_| there == bytes))
    };
    files::open_regular(path, files::Links::Refuse).and_then(same).unwrap_or(false)
}
