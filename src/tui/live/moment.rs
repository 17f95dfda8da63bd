//! A moment of the session, drawn: a few rows below the lines, or the whole screen.
//!
//! While somebody answers there is no more than clock, level and question, and how to end.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::gauges::{self, METER};
use super::words;
use crate::interview::time::show_clock;
use crate::tui::canvas::{Paragraph, Picture};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::{Stand, View};
use crate::tui::wrap::{fit, wrap};

/// The widest bar.
const BAR: usize = 40;

/// The narrowest bar that says anything.
const LEAST_BAR: usize = 8;

/// The widest page: longer lines are hard to read.
const PAGE: u16 = 92;

/// What is between two parts of a row.
const BETWEEN: &str = " · ";

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Which question it is, and who asks.
    pub heading: String,
    /// The same in fewer words.
    pub place: String,
    /// What is asked, or said.
    pub text: String,
    /// How that looks.
    pub role: Role,
}

/// A moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// Where the session stands.
    pub view: View,
    /// What is asked.
    pub asked: Option<Asked>,
    /// What is asked from, for a whole screen.
    pub title: String,
    /// What was said since the question, for a whole screen.
    pub said: Vec<Paragraph>,
    /// Whether it has the whole screen.
    pub full: bool,
}

/// Text and its role.
type Span = (String, Role);

impl Picture for Moment {
    fn height(&self, _: u16, rows: u16) -> u16 {
        match rows {
            _ if self.full => rows,
            0..6 => 1,
            6..10 => 2,
            10..16 => 3,
            // A row of nothing between what scrolls by and what stays.
            _ => 4,
        }
    }

    fn draw(&self, area: Rect, buffer: &mut Buffer, theme: Theme) {
        let mut page = Page { area, buffer, theme };
        match self.full {
            true => self.draw_page(&mut page),
            false => self.draw_rows(&mut page),
        }
    }
}

/// What is drawn on.
struct Page<'a> {
    area: Rect,
    buffer: &'a mut Buffer,
    theme: Theme,
}

impl Page<'_> {
    /// Puts spans one after the other into a row of the area; what does not fit is cut.
    fn row(&mut self, y: u16, spans: &[Span]) {
        if y >= self.area.height {
            return;
        }
        let mut x = self.area.x;
        for (text, role) in spans {
            let left = usize::from(self.area.right().saturating_sub(x));
            (x, _) = self.buffer.set_stringn(x, self.area.y + y, fit(text, left), left, self.theme.style(*role));
        }
    }

    fn width(&self) -> usize {
        usize::from(self.area.width)
    }
}

impl Moment {
    /// A few rows, as many as there are.
    fn draw_rows(&self, page: &mut Page<'_>) {
        match page.area.height {
            0 => {}
            1 => page.row(0, &self.status(page.width(), self.level().map(|_| true))),
            2 => {
                page.row(0, &self.status(page.width(), self.level().map(|_| true)));
                page.row(1, &self.foot(page.width()));
            }
            rows => {
                let first = u16::from(rows > 3);
                page.row(first, &self.status(page.width(), None));
                page.row(first + 1, &self.facts(page.width()));
                page.row(first + 2, &self.foot(page.width()));
            }
        }
    }

