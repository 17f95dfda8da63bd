//! The operating system's own voice, reached through a process of its own because its service may hang, abort or block
//! for ever.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::built_in::Host;
use super::system_packets::{BEGAN, CHOOSE, DONE, ENDED, OPEN, PING, PROBLEM, SPEAK, STOP, SystemVoice};
use super::worker::{NoReply, Worker};
use super::{pico, process, silent};
use crate::interview::Text;
use crate::interview::text;
use crate::ports::{Playing, Speech, Utterance, Voice, VoiceError};

/// How long the service may take to answer: to connect, to a question, and to begin to speak.
pub(super) const ANSWER: Duration = Duration::from_secs(5);
/// How long it may take to find a voice by its name: speech-dispatcher lists 13,158 of them twice, 1.8 s each time.
pub(super) const SEARCH: Duration = Duration::from_secs(10);
/// How often a service that speaks is asked whether it is still there: one that dies tells nothing.
const LOOK: Duration = Duration::from_secs(2);
/// What a speech may take whatever its length.
const SPEECH: Duration = Duration::from_secs(10);
/// What each character may add, more than twice the slowest speaker's.
const PER_CHARACTER: Duration = Duration::from_millis(150);

/// What a helper that ends before it has said anything tells.
pub(super) const GONE: &str = if cfg!(target_os = "linux") {
    "its helper greenroom-speechd ended at once; is speech-dispatcher installed \
     (Debian and Ubuntu: sudo apt install speech-dispatcher)?"
} else {
    "its helper process ended at once"
};

/// The system's voice.
pub struct System {
    link: Arc<Mutex<Link>>,
    /// By which name a certain one is asked for, and by which it is called here.
    which: Option<(String, String)>,
}

/// The connection that the voice shares with its utterances.
struct Link {
    host: Host,
    worker: Option<Worker>,
    /// The number of the last speech that was asked for.
    serial: u32,
    heard: Heard,
    /// How many questions whether the service is there are unanswered, and when the last was asked.
    unanswered: u32,
    looked: Instant,
    /// Why the service is not asked again.
    broken: Option<VoiceError>,
}

/// What is known of the last speech.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Heard {
    Nothing,
    Began,
    Ended,
}

impl System {
    /// The system's voice, one of a certain name if `which` is given.
    ///
    /// # Errors
    /// That this program was built without it, or that its helper program is missing.
    pub fn find(which: Option<String>) -> Result<System, VoiceError> {
        Ok(System::through(helper()?, which))
    }

    /// The system's voice through a helper program that is given.
    pub fn through(host: Host, which: Option<String>) -> System {
        System::linked(host, which.map(|which| (which.clone(), which)))
    }

    /// A voice that the system has listed.
    pub fn listed(host: Host, voice: &SystemVoice) -> System {
        System::linked(host, Some((voice.id.clone(), Text::clean(&voice.name).to_string())))
    }

    fn linked(host: Host, which: Option<(String, String)>) -> System {
        let link = Link {
            host,
            worker: None,
            serial: 0,
            heard: Heard::Nothing,
            unanswered: 0,
            looked: Instant::now(),
            broken: None,
        };
        System { link: Arc::new(Mutex::new(link)), which }
    }
}

/// The helper program.
///
/// # Errors
/// That this program was built without it, or that it is missing.
pub fn helper() -> Result<Host, VoiceError> {
    found().ok_or_else(|| VoiceError::Absent { voice: "the system's voice".into(), remedy: missing_helper().into() })
}

fn found() -> Option<Host> {
    if cfg!(any(target_os = "macos", target_os = "windows")) {
        return cfg!(feature = "system-voice").then(|| Host::own("system"));
    }
    let own = std::env::current_exe().ok()?;
    let folder = own.parent()?;
    let beside = |folder: &std::path::Path| -> PathBuf { folder.join("greenroom-speechd") };
    let mut places = vec![beside(folder)];
    if folder.ends_with("deps") {
        places.extend(folder.parent().map(beside));
    }
    let program = places.into_iter().find(|place| process::is_program(place))?;
    Some(Host { program, arguments: Vec::new() })
}

fn missing_helper() -> &'static str {
    if cfg!(target_os = "linux") {
        "its helper greenroom-speechd is not beside greenroom; build with the feature system-voice, which is on by default"
    } else {
        "this greenroom was built without the feature system-voice"
    }
}

