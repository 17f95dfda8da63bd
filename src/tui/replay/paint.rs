//! Text in an area: cut to its cells, broken into its rows.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use crate::interview::text::printable;
use crate::interview::time::show_clock;
use crate::tui::wrap::{fit, wrap};

/// Puts a text in a row, in at most `width` cells; gives how many it took.
pub fn put(buffer: &mut Buffer, at: (u16, u16), width: u16, text: &str, style: Style) -> u16 {
    let (x, y) = at;
    if y >= buffer.area.bottom() || x >= buffer.area.right() {
        return 0;
    }
    let (after, _) = buffer.set_stringn(x, y, printable(text).replace('\n', " "), usize::from(width), style);
    after - x
}

/// A text cut to `width` cells; where it is cut, it says so.
pub fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    match width {
        0 => String::new(),
        _ => fit(text, width - 1) + "…",
    }
}

/// The text in rows of `width` cells, at most `most`; where it is longer, the last row says so.
pub fn rows(text: &str, width: usize, most: usize) -> Vec<String> {
    let mut rows = wrap(&printable(text), width.max(1));
    if rows.len() > most {
        rows.truncate(most);
        if let Some(last) = rows.last_mut() {
            *last = fit(last, width.saturating_sub(1)).trim_end().to_owned() + "…";
        }
    }
    rows
}

/// The first of these that has room, or the last.
pub fn longest<'a>(width: usize, those: &[&'a str]) -> &'a str {
    let fits = those.iter().find(|text| text.width() <= width);
    fits.or(those.last()).copied().unwrap_or_default()
}

/// A line with what it is.
pub type Painted = (String, Style);

/// A place, in seconds, as a clock shows it.
pub fn clock(seconds: f64) -> String {
    show_clock(std::time::Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or_default())
}

/// How far a page of so many rows goes on: a row of the page before is seen again, and the last row is not one of them.
fn step(room: usize) -> usize {
    if room > 3 { room - 2 } else { 1 }
}

/// How many pages so many lines have, in so many rows.
pub fn pages(lines: usize, room: usize) -> usize {
    lines.saturating_sub(room).div_ceil(step(room)) + 1
}

/// Draws lines; of more than fit, the page that is `scrolled` to. After the last page comes the first. The last row says
/// so where more follow.
pub fn lines(lines: &[Painted], area: Rect, scrolled: isize, buffer: &mut Buffer, faint: Style) {
    let room = usize::from(area.height);
    let beyond = lines.len().saturating_sub(room);
    let pages = pages(lines.len(), room);
    let page = scrolled.rem_euclid(pages.min(isize::MAX as usize) as isize) as usize;
    let from = (page * step(room)).min(beyond);
    for (y, (text, style)) in (area.top()..area.bottom()).zip(&lines[from..]) {
        put(buffer, (area.x, y), area.width, text, *style);
    }
    if room > 1 && from < beyond {
        let last = area.bottom() - 1;
        put(buffer, (area.x, last), area.width, &" ".repeat(usize::from(area.width)), Style::new());
        let more = longest(area.width.into(), &["… page down shows more", "… page down"]);
        put(buffer, (area.x, last), area.width, more, faint);
    }
}
