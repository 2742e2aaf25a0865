//! What a message means, and whether a reader sees what was written: fields by number, in JSON by key, values by what
//! they stand for, and what is not set by its default.

use prost_reflect::{DynamicMessage, Kind, MapKey, MessageDescriptor, ReflectMessage, Value, prost::Message as _};

use super::world::{inner, members};
use crate::finding::Layer;
use crate::schema::{Enum, Field, FieldType, Label, Message, Presence};

/// A value by what it means.
#[derive(Clone, Debug)]
pub(super) enum Seen {
    Whole(i128),
    /// A number of an enum, and its names there.
    Named(i128, Vec<String>),
    /// Whether it is of 32 bits.
    Fraction(f64, bool),
    Text(Vec<u8>),
    Bytes(Vec<u8>),
    /// The fields, and the bytes that they are on the wire.
    Message(Vec<Part>, Vec<u8>),
}

#[derive(Clone, Debug)]
pub(super) struct Part {
    number: i32,
    name: String,
    key: String,
    is_map: bool,
    is_list: bool,
    is_required: bool,
    has_presence: bool,
    is_set: bool,
    /// What it holds, or what it is read as where it is not set.
    elements: Vec<Seen>,
}

/// The fields of a message; why that is not known.
pub(super) fn see(message: &DynamicMessage, of: Message<'_>, is_read: bool) -> Result<Vec<Part>, String> {
    members(of).into_iter().map(|field| part(message, field, is_read)).collect()
}

fn part(message: &DynamicMessage, field: Field<'_>, is_read: bool) -> Result<Part, String> {
    let descriptor = message.descriptor();
    let number = u32::try_from(field.number()).unwrap_or_default();
    let (mut is_set, value, unset) = if field.is_extension() {
        let extension = descriptor.get_extension(number).ok_or("extension without descriptor")?;
        let unset = Value::default_value_for_extension(&extension);
        (message.has_extension(&extension), message.get_extension(&extension).into_owned(), unset)
    } else {
        let field = descriptor.get_field(number).ok_or("field without descriptor")?;
        let unset = Value::default_value_for_field(&field);
        (message.has_field(&field), message.get_field(&field).into_owned(), unset)
    };
    let mut elements: Vec<Seen> = Vec::new();
    match value {
        Value::List(values) => {
            for value in &values {
                elements.extend(element(value, field, is_read)?);
            }
        }
        Value::Map(entries) => {
            let entry = inner(field).ok_or("map without entry")?;
            for (key, value) in entries {
                let halves = entry.fields().map(|half| {
                    let value = if half.number() == 1 { key.clone().into() } else { value.clone() };
                    let elements: Vec<Seen> = element(&value, half, is_read)?.into_iter().collect();
                    Ok(named(half, !elements.is_empty(), elements))
                });
                let halves = halves.collect::<Result<Vec<Part>, String>>()?;
                if halves.iter().all(|half| half.is_set) {
                    elements.push(Seen::Message(halves, encoded(field, &descriptor, key, value)?));
                }
            }
        }
        // No message is not an empty one.
        Value::Message(_) if !is_set => {}
        value => match element(&value, field, is_read && is_set)? {
            Some(seen) => elements.push(seen),
            None => {
                is_set = false;
                elements.extend(element(&unset, field, false)?);
            }
        },
    }
    if field.label() == Label::Repeated {
        is_set = !elements.is_empty();
    }
    Ok(named(field, is_set, elements))
}

/// The bytes of a map's entry.
fn encoded(field: Field<'_>, of: &MessageDescriptor, key: MapKey, value: Value) -> Result<Vec<u8>, String> {
    let field = of.get_field(u32::try_from(field.number()).unwrap_or_default()).ok_or("map without descriptor")?;
    let Kind::Message(entry) = field.kind() else { return Err("map without entry".to_owned()) };
    let mut message = DynamicMessage::new(entry);
    message.set_field_by_number(1, key.into());
    message.set_field_by_number(2, value);
    Ok(message.encode_to_vec())
}

