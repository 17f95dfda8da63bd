//! Blocks from a run of marks and words: what the readers of Markdown and HTML have in common.
//!
//! A reader says where a block begins and ends, what is bold and what is a link, and hands over the words as they come.
//! What is folded away is in [`super::fold`], tables are in [`super::grid`].
//!
//! One convention joins them: a [`Kind::Summary`] is a question, and the folded blocks after it are its answer.
//! `<details>`, lists of terms and tables with a column of questions all come out so.

use super::fold::{Fold, Terms};
use super::grid::Grid;
use super::recognise::asks::{Asks, asks};
use super::{Block, Kind, block};

/// Deeper lists than this are as deep as this.
const DEEPEST: usize = 64;

/// The blocks so far, and the one that is being read.
#[derive(Debug, Default)]
pub(super) struct Flow {
    pub(super) blocks: Vec<Block>,
    /// What is inside of something left out is not taken.
    pub(super) mute: usize,
    /// The open `<details>`, and how many of them fold what is read now.
    pub(super) folds: Vec<Fold>,
    pub(super) folding: usize,
    /// The open tables and lists of terms.
    pub(super) grids: Vec<Grid>,
    pub(super) terms: Vec<Terms>,
    /// The level of the last heading.
    pub(super) level: u8,
    lists: Vec<Option<u32>>,
    /// The items of the open lists that begin in bold: where each is, and where its bold words end, and the line of those after them.
    leads: Vec<(usize, usize, usize)>,
    /// How many blocks there were before the outermost list.
    list_start: usize,
    bold: usize,
    link: usize,
    now: Words,
    kind: Option<Kind>,
    /// The item whose first words are still to come.
    item: Option<Kind>,
}

/// The words of the block that is being read.
#[derive(Debug, Default)]
struct Words {
    text: String,
    line: usize,
    /// White space came after the last word.
    gap: bool,
    /// Words that are not bold have come; words in a link, and words outside of one.
    plain: bool,
    linked: bool,
    unlinked: bool,
    /// Where the bold words at the beginning end, and the line of what follows them.
    lead: Option<(usize, usize)>,
    /// It is an item that was set as a heading.
    raised: bool,
}

impl Flow {
    /// Begins a block; the words that were open become one.
    pub(super) fn begin(&mut self, kind: Kind) {
        self.end();
        if self.item.is_some() && matches!(kind, Kind::Heading(_)) {
            self.now.raised = true;
        } else {
            self.kind = Some(kind);
        }
    }

    /// Takes words, which begin on `line`.
    pub(super) fn text(&mut self, text: &str, line: usize) {
        if self.mute > 0 {
            return;
        }
        let mut line = line;
        let now = &mut self.now;
        let mut rest = text;
        while !rest.is_empty() {
            let word = rest.trim_start_matches(blank);
            if word.len() < rest.len() {
                now.gap = true;
                line += rest[..rest.len() - word.len()].bytes().filter(|byte| *byte == b'\n').count();
            }
            let end = word.find(blank).unwrap_or(word.len());
            if word[..end].chars().any(|c| !unseen(c)) {
                now.word(&word[..end], line, self.bold > 0, self.link > 0);
            }
            rest = &word[end..];
        }
    }

    /// A space between words, where the source has none.
    pub(super) fn space(&mut self) {
        self.now.gap = true;
    }

    /// The end of a line that the author wants to be one.
    pub(super) fn line_end(&mut self) {
        match self.kind {
            Some(Kind::Heading(_) | Kind::Summary) => self.space(),
            _ => self.end(),
        }
    }

    /// From here on one more, or one fewer, of what is open is bold.
    pub(super) fn bold(&mut self, begins: bool) {
        self.bold = if begins { self.bold + 1 } else { self.bold.saturating_sub(1) };
    }

    /// From here on one more, or one fewer, of what is open is a link.
    pub(super) fn link(&mut self, begins: bool) {
        self.link = if begins { self.link + 1 } else { self.link.saturating_sub(1) };
    }

    /// Whether there are words, and all of them are bold.
    pub(super) fn is_bold(&self) -> bool {
        !self.now.text.is_empty() && !self.now.plain
    }

    /// Whether the words that are being read are in bold.
    pub(super) fn in_bold(&self) -> bool {
        self.bold > 0
    }

    /// Whether what is being read is a heading, a summary or a term.
    pub(super) fn in_title(&self) -> bool {
        self.now.raised || matches!(self.kind, Some(Kind::Heading(_) | Kind::Summary))
    }

    /// Whether what is being read is the summary of something folded away.
    pub(super) fn in_summary(&self) -> bool {
        self.kind == Some(Kind::Summary)
    }

    /// The words so far of the block that is being read.
    pub(super) fn words(&self) -> &str {
        &self.now.text
    }

    /// What is being read is an ordinary paragraph after all.
    pub(super) fn lower(&mut self) {
        self.kind = Some(Kind::Paragraph);
    }

    pub(super) fn list(&mut self, first: Option<u32>) {
        self.end();
        self.item = None;
        if self.lists.is_empty() {
            self.leads.clear();
            self.list_start = self.blocks.len();
        }
        self.lists.push(first);
    }

    pub(super) fn end_list(&mut self) {
        self.end();
        self.item = None;
        self.lists.pop();
        if self.lists.is_empty() {
            self.split_leads();
        }
    }

