//! Speech, faster or slower, at the same pitch.
//!
//! Waveform similarity overlap-add (Verhelst and Roelands 1993, doi 10.1109/ICASSP.1993.319366): the output is put
//! together from overlapping windows of the input, each moved a little so that it continues the one before.

/// The length of a window, in seconds: two periods of a low voice (70 Hz).
const WINDOW: f64 = 0.030;

/// How far a window may be moved to either side, in seconds: more than half a period of a low voice.
const SEEK: f64 = 0.010;

/// The first search looks at every so many samples; the second at all samples around the best of the first.
const COARSE: usize = 4;

/// What is added to an energy, so that silence divides by something: that of the smallest 16-bit sample.
const LEAST: f32 = 1.0 / (32_768.0 * 32_768.0);

/// Brings `samples`, at `rate` frames a second, to `speed` times their pace; 2 is twice as fast.
///
/// A speed of 1, and one that is not a positive number, give the samples as they are.
pub fn stretch(samples: &[i16], rate: u32, speed: f64) -> Vec<i16> {
    let hop = (f64::from(rate) * WINDOW / 2.0) as usize;
    if speed == 1.0 || !(speed > 0.0 && speed.is_finite()) || hop < COARSE || samples.len() < 4 * hop {
        return samples.to_vec();
    }
    let mut stretcher = Stretcher::new(rate, speed);
    let mut output = Vec::with_capacity((samples.len() as f64 / speed) as usize + 1);
    let mut piece = Vec::new();
    for some in samples.chunks(4_096) {
        piece.clear();
        piece.extend(some.iter().map(|&sample| f32::from(sample) / 32_768.0));
        stretcher.feed(&piece);
        stretcher.take(&mut output);
    }
    stretcher.end(&mut output);
    output.into_iter().map(|sample| (sample * 32_768.0).round().clamp(-32_768.0, 32_767.0) as i16).collect()
}

/// Brings sound to another pace while it comes.
///
/// What comes out first is what went in first: frame `n` of the output is near frame `n * speed` of the input, no further
/// from it than 10 ms, and 15 ms for each time that the speed is above or below 1.
/// Keeps no more of the input than the next window can reach.
#[derive(Debug)]
pub struct Stretcher {
    speed: f64,
    hop: usize,
    seek: usize,
    window: Vec<f32>,
    /// The input from `start` on, with `seek` frames of silence before its first frame.
    input: Vec<f32>,
    /// The sum of each `COARSE` frames of `input`, for the first search.
    coarse: Vec<f32>,
    /// How many frames of the padded input are no longer kept; a multiple of `COARSE`.
    start: usize,
    fed: u64,
    windows: u64,
    /// Where the last window was taken from, in the padded input.
    previous: Option<usize>,
    /// What the last window adds to the next hop.
    falling: Vec<f32>,
}

impl Stretcher {
    /// For sound of `rate` frames a second, to be heard at `speed` times its pace; a speed that is not a positive
    /// number is taken for 1.
    pub fn new(rate: u32, speed: f64) -> Stretcher {
        let speed = if speed > 0.0 && speed.is_finite() { speed } else { 1.0 };
        let hop = ((f64::from(rate) * WINDOW / 2.0) as usize).max(2 * COARSE);
        let seek = (f64::from(rate) * SEEK) as usize;
        let window = (0..2 * hop)
            .map(|n| (0.5 - 0.5 * (std::f64::consts::PI * (n as f64 + 0.5) / hop as f64).cos()) as f32)
            .collect();
        let mut stretcher = Stretcher {
            speed,
            hop,
            seek,
            window,
            input: Vec::new(),
            coarse: Vec::new(),
            start: 0,
            fed: 0,
            windows: 0,
            previous: None,
            falling: vec![0.0; hop],
        };
        stretcher.append(&vec![0.0; seek]);
        stretcher
    }

    /// Takes sound in.
    pub fn feed(&mut self, samples: &[f32]) {
        self.fed += samples.len() as u64;
        self.append(samples);
    }

    fn append(&mut self, samples: &[f32]) {
        self.input.extend_from_slice(samples);
        let whole = self.coarse.len() * COARSE;
        self.coarse.extend(self.input[whole..].chunks_exact(COARSE).map(|few| few.iter().sum::<f32>()));
    }

    /// Appends to `output` what can be made of what came so far.
    pub fn take(&mut self, output: &mut Vec<f32>) {
        while self.wanted() + self.reach() <= self.start + self.coarse.len() * COARSE {
            self.put(output);
        }
        self.forget();
    }

