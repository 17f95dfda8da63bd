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

/// How long the speaker sounds; it is listened for after it had time to begin.
const TONE: Duration = Duration::from_millis(1_200);
const SETTLE: Duration = Duration::from_millis(500);
const MEASURE: Duration = Duration::from_millis(500);

/// The tone: away from the hum of the mains and from most of a voice's energy.
const HERTZ: f64 = 2_730.0;

/// The tone is heard where it stands so far above the same frequency in silence.
const ABOVE: f32 = 10.0;

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
    /// The level at that frequency when the speaker is silent.
    pub silence: Db,
}

impl Leakage {
    /// Whether the speaker is heard.
    pub fn is_heard(&self) -> bool {
        self.tone.0.is_finite() && self.tone.0 > self.silence.0.max(-100.0) + ABOVE
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
    let mut ear = Ear { samples: Vec::new(), dropped: 0, notices: Vec::new() };
    ear.listen(capture.as_mut(), LISTEN)?;
    capture.take_closes();
    let level = Level::of(&ear.samples);
    let floor = noise_floor(&ear.samples, rate.0);
    let leakage = match choice.open_playback(rate) {
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
    let silence = tone_level(&ear.samples, rate.0, HERTZ);
    if let Err(reason) = playback.play(Arc::new(tone())) {
        return Ok(Err(reason));
    }
    ear.listen(capture, SETTLE)?;
    ear.listen(capture, MEASURE)?;
    Ok(Ok(Leakage { tone: tone_level(&ear.samples, rate.0, HERTZ), silence }))
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
