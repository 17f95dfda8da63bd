//! Plain lines: for a pipe, a log, a screen reader. Complete sentences, no control codes, nothing drawn again.

use std::io::Write;
use std::time::Duration;

use super::screen::{Line, Screen};
use super::view::View;
use crate::interview::Timing;
use crate::interview::text::printable;
use crate::interview::time::{say_clocks, say_duration, show_duration};

/// A screen of plain lines.
pub struct Plain<W: Write> {
    out: W,
    keys: bool,
}

impl<W: Write> Plain<W> {
    /// Writes to `out`; `keys` says whether somebody can type.
    pub fn new(out: W, keys: bool) -> Plain<W> {
        Plain { out, keys }
    }
}

impl<W: Write> Screen for Plain<W> {
    fn say(&mut self, line: Line<'_>) {
        // A reader that has gone away does not end the session: the recording is what matters.
        let mut text = Vec::new();
        let _ = write_line(&mut text, line, self.keys)
            .and_then(|()| self.out.write_all(printable(&String::from_utf8_lossy(&text)).as_bytes()))
            .and_then(|()| self.out.flush());
    }

    fn show(&mut self, _: &View) {}
}

/// The times of a question in words.
pub fn timing_words(timing: &Timing) -> String {
    timing_in(timing, show_duration)
}

/// The times of a question, as they are said.
fn timing_said(timing: &Timing) -> String {
    timing_in(timing, say_duration)
}

/// The times of a question, each written as `time` does.
fn timing_in(timing: &Timing, time: fn(Duration) -> String) -> String {
    let prep = match timing.prep {
        Some(prep) if prep.is_zero() => String::new(),
        Some(prep) => format!("{} to think, ", time(prep)),
        None => "think as long as you like, ".to_owned(),
    };
    match timing.limit {
        Some(limit) => format!("{prep}{} to answer", time(limit)),
        None => format!("{prep}answer as long as you like"),
    }
}

/// What stands above a question.
pub fn heading(place: usize, of: Option<usize>, who: Option<&str>, follow_up: bool) -> String {
    let after = if follow_up { ", a follow-up" } else { "" };
    match (of, who) {
        (Some(of), None) => format!("Question {place} of {of}"),
        (None, None) => format!("Question {place}{after}"),
        (_, Some(who)) => format!("{}, question {place}{after}", capital(who)),
    }
}

/// The text with a capital at its beginning.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

/// So many of something.
pub fn plural(count: usize, one: &str) -> String {
    match count {
        0 => format!("no {one}"),
        1 => format!("1 {one}"),
        _ => format!("{count} {one}s"),
    }
}

/// How many filler words the person counted.
pub fn fillers_counted(count: usize) -> String {
    format!("{} counted", plural(count, "filler"))
}

/// Writes one line of a session, without control codes.
pub fn write_line(out: &mut impl Write, line: Line<'_>, keys: bool) -> std::io::Result<()> {
    match line {
        Line::Opening { title, extent, retakes, seed, voice, input, output } => {
            writeln!(out, "{title}: {extent}, seed {seed}.")?;
            writeln!(out, "Voice: {voice}. Microphone: {input}. Speaker: {output}.")?;
            if keys { write_line(out, Line::Keys { retakes }, keys) } else { Ok(()) }
        }
        Line::Question { place, of, who, follow_up, left, section, prompt, timing } => {
            let section = if section.is_empty() { String::new() } else { format!(", {section}") };
            let left = left.map(|left| format!(" {} left in all.", say_duration(left))).unwrap_or_default();
            writeln!(out, "\n{}{section} ({}).{left}", heading(place, of, who, follow_up), timing_said(timing))?;
            writeln!(out, "{prompt}")
        }
        Line::Remark { who, text } => writeln!(out, "\n{}: {text}", capital(who)),
        Line::Think(Some(time)) if time.is_zero() => Ok(()),
        Line::Think(Some(time)) => writeln!(out, "Think: {}.", say_duration(time)),
        Line::Think(None) => writeln!(out, "Think as long as you like, then press Enter."),
        Line::Answer(Some(limit)) => writeln!(out, "Answer now: {} at most.", say_duration(limit)),
        Line::Answer(None) => writeln!(out, "Answer now."),
        Line::Half(left) => writeln!(out, "Half of the time is over: {} left.", say_duration(left)),
        Line::Warning(left) | Line::Last(left) => writeln!(out, "{} left.", say_duration(left)),
        Line::Saved { why, length, file, may_retake } => {
            writeln!(out, "{why} Saved {} in {file}.", say_duration(length))?;
            if may_retake && keys {
                writeln!(out, "To answer once more, press r and Enter now.")?;
            }
            Ok(())
        }
        Line::Shown { text, keep: true } => writeln!(out, "To keep: {}", say_clocks(text)),
        Line::Shown { text, keep: false } => writeln!(out, "To change: {}", say_clocks(text)),
        Line::Rate if keys => {
            writeln!(
                out,
                "How did it go? Before you see anything, press 1 for again, 2 for hard, 3 for good or 4 for easy,"
            )?;
            writeln!(out, "and Enter. Enter alone goes on without a rating.")
        }
        Line::Rate => Ok(()),
        Line::Measured(text) => writeln!(out, "Measured: {}.", say_clocks(text)),
        Line::Points(_) if keys => {
            writeln!(out, "A strong answer covers these. Press the numbers of those that you said, and Enter:")
        }
        Line::Points(_) => writeln!(out, "A strong answer covers these:"),
        Line::Point { number, text, ticked: false } => writeln!(out, "{number}. {text}"),
        Line::Point { number, text, ticked: true } => writeln!(out, "{number}. You said this: {text}"),
        Line::Stories => writeln!(out, "Did you tell a story of yours? Press its letter and Enter:"),
        Line::Story { key, title } => writeln!(out, "{key}. {title}"),
        Line::Kept(text) => writeln!(out, "{text}"),
        Line::Skipped => writeln!(out, "Skipped."),
        Line::Held(why) => writeln!(out, "Held: {why}"),
        Line::Released => writeln!(out, "Going on."),
        Line::Notice(text) => writeln!(out, "Note: {text}"),
        Line::Keys { retakes } => {
            let again = if retakes { "r answers once more,\n" } else { "" };
            write!(out, "Keys: Enter begins or ends your answer; and before Enter, {again}")?;
            writeln!(out, "s repeats the question, p pauses, k skips, q saves and quits.")
        }
    }
}