    /// Parts the items of a list whose bold words ask from their answers; where most of its items are so, the answers
    /// are folded below them.
    fn split_leads(&mut self) {
        let leads = std::mem::take(&mut self.leads);
        let start = self.list_start.min(self.blocks.len());
        if leads.is_empty() || leads.iter().any(|(at, ..)| *at < start) {
            return;
        }
        let items = self.blocks[start..].iter().filter(|block| is_outer(block.kind)).count();
        let mostly = leads.len() >= 2 && leads.len() * 2 >= items;
        let rest = self.blocks.split_off(start);
        let mut next = leads.into_iter().peekable();
        let mut answers = false;
        for (place, mut block) in (start..).zip(rest) {
            let lead = next.next_if(|(at, ..)| *at == place);
            let Some((_, lead, line)) = lead.filter(|(_, lead, _)| mostly || block.text[..*lead].ends_with('?')) else {
                answers &= !is_outer(block.kind) && !matches!(block.kind, Kind::Summary | Kind::Heading(_));
                block.folded |= answers;
                self.blocks.push(block);
                continue;
            };
            // A number says by itself that a question begins.
            answers = mostly && matches!(block.kind, Kind::Item { number: None, .. });
            let text = block.text[lead..].trim_start_matches(|c: char| c.is_whitespace() || "-–—:*".contains(c));
            let rest = (!text.is_empty()).then(|| text.to_owned());
            block.text.truncate(lead);
            block.text.truncate(block.text.trim_end_matches([':', ' ', '-', '–', '—']).len());
            let kind = if answers { Kind::Summary } else { block.kind };
            self.blocks.push(Block { kind, bold: true, ..block });
            if let Some(text) = rest {
                self.blocks.push(Block { line, kind: Kind::Paragraph, text, bold: false, folded: answers });
            }
        }
    }

    /// Begins an item; `value` where it has a number of its own.
    pub(super) fn item(&mut self, value: Option<u32>) {
        self.end();
        let depth = self.lists.len().saturating_sub(1).min(DEEPEST) as u8;
        let mut number = None;
        if let Some(Some(next)) = self.lists.last_mut() {
            *next = value.unwrap_or(*next);
            number = Some(*next);
            *next = next.saturating_add(1);
        }
        self.item = Some(Kind::Item { number, depth });
    }

    pub(super) fn end_item(&mut self) {
        self.end();
        self.item = None;
        self.now.raised = false;
    }

    /// Ends the block that is being read, if there is one.
    pub(super) fn end(&mut self) {
        let kind = self.kind.take();
        if self.now.text.is_empty() {
            let raised = self.now.raised && self.item.is_some();
            self.now = Words { raised, ..Words::default() };
            return;
        }
        let words = std::mem::take(&mut self.now);
        if self.blocks.len() >= block::MOST {
            return;
        }
        let kind = match kind {
            Some(Kind::Summary) => {
                self.item = None;
                Kind::Summary
            }
            _ if self.item.is_some() => self.item.take().unwrap_or(Kind::Paragraph),
            kind => kind.unwrap_or(Kind::Paragraph),
        };
        let prose = matches!(kind, Kind::Paragraph | Kind::Item { .. });
        let kind = if prose && words.linked && !words.unlinked { Kind::Link } else { kind };
        if let Kind::Heading(level) = kind {
            self.level = level;
        }
        let folded = self.folding > 0 && kind != Kind::Summary;
        let bold = !words.plain || words.raised;
        let made = |line, kind, text, bold| Block { line, kind, text, bold, folded };
        let whole = (words.text.len(), words.line);
        let outer = is_outer(kind) && self.folding == 0;
        match words.lead.or_else(|| bold.then_some(whole)).filter(|_| outer) {
            Some((lead, line)) if asks(&words.text[..lead]) != Asks::No => {
                self.leads.push((self.blocks.len(), lead, line));
            }
            _ => {}
        }
        match words.lead.filter(|_| !outer) {
            Some((lead, line)) if prose && words.text[..lead].ends_with('?') => {
                let rest = words.text[lead..].trim_start().to_owned();
                let mut text = words.text;
                text.truncate(lead);
                self.blocks.push(made(words.line, kind, text, true));
                self.blocks.push(made(line, Kind::Paragraph, rest, false));
            }
            _ => self.blocks.push(made(words.line, kind, words.text, bold)),
        }
    }
}

impl Words {
    fn word(&mut self, word: &str, line: usize, bold: bool, linked: bool) {
        if self.text.is_empty() {
            self.line = line;
        } else if self.gap {
            self.text.push(' ');
        }
        // A full stop after bold words takes nothing from them.
        if !bold && !self.plain && (self.text.is_empty() || word.chars().any(char::is_alphanumeric)) {
            self.lead = (!self.text.is_empty()).then(|| (self.text.trim_end().len(), line));
            self.plain = true;
        }
        self.linked |= linked;
        self.unlinked |= !linked && word.chars().any(char::is_alphanumeric);
        self.gap = false;
        if word.is_ascii() {
            self.text.push_str(word);
        } else {
            self.text.extend(word.chars().filter(|c| !unseen(*c)));
        }
    }
}

fn is_outer(kind: Kind) -> bool {
    matches!(kind, Kind::Item { depth: 0, .. })
}

fn blank(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

/// What is put between letters to say where a word may be broken.
fn unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}')
}
