//! Writes values as YAML, so that reading them gives the same text. It does not depend on what they are.

use std::borrow::Cow;

/// Words that are no strings in YAML, in lower case.
const WORDS: [&str; 8] = ["true", "false", "null", "yes", "no", "on", "off", "nan"];

/// A text as a scalar that may stand anywhere, in double quotes unless it is made of letters, digits, `_`, `.`, `-` and
/// `/` and begins with a letter or `_`.
pub(super) fn scalar(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'/');
    let begins = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let is_word = WORDS.iter().any(|word| word.eq_ignore_ascii_case(text));
    if begins && !is_word && text.bytes().all(is_plain) { Cow::Borrowed(text) } else { Cow::Owned(quoted(text)) }
}

/// A text in double quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            // Line separators and marks of direction are no control characters, and no better.
            _ if character.is_control() || matches!(character, '\u{2028}'..='\u{202e}' | '\u{feff}') => {
                quoted.push_str(&format!("\\U{:08x}", u32::from(character)));
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}
