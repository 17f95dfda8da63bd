//! A session's folder as docs/format.md has it, read without any of the program's code.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::program::{Told, said};
use crate::sequence::{pieces, sample};

/// A session's folder.
#[derive(Debug, Clone)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
}

/// A line of the journal.
#[derive(Debug, Clone)]
pub struct Line {
    /// The frame of the session's clock.
    pub frame: u64,
    /// What happened.
    pub event: String,
    /// To what.
    pub detail: Value,
}

/// A journal.
#[derive(Debug, Default)]
pub struct Journal {
    /// The lines that are in order.
    pub lines: Vec<Line>,
    /// What is wrong with the others.
    pub wrong: Vec<String>,
}

impl Journal {
    /// The lines of an event.
    pub fn of<'a>(&'a self, event: &'a str) -> impl Iterator<Item = &'a Line> {
        self.lines.iter().filter(move |line| line.event == event)
    }

    /// The frames at which the first take of each turn was opened.
    pub fn opened(&self) -> BTreeMap<usize, u64> {
        let first = |line: &&Line| line.detail["take"] == 1;
        self.of("open-take")
            .filter(first)
            .filter_map(|l| Some((l.detail["turn"].as_u64()? as usize, l.frame)))
            .collect()
    }
}

impl Folder {
    /// Its name, which is the session's.
    pub fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// The manifest.
    pub fn manifest(&self) -> Told<Value> {
        let text = said("session.json")(fs::read(self.path.join("session.json")))?;
        said("session.json")(serde_json::from_slice(&text))
    }

    /// Whether there is nothing left to be asked.
    pub fn all_answered(&self) -> Told<bool> {
        let manifest = self.manifest()?;
        let over = |turn: &Value| turn["state"] == "answered" || turn["state"] == "skipped";
        Ok(manifest["turns"].as_array().is_some_and(|turns| turns.iter().all(over)))
    }

    /// The journal.
    pub fn journal(&self) -> Journal {
        parse_journal(&fs::read(self.path.join("journal.jsonl")).unwrap_or_default())
    }

    /// The WAV files in `takes/`, in their order.
    pub fn takes(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(self.path.join("takes")) else { return Vec::new() };
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        let mut takes: Vec<_> = paths.filter(|path| path.extension().is_some_and(|ending| ending == "wav")).collect();
        takes.sort();
        takes
    }

    /// The first take of a turn, counted from 0.
    pub fn take(&self, turn: usize) -> PathBuf {
        self.path.join(format!("takes/{:02}-q{}-1.wav", turn + 1, turn + 1))
    }

    /// Every file below it with its mode and its bytes.
    pub fn content(&self) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
        let (mut found, mut folders) = (BTreeMap::new(), vec![self.path.clone()]);
        while let Some(folder) = folders.pop() {
            for path in fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())) {
                let Ok(data) = path.symlink_metadata() else { continue };
                if data.is_dir() {
                    folders.push(path);
                } else {
                    let bytes = fs::read(&path).unwrap_or_default();
                    found.insert(path, (data.permissions().mode(), bytes));
                }
            }
        }
        found
    }

    /// What does not agree with docs/format.md in a session that nobody records any more.
    pub fn flaws(&self) -> Vec<String> {
        let mut flaws = Vec::new();
        let journal = self.journal();
        if let Some(first) = journal.wrong.first() {
            flaws.push(format!("journal: {} bad lines, the first: {first}", journal.wrong.len()));
        }
        let manifest = match self.manifest() {
            Ok(manifest) => manifest,
            Err(error) => return [flaws, vec![error]].concat(),
        };
        let outcome = manifest["outcome"].as_str().unwrap_or_default().to_owned();
        if !["interrupted", "finished", "quit"].contains(&outcome.as_str()) {
            flaws.push(format!("the outcome is {outcome:?}"));
        }
        let mut named = Vec::new();
        let turns = manifest["turns"].as_array().cloned().unwrap_or_default();
        for take in turns.iter().flat_map(|turn| turn["takes"].as_array().cloned().unwrap_or_default()) {
            let file = self.path.join(take["file"].as_str().unwrap_or_default());
            let wrong = |what: String| format!("{}: {what}", file.display());
            if take["end"].as_str().unwrap_or_default().is_empty() {
                flaws.push(wrong("it has no end".to_owned()));
            }
            match strict(&file) {
                Ok(samples) if take["frames"] == samples.len() => {}
                Ok(samples) => flaws.push(wrong(format!("{} frames, said to be {}", samples.len(), take["frames"]))),
                Err(error) => flaws.push(error),
            }
            named.push(file);
        }
        let unnamed = self.takes().into_iter().filter(|take| !named.contains(take));
        flaws.extend(unnamed.map(|take| format!("{} is in no manifest", take.display())));
        flaws
    }
}

/// Reads a journal: `[frame,"event",{…},seq,"crc"]` a line.
pub fn parse_journal(bytes: &[u8]) -> Journal {
    let mut journal = Journal::default();
    let mut next = 0;
    for (number, line) in bytes.split_inclusive(|&byte| byte == b'\n').enumerate() {
        let number = number + 1;
        match parse_line(line) {
            Ok((line, seq)) => {
                if seq != next {
                    journal.wrong.push(format!("line {number} has the number {seq}, not {next}"));
                }
                next = seq + 1;
                journal.lines.push(line);
            }
            Err(error) => journal.wrong.push(format!("line {number}: {error}")),
        }
    }
    journal
}

