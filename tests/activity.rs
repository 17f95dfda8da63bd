//! How well the share of silence is told from voices whose pauses are known.
//!
//! The voices are the built-in ones; what is between the sentences, and the noise over all, is made here.

use greenroom::audio::resample::resample;
use greenroom::interview::{SampleRate, Text};
use greenroom::speech::{Activity, Share, Untold};
use greenroom::voice::built_in::{Host, Renderer};
use greenroom::voice::timbre::{Accent, Timbre};

/// Said without a pause.
const SENTENCES: [&str; 10] = [
    "I was asked to bring two teams together",
    "they had never worked on the same release before",
    "so I began with a list of everything that blocked us",
    "most of it turned out to be habit",
    "we agreed on one measure for the whole quarter",
    "and I showed it on the wall every single morning",
    "nobody had to guess any more",
    "the first release came three weeks early",
    "what I would change is how late I told the sales people",
    "they should have heard it from me",
];

fn voices() -> Vec<(Renderer, Timbre)> {
    let host = || Host {
        program: env!("CARGO_BIN_EXE_greenroom").into(),
        arguments: vec!["voice-host".into(), "built-in".into()],
    };
    let timbres = [Timbre::plain(Accent::Us), Timbre { accent: Accent::Gb, pitch: 75, speed: 115 }];
    timbres.into_iter().map(|timbre| (Renderer::new(host()), timbre)).collect()
}

fn energy(samples: &[i16]) -> f64 {
    samples.iter().map(|&sample| f64::from(sample).powi(2)).sum()
}

/// The sentences of a voice at 16 kHz, from their first audible sample to their last: 10 ms that are within 40 dB of
/// the loudest.
fn sentences(renderer: &mut Renderer, timbre: Timbre) -> Vec<Vec<i16>> {
    let trimmed = |text: &&str| {
        let clip = renderer.render(timbre, &Text::clean(text)).expect("the built-in voice speaks");
        assert_eq!(clip.rate, 16_000);
        let powers: Vec<f64> = clip.samples.chunks(160).map(energy).collect();
        let audible = powers.iter().copied().fold(0.0, f64::max) * 1e-4;
        let first = powers.iter().position(|power| *power > audible).expect("something is said");
        let last = powers.iter().rposition(|power| *power > audible).expect("something is said");
        clip.samples[first * 160..((last + 1) * 160).min(clip.samples.len())].to_vec()
    };
    SENTENCES.iter().map(trimmed).collect()
}

/// An answer: sentences with these pauses, in seconds, before, between and after them; and how much of it is pause.
fn answer(sentences: &[Vec<i16>], pauses: &[f64]) -> (Vec<i16>, f64) {
    let (mut samples, mut silent) = (Vec::new(), 0);
    for (place, pause) in pauses.iter().enumerate() {
        let pause = (pause * 16_000.0) as usize;
        silent += pause;
        samples.resize(samples.len() + pause, 0);
        if place + 1 < pauses.len() {
            samples.extend(&sentences[place % sentences.len()]);
        }
    }
    let share = silent as f64 / samples.len() as f64;
    (samples, share)
}

/// Random numbers from -1 to 1, the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 32) as f64 / f64::from(1u32 << 31) - 1.0
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Noise {
    White,
    Pink,
}

/// Noise with a mean square of 1.
fn noise(kind: Noise, length: usize) -> Vec<f64> {
    let mut dice = Dice(7);
    let mut held = [0.0; 16];
    let mut values: Vec<f64> = (0..length)
        .map(|n| match kind {
            Noise::White => dice.roll(),
            // Each octave has a value that changes half as often as that of the octave above.
            Noise::Pink => {
                held[n.trailing_zeros().min(15) as usize] = dice.roll();
                held.iter().sum::<f64>()
            }
        })
        .collect();
    let mean = values.iter().sum::<f64>() / length as f64;
    let power = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / length as f64;
    values.iter_mut().for_each(|value| *value = (*value - mean) / power.sqrt());
    values
}

