//! The reader of journals, and the manifest that is the sum of one.

use std::borrow::Cow;

use greenroom::store::journal::{self, parse, written};
use greenroom::store::{Happening, Manifest};

use super::harmless;

/// A journal is read as far as it can be; what was read is written and read again as it was, and adds up to a manifest
/// that can be written.
///
/// A line that begins with `~` is given the checksum that it needs, so that what it says is looked at too.
pub fn check(bytes: &[u8]) {
    let read = parse(&sealed(bytes));
    assert!(read.entries.is_sorted_by(|one, other| one.seq < other.seq), "each number once, in order");
    let mut copy = String::new();
    for entry in &read.entries {
        let line = written(entry.frame, &entry.what, entry.seq).expect("what was read can be written");
        assert!(line.ends_with('\n') && line.matches('\n').count() == 1, "{line:?}");
        harmless(&line, true);
        copy += &line;
    }
    let again = parse(copy.as_bytes());
    assert_eq!(again.damage.damaged + again.damage.duplicate, 0, "{copy}");
    let twice: String = again.entries.iter().flat_map(|each| written(each.frame, &each.what, each.seq)).collect();
    assert_eq!(copy, twice, "written once more");
    add_up(&read);
}

fn add_up(read: &journal::JournalRead) {
    let mut sum: Option<Manifest> = None;
    for entry in &read.entries {
        match (&mut sum, &entry.what) {
            (None, Happening::Planned(plan)) => sum = Some(plan.as_ref().clone()),
            (None, _) => {}
            (Some(sum), what) => {
                sum.apply(entry.frame, what);
                // Done once more it names no file twice.
                let before = files(sum);
                sum.apply(entry.frame, what);
                assert_eq!(files(sum), before, "{what:?}");
            }
        }
    }
    if let Some(sum) = sum {
        let text = serde_json::to_string(&sum).expect("a manifest can be written");
        let back: Manifest = serde_json::from_str(&text).expect("and read");
        assert_eq!(files(&back), files(&sum));
    }
}

fn files(manifest: &Manifest) -> Vec<String> {
    manifest.turns.iter().flat_map(|turn| &turn.takes).map(|take| take.file.clone()).collect()
}

/// The bytes with a checksum in each line that begins with `~`.
pub fn sealed(bytes: &[u8]) -> Cow<'_, [u8]> {
    if !bytes.contains(&b'~') {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len() + 64);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_prefix(b"~") {
            Some(line) => {
                let line = line.strip_suffix(b"\n").unwrap_or(line);
                out.extend(line);
                out.extend(format!(",\"{:08x}\"]\n", crc32fast::hash(line)).bytes());
            }
            None => out.extend(line),
        }
    }
    Cow::Owned(out)
}
