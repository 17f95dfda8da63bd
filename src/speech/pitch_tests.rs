//! Voices whose pitch is known, for it was made: sums of harmonics through formants, with what rooms and lines do to them.

use super::*;
use crate::downsample::Downsampler;
use std::f64::consts::{PI, TAU};

struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.next()
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.next()).sum::<f64>() - 6.0
    }
}

const RATE: u32 = 16_000;

/// Formants of vowels, in Hz.
const VOWELS: [[f64; 3]; 6] = [
    [730.0, 1090.0, 2440.0],
    [270.0, 2290.0, 3010.0],
    [300.0, 870.0, 2240.0],
    [530.0, 1840.0, 2480.0],
    [570.0, 840.0, 2410.0],
    [490.0, 1350.0, 1690.0],
];

/// What was said, and with what pitch: in Hz, 0 where there is no voice.
#[derive(Clone)]
struct Said {
    rate: u32,
    samples: Vec<f32>,
    truth: Vec<f32>,
}

/// A sum of harmonics; `pitch` gives the frequency at a time, or none, and `weight` that of a harmonic at its frequency.
fn sung(seconds: f64, pitch: impl Fn(f64) -> Option<f64>, weight: impl Fn(f64, usize, f64) -> f64) -> Said {
    let mut chance = Chance(88_172_645_463_325_252);
    let (mut phase, mut cycle, mut jitter) = (0.0f64, 0.0, 1.0);
    let mut weights = Vec::new();
    let samples = (0..(seconds * f64::from(RATE)) as usize)
        .map(|n| {
            let time = n as f64 / f64::from(RATE);
            let Some(hertz) = pitch(time) else { return 0.0 };
            phase += hertz * jitter / f64::from(RATE);
            if phase.floor() != cycle {
                cycle = phase.floor();
                jitter = 1.0 + 0.003 * chance.normal();
            }
            if n % 64 == 0 || weights.is_empty() {
                let most = (5_000.0 / hertz) as usize;
                weights = (1..=most).map(|k| weight(time, k, k as f64 * hertz)).collect();
            }
            let angle = TAU * phase.fract();
            let sum: f64 = weights.iter().zip(1..).map(|(weight, k)| weight * (f64::from(k) * angle).sin()).sum();
            sum as f32
        })
        .collect();
    let truth = (0..(seconds * 100.0) as usize).map(|i| pitch(i as f64 / 100.0).unwrap_or(0.0) as f32).collect();
    let mut said = Said { rate: RATE, samples, truth };
    let gain = 0.1 / said.active();
    said.samples.iter_mut().for_each(|sample| *sample *= gain as f32);
    said
}

/// What a vowel makes of a source that falls with the frequency.
fn through([first, second, third]: [f64; 3], hertz: f64) -> f64 {
    [(first, 80.0), (second, 110.0), (third, 160.0)].iter().fold(40.0 / hertz, |gain, &(formant, width)| {
        gain * formant * formant / ((formant * formant - hertz * hertz).powi(2) + (width * hertz).powi(2)).sqrt()
    })
}

