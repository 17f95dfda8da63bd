//! The terminal in raw mode, and back again whatever happens.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, Once, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use crossterm::{cursor, execute, terminal};

static RAW: AtomicBool = AtomicBool::new(false);

/// Something covers the whole screen.
static COVERED: AtomicBool = AtomicBool::new(false);

/// Who draws, and whether anybody still may.
static DRAWING: Mutex<Drawing> = Mutex::new(Drawing { given_back: false, under_way: false });

/// The end of a drawing that was under way.
static DRAWN: Condvar = Condvar::new();

/// How long a drawing that is under way is waited for, before the terminal is brought back in the middle of it.
const PATIENCE: Duration = Duration::from_millis(200);

struct Drawing {
    /// The terminal was brought back: nobody draws on it any more.
    given_back: bool,
    under_way: bool,
}

fn drawing() -> MutexGuard<'static, Drawing> {
    DRAWING.lock().unwrap_or_else(PoisonError::into_inner)
}

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
        drawing().given_back = false;
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

/// Draws, unless the terminal was brought back; whether it was drawn. One thread draws at a time.
pub(super) fn unless_given_back(draw: impl FnOnce() -> bool) -> bool {
    {
        let mut drawing = drawing();
        if drawing.given_back {
            return false;
        }
        drawing.under_way = true;
    }
    let drawn = draw();
    drawing().under_way = false;
    DRAWN.notify_all();
    drawn
}

/// Brings the terminal back if it is in raw mode.
pub fn restore() {
    if RAW.swap(false, Ordering::SeqCst) {
        let mut drawing = drawing();
        drawing.given_back = true;
        // What is being drawn comes before, unless the terminal does not take it.
        drop(DRAWN.wait_timeout_while(drawing, PATIENCE, |drawing| drawing.under_way));
        let _ = terminal::disable_raw_mode();
        let mut err = io::stderr();
        if COVERED.swap(false, Ordering::SeqCst) {
            let _ = execute!(err, terminal::LeaveAlternateScreen);
        }
        let _ = execute!(err, cursor::Show);
        let _ = err.flush();
    }
}
