//! Makes the takes of a manifest agree with the files that are there.
//!
//! It looks at names, lengths and headers, decides, and changes nothing on the disk: what is to be done there is given
//! back as a list. It reads no sound, and it is done with a folder in a time that no length of a file can stretch.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::manifest::{Manifest, ManifestTake, ManifestTurn, ROLLED_OVER, check_file};
use super::panel_part::MOST_LOST_TURNS;
use super::take_name::{HIGHEST_FOREIGN, TakeName, file_name_part};
use super::unplanned::unknown_turn;
use super::wav_head::{self, Found, HEADER, Head};
use crate::interview::{Frames, SampleRate};

/// How a take ended that nobody ended.
pub(super) const INTERRUPTED: &str = "interrupted";

/// The most frames of a file that no program closed: greenroom lets none grow past 1 GiB.
const MOST_FRAMES: u64 = ((1 << 30) - HEADER) / 2;

/// The most bytes beyond a header that are moved elsewhere after a power cut: what no sync can have been behind by.
const LONGEST_TAIL: u64 = 64 << 20;

/// The most names in takes/ that are looked at.
const MOST_FILES: usize = 100_000;

/// What is to be done to the file of a take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mend {
    /// From the session's folder.
    pub(super) file: String,
    /// Frames a second, for the header.
    pub(super) rate: u32,
    /// Frames, for the header.
    pub(super) frames: u64,
    /// The header is none: what stands there is kept aside.
    pub(super) destroyed: bool,
    /// What is beyond these frames is moved to a file of its own.
    pub(super) tail: bool,
}

/// What was found out about the takes.
#[derive(Debug, Default)]
pub(super) struct Settled {
    /// What is wrong, a sentence each.
    pub(super) findings: Vec<String>,
    /// What is to be done.
    pub(super) mends: Vec<Mend>,
}

/// Makes the manifest agree with the takes that are on the disk; `power_cut` where the machine was started anew since
/// they were recorded.
pub(super) fn settle(folder: &Path, manifest: &mut Manifest, power_cut: bool) -> Settled {
    let mut settled = Settled::default();
    settled.findings.extend(adopt(folder, manifest));
    for (place, turn) in manifest.turns.iter_mut().enumerate() {
        settle_turn(folder, place, turn, power_cut, &mut settled);
    }
    settled
}

fn settle_turn(folder: &Path, place: usize, turn: &mut ManifestTurn, power_cut: bool, settled: &mut Settled) {
    let limit = turn.timing().limit;
    // How much of each take is counted already: its limit is that of all its files together.
    let mut counted: (Option<u32>, u64) = (None, 0);
    let mut kept: Vec<Cut> = Vec::new();
    for mut take in std::mem::take(&mut turn.takes) {
        let number = take.number();
        if counted.0 != number {
            counted = (number, 0);
        }
        let longest = limit.map_or(u64::MAX, |limit| SampleRate(take.rate).frames(limit).0);
        let room = longest.saturating_sub(counted.1).min(MOST_FRAMES);
        let found = wav_head::probe(&folder.join(&take.file));
        let verdict = judge(&take, &found, room, power_cut);
        let says = |what: &str| match number {
            Some(number) => format!("question {}, take {number}: {what} ({})", place + 1, take.file),
            None => format!("question {}: {what} ({})", place + 1, take.file),
        };
        settled.findings.extend(verdict.says.iter().map(|what| says(what)));
        if verdict.begun {
            let was_open = take.end.is_empty();
            if let Some((destroyed, tail)) = verdict.mend {
                let (file, rate, frames) = (take.file.clone(), verdict.rate, verdict.frames);
                settled.mends.push(Mend { file, rate, frames, destroyed, tail });
            }
            (take.rate, take.frames) = (verdict.rate, verdict.frames);
            if verdict.interrupted {
                take.end = INTERRUPTED.to_owned();
            }
            counted.1 = counted.1.saturating_add(take.frames);
            kept.push(Cut { number, was_open, lost: verdict.lost, take });
        }
    }
    kept.chunk_by_mut(|one, other| one.number == other.number).for_each(roll_over);
    turn.takes = kept.into_iter().map(|cut| cut.take).collect();
    turn.state = match turn.state.as_str() {
        "skipped" => return,
        _ if turn.is_answered() => "answered",
        "planned" if turn.takes.is_empty() => "planned",
        _ => "asked",
    }
    .to_owned();
}

/// A file of a take, and whether the take was being recorded.
struct Cut {
    number: Option<u32>,
    was_open: bool,
    lost: bool,
    take: ManifestTake,
}

