//! Blocks of a document as questions with their answers in sections.
//!
//! What a block is, is judged by the whole document: how its questions are numbered or set, and where its headings
//! stand. It knows no form of files: plain text, Markdown and HTML all come here as blocks.

pub mod asks;
mod choice;
mod doubt;
pub mod furniture;
mod join;
mod language;
mod loose;
pub mod mark;
mod piece;
mod repeated;
mod series;
mod speakers;
pub mod title;
mod walk;

use super::block::Block;
use super::outline::Outline;

/// What a document asks.
pub fn recognise(blocks: &[Block]) -> Outline {
    let pieces = piece::pieces(blocks);
    let chosen = choice::choose(&pieces);
    let mut outline = walk::walk(&pieces, &chosen);
    repeated::told_once(&mut outline);
    outline.language = language::language(blocks);
    outline.unsure.sort_by_key(|remark| remark.line);
    outline.left_out.sort_by_key(|remark| remark.line);
    outline
}

#[cfg(test)]
mod tests;
