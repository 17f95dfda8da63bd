//! The outline of a recording: how far the sound swings up and down in each short stretch of it, to be drawn.
//!
//! It is fed while the recording grows, and holds little of it however long that is: stretches are made longer where
//! there are too many.

/// How many stretches a second has at first: 5 ms are two dots of a waveform 600 dots wide of a take of 3 s.
const FIRST: u32 = 200;

/// The most stretches that are kept: an hour of 20 ms, and then some. Beyond that, each two become one.
pub const MOST_PEAKS: usize = 1 << 18;

/// How far the sound swings in a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peak {
    /// The lowest sample.
    pub low: i16,
    /// The highest sample.
    pub high: i16,
}

impl Peak {
    /// That of no sample: any other takes its place.
    const NONE: Peak = Peak { low: i16::MAX, high: i16::MIN };

    /// That of both stretches together.
    #[must_use]
    pub fn with(self, other: Peak) -> Peak {
        Peak { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    /// Whether a sample stands at full scale.
    pub fn is_clipped(self) -> bool {
        self.high == i16::MAX || self.low <= -i16::MAX
    }

    /// The largest magnitude, from 0 to 32768.
    pub fn size(self) -> u16 {
        self.low.unsigned_abs().max(self.high.unsigned_abs())
    }
}

/// The outline of a recording, or of its beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peaks {
    /// Frames a second.
    pub rate_hz: u32,
    /// How many frames are known.
    pub frames: u64,
    /// How many frames a stretch has.
    pub slice: u32,
    /// The stretches; the last may be shorter.
    pub peaks: Vec<Peak>,
}

impl Peaks {
    /// Of how many seconds of the recording it is.
    pub fn seconds(&self) -> f64 {
        self.frames as f64 / f64::from(self.rate_hz.max(1))
    }

    /// The outline in so many columns of one width, of which all together are `length_s` seconds from the start of the
    /// recording; `None` where the column's time is not known. A column narrower than a stretch has all of it.
    pub fn columns(&self, length_s: f64, count: usize) -> Vec<Option<Peak>> {
        let slices = length_s * f64::from(self.rate_hz) / f64::from(self.slice.max(1)) / count.max(1) as f64;
        if !slices.is_finite() || slices <= 0.0 {
            return vec![None; count];
        }
        let column = |place: usize| {
            // A cast to a whole number saturates.
            let start = (place as f64 * slices) as usize;
            let end = (((place + 1) as f64 * slices).ceil() as usize).max(start.saturating_add(1));
            let known = self.peaks.get(start..end.min(self.peaks.len()))?;
            (!known.is_empty()).then(|| known.iter().copied().fold(Peak::NONE, Peak::with))
        };
        (0..count).map(column).collect()
    }
}

/// Makes the outline of a recording.
///
/// ```
/// use greenroom_speech::{Peak, PeaksBuilder};
///
/// let mut builder = PeaksBuilder::new(16_000, 1);
/// builder.add_i16(&[5, -7, 3]);
/// let peaks = builder.finish();
/// assert_eq!((peaks.frames, &peaks.peaks[..]), (3, &[Peak { low: -7, high: 5 }][..]));
/// ```
#[derive(Debug, Clone)]
pub struct PeaksBuilder {
    rate_hz: u32,
    slice: u32,
    peaks: Vec<Peak>,
    frames: u64,
    /// The stretch that is not full.
    current: Peak,
    filled: u32,
    /// Of the sound that is added now: frames a second, samples a frame, samples of the frame that is not whole, and
    /// that frame.
    rate: u32,
    channels: usize,
    ahead: usize,
    frame: Peak,
    /// How far the frames of another rate are ahead, in parts of a frame of this rate.
    phase: u64,
}

impl PeaksBuilder {
    /// Nothing heard yet; the recording has `rate_hz` frames a second and so many channels, each taken for 1 at least.
    ///
    /// The channels are not mixed: the outline is that of whichever swings farthest.
    pub fn new(rate_hz: u32, channels: usize) -> PeaksBuilder {
        let rate = rate_hz.max(1);
        PeaksBuilder {
            rate_hz: rate,
            slice: (rate / FIRST).max(1),
            peaks: Vec::new(),
            frames: 0,
            current: Peak::NONE,
            filled: 0,
            rate,
            channels: channels.max(1),
            ahead: 0,
            frame: Peak::NONE,
            phase: 0,
        }
    }

