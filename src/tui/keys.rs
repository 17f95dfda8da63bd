//! What a person presses, as words of the session.

use std::io::{self, BufRead, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// How often the reader of a terminal looks whether it is still wanted.
const LOOK: Duration = Duration::from_millis(50);

/// How long the library may look for a key that is there: it looks not at all where it has no time.
const AT_ONCE: Duration = Duration::from_millis(1);

/// How long the reader is waited for at the end.
const FAREWELL: Duration = Duration::from_millis(500);

/// A wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Ready, or finished: Enter.
    Done,
    /// Answer once more: `r`.
    Retake,
    /// Hear the question again: `s`.
    Repeat,
    /// Pause or go on: `p`, or the space bar.
    Pause,
    /// Pass the question over: `k`.
    Skip,
    /// Save and leave: `q`.
    Quit,
    /// Ctrl-C.
    Interrupt,
    /// A number, where numbers can be chosen: 1 to 9.
    Digit(u8),
    /// A letter, where letters can be chosen; none of those above.
    Letter(char),
    /// Take back: the backspace key.
    Back,
    /// Show the keys: `?`.
    Help,
    /// Draw the screen anew: Ctrl-L.
    Redraw,
}

/// Where wishes come from.
pub struct Keys<K = Key> {
    wishes: Receiver<K>,
    /// Where nobody is there: so that nobody has gone away either.
    _nobody: Option<Sender<K>>,
    over: Arc<AtomicBool>,
    reader: Option<thread::JoinHandle<()>>,
}

impl<K: Clone + Send + 'static> Keys<K> {
    /// Nobody is there to press anything.
    pub fn none() -> Keys<K> {
        let (send, wishes) = mpsc::channel();
        Keys { wishes, _nobody: Some(send), over: Arc::default(), reader: None }
    }

    /// Single keys of a terminal in raw mode, as `meaning` reads them.
    ///
    /// A terminal that goes away, without a signal perhaps, is the last Ctrl-C.
    pub fn of_terminal(meaning: fn(KeyEvent) -> Option<K>) -> Keys<K> {
        Keys::from_thread(true, move |send, over| {
            let gone = || {
                let interrupt = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
                if let Some(key) = meaning(interrupt) {
                    let _ = send.send(key);
                }
            };
            // One that has hung up says that it is none; where it is another file, the library finds the terminal.
            let at_terminal = io::stdin().is_terminal();
            while !over.load(Ordering::Relaxed) {
                // The library never comes back from a terminal that is gone, and keeps a core busy: it is not asked.
                // Neither is it asked for nothing: it spends the last millisecond of each wait without rest.
                let patience = match at_terminal.then(|| wait_at_terminal(LOOK)) {
                    Some(Waited::Gone) => return gone(),
                    Some(Waited::InVain) => continue,
                    Some(Waited::Typed) => AT_ONCE,
                    Some(Waited::Unknown) | None => LOOK,
                };
                let mut found = event::poll(patience);
                // Some keys come in one piece.
                while let Ok(true) = found {
                    let key = match event::read() {
                        Ok(Event::Key(key)) if key.kind != KeyEventKind::Release => meaning(key),
                        // Who draws looks at the size each time.
                        Ok(_) => None,
                        Err(_) => return gone(),
                    };
                    if key.is_some_and(|key| send.send(key).is_err()) {
                        return;
                    }
                    found = event::poll(AT_ONCE);
                }
                if found.is_err() {
                    return gone();
                }
            }
        })
    }

    fn from_thread(joins: bool, read: impl FnOnce(Sender<K>, &AtomicBool) + Send + 'static) -> Keys<K> {
        let (send, wishes) = mpsc::channel();
        let over = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&over);
        let reader = thread::spawn(move || read(send, &flag));
        Keys { wishes, _nobody: None, over, reader: joins.then_some(reader) }
    }

    /// Typed lines of a terminal in its usual mode, as `meaning` reads them; the last wish is `gone`.
    ///
    /// Where nobody can type any more, `leave` is called at once.
    pub fn of_typed(meaning: fn(&str) -> Vec<K>, gone: K, leave: fn()) -> Keys<K> {
        // The thread may wait for a line that never comes: nobody waits for the thread.
        Keys::from_thread(false, move |send, _| {
            let (mut input, mut line) = (io::stdin().lock(), Vec::new());
            // What is no text is no wish either, but more may follow.
            while input.read_until(b'\n', &mut line).is_ok_and(|count| count > 0) {
                let typed = String::from_utf8_lossy(&line).into_owned();
                line.clear();
                if meaning(typed.trim()).into_iter().any(|key| send.send(key).is_err()) {
                    return;
                }
            }
            // Ctrl-D, or the terminal is gone: nobody will type any more.
            leave();
            let _ = send.send(gone);
        })
    }

    /// The next wish, if there is one within this time.
    pub fn wait(&mut self, patience: Duration) -> Option<K> {
        self.wishes.recv_timeout(patience).ok()
    }

    /// The next wish, if there is one.
    pub fn pressed(&mut self) -> Option<K> {
        self.wishes.try_recv().ok()
    }
}

