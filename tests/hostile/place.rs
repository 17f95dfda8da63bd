//! A folder for one test, and the program in it: with a cleared environment, and measured.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::harmless::harmless;

/// After so long a program hangs.
const HANGS: Duration = Duration::from_secs(120);

pub struct Place {
    folder: tempfile::TempDir,
    pub home: OsString,
    pub path: OsString,
}

/// What became of a run.
pub struct Ran {
    pub status: ExitStatus,
    pub out: String,
    pub err: String,
    pub took: Duration,
    /// How long it had the processor: what it needs itself, however busy the machine is.
    pub worked: Duration,
}

impl Place {
    pub fn new() -> Place {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let home = folder.path().join("home").into_os_string();
        fs::create_dir_all(Path::new(&home).join("questions")).expect("a folder can be made");
        Place { folder, home, path: "/usr/bin:/bin".into() }
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn in_home(&self, name: &str) -> PathBuf {
        Path::new(&self.home).join(name)
    }

    /// Writes a file, and the folders it lies in.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.at(name);
        fs::create_dir_all(path.parent().expect("it lies somewhere")).expect("a folder can be made");
        fs::write(&path, content).expect("a file can be written");
        path
    }

    /// Writes a program for the shell.
    pub fn script(&self, name: &str, lines: &str) -> PathBuf {
        let path = self.write(name, format!("#!/bin/sh\n{lines}\n"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it can be made a program");
        path
    }

    /// A second of a tone.
    pub fn tone(&self, name: &str) -> PathBuf {
        let path = self.at(name);
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: 16_000,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(&path, spec).expect("a file can be made");
        for n in 0..16_000 {
            let wave = if n / 20 % 2 == 0 { 9_000_i16 } else { -9_000 };
            writer.write_sample(wave).expect("a sample can be written");
        }
        writer.finalize().expect("a file can be closed");
        path
    }

    /// Runs the program and measures it.
    #[track_caller]
    pub fn run(&self, words: &[impl AsRef<OsStr>]) -> Ran {
        let (out, err) = (self.at("stdout"), self.at("stderr"));
        let to = |path: &Path| Stdio::from(File::create(path).expect("a file can be made"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_greenroom"));
        command.args(words).current_dir(self.folder.path()).env_clear();
        command.env("GREENROOM_HOME", &self.home).env("PATH", &self.path);
        let began = Instant::now();
        limit_memory(&mut command);
        #[expect(clippy::zombie_processes, reason = "reaped below, by the call that also measures")]
        let child = command.stdin(Stdio::null()).stdout(to(&out)).stderr(to(&err)).spawn().expect("it starts");
        let number = child.id() as i32;
        let (send, ended) = mpsc::channel();
        thread::spawn(move || send.send(reap(number)));
        let Ok((status, worked)) = ended.recv_timeout(HANGS) else {
            // SAFETY: a plain system call; the child was not reaped, so the number is its own.
            unsafe { libc::kill(number, libc::SIGKILL) };
            panic!("{:?} hangs", words.iter().map(AsRef::as_ref).collect::<Vec<_>>());
        };
        let read = |path: &Path| String::from_utf8(fs::read(path).expect("it was written")).expect("it says text");
        Ran { status, out: read(&out), err: read(&err), took: began.elapsed(), worked }
    }
}

/// Reaps a process: how it ended, and how long it had the processor.
fn reap(number: i32) -> (ExitStatus, Duration) {
    // SAFETY: all zeros are a value of this plain structure.
    let mut used: libc::rusage = unsafe { std::mem::zeroed() };
    let mut status = 0;
    // SAFETY: the system fills two values that live until it returns.
    let reaped = unsafe { libc::wait4(number, &mut status, 0, &mut used) };
    assert_eq!(reaped, number, "the child is there to be reaped");
    let time = |time: libc::timeval| Duration::from_micros(time.tv_sec as u64 * 1_000_000 + time.tv_usec as u64);
    (ExitStatus::from_raw(status), time(used.ru_utime) + time(used.ru_stime))
}

/// The most memory that the program may have, in bytes; it aborts where it asks for more.
///
/// What a child had at its most cannot be asked afterwards: the system counts what the test had before it became the
/// program.
const MEMORY: libc::rlim_t = 256 << 20;

fn limit_memory(command: &mut Command) {
    let limit = || {
        let limit = libc::rlimit { rlim_cur: MEMORY, rlim_max: MEMORY };
        // SAFETY: a plain system call on a value that lives until it returns; it may be made between fork and exec.
        match unsafe { libc::setrlimit(libc::RLIMIT_DATA, &limit) } {
            0 => Ok(()),
            _ => Err(std::io::Error::last_os_error()),
        }
    };
    // SAFETY: the closure allocates nothing and calls nothing that may not be called there.
    unsafe { command.pre_exec(limit) };
}

impl Ran {
    pub fn said(&self) -> String {
        self.out.clone() + &self.err
    }

    /// Nothing that it said can steer a terminal or was begun by somebody else.
    #[track_caller]
    pub fn is_harmless(&self) -> &Ran {
        harmless(&self.out, true);
        harmless(&self.err, true);
        assert!(!self.said().lines().any(|line| line.trim_start().starts_with("FORGED")), "{}", self.said());
        assert!(!self.said().contains("panicked"), "{}", self.said());
        self
    }

    #[track_caller]
    pub fn succeeds(&self) -> &Ran {
        assert_eq!(self.status.code(), Some(0), "{}", self.said());
        self
    }

    /// It failed with this status and said something with each of `words`.
    #[track_caller]
    pub fn fails(&self, status: i32, words: &[&str]) -> &Ran {
        assert_eq!(self.status.code(), Some(status), "{}", self.said());
        for word in words {
            assert!(self.said().contains(word), "it does not say {word:?}: {}", self.said());
        }
        self
    }

    /// It took no more than 6 s, and the 256 MiB that there are sufficed.
    ///
    /// On a machine that is busy with other tests it may wait longer than that, but not work longer.
    #[track_caller]
    pub fn is_modest(&self) -> &Ran {
        assert!(self.worked < Duration::from_secs(6), "it worked for {:?}", self.worked);
        assert!(self.took < Duration::from_secs(60), "it took {:?}", self.took);
        assert!(self.status.code().is_some(), "{}: {}", self.status, self.said());
        self
    }
}
