//! A terminal that a program believes in: a pseudo-terminal with an emulator behind it.
//!
//! Knows nothing of greenroom. Nothing here waits for time to pass: it waits until the screen shows something.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, BorrowedFd, RawFd};
use std::path::Path;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{ChildKiller, CommandBuilder, ExitStatus, MasterPty, PtySize, SlavePty, native_pty_system};

/// How long something may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A program in a terminal.
pub struct Terminal {
    shared: Arc<Shared>,
    keyboard: Option<File>,
    master: Option<Box<dyn MasterPty + Send>>,
    // Held so that the modes can be read after the program has ended.
    slave: Option<Box<dyn SlavePty + Send>>,
    reader: Option<thread::JoinHandle<()>>,
    process: u32,
    killer: Box<dyn ChildKiller + Send + Sync>,
    ended: Receiver<ExitStatus>,
    before: Modes,
}

/// What a program left behind.
pub struct Left {
    /// Its exit status.
    pub status: u32,
    /// Every byte that it wrote.
    pub bytes: Vec<u8>,
    /// What stands on the screen.
    pub text: String,
    /// Whether the cursor is hidden.
    pub cursor_hidden: bool,
    /// Whether the whole screen is covered still.
    pub alternate: bool,
    /// The terminal's modes before the program, and now.
    pub modes: (Modes, Modes),
}

/// The modes of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Modes {
    input: u64,
    output: u64,
    local: u64,
}

/// What is on the screen at a moment.
pub struct Shown<'a>(&'a vt100::Screen);

struct Shared {
    seen: Mutex<Seen>,
    news: Condvar,
}

struct Seen {
    emulator: vt100::Parser,
    bytes: Vec<u8>,
    overflow: Option<String>,
    hung_up: bool,
}

impl Terminal {
    /// Starts a program in a terminal of so many columns and rows, with no environment but this.
    pub fn start(
        program: &Path,
        arguments: &[&str],
        environment: &[(&str, &str)],
        folder: &Path,
        size: (u16, u16),
    ) -> Terminal {
        Terminal::start_as(true, program, arguments, environment, folder, size)
    }

    /// Starts a program that gets no signal from its terminal.
    pub fn start_unsignalled(
        program: &Path,
        arguments: &[&str],
        environment: &[(&str, &str)],
        folder: &Path,
        size: (u16, u16),
    ) -> Terminal {
        Terminal::start_as(false, program, arguments, environment, folder, size)
    }

    fn start_as(
        controlled: bool,
        program: &Path,
        arguments: &[&str],
        environment: &[(&str, &str)],
        folder: &Path,
        (columns, rows): (u16, u16),
    ) -> Terminal {
        let pair = native_pty_system().openpty(size(columns, rows)).expect("the system has pseudo-terminals");
        let file = pair.master.as_raw_fd().expect("a pseudo-terminal is a file");
        let before = modes(file);
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.set_controlling_tty(controlled);
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env("PATH", "/usr/bin:/bin");
        for (name, value) in environment {
            command.env(name, value);
        }
        command.cwd(folder);
        let mut child = pair.slave.spawn_command(command).expect("the program starts");
        let (process, killer) = (child.process_id().expect("it was just started"), child.clone_killer());
        let (send, ended) = mpsc::channel();
        thread::spawn(move || {
            if let Ok(status) = child.wait() {
                let _ = send.send(status);
            }
        });
        let emulator = vt100::Parser::new(rows, columns, 0);
        let seen = Mutex::new(Seen { emulator, bytes: Vec::new(), overflow: None, hung_up: false });
        let shared = Arc::new(Shared { seen, news: Condvar::new() });
        let (screen, watched) = (duplicate(file), Arc::clone(&shared));
        let reader = thread::spawn(move || watch(screen, &watched));
        Terminal {
            shared,
            keyboard: Some(duplicate(file)),
            master: Some(pair.master),
            slave: Some(pair.slave),
            reader: Some(reader),
            process,
            killer,
            ended,
            before,
        }
    }

