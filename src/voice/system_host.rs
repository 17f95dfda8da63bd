//! The process in which the system's speech service is reached through the crate `tts`.
//!
//! On macOS and Windows it is a hidden command of the program; on Linux a program of its own, because it links
//! libspeechd. It knows nothing of deadlines: whoever started it stops it when it hangs.

use std::io;
use std::process::ExitCode;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use tts::{Tts, UtteranceId};

use super::frame;
use super::system_packets::{
    BEGAN, CHOOSE, DONE, ENDED, Gender, LIST, LISTED, OPEN, PING, PROBLEM, SPEAK, STOP, SystemVoice, listed,
};

/// The largest request, in bytes.
const LARGEST: usize = 32 << 10;
/// How often the system is given time to tell where it stands, where it needs to be given any.
const TICK: Duration = Duration::from_millis(20);
/// How long a service that hangs is waited for after the end of the input.
const GRACE: Duration = Duration::from_secs(1);

/// What to do where there is no connection.
const REMEDY: &str = if cfg!(target_os = "linux") {
    "; see whether `spd-say hello` speaks (Debian and Ubuntu: sudo apt install speech-dispatcher)"
} else {
    ""
};

/// What comes to the loop: from the program that started it, or from the speech service.
enum Input {
    Packet(u8, Vec<u8>),
    Closed,
    Began(String),
    Over(String),
}

/// Serves until standard input ends, and stops the speech then.
pub fn serve() -> ExitCode {
    let (sender, inputs) = mpsc::channel();
    let requests = sender.clone();
    thread::spawn(move || read_requests(&requests));
    let mut service = Service { tts: None, current: None, sender };
    loop {
        let input = match inputs.recv_timeout(TICK) {
            Ok(input) => input,
            Err(RecvTimeoutError::Timeout) => {
                give_time();
                continue;
            }
            Err(RecvTimeoutError::Disconnected) => return ExitCode::SUCCESS,
        };
        match service.take(input) {
            Ok(Some((kind, body))) => {
                if frame::write(&mut io::stdout().lock(), kind, &body).is_err() {
                    break;
                }
            }
            Ok(None) => {}
            Err(Closed) => break,
        }
    }
    service.hush();
    // The crate panics when the service tells that the speech was stopped while its own side is being dropped.
    std::mem::forget(service);
    ExitCode::SUCCESS
}

/// Reads beside the loop, so that the end of the input is seen even while the service hangs.
fn read_requests(to: &Sender<Input>) {
    let mut input = io::stdin().lock();
    while let Ok(Some((kind, body))) = frame::read(&mut input, LARGEST) {
        if to.send(Input::Packet(kind, body)).is_err() {
            return;
        }
    }
    let _ = to.send(Input::Closed);
    thread::sleep(GRACE);
    std::process::exit(0);
}

struct Closed;

struct Service {
    tts: Option<Tts>,
    /// The speech that was asked for last: its serial number and the service's own name for it.
    current: Option<([u8; 4], String)>,
    sender: Sender<Input>,
}

impl Service {
    fn take(&mut self, input: Input) -> Result<Option<(u8, Vec<u8>)>, Closed> {
        let done = |result: Result<(), String>| match result {
            Ok(()) => (DONE, Vec::new()),
            Err(why) => (PROBLEM, why.into_bytes()),
        };
        Ok(match input {
            Input::Closed => return Err(Closed),
            Input::Packet(OPEN, _) => Some(done(self.open())),
            Input::Packet(CHOOSE, name) => Some(done(self.choose(&String::from_utf8_lossy(&name)))),
            Input::Packet(LIST, _) => {
                Some(self.list().map_or_else(|why| (PROBLEM, why.into_bytes()), |body| (LISTED, body)))
            }
            Input::Packet(PING, _) => Some(done(self.ping())),
            Input::Packet(SPEAK, body) => self.speak(&body).err().map(|why| (PROBLEM, why.into_bytes())),
            Input::Packet(STOP, _) => {
                self.hush();
                None
            }
            Input::Packet(..) => None,
            Input::Began(id) => self.serial_of(&id).map(|serial| (BEGAN, serial)),
            Input::Over(id) => self.serial_of(&id).map(|serial| (ENDED, serial)),
        })
    }

