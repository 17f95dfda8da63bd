//! The helper through which greenroom reaches speech-dispatcher.
//!
//! A program of its own because it links libspeechd: greenroom itself starts where that library is missing.
//! It is started by greenroom and serves packets on its standard input and output.

#[cfg(target_os = "linux")]
use greenroom::voice::{frame, system_packets};

#[cfg(target_os = "linux")]
#[path = "../voice/system_host.rs"]
mod system_host;

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    system_host::serve()
}

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("greenroom-speechd: only Linux needs this helper; greenroom reaches the system's voice itself here");
}
