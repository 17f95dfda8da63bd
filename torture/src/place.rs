//! Where the tortures happen: a folder that is gone afterwards, the program, and chance with a seed.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::feed::{Feed, answers};
use crate::folder::Schedule;
use crate::program::{Home, LONG, Run, Told, said};
use crate::report::Report;
use crate::sequence::RATE;

/// Seconds of answers in the file from which sessions are resumed.
const ANSWERS: u64 = 150;

/// What every torture gets.
pub struct Place {
    /// The program.
    pub program: PathBuf,
    /// Where the figures go.
    pub report: Report,
    /// Whether this is root, in a world of mounts of its own.
    pub root: bool,
    /// What chance begins with.
    pub seed: u64,
    /// How many minutes an hour has.
    pub minutes: u64,
    /// How many threads keep the machine busy in it.
    pub busy: usize,
    folder: tempfile::TempDir,
    between: u64,
}

impl Place {
    /// Makes the folder, and finds out how a session runs in frames.
    pub fn new(program: PathBuf, seed: u64, (minutes, busy): (u64, usize), root: bool) -> Told<Place> {
        let folder = said("a temporary folder")(tempfile::Builder::new().prefix("torture-").tempdir())?;
        // Another user has to find the program and its home in it.
        said("its mode")(std::fs::set_permissions(folder.path(), Permissions::from_mode(0o711)))?;
        said("a file of answers")(answers(&folder.path().join("answers.pcm"), ANSWERS))?;
        let mut place = Place { program, report: Report::new(), root, seed, minutes, busy, folder, between: 0 };
        place.between = place.measure()?;
        Ok(place)
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A home in the folder.
    pub fn home(&self, name: &str) -> Told<Home> {
        Home::make(&self.program, self.path(name))
    }

    /// The file of answers.
    pub fn answers(&self) -> PathBuf {
        self.path("answers.pcm")
    }

    /// How a session of so many takes of so many seconds runs.
    pub fn schedule(&self, turns: usize, take: f64) -> Schedule {
        Schedule { turns, take: (take * RATE as f64) as u64, between: self.between }
    }

    /// The frames from the start of a session to its first take.
    fn measure(&self) -> Told<u64> {
        let home = self.home("measure")?;
        let input = format!("pcm:{}", self.answers().display());
        let mut run = Run::start(home.rehearsal(2, 1.0, &input, &["--fast"]), &self.path("measure.err"))?;
        let status = run.end(LONG)?;
        let session = home.session().ok_or_else(|| format!("no session was made; {}", run.said()))?;
        let takes = session.takes();
        let found: Vec<_> = takes.iter().map(|take| crate::sequence::pieces(&crate::folder::raw(take))).collect();
        match found.iter().map(Vec::as_slice).collect::<Vec<_>>()[..] {
            [&[crate::sequence::Piece::Known { from, frames: RATE, .. }], _] if status.success() => Ok(from),
            _ => Err(format!("an ordinary session is not as it should be: {found:?}; {}", run.said())),
        }
    }

    /// Starts a session in real time; the sound flows when its first line is there.
    pub fn live(&self, name: &str, home: Home, schedule: Schedule, change: impl FnOnce(&mut Command)) -> Told<Live> {
        let mut feed = said("a pipe")(Feed::new(self.path(&format!("{name}.pipe"))))?;
        let input = format!("pcm:{}", feed.path.display());
        let mut command = home.rehearsal(schedule.turns, schedule.take as f64 / RATE as f64, &input, &[]);
        change(&mut command);
        let mut run = Run::start(command, &self.path(&format!("{name}.err")))?;
        run.expect(&["Voice:"], LONG)?;
        feed.flow();
        Ok(Live { home, run, feed, began: Instant::now() })
    }
}

/// A session that hears the known sound in real time.
pub struct Live {
    /// Where it is kept.
    pub home: Home,
    /// The program.
    pub run: Run,
    /// Its microphone.
    pub feed: Feed,
    /// When the sound began to flow.
    pub began: Instant,
}

impl Live {
    /// Waits until so much time has passed since the sound began.
    pub fn wait_until(&self, moment: Duration) {
        std::thread::sleep(moment.saturating_sub(self.began.elapsed()));
    }
}

/// Chance, the same again for the same seed.
pub struct Dice(u64);

impl Dice {
    /// Chance for a part of a torture.
    pub fn new(seed: u64, part: &str) -> Dice {
        Dice(seed ^ u64::from(crate::folder::crc32(part.as_bytes())) << 20)
    }

    /// Any number.
    pub fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    /// A number from 0 to 1.
    pub fn share(&mut self) -> f64 {
        (self.any() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A moment before `end`.
    pub fn moment(&mut self, end: Duration) -> Duration {
        end.mul_f64(self.share())
    }
}

/// Runs a tool of the system to its end.
pub fn tool(program: &str, arguments: &[&str]) -> Told<String> {
    let output = said(program)(Command::new(program).args(arguments).output())?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    Err(format!("{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr).trim()))
}

/// Whether a tool of the system is there.
pub fn has(program: &str) -> bool {
    ["/usr/sbin", "/sbin", "/usr/bin", "/bin"].iter().any(|folder| Path::new(folder).join(program).exists())
}

/// Seconds of so many frames.
pub fn seconds(frames: u64) -> f64 {
    frames as f64 / RATE as f64
}
