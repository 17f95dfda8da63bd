//! The live screen: what is said becomes paragraphs, and the moment a picture.

mod gauges;
pub mod moment;
mod words;

use std::io::Write;

use self::moment::{Asked, Moment};
use super::canvas::{Canvas, Paragraph};
use super::plain::{capital, heading, timing_words};
use super::screen::{Line, Screen};
use super::theme::{Role, Theme};
use super::view::View;
use super::wrap::{columns, wrap};
use crate::interview::text::printable;
use crate::interview::time::{show_clock, show_duration};

/// How much of the terminal a session takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Extent {
    /// A few rows below what scrolls by.
    #[default]
    Inline,
    /// The whole screen.
    Full,
}

/// What the candidate sees of a session.
pub struct Live {
    canvas: Option<Canvas>,
    extent: Extent,
    title: String,
    asked: Option<Asked>,
    /// What was said since the question.
    said: Vec<Paragraph>,
    /// What is still to be read when the whole screen is left.
    kept: Vec<Paragraph>,
    out: Option<Box<dyn Write + Send>>,
}

/// So many paragraphs are kept to be read at the end.
const KEPT: usize = 50;

/// So many paragraphs have room on a screen.
const MOST_SAID: usize = 100;

impl Live {
    /// A screen on the terminal behind `out`; `after` is where it is told, when a whole screen is left, what the
    /// candidate should still know.
    pub fn new(
        extent: Extent,
        theme: Theme,
        out: impl Write + Send + 'static,
        after: impl Write + Send + 'static,
    ) -> Live {
        let canvas = match extent {
            Extent::Inline => Canvas::inline(out, theme),
            Extent::Full => Canvas::full(out, theme),
        };
        Live {
            canvas: Some(canvas),
            extent,
            title: String::new(),
            asked: None,
            said: Vec::new(),
            kept: Vec::new(),
            out: Some(Box::new(after)),
        }
    }

    fn tell(&mut self, text: &str, role: Role) {
        let paragraph = Paragraph { text: printable(text), role };
        match (self.extent, &self.canvas) {
            (Extent::Inline, Some(canvas)) => canvas.say(paragraph),
            _ => {
                let surplus = (self.said.len() + 1).saturating_sub(MOST_SAID);
                self.said.drain(..surplus);
                self.said.push(paragraph);
            }
        }
    }

    /// Tells something that is worth to be read at the end too.
    fn note(&mut self, text: &str, role: Role) {
        self.tell(text, role);
        if self.extent == Extent::Full && self.kept.len() < KEPT {
            self.kept.push(Paragraph { text: printable(text), role });
        }
    }

    /// Something is asked or said: what was said before is over.
    fn ask(&mut self, asked: Asked) {
        self.said.clear();
        if self.extent == Extent::Inline {
            self.tell("", Role::Text);
            self.tell(&asked.heading, Role::Heading);
            self.tell(&asked.text, asked.role);
        }
        self.asked = Some(asked);
    }
}

