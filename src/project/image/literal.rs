//! Values as literals of a source text. It knows no fields, only what the parser takes.

use std::fmt::Write;

/// Appends a string literal of any bytes; what is no printable UTF-8 becomes octal escapes.
pub(super) fn write_string(bytes: &[u8], out: &mut String) {
    out.push('"');
    for chunk in bytes.utf8_chunks() {
        for letter in chunk.valid().chars() {
            write_letter(letter, out);
        }
        chunk.invalid().iter().for_each(|byte| write_octal(*byte, out));
    }
    out.push('"');
}

fn write_letter(letter: char, out: &mut String) {
    match letter {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        _ if letter.is_control() => {
            let mut buffer = [0; 4];
            letter.encode_utf8(&mut buffer).bytes().for_each(|byte| write_octal(byte, out));
        }
        _ => out.push(letter),
    }
}

fn write_octal(byte: u8, out: &mut String) {
    // Three digits, so that a digit behind it stays apart.
    write!(out, "\\{byte:03o}").expect("a string takes all");
}

/// Appends a string literal of bytes that are escaped already, as the default of a `bytes` field is. `false` where the
/// escapes are malformed.
pub(super) fn write_escaped(bytes: &[u8], out: &mut String) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    out.push('"');
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some(next) if next.is_ascii_graphic() => {
                    out.push('\\');
                    out.push(next);
                }
                _ => return false,
            },
            _ => write_letter(letter, out),
        }
    }
    out.push('"');
    true
}

pub(super) fn write_double(number: f64, out: &mut String) {
    if number.is_nan() {
        out.push_str("nan");
    } else if number.is_infinite() {
        out.push_str(if number > 0.0 { "inf" } else { "-inf" });
    } else {
        write!(out, "{number:?}").expect("a string takes all");
    }
}

pub(super) fn write_float(number: f32, out: &mut String) {
    if !number.is_finite() {
        return write_double(number.into(), out);
    }
    let short = format!("{number:?}");
    // Compilers read a double first and narrow it.
    let narrowed = short.parse::<f64>().map(|wide| wide as f32);
    if narrowed.is_ok_and(|narrowed| narrowed.to_bits() == number.to_bits()) {
        out.push_str(&short);
    } else {
        write_double(number.into(), out);
    }
}

/// Whether `text` is a number as the default of a `float` or a `double` has it.
pub(super) fn is_float(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    matches!(digits, "inf" | "nan")
        || digits.starts_with(|first: char| first.is_ascii_digit()) && digits.parse::<f64>().is_ok()
}
