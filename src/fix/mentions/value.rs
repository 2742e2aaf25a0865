//! The names in the values of options and defaults: enum values, and in braces fields too
//! (<https://protobuf.dev/reference/protobuf/textformat-spec/>). What does not fit its type is skipped.

use super::{Mention, Visit};
use crate::schema::{Element, Enum, Field, FieldType, Message, MessageValue, OptionValue, Part, ValueField};
use crate::source::Span;

/// The value that `default` names.
pub(super) fn default(field: Field<'_>, enumeration: Enum<'_>, visit: &mut Visit<'_, '_>) {
    let Some(word) = field.written_default() else { return };
    if let Some(place) = Element::Field(field).locate(Part::DefaultValue) {
        enum_value(enumeration, word, place.span, visit);
    }
}

fn enum_value(enumeration: Enum<'_>, word: &str, span: Span, visit: &mut Visit<'_, '_>) {
    if let Some(value) = enumeration.value_named(word) {
        (visit.tell)(Mention { full_name: Element::EnumValue(value).full_name(), span });
    }
}

/// The names in a value of a field.
pub(super) fn value(value: OptionValue<'_>, span: Span, field: Field<'_>, visit: &mut Visit<'_, '_>) {
    for (element, span) in value.elements(span) {
        match (element, field.field_type()) {
            (OptionValue::Message(value), FieldType::Message(message)) => fields(value, message, visit),
            (OptionValue::Identifier(word), FieldType::Enum(enumeration)) => enum_value(enumeration, word, span, visit),
            _ => {}
        }
    }
}

/// The names in a value in braces.
fn fields(value: MessageValue<'_>, message: Message<'_>, visit: &mut Visit<'_, '_>) {
    for field in value.fields() {
        if field.is_bracketed() {
            in_brackets(field, visit);
        } else if let Some(named) = message.field_named(field.name()) {
            (visit.tell)(Mention { full_name: named.full_name(), span: field.name_span() });
            self::value(field.value(), field.value_span(), named, visit);
        }
    }
}

/// An extension, or the type of what an `Any` holds; and its value.
fn in_brackets(field: ValueField<'_>, visit: &mut Visit<'_, '_>) {
    let span = field.name_span();
    if let Some((_, name)) = field.name().rsplit_once('/') {
        let message = visit.known.messages.get(name).copied();
        // The words before its own are those of the address.
        (visit.tell)(Mention { full_name: name.to_owned(), span });
        if let (Some(message), OptionValue::Message(value)) = (message, field.value()) {
            fields(value, message, visit);
        }
    } else if let Some(extension) = visit.known.find(visit.scope, field.name()) {
        (visit.tell)(Mention { full_name: extension.full_name(), span });
        value(field.value(), field.value_span(), extension, visit);
    }
}
