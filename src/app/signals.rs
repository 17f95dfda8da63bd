//! The wish of the system that the program should end.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

static ASKED: AtomicBool = AtomicBool::new(false);

/// How long the program may take to save and leave; a disk or a device that hangs must not keep it.
const LEAVES_WITHIN: Duration = Duration::from_millis(2_700);

/// How long a terminal may take to be brought back.
const RESTORES_WITHIN: Duration = Duration::from_millis(200);

/// From now on an interrupt, a request to terminate and a closed terminal end the session and save it.
///
/// Where that takes longer than [`LEAVES_WITHIN`], the program ends all the same: what it recorded is on the disk then,
/// and is put in order when it is next looked at.
pub fn watch() {
    // Fails only where a handler is set already, which is this one.
    let _ = ctrlc::set_handler(ask);
}

/// Asks the program to end: the signal of Ctrl-C, which is a key in a raw terminal. Asking again changes nothing.
pub fn ask() {
    if ASKED.swap(true, Ordering::SeqCst) {
        return;
    }
    let watchman = || {
        thread::sleep(LEAVES_WITHIN);
        // A terminal that takes nothing any more must not keep it either.
        let (tell, restored) = mpsc::channel::<()>();
        let _ = thread::Builder::new().name("restore".into()).spawn(move || {
            crate::tui::terminal::restore();
            drop(tell);
        });
        let _ = restored.recv_timeout(RESTORES_WITHIN);
        std::process::exit(130);
    };
    // Without it the program waits for what hangs, as long as that takes.
    let _ = thread::Builder::new().name("leave".into()).spawn(watchman);
}

/// From now on a file that may not grow any more is an error of the write, which is told, and not the end of the program.
///
/// For the start of the program: every command that reads a session may have to repair it.
#[cfg(unix)]
pub fn outlive_size_limit() {
    // SAFETY: ignoring a signal installs no handler and touches no memory.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
}

/// Elsewhere it is an error as it stands.
#[cfg(not(unix))]
pub fn outlive_size_limit() {}

/// Whether the program was asked to end.
pub fn asked() -> bool {
    ASKED.load(Ordering::SeqCst)
}
