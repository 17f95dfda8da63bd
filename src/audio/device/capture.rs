//! A real microphone behind the door [`Capture`].
//!
//! Joins the frames of the stream with the news of its supervisor; knows neither cpal nor any server.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::time::{Duration, Instant};

use super::DeviceOptions;
use super::error::AudioError;
use super::follow::Follow;
use super::gate::Gate;
use super::hosts;
use super::hush::{Hush, Zeros};
use super::input::{self, Input};
use super::lapse::Lapses;
use super::reservoir::{Outlet, Taken};
use super::supervisor::{Event, Supervisor};
use super::watch::Watch;
use crate::interview::{Frames, SampleRate};
use crate::ports::{Capture, Heard};

/// How often an empty reservoir is looked at: blocks come every tenth of a second.
const TICK: Duration = Duration::from_millis(10);
/// How long the end of the work waits for the stream to close.
const CLOSING: Duration = Duration::from_millis(1_500);

/// What to do about a microphone that delivers zeros.
#[cfg(target_os = "macos")]
const ZEROS: &str =
    "allow your terminal in System Settings > Privacy & Security > Microphone, or unmute the microphone";
#[cfg(not(target_os = "macos"))]
const ZEROS: &str = "look for a mute switch on it, unmute it in the sound settings, or choose another with `--input`";

struct DeviceCapture {
    rate: SampleRate,
    name: String,
    stream: Option<(Outlet, Arc<Gate>, Lapses)>,
    /// When the stream before this one ended, as long as it is not known when this one began.
    since: Option<Instant>,
    /// Silence that comes before any frame of the stream.
    owed: u64,
    /// The take is about to be closed.
    ending: bool,
    /// How many frames were lost since the last sound.
    missing: u64,
    /// Some of them while the program was suspended.
    suspended: bool,
    follow: Option<Follow>,
    scratch: Vec<i16>,
    zeros: Zeros,
    notices: VecDeque<String>,
    events: Receiver<Event>,
    /// A loss or a return that waits until the frames before it are taken.
    next: Option<Event>,
    /// The stream is opened again after the program was suspended.
    reopens: bool,
    stop: Option<Sender<()>>,
    stopped: Receiver<()>,
}

/// Opens a microphone and returns once its frames flow; 5 s at most.
///
/// # Errors
/// Why there is no sound from it, and what to do about it.
pub fn open_capture(options: &DeviceOptions) -> Result<Box<dyn Capture>, AudioError> {
    let mut line = input::open(options, SampleRate::STANDARD, Arc::new(()));
    let input = line.wait()?;
    let rate = input.rate;
    let ask = hosts::may_have_server(options.host.as_deref());
    let (tell, events) = channel();
    let (stop, stops) = channel();
    let (tell_stopped, stopped) = channel::<()>();
    let watch = Watch::start(ask);
    let supervisor = Supervisor { options: options.clone(), rate, events: tell, stop: stops, watch };
    supervisor.start(line, &input, tell_stopped);
    let Input { name, outlet, gate, lapses, .. } = input;
    Ok(Box::new(DeviceCapture {
        rate,
        name,
        stream: Some((outlet, gate, lapses)),
        since: None,
        owed: 0,
        ending: false,
        missing: 0,
        suspended: false,
        follow: None,
        scratch: Vec::new(),
        zeros: Zeros::new(rate),
        notices: VecDeque::new(),
        events,
        next: None,
        reopens: false,
        stop: Some(stop),
        stopped,
    }))
}

impl DeviceCapture {
    /// Appends frames that are there, all of one kind.
    fn take(&mut self, block: &mut Vec<i16>, most: usize) -> Taken {
        let Some((outlet, gate, lapses)) = &mut self.stream else { return Taken::Sound(0) };
        // A stream that was given up gets no more frames, so what it lost at its end can be told.
        let over = self.next.is_some();
        let hurried = self.ending.then(Instant::now);
        if let Some(since) = self.since {
            let Some(began) = lapses.began(over, hurried) else { return Taken::Sound(0) };
            self.since = None;
            self.owed += self.rate.frames(began.saturating_duration_since(since)).0;
        }
        if self.owed > 0 {
            let silence = self.owed.min(most as u64);
            self.owed -= silence;
            block.resize(block.len() + silence as usize, 0);
            return Taken::Silence(silence as usize);
        }
        let position = outlet.position();
        if let Some(now) = hurried {
            lapses.decide(now);
        }
        let sure = lapses.lets_through(position);
        let sure = if over && !lapses.has_found() { lapses.all() } else { sure };
        let open = gate.lets_through(Instant::now()).min(sure).saturating_sub(position);
        let from_stream = most.min(usize::try_from(open).unwrap_or(usize::MAX));
        let mut from_outlet = |block: &mut Vec<i16>| {
            let silence = lapses.take(position, most);
            if silence > 0 {
                block.resize(block.len() + silence, 0);
                return Taken::Silence(silence);
            }
            match outlet.take(block, from_stream) {
                Taken::Sound(0) if over => Taken::Silence(outlet.take_end(block, from_stream) as usize),
                taken => taken,
            }
        };
        let Some(follow) = &mut self.follow else { return from_outlet(block) };
        self.scratch.clear();
        match from_outlet(&mut self.scratch) {
            Taken::Sound(frames) if frames > 0 => follow.add(&self.scratch),
            Taken::Silence(frames) if frames > 0 => follow.lose(frames as u64),
            _ if over => follow.end_run(),
            _ => {}
        }
        follow.take(block, most)
    }

