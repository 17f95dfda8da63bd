//! What there is: sound systems and their devices, for `greenroom doctor`.
//!
//! Opens no stream. Every question has a deadline.

use std::sync::mpsc::channel;
use std::time::Duration;

use cpal::HostId;
use cpal::traits::{DeviceTrait, HostTrait};

use super::error::AudioError;
use super::hosts::{self, Way};
use super::pulse::{End, Server};

/// How long the listing of a sound system may take.
const LISTING: Duration = Duration::from_secs(3);

/// What there is.
#[derive(Debug, Clone, Default)]
pub struct Survey {
    /// The sound systems.
    pub hosts: Vec<HostSeen>,
    /// The name of the one that is used.
    pub chosen: Option<String>,
    /// The microphones of the one that is used.
    pub inputs: Vec<Seen>,
    /// The speakers of the one that is used.
    pub outputs: Vec<Seen>,
    /// What went wrong on the way.
    pub errors: Vec<AudioError>,
}

/// A sound system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostSeen {
    /// What `--host` calls it.
    pub name: String,
    /// Why it cannot be used, if it cannot.
    pub fault: Option<String>,
}

/// A device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The sound system's own name, which `--input` and `--output` take.
    pub id: String,
    /// What a person would call it; they take it too.
    pub name: String,
    /// Whether it is used where none is named.
    pub default: bool,
    /// Whether it records what a speaker plays.
    pub monitor: bool,
    /// Whether it is muted.
    pub muted: bool,
    /// Its own rate, where that can be told without opening it.
    pub rate: Option<u32>,
    /// Its channels, where they can be told without opening it.
    pub channels: Option<u16>,
}

/// Looks at all there is; `host` names the sound system to use.
pub fn survey(host: Option<&str>) -> Survey {
    let mut survey = Survey { hosts: all_hosts(), ..Survey::default() };
    let (id, server) = match hosts::choose(host) {
        Ok(chosen) => chosen,
        Err(error) => {
            survey.errors.push(error);
            return survey;
        }
    };
    survey.chosen = Some(hosts::short_name(id));
    match server {
        Some(server) => survey.ask_server(server),
        None => survey.list(id),
    }
    if survey.inputs.iter().all(|seen| seen.monitor) {
        let reason = format!("{} lists none", hosts::short_name(id));
        survey.errors.push(AudioError::NoInputDevice { reason });
    }
    if survey.outputs.is_empty() {
        let reason = format!("{} lists none", hosts::short_name(id));
        survey.errors.push(AudioError::NoOutputDevice { reason });
    }
    survey
}

fn all_hosts() -> Vec<HostSeen> {
    let available = cpal::available_hosts();
    let fault = |id: HostId| {
        if cfg!(target_os = "linux") && hosts::short_name(id) == "pulse" {
            return Server::connect().err().map(|refusal| refusal.into_error().to_string());
        }
        (!available.contains(&id)).then(|| "it is not installed or not running".to_owned())
    };
    cpal::ALL_HOSTS.iter().map(|&id| HostSeen { name: hosts::short_name(id), fault: fault(id) }).collect()
}

impl Survey {
    fn ask_server(&mut self, mut server: Server) {
        let failed = |reason| AudioError::Backend { what: "asking the sound service".to_owned(), reason };
        match server.sources() {
            Ok(ends) => self.inputs = ends.into_iter().map(Seen::from).collect(),
            Err(reason) => self.errors.push(failed(reason)),
        }
        match server.sinks() {
            Ok(ends) => self.outputs = ends.into_iter().map(Seen::from).collect(),
            Err(reason) => self.errors.push(failed(reason)),
        }
    }

    fn list(&mut self, id: HostId) {
        let (tell, told) = channel();
        std::thread::spawn(move || _ = tell.send(list(id)));
        match told.recv_timeout(LISTING) {
            Ok(Ok((inputs, outputs))) => (self.inputs, self.outputs) = (inputs, outputs),
            Ok(Err(error)) => self.errors.push(error),
            Err(_) => {
                let what = format!("listing the devices of {}", hosts::short_name(id));
                self.errors.push(AudioError::Hung { what, seconds: LISTING.as_secs() });
            }
        }
    }
}

fn list(id: HostId) -> Result<(Vec<Seen>, Vec<Seen>), AudioError> {
    let host = cpal::host_from_id(id)
        .map_err(|error| AudioError::HostUnavailable { host: id.name().to_owned(), reason: error.to_string() })?;
    let list = |way: Way, default: Option<cpal::Device>| -> Result<Vec<Seen>, AudioError> {
        let default = default.as_ref().map(hosts::device_id);
        let devices = hosts::devices(&host, way)?;
        let see = |device: &cpal::Device| {
            // ALSA can tell this only by opening the device, which may hang or disturb others.
            let config = match way {
                _ if id.name().eq_ignore_ascii_case("alsa") => None,
                Way::In => device.default_input_config().ok(),
                Way::Out => device.default_output_config().ok(),
            };
            let id = hosts::device_id(device);
            Seen {
                default: Some(&id) == default.as_ref(),
                id,
                name: hosts::human_name(device),
                monitor: false,
                muted: false,
                rate: config.as_ref().map(|config| config.sample_rate()),
                channels: config.as_ref().map(|config| config.channels()),
            }
        };
        let alsa = id.name().eq_ignore_ascii_case("alsa");
        Ok(devices.iter().map(see).filter(|seen| !alsa || leads_somewhere(&seen.id)).collect())
    };
    Ok((list(Way::In, host.default_input_device())?, list(Way::Out, host.default_output_device())?))
}

/// Whether a name of ALSA's stands for a device or a service: most stand for converters that a device can be put
/// behind, and for nothing by themselves.
fn leads_somewhere(id: &str) -> bool {
    id.contains("CARD=") || id == "default"
}

impl From<End> for Seen {
    fn from(end: End) -> Seen {
        let End { id, name, rate, channels, default, monitor, muted, suspended: _ } = end;
        Seen { id, name, default, monitor, muted, rate: Some(rate), channels: Some(channels) }
    }
}
