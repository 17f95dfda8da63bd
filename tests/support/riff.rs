//! A WAV file as a strict reader finds it: written from the specification, and knowing nothing of the program's own.
#![allow(dead_code, reason = "each test uses some of it")]

use std::path::Path;

/// A mono 16-bit file.
#[derive(Debug, PartialEq)]
pub struct Riff {
    pub rate: u32,
    pub samples: Vec<i16>,
    /// Frame and label of each cue point, in their order.
    pub marks: Vec<(u32, String)>,
    /// Bytes behind what the size at the start takes in.
    pub behind: usize,
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

/// The chunks of a list, each with its name; panics where they do not fill it exactly.
fn chunks(mut bytes: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let size = word(bytes, 4) as usize;
        found.push((&bytes[..4], &bytes[8..8 + size]));
        if size % 2 == 1 {
            assert_eq!(bytes[8 + size], 0, "what fills up a chunk is zero");
        }
        bytes = &bytes[8 + size + size % 2..];
    }
    found
}

pub fn read(path: &Path) -> Riff {
    parse(&std::fs::read(path).unwrap())
}

/// Reads a file; panics with whatever is not as it must be.
pub fn parse(bytes: &[u8]) -> Riff {
    assert_eq!((&bytes[..4], &bytes[8..12]), (&b"RIFF"[..], &b"WAVE"[..]));
    let end = 8 + word(bytes, 4) as usize;
    assert!(end.is_multiple_of(2) && end <= bytes.len(), "the file says it ends at {end} of {}", bytes.len());
    let mut riff = Riff { rate: 0, samples: Vec::new(), marks: Vec::new(), behind: bytes.len() - end };
    let (mut points, mut labels) = (Vec::new(), Vec::new());
    for (name, body) in chunks(&bytes[12..end]) {
        match name {
            b"fmt " => {
                assert_eq!(body.len(), 16);
                assert_eq!(body[..4], [1, 0, 1, 0], "PCM, mono");
                riff.rate = word(body, 4);
                assert_eq!(word(body, 8), riff.rate * 2);
                assert_eq!(body[12..], [2, 0, 16, 0], "16 bits in two bytes");
            }
            b"data" => {
                riff.samples = body.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect();
            }
            b"cue " => {
                assert_eq!(body.len(), 4 + 24 * word(body, 0) as usize);
                for point in body[4..].chunks_exact(24) {
                    assert_eq!((&point[8..12], word(point, 12), word(point, 16)), (&b"data"[..], 0, 0));
                    assert_eq!(word(point, 4), word(point, 20), "the places of a point agree");
                    points.push((word(point, 0), word(point, 20)));
                }
            }
            b"LIST" => {
                assert_eq!(&body[..4], b"adtl");
                for (name, label) in chunks(&body[4..]) {
                    assert_eq!(name, b"labl");
                    let (last, text) = label[4..].split_last().expect("a label ends with NUL");
                    assert!(*last == 0 && !text.contains(&0), "NUL ends a label, and is not in it");
                    labels.push((word(label, 0), String::from_utf8(text.to_vec()).expect("a label is UTF-8")));
                }
            }
            name => panic!("a chunk {name:?}"),
        }
    }
    assert_eq!(points.len(), labels.len());
    for ((id, frame), (label_id, label)) in points.into_iter().zip(labels) {
        assert_eq!(id, label_id);
        assert!(riff.marks.len() + 1 == id as usize, "points are numbered from 1");
        riff.marks.push((frame, label));
    }
    riff
}
