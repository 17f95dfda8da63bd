//! Other programs, run so that they cannot hold the session up: never through a shell, never with a terminal, never
//! longer than their time, never left behind.

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// How often a process that has closed its output is asked whether it has ended.
const POLL: Duration = Duration::from_millis(3);

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

/// Runs a program to its end: `input` on its standard input, what it writes comes back.
///
/// # Errors
/// See [`RunError`]; the program does not run any more then.
pub fn run(mut command: Command, input: Vec<u8>, largest: usize, patience: Duration) -> Result<Vec<u8>, RunError> {
    let deadline = Instant::now() + patience;
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    stand_alone(&mut command);
    let mut child = command.spawn().map_err(|error| RunError::Failed(format!("it does not start: {error}")))?;
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
    let outcome = match output.recv_timeout(patience) {
        Err(_) => Err(RunError::TooSlow),
        Ok(Err(error)) => Err(RunError::Failed(format!("its output cannot be read: {error}"))),
        Ok(Ok(bytes)) if bytes.len() > largest => Err(RunError::TooMuch),
        Ok(Ok(bytes)) => match wait(&mut child, deadline) {
            None => Err(RunError::TooSlow),
            Some(status) if status.success() => Ok(bytes),
            Some(status) => Err(RunError::Failed(format!("it ended with {status}"))),
        },
    };
    end(&mut child);
    outcome
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

/// Waits for the end of a process until `deadline`; `None` if it still runs then.
pub fn wait(child: &mut Child, deadline: Instant) -> Option<ExitStatus> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if Instant::now() < deadline => thread::sleep(POLL),
            Ok(None) | Err(_) => return None,
        }
    }
}

/// Ends a process that may still run, with what it started, and reaps it.
pub fn end(child: &mut Child) {
    if matches!(child.try_wait(), Ok(Some(_))) {
        return;
    }
    #[cfg(unix)]
    if let Ok(group) = i32::try_from(child.id()) {
        // SAFETY: a plain system call. The child is not reaped yet, so the number is still its own; it leads a group
        // of that number because `stand_alone` made it so.
        unsafe { libc::kill(-group, libc::SIGKILL) };
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// Finds an installed program by its name, in the absolute folders of PATH alone: never in the current folder.
pub fn installed(name: &str) -> Option<PathBuf> {
    std::env::var_os("PATH").and_then(|path| installed_in(&path, name))
}

/// Finds a program in the absolute folders of `path`.
pub fn installed_in(path: &OsStr, name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(path)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(&file))
        .find(|candidate| is_program(candidate))
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
    }
}
