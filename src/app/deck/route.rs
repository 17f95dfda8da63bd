//! Which frames of a recording are heard, in which order: all of them, or some left out, or some again and again.
//!
//! Knows nothing of speed, of files and of speakers; every number is a frame at one rate.

use std::ops::Range;

/// How long one sound goes over into the other where they are joined, in milliseconds: as long as a speaker fades.
const FADE_MS: usize = 5;

/// A way through a recording.
#[derive(Debug)]
pub(super) struct Route {
    at: u64,
    /// What is left out, in order, none touching another.
    cuts: Vec<Range<u64>>,
    /// What is heard again and again; the way is in it or before it.
    looped: Option<Range<u64>>,
    /// What went on behind the last join, to be faded out; all of the length of a fade.
    tail: Vec<f32>,
    /// The length of a tail.
    fade: usize,
    /// How much of the tail was heard.
    faded: usize,
}

/// A place where the order is not that of the recording: from the `index`th frame that is heard, it goes on with
/// `frame`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) index: u64,
    pub(super) frame: u64,
}

/// How many frames a join takes.
pub(super) fn fade(rate: u32) -> usize {
    rate as usize * FADE_MS / 1_000
}

impl Route {
    /// A way from `at` on through a recording of `end` frames. A loop that lies before `at` is not entered, and cuts that
    /// leave nothing of a loop are none.
    pub(super) fn new(at: u64, mut cuts: Vec<Range<u64>>, looped: Option<Range<u64>>, end: u64, rate: u32) -> Route {
        let fade = fade(rate);
        let looped = looped.map(|looped| looped.start..looped.end.min(end));
        let looped = looped.filter(|looped| at < looped.end && looped.end.saturating_sub(looped.start) > fade as u64);
        if let Some(looped) = &looped {
            let inside = |cut: &Range<u64>| cut.end.min(looped.end).saturating_sub(cut.start.max(looped.start));
            let left = looped.end - looped.start - cuts.iter().map(inside).sum::<u64>();
            if left <= fade as u64 {
                cuts.retain(|cut| inside(cut) == 0);
            }
        }
        let mut route = Route { at, cuts, looped, tail: Vec::new(), fade, faded: 0 };
        if let Some(to) = route.jump(end) {
            route.at = to;
        }
        if route.at > 0 {
            route.tail = vec![0.0; fade];
        }
        route
    }

    /// Where it stands.
    pub(super) fn at(&self) -> u64 {
        self.at
    }

    /// Fills `output` with the next frames of a recording of `end` frames, which `read` reads; says how many there were,
    /// fewer only at the end, and adds to `marks` where they do not follow each other, `heard` frames having been heard
    /// before.
    ///
    /// # Errors
    /// What `read` says.
    pub(super) fn fill<E>(
        &mut self,
        output: &mut [f32],
        end: u64,
        heard: u64,
        marks: &mut impl Extend<Mark>,
        mut read: impl FnMut(u64, &mut [f32]) -> Result<(), E>,
    ) -> Result<usize, E> {
        let mut done = 0;
        while done < output.len() {
            if let Some(to) = self.jump(end) {
                self.leave(end, &mut read)?;
                self.at = to;
                marks.extend([Mark { index: heard + done as u64, frame: to }]);
            }
            if self.at >= end {
                break;
            }
            let count = (self.straight(end) - self.at).min((output.len() - done) as u64) as usize;
            let piece = &mut output[done..done + count];
            read(self.at, piece)?;
            self.join(piece);
            self.at += count as u64;
            done += count;
        }
        Ok(done)
    }

    /// Where it goes on instead, if the next frame is not the next of the recording.
    fn jump(&self, end: u64) -> Option<u64> {
        let mut at = self.at;
        // Out of a cut, to the beginning of the loop, out of a cut there.
        for _ in 0..3 {
            match &self.looped {
                Some(looped) if at >= looped.end.min(end) && looped.start < end => at = looped.start,
                _ => match self.cuts.iter().find(|cut| cut.contains(&at)) {
                    Some(cut) => at = cut.end,
                    None => break,
                },
            }
        }
        (at != self.at).then_some(at)
    }

    /// Up to where the frames follow each other from here on.
    fn straight(&self, end: u64) -> u64 {
        let cut = self.cuts.iter().map(|cut| cut.start).find(|start| *start > self.at).unwrap_or(end);
        let looped = self.looped.as_ref().map(|looped| looped.end).filter(|end| *end > self.at).unwrap_or(end);
        end.min(cut).min(looped)
    }

    /// Keeps what goes on here, to be faded out.
    fn leave<E>(&mut self, end: u64, read: &mut impl FnMut(u64, &mut [f32]) -> Result<(), E>) -> Result<(), E> {
        self.tail.resize(self.fade, 0.0);
        self.faded = 0;
        let there = end.saturating_sub(self.at).min(self.fade as u64) as usize;
        read(self.at, &mut self.tail[..there])?;
        // What ends here goes on as it was: a step to nothing would click.
        let mut last = [0.0];
        match there.checked_sub(1) {
            Some(at) => last[0] = self.tail[at],
            None => read(end.min(self.at).saturating_sub(1), &mut last)?,
        }
        self.tail[there..].fill(last[0]);
        Ok(())
    }

    fn join(&mut self, piece: &mut [f32]) {
        let length = self.tail.len();
        for (sample, old) in piece.iter_mut().zip(&self.tail[self.faded..]) {
            self.faded += 1;
            let weight = self.faded as f32 / (length + 1) as f32;
            *sample = *sample * weight + old * (1.0 - weight);
        }
    }
}

#[cfg(test)]
#[path = "route_tests.rs"]
mod tests;
