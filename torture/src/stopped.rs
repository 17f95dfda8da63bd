//! The program is suspended for four seconds in the middle of an answer.

use std::thread;
use std::time::Duration;

use crate::folder::{Folder, strict};
use crate::place::{Place, seconds};
use crate::program::{LONG, Run, Told, ending};
use crate::room::{Room, missing};
use crate::sequence::{Piece, pieces};

const STOPPED: Duration = Duration::from_secs(4);
const BEFORE: Duration = Duration::from_secs(2);
const LIMIT: &str = "11s";
/// So many frames a silence may lie beside what it stands for: a tenth of a second.
const NEAR: u64 = 4_800;

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
    for piece in &found {
        if let Piece::Foreign { at, frames } = piece {
            wrong.push(format!("{frames} foreign frames at {at}"));
        }
    }
    let (missing, off) = compare(&found);
    (gaps.missing, gaps.off) = (missing, seconds(off));
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
    Ok(gaps)
}

/// What is missing of the known sound in all, and by how many frames at most it differs from the silence in its place,
/// which may be as far from it as it may be wrong in length.
fn compare(found: &[Piece]) -> (u64, u64) {
    let mut silences: Vec<(u64, u64)> = Vec::new();
    let mut jumps: Vec<(u64, u64)> = Vec::new();
    let mut goes_on = None;
    for piece in found {
        match *piece {
            Piece::Silence { at, frames } if goes_on.is_some() => silences.push((at, frames)),
            Piece::Known { at, from, frames } => {
                if let Some(next) = goes_on.filter(|next| *next != from) {
                    jumps.push((at, from.abs_diff(next)));
                }
                goes_on = Some(from + frames);
            }
            _ => {}
        }
    }
    let mut off = 0;
    for (at, missing) in &jumps {
        let near = |silence: &(u64, u64)| silence.0 <= at + NEAR && silence.0 + silence.1 + NEAR >= *at;
        let silent: u64 = silences.extract_if(.., |silence| near(silence)).map(|silence| silence.1).sum();
        off = off.max(missing.abs_diff(silent));
    }
    let unasked = silences.iter().map(|silence| silence.1).max().unwrap_or(0);
    (jumps.iter().map(|jump| jump.1).sum(), off.max(unasked))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silence_near_a_jump_stands_for_it_and_any_other_does_not() {
        let known = |at, from, frames| Piece::Known { at, from, frames };
        let silence = |at, frames| Piece::Silence { at, frames };
        let right = [known(0, 0, 10_000), silence(10_000, 5_000), known(15_000, 15_000, 10)];
        assert_eq!(compare(&right), (5_000, 0));
        let late =
            [known(0, 0, 10_000), known(10_000, 15_000, 2_000), silence(12_000, 4_990), known(16_990, 17_000, 9)];
        assert_eq!(compare(&late), (5_000, 10));
        let unmarked = [known(0, 0, 10_000), known(10_000, 15_000, 2_000)];
        assert_eq!(compare(&unmarked), (5_000, 5_000));
        let invented = [known(0, 0, 10_000), silence(10_000, 50), known(10_050, 10_000, 10)];
        assert_eq!(compare(&invented), (0, 50));
    }
}
