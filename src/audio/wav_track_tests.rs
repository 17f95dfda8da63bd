use super::*;
use proptest::prelude::*;

/// A file of so many channels whose samples are between -1 and 1, in a form that is named as its header names it.
fn file(path: &Path, tag: u16, bits: u16, channels: u16, rate: u32, samples: &[f64]) {
    let align = channels * (bits / 8);
    let mut sound: Vec<u8> = Vec::new();
    for sample in samples {
        match (tag, bits) {
            (3, 32) => sound.extend((*sample as f32).to_le_bytes()),
            (3, _) => sound.extend(sample.to_le_bytes()),
            (_, 8) => sound.push((128.0 + 127.0 * sample).round() as u8),
            (_, bits) => {
                let whole = (sample * 2f64.powi(31)).round() as i32;
                sound.extend(&whole.to_le_bytes()[4 - usize::from(bits / 8)..]);
            }
        }
    }
    let mut out = b"RIFF".to_vec();
    out.extend((36 + sound.len() as u32).to_le_bytes());
    out.extend(b"WAVEfmt \x10\0\0\0");
    out.extend(tag.to_le_bytes());
    out.extend(channels.to_le_bytes());
    out.extend(rate.to_le_bytes());
    out.extend((rate.wrapping_mul(u32::from(align))).to_le_bytes());
    out.extend(align.to_le_bytes());
    out.extend(bits.to_le_bytes());
    out.extend(b"data");
    out.extend((sound.len() as u32).to_le_bytes());
    out.extend(sound);
    std::fs::write(path, out).expect("a file in a temporary folder");
}

fn wave(count: usize) -> Vec<f64> {
    (0..count).map(|n| 0.9 * (n as f64 * 0.013).sin()).collect()
}

#[test]
fn any_form_is_played_from_any_frame_on() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("x.wav");
    for (tag, bits, close) in [(1, 8, 0.02), (1, 16, 1e-4), (1, 24, 1e-6), (1, 32, 1e-6), (3, 32, 1e-6), (3, 64, 1e-6)]
    {
        for (channels, rate) in [(1, 1_000), (2, 44_100), (5, 768_000), (40, 11_025)] {
            let mono = wave(30_000);
            // Channels that cancel each other all but for the sound in the first: the mean is what is compared.
            let frames = mono.iter().flat_map(|sample| {
                (0..channels).map(
                    move |channel| if channel % 2 == 1 || channel + 1 == channels { *sample } else { sample / 2.0 },
                )
            });
            let share = |channel: u16| if channel % 2 == 1 || channel + 1 == channels { 1.0 } else { 0.5 };
            let level = (0..channels).map(share).sum::<f64>() / f64::from(channels);
            file(&path, tag, bits, channels, rate, &frames.collect::<Vec<_>>());
            let mut track =
                WavTrack::open(&path).unwrap_or_else(|error| panic!("{bits} bits, {channels}, {rate}: {error}"));
            assert_eq!((track.rate(), track.frames()), (rate, 30_000));
            for (from, length) in [(29_000u64, 1_000), (0, 10), (12_345, 6_789), (12_346, 1), (5, 20_000)] {
                let mut got = vec![9.0; length];
                track.read(from, &mut got).expect("it can be read");
                for (got, expected) in got.iter().zip(&mono[from as usize..]) {
                    assert!(
                        (f64::from(*got) - expected * level).abs() < close,
                        "{bits} bits, {channels} channels: {got} {expected}"
                    );
                }
            }
            assert!(track.page.len() * usize::from(channels) * usize::from(bits / 8) <= PAGE, "one page and no more");
        }
    }
}

#[test]
fn sixteen_bits_come_out_bit_for_bit_and_silence_follows() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("x.wav");
    let whole: Vec<f64> =
        (i32::from(i16::MIN)..=i32::from(i16::MAX)).map(|sample| f64::from(sample) / 32_768.0).collect();
    file(&path, 1, 16, 1, 48_000, &whole);
    let mut track = WavTrack::open(&path).expect("it opens");
    let mut got = vec![9.0; 65_546];
    track.read(0, &mut got).expect("it can be read");
    assert!(got.iter().zip(&whole).all(|(got, expected)| f64::from(*got) == *expected));
    assert_eq!(got[65_536..], [0.0; 10]);
    track.read(u64::MAX - 20, &mut got[..10]).expect("there is silence");
    assert_eq!(got[..10], [0.0; 10]);
}

#[test]
fn a_file_that_is_cut_while_it_is_played_ends_where_it_was_cut() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("x.wav");
    file(&path, 1, 16, 1, 48_000, &wave(100_000));
    let mut track = WavTrack::open(&path).expect("it opens");
    let mut some = vec![0.0; 10];
    track.read(0, &mut some).expect("it can be read");
    std::fs::OpenOptions::new()
        .write(true)
        .open(&path)
        .and_then(|file| file.set_len(44 + 2 * 60_000 + 1))
        .expect("it can be cut");
    let mut got = vec![9.0; 100_000];
    track.read(0, &mut got).expect("what is there can be read");
    assert_eq!(track.frames(), 60_000);
    assert!(
        got[60_000..].iter().all(|sample| *sample == 0.0) && got[59_000..60_000].iter().any(|sample| *sample != 0.0)
    );
}

#[test]
fn what_is_no_number_is_silence_and_what_is_beyond_full_scale_is_at_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("x.wav");
    for bits in [32, 64] {
        file(&path, 3, bits, 1, 48_000, &[f64::NAN, f64::INFINITY, -1e30, 0.5]);
        let mut got = [9.0; 4];
        WavTrack::open(&path).and_then(|mut track| track.read(0, &mut got)).expect("it can be read");
        assert_eq!(got, [0.0, 1.0, -1.0, 0.5]);
    }
}

#[test]
fn rates_that_nobody_has_are_refused_with_what_can_be_read() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("x.wav");
    for rate in [0, 999, 768_001, 4_000_000] {
        file(&path, 1, 16, 1, rate, &[0.0; 4]);
        let error = WavTrack::open(&path).expect_err("no rate to play").to_string();
        assert!(error.contains(&format!("{rate} Hz; 1000 to 768000 Hz")) || rate == 0, "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn pieces_are_the_same_in_any_order(pieces in prop::collection::vec((0u64..40_000, 0usize..20_000), 1..12)) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("x.wav");
        let whole = wave(38_000);
        file(&path, 3, 64, 1, 48_000, &whole);
        let mut track = WavTrack::open(&path).expect("it opens");
        for (from, length) in pieces {
            let mut got = vec![9.0; length];
            track.read(from, &mut got).expect("it can be read");
            for (n, got) in (from..).zip(got) {
                prop_assert_eq!(got, whole.get(n as usize).map_or(0.0, |sample| *sample as f32));
            }
        }
    }
}