fn named(field: Field<'_>, is_set: bool, elements: Vec<Seen>) -> Part {
    let name = if field.is_extension() { format!("[{}]", field.full_name()) } else { field.name().to_owned() };
    let key = if field.is_extension() { name.clone() } else { field.json_name() };
    Part {
        number: field.number(),
        name,
        key,
        is_map: field.is_map(),
        is_list: field.label() == Label::Repeated,
        is_required: field.presence() == Presence::Required,
        has_presence: matches!(field.presence(), Presence::Explicit | Presence::Required),
        is_set,
        elements,
    }
}

/// `None` for a number that a closed enum does not have.
fn element(value: &Value, field: Field<'_>, is_read: bool) -> Result<Option<Seen>, String> {
    let is_known = |enumeration: Enum<'_>, number: i32| {
        !enumeration.is_closed() || enumeration.values().any(|value| value.number() == number)
    };
    Ok(Some(match value {
        Value::Bool(value) => Seen::Whole(i128::from(*value)),
        Value::EnumNumber(number) => match field.field_type() {
            FieldType::Enum(enumeration) if is_read && !is_known(enumeration, *number) => return Ok(None),
            FieldType::Enum(enumeration) => {
                let names = enumeration.values_numbered(*number).map(|value| value.name().to_owned());
                Seen::Named(i128::from(*number), names.collect())
            }
            _ => Seen::Whole(i128::from(*number)),
        },
        Value::I32(value) => Seen::Whole(i128::from(*value)),
        Value::I64(value) => Seen::Whole(i128::from(*value)),
        Value::U32(value) => Seen::Whole(i128::from(*value)),
        Value::U64(value) => Seen::Whole(i128::from(*value)),
        Value::F32(value) => Seen::Fraction(f64::from(*value), true),
        Value::F64(value) => Seen::Fraction(*value, false),
        Value::String(text) => Seen::Text(text.as_bytes().to_vec()),
        Value::Bytes(bytes) => Seen::Bytes(bytes.to_vec()),
        Value::Message(message) => {
            let of = inner(field).ok_or("message of no type")?;
            Seen::Message(see(message, of, is_read)?, message.encode_to_vec())
        }
        Value::List(_) | Value::Map(_) => return Err("a list in a list".to_owned()),
    }))
}

/// How two messages are compared.
#[derive(Clone, Copy)]
pub(super) struct Comparing {
    pub(super) layer: Layer,
    /// Whether it matters that a field is set, where both sides distinguish that, and which number it has, in JSON too.
    pub(super) is_proof: bool,
}

/// The first difference between what was written and what is read.
pub(super) fn difference(written: &[Part], read: &[Part], how: Comparing) -> Option<String> {
    let mut met = vec![false; read.len()];
    for part in written {
        let by_number = || read.iter().position(|other| other.number == part.number);
        let by_key = || read.iter().position(|other| other.key == part.key || other.name == part.key);
        let found = match how.layer {
            Layer::Json if how.is_proof => by_number().or_else(by_key),
            Layer::Json => by_key().or_else(by_number),
            _ => by_number(),
        };
        let Some(at) = found else {
            if part.is_set {
                return Some(format!("`{}` is lost", part.name));
            }
            continue;
        };
        met[at] = true;
        if let Some(difference) = of_parts(part, &read[at], how) {
            return Some(format!("`{}`: {difference}", part.name));
        }
    }
    let is_made_up = |other: &Part| other.is_required || other.is_set && !other.elements.iter().all(is_nothing);
    let (made_up, _) = read.iter().zip(met).find(|(other, met)| !met && is_made_up(other))?;
    Some(format!("`{}` was not written", made_up.name))
}

