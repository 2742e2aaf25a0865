//! Messages by what is in them: whether one type reads what another wrote, whatever the two are called.

use rustc_hash::FxHashSet;

use super::names::TypeName;
use super::{Reading, json, types};
use crate::compare::compatibility::{Compatibility, MessageKey, Pairs, message_key};
use crate::compare::pairing::{Comparison, Pair, fields};
use crate::finding::{Direction, Layer};
use crate::schema::{Field, FieldType, Message, Presence};

/// How much of a message can be read as another. What differs deep inside counts for the whole; circles of types
/// are walked once.
pub(super) fn compatibility<'s>(writer: Message<'s>, reader: Message<'s>, reading: Reading<'s>) -> Compatibility {
    if reading.has_one_fate(writer, reader) {
        return Compatibility::Full;
    }
    reading.memory().compatibility(&reading, (writer, reader))
}

impl<'s> Pairs for Reading<'s> {
    /// Writer and reader, which are not the same message.
    type Pair = (Message<'s>, Message<'s>);

    fn key(&self, (writer, reader): Self::Pair) -> (MessageKey, MessageKey) {
        (message_key(writer), message_key(reader))
    }

    fn look(&self, (writer, reader): Self::Pair) -> (Compatibility, Vec<Self::Pair>) {
        let mut next = Vec::new();
        if let Some(found) = json::messages(writer, reader).filter(|_| self.layer == Layer::Json) {
            return (found, next);
        }
        let mut worst = alone(writer, reader, *self);
        for Pair { before: writer, after: reader } in paired(writer, reader, *self) {
            if worst == Compatibility::None {
                break;
            }
            worst = worst.max(field_compatibility(writer, reader, *self, &mut next));
        }
        next.retain(|&(writer, reader)| !self.has_one_fate(writer, reader));
        (worst, next)
    }
}

/// Which field reads which: on the wire by number, in JSON by key; extensions are fields too.
fn paired<'s>(writer: Message<'s>, reader: Message<'s>, reading: Reading<'s>) -> Vec<Pair<Field<'s>>> {
    let extensions = reading.comparison.extensions_of(writer).iter().copied();
    let taken = |field| Some(Pair { before: field, after: taker(field, reader, reading)? });
    match reading.layer {
        Layer::Json => writer.fields().chain(extensions).filter_map(taken).collect(),
        _ if extensions.len() == 0 && reading.comparison.extensions_of(reader).is_empty() => {
            fields(Pair { before: writer, after: reader }).collect()
        }
        _ => writer.fields().chain(extensions).filter_map(taken).collect(),
    }
}

/// The field or the extension of a message that reads a field, or an extension, of another one.
pub(super) fn taker<'s>(writer: Field<'s>, reader: Message<'s>, reading: Reading<'s>) -> Option<Field<'s>> {
    let extensions = || reading.comparison.extensions_of(reader).iter().copied();
    match reading.layer {
        Layer::Json if writer.is_extension() => {
            let name = writer.full_name();
            extensions().find(|extension| extension.name() == writer.name() && extension.full_name() == name)
        }
        Layer::Json => key_taker(writer, reader),
        _ => {
            let has_number = |extension: &Field<'_>| extension.number() == writer.number();
            reader.field_numbered(writer.number()).or_else(|| extensions().find(has_number))
        }
    }
}

/// What is lost of a message apart from what its fields hold.
fn alone<'s>(writer: Message<'s>, reader: Message<'s>, reading: Reading<'s>) -> Compatibility {
    if reading.layer == Layer::Wire && is_message_set(writer) != is_message_set(reader) {
        return Compatibility::None;
    }
    let is_reserved = |field: Field<'_>| match reading.layer {
        Layer::Json => !field.is_extension() && reader.reserves(field.name()),
        _ => reader.reserved().ranges().any(|range| range.contains(field.number())),
    };
    let on_wire = Reading { layer: Layer::Wire, ..reading };
    let written = writer.fields().chain(reading.comparison.extensions_of(writer).iter().copied());
    let loses = written.into_iter().any(|field| {
        if taker(field, reader, reading).is_some() {
            return false;
        }
        match reading.layer {
            // What was only renamed is written under a key that is not known.
            Layer::Json if taker(field, reader, on_wire).is_some() => true,
            // What is only new is unknown to old readers, which is as it should be.
            _ => reading.direction == Direction::Backward && !is_reserved(field),
        }
    });
    let is_required = |field: &Field<'_>| field.presence() == Presence::Required;
    let read_as = |field: Field<'_>| match reading.layer {
        Layer::Json => key_taker(field, reader).map(Field::number),
        _ => Some(field.number()),
    };
    let given: FxHashSet<i32> = writer.fields().filter(is_required).filter_map(read_as).collect();
    let requires = reader.fields().filter(is_required).any(|field| !given.contains(&field.number()));
    if loses || requires { Compatibility::None } else { Compatibility::Full }
}

/// Whether extensions of a message are written in the old form of message sets.
pub(super) fn is_message_set(message: Message<'_>) -> bool {
    message.extension_ranges().next().is_some() && message.options().boolean("message_set_wire_format") == Some(true)
}

fn field_compatibility<'s>(
    writer: Field<'s>,
    reader: Field<'s>,
    reading: Reading<'s>,
    next: &mut Vec<(Message<'s>, Message<'s>)>,
) -> Compatibility {
    let mut worst = types::list_compatibility(writer, reader, reading.layer);
    worst = worst.max(match (writer.field_type(), reader.field_type()) {
        _ if reading.layer == Layer::Json && json::container(writer, reader).is_some() => Compatibility::Full,
        (FieldType::Message(from), FieldType::Message(to)) => {
            next.push((from, to));
            let differs = reading.layer == Layer::Wire && writer.is_delimited() != reader.is_delimited();
            if differs { Compatibility::None } else { Compatibility::Full }
        }
        _ => types::compatibility(writer, reader, reading),
    });
    if has_other_default(writer, reader) {
        worst = Compatibility::None;
    }
    let loses_key = reading.layer == Layer::Json && !reads_key(writer, reader);
    let is_rival = writer.parent().is_some_and(|message| rival(writer, reader, message, reading.layer).is_some());
    if loses_key || is_rival { Compatibility::None } else { worst }
}

