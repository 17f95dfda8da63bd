//! How right the timing of speech is, on speech whose truth is known.
//!
//! The bounds are the floors that this project set itself, or nearer to what is reached. A debug build takes few
//! recordings and conditions; `cargo test --release --test speech -- --nocapture` takes all, and prints the figures.

mod corpus;
mod dice;
mod noise;
mod score;
mod trains;
mod truth;
mod voices;

use corpus::{Recording, recordings};
use greenroom::speech::downsample::Downsampler;
use greenroom::speech::timing::{Spoken, Timing, Untimed};
use noise::Condition;
use score::{Score, Told};
use truth::{RATE, resampled};

/// What is told of sound at a rate, in blocks of a size.
fn told(samples: &[f32], rate: u32, block: usize) -> Result<Spoken, Untimed> {
    let (mut timing, mut down) = (Timing::new(rate), Downsampler::new(rate, RATE));
    let mut sound = Vec::new();
    for block in samples.chunks(block) {
        timing.add_recorded(block);
        sound.clear();
        down.add(block, &mut sound);
        timing.add(&sound);
    }
    sound.clear();
    down.finish(&mut sound);
    timing.add(&sound);
    timing.finish()
}

/// Brings the loudest sample to `peak` dB of full scale and says what is told then.
fn heard(samples: &[f32], condition: Condition, peak: f64) -> Result<Spoken, Untimed> {
    let loudest = samples.iter().fold(1e-9f32, |loudest, sample| loudest.max(sample.abs()));
    let gain = if matches!(condition, Condition::Clipped(_)) { 0.0 } else { peak - 20.0 * f64::from(loudest.log10()) };
    told(&noise::recorded(samples, gain), RATE, 1_600)
}

fn told_of(spoken: &Spoken) -> Told {
    let of = |spans: &[greenroom::speech::timing::Span]| spans.iter().map(|span| (span.start, span.end)).collect();
    Told {
        nuclei: spoken.nuclei.clone(),
        pauses: of(&spoken.pauses),
        filled_pauses: of(&spoken.filled_pauses),
        first_word_s: spoken.speech[0].start,
    }
}

/// The figures of all recordings under a condition, at levels from -3 to -33 dB.
fn score(condition: Condition) -> Score {
    let all = recordings();
    let mut score = Score::default();
    for (place, recording) in all.iter().enumerate() {
        let others: Vec<Vec<f32>> = match condition {
            Condition::Babble(_) => {
                (1..=5).map(|step| all[(place + step * 4 + 2) % all.len()].samples.clone()).collect()
            }
            _ => Vec::new(),
        };
        let samples = noise::under(condition, &recording.samples, &others);
        match heard(&samples, condition, -3.0 - 10.0 * (place % 4) as f64) {
            Ok(spoken) => score.add(&recording.truth, &told_of(&spoken)),
            Err(_) => score.add_untold(),
        }
    }
    println!("{:20} {}", format!("{condition:?}"), score.line());
    score
}

#[test]
fn clean_speech_is_told_as_it_is() {
    let score = score(Condition::Clean);
    assert_eq!(score.untold, 0);
    assert!(score.syllable_error() < 4.5, "{}", score.line());
    assert!(score.nuclei_f1() > 0.96, "{}", score.line());
    assert!(score.pause_recall() >= 0.99 && score.pause_precision() > 0.98, "{}", score.line());
    assert!(score.edges(0.5) < 8.0 && score.edges(0.95) < 50.0, "{}", score.line());
    assert!(score.first_word(0.95) < 40.0, "{}", score.line());
    assert!(score.filler_recall() > 0.6 && score.filler_precision() > 0.8, "{}", score.line());
}

/// A condition, and the bounds in it: the error of the syllables in %, recall and precision of the pauses, and the
/// error of the first word, of 95 in 100, in ms.
type Bounds = (Condition, f64, f64, f64, f64);