    fn open(&mut self) -> Result<(), String> {
        let tts = Tts::default().map_err(|error| format!("{error}{REMEDY}"))?;
        // The callbacks run under locks of the crate: they hand over and return.
        let tell = |make: fn(String) -> Input| -> Option<Box<dyn FnMut(UtteranceId)>> {
            let sender = self.sender.clone();
            Some(Box::new(move |id| {
                let _ = sender.send(make(name(&id)));
            }))
        };
        let wired = tts
            .on_utterance_begin(tell(Input::Began))
            .and_then(|()| tts.on_utterance_end(tell(Input::Over)))
            .and_then(|()| tts.on_utterance_stop(tell(Input::Over)));
        wired.map_err(|error| format!("it does not tell when it has spoken: {error}"))?;
        self.tts = Some(tts);
        Ok(())
    }

    fn tts(&mut self) -> Result<&mut Tts, String> {
        self.tts.as_mut().ok_or_else(|| "the service is not connected".to_owned())
    }

    fn choose(&mut self, wanted: &str) -> Result<(), String> {
        let tts = self.tts()?;
        let voices = tts.voices().map_err(|error| error.to_string())?;
        let voice = voices
            .iter()
            .find(|voice| voice.name() == wanted || voice.id() == wanted)
            .or_else(|| voices.iter().find(|voice| voice.name().eq_ignore_ascii_case(wanted)))
            .ok_or_else(|| format!("it has no voice of the name {wanted}"))?;
        tts.set_voice(voice).map_err(|error| error.to_string())
    }

    fn list(&mut self) -> Result<Vec<u8>, String> {
        let voices = self.tts()?.voices().map_err(|error| error.to_string())?;
        Ok(listed(voices.iter().map(|voice| SystemVoice {
            id: voice.id(),
            name: voice.name(),
            language: voice.language().into_inner(),
            gender: voice.gender().map(|gender| match gender {
                tts::Gender::Female => Gender::Female,
                tts::Gender::Male => Gender::Male,
            }),
        })))
    }

    /// Asks for something that goes to the service and back and changes nothing.
    fn ping(&mut self) -> Result<(), String> {
        self.tts()?.get_rate().map(|_| ()).map_err(|error| error.to_string())
    }

    fn speak(&mut self, body: &[u8]) -> Result<(), String> {
        let (serial, text) = body.split_first_chunk::<4>().ok_or("the request is cut short")?;
        let text = String::from_utf8_lossy(text);
        // An empty text makes the service hang, a NUL aborts the process.
        if text.trim().is_empty() || text.contains('\0') {
            return Err("there is nothing to speak".into());
        }
        let id = self.tts()?.speak(text, false).map_err(|error| error.to_string())?;
        self.current = id.map(|id| (*serial, name(&id)));
        Ok(())
    }

    fn hush(&mut self) {
        if self.current.take().is_some()
            && let Some(tts) = &mut self.tts
        {
            let _ = tts.stop();
        }
    }

    fn serial_of(&self, id: &str) -> Option<Vec<u8>> {
        self.current.as_ref().filter(|(_, current)| current == id).map(|(serial, _)| serial.to_vec())
    }
}

/// The service's name for a speech; the type itself compares on some systems only.
fn name(id: &UtteranceId) -> String {
    format!("{id:?}")
}

/// macOS tells where its speech stands through the run loop of the main thread.
#[cfg(target_os = "macos")]
fn give_time() {
    use std::ffi::c_void;
    #[link(name = "CoreFoundation", kind = "framework")]
    unsafe extern "C" {
        static kCFRunLoopDefaultMode: *const c_void;
        fn CFRunLoopRunInMode(mode: *const c_void, seconds: f64, return_after_one: u8) -> i32;
    }
    // SAFETY: the documented call on the thread's own run loop, with a mode that the framework itself provides.
    unsafe { CFRunLoopRunInMode(kCFRunLoopDefaultMode, 0.01, 0) };
}

#[cfg(not(target_os = "macos"))]
fn give_time() {}
