//! The derived file `recordings/.ledger`: what settled sessions come to, so that they need not be read again.
//!
//! It is safe to delete. Whatever is wrong with it, it is passed over and written anew. Its names are compared with
//! those of folders that are there, and are never a path.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::Path;

use super::bytes::{Reader, Writer};
use super::digest::{Delivery, Head, Newest, State, Turn};
use crate::interview::Grade;
use crate::store::analysis;
use crate::store::files::{self, Links};
use crate::store::manifest::check_file;

/// The name of the file in the folder of the recordings.
pub(super) const NAME: &str = ".ledger";

/// How the name of one on its way begins.
const STAGED: &str = ".ledger-";

/// How the file begins.
const MAGIC: &[u8; 16] = b"greenroom ledger";

/// The version of the form.
const SCHEMA: u32 = 1;

/// The most bytes that are read: some hundred thousand sessions.
const LARGEST: u64 = 256 << 20;

/// What is before the entries: how the file begins, three versions, and the sum of what follows.
const HEADER: usize = MAGIC.len() + 16;

/// A session in the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kept<'b> {
    /// The state of its folder then.
    pub(super) stamp: u64,
    head: &'b [u8],
    turns: &'b [u8],
}

/// The bytes of the file of a folder; none where there is none that can be used.
pub(super) fn load(recordings: &Path) -> Vec<u8> {
    files::read(&recordings.join(NAME), LARGEST, Links::Refuse).ok().filter(|bytes| is_ours(bytes)).unwrap_or_default()
}

/// How the file begins that is written here and now.
fn header(entries: &[u8]) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    let (magic, rest) = header.split_at_mut(MAGIC.len());
    magic.copy_from_slice(MAGIC);
    let parts = [SCHEMA, analysis::SCHEMA, analysis::METHOD, crc32fast::hash(entries)];
    for (place, part) in rest.chunks_exact_mut(4).zip(parts) {
        place.copy_from_slice(&part.to_le_bytes());
    }
    header
}

fn is_ours(bytes: &[u8]) -> bool {
    bytes.split_at_checked(HEADER).is_some_and(|(before, entries)| before == header(entries))
}

/// The sessions in the bytes of a file, by name.
pub(super) fn index(bytes: &[u8]) -> HashMap<&str, Kept<'_>> {
    let mut found = HashMap::new();
    let mut reader = Reader(bytes.get(HEADER..).unwrap_or_default());
    let mut entry =
        || Some((reader.text()?, Kept { stamp: reader.whole()?, head: reader.bytes()?, turns: reader.bytes()? }));
    while let Some((name, kept)) = entry() {
        found.insert(name, kept);
    }
    found
}

/// A file that is written.
#[derive(Debug, Default)]
pub(super) struct Draft(Writer);

impl Draft {
    /// Adds a session.
    pub(super) fn add(&mut self, stamp: u64, head: &Head, turns: &[Turn]) {
        self.add_kept(&head.name, Kept { stamp, head: &head_bytes(head), turns: &turns_bytes(turns) });
    }

    /// Adds a session as it was kept before.
    pub(super) fn add_kept(&mut self, name: &str, kept: Kept<'_>) {
        self.0.text(name);
        self.0.whole(kept.stamp);
        self.0.bytes(kept.head);
        self.0.bytes(kept.turns);
    }

