//! Characters that must not reach a terminal or a log as they are, and their visible form. Names, comments and paths of
//! a hostile schema could otherwise move the cursor, change colors, forge a line of output, or reorder what is read
//! (<https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing>). It knows nothing of findings.

use std::fmt;

/// Whether a character is a control (C0, DEL, C1), ends a line or paragraph, or changes the direction of text
/// (`Bidi_Control` in <https://www.unicode.org/reports/tr9/>). All of them are below U+10000.
pub(super) fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

/// Whether a text is printable ASCII throughout: a quick test that spares most texts the slow path.
pub(super) fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// A text that prints with every unsafe character as `\u{…}`, its code point in hexadecimal.
#[derive(Clone, Copy)]
pub(super) struct Visible<'a>(pub(super) &'a str);

impl fmt::Display for Visible<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_plain(self.0) {
            return f.write_str(self.0);
        }
        write_replaced(f, self.0, is_unsafe, |f, character| write!(f, "{}", character.escape_unicode()))
    }
}

/// Writes `text` with the characters that `is_special` replaced by what `replace` writes.
pub(super) fn write_replaced(
    f: &mut fmt::Formatter<'_>,
    text: &str,
    is_special: impl Fn(char) -> bool,
    replace: impl Fn(&mut fmt::Formatter<'_>, char) -> fmt::Result,
) -> fmt::Result {
    let mut rest = text;
    while let Some(at) = rest.find(&is_special) {
        let (before, tail) = rest.split_at(at);
        f.write_str(before)?;
        let mut tail = tail.chars();
        if let Some(character) = tail.next() {
            replace(f, character)?;
        }
        rest = tail.as_str();
    }
    f.write_str(rest)
}
