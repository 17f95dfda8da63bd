//! An outline as it grows, row by row: what tables, JSON and flashcards have in common.

use std::collections::HashMap;

use super::keys;
use super::{Heading, Item, Outline, Remark, html};

/// Remarks beyond so many of a kind say what the others said.
const REMARKS: usize = 200;

/// More questions than this are not taken: nobody practises them, and they would not fit into memory as they do into
/// a file.
pub(super) const MOST: usize = 20_000;

/// The outline so far.
#[derive(Debug, Default)]
pub(super) struct Gather {
    pub(super) outline: Outline,
    sections: HashMap<String, usize>,
    more_unsure: usize,
    more_left_out: usize,
    /// The line of the first question that was one too many.
    full: Option<usize>,
}

impl Gather {
    /// The place of the section called `title`, which is a new one where there is none yet; `None` without a title.
    pub(super) fn section(&mut self, title: &str, line: usize) -> Option<usize> {
        let title = keys::one_line(title);
        if title.is_empty() {
            return None;
        }
        let sections = &mut self.outline.sections;
        Some(*self.sections.entry(title.to_lowercase()).or_insert_with(|| {
            sections.push(Heading { line, title, id: None });
            sections.len() - 1
        }))
    }

    /// Takes a question, unless there are too many.
    pub(super) fn item(&mut self, item: Item) {
        match self.outline.items.len() {
            MOST => self.full(item.line),
            _ => self.outline.items.push(item),
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.full.is_some()
    }

    /// There are more questions than can be taken, from `line` on.
    pub(super) fn full(&mut self, line: usize) {
        self.full.get_or_insert(line);
    }

    pub(super) fn unsure(&mut self, line: usize, text: impl Into<String>) {
        if self.outline.unsure.len() < REMARKS {
            self.outline.unsure.push(Remark { line, text: text.into() });
        } else {
            self.more_unsure += 1;
        }
    }

    pub(super) fn left_out(&mut self, line: usize, text: impl Into<String>) {
        if self.outline.left_out.len() < REMARKS {
            self.outline.left_out.push(Remark { line, text: text.into() });
        } else {
            self.more_left_out += 1;
        }
    }

    /// The outline, without the sections that hold nothing.
    pub(super) fn finish(mut self) -> Outline {
        let mut used = vec![false; self.outline.sections.len()];
        for at in self.outline.items.iter().filter_map(|item| item.section) {
            used[at] = true;
        }
        let places: Vec<usize> =
            used.iter().scan(0, |next, used| Some(std::mem::replace(next, *next + usize::from(*used)))).collect();
        let mut at = 0;
        self.outline.sections.retain(|_| {
            at += 1;
            used[at - 1]
        });
        for item in &mut self.outline.items {
            item.section = item.section.map(|at| places[at]);
        }
        if let Some(line) = self.full {
            let text = format!("there are more than {MOST} questions: what begins here was left out");
            self.outline.left_out.push(Remark { line, text });
        }
        for (remarks, more) in
            [(&mut self.outline.unsure, self.more_unsure), (&mut self.outline.left_out, self.more_left_out)]
        {
            remarks.sort_by_key(|remark| remark.line);
            if let (Some(last), true) = (remarks.last(), more > 0) {
                let text = format!("{more} more remarks of this kind follow");
                remarks.push(Remark { line: last.line, text });
            }
        }
        self.outline
    }
}

/// The words of a field in one line; a field that is HTML without its tags.
pub(super) fn plain(text: &str) -> String {
    const TAGS: [&str; 9] = ["</p>", "</li>", "</div>", "</ul>", "<br>", "<br/>", "<br />", "</strong>", "&nbsp;"];
    if text.contains(['<', '&']) && TAGS.iter().any(|tag| text.contains(tag)) {
        html::words(text)
    } else {
        keys::one_line(text)
    }
}

/// Like [`plain`]; `None` where nothing is left.
pub(super) fn some(text: &str) -> Option<String> {
    Some(plain(text)).filter(|text| !text.is_empty())
}

/// A prompt: a field without the number before its question.
pub(super) fn prompt(text: &str) -> String {
    keys::without_number(&plain(text)).to_owned()
}
