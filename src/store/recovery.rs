//! Sessions that ended badly or were damaged: read as far as they can be, and put in order.

use std::path::Path;

use super::boot;
use super::event::Happening;
use super::examine::{self, Examined};
use super::journal::{self, Journal};
use super::manifest::Manifest;
use super::mend;
use super::session::{MANIFEST, SessionError, SessionFolder, check_folder, is_running};
use crate::interview::Text;

/// What a session planned and did, and what had to be put in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Recovered {
    /// What is known of it.
    pub manifest: Manifest,
    /// What is wrong, a sentence each; empty where all is well.
    pub findings: Vec<String>,
    /// What was done about it, a sentence each; empty where nothing was.
    pub repaired: Vec<String>,
}

impl From<Manifest> for Recovered {
    /// A session in which nothing is wrong.
    fn from(manifest: Manifest) -> Recovered {
        Recovered { manifest, findings: Vec::new(), repaired: Vec::new() }
    }
}

/// Reads what a session planned and did.
///
/// Where it ended badly or was damaged, and no program has it, it is repaired first; where it cannot be written to, it
/// is given as it would be then, and that it could not be is among what is wrong.
///
/// # Errors
/// [`SessionError::Nothing`] where the folder holds no session, [`SessionError::Newer`] where a newer greenroom made it,
/// and others where its manifest cannot be used and nothing else tells what it should say.
pub fn load(path: &Path) -> Result<Recovered, SessionError> {
    check_folder(path)?;
    if is_running(path) {
        return examine::running(path).map(Recovered::from);
    }
    if let Some(manifest) = examine::glance(path) {
        return Ok(manifest.into());
    }
    let Examined { manifest, mut findings, work } = examine::examine(path, boot::id().as_deref())?;
    if work.is_none() {
        return Ok(Recovered { manifest, findings, repaired: Vec::new() });
    }
    match SessionFolder::open(path).and_then(|folder| repair(&folder)) {
        // Another program has taken it since: what it does with it is right.
        Err(SessionError::Busy { .. }) => examine::running(path).map(Recovered::from),
        Err(error) => {
            findings.push(format!("it could not be repaired: {error}"));
            Ok(Recovered { manifest, findings, repaired: Vec::new() })
        }
        repaired => repaired,
    }
}

/// Looks at all of a session, whether or not it seems to need it, and puts it in order.
///
/// # Errors
/// [`SessionError::Busy`] where a program has it; those of [`repair`]; and where the folder cannot be taken.
pub fn put_in_order(path: &Path) -> Result<Recovered, SessionError> {
    check_folder(path)?;
    if is_running(path) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        return Err(SessionError::Busy { name: Text::clean(&name).to_string() });
    }
    let Examined { manifest, findings, work } = examine::examine(path, boot::id().as_deref())?;
    match work {
        None => Ok(Recovered { manifest, findings, repaired: Vec::new() }),
        Some(_) => repair(&SessionFolder::open(path)?),
    }
}

/// Reads what a session planned and did as [`load`] does, and changes nothing on the disk.
///
/// # Errors
/// Those of [`load`].
pub fn look(path: &Path) -> Result<Manifest, SessionError> {
    check_folder(path)?;
    if is_running(path) {
        return examine::running(path);
    }
    match examine::glance(path) {
        Some(manifest) => Ok(manifest),
        None => examine::examine(path, boot::id().as_deref()).map(|examined| examined.manifest),
    }
}

/// Puts a session in order: its takes, its journal and its manifest agree afterwards, and nothing that was recorded is
/// gone. Done to a session that is in order, it does nothing.
///
/// # Errors
/// Those of [`load`], and where it cannot be written; done once more then, it goes on.
pub fn repair(folder: &SessionFolder) -> Result<Recovered, SessionError> {
    let Examined { manifest, mut findings, work } = examine::examine(folder.path(), boot::id().as_deref())?;
    let Some(work) = work else { return Ok(Recovered { manifest, findings, repaired: Vec::new() }) };
    // What could not be read again would have to be repaired again.
    folder.text_of(&manifest)?;
    let mut repaired = Vec::new();
    for mend in &work.mends {
        match mend::take(folder.path(), mend) {
            Ok(done) => repaired.extend(done),
            // One recording that cannot be mended keeps nobody from the others.
            Err(error) => findings.push(format!("{} could not be mended: {error}", mend.file)),
        }
    }
    for name in &work.aside {
        let aside = mend::put_aside(folder.path(), name)
            .map_err(|reason| SessionError::writing(&folder.path().join(name), reason))?;
        repaired.push(format!("{name} is {aside} now"));
    }
    let tells = work.journal || !repaired.is_empty();
    if !tells && !work.manifest {
        // The recordings could not be mended, and nothing else was to be done.
        return Ok(Recovered { manifest, findings, repaired });
    }
    repaired.push(match tells {
        true => format!("{MANIFEST} and {} say what is there", journal::NAME),
        false => format!("{MANIFEST} is made anew from {}", journal::NAME),
    });
    // First the journal, then what is made of it.
    if tells {
        let what = Happening::Repaired { manifest: Box::new(manifest.clone()), did: repaired.clone() };
        with_reserve(folder, || Journal::open_at(folder.path(), work.next)?.append(work.frame, &what))?;
    }
    with_reserve(folder, || folder.save(&manifest))?;
    Ok(Recovered { manifest, findings, repaired })
}

/// Writes; and where the disk is full, once more in the room that was kept for that.
fn with_reserve(folder: &SessionFolder, write: impl Fn() -> Result<(), SessionError>) -> Result<(), SessionError> {
    write().or_else(|error| match error {
        SessionError::DiskFull { .. } if folder.give_up_reserve() => write(),
        error => Err(error),
    })
}