    /// Puts it in the place of the old one: whoever reads has one or the other, whole.
    ///
    /// It is not synced: what a power cut takes of it is read anew.
    ///
    /// # Errors
    /// Where it cannot be written; nothing is lost by that.
    pub(super) fn save(&self, recordings: &Path) -> io::Result<()> {
        let entries = &self.0.0;
        if (entries.len() + HEADER) as u64 > LARGEST {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        // What a killed program left; another that writes at this moment writes the next time.
        files::sweep(recordings, STAGED);
        let mut file = tempfile::Builder::new().prefix(STAGED).tempfile_in(recordings)?;
        file.write_all(&header(entries))?;
        file.write_all(entries)?;
        file.persist(recordings.join(NAME)).map_err(|error| error.error)?;
        Ok(())
    }
}

fn head_bytes(head: &Head) -> Vec<u8> {
    let mut to = Writer::default();
    for text in [&head.kind, &head.bank, &head.title, &head.started, &head.outcome] {
        to.text(text);
    }
    to.maybe(head.began, |to, began| to.whole(began as u64));
    for count in [head.questions, head.answered, head.takes] {
        to.number(count as u64);
    }
    to.time(head.spoken);
    to.0
}

fn turns_bytes(turns: &[Turn]) -> Vec<u8> {
    let mut to = Writer::default();
    to.number(turns.len() as u64);
    turns.iter().for_each(|turn| write_turn(&mut to, turn));
    to.0
}

fn write_turn(to: &mut Writer, turn: &Turn) {
    to.text(&turn.question);
    to.text(&turn.section);
    to.flag(turn.follow_up);
    to.byte(STATES.iter().position(|state| *state == turn.state).unwrap_or(0) as u8);
    to.number(turn.takes as u64);
    to.time(turn.spoken);
    to.maybe(turn.newest.as_ref(), |to, newest| {
        to.number(newest.number.into());
        to.maybe(newest.odd.as_deref(), Writer::text);
    });
    to.maybe(turn.grade, |to, grade| to.byte(grade as u8));
    to.number(turn.ticked.len() as u64);
    turn.ticked.iter().for_each(|id| to.text(id));
    to.maybe(turn.story.as_deref(), Writer::text);
    to.maybe(turn.delivery, |to, delivery| {
        for value in delivery.values() {
            to.maybe(value, |to, value| to.whole(value.to_bits()));
        }
    });
}

/// The states by their numbers in the file.
const STATES: [State; 5] = [State::Other, State::Planned, State::Asked, State::Answered, State::Skipped];

impl Kept<'_> {
    /// The session in a line, whose folder is called `name`; `None` where the bytes are none.
    pub(super) fn head(&self, name: &str) -> Option<Head> {
        let mut from = Reader(self.head);
        let mut text = || from.text().map(str::to_owned);
        let (kind, bank, title, started, outcome) = (text()?, text()?, text()?, text()?, text()?);
        let began = from.maybe(|from| from.whole().map(|began| began as i64))?;
        let (questions, answered, takes) = (from.count()?, from.count()?, from.count()?);
        let spoken = from.time()?;
        let name = name.to_owned();
        let head = Head { name, kind, bank, title, started, outcome, began, questions, answered, takes, spoken };
        from.is_empty().then_some(head)
    }

    /// Its turns; `None` where the bytes are none.
    pub(super) fn turns(&self) -> Option<Vec<Turn>> {
        let mut from = Reader(self.turns);
        let turns = from.list(read_turn)?;
        from.is_empty().then_some(turns)
    }
}

fn read_turn(from: &mut Reader<'_>) -> Option<Turn> {
    Some(Turn {
        question: from.text()?.to_owned(),
        section: from.text()?.to_owned(),
        follow_up: from.flag()?,
        state: *STATES.get(usize::from(from.byte()?))?,
        takes: from.count()?,
        spoken: from.time()?,
        newest: from.maybe(|from| {
            let number = from.number()?.try_into().ok()?;
            // It may become a path one day.
            let odd = from.maybe(|from| from.text().filter(|file| check_file(file, "takes").is_ok()))?;
            Some(Newest { number, odd: odd.map(str::to_owned) })
        })?,
        grade: from.maybe(|from| Grade::ALL.get(usize::from(from.byte()?)).copied())?,
        ticked: from.list(|from| from.text().map(str::to_owned))?,
        story: from.maybe(|from| from.text().map(str::to_owned))?,
        delivery: from.maybe(|from| {
            let mut values = [None; Delivery::COUNT];
            for value in &mut values {
                *value = from.maybe(|from| from.whole().map(f64::from_bits).filter(|value| value.is_finite()))?;
            }
            Some(Delivery::of_values(values))
        })?,
    })
}
