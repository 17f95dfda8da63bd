//! Tables as text: values with commas, semicolons or tabs between them, as spreadsheets export them.
//!
//! What its columns hold is in [`layout`].

mod layout;

use csv::{ReaderBuilder, StringRecord};

use self::layout::Layout;
use super::gather::{self, Gather};
use super::keys;
use super::lines::Lines;
use super::{Item, Outline};

/// So many rows are looked at to learn what the columns hold.
const LOOKED_AT: usize = 60;

/// What a table holds. It never fails: what a row has too much or too little of is told in the outline.
pub fn outline(text: &str) -> Outline {
    let (between, start) = match layout::announced(text) {
        Some((between, start)) => (between, start),
        None => (layout::separator(text), 0),
    };
    let lines = Lines::of(text);
    let mut rows = Rows::of(text, start, between);
    let mut ahead = Vec::new();
    while ahead.len() < LOOKED_AT {
        let Some(row) = rows.next() else { break };
        ahead.push(row);
    }
    let first: Vec<&StringRecord> = ahead.iter().map(|(_, row)| row).collect();
    let Some(layout) = Layout::of(&first) else { return Outline::default() };
    let titles = layout.titles.min(ahead.len());
    let header = layout.header.then(|| ahead.get(titles).map(|(_, row)| row.clone())).flatten();
    let spare = vec![false; layout.width];
    let gather = Gather::default();
    let mut table = Table { layout, between: char::from(between), header, gather, section: None, spare };
    for (at, _) in ahead.drain(..titles) {
        table.gather.left_out(lines.at(at), "what stands above the names of the columns");
    }
    let top = ahead.first().map_or(1, |(at, _)| lines.at(*at));
    if let (Some(row), false) = (ahead.first(), table.layout.named) {
        let line = lines.at(row.0);
        table.gather.unsure(line, format!("no column says that it holds questions: {}", table.layout.guess()));
    }
    let mut last = 0;
    for (at, row) in ahead.into_iter().skip(usize::from(table.layout.header)).chain(rows) {
        last = at;
        table.take(lines.at(at), &row);
        if table.gather.is_full() {
            break;
        }
    }
    let tail = text.get(last..).unwrap_or_default();
    if tail.contains('\n') && tail.trim_end().contains('\n') && text.matches('"').count() % 2 == 1 {
        table.gather.unsure(
            lines.at(last),
            "a quotation mark opens here, or above, and is never closed: what follows it was taken into one row",
        );
    }
    table.tell_spare(top);
    table.gather.finish()
}

/// The rows of a table with the offsets at which they begin; empty ones are passed over.
pub(super) struct Rows<'a> {
    text: &'a str,
    start: usize,
    reader: csv::Reader<&'a [u8]>,
}

impl<'a> Rows<'a> {
    pub(super) fn of(text: &'a str, start: usize, between: u8) -> Self {
        let rest = text.get(start..).unwrap_or_default();
        let reader =
            ReaderBuilder::new().delimiter(between).has_headers(false).flexible(true).from_reader(rest.as_bytes());
        Self { text, start, reader }
    }
}

impl Iterator for Rows<'_> {
    type Item = (usize, StringRecord);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let mut row = StringRecord::new();
            // The text is UTF-8 and in memory, and rows may be of any length: nothing here can fail but the end.
            if !self.reader.read_record(&mut row).unwrap_or(false) {
                return None;
            }
            if row.iter().any(|field| !field.trim().is_empty()) {
                let at = self.start + row.position().map_or(0, |position| position.byte() as usize);
                // The reader counts empty lines to the row after them.
                let rest = self.text.get(at..).unwrap_or_default();
                return Some((at + rest.len() - rest.trim_start_matches(['\r', '\n']).len(), row));
            }
        }
    }
}

/// A table while its rows are taken.
struct Table {
    layout: Layout,
    between: char,
    header: Option<StringRecord>,
    gather: Gather,
    section: Option<usize>,
    /// Which columns have something in them that is taken for nothing.
    spare: Vec<bool>,
}

