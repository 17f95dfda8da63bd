//! A voice's helper process that lives on: packets go in, packets come out, and nothing of it can hold the caller up.
//!
//! Knows nothing of what the packets mean.

use std::io;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use super::frame;
use super::process;

/// How long a helper may take to end by itself.
const FAREWELL: Duration = Duration::from_millis(400);

/// A running helper process. Dropping it ends the process and reaps it.
pub struct Worker {
    child: Child,
    requests: Option<Sender<(u8, Vec<u8>)>>,
    replies: Receiver<(u8, Vec<u8>)>,
}

/// Why there is no packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoReply {
    /// The time is over; the process still runs.
    TooSlow,
    /// The process ended or sent nonsense.
    Gone,
}

impl Worker {
    /// Starts the program, out of the reach of the terminal's Ctrl-C and with its complaints going nowhere.
    ///
    /// # Errors
    /// Why the program does not start.
    pub fn start(mut command: Command, largest_reply: usize) -> io::Result<Worker> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        process::stand_alone(&mut command);
        let mut child = command.spawn()?;
        let mut input = child.stdin.take().expect("standard input was asked to be a pipe");
        let mut output = child.stdout.take().expect("standard output was asked to be a pipe");
        // Both pipes are served by threads: a helper that neither reads nor writes then blocks them, not the session.
        let (requests, to_write) = mpsc::channel::<(u8, Vec<u8>)>();
        thread::spawn(move || {
            for (kind, body) in to_write {
                if frame::write(&mut input, kind, &body).is_err() {
                    break;
                }
            }
        });
        let (read, replies) = mpsc::channel();
        thread::spawn(move || {
            while let Ok(Some(packet)) = frame::read(&mut output, largest_reply) {
                if read.send(packet).is_err() {
                    break;
                }
            }
        });
        Ok(Worker { child, requests: Some(requests), replies })
    }

    /// Sends a packet; whether it arrives shows in the reply.
    pub fn send(&self, kind: u8, body: Vec<u8>) {
        if let Some(requests) = &self.requests {
            // The thread is gone when the process is; the missing reply says so.
            let _ = requests.send((kind, body));
        }
    }

    /// Waits for the next packet until `deadline`.
    ///
    /// # Errors
    /// Why there is none.
    pub fn receive(&self, deadline: Instant) -> Result<(u8, Vec<u8>), NoReply> {
        self.replies.recv_timeout(deadline.saturating_duration_since(Instant::now())).map_err(|error| match error {
            RecvTimeoutError::Timeout => NoReply::TooSlow,
            RecvTimeoutError::Disconnected => NoReply::Gone,
        })
    }

    /// Ends the process at once: it hangs.
    pub fn kill(mut self) {
        process::end(&mut self.child);
    }

    /// The process's number, for tests that look whether it is gone.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // The end of its input is the sign to tidy up and go.
        self.requests = None;
        process::settle(&mut self.child, Instant::now() + FAREWELL);
        process::end(&mut self.child);
    }
}
