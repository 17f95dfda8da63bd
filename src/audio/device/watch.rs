//! Looks about twice a second which source this program records from.
//!
//! On a thread of its own, because the server may be the one that hangs. Judges nothing.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use super::pulse::{Server, Sight};

const EVERY: Duration = Duration::from_millis(500);

/// What was seen.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// When the look began.
    pub(super) at: Instant,
    /// Where the newest stream of this process records from; nothing where it has none.
    pub(super) sight: Option<Sight>,
}

/// A watch that ends when it is dropped.
pub(super) struct Watch {
    seen: Receiver<Seen>,
    _stop: Option<Sender<()>>,
}

impl Watch {
    /// Begins to look, where there may be a server to ask.
    pub(super) fn start(may_have_server: bool) -> Watch {
        let (tell, seen) = channel();
        if !may_have_server {
            return Watch { seen, _stop: None };
        }
        let (stop, stopped) = channel::<()>();
        std::thread::spawn(move || {
            let mut server = None;
            while stopped.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                if server.is_none() {
                    server = Server::connect().ok();
                }
                let at = Instant::now();
                match server.as_mut().map(Server::sight) {
                    Some(Ok(sight)) => _ = tell.send(Seen { at, sight }),
                    Some(Err(_)) => server = None,
                    None => {}
                }
            }
        });
        Watch { seen, _stop: Some(stop) }
    }

    /// What was seen since the last question, the oldest first.
    pub(super) fn news(&self) -> impl Iterator<Item = Seen> {
        self.seen.try_iter()
    }
}