fn of_parts(written: &Part, read: &Part, how: Comparing) -> Option<String> {
    let is_list = |part: &Part| part.is_map || part.elements.len() != 1;
    if how.is_proof && written.has_presence && read.has_presence && written.is_set && !read.is_set {
        return Some("no longer set".to_owned());
    }
    // Where both require it, it was left out of the payload.
    if read.is_required && !read.is_set && (written.is_set || !written.is_required) {
        return Some("required and missing".to_owned());
    }
    match (written.is_set, read.is_set) {
        (false, false) if is_list(written) || is_list(read) => return None,
        (false, true) if written.elements.is_empty() && read.elements.iter().all(is_nothing) => return None,
        (false, true) if written.elements.is_empty() => {
            return Some(format!("read as {:?}, and was not set", read.elements));
        }
        // The zero of a field, where the reader has a list.
        (true, false) if read.elements.is_empty() && !written.is_list && written.elements.iter().all(is_zero) => {
            return None;
        }
        _ => {}
    }
    let (mut one, mut other): (Vec<&Seen>, Vec<&Seen>) =
        (written.elements.iter().collect(), read.elements.iter().collect());
    if written.is_map || read.is_map {
        let by_bytes = one.iter().chain(&other).any(|seen| matches!(seen, Seen::Bytes(_)));
        one.sort_by_key(|seen| key(seen, by_bytes));
        other.sort_by_key(|seen| key(seen, by_bytes));
    }
    if one.len() != other.len() {
        return Some(format!("{one:?} written, {other:?} read"));
    }
    // An enum that is not set has a number and a name, of which either may change.
    let is_unset = !written.is_set && !read.is_set;
    one.into_iter().zip(other).find_map(|(one, other)| {
        let is_same = |layer| of_elements(one, other, Comparing { layer, ..how }).is_none();
        of_elements(one, other, how).filter(|_| !is_unset || ![Layer::Wire, Layer::Json].into_iter().any(is_same))
    })
}

/// The key of a map's entry, or its bytes.
fn key(seen: &Seen, by_bytes: bool) -> String {
    match seen {
        Seen::Message(_, bytes) | Seen::Bytes(bytes) if by_bytes => format!("{bytes:?}"),
        Seen::Message(parts, _) => {
            parts.iter().find(|part| part.number == 1).map(|part| format!("{:?}", part.elements)).unwrap_or_default()
        }
        other => format!("{other:?}"),
    }
}

fn of_elements(written: &Seen, read: &Seen, how: Comparing) -> Option<String> {
    let same = |one: f64, other: f64| one == other || (one.is_nan() && other.is_nan());
    let is_same = match (written, read) {
        // JSON has the name.
        (Seen::Named(_, one), Seen::Named(_, other)) if how.layer == Layer::Json && !one.is_empty() => {
            one.iter().any(|name| other.contains(name))
        }
        // A number that is called something else may be shown, too.
        (Seen::Named(one, names), Seen::Named(other, found)) if how.is_proof => {
            one == other && names.iter().any(|name| found.contains(name))
        }
        (Seen::Named(one, _), other) => return of_elements(&Seen::Whole(*one), other, how),
        (one, Seen::Named(other, _)) => return of_elements(one, &Seen::Whole(*other), how),
        (Seen::Whole(one), Seen::Whole(other)) => one == other,
        // What had 32 bits has no more digits than they hold.
        (Seen::Fraction(one, true), Seen::Fraction(other, _)) => same(*one, f64::from(*other as f32)),
        (Seen::Fraction(one, false), Seen::Fraction(other, _)) => same(*one, *other),
        (Seen::Whole(one), Seen::Fraction(other, _)) => *one as f64 == *other && *other as i128 == *one,
        (Seen::Fraction(one, _), Seen::Whole(other)) => *one == *other as f64 && *one as i128 == *other,
        (Seen::Bytes(one) | Seen::Text(one), Seen::Bytes(other) | Seen::Text(other)) => one == other,
        (Seen::Message(_, one), Seen::Bytes(other)) if how.layer == Layer::Wire => one == other,
        (Seen::Bytes(one), Seen::Message(_, other)) if how.layer == Layer::Wire => one == other,
        (Seen::Message(one, _), Seen::Message(other, _)) => return difference(one, other, how),
        _ => false,
    };
    (!is_same).then(|| format!("{written:?} written, {read:?} read"))
}

/// Whether it is what a map's entry has of itself.
fn is_nothing(seen: &Seen) -> bool {
    match seen {
        Seen::Message(parts, _) => parts.iter().all(|part| !part.is_set),
        other => is_zero(other),
    }
}

fn is_zero(seen: &Seen) -> bool {
    match seen {
        Seen::Whole(number) | Seen::Named(number, _) => *number == 0,
        Seen::Fraction(number, _) => *number == 0.0,
        Seen::Bytes(bytes) | Seen::Text(bytes) => bytes.is_empty(),
        Seen::Message(..) => false,
    }
}
