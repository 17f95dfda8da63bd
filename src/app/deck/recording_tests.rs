use std::path::Path;

use super::*;
use crate::audio::wav;
use crate::ports::Clip;

fn part(folder: &Path, name: &str, rate: u32, samples: Vec<i16>) -> PathBuf {
    let path = folder.join(name);
    wav::write(&path, &Clip { rate, samples }).expect("a new file");
    path
}

fn whole(recording: &mut Recording, rate: u32) -> Vec<f32> {
    let mut output = vec![0.0; recording.frames(rate) as usize];
    recording.read(rate, 0, &mut output).expect("it can be read");
    output
}

fn wave(count: usize, rate: u32, hertz: f64) -> Vec<i16> {
    let at = |n: usize| (std::f64::consts::TAU * hertz * n as f64 / f64::from(rate)).sin();
    (0..count).map(|n| (12_000.0 * at(n)).round() as i16).collect()
}

#[test]
fn parts_follow_each_other_without_a_gap_or_a_frame_too_many() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let sound = wave(30_000, 48_000, 200.0);
    let parts = [
        part(folder.path(), "1.wav", 48_000, sound[..9_999].to_vec()),
        part(folder.path(), "2.wav", 48_000, Vec::new()),
        part(folder.path(), "3.wav", 48_000, sound[9_999..10_000].to_vec()),
        part(folder.path(), "4.wav", 48_000, sound[10_000..].to_vec()),
    ];
    let mut recording = Recording::open(&parts).expect("it opens");
    assert_eq!(recording.seconds(), 0.625);
    let heard: Vec<i16> = whole(&mut recording, 48_000).iter().map(|sample| (sample * 32_768.0) as i16).collect();
    assert_eq!(heard, sound);
    // At another rate neither: the parts are one sound.
    let mut one = Recording::open(&[part(folder.path(), "all.wav", 48_000, sound)]).expect("it opens");
    assert_eq!(whole(&mut recording, 44_100), whole(&mut one, 44_100));
}

#[test]
fn parts_of_different_rates_are_one_sound() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let parts = [
        part(folder.path(), "1.wav", 48_000, wave(48_000, 48_000, 300.0)),
        part(folder.path(), "2.wav", 16_000, wave(16_000, 16_000, 300.0)),
        part(folder.path(), "3.wav", 44_100, wave(44_100, 44_100, 300.0)),
    ];
    let mut recording = Recording::open(&parts).expect("it opens");
    assert_eq!(recording.seconds(), 3.0);
    let heard = whole(&mut recording, 48_000);
    let expected = wave(3 * 48_000, 48_000, 300.0);
    for (n, (heard, expected)) in heard.iter().zip(&expected).enumerate() {
        // At a seam the sound of one part ends and that of the other begins.
        let seam = (n % 48_000).min(48_000 - n % 48_000) < 200 && n > 200;
        let off = (heard * 32_768.0 - f32::from(*expected)).abs();
        assert!(off < if seam { 12_000.0 } else { 30.0 }, "{n}: {heard} {expected}");
    }
}

#[test]
fn a_piece_is_the_same_wherever_one_begins_to_read() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let parts = [
        part(folder.path(), "1.wav", 44_100, wave(20_000, 44_100, 1_000.0)),
        part(folder.path(), "2.wav", 11_025, wave(9_000, 11_025, 700.0)),
    ];
    let mut recording = Recording::open(&parts).expect("it opens");
    let all = whole(&mut recording, 48_000);
    for (from, length) in [(0, 1), (1, 2_000), (21_700, 300), (30_000, 20_000), (60_000, 50)] {
        let mut got = vec![9.0; length];
        recording.read(48_000, from, &mut got).expect("it can be read");
        for (n, got) in (from as usize..).zip(got) {
            assert_eq!(got, all.get(n).copied().unwrap_or(0.0), "{n}");
        }
    }
}

#[test]
fn what_cannot_be_played_is_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let sound = part(folder.path(), "1.wav", 48_000, vec![1; 10]);
    let absent = folder.path().join("absent.wav");
    let error = Recording::open(&[sound, absent]).expect_err("one is not there").to_string();
    assert!(error.contains("absent.wav"), "{error}");
    let empty = part(folder.path(), "empty.wav", 48_000, Vec::new());
    assert!(matches!(Recording::open(&[empty]), Err(WavError::Empty { .. })));
    assert!(matches!(Recording::open(&[]), Err(WavError::Empty { .. })));
}

#[test]
fn a_sound_that_is_in_no_file_is_the_one_that_its_file_would_be() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let sound = wave(22_050, 22_050, 440.0);
    let mut file = Recording::open(&[part(folder.path(), "1.wav", 22_050, sound.clone())]).expect("it opens");
    let mut held = Recording::of_clip(Arc::new(Clip { rate: 22_050, samples: sound }));
    for rate in [22_050, 48_000, 8_000] {
        assert_eq!(whole(&mut held, rate), whole(&mut file, rate), "{rate}");
        let (mut one, mut other) = (vec![9.0; 500], vec![9.0; 500]);
        file.read(rate, u64::from(rate) - 200, &mut one).expect("it can be read");
        held.read(rate, u64::from(rate) - 200, &mut other).expect("it can be read");
        assert_eq!(one, other, "to its end at {rate}");
    }
    for nothing in [Clip::default(), Clip { rate: 8_000, samples: Vec::new() }] {
        let mut nothing = Recording::of_clip(Arc::new(nothing));
        let mut output = [9.0; 3];
        nothing.read(48_000, 0, &mut output).expect("it can be read");
        assert_eq!((nothing.seconds(), output), (0.0, [0.0; 3]));
    }
}
