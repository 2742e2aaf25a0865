//! How evidence is shown: messages in the text form, bytes as hexadecimal numbers, both cut where they get long.

use std::fmt::Write;

use prost_reflect::{DynamicMessage, MapKey, Value};

use super::field_shape::{FieldShape, Kind};
use super::schema_slice::SchemaSlice;
use crate::schema::Scalar;

/// How many bytes are shown.
const MAX_BYTES: usize = 32;
/// How many are shown within a sentence.
const MAX_SHORT_BYTES: usize = 8;
/// How many characters are shown.
const MAX_CHARS: usize = 80;

/// A text that is not too long.
pub(super) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some(_) => text.chars().take(most - 1).chain(['…']).collect(),
        None => text.to_owned(),
    }
}

/// A text of at most 80 characters.
pub(super) fn short(text: &str) -> String {
    cut(text, MAX_CHARS)
}

/// Bytes as two digits each, `0a 0f 61`.
pub(super) fn hex(bytes: &[u8]) -> String {
    hex_of(bytes, MAX_BYTES)
}

/// A few bytes as two digits each.
pub(super) fn short_hex(bytes: &[u8]) -> String {
    hex_of(bytes, MAX_SHORT_BYTES)
}

fn hex_of(bytes: &[u8], most: usize) -> String {
    if bytes.is_empty() {
        return "(no bytes)".to_owned();
    }
    let shown: Vec<String> = bytes.iter().take(most).map(|byte| format!("{byte:02x}")).collect();
    shown.join(" ") + if bytes.len() > most { " …" } else { "" }
}

/// `1 byte`, `2 bytes`.
pub(super) fn count(bytes: usize) -> String {
    if bytes == 1 { "1 byte".to_owned() } else { format!("{bytes} bytes") }
}

/// A message in the text form, on one line.
pub(super) fn message(message: &DynamicMessage, slice: &SchemaSlice<'_>, node: usize) -> String {
    let mut out = String::new();
    write_message(&mut out, message, slice, Some(node));
    short(&out)
}

/// A value in the text form.
pub(super) fn value(value: &Value, slice: &SchemaSlice<'_>, shape: &FieldShape<'_>) -> String {
    let mut out = String::new();
    write_value(&mut out, value, slice, Some(shape));
    short(&out)
}

fn write_message(out: &mut String, message: &DynamicMessage, slice: &SchemaSlice<'_>, node: Option<usize>) {
    out.push('{');
    for (at, (field, value)) in message.fields().enumerate() {
        let fields = node.map_or(&[][..], |node| &slice.node(node).fields);
        let shape = fields.iter().find(|shape| i64::from(shape.number) == i64::from(field.number()));
        out.push_str(if at == 0 { "" } else { ", " });
        out.push_str(field.name());
        out.push_str(": ");
        write_value(out, value, slice, shape);
    }
    out.push('}');
}

fn write_value(out: &mut String, value: &Value, slice: &SchemaSlice<'_>, shape: Option<&FieldShape<'_>>) {
    // Writing to a string cannot fail.
    _ = match value {
        Value::Bool(value) => write!(out, "{value}"),
        Value::I32(value) => write!(out, "{value}"),
        Value::I64(value) => write!(out, "{value}"),
        Value::U32(value) => write!(out, "{value}"),
        Value::U64(value) => write!(out, "{value}"),
        Value::F32(value) => write!(out, "{value:?}"),
        Value::F64(value) => write!(out, "{value:?}"),
        Value::String(text) => write!(out, "\"{}\"", escaped(text)),
        Value::Bytes(bytes) => match (std::str::from_utf8(bytes), shape.map(|shape| shape.kind)) {
            (Ok(text), Some(Kind::Scalar(Scalar::String))) => write!(out, "\"{}\"", escaped(text)),
            _ => write!(out, "\"{}\"", bytes.escape_ascii()),
        },
        Value::EnumNumber(number) => match name_of(*number, shape) {
            Some(name) => write!(out, "{name}"),
            None => write!(out, "{number}"),
        },
        Value::Message(message) => {
            write_message(out, message, slice, shape.and_then(|shape| slice.child(shape)));
            Ok(())
        }
        Value::List(values) => {
            write_list(out, values.iter(), |out, value| write_value(out, value, slice, shape));
            Ok(())
        }
        Value::Map(entries) => {
            let fields = shape.and_then(|shape| slice.child(shape)).map_or(&[][..], |node| &slice.node(node).fields);
            let shape = fields.iter().find(|shape| shape.number == 2);
            let mut entries: Vec<(&MapKey, &Value)> = entries.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            write_list(out, entries.into_iter(), |out, (key, value)| {
                out.push_str("{key: ");
                write_value(out, &key.clone().into(), slice, None);
                out.push_str(", value: ");
                write_value(out, value, slice, shape);
                out.push('}');
            });
            Ok(())
        }
    };
}

/// Writes items as a list in brackets.
pub(crate) fn write_list<T>(out: &mut String, items: impl Iterator<Item = T>, mut write: impl FnMut(&mut String, T)) {
    out.push('[');
    for (at, item) in items.enumerate() {
        out.push_str(if at == 0 { "" } else { ", " });
        write(out, item);
    }
    out.push(']');
}

fn name_of<'s>(number: i32, shape: Option<&FieldShape<'s>>) -> Option<&'s str> {
    match shape?.kind {
        Kind::Enum(enumeration) => enumeration.value_numbered(number).map(|value| value.name()),
        _ => None,
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '\\' | '\n' | '\r' | '\t' => out.extend(c.escape_default()),
            c if c.is_control() => out.extend(format!("\\x{:02x}", u32::from(c)).chars()),
            c => out.push(c),
        }
    }
    out
}
