//! Looks, while a session is recorded, how long the room on the disk will do.

use std::time::Duration;

use crate::interview::SampleRate;

/// How much sound is recorded between two looks: another program may fill the disk far faster than a microphone does.
const BETWEEN: Duration = Duration::from_secs(5);

/// When it is said how much is left, the most first.
const SAID_AT: [Duration; 2] = [Duration::from_secs(10 * 60), Duration::from_secs(2 * 60)];

/// What is left, and what was said of it.
#[derive(Debug)]
pub struct Room {
    rate: SampleRate,
    /// Frames recorded since the last look; none was made yet.
    since: Option<u64>,
    said: usize,
}

impl Room {
    /// Room for sound at `rate`, mono and 16-bit.
    pub fn new(rate: SampleRate) -> Room {
        Room { rate, since: None, said: 0 }
    }

    /// Takes in that `frames` were recorded; `free` looks how many bytes are free. Gives how much longer can be
    /// recorded when that is to be said.
    pub fn spend(&mut self, frames: u64, free: impl FnOnce() -> Option<u64>) -> Option<Duration> {
        let since = self.since.map(|since| since + frames);
        if since.is_some_and(|since| since < self.rate.frames(BETWEEN).0) {
            self.since = since;
            return None;
        }
        self.since = Some(0);
        let left = Duration::from_secs(free()? / (u64::from(self.rate.0) * 2).max(1));
        let reached = SAID_AT.iter().filter(|at| left <= **at).count();
        let news = reached > self.said;
        // Said again only where room was made in between.
        self.said = reached;
        news.then_some(left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: SampleRate = SampleRate(48_000);
    const MINUTE: u64 = 48_000 * 2 * 60;

    fn looks(minutes_free: &[u64]) -> Vec<Option<u64>> {
        let mut room = Room::new(RATE);
        let between = 48_000 * 5;
        let look = |free: &u64| room.spend(between, || Some(free * MINUTE)).map(|left| left.as_secs() / 60);
        minutes_free.iter().map(look).collect()
    }

    #[test]
    fn ten_minutes_and_two_minutes_are_told_once_each() {
        assert_eq!(looks(&[30, 11, 10, 9, 3, 2, 1, 0]), [None, None, Some(10), None, None, Some(2), None, None]);
    }

    #[test]
    fn room_that_was_made_and_filled_again_is_told_again() {
        assert_eq!(looks(&[9, 30, 9]), [Some(9), None, Some(9)]);
    }

    #[test]
    fn the_disk_is_looked_at_at_first_and_then_every_five_seconds() {
        let mut room = Room::new(RATE);
        let mut looks = 0;
        for _ in 0..(10 * 10) {
            room.spend(4_800, || {
                looks += 1;
                None
            });
        }
        assert_eq!(looks, 2);
    }
}
