//! Values worth writing: for each type a few, those first that a reader of another type most likely takes for something
//! else. It does not know how they are read.

use std::collections::HashMap;

use prost_reflect::{DynamicMessage, FieldDescriptor, Kind as ProtoKind, MapKey, Value};
use rustc_hash::{FxHashMap, FxHashSet};

use super::field_shape::{FieldShape, Kind, Many};
use super::schema_slice::{ANY_URL, ANY_VALUE, NULL, SchemaSlice};
use crate::finding::Layer;
use crate::schema::{Enum, Presence, Scalar};

/// How many values of an enum are tried.
const MAX_NUMBERS: usize = 8;
/// How deep messages are filled.
const MAX_DEPTH: usize = 4;
/// How many ways there are to fill a message.
const FILLINGS: usize = 7;

/// The numbers of an enum that are worth writing: those first that the reader's enum does not have, or has otherwise.
pub(super) fn enum_numbers(writer: Enum<'_>, reader: Option<Enum<'_>>, layer: Layer) -> Vec<i32> {
    if writer.full_name() == NULL {
        return vec![0];
    }
    let mut seen = FxHashSet::default();
    let firsts = writer.values().filter(|value| seen.insert(value.number()));
    let firsts: Vec<(i32, &str)> = firsts.map(|value| (value.number(), value.name())).collect();
    let names: FxHashMap<&str, i32> =
        reader.iter().flat_map(|reader| reader.values()).map(|value| (value.name(), value.number())).collect();
    let numbers: FxHashSet<i32> = names.values().copied().collect();
    let is_read = |&(number, name): &(i32, &str)| match layer {
        Layer::Json => names.contains_key(name),
        _ => numbers.contains(&number),
    };
    let mut chosen: Vec<i32> = Vec::new();
    if reader.is_some() {
        chosen.extend(firsts.iter().filter(|value| !is_read(value)).map(|value| value.0).take(MAX_NUMBERS));
    }
    // One that is neither 0 nor 1 does not look like a boolean; the largest and the smallest may not fit.
    let plain = firsts.iter().map(|value| value.0).filter(|number| *number != 0).take(2);
    let odd = firsts.iter().map(|value| value.0).find(|number| !matches!(number, 0 | 1));
    let ends = [firsts.iter().map(|value| value.0).max(), firsts.iter().map(|value| value.0).min()];
    chosen.extend(plain.chain(odd).chain(ends.into_iter().flatten()));
    if !writer.is_closed() {
        chosen.extend((7..).chain(1..7).find(|number| !seen.contains(number) && !numbers.contains(number)));
        chosen.extend([-1, i32::MAX]);
    }
    let mut once = FxHashSet::default();
    chosen.retain(|number| once.insert(*number));
    chosen
}

fn scalars(scalar: Scalar, unchecked: bool) -> Vec<Value> {
    use Scalar::{
        Bool, Bytes, Double, Fixed32, Fixed64, Float, Int32, Int64, Sfixed32, Sfixed64, Sint32, Sint64, String, Uint32,
        Uint64,
    };
    let bytes = |bytes: &[u8]| Value::Bytes(bytes.to_owned().into());
    match scalar {
        Double => [0.5, 16_777_217.0, 1.5e300, 7.0, f64::INFINITY, f64::NAN].map(Value::F64).to_vec(),
        Float => [0.5, 0.1, 1.5e30, 7.0, f32::INFINITY, f32::NAN].map(Value::F32).to_vec(),
        Int32 | Sint32 | Sfixed32 => [1, 7, -1, i32::MAX, i32::MIN].map(Value::I32).to_vec(),
        Uint32 | Fixed32 => [1, 7, u32::MAX].map(Value::U32).to_vec(),
        Int64 | Sint64 | Sfixed64 => {
            [1, 7, 5_000_000_000, -1, (1 << 53) + 1, i64::MAX, i64::MIN].map(Value::I64).to_vec()
        }
        Uint64 | Fixed64 => [1, 7, 5_000_000_000, (1 << 53) + 1, u64::MAX].map(Value::U64).to_vec(),
        Bool => [true, false].map(Value::Bool).to_vec(),
        String if unchecked => ["ann@example.org", "é", "7", ""]
            .iter()
            .map(|text| bytes(text.as_bytes()))
            .chain([bytes(&[0xff])])
            .collect(),
        String => ["ann@example.org", "é", "7", "true", "ann", ""].map(|text| Value::String(text.to_owned())).to_vec(),
        Bytes => [&[0xff][..], b"ann", &[0x08, 0x01], b""].map(bytes).to_vec(),
    }
}

