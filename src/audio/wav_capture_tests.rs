use super::*;

const RATE: SampleRate = SampleRate(8_000);

fn clip(value: i16, length: usize) -> Clip {
    Clip { rate: RATE.0, samples: vec![value; length] }
}

fn put(folder: &Path, name: &str, clip: &Clip) -> PathBuf {
    let path = folder.join(name);
    wav::write(&path, clip).expect("room on the disk");
    path
}

fn read(capture: &mut WavCapture, most: usize) -> (Vec<i16>, Heard) {
    let mut block = Vec::new();
    let heard = capture.read(&mut block, most, Duration::ZERO);
    (block, heard)
}

/// What is heard in a take until all is said, in blocks of `most`.
fn take(capture: &mut WavCapture, most: usize) -> Vec<i16> {
    take_of(capture, 0, most)
}

/// The same, in a take of this turn.
fn take_of(capture: &mut WavCapture, turn: usize, most: usize) -> Vec<i16> {
    let mut heard = Vec::new();
    capture.take_opens(turn);
    loop {
        let (block, what) = read(capture, most);
        heard.extend(block);
        match what {
            Heard::SaidAll => break,
            Heard::Frames { dropped: 0 } => assert!(heard.len() < 1_000_000, "it goes on for ever"),
            other => panic!("{other:?}"),
        }
    }
    let (silence, what) = read(capture, 100);
    assert_eq!((silence, what), (vec![0; 100], Heard::Frames { dropped: 0 }), "all is said once, then silence");
    capture.take_closes();
    heard
}

/// 300 ms of silence, the sound, 500 ms of silence.
fn surrounded(sound: &[i16]) -> Vec<i16> {
    [&[0; 2_400], sound, &[0; 4_000]].concat()
}

#[test]
fn a_single_file_is_said_in_every_take() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = put(folder.path(), "answer.wav", &clip(5, 1_234));
    let mut capture = WavCapture::open(&path, Pace::Fast).expect("a WAV file");
    assert_eq!((capture.rate(), capture.answers()), (RATE, None));
    for _ in 0..3 {
        assert_eq!(take(&mut capture, 160), surrounded(&[5; 1_234]));
    }
}

#[test]
fn the_size_of_the_blocks_does_not_show() {
    for most in [1, 7, 160, 2_400, 2_401, 7_633, 7_634, 7_635, usize::MAX] {
        let mut capture = WavCapture::from_clips(vec![Arc::new(clip(5, 1_234))], RATE, Pace::Fast);
        assert_eq!(take(&mut capture, most), surrounded(&[5; 1_234]), "blocks of {most}");
    }
}

#[test]
fn files_are_said_in_the_order_in_which_people_number_them() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, value) in [("10.wav", 10), ("2.WAV", 2), ("1.wav", 1), ("011.wav", 11), ("b2.wav", 13), ("A3.wav", 12)] {
        put(folder.path(), name, &clip(value, 10));
    }
    put(folder.path(), ".hidden.wav", &clip(99, 10));
    fs::write(folder.path().join("notes.txt"), "not sound").unwrap();
    let mut capture = WavCapture::open(folder.path(), Pace::Fast).expect("a folder of WAV files");
    assert_eq!(capture.answers(), Some(6));
    for value in [1, 2, 10, 11, 12, 13] {
        assert_eq!(take(&mut capture, 160), surrounded(&[value; 10]));
    }
}

#[test]
fn a_take_that_nothing_is_left_for_is_silence_and_says_so_at_once() {
    let mut capture = WavCapture::from_clips(vec![Arc::new(clip(5, 100))], RATE, Pace::Fast);
    assert_eq!(capture.answers(), Some(1));
    take(&mut capture, 160);
    for turn in 1..3 {
        assert_eq!(take_of(&mut capture, turn, usize::MAX), [0; 160]);
    }
}

#[test]
fn there_is_exact_silence_before_between_and_after_the_takes() {
    let mut capture = WavCapture::from_clips(vec![Arc::new(clip(5, 100))], RATE, Pace::Fast);
    let silence = || (vec![0; 777], Heard::Frames { dropped: 0 });
    assert_eq!(read(&mut capture, 777), silence());
    take(&mut capture, 160);
    assert_eq!(read(&mut capture, 777), silence());
    capture.take_opens(0);
    capture.take_closes();
    assert_eq!(read(&mut capture, 777), silence());
}

