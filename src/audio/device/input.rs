//! Opens a microphone's stream.
//!
//! Knows cpal; knows nothing of what happens when the stream dies.

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
use super::pulse::Server;
use super::reservoir::{Outlet, reservoir};
use super::shape::{self, Shape};
use super::signs::{Signs, Stage};
use crate::interview::SampleRate;

/// Frames of a block at 48 kHz: a tenth of a second.
const BLOCK: u32 = 4_800;
/// Frames that the pacemaker of a PulseAudio server asks for at once, half of which the server's source keeps: blocks come
/// every 50 to 100 ms.
const SERVER_BLOCK: u32 = 9_600;
/// How long nobody may take the frames before any is lost, in seconds: more than a server keeps for a program that was
/// suspended, which comes all at once.
const CAPACITY: usize = 50;

/// A running microphone.
pub(super) struct Input {
    pub(super) name: String,
    /// The server's own name for its source, where there is a server that says it.
    pub(super) source: Option<String>,
    pub(super) rate: SampleRate,
    pub(super) outlet: Outlet,
    /// What holds its frames back while it may be another one.
    pub(super) gate: Arc<Gate>,
    /// What holds its frames back while some may be missing before them.
    pub(super) lapses: Lapses,
}

/// Opens the microphone that the options mean, at `wanted` if it can.
pub(super) fn open(options: &DeviceOptions, wanted: SampleRate, alive: Arc<()>) -> Line<Input> {
    let options = options.clone();
    Line::open("the microphone", alive, move |signs| {
        let found = hosts::find(&options, Way::In)?;
        signs.enter(Stage::Building);
        let fail = |error: cpal::Error| hosts::cannot_use(&error, "opening", &found.name, &options, Way::In);
        let ranges: Vec<_> = found.device.supported_input_configs().map_err(fail)?.collect();
        let default = found.device.default_input_config().ok();
        let block = if found.by_server { SERVER_BLOCK } else { BLOCK };
        let Some(mut shape) = shape::choose(&ranges, default.as_ref(), wanted, block) else {
            let reason = "it offers none that is known".to_owned();
            return Err(AudioError::RateRefused { device: found.name.clone(), reason });
        };
        // A queue of a fixed length is as long as a block is, and a server drops what does not fit without a word. The
        // queue of no length in particular is as long as the server makes any, 43 s of mono; how often it is served is
        // then a matter of the source, which serves all its streams as often as the most impatient of them wants.
        let pacemaker = if found.by_server { pacemaker(&found, shape) } else { None };
        if pacemaker.is_some() {
            shape.config.buffer_size = BufferSize::Default;
        }
        let (stream, outlet, lapses) = match build(&found, shape, signs) {
            Err(error) if error.kind() == ErrorKind::UnsupportedConfig => {
                shape.config.buffer_size = BufferSize::Default;
                build(&found, shape, signs).map_err(fail)?
            }
            other => other.map_err(fail)?,
        };
        signs.enter(Stage::Starting);
        stream.play().map_err(fail)?;
        // Without it the blocks are longer, and nothing is lost.
        let _ = pacemaker.as_ref().map(|pacemaker| pacemaker.play());
        let source = refuse_monitor(&options)?;
        let (name, gate) = (found.name.clone(), Arc::new(Gate::new(Arc::clone(signs))));
        let input = Input { name, source, rate: SampleRate(shape.config.sample_rate), outlet, gate, lapses };
        Ok((input, (stream, pacemaker, found)))
    })
}

/// Opens a stream whose frames nobody wants, so that the source serves the other one often.
///
/// It is made first: of the streams of this program, the newest is the one whose source is watched.
fn pacemaker(found: &Found, shape: Shape) -> Option<cpal::Stream> {
    found.device.build_input_stream_raw(shape.config, shape.format, |_, _| {}, |_| {}, None).ok()
}

/// Refuses to record what the speaker plays: ALSA's default device may lead to the server's, and that to a monitor.
/// Returns the server's name for the source that is recorded, where it says one.
fn refuse_monitor(options: &DeviceOptions) -> Result<Option<String>, AudioError> {
    if !hosts::may_have_server(options.host.as_deref()) {
        return Ok(None);
    }
    let sight = Server::connect().ok().and_then(|mut server| server.sight().ok().flatten());
    match sight {
        Some(sight) if sight.source.monitor && !hosts::asked_for(options, &sight) => {
            Err(AudioError::Monitor { name: sight.source.name })
        }
        sight => Ok(sight.map(|sight| sight.source.id)),
    }
}

fn build(found: &Found, shape: Shape, signs: &Arc<Signs>) -> Result<(cpal::Stream, Outlet, Lapses), cpal::Error> {
    let rate = SampleRate(shape.config.sample_rate);
    let (inlet, outlet) = reservoir(rate.0 as usize * CAPACITY);
    let (stamper, lapses) = lapses(rate, signs.born());
    let mut listener = Listener::new(inlet, stamper, Arc::clone(signs), shape.config.channels);
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
