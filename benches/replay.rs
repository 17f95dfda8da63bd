//! What it costs to open a one-hour take and to go to a place in it.
//!
//! BENCHMARKS.md says how to run this and what it gave.

use std::path::Path;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use greenroom::app::deck::{Deck, Recording};
use greenroom::audio::pace::Pace;
use greenroom::audio::wav_playback::NullPlayback;
use greenroom::interview::SampleRate;

/// An hour of something that is no silence, mono and 16-bit.
fn hour(path: &Path, rate: u32) {
    let frames = rate * 3_600;
    let spec =
        hound::WavSpec { channels: 1, sample_rate: rate, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    let mut writer = hound::WavWriter::create(path, spec).expect("a file in a temporary folder");
    for n in 0..frames {
        let sample = (n.wrapping_mul(2_654_435_761) >> 19) as i16 - 4_096;
        writer.write_sample(sample).expect("room on the disk");
    }
    writer.finalize().expect("room on the disk");
}

fn deck(path: &Path, speed: f64) -> Deck {
    let mut deck = Deck::new(Box::new(NullPlayback::new(SampleRate(48_000))), Pace::Fast, speed);
    deck.load(Recording::open(&[path.to_path_buf()]).expect("it opens"));
    deck
}

fn an_hour(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut group = c.benchmark_group("a take of an hour");
    for rate in [48_000, 44_100] {
        let path = folder.path().join(format!("{rate}.wav"));
        hour(&path, rate);
        group.bench_function(BenchmarkId::new("opened", rate), |b| {
            b.iter(|| Recording::open(std::slice::from_ref(&path)).expect("it opens"));
        });
        for speed in [1.0, 1.5] {
            let mut deck = deck(&path, speed);
            deck.play();
            let mut to = Duration::ZERO;
            group.bench_function(BenchmarkId::new(format!("a seek, at {speed}"), rate), |b| {
                b.iter(|| {
                    // Here and there, so that no page is the one that was read last.
                    to = Duration::from_secs((to.as_secs() + 1_777) % 3_500);
                    deck.seek(to);
                    deck.position()
                });
            });
        }
    }
    group.finish();
    let mut group = c.benchmark_group("half a second of what is heard");
    group.throughput(Throughput::Elements(24_000));
    for rate in [48_000, 44_100] {
        let path = folder.path().join(format!("{rate}.wav"));
        for speed in [1.0, 0.5, 3.0] {
            let mut deck = deck(&path, speed);
            deck.set_loop(Some((Duration::from_secs(10), Duration::from_secs(3_590))));
            deck.play();
            group.bench_function(BenchmarkId::new(format!("at {speed}"), rate), |b| {
                b.iter(|| (0..3).map(|_| deck.look()).last());
            });
        }
    }
    group.finish();
}

criterion_group!(benches, an_hour);
criterion_main!(benches);
