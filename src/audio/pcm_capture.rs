//! A microphone that is a stream of raw samples: a file, a named pipe or standard input.
//!
//! Signed 16-bit little-endian, mono, 48 kHz, from the start of the session to its end.
//! Reading may wait for ever on a pipe, so a thread of its own does it; one that still waits ends with the program.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

pub use super::input::InputError;
use super::pace::{Metronome, Pace};
use crate::interview::SampleRate;
use crate::interview::text;
use crate::ports::{Capture, Heard};

/// What is read at once, in bytes, where that much is there: 0.34 s.
const PACKET: usize = 1 << 15;

/// How many packets may wait; then the writer of the pipe has to.
const WAITING: usize = 16;

/// How far a stream that stood still may catch up: what the packets of a network call jitter by.
const BANK: Duration = Duration::from_millis(200);

/// How long a pipe may be without a writer before that is told.
const ALONE: Duration = Duration::from_secs(1);

/// A microphone that runs all the time.
pub struct PcmCapture {
    name: String,
    pace: Pace,
    metronome: Metronome,
    packets: Receiver<Packet>,
    pending: Vec<i16>,
    delivered: usize,
    ended: Option<String>,
    /// The stream could be opened: where it is a pipe, there is one who writes to it.
    open: bool,
    /// Since when nobody was there, where that is still to be said.
    alone: Option<Instant>,
}

enum Packet {
    Open,
    Samples(Vec<i16>),
    End(String),
}

impl PcmCapture {
    /// Opens a file, a named pipe, or standard input where the path is `-`; does not wait for the writer of a pipe.
    ///
    /// # Errors
    /// [`InputError`] where there is nothing, or something that is no stream of raw samples. What only shows when a
    /// pipe is opened ends the stream instead.
    pub fn open(path: &Path, pace: Pace) -> Result<PcmCapture, InputError> {
        if path == Path::new("-") {
            return PcmCapture::start("standard input".into(), pace, path, || Ok(io::stdin()));
        }
        let failed = |source| InputError::at(path.to_path_buf(), source);
        let metadata = fs::metadata(path).map_err(failed)?;
        if metadata.is_dir() {
            let reason = "is a folder: use wav: for a folder of WAV files";
            return Err(InputError::NotRaw { path: path.to_path_buf(), reason });
        }
        if metadata.is_file() {
            let mut file = File::open(path).map_err(failed)?;
            let mut start = Vec::new();
            file.by_ref().take(4).read_to_end(&mut start).map_err(failed)?;
            if start == b"RIFF" {
                let reason = "is a WAV file, not raw samples: use wav: in the place of pcm:";
                return Err(InputError::NotRaw { path: path.to_path_buf(), reason });
            }
            let stream = io::Cursor::new(start).chain(file);
            return PcmCapture::start(format!("the file {}", text::path(path)), pace, path, || Ok(stream));
        }
        let pipe = path.to_path_buf();
        PcmCapture::start(format!("the pipe {}", text::path(path)), pace, path, move || File::open(pipe))
    }

    fn start<R: Read>(
        name: String,
        pace: Pace,
        path: &Path,
        open: impl FnOnce() -> io::Result<R> + Send + 'static,
    ) -> Result<PcmCapture, InputError> {
        let (sender, packets) = mpsc::sync_channel(WAITING);
        let subject = name.clone();
        thread::Builder::new()
            .name("pcm-input".into())
            .spawn(move || {
                let opened = open().inspect(|_| {
                    // Whether anybody listens shows with the first samples.
                    let _ = sender.send(Packet::Open);
                });
                let end = match opened.and_then(|stream| forward(stream, &sender)) {
                    Ok(()) => format!("{subject} has ended"),
                    Err(error) => format!("{subject} cannot be read: {error}"),
                };
                let _ = sender.send(Packet::End(end));
            })
            .map_err(|source| InputError::at(path.to_path_buf(), source))?;
        let metronome = Metronome::new(pace, SampleRate::STANDARD);
        Ok(PcmCapture {
            name,
            pace,
            metronome,
            packets,
            pending: Vec::new(),
            delivered: 0,
            ended: None,
            open: false,
            alone: Some(Instant::now()),
        })
    }

    fn has_samples(&self) -> bool {
        self.delivered < self.pending.len()
    }

    /// Waits for the next samples, and takes with them what else is there: a writer may give them one by one. False
    /// where none came in time or none will.
    fn await_samples(&mut self, patience: Duration) -> bool {
        self.pending.clear();
        self.delivered = 0;
        while self.ended.is_none() && self.pending.len() < PACKET / 2 {
            let patience = if self.has_samples() { Duration::ZERO } else { patience };
            match self.packets.recv_timeout(patience) {
                Ok(Packet::Samples(samples)) => self.pending.extend(samples),
                Ok(Packet::Open) => self.open = true,
                Ok(Packet::End(why)) => self.ended = Some(why),
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => self.ended = Some(format!("{} has ended", self.name)),
            }
        }
        self.has_samples()
    }

    /// Says once that nobody has come yet to write to a pipe.
    fn notice(&mut self) -> Heard {
        let unsaid = self.alone.filter(|since| !self.open && since.elapsed() >= ALONE);
        if unsaid.is_none() {
            return Heard::Nothing;
        }
        self.alone = None;
        Heard::Notice(format!("Nothing writes to {} yet: the session waits until something does.", self.name))
    }
}

impl Capture for PcmCapture {
    fn rate(&self) -> SampleRate {
        SampleRate::STANDARD
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn read(&mut self, block: &mut Vec<i16>, most: usize, patience: Duration) -> Heard {
        let called = Instant::now();
        let before = block.len();
        if let Some(why) = self.ended.as_ref().filter(|_| !self.has_samples()) {
            return Heard::Ended(why.clone());
        }
        if !self.has_samples() && !self.await_samples(Duration::ZERO) {
            let came = self.ended.is_none() && self.await_samples(patience);
            self.metronome.forgive(BANK);
            if !came {
                return self.ended.clone().map_or_else(|| self.notice(), Heard::Ended);
            }
        }
        loop {
            let wanted = (self.pending.len() - self.delivered).min(most - (block.len() - before));
            let granted = self.metronome.wait(wanted, patience.saturating_sub(called.elapsed()));
            block.extend_from_slice(&self.pending[self.delivered..self.delivered + granted]);
            self.delivered += granted;
            // A block goes over into the next packet where that is there already and time does not matter.
            let full = block.len() - before == most || self.has_samples();
            if full || self.pace == Pace::RealTime || !self.await_samples(Duration::ZERO) {
                break;
            }
        }
        if block.len() == before && most > 0 { Heard::Nothing } else { Heard::Frames { dropped: 0 } }
    }
}

/// Reads to the end of the stream, and hands on the samples.
fn forward(mut stream: impl Read, sender: &SyncSender<Packet>) -> io::Result<()> {
    let mut bytes = vec![0; PACKET];
    // A packet may end in the middle of a sample: its first byte waits at the front for the second.
    let mut odd = 0;
    loop {
        let count = match stream.read(&mut bytes[odd..]) {
            Ok(0) => return Ok(()),
            Ok(count) => count + odd,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let samples: Vec<i16> = bytes[..count].chunks_exact(2).map(|b| i16::from_le_bytes([b[0], b[1]])).collect();
        odd = count % 2;
        bytes[0] = bytes[count - 1];
        if !samples.is_empty() && sender.send(Packet::Samples(samples)).is_err() {
            return Ok(());
        }
    }
}

#[cfg(test)]
#[path = "pcm_capture_tests.rs"]
mod tests;
