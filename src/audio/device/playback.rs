//! A real speaker behind the door [`Playback`].
//!
//! The stream stays open between clips; one that died is opened again for the next clip. Neither knows cpal nor waits:
//! a thread of its own does what takes time.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rtrb::{Consumer, Producer, RingBuffer};

use super::DeviceOptions;
use super::error::AudioError;
use super::line::Line;
use super::output::{self, Output};
use super::player::{Cue, Feed, Sound, Stand};
use super::stall::Stall;
use crate::audio::resample::resample;
use crate::interview::{Frames, SampleRate};
use crate::ports::{Clip, Playback, Playing};

/// How often the stream is looked at.
const TICK: Duration = Duration::from_millis(100);
/// How long no callback may come while a clip sounds.
const STALL: Duration = Duration::from_secs(2);
/// How long after a clip was given it has to sound: the time to open a stream, and some more.
const BEGINNING: Duration = Duration::from_secs(8);
/// How long a stream may take to close before the next one is opened beside it.
const CLOSING: Duration = Duration::from_secs(1);

struct Order {
    what: What,
    number: u64,
}

enum What {
    Clip(Arc<Clip>),
    /// The end of a ring from which frames come, and their rate.
    Stream(Consumer<i16>, SampleRate),
}

/// What the thread tells.
#[derive(Debug, Default)]
struct Told {
    name: String,
    /// The rate of the device when it was opened last.
    rate: Option<SampleRate>,
    /// The sound that failed, and why.
    failure: Option<(u64, String)>,
    /// The sound that was handed to the device last.
    begun: u64,
}

/// A speaker.
pub struct DevicePlayback {
    stand: Arc<Stand>,
    told: Arc<Mutex<Told>>,
    orders: Option<Sender<Order>>,
    stopped: Receiver<()>,
    number: u64,
    given: Instant,
    /// Where the stream is fed; none where a clip sounds, or the stream is whole.
    ring: Option<Producer<i16>>,
    /// How many frames of the stream were heard when somebody asked last: what is measured goes back a little at times.
    heard: u64,
}

/// Opens a speaker and returns once it plays silence; 5 s at most.
///
/// # Errors
/// Why nothing can be heard from it, and what to do about it.
pub fn open_playback(options: &DeviceOptions) -> Result<Box<dyn Playback>, AudioError> {
    Ok(Box::new(DevicePlayback::open(options)?))
}

impl DevicePlayback {
    /// As [`open_playback`] does.
    ///
    /// # Errors
    /// Why nothing can be heard from it, and what to do about it.
    pub fn open(options: &DeviceOptions) -> Result<DevicePlayback, AudioError> {
        let stand = Arc::new(Stand::new());
        let mut line = output::open(options, Arc::clone(&stand));
        let output = line.wait()?;
        let told = Told { name: output.name, rate: Some(output.rate), ..Told::default() };
        let told = Arc::new(Mutex::new(told));
        let (orders, taken) = channel();
        let (tell_stopped, stopped) = channel::<()>();
        let open = Some(Open::new(line, output.rate, output.feed));
        let desk =
            Desk { options: options.clone(), stand: Arc::clone(&stand), told: Arc::clone(&told), open, last: None };
        std::thread::spawn(move || {
            desk.run(taken);
            drop(tell_stopped);
        });
        let orders = Some(orders);
        Ok(DevicePlayback { stand, told, orders, stopped, number: 0, given: Instant::now(), ring: None, heard: 0 })
    }

    /// Has something played in the place of all else.
    fn order(&mut self, what: What) -> Result<(), String> {
        self.number += 1;
        self.given = Instant::now();
        self.heard = 0;
        self.stand.want(self.number);
        let order = Order { what, number: self.number };
        let sent = self.orders.as_ref().is_some_and(|orders| orders.send(order).is_ok());
        if sent { Ok(()) } else { Err(format!("the speaker {} cannot be used any more", self.name())) }
    }
}

impl Playback for DevicePlayback {
    fn name(&self) -> String {
        lock(&self.told).name.clone()
    }

    fn play(&mut self, clip: Arc<Clip>) -> Result<(), String> {
        self.ring = None;
        self.order(What::Clip(clip))
    }

    fn begin(&mut self) -> Result<SampleRate, String> {
        let rate = lock(&self.told).rate.unwrap_or(SampleRate::STANDARD);
        let (ring, end) = RingBuffer::new(rate.0 as usize);
        self.ring = None;
        self.order(What::Stream(end, rate))?;
        self.ring = Some(ring);
        Ok(rate)
    }

    fn feed(&mut self, frames: &[i16]) -> usize {
        let Some(ring) = &mut self.ring else { return 0 };
        let (pushed, _) = ring.push_partial_slice(frames);
        pushed.len()
    }

    fn end(&mut self) {
        self.ring = None;
    }

    fn heard(&mut self) -> Frames {
        self.heard = self.heard.max(self.stand.heard(self.number));
        Frames(self.heard)
    }

    fn taken(&mut self) -> Frames {
        Frames(self.stand.position(self.number))
    }

    fn stop(&mut self) {
        self.stand.want(0);
        self.ring = None;
    }

