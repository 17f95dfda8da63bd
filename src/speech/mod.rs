//! Numbers from sound: samples in, measurements out.
//!
//! Knows nothing of files, devices or sessions, and needs nothing but `std`.

pub mod activity;
mod funnel;
pub mod level;
pub mod stretch;

pub use activity::{Activity, Share, Untold};
pub use level::{Db, Level};