impl Table {
    fn take(&mut self, line: usize, row: &StringRecord) {
        if self.header.as_ref() == Some(row) {
            return;
        }
        let mended = self.mended(row);
        if mended.is_some() {
            let told = format!("a {} without quotes around its text was taken as a part of it", self.separator());
            self.gather.unsure(line, told);
        }
        let row = mended.as_ref().unwrap_or(row);
        for (column, (field, spare)) in row.iter().zip(&mut self.spare).enumerate() {
            *spare |= !field.trim().is_empty() && !self.layout.takes(column);
        }
        let field = |column: Option<usize>| column.and_then(|column| row.get(column)).unwrap_or_default();
        let layout = &self.layout;
        let prompt = gather::prompt(field(Some(layout.question)));
        let mut answer = field(layout.answer).to_owned();
        if let Some(section) = gather::some(field(layout.section)) {
            self.section = self.gather.section(&section, line);
        }
        if prompt.is_empty() {
            self.gather.left_out(line, "this row has no question");
            return;
        }
        if self.is_heading(row, &prompt) {
            self.section = self.gather.section(&prompt, line);
            self.gather.unsure(line, "this row has nothing but a name: it was taken as the heading of a section");
            return;
        }
        let (width, found) = (self.layout.width, row.len());
        let spare: Vec<&str> = row.iter().skip(width).collect();
        if found > width && spare.iter().any(|field| !field.trim().is_empty()) {
            let told = format!("this row has {found} values, where there are {width} columns");
            if self.layout.answer == Some(width - 1) {
                for field in spare {
                    answer.push(self.between);
                    answer.push_str(field);
                }
                self.gather.unsure(line, format!("{told}: the last ones were taken as parts of the answer"));
            } else {
                self.gather.unsure(line, format!("{told}: the last ones were left out"));
            }
        } else if found < width && self.layout.header {
            self.gather.unsure(line, format!("this row has {found} values, where there are {width} columns"));
        }
        self.gather.item(Item {
            line,
            section: self.section,
            prompt,
            answer: gather::some(&answer),
            id: gather::some(field(self.layout.id)),
            tags: keys::tags(field(self.layout.tags)),
            points: keys::parts(field(self.layout.points)),
            follow_ups: keys::parts(field(self.layout.follow_ups)),
        });
    }

    /// The row with the texts joined that nobody put in quotes, where that explains why it is too long: after a comma
    /// in prose comes a space.
    fn mended(&self, row: &StringRecord) -> Option<StringRecord> {
        let mut spare = row.len().checked_sub(self.layout.width).filter(|spare| *spare > 0)?;
        let mut fields: Vec<String> = Vec::with_capacity(row.len());
        for field in row {
            match fields.last_mut() {
                Some(before) if spare > 0 && field.starts_with(' ') && !before.is_empty() => {
                    spare -= 1;
                    before.push(self.between);
                    before.push_str(field);
                }
                _ => fields.push(field.to_owned()),
            }
        }
        (spare == 0).then(|| StringRecord::from(fields))
    }

    /// Tells which columns were taken for nothing; numbers of rows need no telling.
    fn tell_spare(&mut self, line: usize) {
        let header = self.header.as_ref();
        let name = |column: usize| header.and_then(|row| row.get(column)).and_then(gather::some);
        let spare = self.spare.iter().enumerate().filter(|(_, spare)| **spare).map(|(column, _)| column);
        let counts = |name: &str| matches!(name.to_lowercase().as_str(), "#" | "no" | "no." | "nr" | "nr." | "row");
        let names: Vec<String> = spare
            .map(|column| name(column).unwrap_or_else(|| format!("number {}", column + 1)))
            .filter(|name| !counts(name))
            .collect();
        if !names.is_empty() {
            let what = if names.len() == 1 { "the column" } else { "the columns" };
            self.gather.left_out(line, format!("{what} {}", gather::listed(&names)));
        }
    }

    fn separator(&self) -> &'static str {
        match self.between {
            ',' => "comma",
            ';' => "semicolon",
            '\t' => "tab",
            _ => "separator",
        }
    }

    /// Whether a row is a heading that somebody wrote between the rows.
    fn is_heading(&self, row: &StringRecord, prompt: &str) -> bool {
        self.layout.answer.is_some()
            && self.layout.section.is_none()
            && row.iter().filter(|field| !field.trim().is_empty()).count() == 1
            && !keys::looks_asked(prompt)
            && !prompt.ends_with('.')
    }
}

#[cfg(test)]
mod tests;
