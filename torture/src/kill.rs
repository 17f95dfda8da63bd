//! The program is killed at random instants of many sessions.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use crate::folder::{Schedule, raw, strict};
use crate::place::{Dice, Place, seconds};
use crate::program::Told;
use crate::report::worst;

/// So many sessions run at once, so many times over.
const AT_ONCE: usize = 25;
const WAVES: usize = 5;
/// Three takes of this length make a session.
const TAKE: f64 = 2.5;
const TURNS: usize = 3;

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
        all.extend(thread::scope(|scope| {
            let start = |(number, moment)| {
                let name = format!("kill-{wave}-{number}");
                scope.spawn(move || one(place, schedule, &name, moment).map_err(|error| format!("{name}: {error}")))
            };
            let running: Vec<_> = moments.into_iter().enumerate().map(start).collect();
            running.into_iter().map(|one| one.join().expect("no kill panics")).collect::<Vec<_>>()
        }));
    }
    let count = all.len();
    let mut wrong = Vec::new();
    let mut killed = Vec::new();
    for each in all {
        match each {
            Ok(each) => {
                wrong.extend(each.wrong.iter().cloned());
                killed.push(each);
            }
            Err(error) => wrong.push(error),
        }
    }
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
    Ok(())
}

fn one(place: &Place, schedule: Schedule, name: &str, moment: Duration) -> Told<Killed> {
    let mut live = place.live(name, place.home(name)?, schedule, |_| {})?;
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
        match live.home.resume(&session, &place.answers()) {
            Ok(()) => killed.resumed = true,
            Err(error) => wrong.push(error),
        }
        wrong.extend(
            takes.iter().filter(|(take, bytes)| raw(take) != **bytes).map(|(take, _)| format!("{take:?} was changed")),
        );
        wrong.extend(session.flaws());
        let manifest = session.manifest()?;
        if manifest["outcome"] != "finished" {
            wrong.push(format!("after it was resumed it is {}", manifest["outcome"]));
        }
    }
    let told = |what: String| format!("{name}, killed after {moment:?}: {what}");
    killed.wrong.extend(wrong);
    killed.wrong = killed.wrong.into_iter().map(told).collect();
    let _ = std::fs::remove_dir_all(&live.home.root);
    Ok(killed)
}
