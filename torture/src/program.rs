//! The real program, as a user runs it: with a home of its own, a cleared environment, and somebody who reads along.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crate::folder::Folder;

/// What went wrong, in words.
pub type Told<T> = Result<T, String>;

/// Longer than anything takes that works.
pub const LONG: Duration = Duration::from_secs(30);

const FORMATS: &str = "schema = 1\n[[format]]\nid = \"torture\"\ntitle = \"Torture\"\nprep = \"0s\"\nlimit = \"3s\"\n\
                       retakes = 0\ngap = \"none\"\n";

/// Turns an error of the system into words.
pub fn said<T, E: std::fmt::Display>(what: &str) -> impl FnOnce(Result<T, E>) -> Told<T> + '_ {
    move |result| result.map_err(|error| format!("{what}: {error}"))
}

/// A home with a bank of short questions.
#[derive(Debug, Clone)]
pub struct Home {
    /// Its folder.
    pub root: PathBuf,
    program: PathBuf,
    environment: Vec<(String, String)>,
}

impl Home {
    /// Makes a home.
    pub fn make(program: &Path, root: PathBuf) -> Told<Home> {
        let mut bank = String::from(
            "schema = 1\nid = \"torture\"\ntitle = \"Torture\"\nlanguage = \"en\"\n\
             [[section]]\nid = \"all\"\ntitle = \"All\"\nformat = \"torture\"\n",
        );
        for number in 1..=9 {
            bank += &format!("[[question]]\nid = \"q{number}\"\nsection = \"all\"\nprompt = \"Why?\"\n");
        }
        let made = fs::create_dir_all(root.join("questions"))
            .and_then(|()| fs::create_dir_all(root.join("recordings")))
            .and_then(|()| fs::write(root.join("questions/torture.toml"), bank))
            .and_then(|()| fs::write(root.join("questions/formats.toml"), FORMATS));
        said("a home")(made)?;
        Ok(Home { root, program: program.to_owned(), environment: Vec::new() })
    }

    /// The same home with one more word in the environment.
    pub fn with(mut self, name: &str, value: &str) -> Home {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The program in this home and in nothing else of this machine.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.env_clear().env("PATH", "/usr/bin:/bin").env("GREENROOM_HOME", &self.root);
        // A speech service is neither asked nor started.
        command.env("SPEECHD_ADDRESS", "unix_socket:/nowhere").env("SPEECHD_CMD", "/bin/false");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.args(arguments).stdin(Stdio::null()).current_dir("/");
        ends_with_us(&mut command);
        command
    }

    /// A rehearsal in plain lines that hears `input` and says nothing.
    pub fn rehearsal(&self, turns: usize, limit: f64, input: &str, more: &[&str]) -> Command {
        let (turns, limit) = (turns.to_string(), format!("{}ms", (limit * 1_000.0) as u64));
        let always = ["rehearse", "--bank", "torture", "--order", "listed", "--plain", "--no-voice"];
        let these = ["--output", "none", "--count", &turns, "--limit", &limit, "--input", input];
        self.command(&[&always[..], &these[..], more].concat())
    }

    /// Runs a command to its end, which has to come.
    pub fn run(&self, arguments: &[&str]) -> Told<Output> {
        let folder = said("a temporary file")(tempfile::tempdir())?;
        let mut run = Run::start(self.command(arguments), &folder.path().join("errors"))?;
        let status = run.end(LONG)?;
        let lines: Vec<_> = run.heard.iter().map(|(_, line)| line.as_str()).collect();
        Ok(Output { status, stdout: lines.join("\n").into_bytes(), stderr: run.errors().into_bytes() })
    }

    /// Goes on with a session as fast as it can, with answers from a file.
    pub fn resume(&self, session: &Folder, answers: &Path) -> Told<()> {
        let input = format!("pcm:{}", answers.display());
        let name = session.name();
        let output =
            self.run(&["resume", &name, "--no-voice", "--output", "none", "--plain", "--fast", "--input", &input])?;
        if output.status.success() { Ok(()) } else { Err(format!("cannot be resumed: {}", words(&output))) }
    }

    /// Repairs a session.
    pub fn repair(&self, session: &Folder) -> Told<String> {
        let output = self.run(&["sessions", "repair", &session.name()])?;
        if output.status.success() {
            Ok(words(&output))
        } else {
            Err(format!("cannot be repaired: {}", words(&output)))
        }
    }

