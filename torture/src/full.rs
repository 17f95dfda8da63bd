//! There is no room: before a session, in the middle of one, by the disk, by a quota, by a limit of the system.

use std::fs::{self, OpenOptions, Permissions};
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::folder::{Folder, Schedule, strict};
use crate::place::{Live, Place, seconds, tool};
use crate::program::{Home, LONG, Run, Told, ending, said, words};
use crate::report::worst;
use crate::sequence::RATE;

const MIB: u64 = 1 << 20;
const SIZE: u64 = 128 * MIB;
/// A session of so many takes of so many seconds.
const TURNS: usize = 2;
const TAKE: f64 = 60.0;
/// What has to be free beyond what is planned.
const SPARE: u64 = 64 * MIB;
/// Ten minutes of sound, in bytes.
const TEN_MINUTES: u64 = 600 * RATE * 2;
/// Words that say why.
const REASONS: [&str; 5] = ["full", "room", "space", "limit", "quota"];

/// What became of a session that ran out of room.
struct Ended {
    warned: Option<f64>,
    lost: f64,
    wrong: Vec<String>,
}

/// Runs the torture.
pub fn run(place: &Place) -> Told<()> {
    let report = &place.report;
    limit(place)?;
    if let Some(why) = super::missing(place, &["mkfs.ext4", "losetup", "mount", "umount"], &["/dev/loop-control"]) {
        report.skipped("full", &why);
        return Ok(());
    }
    let disks = thread::scope(|scope| {
        let kinds = [("tmpfs", "slowly"), ("tmpfs", "at once"), ("ext4", "slowly"), ("ext4", "at once")];
        let running: Vec<_> = kinds.map(|(kind, how)| (kind, how, scope.spawn(move || brim(place, kind, how)))).into();
        running.into_iter().map(|(kind, how, one)| (kind, how, one.join().expect("no disk panics"))).collect::<Vec<_>>()
    });
    for (kind, how, ended) in disks {
        let name = format!("full, {kind} filled {how}");
        let ended = ended.unwrap_or_else(|error| Ended { warned: None, lost: 0.0, wrong: vec![error] });
        if how == "slowly" {
            let warned = ended.warned.map_or("never".to_owned(), |after| format!("after {after:.1} s"));
            report.holds(&name, format!("warned {warned}"), "warns when 10 minutes are left", ended.warned.is_some());
        }
        report.note(&name, format!("{:.3} s between the last sample that fitted and the end", ended.lost));
        let promise = "all that fitted is readable, the reason is printed, no signal, resumed when there is room";
        report.none(&name, "the checks of a session", &ended.wrong, promise);
    }
    match quota(place) {
        Ok(wrong) => report.none("full, quota", "the checks of a session", &wrong, "as a full disk"),
        Err(why) => {
            let why = if why.starts_with("mount") { "ext4 cannot be mounted with quotas here" } else { &why };
            report.skipped("full, quota", why);
        }
    }
    for kind in ["tmpfs", "ext4"] {
        let wrong = refuse(place, kind)?;
        report.none(
            &format!("full, {kind}"),
            "2 starts",
            &wrong,
            "refused below the planned size + 64 MiB, and only there",
        );
    }
    Ok(())
}

/// A small file system.
struct Small {
    folder: PathBuf,
}

impl Small {
    fn mount(place: &Place, name: &str, kind: &str, options: &str) -> Told<Small> {
        let folder = place.path(name);
        said("a folder")(fs::create_dir_all(&folder))?;
        let target = folder.to_string_lossy().into_owned();
        if kind == "tmpfs" {
            tool("mount", &["-t", "tmpfs", "-o", &format!("size={SIZE},mode=0755"), "none", &target])?;
        } else {
            let image = place.path(&format!("{name}.image")).to_string_lossy().into_owned();
            said("an image")(fs::File::create(&image).and_then(|file| file.set_len(SIZE)))?;
            let features: &[&str] = if options.is_empty() { &[] } else { &["-O", "quota"] };
            tool("mkfs.ext4", &[&["-q", "-F", "-m", "0"], features, &[&image]].concat())?;
            let options = format!("loop{options}");
            tool("mount", &["-t", "ext4", "-o", &options, &image, &target])?;
        }
        Ok(Small { folder })
    }

    fn free(&self) -> u64 {
        free(&self.folder)
    }

    /// Leaves so much room, or all of it.
    fn leave(&self, room: u64) -> Told<()> {
        let ballast = self.folder.join("ballast");
        let _ = fs::remove_file(&ballast);
        let file = said("the ballast")(OpenOptions::new().create(true).append(true).open(&ballast))?;
        let mut length = 0;
        // In steps, because what the file system needs for itself is not known.
        for step in [MIB, 64 << 10, 4 << 10] {
            while self.free() >= room + step {
                let next = if self.free() > room + 16 * MIB { self.free() - room - 8 * MIB } else { step };
                // SAFETY: the descriptor is open, and the rest are numbers.
                if unsafe { libc::fallocate(file.as_raw_fd(), 0, length as i64, next as i64) } != 0 {
                    break;
                }
                length += next;
            }
        }
        Ok(())
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = tool("umount", &["--lazy", &self.folder.to_string_lossy()]);
    }
}

