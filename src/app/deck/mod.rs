//! Plays a recording as somebody who listens to it again and again wants it: from any place on, slower or faster at the
//! same pitch, without its silences, a part of it over and over.
//!
//! Holds no whole recording: what is heard next is read and made as it is needed, some hundred milliseconds ahead.
//! Knows nothing of keys, of screens and of what the recording is.

mod recording;
mod route;
mod silences;
mod stream;

use std::ops::Range;
use std::thread;
use std::time::{Duration, Instant};

pub use recording::Recording;
use route::Route;
use stream::Stream;

use crate::audio::pace::Pace;
use crate::audio::wav::WavError;
use crate::interview::{Frames, SampleRate};
use crate::ports::{Playback, Playing};

/// How much is fed ahead of what is heard: whoever calls may be held up for so long.
const AHEAD: Duration = Duration::from_millis(500);

/// How much is made at once at most, so that a key is not waited for.
const AT_ONCE: Duration = Duration::from_millis(200);

/// The slowest and the fastest that speech is understood at.
const SPEEDS: (f64, f64) = (0.5, 3.0);

/// How often a speaker is tried that gives no sound.
const ATTEMPTS: u32 = 2;

/// The longest time that passes between two looks: a program that was suspended does not catch up.
const LONGEST_LOOK: Duration = Duration::from_secs(1);

/// Where the playing stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It sounds.
    Playing,
    /// It was paused, or has not been begun.
    Paused,
    /// It has been heard to its end.
    Over,
    /// Nothing is heard any more, for this reason; it can be played on from where it stands.
    Failed(String),
}

/// Plays one recording at a time.
pub struct Deck {
    playback: Box<dyn Playback>,
    pace: Pace,
    speed: f64,
    recording: Option<Recording>,
    /// What is silent, in seconds; empty where nothing is left out.
    silences: Vec<(f64, f64)>,
    looped: Option<(Duration, Duration)>,
    state: State,
    /// Where it stands while there is no stream, in seconds.
    at: f64,
    stream: Option<Stream>,
    attempts: u32,
    looked: Instant,
}

impl Deck {
    /// A deck without a recording, at `speed` times the pace.
    pub fn new(playback: Box<dyn Playback>, pace: Pace, speed: f64) -> Deck {
        Deck {
            playback,
            pace,
            speed: within(speed),
            recording: None,
            silences: Vec::new(),
            looped: None,
            state: State::Paused,
            at: 0.0,
            stream: None,
            attempts: 0,
            looked: Instant::now(),
        }
    }

    /// Puts a recording in the place of any other: paused, at its beginning, with nothing left out and no loop. The
    /// speed stays.
    pub fn load(&mut self, recording: Recording) {
        self.halt();
        self.recording = Some(recording);
        (self.silences, self.looped, self.at) = (Vec::new(), None, 0.0);
        self.state = State::Paused;
    }

    /// Plays from where it stands; what was heard to its end is played from its beginning.
    pub fn play(&mut self) {
        match self.state {
            State::Playing => return,
            State::Over => self.at = self.looped.map_or(0.0, |(begin, _)| begin.as_secs_f64()),
            State::Paused | State::Failed(_) => {}
        }
        self.attempts = 0;
        self.start(self.at);
    }

    /// Stops the sound and stays where it is; what has failed is paused then. What is over stays so.
    pub fn pause(&mut self) {
        match self.state {
            State::Playing => {
                self.at = self.place_taken();
                self.halt();
                self.state = State::Paused;
            }
            State::Failed(_) => self.state = State::Paused,
            State::Paused | State::Over => {}
        }
    }

    /// Pauses what sounds, and plays what does not.
    pub fn toggle(&mut self) {
        match self.state {
            State::Playing => self.pause(),
            State::Paused | State::Over | State::Failed(_) => self.play(),
        }
    }

    /// Whether somebody has yet to have it played.
    pub fn is_paused(&self) -> bool {
        matches!(self.state, State::Paused | State::Failed(_))
    }

