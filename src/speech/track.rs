//! A pitch over time in few bytes: about one for each voiced frame, and one or two for a stretch without voice.
//!
//! Ten hours of answers are so held in two megabytes instead of seven.

/// The pitch that has the code 1, in Hz.
const LOWEST_HZ: f64 = 40.0;

/// How many codes an octave has: half a cent each, so that what is kept is right to 0.015 %.
pub(super) const CODES: f64 = 2_400.0;

/// So many frames are coded by themselves, so that one in the middle is found at once; a run can have as many.
const BLOCK: usize = 255;

/// A run of frames without voice; their number follows.
const RUN: u8 = 0;

/// A code by itself; its two bytes follow.
const WHOLE: u8 = 255;

/// A code that differs from the voiced one before by so little is a byte between those, of which this is no difference.
const SAME: i32 = 128;

/// Frames with their pitch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Track {
    bytes: Vec<u8>,
    /// Where in the bytes each block begins.
    blocks: Vec<usize>,
    frames: usize,
    /// The last voiced code of the block, where there is one.
    last: Option<u16>,
    /// Whether the last byte is the number of a run.
    runs: bool,
}

/// The code of a pitch: 0 for none.
fn code(hertz: f32) -> u16 {
    if hertz <= 0.0 {
        return 0;
    }
    // The conversion saturates.
    ((f64::from(hertz) / LOWEST_HZ).log2() * CODES + 1.0).round().max(1.0) as u16
}

/// The pitch that a code stands for, in Hz.
pub(super) fn hertz(code: u16) -> f64 {
    if code == 0 { 0.0 } else { LOWEST_HZ * ((f64::from(code) - 1.0) / CODES).exp2() }
}

impl Track {
    /// Adds a frame: its pitch in Hz, 0 for none.
    pub(super) fn push(&mut self, hertz: f32) {
        self.push_code(code(hertz));
    }

    fn push_code(&mut self, code: u16) {
        if self.frames.is_multiple_of(BLOCK) {
            self.blocks.push(self.bytes.len());
            self.last = None;
            self.runs = false;
        }
        self.frames += 1;
        if code == 0 {
            match self.bytes.last_mut().filter(|count| self.runs && **count < u8::MAX) {
                Some(count) => *count += 1,
                None => self.bytes.extend([RUN, 1]),
            }
            self.runs = true;
            return;
        }
        self.runs = false;
        let step = self.last.map(|last| SAME + i32::from(code) - i32::from(last));
        match step.and_then(|step| u8::try_from(step).ok()).filter(|step| (RUN + 1..WHOLE).contains(step)) {
            Some(step) => self.bytes.push(step),
            None => {
                let [low, high] = code.to_le_bytes();
                self.bytes.extend([WHOLE, low, high]);
            }
        }
        self.last = Some(code);
    }

    /// How many frames there are.
    pub(super) fn len(&self) -> usize {
        self.frames
    }

    /// The codes of the frames from `start` on.
    pub(super) fn codes(&self, start: usize) -> Codes<'_> {
        let block = start.min(self.frames) / BLOCK;
        let at = self.blocks.get(block).copied().unwrap_or(self.bytes.len());
        let mut codes = Codes { track: self, at, frame: block * BLOCK, run: 0, last: 0 };
        codes.frame = codes.frame.min(self.frames);
        while codes.frame < start && codes.next().is_some() {}
        codes
    }

    /// The first `count` frames, of which only those are voiced that `voiced` says; it is asked of each in turn.
    pub(super) fn filtered(&self, count: usize, mut voiced: impl FnMut(usize) -> bool) -> Track {
        let mut track = Track::default();
        for (frame, code) in self.codes(0).take(count).enumerate() {
            track.push_code(if voiced(frame) { code } else { 0 });
        }
        track
    }
}

/// Reads a track.
#[derive(Debug, Clone)]
pub(super) struct Codes<'t> {
    track: &'t Track,
    at: usize,
    frame: usize,
    run: u8,
    last: u16,
}

impl Iterator for Codes<'_> {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        if self.frame >= self.track.frames {
            return None;
        }
        self.frame += 1;
        if self.run > 0 {
            self.run -= 1;
            return Some(0);
        }
        let bytes = &self.track.bytes;
        let first = *bytes.get(self.at)?;
        match first {
            RUN => {
                self.run = bytes.get(self.at + 1)?.saturating_sub(1);
                self.at += 2;
                return Some(0);
            }
            WHOLE => {
                self.last = u16::from_le_bytes([*bytes.get(self.at + 1)?, *bytes.get(self.at + 2)?]);
                self.at += 3;
            }
            step => {
                self.last = (i32::from(self.last) + i32::from(step) - SAME) as u16;
                self.at += 1;
            }
        }
        Some(self.last)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.track.frames - self.frame;
        (left, Some(left))
    }
}

impl ExactSizeIterator for Codes<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Glides, jumps and silences of every length.
    fn codes() -> Vec<u16> {
        let mut state = 3u32;
        let mut roll = |most: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % most
        };
        let mut codes = Vec::new();
        while codes.len() < 20_000 {
            let (length, kind) = (roll(700) + 1, roll(3));
            let mut code = 1 + roll(9_000) as u16;
            for _ in 0..length {
                code = match kind {
                    0 => 0,
                    1 => (code + 130).saturating_sub(roll(260) as u16).max(1),
                    _ => 1 + roll(65_534) as u16,
                };
                codes.push(code);
            }
        }
        codes
    }

    #[test]
    fn what_went_in_comes_out_from_any_frame_on() {
        let codes = codes();
        let mut track = Track::default();
        codes.iter().for_each(|&code| track.push_code(code));
        assert_eq!(track.len(), codes.len());
        for start in [0, 1, 254, 255, 256, 9_999, codes.len() - 1, codes.len(), codes.len() + 5] {
            let expected = &codes[start.min(codes.len())..];
            assert_eq!(track.codes(start).len(), expected.len(), "from {start}");
            assert!(track.codes(start).eq(expected.iter().copied()), "from {start}");
        }
        let even = track.filtered(1_000, |frame| frame % 2 == 0);
        assert!(even.codes(0).enumerate().all(|(frame, code)| code == if frame % 2 == 0 { codes[frame] } else { 0 }));
        assert_eq!(even.len(), 1_000);
    }

    #[test]
    fn a_pitch_is_kept_to_a_few_thousandths_of_a_percent() {
        for hertz_in in [52.0f32, 99.99, 100.0, 123.456, 220.0, 549.9] {
            let back = hertz(code(hertz_in));
            assert!((back / f64::from(hertz_in) - 1.0).abs() < 1.6e-4, "{hertz_in} comes back as {back}");
        }
        assert_eq!((code(0.0), hertz(0)), (0, 0.0));
    }

    #[test]
    fn a_voice_takes_a_byte_a_frame_and_a_silence_next_to_nothing() {
        let mut track = Track::default();
        (0..10_000).for_each(|n| track.push(120.0 + 20.0 * (n as f32 * 0.05).sin()));
        (0..90_000).for_each(|_| track.push(0.0));
        assert!(track.bytes.len() < 11_000, "{}", track.bytes.len());
    }
}
