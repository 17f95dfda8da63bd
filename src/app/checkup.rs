//! Listens to the microphone for a moment, in silence and while the speaker sounds.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::ends::Choice;
use crate::interview::SampleRate;
use crate::ports::{Capture, Clip, Heard, Playback};
use crate::speech::level::{noise_floor, tone_level};
use crate::speech::{Db, Level};

/// A peak below this is no voice at a usual distance.
pub const FAINT: Db = Db(-45.0);

/// How long the microphone is listened to.
const LISTEN: Duration = Duration::from_secs(3);

/// How long the speaker sounds, and how much longer it is listened for: speakers take their time to begin.
const TONE: Duration = Duration::from_millis(1_200);
const LATE: Duration = Duration::from_millis(800);

/// How much is measured at a time, and how far apart.
const MEASURE: Duration = Duration::from_millis(500);
const STEP: Duration = Duration::from_millis(100);

/// The tone: away from the hum of the mains and from most of a voice's energy.
const HERTZ: f64 = 2_730.0;

/// The tone is heard where it stands so far above all that is beside it: noise and voices, which have as much there,
/// stand so far out by chance about once in ten thousand times.
const ABOVE: f32 = 12.0;

/// How far from the tone the sound beside it is looked at, in Hz.
const BESIDE: [f64; 6] = [-110.0, -70.0, -40.0, 40.0, 70.0, 110.0];

/// What the microphone delivered.
pub struct Checkup {
    /// Its name.
    pub name: String,
    /// Its rate.
    pub rate: SampleRate,
    /// Its level over three seconds.
    pub level: Level,
    /// What is there when nobody speaks.
    pub noise_floor: Option<Db>,
    /// Frames that were lost.
    pub dropped: u64,
    /// What it said of itself.
    pub notices: Vec<String>,
    /// What it hears of the speaker, or why that is not known.
    pub leakage: Result<Leakage, String>,
}

/// What the microphone hears of the speaker.
pub struct Leakage {
    /// The level of the test tone in the microphone.
    pub tone: Db,
    /// The loudest of what the tone competes with: its own frequency in silence, and those beside it while it sounds.
    pub beside: Db,
}

impl Leakage {
    /// Whether the speaker is heard.
    pub fn is_heard(&self) -> bool {
        self.tone.0.is_finite() && self.tone.0 > self.beside.0.max(-100.0) + ABOVE
    }
}

/// Listens.
///
/// # Errors
/// Where the microphone cannot be opened, or goes away.
pub fn run(choice: &Choice) -> Result<Checkup> {
    let mut capture = choice.open_capture(1)?;
    let rate = capture.rate();
    capture.take_opens(0);
    // Opened first, because that may take a while, and what is captured meanwhile is no measure of a moment.
    let playback = choice.open_playback(rate);
    let mut ear = Ear { samples: Vec::new(), dropped: 0, notices: Vec::new() };
    ear.listen(capture.as_mut(), LISTEN)?;
    capture.take_closes();
    let level = Level::of(&ear.samples);
    let floor = noise_floor(&ear.samples, rate.0);
    let leakage = match playback {
        Ok((mut playback, None)) => leak(&mut ear, capture.as_mut(), playback.as_mut(), rate)?,
        Ok((_, Some(missing))) => Err(missing),
        Err(error) => Err(format!("{error:#}")),
    };
    Ok(Checkup {
        name: capture.name(),
        rate,
        level,
        noise_floor: floor,
        dropped: ear.dropped,
        notices: ear.notices,
        leakage,
    })
}

struct Ear {
    samples: Vec<i16>,
    dropped: u64,
    notices: Vec<String>,
}

