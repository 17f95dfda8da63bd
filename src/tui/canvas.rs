//! Where pictures and paragraphs go to reach a terminal that may not take what is sent to it: one that was stopped, or a
//! connection that hangs.
//!
//! A thread waits for the terminal, so that whoever draws never does. It draws the newest picture and leaves those out for
//! which the terminal was too slow; paragraphs are all shown, as long as there are not too many.

mod emit;
mod full;
mod inline;

use std::collections::VecDeque;
use std::io::Write;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use self::full::Full;
use self::inline::Inline;
use super::terminal;
use super::theme::{Role, Theme};
use super::wrap;

/// So many paragraphs wait for a terminal that takes nothing: those of a long session.
const WAITING: usize = 2_000;

/// How long the end waits for the terminal to take the rest.
const FAREWELL: Duration = Duration::from_millis(500);

/// The alternate screen, on which a whole screen is drawn; and the way back to what stood there before.
const TO_FULL: &str = "\x1b[?1049h\x1b[2J";
const FROM_FULL: &str = "\x1b[?1049l";

/// Something that can be drawn at any size.
///
/// It is a moment, whole and by itself: what draws it may be late, and may leave moments out.
pub trait Picture: Send {
    /// How many rows it would like to have of a terminal of so many columns and rows.
    fn height(&self, columns: u16, rows: u16) -> u16;

    /// Draws it, within the area alone.
    fn draw(&self, area: Rect, buffer: &mut Buffer, theme: Theme);
}

/// A line of text that is broken where the terminal ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// What it says; it has nothing in it that could steer a terminal.
    pub text: String,
    /// How it looks.
    pub role: Role,
}

/// A line as it is sent, and how many of its cells are seen.
fn paint(line: &str, role: Role, theme: Theme) -> (String, usize) {
    let width = unicode_width::UnicodeWidthStr::width(line);
    let mut buffer = Buffer::empty(Rect::new(0, 0, width.clamp(1, usize::from(u16::MAX)) as u16, 1));
    buffer.set_string(0, 0, line, theme.style(role));
    (emit::row(&buffer, 0), emit::seen(&buffer, 0))
}

/// A terminal that is drawn on.
pub struct Canvas {
    shared: Arc<Shared>,
    over: Receiver<()>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    news: Condvar,
}

#[derive(Default)]
struct State {
    said: VecDeque<Paragraph>,
    picture: Option<Box<dyn Picture>>,
    /// What stands on the terminal is not what was drawn.
    spoilt: bool,
    closing: bool,
}

/// How it is drawn.
enum Sheet {
    Inline(Inline),
    Full(Full),
}

impl Canvas {
    /// A few rows below what scrolls by.
    pub fn inline(out: impl Write + Send + 'static, theme: Theme) -> Canvas {
        Canvas::begin(out, Sheet::Inline(Inline::new(theme)))
    }

    /// The whole screen; what stood there before comes back at the end. Paragraphs are not seen on it.
    pub fn full(out: impl Write + Send + 'static, theme: Theme) -> Canvas {
        terminal::covers(true);
        Canvas::begin(out, Sheet::Full(Full::new(theme)))
    }

    fn begin(out: impl Write + Send + 'static, sheet: Sheet) -> Canvas {
        let shared = Arc::new(Shared::default());
        let (tell, over) = mpsc::channel();
        let seen = Arc::clone(&shared);
        thread::spawn(move || {
            draw(&seen, out, sheet);
            drop(tell);
        });
        Canvas { shared, over }
    }

    /// Puts a paragraph above the picture.
    pub fn say(&self, paragraph: Paragraph) {
        let mut state = self.state();
        state.said.push_back(paragraph);
        let surplus = state.said.len().saturating_sub(WAITING);
        state.said.drain(..surplus);
        self.shared.news.notify_one();
    }

    /// Shows a picture in the place of the one before.
    pub fn show(&self, picture: Box<dyn Picture>) {
        self.state().picture = Some(picture);
        self.shared.news.notify_one();
    }

