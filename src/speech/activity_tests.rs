use super::*;
use std::f64::consts::TAU;

/// Random numbers from -1 to 1, the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 32) as f64 / f64::from(1u32 << 31) - 1.0
    }
}

/// Something like a voice: harmonics of 120 Hz whose loudness goes up and down with the syllables, five a second.
/// Half of a syllable is 15 dB weaker; the loudest samples are at `peak`.
fn voice(rate: u32, seconds: f64, peak: f64) -> Vec<f64> {
    let at = |n: usize| {
        let time = n as f64 / f64::from(rate);
        let syllable = 10f64.powf((-15.0 * (0.5 - 0.5 * (TAU * 5.0 * time).cos())) / 20.0);
        let wave: f64 = (1..9).map(|k| (TAU * 120.0 * f64::from(k) * time).sin() / f64::from(k)).sum();
        wave / 1.85 * syllable * peak
    };
    (0..(seconds * f64::from(rate)) as usize).map(at).collect()
}

/// Speech and pauses in turn, in seconds, over noise of this amplitude.
fn recording(rate: u32, spans: &[f64], peak: f64, noise: f64) -> Vec<i16> {
    let mut samples = Vec::new();
    for (place, &seconds) in spans.iter().enumerate() {
        match place % 2 {
            0 => samples.extend(voice(rate, seconds, peak)),
            _ => samples.resize(samples.len() + (seconds * f64::from(rate)) as usize, 0.0),
        }
    }
    let mut dice = Dice(1);
    samples.into_iter().map(|sample| (sample + noise * dice.roll()).round() as i16).collect()
}

fn activity(rate: u32, samples: &[i16]) -> Activity {
    let mut activity = Activity::new(rate);
    activity.add(samples);
    activity
}

fn silence(rate: u32, samples: &[i16]) -> Result<Share, Untold> {
    activity(rate, samples).silence()
}

/// Asserts that a share is what it should be within `within` of 1000.
fn near(told: Result<Share, Untold>, truth: f64, within: f64, what: &str) {
    let Share(parts) = told.unwrap_or_else(|why| panic!("{what}: {why}"));
    assert!((f64::from(parts) - truth * 1_000.0).abs() <= within, "{what}: {parts} of 1000, not {truth:.3}");
}

#[test]
fn pauses_before_between_and_after_speech_are_silence_at_every_rate_and_level() {
    let spans = [0.0, 1.5, 2.0, 0.8, 3.0, 0.4, 1.3, 1.0];
    let truth = 3.7 / 10.0;
    for rate in [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000] {
        for (peak, noise) in [(30_000.0, 0.0), (20_000.0, 30.0), (3_000.0, 5.0), (300.0, 2.0)] {
            let samples = recording(rate, &spans, peak, noise);
            near(silence(rate, &samples), truth, 40.0, &format!("{rate} Hz, {peak} over {noise}"));
        }
    }
}

#[test]
fn a_pause_of_less_than_250_ms_belongs_to_the_speech() {
    let rate = 16_000;
    let mut spans = Vec::new();
    (0..12).for_each(|_| spans.extend([0.6, 0.2]));
    near(silence(rate, &recording(rate, &spans, 10_000.0, 3.0)), 0.0, 0.0, "gaps");
    let mut spans = Vec::new();
    (0..12).for_each(|_| spans.extend([0.6, 0.3]));
    near(silence(rate, &recording(rate, &spans, 10_000.0, 3.0)), 0.333, 30.0, "pauses");
    let around = recording(rate, &[0.0, 0.2, 3.0, 0.2], 10_000.0, 3.0);
    near(silence(rate, &around), 0.0, 0.0, "gaps around");
}

#[test]
fn the_size_of_the_blocks_is_invisible() {
    let rate = 44_100;
    let samples = recording(rate, &[1.0, 0.7, 1.3, 0.5], 10_000.0, 20.0);
    let whole = activity(rate, &samples);
    for size in [1, 2, 3, 5, 7, 441, 882, 1_000, 4_096, 100_000] {
        let mut activity = Activity::new(rate);
        samples.chunks(size).for_each(|block| activity.add(block));
        assert_eq!(activity.levels, whole.levels, "blocks of {size}");
        assert_eq!(activity.silence(), whole.silence(), "blocks of {size}");
    }
}

#[test]
fn a_little_sound_is_not_judged() {
    let rate = 48_000;
    assert_eq!(Activity::new(rate).silence(), Err(Untold::TooShort));
    let samples = recording(rate, &[1.0, 0.9], 10_000.0, 3.0);
    assert_eq!(silence(rate, &samples), Err(Untold::TooShort));
    assert!(silence(rate, &recording(rate, &[1.0, 1.1], 10_000.0, 3.0)).is_ok());
}

#[test]
fn a_microphone_that_gives_nothing_is_told_from_a_silent_candidate() {
    let rate = 48_000;
    assert_eq!(silence(rate, &vec![0; 480_000]), Err(Untold::NoSignal));
    assert_eq!(silence(rate, &recording(rate, &[0.0, 10.0], 0.0, 40.0)), Err(Untold::NoSpeech));
    assert_eq!(silence(rate, &recording(rate, &[0.0, 10.0], 0.0, 1.2)), Err(Untold::NoSpeech));
}