/// Phrases of syllables with melody around `base` Hz, `sd` semitones lively.
fn spoken(base: f64, sd: f64, seed: u64) -> Said {
    const SECONDS: f64 = 14.0;
    let mut chance = Chance(seed * 7_919 + 88_172_645_463_325_252);
    let (mut syllables, mut time) = (Vec::new(), 0.4);
    while time < SECONDS - 1.0 {
        let end = (time + chance.between(1.0, 3.0)).min(SECONDS - 0.6);
        while time < end {
            let length = chance.between(0.12, 0.32);
            let vowel = VOWELS[(chance.next() * VOWELS.len() as f64) as usize];
            let (loud, height) = (10f64.powf(chance.between(-8.0, 0.0) / 20.0), chance.between(-1.0, 1.6));
            syllables.push((time, time + length, vowel, loud, height));
            time += length + if chance.next() < 0.3 { chance.between(0.03, 0.1) } else { 0.0 };
        }
        time += chance.between(0.3, 0.9);
    }
    // Accents that take a while, as larynges do.
    let melody = |time: f64| {
        let accent = |&(start, end, _, _, height): &(f64, f64, [f64; 3], f64, f64)| {
            let apart = (time - (start + end) / 2.0) / 0.25;
            if apart.abs() < 1.0 { height * 0.5 * (1.0 + (PI * apart).cos()) } else { 0.0 }
        };
        syllables.iter().map(accent).sum::<f64>()
    };
    let at = |time: f64| syllables.iter().find(|syllable| (syllable.0..syllable.1).contains(&time));
    let heights: Vec<f64> = (0..1_400).map(|i| f64::from(i) / 100.0).filter(|&t| at(t).is_some()).map(melody).collect();
    let mean = heights.iter().sum::<f64>() / heights.len() as f64;
    let spread = (heights.iter().map(|h| (h - mean).powi(2)).sum::<f64>() / heights.len() as f64).sqrt();
    // Every 2 ms, for the sum over the syllables takes long.
    let steps: Vec<f64> = (0..7_001)
        .map(|step| {
            (base * 2f64.powf((melody(f64::from(step) / 500.0) - mean) / spread * sd / 12.0)).clamp(55.0, 500.0)
        })
        .collect();
    let hertz = |time: f64| {
        let (whole, part) = ((time * 500.0) as usize, (time * 500.0).fract());
        steps[whole] + part * (steps[(whole + 1).min(7_000)] - steps[whole])
    };
    sung(
        SECONDS,
        |time| at(time).map(|_| hertz(time)),
        |time, _, hertz| {
            let Some(&(start, end, vowel, loud, _)) = at(time) else { return 0.0 };
            let edge = ((time - start).min(end - time) / 0.03).clamp(0.0, 1.0);
            let envelope = 0.05 + 0.95 * (0.5 - 0.5 * (PI * edge).cos());
            let size = if base > 160.0 { 1.17 } else { 1.0 };
            loud * envelope * through(vowel.map(|formant| formant * size), hertz)
        },
    )
}

impl Said {
    /// The root of the mean square of what is voiced.
    fn active(&self) -> f64 {
        let step = self.rate as usize / 100;
        let voiced = self.samples.chunks(step).zip(&self.truth).filter(|(_, hertz)| **hertz > 0.0);
        let (count, sum) = voiced.fold((0, 0.0), |(count, sum), (chunk, _)| {
            (count + chunk.len(), sum + chunk.iter().map(|&s| f64::from(s).powi(2)).sum::<f64>())
        });
        (sum / count as f64).sqrt()
    }

    fn with(mut self, snr_db: f64, noise: impl FnMut(usize) -> f64) -> Said {
        let noise: Vec<f64> = (0..self.samples.len()).map(noise).collect();
        let rms = (noise.iter().map(|value| value * value).sum::<f64>() / noise.len() as f64).sqrt();
        let gain = self.active() / rms * 10f64.powf(-snr_db / 20.0);
        self.samples.iter_mut().zip(noise).for_each(|(sample, noise)| *sample += (gain * noise) as f32);
        self
    }

    /// Pink noise, as Paul Kellet filters it.
    fn pink(self, snr_db: f64) -> Said {
        let (mut chance, mut kept) = (Chance(777), [0.0; 3]);
        self.with(snr_db, |_| {
            let white = chance.normal();
            kept[0] = 0.99765 * kept[0] + white * 0.0990460;
            kept[1] = 0.96300 * kept[1] + white * 0.2965164;
            kept[2] = 0.57000 * kept[2] + white * 1.0526913;
            kept.iter().sum::<f64>() + white * 0.1848
        })
    }

    /// The hum of the mains and a rumble.
    fn humming(self, snr_db: f64) -> Said {
        let (mut chance, mut rumble) = (Chance(99), 0.0);
        self.with(snr_db, |n| {
            let time = n as f64 / f64::from(RATE);
            rumble = 0.97 * rumble + 0.06 * chance.normal();
            let tones = [(50.0, 0.5), (100.0, 0.7), (150.0, 0.3), (200.0, 0.2)];
            rumble + tones.iter().map(|(hertz, size)| size * (TAU * hertz * time).sin()).sum::<f64>()
        })
    }

