//! Passing captured time to the engine, cut at the frames where something happens.

use crate::interview::{Command, Engine, Frame, Frames};

/// What hears the pieces and carries out the commands.
pub trait Stage {
    /// The next frame, after `now`, at which this side wants to be asked again; its [`Stage::reached`] is called there.
    fn deadline(&self, now: Frame) -> Option<Frame>;
    /// A piece of the block, `piece` as indices into it, ends at `now`.
    fn hear(&mut self, piece: std::ops::Range<usize>, now: Frame);
    /// The engine, which stands after its commands, commands something at `now`.
    fn act(&mut self, engine: &Engine, commands: Vec<Command>, now: Frame);
    /// The frame of [`Stage::deadline`], or the end of the block, is reached; what happens there goes to the engine.
    fn reached(&mut self, engine: &mut Engine, now: Frame);
}

/// Passes a block of `length` frames: no piece of it reaches over a deadline, so the size of the block is invisible.
pub fn pass(engine: &mut Engine, now: &mut Frame, length: usize, stage: &mut impl Stage) {
    let mut done = 0;
    while done < length {
        let left = Frames((length - done) as u64);
        let end = [engine.deadline(), stage.deadline(*now)]
            .into_iter()
            .flatten()
            .filter(|due| *due > *now)
            .fold(*now + left, Frame::min);
        let piece = end.since(*now).0 as usize;
        *now = end;
        stage.hear(done..done + piece, *now);
        done += piece;
        let commands = engine.tick(*now);
        stage.act(engine, commands, *now);
        stage.reached(engine, *now);
    }
}