impl<K> Drop for Keys<K> {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        let Some(reader) = self.reader.take() else { return };
        // The reader's end of the channel goes with the reader. One that waits for the rest of half a key, or whose
        // terminal has gone away, may never end: it is left to the end of the program.
        loop {
            match self.wishes.recv_timeout(FAREWELL) {
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => return,
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        let _ = reader.join();
    }
}

impl Keys {
    /// Lines of a terminal in its usual mode, for who does not want a screen drawn.
    ///
    /// Where nobody can type any more, `leave` is called at once.
    pub fn of_lines(leave: fn()) -> Keys {
        Keys::of_typed(of_line, Key::Interrupt, leave)
    }
}

/// What came of waiting at a terminal.
#[cfg_attr(not(unix), allow(dead_code, reason = "there it is never known"))]
enum Waited {
    /// Something was typed.
    Typed,
    /// Nothing was.
    InVain,
    /// The terminal is gone.
    Gone,
    /// It cannot be told here.
    Unknown,
}

/// Waits until something is typed at the terminal on standard input, no longer than `patience`.
#[cfg(unix)]
fn wait_at_terminal(patience: Duration) -> Waited {
    let mut input = libc::pollfd { fd: libc::STDIN_FILENO, events: libc::POLLIN, revents: 0 };
    let milliseconds = patience.as_millis().min(1_000) as libc::c_int;
    // SAFETY: the pointer is to one entry, which lives until the call is over.
    let found = unsafe { libc::poll(&raw mut input, 1, milliseconds) };
    match input.revents {
        _ if found <= 0 => Waited::InVain,
        gone if gone & (libc::POLLHUP | libc::POLLERR) != 0 => Waited::Gone,
        // Not every system can look at a terminal in this way.
        unknown if unknown & libc::POLLNVAL != 0 => Waited::Unknown,
        _ => Waited::Typed,
    }
}

#[cfg(not(unix))]
fn wait_at_terminal(_: Duration) -> Waited {
    Waited::Unknown
}

/// What a typed line means in a session: a word of one letter, or a few numbers.
fn of_line(typed: &str) -> Vec<Key> {
    match typed {
        "" => return vec![Key::Done],
        "r" => return vec![Key::Retake],
        "s" => return vec![Key::Repeat],
        "p" => return vec![Key::Pause],
        "k" => return vec![Key::Skip],
        "q" => return vec![Key::Quit],
        "-" => return vec![Key::Back],
        _ => {}
    }
    let one = |word: &str| {
        let mut letters = word.chars();
        let letter = letters.next().filter(|_| letters.next().is_none())?;
        chosen(letter)
    };
    let words = typed.split([' ', ',']).filter(|word| !word.is_empty());
    words.map(one).collect::<Option<Vec<Key>>>().filter(|keys| !keys.is_empty()).unwrap_or_else(|| vec![Key::Help])
}

/// What can be chosen by this character.
fn chosen(character: char) -> Option<Key> {
    match character {
        '1'..='9' => Some(Key::Digit(character as u8 - b'0')),
        'a'..='z' => Some(Key::Letter(character)),
        _ => None,
    }
}

/// What a key means in a session.
pub fn of_session(key: KeyEvent) -> Option<Key> {
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        return match key.code {
            KeyCode::Char('c' | 'd') => Some(Key::Interrupt),
            KeyCode::Char('l') => Some(Key::Redraw),
            _ => None,
        };
    }
    match key.code {
        KeyCode::Enter => Some(Key::Done),
        KeyCode::Char('r' | 'R') => Some(Key::Retake),
        KeyCode::Char('s' | 'S') => Some(Key::Repeat),
        KeyCode::Char('p' | 'P' | ' ') => Some(Key::Pause),
        KeyCode::Char('k' | 'K') => Some(Key::Skip),
        KeyCode::Char('q' | 'Q') | KeyCode::Esc => Some(Key::Quit),
        KeyCode::Char('?' | 'h') => Some(Key::Help),
        KeyCode::Char(character) => chosen(character),
        KeyCode::Backspace => Some(Key::Back),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_line_is_a_wish_or_a_few_numbers() {
        assert_eq!(of_line(""), [Key::Done]);
        assert_eq!(of_line("p"), [Key::Pause]);
        assert_eq!(of_line("3"), [Key::Digit(3)]);
        assert_eq!(of_line("1, 4 2"), [Key::Digit(1), Key::Digit(4), Key::Digit(2)]);
        assert_eq!(of_line("b"), [Key::Letter('b')]);
        for strange in ["help", "12", "1 x2", "0", "é", ",", "?"] {
            assert_eq!(of_line(strange), [Key::Help], "{strange}");
        }
    }
}
