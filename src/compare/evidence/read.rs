//! Reads a payload as the reader's code would: the decoder's answer, and beside it what runtimes refuse or lose. It
//! does not know what was written.

use prost_reflect::{DeserializeOptions, DynamicMessage, Kind as ProtoKind, MessageDescriptor, Value};

use super::field_shape::{FieldShape, Kind};
use super::schema_slice::SchemaSlice;
use super::wire::{self, Fate};
use crate::schema::Presence;

/// What a reader makes of a payload.
pub(super) struct Reading {
    /// What is read; `None` where the payload is refused.
    pub(super) message: Option<DynamicMessage>,
    /// What is lost, refused or odd, in words, the worst first.
    pub(super) note: Option<String>,
    /// Whether the note is only about what few runtimes do.
    pub(super) is_odd: bool,
}

/// Reads bytes.
pub(super) fn bytes(bytes: &[u8], slice: &SchemaSlice<'_>, descriptor: &MessageDescriptor) -> Reading {
    let sieved = wire::sieve(bytes, slice);
    let worst = [Fate::Refused, Fate::Unknown, Fate::Odd]
        .into_iter()
        .find_map(|fate| sieved.notes.iter().find(|note| note.fate == fate));
    let is_refused = worst.is_some_and(|note| note.fate == Fate::Refused);
    let message = DynamicMessage::decode(descriptor.clone(), &sieved.taken[..]).ok().filter(|_| !is_refused);
    let prost_refuses = DynamicMessage::decode(descriptor.clone(), bytes).is_err();
    let note = match worst {
        Some(note) if prost_refuses && !is_refused => Some(format!("{}; prost rejects the message", note.text)),
        Some(note) => Some(note.text.clone()),
        None if message.is_none() => Some("message rejected".to_owned()),
        None => None,
    };
    Reading { message, note, is_odd: worst.is_some_and(|note| note.fate == Fate::Odd) }
}

/// What reads JSON where a key or a value does not fit.
pub(super) struct Place<'s> {
    /// The names on the way to the field.
    pub(super) path: String,
    /// The field that reads it, where there is one.
    pub(super) reader: Option<FieldShape<'s>>,
    /// The value that travels.
    pub(super) value: String,
}

/// Reads JSON.
pub(super) fn json(text: &str, slice: &SchemaSlice<'_>, descriptor: &MessageDescriptor, place: &Place<'_>) -> Reading {
    let parse = |strict: bool| {
        let options = DeserializeOptions::new().deny_unknown_fields(strict);
        let mut deserializer = serde_json::Deserializer::from_str(text);
        DynamicMessage::deserialize_with_options(descriptor.clone(), &mut deserializer, &options)
    };
    let refused = |note: String| Reading { message: None, note: Some(note), is_odd: false };
    let message = match parse(true) {
        Ok(message) => message,
        Err(error) => return refused(refusal(&error.to_string(), parse(false).is_ok(), place)),
    };
    match fault(&message, slice, 0, "") {
        Some(fault) => refused(fault),
        None => Reading { message: Some(message), note: None, is_odd: false },
    }
}

/// The parser's error in the words of a schema.
fn refusal(error: &str, is_lenient: bool, place: &Place<'_>) -> String {
    let error = error.split(" at line ").next().unwrap_or_default();
    let quoted = error.split('\'').nth(1).unwrap_or_default();
    let end = if is_lenient { "rejected, or dropped by readers that ignore unknown fields" } else { "rejected" };
    if error.starts_with("unrecognized field name") {
        let (path, dot) = (&place.path, if place.path.is_empty() { "" } else { "." });
        return format!("`{path}{dot}{quoted}` is unknown → {end}");
    }
    if error.starts_with("multiple fields") {
        let oneof = place.reader.as_ref().and_then(|reader| reader.oneof).map_or("?", |oneof| oneof.name());
        return format!("two fields of the oneof `{oneof}` are set → rejected");
    }
    let Some(reader) = &place.reader else { return format!("{error} → {end}") };
    if error.starts_with("unrecognized enum value") {
        return format!("`{}` is {}, which has no `{quoted}` → {end}", place.path, reader.type_name());
    }
    format!("`{}` is {}, which {} is not → {end}", place.path, reader.type_name(), place.value)
}

/// What the parser lets through and runtimes refuse: required fields that are missing, numbers that a closed enum does
/// not have.
fn fault(message: &DynamicMessage, slice: &SchemaSlice<'_>, node: usize, path: &str) -> Option<String> {
    for shape in &slice.node(node).fields {
        let Some(field) = u32::try_from(shape.number)
            .ok()
            .and_then(|number| prost_reflect::ReflectMessage::descriptor(message).get_field(number))
        else {
            continue;
        };
        let path = format!("{path}{}", shape.name);
        if !message.has_field(&field) {
            if shape.presence == Presence::Required {
                return Some(format!("`{path}` is required and missing → rejected by most runtimes"));
            }
            continue;
        }
        let value = message.get_field(&field);
        let fault = elements(&value).into_iter().find_map(|element| match (element, shape.kind, field.kind()) {
            (Value::EnumNumber(number), Kind::Enum(enumeration), ProtoKind::Enum(_)) => {
                let is_known = || enumeration.value_numbered(*number).is_some();
                (enumeration.is_closed() && !is_known()).then(|| {
                    format!("`{path}` is of the closed enum `{}`, which has no {number} → rejected", enumeration.name())
                })
            }
            (Value::Message(inner), ..) => {
                let node = slice.inner(shape)?;
                fault(inner, slice, node, &format!("{path}."))
            }
            _ => None,
        });
        if fault.is_some() {
            return fault;
        }
    }
    None
}

/// The elements of a list, the values of a map, or what is neither itself.
pub(super) fn elements(value: &Value) -> Vec<&Value> {
    match value {
        Value::List(values) => values.iter().collect(),
        Value::Map(entries) => entries.values().collect(),
        one => vec![one],
    }
}
