//! Random messages of a type, without what its reader may rightly not know: new fields and values, and what was deleted
//! and reserved.

use std::collections::HashMap;

use prost_reflect::{DynamicMessage, Kind, MessageDescriptor, Value};

use super::world::{inner, members};
use crate::compare::pairing::Comparison;
use crate::finding::{Direction, Layer};
use crate::schema::tests::random::Random;
use crate::schema::{Enum, Field, FieldType, Label, Message, Oneof, Presence, Scalar};

/// How deep optional messages are nested.
const DEEP: usize = 2;
/// How deep required ones may be.
const MAX_DEPTH: usize = 6;

pub(super) struct Writing<'a, 's> {
    pub(super) comparison: &'s Comparison<'s>,
    pub(super) layer: Layer,
    pub(super) direction: Direction,
    pub(super) random: &'a mut Random,
}

/// The field of a message that reads a field of another.
pub(super) fn reader_of<'s>(writer: Field<'s>, reader: Message<'s>, layer: Layer) -> Option<Field<'s>> {
    let members = members(reader);
    let takes = |field: &&Field<'s>| field.json_name() == writer.json_name() || field.name() == writer.json_name();
    let by_key = members.iter().find(takes).filter(|_| layer == Layer::Json && !writer.is_extension());
    by_key.or_else(|| members.iter().find(|field| field.number() == writer.number())).copied()
}

