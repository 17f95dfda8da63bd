//! The text that Anki exports: notes in rows, with what their columns are in the lines above them.

use csv::ReaderBuilder;

use super::gather::{self, Gather, MOST};
use super::keys::{self, Key};
use super::lines::Lines;
use super::{Item, Outline, html};

/// Tags that say how a card is learned, not what it is about.
const STATES: [&str; 2] = ["leech", "marked"];

/// Longer names of sounds are none, in bytes.
const LONGEST_SOUND: usize = 300;

/// What an export of Anki holds.
pub fn outline(text: &str) -> Outline {
    let (head, start) = Head::of(text);
    let lines = Lines::of(text);
    let rest = text.get(start..).unwrap_or_default();
    let mut reader =
        ReaderBuilder::new().delimiter(head.between).has_headers(false).flexible(true).from_reader(rest.as_bytes());
    let mut row = csv::StringRecord::new();
    let mut notes = Vec::new();
    let mut gather = Gather::default();
    // The text is UTF-8 and in memory, and rows may be of any length: nothing here can fail but the end.
    while reader.read_record(&mut row).unwrap_or(false) {
        let at = row.position().map_or(0, |position| position.byte() as usize);
        let tail = rest.get(at..).unwrap_or_default();
        let line = lines.at(start + at + tail.len() - tail.trim_start_matches(['\r', '\n']).len());
        if row.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        if notes.len() == MOST {
            gather.full(line);
            break;
        }
        let fields: Vec<&str> = row.iter().collect();
        match head.note(&fields, line) {
            Some(note) => notes.push(note),
            None => gather.left_out(line, "this note has nothing on its front"),
        }
    }
    let width = notes.iter().flat_map(|note: &Note| &note.spare).max().map_or(0, |last| last + 1);
    let spare = (0..width.min(WIDEST)).filter(|column| notes.iter().any(|note| note.spare.contains(column)));
    let name = |column: usize| {
        head.names
            .get(column)
            .filter(|name| !name.is_empty())
            .cloned()
            .unwrap_or_else(|| format!("number {}", column + 1))
    };
    let names: Vec<String> = spare.map(name).collect();
    if let (Some(first), false) = (notes.iter().find(|note| !note.spare.is_empty()), names.is_empty()) {
        let what = if names.len() == 1 { "the column" } else { "the columns" };
        gather.left_out(first.item.line, format!("{what} {}", gather::listed(&names)));
    }
    let root = root_of(notes.iter().map(|note| note.deck.as_str()));
    for note in notes {
        let deck = note.deck.get(root.len()..).unwrap_or_default().trim_start_matches("::");
        let item = Item { section: gather.section(&deck.replace("::", " – "), note.item.line), ..note.item };
        if note.cloze {
            gather.unsure(item.line, "this note is a text with gaps: it was taken whole, and may not be a question");
        }
        gather.item(item);
    }
    if !root.is_empty() {
        gather.outline.title = gather::some(&root.replace("::", " – "));
    }
    gather.finish()
}

/// What the lines above the notes say.
#[derive(Debug)]
struct Head {
    between: u8,
    /// Whether fields are HTML; `None` where nothing says so.
    html: Option<bool>,
    deck: Option<String>,
    /// Columns that are no fields of a note, from 0.
    decks: Option<usize>,
    tags: Option<usize>,
    guids: Option<usize>,
    types: Option<usize>,
    names: Vec<String>,
    /// Tags of all notes.
    all: Vec<String>,
}

/// Columns beyond this one are not told of where they are taken for nothing.
const WIDEST: usize = 64;

struct Note {
    item: Item,
    deck: String,
    cloze: bool,
    /// Columns with something in them that is taken for nothing.
    spare: Vec<usize>,
}