/// The bytes that may still be written there.
pub fn free(path: &Path) -> u64 {
    let name = std::ffi::CString::new(path.as_os_str().as_bytes()).unwrap_or_default();
    // SAFETY: a zeroed structure of numbers is valid, and both pointers live through the call.
    unsafe {
        let mut found: libc::statvfs = std::mem::zeroed();
        if libc::statvfs(name.as_ptr(), &mut found) == 0 { found.f_bavail * found.f_frsize } else { 0 }
    }
}

/// A session is begun where there is a little too little room for it, and where there is enough.
fn refuse(place: &Place, kind: &str) -> Told<Vec<String>> {
    let small = Small::mount(place, &format!("full-start-{kind}"), kind, "")?;
    let home = Home::make(&place.program, small.folder.join("home"))?;
    let planned = (TURNS as f64 * TAKE) as u64 * RATE * 2;
    let input = format!("pcm:{}", place.answers().display());
    let mut wrong = Vec::new();
    for (room, enough) in [(planned + SPARE - MIB, false), (planned + SPARE + 8 * MIB, true)] {
        small.leave(room)?;
        let mut run = Run::start(home.rehearsal(TURNS, TAKE, &input, &["--fast"]), &place.path("full-start.err"))?;
        let status = run.end(LONG)?;
        let began = run.heard.iter().any(|(_, line)| line.contains("Question 1"));
        if began != enough || status.success() != enough {
            wrong.push(format!("with {} KiB free: {}, {}", small.free() >> 10, ending(status), run.said()));
        }
        let why = run.errors().contains("MiB") && REASONS.iter().any(|reason| run.errors().contains(reason));
        if !enough && !why {
            wrong.push(format!("no reason is told: {}", run.said()));
        }
    }
    Ok(wrong)
}

/// A disk is filled while a session records onto it.
fn brim(place: &Place, kind: &str, how: &str) -> Told<Ended> {
    let name = format!("full-{kind}-{}", how.replace(' ', "-"));
    let small = Small::mount(place, &name, kind, "")?;
    let home = Home::make(&place.program, small.folder.join("home"))?;
    let schedule = place.schedule(TURNS, TAKE);
    let mut live = place.live(&format!("{name}-session"), home, schedule, |_| {})?;
    live.run.expect(&["Answer now"], LONG)?;
    live.wait_until(live.began.elapsed() + Duration::from_secs(2));
    let mut warned = None;
    if how == "slowly" {
        small.leave(TEN_MINUTES - 2 * MIB)?;
        let left = Instant::now();
        // It looks every five seconds.
        let told = live.run.expect(&["minutes"], Duration::from_secs(20));
        warned = told.ok().map(|(when, _)| when.duration_since(left).as_secs_f64());
        small.leave(256 << 10)?;
    } else {
        small.leave(0)?;
    }
    let (lost, mut wrong) = ended(&mut live, schedule)?;
    said("the ballast")(fs::remove_file(small.folder.join("ballast")))?;
    let session = live.home.session().ok_or("there is no session")?;
    wrong.extend(resumed(&live.home, &session, &place.answers()));
    Ok(Ended { warned, lost, wrong })
}

/// Waits for the end of a session that has no room, and looks at what is left.
fn ended(live: &mut Live, schedule: Schedule) -> Told<(f64, Vec<String>)> {
    let status = live.run.end(LONG)?;
    live.feed.stop();
    let mut wrong = Vec::new();
    if status.code() != Some(1) {
        wrong.push(format!("it ended with {}", ending(status)));
    }
    if !REASONS.iter().any(|reason| live.run.errors().contains(reason)) {
        wrong.push(format!("no reason is printed: {}", live.run.said()));
    }
    let session = live.home.session().ok_or("there is no session")?;
    for take in session.takes() {
        let length = fs::metadata(&take).map_or(0, |data| data.len());
        match strict(&take) {
            Ok(samples) if samples.len() as u64 == length.saturating_sub(44) / 2 => {}
            Ok(samples) => wrong.push(format!("{} frames are readable in {length} bytes", samples.len())),
            Err(error) => wrong.push(error),
        }
    }
    wrong.extend(session.flaws());
    let account = session.account(schedule, &session.journal().opened(), live.feed.taken(), strict);
    wrong.extend(account.wrong);
    if session.takes().is_empty() {
        wrong.push("no take is there".to_owned());
    }
    Ok((seconds(account.lost), wrong))
}

/// Goes on with a session that has room again.
pub fn resumed(home: &Home, session: &Folder, answers: &Path) -> Vec<String> {
    let before: Vec<_> = session.takes().into_iter().map(|take| (crate::folder::raw(&take), take)).collect();
    let mut wrong: Vec<String> = home.resume(session, answers).err().into_iter().collect();
    wrong.extend(session.flaws());
    for (samples, take) in before {
        if crate::folder::raw(&take) != samples {
            wrong.push(format!("{} was changed", take.display()));
        }
    }
    match session.manifest() {
        Ok(manifest) if manifest["outcome"] == "finished" => {}
        Ok(manifest) => wrong.push(format!("after it was resumed it is {}", manifest["outcome"])),
        Err(error) => wrong.push(error),
    }
    wrong
}

