//! What an event does to a manifest: the one thing that changes it after it was planned.
//!
//! The running session and the recovery both go by it, so that a manifest is nothing but the sum of its journal.
//! What has been done already is not done twice, and what names a turn or a file that cannot be changes nothing.

use super::event::{Happening, TakePart};
use super::manifest::{LARGEST_TAKE, Manifest, ManifestTake, ManifestTurn, ROLLED_OVER, answers, check_file};
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
            Happening::Speak { turn, voice, file } => {
                self.voice = clean(voice);
                let Some(turn) = self.turns.get_mut(*turn) else { return };
                turn.begun();
                turn.prompt_file = file.clone().filter(|file| check_file(file, "prompts").is_ok());
            }
            Happening::OpenTake { turn, file, rate, .. } => {
                if check_file(file, "takes").is_err() || self.names(file) {
                    return;
                }
                let Some(turn) = self.turns.get_mut(*turn) else { return };
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
                let fresh: Vec<&TakePart> = files.iter().filter(|part| !self.has_closed(&part.file)).collect();
                let Some(turn) = self.turns.get_mut(*turn) else { return };
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

    /// Whether a take has this file.
    fn names(&self, file: &str) -> bool {
        self.turns.iter().flat_map(|turn| &turn.takes).any(|take| take.file == file)
    }

    /// Whether a take that has ended has this file.
    fn has_closed(&self, file: &str) -> bool {
        self.turns.iter().flat_map(|turn| &turn.takes).any(|take| take.file == file && !take.end.is_empty())
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
        let files: Vec<&&TakePart> = files.iter().filter(|part| check_file(&part.file, "takes").is_ok()).collect();
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

fn clean(text: &str) -> String {
    Text::clean(text).to_string()
}
