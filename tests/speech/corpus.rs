//! The recordings whose truth is known: every voice that is at hand, each with pauses and some with fillers.

use super::trains::{self, Speaker};
use super::truth::{RATE, SENTENCES, SILENCES, Said, Truth, answer};
use super::voices;
use greenroom::interview::Text;
use greenroom::voice::built_in::{Host, Renderer};
use greenroom::voice::timbre::{Accent, Timbre};
use std::sync::OnceLock;

/// A recording and what is true of it.
pub struct Recording {
    pub name: String,
    pub samples: Vec<f32>,
    pub truth: Truth,
}

/// All voices saying ten sentences each; in a release build all twenty, in two recordings.
pub fn recordings() -> &'static [Recording] {
    static MADE: OnceLock<Vec<Recording>> = OnceLock::new();
    MADE.get_or_init(|| {
        let mut found = Vec::new();
        for (name, said) in speakers() {
            let parts = if cfg!(debug_assertions) { 1 } else { 2 };
            for part in 0..parts {
                let place = found.len();
                let mut spoken: Vec<Said> = Vec::new();
                for n in 0..10 {
                    spoken.extend(said((n * 7 + part * 10 + place) % SENTENCES.len()));
                }
                let mut silences = SILENCES;
                silences.rotate_left(place * 3 % SILENCES.len());
                silences[0] = silences[0].max(0.5);
                let (samples, truth) = answer(&spoken, &silences);
                found.push(Recording { name: format!("{name} {part}"), samples, truth });
            }
        }
        found
    })
}

/// What says a sentence of [`SENTENCES`], in one or more pieces.
type Says = Box<dyn Fn(usize) -> Vec<Said>>;

fn speakers() -> Vec<(String, Says)> {
    let mut speakers: Vec<(String, Says)> = Vec::new();
    for (hertz, scale, rate) in [(110.0, 1.0, 4.5), (210.0, 1.17, 5.5), (95.0, 0.95, 3.5)] {
        let speaker = Speaker { hertz, scale, rate };
        speakers.push((format!("harmonics {hertz} Hz"), Box::new(move |n| train(speaker, n))));
    }
    for (accent, pitch, speed) in [(Accent::Us, 100, 100), (Accent::Gb, 75, 115), (Accent::Us, 150, 85)] {
        let timbre = Timbre { accent, pitch, speed };
        speakers.push((format!("built-in {accent:?} {pitch}"), Box::new(move |n| vec![built_in(timbre, n)])));
    }
    for voice in ["slt", "rms", "awb", "kal16"] {
        if voices::flite(voice, "yes").is_some() {
            let says = move |n: usize| voices::flite(voice, SENTENCES[n].0).into_iter().collect();
            speakers.push((format!("flite {voice}"), Box::new(says)));
        } else {
            println!("skipped: flite's voice {voice} is not installed");
        }
    }
    espeak(&mut speakers);
    speakers
}

#[cfg(target_os = "linux")]
fn espeak(speakers: &mut Vec<(String, Says)>) {
    let Some(espeak) = voices::Espeak::open() else {
        println!("skipped: eSpeak's library is not installed");
        return;
    };
    let espeak = std::rc::Rc::new(espeak);
    for (voice, speed) in [("en-us", 175), ("en-gb-x-rp+f3", 150), ("en-us+m3", 220)] {
        let espeak = std::rc::Rc::clone(&espeak);
        let says = move |n: usize| espeak.say(voice, speed, SENTENCES[n].0).into_iter().collect();
        speakers.push((format!("espeak {voice}"), Box::new(says)));
    }
}

#[cfg(not(target_os = "linux"))]
fn espeak(_: &mut Vec<(String, Says)>) {
    println!("skipped: eSpeak's library is looked for on Linux only");
}

/// A phrase, and now and then a filler after it.
fn train(speaker: Speaker, n: usize) -> Vec<Said> {
    let mut said = vec![trains::phrase(speaker, SENTENCES[n].1, n as u64 * 77 + speaker.hertz as u64)];
    if n % 3 == 1 {
        said.push(trains::held(speaker, 0.3 + 0.02 * n as f64, n as u64));
    }
    said
}

/// A sentence in the built-in voice, from its first audible sample to its last: 10 ms within 40 dB of the loudest.
fn built_in(timbre: Timbre, n: usize) -> Said {
    let host = Host {
        program: env!("CARGO_BIN_EXE_greenroom").into(),
        arguments: vec!["voice-host".into(), "built-in".into()],
    };
    let (text, syllables) = SENTENCES[n];
    let clip = Renderer::new(host).render(timbre, &Text::clean(text)).expect("the built-in voice speaks");
    assert_eq!(clip.rate, RATE);
    let samples: Vec<f32> = clip.samples.iter().map(|sample| f32::from(*sample) / 32_768.0).collect();
    let powers: Vec<f32> = samples.chunks(160).map(|chunk| chunk.iter().map(|sample| sample * sample).sum()).collect();
    let audible = powers.iter().copied().fold(0.0, f32::max) * 1e-4;
    let first = powers.iter().position(|power| *power > audible).expect("something is said");
    let last = powers.iter().rposition(|power| *power > audible).expect("something is said");
    let samples = samples[first * 160..((last + 1) * 160).min(samples.len())].to_vec();
    Said { samples, syllables, ..Said::default() }
}
