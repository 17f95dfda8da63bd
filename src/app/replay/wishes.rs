//! What a person wishes of the sound: other places, other speeds, loops, no silence.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use super::comparing::Comparison;
use super::items::Sound;
use super::listening::Listening;
use super::measured::Silences;
use super::wish::Wish;
use super::words::in_words;

/// A wish for the recording before, within so much of the beginning, is one for the one before; else for the beginning.
const RESTART: Duration = Duration::from_secs(2);

/// The speeds that are stepped through.
const SPEEDS: [f64; 9] = [0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0];

/// A loop is at least so long, in seconds.
const LEAST_LOOP_S: f64 = 0.2;

/// Where speech goes on, a little of the pause before it is heard, in seconds.
const BREATH_S: f64 = 0.15;

/// Silence that is left out is at least so long, in seconds.
const LEAST_SILENCE_S: f64 = 0.5;

impl Listening {
    /// Does what is wished for.
    ///
    /// # Errors
    /// Where the speaker fails.
    pub fn wish(&mut self, wish: Wish) -> Result<()> {
        match wish {
            Wish::Pause => self.pause(),
            Wish::By(seconds) => {
                let to = self.position().as_secs_f64() + seconds;
                self.seek(Duration::from_secs_f64(to.max(0.0)));
            }
            Wish::To(place) => self.seek(place),
            Wish::Phrase(on) => self.phrase(on),
            Wish::Next if self.at + 1 < self.items.len() => self.go(self.at + 1)?,
            Wish::Next if self.comparison.is_some() => self.leave_comparison()?,
            Wish::Next if self.lasts => self.say("This is the last; q quits."),
            Wish::Next => self.left = true,
            Wish::Previous if self.position() > RESTART || self.over => self.seek(Duration::ZERO),
            // What cannot be heard is passed over backwards too.
            Wish::Previous => {
                let heard = |at: &usize| !matches!(self.items[*at].sound, Sound::Nothing) && !self.unheard.contains(at);
                self.go((0..self.at).rfind(heard).unwrap_or(0))?;
            }
            Wish::Faster => self.speed(SPEEDS.into_iter().find(|speed| *speed > self.deck.speed())),
            Wish::Slower => self.speed(SPEEDS.into_iter().rfind(|speed| *speed < self.deck.speed())),
            Wish::Silence => self.silence(),
            Wish::LoopFrom => self.loop_from(),
            Wish::LoopTo => self.loop_to(),
            Wish::Leave => self.leave()?,
            Wish::NextMark => self.next_mark(),
            Wish::Tap => self.tap(),
            Wish::Untap => self.untap(),
            Wish::Compare => self.compare()?,
            Wish::Number(number) => self.number(number),
            Wish::RateAgain => self.rate_again(),
        }
        Ok(())
    }

    fn pause(&mut self) {
        if self.over {
            self.seek(Duration::ZERO);
            self.tell("Once more.");
        } else if self.deck.is_paused() {
            self.deck.play();
            self.tell("Going on.");
        } else {
            self.deck.pause();
            let at = in_words(self.position());
            self.tell(format!("Paused at {at}."));
        }
    }

    pub(super) fn seek(&mut self, to: Duration) {
        let was_over = std::mem::take(&mut self.over);
        let length = self.deck.length();
        if self.silent {
            return self.say("There is nothing to be heard.");
        }
        self.deck.seek(to.min(length));
        if was_over {
            self.deck.play();
        }
        self.tell(format!("At {}.", in_words(to.min(length))));
    }