    /// Through a telephone: 8 kHz, and nothing below 300 Hz.
    fn by_telephone(mut self) -> Said {
        let mut way = Downsampler::new(RATE, 8_000);
        let mut low = Vec::new();
        way.add(&self.samples, &mut low);
        way.finish(&mut low);
        let step = (PI * 300.0 / 8_000.0).tan();
        for quality in [0.5412, 1.3066] {
            let norm = 1.0 + step / quality + step * step;
            let (a1, a2) = (2.0 * (step * step - 1.0) / norm, (1.0 - step / quality + step * step) / norm);
            let mut kept = [0.0; 2];
            for value in &mut low {
                let input = f64::from(*value) / norm;
                let output = input + kept[0];
                kept = [kept[1] - 2.0 * input - a1 * output, input - a2 * output];
                *value = output as f32;
            }
        }
        (self.samples, self.rate) = (low, 8_000);
        self
    }
}

fn follow(rate: u32, samples: &[f32]) -> Contour {
    let mut pitch = Pitch::new(rate);
    pitch.add(samples);
    pitch.finish()
}

/// How wrong a contour is.
#[derive(Debug)]
struct Wrong {
    median_pct: f64,
    sd_st: f64,
    /// Frames that are more than 20 % off, of those that are voiced in both.
    gross_pct: f64,
    /// Frames that are voiced in one only.
    voicing_pct: f64,
}

fn wrong(said: &Said) -> Wrong {
    let found = follow(said.rate, &said.samples);
    let known = Contour { parts: said.truth.iter().copied().map(to_parts).collect() };
    let (ours, truth) = (found.voice().expect("it has a voice"), known.voice().expect("it has a voice"));
    let pairs: Vec<(f32, f32)> = found.hertz().zip(known.hertz()).collect();
    let both: Vec<_> = pairs.iter().filter(|(ours, truth)| *ours > 0.0 && *truth > 0.0).collect();
    let gross = both.iter().filter(|(ours, truth)| (ours / truth - 1.0).abs() > 0.2).count();
    let apart = pairs.iter().filter(|(ours, truth)| (*ours > 0.0) != (*truth > 0.0)).count();
    Wrong {
        median_pct: 100.0 * (ours.median_hz / truth.median_hz - 1.0),
        sd_st: ours.sd_st - truth.sd_st,
        gross_pct: 100.0 * gross as f64 / both.len() as f64,
        voicing_pct: 100.0 * apart as f64 / pairs.len() as f64,
    }
}

#[track_caller]
fn holds(what: &str, said: &Said, median_pct: f64, sd_st: f64, gross_pct: f64, voicing_pct: f64) {
    let wrong = wrong(said);
    assert!(
        wrong.median_pct.abs() < median_pct
            && wrong.sd_st.abs() < sd_st
            && wrong.gross_pct <= gross_pct
            && wrong.voicing_pct < voicing_pct,
        "{what}: {wrong:?}"
    );
}

/// Low and high, calm and lively.
const VOICES: [(f64, f64); 6] = [(75.0, 1.5), (110.0, 2.0), (120.0, 4.0), (210.0, 2.0), (220.0, 4.0), (330.0, 2.5)];

#[test]
fn a_voice_is_followed_be_it_low_or_high_calm_or_lively() {
    let (mut median, mut spread) = (0.0, 0.0);
    for (seed, (base, sd)) in (1..).zip(VOICES) {
        let said = spoken(base, sd, seed);
        holds(&format!("{base} Hz, {sd} st"), &said, 1.0, 0.12, 0.8, 4.0);
        let wrong = wrong(&said);
        median += wrong.median_pct.abs() / VOICES.len() as f64;
        spread += wrong.sd_st.abs() / VOICES.len() as f64;
    }
    // Better than the 0.60 % and 0.22 semitones of the tool that phoneticians trust.
    assert!(median < 0.4 && spread < 0.05, "on the mean {median} %, {spread} st");
}

