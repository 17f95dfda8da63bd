//! Which sound system is used, and which of its devices.
//!
//! PulseAudio or PipeWire first where a server answers, ALSA next; on other systems the only one there is.
//! Knows nothing of streams. The calls into a sound system may hang; whoever calls has a deadline around them.

use cpal::HostId;
use cpal::traits::{DeviceTrait, HostTrait};

use super::error::AudioError;
use super::pulse::{End, Refusal, Server, Sight};
use super::{DeviceOptions, quiet};
use crate::interview::Text;

/// Which way the sound goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    In,
    Out,
}

/// A device that was found, with what keeps it valid.
pub(super) struct Found {
    pub(super) device: cpal::Device,
    /// What a person would call it.
    pub(super) name: String,
    /// Whether a PulseAudio or PipeWire server is asked directly.
    pub(super) by_server: bool,
    /// The host lives as long as its devices are used.
    pub(super) _host: cpal::Host,
}

/// The names by which `--host` chooses a sound system.
pub(super) fn names() -> Vec<String> {
    cpal::ALL_HOSTS.iter().map(|id| short_name(*id)).collect()
}

/// The name by which `--host` chooses `id`.
pub(super) fn short_name(id: HostId) -> String {
    if is_pulse(id) { "pulse".to_owned() } else { id.to_string() }
}

fn is_pulse(id: HostId) -> bool {
    id.name().eq_ignore_ascii_case("pulseaudio")
}

fn is_alsa(id: HostId) -> bool {
    id.name().eq_ignore_ascii_case("alsa")
}

/// The sound system to use, and the connection to its server where it has one that can be asked.
pub(super) fn choose(asked: Option<&str>) -> Result<(HostId, Option<Server>), AudioError> {
    quiet::silence_alsa();
    if let Some(asked) = asked {
        let alias = match asked.to_lowercase().as_str() {
            "pulse" | "pipewire" => "pulseaudio".to_owned(),
            other => other.to_owned(),
        };
        let id = cpal::ALL_HOSTS.iter().copied().find(|id| id.name().eq_ignore_ascii_case(&alias));
        let id = id.ok_or_else(|| AudioError::UnknownHost { name: asked.to_owned(), known: names() })?;
        if !(cfg!(target_os = "linux") && is_pulse(id)) {
            return Ok((id, None));
        }
        let server = Server::connect();
        return server.map(|server| (id, Some(server))).map_err(Refusal::into_error);
    }
    let available = cpal::available_hosts();
    if cfg!(target_os = "linux")
        && let Some(pulse) = available.iter().copied().find(|id| is_pulse(*id))
    {
        match Server::connect() {
            Ok(server) => return Ok((pulse, Some(server))),
            // A server that hangs holds the devices too.
            Err(refusal @ Refusal::Silent) => return Err(refusal.into_error()),
            Err(Refusal::Absent(_)) => {}
        }
    }
    let other = available.into_iter().find(|id| !(cfg!(target_os = "linux") && is_pulse(*id)));
    other.map(|id| (id, None)).ok_or_else(|| AudioError::HostUnavailable {
        host: "the system's sound".to_owned(),
        reason: "there is none".to_owned(),
    })
}

/// Finds the device that the options mean.
pub(super) fn find(options: &DeviceOptions, way: Way) -> Result<Found, AudioError> {
    let (id, server) = choose(options.host.as_deref())?;
    let wanted = match server {
        Some(mut server) => {
            let backend = |reason| AudioError::Backend { what: "asking the sound service".to_owned(), reason };
            let ends = match way {
                Way::In => server.sources().map_err(backend)?,
                Way::Out => server.sinks().map_err(backend)?,
            };
            Some(pick_end(&ends, options.name.as_deref(), way)?)
        }
        None => None,
    };
    let host = cpal::host_from_id(id)
        .map_err(|error| AudioError::HostUnavailable { host: id.name().to_owned(), reason: error.to_string() })?;
    if let Some(end) = wanted {
        let device = devices(&host, way)?.into_iter().find(|device| device_id(device) == end.id);
        return match device {
            Some(device) => Ok(Found { device, name: end.name, by_server: true, _host: host }),
            None => Err(none(way, format!("{} has just gone", end.name))),
        };
    }
    let device = match &options.name {
        Some(name) => pick_named(devices(&host, way)?, name)?,
        None => match way {
            Way::In => host.default_input_device(),
            Way::Out => host.default_output_device(),
        }
        .ok_or_else(|| none(way, format!("{} names none", id.name())))?,
    };
    Ok(Found { name: human_name(&device), device, by_server: is_pulse(id), _host: host })
}

