//! Options as descriptors hold those that are not interpreted yet.

use prost_reflect::prost_types::{FieldOptions, UninterpretedOption, uninterpreted_option};

use crate::schema::data::Scalar;
use crate::schema::element::{Field, FieldType, File, Message};
use crate::schema::link::{Target, TypeRef};
use crate::schema::option::{MessageValue, OptionEntry, OptionStep, OptionValue, Options};

/// The options, and whether values share a record, which the pool needs to be given where the syntax does not say so.
pub(super) fn field_options(field: Field<'_>, is_proto3: bool) -> Option<FieldOptions> {
    let mut uninterpreted_option = uninterpreted(field.file(), field.options()).unwrap_or_default();
    uninterpreted_option
        .retain(|option| !matches!(&option.name[..], [one] if one.name_part == "packed" && !one.is_extension));
    let packed = (field.is_packable() && field.is_packed() != is_proto3).then(|| field.is_packed());
    let is_set = packed.is_some() || !uninterpreted_option.is_empty();
    is_set.then(|| FieldOptions { packed, uninterpreted_option, ..FieldOptions::default() })
}

/// The options that can be interpreted: features, which the pool does not know, and extensions that could not be
/// resolved are left out.
pub(super) fn uninterpreted(file: File<'_>, options: Options<'_>) -> Option<Vec<UninterpretedOption>> {
    let options: Vec<UninterpretedOption> = options.iter().filter_map(|option| option_proto(file, option)).collect();
    (!options.is_empty()).then_some(options)
}

fn option_proto(file: File<'_>, option: OptionEntry<'_>) -> Option<UninterpretedOption> {
    let mut name = Vec::new();
    for (index, (part, is_extension)) in option.part_indexes().zip(option.parts()) {
        let target = file.links().option_parts.get(index as usize).copied().and_then(TypeRef::target);
        let (name_part, is_extension) = match (is_extension, target) {
            (false, _) => (part.to_owned(), false),
            (true, Some(Target::Field(at, index))) => match file.schema.file_at(at).field_at(index) {
                field if field.is_extension() => (format!(".{}", field.full_name()), true),
                field => (field.name().to_owned(), false),
            },
            (true, _) => return None,
        };
        name.push(uninterpreted_option::NamePart { name_part, is_extension });
    }
    if name.first().is_none_or(|first| !first.is_extension && is_unknown_to_pool(&first.name_part)) {
        return None;
    }
    let mut proto = UninterpretedOption { name, ..UninterpretedOption::default() };
    match option.value() {
        // The pool takes words for enums and booleans only.
        OptionValue::Identifier(word @ ("inf" | "nan")) if last_field(option).is_some_and(is_fraction) => {
            proto.double_value = Some(if word == "inf" { f64::INFINITY } else { f64::NAN });
        }
        OptionValue::Identifier(word) => proto.identifier_value = Some(word.to_owned()),
        OptionValue::Positive(number) => proto.positive_int_value = Some(number),
        OptionValue::Negative(number) => proto.negative_int_value = Some(number),
        OptionValue::Float(number) => proto.double_value = Some(number),
        OptionValue::String(text) => proto.string_value = Some(text.as_bytes().to_owned()),
        OptionValue::Bytes(bytes) => proto.string_value = Some(bytes.to_owned()),
        OptionValue::Message(message) => {
            let mut text = String::new();
            write_fields(file, message_of(option), message, &mut text);
            proto.aggregate_value = Some(text);
        }
        OptionValue::List(_) => return None,
    }
    Some(proto)
}

/// The message that the value of an option is of, where its name begins with an extension.
fn message_of(option: OptionEntry<'_>) -> Option<Message<'_>> {
    held_by(last_field(option)?)
}

/// The field that the name of an option leads to, where it begins with an extension.
fn last_field(option: OptionEntry<'_>) -> Option<Field<'_>> {
    let mut last: Option<Field<'_>> = None;
    for step in option.steps() {
        last = Some(match step {
            OptionStep::Extension(field) => field,
            OptionStep::Field(name) => held_by(last?)?.field_named(name)?,
            OptionStep::Unresolved => return None,
        });
    }
    last
}

fn is_fraction(field: Field<'_>) -> bool {
    matches!(field.field_type(), FieldType::Scalar(Scalar::Float | Scalar::Double))
}

fn held_by(field: Field<'_>) -> Option<Message<'_>> {
    match field.field_type() {
        FieldType::Message(message) => Some(message),
        _ => None,
    }
}

/// Fields in the text format, <https://protobuf.dev/reference/protobuf/textformat-spec/>. Extensions that could not be
/// resolved are left out here too.
fn write_fields(file: File<'_>, holder: Option<Message<'_>>, message: MessageValue<'_>, out: &mut String) {
    for field in message.fields() {
        let is_extension = field.is_bracketed() && !field.name().contains('/');
        let declared = holder.and_then(|holder| match is_extension {
            true => file.field_in_braces(holder, field.name()),
            false => holder.field_named(field.name()),
        });
        if is_extension && holder.is_some() && declared.is_none() {
            continue;
        }
        // A plain field may stand in brackets too, and the pool has it without.
        let plain = declared.filter(|declared| is_extension && !declared.is_extension());
        match field.is_bracketed() {
            true if plain.is_some() => out.push_str(field.name().rsplit('.').next().unwrap_or_default()),
            true => out.extend(["[", field.name(), "]"]),
            false => out.push_str(field.name()),
        }
        out.push_str(if field.has_colon() { ": " } else { " " });
        write_value(file, declared.and_then(held_by), field.value(), out);
        out.push(' ');
    }
}

fn write_value(file: File<'_>, holder: Option<Message<'_>>, value: OptionValue<'_>, out: &mut String) {
    let mut literal = |bytes: &[u8]| out.push_str(&format!("\"{}\"", bytes.escape_ascii()));
    match value {
        OptionValue::Identifier(word) => out.push_str(word),
        OptionValue::Positive(number) => out.push_str(&number.to_string()),
        OptionValue::Negative(number) => out.push_str(&number.to_string()),
        OptionValue::Float(number) if number.is_nan() => out.push_str("nan"),
        OptionValue::Float(number) if number.is_infinite() => out.push_str(if number < 0.0 { "-inf" } else { "inf" }),
        // With an exponent, as a plain one may look like an integer of too many digits.
        OptionValue::Float(number) => out.push_str(&format!("{number:e}")),
        OptionValue::String(text) => literal(text.as_bytes()),
        OptionValue::Bytes(bytes) => literal(bytes),
        OptionValue::Message(message) => {
            out.push_str("{ ");
            write_fields(file, holder, message, out);
            out.push('}');
        }
        OptionValue::List(list) => {
            out.push('[');
            for (at, (element, _)) in list.elements().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                write_value(file, holder, element, out);
            }
            out.push(']');
        }
    }
}

/// Options that the pool's `descriptor.proto` is too old to have.
fn is_unknown_to_pool(name: &str) -> bool {
    matches!(name, "features" | "feature_support" | "edition_defaults")
}
