use super::*;

const RATE: SampleRate = SampleRate(8_000);

fn clip(rate: u32, value: i16, length: usize) -> Arc<Clip> {
    Arc::new(Clip { rate, samples: vec![value; length] })
}

fn samples_of(path: &Path) -> Vec<i16> {
    let mut reader = hound::WavReader::open(path).expect("it opens in any player");
    reader.samples().map(|sample| sample.expect("as many as are named")).collect()
}

/// What both speakers without a clock must do, as the session sees it.
fn keeps_the_time_of_the_session(speaker: &mut dyn Playback) {
    assert_eq!((speaker.state(), speaker.remaining()), (Playing::Idle, None));
    speaker.advance(Frames(100));
    speaker.play(clip(RATE.0, 5, 300)).expect("it plays");
    assert_eq!((speaker.state(), speaker.remaining()), (Playing::Sounding, Some(Frames(300))));
    speaker.advance(Frames(299));
    assert_eq!((speaker.state(), speaker.remaining()), (Playing::Sounding, Some(Frames(1))));
    speaker.advance(Frames(11));
    assert_eq!((speaker.state(), speaker.remaining()), (Playing::Idle, None));
    speaker.play(clip(RATE.0, 6, 300)).expect("it plays");
    speaker.advance(Frames(10));
    speaker.play(clip(RATE.0, 7, 20)).expect("it takes the place of the other");
    assert_eq!(speaker.remaining(), Some(Frames(20)));
    speaker.advance(Frames(5));
    speaker.stop();
    assert_eq!((speaker.state(), speaker.remaining()), (Playing::Idle, None));
    speaker.advance(Frames(3));
    speaker.play(clip(48_000, 8, 601)).expect("it plays at another rate");
    assert_eq!(speaker.remaining(), Some(Frames(100)));
    speaker.advance(Frames(100));
    assert_eq!(speaker.state(), Playing::Idle);
    speaker.play(Arc::default()).expect("nothing can be played");
    assert_eq!((speaker.state(), speaker.remaining()), (Playing::Idle, None));
    speaker.finish().expect("room on the disk");
}

#[test]
fn nobody_hears_it_but_time_passes() {
    keeps_the_time_of_the_session(&mut NullPlayback::new(RATE));
}

#[test]
fn the_file_holds_what_would_be_heard_frame_by_frame() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("heard.wav");
    keeps_the_time_of_the_session(&mut WavPlayback::create(&path, RATE).expect("a new file"));
    let heard = samples_of(&path);
    let (resampled, before) = heard.split_at(heard.len() - 100);
    let runs: Vec<(i16, usize)> = resampled.chunk_by(|a, b| a == b).map(|run| (run[0], run.len())).collect();
    assert_eq!(runs, [(0, 100), (5, 300), (0, 10), (6, 10), (7, 5), (0, 3)]);
    assert!(before.iter().any(|&sample| sample != 0));
    assert_eq!(hound::WavReader::open(&path).unwrap().spec().sample_rate, RATE.0);
}

#[test]
fn the_file_opens_before_it_is_finished() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("heard.wav");
    let mut speaker = WavPlayback::create(&path, RATE).expect("a new file");
    assert!(samples_of(&path).is_empty());
    for _ in 0..150 {
        speaker.advance(Frames(160));
    }
    assert_eq!(samples_of(&path).len(), 24_000, "all whole seconds are there");
    speaker.advance(Frames(160));
    speaker.finish().expect("room on the disk");
    assert_eq!(samples_of(&path).len(), 24_160);
    speaker.advance(Frames(160));
    speaker.finish().expect("finished twice is finished");
    assert_eq!(samples_of(&path).len(), 24_160);
}

#[test]
fn nothing_is_overwritten() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("heard.wav");
    std::fs::write(&path, "something dear").unwrap();
    let error = WavPlayback::create(&path, RATE).err().expect("it exists");
    assert!(matches!(&error, OutputError::Exists { .. }) && error.to_string().contains("heard.wav"), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "something dear");
}

