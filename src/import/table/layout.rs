//! What stands between the values of a table, and what its columns hold.

use csv::StringRecord;

use super::{LOOKED_AT, Rows};
use crate::import::keys::{self, Key};

/// What may stand between two values; the last one is the likeliest to stand within one.
const SEPARATORS: [u8; 4] = [b'\t', b';', b'|', b','];
/// Stands between the values of a table that has only one column: it is in no text.
const NONE: u8 = 0x1f;
/// So much of a text is looked at to learn what stands between its values, in bytes.
const SAMPLE: usize = 64 * 1024;
/// The names of the columns stand in one of so many rows.
const TITLES: usize = 12;
/// Columns beyond this one are not looked at where nothing says what they hold.
const WIDEST: usize = 12;

/// The separator that the first line announces, as some spreadsheets do it, and where the rows begin.
pub(super) fn announced(text: &str) -> Option<(u8, usize)> {
    let line = text.lines().next()?;
    let between = line.strip_prefix("sep=").or_else(|| line.strip_prefix("\"sep=")?.strip_suffix('"'))?;
    let between = *between.as_bytes().first()?;
    between.is_ascii().then(|| (between, text.find('\n').map_or(text.len(), |at| at + 1)))
}

/// What stands between the values of `text`.
pub(super) fn separator(text: &str) -> u8 {
    let mut end = text.len().min(SAMPLE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let sample = &text[..end];
    let mut best: Option<(usize, u8)> = None;
    let mut likeliest: Option<(usize, u8)> = None;
    for between in SEPARATORS {
        let rows: Vec<StringRecord> = Rows::of(sample, 0, between).map(|(_, row)| row).take(LOOKED_AT).collect();
        if rows.is_empty() {
            return NONE;
        }
        for (place, row) in rows.iter().take(TITLES).enumerate() {
            let keys = named(row, WIDEST);
            let known = keys.iter().flatten().count();
            if !keys.contains(&Some(Key::Question)) || place > 0 && known < 2 {
                continue;
            }
            let score = if row.len() > 1 { 1 + known } else { 0 };
            if best.is_none_or(|(before, _)| score > before) {
                best = Some((score, if score > 0 { between } else { NONE }));
            }
            break;
        }
        // Without names, the rows must agree on how many values they have.
        let mut widths: Vec<usize> = rows.iter().map(StringRecord::len).collect();
        widths.sort_unstable();
        let middle = widths[widths.len() / 2];
        let alike = widths.iter().filter(|width| **width == middle).count();
        if middle > 1 && alike * 10 >= widths.len() * 7 {
            let share = alike * 100 / widths.len();
            if likeliest.is_none_or(|(before, _)| share > before) {
                likeliest = Some((share, between));
            }
        }
    }
    best.or(likeliest).map_or(NONE, |(_, between)| between)
}

/// What the columns hold by the names in a row, those of a form too.
fn named(row: &StringRecord, most: usize) -> Vec<Option<Key>> {
    let keys = keys::columns(row.iter().take(most));
    if keys.contains(&Some(Key::Question)) {
        return keys;
    }
    // A name that asks is one only among others: a list of questions may begin with one about answers.
    let asked = keys::asked_columns(row.iter().take(most));
    let both = asked.contains(&Some(Key::Question)) && asked.contains(&Some(Key::Answer));
    let about = row.iter().take(most).any(keys::is_about);
    if asked.contains(&Some(Key::Question)) && (both || about) { asked } else { keys }
}

/// Which column holds what.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub(super) width: usize,
    /// Whether the first row names the columns.
    pub(super) header: bool,
    /// How many rows stand above the names: a title, the day of the export.
    pub(super) titles: usize,
    /// Whether one of the names says where the questions are.
    pub(super) named: bool,
    pub(super) question: usize,
    pub(super) answer: Option<usize>,
    pub(super) section: Option<usize>,
    pub(super) tags: Option<usize>,
    pub(super) points: Option<usize>,
    pub(super) follow_ups: Option<usize>,
    pub(super) id: Option<usize>,
}

