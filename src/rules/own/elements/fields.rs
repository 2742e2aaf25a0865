//! The attributes of fields and of extensions, which are the same.

use super::reader::Known;
use super::table::kind;
use crate::schema::{Enum, Field, FieldType, Label, Message, Oneof, Presence, Syntax};

/// The two kinds have the same lines.
macro_rules! fields {
    ($($kind:tt)*) => {
        kind! { $($kind)* |field, reader| {
            number: int, "its number" => field.number();
            type: text, "the type: `string`, the full name of a message or enum, or `map<string, acme.v1.Shelf>`"
                => type_name(field);
            type_kind: text, "`scalar`, `message`, `enum`, `group` or `map`" => type_kind(field);
            message_type: MESSAGE, "the message that it holds, of a map that of its values; `null` where it holds none"
                => message_type(field);
            enum_type: ENUM, "the enum that it holds, of a map that of its values; `null` where it holds none"
                => enum_type(field);
            group: bool, "whether it is written as a `group`" => field.is_group();
            map: bool, "whether it is a map" => field.is_map();
            key_type: text, "the type of the keys of a map; empty where it is none" => entry_type(field, 1);
            value_type: text, "the type of the values of a map; empty where it is none" => entry_type(field, 2);
            repeated: bool, "whether it is `repeated`; maps are not" => is_repeated(field);
            optional: bool, "whether `optional` is written" => is_optional(field);
            required: bool, "whether it must be set: `required` of proto2, or the feature" => is_required(field);
            has_presence: bool, "whether it distinguishes \"not set\" from its default"
                => Known(field.is_presence_known().then(|| has_presence(field)));
            packed: bool, "whether its values share one record on the wire" => field.is_packed();
            oneof: ONEOF, "the oneof it is in; `null` where it is in none" => oneof(field);
            message: MESSAGE, "the message it is in; of an extension the one that it extends" => holder(field);
            json_name: text, "its name in JSON, written or derived" => field.json_name();
            states_json_name: bool, "whether `json_name` is written" => field.written_json_name().is_some();
            default: any, "the default as written: a text; `null` where none is written" => field.written_default();
        } }
    };
}

fields! {
    /// A field of a message.
    FIELDS of FIELD = "field": Field
}

fields! {
    /// An extension.
    EXTENSIONS of EXTENSION = "extension": Field
}

/// As protos write it; not known where a name could not be resolved.
fn type_name(field: Field<'_>) -> Known<String> {
    if let Some(entry) = map_entry(field) {
        let part = |number| entry.field_numbered(number).and_then(|part| type_name(part).0);
        return Known(part(1).zip(part(2)).map(|(key, value)| format!("map<{key}, {value}>")));
    }
    Known(match field.field_type() {
        FieldType::Scalar(scalar) => Some(scalar.name().to_owned()),
        FieldType::Message(message) => Some(message.full_name().to_owned()),
        FieldType::Enum(enumeration) => Some(enumeration.full_name().to_owned()),
        FieldType::Unresolved => None,
    })
}

fn type_kind(field: Field<'_>) -> Known<&'static str> {
    Known(match field.field_type() {
        _ if field.is_map() => Some("map"),
        _ if field.is_group() => Some("group"),
        FieldType::Scalar(_) => Some("scalar"),
        FieldType::Message(_) => Some("message"),
        FieldType::Enum(_) => Some("enum"),
        FieldType::Unresolved => None,
    })
}

fn map_entry(field: Field<'_>) -> Option<Message<'_>> {
    match field.field_type() {
        FieldType::Message(message) if field.is_map() => Some(message),
        _ => None,
    }
}

/// What it holds, of a map what its values hold.
fn held(field: Field<'_>) -> FieldType<'_> {
    let value = map_entry(field).and_then(|entry| entry.field_numbered(2));
    value.unwrap_or(field).field_type()
}

fn message_type(field: Field<'_>) -> Known<Option<Message<'_>>> {
    Known(match held(field) {
        FieldType::Message(message) => Some(Some(message)),
        FieldType::Unresolved => None,
        FieldType::Scalar(_) | FieldType::Enum(_) => Some(None),
    })
}

fn enum_type(field: Field<'_>) -> Known<Option<Enum<'_>>> {
    Known(match held(field) {
        FieldType::Enum(enumeration) => Some(Some(enumeration)),
        FieldType::Unresolved => None,
        FieldType::Scalar(_) | FieldType::Message(_) => Some(None),
    })
}

fn entry_type(field: Field<'_>, number: i32) -> Known<String> {
    match map_entry(field) {
        Some(entry) => Known(entry.field_numbered(number).and_then(|part| type_name(part).0)),
        None => Known(Some(String::new())),
    }
}

fn is_repeated(field: Field<'_>) -> bool {
    field.label() == Label::Repeated && !field.is_map()
}

/// In proto2 all fields have a label but maps, those of oneofs and required and repeated ones.
fn is_optional(field: Field<'_>) -> bool {
    match field.file().syntax() {
        Syntax::Proto2 | Syntax::Unspecified => field.label() == Label::Optional && field.oneof().is_none(),
        Syntax::Proto3 => field.is_proto3_optional(),
        Syntax::Edition(_) => false,
    }
}

fn is_required(field: Field<'_>) -> bool {
    field.presence() == Presence::Required
}

fn has_presence(field: Field<'_>) -> bool {
    matches!(field.presence(), Presence::Explicit | Presence::Required)
}

fn oneof(field: Field<'_>) -> Option<Oneof<'_>> {
    field.oneof().filter(|oneof| !oneof.is_synthetic())
}

/// Not known where the message that an extension extends could not be resolved.
fn holder(field: Field<'_>) -> Known<Message<'_>> {
    Known(field.holder())
}
