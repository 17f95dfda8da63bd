//! Plays a list of recordings: pause, seek, next, previous, speed.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::afterwards::Afterwards;
use super::failure::Interrupted;
use super::redraw::Redraw;
use super::signals;
use crate::audio::pace::Pace;
use crate::audio::wav;
use crate::interview::time::show_clock;
use crate::interview::{Frames, SampleRate};
use crate::ports::{Clip, Playback, Playing};
use crate::speech::stretch::stretch;
use crate::tui::keys::Keys;
use crate::tui::status::Status;
use crate::tui::terminal::RawTerminal;

/// How long the player sleeps between two looks at keys and speaker.
const STEP: Duration = Duration::from_millis(20);

/// How far an arrow key goes.
const SEEK: Duration = Duration::from_secs(5);

/// A previous-key within so much of the beginning goes to the one before.
const RESTART: Duration = Duration::from_secs(2);

/// The longest piece that is made ready at once.
const PIECE: Duration = Duration::from_secs(300);

/// The speeds that `+` and `-` step through.
const SPEEDS: [f64; 9] = [0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0];

/// Something to be played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Which question it belongs to.
    pub title: String,
    /// What it is.
    pub text: String,
    /// Where it is; `None` where there is nothing to be heard.
    pub path: Option<PathBuf>,
    /// Which answer it is; `None` for what is no answer.
    pub answer: Option<Answer>,
}

/// An answer, as its session names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The id of its question.
    pub question: String,
    /// The file of its take.
    pub take: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    Pause,
    Back,
    Forward,
    Next,
    Previous,
    Faster,
    Slower,
    Number(u8),
    TakeBack,
    Quit,
    Interrupt,
}

fn wish(key: KeyEvent) -> Option<Wish> {
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        return matches!(key.code, KeyCode::Char('c' | 'd')).then_some(Wish::Interrupt);
    }
    match key.code {
        KeyCode::Char(' ') => Some(Wish::Pause),
        KeyCode::Left => Some(Wish::Back),
        KeyCode::Right => Some(Wish::Forward),
        KeyCode::Char('n') | KeyCode::Down | KeyCode::Enter => Some(Wish::Next),
        KeyCode::Char('p') | KeyCode::Up => Some(Wish::Previous),
        KeyCode::Char('+' | '=') => Some(Wish::Faster),
        KeyCode::Char('-') => Some(Wish::Slower),
        KeyCode::Char(number @ '1'..='9') => Some(Wish::Number(number as u8 - b'0')),
        KeyCode::Backspace => Some(Wish::TakeBack),
        KeyCode::Char('q') | KeyCode::Esc => Some(Wish::Quit),
        _ => None,
    }
}

const KEYS: &str = "space pauses · ←/→ 5 s · n/p next, previous · +/- speed · q quits";
const RATING_KEYS: &str = "how was the answer? 1 again · 2 hard · 3 good · 4 easy; rated, numbers tick its points";

/// Plays recordings.
pub struct Player {
    playback: Box<dyn Playback>,
    pace: Pace,
    speed: f64,
    afterwards: Afterwards,
    /// Somebody is there to press keys.
    keys: bool,
}

/// Whether there is an answer that is still to be rated.
fn unrated(afterwards: &mut Afterwards, answer: Option<&Answer>) -> bool {
    answer.is_some_and(|answer| afterwards.is_unrated(answer))
}

/// How an item was left.
enum Left {
    Next,
    Previous,
    Quit,
}

impl Player {
    /// A player at `speed` times the pace; what is said of answers goes to `afterwards`.
    pub fn new(playback: Box<dyn Playback>, pace: Pace, speed: f64, afterwards: Afterwards) -> Player {
        Player { playback, pace, speed, afterwards, keys: false }
    }

    /// Plays the items from the first to the last; with `keys`, as the person wishes.
    ///
    /// # Errors
    /// Where a recording cannot be read, the speaker fails, or the program was asked to end.
    pub fn run(mut self, items: &[Item], keys: bool) -> Result<()> {
        self.keys = keys;
        let raw = if keys { Some(RawTerminal::enter()?) } else { None };
        let mut wishes = if keys { Keys::of_terminal(wish, None) } else { Keys::none() };
        let mut status = if keys { Status::drawn() } else { Status::plain() };
        if keys {
            status.line(KEYS);
            status.line(RATING_KEYS);
        }
        let played = self.play_all(items, &mut wishes, &mut status);
        status.clear();
        drop(raw);
        played?;
        self.playback.finish().map_err(anyhow::Error::msg)
    }

    fn play_all(&mut self, items: &[Item], wishes: &mut Keys<Wish>, status: &mut Status) -> Result<()> {
        let mut at = 0;
        let mut title = "";
        while let Some(item) = items.get(at) {
            if item.title != title {
                title = &item.title;
                status.line("");
                status.line(title);
            }
            status.line(&item.text);
            // Once, where the answer begins.
            let begins = at == 0 || items[at - 1].answer != item.answer;
            if let Some(answer) = item.answer.as_ref().filter(|_| begins && self.keys) {
                self.afterwards.opening(answer).iter().for_each(|line| status.line(line));
            }
            // The last part of an answer: who hears it to its end is asked how it went.
            let ends = items.get(at + 1).is_none_or(|next| next.answer != item.answer);
            match self.play_item(item, ends && self.keys, wishes, status)? {
                Left::Next => at += 1,
                // What cannot be heard is passed over backwards too.
                Left::Previous => at = items[..at].iter().rposition(|item| item.path.is_some()).unwrap_or(0),
                Left::Quit => break,
            }
        }
        Ok(())
    }

