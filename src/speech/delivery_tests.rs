use super::*;
use crate::timing::Span;

const RATE: u32 = 48_000;

/// Some seconds of what a voice is like: harmonics that glide, in syllables, with pauses, in a little noise.
fn voice(seconds: u32) -> Vec<f32> {
    let (mut state, mut phase) = (7u32, 0.0f64);
    (0..seconds * RATE)
        .map(|n| {
            let time = f64::from(n) / f64::from(RATE);
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = f64::from(state >> 8) / 8_388_608.0 - 1.0;
            phase += 120.0 * 2f64.powf(0.2 * (1.9 * time).sin()) / f64::from(RATE);
            let syllable = (std::f64::consts::PI * 4.0 * time).sin().powi(2);
            let spoken = if time > 0.5 && time % 4.0 < 3.0 { syllable } else { 0.0 };
            let sum: f64 = (1..=24).map(|k| (std::f64::consts::TAU * f64::from(k) * phase).sin() / f64::from(k)).sum();
            (0.15 * spoken * sum + 0.001 * noise) as f32
        })
        .collect()
}

/// Everything that a report tells, in words: equal words are equal bits.
fn words(report: &Report) -> String {
    let hertz: Vec<u32> = report.contour.iter().flat_map(|contour| contour.hertz().map(f32::to_bits)).collect();
    format!("{report:?} {hertz:?}")
}

#[test]
fn a_voice_is_measured() {
    let mut delivery = Delivery::new(RATE, 1);
    delivery.add(&voice(30));
    let report = delivery.finish();
    assert_eq!(report.duration_s, 30.0);
    let first = report.first_word_s().expect("there is speech");
    assert!((first - 0.5).abs() < 0.06, "{first}");
    let pauses = report.pauses.expect("there is speech");
    assert_eq!(pauses.count, 7, "{:?}", report.spoken);
    let median = report.voice.expect("it is voiced").median_hz;
    assert!((115.0..126.0).contains(&median), "{median}");
    let rates = report.rates.expect("there is enough");
    assert!((3.8..4.2).contains(&rates.articulation), "{rates:?}");
    let noise = report.noise.expect("there are pauses");
    assert!((noise.0 - -64.8).abs() < 1.0, "{noise}");
    assert!(report.condition.clipped == 0 && report.lufs.is_ok() && report.pace.is_ok());
}

#[test]
fn results_are_the_same_to_the_bit_whatever_the_block_size() {
    let voice = voice(9);
    let whole = {
        let mut delivery = Delivery::new(RATE, 1);
        delivery.add(&voice);
        words(&delivery.finish())
    };
    for size in [1, 7, 480, 4_801, 100_000] {
        let mut delivery = Delivery::new(RATE, 1);
        voice.chunks(size).for_each(|block| delivery.add(block));
        assert_eq!(words(&delivery.finish()), whole, "in blocks of {size}");
    }
}

#[test]
fn whole_numbers_measure_as_the_fractions_that_they_stand_for() {
    let rounded: Vec<i16> = voice(5).iter().map(|sample| (sample * 32_767.0) as i16).collect();
    let (mut one, mut other) = (Delivery::new(RATE, 1), Delivery::new(RATE, 1));
    one.add_i16(&rounded);
    other.add(&rounded.iter().map(|&sample| f32::from(sample) / 32_768.0).collect::<Vec<_>>());
    assert_eq!(words(&one.finish()), words(&other.finish()));
}

#[test]
fn two_equal_channels_are_three_units_louder_and_otherwise_as_one() {
    let voice = voice(9);
    let (mut one, mut two) = (Delivery::new(RATE, 1), Delivery::new(RATE, 2));
    one.add(&voice);
    let both: Vec<f32> = voice.iter().flat_map(|&sample| [sample, sample]).collect();
    // In blocks that cut frames.
    both.chunks(4_801).for_each(|block| two.add(block));
    let (one, two) = (one.finish(), two.finish());
    let louder = two.lufs.expect("it sounds") - one.lufs.expect("it sounds");
    assert!((louder - 3.01).abs() < 0.01, "{louder}");
    assert_eq!(one.spoken, two.spoken);
    assert_eq!((one.duration_s, one.condition.peak), (two.duration_s, two.condition.peak));
}