    /// Appends the rest to `output`, to its last frame; nothing may be fed afterwards.
    pub fn end(&mut self, output: &mut Vec<f32>) {
        self.append(&vec![0.0; self.reach() + self.hop + COARSE]);
        let length = (self.fed as f64 / self.speed).round() as u64;
        loop {
            let made = self.windows * self.hop as u64;
            if made >= length {
                // The last window goes further than the sound.
                output.truncate(output.len() - ((made - length) as usize).min(output.len()));
                return;
            }
            self.put(output);
            self.forget();
        }
    }

    /// Where the next window would be taken from if it did not have to fit, in the input.
    fn wanted(&self) -> usize {
        let at = ((self.windows * self.hop as u64) as f64 * self.speed) as u64;
        at.min(self.fed) as usize
    }

    /// How far behind what is wanted a window may end, in the padded input.
    fn reach(&self) -> usize {
        2 * self.seek + 2 * self.hop + 2 * COARSE
    }

    /// Appends one hop.
    fn put(&mut self, output: &mut Vec<f32>) {
        let (hop, wanted) = (self.hop, self.wanted());
        let chosen = match self.previous {
            None => wanted + self.seek,
            Some(previous) => self.best(wanted + self.seek, previous + hop),
        };
        let taken = &self.input[chosen - self.start..][..2 * hop];
        // The first window has none before it to overlap with.
        let first = self.previous.is_none();
        let rising =
            taken.iter().zip(&self.window).map(|(sample, weight)| if first { *sample } else { sample * weight });
        output.extend(rising.zip(&self.falling).map(|(new, old)| new + old));
        for ((place, sample), weight) in self.falling.iter_mut().zip(&taken[hop..]).zip(&self.window[hop..]) {
            *place = sample * weight;
        }
        self.previous = Some(chosen);
        self.windows += 1;
    }

    /// Lets go of what no window can reach any more.
    fn forget(&mut self) {
        let oldest = self.wanted().min(self.previous.map_or(usize::MAX, |previous| previous + self.hop));
        let gone = oldest.saturating_sub(self.start) / COARSE;
        let gone = gone.min(self.coarse.len());
        // Not for every hop: what is kept has to be moved.
        if gone * COARSE >= 4 * self.hop {
            self.input.drain(..gone * COARSE);
            self.coarse.drain(..gone);
            self.start += gone * COARSE;
        }
    }

    /// Where within `seek` of `wanted` the input is most like what follows the window before, which is at `natural`.
    fn best(&self, wanted: usize, natural: usize) -> usize {
        let (from, to) = (wanted - self.seek - self.start, wanted + self.seek - self.start);
        let natural = natural - self.start;
        let template = &self.coarse[natural / COARSE..][..self.hop / COARSE];
        let around = most_alike(template, &self.coarse, from / COARSE..=to / COARSE).map_or(from, |at| at * COARSE);
        let starts = around.saturating_sub(COARSE).max(from)..=(around + COARSE).min(to);
        let found = most_alike(&self.input[natural..natural + self.hop], &self.input, starts);
        found.unwrap_or(around) + self.start
    }
}

/// The one of `starts` from where `samples` are most like `template`.
fn most_alike(template: &[f32], samples: &[f32], starts: impl Iterator<Item = usize>) -> Option<usize> {
    let alike = |start: usize| (similarity(template, &samples[start..start + template.len()]), start);
    starts.map(alike).max_by(|left, right| left.0.total_cmp(&right.0)).map(|(_, start)| start)
}

/// How many sums are kept beside each other, so that the compiler can use the processor's vector registers.
const LANES: usize = 8;