impl Voice for System {
    fn name(&self) -> String {
        match &self.which {
            Some((_, name)) => format!("system ({name})"),
            None => "system".into(),
        }
    }

    fn utter(&mut self, text: &Text) -> Result<Utterance, VoiceError> {
        if !pico::script::speakable(text.as_str()) {
            return Ok(silent::reading(text));
        }
        let mut link = locked(&self.link);
        if let Some(error) = &link.broken {
            return Err(error.clone());
        }
        if let Err(error) = link.ready(self.which.as_ref().map(|(id, _)| id.as_str()), &self.name()) {
            link.give_up(error.clone());
            return Err(error);
        }
        let speech = SystemSpeech {
            link: Arc::clone(&self.link),
            voice: self.name(),
            text: text.as_str().replace(['<', '>'], " "),
            stage: Stage::Waiting,
        };
        Ok(Utterance::Live(Box::new(speech)))
    }
}

impl Link {
    /// Sees to it that the service answers: connects, or asks again whether it is still there.
    fn ready(&mut self, which: Option<&str>, voice: &str) -> Result<(), VoiceError> {
        let deadline = Instant::now() + ANSWER;
        if let Some(worker) = self.worker.take() {
            worker.send(PING, Vec::new());
            match self.answer(&worker, deadline, voice) {
                Ok(()) => {
                    self.worker = Some(worker);
                    return Ok(());
                }
                Err(Missing::Gone) => {} // the helper died while it was idle: another is started
                Err(Missing::Error(error)) => return Err(error),
            }
        }
        let failed = |reason: &str| VoiceError::Failed { voice: voice.to_owned(), reason: reason.to_owned() };
        self.unanswered = 0;
        let worker = self.host.start().map_err(|error| {
            let remedy = format!("its helper {} does not start: {error}", text::path(&self.host.program));
            VoiceError::Absent { voice: voice.to_owned(), remedy }
        })?;
        worker.send(OPEN, Vec::new());
        self.answer(&worker, deadline, voice).map_err(|missing| missing.or(failed(GONE)))?;
        if let Some(which) = which {
            worker.send(CHOOSE, which.as_bytes().to_vec());
            let ended = failed("its helper ended over the choice of the voice");
            self.answer(&worker, Instant::now() + SEARCH, voice).map_err(|missing| missing.or(ended))?;
        }
        self.worker = Some(worker);
        Ok(())
    }

    /// Waits until the helper says that it is done, noting what else it tells.
    fn answer(&mut self, worker: &Worker, deadline: Instant, voice: &str) -> Result<(), Missing> {
        let voice = voice.to_owned();
        let asked = Instant::now();
        loop {
            match worker.receive(deadline) {
                Ok((DONE, _)) if self.unanswered > 0 => self.unanswered -= 1,
                Ok((DONE, _)) => return Ok(()),
                Ok((PROBLEM, why)) => {
                    let reason = Text::clean(&String::from_utf8_lossy(&why)).as_str().to_owned();
                    return Err(Missing::Error(VoiceError::Failed { voice, reason }));
                }
                Ok((kind, body)) => self.note(kind, &body),
                Err(NoReply::Gone) => return Err(Missing::Gone),
                Err(NoReply::TooSlow) => {
                    let seconds = (deadline - asked).as_secs_f64().round() as u64;
                    return Err(Missing::Error(VoiceError::TooSlow { voice, seconds }));
                }
            }
        }
    }

    fn note(&mut self, kind: u8, body: &[u8]) {
        if body != self.serial.to_le_bytes() {
            return; // of an earlier speech that was stopped
        }
        match kind {
            BEGAN if self.heard == Heard::Nothing => self.heard = Heard::Began,
            ENDED => self.heard = Heard::Ended,
            _ => {}
        }
    }

