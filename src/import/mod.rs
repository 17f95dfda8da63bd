//! Questions from files of every kind: what was found in them, and the bank that it comes to.
//!
//! Data flows one way: bytes to text, text to blocks or rows, these to an [`Outline`] of what was
//! understood, and the outline to a bank.
//! It reads no file and writes none, and it never fails on input: what cannot be understood is told, with its line.

pub mod alike;
pub mod anki;
pub mod block;
pub mod decode;
pub mod draft;
mod flow;
mod fold;
mod gather;
mod grammar;
mod grid;
pub mod html;
pub mod json;
mod keys;
mod lines;
mod mail;
pub mod markdown;
pub mod names;
pub mod outline;
pub mod plain;
pub mod points;
pub mod read;
pub mod recognise;
mod sections;
pub mod sniff;
pub mod table;
mod words;

pub use block::{Block, Kind};
pub use draft::{Changes, Draft, Earlier, draft};
pub use outline::{Heading, Item, Outline, Remark};
pub use read::{Reading, Unread, read};
pub use sniff::Form;

#[cfg(test)]
mod hostile_tests;
