//! The packets between the program and the process in which the system's voice is reached.

/// Connect to the system's speech service; no body.
pub const OPEN: u8 = 1;
/// Take the voice whose name is the body.
pub const CHOOSE: u8 = 2;
/// Ask the service for anything, to see that it answers; no body.
pub const PING: u8 = 3;
/// Speak: four bytes of serial number (little-endian), then the text, never empty and without NUL.
pub const SPEAK: u8 = 4;
/// Stop speaking; no body.
pub const STOP: u8 = 5;

/// What [`OPEN`], [`CHOOSE`] or [`PING`] asked for is done.
pub const DONE: u8 = 1;
/// It failed; the body says why.
pub const PROBLEM: u8 = 2;
/// The speech with the serial number in the body is heard from now on.
pub const BEGAN: u8 = 3;
/// The speech with the serial number in the body is over.
pub const ENDED: u8 = 4;
