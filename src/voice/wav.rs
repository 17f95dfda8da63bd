//! The sound another program wrote as a WAV file into a pipe, where it could not go back and fill in the lengths.

use std::io::Cursor;

use hound::{SampleFormat, WavReader};

/// No prompt is as long, in seconds: 600 words take five minutes.
const LONGEST: u32 = 900;

/// Reads a whole WAV file: its rate, and its samples mixed to one channel in 16 bits.
///
/// Lengths that are false, as they are in every file written into a pipe, are taken from the bytes that are there.
///
/// # Errors
/// What is wrong with it.
pub fn read(bytes: &[u8]) -> Result<(u32, Vec<i16>), String> {
    let whole = with_true_lengths(bytes)?;
    let mut reader = WavReader::new(Cursor::new(whole)).map_err(|error| error.to_string())?;
    let spec = reader.spec();
    if spec.channels == 0 || !(4_000..=192_000).contains(&spec.sample_rate) {
        return Err(format!("{} channels at {} frames a second cannot be played", spec.channels, spec.sample_rate));
    }
    if reader.duration() / spec.sample_rate >= LONGEST {
        return Err(format!("it is longer than {} minutes", LONGEST / 60));
    }
    let bits = u32::from(spec.bits_per_sample);
    let mixed = match spec.sample_format {
        SampleFormat::Float => mixed(reader.samples::<f32>(), spec.channels),
        SampleFormat::Int => {
            let full = 2f32.powi(bits as i32 - 1);
            mixed(reader.samples::<i32>().map(|sample| sample.map(|value| value as f32 / full)), spec.channels)
        }
    };
    Ok((spec.sample_rate, mixed.map_err(|error| error.to_string())?))
}

/// The whole frames of `samples`, each of their channels having its part in one.
fn mixed(samples: impl Iterator<Item = hound::Result<f32>>, channels: u16) -> hound::Result<Vec<i16>> {
    let mut frames = Vec::new();
    let (mut sum, mut heard) = (0.0, 0);
    for sample in samples {
        sum += sample?;
        heard += 1;
        if heard == channels {
            // A float that is no number becomes 0 by the cast, one beyond the scale its end.
            frames.push((sum / f32::from(channels) * 32_768.0).round() as i16);
            (sum, heard) = (0.0, 0);
        }
    }
    Ok(frames)
}

/// The same file with its format and its data alone, and lengths that are true.
fn with_true_lengths(bytes: &[u8]) -> Result<Vec<u8>, String> {
    if bytes.len() < 12 || &bytes[..4] != b"RIFF" || &bytes[8..12] != b"WAVE" {
        return Err("it is not a WAV file".into());
    }
    let mut rest = &bytes[12..];
    let mut format: Option<&[u8]> = None;
    while let Some((head, body)) = rest.split_first_chunk::<8>() {
        let told = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        if &head[..4] == b"data" {
            let format = format.ok_or("its data comes before its format")?;
            return Ok(assemble(format, body, told));
        }
        let length = told.min(body.len());
        if &head[..4] == b"fmt " {
            format = Some(&body[..length]).filter(|format| format.len() >= 16);
        }
        rest = &body[(length + length % 2).min(body.len())..];
    }
    Err("there is no sound in it".into())
}

fn assemble(format: &[u8], body: &[u8], told: usize) -> Vec<u8> {
    // A program that writes into a pipe leaves 0 or a number far too large.
    let length = if told == 0 { body.len() } else { told.min(body.len()) };
    let frame = usize::from(u16::from_le_bytes([format[12], format[13]])).max(1);
    let data = &body[..length - length % frame];
    let mut whole = Vec::with_capacity(28 + format.len() + data.len());
    let size = |length: usize| u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
    whole.extend(b"RIFF");
    whole.extend(size(20 + format.len() + data.len()));
    whole.extend(b"WAVEfmt ");
    whole.extend(size(format.len()));
    whole.extend(format);
    whole.extend(b"data");
    whole.extend(size(data.len()));
    whole.extend(data);
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(spec: hound::WavSpec, samples: &[i16]) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
        for &sample in samples {
            match spec.sample_format {
                SampleFormat::Int => writer.write_sample(sample).unwrap(),
                SampleFormat::Float => writer.write_sample(f32::from(sample) / 32_768.0).unwrap(),
            }
        }
        writer.finalize().unwrap();
        bytes.into_inner()
    }

    fn spec(channels: u16, bits: u16, sample_format: SampleFormat) -> hound::WavSpec {
        hound::WavSpec { channels, sample_rate: 22_050, bits_per_sample: bits, sample_format }
    }

    #[test]
    fn the_false_lengths_of_a_piped_file_do_not_matter() {
        let good = written(spec(1, 16, SampleFormat::Int), &[1, -2, 30_000]);
        for lie in [0u32, 0x7FFF_F000, u32::MAX] {
            let mut piped = good.clone();
            piped[4..8].copy_from_slice(&lie.to_le_bytes());
            piped[40..44].copy_from_slice(&lie.to_le_bytes());
            assert_eq!(read(&piped), Ok((22_050, vec![1, -2, 30_000])), "{lie}");
        }
    }

    #[test]
    fn a_file_cut_inside_a_frame_keeps_its_whole_frames() {
        let good = written(spec(2, 16, SampleFormat::Int), &[10, 20, 30, 50, 7, 7]);
        assert_eq!(read(&good[..good.len() - 1]), Ok((22_050, vec![15, 40])));
    }

    #[test]
    fn floats_and_several_channels_become_one_channel_of_16_bits() {
        let float = written(spec(2, 32, SampleFormat::Float), &[16_384, 0, -8_192, -8_192]);
        assert_eq!(read(&float), Ok((22_050, vec![8_192, -8_192])));
    }

    #[test]
    fn what_is_no_wav_file_is_an_error_and_nothing_panics() {
        let good = written(spec(1, 16, SampleFormat::Int), &[1, 2, 3]);
        assert!(read(b"").is_err());
        assert!(read(b"<html>not sound</html>").is_err());
        for at in 0..good.len() {
            let _ = read(&good[..at]);
            for value in [0, 1, 0x7F, 0xFF] {
                let mut bent = good.clone();
                bent[at] = value;
                let _ = read(&bent);
            }
        }
    }
}
