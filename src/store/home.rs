//! The folder that everything of a person is in.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use super::files;
use crate::interview::text;

/// The variable of the environment that names the home.
pub const VARIABLE: &str = "GREENROOM_HOME";

/// How the home was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundBy {
    /// `--home` names it.
    Flag,
    /// [`VARIABLE`] names it.
    Variable,
    /// It is the nearest folder, at or above the current one, that holds both `questions/` and `recordings/`.
    Checkout,
    /// It is where the platform keeps the data of programs.
    Platform,
}

/// A folder that holds the person's own questions, the recordings and the config.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// The folder, from the root of the file system.
    pub root: PathBuf,
    /// How it was found.
    pub found: FoundBy,
}

/// Why there is no home to work in.
#[derive(Debug, thiserror::Error)]
pub enum HomeError {
    /// Nothing says where it is.
    #[error("there is no home folder on this machine for greenroom to be in: name one with --home or {VARIABLE}")]
    Nowhere,
    /// Something else has its name.
    #[error("{} is not a folder: name another with --home or {VARIABLE}", text::path(path))]
    NotAFolder {
        /// What is no folder.
        path: PathBuf,
    },
    /// Recordings cannot be kept in it.
    #[error(
        "recordings cannot be kept in {}: {reason}; make that folder writable, or name another home with --home or {VARIABLE}",
        text::path(path)
    )]
    NotWritable {
        /// The folder that was to be made or written in.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
}

impl Home {
    /// Finds the home: `flag`, else [`VARIABLE`], else a checkout around the current folder, else the platform's place.
    ///
    /// Nothing is made; a home that is named need not exist yet.
    ///
    /// # Errors
    /// Where the platform has no place for it, or what is named is no folder.
    pub fn find(flag: Option<&Path>) -> Result<Home, HomeError> {
        let current = std::env::current_dir().ok();
        let platform = || {
            use etcetera::BaseStrategy;
            etcetera::base_strategy::choose_native_strategy().ok().map(|places| places.data_dir().join("greenroom"))
        };
        Home::find_among(flag, std::env::var_os(VARIABLE), current.as_deref(), platform)
    }

    fn find_among(
        flag: Option<&Path>,
        variable: Option<OsString>,
        current: Option<&Path>,
        platform: impl FnOnce() -> Option<PathBuf>,
    ) -> Result<Home, HomeError> {
        let variable = variable.filter(|value| !value.is_empty()).map(PathBuf::from);
        let is_checkout = |folder: &&Path| folder.join("questions").is_dir() && folder.join("recordings").is_dir();
        let checkout = || Some(current?.ancestors().find(is_checkout)?.to_owned());
        let (root, found) = if let Some(flag) = flag.filter(|flag| !flag.as_os_str().is_empty()) {
            (flag.to_owned(), FoundBy::Flag)
        } else if let Some(variable) = variable {
            (variable, FoundBy::Variable)
        } else if let Some(checkout) = checkout() {
            (checkout, FoundBy::Checkout)
        } else {
            (platform().ok_or(HomeError::Nowhere)?, FoundBy::Platform)
        };
        let root = std::path::absolute(&root).unwrap_or(root);
        if root.exists() && !root.is_dir() {
            return Err(HomeError::NotAFolder { path: root });
        }
        Ok(Home { root, found })
    }

    /// Where the person's own banks and formats are.
    pub fn questions(&self) -> PathBuf {
        self.root.join("questions")
    }

    /// Where the sessions are.
    pub fn recordings(&self) -> PathBuf {
        self.root.join("recordings")
    }

    /// Where the config is.
    pub fn config_path(&self) -> PathBuf {
        self.root.join(super::config::NAME)
    }

    /// Makes the folder of the recordings where it is missing, and proves that it can be written.
    ///
    /// It is for its owner alone: one that others may look into, as in a fresh checkout, is closed to them where the
    /// disk can do that; [`Home::recordings_are_private`] says whether it could.
    ///
    /// # Errors
    /// Where it cannot be made or written.
    pub fn prepare_recordings(&self) -> Result<(), HomeError> {
        let path = self.recordings();
        let failed = |path: &Path, reason| match path.symlink_metadata() {
            Ok(there) if !there.is_dir() && !path.is_dir() => HomeError::NotAFolder { path: path.to_owned() },
            _ => HomeError::NotWritable { path: path.to_owned(), reason },
        };
        std::fs::create_dir_all(&self.root).map_err(|reason| failed(&self.root, reason))?;
        if !path.is_dir() {
            match files::make_private_folder(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {}
                made => made.map_err(|reason| failed(&path, reason))?,
            }
        }
        close_to_others(&path);
        tempfile::tempfile_in(&path).map_err(|reason| failed(&path, reason))?;
        Ok(())
    }

