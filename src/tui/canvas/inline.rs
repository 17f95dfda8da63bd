//! A few rows at the foot of what scrolls by: how they are drawn, and drawn again, without asking the terminal anything.
//!
//! Makes bytes; knows nothing of threads and of who writes them.

use std::collections::VecDeque;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::emit;
use super::{Paragraph, Picture, paint};
use crate::tui::theme::Theme;
use crate::tui::wrap::wrap;

/// So many paragraphs are remembered, to be drawn again when the terminal gets another size: more than a screen has.
const REMEMBERED: usize = 300;

/// The rows and what is above them.
#[derive(Debug)]
pub struct Inline {
    theme: Theme,
    size: (u16, u16),
    said: VecDeque<Paragraph>,
    /// The cells that are seen of each row above that was printed in this size, the newest last.
    above: VecDeque<usize>,
    /// The rows as they stand there, with the cells that are seen of each.
    rows: Vec<(String, usize)>,
    /// At which of them the cursor stands: the first in which something is seen.
    rest: usize,
}

impl Inline {
    /// Nothing is drawn yet.
    pub fn new(theme: Theme) -> Inline {
        Inline { theme, size: (0, 0), said: VecDeque::new(), above: VecDeque::new(), rows: Vec::new(), rest: 0 }
    }

    /// What a terminal of this size, in columns and rows, is sent so that these paragraphs stand above the picture.
    pub fn frame(&mut self, size: (u16, u16), news: Vec<Paragraph>, picture: Option<&dyn Picture>) -> String {
        let rows = match picture {
            Some(picture) => self.draw(size, picture),
            None => Vec::new(),
        };
        if self.size != size && self.size != (0, 0) {
            return self.again(size, news, rows);
        }
        self.size = size;
        if news.is_empty() && rows.len() == self.rows.len() {
            return self.differing(rows);
        }
        let mut out = up(self.rest) + "\r\x1b[J";
        for paragraph in news {
            self.say(&mut out, paragraph);
        }
        out + &self.stand(rows)
    }

    /// Nothing is known of the rows that stand there: all of them are drawn next.
    pub fn forget(&mut self) {
        self.rows.iter_mut().for_each(|(row, _)| *row = "\x1b[K".to_owned());
    }

    fn draw(&self, (columns, rows): (u16, u16), picture: &dyn Picture) -> Vec<(String, usize)> {
        // The last column stays free: writing there makes some terminals wrap.
        let width = columns.saturating_sub(1).max(1);
        let height = picture.height(width, rows).clamp(1, rows.max(1));
        let area = Rect::new(0, 0, width, height);
        let mut buffer = Buffer::empty(area);
        picture.draw(area, &mut buffer, self.theme);
        (0..height).map(|y| (emit::row(&buffer, y), emit::seen(&buffer, y))).collect()
    }

    /// Prints a paragraph above the rows.
    fn say(&mut self, out: &mut String, paragraph: Paragraph) {
        for line in wrap(&paragraph.text, usize::from(self.size.0.max(1))) {
            let (line, seen) = paint(&line, paragraph.role, self.theme);
            *out += &line;
            *out += "\r\n";
            self.above.push_back(seen);
        }
        self.said.push_back(paragraph);
        let surplus = self.said.len().saturating_sub(REMEMBERED);
        self.said.drain(..surplus);
        let surplus = self.above.len().saturating_sub(usize::from(self.size.1));
        self.above.drain(..surplus);
    }

    /// Prints the rows where the cursor is; it stands at the first of them afterwards in which something is seen.
    fn stand(&mut self, rows: Vec<(String, usize)>) -> String {
        let out = rows.iter().map(|(row, _)| row.as_str()).collect::<Vec<_>>().join("\r\n");
        self.rest = rows.iter().position(|(_, seen)| *seen > 0).unwrap_or(0);
        self.rows = rows;
        out + "\r" + &up((self.rows.len().max(1) - 1) - self.rest)
    }

    /// Prints the rows that are others than those that stand there.
    fn differing(&mut self, rows: Vec<(String, usize)>) -> String {
        let mut out = String::new();
        let mut at = self.rest;
        for (y, (row, _)) in rows.iter().enumerate().filter(|(y, row)| row.0 != self.rows[*y].0) {
            out += &(to(at, y) + "\r\x1b[2K" + row + "\r");
            at = y;
        }
        self.rest = rows.iter().position(|(_, seen)| *seen > 0).unwrap_or(0);
        self.rows = rows;
        out + &to(at, self.rest)
    }