/// The error for a device that cannot be used: ALSA names a default device where there is none at all.
pub(super) fn cannot_use(error: &cpal::Error, what: &str, name: &str, options: &DeviceOptions, way: Way) -> AudioError {
    let known = AudioError::of(error, what, name);
    let alsa_default = options.name.is_none() && name == "Default Audio Device";
    match known {
        // ALSA takes a server that hangs for none.
        _ if alsa_default && Server::connect().err() == Some(Refusal::Silent) => Refusal::Silent.into_error(),
        AudioError::Backend { .. } if alsa_default => none(way, format!("ALSA has no default device: {error}")),
        _ if error.kind() == cpal::ErrorKind::DeviceNotAvailable => none(way, format!("{name}: {error}")),
        known => known,
    }
}

fn none(way: Way, reason: String) -> AudioError {
    match way {
        Way::In => AudioError::NoInputDevice { reason },
        Way::Out => AudioError::NoOutputDevice { reason },
    }
}

/// The source or sink that is meant: a monitor only where it was asked for by name.
fn pick_end(ends: &[End], name: Option<&str>, way: Way) -> Result<End, AudioError> {
    if let Some(name) = name {
        return pick_label(ends, name, |end| end.monitor, |end| [end.id.clone(), end.name.clone()]).cloned();
    }
    let real = |end: &&End| !end.monitor;
    let default = ends.iter().filter(real).find(|end| end.default);
    default.or_else(|| ends.iter().find(real)).cloned().ok_or_else(|| {
        let only_monitors = ends.iter().any(|end| end.monitor);
        let reason = if only_monitors {
            "the sound service offers only recordings of what the speaker plays"
        } else {
            "the sound service has none"
        };
        none(way, reason.to_owned())
    })
}

fn pick_named(devices: Vec<cpal::Device>, name: &str) -> Result<cpal::Device, AudioError> {
    pick_label(&devices, name, |_| false, |device| [device_id(device), human_name(device)]).cloned()
}

/// The one of `all` that is called `name`; a monitor by a part of its name only where no other device has that part.
fn pick_label<'a, T>(
    all: &'a [T],
    name: &str,
    is_monitor: impl Fn(&T) -> bool,
    label: impl Fn(&T) -> [String; 2],
) -> Result<&'a T, AudioError> {
    let (monitors, real): (Vec<&T>, Vec<&T>) = all.iter().partition(|each| is_monitor(each));
    let labels = |some: &[&T]| some.iter().map(|each| label(each)).collect::<Vec<_>>();
    let (real_labels, monitor_labels) = (labels(&real), labels(&monitors));
    let whole = |labels: &[[String; 2]]| match_whole(labels, name);
    if let Some(place) = whole(&real_labels) {
        return Ok(real[place]);
    }
    if let Some(place) = whole(&monitor_labels) {
        return Ok(monitors[place]);
    }
    for (some, labels) in [(&real, &real_labels), (&monitors, &monitor_labels)] {
        match match_part(labels, name)[..] {
            [] => {}
            [place] => return Ok(some[place]),
            ref places => return Err(AudioError::ambiguous_device(name, places, labels)),
        }
    }
    Err(AudioError::unknown_device(name, &real_labels))
}

/// The one that is called `name`: exactly, else but for case.
fn match_whole(labels: &[[String; 2]], name: &str) -> Option<usize> {
    let lower = name.to_lowercase();
    let position = |test: &dyn Fn(&String) -> bool| labels.iter().position(|both| both.iter().any(test));
    position(&|label| label == name).or_else(|| position(&|label| label.to_lowercase() == lower))
}

/// Those of whose names `part` is a part; nothing is a part of none.
fn match_part(labels: &[[String; 2]], part: &str) -> Vec<usize> {
    let lower = part.to_lowercase();
    let has = |both: &[String; 2]| !lower.is_empty() && both.iter().any(|label| label.to_lowercase().contains(&lower));
    labels.iter().enumerate().filter(|(_, both)| has(both)).map(|(place, _)| place).collect()
}

/// The devices of a sound system that go this way.
pub(super) fn devices(host: &cpal::Host, way: Way) -> Result<Vec<cpal::Device>, AudioError> {
    let failed = |error: cpal::Error| AudioError::of(&error, "listing the devices of", host.id().name());
    match way {
        Way::In => host.input_devices().map(Iterator::collect).map_err(failed),
        Way::Out => host.output_devices().map(Iterator::collect).map_err(failed),
    }
}

