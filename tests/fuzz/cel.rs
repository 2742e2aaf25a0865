//! Expressions of CEL.

/// Faults have places inside of the text, and evaluation ends with the same result each time.
pub fn cel(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    assert_eq!(protolint::fuzzing::cel(&text), None, "{text}");
}
