//! What a person sees and presses in a terminal.

mod braille;
pub mod canvas;
pub mod keys;
pub mod live;
pub mod plain;
pub mod relay;
pub mod replay;
mod ruler;
pub mod screen;
pub mod spark;
pub mod strip;
pub mod terminal;
pub mod theme;
pub mod view;
pub mod waveform;
pub mod wrap;
