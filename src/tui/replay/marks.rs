//! The marks near the place that is heard, with what was noted there.

use super::page::Mark;
use super::paint::{Painted, clock, cut, rows};
use crate::interview::text::printable;
use crate::tui::theme::{Role, Theme};

/// How near to the place that is heard a mark is the one of now, in seconds.
const NEAR_S: f64 = 3.0;

/// How many marks are listed at most, and how many rows each may have: the first of these that there is room for.
const SHAPES: [(usize, usize); 4] = [(3, 2), (3, 1), (2, 1), (1, 1)];

/// The marks nearest to a place, in their order, in at most `room` rows. One without a note hides none with one; where
/// there are more than are listed, that is said.
pub fn lines(marks: &[Mark], position_s: f64, width: usize, room: usize, theme: Theme) -> Vec<Painted> {
    if marks.is_empty() || room == 0 {
        return Vec::new();
    }
    let far = |mark: &Mark| (mark.at_s - position_s).abs();
    let mut nearest: Vec<(usize, &Mark)> = marks.iter().enumerate().collect();
    nearest.sort_by(|(_, one), (_, other)| {
        one.text.is_empty().cmp(&other.text.is_empty()).then(far(one).total_cmp(&far(other)))
    });
    let listed = |most: usize, rows: usize| {
        let mut listed = nearest[..most.min(nearest.len())].to_vec();
        listed.sort_by_key(|(place, _)| *place);
        let lines = listed.into_iter().flat_map(|(_, mark)| one(mark, far(mark) <= NEAR_S, width, rows, theme));
        lines.collect::<Vec<Painted>>()
    };
    for (most, rows) in SHAPES {
        let mut lines = listed(most, rows);
        if marks.len() > most {
            lines.push((cut(&format!("and {} more", marks.len() - most), width), theme.style(Role::Faint)));
        }
        if lines.len() <= room {
            return lines;
        }
    }
    // There is one row: how many more there are stands on it too.
    let more = format!(", and {} more", marks.len() - 1);
    let short = width.saturating_sub(more.len());
    let mut lines = if short < 12 { listed(1, 1) } else { Vec::new() };
    if lines.is_empty() {
        let (_, mark) = nearest[0];
        let told = one(mark, far(mark) <= NEAR_S, short, 1, theme);
        lines.extend(told.into_iter().map(|(line, style)| (line + &more, style)));
    }
    lines
}

/// A mark in at most `most` rows.
fn one(mark: &Mark, now: bool, width: usize, most: usize, theme: Theme) -> Vec<Painted> {
    let (sign, role) = if now { ('◆', Role::Strong) } else { ('◇', Role::Text) };
    let head = format!("{sign} {} ", clock(mark.at_s));
    let indent = head.chars().count();
    let noted = rows(&printable(&mark.text), width.saturating_sub(indent).max(1), most);
    let line = |(place, row): (usize, String)| match place {
        0 => format!("{head}{row}"),
        _ => format!("{:indent$}{row}", ""),
    };
    let lines = noted.into_iter().enumerate().map(line);
    lines.map(|line| (cut(line.trim_end(), width), theme.style(role))).collect()
}
