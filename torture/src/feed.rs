//! The microphone of most tortures: a named pipe into which the known sound flows in real time.

use std::ffi::CString;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::sequence::{RATE, bytes};

/// How often something is written.
const TICK: Duration = Duration::from_millis(10);
/// A feeder that was kept from its work for longer goes on from there: a microphone does not catch up.
const LATE: Duration = Duration::from_millis(40);

/// A pipe, and who writes into it.
pub struct Feed {
    /// The pipe.
    pub path: PathBuf,
    pipe: Arc<Mutex<Written>>,
    stop: Arc<AtomicBool>,
    feeder: Option<JoinHandle<()>>,
}

struct Written {
    pipe: File,
    bytes: u64,
}

impl Feed {
    /// Makes the pipe; nothing flows yet.
    pub fn new(path: PathBuf) -> io::Result<Feed> {
        let name = CString::new(path.as_os_str().as_bytes())?;
        // SAFETY: the name is a string that ends with a zero, and lives through the call.
        if unsafe { libc::mkfifo(name.as_ptr(), 0o600) } != 0 {
            return Err(io::Error::last_os_error());
        }
        // Open for both, so that what the program has not read stays to be counted after its end.
        let pipe = OpenOptions::new().read(true).write(true).custom_flags(libc::O_NONBLOCK).open(&path)?;
        Ok(Feed {
            path,
            pipe: Arc::new(Mutex::new(Written { pipe, bytes: 0 })),
            stop: Arc::new(AtomicBool::new(false)),
            feeder: None,
        })
    }

    /// Lets the sound flow, from its beginning.
    pub fn flow(&mut self) {
        let (pipe, stop) = (Arc::clone(&self.pipe), Arc::clone(&self.stop));
        self.feeder = Some(thread::spawn(move || feed(&pipe, &stop)));
    }

    /// How many samples the program has taken out of the pipe.
    pub fn taken(&self) -> u64 {
        let written = self.pipe.lock().expect("nobody panics while it is held");
        let mut waiting: libc::c_int = 0;
        // SAFETY: the descriptor is open as long as the guard is held, and the number is there to be written to.
        unsafe { libc::ioctl(written.pipe.as_raw_fd(), libc::FIONREAD, &mut waiting) };
        (written.bytes - waiting as u64) / 2
    }

    /// Stops the flow.
    pub fn stop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(feeder) = self.feeder.take() {
            let _ = feeder.join();
        }
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.stop();
    }
}

fn feed(pipe: &Mutex<Written>, stop: &AtomicBool) {
    let mut began = Instant::now();
    let mut due = 0;
    let mut next = Vec::new();
    while !stop.load(Ordering::SeqCst) {
        let now = (began.elapsed().as_secs_f64() * RATE as f64) as u64;
        let late = Duration::from_secs_f64(now.saturating_sub(due) as f64 / RATE as f64);
        if late > TICK + LATE {
            began += late - TICK;
        }
        let now = (began.elapsed().as_secs_f64() * RATE as f64) as u64;
        next.extend(bytes(due, now));
        due = due.max(now);
        {
            let mut written = pipe.lock().expect("nobody panics while it is held");
            while !next.is_empty() {
                match written.pipe.write(&next) {
                    Ok(count) => {
                        written.bytes += count as u64;
                        next.drain(..count);
                    }
                    // A full pipe: what is left goes with the next tick.
                    Err(_) => break,
                }
            }
        }
        thread::sleep(TICK);
    }
}

/// Writes the first seconds of the sound into a file, for sessions that run as fast as they can.
pub fn answers(path: &Path, seconds: u64) -> io::Result<()> {
    std::fs::write(path, bytes(0, seconds * RATE))
}
