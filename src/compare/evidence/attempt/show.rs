//! Writes and reads the message of an attempt, and says what is to be seen of that, if anything.

use prost_reflect::prost::Message as _;
use prost_reflect::{DynamicMessage, Value};

use super::{Attempt, Shown, Sides, Want};
use crate::compare::evidence::compare::{self, Difference};
use crate::compare::evidence::field_shape::{FieldShape, Kind, Many};
use crate::compare::evidence::path::follow;
use crate::compare::evidence::read::{self, Place, Reading};
use crate::compare::evidence::schema_slice::SchemaSlice;
use crate::compare::evidence::text;
use crate::finding::Layer;

/// How many characters of a value that does not fit are shown.
const MAX_VALUE: usize = 40;

impl<'s> Attempt<'_, 's> {
    /// Writes and reads a message; `None` where nothing is to be seen. `is_other` says that what is read means
    /// something else, though it may be the same number.
    pub(super) fn show(&self, sides: &Sides<'s>, written: &DynamicMessage, is_other: bool) -> Option<Shown> {
        let (payload, reading) = match self.layer {
            Layer::Json => {
                let json = serde_json::to_string(written).ok()?;
                let reading = read::json(&json, &sides.reader, &sides.to, &self.place(&json));
                (text::short(&json), reading)
            }
            _ => {
                let bytes = written.encode_to_vec();
                (text::hex(&bytes), read::bytes(&bytes, &sides.reader, &sides.to))
            }
        };
        let written_text = text::message(written, &sides.writer, 0);
        let Reading { message: read, note, is_odd } = reading;
        let Some(read) = read else {
            return Some(Shown { is_weak: is_odd, written: written_text, payload, read: note? });
        };
        let read_text = text::message(&read, &sides.reader, 0);
        if self.want == Want::Absence {
            return self.show_default(sides, (written, written_text), payload, (&read, read_text));
        }
        let difference = compare::messages(written, &read, self.layer);
        let is_meant = match self.want {
            Want::Meaning => written_text != read_text,
            Want::Number(number) => written_text != read_text && !self.keeps_name(number),
            Want::Difference => is_other && written_text != read_text,
            Want::Absence => false,
        };
        // A zero that is put aside is not distinguished from a field that is not set.
        let is_one_lost = self.steps.is_empty() && read.fields().count() < written.fields().count();
        let is_put_aside = (note.is_some() && !is_odd) || is_one_lost;
        if difference == Difference::Same && !is_meant && !is_put_aside {
            return None;
        }
        let is_weak = is_odd || (difference != Difference::Value && !is_meant);
        Some(Shown { is_weak, written: written_text, payload, read: note.unwrap_or(read_text) })
    }

    /// Whether the first name that the writer's enum has for a number stands for it in the reader's enum too.
    fn keeps_name(&self, number: i32) -> bool {
        let enumeration = |shapes: &[FieldShape<'s>]| match shapes.first()?.kind {
            Kind::Enum(enumeration) => Some(enumeration),
            _ => None,
        };
        let (Some(writer), Some(reader)) = (enumeration(&self.writers), enumeration(&self.readers)) else {
            return false;
        };
        let name = writer.value_numbered(number).map(|value| value.name());
        reader.values_numbered(number).any(|value| Some(value.name()) == name)
    }

    /// A field that is not set, where both sides take it for something else.
    fn show_default(
        &self,
        sides: &Sides<'s>,
        (written, written_text): (&DynamicMessage, String),
        payload: String,
        (read, read_text): (&DynamicMessage, String),
    ) -> Option<Shown> {
        let (writer, reader) = (self.writers.first()?, self.readers.first()?);
        let default = |shape: &FieldShape<'s>, message: &DynamicMessage, steps: Vec<i32>| -> Option<Value> {
            let leaf = follow(message, &steps)?;
            Some(leaf.get_field_by_number(u32::try_from(shape.number).ok()?)?.into_owned())
        };
        let of_writer = default(writer, written, self.steps.iter().map(|step| step.writer.number).collect())?;
        let of_reader = default(reader, read, self.steps.iter().map(|step| step.reader.number).collect())?;
        if !compare::are_other_defaults(&of_writer, &of_reader, self.layer) {
            return None;
        }
        let reads = |shape: &FieldShape<'s>, value: &Value, slice: &SchemaSlice<'s>| {
            format!("unset `{}` reads {}", shape.name, text::value(value, slice, shape))
        };
        let written = reads(writer, &of_writer, &sides.writer);
        let read = reads(reader, &of_reader, &sides.reader);
        // Values of enums are their names, whatever numbers these have.
        let are_enums = matches!((writer.kind, reader.kind), (Kind::Enum(_), Kind::Enum(_)));
        if are_enums && text::value(&of_writer, &sides.writer, writer) == text::value(&of_reader, &sides.reader, reader)
        {
            return None;
        }
        Some(Shown {
            is_weak: false,
            written: format!("{written_text}, {written}"),
            payload,
            read: format!("{read_text}, {read}"),
        })
    }

    /// What reads the value that the attempt is about.
    fn place(&self, json: &str) -> Place<'s> {
        let value: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
        let inside = self.steps.iter().try_fold(&value, |value, step| {
            let value = value.get(&step.writer.json)?;
            match step.writer.many {
                Many::One => Some(value),
                Many::List => value.as_array()?.first(),
                Many::Map => value.as_object()?.values().next(),
            }
        });
        let writer = self.writers.first();
        // What is around a value is not written where JSON has a form of its own for it.
        let found = inside.and_then(|value| if value.is_object() { value.get(&writer?.json) } else { Some(value) });
        let mut value = found.cloned().unwrap_or_default();
        let mut reader = writer.and_then(|shape| self.reader_of(shape)).cloned();
        let mut path: Vec<String> = self.steps.iter().map(|step| step.reader.name.clone()).collect();
        path.extend(reader.as_ref().map(|reader| reader.name.clone()));
        // Of a map, what differs: the values, or else the keys.
        let halves = |number| Some((writer?.half(number)?, reader.as_ref()?.half(number)?));
        if let (Some((_, key)), Some((one, other)), Some(entries)) = (halves(1), halves(2), value.as_object()) {
            let first = entries.iter().next().map(|(key, value)| (key.clone(), value.clone())).unwrap_or_default();
            let is_key = one.is_alike(&other);
            path.push(if is_key { "key" } else { "value" }.to_owned());
            (reader, value) = if is_key { (Some(key), first.0.into()) } else { (Some(other), first.1) };
        }
        let value = match value {
            serde_json::Value::Object(_) => "an object".to_owned(),
            serde_json::Value::Array(_) if reader.as_ref().is_some_and(|reader| reader.many != Many::List) => {
                "a list".to_owned()
            }
            value => text::cut(&value.to_string(), MAX_VALUE),
        };
        Place { path: path.join("."), reader, value }
    }
}