#[test]
fn noise_hum_and_telephones_leave_it_its_pitch() {
    for (seed, (base, sd)) in (1..).zip(VOICES) {
        let (voice, name) = (spoken(base, sd, seed), format!("{base} Hz, {sd} st"));
        holds(&format!("{name}, pink 20 dB"), &voice.clone().pink(20.0), 1.5, 0.15, 0.8, 4.0);
        holds(&format!("{name}, pink 10 dB"), &voice.clone().pink(10.0), 3.0, 0.4, 3.0, 8.0);
        holds(&format!("{name}, hum 15 dB"), &voice.clone().humming(15.0), 1.5, 0.3, 1.5, 4.0);
        holds(&format!("{name}, by telephone"), &voice.by_telephone(), 1.0, 0.15, 0.5, 4.0);
    }
}

#[test]
fn a_clipped_voice_keeps_its_pitch() {
    let mut said = spoken(120.0, 3.0, 4);
    said.samples.iter_mut().for_each(|sample| *sample = (*sample * 12.0).clamp(-1.0, 1.0));
    holds("clipped", &said, 1.0, 0.2, 1.0, 5.0);
}

/// Two seconds of voice with half a second of silence around.
fn while_it_lasts(hertz: impl Fn(f64) -> f64) -> impl Fn(f64) -> Option<f64> {
    move |time| (0.5..2.5).contains(&time).then(|| hertz(time - 0.5))
}

#[test]
fn the_octave_is_that_of_the_voice() {
    for hertz in [60.0, 90.0, 130.0, 190.0, 280.0, 400.0, 490.0] {
        let traps: [(&str, &dyn Fn(usize) -> f64); 5] = [
            ("all alike", &|k| if k <= 12 { 1.0 } else { 0.0 }),
            ("without the fundamental", &|k| if k == 1 { 0.0 } else { 1.0 / k as f64 }),
            ("the second strong", &|k| if k == 2 { 3.0 } else { 1.0 / k as f64 }),
            ("odd ones only", &|k| if k % 2 == 1 { 1.0 / k as f64 } else { 0.0 }),
            ("falling", &|k| 1.0 / (k * k) as f64),
        ];
        for (trap, weight) in traps {
            let said = sung(3.0, while_it_lasts(|_| hertz), |_, k, _| weight(k));
            holds(&format!("{hertz} Hz, {trap}"), &said, 0.3, 0.15, 0.0, 3.0);
        }
    }
}

#[test]
fn glides_and_vibrato_are_followed() {
    let rise = sung(3.0, while_it_lasts(|time| 90.0 * 2f64.powf(time)), |_, _, hertz| through(VOWELS[0], hertz));
    holds("two octaves up", &rise, 1.0, 0.1, 0.0, 3.0);
    let fall = sung(3.0, while_it_lasts(|time| 480.0 * 0.45f64.powf(time)), |_, _, hertz| through(VOWELS[3], hertz));
    holds("more than two octaves down", &fall, 1.0, 0.1, 0.0, 3.0);
    let vibrato = |time: f64| 220.0 * 2f64.powf((TAU * 5.5 * time).sin() / 12.0);
    let vibrato = sung(3.0, while_it_lasts(vibrato), |_, _, hertz| through(VOWELS[4], hertz));
    holds("vibrato of a semitone", &vibrato, 0.4, 0.1, 0.0, 3.0);
}

#[test]
fn times_are_true_at_any_rate() {
    let said = sung(3.0, while_it_lasts(|time| 100.0 + 50.0 * time), |_, _, hertz| through(VOWELS[0], hertz));
    for rate in [8_000, 11_025, 16_000, 44_100, 48_000] {
        let mut samples = Vec::new();
        let mut way = Downsampler::new(RATE, rate);
        way.add(&said.samples, &mut samples);
        way.finish(&mut samples);
        let found = follow(rate, &samples);
        assert_eq!(found.hertz().len(), 300);
        for (place, hertz) in found.hertz().enumerate() {
            let expected = 100.0 + 50.0 * (place as f32 / 100.0 - 0.5);
            match place {
                53..247 => assert!((hertz / expected - 1.0).abs() < 0.01, "{rate}: {hertz} at {place}, not {expected}"),
                48..53 | 247..252 => {}
                _ => assert_eq!(hertz, 0.0, "{rate}: at {place}"),
            }
        }
    }
}

