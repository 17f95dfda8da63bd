//! Whether the pitch of made voices is found, and none where there is no voice.

use super::*;
use crate::downsample::Downsampler;
use std::f64::consts::TAU;

#[path = "pitch_made.rs"]
mod made;
use made::*;

fn follow(rate: u32, samples: &[f32]) -> Contour {
    let mut pitch = Pitch::new(rate);
    pitch.add(samples);
    pitch.finish()
}

/// How wrong a contour is.
#[derive(Debug)]
struct Wrong {
    median_pct: f64,
    sd_st: f64,
    /// Frames that are more than 20 % off, of those that are voiced in both.
    gross_pct: f64,
    /// Frames that are voiced in one only.
    voicing_pct: f64,
}

fn wrong(said: &Said) -> Wrong {
    let found = follow(said.rate, &said.samples);
    let mut truth = Track::default();
    said.truth.iter().for_each(|&hertz| truth.push(hertz));
    let known = Contour::of(truth, said.truth.len());
    let (ours, truth) = (found.voice().expect("it has a voice"), known.voice().expect("it has a voice"));
    let pairs: Vec<(f32, f32)> = found.hertz().zip(known.hertz()).collect();
    let both: Vec<_> = pairs.iter().filter(|(ours, truth)| *ours > 0.0 && *truth > 0.0).collect();
    let gross = both.iter().filter(|(ours, truth)| (ours / truth - 1.0).abs() > 0.2).count();
    let apart = pairs.iter().filter(|(ours, truth)| (*ours > 0.0) != (*truth > 0.0)).count();
    Wrong {
        median_pct: 100.0 * (ours.median_hz / truth.median_hz - 1.0),
        sd_st: ours.sd_st - truth.sd_st,
        gross_pct: 100.0 * gross as f64 / both.len() as f64,
        voicing_pct: 100.0 * apart as f64 / pairs.len() as f64,
    }
}

#[track_caller]
fn holds(what: &str, said: &Said, median_pct: f64, sd_st: f64, gross_pct: f64, voicing_pct: f64) {
    let wrong = wrong(said);
    assert!(
        wrong.median_pct.abs() < median_pct
            && wrong.sd_st.abs() < sd_st
            && wrong.gross_pct <= gross_pct
            && wrong.voicing_pct < voicing_pct,
        "{what}: {wrong:?}"
    );
}

/// Low and high, calm and lively.
const VOICES: [(f64, f64); 6] = [(75.0, 1.5), (110.0, 2.0), (120.0, 4.0), (210.0, 2.0), (220.0, 4.0), (330.0, 2.5)];

#[test]
fn a_voice_is_followed_be_it_low_or_high_calm_or_lively() {
    let (mut median, mut spread) = (0.0, 0.0);
    for (seed, (base, sd)) in (1..).zip(VOICES) {
        let said = spoken(base, sd, seed);
        holds(&format!("{base} Hz, {sd} st"), &said, 1.0, 0.12, 0.8, 4.0);
        let wrong = wrong(&said);
        median += wrong.median_pct.abs() / VOICES.len() as f64;
        spread += wrong.sd_st.abs() / VOICES.len() as f64;
    }
    // Better than the 0.60 % and 0.22 semitones of the tool that phoneticians trust.
    assert!(median < 0.4 && spread < 0.05, "on the mean {median} %, {spread} st");
}

#[test]
fn noise_hum_and_telephones_leave_it_its_pitch() {
    for (seed, (base, sd)) in (1..).zip(VOICES) {
        let (voice, name) = (spoken(base, sd, seed), format!("{base} Hz, {sd} st"));
        holds(&format!("{name}, pink 20 dB"), &voice.clone().pink(20.0), 1.5, 0.15, 0.8, 4.0);
        // Noise and hum are the strongest where a high voice has nothing: below its fundamental, an octave down.
        let (pink, hum) =
            if base > 300.0 { ([5.0, 0.6, 6.5], [3.0, 0.25, 3.0]) } else { ([1.5, 0.15, 1.0], [1.0, 0.15, 0.6]) };
        holds(&format!("{name}, pink 10 dB"), &voice.clone().pink(10.0), pink[0], pink[1], pink[2], 8.0);
        holds(&format!("{name}, hum 15 dB"), &voice.clone().humming(15.0), hum[0], hum[1], hum[2], 4.0);
        holds(&format!("{name}, by telephone"), &voice.by_telephone(), 1.0, 0.15, 0.5, 4.0);
    }
}

