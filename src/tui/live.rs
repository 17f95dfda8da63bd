//! The live screen: the session's lines scroll by, and below them one line shows phase, time left and level.

use std::io::Write;
use std::time::Duration;

use crossterm::style::{Attribute, Color, Stylize};
use unicode_width::UnicodeWidthStr;

use super::plain::{capital, heading, timing_words};
use super::screen::{Line, Screen};
use super::status::Status;
use super::view::{Asks, Stand, View};
use super::wrap::fit;
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
    /// A screen on the terminal behind `out`, in colour or not.
    pub fn new(colour: bool, out: Box<dyn Write + Send>) -> Live {
        Live { colour, status: Status::drawn_on(out) }
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
            Line::Opening { title, extent, retakes, seed, voice, input, output } => {
                self.strong(&format!("{title}: {extent}"));
                self.status.line(&format!("Voice: {voice} · Microphone: {input} · Speaker: {output} · Seed: {seed}"));
                self.say(Line::Keys { retakes });
            }
            Line::Question { place, of, who, follow_up, section, prompt, timing, .. } => {
                self.status.line("");
                let section = if section.is_empty() { String::new() } else { format!(" · {section}") };
                let head = heading(place, of, who, follow_up);
                self.painted(&format!("{head}{section} · {}", timing_words(timing)), Color::Cyan);
                self.strong(prompt.as_str());
            }
            Line::Remark { who, text } => {
                self.status.line("");
                self.painted(&format!("{}:", capital(who)), Color::Cyan);
                self.status.line(text.as_str());
            }
            Line::Saved { why, length, file, may_retake } => {
                let more = if may_retake { " Press r now to answer once more." } else { "" };
                self.painted(&format!("{why} Saved {} in {file}.{more}", show_clock(length)), Color::Green);
            }
            Line::Shown { text, keep } => {
                let (mark, color) = if keep { ('+', Color::Green) } else { ('-', Color::Cyan) };
                self.painted(&format!("{mark} {text}"), color);
            }
            Line::Rate => self.strong("How did it go? 1 again · 2 hard · 3 good · 4 easy"),
            Line::Measured(text) => self.status.line(&format!("Measured: {text}.")),
            Line::Points(_) => {
                self.painted("A strong answer covers these; press the number of each that you said:", Color::Cyan)
            }
            Line::Point { number, text, ticked } => {
                let (mark, color) = if ticked { ('✓', Color::Green) } else { (' ', Color::Reset) };
                self.painted(&format!("{mark} {number} {text}"), color);
            }
            Line::Stories => self.painted("Did you tell one of your stories? Press its letter:", Color::Cyan),
            Line::Story { key, title } => self.status.line(&format!("  {key} {title}")),
            Line::Kept(text) => self.painted(text, Color::Green),
            Line::Warning(left) => self.painted(&format!("{} left.", show_duration(left)), Color::Yellow),
            Line::Skipped => self.status.line("Skipped."),
            Line::Held(why) => self.painted(why, Color::Yellow),
            Line::Released => self.status.line("Going on."),
            Line::Notice(text) => self.painted(&format!("Note: {text}"), Color::Yellow),
            Line::Keys { retakes } => {
                let again = if retakes { " · r answers once more" } else { "" };
                self.status.line(&format!("Keys: enter begins or ends your answer{again} · {KEYS}"));
            }
            // The status line shows these.
            Line::Think(_) | Line::Answer(_) => {}
        }
    }

    fn show(&mut self, view: &View<'_>) {
        let color = match view.stand {
            Stand::Answering if view.warned => Color::Yellow,
            Stand::Answering => Color::Red,
            _ => Color::Blue,
        };
        let colour = self.colour;
        let paint = |text: &str| if colour { text.with(color).to_string() } else { text.to_owned() };
        self.status.show_painted(|width| status_line(view, width), paint);
    }

    fn close(&mut self) {
        self.status.clear();
    }
}

/// The keys that there are in every session, in a line.
const KEYS: &str = "s repeats the question · p pauses · k skips · q saves and quits";

