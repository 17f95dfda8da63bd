//! Where in a recording somebody speaks, and how much of it is silence, told from levels alone.
//!
//! It is fed while the recording grows: a byte for each 20 ms is all that it keeps, and all that it judges is judged when
//! it is asked. Nothing is guessed: what does not stand out of its noise has no answer, and a reason.
//!
//! What is louder than a threshold between noise and voice is taken for speech. A fixed threshold is what fails in
//! noise, so both ends of it come from the recording itself.

use std::fmt;
use std::ops::Range;

use super::funnel::Funnel;

/// The length of a window, in seconds: short against a syllable, long against the period of a low voice.
const WINDOW: f64 = 0.020;

/// The most windows that are kept: an hour of them. A longer recording has windows of twice the length.
const MOST_WINDOWS: usize = 180_000;

/// The shortest pause, in seconds; a shorter gap belongs to the speech around it (de Jong and Bosker 2013).
const SHORTEST_PAUSE: f64 = 0.250;

/// The shortest speech, in seconds: what is shorter is a key, a click or a pop, and no syllable.
const SHORTEST_SPEECH: f64 = 0.060;

/// Less sound than this, in seconds, has no share of silence that means anything.
const LEAST: f64 = 2.0;

/// How far the voice must stand out of the noise, in dB, once both are brought to the band of a voice.
const LEAST_ABOVE_NOISE: f32 = 10.0;

/// One part of so many of a recording is taken for its noise: who speaks without a pause still has gaps between sounds.
const NOISE_PART: usize = 20;

/// So much speech is enough to be found in a long silence, in seconds.
const LEAST_SPEECH: f64 = 0.5;

/// Which part of the way from the noise to the voice, in dB, a stretch of speech must reach, and which it must not fall
/// below: once begun, it goes on into its weak sounds. Both fitted to the built-in voices in `tests/activity.rs`.
const BEGINS: f32 = 0.4;
/// See [`BEGINS`].
const ENDS: f32 = 0.2;

/// How far above the noise both are at least, in dB: the windows of an even noise differ by 2 to 3 dB.
const CLEAR: f32 = 5.0;

/// What is so far below the voice, in dB, is not speech however quiet the room (measured on human voices, of which the
/// weakest sounds lie 30 to 38 dB below the active level).
const WEAKEST: f32 = 38.0;

/// How long the first and the last sounds of a phrase stay in what the noise hides, in seconds for each dB of it: they
/// rise and fall by some 10 dB in 20 ms. Fitted as [`BEGINS`] was.
const HIDDEN: f64 = 0.002;

/// The noise of a room is fainter than this, in dB of full scale; what is louder may be anything.
const FAINT: f32 = -40.0;

/// Which share of the speech, in parts of 1000, may have samples at full scale.
const MOST_CLIPPED: u64 = 500;

/// A share of a whole, in parts of 1000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Share(pub u16);

impl Share {
    /// So much of `whole`; nothing of nothing.
    fn of(part: u64, whole: u64) -> Share {
        let whole = whole.max(1);
        Share(((part.min(whole) * 1_000 + whole / 2) / whole) as u16)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{} %", self.0 / 10, self.0 % 10)
    }
}

/// Why it cannot be told how much of a recording is silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Untold {
    /// There is less than 2 s of it.
    TooShort,
    /// More of it was lost on the way than was heard.
    Lost,
    /// The microphone gave nothing at all.
    NoSignal,
    /// No speech stands out of the noise.
    NoSpeech,
    /// The microphone clips nearly throughout.
    Clipped,
}

impl fmt::Display for Untold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Untold::TooShort => "too little was recorded",
            Untold::Lost => "more was lost on the way than was heard",
            Untold::NoSignal => "the microphone gave no signal",
            Untold::NoSpeech => "no speech stands out of the noise",
            Untold::Clipped => "the microphone clips nearly throughout",
        })
    }
}

/// The levels of a recording, window by window, as it grows.
#[derive(Debug, Clone)]
pub struct Activity {
    rate: u32,
    funnel: Funnel,
    /// How many values of the funnel a window has.
    window: usize,
    /// How many windows of [`WINDOW`] it is long.
    joined: u64,
    /// What is known of the window that is not full.
    energy: f32,
    filled: usize,
    clips: bool,
    /// Each full window.
    levels: Vec<Step>,
    /// How many windows of [`WINDOW`] have samples at full scale.
    clipped: u64,
    /// Frames that were heard, and lost.
    heard: u64,
    lost: u64,
}

