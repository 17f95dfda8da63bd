//! The foot of the screen: what was said last, the line that is typed, the keys of now.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::Front;
use super::line::TypedLine;
use super::paint::{cut, put};
use crate::interview::text::printable;
use crate::tui::theme::{Role, Theme};

/// From so many rows on what was said has a row of its own.
const TALL: u16 = 8;

/// Where the next character goes; the terminal's own cursor is hidden.
const CURSOR: char = '▏';

/// What stands at the foot.
#[derive(Debug, Clone, Default)]
pub struct Foot {
    /// What was said last, for as long as that is of interest.
    pub said: Option<String>,
    /// A question that is to be answered before anything else.
    pub asked: Option<String>,
    /// The line that is typed, and what it is for.
    pub typed: Option<(String, TypedLine)>,
    /// The keys that matter now, the most important first.
    pub keys: Vec<String>,
}

impl Foot {
    /// How many rows it has in this area.
    pub fn height(&self, area: Rect) -> u16 {
        if area.height >= TALL { 2 } else { 1 }
    }

    /// Draws it.
    pub fn draw(&self, area: Rect, front: Front, buffer: &mut Buffer, theme: Theme) {
        if area.is_empty() {
            return;
        }
        let width = usize::from(area.width);
        let last = area.bottom() - 1;
        let said = if area.height > 1 { area.y } else { last };
        // Where there is one row, the keys wait until what was said is past.
        if area.height > 1 || (self.typed.is_none() && self.asked.is_none() && self.said.is_none()) {
            put(buffer, (area.x, last), area.width, &self.keys_in(width, front), theme.style(Role::Faint));
        }
        if let Some(asked) = &self.asked {
            put(buffer, (area.x, said), area.width, &cut(asked, width), theme.style(Role::Alarm));
        } else if let Some((what, line)) = &self.typed {
            let what = if what.width() + 12 <= width { format!("{what} ") } else { "> ".to_owned() };
            let used = put(buffer, (area.x, said), area.width, &what, theme.style(Role::Strong));
            let (before, after) = line.seen(usize::from(area.width.saturating_sub(used)));
            let text = format!("{before}{CURSOR}{after}");
            put(buffer, (area.x + used, said), area.width - used, &text, theme.style(Role::Text));
        } else if let Some(text) = &self.said {
            put(buffer, (area.x, said), area.width, &cut(&printable(text), width), theme.style(Role::Strong));
        }
    }

    /// As many keys as there is room for.
    fn keys_in(&self, width: usize, front: Front) -> String {
        // While a line is typed, a question mark is one.
        let ends = match (&self.typed, front) {
            (Some(_), _) => "",
            (None, Front::Help) => "? back",
            (None, _) => "? keys",
        };
        let with = |line: &str, key: &str| match (line, key) {
            ("", key) => key.to_owned(),
            (line, "") => line.to_owned(),
            (line, key) => format!("{line} · {key}"),
        };
        let mut line = String::new();
        for key in &self.keys {
            let longer = with(&line, key);
            if with(&longer, ends).width() > width {
                break;
            }
            line = longer;
        }
        cut(&with(&line, ends), width)
    }
}
