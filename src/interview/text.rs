//! The one sanitiser that text passes through before it reaches a voice, a terminal, a journal or a file name.

use std::fmt;
use std::path::Path;

/// The longest text that is spoken or shown, in characters; the rest is cut off.
pub const LONGEST: usize = 4_000;

/// Text without control, format or bidirectional characters, at most [`LONGEST`] characters long.
///
/// White space of every kind, line ends included, becomes single spaces; there is none at either end.
/// The type is the proof: it can be made only by [`Text::clean`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Text(String);

impl Text {
    /// Cleans `raw`.
    pub fn clean(raw: &str) -> Text {
        let mut out = String::with_capacity(raw.len().min(LONGEST));
        let mut count = 0;
        let mut gap = false;
        for character in raw.chars() {
            if character.is_whitespace() {
                gap = !out.is_empty();
            } else if !is_unsafe(character) {
                let needed = 1 + usize::from(gap);
                if count + needed > LONGEST {
                    break;
                }
                if gap {
                    out.push(' ');
                }
                gap = false;
                out.push(character);
                count += needed;
            }
        }
        Text(out)
    }

    /// The cleaned text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many words there are, split at white space.
    pub fn words(&self) -> usize {
        self.0.split_whitespace().count()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl From<&str> for Text {
    fn from(raw: &str) -> Text {
        Text::clean(raw)
    }
}

/// Lines for a terminal or a log, as they stand but for what could steer it: the same characters are dropped as by
/// [`Text::clean`], line ends stay, and other white space becomes a space.
pub fn printable(raw: &str) -> String {
    let shown = |character: char| match character {
        '\n' => Some('\n'),
        _ if character.is_whitespace() => Some(' '),
        _ => (!is_unsafe(character)).then_some(character),
    };
    raw.chars().filter_map(shown).collect()
}

/// The name of a file or folder, as it can stand in a line of a message.
pub fn path(path: &Path) -> Text {
    Text::clean(&path.to_string_lossy())
}

/// A JSON document in which nothing can steer a terminal, and which still says the same: what [`Text::clean`] drops
/// stands there as `\u` and its number.
pub fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        if character == '\n' || !(is_unsafe(character) || is_odd_space(character)) {
            out.push(character);
        } else {
            // JSON counts in units of UTF-16.
            let mut units = [0; 2];
            out.extend(character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    out
}

/// White space that does more than part words: it ends lines, or is as wide as a terminal likes.
fn is_odd_space(character: char) -> bool {
    character != ' ' && character.is_whitespace()
}

/// Whether nothing in a text can steer a terminal or a voice, but for its line ends.
pub fn is_harmless(text: &str) -> bool {
    text.chars().all(|character| character == '\n' || !(is_unsafe(character) || is_odd_space(character)))
}

/// Whether a character could steer a terminal or a voice instead of being read: the Unicode categories Cc, Cf, Cs, Co
/// and Zl/Zp, variation selectors and tags, and the noncharacters.
fn is_unsafe(character: char) -> bool {
    // Nearly all characters of nearly all texts.
    if character.is_ascii() {
        return character.is_ascii_control();
    }
    character.is_control()
        || matches!(u32::from(character),
            0x00AD                                  // soft hyphen
            | 0x034F                                // combining grapheme joiner
            | 0x0600..=0x0605 | 0x061C | 0x06DD | 0x070F | 0x0890..=0x0891 | 0x08E2
            | 0x115F..=0x1160 | 0x17B4..=0x17B5     // fillers that draw nothing
            | 0x180B..=0x180F                       // Mongolian selectors and separator
            | 0x200B..=0x200F                       // zero width, directional marks
            | 0x2028..=0x202E                       // separators, bidirectional embedding and override
            | 0x2060..=0x206F                       // joiners, bidirectional isolates
            | 0x3164 | 0xFFA0                       // Hangul fillers
            | 0xE000..=0xF8FF                       // private use
            | 0xFDD0..=0xFDEF                       // noncharacters
            | 0xFE00..=0xFE0F                       // variation selectors
            | 0xFEFF                                // byte order mark
            | 0xFFF0..=0xFFFB                       // interlinear annotation
            | 0x110BD | 0x110CD | 0x13430..=0x1345F | 0x1BCA0..=0x1BCA3
            | 0x1D173..=0x1D17A
            | 0xE0000..=0xE0FFF                     // tags, further selectors
            | 0xF0000..=0x10FFFF)                   // private planes
        || u32::from(character) & 0xFFFE == 0xFFFE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_lose_what_makes_them_work() {
        assert_eq!(Text::clean("a\x1b]52;c;aGk=\x07b").as_str(), "a]52;c;aGk=b");
        assert_eq!(Text::clean("\u{9b}31mred").as_str(), "31mred");
    }

    #[test]
    fn bidirectional_format_and_tag_characters_are_dropped() {
        let hostile = "a\u{202e}b\u{2066}c\u{200b}d\u{feff}e\u{e0041}f\u{ad}g";
        assert_eq!(Text::clean(hostile).as_str(), "abcdefg");
    }

    #[test]
    fn lines_keep_their_shape_and_lose_what_steers_a_terminal() {
        assert_eq!(printable("a  b\n  c\x1b[2J\r\x07\u{202e}d\te"), "a  b\n  c[2J d e");
    }

    #[test]
    fn a_json_document_says_the_same_without_what_steers_a_terminal() {
        let harmful = "{\"a\": \"x\u{9b}2J\u{202e}y\u{e0041}\u{2028}é\"\n}";
        let escaped = escaped(harmful);
        assert_eq!(escaped, "{\"a\": \"x\\u009b2J\\u202ey\\udb40\\udc41\\u2028é\"\n}");
        assert!(is_harmless(&escaped) && !is_harmless(harmful));
        assert_eq!(super::escaped(&escaped), escaped);
    }

    #[test]
    fn the_name_of_a_file_stands_in_one_line() {
        assert_eq!(path(Path::new("a\nb\x1b[2J\u{202e}.toml")).as_str(), "a b[2J.toml");
    }

    #[test]
    fn white_space_becomes_single_spaces() {
        assert_eq!(Text::clean("  one\r\n\ttwo\u{2028}three ").as_str(), "one two three");
    }

    #[test]
    fn letters_of_every_script_stay() {
        let fine = "Käse naïve 日本語 Ελλάδα עברית हिन्दी 👍 “quoted” — dash";
        assert_eq!(Text::clean(fine).as_str(), fine);
    }

    #[test]
    fn a_long_text_is_cut_at_the_bound() {
        let text = Text::clean(&"ab ".repeat(LONGEST));
        assert!(text.as_str().chars().count() <= LONGEST);
        assert_eq!(Text::clean(text.as_str()), text);
    }
}
