//! greenroom: a mock-interview simulator for the terminal.
//!
//! The map of the house, from the ground up; a floor knows only those below it:
//!
//! | floor | what it is for |
//! | --- | --- |
//! | [`interview`] | words and rules: time, questions, plan, engine |
//! | [`speech`] | numbers from sound; a crate of its own below `src/speech` |
//! | [`ports`] | the three doors to the outside: capture, playback, voice |
//! | [`audio`], [`voice`], [`store`] | what stands behind the doors, and the files |
//! | [`import`] | banks from articles, notes and tables |
//! | [`app`], [`tui`] | the loop that joins them, the commands, the screen |

pub mod app;
pub mod audio;
pub mod import;
pub mod interview;
pub mod ports;
pub mod store;
pub mod tui;
pub mod voice;

pub use greenroom_speech as speech;