    /// The recording goes on in another form. The outline keeps the rate at which it began.
    pub fn go_on(&mut self, rate_hz: u32, channels: usize) {
        (self.rate, self.channels) = (rate_hz.max(1), channels.max(1));
        (self.ahead, self.frame, self.phase) = (0, Peak::NONE, 0);
    }

    /// Adds samples, full scale being 1, the channels of each frame one after the other, in blocks of any size. What is
    /// not a number counts as 0.
    pub fn add(&mut self, samples: &[f32]) {
        // A cast to an integer saturates, and makes 0 of what is not a number.
        self.take(samples, |&sample| (sample * 32_768.0) as i16);
    }

    /// Adds samples of 16 bits.
    pub fn add_i16(&mut self, samples: &[i16]) {
        self.take(samples, |&sample| sample);
    }

    fn take<T>(&mut self, samples: &[T], value: impl Fn(&T) -> i16) {
        let peak = |samples: &[T]| {
            samples.iter().fold(Peak::NONE, |peak, sample| {
                let value = value(sample);
                peak.with(Peak { low: value, high: value })
            })
        };
        let mut left = samples;
        while !left.is_empty() {
            // As many whole frames at once as the stretch has room for, where no frame was cut.
            let room = if self.rate == self.rate_hz { (self.slice - self.filled) as usize } else { 1 };
            let whole = left.len() / self.channels;
            if self.ahead == 0 && whole > 0 {
                let frames = room.min(whole);
                let (now, later) = left.split_at(frames * self.channels);
                self.put(peak(now), frames as u32);
                left = later;
            } else {
                let (now, later) = left.split_at(left.len().min(self.channels - self.ahead));
                self.frame = self.frame.with(peak(now));
                self.ahead += now.len();
                left = later;
                if self.ahead == self.channels {
                    let frame = std::mem::replace(&mut self.frame, Peak::NONE);
                    self.ahead = 0;
                    self.put(frame, 1);
                }
            }
        }
    }

    /// Takes in frames that the stretch has room for; one where they are of another rate.
    fn put(&mut self, peak: Peak, frames: u32) {
        if self.rate == self.rate_hz {
            self.grow(peak, frames);
            return;
        }
        // It sounds, however short it is.
        self.current = self.current.with(peak);
        self.phase += u64::from(self.rate_hz);
        while self.phase >= u64::from(self.rate) {
            self.phase -= u64::from(self.rate);
            self.grow(peak, 1);
        }
    }

    fn grow(&mut self, peak: Peak, frames: u32) {
        self.current = self.current.with(peak);
        self.filled += frames;
        self.frames += u64::from(frames);
        if self.filled < self.slice {
            return;
        }
        if self.peaks.len() == MOST_PEAKS && self.slice <= u32::MAX / 2 {
            // With twice the length the stretch is only half full.
            self.join();
            return;
        }
        self.peaks.push(std::mem::replace(&mut self.current, Peak::NONE));
        self.filled = 0;
    }

    /// Makes one stretch of every two.
    fn join(&mut self) {
        let joined = self.peaks.chunks(2).map(|pair| pair.iter().copied().fold(Peak::NONE, Peak::with)).collect();
        self.peaks = joined;
        self.slice *= 2;
    }

    /// How many frames were added.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// The outline of what was added so far.
    pub fn so_far(&self) -> Peaks {
        self.clone().finish()
    }

    /// The outline of what was added. A frame that is not whole is left out.
    pub fn finish(mut self) -> Peaks {
        if self.filled > 0 {
            self.peaks.push(self.current);
        }
        Peaks { rate_hz: self.rate_hz, frames: self.frames, slice: self.slice, peaks: self.peaks }
    }
}

#[cfg(test)]
#[path = "peaks_tests.rs"]
mod tests;
