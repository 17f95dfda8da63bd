//! Text in the cells of a terminal.

use crossterm::terminal;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many columns the terminal has; 80 where that is not known.
pub fn columns() -> usize {
    // A terminal that nobody told its size says that it has none.
    usize::from(size_or_usual().0)
}

/// Columns and rows of the terminal; 80 by 24 where that is not known.
pub fn size_or_usual() -> (u16, u16) {
    match size() {
        Ok((columns, rows)) if columns > 0 && rows > 0 => (columns, rows),
        _ => (80, 24),
    }
}

/// Columns and rows of the terminal, as it says itself.
#[cfg(unix)]
fn size() -> std::io::Result<(u16, u16)> {
    // Not `terminal::size`: where the terminal does not say, that runs the program `tput`.
    terminal::window_size().map(|size| (size.columns, size.rows))
}

#[cfg(not(unix))]
fn size() -> std::io::Result<(u16, u16)> {
    terminal::size()
}

/// Cuts `text` to `width` cells.
pub fn fit(text: &str, width: usize) -> String {
    let mut used = 0;
    text.chars()
        .take_while(|character| {
            used += character.width().unwrap_or(0);
            used <= width
        })
        .collect()
}

/// Breaks `text` into lines of at most `width` cells, between words where there is one.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let mut word = word;
        loop {
            let line = lines.last_mut().expect("there is always a last line: it starts with one and only grows");
            let gap = usize::from(!line.is_empty());
            if line.width() + gap + word.width() <= width {
                line.push_str(&" "[..gap]);
                line.push_str(word);
                break;
            }
            if line.is_empty() {
                let head = fit(word, width);
                // A character wider than the terminal is put on its line all the same.
                let cut = head.len().max(word.chars().next().map_or(0, char::len_utf8));
                line.push_str(&word[..cut]);
                word = &word[cut..];
                if word.is_empty() {
                    break;
                }
            }
            lines.push(String::new());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_long_words_are_cut() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("日本語日本", 4), ["日本", "語日", "本"]);
        assert_eq!(wrap("", 10), [""]);
    }

    #[test]
    fn a_status_line_fits_its_terminal() {
        for width in 0..60 {
            assert!(fit("● Answer  1:30 left  日本語", width).width() <= width);
        }
    }
}