    /// To where speech goes on after the next pause, or after the one before.
    pub(super) fn phrase(&mut self, on: bool) {
        let at = self.position().as_secs_f64();
        let Some(silences) = self.silences() else {
            self.to_phrase.push(on);
            return self.say("The pauses are being looked for.");
        };
        let silences = match silences {
            Ok(silences) => silences,
            Err(why) => return self.say(format!("Its pauses are not known: {why}.")),
        };
        let length = self.deck.length().as_secs_f64();
        let mut begins =
            silences.iter().filter(|(_, end)| *end < length - 0.05).map(|(start, end)| (end - BREATH_S).max(*start));
        // Who wants to go back is not held by the place that was just come to.
        let to = match on {
            true => begins.find(|to| *to > at + 0.05),
            false => begins.rfind(|to| *to < at - 0.7),
        };
        match to {
            Some(to) => self.seek(Duration::from_secs_f64(to)),
            None if on => self.say("There is no pause after this."),
            None => {
                self.seek(Duration::ZERO);
                self.say("There is no pause before this: this is the beginning.");
            }
        }
    }

    fn speed(&mut self, speed: Option<f64>) {
        if let Some(speed) = speed {
            self.deck.set_speed(speed);
        }
        let speed = self.deck.speed();
        self.tell(format!("{speed} times as fast as it was said."));
    }

    fn silence(&mut self) {
        self.skips = !self.skips;
        self.leave_silence_out();
        match (self.skips, self.skipping) {
            (false, _) => self.tell("Silence is heard again."),
            // Why it is not was said.
            (true, true) if self.silences().is_some_and(|silences| silences.is_err()) => {}
            (true, true) => self.tell("Silence is left out."),
            (true, false) => self.say("Silence is left out as soon as the recording has been looked at."),
        }
    }

    fn loop_from(&mut self) {
        if self.looped.is_some() {
            return self.unloop();
        }
        let at = self.position();
        self.looped = Some((at.as_secs_f64(), None));
        self.say(format!("The loop begins at {}; b ends it.", in_words(at)));
    }

    fn loop_to(&mut self) {
        let (at, from) = (self.position().as_secs_f64(), self.looped.map_or(0.0, |(from, _)| from));
        if at < from + LEAST_LOOP_S {
            return self.say("A loop ends after its beginning: a sets that, b the end.");
        }
        self.looped = Some((from, Some(at)));
        let (from, to) = (Duration::from_secs_f64(from), Duration::from_secs_f64(at));
        self.deck.set_loop(Some((from, to)));
        self.over = false;
        self.deck.play();
        self.say(format!("From {} to {}, again and again; a ends that.", in_words(from), in_words(to)));
    }

    fn unloop(&mut self) {
        self.looped = None;
        self.deck.set_loop(None);
        self.say("No loop.");
    }

    /// Leaves the loop, or else the comparison.
    fn leave(&mut self) -> Result<()> {
        if self.looped.is_some() {
            self.unloop();
        } else if self.comparison.is_some() {
            self.leave_comparison()?;
        } else {
            self.say("q quits.");
        }
        Ok(())
    }

    /// Where nobody speaks in what is on; `None` while that is not known.
    pub(super) fn silences(&mut self) -> Option<Silences> {
        let Listening { comparison, items, at, measured, .. } = self;
        let item = comparison.as_ref().and_then(Comparison::item).unwrap_or(&items[*at]);
        match (&item.answer, &item.sound) {
            (Some(answer), _) => measured.silences(answer),
            (None, Sound::Files(files)) => match &files[..] {
                [file] => measured.silences_of_file(file),
                _ => Some(Ok(Arc::default())),
            },
            (None, Sound::Clip(clip)) => measured.silences_of_clip(clip),
            (None, Sound::Nothing) => Some(Ok(Arc::default())),
        }
    }

    /// Leaves the silence of what is on out, where that is wished for and as soon as it is known; where it cannot be
    /// known, that is said once.
    pub(super) fn leave_silence_out(&mut self) {
        if !self.skips {
            if std::mem::take(&mut self.skipping) {
                self.deck.skip(None);
            }
            return;
        }
        if self.skipping {
            return;
        }
        let Some(silences) = self.silences() else { return };
        self.skipping = true;
        match silences {
            Ok(silences) => {
                let long = silences.iter().copied().filter(|(start, end)| end - start >= LEAST_SILENCE_S).collect();
                self.deck.skip(Some(long));
            }
            Err(why) => self.say(format!("No silence is left out: {why}.")),
        }
    }
}
