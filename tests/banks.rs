//! Golden bank files: each bad file gives exactly the lines beside it, and the banks that ship hold what they promise.

use std::path::Path;

use greenroom::interview::{Bank, Format, When};
use greenroom::store::bank_file::parse_bank;
use greenroom::store::banks::Banks;
use greenroom::store::format_file::{formats, parse_formats};

fn known() -> Vec<Format> {
    formats(None).expect("the built-in formats")
}

#[test]
fn every_bad_bank_says_all_that_is_wrong_with_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/banks");
    let mut seen = 0;
    let mut differences = String::new();
    let mut files: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for path in files.iter().filter(|path| path.extension().is_some_and(|end| end == "toml")) {
        let name = path.file_name().unwrap().to_string_lossy();
        let text = std::fs::read_to_string(path).unwrap();
        let said = match name.starts_with("formats") {
            true => parse_formats(&name, &text).map(drop),
            false => parse_bank(&name, &text, &known()).map(drop),
        };
        let said = said.map_or_else(|flaws| flaws.to_string() + "\n", |()| "fine\n".to_owned());
        let expected = std::fs::read_to_string(path.with_extension("txt")).unwrap_or_default();
        if said != expected {
            differences += &format!("--- {name} should say\n{expected}--- but says\n{said}");
        }
        seen += 1;
    }
    assert!(seen >= 10, "the golden files are gone");
    assert!(differences.is_empty(), "\n{differences}");
}
