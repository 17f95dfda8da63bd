//! The sounds that mark the time of an answer.
//!
//! Knows what they sound like, not when they are heard.

use std::f64::consts::{PI, TAU};
use std::sync::{Arc, OnceLock};

use crate::interview::{Cue, SampleRate};
use crate::ports::Clip;

/// The amplitude of a note: the level of a sine of -18 dBFS, which is that of speech recorded with common headroom.
const AMPLITUDE: f64 = 0.178;

/// How long a note takes to swell and to fade, in seconds: shorter clicks, longer blurs.
const EDGE: f64 = 0.025;

/// A note, or a rest where the pitch is 0: hertz and seconds.
type Note = (f64, f64);

/// The sound of a cue, at 48 kHz.
///
/// One soft note to begin, two quick ones as a warning, two that fall at the end; the pitches are A5, E5 and A4, which
/// lie above most voices and within what any small speaker can do.
pub fn sound(cue: Cue) -> Arc<Clip> {
    static BEGIN: OnceLock<Arc<Clip>> = OnceLock::new();
    static WARNING: OnceLock<Arc<Clip>> = OnceLock::new();
    static TIME_UP: OnceLock<Arc<Clip>> = OnceLock::new();
    let (made, notes): (_, &[Note]) = match cue {
        Cue::Begin => (&BEGIN, &[(659.26, 0.15)]),
        Cue::Warning => (&WARNING, &[(880.0, 0.09), (0.0, 0.06), (880.0, 0.09)]),
        Cue::TimeUp => (&TIME_UP, &[(659.26, 0.16), (440.0, 0.26)]),
    };
    Arc::clone(made.get_or_init(|| Arc::new(play(notes))))
}

fn play(notes: &[Note]) -> Clip {
    let rate = f64::from(SampleRate::STANDARD.0);
    let mut samples = Vec::new();
    for &(hertz, seconds) in notes {
        let count = (seconds * rate).round() as usize;
        samples.extend((0..count).map(|n| {
            let at = n as f64 / rate;
            let from_edge = at.min(seconds - at).clamp(0.0, EDGE);
            let envelope = 0.5 - 0.5 * (PI * from_edge / EDGE).cos();
            ((TAU * hertz * at).sin() * envelope * AMPLITUDE * 32_767.0).round() as i16
        }));
    }
    Clip { rate: SampleRate::STANDARD.0, samples }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speech::Level;
    use std::time::Duration;

    const ALL: [Cue; 3] = [Cue::Begin, Cue::Warning, Cue::TimeUp];

    #[test]
    fn cues_are_short_and_of_the_loudness_of_speech() {
        for cue in ALL {
            let clip = sound(cue);
            let level = Level::of(&clip.samples);
            assert!(clip.duration() <= Duration::from_millis(500), "{cue:?}: {:?}", clip.duration());
            assert!((-16.0..=-14.0).contains(&level.peak().0), "{cue:?}: peak {}", level.peak());
            assert!((-23.0..=-18.0).contains(&level.rms().0), "{cue:?}: rms {}", level.rms());
        }
    }

    #[test]
    fn cues_do_not_click() {
        // The steepest step of the highest note at full amplitude; an edge that is cut off would be steeper.
        let steepest = TAU * 880.0 / 48_000.0 * AMPLITUDE * 32_767.0 + 2.0;
        for cue in ALL {
            let samples = &sound(cue).samples;
            let (first, last) = (samples[0], samples[samples.len() - 1]);
            assert!(first.abs() < 10 && last.abs() < 10, "{cue:?}: from {first} to {last}");
            for pair in samples.windows(2) {
                assert!(f64::from(pair[1] - pair[0]).abs() <= steepest, "{cue:?}: {pair:?}");
            }
        }
    }

    #[test]
    fn cues_are_told_apart_and_made_once() {
        for (n, cue) in ALL.into_iter().enumerate() {
            assert!(Arc::ptr_eq(&sound(cue), &sound(cue)));
            for other in &ALL[n + 1..] {
                assert_ne!(sound(cue).samples, sound(*other).samples);
            }
        }
    }
}
