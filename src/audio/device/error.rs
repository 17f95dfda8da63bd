//! What can go wrong between greenroom and a sound device, and what to do about it.

use thiserror::Error;

use crate::interview::Text;

/// Why a device is not used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AudioError {
    /// There is no microphone.
    #[error(
        "no microphone was found ({reason}): plug one in or switch it on, `greenroom doctor` lists what there is; \
             without one, `--input wav:PATH` or `greenroom demo` work"
    )]
    NoInputDevice {
        /// What was looked at.
        reason: String,
    },
    /// There is no speaker.
    #[error(
        "no speaker or headphones were found ({reason}): plug them in or switch them on, \
             `greenroom doctor` lists what there is; `--output none` goes without"
    )]
    NoOutputDevice {
        /// What was looked at.
        reason: String,
    },
    /// No device has the name that was asked for.
    #[error("{}", unknown_device(Text::clean(name).as_str(), .nearest, .known))]
    UnknownDevice {
        /// The name that was asked for.
        name: String,
        /// The names nearest to it, the nearest first.
        nearest: Vec<String>,
        /// All names.
        known: Vec<String>,
    },
    /// Several devices have names that contain what was asked for.
    #[error("`{}` may be any of {}: write more of the name", Text::clean(name), quoted(.names))]
    AmbiguousDevice {
        /// The part of a name that was asked for.
        name: String,
        /// The names that contain it.
        names: Vec<String>,
    },
    /// No sound system has the name that was asked for.
    #[error("`{}` is not a sound system here: `--host` takes {}", Text::clean(name), .known.join(" or "))]
    UnknownHost {
        /// The name that was asked for.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// The sound system that was asked for does not answer.
    #[error("{host} does not answer ({reason}): start its service, or leave out `--host`")]
    HostUnavailable {
        /// Which one.
        host: String,
        /// What it said.
        reason: String,
    },
    /// The system does not let this program use the device.
    #[error("no permission to use {device}: {}", PERMISSION)]
    PermissionDenied {
        /// Which one.
        device: String,
    },
    /// The device takes no form of sound that greenroom can use.
    #[error(
        "{device} refuses every rate and sample format that was offered ({reason}): choose another device, \
             `greenroom doctor` lists them"
    )]
    RateRefused {
        /// Which one.
        device: String,
        /// What it said.
        reason: String,
    },
    /// Another program holds the device.
    #[error("{device} is in use by another program: close that program and try again")]
    Busy {
        /// Which one.
        device: String,
    },
    /// Something gave no answer within its time.
    #[error(
        "{what} gave no answer within {seconds} s: restart the sound service (or unplug the device and plug it \
             in again) and try again"
    )]
    Hung {
        /// What was being done.
        what: String,
        /// Its time.
        seconds: u64,
    },
    /// What would be recorded is what the speaker plays, not a microphone.
    #[error(
        "{name} records what the speaker plays and is no microphone: plug a microphone in, \
             or ask for it by name with `--input` if that is what you want"
    )]
    Monitor {
        /// Which one.
        name: String,
    },
    /// The sound system failed in its own way.
    #[error("{what} failed: {reason}; `greenroom doctor` looks closer")]
    Backend {
        /// What was being done.
        what: String,
        /// What the sound system said.
        reason: String,
    },
}

/// What gives a program the right to a microphone.
#[cfg(target_os = "macos")]
const PERMISSION: &str =
    "allow your terminal in System Settings > Privacy & Security > Microphone, then start it again";
#[cfg(target_os = "windows")]
const PERMISSION: &str =
    "switch on Settings > Privacy & security > Microphone > Let desktop apps access your microphone";
#[cfg(not(any(target_os = "macos", target_os = "windows")))]
const PERMISSION: &str = "add yourself to the group `audio`, or start the sound service of your session";

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn unknown_device(name: &str, nearest: &[String], known: &[String]) -> String {
    match (nearest.is_empty(), known.is_empty()) {
        (false, _) => format!("there is no device `{name}`; did you mean {}?", quoted(nearest)),
        (true, false) => format!("there is no device `{name}`; there are {}", quoted(known)),
        (true, true) => format!("there is no device `{name}`, and no other: plug it in, or leave the name out"),
    }
}

