//! What literals mean: strings with their escapes, and numbers. It reads single tokens, not where they stand.

use std::borrow::Cow;

/// What a backslash and the characters after it mean.
struct Escape {
    bytes: [u8; 4],
    /// How many of `bytes` count.
    count: usize,
    /// How many bytes of the literal it takes, the backslash included.
    length: usize,
}

impl Escape {
    fn byte(byte: u8, length: usize) -> Escape {
        Escape { bytes: [byte, 0, 0, 0], count: 1, length }
    }

    /// A code point as protoc encodes it: a lone surrogate as if it were a character.
    fn code_point(code: u32, length: usize) -> Escape {
        let tail = |shift: u32| 0x80 | (code >> shift & 0x3F) as u8;
        let (bytes, count) = match code {
            0..=0x7F => ([code as u8, 0, 0, 0], 1),
            0x80..=0x7FF => ([0xC0 | (code >> 6) as u8, tail(0), 0, 0], 2),
            0x800..=0xFFFF => ([0xE0 | (code >> 12) as u8, tail(6), tail(0), 0], 3),
            _ => ([0xF0 | (code >> 18) as u8, tail(12), tail(6), tail(0)], 4),
        };
        Escape { bytes, count, length }
    }

    /// Reads the escape at the backslash that `rest` starts with;
    /// <https://protobuf.dev/reference/protobuf/proto3-spec/#string_literals>.
    fn read(rest: &[u8]) -> Option<Escape> {
        let simple = |byte| Some(Escape::byte(byte, 2));
        match *rest.get(1)? {
            b'a' => simple(7),
            b'b' => simple(8),
            b't' => simple(b'\t'),
            b'n' => simple(b'\n'),
            b'v' => simple(11),
            b'f' => simple(12),
            b'r' => simple(b'\r'),
            byte @ (b'?' | b'\\' | b'\'' | b'"') => simple(byte),
            b'0'..=b'7' => {
                let (value, digits) = digits(&rest[1..], 8, 3);
                Some(Escape::byte((value & 0xFF) as u8, 1 + digits))
            }
            b'x' | b'X' => match digits(&rest[2..], 16, 2) {
                (_, 0) => None,
                (value, digits) => Some(Escape::byte(value as u8, 2 + digits)),
            },
            b'u' => Escape::unicode(rest, 4),
            b'U' => Escape::unicode(rest, 8),
            _ => None,
        }
    }

    /// `\uXXXX` or `\UXXXXXXXX`; a pair of surrogates is one character.
    fn unicode(rest: &[u8], wanted: usize) -> Option<Escape> {
        let (code, count) = digits(&rest[2..], 16, wanted);
        let length = 2 + wanted;
        if count != wanted || code > 0x10_FFFF {
            return None;
        }
        if matches!(code, 0xD800..=0xDBFF)
            && rest[length..].starts_with(b"\\u")
            && let (low @ 0xDC00..=0xDFFF, 4) = digits(&rest[length + 2..], 16, 4)
        {
            let whole = 0x1_0000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            return Some(Escape::code_point(whole, length + 6));
        }
        Some(Escape::code_point(code, length))
    }
}

/// The number that at most `most` leading digits make, and how many they are.
fn digits(bytes: &[u8], radix: u32, most: usize) -> (u32, usize) {
    let values = bytes.iter().take(most).map_while(|&byte| char::from(byte).to_digit(radix));
    values.fold((0, 0), |(value, count), digit| (value * radix + digit, count + 1))
}

/// How many bytes the escape takes that `rest` starts with; `None` where it is none.
pub(super) fn escape_length(rest: &[u8]) -> Option<usize> {
    Escape::read(rest).map(|escape| escape.length)
}

/// The bytes that a literal in quotes means. What is no escape stands for itself.
pub(crate) fn bytes(literal: &str) -> Cow<'_, [u8]> {
    let quote = literal.chars().next().unwrap_or_default();
    let inner = literal.strip_prefix(quote).unwrap_or(literal);
    let inner = inner.strip_suffix(quote).unwrap_or(inner).as_bytes();
    if !inner.contains(&b'\\') {
        return Cow::Borrowed(inner);
    }
    let mut value = Vec::with_capacity(inner.len());
    let mut at = 0;
    while let Some(&byte) = inner.get(at) {
        let escape = if byte == b'\\' { Escape::read(&inner[at..]) } else { None };
        let escape = escape.unwrap_or(Escape::byte(byte, 1));
        value.extend_from_slice(&escape.bytes[..escape.count]);
        at += escape.length;
    }
    Cow::Owned(value)
}

/// A part of a literal's value that is written without escapes.
#[derive(Clone, Copy)]
pub(super) struct PlainRun {
    /// Where it begins in the value.
    pub(super) value: usize,
    /// Where it begins in the literal.
    pub(super) written: usize,
    pub(super) length: usize,
}

/// The parts of a literal's value that are written as they are, and how long the value is.
pub(super) fn plain_runs(literal: &str) -> (Vec<PlainRun>, usize) {
    let inner = literal.as_bytes().get(1..literal.len().saturating_sub(1)).unwrap_or_default();
    let (mut runs, mut value, mut at): (Vec<PlainRun>, usize, usize) = (Vec::new(), 0, 0);
    while let Some(&byte) = inner.get(at) {
        if let Some(escape) = Some(byte).filter(|byte| *byte == b'\\').and_then(|_| Escape::read(&inner[at..])) {
            value += escape.count;
            at += escape.length;
            continue;
        }
        match runs.last_mut().filter(|last| last.written + last.length == at + 1) {
            Some(last) => last.length += 1,
            None => runs.push(PlainRun { value, written: at + 1, length: 1 }),
        }
        (value, at) = (value + 1, at + 1);
    }
    (runs, value)
}

/// The value of an integer: decimal, hexadecimal or octal; `None` where it needs more than 64 bits.
pub(crate) fn integer(number: &str) -> Option<u64> {
    let hex = number.strip_prefix("0x").or_else(|| number.strip_prefix("0X"));
    match (hex, number.strip_prefix('0')) {
        (Some(digits), _) => u64::from_str_radix(digits, 16).ok(),
        (None, Some(digits)) if !digits.is_empty() => u64::from_str_radix(digits, 8).ok(),
        _ => number.parse().ok(),
    }
}

/// The value of a decimal number as a float.
pub(crate) fn float(number: &str) -> f64 {
    number.parse().unwrap_or(f64::NAN)
}