fn parse_line(line: &[u8]) -> Told<(Line, u64)> {
    let text = line.strip_suffix(b"\n").ok_or("it does not end")?;
    let value: Value = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    let fields = value.as_array().filter(|fields| fields.len() == 5).ok_or("it has not five fields")?;
    let (frame, seq) = (fields[0].as_u64().ok_or("no frame")?, fields[3].as_u64().ok_or("no number")?);
    let event = fields[1].as_str().ok_or("no event")?.to_owned();
    let told = fields[4].as_str().ok_or("no checksum")?;
    // `,"12345678"]` follows the bytes that are summed.
    let summed = text.len().checked_sub(12).map(|end| &text[..end]).ok_or("it is too short")?;
    let sum = format!("{:08x}", crc32(summed));
    if told != sum {
        return Err(format!("its checksum is {told}, and should be {sum}"));
    }
    Ok((Line { frame, event, detail: fields[2].clone() }, seq))
}

/// The checksum of zlib, the slow way.
pub fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 })
    })
}

/// The samples of a mono WAV file as a strict reader has them: all that the header names, and nothing that it does not.
pub fn strict(path: &Path) -> Told<Vec<i16>> {
    let wrong = |what: String| format!("{}: {what}", path.display());
    let mut reader = hound::WavReader::open(path).map_err(|error| wrong(error.to_string()))?;
    let spec = reader.spec();
    if (spec.channels, spec.bits_per_sample) != (1, 16) {
        return Err(wrong(format!("it is no mono file of 16 bits: {spec:?}")));
    }
    reader.samples().collect::<Result<_, _>>().map_err(|error| wrong(error.to_string()))
}

/// Every sample that is in the file, whatever its header says.
pub fn raw(path: &Path) -> Vec<i16> {
    let bytes = fs::read(path).unwrap_or_default();
    let (samples, _) = bytes.get(44..).unwrap_or_default().as_chunks::<2>();
    samples.iter().map(|&sample| i16::from_le_bytes(sample)).collect()
}

/// What is there of a session's first takes, beside what the program was given.
#[derive(Debug, Default)]
pub struct Account {
    /// Frames that were given and are not there.
    pub lost: u64,
    /// How many takes were looked at.
    pub takes: usize,
    /// Samples that should not be where they are.
    pub wrong: Vec<String>,
    /// Files that do not open.
    pub closed: Vec<String>,
}

/// How a session runs in frames, where nobody presses a key.
#[derive(Debug, Clone, Copy)]
pub struct Schedule {
    /// How many questions.
    pub turns: usize,
    /// The length of a take.
    pub take: u64,
    /// From the end of a take, or the start of the session, to the next take.
    pub between: u64,
}

impl Schedule {
    /// When all is over.
    pub fn end(&self) -> u64 {
        self.turns as u64 * (self.take + self.between)
    }
}

impl Folder {
    /// Counts what is missing of the first takes when the program was given `taken` samples.
    ///
    /// `opened` are the frames at which takes began, as the journal told when the program ended; a take that it did
    /// not tell of any more began when it should.
    pub fn account(
        &self,
        schedule: Schedule,
        opened: &BTreeMap<usize, u64>,
        taken: u64,
        read: impl Fn(&Path) -> Told<Vec<i16>>,
    ) -> Account {
        let mut account = Account::default();
        let mut before = 0;
        for turn in 0..schedule.turns {
            let start = opened.get(&turn).copied().unwrap_or(before + schedule.between);
            before = start + schedule.take;
            if start >= taken {
                break;
            }
            account.takes += 1;
            let given = before.min(taken) - start;
            let path = self.take(turn);
            let samples = if path.exists() { read(&path) } else { Ok(Vec::new()) };
            let samples = samples.unwrap_or_else(|error| {
                account.closed.push(error);
                Vec::new()
            });
            let kept = samples.len() as u64;
            account.lost += given.saturating_sub(kept);
            if kept > schedule.take {
                account.wrong.push(format!("{}: {kept} frames, more than its limit", path.display()));
            }
            if samples.iter().zip(start..).any(|(kept, place)| *kept != sample(place)) {
                let found = pieces(&samples);
                let first: Vec<_> = found.iter().take(4).collect();
                account.wrong.push(format!("{}: begins at {start}, and has {first:?}", path.display()));
            }
        }
        account
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_zlib() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn a_journal_is_judged_line_by_line() {
        let line = |body: &str| format!("{body},\"{:08x}\"]\n", crc32(body.as_bytes()));
        let good = line("[0,\"planned\",{},0") + &line("[5,\"open-take\",{\"turn\":0,\"take\":1},1");
        assert!(parse_journal(good.as_bytes()).wrong.is_empty());
        assert_eq!(parse_journal(good.as_bytes()).opened(), BTreeMap::from([(0, 5)]));
        let bad = good.clone() + &line("[9,\"end-turn\",{},3") + &good[..20];
        assert_eq!(parse_journal(bad.as_bytes()).wrong.len(), 2);
        let flipped = good.replace("[5,", "[6,");
        assert_eq!(parse_journal(flipped.as_bytes()).wrong.len(), 1);
    }
}
