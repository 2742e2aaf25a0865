//! What most runtimes make of the bytes of a message: which records they take, which they put aside, and what they
//! refuse. Values are left to the decoder, which gets the records that are taken.

mod record;

use super::field_shape::{FieldShape, Kind, Many};
use super::schema_slice::SchemaSlice;
use super::text::{count, short_hex};
use crate::schema::{Enum, Presence, Scalar};
use record::{Record, is_whole, put_varint, record, varint};

/// What became of the bytes.
#[derive(Default)]
pub(super) struct Sieved {
    /// The records that are taken.
    pub(super) taken: Vec<u8>,
    /// What was not, in words.
    pub(super) notes: Vec<Note>,
}

/// Something that was not taken.
pub(super) struct Note {
    pub(super) fate: Fate,
    pub(super) text: String,
}

/// What happens to a record that is not taken, or to its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is kept aside.
    Unknown,
    /// It is taken, though not by everyone.
    Odd,
    /// The whole message is refused.
    Refused,
}

/// Takes apart the bytes of the message of an slice's root.
pub(super) fn sieve(bytes: &[u8], slice: &SchemaSlice<'_>) -> Sieved {
    let mut sieve = Sieve { slice, notes: Vec::new(), path: Vec::new() };
    let taken = match sieve.message(bytes, 0) {
        Some(taken) => taken,
        None => {
            sieve.note(Fate::Refused, "the bytes are not a message → rejected".to_owned());
            Vec::new()
        }
    };
    Sieved { taken, notes: sieve.notes }
}

struct Sieve<'o, 's> {
    slice: &'o SchemaSlice<'s>,
    notes: Vec<Note>,
    /// The names of the fields on the way.
    path: Vec<String>,
}

