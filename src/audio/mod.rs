//! What stands behind the doors for sound: devices, files in their place, and the takes on disk.

pub mod cue;
pub mod device;
pub mod input;
pub mod pace;
pub mod pcm_capture;
mod private_file;
pub mod reel;
mod reel_error;
mod reel_marks;
pub mod resample;
pub mod take;
mod take_clerk;
mod take_error;
mod take_file;
mod take_sync;
pub mod wav;
pub mod wav_capture;
mod wav_header;
pub mod wav_playback;
pub mod wav_sound;
pub mod wav_track;

#[cfg(test)]
#[path = "../../tests/support/riff.rs"]
pub(crate) mod riff;
