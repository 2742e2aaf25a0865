//! Character classes of RE2: `[a-z]`, `\d`, `\p{Greek}`, `[[:alpha:]]`, and characters written as escapes.

use super::Reader;

const POSIX: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "word",
    "xdigit",
];

/// Reads `[…]`.
pub(super) fn read(reader: &mut Reader<'_>) -> Result<(), String> {
    reader.keep_char();
    if reader.rest.starts_with('^') {
        reader.keep_char();
    }
    let mut is_first = true;
    while is_first || !reader.rest.starts_with(']') {
        is_first = false;
        if reader.rest.is_empty() {
            return Err("a `]` is missing".to_owned());
        }
        if !read_posix(reader)? && !read_escaped_class(reader)? {
            read_range(reader)?;
        }
    }
    reader.keep_char();
    Ok(())
}

fn read_posix(reader: &mut Reader<'_>) -> Result<bool, String> {
    let Some((name, rest)) = reader.rest.strip_prefix("[:").and_then(|after| split_near(after, ":]")) else {
        return Ok(false);
    };
    if !POSIX.contains(&name.strip_prefix('^').unwrap_or(name)) {
        return Err(format!("`[:{name}:]` is not a known class"));
    }
    reader.out.push_str(&format!("[:{name}:]"));
    reader.rest = rest;
    Ok(true)
}

/// Names are short: to look no further keeps reading linear.
fn split_near<'t>(text: &'t str, end: &str) -> Option<(&'t str, &'t str)> {
    let at = text.char_indices().take(64).find(|(at, _)| text[*at..].starts_with(end))?.0;
    Some((&text[..at], &text[at + end.len()..]))
}

fn read_range(reader: &mut Reader<'_>) -> Result<(), String> {
    let low = read_char(reader)?;
    reader.push_literal(low);
    let Some(after) = reader.rest.strip_prefix('-').filter(|after| !after.is_empty() && !after.starts_with(']')) else {
        return Ok(());
    };
    reader.rest = after;
    let high = read_char(reader)?;
    if high < low {
        return Err(format!("the range `{}-{}` is empty", low.escape_default(), high.escape_default()));
    }
    reader.out.push('-');
    reader.push_literal(high);
    Ok(())
}

fn read_char(reader: &mut Reader<'_>) -> Result<char, String> {
    match reader.rest.starts_with('\\') {
        true => read_escaped_char(reader),
        false => reader.take_char().ok_or_else(|| "a `]` is missing".to_owned()),
    }
}

/// Reads `\d`, `\p{…}` and the like, which work inside brackets and outside, if one is next.
pub(super) fn read_escaped_class(reader: &mut Reader<'_>) -> Result<bool, String> {
    let Some(after) = reader.rest.strip_prefix('\\') else {
        return Ok(false);
    };
    let ascii = match after.chars().next() {
        Some('d') => "[0-9]",
        Some('D') => "[^0-9]",
        Some('s') => "[\\t\\n\\f\\r ]",
        Some('S') => "[^\\t\\n\\f\\r ]",
        Some('w') => "[0-9A-Za-z_]",
        Some('W') => "[^0-9A-Za-z_]",
        Some(letter @ ('p' | 'P')) => {
            read_property(reader, letter == 'P')?;
            return Ok(true);
        }
        _ => return Ok(false),
    };
    reader.rest = &after[1..];
    reader.out.push_str(ascii);
    Ok(true)
}

fn read_property(reader: &mut Reader<'_>, is_negated: bool) -> Result<(), String> {
    let after = &reader.rest[2..];
    let (name, rest) = match after.strip_prefix('{') {
        Some(braced) => split_near(braced, "}").ok_or("a `}` is missing")?,
        None => after.split_at(after.chars().next().map_or(0, char::len_utf8)),
    };
    let (name, is_negated) = match name.strip_prefix('^') {
        Some(name) => (name, !is_negated),
        None => (name, is_negated),
    };
    let letter = if is_negated { 'P' } else { 'p' };
    let property = format!("\\{letter}{{{name}}}");
    let is_plain = name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_- ".contains(letter));
    // Categories and scripts are known, other properties of Unicode are not.
    let is_known = |kind: &str| regex::Regex::new(&format!("\\p{{{kind}{name}}}")).is_ok();
    let exists = || is_known("gc=") || is_known("sc=");
    if name.is_empty() || !is_plain || !*reader.properties.entry(name.to_owned()).or_insert_with(exists) {
        return Err(format!("`{name}` is not a known Unicode property"));
    }
    reader.out.push_str(&property);
    reader.rest = rest;
    Ok(())
}

/// Reads `\n`, `\x41`, `\x{1F600}`, `\101`, `\.` and the like.
pub(super) fn read_escaped_char(reader: &mut Reader<'_>) -> Result<char, String> {
    reader.take_char();
    let Some(next) = reader.take_char() else {
        return Err("a `\\` is at the end".to_owned());
    };
    let unknown = || Err(format!("`\\{next}` is not a known escape"));
    let code = match next {
        'a' => 0x07,
        'f' => 0x0c,
        'n' => 0x0a,
        'r' => 0x0d,
        't' => 0x09,
        'v' => 0x0b,
        'x' => return read_hexadecimal(reader),
        '1'..='7' if !reader.rest.starts_with(|digit: char| digit.is_digit(8)) => {
            return Err(format!("`\\{next}` refers back to a group, which is not supported"));
        }
        '0'..='7' => return read_octal(reader, next),
        _ if next.is_ascii() && !next.is_ascii_alphanumeric() => u32::from(next),
        _ => return unknown(),
    };
    char::from_u32(code).map_or_else(unknown, Ok)
}

fn read_octal(reader: &mut Reader<'_>, first: char) -> Result<char, String> {
    let mut code = first.to_digit(8).unwrap_or_default();
    for _ in 0..2 {
        let Some(digit) = reader.rest.chars().next().and_then(|next| next.to_digit(8)) else {
            break;
        };
        code = code * 8 + digit;
        reader.take_char();
    }
    char::from_u32(code).ok_or_else(|| "an octal escape is not a character".to_owned())
}

fn read_hexadecimal(reader: &mut Reader<'_>) -> Result<char, String> {
    let invalid = || "`\\x` needs two hexadecimal digits, or digits in braces".to_owned();
    let (digits, rest) = match reader.rest.strip_prefix('{') {
        Some(braced) => split_near(braced, "}").ok_or_else(invalid)?,
        None => reader.rest.split_at_checked(2).ok_or_else(invalid)?,
    };
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(invalid());
    }
    reader.rest = rest;
    let code = u32::from_str_radix(digits, 16).ok();
    code.and_then(char::from_u32).ok_or_else(|| format!("`\\x{{{digits}}}` is not a character"))
}
