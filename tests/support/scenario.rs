//! A scenario of real devices, in a process of its own: this test binary again, told by a variable what to do.
//!
//! The sound libraries read their environment once. A scenario prints what happens, and the test gives the world its
//! turns. A binary that uses this has a test called `a_scenario` that calls [`run_if_told`].

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, channel};
use std::time::{Duration, Instant};

use greenroom::app::deck::{Deck, Recording, State};
use greenroom::audio::device::{self, DeviceOptions, open_capture, open_playback};
use greenroom::audio::pace::Pace;
use greenroom::ports::{Clip, Heard, Playing};

use super::rig::{Rig, until};

/// The variable that makes this binary a scenario.
const SCENARIO: &str = "GREENROOM_TEST_SCENARIO";
/// What a scenario says begins with this, to be told from what the test harness says.
const MARK: &str = "@@ ";
const HOST: &str = "GREENROOM_TEST_HOST";
const NAME: &str = "GREENROOM_TEST_NAME";
const FRAMES: &str = "GREENROOM_TEST_FRAMES";
/// Within this time a fault has to be told.
pub const TOLD: Duration = Duration::from_secs(3);
/// Longer than anything takes that works.
pub const LONG: Duration = Duration::from_secs(15);

/// A scenario that runs.
pub struct Scenario {
    child: Child,
    /// What it says.
    pub lines: Receiver<String>,
    frames: PathBuf,
    /// What it wrote on standard error.
    pub stderr: PathBuf,
}

impl Scenario {
    /// Starts a scenario with the host and the device it is to use; empty for the default.
    pub fn start(rig: &Rig, what: &str, host: &str, name: &str) -> Scenario {
        let (frames, stderr) = (rig.folder().join("frames.pcm"), rig.folder().join("stderr"));
        let mut command = Command::new(std::env::current_exe().expect("this binary has a path"));
        rig.use_in(&mut command);
        command.args(["--exact", "a_scenario", "--nocapture"]).env(SCENARIO, what);
        command.env(HOST, host).env(NAME, name).env(FRAMES, &frames);
        let errors = fs::File::create(&stderr).expect("a file in the rig's folder");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(errors);
        let mut child = command.spawn().expect("this binary runs");
        let output = BufReader::new(child.stdout.take().expect("it is piped"));
        let (tell, lines) = channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if let Some((_, said)) = line.split_once(MARK) {
                    let _ = tell.send(said.to_owned());
                }
            }
        });
        Scenario { child, lines, frames, stderr }
    }

    /// Waits for a line that begins so; returns all of it, and how long it took.
    pub fn expect(&self, beginning: &str, patience: Duration) -> (String, Duration) {
        let began = Instant::now();
        let mut others = Vec::new();
        loop {
            match self.lines.recv_timeout(patience.saturating_sub(began.elapsed())) {
                Ok(line) if line.starts_with(beginning) => return (line, began.elapsed()),
                Ok(line) => others.push(line),
                Err(error) => panic!(
                    "no `{beginning}` within {patience:?} ({error}); heard {others:?}; on standard error: {}",
                    fs::read_to_string(&self.stderr).unwrap_or_default()
                ),
            }
        }
    }

    /// Gives it an order.
    pub fn order(&mut self, line: &str) {
        writeln!(self.child.stdin.as_mut().expect("it is piped"), "{line}").expect("the scenario listens");
    }

    /// All it has captured.
    pub fn captured(&self) -> Vec<i16> {
        let bytes = fs::read(&self.frames).unwrap_or_default();
        let (samples, _) = bytes.as_chunks::<2>();
        samples.iter().map(|&sample| i16::from_le_bytes(sample)).collect()
    }

    /// Ends the scenario as a user would, and waits for that.
    pub fn end(mut self) {
        drop(self.child.stdin.take());
        until("the scenario ends", LONG, || self.child.try_wait().expect("a child can be waited for").is_some());
    }
}

impl Drop for Scenario {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn say(text: &str) {
    println!("{MARK}{text}");
}

/// Does what this process was started for, if it is a scenario.
pub fn run_if_told() {
    let given = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
    let Some(scenario) = given(SCENARIO) else { return };
    let options = DeviceOptions { host: given(HOST), name: given(NAME) };
    let (tell, orders) = channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            let _ = tell.send(line);
        }
    });
    match scenario.as_str() {
        "capture" => capture(&options, &given(FRAMES).expect("a path"), &orders),
        "deck" => deck(&options, &orders),
        "playback" => playback(&options, &orders),
        "survey" => survey(&options),
        other => panic!("there is no scenario {other}"),
    }
}

