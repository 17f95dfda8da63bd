//! Numbers from sound: samples in, measurements out.
//!
//! Knows nothing of files, devices or sessions, and needs nothing but `std`.

pub mod activity;
pub mod bands;
mod candidates;
pub mod downsample;
mod edges;
pub mod fft;
pub mod fillers;
mod funnel;
pub mod level;
pub mod loudness;
pub mod nuclei;
mod path;
mod period;
pub mod pitch;
pub mod quality;
mod quiet;
mod room;
pub mod stretch;
mod tally;
pub mod timing;
pub mod voice;

pub use activity::{Activity, Share, Untold};
pub use downsample::Downsampler;
pub use level::{Db, Level};
pub use loudness::{Heard, Loudness, Unloud};
pub use pitch::{Contour, Pitch, Unpitched, Voice};
pub use quality::{Condition, Hum, Quality};
