//! What others wrote, against the real program: texts, files and programs that mean harm.

#![cfg(unix)]

#[path = "../support/harmless.rs"]
mod harmless;
mod place;
#[path = "../support"]
#[allow(dead_code, reason = "other tests use the rest")]
mod support {

    pub mod terminal;
}

mod banks;
mod programs;
mod sessions;
mod texts;
mod voices;
