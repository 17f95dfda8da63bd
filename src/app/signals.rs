//! The wish of the system that the program should end.

use std::sync::atomic::{AtomicU32, Ordering};

static ASKED: AtomicU32 = AtomicU32::new(0);

/// From now on an interrupt, a request to terminate and a closed terminal end the session and save it; a second one
/// ends the program at once.
pub fn watch() {
    // Fails only where a handler is set already, which is this one.
    let _ = ctrlc::set_handler(|| {
        if ASKED.fetch_add(1, Ordering::SeqCst) > 0 {
            crate::tui::terminal::restore();
            std::process::exit(130);
        }
    });
}

/// Whether the program was asked to end.
pub fn asked() -> bool {
    ASKED.load(Ordering::SeqCst) > 0
}