/// Of a take that was cut off, the last file is where it was cut off; what is known of the whole stands there.
fn roll_over(parts: &mut [Cut]) {
    if !parts.iter().all(|part| part.was_open) {
        return;
    }
    let frames = parts.iter().map(|part| part.take.frames).sum();
    let dropped = parts.iter().map(|part| part.take.dropped).sum::<u64>().min(frames);
    let last = parts.len().saturating_sub(1);
    for (place, Cut { take, lost, .. }) in parts.iter_mut().enumerate() {
        take.dropped = if place == last { dropped } else { 0 };
        if place < last && !*lost {
            take.end = ROLLED_OVER.to_owned();
        }
    }
}

/// What is thought of one file.
struct Verdict {
    /// Whether there ever was anything of it.
    begun: bool,
    /// Whether no recording is to be had of it.
    lost: bool,
    frames: u64,
    rate: u32,
    interrupted: bool,
    says: Option<String>,
    /// Whether the header must be written: with or without one to keep aside, with or without a tail.
    mend: Option<(bool, bool)>,
}

fn judge(take: &ManifestTake, found: &Found, room: u64, power_cut: bool) -> Verdict {
    let open = take.end.is_empty();
    let lost = |frames: u64, says: Option<String>| Verdict {
        begun: true,
        lost: true,
        frames,
        rate: take.rate,
        interrupted: true,
        says,
        mend: None,
    };
    // What was noted before is not told again.
    let news = |what: String| (take.frames > 0 || take.end != INTERRUPTED).then_some(what);
    let (length, head) = match found {
        Found::Missing if open => {
            let says = Some("cut off before anything was recorded".to_owned());
            return Verdict { begun: false, ..lost(0, says) };
        }
        Found::Missing => return lost(0, news("the recording is missing".to_owned())),
        Found::Other(what) => return lost(0, news(format!("{what} stands in the place of the recording"))),
        Found::Unreadable(reason) => {
            let says = Some(format!("the recording cannot be read: {reason}"));
            return Verdict { interrupted: open, ..lost(take.frames, says) };
        }
        Found::File { length, head } => (*length, *head),
    };
    match head {
        Head::Foreign { channels, bits } => {
            lost(0, news(format!("the file is no take: it has {channels} channels of {bits} bits")))
        }
        Head::Saved { rate, said, start } => saved(take, rate, said.min(length.saturating_sub(start) / 2), room),
        Head::Destroyed if length < HEADER => lost(0, news("nothing is left of the recording".to_owned())),
        Head::Destroyed if take.rate == 0 => {
            lost(0, news("the header is destroyed, and nobody knows the rate of the recording".to_owned()))
        }
        Head::Ours { .. } | Head::Destroyed => recorded(take, length, head, room, power_cut),
    }
}

/// A file that another program has saved in the place of the take: taken as it is.
fn saved(take: &ManifestTake, rate: u32, frames: u64, room: u64) -> Verdict {
    let whole = !take.end.is_empty() && rate == take.rate && frames >= take.frames;
    let frames = match whole {
        true => take.frames,
        false => frames.min(room),
    };
    let says = (frames != take.frames || rate != take.rate).then(|| {
        format!("another program has saved the file: {} of sound at {rate} Hz are there", clock(rate, frames))
    });
    let interrupted = !whole;
    Verdict { begun: true, lost: false, frames, rate, interrupted, says, mend: None }
}