impl<'s> Writing<'_, 's> {
    /// A message; `None` where what it requires never ends.
    pub(super) fn message(
        &mut self,
        writer: Message<'s>,
        reader: Message<'s>,
        descriptor: &MessageDescriptor,
        depth: usize,
    ) -> Option<DynamicMessage> {
        let mut message = DynamicMessage::new(descriptor.clone());
        let mut oneofs: Vec<Oneof<'s>> = Vec::new();
        for field in members(writer) {
            let is_required = field.presence() == Presence::Required;
            let read_by = reader_of(field, reader, self.layer);
            // What extends a message is not impact where another takes its place.
            let is_foreign = field.is_extension() && !self.is_same_message(writer, reader);
            let is_unknown = read_by.is_none() && self.may_be_unknown(field, reader);
            if is_foreign || is_unknown || depth > MAX_DEPTH {
                continue;
            }
            let is_shallow = depth < DEEP || inner(field).is_none();
            if !(is_required || (is_shallow && self.random.chance(70))) {
                continue;
            }
            let oneof = field.oneof().filter(|oneof| !oneof.is_synthetic());
            if oneof.is_some_and(|oneof| oneofs.contains(&oneof)) {
                continue;
            }
            let number = u32::try_from(field.number()).ok()?;
            let kind = match field.is_extension() {
                true => descriptor.get_extension(number)?.kind(),
                false => descriptor.get_field(number)?.kind(),
            };
            let Some(value) = self.field(field, read_by, &kind, depth + 1) else {
                if is_required {
                    return None;
                }
                continue;
            };
            // Code does not write the zero of a field without presence.
            if field.presence() == Presence::Implicit && value.is_default(&kind) {
                continue;
            }
            oneofs.extend(oneof);
            match field.is_extension() {
                true => message.set_extension(&descriptor.get_extension(number)?, value),
                false => message.set_field(&descriptor.get_field(number)?, value),
            }
        }
        (depth <= MAX_DEPTH).then_some(message)
    }

    fn is_same_message(&self, writer: Message<'s>, reader: Message<'s>) -> bool {
        match self.direction {
            Direction::Backward => self.comparison.is_same_message(writer, reader),
            Direction::Forward => self.comparison.is_same_message(reader, writer),
        }
    }

    /// Whether the reader does not have to know a field that it does not know.
    fn may_be_unknown(&self, field: Field<'_>, reader: Message<'_>) -> bool {
        match (self.direction, self.layer) {
            (Direction::Forward, _) => true,
            (_, Layer::Json) => reader.reserved().names().any(|(name, _)| name == field.name()),
            _ => reader.reserved().ranges().any(|range| range.contains(field.number())),
        }
    }

    fn field(&mut self, field: Field<'s>, reader: Option<Field<'s>>, kind: &Kind, depth: usize) -> Option<Value> {
        if field.is_map() {
            let Kind::Message(entry) = kind else { return None };
            let half = |number| {
                let of = |field: Field<'s>| inner(field)?.fields().find(|field| field.number() == number);
                Some((of(field)?, reader.and_then(of), entry.get_field(number as u32)?.kind()))
            };
            let mut entries = HashMap::new();
            // The entry read as another message may have more than that has to know.
            let of_entry = inner(field)?;
            let lacks = |reader: Message<'s>| {
                let mut halves = of_entry.fields();
                halves.any(|half| reader_of(half, reader, self.layer).is_none() && self.may_be_unknown(half, reader))
            };
            if reader.and_then(inner).is_some_and(lacks) {
                return Some(Value::Map(entries));
            }
            for _ in 0..self.random.below(3) {
                let ((key, key_reader, key_kind), (value, value_reader, value_kind)) = (half(1)?, half(2)?);
                let key = self.element(key, key_reader, &key_kind, depth)?.into_map_key()?;
                entries.insert(key, self.element(value, value_reader, &value_kind, depth)?);
            }
            return Some(Value::Map(entries));
        }
        if field.label() == Label::Repeated {
            let count = self.random.below(4);
            let elements: Option<Vec<Value>> = (0..count).map(|_| self.element(field, reader, kind, depth)).collect();
            return Some(Value::List(elements?));
        }
        self.element(field, reader, kind, depth)
    }

    fn element(&mut self, field: Field<'s>, reader: Option<Field<'s>>, kind: &Kind, depth: usize) -> Option<Value> {
        match (field.field_type(), kind) {
            (FieldType::Scalar(scalar), _) => Some(self.scalar(scalar, reader)),
            (FieldType::Enum(enumeration), _) => {
                let reader = reader.and_then(|reader| match reader.field_type() {
                    FieldType::Enum(reader) => Some(reader),
                    _ => None,
                });
                self.number(enumeration, reader).map(Value::EnumNumber)
            }
            (FieldType::Message(message), Kind::Message(descriptor)) => {
                let reader = reader.and_then(inner).unwrap_or(message);
                self.message(message, reader, descriptor, depth).map(Value::Message)
            }
            _ => None,
        }
    }

    fn number(&mut self, writer: Enum<'s>, reader: Option<Enum<'s>>) -> Option<i32> {
        let same = |reader: Enum<'s>| match self.direction {
            Direction::Backward => self.comparison.is_same_enum(writer, reader),
            Direction::Forward => self.comparison.is_same_enum(reader, writer),
        };
        let reader = reader.filter(|&reader| same(reader));
        let is_read = |number: &i32| {
            let Some(reader) = reader else { return true };
            reader.values().any(|value| value.number() == *number) || !self.may_be_no_value(*number, writer, reader)
        };
        let mut numbers: Vec<i32> = writer.values().map(|value| value.number()).filter(is_read).collect();
        if !writer.is_closed() {
            numbers.push(77);
        }
        self.random.maybe_pick(&numbers)
    }

    /// Whether the reader does not have to know a value that it does not know.
    fn may_be_no_value(&self, number: i32, writer: Enum<'_>, reader: Enum<'_>) -> bool {
        let mut names = writer.values().filter(|value| value.number() == number).map(|value| value.name());
        match (self.direction, self.layer) {
            (Direction::Forward, _) => true,
            (_, Layer::Json) => names.all(|name| reader.reserved().names().any(|(reserved, _)| reserved == name)),
            _ => reader.reserved().ranges().any(|range| range.contains(number)),
        }
    }

    fn scalar(&mut self, scalar: Scalar, reader: Option<Field<'s>>) -> Value {
        let random = &mut *self.random;
        match scalar {
            Scalar::Double => Value::F64(random.pick(&[0.0, 0.5, -2.0, 0.1, 1e300, f64::INFINITY, f64::NAN, 7.0])),
            Scalar::Float => Value::F32(random.pick(&[0.0, 0.5, -2.0, 0.1, 1e30, f32::NEG_INFINITY, f32::NAN, 7.0])),
            Scalar::Int32 | Scalar::Sint32 | Scalar::Sfixed32 => {
                Value::I32(random.pick(&[0, 1, -1, 7, 300, i32::MAX, i32::MIN]))
            }
            Scalar::Uint32 | Scalar::Fixed32 => Value::U32(random.pick(&[0, 1, 7, 300, u32::MAX])),
            Scalar::Int64 | Scalar::Sint64 | Scalar::Sfixed64 => {
                Value::I64(random.pick(&[0, 1, -1, 7, 300, 5_000_000_000, i64::MAX, i64::MIN]))
            }
            Scalar::Uint64 | Scalar::Fixed64 => Value::U64(random.pick(&[0, 1, 7, 300, 5_000_000_000, u64::MAX])),
            Scalar::Bool => Value::Bool(random.chance(60)),
            Scalar::String => Value::String(random.pick(&["", "ann", "é", "7", "\u{1F600} \"\\"]).to_owned()),
            Scalar::Bytes => {
                let is_text = reader.is_some_and(|reader| reader.field_type() == FieldType::Scalar(Scalar::String));
                // A string that takes any bytes is none that `prost` has.
                let all: &[&[u8]] = if is_text { &[b"", b"ann"] } else { &[b"", b"ann", &[0xff, 0], &[8, 1]] };
                Value::Bytes(random.pick(all).to_vec().into())
            }
        }
    }
}