#[test]
fn nothing_is_told_of_what_does_not_stand_out_of_the_noise() {
    let rate = 16_000;
    let spans = [1.0, 0.7, 1.3, 0.5];
    for (peak, noise) in [(1_000.0, 3_000.0), (500.0, 3_000.0), (0.0, 3_000.0)] {
        assert_eq!(silence(rate, &recording(rate, &spans, peak, noise)), Err(Untold::NoSpeech), "{peak} over {noise}");
    }
    // Noise that comes and goes a little is noise still.
    let waves = |n: usize| 1.0 + 0.4 * (n as f64 / f64::from(rate)).sin();
    let mut dice = Dice(3);
    let breathing: Vec<i16> = (0..160_000).map(|n| (dice.roll() * waves(n) * 2_000.0) as i16).collect();
    assert_eq!(silence(rate, &breathing), Err(Untold::NoSpeech));
}

#[test]
fn keys_and_clicks_are_no_speech() {
    let rate = 48_000;
    let mut samples = recording(rate, &[0.0, 10.0], 0.0, 10.0);
    for press in 0..30 {
        let mut dice = Dice(press);
        let at = press as usize * 14_400 + 500;
        for (n, sample) in samples[at..at + 1_440].iter_mut().enumerate() {
            *sample = (dice.roll() * 15_000.0 * (1.0 - n as f64 / 1_440.0)) as i16;
        }
    }
    assert_eq!(silence(rate, &samples), Err(Untold::NoSpeech));
}

#[test]
fn a_few_words_are_found_in_a_long_silence() {
    let rate = 16_000;
    let samples = recording(rate, &[0.0, 60.0, 1.0, 59.0], 10_000.0, 20.0);
    near(silence(rate, &samples), 119.0 / 120.0, 2.0, "one second of two minutes");
}

#[test]
fn a_hum_and_an_offset_are_no_voice() {
    let rate = 48_000;
    let mut samples = recording(rate, &[1.0, 1.5, 2.0, 0.5], 6_000.0, 10.0);
    for (n, sample) in samples.iter_mut().enumerate() {
        *sample += 2_000 + ((TAU * 50.0 * n as f64 / f64::from(rate)).sin() * 2_000.0) as i16;
    }
    near(silence(rate, &samples), 0.4, 40.0, "50 Hz as loud as the voice, on an offset");
}

#[test]
fn a_microphone_that_clips_throughout_is_not_judged() {
    let rate = 16_000;
    let clipped = recording(rate, &[2.0, 1.0, 2.0], 300_000.0, 10.0);
    assert_eq!(silence(rate, &clipped), Err(Untold::Clipped));
    let mut once = recording(rate, &[2.0, 1.0, 2.0], 10_000.0, 10.0);
    once[5_000..5_010].fill(i16::MIN);
    near(silence(rate, &once), 0.2, 20.0, "a moment at full scale");
}

#[test]
fn what_was_lost_is_neither_speech_nor_silence() {
    let rate = 16_000;
    let samples = recording(rate, &[2.0, 1.0, 2.0, 1.0], 10_000.0, 10.0);
    let mut activity = Activity::new(rate);
    let (before, after) = samples.split_at(5_001);
    activity.add(before);
    activity.add_lost(60_000);
    activity.add(after);
    near(activity.silence(), 1.0 / 3.0, 15.0, "a gap of 3.75 s in a word");
    activity.add_lost(60_000);
    assert_eq!(activity.silence(), Err(Untold::Lost), "more is lost than heard");
    let mut activity = Activity::new(rate);
    activity.add_lost(u64::MAX);
    activity.add_lost(u64::MAX);
    assert_eq!(activity.silence(), Err(Untold::Lost));
}

#[test]
fn a_stream_with_holes_is_judged_by_what_is_between_them() {
    let rate = 16_000;
    let holes = |mut samples: Vec<i16>| {
        samples.chunks_mut(8_000).for_each(|half| half[..800].fill(0));
        samples
    };
    assert_eq!(silence(rate, &holes(recording(rate, &[0.0, 10.0], 0.0, 300.0))), Err(Untold::NoSpeech));
}

#[test]
fn an_hour_takes_180_000_bytes_and_three_no_more() {
    let rate = 8_000;
    let minute = recording(rate, &[20.0, 10.0, 10.0, 20.0], 10_000.0, 10.0);
    let mut activity = Activity::new(rate);
    for minutes in 1..=200 {
        activity.add(&minute);
        assert!(activity.levels.len() <= MOST_WINDOWS, "after {minutes} minutes");
        if [60, 61, 130, 200].contains(&minutes) {
            near(activity.silence(), 0.5, 15.0, &format!("{minutes} minutes"));
        }
    }
    assert!(activity.levels.capacity() <= 2 * MOST_WINDOWS, "{}", activity.levels.capacity());
    const { assert!(size_of::<Step>() == 1) };
}

#[test]
fn no_rate_and_no_sample_is_too_odd() {
    for rate in [0, 1, 7, 49, 100, 999, 7_999, 384_000, u32::MAX] {
        let mut activity = Activity::new(rate);
        activity.add(&[i16::MIN; 3_000]);
        activity.add(&[i16::MAX; 3_000]);
        let _ = activity.silence();
    }
    // 0 stands for 1, at which a sample is a second and a window.
    let mut activity = Activity::new(0);
    activity.add(&vec![i16::MIN; MOST_WINDOWS + 10]);
    let _ = activity.silence();
}
