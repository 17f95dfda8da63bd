//! What a session costs: planning, the engine, a take on the disk, the first spoken sample.
//!
//! BENCHMARKS.md says how to run these and what they gave.

use std::fs;
use std::hint::black_box;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use greenroom::app::split::{Stage, pass};
use greenroom::audio::take::TakeWriter;
use greenroom::interview::events::TurnRules;
use greenroom::interview::panel::preview::preview;
use greenroom::interview::panel::{Agenda, Led, Moderator};
use greenroom::interview::plan::TimingChoice;
use greenroom::interview::{
    Bank, Command as Wish, Engine, Event, Filter, Format, Frame, Frames, Order, Plan, SampleRate, Seed, Text,
};
use greenroom::ports::Utterance;
use greenroom::speech::stretch::stretch;
use greenroom::store::banks::Banks;
use greenroom::store::home::{FoundBy, Home};
use greenroom::store::panels::Panels;
use greenroom::store::{bank_file, format_file};
use greenroom::voice::{Chain, VoiceSettings};

const BANK: &str = include_str!("../questions/vp-engineering.toml");
const RATE: SampleRate = SampleRate::STANDARD;

/// A prompt of 32 words, about nine seconds of speech.
const PROMPT: &str = "Say the company goals have just landed on your desk. How do you get from there to an engineering \
                      roadmap that moves product results, and how do you keep it on course?";

fn formats() -> Vec<Format> {
    format_file::formats(None).expect("the built-in formats have no flaws")
}

fn bank(formats: &[Format]) -> Bank {
    bank_file::parse_bank("vp-engineering.toml", BANK, formats).expect("the built-in bank has no flaws")
}

fn planning(c: &mut Criterion) {
    let formats = formats();
    let bank = bank(&formats);
    let mut group = c.benchmark_group("planning");
    group.bench_function("read the bank of 50 questions", |b| b.iter(|| self::bank(black_box(&formats))));
    group.bench_function("the peer: toml into a table", |b| {
        b.iter(|| black_box(BANK).parse::<toml::Table>().expect("it is TOML"))
    });
    group.bench_function("draw a plan of 50 turns", |b| {
        b.iter(|| {
            let (filter, timing) = (Filter::default(), TimingChoice::default());
            Plan::draw(&bank, &formats, &filter, Order::Random, &timing, Seed(black_box(7)), &[])
        })
    });
    group.finish();
}

fn panel(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let home = Home { root: folder.path().to_owned(), found: FoundBy::Flag };
    let banks = Banks::open(&home, formats());
    let panel = Panels::open(&home, &banks).get("vp-engineering").expect("the built-in panel has no flaws");
    let bank = banks.get(&panel.bank).expect("the built-in bank has no flaws");
    let agenda = Agenda::draw(&panel, &bank, None, Seed(7)).expect("it can be drawn");
    let mut group = c.benchmark_group("panel");
    group.bench_function("draw the agenda of an hour, five interviewers", |b| {
        b.iter(|| Agenda::draw(&panel, &bank, None, Seed(black_box(7))))
    });
    group.bench_function("lead through it", |b| b.iter(|| preview(black_box(&agenda))));
    let asked = Moderator::new(Arc::new(agenda.clone())).next(Duration::ZERO, None);
    assert!(asked.ask.is_some());
    let mut led = Led::new(Moderator::new(Arc::new(agenda)), RATE, Vec::new(), Frames(0));
    led.next(Frame(0));
    group.bench_function("foresee what an answer may lead to", |b| {
        b.iter(|| led.foresee(black_box(Frame(48_000 * 60)), None, 0, true))
    });
    group.finish();
}

/// Takes every command and does nothing but say that a prompt has ended after ten seconds.
struct Idle(Option<Frame>);

impl Stage for Idle {
    fn deadline(&self, _: Frame) -> Option<Frame> {
        self.0
    }
    fn hear(&mut self, _: std::ops::Range<usize>, _: Frame) {}
    fn act(&mut self, _: &Engine, commands: Vec<Wish>, now: Frame) {
        if commands.iter().any(|command| matches!(command, Wish::Speak { .. })) {
            self.0 = Some(now + Frames(10 * 48_000));
        }
    }
    fn reached(&mut self, engine: &mut Engine, now: Frame) {
        if self.0.is_some_and(|end| end <= now) {
            self.0 = None;
            let commands = engine.step(now, Event::PromptEnded);
            self.act(engine, commands, now);
        }
    }
}

fn engine(c: &mut Criterion) {
    let formats = formats();
    let rules: Vec<TurnRules> = vec![TurnRules::fresh(&formats[0].timing, RATE); 50];
    let mut group = c.benchmark_group("engine");
    group.bench_function("50 turns, two hours in blocks of 100 ms", |b| {
        b.iter(|| {
            let mut engine = Engine::new(rules.clone());
            let (mut stage, mut now) = (Idle(None), Frame(0));
            let first = engine.step(now, Event::Start);
            stage.act(&engine, first, now);
            while engine.deadline().is_some() || stage.0.is_some() {
                pass(&mut engine, &mut now, 4_800, &mut stage);
            }
            now
        })
    });
    group.finish();
}