impl<'s> Sieve<'_, 's> {
    fn note(&mut self, fate: Fate, text: String) {
        self.notes.push(Note { fate, text });
    }

    /// "field 1 `order.total`".
    fn called(&self, shape: &FieldShape<'_>) -> String {
        let path: Vec<&str> = self.path.iter().map(String::as_str).chain([shape.name.as_str()]).collect();
        format!("field {} `{}`", shape.number, path.join("."))
    }

    /// The records of a message that are taken; `None` where it is no message.
    fn message(&mut self, mut bytes: &[u8], node: usize) -> Option<Vec<u8>> {
        let slice = self.slice;
        let fields = &slice.node(node).fields;
        let mut taken = Vec::new();
        let mut missing: Vec<&FieldShape<'s>> =
            fields.iter().filter(|shape| shape.presence == Presence::Required).collect();
        while !bytes.is_empty() {
            let record = record(&mut bytes, self.path.len())?;
            let Some(shape) = fields.iter().find(|shape| u64::try_from(shape.number) == Ok(record.number)) else {
                let length = count(record.whole.len());
                let text = format!("{} is unknown → field lost, {length} unknown", self.stranger(node, record.number));
                self.note(Fate::Unknown, text);
                continue;
            };
            let before = taken.len();
            self.record(&record, shape, &mut taken);
            if taken.len() > before {
                missing.retain(|other| other.number != shape.number);
            }
        }
        for shape in missing {
            let text = format!("{} is required and missing → message rejected by most runtimes", self.called(shape));
            self.note(Fate::Refused, text);
        }
        Some(taken)
    }

    /// A field that only the writer has.
    fn stranger(&self, node: usize, number: u64) -> String {
        match self.slice.stranger(node).filter(|shape| u64::try_from(shape.number) == Ok(number)) {
            Some(shape) => self.called(shape),
            None => format!("field {number}"),
        }
    }

    fn record(&mut self, record: &Record<'_>, shape: &FieldShape<'s>, taken: &mut Vec<u8>) {
        let expected = shape.wire_type();
        let is_packed = record.wire_type == 2 && shape.is_packable();
        if record.wire_type != expected && !is_packed {
            let text = format!(
                "{} is {}: wire type {} where {expected} is expected → field lost, {} unknown",
                self.called(shape),
                shape.type_name(),
                record.wire_type,
                count(record.whole.len())
            );
            return self.note(Fate::Unknown, text);
        }
        match shape.kind {
            Kind::Message(_) => self.nested(record, shape, taken),
            Kind::Enum(enumeration) => self.numbers(record, shape, enumeration, taken),
            Kind::Scalar(Scalar::String) if std::str::from_utf8(record.content).is_err() => {
                let bytes = short_hex(record.content);
                let (fate, end) = match shape.unchecked {
                    true => (Fate::Odd, "kept as it is by most runtimes"),
                    false => (Fate::Refused, "message rejected by most runtimes"),
                };
                self.note(fate, format!("{} is a string, and {bytes} is not UTF-8 → {end}", self.called(shape)));
            }
            Kind::Scalar(_) if is_packed && !is_whole(record.content, expected) => {
                let text = format!(
                    "{} is {}: its bytes are truncated → message rejected",
                    self.called(shape),
                    shape.type_name()
                );
                self.note(Fate::Refused, text);
            }
            Kind::Scalar(_) => taken.extend(record.whole),
        }
    }

    /// A message in a message: what is taken of it, between the tags, or the length, that it has then.
    fn nested(&mut self, record: &Record<'_>, shape: &FieldShape<'s>, taken: &mut Vec<u8>) {
        let Some(node) = self.slice.child(shape) else { return };
        let called = self.called(shape);
        self.path.push(shape.name.clone());
        let before = self.notes.len();
        let inner = self.message(record.content, node);
        self.path.pop();
        let Some(inner) = inner else {
            let text = format!(
                "{called} is {}, and {} is not one → message rejected",
                shape.type_name(),
                short_hex(record.content)
            );
            return self.note(Fate::Refused, text);
        };
        // The whole entry goes aside with a value that a closed enum does not have.
        let is_lost_value = |note: &&mut Note| note.fate == Fate::Unknown && note.text.contains(CLOSED);
        if let Some(note) = self.notes[before..].iter_mut().find(is_lost_value).filter(|_| shape.many == Many::Map) {
            let reason = note.text.split(" → ").next().unwrap_or_default();
            note.text = format!("{reason} → entry lost, {} unknown", count(record.whole.len()));
            return;
        }
        let tag = record.number << 3;
        put_varint(taken, tag | u64::from(record.wire_type));
        if record.wire_type == 3 {
            taken.extend(inner);
            put_varint(taken, tag | 4);
        } else {
            put_varint(taken, inner.len() as u64);
            taken.extend(inner);
        }
    }

    /// The numbers of an enum, of which a closed one takes those that it has.
    fn numbers(&mut self, record: &Record<'_>, shape: &FieldShape<'s>, enumeration: Enum<'s>, taken: &mut Vec<u8>) {
        let is_packed = record.wire_type == 2;
        let mut content = record.content;
        let (mut kept, mut lost) = (Vec::new(), None);
        while !content.is_empty() {
            let Some(number) = varint(&mut content) else {
                let text = format!("{}: its bytes are truncated → message rejected", self.called(shape));
                return self.note(Fate::Refused, text);
            };
            // Numbers are cut to 32 bits.
            let value = number as i32;
            if enumeration.is_closed() && enumeration.value_numbered(value).is_none() {
                lost = Some(value);
            } else {
                put_varint(&mut kept, number);
            }
        }
        if let Some(lost) = lost {
            let reads = if shape.many == Many::One { "field unset, " } else { "" };
            let text = format!(
                "{} is of the {CLOSED} `{}`, which has no {lost} → {reads}{} unknown",
                self.called(shape),
                enumeration.name(),
                count(record.whole.len() - if is_packed { kept.len() } else { 0 })
            );
            self.note(Fate::Unknown, text);
        }
        if lost.is_none() {
            taken.extend(record.whole);
        } else if is_packed && !kept.is_empty() {
            put_varint(taken, record.number << 3 | 2);
            put_varint(taken, kept.len() as u64);
            taken.extend(kept);
        }
    }
}

/// What notes call enums that take only the values they have.
const CLOSED: &str = "closed enum";
