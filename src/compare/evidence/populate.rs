//! What messages hold where the message itself is what differs: a field of each, taken in on both sides, so that there is
//! something to write and it can be read. It does not know values.

use super::field_shape::{FieldShape, Kind, Many, declared};
use super::schema_slice::{SchemaSlice, has_own_form};
use crate::schema::{FieldType, Message};

/// How many fields of a message are looked at for one to fill.
const MAX_LOOKED_AT: usize = 32;
/// How deep that field may lie.
const MAX_DEPTH: usize = 2;

/// The messages that hold what is written and what is read; of maps their entries where only one side is a map.
pub(super) fn contents<'s>(
    writer: &FieldShape<'s>,
    reader: Option<&FieldShape<'s>>,
) -> Option<(Message<'s>, Option<Message<'s>>)> {
    let whole = |shape: &FieldShape<'s>| match shape.kind {
        Kind::Message(message) => Some(message),
        _ => None,
    };
    match reader {
        Some(reader) if (reader.many == Many::Map) != (writer.many == Many::Map) => {
            Some((whole(writer)?, whole(reader)))
        }
        _ => Some((writer.message()?, reader.and_then(FieldShape::message))),
    }
}

/// Takes a field of a message in, on both sides, so that there is something to write.
pub(super) fn populate<'s>(
    (writer, message): (&mut SchemaSlice<'s>, Message<'s>),
    (reader, other): (&mut SchemaSlice<'s>, Option<Message<'s>>),
    depth: usize,
) {
    let node = writer.take_in(message);
    let read = |reader: &mut SchemaSlice<'s>, shape: &FieldShape<'s>| {
        let Some(other) = other else { return };
        let node = reader.take_in(other);
        let (keyed, named) = (other.field_keyed(&shape.json), other.field_named(&shape.json));
        let matching = declared([other.field_numbered(shape.number), keyed, named]);
        for shape in matching.into_iter().filter_map(FieldShape::from_field).take(2) {
            reader.add(node, &shape);
        }
    };
    let listed = writer.listed_entry();
    // An entry cannot be read as a list here and as a map there.
    let is_fit = |shape: &FieldShape<'s>| listed.is_none_or(|entry| shape.kind != Kind::Message(entry));
    let shapes = || message.fields().take(MAX_LOOKED_AT).filter_map(FieldShape::from_field).filter(is_fit);
    let is_of_entry = |shape: &FieldShape<'_>| matches!(shape.number, 1 | 2);
    if other.is_some_and(Message::is_map_entry) && shapes().any(|shape| is_of_entry(&shape)) {
        for shape in shapes().filter(is_of_entry) {
            writer.add(node, &shape);
            read(reader, &shape);
        }
        // An entry has nothing else.
        let mut others = shapes().filter(|shape| !is_of_entry(shape));
        if let Some(shape) = others.clone().find(|shape| shape.message().is_none()).or_else(|| others.next()) {
            writer.add(node, &shape);
        }
        return;
    }
    if has_own_form(message) || message.is_map_entry() {
        // They were taken in as a whole.
        shapes().for_each(|shape| read(reader, &shape));
    } else {
        let is_read = |shape: &FieldShape<'s>| {
            let mut others = other
                .into_iter()
                .flat_map(|other| other.fields().take(MAX_LOOKED_AT))
                .filter_map(FieldShape::from_field);
            others.any(|other| other.number == shape.number && other.is_alike(shape))
        };
        let plain = || shapes().filter(|shape| shape.message().is_none() && shape.many != Many::Map);
        if let Some(shape) = plain().find(is_read).or_else(|| plain().next()) {
            writer.add(node, &shape);
            return read(reader, &shape);
        }
    }
    let nested = shapes().find(|shape| shape.message().is_some());
    let Some(inner) = nested.or_else(|| shapes().next()).filter(|_| depth < MAX_DEPTH) else { return };
    writer.add(node, &inner);
    read(reader, &inner);
    let counterpart = other.and_then(|other| other.field_numbered(inner.number));
    let counterpart = match counterpart.map(|field| field.field_type()) {
        Some(FieldType::Message(message)) => Some(message),
        _ => None,
    };
    if let Some(message) = inner.message() {
        populate((writer, message), (reader, counterpart), depth + 1);
    }
}
