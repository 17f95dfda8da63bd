//! Keeps ALSA's library from writing its messages into the terminal.
//!
//! Knows nothing of devices; an error that matters comes back as a value.

/// Silences the library for the rest of the process; more than one call does no more.
#[cfg(target_os = "linux")]
pub(super) fn silence_alsa() {
    use std::ffi::{c_char, c_int};
    use std::sync::Once;

    type Fixed = unsafe extern "C" fn(*const c_char, c_int, *const c_char, c_int, *const c_char);
    type Variadic = unsafe extern "C" fn(*const c_char, c_int, *const c_char, c_int, *const c_char, ...);

    unsafe extern "C" fn nothing(_: *const c_char, _: c_int, _: *const c_char, _: c_int, _: *const c_char) {}

    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: Rust cannot define a variadic function, so one that ignores what follows its named arguments stands
        // in. On every ABI of Linux the caller places and removes the arguments of a C call, and the named ones lie
        // where they lie without the others, so a callee that reads none of them cannot tell the difference.
        unsafe {
            let handler = std::mem::transmute::<Fixed, Variadic>(nothing);
            alsa_sys::snd_lib_error_set_handler(Some(handler));
        }
    });
}

#[cfg(not(target_os = "linux"))]
pub(super) fn silence_alsa() {}