    /// The whole screen: what is asked above, in the middle clock and level, below what was said, at the foot the keys.
    fn draw_page(&self, page: &mut Page<'_>) {
        let whole = page.area;
        let margin = if whole.width >= 50 { 2 } else { 0 };
        let width = (whole.width - 2 * margin).min(PAGE);
        let x = whole.x + (whole.width - width) / 2;
        page.area = Rect::new(x, whole.y, width, whole.height);
        let (rows, width) = (whole.height, usize::from(width));
        let airy = u16::from(rows >= 16);
        let answering = self.view.stand == Stand::Answering;
        let mut y = airy;
        let foot = rows.saturating_sub(1 + u16::from(rows >= 20));
        // What does not fit is left out, the least needed first: clock, level and keys have their rows before all else.
        let needed = if rows >= 6 { 3 + airy } else { rows.min(2) };
        let room = foot.saturating_sub(y + needed);
        let mut above: Vec<Vec<Span>> = Vec::new();
        if let Some(asked) = &self.asked {
            let lines = wrap(&asked.text, width.max(1));
            let headed = room > lines.len() as u16;
            if headed && !answering {
                above.push(self.head(width));
            } else if headed {
                above.push(vec![(asked.place.clone(), Role::Heading)]);
            }
            if airy > 0 && room as usize > lines.len() + above.len() + 1 {
                above.push(Vec::new());
            }
            above.extend(lines.into_iter().map(|line| vec![(line, asked.role)]));
        } else if room > 0 {
            above.push(vec![(self.title.clone(), Role::Heading)]);
        }
        if above.len() > usize::from(room) {
            above.truncate(usize::from(room));
            if let Some((text, _)) = above.last_mut().and_then(|line| line.last_mut()) {
                *text = fit(text, width.saturating_sub(1)) + "…";
            }
        }
        for line in &above {
            page.row(y, line);
            y += 1;
        }
        if y > airy && y < foot.saturating_sub(needed) {
            y += airy;
        }
        if rows >= 6 {
            page.row(y, &self.status(width, None));
            page.row(y + 1, &self.level_row(width));
            y += 2 + airy;
        } else {
            page.row(y, &self.status(width, self.level().map(|_| true)));
            y += 1;
        }
        if !answering {
            self.draw_said(page, y, foot);
        } else {
            let alarms = self.said.iter().filter(|said| said.role == Role::Alarm).cloned().collect();
            Moment { said: alarms, ..self.clone() }.draw_said(page, y, foot);
        }
        if rows >= 2 {
            page.row(foot, &self.foot(width));
        }
    }

    /// What was said, from a row to another; where there is not enough room, the newest of it.
    fn draw_said(&self, page: &mut Page<'_>, from: u16, to: u16) {
        let width = page.width().max(1);
        let broken = |said: &Paragraph| {
            let role = said.role;
            wrap(&said.text, width).into_iter().map(move |line| vec![(line, role)])
        };
        let lines: Vec<Vec<Span>> = self.said.iter().flat_map(broken).collect();
        let room = usize::from(to.saturating_sub(from));
        // The newest is read from its beginning, even where it has no end.
        let newest = self.said.last().map_or(0, |said| broken(said).count());
        let first = lines.len().saturating_sub(room.max(newest));
        for (y, line) in (from..to).zip(&lines[first..]) {
            page.row(y, line);
        }
    }

    /// Where the session stands, how long still, in digits and as a bar; the level instead of the bar where it is to be
    /// in the same row.
    fn status(&self, width: usize, level: Option<bool>) -> Vec<Span> {
        let (label, role) = words::label(&self.view);
        let time = words::time(&self.view);
        let mut spans = vec![(label.to_owned(), role)];
        let mut used = label.width();
        if !time.is_empty() {
            let urgent = if self.view.warned { Role::Alarm } else { Role::Strong };
            let short = time.trim_end_matches(" left").to_owned();
            let time = if used + 2 + time.width() <= width { time } else { short };
            used += 2 + time.width();
            spans.push(("  ".to_owned(), Role::Text));
            spans.push((time, urgent));
        }
        if level.is_some() {
            let found = self.level().unwrap_or_default();
            let needs: usize = found.iter().map(|(text, _)| text.width()).sum();
            if used + 2 + needs <= width {
                used += 2 + needs;
                spans.push(("  ".to_owned(), Role::Text));
                spans.extend(found);
            }
        }
        if let (Some(left), Some(whole)) = (self.view.left, self.view.limit)
            && matches!(self.view.stand, Stand::Answering | Stand::Thinking)
        {
            let cells = width.saturating_sub(used + 2).min(BAR);
            if cells >= LEAST_BAR {
                let role = if self.view.warned { Role::Alarm } else { Role::Text };
                spans.push((format!("  {}", gauges::bar(left, whole, self.view.warning, cells)), role));
            }
        }
        spans
    }

