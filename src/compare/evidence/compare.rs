//! Whether a reader sees what was written: values by what they mean, field by field; names and types do not matter. It
//! does not know how the values travelled.

use std::collections::HashMap;

use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MapKey, ReflectMessage, Value};

use crate::finding::Layer;

/// A value by what it means.
enum Seen {
    Integer(i128),
    /// What has names in JSON: its number, and those.
    Named(i128, Vec<String>),
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
    difference(&see_message(written, layer), &see_message(read, layer), layer)
}

/// Whether two values differ that fields read as which are not set; all zeros are alike.
pub(super) fn are_other_defaults(written: &Value, read: &Value, layer: Layer) -> bool {
    let (written, read) = (see_value(written, None, layer), see_value(read, None, layer));
    let has_message = matches!((&written, &read), (Seen::Message(_), _) | (_, Seen::Message(_)));
    let is_other = difference(&written, &read, layer) != Difference::Same;
    is_other && !has_message && !(is_zero(&written) && is_zero(&read))
}

fn see_message(message: &DynamicMessage, layer: Layer) -> Seen {
    if let Some(seen) = see_own_form(message).filter(|_| layer == Layer::Json) {
        return seen;
    }
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
        let seen = see_value(&Value::default_value_for_field(&field), Some(&field), layer);
        let is_number = matches!(seen, Seen::Integer(_) | Seen::Named(..) | Seen::Fraction(..));
        (is_number && !is_zero(&seen)).then(|| part(&field, seen))
    });
    let set = message.fields().map(|(field, value)| part(&field, see_value(value, Some(&field), layer)));
    Seen::Message(set.chain(unset).collect())
}

/// What JSON writes of a message as it writes something else: the value of a wrapper, a value of any type, a list.
fn see_own_form(message: &DynamicMessage) -> Option<Seen> {
    let descriptor = message.descriptor();
    let name = descriptor.full_name().strip_prefix("google.protobuf.")?;
    let first = descriptor.get_field(1)?;
    let see = |field: &FieldDescriptor| see_value(&message.get_field(field), Some(field), Layer::Json);
    match name {
        "ListValue" | "Struct" => Some(see(&first)),
        "Value" => {
            let null = || Part {
                number: 1,
                name: String::new(),
                json: String::new(),
                is_default: false,
                seen: Seen::Integer(0),
            };
            let set = message.fields().next().map(|(field, _)| field).filter(|field| field.number() > 1);
            Some(set.map_or_else(|| Seen::Message(vec![null()]), |field| see(&field)))
        }
        wrapper if wrapper.ends_with("Value") => Some(see(&first)),
        _ => None,
    }
}

fn see_value(value: &Value, field: Option<&FieldDescriptor>, layer: Layer) -> Seen {
    match value {
        Value::Bool(value) => Seen::Integer(i128::from(*value)),
        Value::I32(value) => Seen::Integer(i128::from(*value)),
        Value::EnumNumber(value) => see_enum(*value, field, layer),
        Value::I64(value) => Seen::Integer(i128::from(*value)),
        Value::U32(value) => Seen::Integer(i128::from(*value)),
        Value::U64(value) => Seen::Integer(i128::from(*value)),
        Value::F32(value) => Seen::Fraction(f64::from(*value), true),
        Value::F64(value) => Seen::Fraction(*value, false),
        Value::String(text) => Seen::Bytes(text.as_bytes().to_owned()),
        Value::Bytes(bytes) => Seen::Bytes(bytes.to_vec()),
        Value::Message(message) => see_message(message, layer),
        Value::List(values) => Seen::List(values.iter().map(|value| see_value(value, field, layer)).collect()),
        Value::Map(entries) => see_map(entries, field, layer),
    }
}

/// An enum's value by its name where JSON writes that.
fn see_enum(number: i32, field: Option<&FieldDescriptor>, layer: Layer) -> Seen {
    let names: Vec<String> = match field.map(FieldDescriptor::kind) {
        Some(Kind::Enum(enumeration)) if layer == Layer::Json => {
            let named = enumeration.values().filter(|value| value.number() == number);
            named.map(|value| value.name().to_owned()).collect()
        }
        _ => Vec::new(),
    };
    if names.is_empty() { Seen::Integer(number.into()) } else { Seen::Named(number.into(), names) }
}

/// The entries of a map. Their keys are strings in JSON.
fn see_map(entries: &HashMap<MapKey, Value>, field: Option<&FieldDescriptor>, layer: Layer) -> Seen {
    let entry = match field.map(FieldDescriptor::kind) {
        Some(Kind::Message(entry)) => entry.get_field(2),
        _ => None,
    };
    let part = |number, name: &str, seen| Part {
        number,
        name: name.to_owned(),
        json: name.to_owned(),
        is_default: false,
        seen,
    };
    let key = |key: &MapKey| match see_value(&key.clone().into(), None, layer) {
        Seen::Integer(_) if layer == Layer::Json && matches!(key, MapKey::Bool(true)) => Seen::Bytes(b"true".to_vec()),
        Seen::Integer(_) if layer == Layer::Json && matches!(key, MapKey::Bool(false)) => {
            Seen::Bytes(b"false".to_vec())
        }
        Seen::Integer(number) if layer == Layer::Json => Seen::Bytes(number.to_string().into_bytes()),
        seen => seen,
    };
    let see = |(one, value): (&MapKey, &Value)| {
        Seen::Message(vec![part(1, "key", key(one)), part(2, "value", see_value(value, entry.as_ref(), layer))])
    };
    Seen::List(entries.iter().map(see).collect())
}

fn difference(written: &Seen, read: &Seen, layer: Layer) -> Difference {
    let is = |same: bool| if same { Difference::Same } else { Difference::Value };
    match (written, read) {
        (Seen::Named(_, one), Seen::Named(_, other)) => is(one.iter().any(|name| other.contains(name))),
        (Seen::Named(one, _), other) => difference(&Seen::Integer(*one), other, layer),
        (one, Seen::Named(other, _)) => difference(one, &Seen::Integer(*other), layer),
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
        // The other side may have been built without the field.
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
        Seen::Integer(number) | Seen::Named(number, _) => *number == 0,
        Seen::Fraction(number, _) => *number == 0.0,
        Seen::Bytes(bytes) => bytes.is_empty(),
        Seen::List(list) => list.is_empty(),
        Seen::Message(_) => false,
    }
}
