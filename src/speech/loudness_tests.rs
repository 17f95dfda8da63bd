//! What BS.1770-4, EBU Tech 3341 and a plain reading of the standard in 64 bits say of made sounds.

use super::*;

const RATES: [u32; 7] = [8_000, 11_025, 16_000, 44_100, 48_000, 96_000, 192_000];

/// Tones one after the other: seconds, dBFS of the peak, hertz.
fn tones(rate: u32, parts: &[(f64, f64, f64)]) -> Vec<f32> {
    let mut samples = Vec::new();
    for &(seconds, db, hertz) in parts {
        let amplitude = 10f64.powf(db / 20.0);
        let count = (seconds * f64::from(rate)) as usize;
        samples.extend((0..count).map(|n| (amplitude * (TAU * hertz * n as f64 / f64::from(rate)).sin()) as f32));
    }
    samples
}

fn heard(rate: u32, samples: &[f32]) -> Heard {
    let mut loudness = Loudness::new(rate);
    loudness.add(samples);
    loudness.finish()
}

fn integrated(rate: u32, samples: &[f32]) -> f64 {
    heard(rate, samples).integrated().expect("there is sound")
}

/// The standard, read plainly: both filters for 48 kHz, in 64 bits, one sample after the other.
fn by_the_book(samples: &[f32]) -> f64 {
    let filters = [
        ([1.53512485958697, -2.69169618940638, 1.19839281085285], [-1.69065929318241, 0.73248077421585]),
        ([1.0, -2.0, 1.0], [-1.99004745483398, 0.99007225036621]),
    ];
    let mut signal: Vec<f64> = samples.iter().map(|&sample| f64::from(sample)).collect();
    for (b, a) in filters {
        let (mut x, mut y) = ([0.0; 2], [0.0; 2]);
        for value in &mut signal {
            let out = b[0] * *value + b[1] * x[0] + b[2] * x[1] - a[0] * y[0] - a[1] * y[1];
            (x, y) = ([*value, x[0]], [out, y[0]]);
            *value = out;
        }
    }
    let blocks: Vec<f64> = (0..=(signal.len().saturating_sub(19_200)) / 4_800)
        .map(|block| signal[block * 4_800..][..19_200].iter().map(|value| value * value).sum::<f64>() / 19_200.0)
        .collect();
    let gated = |gate: f64| {
        let loud: Vec<f64> = blocks.iter().copied().filter(|&power| 10.0 * power.log10() - 0.691 > gate).collect();
        10.0 * (loud.iter().sum::<f64>() / loud.len() as f64).log10() - 0.691
    };
    gated(f64::max(gated(-70.0) - 10.0, -70.0))
}

/// Syllables of noise and tones with pauses: the levels of speech, from the first to the last octave.
fn syllables(rate: u32, seconds: usize) -> Vec<f32> {
    let mut state = 9u32;
    (0..rate as usize * seconds)
        .map(|n| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let time = n as f64 / f64::from(rate);
            let noise = f64::from(state >> 8) / 8_388_608.0 - 1.0;
            let envelope = (TAU * 2.3 * time).sin().max(0.0) * if time % 7.0 < 5.0 { 1.0 } else { 0.003 };
            let voice: f64 = (1..20).map(|k| (TAU * 113.0 * f64::from(k) * time).sin() / f64::from(k)).sum();
            (0.2 * envelope * (voice + 0.3 * noise)) as f32
        })
        .collect()
}

#[test]
fn the_tone_of_the_standard_is_as_loud_as_it_says_at_any_rate() {
    // A tone of 997 Hz at full scale in one channel is -3.01 LUFS.
    for rate in RATES {
        let loud = integrated(rate, &tones(rate, &[(5.0, -20.0, 997.0)]));
        assert!((loud + 23.01).abs() < if rate < 16_000 { 0.035 } else { 0.005 }, "{rate}: {loud}");
    }
}