/// The system lets no file grow beyond a size.
fn limit(place: &Place) -> Told<()> {
    let schedule = place.schedule(1, TAKE);
    let (mut wrong, mut lost) = (Vec::new(), Vec::new());
    for bytes in [300_000u64, 480_044, 480_045] {
        let name = format!("full-limit-{bytes}");
        let home = place.home(&name)?;
        let mut live = place.live(&name, home, schedule, |command| file_limit(command, bytes))?;
        let (seconds, found) = ended(&mut live, schedule)?;
        let session = live.home.session().ok_or("there is no session")?;
        let kept = fs::metadata(session.take(0)).map_or(0, |data| data.len());
        if kept > bytes || kept + 1 < bytes {
            wrong.push(format!("{kept} bytes are kept of {bytes} that fitted"));
        }
        wrong.extend(found.into_iter().map(|what| format!("limit of {bytes} bytes: {what}")));
        wrong.extend(resumed(&live.home, &session, &place.answers()));
        lost.push(seconds);
    }
    let report = &place.report;
    let name = "full, file-size limit";
    report.note(name, format!("{:.3} s between the last sample that fitted and the end", worst(lost)));
    report.none(
        name,
        "the checks of 3 sessions",
        &wrong,
        "all that fitted is readable, the reason is printed, no signal",
    );
    Ok(())
}

fn file_limit(command: &mut Command, bytes: u64) {
    // SAFETY: setrlimit may be called between fork and exec, and takes a structure that lives through the call.
    unsafe {
        command.pre_exec(move || {
            let limit = libc::rlimit { rlim_cur: bytes, rlim_max: bytes };
            libc::setrlimit(libc::RLIMIT_FSIZE, &limit);
            Ok(())
        });
    }
}

/// Nobody, as most systems number them.
const NOBODY: u32 = 65_534;

/// A user may not use more of the disk.
fn quota(place: &Place) -> Told<Vec<String>> {
    let small = Small::mount(place, "full-quota", "ext4", ",usrquota")?;
    let source = said("/proc/mounts")(fs::read_to_string("/proc/mounts"))?;
    let target = small.folder.to_string_lossy();
    let device = source.lines().find(|line| line.contains(&*target)).and_then(|line| line.split(' ').next());
    set_quota(device.ok_or("the disk is not mounted")?, 3 * MIB)?;
    // That user has to reach the program, and may own nothing else.
    let program = small.folder.join("greenroom");
    said("a copy of the program")(fs::copy(&place.program, &program))?;
    said("its mode")(fs::set_permissions(&program, Permissions::from_mode(0o755)))?;
    let home = Home::make(&program, small.folder.join("home"))?;
    for folder in ["", "questions", "recordings"] {
        said("its owner")(std::os::unix::fs::chown(home.root.join(folder), Some(NOBODY), Some(NOBODY)))?;
    }
    let schedule = place.schedule(1, TAKE);
    let pipe = |command: &mut Command| {
        command.uid(NOBODY).gid(NOBODY);
    };
    let mut live = place.live("full-quota-session", home, schedule, pipe)?;
    let (_, mut wrong) = ended(&mut live, schedule)?;
    let session = live.home.session().ok_or("there is no session")?;
    let kept = strict(&session.take(0)).map_or(0, |samples| samples.len());
    if kept == 0 {
        wrong.push("nothing is kept".to_owned());
    }
    set_quota(device.ok_or("the disk is not mounted")?, 0)?;
    let input = format!("pcm:{}", place.answers().display());
    let mut again =
        live.home.command(&["resume", &session.name(), "--no-voice", "--output", "none", "--plain", "--fast"]);
    again.args(["--input", &input]).uid(NOBODY).gid(NOBODY);
    let output = said("the program")(again.output())?;
    if !output.status.success() {
        wrong.push(format!("cannot be resumed: {}", words(&output)));
    }
    Ok(wrong)
}

/// Limits what that user may use of a disk; 0: no limit.
fn set_quota(device: &str, bytes: u64) -> Told<()> {
    let name = said("the device's name")(std::ffi::CString::new(device))?;
    // SAFETY: a zeroed structure of numbers is valid, and the pointers live through the call.
    let done = unsafe {
        let mut limits: libc::dqblk = std::mem::zeroed();
        limits.dqb_bhardlimit = bytes / 1024;
        limits.dqb_bsoftlimit = bytes / 1024;
        limits.dqb_valid = libc::QIF_BLIMITS;
        let command = libc::QCMD(libc::Q_SETQUOTA, libc::USRQUOTA);
        libc::quotactl(command, name.as_ptr(), NOBODY as i32, (&raw mut limits).cast())
    };
    if done == 0 { Ok(()) } else { Err(format!("quotas: {}", std::io::Error::last_os_error())) }
}
