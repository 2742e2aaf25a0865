//! The values that records give a field, by the kind it is declared with. It uses no names and lowers nothing.

use super::model::{Kind, Label, Scalar as Type};
use super::symbols::Member;
use super::wire::{Part, Value, WireFault, packed_varints};

/// The records of one field, those of `repeated` ones in order.
pub(crate) struct FieldRecords<'f> {
    pub(crate) number: u32,
    pub(crate) values: Vec<Value<'f>>,
}

/// Reads all records and groups them by number, in the order in which the numbers come.
pub(crate) fn grouped<'f>(parts: &[Part<'f>]) -> Result<Vec<FieldRecords<'f>>, WireFault> {
    let mut numbered = Vec::new();
    for part in parts {
        for record in part.records() {
            numbered.push((numbered.len(), record?));
        }
    }
    numbered.sort_by_key(|(order, (number, _))| (*number, *order));
    let mut groups: Vec<(usize, FieldRecords<'f>)> = Vec::new();
    for (order, (number, value)) in numbered {
        match groups.last_mut().filter(|(_, group)| group.number == number) {
            Some((_, group)) => group.values.push(value),
            None => groups.push((order, FieldRecords { number, values: vec![value] })),
        }
    }
    groups.sort_by_key(|(first, _)| *first);
    Ok(groups.into_iter().map(|(_, group)| group).collect())
}

/// One value of a field.
pub(crate) enum FieldValue<'f> {
    Scalar(Scalar<'f>),
    /// Parts that merge.
    Message(Vec<Part<'f>>),
}

#[derive(Clone, Copy)]
pub(crate) enum Scalar<'f> {
    Number(i128),
    Double(f64),
    Float(f32),
    Bool(bool),
    Bytes(&'f [u8]),
    Enum(i32),
}

/// The values that records give a field; those of a wrong wire type are not the field's.
pub(crate) fn values<'f>(member: &Member<'_>, records: &[Value<'f>]) -> Vec<FieldValue<'f>> {
    let kind = member.kind;
    let is_list = member.field.label == Label::Repeated;
    if matches!(kind, Kind::Message | Kind::Group) {
        let parts = records.iter().filter_map(|value| match value {
            Value::Bytes(part) | Value::Group(part) => Some(*part),
            _ => None,
        });
        if is_list {
            return parts.map(|part| FieldValue::Message(vec![part])).collect();
        }
        let parts: Vec<Part<'f>> = parts.collect();
        return if parts.is_empty() { Vec::new() } else { vec![FieldValue::Message(parts)] };
    }
    let mut found: Vec<Scalar<'f>> = Vec::new();
    for value in records {
        match scalar(kind, *value) {
            Some(scalar) => found.push(scalar),
            None => found.extend(packed(kind, *value)),
        }
    }
    let skipped = if is_list { 0 } else { found.len().saturating_sub(1) };
    found.into_iter().skip(skipped).map(FieldValue::Scalar).collect()
}

fn scalar<'f>(kind: Kind, value: Value<'f>) -> Option<Scalar<'f>> {
    let zigzag = |number: u64| (number >> 1) as i64 ^ -((number & 1) as i64);
    let Some(of) = kind.scalar() else {
        return match (kind, value) {
            (Kind::Enum, Value::Varint(number)) => Some(Scalar::Enum(number as i32)),
            _ => None,
        };
    };
    Some(match (of, value) {
        (Type::Int32, Value::Varint(number)) => Scalar::Number((number as i32).into()),
        (Type::Int64, Value::Varint(number)) => Scalar::Number((number as i64).into()),
        (Type::Uint32, Value::Varint(number)) => Scalar::Number((number as u32).into()),
        (Type::Uint64, Value::Varint(number)) => Scalar::Number(number.into()),
        (Type::Sint32, Value::Varint(number)) => Scalar::Number((zigzag(number) as i32).into()),
        (Type::Sint64, Value::Varint(number)) => Scalar::Number(zigzag(number).into()),
        (Type::Bool, Value::Varint(number)) => Scalar::Bool(number != 0),
        (Type::Fixed64, Value::Fixed64(bits)) => Scalar::Number(bits.into()),
        (Type::Sfixed64, Value::Fixed64(bits)) => Scalar::Number((bits as i64).into()),
        (Type::Double, Value::Fixed64(bits)) => Scalar::Double(f64::from_bits(bits)),
        (Type::Fixed32, Value::Fixed32(bits)) => Scalar::Number(bits.into()),
        (Type::Sfixed32, Value::Fixed32(bits)) => Scalar::Number((bits as i32).into()),
        (Type::Float, Value::Fixed32(bits)) => Scalar::Float(f32::from_bits(bits)),
        (Type::String | Type::Bytes, Value::Bytes(part)) => Scalar::Bytes(part.bytes),
        _ => return None,
    })
}

/// The values of a packed field, which readers take of all fields of numbers.
fn packed<'f>(kind: Kind, value: Value<'f>) -> Vec<Scalar<'f>> {
    let Value::Bytes(Part { bytes, .. }) = value else { return Vec::new() };
    let values: Vec<Value<'f>> = match kind.scalar() {
        Some(Type::Fixed64 | Type::Sfixed64 | Type::Double) => {
            let chunks = bytes.chunks_exact(8);
            chunks.map(|eight| Value::Fixed64(u64::from_le_bytes(eight.try_into().expect("eight bytes")))).collect()
        }
        Some(Type::Fixed32 | Type::Sfixed32 | Type::Float) => {
            let chunks = bytes.chunks_exact(4);
            chunks.map(|four| Value::Fixed32(u32::from_le_bytes(four.try_into().expect("four bytes")))).collect()
        }
        _ => packed_varints(bytes).unwrap_or_default().into_iter().map(Value::Varint).collect(),
    };
    values.into_iter().filter_map(|value| scalar(kind, value)).collect()
}
