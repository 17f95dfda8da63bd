//! The power is cut while sessions record onto an ext4 file system.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use crate::disk::{Disk, Platter};
use crate::folder::{Folder, Schedule, strict};
use crate::place::{Dice, Live, Place, has, seconds};
use crate::program::{Home, Told};

const SIZE: u64 = 160 << 20;
/// So many sessions at once on a disk, so many disks, so many cuts of each.
const SESSIONS: usize = 4;
const DISKS: usize = 2;
const CUTS: usize = 15;
/// What may be lost, in seconds.
const LOST: f64 = 2.2;
const TAKE: f64 = 2.5;
const TURNS: usize = 2;
/// The environment that tells the program in which boot of the machine it is.
const BOOT: &str = "GREENROOM_BOOT_ID";

/// What was there at the moment of a cut.
struct Cut {
    moment: Duration,
    kept: f64,
    left: Platter,
    sessions: Vec<Witness>,
}

/// What is known of a session from outside.
struct Witness {
    name: String,
    session: Option<String>,
    taken: u64,
    opened: BTreeMap<usize, u64>,
}

#[derive(Default)]
struct Found {
    worst: f64,
    takes: usize,
    wrong: Vec<String>,
}

/// Runs the torture.
pub fn run(place: &Place) -> Told<()> {
    if let Some(why) =
        super::missing(place, &["mkfs.ext4", "losetup", "mount", "umount"], &["/dev/fuse", "/dev/loop-control"])
    {
        place.report.skipped("power", &why);
        return Ok(());
    }
    let schedule = place.schedule(TURNS, TAKE);
    let mut dice = Dice::new(place.seed, "power");
    let mut found = Found::default();
    let mut flushes = 0;
    for number in 0..DISKS {
        let name = format!("power-{number}");
        let (cuts, flushed) = record(place, &name, schedule, None, &mut dice)?;
        flushes += flushed;
        judge_all(place, &name, cuts, schedule, &mut found);
    }
    let report = &place.report;
    let cuts = CUTS * DISKS;
    report.holds(
        "power, cuts",
        format!("{cuts}, of {SESSIONS} sessions each; {flushes} flushes"),
        "at least 20",
        cuts >= 20,
    );
    report.seconds("power, lost", "at worst", found.worst, LOST);
    let of = format!("{} sessions with {} takes", cuts * SESSIONS, found.takes);
    let promise = "no foreign sample; journal and manifest valid; a second repair changes no byte";
    report.none("power, what is left", &of, &found.wrong, promise);
    control(place, schedule, &mut dice)
}

/// The same with syncs that do nothing: where that loses no more, this torture proves nothing.
fn control(place: &Place, schedule: Schedule, dice: &mut Dice) -> Told<()> {
    if !has("cc") {
        place.report.skipped("power, control", "cc is not installed");
        return Ok(());
    }
    let shim = crate::failing::shim(place)?;
    let (cuts, _) = record(place, "power-control", schedule, Some(&shim), dice)?;
    let mut found = Found::default();
    judge_all(place, "power-control", cuts, schedule, &mut found);
    let figure = format!("{:.3} s lost at worst with syncs that do nothing", found.worst);
    place.report.holds("power, control", figure, "more than with syncs, or nothing is proved", found.worst > LOST);
    Ok(())
}

fn judge_all(place: &Place, disk: &str, cuts: Vec<Cut>, schedule: Schedule, found: &mut Found) {
    for (nth, cut) in cuts.into_iter().enumerate() {
        let name = format!("{disk}-{nth}");
        let at = format!("{name}, cut after {:?}, {} of the unflushed kept", cut.moment, cut.kept);
        if let Err(error) = judge(place, &name, cut, schedule, found) {
            found.wrong.push(format!("{at}: {error}"));
        }
    }
}

