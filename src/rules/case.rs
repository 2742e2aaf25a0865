//! Names as the style guide writes them: snake case and Pascal case, with buf's treatment of digits and acronyms.

/// Whether `c` separates words.
fn is_delimiter(c: char) -> bool {
    matches!(c, '.' | '-' | '_' | ' ' | '\t' | '\n' | '\r')
}

/// Words in lower case, joined by `_`. A digit never begins a word, so `v1beta1` stays as it is.
pub(super) fn lower_snake(name: &str) -> String {
    snake(name).to_lowercase()
}

/// Words in upper case, joined by `_`.
pub(crate) fn upper_snake(name: &str) -> String {
    snake(name).to_uppercase()
}

fn snake(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    let mut before: Option<char> = None;
    let mut rest = name.trim_matches(is_delimiter).chars().peekable();
    while let Some(c) = rest.next() {
        let after_break = words.is_empty() || words.ends_with('_');
        if is_delimiter(c) {
            if !after_break {
                words.push('_');
            }
        } else {
            let next_is_small =
                rest.peek().is_some_and(|&next| !is_upper(next) && !next.is_numeric() && !is_delimiter(next));
            let begins_word = is_upper(c) && (next_is_small || before.is_some_and(char::is_lowercase));
            if begins_word && !after_break {
                words.push('_');
            }
            words.push(c);
        }
        before = Some(c);
    }
    words
}

fn is_upper(c: char) -> bool {
    c.is_uppercase()
}

/// Words that each begin with a capital, nothing between them. Capitals inside stay, so acronyms pass.
pub(super) fn pascal(name: &str) -> String {
    let mut words = String::with_capacity(name.len());
    let mut at_start = true;
    for c in name.chars() {
        if is_delimiter(c) {
            at_start = true;
            continue;
        }
        if at_start {
            words.extend(c.to_uppercase());
        } else if is_upper(c) {
            words.push(c);
        } else {
            words.extend(c.to_lowercase());
        }
        at_start = false;
    }
    words
}

/// Whether a name is its own lower snake case: the common case, decided without building a string.
pub(super) fn is_lower_snake(name: &str) -> bool {
    is_snake(name, |byte| byte.is_ascii_lowercase()) || lower_snake(name) == name
}

/// Whether a name is its own upper snake case.
pub(super) fn is_upper_snake(name: &str) -> bool {
    is_snake(name, |byte| byte.is_ascii_uppercase()) || upper_snake(name) == name
}

fn is_snake(name: &str, is_letter: fn(u8) -> bool) -> bool {
    let bytes = name.as_bytes();
    let mut before = b'_';
    for &byte in bytes {
        let plain = is_letter(byte) || byte.is_ascii_digit() || (byte == b'_' && before != b'_');
        if !plain {
            return false;
        }
        before = byte;
    }
    before != b'_'
}

/// Whether a name is its own Pascal case.
pub(super) fn is_pascal(name: &str) -> bool {
    let plain =
        name.as_bytes().first().is_some_and(u8::is_ascii_uppercase) && name.bytes().all(|b| b.is_ascii_alphanumeric());
    plain || pascal(name) == name
}

/// Words that each begin with a capital but the first, nothing between them.
pub(super) fn lower_camel(name: &str) -> String {
    let snake = lower_snake(name);
    let (first, rest) = snake.split_once('_').unwrap_or((&snake, ""));
    format!("{first}{}", pascal(rest))
}

/// Whether a name could be lower camel case: capitals may follow each other, so acronyms pass.
pub(super) fn is_lower_camel(name: &str) -> bool {
    !name.starts_with(is_upper) && !name.contains(is_delimiter)
}
