//! Numbers from sound: samples in, measurements out.
//!
//! Knows nothing of files, devices or sessions, and needs nothing but `std`.

pub mod activity;
mod candidates;
pub mod downsample;
mod funnel;
pub mod level;
pub mod loudness;
mod path;
mod period;
pub mod pitch;
pub mod quality;
pub mod stretch;

pub use activity::{Activity, Share, Untold};
pub use downsample::Downsampler;
pub use level::{Db, Level};
pub use loudness::{Heard, Loudness, Unloud};
pub use pitch::{Contour, Pitch, Unpitched, Voice};
pub use quality::{Condition, Hum, Quality};
