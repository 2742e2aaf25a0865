//! Which types read what others wrote: <https://protobuf.dev/programming-guides/proto3/#updating> for binary messages;
//! `json` decides it for JSON.

use super::{Compatibility, Reading, json, structure};
use crate::compare::names::are_unknown_and_differ;
use crate::compare::pairing::is_moved;
use crate::finding::{Direction, Layer};
use crate::schema::{Enum, EnumValue, Field, FieldType, Label, Presence, Scalar};

/// How much of a field's values can be read, whether it is a list or not.
pub(super) fn compatibility<'s>(writer: Field<'s>, reader: Field<'s>, reading: Reading<'s>) -> Compatibility {
    use FieldType as T;
    match (writer.field_type(), reader.field_type()) {
        (T::Unresolved, T::Scalar(scalar)) => from_unknown(scalar, reading.layer),
        (T::Scalar(scalar), T::Unresolved) => to_unknown(scalar, reading.layer),
        (T::Unresolved, _) | (_, T::Unresolved) => full_or_lossy(!are_unknown_and_differ(writer, reader)),
        (T::Enum(from), T::Enum(to)) if reading.is_same_enum(from, to) => Compatibility::Full,
        (T::Enum(from), T::Enum(to)) => enums(writer, from, to, reading),
        _ if reading.layer == Layer::Json => {
            json::container(writer, reader).unwrap_or_else(|| json::compatibility(writer, reader, reading))
        }
        (T::Message(from), T::Message(to)) => {
            if writer.is_delimited() != reader.is_delimited() {
                Compatibility::None
            } else {
                structure::compatibility(from, to, reading)
            }
        }
        (from, to) => wire(writer, reader, from, to),
    }
}

/// How much of a message or an enum, whichever it is, a scalar reads: for some of them there may be one that fits.
fn from_unknown(reader: Scalar, layer: Layer) -> Compatibility {
    let may_be_enum = family(FieldType::Scalar(reader)) == 0;
    match layer {
        Layer::Json => Compatibility::None,
        _ if may_be_enum || reader == Scalar::Bytes => Compatibility::Lossy,
        _ => Compatibility::None,
    }
}

/// How much of a scalar a message or an enum reads.
fn to_unknown(writer: Scalar, layer: Layer) -> Compatibility {
    let may_be_enum = family(FieldType::Scalar(writer)) == 0;
    match layer {
        Layer::Json if may_be_enum && writer != Scalar::Bool && !json::is_wide(writer) => Compatibility::Lossy,
        Layer::Json => Compatibility::None,
        _ if may_be_enum || writer == Scalar::Bytes => Compatibility::Lossy,
        _ => Compatibility::None,
    }
}

/// The whole numbers a type holds, as a range.
pub(super) fn range(field_type: FieldType<'_>) -> Option<(i128, i128)> {
    use Scalar::{Fixed32, Fixed64, Int32, Int64, Sfixed32, Sfixed64, Sint32, Sint64, Uint32, Uint64};
    match field_type {
        FieldType::Scalar(Int32 | Sint32 | Sfixed32) => Some((i32::MIN.into(), i32::MAX.into())),
        FieldType::Scalar(Int64 | Sint64 | Sfixed64) => Some((i64::MIN.into(), i64::MAX.into())),
        FieldType::Scalar(Uint32 | Fixed32) => Some((0, u32::MAX.into())),
        FieldType::Scalar(Uint64 | Fixed64) => Some((0, u64::MAX.into())),
        FieldType::Scalar(Scalar::Bool) => Some((0, 1)),
        FieldType::Enum(enumeration) if enumeration.is_closed() => {
            let numbers = || enumeration.values().map(|value| i128::from(value.number()));
            Some((numbers().min()?, numbers().max()?))
        }
        FieldType::Enum(_) => Some((i32::MIN.into(), i32::MAX.into())),
        _ => None,
    }
}

/// Whether every whole number of `from` is one of `to`.
pub(super) fn fits(from: FieldType<'_>, to: FieldType<'_>) -> bool {
    let (Some((low, high)), Some((least, most))) = (range(from), range(to)) else { return false };
    match to {
        FieldType::Enum(enumeration) if enumeration.is_closed() => {
            let has = |number: i32| enumeration.value_numbered(number).is_some();
            from == FieldType::Scalar(Scalar::Bool) && has(0) && has(1)
        }
        _ => least <= low && high <= most,
    }
}

pub(super) fn full_or_lossy(all: bool) -> Compatibility {
    if all { Compatibility::Full } else { Compatibility::Lossy }
}

