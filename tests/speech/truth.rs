//! What is true of a recording that is made here, and how such recordings are put together.

/// A stretch of time, in seconds.
pub type Stretch = (f64, f64);

/// Something that was said in one go, at 16 kHz.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// The samples; full scale is 1.
    pub samples: Vec<f32>,
    /// Where each vowel is, where that is known.
    pub vowels: Option<Vec<Stretch>>,
    /// Where nothing is said, inside.
    pub gaps: Vec<Stretch>,
    /// How many syllables it has.
    pub syllables: usize,
    /// Whether it is a filler and no word.
    pub filler: bool,
}

/// What is true of a recording.
#[derive(Debug, Clone, Default)]
pub struct Truth {
    pub duration_s: f64,
    pub syllables: usize,
    pub nuclei: Option<Vec<Stretch>>,
    /// The silences of 250 ms and more between speech, and all silences.
    pub pauses: Vec<Stretch>,
    pub gaps: Vec<Stretch>,
    pub first_word_s: f64,
    pub last_word_end_s: f64,
    pub filled_pauses: Vec<Stretch>,
}

/// The rate of everything that is said.
pub const RATE: u32 = 16_000;

/// The shortest silence that is a pause, in seconds.
const PAUSE: f64 = 0.25;

impl Said {
    /// The part from the first to the last word, each vowel and gap moved with it.
    pub fn trimmed(mut self, from: f64, to: f64) -> Said {
        let at = |seconds: f64| ((seconds * f64::from(RATE)) as usize).min(self.samples.len());
        self.samples = self.samples[at(from)..at(to)].to_vec();
        let moved = |stretch: &mut Stretch| *stretch = (stretch.0 - from, stretch.1 - from);
        self.vowels.iter_mut().flatten().for_each(moved);
        self.gaps.retain(|gap| gap.0 > from && gap.1 < to);
        self.gaps.iter_mut().for_each(moved);
        self
    }
}

/// Puts what was said one after the other, with a silence before each and at the end, in seconds.
pub fn answer(said: &[Said], silences: &[f64]) -> (Vec<f32>, Truth) {
    let (mut samples, mut truth) = (Vec::new(), Truth { nuclei: Some(Vec::new()), ..Truth::default() });
    let mut words: Option<Stretch> = None;
    for (place, said) in said.iter().enumerate() {
        let start = samples.len();
        samples.resize(start + (silences[place % silences.len()] * f64::from(RATE)) as usize, 0.0);
        let offset = samples.len() as f64 / f64::from(RATE);
        if place > 0 {
            truth.gaps.push((start as f64 / f64::from(RATE), offset));
        }
        truth.gaps.extend(said.gaps.iter().map(|gap| (gap.0 + offset, gap.1 + offset)));
        samples.extend(&said.samples);
        let end = samples.len() as f64 / f64::from(RATE);
        truth.syllables += said.syllables;
        if said.filler {
            truth.filled_pauses.push((offset, end));
        }
        match (&mut truth.nuclei, &said.vowels) {
            (Some(nuclei), Some(vowels)) => nuclei.extend(vowels.iter().map(|v| (v.0 + offset, v.1 + offset))),
            (nuclei, _) => *nuclei = None,
        }
        words = Some((words.map_or(offset, |words| words.0), end));
    }
    samples.resize(samples.len() + RATE as usize * 7 / 10, 0.0);
    (truth.first_word_s, truth.last_word_end_s) = words.unwrap_or_default();
    truth.duration_s = samples.len() as f64 / f64::from(RATE);
    truth.pauses = truth.gaps.iter().copied().filter(|gap| gap.1 - gap.0 >= PAUSE).collect();
    (samples, truth)
}

/// Brings sound to another rate with a sinc under a Hann window, 16 zeros to each side.
pub fn resampled(samples: &[f32], from: u32, to: u32) -> Vec<f32> {
    if from == to {
        return samples.to_vec();
    }
    let ratio = f64::from(to) / f64::from(from);
    let pass = ratio.min(1.0) * 0.96;
    let reach = (16.0 / pass).ceil();
    let at = |n: usize| {
        let centre = n as f64 / ratio;
        let first = (centre - reach).max(0.0).ceil() as usize;
        let last = ((centre + reach) as usize).min(samples.len().saturating_sub(1));
        let mut sum = 0.0;
        for (m, sample) in samples.iter().enumerate().take(last + 1).skip(first) {
            let x = m as f64 - centre;
            let angle = std::f64::consts::PI * x * pass;
            let sinc = if angle.abs() < 1e-9 { 1.0 } else { angle.sin() / angle };
            let window = 0.5 + 0.5 * (std::f64::consts::PI * x / (reach + 1.0)).cos();
            sum += f64::from(*sample) * sinc * window * pass;
        }
        sum as f32
    };
    (0..(samples.len() as f64 * ratio) as usize).map(at).collect()
}

/// The sentences, and how many syllables each has, counted by hand.
pub const SENTENCES: [(&str, usize); 20] = [
    ("I was asked to bring two teams together", 10),
    ("they had never worked on the same release before", 12),
    ("so I began with a list of everything that blocked us", 14),
    ("most of it turned out to be habit", 9),
    ("we agreed on one measure for the whole quarter", 12),
    ("and I showed it on the wall every single morning", 13),
    ("nobody had to guess any more", 9),
    ("the first release came three weeks early", 9),
    ("what I would change is how late I told the sales people", 13),
    ("they should have heard it from me", 7),
    ("my best moment was the demonstration", 10),
    ("a customer called at ten to complain about the printer", 15),
    ("yes we did", 3),
    ("and then it rained for seven days", 8),
    ("nine new engineers joined within a month", 10),
    ("he asked me why I wanted to leave", 9),
    ("I said that nobody listened", 8),
    ("the manager apologised", 8),
    ("our budget was cut in half", 7),
    ("it works", 2),
];

/// The silences before the sentences, in seconds: some too short to be pauses.
pub const SILENCES: [f64; 11] = [0.9, 0.42, 0.06, 0.75, 0.31, 1.3, 0.15, 0.5, 0.36, 2.1, 0.08];
