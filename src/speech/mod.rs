//! Numbers from sound: samples in, measurements out.
//!
//! Knows nothing of files, devices or sessions, and needs nothing but `std`.

pub mod activity;
pub mod bands;
mod edges;
pub mod fft;
pub mod fillers;
mod funnel;
pub mod level;
pub mod nuclei;
mod quiet;
mod room;
pub mod stretch;
mod tally;
pub mod timing;
pub mod voice;

pub use activity::{Activity, Share, Untold};
pub use level::{Db, Level};