    /// Draws all of it anew: something else wrote on the terminal.
    pub fn redraw(&self) {
        self.state().spoilt = true;
        self.shared.news.notify_one();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.lock()
    }
}

impl Drop for Canvas {
    /// Takes the picture away, and waits a moment until all is written.
    fn drop(&mut self) {
        self.state().closing = true;
        self.shared.news.notify_one();
        let _ = self.over.recv_timeout(FAREWELL);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Nobody panics while it is held, and what it holds is whole at any time.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Draws what is asked for until the end.
fn draw(shared: &Shared, mut out: impl Write, mut sheet: Sheet) {
    // A terminal that has gone away does not end what runs.
    let mut send = |bytes: &str| {
        bytes.is_empty()
            || terminal::unless_given_back(|| out.write_all(bytes.as_bytes()).and_then(|()| out.flush()).is_ok())
    };
    if matches!(sheet, Sheet::Full(_)) {
        send(TO_FULL);
    }
    let mut picture: Option<Box<dyn Picture>> = None;
    loop {
        let mut state = shared.lock();
        while state.said.is_empty() && state.picture.is_none() && !state.spoilt && !state.closing {
            state = shared.news.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let said: Vec<Paragraph> = state.said.drain(..).collect();
        picture = state.picture.take().or(picture);
        let closing = state.closing;
        let spoilt = std::mem::take(&mut state.spoilt);
        drop(state);
        if spoilt {
            match &mut sheet {
                Sheet::Inline(inline) => inline.forget(),
                Sheet::Full(full) => full.forget(),
            }
        }
        let size = wrap::size_or_usual();
        let bytes = match (&mut sheet, &picture) {
            (Sheet::Inline(inline), picture) => inline.frame(size, said, picture.as_deref()),
            (Sheet::Full(full), Some(picture)) => full.frame(size, &**picture),
            (Sheet::Full(_), None) => String::new(),
        };
        send(&bytes);
        if closing {
            match &mut sheet {
                Sheet::Inline(inline) => {
                    send(&inline.close());
                }
                // Who brings the terminal back uncovers it, where this came too late.
                Sheet::Full(_) => terminal::covers(!send(FROM_FULL)),
            }
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[derive(Clone, Default)]
    struct Shown(Arc<Mutex<Vec<u8>>>);

    impl Write for Shown {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    struct Number(u32);

    impl Picture for Number {
        fn height(&self, _: u16, _: u16) -> u16 {
            1
        }

        fn draw(&self, _: Rect, buffer: &mut Buffer, theme: Theme) {
            buffer.set_string(0, 0, format!("number {}", self.0), theme.style(Role::Text));
        }
    }

    #[test]
    fn a_terminal_that_takes_nothing_holds_nobody_up_and_sees_the_newest_then() {
        let shown = Shown::default();
        let stopped = shown.0.lock().unwrap();
        let canvas = Canvas::inline(shown.clone(), Theme::new(false));
        for number in 0..10_000 {
            canvas.say(Paragraph { text: format!("line {number}"), role: Role::Text });
            canvas.show(Box::new(Number(number)));
        }
        drop(stopped);
        drop(canvas);
        let bytes = shown.0.lock().unwrap().clone();
        let mut terminal = vt100::Parser::new(24, 80, 0);
        terminal.process(&bytes);
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.matches("number").count() < 100, "only what the terminal was there for is drawn");
        assert!(text.contains("number 9999"));
        assert!(terminal.screen().contents().ends_with("line 9999"), "{}", terminal.screen().contents());
    }

    #[test]
    fn paragraphs_come_in_their_order_and_stay() {
        let shown = Shown::default();
        let canvas = Canvas::inline(shown.clone(), Theme::new(false));
        for number in 0..100 {
            canvas.say(Paragraph { text: format!("line {number}"), role: Role::Text });
        }
        drop(canvas);
        // However many turns it took to write them.
        let mut terminal = vt100::Parser::new(120, 80, 0);
        terminal.process(&shown.0.lock().unwrap());
        let expected: Vec<String> = (0..100).map(|number| format!("line {number}")).collect();
        assert_eq!(terminal.screen().contents(), expected.join("\n"));
    }
}
