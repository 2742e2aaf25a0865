//! Whether a reader sees what was written: values by what they mean, field by field; names and types do not matter. It
//! does not know how the values travelled.

use prost_reflect::{DynamicMessage, FieldDescriptor, ReflectMessage, Value};

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
    /// Whether it is what is read where nothing is set.
    is_default: bool,
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
    difference(&see_message(written), &see_message(read), layer)
}

/// Whether two values differ that fields read as which are not set; all zeros are alike.
pub(super) fn are_other_defaults(written: &Value, read: &Value, layer: Layer) -> bool {
    let (written, read) = (see_value(written), see_value(read));
    let has_message = matches!((&written, &read), (Seen::Message(_), _) | (_, Seen::Message(_)));
    let is_other = difference(&written, &read, layer) != Difference::Same;
    is_other && !has_message && !(is_zero(&written) && is_zero(&read))
}

fn see_message(message: &DynamicMessage) -> Seen {
    let part = |field: &FieldDescriptor, seen: Seen| Part {
        number: field.number(),
        name: field.name().to_owned(),
        json: field.json_name().to_owned(),
        is_default: !message.has_field(field),
        seen,
    };
    let is_set = |field: &FieldDescriptor| message.has_field(field);
    let descriptor = message.descriptor();
    // A number that is not written is read as its default.
    let may_have_default = |field: &FieldDescriptor| !field.is_list() && field.kind().as_message().is_none();
    let unset = descriptor.fields().filter(|field| may_have_default(field) && !is_set(field)).filter_map(|field| {
        let seen = see_value(&Value::default_value_for_field(&field));
        let is_number = matches!(seen, Seen::Integer(_) | Seen::Fraction(..));
        (is_number && !is_zero(&seen)).then(|| part(&field, seen))
    });
    Seen::Message(message.fields().map(|(field, value)| part(&field, see_value(value))).chain(unset).collect())
}

fn see_value(value: &Value) -> Seen {
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
        Value::Message(message) => see_message(message),
        Value::List(values) => Seen::List(values.iter().map(see_value).collect()),
        Value::Map(entries) => Seen::List(
            entries
                .iter()
                .map(|(key, value)| {
                    let part = |number, name: &str, seen| Part {
                        number,
                        name: name.to_owned(),
                        json: name.to_owned(),
                        is_default: false,
                        seen,
                    };
                    Seen::Message(vec![
                        part(1, "key", see_value(&key.clone().into())),
                        part(2, "value", see_value(value)),
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
        // The other side may have been told without the field.
        None if one.is_default || is_zero(&one.seen) => Difference::Same,
        None => Difference::Value,
    });
    // The entry of a map has a value, if an empty one.
    let is_empty = |seen: &Seen| is_zero(seen) || matches!(seen, Seen::Message(parts) if parts.is_empty());
    let made_up = read
        .iter()
        .any(|other| !other.is_default && !is_empty(&other.seen) && !written.iter().any(|one| is_for(one, other)));
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
