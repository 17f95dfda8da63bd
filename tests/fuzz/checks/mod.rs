//! What must hold whatever bytes come: shared by the fuzz targets in `fuzz/` and by `tests/fuzz_corpus.rs`.
//!
//! Each check takes any bytes at all and panics where a promise is broken. It knows nothing of who made the bytes.

pub mod bank;
#[path = "../../support/harmless.rs"]
mod harmless;
pub mod import;
pub mod journal;
pub mod panel;
pub mod session;
pub mod settings;
pub mod text;
pub mod wav;

pub use harmless::harmless;

/// A check and the name of its target, under which its seeds lie.
pub type Check = (&'static str, fn(&[u8]));

/// Every check there is.
pub const ALL: [Check; 8] = [
    ("text", text::check),
    ("bank", bank::check),
    ("import", import::check),
    ("panel", panel::check),
    ("settings", settings::check),
    ("journal", journal::check),
    ("wav", wav::check),
    ("session", session::check),
];
