//! What an event does to a manifest: the one thing that changes it after it was planned.
//!
//! The running session and the recovery both go by it, so that a manifest is nothing but the sum of its journal.
//! What has been done already is not done twice, and what names a turn or a file that cannot be changes nothing.

use super::event::{Happening, TakePart};
use super::manifest::{
    LARGEST_TAKE, MOST_TAKES, Manifest, ManifestTake, ManifestTurn, ROLLED_OVER, answers, check_file,
};
use super::take_name::TakeName;
use crate::interview::{Frame, Text};

impl Manifest {
    /// Does to the manifest what happened at this frame of the session's clock.
    pub fn apply(&mut self, frame: Frame, what: &Happening) {
        match what {
            Happening::Planned(plan) => self.become_like(plan),
            Happening::Repaired { manifest, .. } => self.become_like(manifest),
            Happening::Resumed { boot, voice, input, output, rate } => {
                self.outcome = "in-progress".to_owned();
                self.ended = None;
                self.boot = boot.as_deref().map(clean);
                (self.voice, self.input, self.output) = (clean(voice), clean(input), clean(output));
                self.rate = *rate;
            }
            Happening::Finish { outcome, ended } => {
                self.outcome = clean(outcome);
                self.ended = ended.as_deref().map(clean);
            }
            Happening::Put { turn, entry } => self.put(*turn, entry),
            Happening::Remark { panelist, text, .. } => self.remarked(panelist, text),
            Happening::Speak { turn, voice, file } => {
                // Of several who speak, none is the voice of the session.
                if self.panel.is_none() {
                    self.voice = clean(voice);
                }
                let Some(turn) = self.turns.get_mut(*turn) else { return };
                turn.begun();
                turn.prompt_file = file.clone().filter(|file| check_file(file, "prompts").is_ok());
            }
            Happening::OpenTake { turn, file, rate, .. } => {
                // Whoever records asks the same before the take is opened.
                let may = belongs(file, *turn) && self.room_for_take(*turn).is_ok();
                let Some(turn) = self.turns.get_mut(*turn) else { return };
                if !may || turn.takes.iter().any(|take| take.file == *file) {
                    return;
                }
                turn.begun();
                turn.takes.push(ManifestTake::open(file, *rate, frame.0));
            }
            Happening::Gap { turn, take, frames, .. } => {
                if let Some(open) = self.turns.get_mut(*turn).and_then(|turn| turn.open_take(*take)) {
                    open.dropped = open.dropped.saturating_add(*frames).min(LARGEST_TAKE);
                }
            }
            Happening::CloseTake { turn, take, end, dropped, peak_db, files } => {
                let rate = self.rate;
                let of = *turn;
                let left = self.room();
                let Some(turn) = self.turns.get_mut(of) else { return };
                // The first file has the place of the entry that was opened.
                let room = turn.room().min(left) + usize::from(turn.open_take(*take).is_some());
                let closed = |file: &str| turn.takes.iter().any(|take| take.file == file && !take.end.is_empty());
                let fresh = |part: &&TakePart| belongs(&part.file, of) && !closed(&part.file);
                let fresh: Vec<&TakePart> = files.iter().take(MOST_TAKES).filter(fresh).take(room).collect();
                turn.close_take(*take, rate, &clean(end), *dropped, *peak_db, &fresh);
            }
            Happening::EndTurn { turn, skipped: true } => {
                if let Some(turn) = self.turns.get_mut(*turn) {
                    turn.state = "skipped".to_owned();
                }
            }
            Happening::EndTurn { skipped: false, .. }
            | Happening::Held { .. }
            | Happening::Released
            | Happening::Lost { .. }
            | Happening::Back { .. }
            | Happening::LowSpace { .. }
            | Happening::Unknown(_) => {}
        }
    }

    /// Takes over a whole manifest, where it is fit to be used.
    fn become_like(&mut self, other: &Manifest) {
        if let Ok(checked) = other.clone().checked() {
            *self = checked;
        }
    }
}

