//! The live screen: the session's lines scroll by, and below them one line shows phase, time left and level.

use std::time::Duration;

use crossterm::style::{Attribute, Color, Stylize};

use super::plain::timing_words;
use super::screen::{Line, Screen};
use super::status::Status;
use super::view::{Stand, View};
use crate::interview::time::{show_clock, show_duration};
use crate::speech::Db;

/// The quietest level that the meter shows, in dB below full scale.
const METER_FLOOR: f32 = -60.0;

/// A screen with a status line at its foot.
pub struct Live {
    colour: bool,
    status: Status,
}

impl Live {
    /// A screen on standard error, in colour or not.
    pub fn new(colour: bool) -> Live {
        Live { colour, status: Status::drawn() }
    }

    fn painted(&mut self, text: &str, color: Color) {
        let colour = self.colour;
        self.status.painted(text, |line| if colour { line.with(color).to_string() } else { line.to_owned() });
    }

    fn strong(&mut self, text: &str) {
        let colour = self.colour;
        self.status
            .painted(text, |line| if colour { line.attribute(Attribute::Bold).to_string() } else { line.to_owned() });
    }
}

impl Screen for Live {
    fn say(&mut self, line: Line<'_>) {
        match line {
            Line::Opening { title, questions, seed, voice, input, output } => {
                let plural = if questions == 1 { "question" } else { "questions" };
                self.strong(&format!("{title}: {questions} {plural}"));
                self.status.line(&format!("Voice: {voice} · Microphone: {input} · Speaker: {output} · Seed: {seed}"));
                self.status.line(KEYS);
            }
            Line::Question { place, of, section, prompt, timing } => {
                self.status.line("");
                self.painted(&format!("Question {place} of {of} · {section} · {}", timing_words(timing)), Color::Cyan);
                self.strong(prompt.as_str());
            }
            Line::Saved { why, length, file, may_retake } => {
                let more = if may_retake { " Press r now to answer once more." } else { "" };
                self.painted(&format!("{why} Saved {} in {file}.{more}", show_clock(length)), Color::Green);
            }
            Line::Warning(left) => self.painted(&format!("{} left.", show_duration(left)), Color::Yellow),
            Line::Skipped => self.status.line("Skipped."),
            Line::Held(why) => self.painted(why, Color::Yellow),
            Line::Released => self.status.line("Going on."),
            Line::Notice(text) => self.painted(text, Color::Yellow),
            // The status line shows these.
            Line::Think(_) | Line::Answer(_) => {}
        }
    }

    fn show(&mut self, view: &View) {
        let color = match view.stand {
            Stand::Answering if view.warned => Color::Yellow,
            Stand::Answering => Color::Red,
            _ => Color::Blue,
        };
        let colour = self.colour;
        let paint = |text: &str| if colour { text.with(color).to_string() } else { text.to_owned() };
        self.status.show_painted(&status_line(view), paint);
    }

    fn close(&mut self) {
        self.status.clear();
    }
}

/// The keys, in a line.
pub const KEYS: &str = "Keys: enter begins or ends your answer · r answers once more · s repeats the question · \
                        p pauses · k skips · q saves and quits";

/// The status line of a moment, as text.
pub fn status_line(view: &View) -> String {
    let left = |words: &str| view.left.map_or(String::new(), |left| format!("  {}{words}", show_clock(left)));
    match view.stand {
        Stand::Over => String::new(),
        Stand::Listening => "♪ Listen".to_owned() + "  (enter: I know it · s: again)",
        Stand::Thinking => {
            format!("… Think{}  {}  (enter: begin · s: repeat)", left(" left"), meter(view.peak, view.clipped))
        }
        Stand::Answering => {
            let time = match (view.left, view.said) {
                (Some(left), _) => format!("{} left", show_clock(left)),
                (None, Some(said)) => show_clock(said),
                (None, None) => String::new(),
            };
            let bar = bar(view.said, view.limit);
            let retake = if view.may_retake { " · r: once more" } else { "" };
            format!("● Answer  {time}{bar}  {}  (enter: done{retake})", meter(view.peak, view.clipped))
        }
        Stand::Saved => {
            let retake = if view.may_retake { "r: once more · " } else { "" };
            format!("✓ Next question{}  ({retake}enter: now · p: pause)", left(""))
        }
        Stand::Paused => "‖ Paused  (p: go on · q: save and quit)".to_owned(),
        Stand::NoMicrophone => "‖ Waiting for the microphone  (q: save and quit)".to_owned(),
    }
}

/// A bar of ten cells that fills as the answer nears its limit.
fn bar(said: Option<Duration>, limit: Option<Duration>) -> String {
    let (Some(said), Some(limit)) = (said, limit) else { return String::new() };
    let share = said.as_secs_f64() / limit.as_secs_f64().max(f64::EPSILON);
    let full = ((share * 10.0) as usize).min(10);
    format!("  {}{}", "█".repeat(full), "░".repeat(10 - full))
}

/// A level meter of eight cells.
fn meter(peak: Option<Db>, clipped: bool) -> String {
    let Some(peak) = peak else { return String::new() };
    let share = 1.0 - (peak.0.max(METER_FLOOR) / METER_FLOOR).clamp(0.0, 1.0);
    let full = (share * 8.0).ceil() as usize;
    format!("{}{}{}", "▮".repeat(full), "▯".repeat(8 - full), if clipped { " too loud" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_meter_is_empty_in_silence_and_full_at_full_scale() {
        assert_eq!(meter(Some(Db(f32::NEG_INFINITY)), false), "▯▯▯▯▯▯▯▯");
        assert_eq!(meter(Some(Db(0.0)), true), "▮▮▮▮▮▮▮▮ too loud");
    }
}
