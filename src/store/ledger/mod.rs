//! What all sessions come to: of each what it asked, how much was said, how it was rated and how it was said.
//!
//! It reads, and measures nothing. Sessions that are over and as they were are read from a derived file, see `cache`;
//! all others are loaded as ever, and repaired where they need it.

mod answered;
mod bytes;
mod cache;
mod digest;
mod gather;
mod stamp;

pub use answered::{answered, day_of};
pub use digest::{Delivery, Digest, Head, Newest, State, Turn};
pub use gather::{All, Listed, Mended, list, read};
