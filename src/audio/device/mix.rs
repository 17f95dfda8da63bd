//! Between the samples of a device and mono 16-bit.
//!
//! Knows nothing of streams; allocates nothing, because audio callbacks use it.

use cpal::{Data, FromSample, I24, Sample, SampleFormat, SizedSample, U24};

/// Runs `$body` with the type `$T` that a sample format stands for, or `$other` for a format that is not understood.
macro_rules! with_sample_type {
    ($format:expr, $T:ident => $body:expr, $other:expr) => {
        match $format {
            SampleFormat::I8 => {
                type $T = i8;
                $body
            }
            SampleFormat::I16 => {
                type $T = i16;
                $body
            }
            SampleFormat::I24 => {
                type $T = I24;
                $body
            }
            SampleFormat::I32 => {
                type $T = i32;
                $body
            }
            SampleFormat::U8 => {
                type $T = u8;
                $body
            }
            SampleFormat::U16 => {
                type $T = u16;
                $body
            }
            SampleFormat::U24 => {
                type $T = U24;
                $body
            }
            SampleFormat::U32 => {
                type $T = u32;
                $body
            }
            SampleFormat::F32 => {
                type $T = f32;
                $body
            }
            SampleFormat::F64 => {
                type $T = f64;
                $body
            }
            _ => $other,
        }
    };
}

/// Gives `sink` the number of frames in `data` and an iterator over them, mixed to mono.
///
/// The mix is the mean of the first two channels: a microphone on a wide interface is on one of those, and a mean over
/// eighteen inputs would bury it.
pub(super) fn to_mono(data: &Data, channels: u16, sink: &mut dyn FnMut(usize, &mut dyn Iterator<Item = i16>)) {
    with_sample_type!(data.sample_format(), T => {
        if let Some(samples) = data.as_slice::<T>() {
            mono_frames(samples, channels, sink);
        }
    }, ());
}

fn mono_frames<T>(samples: &[T], channels: u16, sink: &mut dyn FnMut(usize, &mut dyn Iterator<Item = i16>))
where
    T: SizedSample,
    i16: FromSample<T>,
{
    let channels = usize::from(channels.max(1));
    let frames = samples.chunks_exact(channels);
    let count = frames.len();
    if channels == 1 {
        sink(count, &mut samples.iter().map(|&sample| i16::from_sample(sample)));
    } else {
        sink(count, &mut frames.map(|frame| mean(i16::from_sample(frame[0]), i16::from_sample(frame[1]))));
    }
}

fn mean(a: i16, b: i16) -> i16 {
    ((i32::from(a) + i32::from(b)) / 2) as i16
}

/// Fills `data` with frames from `next`, the same on the first two channels and silence on the others.
pub(super) fn from_mono(data: &mut Data, channels: u16, next: &mut dyn FnMut() -> i16) {
    with_sample_type!(data.sample_format(), T => {
        if let Some(samples) = data.as_slice_mut::<T>() {
            for frame in samples.chunks_exact_mut(usize::from(channels.max(1))) {
                let sample = T::from_sample(next());
                for (channel, place) in frame.iter_mut().enumerate() {
                    *place = if channel < 2 { sample } else { T::EQUILIBRIUM };
                }
            }
        }
    }, ());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mono<T: SizedSample>(samples: &mut [T], channels: u16) -> Vec<i16> {
        // SAFETY: the pointer and the length are those of the slice, and the format is that of its type.
        let data = unsafe { Data::from_parts(samples.as_mut_ptr().cast(), samples.len(), T::FORMAT) };
        let mut out = Vec::new();
        to_mono(&data, channels, &mut |count, frames| {
            out.extend(frames);
            assert_eq!(out.len(), count);
        });
        out
    }

    #[test]
    fn sixteen_bit_mono_is_left_as_it_is() {
        assert_eq!(mono(&mut [i16::MIN, -1, 0, 1, i16::MAX], 1), [i16::MIN, -1, 0, 1, i16::MAX]);
    }

    #[test]
    fn equal_channels_mix_to_themselves_and_full_scale_does_not_overflow() {
        assert_eq!(mono(&mut [7i16, 7, i16::MIN, i16::MIN, i16::MAX, i16::MAX], 2), [7, i16::MIN, i16::MAX]);
    }

    #[test]
    fn a_wide_device_is_mixed_from_its_first_two_channels() {
        assert_eq!(mono(&mut [100i16, 300, 9_999, 9_999], 4), [200]);
    }

    #[test]
    fn other_formats_keep_their_level() {
        assert_eq!(mono(&mut [0.5f32, -0.5], 1), [16_384, -16_384]);
        assert_eq!(mono(&mut [1i32 << 30], 1), [16_384]);
        assert_eq!(mono(&mut [128u8, 192], 1), [0, 16_384]);
        assert_eq!(mono(&mut [32_768u16], 1), [0]);
    }

    #[test]
    fn sound_beyond_full_scale_clips_instead_of_wrapping() {
        assert_eq!(mono(&mut [1.5f32, -1.5], 1), [i16::MAX, i16::MIN]);
    }

    #[test]
    fn every_sixteen_bit_sample_survives_a_float_device() {
        for value in i16::MIN..=i16::MAX {
            let mut place = [0f32; 2];
            // SAFETY: the pointer and the length are those of the array, and the format is that of its type.
            let mut data = unsafe { Data::from_parts(place.as_mut_ptr().cast(), 2, SampleFormat::F32) };
            from_mono(&mut data, 2, &mut || value);
            assert_eq!(mono(&mut place, 2), [value]);
        }
    }

    #[test]
    fn a_partial_frame_is_no_frame() {
        assert_eq!(mono(&mut [1i16, 2, 3], 2).len(), 1);
    }
}
