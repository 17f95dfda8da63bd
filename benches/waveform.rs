//! What the waveform of a one-hour take costs: opened where its outline was kept, made where it was not, and drawn.
//!
//! BENCHMARKS.md says how to run this.

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use greenroom::app::waveforms::{Outline, Progress};
use greenroom::audio::wav;
use greenroom::ports::Clip;
use greenroom::speech::{Peaks, PeaksBuilder};
use greenroom::store::ManifestTake;
use greenroom::store::manifest::Recorded;
use greenroom::tui::theme::Theme;
use greenroom::tui::waveform::Waveform;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const RATE: u32 = 48_000;
const HOUR: u32 = 3_600;

/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(60);

/// An hour of something that swings.
fn hour() -> Vec<i16> {
    (0..HOUR * RATE).map(|n| ((n.wrapping_mul(2_654_435_761) >> 16) as u16).cast_signed() / 3).collect()
}

fn outline(samples: &[i16]) -> Peaks {
    let mut builder = PeaksBuilder::new(RATE, 1);
    samples.chunks(4_800).for_each(|block| builder.add_i16(block));
    builder.finish()
}

fn open(session: &Path, part: &ManifestTake) -> usize {
    let outline = Outline::of_take(session, 0, &Recorded { number: 1, parts: vec![part] });
    assert_eq!(outline.wait(LONG), Progress::Whole);
    outline.peaks().expect("it is whole").peaks.len()
}

fn an_hour(c: &mut Criterion) {
    let session = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(session.path().join("takes")).expect("a folder");
    let samples = hour();
    let mut group = c.benchmark_group("an hour");
    group.sample_size(10);
    group.bench_function("the outline, made beside the recording", |b| b.iter(|| outline(black_box(&samples))));
    let peaks = outline(&samples);
    let part = ManifestTake {
        file: "takes/01-a-1.wav".to_owned(),
        frames: u64::from(HOUR * RATE),
        rate: RATE,
        end: "done".to_owned(),
        dropped: 0,
        started_frame: 0,
        peak_db: None,
    };
    wav::write(&session.path().join(&part.file), &Clip { rate: RATE, samples }).expect("it can be written");
    group.bench_function("opened, the outline made from the file", |b| {
        let kept = session.path().join("analysis/01-1.peaks");
        b.iter(|| {
            let _ = std::fs::remove_file(&kept);
            open(session.path(), &part)
        })
    });
    group.sample_size(100);
    group.bench_function("opened, the outline kept", |b| b.iter(|| open(session.path(), &part)));
    group.bench_function("reduced to 600 columns", |b| b.iter(|| peaks.columns(black_box(f64::from(HOUR)), 600)));
    let silences: Vec<(f64, f64)> = (0..1_200).map(|n| (3.0 * f64::from(n), 3.0 * f64::from(n) + 1.0)).collect();
    let marks: Vec<f64> = (0..100).map(|n| 36.0 * f64::from(n)).collect();
    for (width, height) in [(80, 10), (300, 20), (300, 100)] {
        let area = Rect::new(0, 0, width, height);
        let mut buffer = Buffer::empty(area);
        let waveform = Waveform {
            peaks: Some(&peaks),
            length_s: f64::from(HOUR),
            silences: &silences,
            warn_s: Some(3_000.0),
            marks: &marks,
            taps: &marks,
            looped: Some((100.0, Some(1_000.0))),
            position_s: 500.0,
        };
        group.bench_function(format!("drawn at {width}x{height}"), |b| {
            b.iter(|| waveform.draw(area, black_box(&mut buffer), Theme::new(true)));
        });
    }
    group.finish();
}

criterion_group!(benches, an_hour);
criterion_main!(benches);
