//! Keeps a session's microphone alive: notices that the stream died, stands still or records something else, lets go
//! of it and of all that belongs to it, and looks for the microphone again.
//!
//! Knows nothing of what the frames are for; tells what happened by [`Event`]s.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use super::DeviceOptions;
use super::gate::Gate;
use super::hosts;
use super::input::{self, Input};
use super::line::{Line, Progress};
use super::pulse::Sight;
use super::stall::{Naps, Stall};
use super::watch::{Seen, Watch};
use crate::interview::SampleRate;

/// How often the stream is looked at.
const TICK: Duration = Duration::from_millis(50);
/// How long no callback may come: twenty blocks, so that a busy machine that is late once loses no answer for it.
const STALL: Duration = Duration::from_secs(2);
/// How long after a failed attempt the next one is made.
const AGAIN: Duration = Duration::from_millis(500);
/// How long after attempts that hung the next one is made at most; each leaves a thread behind until it comes free.
const AGAIN_AFTER_HANGS: Duration = Duration::from_secs(10);
/// How long after its death a stream that died because the program was suspended may flow again as the same one.
const RESUMING: Duration = Duration::from_secs(2);
/// How many hung attempts are left behind before one of them has to come free.
const LEFT_BEHIND: usize = 16;
/// How long a stream may take to close before the next one is opened beside it.
const CLOSING: Duration = Duration::from_secs(1);

/// What happened to the microphone.
pub(super) enum Event {
    Notice(String),
    Lost(String),
    Back(Box<Input>),
    /// The stream died because the program was suspended, and is opened again: then it is resumed or lost.
    Reopens,
    /// The same microphone as before, after a moment in which nothing of it was recorded.
    Resumed(Box<Input>),
}

/// The care for one microphone.
pub(super) struct Supervisor {
    pub(super) options: DeviceOptions,
    pub(super) rate: SampleRate,
    pub(super) events: Sender<Event>,
    pub(super) stop: Receiver<()>,
    pub(super) watch: Watch,
}

/// A stream that runs.
struct Running {
    line: Line<Input>,
    gate: Arc<Gate>,
    name: String,
    /// The server's own name for its source, as far as it is known.
    source: Option<String>,
    since: Instant,
    sight: Option<Sight>,
    reroutes: u64,
    stall: Stall,
}

impl Running {
    /// The stream of `line` that brought `input`; `watch` guards it from now on.
    fn new(line: Line<Input>, input: &Input, watch: &Watch) -> Running {
        let (name, source, gate) = (input.name.clone(), input.source.clone(), Arc::clone(&input.gate));
        watch.guard(Some(Arc::clone(&gate)));
        let since = Instant::now();
        Running { line, gate, name, source, since, sight: None, reroutes: 0, stall: Stall::new(since) }
    }
}

/// Why a stream is to be given up.
enum Fault {
    /// It is dead.
    Died(&'static str),
    /// It is of no use.
    Useless(String),
}

/// A stream that died because the program was suspended.
struct Fallen {
    name: String,
    source: Option<String>,
    reason: &'static str,
}

impl Fallen {
    /// Whether this is the same microphone.
    fn is(&self, input: &Input) -> bool {
        match (&self.source, &input.source) {
            (Some(before), Some(now)) => before == now,
            _ => self.name == input.name,
        }
    }
}

enum State {
    Runs(Running),
    /// It is opened again since `asked`.
    Resumes {
        line: Line<Input>,
        fallen: Fallen,
        asked: Instant,
    },
    Waits {
        until: Instant,
        hangs: u32,
    },
    Tries {
        line: Line<Input>,
        hangs: u32,
    },
}

impl Supervisor {
    /// Begins to work; `line` is the stream that runs and brought `input`. The work ends when it is told to stop, and
    /// `over` is dropped then.
    pub(super) fn start(self, line: Line<Input>, input: &Input, over: Sender<()>) {
        let running = Running::new(line, input, &self.watch);
        std::thread::spawn(move || {
            self.run(running);
            drop(over);
        });
    }

    fn run(self, running: Running) {
        let alive = Arc::new(());
        let mut left_behind = 0;
        let mut state = State::Runs(running);
        let mut naps = Naps::new(Instant::now());
        while self.stop.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
            naps.look(Instant::now());
            let news: Vec<Seen> = self.watch.news().collect();
            state = match state {
                State::Runs(mut running) => {
                    let fault = self.examine(&mut running, news);
                    // After the look at the stream: its death may be known before the nap is that it died of.
                    let now = Instant::now();
                    naps.look(now);
                    match fault {
                        None => State::Runs(running),
                        Some(fault) => {
                            running.gate.seal(now);
                            self.watch.guard(None);
                            let state = self.give_up(running, fault, naps.are_felt(now), &alive);
                            naps.worked(Instant::now());
                            state
                        }
                    }
                }
                State::Resumes { line, fallen, asked } => self.resume(line, fallen, asked, &naps, &alive),
                State::Waits { until, hangs } => {
                    let hanging = Arc::strong_count(&alive) - 1;
                    let came_free = hangs > 0 && hanging < left_behind;
                    left_behind = hanging;
                    if (Instant::now() >= until || came_free) && hanging < LEFT_BEHIND {
                        State::Tries { line: input::open(&self.options, self.rate, Arc::clone(&alive)), hangs }
                    } else {
                        State::Waits { until, hangs }
                    }
                }
                State::Tries { mut line, hangs } => match line.progress() {
                    Progress::Pending => State::Tries { line, hangs },
                    Progress::Flows(input) => {
                        let running = Running::new(line, &input, &self.watch);
                        let _ = self.events.send(Event::Back(Box::new(input)));
                        State::Runs(running)
                    }
                    Progress::Failed(error) => {
                        let hung = matches!(error, super::AudioError::Hung { .. });
                        let hangs = if hung { hangs + 1 } else { 0 };
                        let pause = (AGAIN * 2u32.saturating_pow(hangs.min(8))).min(AGAIN_AFTER_HANGS);
                        let until = Instant::now() + if hung { pause } else { AGAIN };
                        drop(line);
                        left_behind = Arc::strong_count(&alive) - 1;
                        State::Waits { until, hangs }
                    }
                },
            };
        }
        if let State::Runs(running) = state {
            running.line.close(CLOSING);
        }
    }

