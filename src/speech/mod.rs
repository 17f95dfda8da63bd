//! Numbers from sound: samples in, measurements out.
//!
//! Knows nothing of files, devices or sessions, and needs nothing but `std`.

pub mod activity;
pub mod bands;
pub mod downsample;
mod edges;
pub mod fft;
pub mod fillers;
mod funnel;
pub mod level;
pub mod loudness;
pub mod nuclei;
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
pub use quality::{Condition, Hum, Quality};