/// The sound system's own name for a device.
pub(super) fn device_id(device: &cpal::Device) -> String {
    device.id().map(|id| id.id().to_owned()).unwrap_or_default()
}

/// What a person would call a device.
pub(super) fn human_name(device: &cpal::Device) -> String {
    let name = device.description().map(|description| description.name().to_owned());
    Text::clean(&name.unwrap_or_else(|_| device_id(device))).to_string()
}

/// Whether the sound system leads to a server that can be asked which source is recorded.
pub(super) fn may_have_server(asked: Option<&str>) -> bool {
    let Some(asked) = asked else { return cfg!(target_os = "linux") };
    let known = cpal::ALL_HOSTS.iter().any(|id| (is_pulse(*id) || is_alsa(*id)) && names_match(*id, asked));
    cfg!(target_os = "linux") && known
}

fn names_match(id: HostId, asked: &str) -> bool {
    short_name(id).eq_ignore_ascii_case(asked)
        || id.name().eq_ignore_ascii_case(asked)
        || (is_pulse(id) && asked.eq_ignore_ascii_case("pipewire"))
}

/// Whether the options name the source that is recorded.
pub(super) fn asked_for(options: &DeviceOptions, sight: &Sight) -> bool {
    let called = |label: &str, name: &str| label.to_lowercase().contains(&name.to_lowercase());
    let source = &sight.source;
    options.name.as_deref().is_some_and(|name| called(&source.id, name) || called(&source.name, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(id: &str, monitor: bool, default: bool) -> End {
        let (id, name) = (id.to_owned(), format!("The {id}"));
        End { id, name, rate: 48_000, channels: 1, default, monitor, muted: false, suspended: false }
    }

    #[test]
    fn a_monitor_is_taken_only_by_name() {
        let ends = [end("speaker.monitor", true, true), end("mic", false, false)];
        assert_eq!(pick_end(&ends, None, Way::In).map(|end| end.id), Ok("mic".to_owned()));
        let named = pick_end(&ends, Some("speaker.monitor"), Way::In).map(|end| end.id);
        assert_eq!(named, Ok("speaker.monitor".to_owned()));
        assert!(matches!(pick_end(&ends[..1], None, Way::In), Err(AudioError::NoInputDevice { .. })));
    }

    #[test]
    fn a_device_is_named_by_id_by_description_or_by_an_unambiguous_part() {
        let ends = [end("usb-mic", false, false), end("webcam", false, true)];
        for name in ["usb-mic", "USB-MIC", "The usb-mic", "usb"] {
            assert_eq!(pick_end(&ends, Some(name), Way::In).map(|end| end.id), Ok("usb-mic".to_owned()), "{name}");
        }
        for name in ["", "phone"] {
            assert!(matches!(pick_end(&ends, Some(name), Way::In), Err(AudioError::UnknownDevice { .. })), "{name}");
        }
    }

    #[test]
    fn a_part_of_several_names_is_told_from_a_name_that_nobody_has() {
        let ends = [end("usb-mic", false, false), end("webcam", false, true), end("hdmi.monitor", true, false)];
        let said = |name| pick_end(&ends, Some(name), Way::In).map(|end| end.id).map_err(|error| error.to_string());
        let several = "`The` may be any of `The usb-mic`, `The webcam`: write more of the name";
        assert_eq!(said("The"), Err(several.to_owned()));
        let none = "there is no device `qqq`; there are `The usb-mic`, `The webcam`";
        assert_eq!(said("qqq"), Err(none.to_owned()));
    }

    #[test]
    fn a_part_of_a_name_means_a_monitor_only_where_it_is_a_part_of_no_other() {
        let ends = [end("headset", false, false), end("headset.monitor", true, false)];
        for (name, id) in [("head", "headset"), ("headset.mon", "headset.monitor")] {
            assert_eq!(pick_end(&ends, Some(name), Way::In).map(|end| end.id), Ok(id.to_owned()), "{name}");
        }
    }

    #[test]
    fn an_unknown_host_lists_those_there_are() {
        let error = choose(Some("oss4")).err().expect("there is no such host");
        assert!(matches!(&error, AudioError::UnknownHost { known, .. } if !known.is_empty()), "{error}");
    }
}
