//! Texts of any kind, read.

/// The text comes back out of its tree, nodes nest, and the descriptor is protox's where both parsers take the text.
pub fn syntax(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    assert_eq!(protolint::fuzzing::syntax(&text), None, "{text}");
}
