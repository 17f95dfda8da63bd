//! Numbers from sound: samples in, measurements out.
//!
//! Knows nothing of files, devices or sessions, and needs nothing but `std`.

pub mod activity;
pub mod downsample;
mod funnel;
pub mod level;
pub mod stretch;

pub use activity::{Activity, Share, Untold};
pub use downsample::Downsampler;
pub use level::{Db, Level};
