//! What the measurements of a voice cost: ten minutes of 48 kHz through each stage.
//!
//! BENCHMARKS.md says how to run these; six times what they take is the cost of an hour.

use std::f64::consts::TAU;
use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use greenroom::speech::{Delivery, Downsampler, Loudness, Pitch, Quality};

const RATE: u32 = 48_000;

/// Ten minutes are this many times what is made.
const TIMES: usize = 30;

/// The blocks that a recording comes in.
const BLOCK: usize = 4_800;

/// Twenty seconds of harmonics that move, with pauses, in a little noise.
fn voice() -> Vec<f32> {
    let (mut state, mut phase) = (7u32, 0.0f64);
    (0..20 * RATE)
        .map(|n| {
            let time = f64::from(n) / f64::from(RATE);
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = f64::from(state >> 8) / 8_388_608.0 - 1.0;
            phase += 140.0 * 2f64.powf(0.3 * (TAU * 0.6 * time).sin()) / f64::from(RATE);
            let syllable = (TAU * 2.1 * time).sin().abs() * if time % 5.0 < 4.0 { 0.2 } else { 0.0 };
            let sum: f64 = (1..=20).map(|k| (TAU * f64::from(k) * phase).sin() / f64::from(k)).sum();
            (syllable * sum + 0.002 * noise) as f32
        })
        .collect()
}

fn measures(c: &mut Criterion) {
    let voice = voice();
    let mut low = Vec::new();
    let mut down = Downsampler::new(RATE, 16_000);
    down.add(&voice, &mut low);
    down.finish(&mut low);
    let mut group = c.benchmark_group("speech");
    group.sample_size(10).throughput(Throughput::Elements((voice.len() * TIMES) as u64));
    group.bench_function("quality", |b| {
        let mut voice = voice.clone();
        b.iter(|| {
            let mut quality = Quality::new(RATE);
            (0..TIMES).for_each(|_| voice.chunks_mut(BLOCK).for_each(|block| quality.add(block)));
            black_box(quality.finish())
        })
    });
    group.bench_function("loudness", |b| {
        b.iter(|| {
            let mut loudness = Loudness::new(RATE);
            (0..TIMES).for_each(|_| voice.chunks(BLOCK).for_each(|block| loudness.add(block)));
            black_box(loudness.finish())
        })
    });
    for (from, to) in [(RATE, 16_000), (44_100, 16_000), (16_000, 8_000)] {
        let (sound, block) = if from == 16_000 { (&low, BLOCK / 3) } else { (&voice, BLOCK) };
        group.bench_function(format!("{from} to {to} Hz"), |b| {
            let mut out = Vec::new();
            b.iter(|| {
                let mut down = Downsampler::new(from, to);
                (0..TIMES).for_each(|_| {
                    sound.chunks(block).for_each(|block| {
                        out.clear();
                        down.add(block, &mut out);
                        black_box(&out);
                    })
                });
            })
        });
    }
    group.bench_function("pitch from 16000 Hz", |b| {
        b.iter(|| {
            let mut pitch = Pitch::new(16_000);
            (0..TIMES).for_each(|_| low.chunks(BLOCK / 3).for_each(|block| pitch.add(block)));
            black_box(pitch.finish())
        })
    });
    group.bench_function("everything", |b| {
        b.iter(|| {
            let mut delivery = Delivery::new(RATE, 1);
            (0..TIMES).for_each(|_| voice.chunks(BLOCK).for_each(|block| delivery.add(block)));
            black_box(delivery.finish())
        })
    });
    group.finish();
}

/// What is left to be done when an answer of two minutes ends: this is how late what it shows is.
fn end(c: &mut Criterion) {
    let voice = voice();
    let mut delivery = Delivery::new(RATE, 1);
    (0..6).for_each(|_| voice.chunks(BLOCK).for_each(|block| delivery.add(block)));
    c.bench_function("speech/end of an answer of 2 min", |b| {
        b.iter_batched(|| delivery.clone(), |delivery| black_box(delivery.finish()), BatchSize::LargeInput)
    });
}

criterion_group!(benches, measures, end);
criterion_main!(benches);
