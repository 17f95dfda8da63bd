//! Whether sound stays where it was at lower rates, and what does not fit goes.

use super::*;
use std::f64::consts::TAU;

const RATES: [u32; 14] =
    [8_000, 8_001, 11_025, 12_345, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000];

fn whole(samples: &[f32], from: u32, to: u32) -> Vec<f32> {
    blocks(samples, from, to, samples.len().max(1))
}

fn blocks(samples: &[f32], from: u32, to: u32, size: usize) -> Vec<f32> {
    let mut out = Vec::new();
    let mut way = Downsampler::new(from, to);
    samples.chunks(size).for_each(|block| way.add(block, &mut out));
    way.finish(&mut out);
    out
}

fn tone(hertz: f64, rate: u32, count: usize) -> Vec<f32> {
    (0..count).map(|n| (TAU * hertz * n as f64 / f64::from(rate)).sin() as f32).collect()
}

/// The largest difference away from both ends, in parts of full scale.
fn apart(left: &[f32], right: &[f32]) -> f32 {
    let edge = 40;
    assert_eq!(left.len(), right.len());
    let inner = edge..left.len() - edge;
    left[inner.clone()].iter().zip(&right[inner]).map(|(l, r)| (l - r).abs()).fold(0.0, f32::max)
}

#[test]
fn a_tone_of_the_passed_band_stays_where_it_was_at_any_rate() {
    for from in RATES {
        for to in [16_000, 8_000, 4_000] {
            let upmost = 0.8 * f64::from(from.min(to)) / 2.0;
            for hertz in [100.0, 0.5 * upmost, upmost] {
                let out = whole(&tone(hertz, from, from as usize / 4), from, to);
                let apart = apart(&out, &tone(hertz, to, out.len()));
                assert!(apart < 0.003, "{from} to {to}, {hertz} Hz: {apart}");
            }
        }
    }
}

#[test]
fn what_does_not_fit_is_60_db_down() {
    for from in RATES {
        for to in [16_000u32, 8_000] {
            let lowest = 1.17 * f64::from(to) / 2.0;
            for hertz in [lowest, 1.6 * lowest] {
                if hertz > f64::from(from) * 0.5 {
                    continue;
                }
                let out = whole(&tone(hertz, from, from as usize / 4), from, to);
                let left = apart(&out, &vec![0.0; out.len()]);
                assert!(left < 0.0013, "{from} to {to}, {hertz} Hz: {left}");
            }
        }
    }
}

#[test]
fn the_size_of_the_blocks_changes_no_bit() {
    let mut state = 7u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 8_388_608.0 - 1.0
    };
    let samples: Vec<f32> = (0..9_000).map(|_| noise()).collect();
    for from in RATES {
        let once = whole(&samples, from, 16_000);
        for size in [1, 7, 96, 97, 480, 4_096] {
            assert!(blocks(&samples, from, 16_000, size) == once, "{from} Hz in blocks of {size}");
        }
    }
}

#[test]
fn there_is_a_sample_for_each_place_before_the_end() {
    for from in RATES {
        for count in [0usize, 1, 2, 3, 50, 999, 4_801] {
            for to in [16_000u32, 8_000] {
                let expected = (count as u64 * u64::from(to)).div_ceil(u64::from(from));
                assert_eq!(whole(&vec![0.5; count], from, to).len() as u64, expected, "{count} at {from} to {to}");
            }
        }
    }
}

#[test]
fn a_click_stays_at_its_time() {
    for from in [11_025u32, 44_100, 48_000, 192_000] {
        let mut samples = vec![0.0; from as usize / 2];
        samples[from as usize / 5] = 1.0;
        let out = whole(&samples, from, 16_000);
        let top = (0..out.len()).max_by(|&l, &r| out[l].total_cmp(&out[r])).expect("there is sound");
        assert_eq!(top, 3_200, "{from}");
    }
}

#[test]
fn what_is_not_a_number_does_no_harm() {
    for from in [8_000, 12_345, 48_000, 192_000] {
        whole(&[f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN_POSITIVE], from, 16_000);
    }
    whole(&[1.0], 0, 0);
    whole(&[1.0; 3], u32::MAX, 16_000);
    whole(&[1.0; 3], 1, 48_000);
}
