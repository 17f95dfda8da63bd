//! The form of sound to ask a device for: rate, channels, sample format, block.
//!
//! Pure choice among what a device says it can do; knows nothing of opening it.

use cpal::{BufferSize, SampleFormat, StreamConfig, SupportedBufferSize, SupportedStreamConfig};
use cpal::{SupportedStreamConfigRange, SupportedStreamConfigRange as Range};

use crate::interview::SampleRate;

/// The formats in the order in which they are asked for: the takes are 16-bit, so that one needs no conversion.
const FORMATS: [SampleFormat; 10] = [
    SampleFormat::I16,
    SampleFormat::F32,
    SampleFormat::I32,
    SampleFormat::I24,
    SampleFormat::U16,
    SampleFormat::F64,
    SampleFormat::U8,
    SampleFormat::I8,
    SampleFormat::U24,
    SampleFormat::U32,
];

/// What to ask a device for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) config: StreamConfig,
    pub(super) format: SampleFormat,
}

/// Chooses from what a device offers, preferring `wanted` as the rate and blocks of `block` frames at 48 kHz.
///
/// Nothing where the device offers no format that is understood.
pub(super) fn choose(
    ranges: &[SupportedStreamConfigRange],
    default: Option<&SupportedStreamConfig>,
    wanted: SampleRate,
    block: u32,
) -> Option<Shape> {
    let usable = |range: &&Range| range.channels() > 0 && FORMATS.contains(&range.sample_format());
    let has_wanted = |range: &Range| range.contains_rate(wanted.0);
    let rate_of = |range: &Range| {
        if has_wanted(range) {
            return wanted.0;
        }
        let fallback = default.map_or(wanted.0, |default| default.sample_rate());
        fallback.clamp(range.min_sample_rate(), range.max_sample_rate())
    };
    let usual_channels = default.map_or(1, |default| default.channels());
    let channel_rank = |channels: u16| match channels {
        _ if channels == usual_channels && channels <= 2 => 0,
        1 => 1,
        2 => 2,
        _ if channels == usual_channels => 3,
        more => 3 + u32::from(more),
    };
    let best = ranges.iter().filter(usable).min_by_key(|range| {
        let format = FORMATS.iter().position(|format| *format == range.sample_format());
        (!has_wanted(range), rate_of(range).abs_diff(wanted.0), channel_rank(range.channels()), format)
    });
    let (channels, rate, format, buffer) = match (best, default) {
        (Some(range), _) => (range.channels(), rate_of(range), range.sample_format(), *range.buffer_size()),
        (None, Some(default)) if FORMATS.contains(&default.sample_format()) && default.channels() > 0 => {
            (default.channels(), default.sample_rate(), default.sample_format(), *default.buffer_size())
        }
        _ => return None,
    };
    let scaled = (u64::from(block) * u64::from(rate) / u64::from(SampleRate::STANDARD.0)).max(1) as u32;
    let frames = match buffer {
        SupportedBufferSize::Range { min, max } if min <= max => scaled.clamp(min.max(1), max.max(1)),
        _ => scaled,
    };
    let config = StreamConfig { channels, sample_rate: rate, buffer_size: BufferSize::Fixed(frames) };
    Some(Shape { config, format })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(channels: u16, rates: (u32, u32), format: SampleFormat, max_block: u32) -> Range {
        Range::new(channels, rates.0, rates.1, SupportedBufferSize::Range { min: 16, max: max_block }, format)
    }

    fn default(channels: u16, rate: u32) -> SupportedStreamConfig {
        SupportedStreamConfig::new(channels, rate, SupportedBufferSize::Unknown, SampleFormat::F32)
    }

    #[test]
    fn forty_eight_kilohertz_and_16_bit_are_preferred() {
        let ranges = [
            range(2, (44_100, 44_100), SampleFormat::I16, 1 << 20),
            range(2, (48_000, 48_000), SampleFormat::F32, 1 << 20),
            range(2, (8_000, 96_000), SampleFormat::I16, 1 << 20),
        ];
        let shape = choose(&ranges, Some(&default(2, 44_100)), SampleRate(48_000), 4_800).expect("one fits");
        assert_eq!((shape.config.sample_rate, shape.format), (48_000, SampleFormat::I16));
        assert_eq!(shape.config.buffer_size, BufferSize::Fixed(4_800));
    }

    #[test]
    fn a_device_of_another_rate_is_taken_at_its_own() {
        let ranges = [range(1, (16_000, 16_000), SampleFormat::I16, 1 << 20)];
        let shape = choose(&ranges, Some(&default(1, 16_000)), SampleRate(48_000), 4_800).expect("it fits");
        assert_eq!(shape.config.sample_rate, 16_000);
        assert_eq!(shape.config.buffer_size, BufferSize::Fixed(1_600), "a tenth of a second at any rate");
    }

    #[test]
    fn the_block_stays_within_what_the_device_takes() {
        let ranges = [range(1, (48_000, 48_000), SampleFormat::I16, 1_024)];
        let shape = choose(&ranges, None, SampleRate(48_000), 4_800).expect("it fits");
        assert_eq!(shape.config.buffer_size, BufferSize::Fixed(1_024));
    }

    #[test]
    fn a_stereo_device_is_asked_for_stereo_and_a_wide_one_for_less() {
        let all: Vec<Range> = (1..=8).map(|n| range(n, (48_000, 48_000), SampleFormat::I16, 1 << 20)).collect();
        let channels = |usual| {
            let shape = choose(&all, Some(&default(usual, 48_000)), SampleRate(48_000), 4_800).expect("one fits");
            shape.config.channels
        };
        assert_eq!((channels(1), channels(2), channels(8)), (1, 2, 1));
    }

    #[test]
    fn a_device_that_offers_nothing_known_gives_nothing() {
        let ranges = [range(2, (48_000, 48_000), SampleFormat::DsdU8, 1 << 20)];
        assert_eq!(choose(&ranges, None, SampleRate(48_000), 4_800), None);
    }
}