    fn state(&mut self) -> Playing {
        let number = self.stand.wanted();
        if number == 0 || self.stand.heard_out(number) {
            return Playing::Idle;
        }
        let told = lock(&self.told);
        match &told.failure {
            Some((failed, reason)) if *failed == number => Playing::Failed(reason.clone()),
            _ if told.begun != number && self.given.elapsed() >= BEGINNING => {
                Playing::Failed(format!("the speaker {} does not answer", told.name))
            }
            _ => Playing::Sounding,
        }
    }
}

impl Drop for DevicePlayback {
    fn drop(&mut self) {
        self.stand.want(0);
        drop(self.orders.take());
        let _ = self.stopped.recv_timeout(CLOSING + TICK);
    }
}

fn lock(told: &Mutex<Told>) -> std::sync::MutexGuard<'_, Told> {
    // A thread that panicked while it held the lock left whole values behind.
    told.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Open {
    line: Line<Output>,
    rate: SampleRate,
    feed: Feed,
    stall: Stall,
}

impl Open {
    fn new(line: Line<Output>, rate: SampleRate, feed: Feed) -> Open {
        Open { line, rate, feed, stall: Stall::new(Instant::now()) }
    }
}

/// The thread that opens streams and hands clips to them.
struct Desk {
    options: DeviceOptions,
    stand: Arc<Stand>,
    told: Arc<Mutex<Told>>,
    open: Option<Open>,
    /// The clip that was begun last and has not been begun again.
    last: Option<Last>,
}

/// A clip that was begun.
struct Last {
    clip: Arc<Clip>,
    number: u64,
}

impl Desk {
    fn run(mut self, orders: Receiver<Order>) {
        loop {
            match orders.recv_timeout(TICK) {
                Ok(order) => self.play(orders.try_iter().last().unwrap_or(order)),
                Err(RecvTimeoutError::Timeout) => self.look(),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        if let Some(open) = self.open.take() {
            open.line.close(CLOSING);
        }
    }

    /// Gives up a stream that died, and goes on with the clip on a new one, once.
    fn look(&mut self) {
        let Some(open) = &mut self.open else { return };
        open.feed.clear();
        let signs = &open.line.signs;
        let stands = open.stall.look(Instant::now(), signs.callbacks()) >= STALL;
        let reason = match signs.death() {
            Some(death) => death,
            None if stands => "it takes no more sound",
            None => return,
        };
        let wanted = self.stand.wanted();
        let from = open.rate.duration(Frames(self.stand.position(wanted)));
        let text = format!("the speaker {}: {reason}", lock(&self.told).name);
        // A stream goes on where whoever feeds it begins another: what is to be heard is known there.
        let unfinished = self.last.take_if(|last| last.number == wanted && !self.stand.handed_over(wanted));
        let resume = unfinished.filter(|_| !stands);
        if resume.is_none() {
            lock(&self.told).failure = Some((wanted, text.clone()));
        }
        if let Some(open) = self.open.take() {
            open.line.close(CLOSING);
        }
        if let Some(order) = resume
            && self.begin_clip(&order.clip, order.number, from).is_err()
        {
            lock(&self.told).failure = Some((wanted, text));
        }
    }

    fn play(&mut self, order: Order) {
        self.last = None;
        self.look();
        let number = order.number;
        let begun = match order.what {
            What::Clip(clip) => self.begin_clip(&clip, number, Duration::ZERO).map(|()| Some(Last { clip, number })),
            What::Stream(ring, rate) => self.begin_stream(ring, rate, number).map(|()| None),
        };
        match begun {
            Ok(last) => self.last = last,
            Err(reason) => lock(&self.told).failure = Some((number, reason)),
        }
    }

    /// Hands a clip to the device.
    fn begin_clip(&mut self, clip: &Clip, number: u64, from: Duration) -> Result<(), String> {
        let rate = self.rate()?;
        let samples = Arc::new(resample(&clip.samples, SampleRate(clip.rate), rate));
        let from = rate.frames(from).0 as usize;
        self.give(Cue { number, sound: Sound::Clip { samples, from } })
    }

    /// Hands a stream to the device.
    fn begin_stream(&mut self, ring: Consumer<i16>, rate: SampleRate, number: u64) -> Result<(), String> {
        let own = self.rate()?;
        if own != rate {
            let name = lock(&self.told).name.clone();
            return Err(format!("the speaker {name} plays at {own} now, not at {rate} any more: begin again"));
        }
        self.give(Cue { number, sound: Sound::Stream(ring) })
    }

    fn give(&mut self, cue: Cue) -> Result<(), String> {
        lock(&self.told).begun = cue.number;
        let given = self.open.as_mut().is_some_and(|open| open.feed.give(cue));
        if given { Ok(()) } else { Err("too many sounds wait for the speaker".to_owned()) }
    }

    /// The rate of the device, which is opened if it is not open.
    fn rate(&mut self) -> Result<SampleRate, String> {
        match &self.open {
            Some(open) => Ok(open.rate),
            None => self.reopen().map_err(|error| error.to_string()),
        }
    }

    fn reopen(&mut self) -> Result<SampleRate, AudioError> {
        let mut line = output::open(&self.options, Arc::clone(&self.stand));
        let output = line.wait()?;
        let rate = output.rate;
        {
            let mut told = lock(&self.told);
            (told.name, told.rate) = (output.name, Some(rate));
        }
        self.open = Some(Open::new(line, rate, output.feed));
        Ok(rate)
    }
}
