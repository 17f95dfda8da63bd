use super::*;
use std::path::PathBuf;

const LONG: Duration = Duration::from_secs(20);

fn bytes_of(samples: &[i16]) -> Vec<u8> {
    samples.iter().flat_map(|sample| sample.to_le_bytes()).collect()
}

fn ramp(length: usize) -> Vec<i16> {
    (0..length).map(|n| n as i16).collect()
}

fn file(folder: &tempfile::TempDir, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join("sound.pcm");
    fs::write(&path, bytes).expect("room on the disk");
    path
}

/// Everything to the end of the stream, and why it ended.
fn all(capture: &mut PcmCapture, most: usize) -> (Vec<i16>, String) {
    let mut heard = Vec::new();
    loop {
        let before = heard.len();
        match capture.read(&mut heard, most, LONG) {
            Heard::Frames { dropped: 0 } => assert!((1..=most).contains(&(heard.len() - before))),
            Heard::Ended(why) => return (heard, why),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_file_is_heard_to_its_end_and_not_beyond() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for length in [0, 1, 2, 3, 5, 16_383, 16_384, 100_001] {
        let path = file(&folder, &bytes_of(&ramp(length)));
        for most in [3_000, 960, usize::MAX] {
            let mut capture = PcmCapture::open(&path, Pace::Fast).expect("a file");
            let (heard, why) = all(&mut capture, most);
            assert_eq!(heard, ramp(length));
            assert!(why.contains("sound.pcm"), "{why}");
            let mut block = Vec::new();
            assert_eq!(capture.read(&mut block, most, LONG), Heard::Ended(why), "it stays ended");
        }
    }
}

#[test]
fn half_a_sample_at_the_end_is_left_out() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut bytes = bytes_of(&ramp(100));
    bytes.push(1);
    let mut capture = PcmCapture::open(&file(&folder, &bytes), Pace::Fast).expect("a file");
    assert_eq!(all(&mut capture, 960).0, ramp(100));
}

#[test]
fn packets_that_split_samples_are_put_together() {
    struct Crumbs(Vec<u8>, usize);
    impl Read for Crumbs {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = [1, 3, 2, 5, 1, 1, 7][self.1 % 7].min(self.0.len()).min(buffer.len());
            self.1 += 1;
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0.drain(..count);
            Ok(count)
        }
    }
    let (sender, packets) = mpsc::sync_channel(10_000);
    forward(Crumbs(bytes_of(&ramp(2_000)), 0), &sender).expect("it reads");
    drop(sender);
    let heard: Vec<i16> = packets
        .iter()
        .flat_map(|packet| match packet {
            Packet::Samples(samples) => samples,
            Packet::Open => Vec::new(),
            Packet::End(why) => panic!("{why}"),
        })
        .collect();
    assert_eq!(heard, ramp(2_000));
}

#[test]
fn a_stream_that_fails_says_why() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the cable is out"))
        }
    }
    let mut capture =
        PcmCapture::start("it".into(), Pace::Fast, Path::new("x"), || Ok(Broken)).expect("a thread can be started");
    let (heard, why) = all(&mut capture, 960);
    assert!(heard.is_empty() && why.contains("the cable is out"), "{why}");
}

#[test]
fn what_is_no_stream_is_refused_at_the_start() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let open = |path: &Path| PcmCapture::open(path, Pace::Fast).err().expect("no stream");
    assert!(matches!(open(&folder.path().join("absent")), InputError::NotFound { .. }));
    assert!(open(folder.path()).to_string().contains("wav:"));
    assert!(open(&file(&folder, b"RIFF....WAVE")).to_string().contains("wav:"));
}

#[test]
fn in_real_time_a_file_is_heard_no_faster_than_it_would_be_spoken() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = file(&folder, &bytes_of(&ramp(14_400)));
    let mut capture = PcmCapture::open(&path, Pace::RealTime).expect("a file");
    let start = Instant::now();
    let mut heard = Vec::new();
    loop {
        let before = heard.len();
        match capture.read(&mut heard, usize::MAX, LONG) {
            Heard::Frames { .. } => assert!(heard.len() - before <= 960, "20 ms at most"),
            Heard::Ended(_) => break,
            other => panic!("{other:?}"),
        }
        assert!(SampleRate::STANDARD.frames(start.elapsed()).0 >= heard.len() as u64, "faster than real time");
    }
    assert_eq!(heard, ramp(14_400));
}

#[cfg(unix)]
mod pipes {
    use super::*;
    use std::fs::OpenOptions;
    use std::io::Write;

    fn pipe(folder: &tempfile::TempDir) -> PathBuf {
        let path = folder.path().join("microphone");
        assert!(std::process::Command::new("mkfifo").arg(&path).status().expect("mkfifo").success());
        path
    }

    #[test]
    fn a_pipe_that_nobody_writes_to_does_not_block_the_session() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = pipe(&folder);
        for pace in [Pace::RealTime, Pace::Fast] {
            let mut capture = PcmCapture::open(&path, pace).expect("a pipe");
            let mut block = Vec::new();
            assert_eq!(capture.read(&mut block, 960, Duration::from_millis(5)), Heard::Nothing);
            assert!(block.is_empty());
            // Lets the thread that waits for a writer go.
            drop(OpenOptions::new().write(true).open(&path));
        }
    }

    #[test]
    fn a_pipe_without_a_writer_says_so_once_and_one_with_a_writer_never() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = pipe(&folder);
        let mut capture = PcmCapture::open(&path, Pace::RealTime).expect("a pipe");
        let mut block = Vec::new();
        let deadline = Instant::now() + LONG;
        let said = loop {
            assert!(Instant::now() < deadline, "nobody is told");
            match capture.read(&mut block, 960, Duration::from_millis(100)) {
                Heard::Nothing => {}
                Heard::Notice(text) => break text,
                other => panic!("{other:?}"),
            }
        };
        assert!(said.contains("microphone") && said.contains("waits"), "{said}");
        assert_eq!(capture.read(&mut block, 960, Duration::from_millis(5)), Heard::Nothing);

        let writer = OpenOptions::new().write(true).open(&path).expect("the other end");
        capture.alone = Instant::now().checked_sub(ALONE);
        while !capture.open {
            assert!(Instant::now() < deadline, "the pipe is not opened");
            let _ = capture.packets.try_recv().map(|packet| capture.open |= matches!(packet, Packet::Open));
        }
        assert_eq!(capture.read(&mut block, 960, Duration::from_millis(5)), Heard::Nothing);
        drop(writer);
    }

    #[test]
    fn a_writer_that_stalls_is_waited_for_and_nothing_of_it_is_lost() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = pipe(&folder);
        for pace in [Pace::RealTime, Pace::Fast] {
            let mut capture = PcmCapture::open(&path, pace).expect("a pipe");
            let mut writer = OpenOptions::new().write(true).open(&path).expect("the other end");
            let bytes = bytes_of(&ramp(1_000));
            let mut heard = Vec::new();
            // 1,999 bytes: the last sample of the first packet is complete only with the second.
            for (part, expected) in [(&bytes[..1_999], 999), (&bytes[1_999..], 1_000)] {
                writer.write_all(part).expect("the reader is there");
                while heard.len() < expected {
                    let said = capture.read(&mut heard, 960, LONG);
                    assert_eq!(said, Heard::Frames { dropped: 0 });
                }
                assert_eq!(capture.read(&mut heard, 960, Duration::from_millis(5)), Heard::Nothing);
            }
            drop(writer);
            assert!(matches!(capture.read(&mut heard, 960, LONG), Heard::Ended(_)));
            assert_eq!(heard, ramp(1_000));
        }
    }
}
