//! What can be drawn on a terminal: by whom, and when, is no business of what is drawn.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::theme::Theme;

/// Something that can be drawn at any size.
///
/// It is a moment, whole and by itself: what draws it may be late, and may leave moments out.
pub trait Picture: Send {
    /// How many rows it would like to have of a terminal of so many columns and rows.
    fn height(&self, columns: u16, rows: u16) -> u16;

    /// Draws it, within the area alone.
    fn draw(&self, area: Rect, buffer: &mut Buffer, theme: Theme);
}
