//! The real program in a rig: started with a cleared environment, listened to line by line.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::rig::{Rig, until};

/// Longer than anything takes that works.
pub const LONG: Duration = Duration::from_secs(20);
/// Within this time a fault has to be told.
pub const TOLD: Duration = Duration::from_secs(3);

/// A bank of short questions, so that no test waits for a long one.
const BANK: &str = r#"
schema = 1
id = "short"
title = "Short"
language = "en"
[[section]]
id = "all"
title = "All"
format = "quick"
[[question]]
id = "why"
section = "all"
prompt = "Why you?"
[[question]]
id = "how"
section = "all"
prompt = "And how?"
[[question]]
id = "story"
section = "all"
prompt = "Tell me about the largest team that you have ever led."
"#;

const FORMATS: &str = r#"
schema = 1
[[format]]
id = "quick"
title = "Quick"
prep = "500ms"
limit = "3s"
retakes = 0
gap = "none"
[[format]]
id = "paced"
title = "Paced"
prep = "500ms"
limit = "3s"
retakes = 0
gap = "1s"
"#;

/// The program in the environment of `rig` and in nothing else of this machine.
pub fn greenroom(rig: &Rig) -> Command {
    let home = home(rig);
    if !home.exists() {
        fs::create_dir_all(home.join("questions")).expect("a folder in the rig's folder");
        fs::create_dir_all(home.join("recordings")).expect("a folder in the rig's folder");
        fs::write(home.join("questions/short.toml"), BANK).expect("a file in the rig's folder");
        fs::write(home.join("questions/formats.toml"), FORMATS).expect("a file in the rig's folder");
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_greenroom"));
    command.env_clear();
    rig.use_in(&mut command);
    // A speech service is neither asked nor started.
    command.env("SPEECHD_ADDRESS", "unix_socket:/nowhere").env("SPEECHD_CMD", "/bin/false");
    command.env("PATH", "/usr/bin:/bin").env("GREENROOM_HOME", home).current_dir(rig.folder());
    command.stdin(Stdio::null());
    command
}

fn home(rig: &Rig) -> PathBuf {
    rig.folder().join("home")
}

/// The folders of the sessions, the oldest first.
pub fn sessions(rig: &Rig) -> Vec<PathBuf> {
    let entries = fs::read_dir(home(rig).join("recordings")).expect("the folder is there");
    let mut folders: Vec<_> = entries.map(|entry| entry.expect("it can be listed").path()).collect();
    folders.sort();
    folders
}

/// The only session.
pub fn session(rig: &Rig) -> PathBuf {
    let mut sessions = sessions(rig);
    assert_eq!(sessions.len(), 1, "{sessions:?}");
    sessions.remove(0)
}

/// Runs a command to its end.
pub fn run(rig: &Rig, arguments: &[&str]) -> Output {
    greenroom(rig).args(arguments).output().expect("the program starts")
}

/// All that a program said.
pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// What the newest session came to.
pub fn report(rig: &Rig) -> Value {
    let output = run(rig, &["sessions", "show", "latest", "--json"]);
    assert!(output.status.success(), "{}", said(&output));
    serde_json::from_slice(&output.stdout).expect("standard output is JSON and nothing else")
}

/// The samples of a mono WAV file, read as any program reads it.
pub fn samples(path: &Path) -> Vec<i16> {
    let mut reader = hound::WavReader::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let spec = reader.spec();
    assert_eq!((spec.channels, spec.bits_per_sample), (1, 16), "{}", path.display());
    reader.samples().map(|sample| sample.expect("a sample can be read")).collect()
}

/// A session that runs.
pub struct Program {
    child: Child,
    lines: Receiver<(Instant, String)>,
    before: Vec<String>,
    stderr: PathBuf,
    /// When it was started.
    pub started: Instant,
}

impl Program {
    /// Starts a session that speaks and asks the first `count` questions of the short bank.
    pub fn rehearse(rig: &Rig, count: &str, more: &[&str]) -> Program {
        let always =
            ["rehearse", "--bank", "short", "--order", "listed", "--plain", "--voice", "built-in", "--count", count];
        Program::start(rig, &[&always, more].concat())
    }

    /// Starts the program.
    pub fn start(rig: &Rig, arguments: &[&str]) -> Program {
        let stderr = rig.folder().join("stderr");
        let errors = fs::File::create(&stderr).expect("a file in the rig's folder");
        let mut command = greenroom(rig);
        let started = Instant::now();
        let mut child =
            command.args(arguments).stdout(Stdio::piped()).stderr(errors).spawn().expect("the program starts");
        let output = BufReader::new(child.stdout.take().expect("it is piped"));
        let (tell, lines) = channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let _ = tell.send((Instant::now(), line));
            }
        });
        Program { child, lines, before: Vec::new(), stderr, started }
    }

    /// Waits for a line with these words; returns when it came, and all of it.
    #[track_caller]
    pub fn expect(&mut self, words: &str, patience: Duration) -> (Instant, String) {
        let deadline = Instant::now() + patience;
        loop {
            match self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok((when, line)) => {
                    self.before.push(line.clone());
                    if line.contains(words) {
                        return (when, line);
                    }
                }
                Err(error) => panic!("no `{words}` within {patience:?} ({error}); {}", self.heard()),
            }
        }
    }

    /// Checks that it has nothing to say for a while.
    #[track_caller]
    pub fn says_nothing(&mut self, patience: Duration) {
        let line = self.lines.recv_timeout(patience).ok();
        assert!(line.is_none(), "{line:?}; {}", self.heard());
    }

    /// What it said until now.
    pub fn heard(&self) -> String {
        format!("said {:#?}; on standard error: {}", self.before, fs::read_to_string(&self.stderr).unwrap_or_default())
    }

    /// Waits for its end.
    #[track_caller]
    pub fn end(&mut self, patience: Duration) -> ExitStatus {
        let mut status = None;
        until("the program ends", patience, || {
            self.before.extend(self.lines.try_iter().map(|(_, line)| line));
            status = self.child.try_wait().expect("a child can be waited for");
            status.is_some()
        });
        self.before.extend(self.lines.iter().map(|(_, line)| line));
        status.expect("it has ended")
    }

    /// Waits for its end, which has to be a good one.
    #[track_caller]
    pub fn succeeds(&mut self, patience: Duration) {
        let errors = self.succeeds_saying(patience);
        assert_eq!(errors, "", "something wrote to standard error");
    }

    /// Waits for its end, which has to be a good one, and gives what it wrote to standard error.
    #[track_caller]
    pub fn succeeds_saying(&mut self, patience: Duration) -> String {
        let status = self.end(patience);
        assert!(status.success(), "{status}: {}", self.heard());
        fs::read_to_string(&self.stderr).expect("the file is there")
    }

    /// Suspends it.
    pub fn suspend(&self) {
        self.signal(libc::SIGSTOP);
    }

    /// Lets it go on.
    pub fn wake(&self) {
        self.signal(libc::SIGCONT);
    }

    /// Asks it to end, as the system does.
    pub fn terminate(&self) {
        self.signal(libc::SIGTERM);
    }

    fn signal(&self, signal: i32) {
        // SAFETY: the process was started here and has not been waited for, so that the number is still its own.
        assert_eq!(unsafe { libc::kill(self.child.id() as i32, signal) }, 0);
    }

    /// Kills it as nothing else does.
    pub fn kill(&mut self) -> Instant {
        self.child.kill().expect("it runs");
        let when = Instant::now();
        let _ = self.child.wait();
        when
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