/// Records onto a disk and cuts its power again and again, as far as copies of it are concerned.
fn record(
    place: &Place,
    name: &str,
    schedule: Schedule,
    shim: Option<&Path>,
    dice: &mut Dice,
) -> Told<(Vec<Cut>, u64)> {
    let mut disk = Disk::new(Platter::default(), SIZE, &place.path(name))?;
    disk.format()?;
    let mounted = disk.mount()?;
    let mut running: Vec<Live> = Vec::new();
    for session in 0..SESSIONS {
        let home = Home::make(&place.program, mounted.join(format!("home-{session}")))?.with(BOOT, "before");
        running.push(place.live(&format!("{name}-{session}"), home, schedule, |command| {
            if let Some(shim) = shim {
                command.env("LD_PRELOAD", shim).env("TORTURE_SYNC_LIES", "1");
            }
        })?);
    }
    let end = Duration::from_secs_f64(seconds(schedule.end()) + 0.2);
    let mut moments: Vec<_> = (0..CUTS).map(|_| dice.moment(end)).collect();
    moments.sort();
    let mut cuts = Vec::new();
    for (nth, moment) in moments.into_iter().enumerate() {
        running[SESSIONS - 1].wait_until(moment);
        let kept = [0.0, 0.5, 1.0][nth % 3];
        let (taken, left) = {
            let platter = disk.hold();
            let taken: Vec<_> = running.iter().map(|live| live.feed.taken()).collect();
            (taken, platter.cut(kept, dice))
        };
        let witness = |(live, taken): (&Live, u64)| {
            let session = live.home.session();
            let opened = session.as_ref().map(|session| session.journal().opened()).unwrap_or_default();
            let name = live.home.root.file_name().unwrap_or_default().to_string_lossy().into_owned();
            Witness { name, session: session.map(|session| session.name()), taken, opened }
        };
        let sessions = running.iter().zip(taken).map(witness).collect();
        cuts.push(Cut { moment, kept, left, sessions });
    }
    for live in &mut running {
        live.run.kill();
    }
    let flushes = disk.hold().flushes;
    Ok((cuts, flushes))
}

/// Looks at what is on a disk after the cut.
fn judge(place: &Place, name: &str, cut: Cut, schedule: Schedule, found: &mut Found) -> Told<()> {
    let mut disk = Disk::new(cut.left, SIZE, &place.path(name))?;
    let mounted = disk.mount()?;
    for witness in &cut.sessions {
        let said = judge_one(place, &mounted, witness, schedule, found);
        let at =
            format!("{name}, cut after {:?} with {} of the unflushed kept, {}", cut.moment, cut.kept, witness.name);
        found.wrong.extend(said.into_iter().map(|what| format!("{at}: {what}")));
    }
    Ok(())
}

fn judge_one(place: &Place, mounted: &Path, witness: &Witness, schedule: Schedule, found: &mut Found) -> Vec<String> {
    let mut wrong = Vec::new();
    let home = match Home::make(&place.program, mounted.join(&witness.name)) {
        Ok(home) => home.with(BOOT, "after"),
        Err(error) => return vec![error],
    };
    let session = home.sessions().into_iter().next();
    let there = session.is_some();
    let session = session
        .unwrap_or(Folder { path: home.root.join("recordings").join(witness.session.as_deref().unwrap_or("none")) });
    if there {
        wrong.extend(home.repair(&session).err());
        let once = session.content();
        wrong.extend(home.repair(&session).err());
        if session.content() != once {
            wrong.push("a second repair changed something".to_owned());
        }
        // A session that was cut off before anything was planned is none yet.
        if witness.taken > 0 || session.journal().of("planned").next().is_some() {
            wrong.extend(session.flaws());
        }
    }
    let account = session.account(schedule, &witness.opened, witness.taken, strict);
    found.worst = found.worst.max(seconds(account.lost));
    found.takes += account.takes;
    wrong.extend(account.wrong.into_iter().chain(account.closed));
    wrong
}
