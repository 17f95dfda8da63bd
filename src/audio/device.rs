//! Real microphones and speakers.
//!
//! The only place that knows cpal. Nothing here waits for a sound system without a deadline: each stream is opened,
//! owned and closed by a thread of its own, which is left behind if the sound system never answers.

mod callbacks;
mod capture;
mod error;
mod follow;
mod gate;
mod hosts;
mod hush;
mod input;
mod lapse;
mod line;
mod mix;
mod output;
mod playback;
mod player;
mod pulse;
mod quiet;
mod reservoir;
mod shape;
mod signs;
mod stall;
mod supervisor;
mod survey;
mod watch;

pub use capture::open_capture;
pub use error::AudioError;
pub use playback::{DevicePlayback, open_playback};
pub use survey::{HostSeen, Seen, Survey, survey};

/// Which device is meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeviceOptions {
    /// The sound system: `pulse`, `alsa`, or what there is elsewhere; the first that works where nothing is named.
    pub host: Option<String>,
    /// The device: its id, its description, or an unambiguous part of either; the default where nothing is named.
    pub name: Option<String>,
}
