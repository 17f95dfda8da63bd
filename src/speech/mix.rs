//! Which channel of a recording to listen to: their mean, or one where the mean would hardly be heard.
//!
//! Two microphones of which one is wired the wrong way round take each other out, and one that works among many that are
//! dead is drowned.

/// The mean of channels that all have the same has their power, and that of one with a dead one a quarter; what is left of
/// less than this is no good mean.
const LEAST: f64 = 0.3;

/// Looks at the channels before anything is measured.
#[derive(Debug, Clone)]
pub struct Mix {
    /// The energy of each channel, and of their mean.
    each: Vec<f64>,
    mean: f64,
    /// The samples of a frame that is not whole.
    frame: Vec<f32>,
}

impl Mix {
    /// Nothing seen yet, of so many channels.
    pub fn new(channels: usize) -> Mix {
        Mix { each: vec![0.0; channels.max(1)], mean: 0.0, frame: Vec::new() }
    }

    /// Adds samples, the channels of each frame one after the other.
    pub fn add(&mut self, samples: &[f32]) {
        for &sample in samples {
            // What is no number, or no sound, counts as nothing, as it does where it is measured.
            self.frame.push(if sample.abs() <= 1e6 { sample } else { 0.0 });
            if self.frame.len() == self.each.len() {
                for (energy, sample) in self.each.iter_mut().zip(&self.frame) {
                    *energy += f64::from(sample * sample);
                }
                let mean = self.frame.iter().sum::<f32>() / self.each.len() as f32;
                self.mean += f64::from(mean * mean);
                self.frame.clear();
            }
        }
    }

    /// The channel to listen to, from 0; `None` for their mean.
    pub fn channel(&self) -> Option<usize> {
        let (loudest, energy) = self.each.iter().enumerate().max_by(|one, other| one.1.total_cmp(other.1))?;
        (self.mean < LEAST * energy).then_some(loudest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(channels: usize, sample: impl Fn(usize, usize) -> f32) -> Option<usize> {
        let mut mix = Mix::new(channels);
        let samples: Vec<f32> = (0..1_000 * channels).map(|n| sample(n / channels, n % channels)).collect();
        // In blocks that cut frames.
        samples.chunks(7).for_each(|block| mix.add(block));
        mix.channel()
    }

    #[test]
    fn the_mean_is_listened_to_unless_the_channels_take_each_other_out() {
        let wave = |frame: usize| (frame as f32 * 0.1).sin();
        assert_eq!(chosen(1, |frame, _| wave(frame)), None);
        assert_eq!(chosen(2, |frame, _| wave(frame)), None);
        assert_eq!(chosen(2, |frame, channel| if channel == 0 { wave(frame) } else { -1.1 * wave(frame) }), Some(1));
        assert_eq!(chosen(32, |frame, channel| if channel == 5 { wave(frame) } else { 0.0 }), Some(5));
        assert_eq!(chosen(2, |_, _| 0.0), None);
        assert_eq!(chosen(2, |_, _| f32::NAN), None);
    }
}
