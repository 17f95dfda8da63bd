use super::*;

/// The parts of a WAV file, to be put together wrongly.
struct Parts {
    riff: u32,
    tag: u16,
    channels: u16,
    rate: u32,
    bits: u16,
    before: Vec<u8>,
    declared: u32,
    sound: Vec<u8>,
    after: Vec<u8>,
}

impl Parts {
    fn mono(samples: &[i16]) -> Parts {
        let sound: Vec<u8> = samples.iter().flat_map(|s| s.to_le_bytes()).collect();
        Parts {
            riff: 36 + sound.len() as u32,
            tag: 1,
            channels: 1,
            rate: 48_000,
            bits: 16,
            before: Vec::new(),
            declared: sound.len() as u32,
            sound,
            after: Vec::new(),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let align = self.channels * self.bits.div_ceil(8);
        let mut out = b"RIFF".to_vec();
        out.extend(self.riff.to_le_bytes());
        out.extend(b"WAVE");
        out.extend(&self.before);
        out.extend(b"fmt \x10\0\0\0");
        out.extend(self.tag.to_le_bytes());
        out.extend(self.channels.to_le_bytes());
        out.extend(self.rate.to_le_bytes());
        out.extend(self.rate.wrapping_mul(u32::from(align)).to_le_bytes());
        out.extend(align.to_le_bytes());
        out.extend(self.bits.to_le_bytes());
        out.extend(b"data");
        out.extend(self.declared.to_le_bytes());
        out.extend(&self.sound);
        out.extend(&self.after);
        out
    }

    fn read(&self) -> Result<Clip, WavError> {
        read_bytes(&self.bytes())
    }
}

fn read_bytes(bytes: &[u8]) -> Result<Clip, WavError> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("x.wav");
    std::fs::write(&path, bytes).expect("a file");
    let clip = read(&path);
    let frames = measure(&path).ok().map(|extent| extent.frames);
    assert_eq!(frames, clip.as_ref().ok().map(|clip| Frames(clip.samples.len() as u64)), "measured as it is read");
    clip
}

fn written(spec: WavSpec, write: impl FnOnce(&mut WavWriter<io::Cursor<&mut Vec<u8>>>)) -> Result<Clip, WavError> {
    let mut bytes = Vec::new();
    let mut writer = WavWriter::new(io::Cursor::new(&mut bytes), spec).expect("a spec that hound writes");
    write(&mut writer);
    writer.finalize().expect("whole frames");
    read_bytes(&bytes)
}

fn spec(bits: u16, channels: u16, format: SampleFormat) -> WavSpec {
    WavSpec { channels, sample_rate: 44_100, bits_per_sample: bits, sample_format: format }
}

const EDGES: [i16; 9] = [0, 1, -1, 2, -2, 12_345, -12_345, i16::MAX, i16::MIN];

#[test]
fn sixteen_bit_mono_is_bit_exact_there_and_back() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("prompt.wav");
    let samples: Vec<i16> = (0..300_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 16) as i16).collect();
    let clip = Clip { rate: 22_050, samples };
    write(&path, &clip).expect("room on the disk");
    assert_eq!(read(&path).expect("a WAV file"), clip);
    let hound: Vec<i16> = hound::WavReader::open(&path).unwrap().samples().map(Result::unwrap).collect();
    assert_eq!(hound, clip.samples);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_file_is_never_overwritten() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("prompt.wav");
    std::fs::write(&path, "something dear").unwrap();
    let error = write(&path, &Clip { rate: 8_000, samples: vec![1] }).expect_err("it exists");
    assert!(matches!(&error, WavError::Io { source, .. } if source.kind() == io::ErrorKind::AlreadyExists));
    assert!(error.to_string().contains("prompt.wav"));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "something dear");
}

#[test]
fn every_depth_comes_to_the_same_16_bits() {
    let int = SampleFormat::Int;
    let from_24 = written(spec(24, 1, int), |w| EDGES.iter().for_each(|&s| w.write_sample(i32::from(s) << 8).unwrap()));
    assert_eq!(from_24.unwrap().samples, EDGES);
    let from_32 =
        written(spec(32, 1, int), |w| EDGES.iter().for_each(|&s| w.write_sample(i32::from(s) << 16).unwrap()));
    assert_eq!(from_32.unwrap().samples, EDGES);
    let float = |s: i16| f32::from(s) / 32_768.0;
    let from_float =
        written(spec(32, 1, SampleFormat::Float), |w| EDGES.iter().for_each(|&s| w.write_sample(float(s)).unwrap()));
    assert_eq!(from_float.unwrap().samples, EDGES);
    let from_8 = written(spec(8, 1, int), |w| [-128i8, -1, 0, 1, 127].iter().for_each(|&s| w.write_sample(s).unwrap()));
    assert_eq!(from_8.unwrap().samples, [-32_768, -256, 0, 256, 32_512]);
    let wide = hound::WavSpecEx { spec: spec(24, 1, int), bytes_per_sample: 4 };
    let mut bytes = Vec::new();
    let mut writer = WavWriter::new_with_spec_ex(io::Cursor::new(&mut bytes), wide).unwrap();
    EDGES.iter().for_each(|&s| writer.write_sample(i32::from(s) << 8).unwrap());
    writer.finalize().unwrap();
    assert_eq!(read_bytes(&bytes).unwrap().samples, EDGES);
}

#[test]
fn floats_beyond_full_scale_saturate_and_what_is_no_number_is_silence() {
    let values = [2.0f32, -2.0, 1.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY];
    let clip = written(spec(32, 1, SampleFormat::Float), |w| values.iter().for_each(|&v| w.write_sample(v).unwrap()));
    assert_eq!(clip.unwrap().samples, [i16::MAX, i16::MIN, i16::MAX, 0, i16::MAX, i16::MIN]);
}

