//! Other programs, run so that they cannot hold the session up: never through a shell, never with a terminal, never
//! longer than their time, never left behind.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// How often a process that has closed its output is asked whether it has ended.
const POLL: Duration = Duration::from_millis(3);
/// How often a process whose output is awaited is asked whether it has ended.
const LOOK: Duration = Duration::from_millis(50);
/// How long the rest of the output may take when the process has ended.
const REST: Duration = Duration::from_secs(1);

/// Why a run gave nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunError {
    /// It did not start, or ended badly; the sentence says which.
    Failed(String),
    /// It was stopped at its deadline.
    TooSlow,
    /// It wrote more than was agreed and was stopped.
    TooMuch,
}

impl From<io::Error> for RunError {
    fn from(error: io::Error) -> RunError {
        RunError::Failed(format!("it does not start: {error}"))
    }
}

/// A program, to be run from its file: never by a bare name, which the system would look for.
///
/// # Errors
/// Where the path is not absolute.
pub fn command(program: &Path) -> io::Result<Command> {
    if program.is_absolute() {
        return Ok(Command::new(program));
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "its path does not begin at the root of the file system"))
}

/// Runs a program to its end: `input` on its standard input, what it writes comes back.
///
/// # Errors
/// See [`RunError`]; the program does not run any more then, and nothing that it started in its process group.
pub fn run(mut command: Command, input: Vec<u8>, largest: usize, patience: Duration) -> Result<Vec<u8>, RunError> {
    let deadline = Instant::now() + patience;
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    stand_alone(&mut command);
    let mut child = command.spawn()?;
    let mut to = child.stdin.take().expect("standard input was asked to be a pipe");
    let from = child.stdout.take().expect("standard output was asked to be a pipe");
    // A program may end without reading its input, or write before it has read all: neither is an error.
    thread::spawn(move || to.write_all(&input));
    let (sender, output) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let result = from.take(largest as u64 + 1).read_to_end(&mut bytes).map(|_| bytes);
        let _ = sender.send(result);
    });
    let read = loop {
        match output.recv_timeout(LOOK.min(deadline.saturating_duration_since(Instant::now()))) {
            Ok(read) => break Some(read),
            Err(_) if Instant::now() >= deadline => break None,
            // What it left behind holds its output open, and is ended for that.
            Err(_) if state(&mut child) != State::Running => {
                kill_group(&mut child);
                break output.recv_timeout(REST).ok();
            }
            Err(_) => {}
        }
    };
    let outcome = match read {
        None => Err(RunError::TooSlow),
        Some(Err(error)) => Err(RunError::Failed(format!("its output cannot be read: {error}"))),
        Some(Ok(bytes)) if bytes.len() > largest => Err(RunError::TooMuch),
        Some(Ok(_)) if !settle(&mut child, deadline) => Err(RunError::TooSlow),
        Some(Ok(bytes)) => Ok(bytes),
    };
    let status = end(&mut child);
    match (outcome?, status) {
        (bytes, Some(status)) if status.success() => Ok(bytes),
        (_, Some(status)) => Err(RunError::Failed(format!("it ended with {status}"))),
        (_, None) => Err(RunError::Failed("nobody knows how it ended".to_owned())),
    }
}

/// Takes a program out of the terminal's process group, so that Ctrl-C ends the session in order, not its helpers, and
/// so that what the program starts itself can be ended with it.
pub fn stand_alone(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(windows)]
    std::os::windows::process::CommandExt::creation_flags(command, 0x0800_0000 | 0x0000_0200); // no window, own group
    let _ = command;
}

