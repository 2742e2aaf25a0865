//! Fields and types as they are written, which is what most registries compare: they parse the text and link little of
//! it. They do not see groups, synthetic oneofs and entries of maps.

use rustc_hash::FxHashSet;

use super::{Change, Encoding};
use crate::schema::{Enum, Field, FieldType, File, Label, Message, Oneof, Scalar, Syntax};

/// What a field, or a part of a map, holds.
#[derive(Clone, Copy)]
pub(super) enum Held<'s> {
    Scalar(Scalar),
    Enum(Enum<'s>),
    Message(Message<'s>),
    /// A map: its keys and its values, as fields of its entry.
    Map(Field<'s>, Field<'s>),
    /// A name that stands for nothing.
    Unknown,
}

pub(super) fn held(field: Field<'_>) -> Held<'_> {
    match field.field_type() {
        FieldType::Scalar(scalar) => Held::Scalar(scalar),
        FieldType::Enum(found) => Held::Enum(found),
        FieldType::Unresolved => Held::Unknown,
        FieldType::Message(entry) => match map_parts(field, entry) {
            Some((key, value)) => Held::Map(key, value),
            None => Held::Message(entry),
        },
    }
}

fn map_parts<'s>(field: Field<'s>, entry: Message<'s>) -> Option<(Field<'s>, Field<'s>)> {
    let part = |number| entry.fields().find(|part| part.number() == number);
    if field.is_map() { part(1).zip(part(2)) } else { None }
}

impl Held<'_> {
    /// How its values are encoded, if they are no messages.
    pub(super) fn encoding(self) -> Option<Encoding> {
        match self {
            Held::Scalar(scalar) => Some(Encoding::of(scalar)),
            Held::Enum(_) => Some(Encoding::Varint),
            Held::Message(_) | Held::Map(..) | Held::Unknown => None,
        }
    }
}

/// The type as it is written: `int32`, `pkg.User`, `map<string, User>`.
pub(super) fn type_text(field: Field<'_>) -> String {
    match held(field) {
        Held::Scalar(scalar) => scalar.name().to_owned(),
        Held::Map(key, value) => format!("map<{}, {}>", type_text(key), type_text(value)),
        Held::Enum(_) | Held::Message(_) | Held::Unknown => field.written_type_name().to_owned(),
    }
}

/// The label as it is written.
pub(super) fn label(field: Field<'_>) -> Option<Label> {
    match field.label() {
        _ if field.is_map() => None,
        Label::Optional if oneof(field).is_some() => None,
        Label::Optional => {
            let is_written = match field.file().syntax() {
                Syntax::Proto2 | Syntax::Unspecified => true,
                Syntax::Proto3 => field.is_proto3_optional(),
                Syntax::Edition(_) => false,
            };
            is_written.then_some(Label::Optional)
        }
        written => Some(written),
    }
}

pub(super) fn label_text(label: Option<Label>) -> String {
    let word = match label {
        None => return "none".to_owned(),
        Some(Label::Optional) => "optional",
        Some(Label::Required) => "required",
        Some(Label::Repeated) => "repeated",
    };
    format!("`{word}`")
}

/// The oneof that is written around a field.
pub(super) fn oneof(field: Field<'_>) -> Option<Oneof<'_>> {
    field.oneof().filter(|oneof| !oneof.is_synthetic())
}

/// The oneofs that are written.
pub(super) fn oneofs(message: Message<'_>) -> impl Iterator<Item = Oneof<'_>> {
    message.oneofs().filter(|oneof| !oneof.is_synthetic())
}

/// The fields without groups.
pub(super) fn fields(message: Message<'_>) -> impl Iterator<Item = Field<'_>> {
    message.fields().filter(|field| !field.is_group())
}

/// The messages that groups of a file declare.
pub(super) fn group_messages(file: File<'_>) -> FxHashSet<u32> {
    let groups = file.all_fields().filter(|field| field.is_group());
    let held = groups.filter_map(|group| match group.field_type() {
        FieldType::Message(message) => Some(message.index),
        _ => None,
    });
    held.collect()
}

/// A field of a map's entry as its map; any other field itself.
pub(super) fn map_with(field: Field<'_>) -> Field<'_> {
    let Some(entry) = field.parent().filter(|_| field.is_in_map_entry()) else { return field };
    let is_map = |map: &Field<'_>| map.field_type() == FieldType::Message(entry);
    entry.parent().and_then(|outer| outer.fields().find(is_map)).unwrap_or(field)
}

/// A field as messages name it.
pub(super) fn described(field: Field<'_>) -> String {
    let of_map = field.is_in_map_entry();
    let what = match field.number() {
        1 if of_map => "keys of map",
        2 if of_map => "values of map",
        _ => "field",
    };
    let field = map_with(field);
    let of = field.parent().map_or(String::new(), |message| format!(" of message `{}`", message.name()));
    format!("{what} `{}` ({}){of}", field.name(), field.number())
}

/// Two fields of one number with other types.
pub(super) fn type_change(writer: Field<'_>, reader: Field<'_>) -> Change {
    let [from, to] = [writer, reader].map(|field| format!("`{}`", type_text(field)));
    // One name can stand for two types.
    let (from, to) = if from == to { (full_type(writer), full_type(reader)) } else { (from, to) };
    Change::Differs { what: described(reader), property: "type", writer: from, reader: to }
}

/// The full name of the type of a field.
fn full_type(field: Field<'_>) -> String {
    match held(field) {
        Held::Message(message) => format!("message `{}`", message.full_name()),
        Held::Enum(found) => format!("enum `{}`", found.full_name()),
        Held::Unknown => format!("unknown `{}`", type_text(field)),
        Held::Map(key, _) => {
            key.parent().map_or(String::new(), |entry| format!("entry message `{}`", entry.full_name()))
        }
        Held::Scalar(_) => format!("`{}`", type_text(field)),
    }
}

/// Two fields of one number with other labels.
pub(super) fn label_change(writer: Field<'_>, reader: Field<'_>) -> Change {
    let [from, to] = [writer, reader].map(|field| label_text(label(field)));
    Change::Differs { what: described(reader), property: "label", writer: from, reader: to }
}

/// A message as messages name it.
pub(super) fn message_text(message: Message<'_>) -> String {
    format!("message `{}`", message.name())
}

/// A package as messages name it.
pub(super) fn package_change(writer: File<'_>, reader: File<'_>) -> Change {
    let [from, to] = [writer, reader].map(|file| file.package().map_or("none".to_owned(), |name| format!("`{name}`")));
    Change::Differs { what: "the file".to_owned(), property: "package", writer: from, reader: to }
}