impl Ear {
    /// Listens for so long, by the frames that come.
    fn listen(&mut self, capture: &mut dyn Capture, time: Duration) -> Result<()> {
        self.samples.clear();
        let wanted = capture.rate().frames(time).0 as usize;
        let started = Instant::now();
        while self.samples.len() < wanted {
            let most = wanted - self.samples.len();
            match capture.read(&mut self.samples, most, Duration::from_millis(50)) {
                Heard::Frames { dropped } => self.dropped += dropped,
                Heard::Nothing | Heard::SaidAll | Heard::Back(_) => {}
                Heard::Lost(reason) => bail!(reason),
                Heard::Notice(notice) => self.notices.push(notice),
                Heard::Ended(_) => break,
            }
            if started.elapsed() > time + Duration::from_secs(5) {
                bail!("{} stopped delivering sound: unplug it and plug it in again", capture.name());
            }
        }
        Ok(())
    }
}

fn leak(
    ear: &mut Ear,
    capture: &mut dyn Capture,
    playback: &mut dyn Playback,
    rate: SampleRate,
) -> Result<Result<Leakage, String>> {
    ear.listen(capture, MEASURE)?;
    let silence = measure(&ear.samples, rate, Db(f32::NEG_INFINITY)).tone;
    if let Err(reason) = playback.play(Arc::new(tone())) {
        return Ok(Err(reason));
    }
    ear.listen(capture, TONE + LATE)?;
    Ok(Ok(loudest(&ear.samples, rate, silence)))
}

/// What is heard of the tone where most of it is heard.
fn loudest(samples: &[i16], rate: SampleRate, silence: Db) -> Leakage {
    let (window, step) = (rate.frames(MEASURE).0 as usize, rate.frames(STEP).0 as usize);
    let measured = samples.windows(window.max(1)).step_by(step.max(1)).map(|window| measure(window, rate, silence));
    let louder = |one: &Leakage, other: &Leakage| one.tone.0.total_cmp(&other.tone.0);
    measured.max_by(louder).unwrap_or_else(|| measure(samples, rate, silence))
}

fn measure(samples: &[i16], rate: SampleRate, silence: Db) -> Leakage {
    let level = |away: f64| tone_level(samples, rate.0, HERTZ + away);
    let beside = BESIDE.into_iter().map(level).fold(silence, |one, other| if one.0 > other.0 { one } else { other });
    Leakage { tone: level(0.0), beside }
}

/// The test tone: soft, with soft edges.
fn tone() -> Clip {
    let rate = SampleRate::STANDARD;
    let length = rate.frames(TONE).0;
    let edge = rate.frames(Duration::from_millis(50)).0 as f64;
    let samples = (0..length)
        .map(|n| {
            let near_edge = (n.min(length - n) as f64 / edge).min(1.0);
            let wave = (std::f64::consts::TAU * HERTZ * n as f64 / f64::from(rate.0)).sin();
            (wave * near_edge * 3_000.0) as i16
        })
        .collect();
    Clip { rate: rate.0, samples }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: SampleRate = SampleRate::STANDARD;

    /// Two seconds of hiss that swells and fades four times, as a voice does.
    fn hiss(loudness: i32) -> impl Iterator<Item = i16> {
        let mut state = 1u32;
        (0..96_000).map(move |n| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let swell = loudness * (n % 24_000) / 24_000;
            (((state >> 16) as i32 % 2_000 - 1_000) * swell / 1_000) as i16
        })
    }

    #[test]
    fn a_voice_that_rises_while_the_speaker_sounds_is_not_the_speaker() {
        let voice: Vec<i16> = hiss(9_000).collect();
        assert!(!loudest(&voice, RATE, Db(f32::NEG_INFINITY)).is_heard());
    }

    #[test]
    fn a_faint_tone_under_a_voice_is_the_speaker() {
        let tone = tone().samples;
        let mut both: Vec<i16> = hiss(1_000).collect();
        both[30_000..][..tone.len()].iter_mut().zip(&tone).for_each(|(sample, tone)| *sample += tone / 10);
        let leakage = loudest(&both, RATE, Db(-80.0));
        assert!(leakage.is_heard(), "{} beside {}", leakage.tone, leakage.beside);
        assert!((leakage.tone.0 + 43.8).abs() < 1.0, "{}", leakage.tone);
    }
}
