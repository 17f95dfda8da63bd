//! The wish of the system that the program should end.

use std::sync::atomic::{AtomicU32, Ordering};

static ASKED: AtomicU32 = AtomicU32::new(0);

/// From now on an interrupt, a request to terminate and a closed terminal end the session and save it; a second one
/// ends the program at once.
pub fn watch() {
    // Fails only where a handler is set already, which is this one.
    let _ = ctrlc::set_handler(ask);
}

/// Asks the program to end, and the second time ends it: the signal of Ctrl-C, which is a key in a raw terminal.
pub fn ask() {
    if ASKED.fetch_add(1, Ordering::SeqCst) > 0 {
        crate::tui::terminal::restore();
        std::process::exit(130);
    }
}

/// From now on a file that may not grow any more is an error of the write, which is told, and not the end of the program.
///
/// For the start of the program: every command that reads a session may have to repair it.
#[cfg(unix)]
pub fn ignore_size_limit() {
    // SAFETY: ignoring a signal installs no handler and touches no memory.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
}

/// Elsewhere there is no such signal.
#[cfg(not(unix))]
pub fn ignore_size_limit() {}

/// Whether the program was asked to end.
pub fn asked() -> bool {
    ASKED.load(Ordering::SeqCst) > 0
}