/// The status line of a moment, as text of at most `width` cells: what does not fit is left out, the least needed first.
pub fn status_line(view: &View<'_>, width: usize) -> String {
    let (head, hint) = (head(view), hint(view));
    let heard = || meter(view.peak, view.clipped);
    let (bar, meter) = match view.stand {
        Stand::Answering => (bar(view.said, view.limit), heard()),
        Stand::Reading | Stand::Thinking => (String::new(), heard()),
        Stand::Talking | Stand::Listening | Stand::Saved | Stand::Paused | Stand::NoMicrophone | Stand::Over => {
            Default::default()
        }
    };
    let whole = view.whole.map(|left| format!("{} in all", show_clock(whole_seconds(left)))).unwrap_or_default();
    let who = view.who.map(capital).unwrap_or_default();
    // Who is being answered is known; who speaks may not be, where what stood above it has scrolled away.
    let narrow: [&str; 2] = if view.stand == Stand::Answering { [&meter, &whole] } else { [&whole, &who] };
    let fullest_first: [&[&str]; 9] = [
        &[&bar, &meter, &whole, &who, &hint],
        if who.is_empty() { &[&meter, &whole, &hint] } else { &[&bar, &meter, &whole, &who] },
        &[&meter, &whole, &who, &hint],
        &[&meter, &whole, &who],
        &narrow,
        &[&meter, &whole],
        if whole.is_empty() { &[&meter] } else { &[&whole] },
        &[&meter],
        &[],
    ];
    let lines = fullest_first.map(|parts| {
        let parts = parts.iter().filter(|part| !part.is_empty());
        parts.fold(head.clone(), |line, part| line + "  " + part)
    });
    lines.into_iter().find(|line| line.width() <= width).unwrap_or_else(|| fit(head.trim_end_matches(" left"), width))
}

/// Where the session stands, and how long still.
fn head(view: &View<'_>) -> String {
    let left = |before: &str, after: &str| match view.left {
        Some(left) => format!("{before}  {}{after}", show_clock(whole_seconds(left))),
        None => before.to_owned(),
    };
    match (view.stand, view.said) {
        (Stand::Talking | Stand::Listening, _) => "♪ Listen".to_owned(),
        (Stand::Reading, _) => left("≡ Read", " left"),
        (Stand::Thinking, _) => left("… Think", " left"),
        (Stand::Answering, Some(said)) if view.left.is_none() => format!("● Answer  {}", show_clock(said)),
        (Stand::Answering, _) => left("● Answer", " left"),
        (Stand::Saved, _) if view.asks == Asks::Rating => "How did it go?".to_owned(),
        (Stand::Saved, _) => left("✓ Saved", ""),
        (Stand::Paused, _) => left("‖ Paused", " left"),
        (Stand::NoMicrophone, _) => "‖ Waiting for the microphone".to_owned(),
        (Stand::Over, _) => String::new(),
    }
}

/// What a person would press now.
fn hint(view: &View<'_>) -> String {
    let next = if view.last { "enter: finish" } else { "enter: next question" };
    match view.asks {
        Asks::Nothing => {}
        Asks::Rating => return format!("(1 again · 2 hard · 3 good · 4 easy · {next})"),
        Asks::Points(0) => return format!("({next} · backspace: rate again)"),
        Asks::Points(count) => return format!("(1–{count}: I said this · {next} · backspace: rate again)"),
    }
    let hint = match (view.stand, view.may_retake) {
        (Stand::Talking, _) => "enter: go on",
        (Stand::Listening, _) => "enter: I know it · s: again",
        (Stand::Reading, _) => "enter: I have read it",
        (Stand::Thinking, _) => "enter: answer · s: repeat · p: pause",
        (Stand::Answering, true) => "enter: done · r: once more",
        (Stand::Answering, false) => "enter: done",
        (Stand::Saved, true) if view.last => "r: once more · enter: finish",
        (Stand::Saved, true) => "r: once more · enter: next question · p: pause",
        (Stand::Saved, false) if view.last => "enter: finish",
        (Stand::Saved, false) => "enter: next question · p: pause",
        (Stand::Paused, _) => "p: go on · q: save and quit",
        (Stand::NoMicrophone, _) => "q: save and quit",
        (Stand::Over, _) => return String::new(),
    };
    format!("({hint})")
}