impl Head {
    /// What the head says, and where the notes begin.
    fn of(text: &str) -> (Self, usize) {
        let mut head = Self {
            between: b'\t',
            html: None,
            deck: None,
            decks: None,
            tags: None,
            guids: None,
            types: None,
            names: Vec::new(),
            all: Vec::new(),
        };
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let Some((key, value)) = line.strip_prefix('#').and_then(|line| line.split_once(':')) else { break };
            let value = value.trim_end_matches(['\r', '\n']);
            let column = || value.trim().parse::<usize>().ok().and_then(|column| column.checked_sub(1));
            match key.trim().to_ascii_lowercase().as_str() {
                "separator" => head.between = separator(value),
                "html" => head.html = Some(value.trim().eq_ignore_ascii_case("true")),
                "deck" => head.deck = Some(value.trim().to_owned()),
                "deck column" => head.decks = column(),
                "tags" => head.all = own_tags(value),
                "tags column" => head.tags = column(),
                "guid column" => head.guids = column(),
                "notetype column" => head.types = column(),
                "columns" => {
                    head.names = value.split(char::from(head.between)).map(|name| name.trim().to_owned()).collect();
                }
                _ => {}
            }
            start += line.len();
        }
        (head, start)
    }

    fn note(&self, fields: &[&str], line: usize) -> Option<Note> {
        let special = [self.decks, self.tags, self.guids, self.types];
        let own: Vec<usize> = (0..fields.len()).filter(|column| !special.contains(&Some(*column))).collect();
        let keys = keys::columns(self.names.iter().map(String::as_str));
        let called = |key| own.iter().copied().find(|column| keys.get(*column) == Some(&Some(key)));
        let front = called(Key::Question).or_else(|| own.first().copied())?;
        let back = called(Key::Answer).or_else(|| own.iter().copied().find(|column| *column > front));
        let field = |column: Option<usize>| column.and_then(|column| fields.get(column)).copied().unwrap_or_default();
        let (prompt, cloze) = self.words(field(Some(front)));
        let prompt = keys::without_number(&prompt).to_owned();
        if prompt.is_empty() {
            return None;
        }
        let answer = Some(self.words(field(back)).0).filter(|answer| !answer.is_empty());
        let column = |special: Option<usize>, key| special.or_else(|| called(key).filter(|at| Some(*at) != back));
        let mut tags = own_tags(field(column(self.tags, Key::Tags)));
        tags.extend(self.all.iter().cloned());
        let id = field(column(self.guids, Key::Id)).trim();
        let deck = match field(column(self.decks, Key::Section)).trim() {
            "" => self.deck.clone().unwrap_or_default(),
            deck => deck.to_owned(),
        };
        let points = field(column(None, Key::Points));
        let item = Item {
            line,
            section: None,
            prompt,
            answer,
            id: (!id.is_empty()).then(|| id.to_owned()),
            tags,
            points: keys::parts(points)
                .iter()
                .map(|point| self.words(point).0)
                .filter(|point| !point.is_empty())
                .collect(),
            follow_ups: Vec::new(),
        };
        let taken = [Some(front), back, called(Key::Tags), called(Key::Id), called(Key::Section), called(Key::Points)];
        let is_spare = |column: &usize| !taken.contains(&Some(*column)) && !field(Some(*column)).trim().is_empty();
        let spare = own.iter().copied().filter(is_spare).collect();
        Some(Note { item, deck, cloze, spare })
    }

    /// The words of a field, and whether it has gaps.
    fn words(&self, field: &str) -> (String, bool) {
        let (field, cloze) = without_marks(field);
        let words = match self.html {
            Some(true) if field.contains(['<', '&']) => html::words(&field),
            None => gather::plain(&field),
            _ => keys::one_line(&field),
        };
        (words, cloze)
    }
}

fn separator(value: &str) -> u8 {
    match value.trim().to_ascii_lowercase().as_str() {
        "comma" => b',',
        "semicolon" => b';',
        "space" => b' ',
        "pipe" => b'|',
        "colon" => b':',
        other => match other.as_bytes() {
            [one] => *one,
            _ => b'\t',
        },
    }
}

fn own_tags(field: &str) -> Vec<String> {
    field.split_whitespace().filter(|tag| !STATES.contains(tag)).map(str::to_owned).collect()
}

/// A field without its sounds, and with what its gaps hide: `{{c1::x::hint}}` is `x`.
fn without_marks(field: &str) -> (String, bool) {
    let mut read = String::with_capacity(field.len());
    let (mut rest, mut open, mut cloze) = (field, 0_usize, false);
    while let Some(at) = rest.find(['[', '{', '}', ':']) {
        read.push_str(&rest[..at]);
        rest = &rest[at..];
        let sound = rest.strip_prefix("[sound:").and_then(|sound| {
            let end = sound.bytes().take(LONGEST_SOUND).position(|byte| byte == b']')?;
            sound.get(end + 1..)
        });
        let gap = rest.strip_prefix("{{c").map(|gap| gap.trim_start_matches(|c: char| c.is_ascii_digit()));
        if let Some(after) = sound {
            read.push(' ');
            rest = after;
        } else if let Some(after) = gap.and_then(|gap| gap.strip_prefix("::")) {
            (open, cloze, rest) = (open + 1, true, after);
        } else if let (Some(after), true) = (rest.strip_prefix("}}"), open > 0) {
            (open, rest) = (open - 1, after);
        } else if let (Some(hint), true) = (rest.strip_prefix("::"), open > 0) {
            rest = hint.find("}}").map_or("", |end| &hint[end..]);
        } else {
            let next = rest.chars().next().map_or(rest.len(), char::len_utf8);
            read.push_str(&rest[..next]);
            rest = &rest[next..];
        }
    }
    read.push_str(rest);
    (read, cloze)
}

/// The deck that all `decks` lie in, or are.
fn root_of<'a>(mut decks: impl Iterator<Item = &'a str>) -> String {
    let Some(first) = decks.next() else { return String::new() };
    let mut root: Vec<&str> = first.split("::").collect();
    for deck in decks {
        let same = root.iter().zip(deck.split("::")).take_while(|(a, b)| **a == *b).count();
        root.truncate(same);
    }
    root.join("::")
}

#[cfg(test)]
mod tests;
