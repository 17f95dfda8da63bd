//! What comes between a voice and its recording: noise, other voices, a room, a level, full scale.

use super::dice::Dice;
use super::truth::RATE;
use std::f64::consts::TAU;

/// What a recording goes through. The numbers are dB of the voice over the noise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Condition {
    Clean,
    Pink(f64),
    White(f64),
    /// A fan and the mains: low noise with a hum.
    Room(f64),
    Babble(f64),
    /// The seconds in which the room's sound falls by 60 dB.
    Reverberant(f64),
    /// The dB by which the loudest would go over full scale.
    Clipped(f64),
}

fn power(samples: &[f32]) -> f64 {
    samples.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>() / samples.len().max(1) as f64
}

/// The mean square while somebody speaks: of the frames of 10 ms that are within 30 dB of the loudest.
fn active(samples: &[f32]) -> f64 {
    let powers: Vec<f64> = samples.chunks(RATE as usize / 100).map(power).collect();
    let loudest = powers.iter().copied().fold(0.0, f64::max);
    let loud: Vec<f64> = powers.into_iter().filter(|power| *power > loudest * 1e-3).collect();
    loud.iter().sum::<f64>() / loud.len().max(1) as f64
}

fn mixed(samples: &[f32], noise: &[f32], db: f64) -> Vec<f32> {
    let factor = (active(samples) / power(noise) / 10f64.powf(db / 10.0)).sqrt() as f32;
    samples.iter().zip(noise).map(|(sample, noise)| sample + noise * factor).collect()
}

fn white(length: usize, dice: &mut Dice) -> Vec<f32> {
    (0..length).map(|_| (dice.roll() + dice.roll() + dice.roll()) as f32).collect()
}

/// Each octave has a value that changes half as often as that of the octave above (Voss and McCartney).
fn pink(length: usize, dice: &mut Dice) -> Vec<f32> {
    let mut held = [0.0; 14];
    (0..length)
        .map(|n| {
            held[(n + 1).trailing_zeros().min(13) as usize] = dice.roll();
            (held.iter().sum::<f64>() + dice.roll()) as f32
        })
        .collect()
}

fn room(length: usize, dice: &mut Dice) -> Vec<f32> {
    let (mut low, mut lower) = (0.0, 0.0);
    (0..length)
        .map(|n| {
            let time = n as f64 / f64::from(RATE);
            low = 0.93 * low + dice.roll();
            lower = 0.93 * lower + low;
            let hum: f64 = [(50.0, 1.0), (100.0, 0.7), (150.0, 0.5), (250.0, 0.2), (350.0, 0.1)]
                .iter()
                .map(|(hertz, level)| level * (TAU * hertz * time).sin())
                .sum();
            (lower * 0.1 + hum * 1.5 + 0.05 * dice.roll()) as f32
        })
        .collect()
}

/// A room by velvet noise: a sound now and then, of either sign, weaker and weaker (Karjalainen and Järveläinen 2007).
fn reverberant(samples: &[f32], seconds: f64) -> Vec<f32> {
    let mut dice = Dice(5);
    let spacing = f64::from(RATE) / 2_000.0;
    let mut out = samples.to_vec();
    let decay = |n: usize| 10f64.powf(-3.0 * n as f64 / f64::from(RATE) / seconds);
    for step in 0..(seconds * 2_000.0) as usize {
        let delay = 80 + (step as f64 * spacing + dice.between(0.0, spacing - 1.0)) as usize;
        let level = (0.12 * decay(delay)) as f32 * if dice.roll() > 0.0 { 1.0 } else { -1.0 };
        if delay < out.len() {
            let count = out.len() - delay;
            out[delay..].iter_mut().zip(&samples[..count]).for_each(|(out, sample)| *out += level * sample);
        }
    }
    out
}

/// The recording under `condition`; `others` are voices for babble, each of them spoken on and on.
pub fn under(condition: Condition, samples: &[f32], others: &[Vec<f32>]) -> Vec<f32> {
    let mut dice = Dice(77);
    let length = samples.len();
    match condition {
        Condition::Clean => samples.to_vec(),
        Condition::Pink(db) => mixed(samples, &pink(length, &mut dice), db),
        Condition::White(db) => mixed(samples, &white(length, &mut dice), db),
        Condition::Room(db) => mixed(samples, &room(length, &mut dice), db),
        Condition::Babble(db) => {
            let mut sum = vec![0.0f32; length];
            for other in others.iter().filter(|other| !other.is_empty()) {
                let (start, level) =
                    (dice.between(0.0, other.len() as f64) as usize, 1.0 / active(other).sqrt() as f32);
                for (n, out) in sum.iter_mut().enumerate() {
                    *out += other[(n + start) % other.len()] * level;
                }
            }
            mixed(samples, &sum, db)
        }
        Condition::Reverberant(seconds) => reverberant(samples, seconds),
        Condition::Clipped(db) => {
            let peak = samples.iter().fold(1e-9f32, |peak, sample| peak.max(sample.abs()));
            let factor = 10f64.powf(db / 20.0) as f32 / peak;
            samples.iter().map(|sample| (sample * factor).clamp(-1.0, 1.0)).collect()
        }
    }
}

/// The recording at another level, in 16 bits, as a microphone gives it.
pub fn recorded(samples: &[f32], db: f64) -> Vec<f32> {
    let factor = 10f64.powf(db / 20.0) as f32;
    let mut dice = Dice(9);
    let mut sixteen = |sample: f32| {
        let dither = 0.5 * (dice.roll() + dice.roll()) as f32;
        (sample * factor * 32_767.0 + dither).round().clamp(-32_768.0, 32_767.0) / 32_768.0
    };
    samples.iter().map(|sample| sixteen(*sample)).collect()
}