#[test]
fn a_clipped_voice_keeps_its_pitch() {
    let mut said = spoken(120.0, 3.0, 4);
    said.samples.iter_mut().for_each(|sample| *sample = (*sample * 12.0).clamp(-1.0, 1.0));
    holds("clipped", &said, 1.0, 0.2, 1.0, 5.0);
}

/// Two seconds of voice with half a second of silence around.
fn while_it_lasts(hertz: impl Fn(f64) -> f64) -> impl Fn(f64) -> Option<f64> {
    move |time| (0.5..2.5).contains(&time).then(|| hertz(time - 0.5))
}

#[test]
fn the_octave_is_that_of_the_voice() {
    for hertz in [60.0, 90.0, 130.0, 190.0, 280.0, 400.0, 490.0] {
        let traps: [(&str, &dyn Fn(usize) -> f64); 5] = [
            ("all alike", &|k| if k <= 12 { 1.0 } else { 0.0 }),
            ("without the fundamental", &|k| if k == 1 { 0.0 } else { 1.0 / k as f64 }),
            ("the second strong", &|k| if k == 2 { 3.0 } else { 1.0 / k as f64 }),
            ("odd ones only", &|k| if k % 2 == 1 { 1.0 / k as f64 } else { 0.0 }),
            ("falling", &|k| 1.0 / (k * k) as f64),
        ];
        for (trap, weight) in traps {
            let said = sung(3.0, while_it_lasts(|_| hertz), |_, k, _| weight(k));
            holds(&format!("{hertz} Hz, {trap}"), &said, 0.3, 0.15, 0.0, 3.0);
        }
    }
}

#[test]
fn glides_and_vibrato_are_followed() {
    let rise = sung(3.0, while_it_lasts(|time| 90.0 * 2f64.powf(time)), |_, _, hertz| through(VOWELS[0], hertz));
    holds("two octaves up", &rise, 1.0, 0.1, 0.0, 3.0);
    let fall = sung(3.0, while_it_lasts(|time| 480.0 * 0.45f64.powf(time)), |_, _, hertz| through(VOWELS[3], hertz));
    holds("more than two octaves down", &fall, 1.0, 0.1, 0.0, 3.0);
    let vibrato = |time: f64| 220.0 * 2f64.powf((TAU * 5.5 * time).sin() / 12.0);
    let vibrato = sung(3.0, while_it_lasts(vibrato), |_, _, hertz| through(VOWELS[4], hertz));
    holds("vibrato of a semitone", &vibrato, 0.4, 0.1, 0.0, 3.0);
}

#[test]
fn times_are_true_at_any_rate() {
    let said = sung(3.0, while_it_lasts(|time| 100.0 + 50.0 * time), |_, _, hertz| through(VOWELS[0], hertz));
    for rate in [8_000, 11_025, 16_000, 44_100, 48_000] {
        let mut samples = Vec::new();
        let mut way = Downsampler::new(RATE, rate);
        way.add(&said.samples, &mut samples);
        way.finish(&mut samples);
        let found = follow(rate, &samples);
        assert_eq!(found.hertz().len(), 300);
        for (place, hertz) in found.hertz().enumerate() {
            let expected = 100.0 + 50.0 * (place as f32 / 100.0 - 0.5);
            match place {
                53..247 => assert!((hertz / expected - 1.0).abs() < 0.01, "{rate}: {hertz} at {place}, not {expected}"),
                48..53 | 247..252 => {}
                _ => assert_eq!(hertz, 0.0, "{rate}: at {place}"),
            }
        }
    }
}