    /// The sessions, the oldest first.
    pub fn sessions(&self) -> Vec<Folder> {
        let Ok(entries) = fs::read_dir(self.root.join("recordings")) else { return Vec::new() };
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        let mut folders: Vec<_> = paths.filter(|path| path.is_dir()).map(|path| Folder { path }).collect();
        folders.sort_by(|one, other| one.path.cmp(&other.path));
        folders
    }

    /// The only session.
    pub fn session(&self) -> Option<Folder> {
        let mut sessions = self.sessions();
        (sessions.len() == 1).then(|| sessions.remove(0))
    }
}

/// All that a program said, in one line or a few.
pub fn words(output: &Output) -> String {
    let all = String::from_utf8_lossy(&output.stdout).into_owned() + "\n" + &String::from_utf8_lossy(&output.stderr);
    format!("{} and {:?}", ending(output.status), all.trim())
}

/// How a program ended.
pub fn ending(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("status {code}"),
        (None, Some(signal)) => format!("signal {signal}"),
        (None, None) => "no status".to_owned(),
    }
}

/// The program while it runs.
pub struct Run {
    child: Child,
    lines: Receiver<(Instant, String)>,
    stderr: PathBuf,
    /// What it said until now on standard output.
    pub heard: Vec<(Instant, String)>,
}

impl Run {
    /// Starts it; what it says on standard error goes into a file.
    pub fn start(mut command: Command, stderr: &Path) -> Told<Run> {
        let errors = said("a file for standard error")(File::create(stderr))?;
        let mut child = said("the program starts")(command.stdout(Stdio::piped()).stderr(errors).spawn())?;
        let output = BufReader::new(child.stdout.take().ok_or("no standard output")?);
        let (tell, lines) = channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let _ = tell.send((Instant::now(), line));
            }
        });
        Ok(Run { child, lines, stderr: stderr.to_owned(), heard: Vec::new() })
    }

    /// Starts it on a terminal, to which it says everything.
    pub fn on_terminal(mut command: Command, output: Stdio) -> Told<Run> {
        let child = said("the program starts")(command.stdout(output).spawn())?;
        Ok(Run { child, lines: channel().1, stderr: PathBuf::new(), heard: Vec::new() })
    }

    /// Waits for a line with one of these words.
    pub fn expect(&mut self, wanted: &[&str], patience: Duration) -> Told<(Instant, String)> {
        let deadline = Instant::now() + patience;
        loop {
            match self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(heard) => {
                    self.heard.push(heard.clone());
                    if wanted.iter().any(|words| heard.1.contains(words)) {
                        return Ok(heard);
                    }
                }
                Err(error) => return Err(format!("no {wanted:?} within {patience:?} ({error}); {}", self.said())),
            }
        }
    }

    /// Waits for its end.
    pub fn end(&mut self, patience: Duration) -> Told<ExitStatus> {
        let deadline = Instant::now() + patience;
        loop {
            self.heard.extend(self.lines.try_iter());
            if let Some(status) = said("its end")(self.child.try_wait())? {
                self.heard.extend(self.lines.iter());
                return Ok(status);
            }
            if Instant::now() >= deadline {
                let _ = self.child.kill();
                let _ = self.child.wait();
                return Err(format!("it does not end within {patience:?}; {}", self.said()));
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Its standard input, where that was asked for.
    pub fn input(&mut self) -> Option<ChildStdin> {
        self.child.stdin.take()
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: libc::c_int) {
        // SAFETY: kill only takes numbers; the process was started here and its end not taken note of.
        unsafe { libc::kill(self.child.id() as libc::pid_t, signal) };
    }

    /// Kills it as nothing else does, and waits until it is gone.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// What it said on standard error.
    pub fn errors(&self) -> String {
        fs::read_to_string(&self.stderr).unwrap_or_default()
    }

    /// All that it said.
    pub fn said(&self) -> String {
        let lines: Vec<_> = self.heard.iter().map(|(_, line)| line.as_str()).collect();
        format!("said {lines:?}; on standard error {:?}", self.errors())
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A child ends with the thread that started it, so that nothing is left of a torture that was broken off.
pub fn ends_with_us(command: &mut Command) {
    // SAFETY: prctl may be called between fork and exec; it neither allocates nor locks.
    unsafe {
        command.pre_exec(|| {
            libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
            Ok(())
        });
    }
}