/// A field as it is written: the field, its descriptor, and where messages are described.
#[derive(Clone, Copy)]
pub(super) struct Writing<'o, 's> {
    pub(super) slice: &'o SchemaSlice<'s>,
    pub(super) layer: Layer,
}

impl<'s> Writing<'_, 's> {
    /// Values of a field; `reader` is the field that reads them, if any.
    pub(super) fn values(
        self,
        shape: &FieldShape<'s>,
        descriptor: &FieldDescriptor,
        reader: Option<&FieldShape<'s>>,
    ) -> Vec<Value> {
        let mut values = match shape.many {
            Many::Map => self.maps(shape, descriptor, reader),
            Many::One => self.elements(shape, descriptor, reader),
            Many::List => {
                let elements = self.elements(shape, descriptor, reader);
                lists(elements, reader.map(|reader| reader.many))
            }
        };
        // Code does not write the zero of a field without presence.
        if shape.presence == Presence::Implicit {
            values.retain(|value| !value.is_default(&descriptor.kind()));
        }
        values
    }

    fn elements(
        self,
        shape: &FieldShape<'s>,
        descriptor: &FieldDescriptor,
        reader: Option<&FieldShape<'s>>,
    ) -> Vec<Value> {
        match (shape.kind, descriptor.kind()) {
            (Kind::Scalar(scalar), kind) => {
                let is_loose = shape.unchecked && matches!(kind, ProtoKind::Bytes);
                let mut values = scalars(scalar, is_loose);
                // Readers that do not check either see what they always saw.
                if is_loose && reader.is_some_and(|reader| reader.unchecked) {
                    values.pop();
                }
                values
            }
            (Kind::Enum(writer), _) => {
                let reader = match reader.map(|reader| reader.kind) {
                    Some(Kind::Enum(reader)) => Some(reader),
                    _ => None,
                };
                enum_numbers(writer, reader, self.layer).into_iter().map(Value::EnumNumber).collect()
            }
            (Kind::Message(_), ProtoKind::Message(descriptor)) => {
                let Some(node) = self.slice.child(shape) else { return Vec::new() };
                let filled = (0..FILLINGS).map(|at| self.filled(node, DynamicMessage::new(descriptor.clone()), at, 0));
                let is_required = |shape: &FieldShape<'_>| shape.presence == Presence::Required;
                let empty = (!self.slice.node(node).fields.iter().any(is_required))
                    .then(|| DynamicMessage::new(descriptor.clone()));
                filled.chain(empty).map(Value::Message).collect()
            }
            (Kind::Message(_), _) => Vec::new(),
        }
    }

    /// The `at`-th value, or the last.
    fn element(self, shape: &FieldShape<'s>, descriptor: &FieldDescriptor, at: usize, depth: usize) -> Option<Value> {
        if let (Kind::Message(_), ProtoKind::Message(descriptor)) = (shape.kind, descriptor.kind()) {
            let message = DynamicMessage::new(descriptor);
            return Some(Value::Message(self.filled(self.slice.child(shape)?, message, at, depth)));
        }
        let mut elements = self.elements(shape, descriptor, None);
        let last = elements.len().checked_sub(1)?;
        Some(elements.swap_remove(at.min(last)))
    }

    /// A message with a value in each field, the `at`-th that there is, or the last; one field of each oneof.
    fn filled(self, node: usize, mut message: DynamicMessage, at: usize, depth: usize) -> DynamicMessage {
        let mut oneofs = Vec::new();
        let node = self.slice.node(node);
        if node.is_any() {
            _ = message.try_set_field_by_number(1, Value::String(ANY_URL.to_owned()));
            _ = message.try_set_field_by_number(2, Value::Bytes(ANY_VALUE.into()));
            return message;
        }
        // Beyond their ranges, times have no JSON form, or that of another value; so has a mask of no name.
        let is_value = node.own_name() == Some("Value");
        let is_narrow = matches!(node.own_name(), Some("Duration" | "FieldMask" | "Timestamp"));
        let at = if is_narrow { at.min(1) } else { at };
        // Of the types of a value, each in its turn: number, text, truth, object, list, and null at last.
        let kinds = node.fields.len().max(1);
        let (skipped, at) = if is_value { ((at + 1) % kinds, 0) } else { (0, at) };
        for shape in node.fields.iter().skip(skipped) {
            if depth >= MAX_DEPTH || shape.oneof.is_some_and(|oneof| oneofs.contains(&oneof)) {
                continue;
            }
            let Some(descriptor) = u32::try_from(shape.number)
                .ok()
                .and_then(|number| prost_reflect::ReflectMessage::descriptor(&message).get_field(number))
            else {
                continue;
            };
            let element = match shape.many {
                Many::Map => self.entry(shape, &descriptor, at, depth + 1),
                _ => self.element(shape, &descriptor, at, depth + 1),
            };
            let Some(element) = element else { continue };
            // In a wrapper, what is no number would be written as `null`, which it is not.
            let is_odd = matches!(element, Value::F32(number) if !number.is_finite())
                || matches!(element, Value::F64(number) if !number.is_finite());
            if is_odd && self.layer == Layer::Json && node.own_name().is_some() {
                continue;
            }
            if shape.presence == Presence::Implicit && element.is_default(&descriptor.kind()) {
                continue;
            }
            let count = if at + 1 == FILLINGS { 2 } else { 1 };
            let value = if shape.many == Many::List { Value::List(vec![element; count]) } else { element };
            if message.try_set_field(&descriptor, value).is_ok() {
                oneofs.extend(shape.oneof);
            }
        }
        message
    }

    /// A map with one entry.
    fn entry(self, shape: &FieldShape<'s>, descriptor: &FieldDescriptor, at: usize, depth: usize) -> Option<Value> {
        let (node, ProtoKind::Message(entry)) = (self.slice.child(shape)?, descriptor.kind()) else { return None };
        let half = |number: u32, at: usize| {
            let shape =
                self.slice.node(node).fields.iter().find(|shape| i64::from(shape.number) == i64::from(number))?;
            self.element(shape, &entry.get_field(number)?, at, depth)
        };
        Some(Value::Map([(key(half(1, 0)?)?, half(2, at)?)].into()))
    }

    fn maps(self, shape: &FieldShape<'s>, descriptor: &FieldDescriptor, reader: Option<&FieldShape<'s>>) -> Vec<Value> {
        let (Some(node), ProtoKind::Message(entry)) = (self.slice.child(shape), descriptor.kind()) else {
            return Vec::new();
        };
        let elements = |number: i32| -> Vec<Value> {
            let shape = self.slice.node(node).fields.iter().find(|shape| shape.number == number);
            let descriptor = entry.get_field(number as u32);
            let reader = reader.and_then(|reader| reader.half(number));
            match (shape, descriptor) {
                (Some(shape), Some(descriptor)) => self.elements(shape, &descriptor, reader.as_ref()),
                _ => Vec::new(),
            }
        };
        let keys: Vec<MapKey> = elements(1).into_iter().filter_map(key).collect();
        let values = elements(2);
        let (Some(first_key), Some(first_value)) = (keys.first(), values.first()) else { return Vec::new() };
        let with_key = values.iter().map(|value| (first_key.clone(), value.clone()));
        let with_value = keys.iter().skip(1).map(|key| (key.clone(), first_value.clone()));
        with_key.chain(with_value).map(|entry| Value::Map(HashMap::from([entry]))).collect()
    }
}

fn key(value: Value) -> Option<MapKey> {
    value.into_map_key()
}

/// Lists of elements: where the reader takes one, two at first; where it is a map, two with the same key.
fn lists(elements: Vec<Value>, reader: Option<Many>) -> Vec<Value> {
    let two = |at: usize| {
        let first = elements.get(at)?;
        Some(Value::List(vec![first.clone(), elements.get(at + 1).unwrap_or(first).clone()]))
    };
    let singles = elements.iter().map(|element| Value::List(vec![element.clone()]));
    match reader {
        Some(Many::One) => two(0).into_iter().chain(singles).collect(),
        Some(Many::Map) => same_key(&elements).or_else(|| two(0)).into_iter().chain(singles).collect(),
        _ => singles.chain(two(0)).collect(),
    }
}

fn same_key(entries: &[Value]) -> Option<Value> {
    let (Value::Message(one), Value::Message(other)) = (entries.first()?, entries.get(1)?) else { return None };
    let mut other = other.clone();
    let key = one.get_field_by_number(1)?.into_owned();
    other.try_set_field_by_number(1, key).ok()?;
    Some(Value::List(vec![Value::Message(one.clone()), Value::Message(other)]))
}
