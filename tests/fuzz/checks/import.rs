//! The importer: whatever the bytes are, a bank within all bounds comes of them, or nothing.

use std::sync::OnceLock;

use greenroom::import::{draft, read};
use greenroom::interview::Format;
use greenroom::store::bank_file::parse_bank;
use greenroom::store::bank_writer::write;
use greenroom::store::format_file::formats;

use super::bank::bounded;

/// What the file is called, by its first byte: a figure.
const NAMES: [&str; 8] = ["x.txt", "x.md", "x.html", "x.csv", "x.tsv", "x.json", "x.jsonl", "x"];

fn known() -> &'static [Format] {
    static KNOWN: OnceLock<Vec<Format>> = OnceLock::new();
    KNOWN.get_or_init(|| formats(None).expect("the built-in formats are well"))
}

/// What is imported and saved reads back as it was, and saved again it is the same; every remark names a line.
pub fn check(bytes: &[u8]) {
    let Some((figure, bytes)) = bytes.split_first() else { return };
    let name = NAMES[usize::from(figure.wrapping_sub(b'0')) % NAMES.len()];
    let Ok(reading) = read(name, bytes) else { return };
    for remark in reading.outline.unsure.iter().chain(&reading.outline.left_out) {
        assert!(remark.line >= 1 && !remark.text.is_empty(), "{remark:?}");
    }
    let Some(made) = draft(&reading.outline, "x", "X", None) else { return };
    bounded(&made.bank);
    let saved = write(&made.bank, &[]);
    let loaded = parse_bank("x.toml", &saved.text, known()).unwrap_or_else(|flaws| panic!("{flaws}\n{}", saved.text));
    // What is too large for a file is written as far as it fits.
    if saved.questions == made.bank.questions.len() {
        assert_eq!(loaded, made.bank, "{}", saved.text);
    }
    assert_eq!(write(&loaded, &[]).text, saved.text);
}