    /// Draws all that is on the screen anew, for another size.
    ///
    /// Some terminals break what was drawn anew themselves, others cut it; either way it is gone over.
    fn again(&mut self, size: (u16, u16), news: Vec<Paragraph>, rows: Vec<(String, usize)>) -> String {
        let broken = |seen: &usize| seen.div_ceil(usize::from(size.0.max(1))).max(1);
        let of_rows = self.rows.iter().take(self.rest).map(|(_, seen)| seen);
        let above: usize = self.above.iter().chain(of_rows).map(broken).sum();
        let mut out = up(above.min(usize::from(size.1.saturating_sub(1)))) + "\r\x1b[J";
        self.size = size;
        // As much as there is room for, and no more than stood there.
        let room = usize::from(size.1).saturating_sub(rows.len());
        let stood = self.above.len();
        self.above.clear();
        let said: Vec<Paragraph> = self.said.drain(..).collect();
        let mut first = said.len();
        let (mut filled, mut shown) = (0, 0);
        while first > 0 && shown < stood {
            let height = wrap(&said[first - 1].text, usize::from(size.0.max(1))).len();
            if filled + height > room {
                break;
            }
            filled += height;
            shown += 1;
            first -= 1;
        }
        for (place, paragraph) in said.into_iter().enumerate() {
            match place < first {
                true => self.said.push_back(paragraph),
                false => self.say(&mut out, paragraph),
            }
        }
        for paragraph in news {
            self.say(&mut out, paragraph);
        }
        out + &self.stand(rows)
    }

    /// Takes the rows away; what scrolled by stays.
    pub fn close(&mut self) -> String {
        self.rows.clear();
        up(std::mem::take(&mut self.rest)) + "\r\x1b[J"
    }
}

/// Moves the cursor up by so many rows.
fn up(rows: usize) -> String {
    if rows > 0 { format!("\x1b[{rows}A") } else { String::new() }
}

