//! Writing to a terminal that may not take what is written: one that was stopped, or a connection that hangs.
//!
//! A thread waits for the terminal, so that whoever writes never does. What a terminal has not taken for too long is not
//! shown: the session goes on, and what it records is kept elsewhere.

use std::io::{self, Write};
use std::sync::mpsc::{self, Receiver, SyncSender, TrySendError};
use std::thread;
use std::time::Duration;

/// How many pieces may wait: a minute of a status that is drawn ten times a second, and the lines of a long session.
const WAITING: usize = 600;

/// How long the end waits for the terminal to take the rest.
const FAREWELL: Duration = Duration::from_millis(500);

/// A writer that never waits.
pub struct Relay {
    send: Option<SyncSender<Vec<u8>>>,
    over: Receiver<()>,
}

impl Relay {
    /// Hands on to `out` what is written.
    pub fn to(mut out: impl Write + Send + 'static) -> Relay {
        let (send, pieces) = mpsc::sync_channel::<Vec<u8>>(WAITING);
        let (tell, over) = mpsc::channel();
        thread::spawn(move || {
            for piece in pieces {
                // A terminal that has gone away does not end what runs.
                let _ = out.write_all(&piece).and_then(|()| out.flush());
            }
            drop(tell);
        });
        Relay { send: Some(send), over }
    }
}

impl Write for Relay {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(send) = &self.send else { return Err(io::ErrorKind::BrokenPipe.into()) };
        match send.try_send(bytes.to_vec()) {
            Ok(()) => Ok(bytes.len()),
            Err(TrySendError::Full(_)) => Err(io::ErrorKind::WouldBlock.into()),
            Err(TrySendError::Disconnected(_)) => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Relay {
    /// Waits a moment until all is written.
    fn drop(&mut self) {
        self.send = None;
        let _ = self.over.recv_timeout(FAREWELL);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn all_that_was_written_is_there_at_the_end() {
        let shared = Shared::default();
        let mut relay = Relay::to(shared.clone());
        let mut expected = Vec::new();
        for line in 0..100 {
            let line = format!("line {line}\n");
            relay.write_all(line.as_bytes()).unwrap();
            expected.extend_from_slice(line.as_bytes());
        }
        drop(relay);
        assert_eq!(*shared.0.lock().unwrap(), expected);
    }

    #[test]
    fn a_terminal_that_takes_nothing_holds_nobody_up() {
        let shared = Shared::default();
        let stopped = shared.0.lock().unwrap();
        let mut relay = Relay::to(shared.clone());
        let refused = (0..WAITING + 10).filter(|_| relay.write_all(b"a line\n").is_err()).count();
        assert!(refused >= 9, "{refused}");
        drop(relay);
        drop(stopped);
    }
}
