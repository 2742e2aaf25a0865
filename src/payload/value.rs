//! Values of fields as people read them. Only `explain` shows any.

use std::fmt::Write;

use super::plan::{FieldDetail, Kind};
use super::wire::unzigzag;
use crate::schema::{Scalar, quoted};

/// A value, and what is odd about it.
pub(super) struct Shown {
    pub(super) text: String,
    pub(super) notes: Vec<String>,
}

impl Shown {
    fn plain(text: String) -> Shown {
        Shown { text, notes: Vec::new() }
    }
}

/// A value that is a number on the wire.
pub(super) fn number(kind: Kind, detail: &FieldDetail, raw: u64) -> Shown {
    // Runtimes keep the lower half of what is wider than the type.
    let narrowed = |value: i64, wide: i64| {
        let is_cut = value != wide;
        let notes = is_cut.then(|| format!("{wide} does not fit in 32 bits: read as {value}"));
        Shown { text: value.to_string(), notes: notes.into_iter().collect() }
    };
    let Kind::Scalar(scalar) = kind else {
        return if kind == Kind::Enum { of_enum(detail, raw) } else { Shown::plain(raw.to_string()) };
    };
    match scalar {
        Scalar::Double => Shown::plain(f64::from_bits(raw).to_string()),
        Scalar::Float => Shown::plain(f32::from_bits(raw as u32).to_string()),
        Scalar::Int32 => narrowed(i64::from(raw as i32), raw as i64),
        Scalar::Uint32 => narrowed(i64::from(raw as u32), raw as i64),
        Scalar::Sint32 => narrowed(unzigzag(u64::from(raw as u32)), unzigzag(raw)),
        Scalar::Fixed32 => Shown::plain((raw as u32).to_string()),
        Scalar::Sfixed32 => Shown::plain((raw as u32 as i32).to_string()),
        Scalar::Int64 | Scalar::Sfixed64 => Shown::plain((raw as i64).to_string()),
        Scalar::Sint64 => Shown::plain(unzigzag(raw).to_string()),
        Scalar::Bool if raw > 1 => Shown { text: "true".to_owned(), notes: vec![format!("{raw} is read as true")] },
        Scalar::Bool => Shown::plain((raw != 0).to_string()),
        Scalar::Uint64 | Scalar::Fixed64 | Scalar::String | Scalar::Bytes => Shown::plain(raw.to_string()),
    }
}

fn of_enum(detail: &FieldDetail, raw: u64) -> Shown {
    let number = raw as i32;
    let Some(values) = &detail.values else { return Shown::plain(number.to_string()) };
    let mut notes = Vec::new();
    if i64::from(number) != raw as i64 {
        notes.push(format!("{} does not fit in 32 bits: read as {number}", raw as i64));
    }
    match values.name(number) {
        Some(name) => Shown { text: format!("{name} ({number})"), notes },
        None if values.is_closed => {
            notes.push(format!("the enum is closed and has no value {number}: kept as an unknown field"));
            Shown { text: number.to_string(), notes }
        }
        None => {
            notes.push(format!("the enum has no value {number}"));
            Shown { text: number.to_string(), notes }
        }
    }
}

/// The text of a string, in quotes; `None` where it is not UTF-8.
pub(super) fn string(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().map(quoted)
}

/// Bytes, in quotes, with escapes.
pub(super) fn bytes(bytes: &[u8]) -> String {
    format!("\"{}\"", bytes.escape_ascii())
}

/// Bytes in hexadecimal, with spaces between.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 3);
    for (at, byte) in bytes.iter().enumerate() {
        if at > 0 {
            text.push(' ');
        }
        let _ = write!(text, "{byte:02x}");
    }
    text
}