    fn take_in(&mut self, event: Event) {
        match event {
            Event::Notice(text) => self.notices.push_back(text),
            Event::Reopens => self.reopens = true,
            other => {
                self.reopens = false;
                self.next = Some(other);
            }
        }
    }

    /// Performs a loss or a return whose turn has come.
    fn turn(&mut self) -> Option<Heard> {
        match self.next.take()? {
            Event::Notice(text) => Some(Heard::Notice(text)),
            Event::Reopens => None,
            Event::Lost(reason) => {
                (self.stream, self.follow, self.since) = (None, None, None);
                Some(Heard::Lost(reason))
            }
            Event::Back(input) => {
                self.put_in(*input);
                Some(Heard::Back(self.name.clone()))
            }
            Event::Resumed(input) => {
                let ended = self.stream.as_mut().and_then(|(_, _, lapses)| lapses.ended());
                // What began and ended without a frame is a part of the silence.
                let since = ended.or(self.since);
                self.put_in(*input);
                (self.since, self.suspended) = (since, true);
                None
            }
        }
    }

    /// Reads from this stream from now on.
    fn put_in(&mut self, input: Input) {
        let Input { name, rate, outlet, gate, lapses, .. } = input;
        self.follow = if rate == self.rate { None } else { Follow::new(rate, self.rate) };
        self.stream = Some((outlet, gate, lapses));
        self.since = None;
        self.zeros = Zeros::new(self.rate);
        self.name = name;
    }

    /// Tells of a loss that is over.
    fn tell_of_loss(&mut self) {
        let missing = std::mem::take(&mut self.missing);
        if missing > 0 {
            let (ms, name) = (self.rate.duration(Frames(missing)).as_millis(), &self.name);
            let why = if std::mem::take(&mut self.suspended) {
                "The program was suspended meanwhile"
            } else {
                "Close programs that keep the machine busy"
            };
            self.notices.push_back(format!(
                "{ms} ms of sound from {name} were lost on the way; silence stands in their place. {why}"
            ));
        }
    }

    fn listen_for_silence(&mut self, frames: &[i16]) {
        let name = &self.name;
        match self.zeros.add(frames) {
            Some(Hush::Always) => {
                self.notices.push_back(format!("the microphone {name} delivers only digital silence: {ZEROS}"));
            }
            Some(Hush::Now) => {
                self.notices.push_back(format!("the microphone {name} now delivers only digital silence: {ZEROS}"));
            }
            None => {}
        }
    }
}

impl Capture for DeviceCapture {
    fn rate(&self) -> SampleRate {
        self.rate
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn take_ends(&mut self) {
        self.ending = true;
    }

    fn is_behind(&mut self) -> bool {
        let Some((outlet, gate, lapses)) = &mut self.stream else { return false };
        // What the gate keeps may be no word of the candidate's: nobody waits for it.
        let came = gate.lets_through(Instant::now()).min(lapses.all());
        self.next.is_some()
            || self.reopens
            || self.since.is_some()
            || self.owed > 0
            || came > outlet.position()
            || lapses.has_found()
            || self.follow.as_ref().is_some_and(Follow::is_ready)
    }

    fn take_closes(&mut self) {
        self.ending = false;
    }

    fn read(&mut self, block: &mut Vec<i16>, most: usize, patience: Duration) -> Heard {
        let began = Instant::now();
        let mut over = false;
        loop {
            while self.next.is_none() && !over {
                match self.events.try_recv() {
                    Ok(event) => self.take_in(event),
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => over = true,
                }
            }
            if let Some(notice) = self.notices.pop_front() {
                return Heard::Notice(notice);
            }
            let from = block.len();
            let taken = self.take(block, most);
            if taken.frames() > 0 {
                match taken {
                    Taken::Sound(_) => {
                        self.tell_of_loss();
                        self.listen_for_silence(&block[from..]);
                    }
                    Taken::Silence(frames) => self.missing += frames as u64,
                }
                return Heard::Frames { dropped: taken.dropped() };
            }
            if self.next.is_some() {
                match self.turn() {
                    Some(heard) => return heard,
                    None => continue,
                }
            }
            if over {
                return Heard::Ended(format!("the microphone {} cannot be looked after any more", self.name));
            }
            let left = patience.saturating_sub(began.elapsed());
            if left.is_zero() {
                return Heard::Nothing;
            }
            match self.events.recv_timeout(left.min(TICK)) {
                Ok(event) => self.take_in(event),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => over = true,
            }
        }
    }
}

impl Drop for DeviceCapture {
    fn drop(&mut self) {
        drop(self.stop.take());
        let _ = self.stopped.recv_timeout(CLOSING);
    }
}

#[cfg(test)]
#[path = "capture_tests.rs"]
mod tests;
