//! Voices whose pitch is known, for it was made: sums of harmonics through formants, with what rooms and lines do to them.

use std::f64::consts::{PI, TAU};

use crate::downsample::Downsampler;

pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.next()
    }

    pub(super) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.next()).sum::<f64>() - 6.0
    }
}

pub(super) const RATE: u32 = 16_000;

/// Formants of vowels, in Hz.
pub(super) const VOWELS: [[f64; 3]; 6] = [
    [730.0, 1090.0, 2440.0],
    [270.0, 2290.0, 3010.0],
    [300.0, 870.0, 2240.0],
    [530.0, 1840.0, 2480.0],
    [570.0, 840.0, 2410.0],
    [490.0, 1350.0, 1690.0],
];

/// What was said, and with what pitch: in Hz, 0 where there is no voice.
#[derive(Clone)]
pub(super) struct Said {
    pub(super) rate: u32,
    pub(super) samples: Vec<f32>,
    pub(super) truth: Vec<f32>,
}

/// A sum of harmonics; `pitch` gives the frequency at a time, or none, and `weight` that of a harmonic at its frequency.
pub(super) fn sung(seconds: f64, pitch: impl Fn(f64) -> Option<f64>, weight: impl Fn(f64, usize, f64) -> f64) -> Said {
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
pub(super) fn through([first, second, third]: [f64; 3], hertz: f64) -> f64 {
    [(first, 80.0), (second, 110.0), (third, 160.0)].iter().fold(40.0 / hertz, |gain, &(formant, width)| {
        gain * formant * formant / ((formant * formant - hertz * hertz).powi(2) + (width * hertz).powi(2)).sqrt()
    })
}

/// Phrases of syllables with melody around `base` Hz, `sd` semitones lively.
pub(super) fn spoken(base: f64, sd: f64, seed: u64) -> Said {
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
    pub(super) fn active(&self) -> f64 {
        let step = self.rate as usize / 100;
        let voiced = self.samples.chunks(step).zip(&self.truth).filter(|(_, hertz)| **hertz > 0.0);
        let (count, sum) = voiced.fold((0, 0.0), |(count, sum), (chunk, _)| {
            (count + chunk.len(), sum + chunk.iter().map(|&s| f64::from(s).powi(2)).sum::<f64>())
        });
        (sum / count as f64).sqrt()
    }

    pub(super) fn with(mut self, snr_db: f64, noise: impl FnMut(usize) -> f64) -> Said {
        let noise: Vec<f64> = (0..self.samples.len()).map(noise).collect();
        let rms = (noise.iter().map(|value| value * value).sum::<f64>() / noise.len() as f64).sqrt();
        let gain = self.active() / rms * 10f64.powf(-snr_db / 20.0);
        self.samples.iter_mut().zip(noise).for_each(|(sample, noise)| *sample += (gain * noise) as f32);
        self
    }

    /// Pink noise, as Paul Kellet filters it.
    pub(super) fn pink(self, snr_db: f64) -> Said {
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
    pub(super) fn humming(self, snr_db: f64) -> Said {
        let (mut chance, mut rumble) = (Chance(99), 0.0);
        self.with(snr_db, |n| {
            let time = n as f64 / f64::from(RATE);
            rumble = 0.97 * rumble + 0.06 * chance.normal();
            let tones = [(50.0, 0.5), (100.0, 0.7), (150.0, 0.3), (200.0, 0.2)];
            rumble + tones.iter().map(|(hertz, size)| size * (TAU * hertz * time).sin()).sum::<f64>()
        })
    }

    /// Through a telephone: 8 kHz, and nothing below 300 Hz.
    pub(super) fn by_telephone(mut self) -> Said {
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