#[test]
fn noise_whisper_hum_and_silence_have_no_voice() {
    let mut chance = Chance(5);
    let mut noise = |size: f64| (size * chance.normal()) as f32;
    let still: Vec<f32> = (0..160_000).map(|_| noise(0.05)).collect();
    // Syllables of breath.
    let whisper: Vec<f32> = (0..160_000)
        .map(|n| {
            let time = f64::from(n) / 16_000.0;
            noise(0.002)
                + noise(0.1) * ((TAU * 2.0 * time).sin().max(0.0) * f64::from(u8::from(time % 3.0 < 2.0))) as f32
        })
        .collect();
    for (name, samples) in [("silence", vec![0.0; 160_000]), ("noise", still), ("whisper", whisper)] {
        let found = follow(16_000, &samples);
        assert_eq!(found.voice(), Err(Unpitched::TooLittleVoice), "{name}: {} s", found.voiced_s());
        assert!(found.voiced_s() < 0.3, "{name}: {} s", found.voiced_s());
    }
    // Between the phrases is a hum, which has a pitch and is no voice.
    let said = spoken(180.0, 2.0, 6).humming(10.0);
    let found = follow(16_000, &said.samples);
    let hum = found.hertz().zip(&said.truth).filter(|(ours, truth)| *ours > 0.0 && *ours < 110.0 && **truth == 0.0);
    assert!(hum.count() < 10);
}

#[test]
fn the_size_of_the_blocks_changes_no_bit() {
    let said = spoken(140.0, 3.0, 2).pink(15.0);
    let once = follow(16_000, &said.samples);
    for size in [1, 31, 160, 4_096, 100_000] {
        let mut pitch = Pitch::new(16_000);
        said.samples.chunks(size).for_each(|block| pitch.add(block));
        assert!(pitch.finish() == once, "blocks of {size}");
    }
}

#[test]
fn what_is_not_a_number_does_no_harm() {
    let mut samples = spoken(140.0, 3.0, 2).samples;
    for (place, value) in [(7, f32::NAN), (20_000, f32::INFINITY), (50_000, f32::MAX), (90_000, f32::NEG_INFINITY)] {
        samples[place] = value;
    }
    for rate in [0, 1, 8_000, 16_000, 48_000, u32::MAX] {
        let _ = follow(rate, &samples[..if rate < 100 { 50 } else { samples.len() }]).voice();
    }
}

#[test]
fn what_is_too_short_says_so() {
    for count in [0, 1, 2, 159, 160, 161, 8_000] {
        let found = follow(16_000, &vec![0.1; count]);
        assert_eq!(found.hertz().len(), count.div_ceil(160));
        assert_eq!(found.voice(), Err(Unpitched::TooLittleVoice));
    }
}

#[test]
fn the_ends_of_phrases_fall_and_rise() {
    for (rate, expected) in [(0.85, -1.0), (1.18, 1.0)] {
        let said =
            sung(3.0, while_it_lasts(|time| 150.0 * f64::powf(rate, time)), |_, _, hertz| through(VOWELS[0], hertz));
        let found = follow(RATE, &said.samples);
        let ending = found.ending_st(0.5, 2.5).expect("two seconds are enough");
        assert!(ending * expected > 1.5, "{rate}: {ending}");
        let middle = found.median_between(1.4, 1.6).expect("it is voiced");
        assert!((middle / (150.0 * rate) - 1.0).abs() < 0.01, "{rate}: {middle}");
        assert_eq!((found.ending_st(0.0, 0.6), found.median_between(0.0, 0.4)), (None, None));
        assert!(found.median_between(f64::NAN, f64::INFINITY).is_some());
    }
}
