//! Options of the language that only some elements may carry, whatever their value is.

use crate::rules::Cx;
use crate::schema::{
    Enum, EnumValue, Field, FieldType, File, Label, Message, OptionEntry, OptionValue, Part, Scalar, Syntax,
};

/// The edition of a file; none in proto2 and proto3.
fn edition(file: File<'_>) -> Option<u32> {
    match file.syntax() {
        Syntax::Edition(edition) => Some(edition.into()),
        _ => None,
    }
}

pub(super) fn of_file(file: File<'_>, cx: &mut Cx<'_>) {
    if let Some(option) = file.options().get("cc_enable_arenas")
        && edition(file) >= Some(2026)
    {
        cx.report(file, Part::Exactly(option.span()), "option `cc_enable_arenas` ended with edition 2024")
            .help("remove it: arenas are always enabled");
    }
    if let Some(option) = file.options().get("java_multiple_files")
        && edition(file) >= Some(2024)
    {
        cx.report(file, Part::Exactly(option.span()), "option `java_multiple_files` ended with edition 2023")
            .help("remove it: each type has a file of its own unless `features.(pb.java).nest_in_file_class` is `YES`");
    }
}

pub(super) fn of_message(message: Message<'_>, cx: &mut Cx<'_>) {
    if message.is_map_entry() || message.options().iter().next().is_none() {
        return;
    }
    if let Some(option) = message.options().get("map_entry") {
        cx.report(message, Part::Exactly(option.span()), "only the compiler sets option `map_entry`")
            .help("declare a field of type `map<KEY, VALUE>`");
    }
    if message.options().boolean("message_set_wire_format") != Some(true) {
        return;
    }
    if message.file().syntax() == Syntax::Proto3 {
        cx.report(message, Part::Option("message_set_wire_format"), "proto3 has no message sets");
    }
    for field in message.fields() {
        cx.report(field, Part::Name, format!("a message set has only extensions, not the field `{}`", field.name()));
    }
}

pub(super) fn of_enum(enumeration: Enum<'_>, cx: &mut Cx<'_>) {
    let Some(allowed) = enumeration.options().boolean("allow_alias") else { return };
    if !allowed {
        let message = format!("`allow_alias = false` does nothing in enum `{}`", enumeration.name());
        cx.report(enumeration, Part::Option("allow_alias"), message).help("remove the option");
        return;
    }
    let mut numbers: Vec<i32> = enumeration.values().map(EnumValue::number).collect();
    numbers.sort_unstable();
    if numbers.windows(2).all(|pair| pair[0] != pair[1]) {
        let message = format!("enum `{}` allows aliases but has none", enumeration.name());
        cx.report(enumeration, Part::Option("allow_alias"), message).help("remove the option");
    }
}

pub(super) fn of_field(field: Field<'_>, cx: &mut Cx<'_>) {
    if let Some(extendee) = field.extendee()
        && extendee.options().boolean("message_set_wire_format") == Some(true)
        && (field.label() != Label::Optional
            || !matches!(field.field_type(), FieldType::Message(_) | FieldType::Unresolved))
    {
        cx.report(
            field,
            Part::Type,
            format!("extension `{}` of a message set must be an optional message", field.name()),
        );
    }
    json_name(field, cx);
    for option in field.options().iter() {
        if let Some(fault) = misplaced(field, option) {
            cx.report(field, Part::Exactly(option.span()), fault);
        }
    }
}

/// Names in brackets are those of extensions in JSON, <https://protobuf.dev/programming-guides/json/>.
fn json_name(field: Field<'_>, cx: &mut Cx<'_>) {
    let Some(name) = field.written_json_name() else { return };
    if field.is_extension() && name == field.derived_json_name() {
        // protoc takes the name that it would have made.
    } else if field.is_extension() {
        cx.report(field, Part::JsonName, format!("extension `{}` cannot set its JSON name", field.name()))
            .help("remove `json_name`: JSON has the full name in brackets");
    } else if name.starts_with('[') && name.ends_with(']') {
        cx.report(field, Part::JsonName, format!("JSON name `{name}` is in brackets, like that of an extension"));
    } else if name.contains('\0') {
        cx.report(field, Part::JsonName, format!("the JSON name of `{}` contains a null character", field.name()));
    }
}

/// What is wrong with an option on a field of this type.
fn misplaced(field: Field<'_>, option: OptionEntry<'_>) -> Option<&'static str> {
    let mut parts = option.parts();
    let Some((name, false)) = parts.next() else { return None };
    if parts.next().is_some() || field.field_type() == FieldType::Unresolved {
        return None;
    }
    let is_on = option.value() == OptionValue::Identifier("true");
    let edition = edition(field.file());
    match name {
        "packed" if edition.is_some() => {
            Some("editions have no option `packed`: set `features.repeated_field_encoding`")
        }
        "packed" if is_on && !is_packable(field) => Some("only repeated numbers, booleans and enums can be packed"),
        "lazy" | "unverified_lazy"
            if is_on && (field.is_group() || !matches!(field.field_type(), FieldType::Message(_))) =>
        {
            Some("only message fields can be lazy")
        }
        "jstype" if option.value() != OptionValue::Identifier("JS_NORMAL") && !is_wide(field) => {
            Some("option `jstype` is for fields of 64-bit integers")
        }
        "ctype" if edition >= Some(2024) => {
            Some("option `ctype` ended with edition 2023: set `features.(pb.cpp).string_type`")
        }
        _ => None,
    }
}

/// Whether the values of a field can share one length prefix.
pub(in crate::rules::compile) fn is_packable(field: Field<'_>) -> bool {
    let has_length = match field.field_type() {
        FieldType::Scalar(scalar) => matches!(scalar, Scalar::String | Scalar::Bytes),
        FieldType::Enum(_) => false,
        FieldType::Message(_) | FieldType::Unresolved => true,
    };
    field.label() == Label::Repeated && !has_length
}

fn is_wide(field: Field<'_>) -> bool {
    use Scalar::{Fixed64, Int64, Sfixed64, Sint64, Uint64};
    matches!(field.field_type(), FieldType::Scalar(Int64 | Uint64 | Sint64 | Fixed64 | Sfixed64))
}
