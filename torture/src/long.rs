//! An hour in real time on a busy machine, and ten hours as fast as it goes.

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{Read, Write};
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::folder::{Folder, strict};
use crate::place::{Place, seconds};
use crate::program::{LONG, Run, Told, ending, said};
use crate::room::{Room, missing};
use crate::sequence::{Piece, RATE, bytes, pieces};

/// What the resident set may grow by after the first minute, in MiB.
const GROWTH: f64 = 2.0;
/// The most that a file of a take may be.
const ROLLS_OVER: u64 = 1 << 30;

/// The resident set of a process in MiB, and the part of it that is no file.
fn resident(process: u32) -> Option<(f64, f64)> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let field = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name))?;
        line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kib| kib / 1_024.0)
    };
    Some((field("VmRSS:")?, field("RssAnon:")?))
}

/// How many programs want to run, over the last minute.
fn load() -> Option<f64> {
    fs::read_to_string("/proc/loadavg").ok()?.split(' ').next()?.parse().ok()
}

/// Says how much a program grew.
fn grew(place: &Place, name: &str, first: Option<(f64, f64)>, last: Option<(f64, f64)>) {
    let (Some(first), Some(last)) = (first, last) else {
        place.report.holds(name, "its memory could not be read", "it can be read", false);
        return;
    };
    let growth = last.0 - first.0;
    let figure = format!(
        "resident {:.1} MiB after the first minute, {:.1} MiB at the end, so {growth:+.1} ({:+.1} of it no file)",
        first.0,
        last.0,
        last.1 - first.1
    );
    place.report.holds(name, figure, &format!("at most {GROWTH} MiB more"), growth <= GROWTH);
}

/// An hour through the virtual microphone.
pub fn hour(place: &Place) -> Told<()> {
    if let Some(why) = missing() {
        place.report.skipped("hour", &why);
        return Ok(());
    }
    let length = place.minutes * 60;
    let idle = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..place.busy {
            scope.spawn(|| {
                let mut turns = 0u64;
                while !idle.load(Ordering::Relaxed) {
                    turns = black_box(turns + 1);
                }
            });
        }
        let done = hear(place, length);
        idle.store(true, Ordering::Relaxed);
        done
    })
}

fn hear(place: &Place, length: u64) -> Told<()> {
    let mut loads = Vec::new();
    let mut room = Room::enter(place, "hour", "pulse", &format!("{length}s"), Duration::from_secs(60))?;
    let first = resident(room.run.id());
    let (mut last, mut most) = (first, 0.0f64);
    let deadline = Instant::now() + Duration::from_secs(length + 60);
    while room.run.runs() && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(200));
        loads.extend(load());
        if let Some(now) = resident(room.run.id()) {
            (last, most) = (Some(now), most.max(now.0));
        }
    }
    let status = room.run.end(LONG)?;
    let load = loads.iter().sum::<f64>() / loads.len().max(1) as f64;
    let name = format!("hour, {} minutes of answer, load average {load:.1}", place.minutes);
    let mut wrong = Vec::new();
    if !status.success() {
        wrong.push(format!("it ended with {}; {}", ending(status), room.run.said()));
    }
    let session = room.home.session().ok_or("there is no session")?;
    let manifest = session.manifest()?;
    let take = &manifest["turns"][0]["takes"][0];
    let samples = strict(&session.take(0))?;
    let found = pieces(&samples);
    let whole = matches!(found[..], [Piece::Known { .. }]) && samples.len() as u64 == length * RATE;
    if !whole {
        let first: Vec<_> = found.iter().take(6).collect();
        wrong.push(format!("{} frames in {} pieces: {first:?}", samples.len(), found.len()));
    }
    wrong.extend(session.flaws());
    place.report.holds(&name, format!("{} dropped frames", take["dropped"]), "none", take["dropped"] == 0);
    place.report.none(&name, &format!("{} frames compared", samples.len()), &wrong, "every frame as it was played");
    grew(place, &name, first, last);
    place.report.note(&name, format!("resident at most {most:.1} MiB"));
    let _ = fs::remove_dir_all(&room.home.root);
    Ok(())
}

