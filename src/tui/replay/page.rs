//! The answer that is heard: what was asked, its waveform, its marks; and once it is rated, how it was said.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::long_text::LongText;
use super::marks;
use super::paint::{self, Painted, clock, cut, longest, put};
use crate::interview::text::printable;
use crate::speech::Peaks;
use crate::tui::plain::fillers_counted;
use crate::tui::theme::{Role, Theme};
use crate::tui::waveform::Waveform;
use crate::tui::wrap::wrap;

/// From so many columns on what comes after the rating stands beside the waveform.
const BESIDE: u16 = 96;

/// From so many rows on there is room for more than what matters most.
const ROOMY: u16 = 30;

/// From so many rows on there is room for a few marks beside what comes after.
const MEDIUM: u16 = 18;

/// What was asked has so many rows at most where another text is what there is to read.
const MOST_ASKED: usize = 2;

/// What the sound does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sign {
    /// It plays.
    #[default]
    Playing,
    /// It stands still.
    Paused,
    /// It has been heard to its end.
    Over,
}

/// A mark in a recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Where, in seconds.
    pub at_s: f64,
    /// What was noted there; it may be nothing.
    pub text: String,
}

/// A point of a strong answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// What it says.
    pub text: String,
    /// Whether the answer covered it.
    pub ticked: bool,
}

/// What is shown of an answer once it is rated.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rated {
    /// How, in a word.
    pub grade: String,
    /// What was measured, a sentence each; `None` while that goes on.
    pub measured: Option<Vec<String>>,
    /// What a strong answer covers.
    pub points: Vec<Point>,
}

/// What comes after an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum After {
    /// Nothing: it is none.
    #[default]
    Nothing,
    /// It is to be rated first.
    Unrated,
    /// It is rated.
    Rated(Rated),
}

/// What is heard, at a moment.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Which session, in words.
    pub session: String,
    /// Which question.
    pub heading: String,
    /// What was asked, where the text is something else; else nothing.
    pub asked: String,
    /// What was asked, or what is said.
    pub text: String,
    /// What is heard.
    pub what: String,
    /// What it does.
    pub sign: Sign,
    /// Where it is, in seconds.
    pub position_s: f64,
    /// How long it is, in seconds.
    pub length_s: f64,
    /// How many times as fast as it was said.
    pub speed: f64,
    /// Whether silence is left out.
    pub skips: bool,
    /// The stretch that is heard again and again; without its end, while that is not chosen.
    pub looped: Option<(f64, Option<f64>)>,
    /// The marks, by their places.
    pub marks: Arc<Vec<Mark>>,
    /// Where filler words were counted, in seconds.
    pub taps: Arc<Vec<f64>>,
    /// Where nobody speaks, in seconds; none, while that may not be shown. Where silence is left out it may be at any time.
    pub silences: Arc<Vec<(f64, f64)>>,
    /// When the warning sounded, in seconds.
    pub warn_s: Option<f64>,
    /// The outline of the sound, as far as it is known.
    pub peaks: Option<Arc<Peaks>>,
    /// Whether there is anything to be heard.
    pub sounds: bool,
    /// What comes after it.
    pub after: After,
}

/// How many rows each part has.
#[derive(Debug, Default)]
struct Parts {
    session: u16,
    heading: u16,
    asked: u16,
    text: u16,
    what: u16,
    wave: u16,
    status: u16,
    marks: u16,
    gaps: u16,
    after: u16,
}

/// How many rows each part would have that need not have all.
struct Needs {
    asked: u16,
    text: u16,
    marks: u16,
    after: u16,
}