/// Moves the cursor from a row to another.
fn to(from: usize, to: usize) -> String {
    if to > from { format!("\x1b[{}B", to - from) } else { up(from - to) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::Role;

    struct Rows(Vec<String>);

    impl Picture for Rows {
        fn height(&self, _: u16, _: u16) -> u16 {
            self.0.len() as u16
        }

        fn draw(&self, area: Rect, buffer: &mut Buffer, theme: Theme) {
            for (y, row) in self.0.iter().enumerate().take(usize::from(area.height)) {
                let width = usize::from(area.width);
                buffer.set_stringn(0, y as u16, row, width, theme.style(Role::Text));
            }
        }
    }

    fn rows(rows: &[&str]) -> Rows {
        Rows(rows.iter().map(|row| (*row).to_owned()).collect())
    }

    fn said(text: &str) -> Paragraph {
        Paragraph { text: text.to_owned(), role: Role::Text }
    }

    struct Desk {
        terminal: vt100::Parser,
        inline: Inline,
        size: (u16, u16),
    }

    impl Desk {
        fn of(columns: u16, rows: u16) -> Desk {
            let mut terminal = vt100::Parser::new(rows, columns, 0);
            terminal.process(b"$ greenroom\r\n");
            Desk { terminal, inline: Inline::new(Theme::new(true)), size: (columns, rows) }
        }

        fn frame(&mut self, news: &[&str], picture: &Rows) -> String {
            let news = news.iter().map(|text| said(text)).collect();
            let bytes = self.inline.frame(self.size, news, Some(picture));
            self.terminal.process(bytes.as_bytes());
            self.terminal.screen().contents()
        }

        fn resize(&mut self, columns: u16, rows: u16) {
            self.terminal.screen_mut().set_size(rows, columns);
            self.size = (columns, rows);
        }

        fn cursor(&self) -> (u16, u16) {
            self.terminal.screen().cursor_position()
        }
    }

    #[test]
    fn lines_scroll_by_above_rows_that_stay() {
        let mut desk = Desk::of(20, 6);
        assert_eq!(desk.frame(&[], &rows(&["one", "two"])), "$ greenroom\none\ntwo");
        assert_eq!(desk.cursor(), (1, 0));
        assert_eq!(desk.frame(&["said"], &rows(&["one", "2"])), "$ greenroom\nsaid\none\n2");
        assert_eq!(desk.frame(&["a", "b", "c"], &rows(&["one", "2"])), "said\na\nb\nc\none\n2");
        assert_eq!(desk.frame(&[], &rows(&["1", "2"])), "said\na\nb\nc\n1\n2");
        assert_eq!(desk.cursor(), (4, 0));
        assert_eq!(desk.frame(&[], &rows(&["1"])), "said\na\nb\nc\n1", "fewer rows");
        assert_eq!(desk.frame(&[], &rows(&["1", "2", "3"])), "a\nb\nc\n1\n2\n3", "and more");
        assert_eq!(desk.frame(&[], &rows(&["1", "2", "3"])), "a\nb\nc\n1\n2\n3");
        let bytes = desk.inline.close();
        desk.terminal.process(bytes.as_bytes());
        assert_eq!(desk.terminal.screen().contents(), "a\nb\nc", "what was said stays");
    }

    #[test]
    fn what_stands_there_is_not_sent_again() {
        let mut desk = Desk::of(20, 6);
        desk.frame(&["said"], &rows(&["one", "two", "three"]));
        let picture = rows(&["one", "two", "three"]);
        assert_eq!(desk.inline.frame((20, 6), Vec::new(), Some(&picture)), "");
        let sent = desk.inline.frame((20, 6), Vec::new(), Some(&rows(&["one", "TWO", "three"])));
        assert!(sent.contains("TWO") && !sent.contains("one") && !sent.contains("three"), "{sent:?}");
    }

    #[test]
    fn another_size_draws_everything_once() {
        let mut desk = Desk::of(30, 8);
        let long = "a question of some words that is broken";
        desk.frame(&[long, "said"], &rows(&["one", "two"]));
        desk.resize(14, 8);
        let shown = desk.frame(&[], &rows(&["one", "two"]));
        assert_eq!(shown.matches("one").count(), 1, "{shown}");
        assert!(shown.ends_with("said\none\ntwo"), "{shown}");
        desk.resize(60, 20);
        let shown = desk.frame(&["more"], &rows(&["one", "two"]));
        assert!(shown.ends_with(&format!("{long}\nsaid\nmore\none\ntwo")), "{shown}");
        assert_eq!(shown.matches("one").count(), 1, "{shown}");
    }

    #[test]
    fn the_cursor_stands_where_something_is_seen() {
        let mut desk = Desk::of(20, 8);
        desk.frame(&["said"], &rows(&["", "one", "two"]));
        assert_eq!(desk.cursor(), (3, 0));
        assert_eq!(desk.frame(&[], &rows(&["", "1", "2"])), "$ greenroom\nsaid\n\n1\n2");
        assert_eq!(desk.frame(&["more"], &rows(&["", "1", "2"])), "$ greenroom\nsaid\nmore\n\n1\n2");
        assert_eq!(desk.frame(&[], &rows(&["0", "1", "2"])), "$ greenroom\nsaid\nmore\n0\n1\n2");
        assert_eq!(desk.cursor(), (3, 0));
        desk.frame(&[], &rows(&["", "1", "2"]));
        desk.resize(12, 7);
        let shown = desk.frame(&[], &rows(&["", "1", "2"]));
        assert!(shown.ends_with("said\nmore\n\n1\n2") && shown.matches("said").count() == 1, "{shown}");
        let bytes = desk.inline.close();
        desk.terminal.process(bytes.as_bytes());
        assert!(desk.terminal.screen().contents().ends_with("more"), "what was said stays");
    }

    #[test]
    fn no_size_is_too_small() {
        // The emulator itself cannot wrap in a single row.
        for (columns, rows_of) in [(2, 2), (2, 5), (3, 2), (200, 2)] {
            let mut desk = Desk::of(columns, rows_of);
            desk.frame(&["a longer line", "日本語"], &rows(&["one", "two", "three"]));
            desk.resize(5, 3);
            desk.frame(&["x"], &rows(&["one"]));
            assert!(desk.terminal.screen().contents().contains('x'));
        }
    }
}