impl Screen for Live {
    fn say(&mut self, line: Line<'_>) {
        match line {
            Line::Opening { title, extent, retakes, seed, voice, input, output } => {
                self.title = printable(&format!("{title}: {extent}"));
                let title = self.title.clone();
                self.tell(&title, Role::Strong);
                self.tell(
                    &format!("Voice: {voice} · Microphone: {input} · Speaker: {output} · Seed: {seed}"),
                    Role::Text,
                );
                self.say(Line::Keys { retakes });
            }
            Line::Question { place, of, who, follow_up, section, prompt, timing, .. } => {
                let section = if section.is_empty() { String::new() } else { format!(" · {section}") };
                let place = heading(place, of, who, follow_up);
                let heading = printable(&format!("{place}{section} · {}", timing_words(timing)));
                self.ask(Asked {
                    heading,
                    place: printable(&place),
                    text: printable(prompt.as_str()),
                    role: Role::Strong,
                });
            }
            Line::Remark { who, text } => {
                let who = capital(who);
                let colon = if self.extent == Extent::Inline { ":" } else { "" };
                let heading = printable(&format!("{who}{colon}"));
                self.ask(Asked { heading, place: printable(&who), text: printable(text.as_str()), role: Role::Text });
            }
            Line::Saved { why, length, file, may_retake } => {
                let more = if may_retake { " Press r now to answer once more." } else { "" };
                self.tell(&format!("{why} Saved {} in {file}.{more}", show_clock(length)), Role::Text);
            }
            Line::Shown { text, keep } => {
                let mark = if keep { '+' } else { '-' };
                self.tell(&format!("{mark} {text}"), Role::Text);
            }
            Line::Rate => self.tell("How did it go? 1 again · 2 hard · 3 good · 4 easy", Role::Strong),
            Line::Measured(text) => self.tell(&format!("Measured: {text}."), Role::Text),
            Line::Points(_) => {
                self.tell("A strong answer covers these; press the number of each that you said:", Role::Heading);
            }
            Line::Point { number, text, ticked } => {
                let (mark, role) = if ticked { ('✓', Role::Strong) } else { (' ', Role::Text) };
                let shown = Paragraph { text: printable(&format!("{mark} {number} {text}")), role };
                // On a whole screen it is ticked where it stands.
                let same = |said: &&mut Paragraph| without_mark(&said.text) == without_mark(&shown.text);
                match self.said.iter_mut().find(same) {
                    Some(said) => *said = shown,
                    None => self.tell(&shown.text, role),
                }
            }
            Line::Stories => self.tell("Did you tell one of your stories? Press its letter:", Role::Heading),
            Line::Story { key, title } => self.tell(&format!("  {key} {title}"), Role::Text),
            Line::Kept(text) => self.tell(text, Role::Text),
            Line::Warning(left) => {
                // A whole screen has it in its bar.
                if self.extent == Extent::Inline {
                    self.tell(&format!("{} left.", show_duration(left)), Role::Alarm);
                }
            }
            Line::Skipped => self.tell("Skipped.", Role::Text),
            Line::Held(why) => self.tell(why, Role::Alarm),
            Line::Released => self.tell("Going on.", Role::Text),
            Line::Notice(text) => self.note(&format!("Note: {text}"), Role::Alarm),
            Line::Keys { retakes } => {
                let again = if retakes { " · r answers once more" } else { "" };
                let keys = printable(&format!("Keys: enter begins or ends your answer{again} · {KEYS}"));
                // On a whole screen they go away as they came.
                let before = self.said.len();
                self.said.retain(|said| said.text != keys);
                if self.said.len() == before {
                    self.tell(&keys, Role::Text);
                }
            }
            Line::Answer(_) => self.said.clear(),
            // The picture shows these.
            Line::Think(_) | Line::Half(_) | Line::Last(_) => {}
        }
    }

    fn show(&mut self, view: &View) {
        let Some(canvas) = &self.canvas else { return };
        let full = self.extent == Extent::Full;
        let said = if full { self.said.clone() } else { Vec::new() };
        let (asked, title) = (self.asked.clone(), if full { self.title.clone() } else { String::new() });
        canvas.show(Box::new(Moment { view: view.clone(), asked, title, said, full }));
    }

    fn redraw(&mut self) {
        self.canvas.iter().for_each(Canvas::redraw);
    }

    fn close(&mut self) {
        drop(self.canvas.take());
        if let Some(mut out) = self.out.take() {
            for line in self.kept.drain(..).flat_map(|kept| wrap(&kept.text, columns())) {
                let _ = write!(out, "{line}\r\n");
            }
            let _ = out.flush();
        }
    }
}

/// A point without the sign that it was said.
fn without_mark(point: &str) -> &str {
    let mut rest = point.chars();
    rest.next();
    rest.as_str()
}

/// The keys that there are in every session, in a line.
const KEYS: &str = "s repeats the question · p pauses · k skips · q saves and quits · ? shows the keys";