    fn play_item(&mut self, item: &Item, asks: bool, wishes: &mut Keys<Wish>, status: &mut Status) -> Result<Left> {
        let Some(path) = &item.path else { return Ok(Left::Next) };
        match wav::read(path) {
            Ok(clip) => self.play(&clip, item.answer.as_ref(), asks, wishes, status),
            // One file that cannot be heard keeps nobody from the others.
            Err(error) => {
                status.line(&format!("Passed over: {error}"));
                Ok(Left::Next)
            }
        }
    }

    fn play(
        &mut self,
        clip: &Clip,
        answer: Option<&Answer>,
        asks: bool,
        wishes: &mut Keys<Wish>,
        status: &mut Status,
    ) -> Result<Left> {
        let length = clip.duration();
        let mut position = Duration::ZERO;
        let mut paused = false;
        let mut ready = self.start(clip, position)?;
        let mut looked = Instant::now();
        let mut redraw = Redraw::default();
        // An answer that is rated now is left when the person wishes: there is something to read and to tick.
        let (mut stays, mut over) = (false, false);
        loop {
            if signals::asked() {
                bail!(Interrupted);
            }
            let mut moved = false;
            while let Some(wish) = wishes.pressed() {
                match wish {
                    // The sound goes on meanwhile.
                    Wish::Number(_) | Wish::TakeBack => {
                        let was_unrated = stays || unrated(&mut self.afterwards, answer);
                        self.mark(answer, wish).iter().for_each(|line| status.line(line));
                        stays = was_unrated;
                        continue;
                    }
                    Wish::Pause => paused = !paused,
                    Wish::Back => position = position.saturating_sub(SEEK),
                    Wish::Forward => position = (position + SEEK).min(length),
                    Wish::Next => return Ok(self.leave(Left::Next)),
                    Wish::Previous if position > RESTART => position = Duration::ZERO,
                    Wish::Previous => return Ok(self.leave(Left::Previous)),
                    Wish::Faster => self.speed = SPEEDS.into_iter().find(|s| *s > self.speed).unwrap_or(3.0),
                    Wish::Slower => self.speed = SPEEDS.into_iter().rfind(|s| *s < self.speed).unwrap_or(0.5),
                    Wish::Quit => return Ok(self.leave(Left::Quit)),
                    Wish::Interrupt => bail!(Interrupted),
                }
                moved = true;
            }
            if moved {
                over = false;
                self.playback.stop();
                if !paused {
                    ready = self.start(clip, position)?;
                }
                looked = Instant::now();
            }
            let passed = self.pass(&mut looked);
            if !paused && !over {
                position = (position + passed.mul_f64(self.speed)).min(ready);
                match self.playback.state() {
                    Playing::Sounding => {}
                    Playing::Failed(reason) => bail!("{reason}"),
                    Playing::Idle if ready < length => {
                        position = ready;
                        ready = self.start(clip, position)?;
                    }
                    Playing::Idle if asks && (stays || unrated(&mut self.afterwards, answer)) => over = true,
                    Playing::Idle => return Ok(Left::Next),
                }
            }
            if !redraw.is_due() {
                continue;
            }
            let sign = if over {
                "■"
            } else if paused {
                "‖"
            } else {
                "▶"
            };
            let hint = if over { self.hint(answer) } else { format!("×{}", self.speed) };
            status.show(&format!("{sign} {} of {}  {hint}", show_clock(position), show_clock(length)));
        }
    }

    /// What is said of an answer goes where it is kept; gives what is to be said of that.
    fn mark(&mut self, answer: Option<&Answer>, wish: Wish) -> Vec<String> {
        match (answer, wish) {
            (Some(answer), Wish::Number(number)) => self.afterwards.digit(answer, number),
            (Some(answer), _) => self.afterwards.take_back(answer),
            (None, _) => {
                let why = "This is the question: an answer is rated while it is played, and p goes back to the last.";
                vec![why.to_owned()]
            }
        }
    }

    /// What can be pressed when an answer is over.
    fn hint(&mut self, answer: Option<&Answer>) -> String {
        let Some(answer) = answer else { return String::new() };
        match (self.afterwards.is_unrated(answer), self.afterwards.points(answer)) {
            (true, _) => "1 again · 2 hard · 3 good · 4 easy · n: next".to_owned(),
            (false, 0) => "n: next".to_owned(),
            (false, points) => format!("1–{points}: I said this · n: next"),
        }
    }

    fn leave(&mut self, how: Left) -> Left {
        self.playback.stop();
        how
    }

    /// Lets the speaker play from `position`; returns up to where what was made ready reaches.
    fn start(&mut self, clip: &Clip, position: Duration) -> Result<Duration> {
        let rate = SampleRate(clip.rate);
        let from = (rate.frames(position).0 as usize).min(clip.samples.len());
        let to = (from + rate.frames(PIECE).0 as usize).min(clip.samples.len());
        let samples = stretch(&clip.samples[from..to], clip.rate, self.speed);
        self.playback.play(Arc::new(Clip { rate: clip.rate, samples })).map_err(anyhow::Error::msg)?;
        Ok(rate.duration(Frames(to as u64)))
    }

    /// Lets a moment pass; returns how long it was.
    fn pass(&mut self, looked: &mut Instant) -> Duration {
        let moment = match self.pace {
            // A speaker without a clock plays as far as it is told: to the end of the clip, frame by frame.
            Pace::Fast => {
                let left = self.playback.remaining().unwrap_or_default();
                self.playback.advance(left);
                return SampleRate::STANDARD.duration(left);
            }
            Pace::RealTime => {
                thread::sleep(STEP);
                std::mem::replace(looked, Instant::now()).elapsed()
            }
        };
        self.playback.advance(SampleRate::STANDARD.frames(moment));
        moment
    }
}
