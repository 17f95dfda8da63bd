//! The program is asked to end: by a signal, by two, by a terminal that is closed.

use std::fs::File;
use std::io::Read;
use std::os::fd::{FromRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use crate::feed::Feed;
use crate::folder::{Folder, Schedule, strict};
use crate::place::{Dice, Place, seconds};
use crate::program::{Home, Run, Told, ending, said};
use crate::report::worst;

/// So many of each way, all at once.
const OF_EACH: usize = 6;
const TAKE: f64 = 2.5;
const TURNS: usize = 2;
/// Within this time the program has to be out.
const OUT: f64 = 3.0;
const LOST: f64 = 0.1;

/// A way of asking.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Term,
    Interrupt,
    Twice,
    ClosedTerminal,
}

const WAYS: [(Way, &str); 4] = [
    (Way::Term, "SIGTERM"),
    (Way::Interrupt, "SIGINT"),
    (Way::Twice, "SIGINT twice"),
    (Way::ClosedTerminal, "SIGHUP, terminal closed"),
];

struct Ended {
    out: f64,
    lost: f64,
    wrong: Vec<String>,
}

/// Runs the torture.
pub fn run(place: &Place) -> Told<()> {
    let schedule = place.schedule(TURNS, TAKE);
    let mut dice = Dice::new(place.seed, "signals");
    let end = Duration::from_secs_f64(seconds(schedule.end()) - 0.2);
    for (way, words) in WAYS {
        // The pause before a second signal is short, as a hand's or a service manager's is.
        let moments: Vec<_> =
            (0..OF_EACH).map(|_| (dice.moment(end), dice.moment(Duration::from_millis(150)))).collect();
        let all = thread::scope(|scope| {
            let start = |(number, (moment, pause))| {
                let name = format!("signals-{}-{number}", words.replace([' ', ','], ""));
                scope.spawn(move || {
                    one(place, schedule, &name, way, moment, pause)
                        .map_err(|error| format!("{name}, after {moment:?}: {error}"))
                })
            };
            let running: Vec<_> = moments.into_iter().enumerate().map(start).collect();
            running.into_iter().map(|one| one.join().expect("no session panics")).collect::<Vec<_>>()
        });
        let (mut ended, mut wrong) = (Vec::new(), Vec::new());
        for each in all {
            match each {
                Ok(each) => {
                    wrong.extend(each.wrong.iter().cloned());
                    ended.push(each);
                }
                Err(error) => wrong.push(error),
            }
        }
        let report = &place.report;
        report.seconds(&format!("signals, {words}"), "until it was out", worst(ended.iter().map(|e| e.out)), OUT);
        report.seconds(&format!("signals, {words}"), "lost", worst(ended.iter().map(|e| e.lost)), LOST);
        let promise = "no repair needed, ended by itself";
        report.none(&format!("signals, {words}"), &format!("{OF_EACH} sessions"), &wrong, promise);
    }
    Ok(())
}

fn one(place: &Place, schedule: Schedule, name: &str, way: Way, moment: Duration, pause: Duration) -> Told<Ended> {
    if way == Way::ClosedTerminal {
        return closed(place, schedule, name, moment);
    }
    let mut live = place.live(name, place.home(name)?, schedule, |_| {})?;
    live.wait_until(moment);
    let taken = live.feed.taken();
    let asked = Instant::now();
    live.run.signal(if way == Way::Term { libc::SIGTERM } else { libc::SIGINT });
    if way == Way::Twice {
        thread::sleep(pause);
        if live.run.runs() {
            live.run.signal(libc::SIGINT);
        }
    }
    let status = live.run.end(Duration::from_secs(15))?;
    let out = asked.elapsed().as_secs_f64();
    let mut wrong = Vec::new();
    if status.code() != Some(130) {
        wrong.push(format!("{name}: it ended with {}, not with status 130; {}", ending(status), live.run.said()));
    }
    judge(&live.home, schedule, taken, out, wrong, name)
}

