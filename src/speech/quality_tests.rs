//! Whether the state of made recordings is told.

use super::*;

fn condition(rate: u32, mut samples: Vec<f32>) -> Condition {
    let mut quality = Quality::new(rate);
    quality.add(&mut samples);
    quality.finish()
}

fn tone(rate: u32, hertz: f64, amplitude: f64, seconds: usize) -> Vec<f32> {
    (0..rate as usize * seconds)
        .map(|n| (amplitude * (TAU * hertz * n as f64 / f64::from(rate)).sin()) as f32)
        .collect()
}

fn noise(count: usize, amplitude: f32) -> Vec<f32> {
    let mut state = 5u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        amplitude * ((state >> 8) as f32 / 8_388_608.0 - 1.0)
    };
    (0..count).map(|_| next()).collect()
}

fn sum(left: Vec<f32>, right: &[f32]) -> Vec<f32> {
    left.iter().zip(right).map(|(left, right)| left + right).collect()
}

#[test]
fn peak_and_clipped_samples_are_exact() {
    for rate in [8_000, 11_025, 44_100, 48_000] {
        let mut samples = noise(100_003, 0.3);
        assert_eq!(condition(rate, samples.clone()).clipped, 0);
        for place in [0, 1, 777, 50_000, 100_002] {
            samples[place] = if place % 2 == 0 { 32_767.0 / 32_768.0 } else { -1.0 };
        }
        samples[9] = 32_766.0 / 32_768.0;
        let condition = condition(rate, samples);
        assert_eq!((condition.clipped, condition.peak), (5, Db(0.0)));
    }
    let peak = condition(48_000, vec![0.1, -0.5, 0.2]).peak.0;
    assert!((peak + 6.0206).abs() < 1e-4, "{peak}");
    assert_eq!(condition(48_000, vec![1.0; 10]).clipped, 10);
}

#[test]
fn what_is_not_a_number_is_counted_and_taken_for_0() {
    let mut samples = vec![0.5, f32::NAN, f32::INFINITY, -f32::INFINITY, 3e38, -0.5];
    let mut quality = Quality::new(48_000);
    quality.add(&mut samples);
    assert_eq!(samples, [0.5, 0.0, 0.0, 0.0, 0.0, -0.5]);
    let condition = quality.finish();
    assert_eq!((condition.strange, condition.samples, condition.offset), (4, 6, 0.0));
}

#[test]
fn nothing_and_silence_have_no_peak() {
    for samples in [vec![], vec![0.0; 1], vec![0.0; 100_000]] {
        let condition = condition(48_000, samples);
        assert!(condition.all_zero && condition.hum.is_none());
        assert_eq!(condition.peak.to_string(), "silence");
    }
    assert!(!condition(48_000, vec![0.0, 1e-5]).all_zero);
}

#[test]
fn an_offset_is_told_under_a_voice() {
    let samples: Vec<f32> = tone(48_000, 220.0, 0.4, 3).iter().map(|sample| sample + 0.02).collect();
    let condition = condition(48_000, samples);
    assert!((condition.offset - 0.02).abs() < 1e-5, "{}", condition.offset);
}

#[test]
fn a_hum_is_told_and_how_loud_it_is() {
    for rate in [8_000, 11_025, 44_100, 48_000] {
        for (mains, harmonic) in [(50, 1), (50, 2), (60, 1), (60, 3)] {
            let hum = tone(rate, f64::from(mains * harmonic), 0.003, 6);
            let noise = noise(hum.len(), 0.003);
            let found = condition(rate, sum(hum, &noise)).hum.expect("it hums");
            assert_eq!(found.mains_hz, mains as u16, "{mains} times {harmonic} at {rate}");
            assert!((found.level.0 + 53.5).abs() < 0.7, "{mains} times {harmonic} at {rate}: {}", found.level);
        }
    }
}

#[test]
fn a_voice_does_not_hum() {
    assert_eq!(condition(48_000, noise(480_000, 0.1)).hum, None);
    // A voice at 100 Hz that moves and stops now and then.
    let rate = 16_000;
    let mut phase = 0.0;
    let voice: Vec<f32> = (0..20 * rate)
        .map(|n| {
            let time = n as f64 / f64::from(rate);
            phase += TAU * 100.0 * (1.0 + 0.1 * (TAU * 0.7 * time).sin()) / f64::from(rate);
            let speaks = if time % 4.0 < 3.0 { 0.2 } else { 0.0 };
            (speaks * (phase.sin() + (2.0 * phase).sin())) as f32
        })
        .collect();
    let noise = noise(voice.len(), 0.001);
    assert_eq!(condition(rate, sum(voice, &noise)).hum, None);
}

#[test]
fn the_size_of_the_blocks_changes_no_bit() {
    for rate in [8_000, 44_100, 48_000] {
        let samples = sum(noise(100_000, 1.01), &tone(rate, 50.0, 0.2, 13));
        let once = condition(rate, samples.clone());
        for size in [1, 13, 48, 4_801] {
            let mut quality = Quality::new(rate);
            samples.clone().chunks_mut(size).for_each(|block| quality.add(block));
            assert_eq!(quality.finish(), once, "{rate} Hz in blocks of {size}");
        }
    }
}

#[test]
fn any_rate_will_do() {
    for rate in [0, 1, 999, u32::MAX] {
        condition(rate, noise(10_000, 0.5));
    }
}
