//! Encodes messages of `descriptor.proto` that are trees of the text format: what protoc recorded becomes the bytes that
//! protoc would write.

use super::text::{Tree, Value};
use super::values::{delimited, float, integer, text_name, varint};
use crate::schema::{Enum, Field, FieldType, Message, Scalar, Schema};

/// The bytes of a message; the extensions that it sets are those of `schema`.
pub(super) fn message<'s>(schema: &'s Schema, of: Message<'s>, tree: &Tree) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, value) in &tree.0 {
        record(schema, field_called(schema, of, name), value, &mut bytes);
    }
    bytes
}

fn field_called<'s>(schema: &'s Schema, of: Message<'s>, name: &str) -> Field<'s> {
    let mut own = of.fields().filter(|field| text_name(*field) == name);
    let extends = |field: &Field<'_>| field.extendee().is_some_and(|extendee| extendee.full_name() == of.full_name());
    let extensions = || schema.files().flat_map(|file| file.all_fields()).filter(extends);
    let found = own.next().or_else(|| extensions().find(|field| text_name(*field) == name));
    found.unwrap_or_else(|| panic!("`{}` has no field `{name}`", of.full_name()))
}

fn record<'s>(schema: &'s Schema, field: Field<'s>, value: &Value, bytes: &mut Vec<u8>) {
    let mut tag = |wire_type: u64| varint((field.number() as u64) << 3 | wire_type, bytes);
    match (field.field_type(), value) {
        (FieldType::Message(inner), Value::Tree(tree)) if field.is_delimited() => {
            tag(3);
            let inner = message(schema, inner, tree);
            bytes.extend(inner);
            varint((field.number() as u64) << 3 | 4, bytes);
        }
        (FieldType::Message(inner), Value::Tree(tree)) => {
            delimited(field.number(), &message(schema, inner, tree), bytes);
        }
        (_, Value::Text(text)) => delimited(field.number(), text, bytes),
        (FieldType::Enum(of), Value::Word(word)) => {
            // The parser's version of `descriptor.proto` has the number of an early draft.
            let is_late = of.full_name() == "google.protobuf.FeatureSet.Utf8Validation" && word == "NONE";
            let named = if is_late { Some(3) } else { named_value(of, word) };
            tag(0);
            varint(named.or_else(|| integer(word)).expect("a value of the enum") as i64 as u64, bytes);
        }
        (FieldType::Scalar(scalar), Value::Word(word)) => number(field, scalar, word, bytes),
        (_, value) => panic!("`{}` takes no {value:?}", field.full_name()),
    }
}

fn named_value(of: Enum<'_>, word: &str) -> Option<i128> {
    of.values().find(|value| value.name() == word).map(|value| value.number().into())
}

fn number(field: Field<'_>, scalar: Scalar, word: &str, bytes: &mut Vec<u8>) {
    let whole = || integer(word).expect("a whole number");
    let zigzag = |number: i64| ((number << 1) ^ (number >> 63)) as u64;
    let mut tag = |wire_type: u64| varint((field.number() as u64) << 3 | wire_type, bytes);
    match scalar {
        Scalar::Double => {
            tag(1);
            bytes.extend(float(word).expect("a number").to_le_bytes());
        }
        Scalar::Float => {
            tag(5);
            bytes.extend((float(word).expect("a number") as f32).to_le_bytes());
        }
        Scalar::Fixed64 | Scalar::Sfixed64 => {
            tag(1);
            bytes.extend((whole() as u64).to_le_bytes());
        }
        Scalar::Fixed32 | Scalar::Sfixed32 => {
            tag(5);
            bytes.extend((whole() as u32).to_le_bytes());
        }
        Scalar::Sint32 | Scalar::Sint64 => {
            tag(0);
            varint(zigzag(whole() as i64), bytes);
        }
        Scalar::Bool => {
            tag(0);
            varint(u64::from(word == "true"), bytes);
        }
        _ => {
            tag(0);
            varint(whole() as u64, bytes);
        }
    }
}
