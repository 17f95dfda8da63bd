//! The program is killed at random instants of many sessions, also while the disk is slow.

use std::collections::BTreeMap;
use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::failing::shim;
use crate::folder::{Schedule, raw, strict};
use crate::place::{Dice, Place, has, seconds};
use crate::program::Told;
use crate::report::worst;

/// So many sessions run at once, so many times over.
const AT_ONCE: usize = 25;
const WAVES: usize = 5;
/// Three takes of this length make a session.
const TAKE: f64 = 2.5;
const TURNS: usize = 3;
/// So many sessions are killed while each sync takes 900 ms, and each of them in a take.
const SLOW: usize = 15;
const SLOW_SYNC: (&str, &str) = ("TORTURE_SYNC_MS", "900");

/// What became of one.
struct Killed {
    /// Whether it was recording.
    recording: bool,
    unreadable: f64,
    lost: f64,
    wrong: Vec<String>,
    resumed: bool,
}

/// Runs the torture.
pub fn run(place: &Place) -> Told<()> {
    let schedule = place.schedule(TURNS, TAKE);
    let mut dice = Dice::new(place.seed, "kill");
    // Up to the end and a little more.
    let end = Duration::from_secs_f64(seconds(schedule.end()) + 0.3);
    let mut all = Vec::new();
    for wave in 0..WAVES {
        let moments: Vec<_> = (0..AT_ONCE).map(|_| dice.moment(end)).collect();
        all.extend(at_once(place, schedule, &format!("kill-{wave}"), &moments, None));
    }
    let (killed, wrong) = sorted(all);
    let count = WAVES * AT_ONCE;
    let recording = killed.iter().filter(|each| each.recording).count();
    let resumed = killed.iter().filter(|each| each.resumed).count();
    let of = format!("{count} kills, {recording} of them in a take, {resumed} sessions resumed");
    let report = &place.report;
    report.holds("kill, kills", count, "at least 100", count >= 100);
    report.seconds(
        "kill, unreadable before repair",
        "at worst, strict reader",
        worst(killed.iter().map(|each| each.unreadable)),
        2.2,
    );
    report.seconds("kill, lost after repair", "at worst", worst(killed.iter().map(|each| each.lost)), 0.25);
    let promise = "bit-exact; a second repair changes no byte; resumed without a hand on it";
    report.none("kill, what is left", &of, &wrong, promise);
    slowly(place, schedule, &mut dice, promise)
}

/// The same while each sync takes 900 ms, in the first take, in the second and in the third.
fn slowly(place: &Place, schedule: Schedule, dice: &mut Dice, promise: &str) -> Told<()> {
    if !has("cc") {
        place.report.skipped("kill, syncs of 900 ms", "cc is not installed");
        return Ok(());
    }
    let shim = shim(place)?;
    let take = Duration::from_secs_f64(seconds(schedule.take));
    let moment = |number: usize| {
        let turn = (number % TURNS) as u64;
        let begins = turn * (schedule.take + schedule.between) + schedule.between;
        Duration::from_secs_f64(seconds(begins)) + dice.moment(take)
    };
    let moments: Vec<_> = (0..SLOW).map(moment).collect();
    let (killed, wrong) = sorted(at_once(place, schedule, "kill-slow", &moments, Some(&shim)));
    let name = "kill, syncs of 900 ms";
    place.report.seconds(name, "lost after repair, at worst", worst(killed.iter().map(|each| each.lost)), 0.25);
    place.report.none(name, &format!("{SLOW} kills in a take"), &wrong, promise);
    Ok(())
}

/// Kills a session at each of these moments.
fn at_once(
    place: &Place,
    schedule: Schedule,
    name: &str,
    moments: &[Duration],
    shim: Option<&Path>,
) -> Vec<Told<Killed>> {
    thread::scope(|scope| {
        let start = |(number, moment): (usize, &Duration)| {
            let (name, moment) = (format!("{name}-{number}"), *moment);
            scope.spawn(move || one(place, schedule, &name, moment, shim).map_err(|error| format!("{name}: {error}")))
        };
        let running: Vec<_> = moments.iter().enumerate().map(start).collect();
        running.into_iter().map(|one| one.join().expect("no kill panics")).collect()
    })
}

/// What became of them, and all that was wrong.
fn sorted(all: Vec<Told<Killed>>) -> (Vec<Killed>, Vec<String>) {
    let (mut killed, mut wrong) = (Vec::new(), Vec::new());
    for each in all {
        match each {
            Ok(each) => {
                wrong.extend(each.wrong.iter().cloned());
                killed.push(each);
            }
            Err(error) => wrong.push(error),
        }
    }
    (killed, wrong)
}

fn one(place: &Place, schedule: Schedule, name: &str, moment: Duration, shim: Option<&Path>) -> Told<Killed> {
    let mut live = place.live(name, place.home(name)?, schedule, |command| {
        if let Some(shim) = shim {
            command.env("LD_PRELOAD", shim).envs([SLOW_SYNC]);
        }
    })?;
    live.wait_until(moment);
    live.run.kill();
    live.feed.stop();
    let taken = live.feed.taken();
    let session = live.home.session().ok_or("there is no session")?;
    let journal = session.journal();
    let opened = journal.opened();
    let recording = opened.len() > journal.of("close-take").count();
    let before = session.account(schedule, &opened, taken, strict);
    let mut killed =
        Killed { recording, unreadable: seconds(before.lost), lost: 0.0, wrong: before.wrong, resumed: false };
    let mut wrong = Vec::new();
    let finished = journal.of("finish").next().is_some();

    let bytes: BTreeMap<_, _> = session.takes().into_iter().map(|take| (take.clone(), raw(&take))).collect();
    wrong.extend(live.home.repair(&session).err());
    let after = session.account(schedule, &opened, taken, strict);
    killed.lost = seconds(after.lost);
    wrong.extend(after.wrong.into_iter().chain(after.closed));
    wrong.extend(session.flaws());
    for (take, before) in &bytes {
        // A repair may cut half a sample; it neither makes nor changes one.
        if raw(take) != *before {
            wrong.push(format!("{}: the repair changed its samples", take.display()));
        }
    }
    let once = session.content();
    wrong.extend(live.home.repair(&session).err());
    if session.content() != once {
        wrong.push("a second repair changed something".to_owned());
    }

    if !finished {
        let takes: BTreeMap<_, _> = session.takes().into_iter().map(|take| (take.clone(), raw(&take))).collect();
        let resumed = live.home.resume(&session, &place.answers());
        killed.resumed = resumed.is_ok();
        // Killed after its last answer and before its end, it has nothing to go on with, and says so.
        let over = session.all_answered()? && resumed.as_ref().is_err_and(|error| error.contains("every question"));
        if !over {
            wrong.extend(resumed.err());
        }
        wrong.extend(
            takes.iter().filter(|(take, bytes)| raw(take) != **bytes).map(|(take, _)| format!("{take:?} was changed")),
        );
        wrong.extend(session.flaws());
        let manifest = session.manifest()?;
        if !over && manifest["outcome"] != "finished" {
            wrong.push(format!("after it was resumed it is {}", manifest["outcome"]));
        }
    }
    let told = |what: String| format!("{name}, killed after {moment:?}: {what}");
    killed.wrong.extend(wrong);
    killed.wrong = killed.wrong.into_iter().map(told).collect();
    let _ = std::fs::remove_dir_all(&live.home.root);
    Ok(killed)
}
