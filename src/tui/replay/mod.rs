//! The screen of a replay: the answer that is heard, the list of all sessions, and the keys.
//!
//! Models of a moment and how they are drawn. What a key does, and what may be shown, is known elsewhere.

mod foot;
pub mod help;
pub mod keys;
pub mod line;
pub mod list;
mod long_text;
mod marks;
pub mod page;
mod paint;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::canvas::Picture;
use super::theme::{Role, Theme};
pub use foot::Foot;
pub use line::TypedLine;
pub use list::{List, Row};
pub use page::{After, Mark, Page, Point, Rated, Sign};
use paint::put;

/// From so many columns on the list stands beside the answer all the time.
pub const WIDE: u16 = 120;

/// What stands in front.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Front {
    /// The answer that is heard.
    #[default]
    Answer,
    /// The list of sessions.
    List,
    /// The keys.
    Help,
}

/// A replay at a moment.
#[derive(Debug, Clone, Default)]
pub struct Replay {
    /// What stands in front.
    pub front: Front,
    /// The sessions.
    pub list: List,
    /// The answer that is heard.
    pub page: Page,
    /// What stands at the foot.
    pub foot: Foot,
    /// Which page is shown of what is longer than the screen.
    pub scrolled: isize,
}

impl Picture for Replay {
    fn height(&self, _: u16, rows: u16) -> u16 {
        rows
    }

    fn draw(&self, area: Rect, buffer: &mut Buffer, theme: Theme) {
        let area = area.intersection(buffer.area);
        if area.is_empty() {
            return;
        }
        let foot = self.foot.height(area).min(area.height);
        let above = Rect { height: area.height - foot, ..area };
        self.foot.draw(Rect { y: above.bottom(), height: foot, ..area }, self.front, buffer, theme);
        if self.front == Front::Help {
            return help::draw(above, self.scrolled, buffer, theme);
        }
        if area.width < WIDE {
            return match self.front {
                Front::List => self.list.draw(above, true, buffer, theme),
                _ => self.page.draw(above, self.scrolled, buffer, theme),
            };
        }
        let side = (area.width / 4).clamp(36, 60);
        self.list.draw(Rect { width: side, ..above }, self.front == Front::List, buffer, theme);
        for y in above.top()..above.bottom() {
            put(buffer, (above.x + side, y), 1, "│", theme.style(Role::Faint));
        }
        let page = Rect { x: above.x + side + 2, width: above.width - side - 2, ..above };
        self.page.draw(page, self.scrolled, buffer, theme);
    }
}

#[cfg(test)]
#[path = "screens_tests.rs"]
mod tests;
