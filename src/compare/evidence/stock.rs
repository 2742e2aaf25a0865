//! What messages hold where the message itself is what differs: a field of each, taken in on both sides, so that there is
//! something to write and it can be read. It does not know values.

use super::outline::{Outline, has_own_form};
use super::spec::{Kind, Many, Spec, declared};
use crate::schema::{FieldType, Message};

/// How many fields of a message are looked at for one to fill.
const MAX_LOOKED_AT: usize = 32;
/// How deep that field may lie.
const MAX_DEPTH: usize = 2;

/// The messages that hold what is written and what is read; of maps their entries where only one side is a map.
pub(super) fn contents<'s>(writer: &Spec<'s>, reader: Option<&Spec<'s>>) -> Option<(Message<'s>, Option<Message<'s>>)> {
    let whole = |spec: &Spec<'s>| match spec.kind {
        Kind::Message(message) => Some(message),
        _ => None,
    };
    match reader {
        Some(reader) if (reader.many == Many::Map) != (writer.many == Many::Map) => {
            Some((whole(writer)?, whole(reader)))
        }
        _ => Some((writer.message()?, reader.and_then(Spec::message))),
    }
}

/// Takes a field of a message in, on both sides, so that there is something to write.
pub(super) fn stock<'s>(
    (writer, message): (&mut Outline<'s>, Message<'s>),
    (reader, other): (&mut Outline<'s>, Option<Message<'s>>),
    depth: usize,
) {
    let node = writer.take_in(message);
    let read = |reader: &mut Outline<'s>, spec: &Spec<'s>| {
        let Some(other) = other else { return };
        let node = reader.take_in(other);
        let (keyed, named) = (other.field_keyed(&spec.json), other.field_named(&spec.json));
        let matching = declared([other.field_numbered(spec.number), keyed, named]);
        for spec in matching.into_iter().filter_map(Spec::of).take(2) {
            reader.add(node, &spec);
        }
    };
    let listed = writer.listed_entry();
    // An entry cannot be read as a list here and as a map there.
    let is_fit = |spec: &Spec<'s>| listed.is_none_or(|entry| spec.kind != Kind::Message(entry));
    let specs = || message.fields().take(MAX_LOOKED_AT).filter_map(Spec::of).filter(is_fit);
    let is_of_entry = |spec: &Spec<'_>| matches!(spec.number, 1 | 2);
    if other.is_some_and(Message::is_map_entry) && specs().any(|spec| is_of_entry(&spec)) {
        for spec in specs().filter(is_of_entry) {
            writer.add(node, &spec);
            read(reader, &spec);
        }
        // An entry has nothing else.
        let mut others = specs().filter(|spec| !is_of_entry(spec));
        if let Some(spec) = others.clone().find(|spec| spec.message().is_none()).or_else(|| others.next()) {
            writer.add(node, &spec);
        }
        return;
    }
    if has_own_form(message) || message.is_map_entry() {
        // They were taken in as a whole.
        specs().for_each(|spec| read(reader, &spec));
    } else {
        let is_read = |spec: &Spec<'s>| {
            let mut others =
                other.into_iter().flat_map(|other| other.fields().take(MAX_LOOKED_AT)).filter_map(Spec::of);
            others.any(|other| other.number == spec.number && other.is_alike(spec))
        };
        let plain = || specs().filter(|spec| spec.message().is_none() && spec.many != Many::Map);
        if let Some(spec) = plain().find(is_read).or_else(|| plain().next()) {
            writer.add(node, &spec);
            return read(reader, &spec);
        }
    }
    let nested = specs().find(|spec| spec.message().is_some());
    let Some(inner) = nested.or_else(|| specs().next()).filter(|_| depth < MAX_DEPTH) else { return };
    writer.add(node, &inner);
    read(reader, &inner);
    let counterpart = other.and_then(|other| other.field_numbered(inner.number));
    let counterpart = match counterpart.map(|field| field.field_type()) {
        Some(FieldType::Message(message)) => Some(message),
        _ => None,
    };
    if let Some(message) = inner.message() {
        stock((writer, message), (reader, counterpart), depth + 1);
    }
}
