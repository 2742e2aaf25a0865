//! Runs the laws of `tests/fuzz/payload.rs` on whatever libFuzzer thinks of.

#![no_main]

#[path = "../../tests/fuzz/laws.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| laws::payload(bytes));