#[test]
fn a_speaker_that_fails_says_so_and_the_time_goes_on() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("heard.wav");
    let mut speaker = WavPlayback::create(&path, RATE).expect("a new file");
    speaker.play(clip(RATE.0, 5, 300)).expect("it plays");
    speaker.fail(&io::ErrorKind::StorageFull.into());
    speaker.advance(Frames(100));
    assert_eq!(speaker.remaining(), Some(Frames(200)));
    assert!(matches!(speaker.state(), Playing::Failed(why) if why.contains("heard.wav")));
    assert!(speaker.play(clip(RATE.0, 5, 300)).is_err());
    assert!(speaker.finish().is_err());
}

#[test]
fn a_span_that_fits_no_file_is_a_failure_and_not_a_wrapped_size() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("heard.wav");
    let mut speaker = WavPlayback::create(&path, RATE).expect("a new file");
    speaker.advance(Frames(1 << 31));
    assert!(matches!(speaker.state(), Playing::Failed(_)));
    assert!(samples_of(&path).is_empty());
    assert!(WavPlayback::create(&folder.path().join("x.wav"), SampleRate(0)).is_err());
}

/// What both speakers without a clock must do with a stream.
fn plays_a_stream_as_it_is_fed(speaker: &mut dyn Playback) {
    assert_eq!(speaker.begin(), Ok(RATE));
    assert_eq!((speaker.state(), speaker.remaining()), (Playing::Sounding, None));
    assert_eq!(speaker.feed(&[1; 100]), 100);
    assert_eq!(speaker.remaining(), Some(Frames(100)));
    speaker.advance(Frames(60));
    assert_eq!((speaker.heard(), speaker.taken()), (Frames(60), Frames(60)));
    speaker.advance(Frames(50));
    assert_eq!((speaker.heard(), speaker.state()), (Frames(100), Playing::Sounding), "it waits for more");
    assert_eq!(speaker.feed(&[2; 30]), 30);
    speaker.end();
    assert_eq!(speaker.feed(&[9; 30]), 0, "it is whole");
    speaker.advance(Frames(40));
    assert_eq!((speaker.heard(), speaker.state()), (Frames(130), Playing::Idle));
    assert_eq!(speaker.begin(), Ok(RATE));
    assert_eq!(speaker.heard(), Frames(0));
    assert_eq!(speaker.feed(&[3; 50]), 50);
    speaker.advance(Frames(10));
    assert_eq!(speaker.begin(), Ok(RATE), "what was fed is dropped");
    assert_eq!(speaker.feed(&[4; 20]), 20);
    speaker.advance(Frames(5));
    speaker.stop();
    assert_eq!((speaker.state(), speaker.remaining()), (Playing::Idle, None));
    speaker.advance(Frames(7));
    speaker.begin().expect("it begins");
    let room = speaker.feed(&vec![5; 1_000_000]);
    assert!((RATE.0 as usize..1_000_000).contains(&room), "{room}");
    speaker.play(clip(RATE.0, 6, 3)).expect("a clip takes the place of a stream");
    speaker.advance(Frames(4));
    assert_eq!(speaker.state(), Playing::Idle);
    speaker.finish().expect("room on the disk");
}

#[test]
fn nobody_hears_a_stream_but_it_passes() {
    plays_a_stream_as_it_is_fed(&mut NullPlayback::new(RATE));
}

#[test]
fn the_file_holds_what_of_a_stream_would_be_heard() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("heard.wav");
    plays_a_stream_as_it_is_fed(&mut WavPlayback::create(&path, RATE).expect("a new file"));
    let heard = samples_of(&path);
    let runs: Vec<(i16, usize)> = heard.chunk_by(|a, b| a == b).map(|run| (run[0], run.len())).collect();
    assert_eq!(runs, [(1, 100), (0, 10), (2, 30), (0, 10), (3, 10), (4, 5), (0, 7), (6, 3), (0, 1)]);
}
