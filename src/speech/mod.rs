//! Numbers from sound: samples in, measurements out.
//!
//! Knows nothing of files, devices or sessions, and needs nothing but `std`.

pub mod activity;
pub mod bands;
pub mod fft;
mod funnel;
pub mod level;
pub mod nuclei;
pub mod stretch;
pub mod timing;
pub mod voice;

pub use activity::{Activity, Share, Untold};
pub use level::{Db, Level};