fn capture(options: &DeviceOptions, frames: &str, orders: &Receiver<String>) {
    let mut capture = match open_capture(options) {
        Ok(capture) => capture,
        Err(error) => return say(&format!("error {error:?} {error}")),
    };
    say(&format!("open {} at {}", capture.name(), capture.rate()));
    let mut file = fs::File::create(frames).expect("a file in the rig's folder");
    let mut block = Vec::new();
    while !matches!(orders.try_recv(), Err(TryRecvError::Disconnected)) {
        block.clear();
        match capture.read(&mut block, 1_000, Duration::from_millis(50)) {
            Heard::Frames { dropped } => {
                if dropped > 0 {
                    say(&format!("dropped {dropped}"));
                }
                let bytes: Vec<u8> = block.iter().flat_map(|sample| sample.to_le_bytes()).collect();
                file.write_all(&bytes).expect("room on the disk");
            }
            Heard::Nothing => {}
            Heard::Lost(reason) => say(&format!("lost {reason}")),
            Heard::Back(name) => say(&format!("back {name}")),
            Heard::Notice(text) => say(&format!("notice {text}")),
            Heard::SaidAll => say("said all"),
            Heard::Ended(reason) => return say(&format!("ended {reason}")),
        }
    }
    drop(capture);
    say("closed");
}

fn playback(options: &DeviceOptions, orders: &Receiver<String>) {
    let mut playback = match open_playback(options) {
        Ok(playback) => playback,
        Err(error) => return say(&format!("error {error:?} {error}")),
    };
    say(&format!("open {}", playback.name()));
    let mut before = Playing::Idle;
    loop {
        match orders.recv_timeout(Duration::from_millis(5)) {
            Ok(order) if order == "stop" => playback.stop(),
            Ok(path) => {
                let (samples, rate) = read_wav(Path::new(&path));
                playback.play(Arc::new(Clip { rate, samples })).expect("the speaker takes orders");
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        let now = playback.state();
        if now != before {
            match &now {
                Playing::Idle => say("idle"),
                Playing::Sounding => say("sounding"),
                Playing::Failed(reason) => say(&format!("failed {reason}")),
            }
            before = now;
        }
    }
}

/// Plays recordings as the replay does, told line by line what to do; says where it stands when that changes, and when
/// it is asked.
fn deck(options: &DeviceOptions, orders: &Receiver<String>) {
    let playback = match open_playback(options) {
        Ok(playback) => playback,
        Err(error) => return say(&format!("error {error:?} {error}")),
    };
    let speaker = playback.name();
    let mut deck = Deck::new(playback, Pace::RealTime, 1.0);
    say(&format!("open {speaker}"));
    let mut before = State::Paused;
    loop {
        match orders.try_recv() {
            Ok(order) => obey(&mut deck, &order),
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => return,
        }
        let state = deck.pass(Duration::from_millis(20));
        if state != before {
            say(&format!("{state:?} at {}", deck.position().as_micros()));
            before = state;
        }
    }
}

fn obey(deck: &mut Deck, order: &str) {
    let (what, rest) = order.split_once(' ').unwrap_or((order, ""));
    let numbers: Vec<f64> = rest.split(' ').filter_map(|word| word.parse().ok()).collect();
    let pairs: Vec<(f64, f64)> = numbers.chunks_exact(2).map(|two| (two[0], two[1])).collect();
    match what {
        "load" => {
            let parts: Vec<PathBuf> = rest.split(' ').map(PathBuf::from).collect();
            deck.load(Recording::open(&parts).expect("the test wrote it"));
        }
        "play" => deck.play(),
        "pause" => deck.pause(),
        "seek" => deck.seek(Duration::from_secs_f64(numbers[0])),
        "speed" => deck.set_speed(numbers[0]),
        "skip" => deck.skip(Some(pairs)),
        "loop" => {
            let second = Duration::from_secs_f64;
            deck.set_loop(pairs.first().map(|(begin, end)| (second(*begin), second(*end))));
        }
        "where" => say(&format!("at {}", deck.position().as_micros())),
        other => panic!("there is no order {other}"),
    }
}

fn survey(options: &DeviceOptions) {
    let survey = device::survey(options.host.as_deref());
    say(&format!("chosen {:?}", survey.chosen));
    for (way, seen) in [("input", &survey.inputs), ("output", &survey.outputs)] {
        for seen in seen {
            say(&format!("{way} {} `{}` default={} monitor={}", seen.id, seen.name, seen.default, seen.monitor));
        }
    }
    survey.errors.iter().for_each(|error| say(&format!("error {error:?}")));
    say("end");
}

fn read_wav(path: &Path) -> (Vec<i16>, u32) {
    let reader = hound::WavReader::open(path).expect("the test wrote it");
    let rate = reader.spec().sample_rate;
    (reader.into_samples().map(|sample| sample.expect("the test wrote it")).collect(), rate)
}
