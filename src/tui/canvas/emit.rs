//! Rows of cells as what a terminal is sent for them.
//!
//! Knows nothing of where on the screen the rows stand.

use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

/// A row as it is sent: from its first cell to the last one in which something is seen, without the end of the line.
///
/// It begins and ends in the terminal's own style. Where a terminal may count the cells of a character otherwise than we
/// do, the next cell is named by its column.
pub fn row(buffer: &Buffer, y: u16) -> String {
    let area = buffer.area;
    let cells: Vec<&Cell> = (area.left()..area.right()).map(|x| &buffer[(x, y)]).collect();
    let seen = cells.iter().rposition(|cell| !is_blank(cell)).map_or(0, |last| last + 1);
    let mut out = String::new();
    let mut style = String::new();
    let mut x = 0;
    while x < seen {
        let cell = cells[x];
        let wanted = codes(cell);
        if wanted != style {
            // From the start: what an earlier cell had is over.
            if !style.is_empty() {
                out += "\x1b[0m";
            }
            if !wanted.is_empty() {
                let _ = write!(out, "\x1b[{wanted}m");
            }
            style = wanted;
        }
        out += cell.symbol();
        let width = cell.symbol().width().max(1);
        x += width;
        if x < seen && !is_certain(cell.symbol()) {
            let _ = write!(out, "\x1b[{}G", x + 1);
        }
    }
    if !style.is_empty() {
        out += "\x1b[0m";
    }
    out
}

/// How many cells of a row are seen.
pub fn seen(buffer: &Buffer, y: u16) -> usize {
    let area = buffer.area;
    let last = (area.left()..area.right()).rposition(|x| !is_blank(&buffer[(x, y)]));
    last.map_or(0, |last| last + buffer[(area.left() + last as u16, y)].symbol().width().max(1))
}

/// Nothing is seen in the cell.
fn is_blank(cell: &Cell) -> bool {
    cell.symbol().trim().is_empty() && cell.bg == Color::Reset && !cell.modifier.contains(Modifier::REVERSED)
}

/// Whether every terminal gives it one cell.
fn is_certain(symbol: &str) -> bool {
    let mut characters = symbol.chars();
    let first = characters.next();
    // Lines, blocks and shapes have two cells on some terminals of East Asia; braille has one everywhere.
    let plain = |c: char| c.is_ascii() || ('\u{2800}'..='\u{28ff}').contains(&c);
    first.is_none_or(plain) && characters.next().is_none()
}

/// The codes of a cell's style, with semicolons between; none for the terminal's own.
fn codes(cell: &Cell) -> String {
    let mut codes: Vec<u8> = Vec::new();
    let modifiers = [
        (Modifier::BOLD, 1),
        (Modifier::DIM, 2),
        (Modifier::ITALIC, 3),
        (Modifier::UNDERLINED, 4),
        (Modifier::REVERSED, 7),
    ];
    codes.extend(modifiers.iter().filter(|(modifier, _)| cell.modifier.contains(*modifier)).map(|(_, code)| *code));
    codes.extend(colour(cell.fg).map(|number| if number < 8 { 30 + number } else { 82 + number }));
    codes.extend(colour(cell.bg).map(|number| if number < 8 { 40 + number } else { 92 + number }));
    codes.iter().map(u8::to_string).collect::<Vec<_>>().join(";")
}

/// The number of one of the sixteen colours.
fn colour(color: Color) -> Option<u8> {
    match color {
        Color::Black => Some(0),
        Color::Red => Some(1),
        Color::Green => Some(2),
        Color::Yellow => Some(3),
        Color::Blue => Some(4),
        Color::Magenta => Some(5),
        Color::Cyan => Some(6),
        Color::Gray => Some(7),
        Color::DarkGray => Some(8),
        Color::LightRed => Some(9),
        Color::LightGreen => Some(10),
        Color::LightYellow => Some(11),
        Color::LightBlue => Some(12),
        Color::LightMagenta => Some(13),
        Color::LightCyan => Some(14),
        Color::White => Some(15),
        // The theme has the sixteen alone.
        Color::Reset | Color::Indexed(_) | Color::Rgb(..) => None,
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    fn drawn(width: u16, parts: &[(u16, &str, Style)]) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, 1));
        for (x, text, style) in parts {
            buffer.set_string(*x, 0, text, *style);
        }
        buffer
    }

    #[test]
    fn a_row_ends_with_what_is_seen_and_in_the_terminals_own_style() {
        let red = Style::new().fg(Color::Red).add_modifier(Modifier::BOLD);
        let buffer = drawn(20, &[(0, "ab", red), (3, "c", Style::new())]);
        assert_eq!(row(&buffer, 0), "\x1b[1;31mab\x1b[0m c");
        assert_eq!(seen(&buffer, 0), 4);
        assert_eq!(row(&drawn(20, &[]), 0), "");
        let badge = Style::new().fg(Color::White).bg(Color::Blue);
        assert_eq!(row(&drawn(5, &[(0, "x ", badge)]), 0), "\x1b[97;44mx \x1b[0m");
    }

    #[test]
    fn whatever_a_terminal_makes_of_a_character_the_next_stands_in_its_cell() {
        assert_eq!(row(&drawn(9, &[(0, "日a", Style::new())]), 0), "日\x1b[3Ga");
        assert_eq!(row(&drawn(9, &[(0, "e\u{301}x", Style::new())]), 0), "e\u{301}\x1b[2Gx");
        assert_eq!(row(&drawn(9, &[(0, "a ⣿⣷ b", Style::new())]), 0), "a ⣿⣷ b");
        assert_eq!(row(&drawn(9, &[(0, "▮▯", Style::new())]), 0), "▮\x1b[2G▯", "two cells on some terminals");
        assert_eq!(row(&drawn(9, &[(0, "שלom", Style::new())]), 0), "ש\x1b[2Gל\x1b[3Gom");
    }
}
