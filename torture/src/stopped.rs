//! The program is suspended for four seconds in the middle of an answer.

use std::thread;
use std::time::Duration;

use crate::folder::{Folder, strict};
use crate::place::{Place, seconds};
use crate::program::{LONG, Run, Told, ending};
use crate::report::worst;
use crate::room::{Room, missing};
use crate::sequence::{Piece, pieces};

const STOPPED: Duration = Duration::from_secs(4);
const BEFORE: Duration = Duration::from_secs(2);
const LIMIT: &str = "11s";

/// Runs the torture.
pub fn run(place: &Place) -> Told<()> {
    pipe(place)?;
    if let Some(why) = missing() {
        place.report.skipped("stopped", &why);
        return Ok(());
    }
    for host in ["pulse", "alsa"] {
        let mut room = Room::enter(place, &format!("stopped-{host}"), host, LIMIT, BEFORE)?;
        stop(&room.run);
        let status = room.run.end(LONG)?;
        let session = room.home.session().ok_or("there is no session")?;
        let mut wrong = Vec::new();
        if !status.success() {
            wrong.push(format!("it ended with {}; {}", ending(status), room.run.said()));
        }
        let gaps = gaps(&session, &mut wrong)?;
        if gaps.journalled > 0 && !room.run.heard.iter().any(|(_, line)| line.contains("lost")) {
            wrong.push(format!("the gap is not shown: {}", room.run.said()));
        }
        wrong.extend(session.flaws());
        let name = format!("stopped, {host}");
        let what = format!("between {:.3} s that are missing and the silence in their place", seconds(gaps.missing));
        place.report.seconds(&name, &what, gaps.off, 0.1);
        let of = format!("a take of {LIMIT} with {:.3} s journalled", seconds(gaps.journalled));
        place.report.none(&name, &of, &wrong, "every sample, or a journalled gap");
    }
    Ok(())
}

/// Suspends the program for a while.
fn stop(run: &Run) {
    run.signal(libc::SIGSTOP);
    thread::sleep(STOPPED);
    run.signal(libc::SIGCONT);
}

/// With a pipe nothing can be lost: its writer waits.
fn pipe(place: &Place) -> Told<()> {
    let schedule = place.schedule(1, 6.0);
    let mut live = place.live("stopped-pipe", place.home("stopped-pipe")?, schedule, |_| {})?;
    live.run.expect(&["Answer now"], LONG)?;
    thread::sleep(BEFORE);
    stop(&live.run);
    live.run.end(LONG)?;
    let session = live.home.session().ok_or("there is no session")?;
    let account = session.account(schedule, &session.journal().opened(), u64::MAX, strict);
    let wrong = [account.wrong, account.closed, session.flaws()].concat();
    place.report.seconds("stopped, pipe", "lost", seconds(account.lost), 0.0);
    place.report.none("stopped, pipe", "a take of 6 s", &wrong, "every sample");
    Ok(())
}

/// The gaps of a take.
#[derive(Default)]
struct Gaps {
    /// Frames of the known sound that are not there.
    missing: u64,
    /// Frames of silence that the journal tells of.
    journalled: u64,
    /// By how many seconds a silence differs from what is missing there, at worst.
    off: f64,
}

fn gaps(session: &Folder, wrong: &mut Vec<String>) -> Told<Gaps> {
    let takes = session.takes();
    let [take] = &takes[..] else { return Err(format!("there are {} takes, and not one", takes.len())) };
    let found = pieces(&strict(take)?);
    let journal = session.journal();
    let mut told: Vec<(u64, u64)> = journal
        .of("gap")
        .filter_map(|line| Some((line.detail["at"].as_u64()?, line.detail["frames"].as_u64()?)))
        .collect();
    let mut gaps = Gaps { journalled: told.iter().map(|gap| gap.1).sum(), ..Gaps::default() };
    let mut off = Vec::new();
    let mut goes_on = None;
    let mut silence = (0, 0);
    for piece in &found {
        match *piece {
            Piece::Silence { at, frames } => silence = (at, frames),
            Piece::Foreign { at, frames } => wrong.push(format!("{frames} foreign frames at {at}")),
            Piece::Known { from, frames, .. } => {
                if let Some(next) = goes_on {
                    let missing = from as i64 - next as i64;
                    gaps.missing += missing.max(0) as u64;
                    off.push((missing - silence.1 as i64).unsigned_abs());
                }
                goes_on = Some(from + frames);
                silence = (0, 0);
            }
        }
    }
    // One loss may be journalled in pieces; together they are the silence in the file.
    told.sort_unstable();
    let silent: u64 =
        found.iter().map(|piece| if let Piece::Silence { frames, .. } = piece { *frames } else { 0 }).sum();
    if silent != gaps.journalled {
        wrong.push(format!(
            "{silent} frames of silence, of which {} are journalled: {found:?}, {told:?}",
            gaps.journalled
        ));
    }
    let dropped = session.manifest()?["turns"][0]["takes"][0]["dropped"].as_u64();
    if dropped != Some(gaps.journalled) {
        wrong.push(format!("the manifest says {dropped:?} dropped frames, the journal {}", gaps.journalled));
    }
    gaps.off = worst(off.into_iter().map(seconds));
    Ok(gaps)
}
