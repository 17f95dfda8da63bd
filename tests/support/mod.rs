//! What several tests share.

pub mod rig;
pub mod scenario;
