//! What is wrong with a file that a person wrote, and where.

use std::fmt;

use crate::interview::Text;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flaw {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong and what was expected.
    pub message: String,
}

/// Everything that is wrong with one file.
///
/// Shown as `file:line:column: message`, one flaw a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFlaws {
    /// The file, as a person would name it.
    pub file: String,
    /// Its flaws, in the order of the file; never empty.
    pub flaws: Vec<Flaw>,
}

impl FileFlaws {
    /// A flaw of the file as a whole: it cannot be read at all.
    pub(super) fn whole(file: &str, message: String) -> FileFlaws {
        FileFlaws { file: file.to_owned(), flaws: vec![Flaw { line: 1, column: 1, message }] }
    }
}

impl fmt::Display for FileFlaws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = Text::clean(&self.file);
        for (index, Flaw { line, column, message }) in self.flaws.iter().enumerate() {
            let end = if index == 0 { "" } else { "\n" };
            write!(f, "{end}{file}:{line}:{column}: {message}")?;
        }
        Ok(())
    }
}

impl std::error::Error for FileFlaws {}

/// The most characters of somebody's text that a message repeats.
const QUOTED: usize = 60;

/// Repeats somebody's text in a message: clean, short and between marks.
pub(super) fn quote(raw: &str) -> String {
    let text = Text::clean(raw);
    match text.as_str().char_indices().nth(QUOTED) {
        Some((end, _)) => format!("`{}…`", &text.as_str()[..end]),
        None => format!("`{text}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flaw_stands_on_a_line_of_its_own() {
        let flaw = |line, column| Flaw { line, column, message: "wrong".into() };
        let flaws = FileFlaws { file: "a\x1b.toml".into(), flaws: vec![flaw(1, 2), flaw(3, 4)] };
        assert_eq!(flaws.to_string(), "a.toml:1:2: wrong\na.toml:3:4: wrong");
    }

    #[test]
    fn a_message_repeats_only_a_little_of_a_text() {
        assert_eq!(quote("a\nb\x07"), "`a b`");
        assert_eq!(quote(&"é".repeat(1000)).chars().count(), QUOTED + 3);
    }
}
