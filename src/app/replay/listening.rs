//! Listening: what is heard of a list of recordings, and what a person wishes meanwhile. It knows neither keys nor
//! screens.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail};

use super::comparing::Comparison;
use super::items::{Answer, Item, Sound};
use super::measured::Measured;
use super::review::Reviews;
use crate::app::deck::{Deck, Recording, State};
use crate::app::waveforms::{Outline, Progress};
use crate::speech::Peaks;
use crate::store::home::Home;
use crate::voice::VoiceSettings;

/// Something that is to be said to the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What.
    pub text: String,
    /// Whether a screen shows it anyway, and it is for those alone who see none.
    pub seen: bool,
}

/// How it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turned {
    /// Something is to be heard, or waits.
    On,
    /// All has been heard.
    End,
}

/// What listening needs to know from the start.
pub struct Start {
    /// What is heard first.
    pub items: Vec<Item>,
    /// Where the sessions are; none where a file is heard that belongs to no session.
    pub home: Option<Home>,
    /// Who speaks model answers.
    pub voice: VoiceSettings,
    /// Whether silence is left out.
    pub skips: bool,
    /// Whether somebody is there who can wish for anything.
    pub attended: bool,
    /// Whether the end of the last recording is waited at.
    pub lasts: bool,
    /// Whether other takes of a question are among what is heard, to be compared with its newest.
    pub compares: bool,
}

/// A person listens.
pub struct Listening {
    pub(super) deck: Deck,
    pub(super) home: Option<Home>,
    pub(super) voice: VoiceSettings,
    pub(super) items: Vec<Item>,
    pub(super) at: usize,
    pub(super) comparison: Option<Comparison>,
    pub(super) reviews: Reviews,
    pub(super) measured: Measured,
    pub(super) outline: Option<Outline>,
    pub(super) peaks: Option<Arc<Peaks>>,
    /// Nothing can be heard of what is on.
    pub(super) silent: bool,
    /// It has been heard to its end.
    pub(super) over: bool,
    /// It was rated while it was on: there is something to read and to tick.
    pub(super) stays: bool,
    pub(super) skips: bool,
    /// Silence is left out of what is on.
    pub(super) skipping: bool,
    pub(super) looped: Option<(f64, Option<f64>)>,
    pub(super) attended: bool,
    pub(super) lasts: bool,
    pub(super) compares: bool,
    said: Vec<Said>,
    /// What was rated and is to be told of, once all is kept and measured.
    pub(super) to_tell: Option<Answer>,
    /// Another recording is on since this was asked.
    began: bool,
    /// The person went on beyond the last.
    pub(super) left: bool,
    /// Pauses that are to be gone to, on or back, once they are known.
    pub(super) to_phrase: Vec<bool>,
    /// What is on stays on: something is being typed about it.
    held: bool,
    /// The places of recordings that could not be heard.
    pub(super) unheard: HashSet<usize>,
    /// What can be known of answers has changed since this was asked.
    changed: bool,
}

impl Listening {
    /// Begins with the first recording.
    ///
    /// # Errors
    /// Where the speaker fails.
    pub fn begin(deck: Deck, start: Start) -> Result<Listening> {
        let Start { items, home, voice, skips, attended, lasts, compares } = start;
        let mut listening = Listening {
            deck,
            measured: Measured::begin(home.clone()),
            home,
            voice,
            items,
            at: 0,
            comparison: None,
            reviews: Reviews::begin(),
            outline: None,
            peaks: None,
            silent: false,
            over: false,
            stays: false,
            skips,
            skipping: false,
            looped: None,
            attended,
            lasts,
            compares,
            said: Vec::new(),
            to_tell: None,
            began: false,
            left: false,
            to_phrase: Vec::new(),
            held: false,
            unheard: HashSet::new(),
            changed: false,
        };
        listening.start()?;
        Ok(listening)
    }

    /// Other recordings take the place of all; the one at `at` is on.
    ///
    /// # Errors
    /// Where the speaker fails.
    pub fn open(&mut self, items: Vec<Item>, at: usize) -> Result<()> {
        self.items = items;
        self.unheard.clear();
        self.compares = false;
        self.go(at)
    }

    /// What is on.
    pub fn item(&self) -> &Item {
        let compared = self.comparison.as_ref().and_then(Comparison::item);
        compared.unwrap_or(&self.items[self.at])
    }

    /// Whether another recording is on than when this was asked last.
    pub fn has_begun(&mut self) -> bool {
        std::mem::take(&mut self.began)
    }

    /// Whether an answer was rated or measured since this was asked last.
    pub fn has_changed(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }

    /// From now on what is on stays on, its end and the next of a comparison wait; or no more.
    pub fn hold(&mut self, held: bool) {
        self.held = held;
    }

    /// What is to be said since this was asked last.
    pub fn said(&mut self) -> Vec<Said> {
        std::mem::take(&mut self.said)
    }

    /// Says something.
    pub(super) fn say(&mut self, text: impl Into<String>) {
        self.said.push(Said { text: text.into(), seen: false });
    }

    /// Says something that a screen shows anyway.
    pub(super) fn tell(&mut self, text: impl Into<String>) {
        self.said.push(Said { text: text.into(), seen: true });
    }

    /// Goes to one of the recordings.
    pub(super) fn go(&mut self, at: usize) -> Result<()> {
        self.comparison = None;
        self.at = at.min(self.items.len().saturating_sub(1));
        self.start()
    }

