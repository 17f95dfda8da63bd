//! Any bytes at all as the check of this name takes them.

#![no_main]

#[path = "../../tests/fuzz/checks/mod.rs"]
#[allow(dead_code)]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::import::check(bytes));
