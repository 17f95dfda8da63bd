//! What several tests share.

pub mod rig;