#[test]
fn one_of_many_channels_is_heard() {
    let voice = voice(9);
    let mut delivery = Delivery::new(RATE, 32);
    let frames: Vec<f32> = voice.iter().flat_map(|&sample| std::iter::once(sample).chain([0.0; 31])).collect();
    delivery.add(&frames);
    let report = delivery.finish();
    let mut alone = Delivery::new(RATE, 1);
    alone.add(&voice);
    let alone = alone.finish();
    let starts = |report: &Report| -> Vec<i64> {
        let spoken = report.spoken.as_ref().expect("there is speech");
        spoken.speech.iter().map(|span: &Span| (span.start * 20.0).round() as i64).collect()
    };
    assert_eq!(starts(&report), starts(&alone));
    assert!((report.lufs.expect("it sounds") - alone.lufs.expect("it sounds")).abs() < 0.01);
}

/// What must not be taken for speech.
fn senseless() -> Vec<(&'static str, Vec<f32>)> {
    let count = 6 * RATE;
    let mut state = 1u32;
    let noise = (0..count).map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        0.3 * ((state >> 8) as f32 / 8_388_608.0 - 1.0)
    });
    let square = |n: u32| if (n / 110).is_multiple_of(2) { 1.0 } else { -1.0 };
    vec![
        ("nothing", vec![]),
        ("one sample", vec![0.7]),
        ("zeros", vec![0.0; count as usize]),
        ("noise", noise.collect()),
        ("a tone", (0..count).map(|n| 0.5 * (0.05 * n as f32).sin()).collect()),
        ("a constant", vec![0.25; count as usize]),
        ("a square wave at full scale", (0..count).map(square).collect()),
        ("what is not a number", vec![f32::NAN; count as usize]),
        ("what has no end", (0..count).map(|n| if n % 2 == 0 { f32::INFINITY } else { f32::NEG_INFINITY }).collect()),
    ]
}

#[test]
fn what_is_no_speech_has_no_measures_of_speech() {
    for (what, samples) in senseless() {
        let mut delivery = Delivery::new(RATE, 1);
        delivery.add(&samples);
        let report = delivery.finish();
        assert!(report.spoken.is_err(), "{what}: {:?}", report.spoken);
        assert!(report.rates.is_err() && report.pauses.is_err() && report.pace.is_err(), "{what}");
        assert!(report.voice.is_err() && report.contour.is_err() && report.phrases.is_err(), "{what}");
        assert!(report.snr_db.is_err() && report.fillers.is_err(), "{what}");
    }
}

#[test]
fn strange_samples_are_counted_and_what_is_between_them_is_measured() {
    let mut voice = voice(9);
    for place in (0..voice.len()).step_by(4_000) {
        voice[place] = f32::NAN;
    }
    let count = voice.iter().filter(|sample| sample.is_nan()).count() as u64;
    let mut delivery = Delivery::new(RATE, 1);
    delivery.add(&voice);
    let report = delivery.finish();
    assert_eq!(report.condition.strange, count);
    assert!(report.spoken.is_ok() && report.lufs.is_ok_and(f64::is_finite), "{:?}", report.spoken);
}

/// The cue that begins an answer, as a microphone hears it that stands before the loudspeaker.
fn cue(hertz: f64, seconds: f64) -> impl Iterator<Item = f32> {
    let count = (seconds * f64::from(RATE)) as u32;
    (0..count).map(move |n| {
        let time = f64::from(n) / f64::from(RATE);
        let swell = (time.min(seconds - time) / 0.025).min(1.0);
        (0.1 * swell * (std::f64::consts::TAU * hertz * time).sin()) as f32
    })
}

#[test]
fn a_cue_from_the_loudspeaker_is_no_word() {
    let mut sound = voice(9);
    sound.splice(0..0, vec![0.0; 2 * RATE as usize]);
    let quiet = {
        let mut delivery = Delivery::new(RATE, 1);
        delivery.add(&sound);
        delivery.finish()
    };
    // One note at the beginning, and two in a pause, which lies from 5 s to 6 s.
    let notes = [(0.02, 659.26, 0.15), (5.3, 880.0, 0.09), (5.45, 880.0, 0.09)];
    for (at, hertz, seconds) in notes {
        let start = (at * f64::from(RATE)) as usize;
        for (sample, note) in sound[start..].iter_mut().zip(cue(hertz, seconds)) {
            *sample += note;
        }
    }
    let mut delivery = Delivery::new(RATE, 1);
    delivery.add(&sound);
    let report = delivery.finish();
    let (with, without) = (report.first_word_s().expect("there is speech"), quiet.first_word_s().expect("there is"));
    assert!((with - without).abs() < 0.03, "{with} instead of {without}");
    let count = |report: &Report| {
        let spoken = report.spoken.as_ref().expect("there is speech");
        (spoken.pauses.len(), spoken.nuclei.len())
    };
    assert_eq!(count(&report), count(&quiet));
}
