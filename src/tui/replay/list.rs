//! The list of the sessions, the newest first, and of the answers of the one that is opened.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::paint::{cut, put};
use crate::interview::text::printable;
use crate::tui::theme::{Role, Theme};

/// From so many columns on an answer has one row, and what was measured stands at its end.
const ROOMY: u16 = 70;

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// A session.
    Session {
        /// When it began.
        when: String,
        /// What was asked from.
        title: String,
        /// How much of it there is.
        extent: String,
        /// Whether its answers follow.
        opened: bool,
    },
    /// An answer of the opened session.
    Answer {
        /// Its place and its question.
        name: String,
        /// How long it is.
        length: String,
        /// How it was rated.
        rating: String,
        /// What was measured, in a few words.
        measured: String,
        /// Whether it is the one that is heard.
        heard: bool,
    },
    /// Something that is said in its place.
    Remark(String),
}

/// The list.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// The rows.
    pub rows: Arc<Vec<Row>>,
    /// Which one is chosen.
    pub chosen: usize,
    /// What is said instead of rows, while there are none.
    pub remark: String,
}

impl List {
    /// Draws it; `front`: the keys are its own now.
    pub fn draw(&self, area: Rect, front: bool, buffer: &mut Buffer, theme: Theme) {
        if area.is_empty() {
            return;
        }
        let head = if area.height > 3 { 1 } else { 0 };
        if head > 0 {
            put(buffer, (area.x, area.y), area.width, "Sessions", theme.style(Role::Strong));
        }
        let area = Rect { y: area.y + head, height: area.height - head, ..area };
        if self.rows.is_empty() {
            put(buffer, (area.x, area.y), area.width, &self.remark, theme.style(Role::Faint));
            return;
        }
        let mut y = area.y;
        for (place, row) in self.rows.iter().enumerate().skip(self.first(area)) {
            if y >= area.bottom() {
                break;
            }
            self.draw_row(
                row,
                front && place == self.chosen,
                Rect { y, height: area.bottom() - y, ..area },
                buffer,
                theme,
            );
            y += height(row, area.width);
        }
    }

    /// The first row that is seen: the chosen one stands in the middle, where there are more.
    fn first(&self, area: Rect) -> usize {
        let chosen = self.chosen.min(self.rows.len().saturating_sub(1));
        let room = |rows: &[Row]| rows.iter().map(|row| height(row, area.width)).fold(0u16, u16::saturating_add);
        let (mut first, mut above) = (chosen, 0u16);
        // What follows the chosen one leaves more room above where it is short.
        let after = room(self.rows.get(chosen..).unwrap_or_default());
        let most = area.height.saturating_sub(after.min(area.height.div_ceil(2)));
        while first > 0 && above + height(&self.rows[first - 1], area.width) <= most {
            first -= 1;
            above += height(&self.rows[first], area.width);
        }
        first
    }

    fn draw_row(&self, row: &Row, chosen: bool, area: Rect, buffer: &mut Buffer, theme: Theme) {
        let width = usize::from(area.width);
        let style = |role: Role| theme.style(if chosen { Role::Chosen } else { role });
        // Told without any paint too.
        let mark = if chosen { '›' } else { ' ' };
        let fill = |buffer: &mut Buffer, y: u16| {
            put(buffer, (area.x, y), area.width, &" ".repeat(width), style(Role::Text));
        };
        match row {
            Row::Session { when, title, extent, opened } => {
                let sign = if *opened { '▾' } else { '▸' };
                let role = if *opened { Role::Strong } else { Role::Text };
                fill(buffer, area.y);
                let line = ends(&format!("{mark}{sign} {when}  {}", printable(title)), extent, width, 50);
                put(buffer, (area.x, area.y), area.width, &line, style(role));
            }
            Row::Answer { name, length, rating, measured, heard } => {
                let sign = if *heard { '▶' } else { ' ' };
                let role = if *heard { Role::Strong } else { Role::Text };
                fill(buffer, area.y);
                let begin = format!("{mark}  {sign} {}", printable(name));
                let end = if rating.is_empty() { length.clone() } else { format!("{length}  {rating}") };
                if area.width >= ROOMY {
                    let third = width / 2;
                    let line = ends(&begin, &end, third, 0);
                    put(buffer, (area.x, area.y), area.width, &line, style(role));
                    let at = area.x + third as u16 + 2;
                    put(
                        buffer,
                        (at, area.y),
                        area.right().saturating_sub(at),
                        &cut(measured, width - third - 2),
                        style(role),
                    );
                    return;
                }
                put(buffer, (area.x, area.y), area.width, &ends(&begin, &end, width, 0), style(role));
                if area.height > 1 && !measured.is_empty() {
                    fill(buffer, area.y + 1);
                    let line = cut(&format!("      {measured}"), width);
                    put(buffer, (area.x, area.y + 1), area.width, &line, style(Role::Faint));
                }
            }
            Row::Remark(text) => {
                fill(buffer, area.y);
                put(
                    buffer,
                    (area.x, area.y),
                    area.width,
                    &cut(&format!("{mark}    {text}"), width),
                    style(Role::Faint),
                );
            }
        }
    }
}

fn height(row: &Row, width: u16) -> u16 {
    match row {
        Row::Answer { measured, .. } if width < ROOMY && !measured.is_empty() => 2,
        _ => 1,
    }
}

/// A line with its end at the right; the beginning is cut where there is no room for both. Below `least` cells there is
/// no end.
fn ends(begin: &str, end: &str, width: usize, least: usize) -> String {
    let end_width = end.width();
    if end.is_empty() || width < least || end_width + 6 > width {
        return cut(begin, width);
    }
    let room = width - end_width - 1;
    let begin = cut(begin, room);
    format!("{begin}{:gap$} {end}", "", gap = room - begin.width())
}
