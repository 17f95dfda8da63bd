//! How often a screen is drawn: no more than ten times a second, however fast the loop turns.

use std::time::{Duration, Instant};

const LEAST: Duration = Duration::from_millis(100);

/// Says when the screen is to be drawn again.
#[derive(Debug, Default)]
pub struct Redraw(Option<Instant>);

impl Redraw {
    /// Whether it is time; the next time is counted from here.
    pub fn is_due(&mut self) -> bool {
        let due = self.0.is_none_or(|last| last.elapsed() >= LEAST);
        if due {
            self.0 = Some(Instant::now());
        }
        due
    }
}
