//! Opens a speaker's stream.
//!
//! Knows cpal; knows nothing of which clips are played, or of what happens when the stream dies.

use std::sync::Arc;

use cpal::traits::{DeviceTrait, StreamTrait};
use cpal::{BufferSize, ErrorKind};

use super::DeviceOptions;
use super::callbacks::Speaker;
use super::error::AudioError;
use super::hosts::{self, Found, Way};
use super::line::Line;
use super::player::{Feed, Stand, player};
use super::shape::{self, Shape};
use super::signs::{Signs, Stage};
use crate::interview::SampleRate;

/// Frames of a block at 48 kHz: 43 ms.
const BLOCK: u32 = 2_048;

/// A running speaker.
pub(super) struct Output {
    pub(super) name: String,
    pub(super) rate: SampleRate,
    pub(super) feed: Feed,
}

/// Opens the speaker that the options mean, at its own rate; `stand` is where its playing is told.
pub(super) fn open(options: &DeviceOptions, stand: Arc<Stand>) -> Line<Output> {
    let options = options.clone();
    Line::open("the speaker", Arc::new(()), move |signs| {
        let found = hosts::find(&options, Way::Out)?;
        signs.enter(Stage::Building);
        let fail = |error: cpal::Error| hosts::cannot_use(&error, "opening", &found.name, &options, Way::Out);
        let ranges: Vec<_> = found.device.supported_output_configs().map_err(fail)?.collect();
        let default = found.device.default_output_config().ok();
        let own_rate = default.as_ref().map_or(SampleRate::STANDARD, |default| SampleRate(default.sample_rate()));
        let Some(mut shape) = shape::choose(&ranges, default.as_ref(), own_rate, BLOCK) else {
            let reason = "it offers none that is known".to_owned();
            return Err(AudioError::RateRefused { device: found.name.clone(), reason });
        };
        let (stream, feed) = match build(&found, shape, signs, &stand) {
            Err(error) if error.kind() == ErrorKind::UnsupportedConfig => {
                shape.config.buffer_size = BufferSize::Default;
                build(&found, shape, signs, &stand).map_err(fail)?
            }
            other => other.map_err(fail)?,
        };
        signs.enter(Stage::Starting);
        stream.play().map_err(fail)?;
        let output = Output { name: found.name.clone(), rate: SampleRate(shape.config.sample_rate), feed };
        Ok((output, (stream, found)))
    })
}

fn build(
    found: &Found,
    shape: Shape,
    signs: &Arc<Signs>,
    stand: &Arc<Stand>,
) -> Result<(cpal::Stream, Feed), cpal::Error> {
    let (player, feed) = player(Arc::clone(stand));
    let error_signs = Arc::clone(signs);
    let mut speaker = Speaker::new(player, Arc::clone(signs), shape.config.channels, shape.config.sample_rate);
    let stream = found.device.build_output_stream_raw(
        shape.config,
        shape.format,
        move |data, info| {
            let stamp = info.timestamp();
            speaker.call(data, stamp.playback.saturating_duration_since(stamp.callback));
        },
        move |error| error_signs.failed(error.kind()),
        None,
    )?;
    Ok((stream, feed))
}