fn take_writing(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let minute: Vec<i16> = (0..60 * 48_000).map(|n| ((n * 31) % 9_973) as i16).collect();
    let mut number = 0;
    let mut fresh = || {
        number += 1;
        folder.path().join(format!("{number}.wav"))
    };
    let mut group = c.benchmark_group("a take of one minute");
    group.sample_size(20).throughput(Throughput::Bytes(2 * minute.len() as u64));
    group.bench_function("greenroom, durable", |b| {
        b.iter_batched(
            &mut fresh,
            |path| {
                let mut writer = TakeWriter::open(&path, RATE).expect("a take can be opened");
                minute.chunks(4_800).for_each(|block| writer.push(block, 0).expect("it can be written"));
                let summary = writer.close();
                assert!(summary.failure.is_none(), "it can be closed");
                fs::remove_file(&path).expect("it can be removed");
                summary
            },
            BatchSize::PerIteration,
        )
    });
    group.bench_function("the peer: hound, one sync at the end", |b| {
        b.iter_batched(&mut fresh, |path| hound_take(&path, &minute), BatchSize::PerIteration)
    });
    group.bench_function("the floor: one write and one sync", |b| {
        b.iter_batched(
            &mut fresh,
            |path| {
                let bytes: Vec<u8> = minute.iter().flat_map(|sample| sample.to_le_bytes()).collect();
                let mut file = fs::File::create(&path).expect("a file can be made");
                file.write_all(&bytes).and_then(|()| file.sync_data()).expect("it can be written");
                fs::remove_file(&path).expect("it can be removed");
            },
            BatchSize::PerIteration,
        )
    });
    group.finish();
}

fn hound_take(path: &Path, samples: &[i16]) {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: RATE.0,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).expect("a file can be made");
    samples.iter().for_each(|sample| writer.write_sample(*sample).expect("it can be written"));
    writer.finalize().expect("it can be closed");
    fs::File::open(path).and_then(|file| file.sync_data()).expect("it can be synced");
    fs::remove_file(path).expect("it can be removed");
}

fn first_sample(c: &mut Criterion) {
    let text = Text::clean(PROMPT);
    let settings = VoiceSettings { name: Some("built-in".to_owned()), ..VoiceSettings::default() };
    let mut group = c.benchmark_group("a prompt of 32 words, from text to sound");
    group.sample_size(20).measurement_time(Duration::from_secs(8));
    group.bench_function("built-in, cold: the voice's process starts too", |b| {
        b.iter(|| clip(&mut Chain::choose(&settings).expect("the built-in voice is there"), &text))
    });
    group.bench_function("built-in, warm", |b| {
        let mut chain = Chain::choose(&settings).expect("the built-in voice is there");
        clip(&mut chain, &text);
        b.iter_custom(|count| (0..count).map(|_| warm(&mut chain, &text)).sum())
    });
    if Command::new("espeak-ng").arg("--version").output().is_ok() {
        group.bench_function("the peer: espeak-ng", |b| b.iter(|| espeak(PROMPT)));
    }
    group.finish();
}

/// The spare process is made ready while the session goes on; that time is not the candidate's.
fn warm(chain: &mut Chain, text: &Text) -> Duration {
    std::thread::sleep(Duration::from_millis(100));
    let started = Instant::now();
    clip(chain, text);
    started.elapsed()
}

fn clip(chain: &mut Chain, text: &Text) -> usize {
    match chain.utter(text) {
        (Utterance::Clip(clip), None) => clip.samples.len(),
        (_, notice) => panic!("the built-in voice does not speak: {notice:?}; build the program first"),
    }
}

fn espeak(text: &str) -> usize {
    let mut child = Command::new("espeak-ng")
        .args(["--stdin", "--stdout", "-v", "en-us"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    child.stdin.take().expect("it is piped").write_all(text.as_bytes()).expect("it reads");
    child.wait_with_output().expect("it ends").stdout.len()
}

fn replay_speed(c: &mut Criterion) {
    let minute: Vec<i16> = (0..60 * 48_000)
        .map(|n| ((f64::from(n) * 0.015).sin() * 8_000.0 + (f64::from(n) * 0.11).sin() * 2_000.0) as i16)
        .collect();
    let mut group = c.benchmark_group("replay");
    group.sample_size(10);
    group.bench_function("a minute at speed 1.5", |b| b.iter(|| stretch(black_box(&minute), RATE.0, 1.5)));
    group.finish();
}

criterion_group!(benches, planning, panel, engine, take_writing, first_sample, replay_speed);
criterion_main!(benches);
