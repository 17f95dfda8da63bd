//! The built-in voice as the session sees it: a host process for each text, replaced when it crashes, stopped when it
//! takes too long, the next one waiting with its voice loaded.
//!
//! A process for each because Pico carries something of each text over into the next: the same words would sound a
//! little different each time, and a text that harms Pico would harm those after it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::timbre::{self, Accent, Timbre};
use super::worker::{NoReply, Worker};
use super::{frame, pico, process, silent};
use crate::interview::Text;
use crate::interview::text;
use crate::ports::{Clip, Utterance, Voice, VoiceError};

/// What a rendering may take whatever its length: the start of the host on a busy machine.
const START: Duration = Duration::from_secs(5);
/// What each character may add: a digit, the worst of them, takes 2.5 ms on a busy machine.
const PER_CHARACTER: Duration = Duration::from_millis(10);

/// The program that hosts a voice, with the arguments that make it do so.
#[derive(Debug, Clone)]
pub struct Host {
    /// The program's file.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
}

impl Host {
    /// The host of `kind` inside this very program.
    ///
    /// A test or a bench is not this program: there it is the program that was built beside it.
    pub fn own(kind: &str) -> Host {
        let arguments = vec!["voice-host".to_owned(), kind.to_owned()];
        Host { program: own_program(), arguments }
    }

    /// Starts the process.
    ///
    /// # Errors
    /// Why it does not start.
    pub fn start(&self) -> std::io::Result<Worker> {
        let mut command = process::command(&self.program)?;
        command.args(&self.arguments);
        Worker::start(command, frame::LARGEST)
    }
}

/// This program's file, or the one that was built beside a test of it.
fn own_program() -> PathBuf {
    let own = std::env::current_exe().unwrap_or_default();
    if let Some(folder) = own.parent()
        && folder.ends_with("deps")
    {
        return folder.with_file_name(format!("greenroom{}", std::env::consts::EXE_SUFFIX));
    }
    // A program that was replaced on disk while it runs is still there for its own process.
    if cfg!(target_os = "linux") && !own.exists() { PathBuf::from("/proc/self/exe") } else { own }
}

/// Renders texts in any timbre.
pub struct Renderer {
    host: Host,
    /// The hosts that wait for the next text, one for each speaker that has spoken.
    next: HashMap<Accent, Worker>,
    start: Duration,
}

impl Renderer {
    /// A renderer whose host is not started yet.
    pub fn new(host: Host) -> Renderer {
        Renderer { host, next: HashMap::new(), start: START }
    }

    /// The same with another patience for the start of a host than 5 s.
    pub fn with_start(self, start: Duration) -> Renderer {
        Renderer { start, ..self }
    }

    /// Starts the host of the next text and lets it load a speaker, without waiting for it.
    pub fn warm(&mut self, timbre: Timbre) {
        if !self.next.contains_key(&timbre.accent)
            && let Ok(worker) = self.host.start()
        {
            worker.send(timbre::WARM, timbre.request(""));
            self.next.insert(timbre.accent, worker);
        }
    }

    /// Renders a text; an empty clip if there is nothing in it that Pico can speak.
    ///
    /// A host that died is replaced and asked once more.
    ///
    /// # Errors
    /// Why there is no sound.
    pub fn render(&mut self, timbre: Timbre, text: &Text) -> Result<Clip, VoiceError> {
        let count = u32::try_from(text.as_str().chars().count()).unwrap_or(u32::MAX);
        let patience = self.start + PER_CHARACTER.saturating_mul(count);
        let deadline = Instant::now() + patience;
        let mut retried = false;
        loop {
            let worker = match self.next.remove(&timbre.accent) {
                Some(worker) => worker,
                None => self.host.start().map_err(|error| absent(&self.host, &error))?,
            };
            worker.send(timbre::SPEAK, timbre.request(text.as_str()));
            match worker.receive(deadline) {
                Ok((timbre::SOUND, body)) => {
                    let (rate, samples) =
                        timbre::read_sound(&body).ok_or_else(|| failed("its host sent a reply that is no sound"))?;
                    self.warm(timbre);
                    return Ok(Clip { rate, samples });
                }
                Ok((_, why)) => return Err(failed(&String::from_utf8_lossy(&why))),
                Err(NoReply::TooSlow) => {
                    worker.kill();
                    return Err(VoiceError::TooSlow { voice: "built-in".into(), seconds: patience.as_secs() });
                }
                Err(NoReply::Gone) if retried => return Err(failed("its process ended twice over the same text")),
                Err(NoReply::Gone) => retried = true,
            }
        }
    }

    /// The process that waits for the next text in an accent.
    pub fn waiting(&self, accent: Accent) -> Option<u32> {
        self.next.get(&accent).map(Worker::id)
    }
}

fn failed(reason: &str) -> VoiceError {
    let reason = Text::clean(reason).as_str().to_owned();
    VoiceError::Failed { voice: "built-in".into(), reason }
}

fn absent(host: &Host, error: &std::io::Error) -> VoiceError {
    VoiceError::Absent {
        voice: "built-in".into(),
        remedy: format!("its host {} does not start ({error}); install greenroom again", text::path(&host.program)),
    }
}

/// The built-in voice in one timbre.
pub struct BuiltIn {
    renderer: Arc<Mutex<Renderer>>,
    timbre: Timbre,
}

impl BuiltIn {
    /// The voice in `timbre`.
    pub fn new(host: Host, timbre: Timbre) -> BuiltIn {
        BuiltIn::sharing(&Arc::new(Mutex::new(Renderer::new(host))), timbre)
    }

    /// The voice in `timbre`, with a renderer that others speak through too: a host that waits can speak in any pitch
    /// and speed, and so one for each accent is enough for all of them.
    pub fn sharing(renderer: &Arc<Mutex<Renderer>>, timbre: Timbre) -> BuiltIn {
        BuiltIn { renderer: Arc::clone(renderer), timbre }
    }

    /// Starts its host now, so that the first prompt does not wait for it.
    pub fn warm(&mut self) {
        self.renderer().warm(self.timbre);
    }

    /// The renderer; a panic elsewhere leaves at most a host behind that answers nobody, and that is replaced.
    fn renderer(&self) -> MutexGuard<'_, Renderer> {
        self.renderer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Voice for BuiltIn {
    fn name(&self) -> String {
        let language = self.timbre.accent.language();
        match self.timbre.pitch {
            100 => format!("built-in ({language})"),
            pitch => format!("built-in ({language}, pitch {pitch} %)"),
        }
    }

    fn utter(&mut self, text: &Text) -> Result<Utterance, VoiceError> {
        if pico::script::pieces(text.as_str()).is_empty() {
            return Ok(silent::reading(text));
        }
        let clip = self.renderer().render(self.timbre, text)?;
        if clip.samples.is_empty() {
            return Err(failed("it gave no sound"));
        }
        Ok(Utterance::Clip(Arc::new(clip)))
    }
}