/// The window of the terminal is closed.
fn closed(place: &Place, schedule: Schedule, name: &str, moment: Duration) -> Told<Ended> {
    let home = place.home(name)?;
    let mut feed = said("a pipe")(Feed::new(place.path(&format!("{name}.pipe"))))?;
    let (mut master, slave) = terminal()?;
    let input = format!("pcm:{}", feed.path.display());
    let limit = format!("{}ms", schedule.take / 48);
    let turns = schedule.turns.to_string();
    let mut command = home.command(&["rehearse", "--bank", "torture", "--order", "listed", "--no-voice"]);
    command.args(["--output", "none", "--count", &turns, "--limit", &limit, "--input", &input]);
    command.env("TERM", "xterm-256color");
    let end = |slave: &OwnedFd| said("the terminal")(slave.try_clone()).map(Stdio::from);
    command.stdin(end(&slave)?).stderr(end(&slave)?);
    // SAFETY: these calls may be made between fork and exec; they take numbers alone.
    unsafe {
        command.pre_exec(|| {
            if libc::setsid() < 0 || libc::ioctl(0, libc::TIOCSCTTY, 0) < 0 {
                return Err(std::io::Error::last_os_error());
            }
            Ok(())
        });
    }
    let mut run = Run::on_terminal(command, end(&slave)?)?;
    drop(slave);
    // What is drawn is taken in, as a terminal does.
    let mut screen = [0; 4096];
    let mut drawn = 0;
    while drawn < 200 {
        drawn += said("the screen")(master.read(&mut screen))?;
    }
    feed.flow();
    let began = Instant::now();
    while began.elapsed() < moment {
        said("the screen")(master.read(&mut screen))?;
    }
    let taken = feed.taken();
    let asked = Instant::now();
    drop(master);
    let status = run.end(Duration::from_secs(15))?;
    let out = asked.elapsed().as_secs_f64();
    let mut wrong = Vec::new();
    if status.code().is_none() {
        wrong.push(format!("{name}: it ended with {}", ending(status)));
    }
    judge(&home, schedule, taken, out, wrong, name)
}

/// A terminal: the end of the window, and that of the program.
fn terminal() -> Told<(File, OwnedFd)> {
    let (mut master, mut slave) = (0, 0);
    let size = libc::winsize { ws_row: 30, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: every pointer is to something that lives through the call, or null where that is allowed.
    let made = unsafe { libc::openpty(&mut master, &mut slave, std::ptr::null_mut(), std::ptr::null_mut(), &size) };
    if made != 0 {
        return Err(format!("a terminal: {}", std::io::Error::last_os_error()));
    }
    for end in [master, slave] {
        // SAFETY: the descriptor was just opened; programs that are started meanwhile must not hold it open.
        unsafe { libc::fcntl(end, libc::F_SETFD, libc::FD_CLOEXEC) };
    }
    // SAFETY: both descriptors were just opened and belong to nobody else.
    Ok(unsafe { (File::from_raw_fd(master), OwnedFd::from_raw_fd(slave)) })
}

fn judge(home: &Home, schedule: Schedule, taken: u64, out: f64, mut wrong: Vec<String>, name: &str) -> Told<Ended> {
    let session: Folder = home.session().ok_or("there is no session")?;
    let told = |what: String| format!("{name}: {what}");
    wrong.extend(session.flaws().into_iter().map(told));
    let account = session.account(schedule, &session.journal().opened(), taken, strict);
    wrong.extend(account.wrong.into_iter().chain(account.closed).map(told));
    let before = session.content();
    wrong.extend(home.repair(&session).err().map(told));
    if session.content() != before {
        wrong.push(told("it needed a repair".to_owned()));
    }
    if session.manifest()?["outcome"] != "interrupted" {
        wrong.push(told(format!("the outcome is {}", session.manifest()?["outcome"])));
    }
    Ok(Ended { out, lost: seconds(account.lost), wrong })
}