    /// Lets what is on be heard from its beginning.
    pub(super) fn start(&mut self) -> Result<()> {
        (self.over, self.stays, self.silent, self.skipping, self.looped) = (false, false, false, false, None);
        (self.outline, self.peaks, self.began) = (None, None, true);
        self.to_phrase.clear();
        let item = self.item().clone();
        let opened = match &item.sound {
            Sound::Files(files) => Recording::open(files).map_err(|error| error.to_string()),
            Sound::Clip(clip) => Ok(Recording::of_clip(Arc::clone(clip))),
            Sound::Nothing => Err(String::new()),
        };
        match opened {
            Ok(recording) => {
                self.deck.load(recording);
                self.deck.play();
            }
            // One that cannot be heard keeps nobody from the others.
            Err(why) => {
                self.silent = true;
                self.deck.pause();
                if !why.is_empty() {
                    self.say(format!("Passed over: {why}"));
                }
                return Ok(());
            }
        }
        if self.lasts {
            match (&item.sound, &item.answer) {
                (Sound::Files(_), Some(answer)) => {
                    let session = &answer.session.path;
                    self.outline = answer.recorded().map(|take| Outline::of_take(session, answer.turn, &take));
                }
                (Sound::Files(files), None) => self.outline = Some(Outline::of_files(files)),
                (Sound::Clip(clip), _) => self.outline = Some(Outline::of_clip(Arc::clone(clip))),
                (Sound::Nothing, _) => {}
            }
        }
        self.leave_silence_out();
        if let Some(answer) = item.answer.filter(|_| self.attended) {
            self.opening(&answer);
        }
        Ok(())
    }

    /// Where what is on stands.
    pub fn position(&mut self) -> Duration {
        if self.silent { Duration::ZERO } else { self.deck.position() }
    }

    /// Lets a moment pass, and takes in what was found out meanwhile.
    ///
    /// # Errors
    /// Where the speaker fails.
    pub fn pass(&mut self, patience: Duration) -> Result<Turned> {
        self.news()?;
        if self.silent && !self.over && !self.held {
            return self.ended();
        }
        match self.deck.pass(patience) {
            State::Over if !self.over && !self.held => self.ended(),
            State::Failed(reason) if !self.attended => bail!("{reason}"),
            State::Failed(reason) => {
                // It can be played on when the speaker is back; it is told once.
                self.deck.pause();
                self.say(format!("{reason}. Space goes on."));
                Ok(Turned::On)
            }
            _ => Ok(Turned::On),
        }
    }

    /// What is on has been heard to its end.
    fn ended(&mut self) -> Result<Turned> {
        if self.silent && self.comparison.is_none() {
            self.unheard.insert(self.at);
        }
        // Nobody is asked about what nobody heard.
        let answer = self.item().answer.clone().filter(|_| self.attended && !self.silent);
        let unrated = answer.is_some_and(|answer| self.reviews.of(&answer).debrief.grade().is_none());
        if self.comparison.is_some() || (self.attended && (unrated || self.stays)) {
            self.over = true;
            if self.comparison.is_some() {
                self.say("c goes on with the comparison, n leaves it.");
            } else if unrated {
                self.tell("The answer is over. How did it go? 1 again, 2 hard, 3 good, 4 easy; n goes on.");
            } else {
                self.tell("The answer is over; n goes on.");
            }
        } else if self.at + 1 < self.items.len() {
            self.go(self.at + 1)?;
        } else if self.lasts {
            self.over = true;
        } else {
            return Ok(Turned::End);
        }
        Ok(Turned::On)
    }

    /// Takes in what was found out beside the sound.
    fn news(&mut self) -> Result<()> {
        for line in self.reviews.news() {
            self.say(line);
        }
        self.changed |= self.reviews.was_rated();
        if self.measured.news() {
            self.changed = true;
            self.leave_silence_out();
            std::mem::take(&mut self.to_phrase).into_iter().for_each(|on| self.phrase(on));
        }
        if let Some(outline) = &mut self.outline
            && outline.news()
        {
            self.peaks = outline.peaks();
            if let Progress::Failed(why) = outline.progress() {
                self.say(format!("Its outline cannot be drawn: {why}."));
            }
        }
        if !self.held {
            self.compared()?;
        }
        self.tell_what_was_rated();
        Ok(())
    }

    /// Whether nothing is left to be heard: the person went on beyond the last.
    pub fn is_left(&self) -> bool {
        self.left
    }

    /// Which answer of which session is on: the folder, and the turn from 0. A question is on for its answer.
    pub fn heard(&self) -> Option<(PathBuf, usize)> {
        let own = self.item().answer.as_ref();
        let next = self.items.get(self.at + 1).filter(|_| own.is_none() && self.comparison.is_none());
        let answer = own.or(next.and_then(|item| item.answer.as_ref()))?;
        Some((answer.session.path.clone(), answer.turn))
    }

    /// How long what is on is.
    pub fn length(&self) -> Duration {
        if self.silent { Duration::ZERO } else { self.deck.length() }
    }

    /// Ends it: all that was said is kept, and all that was to be heard is written. Gives what is still to be said, and
    /// whether what is heard could be written.
    pub fn finish(mut self) -> (Vec<String>, Result<()>) {
        let said = self.reviews.finish();
        (said, self.deck.finish().map_err(anyhow::Error::msg))
    }
}

#[cfg(test)]
#[path = "listening_tests.rs"]
mod tests;