/// Brings the speech in `samples` to `level` dB of full scale, and noise over all of it so many dB below that.
fn recorded(samples: &[i16], level: f64, over: Option<(Noise, f64)>) -> Vec<i16> {
    let spoken = samples.iter().filter(|sample| **sample != 0).count();
    let rms = (energy(samples) / spoken as f64).sqrt();
    let wanted = 32_768.0 * 10f64.powf(level / 20.0);
    let noise = over.map(|(kind, below)| (noise(kind, samples.len()), wanted * 10f64.powf(-below / 20.0)));
    let at = |(n, sample): (usize, &i16)| {
        let under = noise.as_ref().map_or(0.0, |(values, rms)| values[n] * rms);
        (f64::from(*sample) * wanted / rms + under).round() as i16
    };
    samples.iter().enumerate().map(at).collect()
}

fn told(samples: &[i16], rate: u32) -> Result<f64, Untold> {
    let mut activity = Activity::new(rate);
    activity.add(samples);
    activity.silence().map(|Share(parts)| f64::from(parts) / 1_000.0)
}

/// The pauses of answers from fluent to hesitant.
const PAUSES: [&[f64]; 5] = [
    &[0.3, 0.3, 0.4, 0.0, 0.5, 0.0, 0.35, 0.0, 0.4, 0.0, 0.3],
    &[1.0, 0.4, 0.5, 0.6, 0.3, 0.8, 0.4, 0.7, 0.5, 0.45, 0.6],
    &[2.5, 1.2, 0.6, 2.0, 0.9, 1.5, 0.7, 3.0, 1.1, 0.8, 1.5],
    &[6.0, 5.0, 3.0, 8.0, 4.0],
    &[20.0, 15.0],
];

/// What is recorded over the voice, in dB below it, and how far from the truth the share may be, in percentage points.
const OVER: [(Option<(Noise, f64)>, f64); 7] = [
    (None, 2.0),
    (Some((Noise::White, 30.0)), 3.0),
    (Some((Noise::Pink, 30.0)), 3.0),
    (Some((Noise::White, 20.0)), 5.0),
    (Some((Noise::Pink, 20.0)), 5.0),
    (Some((Noise::White, 10.0)), 7.0),
    (Some((Noise::Pink, 10.0)), 7.0),
];

/// Tells the share of silence of answers in all noises at these rates and levels, and demands that it is true.
fn judge(pauses: &[&[f64]], rates: &[u32], levels: &[f64]) {
    for (mut renderer, timbre) in voices() {
        let sentences = sentences(&mut renderer, timbre);
        for (pauses, &rate) in pauses.iter().flat_map(|pauses| rates.iter().map(move |rate| (pauses, rate))) {
            let (spoken, truth) = answer(&sentences, pauses);
            let spoken = resample(&spoken, SampleRate(16_000), SampleRate(rate));
            for ((over, bound), &level) in OVER.iter().flat_map(|over| levels.iter().map(move |level| (over, level))) {
                let what = format!("{timbre:?}, {truth:.3} at {rate} Hz and {level} dB with {over:?}");
                let told = told(&recorded(&spoken, level, *over), rate).unwrap_or_else(|why| panic!("{what}: {why}"));
                let error = (told - truth) * 100.0;
                println!("{error:+.1} {what}");
                assert!(error.abs() <= *bound, "{what}: {told}");
            }
        }
    }
}

#[test]
fn the_silence_of_answers_from_fluent_to_hesitant_is_told_in_noise() {
    judge(&PAUSES, &[16_000], &[-20.0]);
}

#[test]
fn the_rate_and_the_level_do_not_matter() {
    judge(&PAUSES[1..2], &[8_000, 44_100, 48_000], &[-15.0, -45.0]);
}

#[test]
fn a_voice_that_is_buried_in_noise_has_no_share_of_silence() {
    let (mut renderer, timbre) = voices().remove(0);
    let (spoken, _) = answer(&sentences(&mut renderer, timbre), PAUSES[1]);
    for kind in [Noise::White, Noise::Pink] {
        let buried = recorded(&spoken, -30.0, Some((kind, -10.0)));
        assert_eq!(told(&buried, 16_000), Err(Untold::NoSpeech), "{kind:?}");
    }
}
