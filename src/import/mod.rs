//! Questions from files of every kind: what was found in them, and the bank that it comes to.
//!
//! Data flows one way: bytes to text, text to blocks or rows, these to an [`Outline`] of what was
//! understood, and the outline to a bank.
//! It reads no file and writes none, and it never fails on input: what cannot be understood is told, with its line.

pub mod alike;
pub mod block;
pub mod decode;
pub mod draft;
pub mod names;
pub mod outline;
pub mod plain;
pub mod points;
pub mod recognise;
mod sections;
mod words;

pub use block::{Block, Kind};
pub use outline::{Heading, Item, Outline, Remark};
