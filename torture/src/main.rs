//! Breaks greenroom's world under it and measures what is left: one figure for each promise.
//!
//! Everything here drives the real program and reads its files by docs/format.md alone; none of its code is used.

#![cfg(target_os = "linux")]

mod disk;
mod failing;
mod feed;
mod folder;
mod full;
mod kill;
mod long;
mod microphone;
mod place;
mod power;
mod program;
mod report;
#[path = "../../tests/support/rig.rs"]
mod rig;
mod room;
mod sequence;
mod signals;
mod stopped;
mod two;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use place::Place;
use program::Told;

/// A torture.
struct Torture {
    name: &'static str,
    about: &'static str,
    run: fn(&Place) -> Told<()>,
    /// Whether it is run when nobody names it.
    usual: bool,
}

const TORTURES: &[Torture] = &[
    Torture {
        name: "kill",
        about: "kill -9 at 125 random instants, and at 15 with syncs of 900 ms; repaired, repaired again, resumed",
        run: kill::run,
        usual: true,
    },
    Torture {
        name: "power",
        about: "the power cut at 30 instants of 4 sessions each on ext4 (root)",
        run: power::run,
        usual: true,
    },
    Torture {
        name: "signals",
        about: "SIGTERM, SIGINT once and twice, a closed terminal",
        run: signals::run,
        usual: true,
    },
    Torture {
        name: "full",
        about: "file-size limit; tmpfs and ext4 filled to the brim, a quota (root)",
        run: full::run,
        usual: true,
    },
    Torture {
        name: "disk",
        about: "syncs of 900 ms; EIO from sync, write and rename (cc)",
        run: failing::run,
        usual: true,
    },
    Torture {
        name: "two",
        about: "two programs on one session; a lock whose owner is dead",
        run: two::run,
        usual: true,
    },
    Torture {
        name: "stopped",
        about: "SIGSTOP for 4 s; pipe, and pulse and ALSA on a private sound server",
        run: stopped::run,
        usual: true,
    },
    Torture {
        name: "microphone",
        about: "removed, suspended, moved, muted, zeros, another rate; server killed and hung",
        run: microphone::run,
        usual: true,
    },
    Torture {
        name: "ten-hours",
        about: "an answer of ten hours as fast as it goes; 3.5 GB of disk",
        run: long::ten_hours,
        usual: true,
    },
    Torture {
        name: "hour",
        about: "an answer of an hour in real time under load, every frame compared",
        run: long::hour,
        usual: false,
    },
];

const USAGE: &str = "torture/run [--list] [--table] [--seed N] [--minutes N] [--busy N] [NAME…]";

struct Options {
    program: PathBuf,
    names: Vec<String>,
    list: bool,
    table: bool,
    seed: u64,
    minutes: u64,
    busy: usize,
}

fn options() -> Told<Options> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seed = u64::from(since.subsec_nanos()) % 1_000_000;
    let mut options = Options {
        program: PathBuf::from("target/release/greenroom"),
        names: Vec::new(),
        list: false,
        table: false,
        seed,
        minutes: 60,
        busy: 2,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--list" => options.list = true,
            "--table" => options.table = true,
            "--program" => options.program = words.next().ok_or("--program needs a path")?.into(),
            "--minutes" => {
                options.minutes = words.next().and_then(|n| n.parse().ok()).ok_or("--minutes needs a number")?;
            }
            "--busy" => {
                options.busy = words.next().and_then(|n| n.parse().ok()).ok_or("--busy needs a number")?;
            }
            "--seed" => {
                options.seed = words.next().and_then(|n| n.parse().ok()).ok_or("--seed needs a number")?;
            }
            name if TORTURES.iter().any(|torture| torture.name == name) => options.names.push(name.to_owned()),
            other => return Err(format!("there is no torture {other:?}: {USAGE}")),
        }
    }
    Ok(options)
}

fn main() -> ExitCode {
    let options = match options() {
        Ok(options) => options,
        Err(error) => {
            eprintln!("torture: {error}");
            return ExitCode::from(2);
        }
    };
    if options.list {
        for torture in TORTURES {
            println!("{:12}{}{}", torture.name, torture.about, if torture.usual { "" } else { " (only when named)" });
        }
        return ExitCode::SUCCESS;
    }
    match run(&options) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("torture: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs what was asked for; gives the number of promises that were broken.
fn run(options: &Options) -> Told<usize> {
    let root = own_mounts();
    let program = options.program.canonicalize().map_err(|error| format!("{:?}: {error}", options.program))?;
    let place = Place::new(program, options.seed, (options.minutes, options.busy), root)?;
    println!("seed {}", options.seed);
    let asked = |torture: &&Torture| match &options.names[..] {
        [] => torture.usual,
        names => names.iter().any(|name| name == torture.name),
    };
    for torture in TORTURES.iter().filter(asked) {
        let began = Instant::now();
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| (torture.run)(&place)));
        let error = match done {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error),
            Err(_) => Some("it panicked; see above".to_owned()),
        };
        if let Some(error) = error {
            place.report.holds(torture.name, error, "it can be carried out", false);
        }
        eprintln!("{} took {:.0} s", torture.name, began.elapsed().as_secs_f64());
    }
    if options.table {
        println!("\n{}", place.report.table());
    }
    let (kept, broken) = place.report.count();
    println!("{kept} promises kept, {broken} broken");
    Ok(broken)
}

/// Takes leave of the machine's mounts, so that what is mounted here is seen nowhere else and ends with this program;
/// false where this is not root.
fn own_mounts() -> bool {
    // SAFETY: these calls take numbers and strings that live through them; no thread runs yet.
    unsafe {
        libc::geteuid() == 0
            && libc::unshare(libc::CLONE_NEWNS) == 0
            && libc::mount(
                c"none".as_ptr(),
                c"/".as_ptr(),
                std::ptr::null(),
                libc::MS_REC | libc::MS_PRIVATE,
                std::ptr::null(),
            ) == 0
    }
}

/// Why a torture that needs root, these tools and these devices cannot be carried out.
fn missing(place: &Place, tools: &[&str], devices: &[&str]) -> Option<String> {
    let tool = tools.iter().find(|tool| !place::has(tool)).map(|tool| format!("{tool} is not installed"));
    let device = devices.iter().find(|path| !std::path::Path::new(path).exists()).map(|path| format!("no {path}"));
    (!place.root).then(|| "it needs root".to_owned()).or(tool).or(device)
}
