//! Characters that must not reach a terminal or a log as they are, and their visible form. Names, comments and paths of
//! a hostile schema could otherwise move the cursor, change colors, forge a line of output, give orders to the CI
//! system that reads the log, or reorder what is read
//! (<https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing>). It does not depend on findings.

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

/// Whether a text is printable ASCII throughout and holds no order to a CI system: a quick test that spares most texts
/// the slow path.
pub(super) fn is_plain(text: &str) -> bool {
    // All of them without a way out in between, which is faster for texts that are nearly all plain.
    let is_printable = text.bytes().fold(true, |all, byte| all & (b' '..=b'~').contains(&byte));
    let pairs = text.bytes().zip(text.bytes().skip(1));
    let is_doubled = pairs.fold(false, |any, (one, next)| any | ((one == next) & matches!(one, b'#' | b':')));
    is_printable && !is_doubled
}

/// Whether a character right after `before` completes what a CI system that reads the log takes for an order: `##[` of
/// GitHub's runner anywhere in a line, `##vso[` of Azure's, `##teamcity[`
/// (`TryParse` in <https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs>).
pub(super) fn opens_order(before: &str, character: char) -> bool {
    const MAX_NAME: usize = 32;
    if character != '[' {
        return false;
    }
    let mut back = before.bytes().rev().take(MAX_NAME).skip_while(u8::is_ascii_alphabetic);
    back.next() == Some(b'#') && back.next() == Some(b'#')
}

/// Whether a colon begins two of them at the start of a word, which may come to stand at the start of a line: there,
/// they are an order to GitHub's runner (`TryParseV2` in the same file).
fn opens_line_order(before: &str, character: char, after: &str) -> bool {
    character == ':' && after.starts_with(':') && before.chars().next_back().is_none_or(char::is_whitespace)
}

/// A text that prints with every unsafe character as `\u{…}`, its code point in hexadecimal; so does one that would
/// make it an order to a CI system.
#[derive(Clone, Copy)]
pub(super) struct Visible<'a>(pub(super) &'a str);

impl fmt::Display for Visible<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_plain(self.0) {
            return f.write_str(self.0);
        }
        let is_special = |before: &str, character: char, after: &str| {
            is_unsafe(character) || opens_order(before, character) || opens_line_order(before, character, after)
        };
        write_replaced(f, self.0, is_special, |f, character| write!(f, "{}", character.escape_unicode()))
    }
}

/// Writes `text` with the characters that `is_special`, called with the texts before and after them, replaced by what
/// `replace` writes.
pub(super) fn write_replaced(
    f: &mut fmt::Formatter<'_>,
    text: &str,
    is_special: impl Fn(&str, char, &str) -> bool,
    replace: impl Fn(&mut fmt::Formatter<'_>, char) -> fmt::Result,
) -> fmt::Result {
    let mut written = 0;
    for (at, character) in text.char_indices() {
        let end = at + character.len_utf8();
        if is_special(&text[..at], character, &text[end..]) {
            f.write_str(&text[written..at])?;
            replace(f, character)?;
            written = end;
        }
    }
    f.write_str(&text[written..])
}