impl ManifestTurn {
    fn begun(&mut self) {
        if self.state == "planned" {
            self.state = "asked".to_owned();
        }
    }

    /// The take that is being recorded, where it has this number.
    fn open_take(&mut self, number: u32) -> Option<&mut ManifestTake> {
        self.takes.iter_mut().find(|take| take.end.is_empty() && take.number() == Some(number))
    }

    /// Ends a take: the entry that was opened gives way to one for each of its files.
    fn close_take(
        &mut self,
        number: u32,
        rate: u32,
        end: &str,
        dropped: u64,
        peak_db: Option<f32>,
        files: &[&TakePart],
    ) {
        let open = self.takes.iter().position(|take| take.end.is_empty() && take.number() == Some(number));
        let (at, opened) = match open {
            Some(at) => (at, Some(self.takes.remove(at))),
            None => (self.takes.len(), None),
        };
        let (rate, mut started_frame) = opened.map_or((rate, 0), |open| (open.rate, open.started_frame));
        for (place, part) in files.iter().enumerate() {
            let last = place + 1 == files.len();
            let frames = part.frames.min(LARGEST_TAKE);
            let entry = ManifestTake {
                frames,
                end: if last { end } else { ROLLED_OVER }.to_owned(),
                dropped: if last { dropped.min(LARGEST_TAKE) } else { 0 },
                peak_db: peak_db.filter(|peak| last && peak.is_finite()),
                ..ManifestTake::open(&part.file, rate, started_frame)
            };
            started_frame = started_frame.saturating_add(frames);
            self.takes.insert(at + place, entry);
        }
        if !files.is_empty() {
            self.begun();
            if answers(end) && self.state != "skipped" {
                self.state = "answered".to_owned();
            }
        }
    }
}

/// Whether a file can be that of a take of this turn, by its name.
fn belongs(file: &str, turn: usize) -> bool {
    check_file(file, "takes").is_ok() && TakeName::of(file).is_some_and(|name| name.turn == turn)
}

