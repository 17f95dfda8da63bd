//! What must hold whatever bytes come: shared by the fuzz targets in `fuzz/` and by `tests/fuzz_corpus.rs`.
//!
//! Each check takes any bytes at all and panics where a promise is broken. It knows nothing of who made the bytes.

pub mod bank;
pub mod journal;
pub mod session;
pub mod settings;
pub mod text;
pub mod wav;

/// A check and the name of its target, under which its seeds lie.
pub type Check = (&'static str, fn(&[u8]));

/// Every check there is.
pub const ALL: [Check; 6] = [
    ("text", text::check),
    ("bank", bank::check),
    ("settings", settings::check),
    ("journal", journal::check),
    ("wav", wav::check),
    ("session", session::check),
];

/// Panics where a character could steer a terminal or hide text; a list of its own, not the sanitiser's.
#[track_caller]
pub fn harmless(text: &str, lines: bool) {
    for character in text.chars() {
        let fine = match u32::from(character) {
            0x0A => lines,
            0x00..=0x1F | 0x7F..=0x9F => false,              // C0, DEL, C1
            0xAD | 0x61C | 0x180E | 0xFEFF | 0x34F => false, // soft hyphen, marks, joiners
            0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F => false, // zero width, separators, bidirectional
            0xFE00..=0xFE0F | 0xE0000..=0xE0FFF => false,    // variation selectors, tags
            0xFFF9..=0xFFFB | 0xFFFE..=0xFFFF => false,      // annotations, noncharacters
            0xE000..=0xF8FF | 0xF0000.. => false,            // private use
            _ => true,
        };
        assert!(fine, "U+{:04X} in {text:?}", u32::from(character));
    }
}
