//! Looks which source this program records from: about twice a second, and at once when the server moves a stream.
//!
//! On threads of its own, because the server may be the one that hangs. Judges nothing.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::gate::Gate;
use super::pulse::{HangUp, Server, Sight};

const EVERY: Duration = Duration::from_millis(500);

/// What was seen.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// When the look began.
    pub(super) at: Instant,
    /// Where the newest stream of this process records from; nothing where it has none.
    pub(super) sight: Option<Sight>,
}

/// The gate that is shut on an alarm.
type Guarded = Arc<Mutex<Option<Arc<Gate>>>>;

enum Order {
    Look,
    Stop,
}

/// A watch that ends when it is dropped.
pub(super) struct Watch {
    seen: Receiver<Seen>,
    orders: Option<Sender<Order>>,
    guarded: Guarded,
}

impl Watch {
    /// Begins to look, where there may be a server to ask.
    pub(super) fn start(may_have_server: bool) -> Watch {
        let (tell, seen) = channel();
        let guarded = Guarded::default();
        if !may_have_server {
            return Watch { seen, orders: None, guarded };
        }
        let (order, orders) = channel();
        let watch = Watch { seen, orders: Some(order.clone()), guarded: Arc::clone(&guarded) };
        std::thread::spawn(move || {
            let mut server = None;
            loop {
                match orders.recv_timeout(EVERY) {
                    Ok(Order::Look) | Err(RecvTimeoutError::Timeout) => {}
                    Ok(Order::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                }
                if server.is_none() {
                    server = Server::connect().ok().map(|server| (server, alarm(&guarded, &order)));
                }
                let at = Instant::now();
                match server.as_mut().map(|(server, _)| server.sight()) {
                    Some(Ok(sight)) => _ = tell.send(Seen { at, sight }),
                    Some(Err(_)) => server = None,
                    None => {}
                }
            }
        });
        watch
    }

    /// Shuts this gate when a stream may have been moved; none where none is given.
    pub(super) fn guard(&self, gate: Option<Arc<Gate>>) {
        *self.guarded.lock().unwrap_or_else(PoisonError::into_inner) = gate;
    }

    /// What was seen since the last question, the oldest first.
    pub(super) fn news(&self) -> impl Iterator<Item = Seen> {
        self.seen.try_iter()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(orders) = &self.orders {
            let _ = orders.send(Order::Stop);
        }
    }
}

/// Shuts the gate and orders a look when a stream may have been moved, as long as what is returned is kept.
fn alarm(guarded: &Guarded, order: &Sender<Order>) -> Option<HangUp> {
    // Without these news there is still a look twice a second.
    let mut moves = Server::connect().ok()?.tell_moves().ok()?;
    let hang_up = moves.hang_up()?;
    let (guarded, order) = (Arc::clone(guarded), order.clone());
    std::thread::spawn(move || {
        while moves.wait().is_some() {
            if let Some(gate) = &*guarded.lock().unwrap_or_else(PoisonError::into_inner) {
                gate.shut(Instant::now());
            }
            if order.send(Order::Look).is_err() {
                return;
            }
        }
    });
    Some(hang_up)
}
