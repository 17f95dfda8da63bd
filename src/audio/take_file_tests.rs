use super::*;
use std::sync::{Arc, Mutex};

/// A disk of a few bytes, whose handles share a position as those of a file do.
#[derive(Clone, Default)]
struct SmallDisk(Arc<Mutex<Small>>);

#[derive(Default)]
struct Small {
    bytes: Vec<u8>,
    at: usize,
    size: usize,
}

impl SmallDisk {
    fn of(size: usize) -> SmallDisk {
        let disk = SmallDisk::default();
        disk.0.lock().unwrap().size = size;
        disk
    }

    fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().bytes.clone()
    }

    fn samples(&self) -> Vec<i16> {
        let bytes = self.bytes();
        let mut reader = hound::WavReader::new(bytes.as_slice()).expect("it opens in any player");
        assert_eq!(reader.len() as usize * 2 + 44, bytes.len(), "the header names what is there");
        reader.samples().map(|sample| sample.expect("as many as are named")).collect()
    }
}

impl Write for SmallDisk {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let mut small = self.0.lock().unwrap();
        let room = small.size.saturating_sub(small.at);
        // As the kernel does: what fits is written, and only the next attempt is told.
        let count = data.len().min(room);
        if count == 0 && !data.is_empty() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let (start, end) = (small.at, small.at + count);
        let length = small.bytes.len().max(end);
        small.bytes.resize(length, 0);
        small.bytes[start..end].copy_from_slice(&data[..count]);
        small.at = end;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for SmallDisk {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let mut small = self.0.lock().unwrap();
        small.at = match to {
            SeekFrom::Start(at) => at as usize,
            SeekFrom::Current(by) => small.at.checked_add_signed(by as isize).expect("within the file"),
            SeekFrom::End(by) => small.bytes.len().checked_add_signed(by as isize).expect("within the file"),
        };
        Ok(small.at as u64)
    }
}

impl Medium for SmallDisk {
    fn again(&self) -> io::Result<SmallDisk> {
        Ok(self.clone())
    }

    fn cut(&self, length: u64) -> io::Result<()> {
        self.0.lock().unwrap().bytes.resize(length as usize, 0);
        Ok(())
    }
}

fn begin(size: usize) -> (SmallDisk, TakeFile<SmallDisk>) {
    let disk = SmallDisk::of(size);
    let take = TakeFile::begin(disk.clone(), SampleRate(48_000)).expect("room for a header");
    (disk, take)
}

#[test]
fn the_header_is_valid_before_the_first_sample() {
    let (disk, _take) = begin(1_000);
    assert!(disk.samples().is_empty());
}

#[test]
fn samples_are_with_the_system_at_once_and_named_when_told() {
    let (disk, mut take) = begin(1_000);
    take.write(&[1, 2, 3]).expect("room");
    assert_eq!(disk.bytes().len(), 44 + 6, "nothing is held back");
    assert_eq!(take.unnamed(), Frames(3));
    take.name().expect("room");
    assert_eq!(take.unnamed(), Frames(0));
    take.write(&[4]).expect("room");
    take.name().expect("room");
    assert_eq!(disk.samples(), [1, 2, 3, 4]);
}

#[test]
fn a_full_disk_keeps_every_whole_sample_that_reached_it() {
    for size in 44..60 {
        let (disk, mut take) = begin(size);
        let mut full = None;
        for block in [[1i16, 2, 3], [4, 5, 6], [7, 8, 9]] {
            if let Err(fault) = take.write(&block) {
                full = Some(fault);
                break;
            }
        }
        assert!(matches!(&full, Some(Fault::Io(error)) if error.kind() == io::ErrorKind::StorageFull));
        let room = (size - 44) / 2;
        let expected: Vec<i16> = (1..=room as i16).collect();
        assert_eq!(disk.samples(), expected, "{size} bytes");
        assert_eq!(take.kept(), Frames(room as u64));
        assert_eq!(take.level(), Level::of(&expected));
    }
}

#[test]
fn the_sizes_never_wrap() {
    let (disk, mut take) = begin(1_000);
    take.most = 5;
    take.write(&[1, 2, 3]).expect("it fits");
    assert!(matches!(take.write(&[4, 5, 6]), Err(Fault::TooLong)));
    assert!(matches!(take.write(&[7]), Err(Fault::TooLong)));
    take.name().expect("room");
    assert_eq!(disk.samples(), [1, 2, 3, 4, 5]);
    let most = wav::MOST_BYTES / 2 * 2;
    assert!(u32::try_from(most + 36).is_ok(), "both sizes of the longest file fit 32 bits");
}

#[test]
fn a_rate_that_no_header_holds_is_refused() {
    for rate in [0, u32::MAX] {
        assert!(TakeFile::begin(SmallDisk::of(1_000), SampleRate(rate)).is_err());
    }
}
