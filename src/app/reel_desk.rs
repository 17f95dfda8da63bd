//! Where a session and the thread that writes its recording meet: what waits to be written, put together so that a long
//! silence needs no more room than a short one.
//!
//! Knows no disk and no clock.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::ports::Clip;

/// Something that happens in the recording, in its order.
pub(super) enum Piece {
    /// So many frames in which nothing that was said is recorded.
    Silence(u64),
    /// So many of the samples that lie beside the pieces.
    Said(usize),
    /// A clip begins to sound.
    Play(Arc<Clip>),
    /// What sounds, stops.
    Stop,
    /// A cue point.
    Mark(String),
}

/// Who still works at a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Stage {
    /// Both do.
    #[default]
    Open,
    /// Nothing more will be put down.
    Closing,
    /// Nothing more will be put down, because the writer is too far behind.
    Late,
    /// Nothing more will be written.
    Left,
}

/// What is written at once.
#[derive(Default)]
pub(super) struct Batch {
    /// What happens, in its order.
    pub pieces: Vec<Piece>,
    /// What was said in all of it.
    pub said: Vec<i16>,
}

#[derive(Default)]
struct Tray {
    batch: Batch,
    /// The length of all pieces.
    frames: u64,
    stage: Stage,
}

impl Tray {
    fn pass(&mut self, frames: u64, said: &[i16]) {
        let said = &said[..said.len().min(usize::try_from(frames).unwrap_or(usize::MAX))];
        self.frames = self.frames.saturating_add(frames);
        let pieces = &mut self.batch.pieces;
        if !said.is_empty() {
            self.batch.said.extend_from_slice(said);
            match pieces.last_mut() {
                Some(Piece::Said(before)) => *before += said.len(),
                _ => pieces.push(Piece::Said(said.len())),
            }
        }
        match (frames - said.len() as u64, pieces.last_mut()) {
            (0, _) => {}
            (silence, Some(Piece::Silence(before))) => *before = before.saturating_add(silence),
            (silence, _) => pieces.push(Piece::Silence(silence)),
        }
    }
}

/// The place where they meet.
#[derive(Default)]
pub(super) struct Desk {
    tray: Mutex<Tray>,
    turned: Condvar,
}

impl Desk {
    fn tray(&self) -> MutexGuard<'_, Tray> {
        self.tray.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_while(&self, holds: impl FnMut(&mut Tray) -> bool) -> MutexGuard<'_, Tray> {
        self.turned.wait_while(self.tray(), holds).unwrap_or_else(PoisonError::into_inner)
    }

    /// Who still works.
    pub(super) fn stage(&self) -> Stage {
        self.tray().stage
    }

    /// How many frames wait, and how many samples of what was said.
    #[cfg(test)]
    pub(super) fn waiting(&self) -> (u64, usize) {
        let tray = self.tray();
        (tray.frames, tray.batch.said.len())
    }

    /// Passes time with what was said in it; where `most` frames wait already, nothing is put down any more.
    pub(super) fn pass_or_give_up(&self, frames: u64, said: &[i16], most: u64) {
        let mut tray = self.tray();
        match tray.stage {
            Stage::Open if tray.frames >= most => tray.stage = Stage::Late,
            Stage::Open => tray.pass(frames, said),
            Stage::Closing | Stage::Late | Stage::Left => return,
        }
        drop(tray);
        self.turned.notify_all();
    }

    /// Passes time with what was said in it, when fewer than `most` frames wait.
    pub(super) fn pass_when_there_is_room(&self, frames: u64, said: &[i16], most: u64) {
        let mut tray = self.wait_while(|tray| tray.stage == Stage::Open && tray.frames >= most);
        if tray.stage == Stage::Open {
            tray.pass(frames, said);
        }
        drop(tray);
        self.turned.notify_all();
    }

    /// Puts down what takes no time. Of two sounds that begin or stop at the same frame, the first is never heard.
    pub(super) fn put(&self, piece: Piece) {
        let mut tray = self.tray();
        if tray.stage != Stage::Open {
            return;
        }
        let pieces = &mut tray.batch.pieces;
        let sound = |piece: &Piece| matches!(piece, Piece::Play(_) | Piece::Stop);
        if sound(&piece) && pieces.last().is_some_and(sound) {
            pieces.pop();
        }
        pieces.push(piece);
    }

    /// Nothing more will be put down; says whether that was so already because the writer is too far behind.
    pub(super) fn close(&self) -> bool {
        let mut tray = self.tray();
        if tray.stage == Stage::Open {
            tray.stage = Stage::Closing;
        }
        let late = tray.stage == Stage::Late;
        drop(tray);
        self.turned.notify_all();
        late
    }

    /// Nothing more will be written.
    pub(super) fn leave(&self) {
        let mut tray = self.tray();
        // That it is late is what has to be said at the end.
        if tray.stage != Stage::Late {
            tray.stage = Stage::Left;
        }
        drop(tray);
        self.turned.notify_all();
    }

    /// Takes what waits in exchange for what is left of `batch`, waiting for something; says whether more can come. The
    /// two change places for ever, so that a long recording needs no more memory than a short one.
    pub(super) fn take(&self, batch: &mut Batch) -> bool {
        batch.pieces.clear();
        batch.said.clear();
        let mut tray = self.wait_while(|tray| tray.frames == 0 && tray.stage == Stage::Open);
        std::mem::swap(batch, &mut tray.batch);
        tray.frames = 0;
        let more = tray.stage == Stage::Open;
        drop(tray);
        self.turned.notify_all();
        more
    }
}
