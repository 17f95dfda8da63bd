use super::*;
use std::sync::{Arc, Mutex};

/// A disk of a few bytes; its handles have positions of their own.
#[derive(Clone, Default)]
struct SmallDisk(Arc<Mutex<Small>>, usize);

#[derive(Default)]
struct Small {
    bytes: Vec<u8>,
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
        reader.samples().map(|sample| sample.expect("as many as are named")).collect()
    }
}

impl Write for SmallDisk {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let mut small = self.0.lock().unwrap();
        let room = small.size.saturating_sub(self.1);
        // As the kernel does: what fits is written, and only the next attempt is told.
        let count = data.len().min(room);
        if count == 0 && !data.is_empty() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let (start, end) = (self.1, self.1 + count);
        let length = small.bytes.len().max(end);
        small.bytes.resize(length, 0);
        small.bytes[start..end].copy_from_slice(&data[..count]);
        self.1 = end;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for SmallDisk {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let SeekFrom::Start(at) = to else { return Err(io::ErrorKind::Unsupported.into()) };
        self.1 = at as usize;
        Ok(at)
    }
}

impl Medium for SmallDisk {
    fn sync(&self) -> io::Result<()> {
        Ok(())
    }

    fn cut(&self, length: u64) -> io::Result<()> {
        self.0.lock().unwrap().bytes.truncate(length as usize);
        Ok(())
    }
}

fn begin(size: usize) -> (SmallDisk, TakeFile<SmallDisk>, Header) {
    let disk = SmallDisk::of(size);
    let header = Header::new(SampleRate(48_000)).expect("a rate that a header holds");
    let take = TakeFile::begin(disk.clone(), &header).expect("room for a header");
    (disk, take, header)
}

#[test]
fn the_header_is_valid_before_the_first_sample() {
    let (disk, ..) = begin(1_000);
    assert!(disk.samples().is_empty());
    assert_eq!(disk.bytes().len() as u64, HEADER);
}

#[test]
fn samples_are_with_the_system_at_once_and_named_only_when_told() {
    let (disk, mut take, mut header) = begin(1_000);
    take.write(&[1, 2, 3]).expect("room");
    assert_eq!(disk.bytes().len(), 44 + 6, "nothing is held back");
    assert_eq!(take.written(), Frames(3));
    assert!(disk.samples().is_empty());
    header.name(&mut disk.clone(), Frames(2)).expect("room");
    assert_eq!(disk.samples(), [1, 2]);
    take.write(&[4]).expect("naming leaves the place of the next sample as it is");
    header.name(&mut disk.clone(), Frames(4)).expect("room");
    assert_eq!(disk.samples(), [1, 2, 3, 4]);
    let bytes = disk.bytes();
    let outer = u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]);
    assert_eq!(outer as usize + 8, bytes.len(), "the outer size agrees");
}

#[test]
fn a_full_disk_keeps_every_whole_sample_that_reached_it() {
    for size in 44..60 {
        let (disk, mut take, mut header) = begin(size);
        let blocks = [[1i16, 2, 3], [4, 5, 6], [7, 8, 9]];
        let full = blocks.iter().find_map(|block| take.write(block).err()).expect("the disk is small");
        assert_eq!(full.kind(), io::ErrorKind::StorageFull);
        let room = (size - 44) / 2;
        assert_eq!(take.written(), Frames(room as u64));
        header.name(&mut disk.clone(), take.written()).expect("the header has its room");
        let expected: Vec<i16> = (1..=room as i16).collect();
        assert_eq!(disk.samples(), expected, "{size} bytes");
        assert_eq!(disk.bytes().len(), 44 + room * 2, "no half sample is left");
    }
}

#[test]
fn a_block_that_is_longer_than_a_piece_is_written_whole() {
    let samples: Vec<i16> = (0..PIECE * 2 + 5).map(|n| n as i16).collect();
    let (disk, mut take, mut header) = begin(1 << 20);
    take.write(&samples).expect("room");
    header.name(&mut disk.clone(), take.written()).expect("room");
    assert_eq!(disk.samples(), samples);
}

#[test]
fn the_sizes_never_wrap() {
    let (disk, _, mut header) = begin(1_000);
    let most = Frames((u64::from(u32::MAX) - COUNTED) / 2);
    header.name(&mut disk.clone(), most).expect("32 bits hold it");
    let error = header.name(&mut disk.clone(), Frames(most.0 + 1)).expect_err("32 bits do not hold it");
    assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
}

#[test]
fn a_rate_that_no_header_holds_is_refused() {
    for rate in [0, u32::MAX] {
        assert!(Header::new(SampleRate(rate)).is_err());
    }
}
