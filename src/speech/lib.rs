//! Numbers from sound: samples in, measurements out.
//!
//! Knows nothing of files, devices or sessions, and needs nothing but `std`.

#![allow(clippy::needless_range_loop, reason = "lanes that are counted are what the compiler does side by side")]

pub mod absent;
pub mod activity;
pub mod bands;
mod candidates;
pub mod contour;
pub mod delivery;
pub mod downsample;
mod edges;
pub mod fft;
pub mod fillers;
mod floor;
mod funnel;
pub mod guidance;
pub mod interpolate;
pub mod level;
pub mod loudness;
pub mod methods;
pub mod mix;
mod nearby;
pub mod nuclei;
pub mod pace;
mod path;
pub mod peaks;
mod period;
pub mod phrases;
pub mod pitch;
pub mod quality;
mod quiet;
pub mod report;
mod room;
pub mod stretch;
mod tally;
pub mod timing;
mod track;
pub mod voice;

pub use absent::Absent;
pub use activity::{Activity, Share, Untold};
pub use contour::{Contour, Voice};
pub use delivery::Delivery;
pub use downsample::Downsampler;
pub use level::{Db, Level};
pub use loudness::{Heard, Loudness, Unloud};
pub use mix::Mix;
pub use pace::{Pace, Rates, Stretch};
pub use peaks::{Peak, Peaks, PeaksBuilder};
pub use phrases::Phrase;
pub use pitch::{Pitch, Unpitched};
pub use quality::{Condition, Hum, Quality};
pub use report::{Pauses, Report};
pub use timing::{Span, Spoken, Timing, Untimed};
