//! The body of the hidden command `greenroom voice-host KIND`: a native voice in a process of its own.
//!
//! Packets come on standard input and go to standard output; the process ends when its input does.

use std::io;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use super::pico::{self, Pico};
use super::timbre::{self, Accent, Timbre};
use super::{frame, sound};
use crate::interview::Text;
use crate::ports::Clip;

/// The largest request: the longest text, each character of four bytes, with room to spare.
const LARGEST_REQUEST: usize = 32 << 10;
/// How long a voice that is at work when its parent ends may still take.
const GRACE: Duration = Duration::from_secs(2);
/// More processor time than any session needs, in seconds; a voice that loops is stopped by it at last.
#[cfg(unix)]
const PROCESSOR_SECONDS: libc::rlim_t = 600;

/// Serves the voice `kind` until standard input ends.
///
/// # Errors
/// That there is no such voice.
pub fn serve(kind: &str) -> Result<(), String> {
    match kind {
        "built-in" => {
            limit();
            serve_pico(&requests());
            Ok(())
        }
        #[cfg(all(feature = "system-voice", any(target_os = "macos", target_os = "windows")))]
        "system" => super::system_host::serve(),
        _ => Err(format!(
            "voice-host is a helper that the program starts itself; there is no voice `{}` in it",
            Text::clean(kind)
        )),
    }
}

/// Answers each request in turn; all are for the speaker of the first.
fn serve_pico(requests: &Receiver<(u8, Vec<u8>)>) {
    let mut output = io::stdout().lock();
    let mut loaded: Option<(Accent, Pico)> = None;
    for (kind, body) in requests {
        let answer = answer(&mut loaded, kind, &body);
        let sent = match answer {
            Ok(None) => Ok(()),
            Ok(Some(clip)) => frame::write(&mut output, timbre::SOUND, &timbre::sound(clip.rate, &clip.samples)),
            Err(_) if kind == timbre::WARM => Ok(()), // it shows again when the first text comes
            Err(why) => frame::write(&mut output, timbre::REFUSED, why.as_bytes()),
        };
        if sent.is_err() {
            return;
        }
    }
}

/// What one request asks for.
fn answer(loaded: &mut Option<(Accent, Pico)>, kind: u8, body: &[u8]) -> Result<Option<Clip>, String> {
    let (timbre, text) = Timbre::read_request(body).ok_or("the request is not understood")?;
    let (accent, pico) = match loaded {
        Some(loaded) => loaded,
        None => loaded.insert((timbre.accent, Pico::new(timbre.accent)?)),
    };
    if *accent != timbre.accent {
        return Err(format!("this process speaks {} alone", accent.language()));
    }
    if kind == timbre::WARM {
        return Ok(None);
    }
    let samples = pico.speak(timbre.pitch, timbre.speed, text)?;
    Ok(Some(sound::finished(pico::RATE, samples)))
}

/// The requests, read beside the work: the end of the input is seen even while a voice hangs.
fn requests() -> Receiver<(u8, Vec<u8>)> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut input = io::stdin().lock();
        while let Ok(Some(packet)) = frame::read(&mut input, LARGEST_REQUEST) {
            if sender.send(packet).is_err() {
                return;
            }
        }
        drop(sender);
        thread::sleep(GRACE);
        std::process::exit(0);
    });
    receiver
}

/// Bounds what a broken voice can take from the machine.
fn limit() {
    #[cfg(unix)]
    for (resource, most) in [(libc::RLIMIT_CORE, 0), (libc::RLIMIT_CPU, PROCESSOR_SECONDS)] {
        let limit = libc::rlimit { rlim_cur: most, rlim_max: most };
        // SAFETY: a plain system call on a value that lives until it returns. If it is refused, the limit is not set
        // and nothing else changes.
        unsafe { libc::setrlimit(resource, &limit) };
    }
}