/// The correlation of two stretches of one length, relative to the energy of the second.
fn similarity(template: &[f32], other: &[f32]) -> f32 {
    let (mut product, mut energy) = ([0.0f32; LANES], [0.0f32; LANES]);
    let (left, right) = (template.chunks_exact(LANES), other.chunks_exact(LANES));
    let (left_rest, right_rest) = (left.remainder(), right.remainder());
    for (left, right) in left.zip(right) {
        for lane in 0..LANES {
            product[lane] += left[lane] * right[lane];
            energy[lane] += right[lane] * right[lane];
        }
    }
    for (lane, (left, right)) in left_rest.iter().zip(right_rest).enumerate() {
        product[lane] += left * right;
        energy[lane] += right * right;
    }
    product.iter().sum::<f32>() / (energy.iter().sum::<f32>() + LEAST).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: u32 = 48_000;

    /// A voice-like tone: a pulse train's first harmonics, in bursts with pauses.
    fn tone(hertz: f64, seconds: f64) -> Vec<i16> {
        (0..(seconds * f64::from(RATE)) as usize)
            .map(|n| {
                let time = n as f64 / f64::from(RATE);
                let wave: f64 =
                    (1..6).map(|k| (std::f64::consts::TAU * hertz * f64::from(k) * time).sin() / f64::from(k)).sum();
                (wave * 6_000.0) as i16
            })
            .collect()
    }

    /// The fundamental by autocorrelation, looked for within half an octave of `near`.
    fn pitch(samples: &[i16], near: f64) -> f64 {
        let middle = &samples[samples.len() / 8..samples.len() * 7 / 8];
        let period = f64::from(RATE) / near;
        let best = ((period / 1.4) as usize..(period * 1.4) as usize)
            .max_by(|left, right| {
                let alike = |lag: usize| -> f64 {
                    middle[..9_600].iter().zip(&middle[lag..]).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
                };
                alike(*left).total_cmp(&alike(*right))
            })
            .expect("the range of lags is not empty");
        f64::from(RATE) / best as f64
    }

    #[test]
    fn the_pitch_stays_and_the_length_follows_the_speed() {
        for hertz in [90.0, 140.0, 220.0] {
            let input = tone(hertz, 2.0);
            for speed in [0.5, 0.75, 1.25, 1.5, 2.0, 3.0] {
                let output = stretch(&input, RATE, speed);
                let expected = input.len() as f64 / speed;
                assert!((output.len() as f64 - expected).abs() <= 1.0);
                let got = pitch(&output, hertz);
                let ratio = (got / hertz).max(hertz / got);
                assert!(ratio < 1.01, "{hertz} Hz at speed {speed} became {got} Hz");
            }
        }
    }

    #[test]
    fn the_level_stays() {
        let input = tone(120.0, 2.0);
        let rms = |samples: &[i16]| {
            (samples.iter().map(|s| f64::from(*s) * f64::from(*s)).sum::<f64>() / samples.len() as f64).sqrt()
        };
        for speed in [0.5, 1.3, 2.0, 3.0] {
            let ratio = rms(&stretch(&input, RATE, speed)) / rms(&input);
            assert!((0.9..1.1).contains(&ratio), "speed {speed}: {ratio}");
        }
    }

    #[test]
    fn edges_do_no_harm() {
        for length in [0, 1, 100, 3_000, 10_000] {
            for speed in [0.5, 1.0, 3.0, f64::NAN, 0.0, -1.0, f64::INFINITY] {
                let output = stretch(&vec![i16::MAX; length], RATE, speed);
                assert!(output.len() <= 2 * length + 1);
            }
        }
        assert!(stretch(&[0; 48_000], RATE, 2.0).iter().all(|sample| *sample == 0));
    }

    #[test]
    fn the_blocks_in_which_sound_comes_do_not_show() {
        let input: Vec<f32> = tone(130.0, 1.0).into_iter().map(|sample| f32::from(sample) / 32_768.0).collect();
        for speed in [0.5, 0.77, 1.5, 3.0] {
            let through = |block: usize| {
                let (mut stretcher, mut output) = (Stretcher::new(RATE, speed), Vec::new());
                for some in input.chunks(block) {
                    stretcher.feed(some);
                    stretcher.take(&mut output);
                }
                stretcher.end(&mut output);
                output
            };
            let whole = through(input.len());
            assert_eq!(whole.len(), (input.len() as f64 / speed).round() as usize);
            for block in [480, 1_024, 7_777] {
                assert_eq!(through(block), whole, "blocks of {block} at {speed}");
            }
        }
    }

    #[test]
    fn an_hour_needs_no_more_memory_than_a_second() {
        for speed in [0.5, 3.0] {
            let (mut stretcher, mut output) = (Stretcher::new(8_000, speed), Vec::new());
            for _ in 0..3_600 {
                stretcher.feed(&[0.1; 8_000]);
                stretcher.take(&mut output);
                output.clear();
            }
            assert!(stretcher.input.len() < 3 * 8_000, "{}", stretcher.input.len());
        }
    }

    #[test]
    fn a_frame_of_the_output_is_near_its_place_in_the_input() {
        // Each pulse is a little higher than the one before: its height tells the place.
        let input: Vec<f32> = (0..48_000 * 4).map(|n| if n % 300 < 150 { n as f32 / 200_000.0 } else { 0.0 }).collect();
        for speed in [0.5, 0.75, 1.5, 3.0] {
            let (mut stretcher, mut output) = (Stretcher::new(RATE, speed), Vec::new());
            stretcher.feed(&input);
            stretcher.end(&mut output);
            for at in (4_800..output.len() - 4_800).step_by(4_800) {
                let top = output[at..at + 300].iter().fold(0.0f32, |top, sample| top.max(*sample));
                let (found, expected) = (f64::from(top) * 200_000.0, (at + 150) as f64 * speed);
                let off = (found - expected).abs() / f64::from(RATE);
                // What a window may be moved, and what the other pace makes of half of one.
                assert!(
                    off < SEEK + (speed - 1.0).abs() * WINDOW / 2.0 + 0.002,
                    "at speed {speed}, {at} is from {found}, not {expected}"
                );
            }
        }
    }
}
