//! Keeps the questions as they were spoken, beside the session, so that no disk delays it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread;

use anyhow::Result;

use crate::audio::wav;
use crate::ports::Clip;

/// Writes the files of prompts, in a thread of its own.
pub struct PromptFiles {
    send: Option<mpsc::Sender<(PathBuf, Arc<Clip>)>>,
    writer: Option<thread::JoinHandle<Option<anyhow::Error>>>,
}

/// Writes a prompt beside its place and moves it there when it is whole: a file that is cut short would be taken for it.
fn keep(path: &Path, clip: &Clip) -> Result<()> {
    let part = path.with_extension("part");
    // What a crash left behind is nothing that anybody said.
    let _ = fs::remove_file(&part);
    wav::write(&part, clip)?;
    Ok(fs::rename(&part, path)?)
}

impl PromptFiles {
    /// Begins to wait for prompts.
    pub fn start() -> PromptFiles {
        let (send, jobs) = mpsc::channel::<(PathBuf, Arc<Clip>)>();
        let writer = thread::spawn(move || {
            let mut failed = None;
            for (path, clip) in jobs {
                // A repeated question and a resumed session have the file already.
                if !path.exists() {
                    failed = keep(&path, &clip).err().or(failed);
                }
            }
            failed
        });
        PromptFiles { send: Some(send), writer: Some(writer) }
    }

    /// Writes a prompt to `path`, soon.
    pub fn keep(&self, path: PathBuf, clip: Arc<Clip>) {
        if let Some(send) = &self.send {
            let _ = send.send((path, clip));
        }
    }

    /// Waits until all are written.
    ///
    /// # Errors
    /// The last that could not be written.
    pub fn finish(&mut self) -> Result<()> {
        self.send = None;
        let failed = self.writer.take().and_then(|writer| writer.join().ok().flatten());
        failed.map_or(Ok(()), Err)
    }
}
