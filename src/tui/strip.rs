//! An answer as one line of cells: where it was spoken, where it was silent, where a filler is likely, and the limit.
//!
//! It knows times alone, and not how they were found. Whoever draws several gives them one scale.

use std::time::Duration;

use crate::interview::time::show_clock;

/// No terminal has more cells in a line.
const WIDEST: usize = 1_000;

/// No answer is longer, in seconds: eleven days.
const LONGEST_S: f64 = 1e6;

/// A pause of so many seconds is seen however narrow the line, unless it is less than a quarter of its cell.
const LONG_PAUSE_S: f64 = 2.0;
/// See [`LONG_PAUSE_S`].
const LEAST_PAUSE: f64 = 0.25;

/// Which part of its cell a likely filler is at least, where it is seen: they are short, and would else be lost.
const LEAST_FILLER: f64 = 0.1;

/// An answer. Times are in seconds of its recording; those that are none, or lie outside of it, are passed over.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Strip {
    /// How long the recording is.
    pub length_s: f64,
    /// How long it might have been.
    pub limit_s: Option<f64>,
    /// Where somebody speaks; between any two of them is a pause.
    pub speech: Vec<(f64, f64)>,
    /// Where a filler is likely.
    pub fillers: Vec<(f64, f64)>,
}

/// What the cells are drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marks {
    /// Characters that every terminal, file and mail has.
    Ascii,
    /// Blocks and lines.
    Unicode,
}

/// The most important thing in a cell's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cell {
    Speech,
    Filler,
    Pause,
    /// Before the first word or after the last.
    Silence,
    /// What the limit had left.
    Room,
    Limit,
}

impl Cell {
    /// All of them, as a legend has them.
    const ALL: [(Cell, &str); 6] = [
        (Cell::Speech, "speech"),
        (Cell::Pause, "pause"),
        (Cell::Filler, "likely filler"),
        (Cell::Silence, "before and after"),
        (Cell::Room, "time left"),
        (Cell::Limit, "limit"),
    ];

    fn mark(self, marks: Marks) -> char {
        let (ascii, unicode) = match self {
            Cell::Speech => ('#', '█'),
            Cell::Filler => ('~', '▒'),
            Cell::Pause => ('.', '·'),
            Cell::Silence => ('-', '─'),
            Cell::Room => ('_', '▁'),
            Cell::Limit => ('|', '│'),
        };
        match marks {
            Marks::Ascii => ascii,
            Marks::Unicode => unicode,
        }
    }
}