impl Page {
    /// Draws it; of what is longer than its rows, the page that is `scrolled` to: first of the text, then of what comes
    /// after it.
    pub fn draw(&self, area: Rect, scrolled: isize, buffer: &mut Buffer, theme: Theme) {
        if area.is_empty() {
            return;
        }
        let width = usize::from(area.width);
        let beside = area.width >= BESIDE && area.height >= 12;
        let side = if beside { (area.width * 2 / 5).clamp(38, 90) } else { 0 };
        let left = Rect { width: area.width - side, ..area };
        let right = Rect { x: left.right() + 2, width: side.saturating_sub(2), ..area };
        let after = if beside { right } else { area };
        let asked = match &self.asked[..] {
            "" => Vec::new(),
            asked => paint::rows(&format!("Asked: {asked}"), width, MOST_ASKED),
        };
        let text = wrap(&printable(&self.text), width);
        let marks = |room: u16| marks::lines(&self.marks, self.position_s, left.width.into(), room.into(), theme);
        let rows = |rows: usize| u16::try_from(rows).unwrap_or(u16::MAX);
        let needs = Needs {
            asked: rows(asked.len()),
            text: rows(text.len()),
            marks: rows(marks(u16::MAX).len()),
            after: rows(self.after_lines(after, 1, theme).len()),
        };
        let parts = self.parts(area, &needs, beside);
        let marks = marks(parts.marks);
        // Where the parts are.
        let gap = u16::from(parts.gaps > 0);
        let sound_at = area.y + parts.session + parts.heading + parts.asked + parts.text + gap;
        let below = Rect { y: sound_at, height: area.bottom() - sound_at, ..left };
        let sound_ends = sound_at + parts.what + parts.wave + parts.status + rows(marks.len());
        let after_at = if beside { sound_at } else { sound_ends.max(area.bottom() - parts.after) };
        let after = Rect { y: after_at, height: area.bottom().saturating_sub(after_at), ..after };
        // Which page of the text, and which of what comes after.
        let shown = LongText::of(&text, &self.text, width, parts.text.into());
        let after_pages = paint::pages(self.after_lines(after, 1, theme).len(), after.height.into());
        let last = shown.pages - 1;
        let page = scrolled.rem_euclid((last + after_pages).max(1) as isize) as usize;
        let (text_page, after_page) = (page.min(last), page.saturating_sub(last) as isize);

        let mut y = area.y;
        let mut row = |buffer: &mut Buffer, shown: u16, line: &str, role: Role| {
            if shown > 0 {
                put(buffer, (area.x, y), area.width, &cut(&printable(line), width), theme.style(role));
                y += 1;
            }
        };
        row(buffer, parts.session, &self.session, Role::Faint);
        row(buffer, parts.heading, &self.heading, Role::Heading);
        for line in asked.iter().take(parts.asked.into()) {
            row(buffer, 1, line, Role::Text);
        }
        let rest = Rect { y, height: parts.text, ..area };
        shown.draw(rest, text_page, buffer, theme);
        self.draw_sound(below, &parts, &marks, buffer, theme);
        if beside || parts.after > 0 {
            let lines = self.after_lines(after, after_page, theme);
            paint::lines(&lines, after, after_page, buffer, theme.style(Role::Faint));
        }
    }

    /// The waveform and what is below it.
    fn draw_sound(&self, area: Rect, parts: &Parts, marks: &[Painted], buffer: &mut Buffer, theme: Theme) {
        let width = usize::from(area.width);
        let mut y = area.y;
        if parts.what > 0 {
            put(buffer, (area.x, y), area.width, &cut(&printable(&self.what), width), theme.style(Role::Text));
            y += 1;
        }
        let wave = Rect { y, height: parts.wave, ..area }.intersection(area);
        self.draw_wave(wave, buffer, theme);
        y += parts.wave;
        put(buffer, (area.x, y), area.width, &self.status(width), theme.style(Role::Strong));
        y += parts.status;
        for ((line, style), y) in marks.iter().zip(y..) {
            put(buffer, (area.x, y), area.width, line, *style);
        }
    }

    /// Shares the rows out, what matters most first; what is left over is for what is longer than its share.
    fn parts(&self, area: Rect, needs: &Needs, beside: bool) -> Parts {
        let mut left = area.height;
        let mut take = |rows: u16| {
            let taken = rows.min(left);
            left -= taken;
            taken
        };
        let sounds = u16::from(self.sounds);
        let follows = self.after != After::Nothing;
        let after = u16::from(follows && !beside);
        // Where nothing comes after it, the text is what there is to read.
        let share = needs.text.min((area.height / if follows { 3 } else { 2 }).max(1));
        let mut parts = Parts { status: take(1), wave: take(sounds), after: take(after), ..Parts::default() };
        parts.heading = take(1);
        parts.text = take(1);
        parts.what = take(u16::from(!self.what.is_empty()));
        parts.text += take(share.saturating_sub(1).min(1));
        parts.asked = take(needs.asked.min(1));
        parts.session = take(1);
        parts.marks = take(needs.marks.min(1));
        if area.height >= ROOMY {
            parts.gaps = take(1);
        }
        parts.text += take(share.saturating_sub(parts.text));
        parts.asked += take(needs.asked - parts.asked.min(needs.asked));
        // A waveform is easier to read the higher it is; what comes after has more to say.
        let most = if !follows || beside { area.height / 3 } else { area.height / 6 };
        parts.wave += take(sounds * most.clamp(2, 12));
        let marks = match area.height {
            ROOMY.. => needs.marks,
            MEDIUM.. => needs.marks.min(4),
            _ => 0,
        };
        parts.marks += take(marks.saturating_sub(parts.marks));
        if after > 0 {
            parts.after += take(needs.after.saturating_sub(parts.after));
        } else if follows {
            // It stands beside the sound: the text leaves it the rows that it needs.
            take(needs.after.saturating_sub(parts.what + parts.wave + parts.status + parts.marks));
        }
        parts.marks += take(needs.marks - parts.marks.min(needs.marks));
        parts.text += take(needs.text - parts.text.min(needs.text));
        if after > 0 {
            parts.after += take(area.height);
        }
        parts
    }