/// A file that greenroom recorded, whether or not its header is still whole.
fn recorded(take: &ManifestTake, length: u64, head: Head, room: u64, power_cut: bool) -> Verdict {
    let there = (length - HEADER) / 2;
    let (rate, said, exact) = match head {
        Head::Ours { rate, said, exact } => (rate, Some(said), exact),
        _ => (take.rate, None, false),
    };
    let open = take.end.is_empty();
    let other_rate = take.rate != 0 && rate != take.rate;
    // A file that is longer than was noted and agrees with itself is not made shorter.
    let whole = exact && said == Some(there) && there > take.frames;
    // What is known to belong to the take.
    let reach = match said {
        Some(said) if open && power_cut => said.min(room),
        _ if open => room,
        Some(said) if other_rate || whole => said,
        Some(said) if take.end == INTERRUPTED => said.min(room).max(take.frames),
        None if take.end == INTERRUPTED && take.frames == 0 => room,
        _ => take.frames,
    };
    let frames = there.min(reach);
    let beyond = length - HEADER - frames * 2;
    let tail = open && power_cut && said.is_some() && (1..=LONGEST_TAIL).contains(&beyond);
    let destroyed = said.is_none();
    let mut says = match (open, frames.cmp(&take.frames)) {
        (true, _) => Some(format!("cut off after {}", clock(rate, frames))),
        _ if other_rate => Some(format!("the file is at {rate} Hz now, and was recorded at {} Hz", take.rate)),
        (false, std::cmp::Ordering::Less) => {
            Some(format!("only {} of {} are left", clock(rate, frames), clock(rate, take.frames)))
        }
        (false, std::cmp::Ordering::Greater) => Some(format!("{} are there, more than was noted", clock(rate, frames))),
        (false, _) if destroyed => Some("the header of the recording is destroyed".to_owned()),
        (false, _) if said != Some(frames) || !exact => Some("the header of the recording is wrong".to_owned()),
        (false, _) => None,
    };
    if open && !tail && beyond > 1 {
        let why = if power_cut {
            "what lies beyond was not yet safe on the disk"
        } else {
            "the rest is longer than any take"
        };
        says = says.map(|says| format!("{says}; {why} and is left alone in the file"));
    }
    let mend = (destroyed || said != Some(frames) || !exact || tail).then_some((destroyed, tail));
    Verdict {
        begun: true,
        lost: false,
        frames,
        rate,
        interrupted: open || other_rate || frames < take.frames,
        says,
        mend,
    }
}

fn clock(rate: u32, frames: u64) -> String {
    format!("{:.1} s", SampleRate(rate).duration(Frames(frames)).as_secs_f64())
}

/// Takes in the files that neither manifest nor journal names, where their names say which turn they are of, and as many
/// as a manifest can have; says what was left out.
fn adopt(folder: &Path, manifest: &mut Manifest) -> Option<String> {
    let mut known: HashSet<String> = HashSet::new();
    for turn in &mut manifest.turns {
        // Of two entries with one file, the first has it.
        turn.takes.retain(|take| known.insert(take.file.clone()));
    }
    let (mut left, mut left_out) = (manifest.room(), 0);
    let rate = manifest.rate;
    let takes =
        manifest.turns.iter().enumerate().flat_map(|(turn, each)| each.takes.iter().map(move |take| (turn, take)));
    let rates: HashMap<(usize, Option<u32>), u32> =
        takes.map(|(turn, take)| ((turn, take.number()), take.rate)).collect();
    let mut grown = HashSet::new();
    for file in take_files(folder) {
        let Some(name) = TakeName::of(&file) else { continue };
        let put = manifest.turns.len();
        if manifest.grows() && (put..put + MOST_LOST_TURNS).contains(&name.turn) {
            manifest.turns.resize_with(name.turn + 1, unknown_turn);
        }
        let Some(turn) = manifest.turns.get_mut(name.turn) else { continue };
        // Where not even the question is known, the name tells it.
        if turn.question.is_empty() {
            turn.question = name.question.to_owned();
        }
        if known.contains(&file) || file_name_part(&turn.question, "question") != name.question {
            continue;
        }
        if name.take > HIGHEST_FOREIGN {
            continue;
        }
        if left == 0 || turn.room() == 0 {
            left_out += 1;
            continue;
        }
        left -= 1;
        // A part has the rate of its take; of other files only their headers tell it.
        let rate = match rates.get(&(name.turn, Some(name.take))) {
            Some(rate) => *rate,
            None => match wav_head::probe(&folder.join(&file)) {
                Found::File { head: Head::Ours { rate, .. } | Head::Saved { rate, .. }, .. } => rate,
                _ => rate,
            },
        };
        turn.takes.push(ManifestTake::open(&file, rate, 0));
        grown.insert(name.turn);
    }
    for turn in grown {
        in_order(&mut manifest.turns[turn]);
    }
    (left_out > 0)
        .then(|| format!("more takes lie in takes/ than a session can have: {left_out} files are left alone there"))
}

/// Sorts the takes of a turn by number, and the files of one take in their order.
pub(super) fn in_order(turn: &mut ManifestTurn) {
    turn.takes.sort_by_cached_key(|take| TakeName::of(&take.file).map(|name| (name.take, name.part)));
}

/// The regular files in takes/ that are named as takes are, sorted.
pub(super) fn take_files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder.join("takes")).into_iter().flatten().flatten().take(MOST_FILES);
    let name = |entry: std::fs::DirEntry| {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        let file = format!("takes/{}", entry.file_name().to_str()?);
        (is_file && TakeName::of(&file).is_some() && check_file(&file, "takes").is_ok()).then_some(file)
    };
    let mut files: Vec<String> = entries.filter_map(name).collect();
    files.sort();
    files
}
