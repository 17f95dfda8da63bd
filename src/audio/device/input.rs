//! Opens a microphone's stream.
//!
//! Knows cpal and the servers; knows nothing of what happens when the stream dies.

use std::sync::Arc;

use cpal::traits::{DeviceTrait, StreamTrait};
use cpal::{BufferSize, ErrorKind};

use super::DeviceOptions;
use super::callbacks::Listener;
use super::error::AudioError;
use super::gate::Gate;
use super::hosts::{self, Found, Way};
use super::lapse::{Lapses, lapses};
use super::line::Line;
use super::pulse::{End, HangUp, Server};
use super::recording::{Ending, Recording, Wanted};
use super::reservoir::{Outlet, reservoir};
use super::shape::{self, Shape};
use super::signs::{Signs, Stage};
use crate::interview::SampleRate;

/// Frames of a block at 48 kHz: a tenth of a second.
const BLOCK: u32 = 4_800;
/// Frames of a block for a PulseAudio server, half of which its device keeps; blocks come every 50 to 100 ms.
const SERVER_BLOCK: u32 = 9_600;
/// How long nobody may take the frames before any is lost, in seconds: more than a server keeps for a program that was
/// suspended, which comes all at once.
const CAPACITY: usize = 50;

/// A running microphone.
pub(super) struct Input {
    pub(super) name: String,
    pub(super) rate: SampleRate,
    pub(super) outlet: Outlet,
    /// What holds its frames back while it may be another one.
    pub(super) gate: Arc<Gate>,
    /// What holds its frames back while some may be missing before them.
    pub(super) lapses: Lapses,
}

/// What closes the stream when it is dropped.
#[allow(dead_code, reason = "it is only kept")]
enum Kept {
    Server(HangUp),
    Device(cpal::Stream, Box<Found>),
}

/// Opens the microphone that the options mean, at `wanted` if it can.
pub(super) fn open(options: &DeviceOptions, wanted: SampleRate, alive: Arc<()>) -> Line<Input> {
    let options = options.clone();
    Line::open("the microphone", alive, move |signs| {
        let source = hosts::find_source(&options)?;
        let opened = match source {
            Some((server, source)) => record(server, &source, wanted, signs)?,
            None => open_device(&options, wanted, signs)?,
        };
        refuse_monitor(&options)?;
        Ok(opened)
    })
}

/// Opens a source of a server.
fn record(server: Server, source: &End, rate: SampleRate, signs: &Arc<Signs>) -> Result<(Input, Kept), AudioError> {
    signs.enter(Stage::Building);
    let fail = |reason: String| AudioError::Backend { what: format!("opening {}", source.name), reason };
    // The server mixes what is wider down to one channel.
    let channels = if source.channels == 2 { 2 } else { 1 };
    let mut recording =
        Recording::of(server, source, Wanted { rate: rate.0, channels, block: SERVER_BLOCK }).map_err(fail)?;
    let hang_up = recording.hang_up().map_err(fail)?;
    signs.enter(Stage::Starting);
    recording.begin().map_err(fail)?;
    let (mut listener, outlet, lapses) = ends(signs, channels, rate);
    let reader_signs = Arc::clone(signs);
    std::thread::spawn(move || {
        let ending = recording.run(|bytes| listener.call_with_bytes(bytes));
        reader_signs.failed(match ending {
            Ending::Killed => ErrorKind::DeviceNotAvailable,
            Ending::Gone => ErrorKind::StreamInvalidated,
        });
    });
    let gate = Arc::new(Gate::new(Arc::clone(signs)));
    Ok((Input { name: source.name.clone(), rate, outlet, gate, lapses }, Kept::Server(hang_up)))
}

/// Opens a device of any other sound system.
fn open_device(options: &DeviceOptions, wanted: SampleRate, signs: &Arc<Signs>) -> Result<(Input, Kept), AudioError> {
    let found = hosts::find(options, Way::In)?;
    signs.enter(Stage::Building);
    let fail = |error: cpal::Error| hosts::cannot_use(&error, "opening", &found.name, options, Way::In);
    let ranges: Vec<_> = found.device.supported_input_configs().map_err(fail)?.collect();
    let default = found.device.default_input_config().ok();
    let Some(mut shape) = shape::choose(&ranges, default.as_ref(), wanted, BLOCK) else {
        let reason = "it offers none that is known".to_owned();
        return Err(AudioError::RateRefused { device: found.name.clone(), reason });
    };
    let (stream, outlet, lapses) = match build(&found, shape, signs) {
        Err(error) if error.kind() == ErrorKind::UnsupportedConfig => {
            shape.config.buffer_size = BufferSize::Default;
            build(&found, shape, signs).map_err(fail)?
        }
        other => other.map_err(fail)?,
    };
    signs.enter(Stage::Starting);
    stream.play().map_err(fail)?;
    let (name, gate) = (found.name.clone(), Arc::new(Gate::new(Arc::clone(signs))));
    let input = Input { name, rate: SampleRate(shape.config.sample_rate), outlet, gate, lapses };
    Ok((input, Kept::Device(stream, Box::new(found))))
}

/// Refuses to record what the speaker plays: ALSA's default device may lead to the server's, and that to a monitor.
fn refuse_monitor(options: &DeviceOptions) -> Result<(), AudioError> {
    if !hosts::may_have_server(options.host.as_deref()) {
        return Ok(());
    }
    let sight = Server::connect().ok().and_then(|mut server| server.sight().ok().flatten());
    match sight {
        Some(sight) if sight.source.monitor && !hosts::asked_for(options, &sight) => {
            Err(AudioError::Monitor { name: sight.source.name })
        }
        _ => Ok(()),
    }
}

fn ends(signs: &Arc<Signs>, channels: u16, rate: SampleRate) -> (Listener, Outlet, Lapses) {
    let (inlet, outlet) = reservoir(rate.0 as usize * CAPACITY);
    let (stamper, lapses) = lapses(rate);
    (Listener::new(inlet, stamper, Arc::clone(signs), channels), outlet, lapses)
}

fn build(found: &Found, shape: Shape, signs: &Arc<Signs>) -> Result<(cpal::Stream, Outlet, Lapses), cpal::Error> {
    let (mut listener, outlet, lapses) = ends(signs, shape.config.channels, SampleRate(shape.config.sample_rate));
    let error_signs = Arc::clone(signs);
    let stream = found.device.build_input_stream_raw(
        shape.config,
        shape.format,
        move |data, _| listener.call(data),
        move |error| error_signs.failed(error.kind()),
        None,
    )?;
    Ok((stream, outlet, lapses))
}
