//! A voice that is made of harmonics, and WAV files of every form.
#![allow(dead_code, reason = "each test uses a part of it")]

/// How the samples of a WAV file are stored.
#[derive(Clone, Copy)]
pub struct Form {
    /// 1 for whole numbers, 3 for floating point.
    pub tag: u16,
    pub channels: u16,
    pub rate: u32,
    pub bits: u16,
}

impl Form {
    /// Mono, 16-bit, 48 kHz.
    pub const USUAL: Form = Form { tag: 1, channels: 1, rate: 48_000, bits: 16 };

    /// What stands before so many bytes of sound.
    pub fn header(self, length: u32) -> Vec<u8> {
        let align = u32::from(self.channels) * u32::from(self.bits / 8);
        let mut bytes = b"RIFF".to_vec();
        bytes.extend((36 + length).to_le_bytes());
        bytes.extend(b"WAVEfmt \x10\0\0\0");
        bytes.extend(self.tag.to_le_bytes());
        bytes.extend(self.channels.to_le_bytes());
        bytes.extend(self.rate.to_le_bytes());
        bytes.extend((self.rate * align).to_le_bytes());
        bytes.extend((align as u16).to_le_bytes());
        bytes.extend(self.bits.to_le_bytes());
        bytes.extend(b"data");
        bytes.extend(length.to_le_bytes());
        bytes
    }

    /// A sample between -1 and 1 in this form.
    pub fn bytes(self, sample: f64) -> Vec<u8> {
        match (self.tag, self.bits) {
            (3, _) => (sample as f32).to_le_bytes().to_vec(),
            (_, 8) => vec![(128.0 + 127.0 * sample).round() as u8],
            (_, 16) => ((32_767.0 * sample).round() as i16).to_le_bytes().to_vec(),
            (_, 24) => ((8_388_607.0 * sample).round() as i32).to_le_bytes()[..3].to_vec(),
            _ => ((2_147_483_647.0 * sample).round() as i32).to_le_bytes().to_vec(),
        }
    }
}

/// How a voice of harmonics speaks: from 0.6 s on, four syllables a second, three seconds and then one of silence, in a
/// little noise.
pub fn voice(rate: u32, seconds: f64) -> Vec<f64> {
    let (mut state, mut phase) = (11u32, 0.0f64);
    let highest = (f64::from(rate) * 0.45 / 130.0) as u32;
    (0..(f64::from(rate) * seconds) as u32)
        .map(|n| {
            let time = f64::from(n) / f64::from(rate);
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = f64::from(state >> 8) / 8_388_608.0 - 1.0;
            phase += 120.0 * 2f64.powf(0.1 * (1.7 * time).sin()) / f64::from(rate);
            let spoken = time >= 0.6 && (time - 0.6) % 4.0 < 3.0;
            let syllable = (std::f64::consts::PI * 4.0 * (time - 0.6)).sin().powi(2);
            let harmonics = (1..=highest.min(30)).map(|k| {
                let k = f64::from(k);
                (std::f64::consts::TAU * k * phase).sin() / k
            });
            let sum: f64 = if spoken { harmonics.sum() } else { 0.0 };
            0.2 * syllable * sum + 0.001 * noise
        })
        .collect()
}

/// Samples between -1 and 1 in this form.
pub fn sound_of(samples: impl IntoIterator<Item = f64>, form: Form) -> Vec<u8> {
    samples.into_iter().flat_map(|sample| form.bytes(sample)).collect()
}
