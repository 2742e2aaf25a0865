//! Whether a reader sees what was written: values by what they mean, field by field; names and types do not matter. It
//! does not know how the values travelled.

use prost_reflect::{DynamicMessage, Value};

use crate::finding::Layer;

/// A value by what it means.
enum Seen {
    Integer(i128),
    /// Whether it is of 32 bits.
    Fraction(f64, bool),
    Bytes(Vec<u8>),
    Message(Vec<Part>),
    List(Vec<Seen>),
}

/// A field that is set.
struct Part {
    number: u32,
    name: String,
    json: String,
    seen: Seen,
}

/// How two values differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Difference {
    Same,
    /// The same data as another type of thing, such as a message as the bytes that it is encoded in.
    Kind,
    Value,
}

/// How what is read differs from what was written. Fields are paired as the layer pairs them: by number, or by key.
pub(super) fn messages(written: &DynamicMessage, read: &DynamicMessage, layer: Layer) -> Difference {
    difference(&of_message(written), &of_message(read), layer)
}

/// How two values differ.
pub(super) fn values(written: &Value, read: &Value, layer: Layer) -> Difference {
    difference(&of_value(written), &of_value(read), layer)
}

fn of_message(message: &DynamicMessage) -> Seen {
    let parts = message.fields().map(|(field, value)| Part {
        number: field.number(),
        name: field.name().to_owned(),
        json: field.json_name().to_owned(),
        seen: of_value(value),
    });
    Seen::Message(parts.collect())
}

fn of_value(value: &Value) -> Seen {
    match value {
        Value::Bool(value) => Seen::Integer(i128::from(*value)),
        Value::I32(value) | Value::EnumNumber(value) => Seen::Integer(i128::from(*value)),
        Value::I64(value) => Seen::Integer(i128::from(*value)),
        Value::U32(value) => Seen::Integer(i128::from(*value)),
        Value::U64(value) => Seen::Integer(i128::from(*value)),
        Value::F32(value) => Seen::Fraction(f64::from(*value), true),
        Value::F64(value) => Seen::Fraction(*value, false),
        Value::String(text) => Seen::Bytes(text.as_bytes().to_owned()),
        Value::Bytes(bytes) => Seen::Bytes(bytes.to_vec()),
        Value::Message(message) => of_message(message),
        Value::List(values) => Seen::List(values.iter().map(of_value).collect()),
        Value::Map(entries) => Seen::List(
            entries
                .iter()
                .map(|(key, value)| {
                    let part =
                        |number, name: &str, seen| Part { number, name: name.to_owned(), json: name.to_owned(), seen };
                    Seen::Message(vec![
                        part(1, "key", of_value(&key.clone().into())),
                        part(2, "value", of_value(value)),
                    ])
                })
                .collect(),
        ),
    }
}

fn difference(written: &Seen, read: &Seen, layer: Layer) -> Difference {
    let is = |same: bool| if same { Difference::Same } else { Difference::Value };
    match (written, read) {
        (Seen::Integer(one), Seen::Integer(other)) => is(one == other),
        // What had 32 bits has no more digits than they hold.
        (Seen::Fraction(one, true), Seen::Fraction(other, false)) => is(is_same(*one, f64::from(*other as f32))),
        (Seen::Fraction(one, _), Seen::Fraction(other, _)) => is(is_same(*one, *other)),
        (Seen::Integer(whole), Seen::Fraction(number, _)) | (Seen::Fraction(number, _), Seen::Integer(whole)) => {
            // Where the conversion saturates, the number is beyond every integer of protobuf.
            is(number.fract() == 0.0 && *number as i128 == *whole)
        }
        (Seen::Bytes(one), Seen::Bytes(other)) => is(one == other),
        (Seen::Message(written), Seen::Message(read)) => parts(written, read, layer),
        (Seen::List(written), Seen::List(read)) => lists(written, read, layer),
        (Seen::List(list), other) => match &list[..] {
            [one] => difference(one, other, layer),
            _ => Difference::Value,
        },
        (one, Seen::List(list)) => match &list[..] {
            [other] => difference(one, other, layer),
            _ => Difference::Value,
        },
        _ => Difference::Kind,
    }
}

fn is_same(one: f64, other: f64) -> bool {
    one == other || (one.is_nan() && other.is_nan())
}

fn lists(written: &[Seen], read: &[Seen], layer: Layer) -> Difference {
    if written.len() != read.len() {
        return Difference::Value;
    }
    let pairs = written.iter().zip(read);
    pairs.map(|(one, other)| difference(one, other, layer)).max().unwrap_or(Difference::Same)
}

fn parts(written: &[Part], read: &[Part], layer: Layer) -> Difference {
    let is_for = |one: &Part, other: &Part| match layer {
        Layer::Json => other.json == one.json || other.name == one.json,
        _ => other.number == one.number,
    };
    let of_written = written.iter().map(|one| match read.iter().find(|other| is_for(one, other)) {
        Some(other) => difference(&one.seen, &other.seen, layer),
        None if is_zero(&one.seen) => Difference::Same,
        None => Difference::Value,
    });
    let made_up = read.iter().any(|other| !is_zero(&other.seen) && !written.iter().any(|one| is_for(one, other)));
    let invented = if made_up { Difference::Value } else { Difference::Same };
    of_written.max().unwrap_or(Difference::Same).max(invented)
}

/// Whether a field that is not set means the same.
fn is_zero(seen: &Seen) -> bool {
    match seen {
        Seen::Integer(number) => *number == 0,
        Seen::Fraction(number, _) => *number == 0.0,
        Seen::Bytes(bytes) => bytes.is_empty(),
        Seen::List(list) => list.is_empty(),
        Seen::Message(_) => false,
    }
}
