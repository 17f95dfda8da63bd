//! Syllables made of harmonics, whose places are known to the sample: vowels by their formants, between them weak
//! murmurs, closures and hisses; and held vowels, as fillers are.

use super::dice::Dice;
use super::truth::{RATE, Said};
use std::f64::consts::TAU;

/// The first three formants of vowels, in Hz (rounded from Peterson and Barney 1952, men).
const VOWELS: [[f64; 3]; 7] = [
    [270.0, 2290.0, 3010.0],
    [390.0, 1990.0, 2550.0],
    [530.0, 1840.0, 2480.0],
    [660.0, 1720.0, 2410.0],
    [730.0, 1090.0, 2440.0],
    [570.0, 840.0, 2410.0],
    [300.0, 870.0, 2240.0],
];

/// A murmur, as of m and n.
const MURMUR: [f64; 3] = [250.0, 1100.0, 2200.0];

/// What a throat of these formants makes of `hertz`: resonances of 80 Hz and more in width over a slope of 6 dB an octave.
fn gain(formants: &[f64; 3], hertz: f64) -> f64 {
    let peaks: f64 = formants
        .iter()
        .enumerate()
        .map(|(place, formant)| {
            let width = 80.0 + 40.0 * place as f64;
            0.6f64.powi(place as i32) / (1.0 + ((hertz - formant) / width).powi(2)).sqrt()
        })
        .sum();
    peaks / (1.0 + hertz / 500.0).sqrt()
}

/// Sound of one speaker, piece by piece.
struct Throat {
    samples: Vec<f32>,
    dice: Dice,
    scale: f64,
    hertz: f64,
    phase: f64,
}

impl Throat {
    fn now(&self) -> f64 {
        self.samples.len() as f64 / f64::from(RATE)
    }

    /// A voiced sound that glides from one set of formants to the next, with soft ends.
    fn voiced(&mut self, from: &[f64; 3], to: &[f64; 3], seconds: f64, level: f64, ends: (f64, f64)) {
        let count = (seconds * f64::from(RATE)) as usize;
        let mut gains = Vec::new();
        for n in 0..count {
            let part = n as f64 / count as f64;
            if n % 80 == 0 {
                let at: [f64; 3] = std::array::from_fn(|k| (from[k] + (to[k] - from[k]) * part) * self.scale);
                gains =
                    (1..).map(|k| k as f64 * self.hertz).take_while(|h| *h < 4_500.0).map(|h| gain(&at, h)).collect();
                self.hertz *= 1.0 + 0.004 * self.dice.roll();
            }
            self.phase = (self.phase + self.hertz / f64::from(RATE)).fract();
            let wave: f64 = gains.iter().enumerate().map(|(k, g)| g * (TAU * self.phase * (k + 1) as f64).sin()).sum();
            let shape = ends.0 + (1.0 - ends.0) * (part * 6.0).min(1.0);
            let shape = shape * (ends.1 + (1.0 - ends.1) * ((1.0 - part) * 4.0).min(1.0));
            self.samples.push((wave * shape * level) as f32);
        }
    }

    /// A hiss, or nothing at all where `level` is 0.
    fn breath(&mut self, seconds: f64, level: f64) {
        let mut last = 0.0;
        for _ in 0..(seconds * f64::from(RATE)) as usize {
            let now = self.dice.roll() * level;
            self.samples.push((now - 0.7 * last) as f32);
            last = now;
        }
    }
}

/// A speaker.
#[derive(Debug, Clone, Copy)]
pub struct Speaker {
    /// Their middle pitch, in Hz.
    pub hertz: f64,
    /// How their formants lie to those of men.
    pub scale: f64,
    /// How many syllables a second they make, roughly.
    pub rate: f64,
}

/// So many syllables in one go.
pub fn phrase(speaker: Speaker, syllables: usize, seed: u64) -> Said {
    let mut throat =
        Throat { samples: Vec::new(), dice: Dice(seed), scale: speaker.scale, hertz: speaker.hertz * 1.15, phase: 0.0 };
    let mut vowels = Vec::new();
    let lean = 0.3 / syllables as f64;
    for syllable in 0..syllables {
        let length = throat.dice.between(0.75, 1.25) / speaker.rate;
        let consonant = length * throat.dice.between(0.25, 0.45);
        match throat.dice.between(0.0, 4.0) as u32 {
            0 => throat.voiced(&MURMUR, &MURMUR, consonant, 0.05, (0.5, 1.0)),
            1 => throat.breath(consonant, 0.05),
            2 if syllable > 0 => {
                throat.breath(consonant * 0.7, 0.0);
                throat.breath(consonant * 0.3, 0.06);
            }
            _ => throat.voiced(&MURMUR, &VOWELS[6], consonant, 0.04, (0.5, 1.0)),
        }
        let start = throat.now();
        let (from, to) = (throat.dice.between(0.0, 6.99) as usize, throat.dice.between(0.0, 6.99) as usize);
        let level = 0.15 * 10f64.powf(throat.dice.between(-9.0, 0.0) / 20.0);
        // Most vowels are one; some glide.
        let to = if throat.dice.roll() > 0.5 { to } else { from };
        throat.voiced(&VOWELS[from], &VOWELS[to], length - consonant, level, (0.3, 0.3));
        vowels.push((start, throat.now()));
        throat.hertz *= 1.0 - lean;
    }
    Said { samples: throat.samples, vowels: Some(vowels), syllables, ..Said::default() }
}

/// A held vowel, as of "uh".
pub fn held(speaker: Speaker, seconds: f64, seed: u64) -> Said {
    let mut throat =
        Throat { samples: Vec::new(), dice: Dice(seed), scale: speaker.scale, hertz: speaker.hertz * 0.95, phase: 0.0 };
    let vowel = [600.0, 1_200.0, 2_400.0];
    throat.voiced(&vowel, &vowel, seconds, 0.09, (0.1, 0.1));
    // It has a nucleus as any other vowel.
    Said { samples: throat.samples, vowels: Some(vec![(0.0, seconds)]), syllables: 1, filler: true, ..Said::default() }
}