    /// Takes in what the helper has told since.
    fn listen(&mut self, voice: &str) -> Result<(), VoiceError> {
        let failed = |reason: String| VoiceError::Failed { voice: voice.to_owned(), reason };
        let Some(worker) = self.worker.take() else { return Err(failed("its helper is gone".into())) };
        loop {
            match worker.receive(Instant::now()) {
                Ok((PROBLEM, why)) => return Err(failed(Text::clean(&String::from_utf8_lossy(&why)).to_string())),
                Ok((DONE, _)) => self.unanswered = self.unanswered.saturating_sub(1),
                Ok((kind, body)) => self.note(kind, &body),
                Err(NoReply::TooSlow) => break,
                Err(NoReply::Gone) => return Err(failed("its helper ended while it spoke".into())),
            }
        }
        let since = self.looked.elapsed();
        if self.unanswered > 0 && since > ANSWER {
            return Err(VoiceError::TooSlow { voice: voice.to_owned(), seconds: ANSWER.as_secs() });
        }
        if self.unanswered == 0 && self.heard == Heard::Began && since > LOOK {
            worker.send(PING, Vec::new());
            self.unanswered = 1;
            self.looked = Instant::now();
        }
        self.worker = Some(worker);
        Ok(())
    }

    fn give_up(&mut self, error: VoiceError) {
        self.broken = Some(error);
        self.hush();
        self.worker = None;
    }

    fn hush(&self) {
        if let Some(worker) = &self.worker {
            worker.send(STOP, Vec::new());
        }
    }
}

/// Why there is no answer.
enum Missing {
    Gone,
    Error(VoiceError),
}

impl Missing {
    fn or(self, gone: VoiceError) -> VoiceError {
        match self {
            Missing::Gone => gone,
            Missing::Error(error) => error,
        }
    }
}

/// A text that the system speaks.
struct SystemSpeech {
    link: Arc<Mutex<Link>>,
    voice: String,
    text: String,
    stage: Stage,
}

/// How far a speech is.
enum Stage {
    /// Not started.
    Waiting,
    /// Started, not heard yet; since then.
    Asked(Instant),
    /// Heard; until then at the latest.
    Sounding(Instant),
    Over,
    Failed(String),
}

impl SystemSpeech {
    fn look(&mut self) -> Stage {
        let now = Instant::now();
        let mut link = locked(&self.link);
        let trouble = link.broken.clone().or_else(|| link.listen(&self.voice).err());
        let error = match (&self.stage, trouble) {
            (_, Some(error)) => error,
            (&Stage::Asked(since), None) => match link.heard {
                Heard::Ended => return Stage::Over,
                Heard::Began => {
                    let count = u32::try_from(self.text.chars().count()).unwrap_or(u32::MAX);
                    return Stage::Sounding(now + SPEECH + PER_CHARACTER.saturating_mul(count));
                }
                Heard::Nothing if now < since + ANSWER => return Stage::Asked(since),
                Heard::Nothing => VoiceError::TooSlow { voice: self.voice.clone(), seconds: ANSWER.as_secs() },
            },
            (&Stage::Sounding(until), None) => match link.heard {
                Heard::Ended => return Stage::Over,
                _ if now < until => return Stage::Sounding(until),
                _ => VoiceError::Failed {
                    voice: self.voice.clone(),
                    reason: "it did not say that it had come to its end".into(),
                },
            },
            (Stage::Waiting | Stage::Over | Stage::Failed(_), None) => return Stage::Over,
        };
        if link.broken.is_none() {
            link.give_up(error.clone());
        }
        Stage::Failed(error.to_string())
    }
}

impl Speech for SystemSpeech {
    fn start(&mut self) {
        self.stop();
        let mut link = locked(&self.link);
        link.serial = link.serial.wrapping_add(1);
        link.heard = Heard::Nothing;
        let mut body = link.serial.to_le_bytes().to_vec();
        body.extend(self.text.as_bytes());
        if let Some(worker) = &link.worker {
            worker.send(SPEAK, body);
        }
        self.stage = Stage::Asked(Instant::now());
    }

    fn state(&mut self) -> Playing {
        if matches!(self.stage, Stage::Asked(_) | Stage::Sounding(_)) {
            self.stage = self.look();
        }
        match &self.stage {
            Stage::Waiting | Stage::Over => Playing::Idle,
            Stage::Asked(_) | Stage::Sounding(_) => Playing::Sounding,
            Stage::Failed(why) => Playing::Failed(why.clone()),
        }
    }

    fn stop(&mut self) {
        if matches!(self.stage, Stage::Asked(_) | Stage::Sounding(_)) {
            locked(&self.link).hush();
            self.stage = Stage::Over;
        }
    }
}

impl Drop for SystemSpeech {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The link; a panic elsewhere leaves nothing half done in it.
fn locked(link: &Mutex<Link>) -> MutexGuard<'_, Link> {
    link.lock().unwrap_or_else(PoisonError::into_inner)
}
