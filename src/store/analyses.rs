//! The folder `analysis/` of a session: what was measured of its takes, kept so that it need not be measured again.
//!
//! Whatever is wrong with a file in it, the file is passed over: the recording is the truth, and measuring is quick.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::analysis::{Analysis, METHOD, SCHEMA};
use super::files::{self, Links};
use super::manifest::{ManifestTake, Recorded};

/// The name of the folder.
pub(super) const FOLDER: &str = "analysis";

/// The most bytes of such a file: some ten hours.
const LARGEST: u64 = 16 << 20;

/// The file of a take: `turn` counts from 0, `take` from 1.
fn name(turn: usize, take: u32) -> String {
    format!("{:02}-{take}.json", turn + 1)
}

/// What was measured of a take before; `None` where nothing was, or of another recording, or by other methods, or where
/// the recording has changed since.
pub fn read(session: &Path, turn: usize, take: &Recorded<'_>) -> Option<Analysis> {
    let path = folder(session)?.join(name(turn, take.number));
    let bytes = files::read(&path, LARGEST, Links::Refuse).ok()?;
    let analysis: Analysis = serde_json::from_slice(&bytes).ok()?;
    let frames: u64 = take.parts.iter().map(|part| part.frames).sum();
    let first = take.parts.first()?;
    let fits = analysis.schema == SCHEMA
        && analysis.method == METHOD
        && analysis.file == first.file
        && analysis.frames == frames
        && analysis.rate_hz == first.rate;
    let is_fresh = changed(&path).is_none_or(|kept| is_unchanged_since(session, take, kept));
    (fits && is_fresh).then_some(analysis).filter(Analysis::is_sound)
}

/// The folder of a session; `None` where there is none. Nothing in a session folder points elsewhere.
pub(super) fn folder(session: &Path) -> Option<PathBuf> {
    let folder = session.join(FOLDER);
    std::fs::symlink_metadata(&folder).ok().filter(std::fs::Metadata::is_dir).map(|_| folder)
}

/// When a file was changed last, where that can be known.
pub(super) fn changed(path: &Path) -> Option<SystemTime> {
    std::fs::symlink_metadata(path).and_then(|data| data.modified()).ok()
}

/// Whether no file of a take has changed since. What cannot be known is no reason to measure each time.
pub(super) fn is_unchanged_since(session: &Path, take: &Recorded<'_>, then: SystemTime) -> bool {
    let newer = |part: &&ManifestTake| changed(&session.join(&part.file)).is_some_and(|sound| sound > then);
    !take.parts.iter().any(newer)
}

/// Keeps what was measured of a take.
///
/// It is not synced: what a power cut takes of it is measured again.
///
/// # Errors
/// Where it cannot be written; nothing is lost by that.
pub fn write(session: &Path, turn: usize, take: u32, analysis: &Analysis) -> io::Result<()> {
    put(session, &name(turn, take), &[&serde_json::to_vec(analysis)?])
}

/// Puts a file into the folder of a session, which is made where there is none, in the place of the one of that name.
pub(super) fn put(session: &Path, name: &str, pieces: &[&[u8]]) -> io::Result<()> {
    let folder = session.join(FOLDER);
    match files::make_private_folder(&folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            if !std::fs::symlink_metadata(&folder)?.is_dir() {
                return Err(io::ErrorKind::NotADirectory.into());
            }
        }
        made => made?,
    }
    let mut file = tempfile::Builder::new().prefix(files::STAGED).tempfile_in(&folder)?;
    for piece in pieces {
        file.write_all(piece)?;
    }
    file.persist(folder.join(name)).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speech::Delivery;

    fn take(frames: u64) -> ManifestTake {
        ManifestTake { frames, ..ManifestTake::open("takes/01-a-1.wav", 48_000, 0) }
    }

    fn measured(frames: usize) -> Analysis {
        let mut delivery = Delivery::new(48_000, 1);
        delivery.add(&(0..frames).map(|n| 0.3 * (n as f32 * 0.03).sin()).collect::<Vec<_>>());
        Analysis::of("takes/01-a-1.wav", &delivery.finish())
    }

    #[test]
    fn what_is_kept_comes_back_and_only_for_its_own_recording() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let analysis = measured(48_000);
        write(folder.path(), 0, 1, &analysis).expect("it is kept");
        write(folder.path(), 0, 1, &analysis).expect("it is kept again");
        let (same, longer) = (take(48_000), take(48_001));
        let recorded = |part| Recorded { number: 1, parts: vec![part] };
        assert_eq!(read(folder.path(), 0, &recorded(&same)), Some(analysis));
        assert_eq!(read(folder.path(), 0, &recorded(&longer)), None);
        assert_eq!(read(folder.path(), 1, &recorded(&same)), None);
    }

    #[test]
    fn what_is_broken_is_passed_over() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let take = take(48_000);
        let recorded = Recorded { number: 1, parts: vec![&take] };
        write(folder.path(), 0, 1, &measured(48_000)).expect("it is kept");
        let path = folder.path().join("analysis/01-1.json");
        let whole = std::fs::read_to_string(&path).expect("it is text");
        let absurd = whole.replace("\"duration_s\":1.0", "\"duration_s\":1e300");
        assert_ne!(absurd, whole);
        for broken in ["", "{}", "[1]", &whole[..whole.len() / 2], &absurd] {
            std::fs::write(&path, broken).expect("it can be written");
            assert_eq!(read(folder.path(), 0, &recorded), None, "{broken}");
        }
    }
}
