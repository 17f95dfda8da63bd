//! The whole program on a private sound server: what a candidate hears, what is kept of what they say, and what happens
//! when the sound goes away.

#![cfg(target_os = "linux")]

mod absent;
mod changed;
mod deck;
mod doctor;
mod exact;
mod heard;
mod killed;
mod lost;
mod panel;
#[path = "../support/pitch.rs"]
mod pitch;
mod program;
#[path = "../support/riff.rs"]
mod riff;
mod sound;
#[path = "../support/mod.rs"]
mod support;
mod suspended;

/// What the tests of the deck start in a process of its own; by itself there is nothing to do.
#[test]
fn a_scenario() {
    support::scenario::run_if_told();
}
