//! The level of each 10 ms of a recording as it was recorded, for the noise and for what stands out of it.

/// The mean square and the mean of 10 ms, full scale being 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Loudness {
    /// The mean square.
    pub(super) power: f32,
    /// The mean.
    pub(super) mean: f32,
}

/// The lanes that are added up side by side.
const LANES: usize = 8;

/// Takes down the level of each 10 ms.
#[derive(Debug, Clone)]
pub(super) struct Room {
    rate: u64,
    /// How many samples were added, and how many windows are full.
    heard: u64,
    made: u64,
    /// How many samples are in this window, and what they come to.
    filled: usize,
    powers: [f32; LANES],
    sums: [f32; LANES],
}

impl Room {
    /// Nothing heard yet.
    pub(super) fn new(rate_hz: u32) -> Room {
        Room {
            rate: u64::from(rate_hz.max(100)),
            heard: 0,
            made: 0,
            filled: 0,
            powers: [0.0; LANES],
            sums: [0.0; LANES],
        }
    }

    /// Adds sound in blocks of any size; passes on each window that is full.
    pub(super) fn add(&mut self, mut samples: &[f32], mut each: impl FnMut(Loudness)) {
        while !samples.is_empty() {
            let end = (self.made + 1) * self.rate / 100;
            let (now, later) = samples.split_at(samples.len().min((end - self.heard) as usize));
            self.take(now);
            self.heard += now.len() as u64;
            samples = later;
            if self.heard == end {
                let count = self.filled.max(1) as f32;
                let (power, mean) = (self.powers.iter().sum::<f32>() / count, self.sums.iter().sum::<f32>() / count);
                each(Loudness { power, mean });
                (self.made, self.filled) = (self.made + 1, 0);
                (self.powers, self.sums) = ([0.0; LANES], [0.0; LANES]);
            }
        }
    }

    /// Adds up what belongs to one window: the lane of a sample is its place in the window, whatever block it came in.
    fn take(&mut self, samples: &[f32]) {
        let lead = ((LANES - self.filled % LANES) % LANES).min(samples.len());
        let (first, rest) = samples.split_at(lead);
        self.singly(first);
        let mut chunks = rest.chunks_exact(LANES);
        for chunk in &mut chunks {
            for l in 0..LANES {
                self.powers[l] += chunk[l] * chunk[l];
                self.sums[l] += chunk[l];
            }
        }
        self.filled += rest.len() - chunks.remainder().len();
        self.singly(chunks.remainder());
    }

    fn singly(&mut self, samples: &[f32]) {
        for sample in samples {
            let lane = self.filled % LANES;
            self.powers[lane] += sample * sample;
            self.sums[lane] += sample;
            self.filled += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(rate: u32, samples: &[f32], block: usize) -> Vec<Loudness> {
        let (mut room, mut levels) = (Room::new(rate), Vec::new());
        samples.chunks(block).for_each(|chunk| room.add(chunk, |level| levels.push(level)));
        levels
    }

    #[test]
    fn a_second_has_a_hundred_levels_at_any_rate_and_in_any_blocks() {
        for rate in [8_000, 11_025, 22_050, 44_100, 48_000] {
            let samples: Vec<f32> = (0..rate).map(|n| (n as f32 * 0.1).sin() * 0.5 + 0.1).collect();
            let whole = levels(rate, &samples, samples.len());
            assert_eq!(whole.len(), 100, "{rate}");
            assert!(whole.iter().all(|level| (level.power - 0.135).abs() < 0.1), "{rate}");
            for block in [1, 7, 480, 1_000] {
                assert_eq!(levels(rate, &samples, block), whole, "{rate} in {block}");
            }
        }
    }
}
