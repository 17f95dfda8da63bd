//! The whole screen, drawn where it differs from what stands there.
//!
//! Makes bytes; knows nothing of threads and of who writes them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Picture, emit};
use crate::tui::theme::Theme;

/// The screen as it stands there.
#[derive(Debug)]
pub struct Full {
    theme: Theme,
    size: (u16, u16),
    rows: Vec<String>,
}

impl Full {
    /// Nothing is drawn yet.
    pub fn new(theme: Theme) -> Full {
        Full { theme, size: (0, 0), rows: Vec::new() }
    }

    /// Nothing is known of what stands there.
    pub fn forget(&mut self) {
        self.size = (0, 0);
    }

    /// What a terminal of this size, in columns and rows, is sent so that it shows the picture.
    pub fn frame(&mut self, size: (u16, u16), picture: &dyn Picture) -> String {
        let area = Rect::new(0, 0, size.0.max(1), size.1.max(1));
        let mut buffer = Buffer::empty(area);
        picture.draw(area, &mut buffer, self.theme);
        let mut out = String::new();
        if self.size != size {
            out += "\x1b[2J";
            self.size = size;
            self.rows = vec![String::new(); usize::from(area.height)];
        }
        for y in 0..area.height {
            let row = emit::row(&buffer, y);
            let stands = &mut self.rows[usize::from(y)];
            if *stands == row {
                continue;
            }
            // Cleared first: in the last column of a full row some terminals would clear the row itself.
            out += &format!("\x1b[{};1H\x1b[2K{row}", y + 1);
            *stands = row;
        }
        if !out.is_empty() {
            out += "\x1b[H";
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::Role;

    struct Letter(char);

    impl Picture for Letter {
        fn height(&self, _: u16, rows: u16) -> u16 {
            rows
        }

        fn draw(&self, area: Rect, buffer: &mut Buffer, theme: Theme) {
            buffer.set_string(0, 0, "first", theme.style(Role::Strong));
            let text = self.0.to_string().repeat(usize::from(area.width));
            buffer.set_string(0, area.height - 1, text, theme.style(Role::Text));
        }
    }

    #[test]
    fn only_rows_that_differ_are_sent_and_the_last_cell_may_be_full() {
        let mut terminal = vt100::Parser::new(3, 10, 0);
        let mut full = Full::new(Theme::new(true));
        terminal.process(b"before\r\nbefore");
        terminal.process(full.frame((10, 3), &Letter('a')).as_bytes());
        assert_eq!(terminal.screen().contents(), "first\n\naaaaaaaaaa");
        let sent = full.frame((10, 3), &Letter('b'));
        assert!(!sent.contains("first"), "{sent:?}");
        terminal.process(sent.as_bytes());
        assert_eq!(terminal.screen().contents(), "first\n\nbbbbbbbbbb");
        assert_eq!(full.frame((10, 3), &Letter('b')), "");
        terminal.process(b"\x1b[Hwritten");
        full.forget();
        terminal.process(full.frame((10, 3), &Letter('b')).as_bytes());
        assert_eq!(terminal.screen().contents(), "first\n\nbbbbbbbbbb");
        terminal.screen_mut().set_size(2, 5);
        terminal.process(full.frame((5, 2), &Letter('b')).as_bytes());
        assert_eq!(terminal.screen().contents(), "first\nbbbbb");
    }
}