    /// The level of the microphone, while it is of use.
    fn level(&self) -> Option<Vec<Span>> {
        let peak = self.view.peak?;
        if !matches!(self.view.stand, Stand::Answering | Stand::Reading | Stand::Thinking) {
            return None;
        }
        let role = if self.view.clipped { Role::Alarm } else { Role::Text };
        let mut spans = vec![(gauges::meter(peak), role)];
        if self.view.clipped {
            spans.push((" too loud".to_owned(), Role::Alarm));
        }
        Some(spans)
    }

    fn level_row(&self, width: usize) -> Vec<Span> {
        match self.level() {
            Some(level) => [vec![(microphone(width).to_owned(), Role::Text)], level].concat(),
            None => Vec::new(),
        }
    }

    /// The level; and where nobody answers, who asks, which question it is, and what is left of the whole session.
    fn facts(&self, width: usize) -> Vec<Span> {
        let mut spans = self.level_row(width);
        if matches!(self.view.stand, Stand::Answering | Stand::Over) {
            return spans;
        }
        // A meter that comes and goes moves nothing.
        let indent = microphone(width).len() + METER + 2;
        let used: usize = spans.iter().map(|(text, _)| text.width()).sum();
        let facts = self.known(width.saturating_sub(if used > 0 { indent.max(used + 2) } else { 0 }));
        if !facts.is_empty() {
            if used > 0 {
                spans.push((" ".repeat(indent.max(used + 2) - used), Role::Text));
            }
            spans.push((facts, Role::Heading));
        }
        spans
    }

    /// What is left of the whole session.
    fn whole(&self) -> Option<String> {
        self.view.whole.map(|left| format!("{} left in all", show_clock(words::whole_seconds(left))))
    }

    /// Which question it is, who asks, and what is left of the whole session; the least needed is left out first.
    fn known(&self, width: usize) -> String {
        let whole = self.whole();
        let place = self.asked.as_ref().map(|asked| asked.place.clone()).filter(|place| !place.is_empty());
        let short = self.view.whole.map(|left| show_clock(words::whole_seconds(left)));
        let tries = [vec![place, whole.clone()], vec![whole], vec![short]];
        let lines = tries.into_iter().map(|parts| parts.into_iter().flatten().collect::<Vec<_>>().join(BETWEEN));
        lines.into_iter().find(|line| line.width() <= width).unwrap_or_default()
    }

    /// The first row of a whole screen: what is asked, and at the right what is left of the session.
    fn head(&self, width: usize) -> Vec<Span> {
        let Some(asked) = &self.asked else { return Vec::new() };
        let short = self.view.whole.map(|left| show_clock(words::whole_seconds(left)) + " left");
        let wholes = [self.whole().unwrap_or_default(), short.unwrap_or_default(), String::new()];
        let room = |whole: &String| width.saturating_sub(if whole.is_empty() { 0 } else { whole.width() + 2 });
        // Which question it is comes before how much is left of all.
        let whole = wholes.into_iter().find(|whole| asked.place.width() <= room(whole)).unwrap_or_default();
        let room = room(&whole);
        let fitting = [&asked.heading, &asked.place].into_iter().find(|text| text.width() <= room);
        let head = fitting.cloned().unwrap_or_else(|| fit(&asked.place, room));
        let gap = width.saturating_sub(head.width() + whole.width());
        vec![(head, Role::Heading), (" ".repeat(gap), Role::Text), (whole, Role::Text)]
    }

    /// What can be pressed, as much of it as there is room for; or what a key would cost.
    fn foot(&self, width: usize) -> Vec<Span> {
        if let Some(sure) = self.view.sure {
            let short = sure.split(" (").next().unwrap_or(sure);
            return vec![(if sure.width() <= width { sure } else { short }.to_owned(), Role::Alarm)];
        }
        let mut line = String::new();
        for key in words::keys(&self.view) {
            let more = if line.is_empty() { key } else { format!("{BETWEEN}{key}") };
            if line.width() + more.width() > width {
                break;
            }
            line += &more;
        }
        vec![(line, Role::Faint)]
    }
}

/// What stands before the level.
fn microphone(width: usize) -> &'static str {
    if width < 60 { "Mic " } else { "Microphone  " }
}

#[cfg(test)]
#[path = "moment_tests.rs"]
mod tests;
