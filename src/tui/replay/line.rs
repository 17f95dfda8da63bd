//! A line that is typed: what is in it, and where the cursor stands.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::keys::Press;

/// A line that is typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TypedLine {
    text: Vec<char>,
    /// Before which character the cursor stands.
    at: usize,
    /// How many characters it may have.
    most: usize,
}

impl TypedLine {
    /// An empty line of at most so many characters.
    pub fn new(most: usize) -> TypedLine {
        TypedLine { most, ..TypedLine::default() }
    }

    /// What is typed.
    pub fn text(&self) -> String {
        self.text.iter().collect()
    }

    /// Whether nothing but blanks is typed.
    pub fn is_blank(&self) -> bool {
        self.text.iter().all(|character| character.is_whitespace())
    }

    /// Types a key; says whether it means something in a line.
    pub fn press(&mut self, key: Press) -> bool {
        let end = self.text.len();
        match key {
            Press::Char(character) => {
                if end < self.most {
                    self.text.insert(self.at, character);
                    self.at += 1;
                }
            }
            Press::Backspace if self.at > 0 => {
                self.at -= 1;
                self.text.remove(self.at);
            }
            Press::Backspace => {}
            Press::Delete => {
                if self.at < end {
                    self.text.remove(self.at);
                }
            }
            Press::Left => self.at = self.at.saturating_sub(1),
            Press::Right => self.at = (self.at + 1).min(end),
            Press::WordLeft | Press::FarLeft => self.at = self.word_before(),
            Press::WordRight | Press::FarRight => self.at = self.word_after(),
            Press::Home => self.at = 0,
            Press::End => self.at = end,
            Press::EraseLine => {
                self.text.drain(..self.at);
                self.at = 0;
            }
            Press::EraseWord => {
                let from = self.word_before();
                self.text.drain(from..self.at);
                self.at = from;
            }
            _ => return false,
        }
        true
    }

    /// What is seen of it in `width` cells before the cursor and behind it, which has a cell of its own between them.
    pub fn seen(&self, width: usize) -> (String, String) {
        let room = width.saturating_sub(1);
        // A note is long, and it is drawn many times a second: it is gone back in no farther than is seen.
        let mut cells = 0;
        let fits = |character: &&char| {
            cells += character.width().unwrap_or(0);
            cells <= room
        };
        let mut from = self.at - self.text[..self.at].iter().rev().take_while(fits).count();
        // What lies on the character before it is not seen without it.
        while from > 0 && from < self.at && self.text[from].width() == Some(0) {
            from += 1;
        }
        let before: String = self.text[from..self.at].iter().collect();
        let mut cells = before.width();
        let mut after = String::new();
        for character in &self.text[self.at..] {
            cells += character.width().unwrap_or(0);
            if cells > room {
                break;
            }
            after.push(*character);
        }
        (before, after)
    }

    fn word_before(&self) -> usize {
        let mut at = self.at;
        while at > 0 && self.text[at - 1].is_whitespace() {
            at -= 1;
        }
        while at > 0 && !self.text[at - 1].is_whitespace() {
            at -= 1;
        }
        at
    }

    fn word_after(&self) -> usize {
        let mut at = self.at;
        while at < self.text.len() && !self.text[at].is_whitespace() {
            at += 1;
        }
        while at < self.text.len() && self.text[at].is_whitespace() {
            at += 1;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> TypedLine {
        let mut line = TypedLine::new(50);
        text.chars().for_each(|character| assert!(line.press(Press::Char(character))));
        line
    }

    fn typed_into(line: &mut TypedLine, keys: &[Press]) {
        keys.iter().for_each(|key| assert!(line.press(*key)));
    }

    #[test]
    fn a_line_is_corrected_wherever_the_cursor_stands() {
        let mut line = typed("too lng a start");
        for _ in 0.." a start".len() {
            line.press(Press::Left);
        }
        typed_into(&mut line, &[Press::Left, Press::Left, Press::Char('o')]);
        assert_eq!(line.text(), "too long a start");
        typed_into(&mut line, &[Press::End, Press::EraseWord, Press::Backspace]);
        assert_eq!(line.text(), "too long a");
        typed_into(&mut line, &[Press::Home, Press::Delete, Press::WordRight, Press::EraseLine]);
        assert_eq!(line.text(), "long a");
        assert!(!line.press(Press::Up), "what means nothing in a line is for others");
    }

    #[test]
    fn a_line_does_not_grow_for_ever() {
        let mut line = TypedLine::new(2);
        for character in "abc".chars() {
            line.press(Press::Char(character));
        }
        assert_eq!(line.text(), "ab");
    }

    #[test]
    fn of_a_long_line_the_part_with_the_cursor_is_seen() {
        let mut line = typed("日本語 and more");
        assert_eq!(line.seen(8), ("nd more".to_owned(), String::new()));
        line.press(Press::Home);
        assert_eq!(line.seen(5), (String::new(), "日本".to_owned()));
        for width in 0..20 {
            for _ in 0..20 {
                line.press(Press::Right);
                let (before, after) = line.seen(width);
                assert!(before.width() + after.width() <= width.saturating_sub(1), "{before} {after} {width}");
            }
        }
    }

    #[test]
    fn how_long_a_line_is_does_not_matter_to_what_is_seen_of_it() {
        // Who looked at all of it for each character of it would be at this for minutes.
        let mut line = TypedLine::new(1_000_000);
        for _ in 0..1_000_000 {
            line.press(Press::Char('x'));
        }
        assert_eq!(line.seen(5), ("xxxx".to_owned(), String::new()));
        line.press(Press::Home);
        assert_eq!(line.seen(5), (String::new(), "xxxx".to_owned()));
    }
}