    /// Whether it has been heard to its end.
    pub fn is_over(&self) -> bool {
        self.state == State::Over
    }

    /// Goes to a place, and plays on from there if it was playing or was over.
    ///
    /// Who goes back into a silence that is left out comes out before it, or they could never get back past it.
    pub fn seek(&mut self, to: Duration) {
        let to = to.as_secs_f64().min(self.seconds());
        let back = to < self.place_heard();
        let cuts = silences::cuts(&self.silences);
        let to = if back { silences::before(to, &cuts) } else { to };
        match self.state {
            State::Playing | State::Over => self.start(to),
            State::Paused | State::Failed(_) => self.at = to,
        }
    }

    /// Plays on at another speed, from 0.5 to 3; the pitch stays.
    pub fn set_speed(&mut self, speed: f64) {
        let speed = within(speed);
        if speed != self.speed {
            // Where it stands is told by the old speed.
            let at = self.place_taken();
            self.speed = speed;
            self.again(at);
        }
    }

    /// At how many times its pace it is played.
    pub fn speed(&self) -> f64 {
        self.speed
    }

    /// Leaves out these silences, in seconds of the recording, all but a breath of each; with none, nothing.
    pub fn skip(&mut self, silences: Option<Vec<(f64, f64)>>) {
        let at = self.place_taken();
        self.silences = silences.unwrap_or_default();
        self.again(at);
    }

    /// Plays from the first place to the second, again and again; with none, no more. Who is behind it goes to its
    /// beginning; who is before it plays into it, and who goes behind it later has left it until they come back.
    ///
    /// A loop as short as a click is none.
    pub fn set_loop(&mut self, between: Option<(Duration, Duration)>) {
        let mut at = self.place_taken();
        let most = Duration::from_secs_f64(self.seconds());
        let between = between.map(|(one, other)| (one.min(other).min(most), one.max(other).min(most)));
        self.looped = between.filter(|(begin, end)| *end - *begin >= SHORTEST_LOOP);
        if let Some((begin, end)) = self.looped
            && at >= end.as_secs_f64()
        {
            at = begin.as_secs_f64();
        }
        self.again(at);
    }

    /// Where in the recording is what is heard now.
    pub fn position(&mut self) -> Duration {
        Duration::from_secs_f64(self.place_heard().clamp(0.0, self.seconds()))
    }

    /// How long the recording is; zero without one.
    pub fn length(&self) -> Duration {
        Duration::from_secs_f64(self.seconds())
    }

    /// Lets `patience` pass and keeps the speaker fed. Where time does not pass by itself, as much passes as was fed, at
    /// once.
    pub fn pass(&mut self, patience: Duration) -> State {
        if self.pace == Pace::RealTime || self.state != State::Playing {
            thread::sleep(patience);
        }
        self.look()
    }

    /// Keeps the speaker fed, without waiting: to be called every 20 ms or so, and 300 ms at the latest.
    pub fn look(&mut self) -> State {
        let rate = SampleRate(self.stream.as_ref().map_or(SampleRate::STANDARD.0, Stream::rate));
        self.feed();
        match self.pace {
            Pace::Fast => {
                let left = self.playback.remaining().unwrap_or_default();
                self.playback.advance(left);
            }
            Pace::RealTime => self.let_pass(rate),
        }
        if self.state == State::Playing {
            match self.playback.state() {
                Playing::Failed(reason) => self.failed(reason),
                Playing::Idle if self.stream.as_ref().is_none_or(Stream::is_whole) => self.over(),
                Playing::Idle | Playing::Sounding => self.feed(),
            }
        }
        self.state.clone()
    }

    /// Ends the work: what is written to a file is complete afterwards.
    ///
    /// # Errors
    /// A sentence that says what could not be completed.
    pub fn finish(&mut self) -> Result<(), String> {
        self.pause();
        self.playback.finish()
    }