#[test]
fn a_take_that_closes_early_spends_its_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    put(folder.path(), "1.wav", &clip(5, 100));
    put(folder.path(), "2.wav", &clip(6, 100));
    let mut capture = WavCapture::open(folder.path(), Pace::Fast).expect("both files are fine");
    capture.take_opens(0);
    assert_eq!(read(&mut capture, 2_450).0[2_400..], [5; 50]);
    capture.take_closes();
    assert_eq!(take(&mut capture, 160), surrounded(&[6; 100]));
}

#[test]
fn a_clip_is_said_in_the_take_of_its_own_turn() {
    let clips = vec![Arc::new(clip(5, 100)), Arc::new(clip(6, 100))];
    let mut capture = WavCapture::from_clips(clips, RATE, Pace::Fast);
    assert_eq!(take_of(&mut capture, 1, 160), surrounded(&[6; 100]));
    assert_eq!(take_of(&mut capture, 0, 160), surrounded(&[5; 100]));
}

#[test]
fn files_that_disagree_are_brought_to_48_khz() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    put(folder.path(), "1.wav", &clip(1_000, 800));
    put(folder.path(), "2.wav", &Clip { rate: 48_000, samples: vec![2_000; 4_800] });
    let mut capture = WavCapture::open(folder.path(), Pace::Fast).expect("a folder of WAV files");
    assert_eq!(capture.rate(), SampleRate(48_000));
    let (first, second) = (take(&mut capture, 960), take(&mut capture, 960));
    assert_eq!((first.len(), second.len()), (14_400 + 4_800 + 24_000, 14_400 + 4_800 + 24_000));
    assert!((first[14_400 + 2_400] - 1_000).abs() <= 2);
    assert_eq!(second[14_400..19_200], [2_000; 4_800]);
}

#[test]
fn every_bad_file_is_named_at_the_start() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    put(folder.path(), "1.wav", &clip(1, 10));
    fs::write(folder.path().join("2.wav"), "hello").unwrap();
    fs::create_dir(folder.path().join("3.wav")).unwrap();
    put(folder.path(), "4.wav", &clip(0, 0));
    let error = WavCapture::open(folder.path(), Pace::Fast).err().expect("three of them are bad").to_string();
    for name in ["2.wav", "3.wav", "4.wav"] {
        assert!(error.contains(name), "{error}");
    }
    assert!(!error.contains("1.wav"), "{error}");
}

#[test]
fn nothing_to_say_is_an_error_at_the_start() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let open = |path: &Path| WavCapture::open(path, Pace::Fast).err().expect("nothing to say");
    assert!(matches!(open(folder.path()), InputError::NoAnswers { .. }));
    assert!(matches!(open(&folder.path().join("absent.wav")), InputError::NotFound { .. }));
    fs::write(folder.path().join("text"), "hello").unwrap();
    assert!(matches!(open(&folder.path().join("text")), InputError::BadAnswers { .. }));
}

#[test]
fn a_file_that_goes_away_costs_its_take_and_not_the_session() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let gone = put(folder.path(), "1.wav", &clip(1, 10));
    put(folder.path(), "2.wav", &clip(2, 10));
    let mut capture = WavCapture::open(folder.path(), Pace::Fast).expect("a folder of WAV files");
    fs::remove_file(gone).unwrap();
    capture.take_opens(0);
    let (block, heard) = read(&mut capture, 160);
    assert!(matches!(&heard, Heard::Notice(text) if text.contains("1.wav")), "{heard:?}");
    assert!(block.is_empty());
    assert_eq!(read(&mut capture, 160), (vec![0; 160], Heard::SaidAll));
    assert_eq!(take(&mut capture, 160), surrounded(&[2; 10]));
}

#[test]
fn in_real_time_blocks_come_no_earlier_than_they_would_be_spoken() {
    let mut capture = WavCapture::from_clips(vec![Arc::new(clip(5, 100))], RATE, Pace::RealTime);
    capture.take_opens(0);
    assert_eq!(read(&mut capture, 160), (vec![], Heard::Nothing), "no patience, no block");
    let start = std::time::Instant::now();
    let mut frames = 0;
    loop {
        let mut block = Vec::new();
        let heard = capture.read(&mut block, 100_000, Duration::from_secs(5));
        assert!(block.len() <= 160, "20 ms at most");
        frames += block.len();
        if heard == Heard::SaidAll {
            break;
        }
    }
    assert_eq!(frames, 6_500);
    assert!(start.elapsed() >= Duration::from_millis(812 - 20), "{:?}", start.elapsed());
}
