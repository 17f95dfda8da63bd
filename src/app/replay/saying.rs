//! What a person says of the answer that is on, and what is said back.

use std::time::Duration;

use super::items::Answer;
use super::listening::Listening;
use super::words::in_words;
use crate::interview::Text;
use crate::tui::plain::fillers_counted;

/// A mark that is so near is the one that is heard.
const HERE: Duration = Duration::from_millis(50);

impl Listening {
    /// What is said when an answer begins: what it was rated before, and with that its points. Of one that was not rated
    /// nothing is given away.
    pub(super) fn opening(&mut self, answer: &Answer) {
        if self.is_veiled() {
            return;
        }
        let Some(grade) = self.reviews.of(answer).debrief.grade() else { return };
        let again = if self.lasts { "backspace" } else { "r" };
        self.say(format!("Rated {} before; {again} rates it again.", grade.word()));
        self.tell_points(answer);
    }

    /// Tells how an answer was said and what it should cover, once its rating is kept.
    pub(super) fn tell_what_was_rated(&mut self) {
        let Some(answer) = self.to_tell.clone().filter(|_| self.reviews.is_idle()) else { return };
        // The rating could not be kept.
        if self.reviews.of(&answer).debrief.grade().is_none() {
            self.to_tell = None;
            return;
        }
        if self.is_veiled() {
            return;
        }
        if let Some(lines) = self.measured.told(&answer) {
            self.to_tell = None;
            lines.into_iter().for_each(|line| self.tell(line));
            self.tell_points(&answer);
        }
    }

    pub(super) fn tell_points(&mut self, answer: &Answer) {
        let points = self.reviews.of(answer).debrief.points().to_vec();
        if !points.is_empty() {
            self.tell("A strong answer covers these; press the number of each that you said:");
        }
        for (place, point) in points.iter().enumerate() {
            let said = if point.ticked { "You said this: " } else { "" };
            self.tell(format!("{}. {said}{}", place + 1, point.text));
        }
    }

    /// The answer that is on.
    ///
    /// # Errors
    /// Why nothing can be said of what is on.
    pub fn answer(&self) -> Result<Answer, &'static str> {
        match (&self.item().answer, &self.home) {
            (Some(_), _) if self.silent => Err("This answer cannot be heard: nothing is kept of it."),
            (Some(answer), _) => Ok(answer.clone()),
            (None, None) => Err("This file is no answer of a session: nothing is kept of it."),
            (None, Some(_)) if self.comparison.is_some() => Err("This is the model answer: nothing is kept of it."),
            (None, Some(_)) => {
                Err("This is the question: an answer is rated while it is played, and p goes back to the last.")
            }
        }
    }

    /// Marks a place of an answer, which need not be on any more.
    pub fn mark(&mut self, answer: &Answer, at: Duration, text: Text) {
        self.reviews.mark(answer, at, text);
        self.say(format!("Marked at {}.", in_words(at)));
    }

    pub(super) fn next_mark(&mut self) {
        let here = self.position();
        let Ok(answer) = self.answer() else { return self.say("There is no mark.") };
        let marks = &self.reviews.of(&answer).marks;
        let next = marks.iter().find(|(mark, _)| *mark > here + HERE).or(marks.first()).cloned();
        match next {
            // It is the only one, or all are here.
            Some((mark, _)) if mark.abs_diff(here) <= HERE => {
                self.say("There is no other mark.");
            }
            Some((mark, text)) => {
                self.seek(mark);
                if !text.is_empty() {
                    self.tell(format!("{text}."));
                }
            }
            None => self.say("There is no mark; m makes one."),
        }
    }

    pub(super) fn tap(&mut self) {
        let at = self.position();
        match self.answer() {
            Ok(answer) => {
                self.reviews.tap(&answer, at);
                let count = self.reviews.of(&answer).taps.len();
                self.tell(format!("{}.", fillers_counted(count)));
            }
            Err(why) => self.say(why),
        }
    }

    pub(super) fn untap(&mut self) {
        let Ok(answer) = self.answer() else { return self.say("No filler is counted here.") };
        match self.reviews.untap(&answer) {
            Some(at) => {
                let count = self.reviews.of(&answer).taps.len();
                self.say(format!("The filler at {} is taken back: {}.", in_words(at), fillers_counted(count)));
            }
            None => self.say("No filler is counted."),
        }
    }

    pub(super) fn number(&mut self, number: u8) {
        let answer = match self.answer() {
            Ok(answer) => answer,
            Err(why) => return self.say(why),
        };
        let was_unrated = self.reviews.of(&answer).debrief.grade().is_none();
        let veiled = self.is_veiled();
        if veiled && !was_unrated {
            return self.say("Rate the answer first that this is compared with: its points come after that.");
        }
        if !self.reviews.digit(&answer, number) {
            return;
        }
        self.stays |= was_unrated;
        if was_unrated && self.is_veiled() {
            self.say("What was measured, and the points, come when what this is compared with is rated too.");
        } else if was_unrated {
            self.to_tell = Some(answer);
        } else if let Some(point) = self.reviews.of(&answer).debrief.points().get(usize::from(number) - 1) {
            let said = if point.ticked { "You said this" } else { "Not said" };
            let line = format!("{number}. {said}: {}", point.text);
            self.tell(line);
        }
    }

    pub(super) fn rate_again(&mut self) {
        let Ok(answer) = self.answer() else { return };
        if self.reviews.of(&answer).debrief.take_back() {
            self.to_tell.take_if(|to_tell| *to_tell == answer);
            self.say("Rate it again: 1 again · 2 hard · 3 good · 4 easy");
        }
    }
}