/// What is left, as a person counts down: the last second is 1, not 0.
fn whole_seconds(left: Duration) -> Duration {
    Duration::from_secs(left.as_secs() + u64::from(left.subsec_nanos() > 0))
}

/// A bar of ten cells that fills as the answer nears its limit.
fn bar(said: Option<Duration>, limit: Option<Duration>) -> String {
    let (Some(said), Some(limit)) = (said, limit) else { return String::new() };
    let share = said.as_secs_f64() / limit.as_secs_f64().max(f64::EPSILON);
    let full = ((share * 10.0) as usize).min(10);
    format!("{}{}", "█".repeat(full), "░".repeat(10 - full))
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

    fn answering() -> View<'static> {
        View {
            stand: Stand::Answering,
            who: None,
            turn: Some(0),
            take: Some(1),
            left: Some(Duration::from_millis(89_500)),
            said: Some(Duration::from_millis(30_500)),
            limit: Some(Duration::from_secs(120)),
            warned: false,
            may_retake: true,
            asks: Asks::Nothing,
            last: false,
            whole: None,
            peak: Some(Db(-20.0)),
            clipped: false,
        }
    }

    #[test]
    fn a_narrow_terminal_keeps_the_time_longest() {
        let at = |width| status_line(&answering(), width);
        assert_eq!(at(79), "● Answer  1:30 left  ██░░░░░░░░  ▮▮▮▮▮▮▯▯  (enter: done · r: once more)");
        assert_eq!(at(70), "● Answer  1:30 left  ▮▮▮▮▮▮▯▯  (enter: done · r: once more)");
        assert_eq!(at(39), "● Answer  1:30 left  ▮▮▮▮▮▮▯▯");
        assert_eq!(at(19), "● Answer  1:30 left");
        assert_eq!(at(15), "● Answer  1:30");
    }

    #[test]
    fn who_speaks_and_what_is_left_of_the_session_stands_in_a_narrow_line_too() {
        let of = |stand, who| View { stand, who: Some(who), whole: Some(Duration::from_secs(2_385)), ..answering() };
        let answering = of(Stand::Answering, "chief technology officer");
        assert_eq!(
            status_line(&answering, 80),
            "● Answer  1:30 left  ▮▮▮▮▮▮▯▯  39:45 in all  Chief technology officer"
        );
        assert_eq!(status_line(&answering, 40), "● Answer  1:30 left  39:45 in all");
        let talking = of(Stand::Talking, "recruiter");
        assert_eq!(status_line(&talking, 80), "♪ Listen  39:45 in all  Recruiter  (enter: go on)");
        assert_eq!(status_line(&talking, 40), "♪ Listen  39:45 in all  Recruiter");
        assert_eq!(status_line(&of(Stand::Reading, "host"), 40), "≡ Read  1:30 left  39:45 in all  Host");
    }

    #[test]
    fn no_status_line_is_wider_than_its_terminal() {
        let stands = [
            Stand::Talking,
            Stand::Listening,
            Stand::Reading,
            Stand::Thinking,
            Stand::Answering,
            Stand::Saved,
            Stand::Paused,
            Stand::NoMicrophone,
            Stand::Over,
        ];
        for (stand, width) in stands.into_iter().flat_map(|stand| (0..100).map(move |width| (stand, width))) {
            let view = View {
                stand,
                who: Some("host"),
                clipped: true,
                whole: Some(Duration::from_secs(3_599)),
                ..answering()
            };
            assert!(status_line(&view, width).width() <= width, "{stand:?} in {width}");
        }
    }

    #[test]
    fn the_end_of_the_session_does_not_promise_a_next_question() {
        let view = View { stand: Stand::Saved, left: None, may_retake: false, last: true, ..answering() };
        assert_eq!(status_line(&view, 79), "✓ Saved  (enter: finish)");
    }

    #[test]
    fn the_last_second_is_counted_as_one() {
        for (millis, shown) in [(0, "0:00"), (1, "0:01"), (1_000, "0:01"), (1_001, "0:02"), (59_999, "1:00")] {
            assert_eq!(show_clock(whole_seconds(Duration::from_millis(millis))), shown);
        }
    }
}
