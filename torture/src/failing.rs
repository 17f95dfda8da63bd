//! The disk is slow, or fails: a shim that is loaded before the C library stands between the program and it.

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use crate::folder::{Schedule, raw, strict};
use crate::full::resumed;
use crate::place::{Live, Place, has, seconds, tool};
use crate::program::{Told, ending};
use crate::report::worst;

/// A session of so many takes of so many seconds.
const TURNS: usize = 3;
const TAKE: f64 = 3.0;
/// A line on the screen may be so late on a busy machine, and no later because of the disk.
const LATE: f64 = 0.5;
/// What no sync has vouched for is not trusted; there may be as much of it as a power cut takes.
const UNNAMED: f64 = 2.2;
/// What a slow disk may make the end of the session wait: the last take's and the journal's syncs.
const LAST: Duration = Duration::from_secs(20);

/// A way in which a disk fails.
struct Fault {
    name: &'static str,
    shim: &'static [(&'static str, &'static str)],
    /// Whether the session may go on all the same.
    bearable: bool,
    /// Whether what was recorded after the fault may be missing.
    stops: bool,
}

const FAULTS: &[Fault] = &[
    Fault {
        name: "EIO from a take's 3rd sync",
        shim: &[("TORTURE_ONLY", "/takes/"), ("TORTURE_SYNC_FAILS", "3")],
        bearable: false,
        stops: true,
    },
    Fault {
        name: "EIO from every sync after the 12th",
        shim: &[("TORTURE_ONLY", "/recordings/"), ("TORTURE_SYNC_FAILS", "12")],
        bearable: false,
        stops: true,
    },
    Fault {
        name: "EIO from writing a take",
        shim: &[("TORTURE_ONLY", "/takes/"), ("TORTURE_WRITE_FAILS", "200044")],
        bearable: false,
        stops: true,
    },
    Fault {
        name: "EIO from every write",
        shim: &[("TORTURE_ONLY", "/recordings/"), ("TORTURE_WRITE_MS", "4000")],
        bearable: false,
        stops: true,
    },
    Fault {
        name: "EDQUOT from writing a take",
        shim: &[("TORTURE_ONLY", "/takes/"), ("TORTURE_WRITE_FAILS", "200045"), ("TORTURE_WRITE_ERRNO", "122")],
        bearable: false,
        stops: true,
    },
    Fault { name: "EIO from renames", shim: &[("TORTURE_RENAME_FAILS", "3500")], bearable: true, stops: false },
];

/// Runs the torture.
pub fn run(place: &Place) -> Told<()> {
    if !has("cc") {
        place.report.skipped("disk", "cc is not installed");
        return Ok(());
    }
    let shim = shim(place)?;
    let schedule = place.schedule(TURNS, TAKE);
    thread::scope(|scope| {
        let slowly = scope.spawn(|| slow(place, schedule, &shim));
        let failing: Vec<_> = FAULTS
            .iter()
            .enumerate()
            .map(|(number, fault)| {
                let shim = &shim;
                (fault.name, scope.spawn(move || one(place, schedule, shim, number, fault)))
            })
            .collect();
        let slowly = slowly.join().expect("no session panics");
        for (name, one) in failing {
            let name = format!("disk, {name}");
            let (unnamed, wrong) = one.join().expect("no session panics").unwrap_or_else(|error| (0, vec![error]));
            let promise = "what is there is kept, it is said, no failed sync is trusted, status 1, resumed";
            place.report.seconds(&name, "in the file and named by nothing", seconds(unnamed), UNNAMED);
            place.report.none(&name, "the checks of a session", &wrong, promise);
        }
        slowly
    })
}

/// Compiles the shim.
pub fn shim(place: &Place) -> Told<PathBuf> {
    let shim = place.path("shim.so");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/shim.c");
    tool("cc", &["-shared", "-fPIC", "-O1", "-o", &shim.to_string_lossy(), source, "-lpthread"])?;
    Ok(shim)
}

fn start(
    place: &Place,
    schedule: Schedule,
    shim: &PathBuf,
    name: &str,
    words: &[(&str, &str)],
) -> Told<(Live, PathBuf)> {
    let log = place.path(&format!("{name}.log"));
    let live = place.live(name, place.home(name)?, schedule, |command| {
        command.env("LD_PRELOAD", shim).env("TORTURE_LOG", &log).envs(words.iter().copied());
    })?;
    Ok((live, log))
}