/// What to call a device so that no other is meant: its human name, or its id where others have that name too.
fn called([id, name]: &[String; 2], labels: &[[String; 2]]) -> String {
    let alone = labels.iter().filter(|[_, other]| other == name).count() == 1;
    if alone && !name.is_empty() { name.clone() } else { id.clone() }
}

impl AudioError {
    /// The error for a name that no device has, with the names nearest to it; `labels` has the id and the human name of
    /// each device that may be offered.
    pub(super) fn unknown_device(name: &str, labels: &[[String; 2]]) -> AudioError {
        let wanted = name.to_lowercase();
        let likeness = |label: &String| strsim::jaro_winkler(&wanted, &label.to_lowercase());
        let mut near: Vec<(f64, String)> = labels
            .iter()
            .filter_map(|both| {
                let (by_id, by_name) = (likeness(&both[0]), likeness(&both[1]));
                let offered = if by_id >= by_name { both[0].clone() } else { called(both, labels) };
                Some((by_id.max(by_name), offered)).filter(|(alike, _)| *alike > 0.7)
            })
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        let nearest = near.into_iter().take(3).map(|(_, name)| name).collect();
        let known = labels.iter().map(|both| called(both, labels)).collect();
        AudioError::UnknownDevice { name: name.to_owned(), nearest, known }
    }

    /// The error for a part of a name that several devices have: those at `places` among `labels`.
    pub(super) fn ambiguous_device(name: &str, places: &[usize], labels: &[[String; 2]]) -> AudioError {
        let names = places.iter().map(|place| called(&labels[*place], labels)).collect();
        AudioError::AmbiguousDevice { name: name.to_owned(), names }
    }

    /// The error that an answer of the sound system means for what was being done with `device`.
    pub(super) fn of(error: &cpal::Error, what: &str, device: &str) -> AudioError {
        let device = device.to_owned();
        match error.kind() {
            cpal::ErrorKind::PermissionDenied => AudioError::PermissionDenied { device },
            cpal::ErrorKind::DeviceBusy => AudioError::Busy { device },
            cpal::ErrorKind::UnsupportedConfig => AudioError::RateRefused { device, reason: error.to_string() },
            _ => AudioError::Backend { what: format!("{what} {device}"), reason: error.to_string() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(devices: &[(&str, &str)]) -> Vec<[String; 2]> {
        devices.iter().map(|(id, name)| [(*id).to_owned(), (*name).to_owned()]).collect()
    }

    #[test]
    fn an_unknown_device_offers_the_nearest_of_the_ids_and_the_names() {
        let known = labels(&[("input.usb-0d8c", "USB Microphone"), ("input.pci-00", "Built-in Audio")]);
        for (name, meant) in [("usb micropone", "USB Microphone"), ("input.usb-0d8d", "input.usb-0d8c")] {
            let said = AudioError::unknown_device(name, &known).to_string();
            assert!(said.starts_with(&format!("there is no device `{name}`; did you mean `{meant}`")), "{said}");
        }
    }

    #[test]
    fn an_unknown_device_like_no_other_lists_them_all_each_by_a_name_of_its_own() {
        let known = labels(&[("a", "Webcam"), ("b", "Webcam"), ("c", "Built-in Audio")]);
        let error = AudioError::unknown_device("qqq", &known);
        assert_eq!(error.to_string(), "there is no device `qqq`; there are `a`, `b`, `Built-in Audio`");
    }

    #[test]
    fn a_refusal_of_permission_says_where_to_give_it() {
        let error = cpal::Error::new(cpal::ErrorKind::PermissionDenied);
        assert!(matches!(AudioError::of(&error, "opening", "the mic"), AudioError::PermissionDenied { .. }));
    }
}
