//! A session that hears a virtual microphone on a private sound server, into which the known sound is played.

use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::place::{Place, has};
use crate::program::{Home, LONG, Run, Told, ends_with_us, said};
use crate::rig::Rig;
use crate::sequence::{RATE, bytes};

/// Why there can be no room.
pub fn missing() -> Option<String> {
    let tool = ["pulseaudio", "pactl", "pacat"].iter().find(|tool| !has(tool))?;
    Some(format!("{tool} is not installed"))
}

/// Who plays the known sound into the microphone, without end.
pub struct Talk(Child);

impl Talk {
    /// Begins, at a place of the sound.
    pub fn begin(rig: &Rig, mut place: u64) -> Told<Talk> {
        let mut command = Command::new("pacat");
        rig.use_in(&mut command);
        command.args(["--playback", "--device=feed", "--raw", "--format=s16le", "--rate=48000", "--channels=1"]);
        command.args(["--latency-msec=1000", "--volume=65536"]);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = said("pacat")(command.spawn())?;
        let mut player = child.stdin.take().ok_or("no standard input")?;
        std::thread::spawn(move || {
            while player.write_all(&bytes(place, place + RATE / 10)).is_ok() {
                place += RATE / 10;
            }
        });
        Ok(Talk(child))
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A session in a rig.
pub struct Room {
    /// Where it is kept.
    pub home: Home,
    /// The program.
    pub run: Run,
    /// Who talks.
    pub talk: Option<Talk>,
    /// The sound server.
    pub rig: Rig,
}

impl Room {
    /// Starts a session of one question; waits until its first answer has gone on for a while.
    pub fn enter(place: &Place, name: &str, host: &str, limit: &str, heard: Duration) -> Told<Room> {
        let rig = Rig::start();
        let talk = Some(Talk::begin(&rig, 0)?);
        let home = place.home(name)?;
        let always = ["rehearse", "--bank", "torture", "--order", "listed", "--plain", "--no-voice", "--count", "1"];
        let mut command = home.command(&always);
        command.args(["--output", "none", "--host", host, "--limit", limit]);
        rig.use_in(&mut command);
        ends_with_us(&mut command);
        let mut run = Run::start(command, &place.path(&format!("{name}.err")))?;
        let (answering, _) = run.expect(&["Answer now"], LONG)?;
        std::thread::sleep(heard.saturating_sub(Instant::now().duration_since(answering)));
        Ok(Room { home, run, talk, rig })
    }
}