    /// Lets a speaker without a clock play as far as the time has come.
    fn let_pass(&mut self, rate: SampleRate) {
        let passed = self.looked.elapsed();
        if passed > LONGEST_LOOK {
            self.looked += passed - LONGEST_LOOK;
        }
        let mut left = rate.frames(passed.min(LONGEST_LOOK)).0;
        // What is not a whole frame passes the next time.
        self.looked += rate.duration(Frames(left));
        while left > 0 {
            let fed = self.playback.remaining().map_or(u64::MAX, |frames| frames.0);
            let step = left.min(fed);
            self.playback.advance(Frames(step));
            left -= step;
            if left > 0 {
                self.feed();
            }
        }
    }

    fn feed(&mut self) {
        let (Some(stream), Some(recording)) = (&mut self.stream, &mut self.recording) else { return };
        let rate = SampleRate(stream.rate());
        let (ahead, most) = (rate.frames(AHEAD).0, rate.frames(AT_ONCE).0);
        if let Err(error) = stream.feed(recording, self.playback.as_mut(), ahead, most) {
            self.stopped(unreadable(&error));
        }
    }

    /// Begins a stream at a place.
    fn start(&mut self, at: f64) {
        if self.pace == Pace::RealTime {
            // What passed until now was not a part of the new stream.
            self.let_pass(SampleRate::STANDARD);
        }
        self.at = at;
        self.stream = None;
        let Some(recording) = &self.recording else { return };
        match self.playback.begin() {
            Ok(rate) => {
                let frame = |seconds: f64| (seconds * f64::from(rate.0)).round() as u64;
                let range = |(from, to): (f64, f64)| Range { start: frame(from), end: frame(to) };
                let cuts = silences::cuts(&self.silences).into_iter().map(|cut| range((cut.start, cut.end))).collect();
                let looped = self.looped.map(|(begin, end)| range((begin.as_secs_f64(), end.as_secs_f64())));
                let end = recording.frames(rate.0);
                let route = Route::new(frame(at).min(end), cuts, looped, end, rate.0);
                self.stream = Some(Stream::new(route, rate.0, self.speed));
                self.state = State::Playing;
                self.feed();
            }
            Err(reason) => self.stopped(reason),
        }
    }

    /// Goes on at a place with what has been changed.
    fn again(&mut self, at: f64) {
        self.at = at;
        if self.state == State::Playing {
            self.start(at);
        }
    }

    fn over(&mut self) {
        self.halt();
        self.at = self.seconds();
        self.state = State::Over;
    }

    /// The speaker gives up: it is tried again, and then it is told.
    fn failed(&mut self, reason: String) {
        let heard = self.playback.taken().0 > 0;
        self.attempts = if heard { 1 } else { self.attempts + 1 };
        let at = self.place_taken();
        if self.attempts > ATTEMPTS {
            self.at = at;
            self.stopped(reason);
        } else {
            self.start(at);
        }
    }

    fn stopped(&mut self, reason: String) {
        self.at = self.place_taken();
        self.halt();
        self.state = State::Failed(reason);
    }

    fn halt(&mut self) {
        self.playback.stop();
        self.stream = None;
    }

    /// What the speaker has taken, where it will have been heard in a moment.
    fn place_taken(&mut self) -> f64 {
        let taken = self.playback.taken().0;
        self.place(taken)
    }

    fn place_heard(&mut self) -> f64 {
        let heard = self.playback.heard().0;
        self.place(heard)
    }

    fn place(&self, frames: u64) -> f64 {
        self.stream.as_ref().map_or(self.at, |stream| stream.place(frames) / f64::from(stream.rate()))
    }

    fn seconds(&self) -> f64 {
        self.recording.as_ref().map_or(0.0, Recording::seconds)
    }
}

/// The shortest stretch that is played again and again.
const SHORTEST_LOOP: Duration = Duration::from_millis(50);

fn within(speed: f64) -> f64 {
    if speed.is_nan() { 1.0 } else { speed.clamp(SPEEDS.0, SPEEDS.1) }
}

fn unreadable(error: &WavError) -> String {
    format!("the recording cannot be read any more: {error}; see that its disk is there, and play on")
}

#[cfg(test)]
#[path = "deck_tests.rs"]
mod tests;