    fn draw_wave(&self, area: Rect, buffer: &mut Buffer, theme: Theme) {
        if area.is_empty() || !self.sounds {
            return;
        }
        let marks: Vec<f64> = self.marks.iter().map(|mark| mark.at_s).collect();
        let waveform = Waveform {
            peaks: self.peaks.as_deref(),
            length_s: self.length_s,
            silences: &self.silences,
            warn_s: self.warn_s,
            marks: &marks,
            taps: &self.taps,
            looped: self.looped,
            position_s: self.position_s,
        };
        waveform.draw(area, buffer, theme);
    }

    /// Where it is, and how it is heard: as much as there is room for.
    fn status(&self, width: usize) -> String {
        let sign = match self.sign {
            Sign::Playing => '▶',
            Sign::Paused => '‖',
            Sign::Over => '■',
        };
        let mut line = format!("{sign} {} of {}", clock(self.position_s), clock(self.length_s));
        if !self.sounds {
            line = format!("{sign} nothing to be heard");
        }
        let speed = format!("×{}", self.speed);
        let looped = self.looped.map(|(from, to)| match to {
            Some(to) => format!("loop {} to {}", tenths(from), tenths(to)),
            None => format!("loop from {}, b ends it", tenths(from)),
        });
        let taps = (!self.taps.is_empty()).then(|| fillers_counted(self.taps.len()));
        let skips = self.skips.then(|| "silence left out".to_owned());
        for part in [Some(speed), looped, taps, skips].into_iter().flatten() {
            if line.width() + 2 + part.width() <= width {
                line = format!("{line}  {part}");
            }
        }
        cut(&line, width)
    }

    /// What comes after the answer, in lines of the area.
    fn after_lines(&self, area: Rect, scrolled: isize, theme: Theme) -> Vec<Painted> {
        let width = usize::from(area.width);
        let (text, strong) = (theme.style(Role::Text), theme.style(Role::Strong));
        match &self.after {
            After::Nothing => Vec::new(),
            After::Unrated => {
                let asks = [
                    "How did it go?  1 again · 2 hard · 3 good · 4 easy",
                    "How did it go? 1 again 2 hard 3 good 4 easy",
                ];
                let short = ["1 again · 2 hard · 3 good · 4 easy", "1 again 2 hard 3 good 4 easy", "Rate it: 1 to 4"];
                let mut lines: Vec<Painted> = match longest(width, &asks) {
                    ask if ask.width() <= width => vec![(ask.to_owned(), strong)],
                    _ if area.height < 2 => vec![(longest(width, &short).to_owned(), strong)],
                    _ => ["How did it go?", longest(width, &short)].map(|line| (line.to_owned(), strong)).to_vec(),
                };
                let then = "What was measured, and what a strong answer covers, come after your rating.";
                let then = wrap(then, width);
                if usize::from(area.height) >= lines.len() + then.len() && width >= 30 {
                    lines.extend(then.into_iter().map(|line| (line, theme.style(Role::Faint))));
                }
                lines
            }
            After::Rated(rated) if area.height < 3 && scrolled == 0 => {
                let ticked = rated.points.iter().filter(|point| point.ticked).count();
                let short = match rated.points.len() {
                    0 => format!("Rated {}.", rated.grade),
                    points => format!("Rated {}, {ticked} of {points}", rated.grade),
                };
                vec![(short, strong)]
            }
            After::Rated(rated) => {
                let mut lines = vec![(cut(&format!("Rated {}.", rated.grade), width), strong)];
                match &rated.measured {
                    None => lines.push(("Measuring…".to_owned(), theme.style(Role::Faint))),
                    Some(told) => {
                        let wrapped = told.iter().flat_map(|line| hanging("", line, width));
                        lines.extend(wrapped.map(|line| (line, text)));
                    }
                }
                if !rated.points.is_empty() {
                    lines.push((String::new(), text));
                    let heads = [
                        "A strong answer covers these; press the number of each that you said:",
                        "A strong answer covers (press its number):",
                        "It covers:",
                    ];
                    lines.push((longest(width, &heads).to_owned(), strong));
                }
                for (place, point) in rated.points.iter().enumerate() {
                    let sign = if point.ticked { '✓' } else { ' ' };
                    let rows = hanging(&format!("{sign} {} ", place + 1), &point.text, width);
                    let style = if point.ticked { strong } else { text };
                    lines.extend(rows.into_iter().map(|line| (line, style)));
                }
                lines
            }
        }
    }
}

/// A text behind a head, its further rows below its first.
fn hanging(head: &str, text: &str, width: usize) -> Vec<String> {
    let indent = head.width();
    let rows = wrap(&printable(text), width.saturating_sub(indent).max(1));
    let line = |(place, row): (usize, String)| match place {
        0 => format!("{head}{row}"),
        _ => format!("{:indent$}{row}", ""),
    };
    rows.into_iter().enumerate().map(line).collect()
}

/// A place to a tenth of a second.
fn tenths(seconds: f64) -> String {
    format!("{}.{}", clock(seconds), (seconds.max(0.0) * 10.0) as u64 % 10)
}