/// How much of a field can be read as another.
pub(super) fn pair_compatibility<'s>(writer: Field<'s>, reader: Field<'s>, reading: Reading<'s>) -> Compatibility {
    let mut messages = Vec::new();
    let worst = field_compatibility(writer, reader, reading, &mut messages);
    messages.into_iter().fold(worst, |worst, (writer, reader)| worst.max(compatibility(writer, reader, reading)))
}

/// Whether two fields that are not set read as different values. One that is required is always set.
pub(super) fn has_other_default(writer: Field<'_>, reader: Field<'_>) -> bool {
    if writer.presence() == Presence::Required {
        return false;
    }
    let (Some(written), Some(read)) = (writer.default_value(), reader.default_value()) else { return false };
    let is_same = written.is_zero() && read.is_zero() || written.is_same(&read);
    !is_same && !has_shared_name(writer, written.as_integer(), reader, read.as_integer())
}

/// Whether two numbers are one value of an enum: that is its name, whatever number that has.
fn has_shared_name(writer: Field<'_>, written: Option<i128>, reader: Field<'_>, read: Option<i128>) -> bool {
    let (FieldType::Enum(one), FieldType::Enum(other)) = (writer.field_type(), reader.field_type()) else {
        return false;
    };
    let number = |number: Option<i128>| i32::try_from(number?).ok();
    let (Some(written), Some(read)) = (number(written), number(read)) else { return false };
    one.values_numbered(written).any(|one| other.values_numbered(read).any(|other| one.name() == other.name()))
}

/// The field of a message that takes the key of a field for its own in JSON. Extensions have keys like nothing else.
pub(super) fn key_taker<'s>(writer: Field<'s>, reader: Message<'s>) -> Option<Field<'s>> {
    let key = writer.json_name();
    let found = || reader.field_keyed(&key).or_else(|| reader.field_named(&key));
    if writer.is_extension() { None } else { found() }
}

/// Whether a message always has the key of a field in JSON, under whatever number.
pub(super) fn is_given<'s>(reader: Field<'s>, writer: Message<'s>) -> bool {
    let Some(message) = reader.parent().filter(|_| !reader.is_extension()) else { return false };
    let required = writer.fields().filter(|field| field.presence() == Presence::Required);
    required.into_iter().any(|field| key_taker(field, message) == Some(reader))
}

/// Whether a reader of JSON takes the key that is written for a field.
pub(super) fn reads_key(writer: Field<'_>, reader: Field<'_>) -> bool {
    let written = writer.json_name();
    written == reader.json_name() || written == reader.name()
}

/// A field that shares a oneof with this one where it is read, but not where it is written: as writer and reader see it.
pub(super) fn rival<'s>(
    writer: Field<'s>,
    reader: Field<'s>,
    message: Message<'s>,
    layer: Layer,
) -> Option<(Field<'s>, Field<'s>)> {
    let real = |field: Field<'s>| field.oneof().filter(|oneof| !oneof.is_synthetic());
    let shared = real(reader)?;
    let own = real(writer);
    // Most oneofs stay as they are.
    let shape = |field: Field<'s>| (field.number(), field.name());
    if own.is_some_and(|own| own.fields().map(shape).eq(shared.fields().map(shape))) {
        return None;
    }
    let of_reader = reader.parent()?;
    let written = |other: Field<'s>| match layer {
        Layer::Json => message.fields().find(|field| key_taker(*field, of_reader) == Some(other)),
        _ => message.field_numbered(other.number()),
    };
    let apart = |other: &Field<'s>| own.is_none() || real(*other) != own;
    let others = shared.fields().filter(|other| other.number() != reader.number());
    others.into_iter().find_map(|other| written(other).filter(apart).map(|written| (written, other)))
}

/// Whether a message of the later schema, new there, can stand in for one that is gone: it has the same numbers, reads
/// and is read without loss, and is called alike or is what everything refers to that referred to the old one.
pub(super) fn has_successor<'s>(gone: Message<'s>, comparison: &'s Comparison<'s>) -> bool {
    let readings = Direction::ALL.map(|direction| Reading { comparison, layer: Layer::Wire, direction });
    let pair = |reading: Reading<'s>, candidate: Message<'s>| {
        let sides = reading.direction.sides(Pair { before: gone, after: candidate });
        (sides.writer, sides.reader)
    };
    let is_known = |candidate: Message<'s>| {
        let known = |reading: Reading<'s>| reading.memory().known(&reading, pair(reading, candidate));
        readings.into_iter().all(|reading| known(reading) == Some(Compatibility::Full))
    };
    let reads = |candidate: Message<'s>| {
        let compatibility = |reading: Reading<'s>| {
            let (writer, reader) = pair(reading, candidate);
            compatibility(writer, reader, reading)
        };
        readings.into_iter().all(|reading| compatibility(reading) == Compatibility::Full)
    };
    if gone.fields().len() == 0 {
        return false;
    }
    let name = TypeName::new(gone.name());
    let is_meant =
        |candidate: &Message<'s>| name.is_like(candidate.name()) || comparison.referrers().all_moved(gone, *candidate);
    // Any will do, and circles of types that were all renamed answer for each other.
    comparison.messages_like(gone).filter(is_meant).any(|candidate| is_known(candidate) || reads(candidate))
}
