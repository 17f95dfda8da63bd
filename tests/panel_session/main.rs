//! Sessions of panels, from the command to the last file: the real program with a cleared environment, without sound.

// The first, because it waits most and works least.
mod at_a_terminal;
mod built_in;
mod follow_ups;
mod going_on;
mod golden;
mod lost_files;
mod place;
mod replay;
mod reproducible;
#[path = "../support/riff.rs"]
mod riff;
mod session;
#[cfg(unix)]
#[path = "../support"]
#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod terminal;
}
mod tape;
mod voices;
