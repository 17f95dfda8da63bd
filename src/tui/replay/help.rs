//! All keys of a replay.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::paint::{self, Painted};
use crate::interview::text::printable;
use crate::tui::theme::{Role, Theme};
use crate::tui::waveform::SIGNS;
use crate::tui::wrap::wrap;

/// The keys, and what each does.
pub const KEYS: [(&str, &str); 24] = [
    ("space", "pause, and go on"),
    ("← →", "1 second back, on"),
    ("↓ ↑  , .", "5 seconds back, on (with shift ← → too)"),
    ("[ ]", "to the pause before, to the next (with ctrl or alt ← → too)"),
    ("home", "to the beginning"),
    ("n  enter", "the next recording"),
    ("p", "to the beginning; there, the recording before"),
    ("+ -", "faster, slower: 0.5 to 3 times; the pitch stays"),
    ("s", "leave silence out, or in again"),
    ("a", "from here on; once more: no loop"),
    ("b", "up to here, again and again"),
    ("esc", "no loop; leave the comparison, the list, the keys"),
    ("m", "mark this place with a note: type it, then enter; the sound goes on"),
    ("M", "to the next mark"),
    ("f", "count a filler word"),
    ("F", "take the last one back"),
    ("c", "compare: the first take, the newest, the model answer in turn"),
    ("1 2 3 4", "how did it go? again, hard, good, easy"),
    ("1 to 9", "once rated: I said this point, or did not"),
    ("backspace", "rate it again"),
    ("l  tab", "the list of sessions and answers: arrows, then enter"),
    ("page keys", "what is longer than the screen"),
    ("?", "these keys"),
    ("q", "quit"),
];

/// The cells of the longest key.
const NAMES: usize = 9;

/// Draws the keys.
pub fn draw(area: Rect, scrolled: isize, buffer: &mut Buffer, theme: Theme) {
    let width = usize::from(area.width);
    let (text, strong) = (theme.style(Role::Text), theme.style(Role::Strong));
    let mut lines: Vec<Painted> = vec![("Keys".to_owned(), strong)];
    lines.extend(KEYS.iter().flat_map(|(key, does)| row(key, does, width)).map(|line| (line, text)));
    lines.extend([(String::new(), text), ("On the waveform".to_owned(), strong)]);
    let signs = SIGNS.iter().flat_map(|(sign, means)| row(&sign.to_string(), means, width));
    lines.extend(signs.map(|line| (line, text)));
    paint::lines(&lines, area, scrolled, buffer, theme.style(Role::Faint));
}

/// A key and what it does, in lines. Where it is narrow, what it does begins right behind it.
fn row(key: &str, does: &str, width: usize) -> Vec<String> {
    if width < 40 {
        return wrap(&printable(&format!("{key}: {does}")), width.max(8));
    }
    let indent = NAMES + 2;
    let line = |(place, row): (usize, String)| {
        let head = if place == 0 { key } else { "" };
        let gap = indent - head.width().min(indent);
        format!("{head}{:gap$}{row}", "")
    };
    wrap(&printable(does), width - indent).into_iter().enumerate().map(line).collect()
}
