//! A document as a row of blocks: what plain text, Markdown and HTML have in common.

/// More blocks than this are not taken from a document: a list of questions has hundreds, and a reader may stop here.
pub const MOST: usize = 200_000;

/// What a block is in its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A heading, from 1 (the title of a page) to 6.
    Heading(u8),
    /// A paragraph; in plain text a line that stands alone, or lines that were wrapped.
    Paragraph,
    /// An item of a list; `number` where the list is numbered, `depth` 0 for the outermost list.
    Item {
        /// Its number, where the list is numbered.
        number: Option<u32>,
        /// How many lists it lies in, apart from its own.
        depth: u8,
    },
    /// What can be seen of something folded away: the `<summary>` of `<details>`.
    Summary,
    /// Words that lead elsewhere and nothing else: a link alone in its block, an item of a table of contents.
    Link,
}

/// A part of a document, with its text in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// What it is.
    pub kind: Kind,
    /// Its text without markup; single spaces between words.
    pub text: String,
    /// Whether all of it is set in bold: authors write headings and questions so.
    pub bold: bool,
    /// Whether it lies folded away below the [`Kind::Summary`] before it.
    pub folded: bool,
}

/// Blocks as lines that a test can be read by: the line, the kind, `*` for bold, `>` for folded, the text.
#[cfg(test)]
pub(super) fn shown(blocks: &[Block]) -> Vec<String> {
    let kind = |kind: &Kind| match kind {
        Kind::Heading(level) => format!("h{level}"),
        Kind::Paragraph => "p".to_owned(),
        Kind::Item { number: Some(number), depth } => format!("{number}/{depth}"),
        Kind::Item { number: None, depth } => format!("-/{depth}"),
        Kind::Summary => "summary".to_owned(),
        Kind::Link => "link".to_owned(),
    };
    let flags = |block: &Block| format!("{}{}", if block.bold { "*" } else { "" }, if block.folded { ">" } else { "" });
    blocks.iter().map(|block| format!("{} {}{} {}", block.line, kind(&block.kind), flags(block), block.text)).collect()
}