#[test]
fn the_gates_are_those_of_tech_3341() {
    // Cases 3 to 5, with the level of one channel for that of two: 3.01 dB more.
    /// Seconds, dBFS and hertz of each tone.
    type Tones<'a> = &'a [(f64, f64, f64)];
    let cases: [(Tones, f64); 4] = [
        (&[(10.0, -36.0, 1e3), (60.0, -23.0, 1e3), (10.0, -36.0, 1e3)], -26.0),
        (&[(10.0, -72.0, 1e3), (10.0, -36.0, 1e3), (60.0, -23.0, 1e3), (10.0, -36.0, 1e3), (10.0, -72.0, 1e3)], -26.0),
        (&[(20.0, -26.0, 1e3), (20.1, -20.0, 1e3), (20.0, -26.0, 1e3)], -26.0),
        (&[(20.0, -33.0, 1e3)], -36.0),
    ];
    for (parts, expected) in cases {
        let loud = integrated(48_000, &tones(48_000, parts));
        assert!((loud - expected).abs() < 0.05, "{parts:?}: {loud}");
    }
}

#[test]
fn it_is_the_standard_read_plainly_to_a_thousandth() {
    for samples in [
        syllables(48_000, 20),
        tones(48_000, &[(3.0, -10.0, 40.0), (3.0, -40.0, 12_000.0), (2.0, -20.0, 300.0)]),
        // A constant far larger than what is to be heard.
        syllables(48_000, 9).iter().map(|sample| 0.01 * sample + 0.5).collect(),
    ] {
        let (ours, book) = (integrated(48_000, &samples), by_the_book(&samples));
        assert!((ours - book).abs() < 0.001, "{ours} for {book}");
    }
}

#[test]
fn the_rate_makes_no_difference_to_a_voice() {
    let voice = |rate| {
        let parts = [
            (2.0, -20.0, 60.0),
            (2.0, -20.0, 150.0),
            (2.0, -20.0, 700.0),
            (2.0, -26.0, 2_000.0),
            (2.0, -30.0, 3_500.0),
        ];
        parts.map(|tone| integrated(rate, &tones(rate, &[tone])))
    };
    for rate in RATES {
        for (here, standard) in voice(rate).iter().zip(voice(48_000)) {
            let most = if rate < 16_000 { 0.035 } else { 0.01 };
            assert!((here - standard).abs() < most, "{rate}: {:?} for {:?}", voice(rate), voice(48_000));
        }
    }
}

#[test]
fn the_size_of_the_blocks_changes_no_bit() {
    let samples = syllables(16_000, 6);
    let once = heard(16_000, &samples);
    for size in [1, 17, 1_600, 38_400, 50_000] {
        let mut loudness = Loudness::new(16_000);
        samples.chunks(size).for_each(|block| loudness.add(block));
        assert_eq!(loudness.finish(), once, "blocks of {size}");
    }
}

#[test]
fn the_loudness_of_the_moment_follows_the_sound() {
    let heard = heard(48_000, &tones(48_000, &[(5.0, -20.0, 1e3), (5.0, -40.0, 1e3)]));
    let short_term: Vec<f64> = heard.short_term().collect();
    assert_eq!(short_term.len(), 71);
    assert!((short_term[0] + 23.0).abs() < 0.05 && (short_term[70] + 43.0).abs() < 0.05);
    assert!((heard.between(1.0, 4.0).expect("it is there") + 23.0).abs() < 0.05);
    assert!((heard.between(6.0, 99.0).expect("it is there") + 43.0).abs() < 0.05);
    assert_eq!(heard.between(99.0, 100.0), None);
    assert_eq!(heard.between(f64::NAN, -1.0), None);
}

#[test]
fn what_has_no_loudness_says_why() {
    assert_eq!(heard(48_000, &[]).integrated(), Err(Unloud::TooShort));
    assert_eq!(heard(48_000, &[1.0]).integrated(), Err(Unloud::TooShort));
    assert_eq!(heard(48_000, &tones(48_000, &[(0.39, 0.0, 1e3)])).integrated(), Err(Unloud::TooShort));
    assert_eq!(heard(48_000, &[0.0; 96_000]).integrated(), Err(Unloud::TooQuiet));
    assert_eq!(heard(48_000, &[0.25; 480_000]).integrated().map(|_| ()), Ok(()), "a step is a sound");
    assert_eq!(heard(48_000, &tones(48_000, &[(9.0, -80.0, 1e3)])).integrated(), Err(Unloud::TooQuiet));
}

#[test]
fn what_is_not_a_number_does_no_harm() {
    for rate in [0, 1, 8_000, 48_000, u32::MAX] {
        let mut samples = vec![0.1; 100_000];
        samples[7] = f32::NAN;
        samples[20_000] = f32::INFINITY;
        let _ = heard(rate, &samples).integrated();
    }
}
