//! Lines that scroll by, and one below them that is drawn again and again; or the lines alone.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use crossterm::{cursor, queue, style, terminal};

use super::wrap::{columns, fit, wrap};

/// The status line is drawn no more often than this.
const REDRAW: Duration = Duration::from_millis(100);

/// A place for lines and a status.
pub struct Status {
    drawn: bool,
    last: String,
    when: Option<Instant>,
}

impl Status {
    /// Lines and status on a terminal in raw mode, through standard error.
    pub fn drawn() -> Status {
        Status { drawn: true, last: String::new(), when: None }
    }

    /// Lines alone, on standard output, without control codes.
    pub fn plain() -> Status {
        Status { drawn: false, last: String::new(), when: None }
    }

    /// Puts a line above the status.
    pub fn line(&mut self, text: &str) {
        self.painted(text, str::to_owned);
    }

    /// Puts a line above the status, each of its screen lines painted.
    pub fn painted(&mut self, text: &str, paint: impl Fn(&str) -> String) {
        // A terminal that has gone away does not end what runs.
        if !self.drawn {
            let _ = writeln!(io::stdout(), "{text}");
            return;
        }
        let mut out = io::stderr().lock();
        let _ = (|| -> io::Result<()> {
            queue!(out, cursor::MoveToColumn(0), terminal::Clear(terminal::ClearType::CurrentLine))?;
            for line in wrap(text, columns()) {
                write!(out, "{}\r\n", paint(&line))?;
            }
            out.flush()
        })();
        self.last.clear();
    }

    /// Shows the status, unless it was shown a moment ago.
    pub fn show(&mut self, text: &str) {
        self.show_painted(|_| text.to_owned(), str::to_owned);
    }

    /// Shows what `text` makes of the cells that there are, painted, unless it was shown a moment ago.
    pub fn show_painted(&mut self, text: impl Fn(usize) -> String, paint: impl Fn(&str) -> String) {
        if !self.drawn || self.when.is_some_and(|when| when.elapsed() < REDRAW) {
            return;
        }
        self.when = Some(Instant::now());
        // The last column stays free: writing there makes some terminals wrap.
        let width = columns().saturating_sub(1);
        let text = fit(&text(width), width);
        if text == self.last {
            return;
        }
        self.put(&paint(&text));
        self.last = text;
    }

    /// Takes the status away.
    pub fn clear(&mut self) {
        if self.drawn {
            self.put("");
        }
        self.last.clear();
    }

    fn put(&mut self, text: &str) {
        let mut out = io::stderr().lock();
        let clear = terminal::Clear(terminal::ClearType::CurrentLine);
        let _ = queue!(out, cursor::MoveToColumn(0), clear, style::Print(text)).and_then(|()| out.flush());
    }
}