    /// Waits until the screen shows what is wanted, and gives what is made of it.
    #[track_caller]
    pub fn wait<T>(&self, what: &str, wanted: impl Fn(&Shown<'_>) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = self.seen();
        loop {
            if let Some(found) = wanted(&Shown(seen.emulator.screen())) {
                return found;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "not within {PATIENCE:?}: {what}\n{}", picture(seen.emulator.screen()));
            seen = self.shared.news.wait_timeout(seen, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Waits until the text is on the screen.
    #[track_caller]
    pub fn shows(&self, text: &str) {
        self.wait(text, |shown| shown.text().contains(text).then_some(()));
    }

    /// Waits until the status line begins with this.
    #[track_caller]
    pub fn status(&self, begins: &str) {
        self.wait(begins, |shown| shown.status().starts_with(begins).then_some(()));
    }

    /// What is on the screen now.
    pub fn now<T>(&self, look: impl Fn(&Shown<'_>) -> T) -> T {
        look(&Shown(self.seen().emulator.screen()))
    }

    /// The modes of the terminal now.
    pub fn modes(&self) -> Modes {
        modes(self.file())
    }

    /// Presses keys.
    pub fn press(&mut self, keys: &str) {
        let keyboard = self.keyboard.as_mut().expect("the terminal is there");
        keyboard.write_all(keys.as_bytes()).expect("the terminal takes keys");
    }

    /// Gives the terminal another size, as a person does who pulls at the window.
    ///
    /// What was drawn for the size before may stand over the edge for a moment, so that is forgotten.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.seen().emulator.screen_mut().set_size(rows, columns);
        self.master.as_ref().expect("the terminal is there").resize(size(columns, rows)).expect("it has a size");
    }

    /// Takes the terminal's size away without a word to the program's emulator.
    pub fn resize_silently(&mut self, columns: u16, rows: u16) {
        self.master.as_ref().expect("the terminal is there").resize(size(columns, rows)).expect("it has a size");
    }

    /// Forgets what was drawn beyond the width up to now.
    pub fn forgive(&self) {
        self.seen().overflow = None;
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: i32) {
        // SAFETY: kill only takes numbers; the process was started here, and its end has not been taken note of.
        assert_eq!(unsafe { libc::kill(self.process as i32, signal) }, 0, "the program runs");
    }

    /// Stops the terminal, as Ctrl-S does, and as a connection does that hangs; or lets it go on.
    pub fn stop(&self, stopped: bool) {
        let name = self.master.as_ref().and_then(|master| master.tty_name()).expect("a pseudo-terminal has a name");
        let mut options = File::options();
        std::os::unix::fs::OpenOptionsExt::custom_flags(options.read(true).write(true), libc::O_NOCTTY);
        let terminal = options.open(name).expect("the terminal is there");
        let action = if stopped { libc::TCOOFF } else { libc::TCOON };
        // SAFETY: the file is a terminal and stays open for the call.
        assert_eq!(unsafe { libc::tcflow(terminal.as_raw_fd(), action) }, 0, "the terminal can be stopped");
    }

    /// Closes the terminal, as a person does who closes the window, and gives the program's exit status.
    #[track_caller]
    pub fn hang_up(mut self) -> u32 {
        self.seen().hung_up = true;
        self.reader.take().expect("it is taken once").join().expect("the reader does not panic");
        (self.keyboard, self.master) = (None, None);
        self.exit().exit_code()
    }

    /// Waits for the end of the program.
    #[track_caller]
    pub fn end(mut self) -> Left {
        let status = self.exit().exit_code();
        let now = self.modes();
        // Without a program and without this the terminal has no other end, and the reader comes to one.
        self.slave = None;
        self.reader.take().expect("it is taken once").join().expect("the reader does not panic");
        let seen = self.seen();
        let screen = seen.emulator.screen();
        Left {
            status,
            bytes: seen.bytes.clone(),
            text: screen.contents(),
            cursor_hidden: screen.hide_cursor(),
            alternate: screen.alternate_screen(),
            modes: (self.before, now),
        }
    }

    /// Nothing was ever drawn beyond the width of the terminal.
    #[track_caller]
    pub fn stays_in_its_width(&self) {
        let overflow = self.seen().overflow.clone();
        if let Some(picture) = overflow {
            panic!("something was drawn beyond the width\n{picture}");
        }
    }

    #[track_caller]
    fn exit(&self) -> ExitStatus {
        match self.ended.recv_timeout(PATIENCE) {
            Ok(status) => status,
            Err(_) => panic!("the program does not end\n{}", picture(self.seen().emulator.screen())),
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.shared.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn file(&self) -> RawFd {
        self.master.as_ref().and_then(|master| master.as_raw_fd()).expect("the terminal is there")
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.killer.kill();
    }
}

impl Shown<'_> {
    /// The text of the whole screen.
    pub fn text(&self) -> String {
        self.0.contents()
    }

    /// The rows of the screen, without the blanks at their ends.
    pub fn rows(&self) -> Vec<String> {
        self.0.rows(0, self.0.size().1).map(|row| row.trim_end().to_owned()).collect()
    }

    /// The row on which the cursor stands.
    pub fn status(&self) -> String {
        self.rows().swap_remove(usize::from(self.0.cursor_position().0))
    }

    /// The background with which the row begins on which the cursor stands.
    pub fn background_of_status(&self) -> Option<vt100::Color> {
        self.0.cell(self.0.cursor_position().0, 0).map(vt100::Cell::bgcolor)
    }

    /// Whether something covers the whole screen, under which all is as it was.
    pub fn is_alternate(&self) -> bool {
        self.0.alternate_screen()
    }

    /// Whether the cursor is hidden.
    pub fn cursor_hidden(&self) -> bool {
        self.0.hide_cursor()
    }
}

impl Modes {
    /// Whether what is typed is shown.
    pub fn echo(&self) -> bool {
        self.local & u64::from(libc::ECHO) != 0
    }

    /// Whether what is typed comes line by line.
    pub fn canonical(&self) -> bool {
        self.local & u64::from(libc::ICANON) != 0
    }
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

fn duplicate(file: RawFd) -> File {
    // SAFETY: the file belongs to a pseudo-terminal that lives on while this borrows it.
    let file = unsafe { BorrowedFd::borrow_raw(file) };
    File::from(file.try_clone_to_owned().expect("a file can be opened twice"))
}

fn modes(file: RawFd) -> Modes {
    // SAFETY: a termios is plain numbers, and tcgetattr fills it in.
    let termios = unsafe {
        let mut termios: libc::termios = std::mem::zeroed();
        assert_eq!(libc::tcgetattr(file, &mut termios), 0, "a terminal has modes");
        termios
    };
    #[allow(clippy::useless_conversion, reason = "the numbers have other widths on other systems")]
    Modes { input: u64::from(termios.c_iflag), output: u64::from(termios.c_oflag), local: u64::from(termios.c_lflag) }
}

/// Hands everything that is drawn to the emulator, until the terminal has no other end or is hung up.
fn watch(mut screen: File, shared: &Shared) {
    let mut bytes = [0; 4096];
    loop {
        // A reader that waits holds the terminal open, so it looks up now and then whether that is to be closed.
        if !comes_within(&screen, Duration::from_millis(20)) {
            if shared.seen.lock().unwrap_or_else(PoisonError::into_inner).hung_up {
                return;
            }
            continue;
        }
        let count = match screen.read(&mut bytes) {
            Ok(0) => return,
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            // Nobody is at the other end any more.
            Err(_) => return,
        };
        let mut seen = shared.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.bytes.extend_from_slice(&bytes[..count]);
        // Looked at after every byte: what went over the edge may be overwritten by the next.
        for byte in &bytes[..count] {
            seen.emulator.process(std::slice::from_ref(byte));
            let screen = seen.emulator.screen();
            if (0..screen.size().0).any(|row| screen.row_wrapped(row)) {
                let picture = picture(screen);
                seen.overflow.get_or_insert(picture);
            }
        }
        shared.news.notify_all();
    }
}

/// Whether there is something to read, or to be told of, within this time.
fn comes_within(file: &File, patience: Duration) -> bool {
    let mut poll = libc::pollfd { fd: file.as_raw_fd(), events: libc::POLLIN, revents: 0 };
    // SAFETY: it is one pollfd, and the file is open.
    unsafe { libc::poll(&mut poll, 1, patience.as_millis() as i32) > 0 }
}

/// The screen, framed.
fn picture(screen: &vt100::Screen) -> String {
    let (_, columns) = screen.size();
    let edge = format!("+{}+\n", "-".repeat(usize::from(columns)));
    let mut picture = edge.clone();
    for row in screen.rows(0, columns) {
        picture += &format!("|{row}\n");
    }
    picture + &edge
}