impl Activity {
    /// Nothing heard yet, at `rate_hz` frames a second.
    pub fn new(rate_hz: u32) -> Activity {
        let rate = rate_hz.max(1);
        let funnel = Funnel::new(rate);
        let window = ((f64::from(rate) * WINDOW / f64::from(funnel.step())).round() as usize).max(1);
        Activity {
            rate,
            funnel,
            window,
            joined: 1,
            energy: 0.0,
            filled: 0,
            clips: false,
            levels: Vec::new(),
            clipped: 0,
            heard: 0,
            lost: 0,
        }
    }

    /// Adds sound, 16-bit signed, in blocks of any size. What does not fill a window of 20 ms at the end is not judged.
    pub fn add(&mut self, samples: &[i16]) {
        self.heard += samples.len() as u64;
        for &sample in samples {
            self.clips |= sample.unsigned_abs() >= 0x7FFF;
            let Some(value) = self.funnel.add(sample) else { continue };
            self.energy += value * value;
            self.filled += 1;
            if self.filled == self.window {
                self.turn();
            }
        }
    }

    /// Passes over frames that were lost on the way: whether anything was said in them, nobody knows.
    pub fn add_lost(&mut self, frames: u64) {
        self.lost = self.lost.saturating_add(frames);
        // No window has sound from both sides of a gap.
        self.funnel = Funnel::new(self.rate);
        (self.energy, self.filled, self.clips) = (0.0, 0, false);
    }

    /// Takes down the window that is full.
    fn turn(&mut self) {
        if self.levels.len() == MOST_WINDOWS {
            self.join();
        }
        self.levels.push(Step::of(f64::from(self.energy) / self.window as f64));
        self.clipped += if self.clips { self.joined } else { 0 };
        (self.energy, self.filled, self.clips) = (0.0, 0, false);
        self.funnel.settle();
    }

    /// Makes one window of every two.
    fn join(&mut self) {
        let pairs = self.levels.len() / 2;
        for place in 0..pairs {
            let mean = (self.levels[2 * place].power() + self.levels[2 * place + 1].power()) / 2.0;
            self.levels[place] = Step::of(mean);
        }
        self.levels.truncate(pairs);
        self.window *= 2;
        self.joined *= 2;
    }

    /// How much of what was added is silence: pauses of at least 250 ms, and what is before and after the speech.
    ///
    /// # Errors
    /// Why it cannot be told.
    pub fn silence(&self) -> Result<Share, Untold> {
        let spoken = self.spoken()?;
        let speech: usize = spoken.iter().map(ExactSizeIterator::len).sum();
        if self.clipped * 1_000 >= speech as u64 * self.joined * MOST_CLIPPED {
            return Err(Untold::Clipped);
        }
        Ok(Share::of((self.levels.len() - speech) as u64, self.levels.len() as u64))
    }

    /// Whether nothing was heard but a faint, even noise, or nothing at all: so sounds somebody who says nothing.
    ///
    /// Where more was lost than heard, nobody knows, and it is not said.
    pub fn is_even(&self) -> bool {
        let mut counts = [0usize; 256];
        for level in self.levels.iter().filter(|level| **level != Step::NOTHING) {
            counts[usize::from(level.0)] += 1;
        }
        let (count, few) = (counts.iter().sum::<usize>(), (LEAST_SPEECH / self.seconds()) as usize);
        // A key or a chair is heard for a moment, and is no voice.
        let loudest = (count.saturating_sub(1)).saturating_sub(few.min(count / 2));
        let (loudest, floor) = (quantile(&counts, loudest).db(), quantile(&counts, count / NOISE_PART).db());
        (count == 0 || (loudest < FAINT && loudest - floor < CLEAR)) && self.lost <= self.heard
    }

    /// How long a window is, in seconds.
    fn seconds(&self) -> f64 {
        (self.window as f64 * f64::from(self.funnel.step())) / f64::from(self.rate)
    }

