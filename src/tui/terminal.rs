//! The terminal in raw mode, and back again whatever happens.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once, PoisonError};
use std::thread::{self, ThreadId};

use crossterm::{cursor, execute, terminal};

static RAW: AtomicBool = AtomicBool::new(false);

/// Something covers the whole screen.
static COVERED: AtomicBool = AtomicBool::new(false);

/// The terminal was brought back: nobody draws on it any more.
static GIVEN_BACK: AtomicBool = AtomicBool::new(false);

static OWNER: Mutex<Option<ThreadId>> = Mutex::new(None);

/// The thread that put the terminal in raw mode.
fn owner() -> Option<ThreadId> {
    *OWNER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The terminal in raw mode; dropping it, a panic and [`restore`] bring it back.
pub struct RawTerminal(());

impl RawTerminal {
    /// Switches to raw mode: keys come one by one and are not echoed.
    ///
    /// # Errors
    /// Where there is no terminal.
    pub fn enter() -> io::Result<RawTerminal> {
        static HOOK: Once = Once::new();
        HOOK.call_once(|| {
            let before = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |info| {
                // The session goes on when a helping thread has failed, and needs its terminal.
                if owner().is_some_and(|owner| owner == thread::current().id()) {
                    restore();
                }
                before(info);
            }));
        });
        terminal::enable_raw_mode()?;
        *OWNER.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread::current().id());
        RAW.store(true, Ordering::SeqCst);
        GIVEN_BACK.store(false, Ordering::SeqCst);
        // From here on it is brought back, even if the cursor cannot be hidden.
        let raw = RawTerminal(());
        execute!(io::stderr(), cursor::Hide)?;
        Ok(raw)
    }
}

impl Drop for RawTerminal {
    fn drop(&mut self) {
        restore();
    }
}

/// Remembers that something covers the whole screen, or does no longer.
pub(super) fn covers(covered: bool) {
    COVERED.store(covered, Ordering::SeqCst);
}

/// Whether the terminal was brought back, and nobody is to draw on it.
pub(super) fn is_given_back() -> bool {
    GIVEN_BACK.load(Ordering::SeqCst)
}

/// Brings the terminal back if it is in raw mode.
pub fn restore() {
    if RAW.swap(false, Ordering::SeqCst) {
        GIVEN_BACK.store(true, Ordering::SeqCst);
        let _ = terminal::disable_raw_mode();
        let mut err = io::stderr();
        if COVERED.swap(false, Ordering::SeqCst) {
            let _ = execute!(err, terminal::LeaveAlternateScreen);
        }
        let _ = execute!(err, cursor::Show);
        let _ = err.flush();
    }
}