#[test]
fn noise_hides_few_syllables_and_no_pause() {
    let all: [Bounds; 6] = [
        (Condition::Pink(10.0), 5.0, 0.98, 0.95, 100.0),
        (Condition::Room(5.0), 5.0, 0.98, 0.95, 100.0),
        (Condition::Pink(20.0), 5.0, 0.98, 0.95, 100.0),
        (Condition::White(10.0), 6.0, 0.98, 0.90, 100.0),
        (Condition::White(20.0), 6.0, 0.98, 0.95, 100.0),
        (Condition::Room(15.0), 6.0, 0.98, 0.95, 100.0),
    ];
    let count = if cfg!(debug_assertions) { 2 } else { all.len() };
    for (condition, syllables, recall, precision, first) in &all[..count] {
        let score = score(*condition);
        let line = format!("{condition:?}: {}", score.line());
        assert_eq!(score.untold, 0, "{line}");
        assert!(score.syllable_error() < *syllables, "{line}");
        assert!(score.pause_recall() >= *recall && score.pause_precision() >= *precision, "{line}");
        assert!(score.first_word(0.95) < *first, "{line}");
    }
}

#[test]
fn other_voices_in_the_room_are_not_the_candidate() {
    let score = score(Condition::Babble(15.0));
    assert!(score.syllable_error() < 7.0, "{}", score.line());
    assert!(score.pause_recall() > 0.8 && score.pause_precision() > 0.85, "{}", score.line());
}

#[test]
fn voices_that_drown_the_candidate_are_called_so() {
    let score = score(Condition::Babble(5.0));
    assert!(4 * score.untold >= 3 * score.recordings, "{}", score.line());
}

#[test]
fn clipping_and_a_room_leave_the_syllables_countable() {
    let all = [Condition::Clipped(12.0), Condition::Reverberant(0.4)];
    for condition in &all[..if cfg!(debug_assertions) { 1 } else { 2 }] {
        let condition = *condition;
        let score = score(condition);
        assert!(score.syllable_error() < 8.0 && score.nuclei_f1() > 0.93, "{condition:?}: {}", score.line());
    }
}

/// The figures of all recordings whose second half is changed by something, each at the level that it has.
fn changed(half: impl Fn(&[f32]) -> (Vec<f32>, Vec<f32>)) -> Score {
    let mut score = Score::default();
    for recording in recordings() {
        let (before, after) = half(&recording.samples);
        let middle = before.len() / 2;
        let samples: Vec<f32> = before[..middle].iter().chain(&after[middle..]).copied().collect();
        match heard(&samples, Condition::Clean, -3.0) {
            Ok(spoken) => score.add(&recording.truth, &told_of(&spoken)),
            Err(_) => score.add_untold(),
        }
    }
    score
}

#[test]
fn a_fan_that_comes_on_hides_no_pause() {
    let score = changed(|samples| {
        let at = |db: f64| noise::under(Condition::Pink(db), samples, &[]);
        (at(40.0), at(13.0))
    });
    println!("{:20} {}", "a fan comes on", score.line());
    assert_eq!(score.untold, 0, "{}", score.line());
    assert!(score.pause_recall() > 0.9 && score.pause_precision() > 0.9, "{}", score.line());
}

#[test]
fn who_leans_back_is_still_heard() {
    let score = changed(|samples| (samples.to_vec(), samples.iter().map(|sample| sample * 0.05).collect()));
    println!("{:20} {}", "26 dB less", score.line());
    assert_eq!(score.untold, 0, "{}", score.line());
    assert!(score.pause_recall() > 0.95 && score.pause_precision() > 0.95, "{}", score.line());
    assert!(score.syllable_error() < 8.0, "{}", score.line());
}

/// A recording in noise, short enough for a debug build.
fn short() -> (&'static Recording, Vec<f32>) {
    let recording = &recordings()[0];
    (recording, noise::under(Condition::Pink(25.0), &recording.samples, &[]))
}

