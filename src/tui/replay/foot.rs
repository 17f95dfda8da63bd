//! The foot of the screen: what was said last, the line that is typed, the keys of now.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::Front;
use super::line::TypedLine;
use super::paint::{cut, put, rows};
use crate::tui::theme::{Role, Theme};

/// From so many rows on what was said has a row of its own.
const TALL: u16 = 8;

/// What was said has so many rows at most.
const MOST_SAID: usize = 3;

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
    /// How many rows it has in this area: one for the keys, and where there is room, one for what was said, or more where
    /// that is long.
    pub fn height(&self, area: Rect) -> u16 {
        match area.height {
            0..TALL => 1,
            rows => 1 + self.said_in(area.width, usize::from(rows / TALL).min(MOST_SAID)).len().max(1) as u16,
        }
    }

    /// What was said, in rows.
    fn said_in(&self, width: u16, most: usize) -> Vec<String> {
        let told = self.asked.as_ref().or(self.said.as_ref().filter(|_| self.typed.is_none()));
        told.map(|text| rows(text, width.into(), most)).unwrap_or_default()
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
        let room = usize::from(area.height.saturating_sub(1).max(1));
        if let (None, Some((what, line))) = (&self.asked, &self.typed) {
            let what = if what.width() + 12 <= width { format!("{what} ") } else { "> ".to_owned() };
            let used = put(buffer, (area.x, said), area.width, &what, theme.style(Role::Strong));
            let (before, after) = line.seen(usize::from(area.width.saturating_sub(used)));
            let text = format!("{before}{CURSOR}{after}");
            put(buffer, (area.x + used, said), area.width - used, &text, theme.style(Role::Text));
        } else {
            let role = if self.asked.is_some() { Role::Alarm } else { Role::Strong };
            for (y, row) in (said..=last).zip(self.said_in(area.width, room)) {
                put(buffer, (area.x, y), area.width, &row, theme.style(role));
            }
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