impl Strip {
    /// The seconds that a line must have for all of these answers and their limits.
    pub fn whole_s<'a>(strips: impl IntoIterator<Item = &'a Strip>) -> f64 {
        let ends = strips.into_iter().flat_map(|strip| [strip.length(), strip.limit().unwrap_or(0.0)]);
        ends.fold(0.0, f64::max)
    }

    /// The answer in at most `width` cells, of which the first `width` - 1 are `whole_s` seconds, or its own length where
    /// that is longer; the last is for the mark of a limit at its end.
    pub fn draw(&self, width: usize, whole_s: f64, marks: Marks) -> String {
        self.cells(width.min(WIDEST), whole_s).into_iter().map(|cell| cell.mark(marks)).collect()
    }

    /// The same in a sentence without its full stop: `spoken 1:12 of 1:30, 6 pauses, the longest 2.1 s at 0:42`.
    pub fn sentence(&self) -> String {
        let speech = within(&self.speech, self.length());
        let (Some(first), Some(last)) = (speech.first(), speech.last()) else {
            return format!("no speech in {}", clock(self.length()));
        };
        let of = match self.limit() {
            Some(limit) => clock(limit),
            None => format!("{} recorded", clock(self.length())),
        };
        let spoken = clock(last.1 - first.0);
        let pauses = gaps(&speech);
        let longest = pauses.iter().copied().reduce(|best, next| if length(next) > length(best) { next } else { best });
        let paused = match longest {
            None => "no pauses".to_owned(),
            Some(longest) => {
                let (how, at) = (length(longest), clock(longest.0));
                match pauses.len() {
                    1 => format!("1 pause of {how:.1} s at {at}"),
                    count => format!("{count} pauses, the longest {how:.1} s at {at}"),
                }
            }
        };
        let fillers = within(&self.fillers, self.length());
        let filled = match (fillers.len(), fillers.first()) {
            (1, Some(first)) => format!(", 1 likely filler at {}", clock(first.0)),
            (count, Some(first)) => format!(", {count} likely fillers, the first at {}", clock(first.0)),
            (_, None) => String::new(),
        };
        format!("spoken {spoken} of {of}, {paused}{filled}")
    }

    fn length(&self) -> f64 {
        seconds(self.length_s)
    }

    fn limit(&self) -> Option<f64> {
        self.limit_s.map(seconds).filter(|limit| *limit > 0.0)
    }

    fn cells(&self, width: usize, whole_s: f64) -> Vec<Cell> {
        let length = self.length();
        let whole = seconds(whole_s).max(length);
        if width == 0 || whole <= 0.0 {
            return Vec::new();
        }
        let count = (width - 1).max(1);
        let cell = whole / count as f64;
        let mut cells = self.spoken_cells(count, cell);
        // What is left of a limit beyond the line is not seen, and neither is its mark.
        let limit = self.limit().map(|limit| (limit / cell).round() as usize);
        if let Some(limit) = limit {
            cells.resize(cells.len().max(limit.min(count)), Cell::Room);
            match limit {
                0 => {}
                _ if limit < cells.len() => cells[limit] = Cell::Limit,
                _ if limit < width => cells.push(Cell::Limit),
                _ => {}
            }
        }
        cells
    }

    /// The cells of the recording, of which a line has at most so many.
    fn spoken_cells(&self, count: usize, cell: f64) -> Vec<Cell> {
        let length_s = self.length();
        // A hair less, so that what ends with a cell does not begin the next.
        let count = ((length_s / cell - 1e-9).ceil().max(0.0) as usize).min(count);
        let speech = within(&self.speech, length_s);
        let fillers = within(&self.fillers, length_s);
        let pauses = gaps(&speech);
        let spoken = spread(&speech, count, cell);
        let paused = spread(&pauses, count, cell);
        let filled = spread(&fillers, count, cell);
        let mut cells: Vec<Cell> = (0..count)
            .map(|place| {
                let time = (length_s - place as f64 * cell).min(cell);
                let silent = time - spoken[place] - paused[place];
                match () {
                    () if 2.0 * filled[place] >= cell => Cell::Filler,
                    () if paused[place] > 0.0 && paused[place] >= spoken[place].max(silent) => Cell::Pause,
                    () if spoken[place] > 0.0 && spoken[place] >= silent => Cell::Speech,
                    () => Cell::Silence,
                }
            })
            .collect();
        let middle = |span: (f64, f64)| ((span.0 + length(span) / 2.0) / cell) as usize;
        for &pause in pauses.iter().filter(|pause| length(**pause) >= LONG_PAUSE_S.max(LEAST_PAUSE * cell)) {
            if let Some(seen) = cells.get_mut(middle(pause)) {
                *seen = Cell::Pause;
            }
        }
        // Where all that is spoken is a word, that word is what matters.
        let most = (0..count)
            .filter(|place| spoken[*place] > 0.0)
            .reduce(|best, next| if spoken[next] > spoken[best] { next } else { best });
        if let Some(most) = most.filter(|_| !cells.contains(&Cell::Speech)) {
            cells[most] = Cell::Speech;
        }
        let mut together = vec![0.0; count];
        for &filler in &fillers {
            if let Some(sum) = together.get_mut(middle(filler)) {
                *sum += length(filler);
            }
        }
        if count > 1 {
            for (seen, _) in cells.iter_mut().zip(together).filter(|(_, sum)| *sum >= LEAST_FILLER * cell) {
                *seen = Cell::Filler;
            }
        }
        cells
    }
}

/// What the marks of a line mean, in a line.
pub fn legend(marks: Marks) -> String {
    Cell::ALL.map(|(cell, words)| format!("{} {words}", cell.mark(marks))).join("  ")
}

/// A number of seconds that there can be.
fn seconds(value: f64) -> f64 {
    if value.is_finite() { value.clamp(0.0, LONGEST_S) } else { 0.0 }
}

fn clock(seconds: f64) -> String {
    show_clock(Duration::from_secs_f64(seconds))
}

fn length(span: (f64, f64)) -> f64 {
    span.1 - span.0
}

/// What of these lies within a recording, in order, those that touch as one.
fn within(spans: &[(f64, f64)], end: f64) -> Vec<(f64, f64)> {
    let fine = spans.iter().filter(|(start, end)| start.is_finite() && end.is_finite());
    let mut cut: Vec<_> = fine.map(|span| (span.0.clamp(0.0, end), span.1.clamp(0.0, end))).collect();
    cut.retain(|span| span.1 > span.0);
    cut.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
    cut.dedup_by(|next, last| {
        let touch = next.0 <= last.1;
        if touch {
            last.1 = last.1.max(next.1);
        }
        touch
    });
    cut
}

/// What lies between these.
fn gaps(spans: &[(f64, f64)]) -> Vec<(f64, f64)> {
    spans.windows(2).map(|pair| (pair[0].1, pair[1].0)).collect()
}

/// How many seconds of these lie in each cell.
fn spread(spans: &[(f64, f64)], count: usize, cell: f64) -> Vec<f64> {
    let mut sums = vec![0.0; count];
    for &(start, end) in spans {
        let first = ((start / cell) as usize).min(count);
        let after = ((end / cell).ceil() as usize).min(count);
        for (place, sum) in sums.iter_mut().enumerate().take(after).skip(first) {
            let from = place as f64 * cell;
            *sum += (end.min(from + cell) - start.max(from)).max(0.0);
        }
    }
    sums
}

#[cfg(test)]
#[path = "strip_tests.rs"]
mod tests;
