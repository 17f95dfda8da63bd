//! Work that is done beside the sound, which waits for nothing: what is found out, and what is kept. It does not know
//! what that is.

use std::sync::mpsc::{self, Receiver, Sender, TryRecvError};
use std::thread::{self, JoinHandle};

/// Something that is worked out on a thread of its own.
#[derive(Debug)]
pub struct Behind<T>(Receiver<T>);

impl<T: Send + 'static> Behind<T> {
    /// Begins with it. A machine that gives no thread never comes to an end with it.
    pub fn begin(work: impl FnOnce() -> T + Send + 'static) -> Behind<T> {
        let (send, found) = mpsc::channel();
        let work = move || {
            // Nobody waits any more where the program is over.
            let _ = send.send(work());
        };
        let _ = thread::Builder::new().name("behind".into()).spawn(work);
        Behind(found)
    }

    /// What came of it: `None` while it goes on, `Some(None)` where nothing will.
    pub fn found(&self) -> Option<Option<T>> {
        match self.0.try_recv() {
            Ok(found) => Some(Some(found)),
            Err(TryRecvError::Disconnected) => Some(None),
            Err(TryRecvError::Empty) => None,
        }
    }
}

/// Something to be kept; it gives what is to be said of that.
type Job = Box<dyn FnOnce() -> Option<String> + Send>;

/// Keeps what the person says, one thing after the other, on a thread of its own: a disk that is slow holds no sound up.
pub struct Keeping {
    jobs: Option<Sender<Job>>,
    told: Receiver<Option<String>>,
    thread: Option<JoinHandle<()>>,
    /// What became of what was kept without the thread.
    at_once: Vec<String>,
    /// How many things are still to be kept.
    open: usize,
}

impl Keeping {
    /// Nothing is to be kept yet.
    pub fn begin() -> Keeping {
        let (jobs, todo) = mpsc::channel::<Job>();
        let (tell, told) = mpsc::channel();
        let work = move || {
            for job in todo {
                let _ = tell.send(job());
            }
        };
        let thread = thread::Builder::new().name("keeping".into()).spawn(work).ok();
        Keeping { jobs: Some(jobs), told, thread, at_once: Vec::new(), open: 0 }
    }

    /// Hands something on.
    pub fn keep(&mut self, job: impl FnOnce() -> Option<String> + Send + 'static) {
        let job: Job = Box::new(job);
        let handed = match &self.jobs {
            Some(jobs) => jobs.send(job),
            None => Err(mpsc::SendError(job)),
        };
        match handed {
            Ok(()) => self.open += 1,
            // A machine that gives no thread waits for the disk.
            Err(mpsc::SendError(job)) => self.at_once.extend(job()),
        }
    }

    /// Whether all is kept.
    pub fn is_idle(&self) -> bool {
        self.open == 0
    }

    /// What became of it, as far as it is known now.
    pub fn news(&mut self) -> Vec<String> {
        let done: Vec<Option<String>> = self.told.try_iter().collect();
        self.open -= done.len();
        done.into_iter().flatten().chain(std::mem::take(&mut self.at_once)).collect()
    }

    /// Waits until all is kept; gives what is still to be said.
    pub fn finish(&mut self) -> Vec<String> {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        self.news()
    }
}

impl Drop for Keeping {
    fn drop(&mut self) {
        self.finish();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_handed_on_is_kept_in_its_order_before_the_end() {
        let mut keeping = Keeping::begin();
        for number in 0..100 {
            keeping.keep(move || (number % 2 == 0).then(|| number.to_string()));
        }
        let told = keeping.finish();
        assert_eq!(told, (0..100).step_by(2).map(|number| number.to_string()).collect::<Vec<_>>());
        keeping.keep(|| Some("late".to_owned()));
        assert_eq!(keeping.news(), ["late"]);
    }
}
