//! The signs of life of a stream, written from audio callbacks and read from anywhere.
//!
//! Atomics alone, so that an error callback that is called 50,000 times a second costs next to nothing.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How long there may be errors, none fatal by itself, and no frame between them: ALSA repeats one for ever when its
/// server is gone, but also for some milliseconds when a stream starts on a busy machine.
const ERRORS_ALONE: Duration = Duration::from_millis(300);

/// What is being done on the way to a running stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Reaching = 0,
    Building = 1,
    Starting = 2,
    Running = 3,
}

/// What is known of a stream.
#[derive(Debug)]
pub(super) struct Signs {
    born: Instant,
    stage: AtomicU8,
    callbacks: AtomicU64,
    last_callback_us: AtomicU64,
    frames: AtomicU64,
    overruns: AtomicU64,
    reroutes: AtomicU64,
    first_error_us: AtomicU64,
    last_error_us: AtomicU64,
    fatal: AtomicU8,
}

impl Signs {
    pub(super) fn new() -> Signs {
        Signs {
            born: Instant::now(),
            stage: AtomicU8::new(0),
            callbacks: AtomicU64::new(0),
            last_callback_us: AtomicU64::new(0),
            frames: AtomicU64::new(0),
            overruns: AtomicU64::new(0),
            reroutes: AtomicU64::new(0),
            first_error_us: AtomicU64::new(0),
            last_error_us: AtomicU64::new(0),
            fatal: AtomicU8::new(0),
        }
    }

    /// When the stream was asked for.
    pub(super) fn born(&self) -> Instant {
        self.born
    }

    pub(super) fn enter(&self, stage: Stage) {
        self.stage.store(stage as u8, Ordering::Release);
    }

    pub(super) fn stage(&self) -> Stage {
        match self.stage.load(Ordering::Acquire) {
            0 => Stage::Reaching,
            1 => Stage::Building,
            2 => Stage::Starting,
            _ => Stage::Running,
        }
    }

    /// Microseconds since the stream was asked for.
    pub(super) fn now_us(&self) -> u64 {
        self.born.elapsed().as_micros() as u64
    }

    /// Notes a call of the data callback; returns when that is.
    pub(super) fn called(&self) -> u64 {
        let now = self.now_us();
        self.last_callback_us.store(now, Ordering::Release);
        self.callbacks.fetch_add(1, Ordering::AcqRel);
        now
    }

    /// Notes frames that came with the call noted last.
    pub(super) fn came(&self, frames: u64) {
        self.frames.fetch_add(frames, Ordering::Release);
    }

    /// How many frames have come.
    pub(super) fn frames(&self) -> u64 {
        self.frames.load(Ordering::Acquire)
    }

    /// Notes a call of the error callback.
    pub(super) fn failed(&self, kind: cpal::ErrorKind) {
        match kind {
            cpal::ErrorKind::Xrun => _ = self.overruns.fetch_add(1, Ordering::AcqRel),
            cpal::ErrorKind::DeviceChanged => _ = self.reroutes.fetch_add(1, Ordering::AcqRel),
            cpal::ErrorKind::RealtimeDenied => {}
            kind => {
                let code = match kind {
                    cpal::ErrorKind::DeviceNotAvailable => 1,
                    cpal::ErrorKind::StreamInvalidated => 2,
                    cpal::ErrorKind::HostUnavailable => 3,
                    cpal::ErrorKind::PermissionDenied => 4,
                    _ => 0,
                };
                self.fatal.fetch_max(code, Ordering::AcqRel);
                // The first since the data callback was called.
                let now = self.now_us().max(1);
                let first = self.first_error_us.load(Ordering::Acquire);
                if first == 0 || first < self.last_callback_us.load(Ordering::Acquire) {
                    self.first_error_us.store(now, Ordering::Release);
                }
                self.last_error_us.store(now, Ordering::Release);
            }
        }
    }

    pub(super) fn flows(&self) -> bool {
        self.callbacks() > 0
    }

    pub(super) fn overruns(&self) -> u64 {
        self.overruns.load(Ordering::Acquire)
    }

    pub(super) fn reroutes(&self) -> u64 {
        self.reroutes.load(Ordering::Acquire)
    }

    /// How often the data callback was called.
    pub(super) fn callbacks(&self) -> u64 {
        self.callbacks.load(Ordering::Acquire)
    }

    /// Whether errors have come for long, and no frame between them.
    fn errors_alone(&self) -> bool {
        let first = self.first_error_us.load(Ordering::Acquire);
        let last = self.last_error_us.load(Ordering::Acquire);
        let frames_since = self.last_callback_us.load(Ordering::Acquire) > first;
        first > 0 && !frames_since && Duration::from_micros(last.saturating_sub(first)) >= ERRORS_ALONE
    }

    /// Why the stream is dead, if errors say so.
    pub(super) fn death(&self) -> Option<&'static str> {
        match self.fatal.load(Ordering::Acquire) {
            1 => Some("the device is gone"),
            2 => Some("the sound service ended the stream"),
            3 => Some("the sound service is gone"),
            4 => Some("the permission was taken away"),
            _ => self.errors_alone().then_some("the sound service is gone"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_alone_for_long_are_a_death_and_errors_between_frames_are_not() {
        let (alone, between) = (Signs::new(), Signs::new());
        alone.failed(cpal::ErrorKind::BackendError);
        assert_eq!(alone.death(), None, "one odd error is no death");
        let deadline = Instant::now() + 2 * ERRORS_ALONE;
        while Instant::now() < deadline {
            alone.failed(cpal::ErrorKind::BackendError);
            between.failed(cpal::ErrorKind::BackendError);
            between.called();
        }
        assert!(alone.death().is_some());
        assert_eq!(between.death(), None);
    }

    #[test]
    fn an_overrun_is_counted_and_kills_nothing() {
        let signs = Signs::new();
        (0..1_000).for_each(|_| signs.failed(cpal::ErrorKind::Xrun));
        assert_eq!((signs.overruns(), signs.death()), (1_000, None));
    }

    #[test]
    fn an_invalidated_stream_is_dead_at_once() {
        let signs = Signs::new();
        signs.failed(cpal::ErrorKind::StreamInvalidated);
        assert!(signs.death().is_some());
    }
}
