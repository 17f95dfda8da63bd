//! The recovery of a whole session folder.
//!
//! The bytes are files one after the other, each begun by a line `== NAME`; `== NAME/` is a folder, and
//! `== NAME -> TARGET` a link. Lines of the journal may be sealed as in the check of journals.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use greenroom::store::Manifest;
use greenroom::store::recovery::load;
use greenroom::store::session::Recovered;

use super::harmless;
use super::journal::sealed;

/// The name of the folder.
const NAME: &str = "2026-11-21T09-30-05Z-bank";
/// Bytes before the first sample of a take.
const HEADER: usize = 44;
/// The most files that are laid out.
const MOST: usize = 12;

type Files = BTreeMap<String, Vec<u8>>;

/// Whatever lies in a folder, reading it as a session loses no byte of sound and invents none, and what it put in order
/// is in order: done once more it changes nothing.
pub fn check(bytes: &[u8]) {
    let place = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = place.path().join(NAME);
    fs::create_dir(&folder).expect("a folder can be made");
    lay_out(&folder, bytes);
    let before = files(&folder);
    let first = load(&folder);
    let after = files(&folder);
    nothing_is_lost(&before, &after);
    let Ok(Recovered { manifest, findings, repaired }) = first else { return };
    findings.iter().chain(&repaired).for_each(|sentence| harmless(sentence, false));
    takes_are_there(&manifest, &after);
    let second = load(&folder).expect("what was read once is read again");
    assert_eq!(second.repaired, Vec::<String>::new(), "repaired twice; at first {repaired:?} for {findings:?}");
    assert_eq!(second.manifest, manifest, "read twice");
    assert_eq!(files(&folder), after, "something changed that was in order");
}

/// Makes the files that the bytes describe.
fn lay_out(folder: &Path, bytes: &[u8]) {
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_prefix(b"== ") {
            Some(name) if parts.len() < MOST => {
                parts.push((String::from_utf8_lossy(name).trim_end().to_owned(), Vec::new()));
            }
            _ => {
                if let Some((_, content)) = parts.last_mut() {
                    content.extend(line);
                }
            }
        }
    }
    for (name, content) in parts {
        // The line end before the next name is not part of the content.
        let content = content.strip_suffix(b"\n").unwrap_or(&content);
        let (name, target) = name.split_once(" -> ").map_or((name.as_str(), None), |(name, to)| (name, Some(to)));
        let fine = |part: &str| {
            let byte = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
            (1..=60).contains(&part.len()) && part.bytes().all(byte) && part.bytes().any(|byte| byte != b'.')
        };
        let (own, is_folder) = name.strip_suffix('/').map_or((name, false), |own| (own, true));
        if own.matches('/').count() > 1 || !own.split('/').all(fine) || target.is_some_and(|to| !fine(to)) {
            continue;
        }
        let path = folder.join(own);
        let _ = path.parent().map(fs::create_dir_all);
        let _ = match target {
            #[cfg(unix)]
            Some(target) => std::os::unix::fs::symlink(target, path),
            #[cfg(not(unix))]
            Some(_) => Ok(()),
            None if is_folder => fs::create_dir(path),
            None if path.symlink_metadata().is_ok() => Ok(()),
            None if own == "journal.jsonl" => fs::write(path, format_journal(content)),
            None => fs::write(path, content),
        };
    }
}

fn format_journal(content: &[u8]) -> Vec<u8> {
    sealed(content).into_owned()
}

/// Every regular file below a folder with its content, and every link with where it leads.
fn files(folder: &Path) -> Files {
    let mut found = Files::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(below) = folders.pop() {
        for entry in fs::read_dir(&below).expect("it can be listed").flatten() {
            let (path, kind) = (entry.path(), entry.file_type().expect("it has a kind"));
            let name = path.strip_prefix(folder).expect("it lies below").to_string_lossy().into_owned();
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_symlink() {
                let target = fs::read_link(&path).expect("a link leads somewhere");
                found.insert(name, target.to_string_lossy().into_owned().into_bytes());
            } else {
                found.insert(name, fs::read(&path).expect("it can be read"));
            }
        }
    }
    found
}

/// Every file is what it was; but a take may have another header, its end may be in a file beside it, and what the
/// session says of itself may be said anew.
fn nothing_is_lost(before: &Files, after: &Files) {
    for (name, old) in before {
        let beside = |ending: &str, bytes: &[u8]| {
            let ours = format!("{name}.{ending}");
            after.iter().any(|(other, content)| other.starts_with(&ours) && content == bytes)
        };
        match (name.as_str(), after.get(name)) {
            (_, Some(new)) if new == old => {}
            ("session.json" | "lock", _) => {}
            (name, _) if name.starts_with(".staged-") => {}
            ("reserve", _) => {}
            ("journal.jsonl", new) => {
                let grown = new.is_some_and(|new| new.starts_with(old));
                assert!(grown || beside("aside", old), "the journal is gone");
            }
            (name, None) => panic!("{name} is gone"),
            (name, Some(new)) => {
                assert!(name.starts_with("takes/") && name.ends_with(".wav"), "{name} was changed");
                let kept = new.len().min(old.len());
                assert!(kept >= HEADER && new.len() <= old.len(), "{name}: {} of {} bytes", new.len(), old.len());
                assert_eq!(new[HEADER..kept], old[HEADER..kept], "{name} sounds otherwise");
                let end = &old[kept..];
                assert!(end.is_empty() || beside("tail", end), "{name} has lost its end");
                let known = &old[..4] == b"RIFF" && &old[8..12] == b"WAVE";
                assert!(known || beside("aside", &old[..HEADER]), "{name} has lost its head");
            }
        }
    }
}

/// No take has more sound than its file.
fn takes_are_there(manifest: &Manifest, after: &Files) {
    for take in manifest.turns.iter().flat_map(|turn| &turn.takes) {
        assert!(take.file.starts_with("takes/") && !take.file.contains(".."), "{take:?}");
        let length = after.get(&take.file).map_or(0, Vec::len);
        assert!(take.frames == 0 || take.frames * 2 <= length as u64, "sound is invented: {take:?} of {length} bytes");
        harmless(&take.end, false);
    }
    for turn in &manifest.turns {
        harmless(&turn.prompt, false);
        let _ = turn.timing();
    }
    harmless(&manifest.title, false);
}