/// Ten hours through standard input.
pub fn ten_hours(place: &Place) -> Told<()> {
    let total = place.minutes * 10 * 60 * RATE;
    let home = place.home("ten-hours")?;
    let free = crate::full::free(&home.root);
    if free < total * 2 + (256 << 20) {
        let why =
            format!("{} MiB are free in the temporary folder, {} are needed", free >> 20, ((total * 2) >> 20) + 256);
        place.report.skipped("ten-hours", &why);
        return Ok(());
    }
    let mut command = home.command(&["rehearse", "--bank", "torture", "--order", "listed", "--count", "1"]);
    command.args(["--format", "open", "--fast", "--plain", "--no-voice", "--output", "none", "--input", "pcm:-"]);
    command.stdin(Stdio::piped());
    let began = Instant::now();
    let mut run = Run::start(command, &place.path("ten-hours.err"))?;
    let mut input = run.input().ok_or("no standard input")?;
    let fed = AtomicU64::new(0);
    let (mut first, mut last, mut most) = (None, None, 0.0f64);
    thread::scope(|scope| {
        let feeder = scope.spawn(|| {
            let mut place = 0;
            while place < total {
                let next = (place + RATE).min(total);
                if input.write_all(&bytes(place, next)).is_err() {
                    break;
                }
                place = next;
                fed.store(place, Ordering::Relaxed);
            }
            drop(input);
        });
        while !feeder.is_finished() {
            thread::sleep(Duration::from_millis(5));
            let Some(now) = resident(run.id()) else { continue };
            if first.is_none() && fed.load(Ordering::Relaxed) >= 60 * RATE {
                first = Some(now);
            }
            (last, most) = (Some(now), most.max(now.0));
        }
    });
    let status = run.end(Duration::from_secs(120))?;
    let took = began.elapsed().as_secs_f64();
    let mut wrong = Vec::new();
    if !status.success() {
        wrong.push(format!("it ended with {}; {}", ending(status), run.said()));
    }
    let session = home.session().ok_or("there is no session")?;
    let parts = compare(&session, total, &mut wrong)?;
    let name = "ten-hours";
    place.report.note(name, format!("{:.1} hours of answer in {took:.0} s, {parts} files", seconds(total) / 3_600.0));
    let manifest = session.manifest()?;
    let takes = manifest["turns"][0]["takes"].as_array().cloned().unwrap_or_default();
    let dropped: u64 = takes.iter().filter_map(|take| take["dropped"].as_u64()).sum();
    place.report.holds(name, format!("{dropped} dropped frames"), "none", dropped == 0 && !takes.is_empty());
    place.report.none(name, &format!("{total} frames compared"), &wrong, "every frame, rolled over below 1 GiB");
    grew(place, name, first, last);
    place.report.note(name, format!("resident at most {most:.1} MiB"));
    let _ = fs::remove_dir_all(&home.root);
    Ok(())
}

/// Compares the parts of the take with what was fed; gives how many there are.
fn compare(session: &Folder, total: u64, wrong: &mut Vec<String>) -> Told<usize> {
    let manifest = session.manifest()?;
    let takes = manifest["turns"][0]["takes"].as_array().cloned().unwrap_or_default();
    let mut next = None;
    for (number, take) in takes.iter().enumerate() {
        let path = session.path.join(take["file"].as_str().unwrap_or_default());
        let length = said("a take")(fs::metadata(&path))?.len();
        let named = said("a take")(hound::WavReader::open(&path))?.duration();
        if length > ROLLS_OVER || u64::from(named) != (length - 44) / 2 || take["frames"] != named {
            wrong.push(format!("{}: {length} bytes, {named} frames named, {} said", path.display(), take["frames"]));
        }
        let rolled = take["end"] == "rolled-over";
        if rolled != (number + 1 < takes.len()) {
            wrong.push(format!("{} ends with {}", path.display(), take["end"]));
        }
        let from = match next {
            Some(next) => next,
            None => first_place(&path)?,
        };
        let frames = (length - 44) / 2;
        if let Some(differs) = differs(&path, from, frames)? {
            wrong.push(format!("{}: differs at frame {differs}", path.display()));
        }
        next = Some(from + frames);
    }
    if next != Some(total) {
        wrong.push(format!("it ends at {next:?} of {total}"));
    }
    if session.takes().len() != takes.len() {
        wrong.push(format!("{} files and {} takes", session.takes().len(), takes.len()));
    }
    Ok(takes.len())
}

fn first_place(path: &Path) -> Told<u64> {
    let mut start = vec![0; 44 + 64];
    said("a take")(File::open(path).and_then(|mut file| file.read_exact(&mut start)))?;
    let samples: Vec<i16> = start[44..].chunks_exact(2).map(|two| i16::from_le_bytes([two[0], two[1]])).collect();
    match pieces(&samples)[..] {
        [Piece::Known { from, .. }] => Ok(from),
        ref other => Err(format!("{} begins with {other:?}", path.display())),
    }
}

/// The first frame that is not as it was fed.
fn differs(path: &Path, from: u64, frames: u64) -> Told<Option<u64>> {
    let mut file = said("a take")(File::open(path))?;
    let mut head = [0; 44];
    said("a take")(file.read_exact(&mut head))?;
    let mut at = 0;
    while at < frames {
        let count = RATE.min(frames - at);
        let mut kept = vec![0; count as usize * 2];
        said("a take")(file.read_exact(&mut kept))?;
        let fed = bytes(from + at, from + at + count);
        if let Some(byte) = kept.iter().zip(&fed).position(|(kept, fed)| kept != fed) {
            return Ok(Some(at + byte as u64 / 2));
        }
        at += count;
    }
    Ok(None)
}
