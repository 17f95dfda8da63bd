//! What the session says to a person, whatever it is said on.

use std::time::Duration;

use super::view::View;
use crate::interview::{Text, Timing};

/// Where a session is shown.
pub trait Screen {
    /// Says something once.
    fn say(&mut self, line: Line<'_>);
    /// Shows the moment; called often, and drawn as often as the screen likes.
    fn show(&mut self, view: &View);
    /// Draws all of it anew: something else wrote on the terminal.
    fn redraw(&mut self) {}
    /// Leaves the terminal as it was.
    fn close(&mut self) {}
}

/// Something that is said once.
#[derive(Debug, Clone, Copy)]
pub enum Line<'a> {
    /// The session begins.
    Opening {
        /// What is asked from.
        title: &'a Text,
        /// How much is asked, or for how long, in words.
        extent: &'a str,
        /// Whether a question may be answered once more.
        retakes: bool,
        /// What the order was drawn from.
        seed: u64,
        /// Who speaks.
        voice: &'a str,
        /// The microphone.
        input: &'a str,
        /// The speaker.
        output: &'a str,
    },
    /// A question is put.
    Question {
        /// Its place, from 1.
        place: usize,
        /// Of how many, where that is known.
        of: Option<usize>,
        /// Who asks, where that is one of several.
        who: Option<&'a str>,
        /// Whether it follows up the question before.
        follow_up: bool,
        /// What is left of the whole session, where it has a length.
        left: Option<Duration>,
        /// Its section.
        section: &'a str,
        /// What is asked.
        prompt: &'a Text,
        /// Its times.
        timing: &'a Timing,
    },
    /// Somebody says something that nobody answers.
    Remark {
        /// Who.
        who: &'a str,
        /// What.
        text: &'a Text,
    },
    /// Time to think, so long.
    Think(Option<Duration>),
    /// The recording runs, for so long at most.
    Answer(Option<Duration>),
    /// Half of the time is over; so much is left.
    Half(Duration),
    /// So much is left: the limit is near.
    Warning(Duration),
    /// So much is left: these are the last seconds.
    Last(Duration),
    /// The recording has ended.
    Saved {
        /// Why, in words.
        why: &'a str,
        /// How long it is.
        length: Duration,
        /// Where it is.
        file: &'a str,
        /// Whether the question may be answered once more.
        may_retake: bool,
    },
    /// What the answer showed about how it was said.
    Shown {
        /// A sentence.
        text: &'a str,
        /// Whether it is something to keep.
        keep: bool,
    },
    /// How did it go? Asked before anything is shown of the answer.
    Rate,
    /// What was measured of the answer, in words.
    Measured(&'a str),
    /// What a strong answer covers begins; so many points follow, each with its number.
    Points(usize),
    /// A point.
    Point {
        /// Its number, from 1.
        number: usize,
        /// What it says.
        text: &'a Text,
        /// Whether the answer covered it.
        ticked: bool,
    },
    /// Which story was told can be noted; each follows with its letter.
    Stories,
    /// A story.
    Story {
        /// Its letter.
        key: char,
        /// What it is called.
        title: &'a Text,
    },
    /// Something that the candidate said is kept.
    Kept(&'a str),
    /// The candidate passed the question over.
    Skipped,
    /// The session stands still; why.
    Held(&'a str),
    /// The session goes on.
    Released,
    /// Something that the candidate should know.
    Notice(&'a str),
    /// What can be pressed.
    Keys {
        /// Whether a question may be answered once more.
        retakes: bool,
    },
}