fn clean(text: &str) -> String {
    Text::clean(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const A1: &str = "takes/01-a-1.wav";

    fn planned() -> Manifest {
        let turn =
            |question: &str| format!(r#"{{"question":"{question}","section":"s","prompt":"p","state":"planned"}}"#);
        let text = format!(
            r#"{{"schema":1,"session":"s","kind":"rehearse","bank":"b","title":"t","seed":1,"order":"listed",
            "started":"","outcome":"in-progress","rate":48000,"voice":"v","input":"i","output":"o","turns":[{},{}]}}"#,
            turn("a"),
            turn("b")
        );
        Manifest::parse(text.as_bytes()).unwrap()
    }

    fn open() -> Happening {
        Happening::OpenTake { turn: 0, take: 1, file: A1.to_owned(), rate: 44_100 }
    }

    fn close(end: &str, files: &[(&str, u64)]) -> Happening {
        let files = files.iter().map(|(file, frames)| TakePart { file: (*file).to_owned(), frames: *frames }).collect();
        Happening::CloseTake { turn: 0, take: 1, end: end.to_owned(), dropped: 4, peak_db: Some(-3.0), files }
    }

    #[test]
    fn what_has_happened_happens_once() {
        let mut manifest = planned();
        let gap = Happening::Gap { turn: 0, take: 1, at: 5, frames: 4 };
        let events = [open(), gap, close("done", &[(A1, 90)])];
        events.iter().for_each(|what| manifest.apply(Frame(7), what));
        let take = &manifest.turns[0].takes[0];
        assert_eq!((take.frames, take.rate, take.dropped, take.started_frame), (90, 44_100, 4, 7));
        let before = manifest.clone();
        events.iter().for_each(|what| manifest.apply(Frame(99), what));
        manifest.apply(Frame(99), &close("skip", &[(A1, 1)]));
        assert_eq!(manifest, before);
    }

    #[test]
    fn an_answer_that_could_not_be_kept_answers_nothing() {
        let mut manifest = planned();
        manifest.apply(Frame(0), &open());
        manifest.apply(Frame(1), &close("done", &[]));
        assert_eq!((manifest.turns[0].takes.len(), manifest.turns[0].state.as_str()), (0, "asked"));
        manifest.apply(Frame(0), &open());
        manifest.apply(Frame(1), &close("disk-full", &[(A1, 3)]));
        assert_eq!((manifest.turns[0].takes.len(), manifest.turns[0].state.as_str()), (1, "asked"));
    }

    #[test]
    fn a_turn_that_is_full_opens_no_take_and_closes_the_one_that_is_open() {
        let mut manifest = planned();
        let open = |take: u32| {
            let file = format!("takes/01-a-{take}.wav");
            Happening::OpenTake { turn: 0, take, file, rate: 48_000 }
        };
        let mut take = 0;
        while manifest.room_for_take(0).is_ok() {
            take += 1;
            manifest.apply(Frame(0), &open(take));
            assert_eq!(manifest.turns[0].takes.len(), take as usize);
        }
        assert!(take > 900);
        manifest.apply(Frame(0), &open(take + 1));
        assert_eq!(manifest.turns[0].takes.len(), take as usize);
        // The last of them may roll over, and every one is closed.
        let name = |part: u32| match part {
            1 => format!("takes/01-a-{take}.wav"),
            part => format!("takes/01-a-{take}.{part}.wav"),
        };
        let files = (1..=9).map(|part| TakePart { file: name(part), frames: 5 }).collect();
        let what = Happening::CloseTake { turn: 0, take, end: "done".to_owned(), dropped: 0, peak_db: None, files };
        manifest.apply(Frame(1), &what);
        assert_eq!(manifest.turns[0].takes.len(), take as usize + 8);
        assert_eq!(manifest.turns[0].takes.last().map(|take| take.end.as_str()), Some("done"));
        assert!(manifest.checked().is_ok());
    }

    #[test]
    fn what_cannot_be_changes_nothing() {
        let mut manifest = planned();
        let before = manifest.clone();
        for turn in [2, usize::MAX] {
            for what in [
                Happening::OpenTake { turn, take: 1, file: A1.to_owned(), rate: 1 },
                Happening::EndTurn { turn, skipped: true },
                Happening::Gap { turn, take: 1, at: u64::MAX, frames: u64::MAX },
            ] {
                manifest.apply(Frame(u64::MAX), &what);
            }
        }
        for file in ["/etc/passwd", "takes/../x", "prompts/01.wav", ""] {
            manifest.apply(Frame(0), &Happening::OpenTake { turn: 0, take: 1, file: file.to_owned(), rate: 1 });
        }
        let mut newer = before.clone();
        newer.schema = 2;
        manifest.apply(Frame(0), &Happening::Planned(Box::new(newer)));
        assert_eq!(manifest, before);
        // A line whose opening was lost still tells of its take; numbers are kept within what a file can hold.
        manifest.apply(Frame(0), &close("done", &[(A1, u64::MAX), ("takes/../x", 1)]));
        assert_eq!(manifest.turns[0].takes.len(), 1);
        assert_eq!(manifest.turns[0].takes[0].frames, LARGEST_TAKE);
    }

    #[test]
    fn a_session_that_goes_on_is_in_progress_under_its_new_circumstances() {
        let mut manifest = planned();
        let ended = Some("2026-11-21T09:30:05Z".to_owned());
        manifest.apply(Frame(9), &Happening::Finish { outcome: "quit".to_owned(), ended: ended.clone() });
        assert_eq!((manifest.outcome.as_str(), &manifest.ended), ("quit", &ended));
        let resumed = Happening::Resumed {
            boot: Some("two".to_owned()),
            voice: "w\u{1b}[2J".to_owned(),
            input: "j".to_owned(),
            output: "p".to_owned(),
            rate: 16_000,
        };
        manifest.apply(Frame(0), &resumed);
        assert_eq!((manifest.outcome.as_str(), &manifest.ended), ("in-progress", &None));
        assert_eq!((manifest.voice.as_str(), manifest.boot.as_deref(), manifest.rate), ("w[2J", Some("two"), 16_000));
    }
}
