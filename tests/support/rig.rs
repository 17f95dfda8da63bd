//! A private sound server: a virtual speaker, and a virtual microphone that hears what is fed to it.
//!
//! Everything lies in a folder of its own; the user's sound service is neither used nor seen. Whatever is started here
//! ends with the rig, even if the test is killed.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// One rig at a time: two servers on two cores would measure each other.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// The rate of the virtual devices.
pub const RATE: u32 = 48_000;

/// The sinks of the rig; `norewinds` lets the first frames come after 50 ms instead of 1.5 s.
const SINKS: &str = "rate=48000 format=s16le norewinds=1";

/// A running server.
pub struct Rig {
    folder: tempfile::TempDir,
    server: Option<Child>,
    _turn: MutexGuard<'static, ()>,
}

impl Rig {
    /// Starts a server with a speaker and a microphone.
    pub fn start() -> Rig {
        let mut rig = Rig::without_server();
        rig.start_server();
        rig
    }

    /// The environment of a rig in which no server runs.
    pub fn without_server() -> Rig {
        let turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).expect("a private folder");
        fs::write(folder.path().join("cookie"), [7u8; 256]).expect("a cookie");
        let script = format!(
            "load-module module-native-protocol-unix auth-anonymous=1 socket={}\n\
             load-module module-null-sink sink_name=speaker channels=2 {SINKS} sink_properties=device.description=Speaker\n\
             load-module module-null-sink sink_name=feed channels=1 {SINKS}\n\
             load-module module-remap-source {MIC}\n\
             set-default-sink speaker\nset-default-source mic\n",
            folder.path().join("socket").display(),
        );
        fs::write(folder.path().join("rig.pa"), script).expect("the server's script");
        Rig { folder, server: None, _turn: turn }
    }

    /// A folder for the files of a test.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Makes a program use this rig and nothing of the user's.
    pub fn use_in(&self, command: &mut Command) {
        let folder = self.folder.path();
        for gone in ["PULSE_RUNTIME_PATH", "PULSE_SINK", "PULSE_SOURCE", "DBUS_SESSION_BUS_ADDRESS", "XDG_CONFIG_HOME"]
        {
            command.env_remove(gone);
        }
        command
            .env("HOME", folder)
            .env("XDG_RUNTIME_DIR", folder)
            .env("PULSE_SERVER", format!("unix:{}", folder.join("socket").display()))
            .env("PULSE_COOKIE", folder.join("cookie"));
        end_with_this_thread(command);
    }

    fn tool(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        self.use_in(&mut command);
        command.stdin(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Starts the server, again perhaps.
    pub fn start_server(&mut self) {
        let mut command = self.tool("pulseaudio");
        // This is where the server puts its socket; as a client it would look there for another.
        command.env_remove("PULSE_SERVER");
        command.args(["-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"]);
        command.args(["--realtime=no", "--high-priority=no", "--disable-shm=yes", "-F"]);
        command.arg(self.folder.path().join("rig.pa")).stdout(Stdio::null());
        self.server = Some(spawn(&mut command));
        until("the server answers", Duration::from_secs(20), || {
            self.ask(&["list", "short", "sources"]).is_some_and(|sources| sources.contains("\tmic\t"))
        });
    }

    /// Kills the server as a crash would.
    pub fn kill_server(&mut self) {
        if let Some(mut server) = self.server.take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }

    /// Lets the server hang.
    pub fn freeze_server(&self) {
        self.signal(libc::SIGSTOP);
    }

    /// Lets a hanging server go on.
    pub fn thaw_server(&self) {
        self.signal(libc::SIGCONT);
    }

    fn signal(&self, signal: i32) {
        let server = self.server.as_ref().expect("the server was started");
        // SAFETY: the process was started here and has not been waited for, so that the number is still its own.
        assert_eq!(unsafe { libc::kill(server.id() as i32, signal) }, 0);
    }

    /// Asks or orders the server; nothing where it refuses.
    pub fn ask(&self, arguments: &[&str]) -> Option<String> {
        let output = self.tool("pactl").args(arguments).output().unwrap_or_else(|error| missing("pactl", &error));
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn order(&self, arguments: &[&str]) -> String {
        self.ask(arguments).unwrap_or_else(|| panic!("the server refused {arguments:?}"))
    }

    /// Takes the microphone away.
    pub fn unplug_mic(&self) {
        self.order(&["unload-module", "module-remap-source"]);
    }

    /// Takes the microphone away and leaves the second one.
    pub fn unplug_first_mic(&self) {
        let modules = self.order(&["list", "short", "modules"]);
        let first = modules.lines().find(|module| module.contains("source_name=mic ")).expect("it is there");
        self.order(&["unload-module", first.split('\t').next().unwrap_or_default()]);
    }

    /// Brings the microphone back.
    pub fn plug_mic(&self) {
        let mut arguments = vec!["load-module", "module-remap-source"];
        arguments.extend(MIC.split(' '));
        self.order(&arguments);
        self.order(&["set-default-source", "mic"]);
    }

    /// Brings the microphone back at another rate.
    pub fn plug_mic_at(&self, rate: &str) {
        let rate = format!("rate={rate}");
        let mut arguments = vec!["load-module", "module-remap-source", &rate];
        arguments.extend(MIC.split(' '));
        self.order(&arguments);
        self.order(&["set-default-source", "mic"]);
    }

    /// Moves the newest stream that records to another source.
    pub fn move_newest_to(&self, source: &str) {
        let streams = self.order(&["list", "short", "source-outputs"]);
        // The streams of the virtual microphones themselves are among them; the last is the newest.
        let stream = streams.lines().last().and_then(|line| line.split('\t').next()).expect("there is one");
        self.order(&["move-source-output", stream, source]);
    }

    /// Adds a second microphone on the same feed.
    pub fn plug_second_mic(&self) {
        self.order(&["load-module", "module-remap-source", "source_name=mic2", "master=feed.monitor"]);
    }

    /// Suspends the microphone, or wakes it.
    pub fn suspend_mic(&self, suspend: bool) {
        self.order(&["suspend-source", "mic", if suspend { "1" } else { "0" }]);
    }

    /// Mutes the microphone, or not.
    pub fn mute_mic(&self, mute: bool) {
        self.order(&["set-source-mute", "mic", if mute { "1" } else { "0" }]);
    }

    /// Says a WAV file into the microphone; it ends when it is dropped.
    pub fn say(&self, wav: &Path) -> Running {
        Running(spawn(self.tool("paplay").arg("--device=feed").arg(wav).stdout(Stdio::null())))
    }

    /// Listens at the speaker from now on.
    pub fn listen(&self) -> Listening {
        let file = self.folder.path().join("heard.pcm");
        let into = fs::File::create(&file).expect("a file in the rig's folder");
        let mut command = self.tool("parec");
        command.args(["--device=speaker.monitor", "--raw", "--format=s16le", "--rate=48000", "--channels=2"]);
        let child = Running(spawn(command.arg("--latency-msec=50").stdout(into)));
        until("the speaker is listened to", Duration::from_secs(10), || {
            fs::metadata(&file).is_ok_and(|data| data.len() > 0)
        });
        Listening { _child: child, file }
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        self.kill_server();
    }
}

/// The microphone hears what the feed plays.
const MIC: &str = "source_name=mic master=feed.monitor source_properties=device.description=Microphone";

/// A program that ends when it is dropped.
pub struct Running(Child);

impl Running {
    /// Waits for its end.
    pub fn wait(&mut self) {
        let status = self.0.wait().expect("a child can be waited for");
        assert!(status.success(), "{status}");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What is heard at the speaker.
pub struct Listening {
    _child: Running,
    file: PathBuf,
}

impl Listening {
    /// The left channel so far.
    pub fn heard(&self) -> Vec<i16> {
        let mut bytes = Vec::new();
        fs::File::open(&self.file).and_then(|mut file| file.read_to_end(&mut bytes)).expect("the file is there");
        let (frames, _) = bytes.as_chunks::<4>();
        frames.iter().map(|frame| i16::from_le_bytes([frame[0], frame[1]])).collect()
    }
}

/// A machine that is busy as long as this lives.
pub struct Load(Vec<Running>);

/// Keeps two cores busy.
pub fn load() -> Load {
    let busy = || {
        let mut command = Command::new("sh");
        end_with_this_thread(command.args(["-c", "while :; do :; done"]));
        Running(spawn(&mut command))
    };
    Load(vec![busy(), busy()])
}

/// Noise that never repeats and is never silent: a place in it is found by a few samples.
pub fn noise(frames: usize, seed: u32) -> Vec<i16> {
    let mut state = seed.wrapping_mul(2_654_435_761) | 1;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 18) as i16 - 8_192 + i16::from(state >> 18 == 8_192)
    };
    (0..frames).map(next).collect()
}

/// Writes a mono WAV file.
pub fn write_wav(path: &Path, samples: &[i16], rate: u32) {
    let spec =
        hound::WavSpec { channels: 1, sample_rate: rate, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    let mut writer = hound::WavWriter::create(path, spec).expect("a file in the rig's folder");
    samples.iter().for_each(|&sample| writer.write_sample(sample).expect("room on the disk"));
    writer.finalize().expect("room on the disk");
}

/// Where `needle` begins in `hay`, judged by its first samples.
pub fn find(hay: &[i16], needle: &[i16]) -> Option<usize> {
    let head = &needle[..needle.len().min(64)];
    hay.windows(head.len()).position(|window| window == head)
}

/// Waits until `holds`, looking again and again.
pub fn until(what: &str, patience: Duration, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + patience;
    while !holds() {
        assert!(Instant::now() < deadline, "not within {patience:?}: {what}");
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

/// Lets time pass, where the time itself is what is tested.
pub fn rest(time: Duration) {
    let until = Instant::now() + time;
    while let Some(left) = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
        std::thread::park_timeout(left);
    }
}

fn spawn(command: &mut Command) -> Child {
    let program = command.get_program().to_string_lossy().into_owned();
    command.spawn().unwrap_or_else(|error| missing(&program, &error))
}

fn missing(program: &str, error: &std::io::Error) -> ! {
    panic!("{program} cannot be started ({error}): run the tests with ./test, which installs what they need")
}

fn end_with_this_thread(command: &mut Command) {
    // SAFETY: prctl is safe to call between fork and exec, and neither allocates nor locks.
    #[cfg(target_os = "linux")]
    unsafe {
        command.pre_exec(|| {
            libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
            Ok(())
        });
    }
}
