//! The voices through their real processes: the program's own host, programs that misbehave, and a speech service.

mod built_in;
mod panel;
#[path = "../support/pitch.rs"]
mod pitch;
mod programs;
#[cfg(all(target_os = "linux", feature = "system-voice"))]
mod system;

/// Writes a shell script that can be run.
#[cfg(unix)]
fn script(folder: &std::path::Path, name: &str, body: &str) -> std::path::PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let path = folder.join(name);
    std::fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}