#[test]
fn channels_are_mixed_to_their_mean() {
    let frames = [[100i16, 300], [i16::MAX, i16::MAX], [i16::MIN, i16::MIN], [i16::MAX, i16::MIN], [-7, -7]];
    let clip = written(spec(16, 2, SampleFormat::Int), |w| {
        frames.as_flattened().iter().for_each(|&s| w.write_sample(s).unwrap());
    });
    assert_eq!(clip.unwrap().samples, [200, i16::MAX, i16::MIN, 0, -7]);
    let many = written(spec(24, 17, SampleFormat::Int), |w| {
        (0..17 * 3).for_each(|n| w.write_sample((n / 17) << 16).unwrap());
    });
    assert_eq!(many.unwrap().samples, [0, 256, 512]);
}

#[test]
fn sizes_that_a_crash_left_do_not_hide_the_sound() {
    let samples: Vec<i16> = (1..=500).collect();
    for declared in [0, u32::MAX, u32::MAX - 1, 1_001, 2_000_000] {
        for riff in [0, 36, u32::MAX, 77] {
            let broken = Parts { declared, riff, ..Parts::mono(&samples) };
            assert_eq!(broken.read().expect("the sound is there").samples, samples, "{declared} in {riff}");
        }
    }
    let mut cut = Parts { declared: u32::MAX, ..Parts::mono(&samples) };
    cut.sound.pop();
    assert_eq!(cut.read().expect("all but half a sample").samples, samples[..499]);
}

#[test]
fn other_chunks_are_no_sound() {
    let samples = [5, 6, 7];
    let chunk = |content: &[u8], padded: bool| {
        let mut chunk = b"LIST".to_vec();
        chunk.extend((content.len() as u32).to_le_bytes());
        chunk.extend(content);
        chunk.extend(padded.then_some(0));
        chunk
    };
    for before in [chunk(b"even", false), chunk(b"odd", true), chunk(b"odd", false), chunk(&[1; 70_000], false)] {
        let parts = Parts { before, after: chunk(b"data tail", false), ..Parts::mono(&samples) };
        assert_eq!(parts.read().expect("the sound between them").samples, samples);
    }
    let mut silent = Parts { after: chunk(b"a title!", false), ..Parts::mono(&[]) };
    silent.riff += silent.after.len() as u32;
    assert!(matches!(silent.read(), Err(WavError::Empty { .. })));
}

#[test]
fn what_is_no_wav_file_is_named() {
    for bytes in [&b""[..], b"RIFF", b"hello, this is a text file", b"RIFF\0\0\0\0AVI LIST\0\0\0\0", &[0; 4_000]] {
        let error = read_bytes(bytes).expect_err("not a WAV file");
        assert!(matches!(error, WavError::NotWav { .. }), "{error}");
        assert!(error.to_string().contains("x.wav"), "{error}");
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    assert!(matches!(read(folder.path()), Err(WavError::NotWav { .. })));
    let absent = read(&folder.path().join("absent.wav")).expect_err("there is none");
    assert!(matches!(&absent, WavError::Io { source, .. } if source.kind() == io::ErrorKind::NotFound));
    assert!(absent.to_string().contains("absent.wav"));
}

#[cfg(unix)]
#[test]
fn a_named_pipe_is_refused_and_not_waited_for() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("pipe.wav");
    assert!(std::process::Command::new("mkfifo").arg(&path).status().expect("mkfifo").success());
    assert!(matches!(read(&path), Err(WavError::NotWav { .. })));
}

#[test]
fn kinds_that_are_not_read_are_told_from_what_is_no_wav_file() {
    let mono = || Parts::mono(&[1, 2, 3, 4]);
    let cases = [
        Parts { tag: 6, ..mono() },
        Parts { tag: 2, ..mono() },
        Parts { tag: 0x55, ..mono() },
        Parts { rate: 3_999, ..mono() },
        Parts { rate: 384_001, ..mono() },
        Parts { rate: 0, ..mono() },
        Parts { channels: 0, ..mono() },
        Parts { bits: 0, ..mono() },
        Parts { bits: 12, ..mono() },
        Parts { bits: 64, ..mono() },
        Parts { tag: 3, bits: 16, ..mono() },
    ];
    for parts in cases {
        let error = parts.read().expect_err("not a kind that is read");
        assert!(matches!(error, WavError::Unsupported { .. }), "{error}");
    }
    for rate in [4_000, 8_000, 11_025, 384_000] {
        assert_eq!(Parts { rate, ..mono() }.read().expect("a rate that is read").rate, rate);
    }
}

#[test]
fn a_file_without_sound_is_empty() {
    assert!(matches!(Parts::mono(&[]).read(), Err(WavError::Empty { .. })));
    assert!(matches!(Parts { declared: 0, riff: 0, ..Parts::mono(&[]) }.read(), Err(WavError::Empty { .. })));
}

#[test]
fn no_damage_to_a_file_panics() {
    let good = Parts { before: b"JUNK\x04\0\0\0abcd".to_vec(), ..Parts::mono(&[1, -1, 300, -300]) }.bytes();
    for at in 0..good.len() {
        let _ = read_bytes(&good[..at]);
        for value in [0, 1, 0x7F, 0x80, 0xFF] {
            let mut bad = good.clone();
            bad[at] = value;
            let _ = read_bytes(&bad);
        }
    }
}

#[test]
fn a_clip_that_fits_no_header_is_refused_before_a_file_is_made() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("x.wav");
    assert!(matches!(write(&path, &Clip { rate: 0, samples: vec![1] }), Err(WavError::Unsupported { .. })));
    assert!(!path.exists());
}
