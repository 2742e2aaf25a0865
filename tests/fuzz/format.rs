//! Texts of any kind, formatted.

use protolint::format::Style;

/// Tokens, comments, damage and meaning stay, and a second run changes nothing.
pub fn format(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    assert_eq!(protolint::fuzzing::format(&text, &Style::default()), None, "{text}");
}