    /// The stretches of speech, in windows: at least one, and a pause between each and the next.
    ///
    /// # Errors
    /// Why they cannot be told.
    fn spoken(&self) -> Result<Vec<Range<usize>>, Untold> {
        if self.lost > self.heard {
            return Err(Untold::Lost);
        }
        if self.levels.len() as f64 * self.seconds() < LEAST {
            return Err(Untold::TooShort);
        }
        if self.levels.iter().all(|level| *level == Step::NOTHING) {
            return Err(Untold::NoSignal);
        }
        let thresholds = self.thresholds().ok_or(Untold::NoSpeech)?;
        let (count, pause) = (self.levels.len(), self.windows(SHORTEST_PAUSE));
        let hidden = self.windows(f64::from(thresholds.hidden) * HIDDEN);
        let mut spoken: Vec<Range<usize>> = Vec::new();
        for Range { start, end } in self.loud(&thresholds) {
            // Where there is nothing at all, nothing is hidden.
            let sounds = |level: &&Step| **level != Step::NOTHING;
            let start = start - self.levels[..start].iter().rev().take(hidden).take_while(sounds).count();
            let end = end + self.levels[end..].iter().take(hidden).take_while(sounds).count();
            match spoken.last_mut() {
                Some(before) if start < before.end + pause => before.end = end,
                None if start < pause => spoken.push(0..end),
                _ => spoken.push(start..end),
            }
        }
        let last = spoken.last_mut().ok_or(Untold::NoSpeech)?;
        if count < last.end + pause {
            last.end = count;
        }
        Ok(spoken)
    }

    /// The windows of a span, at least one where it is longer than nothing.
    fn windows(&self, seconds: f64) -> usize {
        ((seconds / self.seconds()).round() as usize).max(usize::from(seconds > 0.0))
    }

    /// The stretches that stand out of the noise, long enough to be a syllable.
    fn loud(&self, thresholds: &Thresholds) -> impl Iterator<Item = Range<usize>> {
        let shortest = self.windows(SHORTEST_SPEECH);
        let mut start = 0;
        self.levels.chunk_by(|left, right| (*left >= thresholds.ends) == (*right >= thresholds.ends)).filter_map(
            move |stretch| {
                let range = start..start + stretch.len();
                start = range.end;
                let beyond = stretch.iter().filter(|level| **level >= thresholds.begins).count();
                (stretch[0] >= thresholds.ends && beyond >= shortest).then_some(range)
            },
        )
    }

    /// From where on a window is taken for speech; `None` where nothing stands out of the noise.
    fn thresholds(&self) -> Option<Thresholds> {
        let mut counts = [0usize; 256];
        // What is nothing at all was put there by a program, and says nothing of the noise in the rest.
        for level in self.levels.iter().filter(|level| **level != Step::NOTHING) {
            counts[usize::from(level.0)] += 1;
        }
        let count = counts.iter().sum::<usize>();
        let floor = quantile(&counts, count / NOISE_PART);
        // What is loud for a moment in a long silence is speech too.
        let few = ((LEAST_SPEECH / self.seconds()) as usize).min(count / 10);
        let peak = quantile(&counts, (count - 1).saturating_sub(few));
        // Half of what is nearer to the loudest than to the noise.
        let middle = usize::from(floor.0).midpoint(usize::from(peak.0));
        counts[..middle].fill(0);
        let voice = quantile(&counts, counts.iter().sum::<usize>() / 2);
        let above = voice.db() - floor.db();
        if above < LEAST_ABOVE_NOISE {
            return None;
        }
        let weakest = voice.db() - WEAKEST;
        let at = |part: f32| (floor.db() + (part * above).max(CLEAR)).max(weakest);
        let (begins, ends) = (Step::at(at(BEGINS)), Step::at(at(ENDS)));
        Some(Thresholds { begins, ends, hidden: at(ENDS) - weakest })
    }
}

/// What is taken for speech.
struct Thresholds {
    /// Speech begins with levels from here on.
    begins: Step,
    /// It goes on with levels from here on.
    ends: Step,
    /// How much of the range of speech lies below that, in dB.
    hidden: f32,
}

/// The level that `rank` others are below or at.
fn quantile(counts: &[usize; 256], rank: usize) -> Step {
    let mut seen = 0;
    for (step, count) in counts.iter().enumerate() {
        seen += count;
        if seen > rank {
            return Step(step as u8);
        }
    }
    Step(u8::MAX)
}

/// A level in steps of half a dB, in a byte; 0 is nothing at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Step(u8);

impl Step {
    const NOTHING: Step = Step(0);

    /// The level of step 0, in dB of full scale: below what a 16-bit sample can hold.
    const LOWEST: f32 = -110.0;

    /// The level of a mean square, full scale being 1.
    fn of(power: f64) -> Step {
        Step::at(10.0 * power.log10() as f32)
    }

    fn at(db: f32) -> Step {
        // The conversion saturates.
        Step((2.0 * (db - Step::LOWEST)).round() as u8)
    }

    fn db(self) -> f32 {
        Step::LOWEST + f32::from(self.0) / 2.0
    }

    fn power(self) -> f64 {
        if self == Step::NOTHING { 0.0 } else { 10f64.powf(f64::from(self.db()) / 10.0) }
    }
}

#[cfg(test)]
#[path = "activity_tests.rs"]
mod tests;