/// What has become of a process.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Running,
    /// It has ended and is not reaped: its number, and that of its group, is still its own.
    Ended,
    Reaped,
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn state(child: &mut Child) -> State {
    // SAFETY: all zeros are a value of this plain structure.
    let mut seen: libc::siginfo_t = unsafe { std::mem::zeroed() };
    let look = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
    // SAFETY: a plain system call that fills a structure which lives until it returns.
    let answer = unsafe { libc::waitid(libc::P_PID, child.id(), &mut seen, look) };
    // SAFETY: the system filled the structure for a process, or left it zero.
    match (answer, unsafe { seen.si_pid() }) {
        (0, 0) => State::Running,
        (0, _) => State::Ended,
        _ => State::Reaped,
    }
}

/// Elsewhere one cannot look without reaping.
#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn state(child: &mut Child) -> State {
    match child.try_wait() {
        Ok(None) => State::Running,
        _ => State::Reaped,
    }
}

/// Waits for the end of a process until `deadline`, without reaping it; whether it has come.
pub fn settle(child: &mut Child, deadline: Instant) -> bool {
    while state(child) == State::Running {
        if Instant::now() >= deadline {
            return false;
        }
        thread::sleep(POLL);
    }
    true
}

/// Ends a process that may still run, and what it started whether it runs or not, and reaps it.
pub fn end(child: &mut Child) -> Option<ExitStatus> {
    kill_group(child);
    if state(child) == State::Running {
        let _ = child.kill();
    }
    child.wait().ok()
}

fn kill_group(child: &mut Child) {
    #[cfg(unix)]
    if let (State::Running | State::Ended, Ok(group)) = (state(child), i32::try_from(child.id())) {
        // SAFETY: a plain system call. The child is not reaped yet, so the number is still its own; it leads a group
        // of that number because `stand_alone` made it so.
        unsafe { libc::kill(-group, libc::SIGKILL) };
    }
    let _ = child;
}

/// Takes every folder out of this program's PATH that depends on where it was started, for all that it runs, and that
/// those run: libraries that run programs by bare names are used too.
///
/// # Safety
/// As [`std::env::set_var`]: no other thread may run yet.
pub unsafe fn keep_to_fixed_folders() {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let kept = std::env::join_paths(fixed_folders(&path)).unwrap_or_default();
    // An empty PATH is the current folder, and one that is not there is what each program thinks.
    let kept = if kept.is_empty() { OsString::from(USUAL) } else { kept };
    // SAFETY: the caller promises that there is no other thread.
    unsafe { std::env::set_var("PATH", kept) };
}

/// The folders of PATH where nobody named any.
const USUAL: &str = if cfg!(windows) { r"C:\Windows\System32" } else { "/usr/bin:/bin" };

/// The folders of a PATH in which programs are looked for: absolute ones, and none that is the current folder.
fn fixed_folders(path: &OsStr) -> Vec<PathBuf> {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).ok();
    let is_here = |folder: &Path| here.is_some() && folder.canonicalize().ok() == here;
    std::env::split_paths(path).filter(|folder| folder.is_absolute() && !is_here(folder)).collect()
}

/// Finds an installed program by its name, in the absolute folders of PATH alone: never in the current folder, not even
/// where PATH names it.
pub fn installed(name: &str) -> Option<PathBuf> {
    std::env::var_os("PATH").and_then(|path| installed_in(&path, name))
}

/// Finds a program in the absolute folders of `path`, the current one apart.
pub fn installed_in(path: &OsStr, name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    fixed_folders(path).into_iter().map(|folder| folder.join(&file)).find(|candidate| is_program(candidate))
}