impl Layout {
    /// What the columns of a table hold that begins with `rows`; `None` without rows.
    pub(super) fn of(rows: &[&StringRecord]) -> Option<Self> {
        let titles = titles(rows);
        let rows = rows.get(titles..).unwrap_or_default();
        let first = rows.first()?;
        let keys = named(first, usize::MAX);
        let find = |key| keys.iter().position(|found| *found == Some(key));
        let mut layout = Self {
            titles,
            width: first.len(),
            answer: find(Key::Answer),
            section: find(Key::Section),
            tags: find(Key::Tags),
            points: find(Key::Points),
            follow_ups: find(Key::FollowUps),
            id: find(Key::Id),
            ..Self::default()
        };
        let known = keys.iter().flatten().count();
        if let Some(question) = find(Key::Question) {
            return Some(Self { header: true, named: true, question, ..layout });
        }
        let body = Columns { rows: rows.get(1..).unwrap_or_default() };
        if known > 0 && first.iter().all(|name| !name.trim_end().ends_with('?')) {
            let taken = |column: usize| keys.get(column).copied().flatten().is_some();
            let free = (0..layout.width.min(WIDEST)).filter(|column| !taken(*column));
            layout.question =
                free.max_by_key(|column| (body.asked(*column), body.words(*column), usize::MAX - *column))?;
            return Some(Self { header: true, ..layout });
        }
        layout = Self { titles, width: rows.iter().map(|row| row.len()).max()?, ..Self::default() };
        let all = Columns { rows };
        let width = layout.width.min(WIDEST);
        layout.question = (0..width).max_by_key(|column| (all.asked(*column), WIDEST - *column))?;
        if all.asked(layout.question) == 0 {
            layout.question = (0..width).find(|column| all.words(*column) >= 3 * rows.len()).unwrap_or(0);
        }
        // Names that nobody could foresee: the only one that asks nothing above others that all do.
        let asks = first.get(layout.question).is_some_and(|field| field.trim_end().ends_with('?'));
        layout.header = !asks && body.rows.len() > 1 && body.asked(layout.question) * 5 >= body.rows.len() * 4;
        let others = (layout.question + 1..width).filter(|column| all.words(*column) >= 2 * rows.len());
        layout.answer = others.max_by_key(|column| (all.words(*column), WIDEST - *column));
        let before = layout.question.checked_sub(1).filter(|column| all.is_repeated(*column));
        layout.section = before;
        Some(layout)
    }

    /// Whether a column is taken for something.
    pub(super) fn takes(&self, column: usize) -> bool {
        let others = [self.answer, self.section, self.tags, self.points, self.follow_ups, self.id];
        column == self.question || others.contains(&Some(column))
    }

    /// What was guessed, as the end of a sentence.
    pub(super) fn guess(&self) -> String {
        let answers = match self.answer {
            Some(answer) => format!(", column {} as the answers", answer + 1),
            None => String::new(),
        };
        format!("column {} was taken as the questions{answers}", self.question + 1)
    }
}

/// How many rows stand above the one that names the columns.
fn titles(rows: &[&StringRecord]) -> usize {
    let full = |row: &StringRecord| row.iter().filter(|field| !field.trim().is_empty()).count();
    let names = |row: &&StringRecord| {
        let keys = named(row, usize::MAX);
        full(row) >= 2 && keys.contains(&Some(Key::Question)) && keys.iter().flatten().count() >= 2
    };
    if rows.first().is_none_or(names) {
        return 0;
    }
    let asks = |row: &&&StringRecord| row.iter().any(|field| field.trim_end().ends_with(['?', '.']));
    let above = rows.iter().take(TITLES).take_while(|row| !asks(row) || names(row));
    above.enumerate().find(|(_, row)| names(row)).map_or(0, |(place, _)| place)
}

/// The columns of some rows.
struct Columns<'a> {
    rows: &'a [&'a StringRecord],
}

impl Columns<'_> {
    fn fields(&self, column: usize) -> impl Iterator<Item = &str> {
        self.rows.iter().filter_map(move |row| row.get(column)).map(str::trim).filter(|field| !field.is_empty())
    }

    /// How many of a column's fields end with a question mark.
    fn asked(&self, column: usize) -> usize {
        self.fields(column).filter(|field| field.ends_with('?')).count()
    }

    fn words(&self, column: usize) -> usize {
        self.fields(column).map(|field| field.split_whitespace().count()).sum()
    }

    /// Whether a column has few words, and the same ones again and again, as the names of sections are.
    fn is_repeated(&self, column: usize) -> bool {
        let mut fields: Vec<&str> = self.fields(column).collect();
        let all = fields.len();
        let words = fields.iter().all(|field| field.chars().any(char::is_alphabetic) && field.len() < 60);
        fields.sort_unstable();
        fields.dedup();
        words && all > 2 && fields.len() * 2 <= all
    }
}