    /// Whether nobody but its owner may look into the folder of the recordings; `None` where that cannot be told.
    #[cfg(unix)]
    pub fn recordings_are_private(&self) -> Option<bool> {
        use std::os::unix::fs::PermissionsExt;
        let there = self.recordings().metadata().ok()?;
        Some(there.permissions().mode() & OTHERS == 0)
    }

    /// Whether nobody but its owner may look into the folder of the recordings; `None` where that cannot be told.
    #[cfg(not(unix))]
    pub fn recordings_are_private(&self) -> Option<bool> {
        None
    }
}

/// What the mode of a folder gives to others than its owner.
#[cfg(unix)]
const OTHERS: u32 = 0o077;

/// Takes from everybody else what they may do in a folder, where it is ours and the disk knows owners.
#[cfg(unix)]
fn close_to_others(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    if folder.metadata().is_ok_and(|there| there.permissions().mode() & OTHERS != 0) {
        let _ = std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700));
    }
}

/// The system gives a person's folders to that person.
#[cfg(not(unix))]
fn close_to_others(_: &Path) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_goes_before_the_variable_the_checkout_and_the_platform() {
        let folder = tempfile::tempdir().unwrap();
        let checkout = folder.path().join("checkout");
        for part in ["questions", "recordings", "src/deep"] {
            std::fs::create_dir_all(checkout.join(part)).unwrap();
        }
        let (flag, variable, platform) =
            (folder.path().join("flag"), folder.path().join("variable"), folder.path().join("platform"));
        let deep = checkout.join("src/deep");
        let find = |flag: Option<&Path>, variable: Option<&Path>, current: &Path| {
            let platform = || Some(platform.clone());
            let home =
                Home::find_among(flag, variable.map(|path| path.as_os_str().to_owned()), Some(current), platform);
            home.map(|home| (home.root, home.found)).unwrap()
        };
        assert_eq!(find(Some(&flag), Some(&variable), &deep), (flag.clone(), FoundBy::Flag));
        assert_eq!(find(None, Some(&variable), &deep), (variable.clone(), FoundBy::Variable));
        assert_eq!(find(None, Some(Path::new("")), &deep), (checkout.clone(), FoundBy::Checkout));
        assert_eq!(find(None, None, &checkout), (checkout.clone(), FoundBy::Checkout));
        assert_eq!(find(None, None, folder.path()), (platform.clone(), FoundBy::Platform));
    }

    #[test]
    fn without_any_place_the_error_says_how_to_name_one() {
        let error = Home::find_among(None, None, None, || None).unwrap_err();
        assert!(error.to_string().contains("--home"), "{error}");
    }

    #[test]
    fn a_home_that_is_a_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert!(matches!(Home::find(Some(&file)), Err(HomeError::NotAFolder { .. })));
        let home = Home { root: file.join("below"), found: FoundBy::Flag };
        assert!(matches!(home.prepare_recordings(), Err(HomeError::NotWritable { .. })));
        let home = Home { root: folder.path().to_owned(), found: FoundBy::Flag };
        std::fs::write(home.recordings(), "").unwrap();
        assert!(matches!(home.prepare_recordings(), Err(HomeError::NotAFolder { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn recordings_are_made_for_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let home = Home { root: folder.path().join("new/home"), found: FoundBy::Flag };
        home.prepare_recordings().unwrap();
        home.prepare_recordings().unwrap();
        assert_eq!(home.recordings().metadata().unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(home.recordings().read_dir().unwrap().count(), 0, "the proof leaves nothing behind");
    }

    #[cfg(unix)]
    #[test]
    fn recordings_that_others_may_look_into_are_closed_to_them() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let home = Home { root: folder.path().to_owned(), found: FoundBy::Flag };
        assert_eq!(home.recordings_are_private(), None);
        std::fs::create_dir(home.recordings()).unwrap();
        std::fs::set_permissions(home.recordings(), std::fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(home.recordings_are_private(), Some(false));
        home.prepare_recordings().unwrap();
        assert_eq!(home.recordings_are_private(), Some(true));
        assert_eq!(home.recordings().metadata().unwrap().permissions().mode() & 0o777, 0o700);
    }
}
