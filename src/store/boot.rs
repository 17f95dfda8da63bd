//! Which start of the machine this is, so that a power cut can be told from a crash.
//!
//! What a crashed program wrote is in the system's memory and reaches the disk; what was written before the power went
//! is there only as far as it was synced.

use crate::interview::Text;

/// Stands in for the machine's own answer; for tests.
pub const VARIABLE: &str = "GREENROOM_BOOT_ID";

/// The longest id that is kept, in characters.
const LONGEST: usize = 64;

/// The id of this start of the machine; `None` where the system does not tell.
pub fn id() -> Option<String> {
    let told = match std::env::var(VARIABLE) {
        Ok(id) if !id.is_empty() => Some(id),
        _ => of_the_system(),
    };
    let short: String = Text::clean(&told?).as_str().chars().take(LONGEST).collect();
    let id = Text::clean(&short).to_string();
    (!id.is_empty()).then_some(id)
}

#[cfg(target_os = "linux")]
fn of_the_system() -> Option<String> {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()
}

#[cfg(target_os = "macos")]
fn of_the_system() -> Option<String> {
    let mut bytes = [0_u8; 128];
    let mut length = bytes.len();
    // SAFETY: the name is a C string, and the system writes at most `length` bytes into `bytes`.
    let failed = unsafe {
        libc::sysctlbyname(
            c"kern.bootsessionuuid".as_ptr(),
            bytes.as_mut_ptr().cast(),
            &mut length,
            std::ptr::null_mut(),
            0,
        )
    };
    let text = std::str::from_utf8(bytes.get(..length)?).ok()?;
    (failed == 0).then(|| text.trim_end_matches('\0').to_owned())
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn of_the_system() -> Option<String> {
    None
}
