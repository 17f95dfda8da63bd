//! The sanitiser.

use std::path::Path;

use greenroom::interview::Text;
use greenroom::interview::text::{LONGEST, escaped, is_harmless, path, printable};
use greenroom::voice::pico::script;

use super::harmless;

/// What is cleaned is harmless, bounded, and stays as it is when it is cleaned once more.
pub fn check(bytes: &[u8]) {
    let raw = String::from_utf8_lossy(bytes);
    let text = Text::clean(&raw);
    let clean = text.as_str();
    harmless(clean, false);
    assert!(is_harmless(clean));
    assert!(clean.chars().count() <= LONGEST);
    assert!(!clean.starts_with(' ') && !clean.ends_with(' ') && !clean.contains("  "));
    assert_eq!(Text::clean(clean), text, "cleaned twice");
    assert_eq!(path(Path::new(&*raw)), text, "a path as any text");

    let lines = printable(&raw);
    harmless(&lines, true);
    assert_eq!(printable(&lines), lines, "made printable twice");
    assert_eq!(lines.matches('\n').count(), raw.matches('\n').count(), "no line is lost or made");
    if is_harmless(&raw) {
        assert_eq!(lines, raw, "what does no harm stays");
    }

    let value = serde_json::Value::from(&*raw);
    let json = escaped(&value.to_string());
    harmless(&json, false);
    let back: serde_json::Value = serde_json::from_str(&json).expect("it is still JSON");
    assert_eq!(back, value, "JSON says the same escaped");

    for piece in script::pieces(clean) {
        assert!(piece.chars().count() <= 240 && script::speakable(&piece), "{piece:?}");
        assert!(!piece.contains(['<', '>', '&', '\0', '\x1b']), "{piece:?}");
    }
}
