use super::*;

fn noise(count: usize) -> Vec<i16> {
    let mut state = 7u32;
    let next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((state >> 16) as u16).cast_signed() / 2
    };
    (0..count).map(next).collect()
}

fn of(samples: &[i16], rate_hz: u32) -> Peaks {
    let mut builder = PeaksBuilder::new(rate_hz, 1);
    builder.add_i16(samples);
    builder.finish()
}

#[test]
fn each_stretch_has_its_lowest_and_its_highest_sample() {
    let samples = noise(4_321);
    let peaks = of(&samples, 16_000);
    assert_eq!((peaks.slice, peaks.frames, peaks.peaks.len()), (80, 4_321, 55));
    for (peak, slice) in peaks.peaks.iter().zip(samples.chunks(80)) {
        assert_eq!((Some(&peak.low), Some(&peak.high)), (slice.iter().min(), slice.iter().max()));
    }
}

#[test]
fn how_the_sound_is_cut_into_blocks_is_not_seen() {
    let samples = noise(30_000);
    let floats: Vec<f32> = samples.iter().map(|sample| f32::from(*sample) / 32_768.0).collect();
    for (rate, channels) in [(8_000, 1), (44_100, 2), (100, 3), (1, 1)] {
        let mut whole = PeaksBuilder::new(rate, channels);
        whole.add_i16(&samples);
        let whole = whole.finish();
        for block in [1, 2, 7, 100, 29_999] {
            let mut builder = PeaksBuilder::new(rate, channels);
            samples.chunks(block).for_each(|block| builder.add_i16(block));
            assert_eq!(builder.finish(), whole, "{rate} Hz, {channels}, blocks of {block}");
            let mut builder = PeaksBuilder::new(rate, channels);
            floats.chunks(block).for_each(|block| builder.add(block));
            assert_eq!(builder.finish(), whole, "{rate} Hz, {channels}, blocks of {block}, as parts of full scale");
        }
    }
}

#[test]
fn a_long_recording_has_longer_stretches_and_loses_none_of_its_peaks() {
    let mut builder = PeaksBuilder::new(200, 1);
    let mut samples = vec![0i16; 3 * MOST_PEAKS + 5];
    for at in [0, MOST_PEAKS - 1, MOST_PEAKS, 2 * MOST_PEAKS + 77, 3 * MOST_PEAKS + 4] {
        samples[at] = at as i16 | 1;
    }
    samples.chunks(1_000).for_each(|block| builder.add_i16(block));
    let peaks = builder.finish();
    assert_eq!((peaks.slice, peaks.frames), (4, samples.len() as u64));
    assert_eq!(peaks.peaks.len(), samples.len().div_ceil(4));
    for (peak, slice) in peaks.peaks.iter().zip(samples.chunks(4)) {
        assert_eq!((Some(&peak.low), Some(&peak.high)), (slice.iter().min(), slice.iter().max()));
    }
}

#[test]
fn full_scale_is_clipped_on_either_side_and_nothing_below_it() {
    let clipped = |sample: i16| of(&[0, sample, 0], 16_000).peaks[0].is_clipped();
    assert!(clipped(i16::MAX) && clipped(i16::MIN) && clipped(-i16::MAX));
    assert!(!clipped(32_766) && !clipped(-32_766));
    let mut builder = PeaksBuilder::new(16_000, 1);
    builder.add(&[0.999_9, -0.999_9, f32::NAN]);
    assert!(!builder.so_far().peaks[0].is_clipped());
    builder.add(&[f32::INFINITY]);
    assert!(builder.finish().peaks[0].is_clipped());
}

#[test]
fn the_channel_that_swings_farthest_is_seen() {
    let mut builder = PeaksBuilder::new(16_000, 2);
    builder.add_i16(&[100, -100, 50, -300, 9]);
    let peaks = builder.finish();
    assert_eq!((peaks.frames, peaks.peaks), (2, vec![Peak { low: -300, high: 100 }]));
}

#[test]
fn a_recording_that_goes_on_at_another_rate_keeps_its_time() {
    for (rate, frames) in [(8_000u32, 8_000usize), (48_000, 48_000), (44_100, 44_100), (1, 1)] {
        let mut builder = PeaksBuilder::new(16_000, 1);
        builder.add_i16(&[1; 16_000]);
        builder.go_on(rate, 2);
        builder.add_i16(&vec![5; 2 * frames]);
        let peaks = builder.finish();
        assert_eq!(peaks.frames, 32_000, "{rate}");
        let columns = peaks.columns(2.0, 2);
        assert_eq!(columns, [1, 5].map(|value| Some(Peak { low: value, high: value })), "{rate}");
    }
}

#[test]
fn a_click_of_one_frame_at_a_higher_rate_is_not_lost() {
    let mut builder = PeaksBuilder::new(1_000, 1);
    builder.go_on(768_000, 1);
    let mut samples = vec![0; 768_000];
    samples[400_001] = 9_000;
    builder.add_i16(&samples);
    assert_eq!(builder.finish().peaks.iter().map(|peak| peak.high).max(), Some(9_000));
}

#[test]
fn columns_hold_everything_of_their_time() {
    let samples = noise(160_000);
    let peaks = of(&samples, 16_000);
    for count in [1, 2, 3, 7, 50, 2_000] {
        let columns = peaks.columns(10.0, count);
        assert_eq!(columns.len(), count);
        let all = columns.iter().flatten().copied().reduce(Peak::with).expect("it is known");
        assert_eq!((Some(&all.low), Some(&all.high)), (samples.iter().min(), samples.iter().max()), "{count}");
        assert!(columns.iter().all(Option::is_some), "{count}");
    }
    // More columns than stretches: each has the stretch that it is part of.
    let wide = peaks.columns(10.0, 8_000);
    assert!((0..2_000).all(|at| wide[4 * at] == Some(peaks.peaks[at]) && wide[4 * at + 3] == Some(peaks.peaks[at])));
}

#[test]
fn what_is_not_known_yet_has_no_column() {
    let peaks = of(&noise(16_000), 16_000);
    let columns = peaks.columns(4.0, 8);
    assert!(columns[..2].iter().all(Option::is_some) && columns[2..].iter().all(Option::is_none));
    assert_eq!(of(&[], 16_000).columns(1.0, 3), [None; 3]);
}

#[test]
fn no_length_and_no_outline_make_it_fail() {
    let odd = Peaks { rate_hz: 0, frames: u64::MAX, slice: 0, peaks: vec![Peak { low: 9, high: -9 }] };
    for peaks in [odd, of(&noise(100), 1), of(&[], 16_000)] {
        for length_s in [f64::NAN, f64::INFINITY, -1.0, 0.0, 1e-300, 1e300, 1.0] {
            for count in [0, 1, 5] {
                assert_eq!(peaks.columns(length_s, count).len(), count);
            }
        }
        assert!(peaks.seconds() >= 0.0);
    }
}
