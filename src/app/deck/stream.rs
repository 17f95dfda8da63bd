//! What is fed to a speaker of one way through a recording, at one speed, and which place of the recording each frame of
//! it stands for.

use std::collections::VecDeque;

use super::recording::Recording;
use super::route::{Mark, Route};
use crate::audio::wav::WavError;
use crate::ports::Playback;
use crate::speech::stretch::Stretcher;

/// How many frames of the recording are made ready at once.
const BLOCK: usize = 1_024;

/// A stream that is being fed.
pub(super) struct Stream {
    rate: u32,
    speed: f64,
    route: Route,
    /// None at the recording's own pace: then its frames are heard as they are.
    stretcher: Option<Stretcher>,
    marks: VecDeque<Mark>,
    /// How many frames of the route were taken.
    taken: u64,
    fed: u64,
    /// What was made and has not been fed.
    ready: Vec<i16>,
    block: Vec<f32>,
    made: Vec<f32>,
    whole: bool,
}

impl Stream {
    /// A stream at `rate` frames a second.
    pub(super) fn new(route: Route, rate: u32, speed: f64) -> Stream {
        let marks = VecDeque::from([Mark { index: 0, frame: route.at() }]);
        let stretcher = (speed != 1.0).then(|| Stretcher::new(rate, speed));
        Stream {
            rate,
            speed,
            route,
            stretcher,
            marks,
            taken: 0,
            fed: 0,
            ready: Vec::new(),
            block: vec![0.0; BLOCK],
            made: Vec::new(),
            whole: false,
        }
    }

    pub(super) fn rate(&self) -> u32 {
        self.rate
    }

    /// Whether all of it has been fed.
    pub(super) fn is_whole(&self) -> bool {
        self.whole && self.ready.is_empty()
    }

    /// Feeds the speaker until it has `ahead` frames more than were heard, or has no room; at most `most` frames are
    /// made for that.
    ///
    /// # Errors
    /// [`WavError`] where the recording cannot be read.
    pub(super) fn feed(
        &mut self,
        recording: &mut Recording,
        playback: &mut dyn Playback,
        ahead: u64,
        most: u64,
    ) -> Result<(), WavError> {
        let heard = playback.heard().0;
        self.forget(heard);
        let until = (heard + ahead).min(self.fed + most);
        while self.fed < until && !self.is_whole() {
            if self.ready.is_empty() {
                self.make(recording)?;
            }
            let count = playback.feed(&self.ready);
            self.fed += count as u64;
            self.ready.drain(..count);
            if self.is_whole() {
                playback.end();
            } else if count == 0 && !self.ready.is_empty() {
                break;
            }
        }
        Ok(())
    }

    fn make(&mut self, recording: &mut Recording) -> Result<(), WavError> {
        let (rate, end) = (self.rate, recording.frames(self.rate));
        let count = self.route.fill(&mut self.block, end, self.taken, &mut self.marks, |from, output| {
            recording.read(rate, from, output)
        })?;
        self.taken += count as u64;
        self.whole = count < self.block.len();
        let block = &self.block[..count];
        self.made.clear();
        match &mut self.stretcher {
            None => self.made.extend_from_slice(block),
            Some(stretcher) => {
                stretcher.feed(block);
                if self.whole { stretcher.end(&mut self.made) } else { stretcher.take(&mut self.made) }
            }
        }
        // The conversion saturates.
        self.ready.extend(self.made.iter().map(|sample| (sample * 32_768.0).round() as i16));
        Ok(())
    }

    /// The frame of the recording, at the rate of the stream, that is heard after `heard` frames of it.
    pub(super) fn place(&self, heard: u64) -> f64 {
        let index = (heard as f64 * self.speed).min(self.taken as f64);
        let mark = self.marks.iter().rev().find(|mark| mark.index as f64 <= index).or(self.marks.front());
        mark.map_or(0.0, |mark| mark.frame as f64 + (index - mark.index as f64))
    }

    /// Lets go of the marks that nobody will ask for any more.
    fn forget(&mut self, heard: u64) {
        let index = heard as f64 * self.speed;
        while self.marks.get(1).is_some_and(|next| next.index as f64 <= index) {
            self.marks.pop_front();
        }
    }

    /// How many marks and frames it holds.
    #[cfg(test)]
    pub(super) fn remembers(&self) -> (usize, usize) {
        (self.marks.len(), self.ready.capacity() + self.block.capacity() + self.made.capacity())
    }
}