/// Types of one family have the same bytes for the values they share.
fn family(field_type: FieldType<'_>) -> u8 {
    use Scalar::{
        Bool, Bytes, Double, Fixed32, Fixed64, Float, Int32, Int64, Sfixed32, Sfixed64, Sint32, Sint64, String, Uint32,
        Uint64,
    };
    match field_type {
        FieldType::Scalar(Int32 | Int64 | Uint32 | Uint64 | Bool) | FieldType::Enum(_) => 0,
        FieldType::Scalar(Sint32 | Sint64) => 1,
        FieldType::Scalar(Fixed32 | Sfixed32) => 2,
        FieldType::Scalar(Fixed64 | Sfixed64) => 3,
        FieldType::Scalar(Float) => 4,
        FieldType::Scalar(Double) => 5,
        FieldType::Scalar(String | Bytes) => 6,
        FieldType::Message(_) | FieldType::Unresolved => 7,
    }
}

/// Whether two types have the same bytes for the values they share.
pub(crate) fn have_same_bytes(one: Scalar, other: Scalar) -> bool {
    family(FieldType::Scalar(one)) == family(FieldType::Scalar(other))
}

fn wire(writer: Field<'_>, reader: Field<'_>, from: FieldType<'_>, to: FieldType<'_>) -> Compatibility {
    const BYTES: FieldType<'_> = FieldType::Scalar(Scalar::Bytes);
    match (from, to) {
        (FieldType::Scalar(Scalar::String), FieldType::Scalar(Scalar::String)) => {
            full_or_lossy(writer.validates_utf8() || !reader.validates_utf8())
        }
        _ if from == to => Compatibility::Full,
        // A message is sent as bytes with their length.
        (FieldType::Message(_), BYTES) if !writer.is_delimited() => Compatibility::Full,
        (BYTES, FieldType::Message(_)) if !reader.is_delimited() => Compatibility::Lossy,
        (FieldType::Message(_), _) | (_, FieldType::Message(_)) => Compatibility::None,
        (BYTES, FieldType::Scalar(Scalar::String)) => full_or_lossy(!reader.validates_utf8()),
        // The only number it has is the same in both.
        _ if family(from) == 0 && family(to) == 1 && range(from) == Some((0, 0)) => Compatibility::Full,
        _ if family(from) != family(to) => Compatibility::None,
        (FieldType::Scalar(Scalar::String), _) => Compatibility::Full,
        _ => full_or_lossy(fits(from, to)),
    }
}

/// The values that a field writes: zero is none of them where it means that the field is not set.
pub(super) fn written_values<'s>(field: Field<'s>, enumeration: Enum<'s>) -> impl Iterator<Item = EnumValue<'s>> {
    let writes_zero = field.presence() != Presence::Implicit || field.is_in_map_entry();
    enumeration.values().filter(move |value| writes_zero || value.number() != 0)
}

/// Another enum has to know every value that is written, new ones too, but for numbers that old code takes as they are.
fn enums<'s>(field: Field<'s>, writer: Enum<'s>, reader: Enum<'s>, reading: Reading<'s>) -> Compatibility {
    let takes_new = reading.direction == Direction::Forward && !reader.is_closed();
    let reads = |number: i32| match reader.value_numbered(number) {
        Some(_) => !is_moved(writer, reader, number),
        None => takes_new,
    };
    let mut written = written_values(field, writer);
    let is_open = !writer.is_closed() && reader.is_closed();
    let read = match reading.layer {
        Layer::Json => written.all(|value| reads_value(writer, reader, value.number())),
        _ => written.all(|value| reads(value.number())),
    };
    match (read, reading.layer) {
        (true, _) => full_or_lossy(!is_open),
        (false, Layer::Json) => Compatibility::None,
        (false, _) => Compatibility::Lossy,
    }
}

/// Whether a reader of JSON has the name that is written for a number: the first that the writer gives it. In JSON a
/// value is its name, whatever number that has.
pub(super) fn reads_value(writer: Enum<'_>, reader: Enum<'_>, number: i32) -> bool {
    let Some(written) = writer.value_numbered(number) else { return true };
    reader.value_named(written.name()).is_some()
}

/// How much can be read where one side has a list and the other has not, or one of them a map.
pub(super) fn list_compatibility<'s>(writer: Field<'s>, reader: Field<'s>, layer: Layer) -> Compatibility {
    if let Some(found) = json::container(writer, reader).filter(|_| layer == Layer::Json) {
        return found;
    }
    let is_list = |field: Field<'_>| field.label() == Label::Repeated;
    let is_same = is_list(writer) == is_list(reader) && writer.is_map() == reader.is_map();
    match (is_same, layer) {
        (true, _) => Compatibility::Full,
        (false, Layer::Json) => Compatibility::None,
        // The last one wins, messages are merged; a record of many numbers is none of them.
        _ if is_list(writer) && !is_list(reader) && writer.is_packed() => Compatibility::None,
        _ if is_list(writer) && !is_list(reader) => Compatibility::Lossy,
        // Of equal keys the last one wins.
        _ if reader.is_map() && is_list(writer) => Compatibility::Lossy,
        _ => Compatibility::Full,
    }
}
