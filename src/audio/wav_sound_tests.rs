use super::*;
use std::io::Write;

/// A WAV file of this form whose every sample has these bytes, in a folder that is gone with the test.
fn file(tag: u16, channels: u16, bits: u16, sound: &[u8], declared: u32) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("x.wav");
    let align = channels * bits.div_ceil(8);
    let mut bytes = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0".to_vec();
    bytes.extend(tag.to_le_bytes());
    bytes.extend(channels.to_le_bytes());
    bytes.extend(48_000u32.to_le_bytes());
    bytes.extend((48_000 * u32::from(align)).to_le_bytes());
    bytes.extend(align.to_le_bytes());
    bytes.extend(bits.to_le_bytes());
    bytes.extend(b"data");
    bytes.extend(declared.to_le_bytes());
    bytes.extend(sound);
    let whole = (bytes.len() - 8) as u32;
    bytes[4..8].copy_from_slice(&whole.to_le_bytes());
    let mut file = File::create(&path).expect("a file");
    file.write_all(&bytes).expect("it can be written");
    (folder, path)
}

fn all(path: &Path) -> Vec<f32> {
    let mut sound = WavSound::open(path).expect("it opens");
    let mut samples = Vec::new();
    while let Some(piece) = sound.piece().expect("it can be read") {
        samples.extend_from_slice(piece);
    }
    samples
}

#[test]
fn every_form_has_full_scale_at_one_and_silence_at_zero() {
    let forms: [(u16, u16, &[u8], &[u8]); 5] = [
        (1, 8, &[0], &[128]),
        (1, 16, &[0, 0x80], &[0, 0]),
        (1, 24, &[0, 0, 0x80], &[0, 0, 0]),
        (1, 32, &[0, 0, 0, 0x80], &[0; 4]),
        (3, 32, &[0, 0, 0x80, 0xBF], &[0; 4]),
    ];
    for (tag, bits, lowest, silence) in forms {
        let sound = [lowest, silence].concat();
        let (_folder, path) = file(tag, 1, bits, &sound, sound.len() as u32);
        assert_eq!(all(&path), [-1.0f32, 0.0], "{bits} bits, form {tag}");
    }
}

#[test]
fn what_is_no_number_comes_through_as_it_is() {
    let sound: Vec<u8> = [f32::NAN, f32::INFINITY, 1e30].iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let (_folder, path) = file(3, 1, 32, &sound, 12);
    let samples = all(&path);
    assert!(samples[0].is_nan() && samples[1] == f32::INFINITY && samples[2] == 1e30, "{samples:?}");
}

#[test]
fn a_long_file_comes_in_pieces_of_whole_frames() {
    let count = 3 * 70_001;
    let sound: Vec<u8> = (0..count).flat_map(|n: i32| ((n % 30_000) as i16).to_le_bytes()).collect();
    let (_folder, path) = file(1, 3, 16, &sound, sound.len() as u32);
    let mut sound = WavSound::open(&path).expect("it opens");
    assert_eq!((sound.rate(), sound.channels(), sound.frames()), (48_000, 3, 70_001));
    let mut seen = 0;
    while let Some(piece) = sound.piece().expect("it can be read") {
        assert_eq!(piece.len() % 3, 0);
        assert_eq!(piece[0], (seen % 30_000) as f32 / 32_768.0);
        seen += piece.len() as i32;
    }
    assert_eq!(seen, count);
}

#[test]
fn sizes_that_32_bits_cannot_hold_are_read_and_so_is_a_count_that_began_again() {
    let (_folder, path) = file(1, 1, 16, &[1, 0, 2, 0], 4);
    let plain = std::fs::read(&path).expect("it is there");
    let mut long = b"RF64\xFF\xFF\xFF\xFFWAVEds64\x1C\0\0\0".to_vec();
    long.extend(80u64.to_le_bytes());
    long.extend(4u64.to_le_bytes());
    long.extend([0; 12]);
    long.extend(&plain[12..]);
    let size = long.len() - 8;
    long[size..size + 4].fill(0xFF);
    std::fs::write(&path, &long).expect("it can be written");
    assert_eq!(all(&path), [1.0f32 / 32_768.0, 2.0 / 32_768.0]);
    // Five GiB of nothing, which take no room on the disk, behind a count of one.
    let sound = (5u64 << 30) - 44;
    let declared = (sound % (1 << 32)) as u32;
    let mut header = plain[..40].to_vec();
    header.extend(declared.to_le_bytes());
    std::fs::write(&path, &header).expect("it can be written");
    File::options().write(true).open(&path).and_then(|file| file.set_len(5 << 30)).expect("it can be that long");
    assert_eq!(WavSound::open(&path).expect("it opens").frames(), sound / 2);
}

#[test]
fn a_file_without_sound_has_none_and_a_cut_one_what_is_there() {
    let (_folder, path) = file(1, 1, 16, &[], 0);
    assert_eq!(all(&path), Vec::<f32>::new());
    let (_folder, path) = file(1, 2, 16, &[1, 0, 2, 0, 3, 0], 1_000_000);
    assert_eq!(all(&path), [1.0f32 / 32_768.0, 2.0 / 32_768.0]);
}

#[test]
fn what_is_played_may_be_slower_and_faster_than_what_is_measured() {
    let (_folder, path) = file(1, 1, 16, &[0, 0], 2);
    let bytes = std::fs::read(&path).expect("it is there");
    let opens = |rate: u32| {
        let mut bytes = bytes.clone();
        bytes[24..28].copy_from_slice(&rate.to_le_bytes());
        bytes[28..32].copy_from_slice(&(2 * rate).to_le_bytes());
        std::fs::write(&path, bytes).expect("it can be written");
        (WavSound::open(&path).is_ok(), WavSound::open_played(&path).is_ok())
    };
    assert_eq!(opens(999), (false, false));
    assert_eq!(opens(1_000), (false, true));
    assert_eq!(opens(48_000), (true, true));
    assert_eq!(opens(768_000), (false, true));
    assert_eq!(opens(768_001), (false, false));
}