    /// Closes a stream, and opens it again at once if it may have died of a nap.
    fn give_up(&self, running: Running, fault: Fault, after_nap: bool, alive: &Arc<()>) -> State {
        let Running { line, name, source, .. } = running;
        let reason = match fault {
            Fault::Died(reason) if after_nap => {
                let _ = self.events.send(Event::Reopens);
                line.close(CLOSING);
                return self.open_again(Fallen { name, source, reason }, alive);
            }
            Fault::Died(reason) => reason.to_owned(),
            Fault::Useless(reason) => reason,
        };
        let state = self.lose(&name, &reason);
        line.close(CLOSING);
        state
    }

    /// Opens a stream again that died because the program was suspended.
    fn open_again(&self, fallen: Fallen, alive: &Arc<()>) -> State {
        let line = input::open(&self.options, self.rate, Arc::clone(alive));
        State::Resumes { line, fallen, asked: Instant::now() }
    }

    /// Tells that the microphone is lost.
    fn lose(&self, name: &str, reason: &str) -> State {
        let _ = self.events.send(Event::Lost(format!("the microphone {name}: {reason}")));
        State::Waits { until: Instant::now(), hangs: 0 }
    }

    /// Goes on with a stream that is opened again, once it flows.
    fn resume(&self, mut line: Line<Input>, fallen: Fallen, asked: Instant, naps: &Naps, alive: &Arc<()>) -> State {
        match line.progress() {
            Progress::Flows(input) => {
                let running = Running::new(line, &input, &self.watch);
                let input = Box::new(input);
                if fallen.is(&input) {
                    let _ = self.events.send(Event::Resumed(input));
                } else {
                    self.lose(&fallen.name, fallen.reason);
                    let _ = self.events.send(Event::Back(input));
                }
                State::Runs(running)
            }
            // Another nap kept it from being opened.
            Progress::Failed(_) if naps.ended_after(asked) => {
                drop(line);
                self.open_again(fallen, alive)
            }
            // Whoever was suspended meanwhile did not wait.
            Progress::Pending if asked.elapsed() < RESUMING || naps.ended_after(asked + RESUMING) => {
                State::Resumes { line, fallen, asked }
            }
            Progress::Pending | Progress::Failed(_) => self.lose(&fallen.name, fallen.reason),
        }
    }

    /// Why the stream is to be given up, if it is.
    fn examine(&self, running: &mut Running, news: Vec<Seen>) -> Option<Fault> {
        let signs = Arc::clone(&running.line.signs);
        for seen in news {
            // A look that began before this stream may have seen the one before it.
            if seen.at > running.since
                && let Some(sight) = seen.sight
            {
                if let Some(reason) = self.judge(running, sight) {
                    return Some(Fault::Useless(reason));
                }
                running.gate.vouch(seen.at);
            }
        }
        if signs.reroutes() > running.reroutes {
            running.reroutes = signs.reroutes();
            self.notice(format!("the system now records from another device than {}", running.name));
        }
        if let Some(death) = signs.death() {
            return Some(Fault::Died(death));
        }
        if running.stall.look(Instant::now(), signs.callbacks()) >= STALL {
            let suspended = running.sight.as_ref().is_some_and(|sight| sight.source.suspended);
            let reason =
                if suspended { "it was suspended by the sound service" } else { "it stopped delivering sound" };
            return Some(Fault::Useless(reason.to_owned()));
        }
        None
    }

    /// Takes in which source is recorded; says why the stream is to be given up, if it is.
    fn judge(&self, running: &mut Running, sight: Sight) -> Option<String> {
        let source = &sight.source;
        if source.monitor && !hosts::asked_for(&self.options, &sight) {
            return Some(format!(
                "it is gone, and the system put {} in its place, which is no microphone",
                source.name
            ));
        }
        let before = running.sight.as_ref();
        if before.is_some_and(|before| before.source.id != source.id) {
            self.notice(format!("the microphone {} is gone: recording goes on from {}", running.name, source.name));
            running.name.clone_from(&source.name);
        }
        let muted = |sight: &Sight| sight.stream_muted || sight.source.muted;
        if muted(&sight) && !before.is_some_and(muted) {
            self.notice(format!("the microphone {} is muted: unmute it in the sound settings", source.name));
        }
        running.source = Some(source.id.clone());
        running.sight = Some(sight);
        None
    }

    fn notice(&self, text: String) {
        let _ = self.events.send(Event::Notice(text));
    }
}