#[test]
fn the_level_changes_next_to_nothing() {
    let (_, samples) = short();
    let loud = heard(&samples, Condition::Clean, -1.0).expect("somebody speaks");
    for peak in [-20.0, -40.0] {
        let quiet = heard(&samples, Condition::Clean, peak).expect("somebody speaks");
        assert_eq!(quiet.pauses.len(), loud.pauses.len(), "{peak} dB");
        assert!(quiet.nuclei.len().abs_diff(loud.nuclei.len()) <= 1, "{peak} dB");
        let (noise, snr) = (quiet.noise.expect("there is noise").0, quiet.snr_db.expect("there is noise"));
        let loudest = loud.noise.expect("there is noise").0 + peak as f32 + 1.0;
        assert!((noise - loudest).abs() < 0.5, "{noise} and not {loudest}");
        assert!((snr - loud.snr_db.expect("there is noise")).abs() < 0.5, "{snr} at {peak} dB");
    }
}

#[test]
fn the_rate_changes_little() {
    let (recording, samples) = short();
    let rates: &[u32] = if cfg!(debug_assertions) { &[8_000, 48_000] } else { &[8_000, 22_050, 44_100, 48_000] };
    let samples = &samples[..samples.len().min(12 * RATE as usize)];
    let base = heard(samples, Condition::Clean, -3.0).expect("somebody speaks");
    for &rate in rates {
        let spoken = told(&noise::recorded(&resampled(samples, RATE, rate), 0.0), rate, 999).expect("somebody speaks");
        assert_eq!(spoken.pauses.len(), base.pauses.len(), "{} at {rate} Hz", recording.name);
        for (told, base) in spoken.pauses.iter().zip(&base.pauses) {
            let error = (told.start - base.start).abs().max((told.end - base.end).abs());
            assert!(error < 0.06, "{told:?} at {rate} Hz, {base:?} at 16 kHz");
        }
        assert!(spoken.nuclei.len().abs_diff(base.nuclei.len()) <= 3, "{rate} Hz");
    }
}

#[test]
fn the_size_of_the_blocks_changes_no_bit_of_a_long_recording() {
    let (recording, samples) = short();
    // More than the three minutes that are judged at once.
    let samples: Vec<f32> = samples.iter().copied().cycle().take(200 * RATE as usize).collect();
    let whole = told(&samples, RATE, samples.len()).expect("somebody speaks");
    let blocks: &[usize] = if cfg!(debug_assertions) { &[1_001] } else { &[1, 160, 1_001, 48_000] };
    for &block in blocks {
        assert_eq!(told(&samples, RATE, block), Ok(whole.clone()), "{block}");
    }
    // Every round of the recording is told as the first.
    let rounds = samples.len() as f64 / recording.samples.len() as f64;
    let expected = recording.truth.syllables as f64 * rounds;
    assert!((whole.nuclei.len() as f64 / expected - 1.0).abs() < 0.08, "{} of {expected}", whole.nuclei.len());
    assert!(whole.pauses.windows(2).all(|pair| pair[0].end <= pair[1].start));
    assert!(whole.nuclei.windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn what_is_no_speech_has_a_reason_and_no_number() {
    let count = 6 * RATE as usize;
    let mut dice = dice::Dice(4);
    let hiss: Vec<f32> = (0..count).map(|_| dice.roll() as f32 * 0.1).collect();
    let tone: Vec<f32> = (0..count).map(|n| (n as f32 * 0.2).sin() * 0.3).collect();
    let square: Vec<f32> = (0..count).map(|n| if n / 50 % 2 == 0 { 1.0 } else { -1.0 }).collect();
    for (what, samples, why) in [
        ("nothing", vec![], Untimed::TooShort),
        ("a sample", vec![0.5], Untimed::TooShort),
        ("zeros", vec![0.0; count], Untimed::NoSignal),
        ("hiss", hiss, Untimed::NoSpeech),
        ("a tone", tone, Untimed::NoSpeech),
        ("a square wave", square, Untimed::NoSpeech),
        ("a constant", vec![0.3; count], Untimed::NoSpeech),
    ] {
        assert_eq!(told(&samples, RATE, 777), Err(why), "{what}");
    }
}
