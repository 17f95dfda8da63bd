//! What the built-in voice sounds like, and the packets in which it is asked to speak.

use crate::interview::panel::{self, Voicing};

/// How the built-in voice sounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timbre {
    /// Which of the two speakers.
    pub accent: Accent,
    /// Pitch in percent of the speaker's own, 50 to 200.
    pub pitch: u16,
    /// Speed in percent of the speaker's own, 50 to 200.
    pub speed: u16,
}

/// The built-in speakers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Accent {
    /// American English.
    Us,
    /// British English.
    Gb,
}

/// The parent asks for a text to be spoken; the body is a timbre and the text.
pub const SPEAK: u8 = 1;
/// The parent announces that it will ask for this timbre soon; there is no reply.
pub const WARM: u8 = 2;
/// The host's reply: frames a second (4 bytes), then samples (2 bytes each), all little-endian.
pub const SOUND: u8 = 1;
/// The host's reply: why there is no sound.
pub const REFUSED: u8 = 2;

impl Timbre {
    /// A speaker as it comes.
    pub const fn plain(accent: Accent) -> Timbre {
        Timbre { accent, pitch: 100, speed: 100 }
    }

    /// How a panelist sounds.
    pub fn of(voicing: &Voicing) -> Timbre {
        let accent = match voicing.accent {
            panel::Accent::American => Accent::Us,
            panel::Accent::British => Accent::Gb,
        };
        Timbre { accent, pitch: voicing.pitch, speed: voicing.speed }.bounded()
    }

    /// The same with pitch and speed inside what is still understood.
    pub fn bounded(self) -> Timbre {
        Timbre { accent: self.accent, pitch: self.pitch.clamp(50, 200), speed: self.speed.clamp(50, 200) }
    }

    /// The body of a request for `text` in this timbre.
    pub fn request(self, text: &str) -> Vec<u8> {
        let mut body = vec![u8::from(self.accent == Accent::Gb)];
        body.extend(self.pitch.to_le_bytes());
        body.extend(self.speed.to_le_bytes());
        body.extend(text.as_bytes());
        body
    }

    /// Reads the body of a request; `None` if it is not one.
    pub fn read_request(body: &[u8]) -> Option<(Timbre, &str)> {
        let (head, text) = body.split_at_checked(5)?;
        let accent = match head[0] {
            0 => Accent::Us,
            1 => Accent::Gb,
            _ => return None,
        };
        let number = |at: usize| u16::from_le_bytes([head[at], head[at + 1]]);
        let timbre = Timbre { accent, pitch: number(1), speed: number(3) };
        Some((timbre.bounded(), std::str::from_utf8(text).ok()?))
    }
}

impl Accent {
    /// The language, as it is written after the voice's name.
    pub fn language(self) -> &'static str {
        match self {
            Accent::Us => "en-US",
            Accent::Gb => "en-GB",
        }
    }
}

/// The body of a reply with sound.
pub fn sound(rate: u32, samples: &[i16]) -> Vec<u8> {
    let mut body = Vec::with_capacity(4 + 2 * samples.len());
    body.extend(rate.to_le_bytes());
    body.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    body
}

/// Reads the body of a reply with sound; `None` if it is not one.
pub fn read_sound(body: &[u8]) -> Option<(u32, Vec<i16>)> {
    let (rate, samples) = body.split_first_chunk::<4>()?;
    let rate = u32::from_le_bytes(*rate);
    let samples = samples.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect();
    (4_000..=192_000).contains(&rate).then_some((rate, samples))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_and_its_reply_come_back_as_they_were_sent() {
        let timbre = Timbre { accent: Accent::Gb, pitch: 120, speed: 90 };
        assert_eq!(Timbre::read_request(&timbre.request("café")), Some((timbre, "café")));
        assert_eq!(read_sound(&sound(16_000, &[1, -2, i16::MIN])), Some((16_000, vec![1, -2, i16::MIN])));
    }

    #[test]
    fn nonsense_is_no_request_and_no_reply() {
        assert_eq!(Timbre::read_request(b"abc"), None);
        assert_eq!(Timbre::read_request(&[9, 0, 0, 0, 0, b'x']), None);
        assert_eq!(Timbre::read_request(&[0, 0, 0, 0, 0, 0xFF]), None);
        assert_eq!(read_sound(&[1, 2]), None);
        assert_eq!(read_sound(&[0; 8]), None);
    }

    #[test]
    fn a_timbre_is_kept_inside_what_can_be_understood() {
        let wild = Timbre { accent: Accent::Us, pitch: 0, speed: 9_999 };
        let (tame, _) = Timbre::read_request(&wild.request("")).unwrap();
        assert_eq!((tame.pitch, tame.speed), (50, 200));
    }
}