#[test]
fn noise_whisper_hum_and_silence_have_no_voice() {
    let mut chance = Chance(5);
    let mut noise = |size: f64| (size * chance.normal()) as f32;
    let still: Vec<f32> = (0..160_000).map(|_| noise(0.05)).collect();
    // Syllables of breath.
    let whisper: Vec<f32> = (0..160_000)
        .map(|n| {
            let time = f64::from(n) / 16_000.0;
            noise(0.002)
                + noise(0.1) * ((TAU * 2.0 * time).sin().max(0.0) * f64::from(u8::from(time % 3.0 < 2.0))) as f32
        })
        .collect();
    for (name, samples) in [("silence", vec![0.0; 160_000]), ("noise", still), ("whisper", whisper)] {
        let found = follow(16_000, &samples);
        assert_eq!(found.voice(), Err(Unpitched::TooLittleVoice), "{name}: {} s", found.voiced_s());
        assert!(found.voiced_s() < 0.3, "{name}: {} s", found.voiced_s());
    }
    // Between the phrases is a hum, which has a pitch and is no voice.
    let said = spoken(180.0, 2.0, 6).humming(10.0);
    let found = follow(16_000, &said.samples);
    let hum = found.hertz().zip(&said.truth).filter(|(ours, truth)| *ours > 0.0 && *ours < 110.0 && **truth == 0.0);
    assert!(hum.count() < 10);
}

#[test]
fn the_size_of_the_blocks_changes_no_bit() {
    let said = spoken(140.0, 3.0, 2).pink(15.0);
    let once = follow(16_000, &said.samples);
    for size in [1, 31, 160, 4_096, 100_000] {
        let mut pitch = Pitch::new(16_000);
        said.samples.chunks(size).for_each(|block| pitch.add(block));
        assert!(pitch.finish() == once, "blocks of {size}");
    }
}

#[test]
fn what_is_not_a_number_does_no_harm() {
    let mut samples = spoken(140.0, 3.0, 2).samples;
    for (place, value) in [(7, f32::NAN), (20_000, f32::INFINITY), (50_000, f32::MAX), (90_000, f32::NEG_INFINITY)] {
        samples[place] = value;
    }
    for rate in [0, 1, 8_000, 16_000, 48_000, u32::MAX] {
        let _ = follow(rate, &samples[..if rate < 100 { 50 } else { samples.len() }]).voice();
    }
}

#[test]
fn what_is_too_short_says_so() {
    for count in [0, 1, 2, 159, 160, 161, 8_000] {
        let found = follow(16_000, &vec![0.1; count]);
        assert_eq!(found.hertz().len(), count.div_ceil(160));
        assert_eq!(found.voice(), Err(Unpitched::TooLittleVoice));
    }
}

#[test]
fn only_the_end_of_a_phrase_tells_how_it_ends() {
    // Level for two seconds but for the last 200 ms, which go by so many semitones.
    for change in [-4.0, -2.0, 0.0, 3.0] {
        let last = |time: f64| 190.0 * 2f64.powf(change / 12.0 * ((time - 1.8) / 0.2).clamp(0.0, 1.0));
        let said = sung(3.0, while_it_lasts(last), |_, _, hertz| through(VOWELS[3], hertz)).pink(30.0);
        let ending = follow(RATE, &said.samples).ending_st(0.5, 2.5).expect("two seconds are enough");
        // The middle of the last 150 ms: five eighths of the way.
        assert!((ending - 0.625 * change).abs() < 0.4, "{change}: {ending}");
    }
}

#[test]
fn the_ends_of_phrases_fall_and_rise() {
    for (rate, expected) in [(0.85, -1.0), (1.18, 1.0)] {
        let said =
            sung(3.0, while_it_lasts(|time| 150.0 * f64::powf(rate, time)), |_, _, hertz| through(VOWELS[0], hertz));
        let found = follow(RATE, &said.samples);
        let ending = found.ending_st(0.5, 2.5).expect("two seconds are enough");
        assert!(ending * expected > 1.5, "{rate}: {ending}");
        let middle = found.median_between(1.4, 1.6).expect("it is voiced");
        assert!((middle / (150.0 * rate) - 1.0).abs() < 0.01, "{rate}: {middle}");
        assert_eq!((found.ending_st(0.0, 0.6), found.median_between(0.0, 0.4)), (None, None));
        assert!(found.median_between(f64::NAN, f64::INFINITY).is_some());
    }
}
