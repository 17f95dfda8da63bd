//! Tables in a document: rows of questions with their answers, facts within an answer, or only a way to lay out a page.

use super::flow::Flow;
use super::fold::below;
use super::keys::{self, Key};
use super::{Block, Kind, block};

/// What stands between the cells of a row that is read as a sentence.
const BETWEEN: &str = " – ";

/// An open table.
#[derive(Debug, Default)]
pub(super) struct Grid {
    start: usize,
    rows: Vec<Vec<Cell>>,
    /// Whether there is a table in it.
    nested: bool,
    /// Where the open cell begins.
    open: Option<usize>,
}

/// The blocks of a cell.
type Cell = std::ops::Range<usize>;

impl Flow {
    pub(super) fn grid(&mut self) {
        self.end();
        if let Some(outer) = self.grids.last_mut() {
            outer.nested = true;
        }
        self.grids.push(Grid { start: self.blocks.len(), ..Grid::default() });
    }

    pub(super) fn row(&mut self) {
        self.end();
        if let Some(grid) = self.grids.last_mut().filter(|grid| grid.rows.len() < block::MOST) {
            grid.rows.push(Vec::new());
        }
    }

    pub(super) fn cell(&mut self) {
        self.end();
        let at = self.blocks.len();
        if let Some(grid) = self.grids.last_mut() {
            grid.open = Some(at);
        }
    }

    pub(super) fn end_cell(&mut self) {
        self.end();
        let at = self.blocks.len();
        let Some(grid) = self.grids.last_mut() else { return };
        let Some(from) = grid.open.take() else { return };
        if grid.rows.is_empty() {
            grid.rows.push(Vec::new());
        }
        if let Some(row) = grid.rows.last_mut().filter(|_| at < block::MOST) {
            row.push(from.min(at)..at);
        }
    }

    pub(super) fn end_grid(&mut self) {
        self.end_cell();
        let Some(grid) = self.grids.pop() else { return };
        if grid.nested || grid.start >= self.blocks.len() {
            return;
        }
        let blocks = self.blocks.split_off(grid.start);
        let table = Table { blocks: &blocks, start: grid.start, rows: &grid.rows, folded: self.folding > 0 };
        let settled = match table.columns() {
            Some(columns) => table.questions(&columns, below(self.level)),
            None if table.is_simple() => table.sentences(),
            None => blocks,
        };
        self.blocks.extend(settled);
    }
}

/// A whole table.
struct Table<'a> {
    blocks: &'a [Block],
    start: usize,
    rows: &'a [Vec<Cell>],
    folded: bool,
}

/// Which columns hold what.
struct Columns {
    question: usize,
    answer: Option<usize>,
    section: Option<usize>,
    /// Whether the first row says so.
    header: bool,
}

impl Table<'_> {
    fn cell(&self, row: &[Cell], column: usize) -> &[Block] {
        let range = row.get(column).cloned().unwrap_or_default();
        self.blocks
            .get(range.start.saturating_sub(self.start)..range.end.saturating_sub(self.start))
            .unwrap_or_default()
    }

    fn text(&self, row: &[Cell], column: usize) -> String {
        let texts: Vec<&str> = self.cell(row, column).iter().map(|block| block.text.as_str()).collect();
        texts.join(" ")
    }

    /// Which columns hold questions and answers, if it is such a table.
    fn columns(&self) -> Option<Columns> {
        let first = self.rows.first()?;
        let names = (0..first.len()).map(|column| match self.cell(first, column) {
            [name] => name.text.as_str(),
            _ => "",
        });
        let keys = keys::columns(names);
        let find = |key| keys.iter().position(|found| *found == Some(key));
        if let (Some(question), true) = (find(Key::Question), self.rows.len() > 1) {
            return Some(Columns { question, answer: find(Key::Answer), section: find(Key::Section), header: true });
        }
        // Without a name over it, a column is one of questions where most of its cells end so.
        let widest = self.rows.iter().map(Vec::len).max()?.min(8);
        if widest < 2 || self.rows.len() < 2 {
            return None;
        }
        (0..widest).find_map(|column| {
            let asks = |row: &&Vec<Cell>| matches!(self.cell(row, column), [cell] if cell.text.ends_with('?'));
            let asked = self.rows.iter().filter(asks).count();
            let answer = Some(column + 1).filter(|next| *next < widest);
            (asked >= 2 && asked * 4 >= self.rows.len() * 3).then_some(Columns {
                question: column,
                answer,
                section: None,
                header: false,
            })
        })
    }

    fn questions(&self, columns: &Columns, level: u8) -> Vec<Block> {
        let mut settled = Vec::with_capacity(self.blocks.len());
        let mut section = String::new();
        for row in self.rows.iter().skip(usize::from(columns.header)) {
            let question = self.cell(row, columns.question);
            let Some(first) = question.first() else { continue };
            let links = columns.answer.is_none() && question.iter().all(|block| block.kind == Kind::Link);
            if let Some(column) = columns.section {
                let title = self.text(row, column);
                if !title.is_empty() && title != section {
                    let kind = Kind::Heading(level);
                    section.clone_from(&title);
                    settled.push(Block { line: first.line, kind, text: title, bold: false, folded: self.folded });
                }
            }
            let kind = if links { Kind::Link } else { Kind::Summary };
            let text = keys::without_number(&self.text(row, columns.question)).to_owned();
            settled.push(Block { line: first.line, kind, text, bold: first.bold, folded: self.folded && links });
            if let Some(column) = columns.answer {
                settled.extend(self.cell(row, column).iter().map(|block| {
                    let kind = if block.kind == Kind::Link { Kind::Paragraph } else { block.kind };
                    Block { kind, folded: true, ..block.clone() }
                }));
            }
        }
        settled
    }

    /// Whether it has more than one column and nothing in its cells but a few words.
    fn is_simple(&self) -> bool {
        let plain = |cell: &Cell| {
            let blocks = self.blocks.get(cell.start.saturating_sub(self.start)..cell.end.saturating_sub(self.start));
            matches!(blocks, Some([] | [Block { kind: Kind::Paragraph | Kind::Link, .. }]))
        };
        self.rows.iter().any(|row| row.len() > 1) && self.rows.iter().flatten().all(plain)
    }

    fn sentences(&self) -> Vec<Block> {
        let rows = self.rows.iter().filter_map(|row| {
            let cells: Vec<&Block> = (0..row.len()).filter_map(|column| self.cell(row, column).first()).collect();
            let first = cells.first()?;
            let links = cells.iter().all(|cell| cell.kind == Kind::Link);
            let texts: Vec<&str> = cells.iter().map(|cell| cell.text.as_str()).collect();
            Some(Block {
                line: first.line,
                kind: if links { Kind::Link } else { Kind::Paragraph },
                text: texts.join(BETWEEN),
                bold: cells.iter().all(|cell| cell.bold),
                folded: self.folded,
            })
        });
        rows.collect()
    }
}
