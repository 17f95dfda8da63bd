//! A text that may be longer than its rows, page by page.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::paint::{self, Painted, put};
use crate::interview::text::printable;
use crate::tui::theme::{Role, Theme};
use crate::tui::wrap::wrap;

/// So many rows have one for the hint that there is more.
const HINTED: usize = 4;

/// A text in its rows, of which not all may fit.
pub struct LongText {
    rows: Vec<String>,
    room: usize,
    /// How many pages it has.
    pub pages: usize,
}

impl LongText {
    /// The text, in its rows of the whole width, where it has so many rows.
    pub fn of(rows: &[String], text: &str, width: usize, room: usize) -> LongText {
        if rows.len() <= room || room == 0 {
            return LongText { rows: rows.to_vec(), room, pages: 1 };
        }
        if room >= HINTED {
            return LongText { rows: rows.to_vec(), room, pages: paint::pages(rows.len(), room) };
        }
        // In a few rows there is no room for a hint: the last ends with a sign, and a cell is kept for that.
        let rows = wrap(&printable(text), width.saturating_sub(1).max(1));
        let pages = rows.len().div_ceil(room);
        LongText { rows, room, pages }
    }

    /// Draws a page of it.
    pub fn draw(&self, area: Rect, page: usize, buffer: &mut Buffer, theme: Theme) {
        let style = theme.style(Role::Strong);
        if self.pages > 1 && self.room < HINTED {
            let from = page * self.room;
            let shown = self.rows.iter().enumerate().skip(from).take(self.room);
            for (y, (place, row)) in (area.top()..).zip(shown) {
                let more = place + 1 == from + self.room && place + 1 < self.rows.len();
                put(buffer, (area.x, y), area.width, &format!("{row}{}", if more { "…" } else { "" }), style);
            }
            return;
        }
        let lines: Vec<Painted> = self.rows.iter().map(|row| (row.clone(), style)).collect();
        paint::lines(&lines, area, page as isize, buffer, theme.style(Role::Faint));
    }
}