/// Every sync takes 900 ms.
fn slow(place: &Place, schedule: Schedule, shim: &PathBuf) -> Told<()> {
    let (mut live, log) = start(place, schedule, shim, "disk-slow", &[("TORTURE_SYNC_MS", "900")])?;
    let mut wrong = Vec::new();
    let mut late = Vec::new();
    for turn in 0..schedule.turns as u64 {
        let (when, _) = live.run.expect(&["Answer now"], LAST)?;
        let due =
            live.began + Duration::from_secs_f64(seconds(turn * (schedule.take + schedule.between) + schedule.between));
        late.push(when.saturating_duration_since(due).as_secs_f64());
    }
    let status = live.run.end(LAST)?;
    if !status.success() {
        wrong.push(format!("it ended with {}; {}", ending(status), live.run.said()));
    }
    let session = live.home.session().ok_or("there is no session")?;
    let account = session.account(schedule, &session.journal().opened(), u64::MAX, strict);
    wrong.extend(account.wrong.into_iter().chain(account.closed));
    wrong.extend(session.flaws());
    let manifest = session.manifest()?;
    for take in manifest["turns"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|turn| turn["takes"].as_array().cloned().unwrap_or_default())
    {
        if take["dropped"] != 0 {
            wrong.push(format!("{} has {} dropped frames", take["file"], take["dropped"]));
        }
    }
    let syncs = fs::read_to_string(log).unwrap_or_default().lines().filter(|line| line.contains("sync ok")).count();
    let report = &place.report;
    report.seconds("disk, syncs of 900 ms", "of sound lost", seconds(account.lost), 0.0);
    report.seconds("disk, syncs of 900 ms", "a line on the screen was late, at worst", worst(late), LATE);
    report.none(
        "disk, syncs of 900 ms",
        &format!("{TURNS} takes, {syncs} syncs"),
        &wrong,
        "every sample, none dropped",
    );
    Ok(())
}

fn one(place: &Place, schedule: Schedule, shim: &PathBuf, number: usize, fault: &Fault) -> Told<(u64, Vec<String>)> {
    let (mut live, log) = start(place, schedule, shim, &format!("disk-{number}"), fault.shim)?;
    let status = live.run.end(Duration::from_secs(40))?;
    live.feed.stop();
    let mut wrong = Vec::new();
    let right = status.code() == Some(1) || fault.bearable && status.success();
    if !right {
        wrong.push(format!("it ended with {}", ending(status)));
    }
    if status.success() && fault.stops {
        wrong.push("it did not notice".to_owned());
    } else if live.run.errors().trim().is_empty() && !live.run.heard.iter().any(|(_, line)| line.starts_with("Note:")) {
        wrong.push(format!("nothing is said: {}", live.run.said()));
    }
    let faults = fs::read_to_string(&log).unwrap_or_default();
    wrong.extend(trusted(&faults));
    if faults.lines().count() < 2 {
        wrong.push(format!("the shim saw nothing: {faults:?}"));
    }
    let session = live.home.session().ok_or("there is no session")?;
    let opened = session.journal().opened();
    // What the program ends with may be read by anything; what a repair may still find is checked after it.
    let before: Vec<_> = session.takes().into_iter().map(|take| (raw(&take).len(), take)).collect();
    for (kept, take) in &before {
        let kept = *kept;
        match strict(take) {
            Ok(samples) if samples.len() == kept => {}
            // Where no header can be written any more, or where it would name what no sync has vouched for, the sound
            // is there for the repair to name.
            Ok(_) if faults.contains("EIO") || faults.contains("write 5") => {}
            Ok(samples) => wrong.push(format!("{}: {} of {kept} frames are readable", take.display(), samples.len())),
            Err(_) if kept == 0 => {}
            Err(error) => wrong.push(error),
        }
    }
    wrong.extend(live.home.repair(&session).err());
    let mut unnamed = 0;
    for (kept, take) in &before {
        let named = strict(take).map_or(0, |samples| samples.len());
        unnamed += kept.saturating_sub(named) as u64;
        if named > *kept || raw(take).len() != *kept {
            wrong.push(format!("{}: {named} frames after a repair, {kept} before it", take.display()));
        }
    }
    let account = session.account(schedule, &opened, live.feed.taken(), strict);
    wrong.extend(account.wrong.into_iter().chain(account.closed));
    wrong.extend(session.flaws());
    if !fault.stops && account.lost > 0 {
        wrong.push(format!("{} frames are lost", account.lost));
    }
    if session.manifest()?["outcome"] != "finished" {
        wrong.extend(resumed(&live.home, &session, &place.answers()));
    }
    Ok((unnamed, wrong))
}

/// The syncs of a file that came after one of it had failed.
fn trusted(log: &str) -> Vec<String> {
    let mut failed = Vec::new();
    let mut wrong = Vec::new();
    for line in log.lines().filter(|line| line.contains("sync ")) {
        let mut words = line.splitn(3, ' ');
        let (_, what, file) = (words.next(), words.next().unwrap_or_default(), words.next().unwrap_or_default());
        if failed.contains(&file) && file.ends_with(".wav") {
            wrong.push(format!("{file} was synced again after a sync of it had failed"));
        }
        if what == "EIO" {
            failed.push(file);
        }
    }
    wrong.dedup();
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sync_after_a_failed_one_is_found() {
        let log = "loaded\nfdatasync ok /s/takes/a.wav\nfdatasync EIO /s/takes/a.wav\nfdatasync ok /s/takes/b.wav\n";
        assert!(trusted(log).is_empty());
        assert_eq!(trusted(&(log.to_owned() + "fsync ok /s/takes/a.wav\n")).len(), 1);
    }
}
