//! What stands behind the doors for sound: devices, files in their place, and the takes on disk.

pub mod resample;
