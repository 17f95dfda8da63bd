//! A thread for each stream: it opens the stream, owns it and closes it, so that a hang of the sound system costs that
//! thread and nothing else.
//!
//! Knows what a stream needs in order to be watched, and nothing of what its frames are for.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::time::{Duration, Instant};

use super::error::AudioError;
use super::signs::{Signs, Stage};

/// How long it may take from asking for a stream to its first frame.
const OPENING: Duration = Duration::from_secs(5);
/// How long it may take from starting a stream to its first frame.
const FIRST_FRAME: Duration = Duration::from_secs(3);
/// How often an opening line is looked at.
const TICK: Duration = Duration::from_millis(5);

/// A stream that is being opened, runs, or is dead; dropping it closes the stream without waiting.
pub(super) struct Line<T> {
    pub(super) signs: Arc<Signs>,
    asked: Instant,
    starting: Option<Instant>,
    opened: Receiver<Result<T, AudioError>>,
    result: Option<T>,
    hold: Option<Sender<()>>,
    ended: Receiver<()>,
    what: &'static str,
}

/// How far a line has come.
pub(super) enum Progress<T> {
    Pending,
    /// The callback has been called; only once.
    Flows(T),
    Failed(AudioError),
}

impl<T: Send + 'static> Line<T> {
    /// Opens a stream on a thread of its own with `build`, which returns what the owner of the line gets and what is
    /// kept until the line closes.
    ///
    /// `alive` is held by the thread as long as it lives.
    pub(super) fn open<K, B>(what: &'static str, alive: Arc<()>, build: B) -> Line<T>
    where
        B: FnOnce(&Arc<Signs>) -> Result<(T, K), AudioError> + Send + 'static,
    {
        let signs = Arc::new(Signs::new());
        let (tell_opened, opened) = channel();
        let (hold, held) = channel::<()>();
        let (tell_ended, ended) = channel::<()>();
        let thread_signs = Arc::clone(&signs);
        std::thread::spawn(move || {
            match build(&thread_signs) {
                Ok((result, kept)) => {
                    thread_signs.enter(Stage::Running);
                    if tell_opened.send(Ok(result)).is_ok() {
                        // Returns when the line is dropped, which is the sign to close.
                        let _ = held.recv();
                    }
                    drop(kept);
                }
                Err(error) => _ = tell_opened.send(Err(error)),
            }
            drop((alive, tell_ended));
        });
        Line { signs, asked: Instant::now(), starting: None, opened, result: None, hold: Some(hold), ended, what }
    }

    /// How far it has come; to be asked until it is pending no more.
    pub(super) fn progress(&mut self) -> Progress<T> {
        if self.result.is_none() {
            match self.opened.try_recv() {
                Ok(Ok(result)) => self.result = Some(result),
                Ok(Err(error)) => return Progress::Failed(error),
                Err(TryRecvError::Empty) => {}
                Err(TryRecvError::Disconnected) => {
                    let reason = "the sound library stopped unexpectedly".to_owned();
                    return Progress::Failed(AudioError::Backend { what: format!("opening {}", self.what), reason });
                }
            }
        }
        if self.signs.flows()
            && let Some(result) = self.result.take()
        {
            return Progress::Flows(result);
        }
        if let Some(reason) = self.signs.death() {
            let what = format!("opening {}", self.what);
            return Progress::Failed(AudioError::Backend { what, reason: reason.to_owned() });
        }
        let stage = self.signs.stage();
        if matches!(stage, Stage::Starting | Stage::Running) {
            let since = *self.starting.get_or_insert_with(Instant::now);
            if since.elapsed() >= FIRST_FRAME {
                return Progress::Failed(self.hung("starting", FIRST_FRAME));
            }
        }
        if self.asked.elapsed() >= OPENING {
            let doing = match stage {
                Stage::Reaching => "looking for",
                Stage::Building => "opening",
                Stage::Starting | Stage::Running => "starting",
            };
            return Progress::Failed(self.hung(doing, OPENING));
        }
        Progress::Pending
    }

    fn hung(&self, doing: &str, limit: Duration) -> AudioError {
        AudioError::Hung { what: format!("{doing} {}", self.what), seconds: limit.as_secs() }
    }

    /// Waits until the stream flows or has failed: 5 s at most.
    ///
    /// # Errors
    /// Why it does not flow.
    pub(super) fn wait(&mut self) -> Result<T, AudioError> {
        loop {
            match self.progress() {
                Progress::Pending => std::thread::sleep(TICK),
                Progress::Flows(result) => return Ok(result),
                Progress::Failed(error) => return Err(error),
            }
        }
    }

    /// Closes the stream and waits for that; after `patience` it goes on closing by itself.
    pub(super) fn close(mut self, patience: Duration) {
        drop(self.hold.take());
        // What was opened but never taken belongs to the stream too.
        drop(self.result.take());
        let _: Result<(), RecvTimeoutError> = self.ended.recv_timeout(patience);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sound_library_that_panics_is_an_error_and_no_hang() {
        let mut line = Line::<()>::open("a test", Arc::new(()), |_| -> Result<((), ()), AudioError> {
            std::panic::resume_unwind(Box::new("the library fell over"));
        });
        assert!(matches!(line.wait(), Err(AudioError::Backend { .. })));
    }

    #[test]
    fn a_stream_that_gives_no_frame_is_reported_as_hung() {
        let began = Instant::now();
        let mut line = Line::open("a test", Arc::new(()), |signs: &Arc<Signs>| {
            signs.enter(Stage::Starting);
            Ok(((), ()))
        });
        let error = line.wait().expect_err("no frame ever comes");
        assert_eq!(error, AudioError::Hung { what: "starting a test".to_owned(), seconds: 3 });
        assert!(began.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn closing_drops_what_the_thread_keeps() {
        let kept = Arc::new(());
        let theirs = Arc::clone(&kept);
        let mut line = Line::open("a test", Arc::new(()), move |signs: &Arc<Signs>| {
            signs.called();
            Ok(((), theirs))
        });
        line.wait().expect("it flows");
        assert_eq!(Arc::strong_count(&kept), 2);
        line.close(Duration::from_secs(5));
        assert_eq!(Arc::strong_count(&kept), 1);
    }
}
