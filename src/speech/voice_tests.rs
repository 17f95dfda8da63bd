//! What is told of made frames: noise that changes, a voice that changes, and what is no voice.

use super::*;

/// Frames of noise of these levels in dB, which differ by chance, with phrases of 2 s and pauses of 1 s over it from the
/// third second on, of these levels.
fn frames(seconds: usize, noise: impl Fn(usize) -> f32, voice: impl Fn(usize) -> f32) -> Vec<Frame> {
    let mut seed = 7u32;
    let mut chance = move || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as f32 / (1 << 24) as f32
    };
    let frame = |n: usize| {
        let spoken = n >= 300 && n % 300 < 200;
        // Weaker and louder with each syllable.
        let level = voice(n / 100) - 10.0 + 10.0 * (n as f32 * 0.3).sin();
        let above = if spoken { ratio(level) } else { 0.0 };
        let bands =
            std::array::from_fn(|band| ratio(noise(n / 100)) * (0.6 + 0.8 * chance()) + above / (1.0 + band as f32));
        let [middle, high] = [bands[3], bands[7]].map(|power| [power; 4]);
        Frame { bands, middle, high, voicing: if spoken { 0.9 } else { 0.3 + 0.4 * chance() } }
    };
    (0..seconds * 100).map(frame).collect()
}

/// The runs, of which there is one for each phrase.
fn runs(frames: &[Frame]) -> Vec<Range<usize>> {
    judge(frames, BANDS).map(|judgement| judgement.speech).unwrap_or_default()
}

fn assert_phrases(runs: &[Range<usize>], seconds: usize) {
    assert_eq!(runs.len(), seconds / 3 - 1, "{runs:?}");
    for (place, run) in runs.iter().enumerate() {
        let start = 300 * (place + 1);
        assert!(run.start.abs_diff(start) <= 10 && run.end.abs_diff(start + 200) <= 15, "{run:?}");
    }
}

#[test]
fn phrases_are_told_in_even_noise() {
    assert_phrases(&runs(&frames(60, |_| -70.0, |_| -30.0)), 60);
}

#[test]
fn a_fan_that_comes_on_or_goes_off_is_no_voice() {
    assert_phrases(&runs(&frames(60, |second| if second < 30 { -75.0 } else { -48.0 }, |_| -30.0)), 60);
    assert_phrases(&runs(&frames(60, |second| if second < 30 { -48.0 } else { -75.0 }, |_| -30.0)), 60);
}

#[test]
fn who_becomes_weaker_is_still_heard() {
    for drop in [20.0, 34.0] {
        let voice = |second: usize| if second < 30 { -20.0 } else { -20.0 - drop };
        let frames = frames(60, |_| -90.0, voice);
        assert_phrases(&runs(&frames), 60);
        let judgement = judge(&frames, BANDS).expect("somebody speaks");
        let parts = judgement.parts(frames.len());
        assert_eq!(parts.len(), 2, "{drop} dB");
        assert_eq!(parts[1].0.end, frames.len());
        let apart = 10.0 * (parts[0].1.active / parts[1].1.active).log10();
        assert!((apart - drop).abs() < 1.0, "{apart} and not {drop} dB");
    }
}

#[test]
fn a_voice_that_stays_is_one_part() {
    let frames = frames(60, |_| -70.0, |second| if second % 2 == 0 { -30.0 } else { -34.0 });
    let judgement = judge(&frames, BANDS).expect("somebody speaks");
    let parts = judgement.parts(frames.len());
    assert_eq!(parts.len(), 1);
    assert_eq!((parts[0].1.active, parts[0].1.noise), (judgement.active, judgement.noise));
    assert_eq!(parts[0].1.speech, judgement.speech);
}

#[test]
fn a_breath_before_the_first_word_is_no_word() {
    let mut frames = frames(30, |_| -75.0, |_| -30.0);
    // Half a second, 20 dB above the noise, of which some frames are voiced by chance.
    for (n, frame) in frames[100..150].iter_mut().enumerate() {
        frame.bands.iter_mut().for_each(|power| *power *= ratio(20.0));
        frame.voicing = [0.3, 0.55, 0.4, 0.62, 0.8][n % 5];
    }
    assert_phrases(&runs(&frames), 30);
    // The same with a vowel in it is one.
    frames[120..130].iter_mut().for_each(|frame| frame.voicing = 0.9);
    assert_eq!(runs(&frames).len(), 10);
}
