//! Lines that scroll by, and one below them that is drawn again and again; or the lines alone.

use std::io::{self, Write};

use crossterm::{cursor, queue, style, terminal};

use super::wrap::{columns, fit, wrap};
use crate::interview::text::printable;

/// A place for lines and a status.
pub struct Status {
    drawn: bool,
    last: String,
    out: Box<dyn Write + Send>,
}

impl Status {
    /// Lines and status on a terminal in raw mode, through standard error.
    pub fn drawn() -> Status {
        Status::drawn_on(Box::new(io::stderr()))
    }

    /// Lines and status on a terminal in raw mode that is behind `out`.
    pub fn drawn_on(out: Box<dyn Write + Send>) -> Status {
        Status { drawn: true, last: String::new(), out }
    }

    /// Lines alone, on standard output, without control codes.
    pub fn plain() -> Status {
        Status { drawn: false, last: String::new(), out: Box::new(io::stdout()) }
    }

    /// Puts a line above the status.
    pub fn line(&mut self, text: &str) {
        self.painted(text, str::to_owned);
    }

    /// Puts a line above the status, each of its screen lines painted.
    pub fn painted(&mut self, text: &str, paint: impl Fn(&str) -> String) {
        // A terminal that has gone away does not end what runs.
        if !self.drawn {
            let _ = writeln!(self.out, "{}", printable(text));
            return;
        }
        let lines: String = wrap(&printable(text), columns()).iter().map(|line| paint(line) + "\r\n").collect();
        self.draw(&lines);
        self.last.clear();
    }

    /// Shows the status, unless it stands there already.
    pub fn show(&mut self, text: &str) {
        self.show_painted(|_| text.to_owned(), str::to_owned);
    }

    /// Shows what `text` makes of the cells that there are, painted, unless it stands there already.
    pub fn show_painted(&mut self, text: impl Fn(usize) -> String, paint: impl Fn(&str) -> String) {
        if !self.drawn {
            return;
        }
        // The last column stays free: writing there makes some terminals wrap.
        let width = columns().saturating_sub(1);
        let text = fit(&printable(&text(width)), width);
        if text == self.last {
            return;
        }
        self.draw(&paint(&text));
        self.last = text;
    }

    /// Puts a text in the place of the line on which the cursor is, all at once, so that nothing flickers.
    fn draw(&mut self, text: &str) {
        let mut piece = Vec::new();
        let clear = terminal::Clear(terminal::ClearType::CurrentLine);
        let _ = queue!(piece, cursor::MoveToColumn(0), clear, style::Print(text))
            .and_then(|()| self.out.write_all(&piece))
            .and_then(|()| self.out.flush());
    }

    /// Takes the status away.
    pub fn clear(&mut self) {
        if self.drawn {
            self.draw("");
        }
        self.last.clear();
    }
}