/// Whether the file can be run.
pub fn is_program(file: &Path) -> bool {
    let Ok(meta) = file.metadata() else { return false };
    #[cfg(unix)]
    let runs = std::os::unix::fs::PermissionsExt::mode(&meta.permissions()) & 0o111 != 0;
    #[cfg(not(unix))]
    let runs = true;
    meta.is_file() && runs
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        command
    }

    const LONG: Duration = Duration::from_secs(30);

    #[test]
    fn a_program_gets_its_input_and_its_output_comes_back() {
        assert_eq!(run(shell("cat"), b"hello".to_vec(), 100, LONG), Ok(b"hello".to_vec()));
    }

    #[test]
    fn a_program_that_ends_badly_or_does_not_exist_is_a_failure() {
        assert!(
            matches!(run(shell("echo x; exit 3"), Vec::new(), 100, LONG), Err(RunError::Failed(why)) if why.contains('3'))
        );
        assert!(matches!(run(Command::new("/nowhere/at/all"), Vec::new(), 100, LONG), Err(RunError::Failed(_))));
    }

    #[test]
    fn a_program_that_writes_without_end_is_stopped() {
        assert_eq!(run(shell("yes"), Vec::new(), 100_000, LONG), Err(RunError::TooMuch));
    }

    #[test]
    fn a_program_that_hangs_is_ended_with_all_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pid");
        let script = format!("sleep 300 & echo $! > {}; wait", file.display());
        let began = Instant::now();
        assert_eq!(run(shell(&script), Vec::new(), 100, Duration::from_millis(500)), Err(RunError::TooSlow));
        assert!(began.elapsed() < Duration::from_secs(10));
        let child: i32 = std::fs::read_to_string(file).unwrap().trim().parse().unwrap();
        // The grandchild is reaped by init, or stays a zombie of it; it does not run.
        let until = Instant::now() + Duration::from_secs(10);
        while runs(child) && Instant::now() < until {
            thread::yield_now();
        }
        assert!(!runs(child));
    }

    fn runs(process: i32) -> bool {
        let status = Command::new("ps").args(["-o", "stat=", "-p", &process.to_string()]).output().unwrap();
        let state = String::from_utf8_lossy(&status.stdout);
        !state.trim().is_empty() && !state.trim().starts_with('Z')
    }

    #[test]
    fn a_program_that_ends_and_leaves_another_behind_is_not_waited_for_and_the_other_is_ended() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pid");
        let script = format!("sleep 300 & echo $! > {}; echo sound", file.display());
        let began = Instant::now();
        assert_eq!(run(shell(&script), Vec::new(), 100, LONG), Ok(b"sound\n".to_vec()));
        assert!(began.elapsed() < LONG / 2);
        let child: i32 = std::fs::read_to_string(file).unwrap().trim().parse().unwrap();
        let until = Instant::now() + Duration::from_secs(10);
        while runs(child) && Instant::now() < until {
            thread::yield_now();
        }
        assert!(!runs(child));
    }

    #[test]
    fn a_program_is_run_from_its_file_alone() {
        assert!(command(Path::new("sh")).is_err());
        assert!(command(Path::new("./sh")).is_err());
        assert!(command(Path::new("")).is_err());
        assert!(command(Path::new("/bin/sh")).is_ok());
    }

    #[test]
    fn a_program_that_closes_its_output_and_stays_is_ended_too() {
        let script = "exec >&-; sleep 300";
        assert_eq!(run(shell(script), Vec::new(), 100, Duration::from_millis(500)), Err(RunError::TooSlow));
    }

    #[test]
    fn a_program_that_never_reads_a_long_input_does_not_hold_the_caller_up() {
        let result = run(shell("sleep 300"), vec![b'x'; 1 << 20], 100, Duration::from_millis(500));
        assert_eq!(result, Err(RunError::TooSlow));
    }

    #[test]
    fn only_absolute_folders_of_the_path_are_searched() {
        assert_eq!(installed_in(OsStr::new(".:bin::/bin"), "sh"), Some(PathBuf::from("/bin/sh")));
        assert_eq!(installed_in(OsStr::new(".:src"), "lib.rs"), None);
        assert_eq!(installed_in(OsStr::new("/etc"), "passwd"), None, "a file that cannot be run is no program");
        assert_eq!(fixed_folders(OsStr::new(":.:bin:/proc/self/cwd:/bin/.")), [PathBuf::from("/bin/.")]);
    }
}
